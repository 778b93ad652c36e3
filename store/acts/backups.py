"""Taking the whole register away: whoever does stands in the log before the first byte leaves."""

from store.acts.authority import Authority, Deed, enact
from store.records import LogEntry, Role
from store.register import Register


def take_backup(register: Register, authority: Authority) -> int:
    """Enter that a backup is taken, and return the number of the log's entry; the backup will hold it too.

    Raises:
        NotAllowed: the actor does not administer the system.

    """
    authority.permit(Role.ADMINISTRATOR)
    with register.transaction() as transaction:
        number = transaction.count(LogEntry) + 1
        enact(transaction, authority, Deed(act="back up", object=f"台账{number}条"), [])
    return number
