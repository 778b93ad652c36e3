"""What proves one entry of the log to somebody outside: its leaf, the hashes to the root, the signed root.

Knows the form that the program for outsiders reads (verify/static/verify.py --proof). Leaves out who may
open which field.
"""

from collections.abc import Collection
from dataclasses import asdict

from store.ledger.checkpoints import NoteKey
from store.ledger.leaves import evidence
from store.ledger.log import checkpoint, entry_at, inclusion
from store.register import Reader


def proof_of(reader: Reader, key: NoteKey, number: int, names: Collection[str]) -> dict[str, object]:
    """Return the proof that an entry is in the log, with the named fields opened; take it from a snapshot.

    Raises:
        NoSuchEntry: there is no such entry.
        OpensAsAWhole: it was written by the first release, and some fields are named, but not all.

    """
    entry, point = entry_at(reader, number), checkpoint(reader)
    leaf, opened = evidence(entry, names)
    return {
        "number": number,
        "leaf": leaf,
        "opened": {name: asdict(field) for name, field in opened.items()},
        "hashes": [each.hex() for each in inclusion(reader, number, point.size)],
        "checkpoint": key.sign(point),
    }
