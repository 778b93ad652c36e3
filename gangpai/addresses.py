"""Where each branch is reached with a reminder: by mail, or by the robot of its group in 企业微信.

Knows how the two settings are written. Leaves out what is sent (reminding.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gangpai.mail import is_mail_address
from store.webhooks.addresses import receiver_of

ANY_BRANCH = "*"


@dataclass(frozen=True, kw_only=True)
class AddressBook:
    """Where each branch is reached, by its name or `*` for any other; a robot's address holds its secret."""

    mail: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    robots: Mapping[str, str] = field(default_factory=dict, repr=False)

    def mail_of(self, *branch_names: str) -> tuple[str, ...]:
        """Return the mail addresses of a branch, by its name or else by one it had before."""
        return next(filter(None, map(self.mail.get, (*branch_names, ANY_BRANCH))), ())

    def robot_of(self, *branch_names: str) -> str:
        """Return the address of a branch's robot, by name as above; empty where it has none."""
        return next(filter(None, map(self.robots.get, (*branch_names, ANY_BRANCH))), "")


def address_book(mail: str, robots: str, *, demo: bool) -> AddressBook:
    """Read `BRANCH=ADDRESS ADDRESS; BRANCH=…`, once for mail and once for robots.

    Raises:
        ValueError: an entry is not of this form, or no address.
        NotAReceiver: a robot is not named by a plain https address.

    """
    entries = {name: tuple(found.split()) for name, found in _entries(mail)}
    if wrong := [each for found in entries.values() for each in found if not is_mail_address(each)]:
        raise ValueError(f"{wrong[0][:60]!r} is no mail address")
    called = dict(_entries(robots))
    for address in called.values():
        receiver_of(address, schemes=("https", "http") if demo else ("https",))
    return AddressBook(mail=entries, robots=called)


def _entries(text: str) -> list[tuple[str, str]]:
    entries = [each.partition("=") for each in text.replace("；", ";").split(";") if each.strip()]
    if not all(name.strip() and equals and value.strip() for name, equals, value in entries):
        raise ValueError("BRANCH=ADDRESS; BRANCH=ADDRESS is expected")
    return [(name.strip(), value.strip()) for name, _, value in entries]
