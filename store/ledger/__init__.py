"""The tamper-evident log of acts: one entry for each, written in the act's own transaction.

An entry binds the records of its act and the entry before it (log.py); its leaf says what may be public
(leaves.py); the leaves make a Merkle tree (merkle.py), whose size and root others keep (checkpoints.py); and
all of it can be gone through again (verification.py).
"""

from store.ledger.checkpoints import Checkpoint, NotACheckpoint, NoteKey
from store.ledger.log import (
    NoSuchEntry,
    checkpoint,
    complete,
    consistency,
    enter,
    entry_at,
    entry_id,
    inclusion,
    seal_of,
)
from store.ledger.verification import Fault, Verification, verify

__all__ = [
    "Checkpoint", "Fault", "NoSuchEntry", "NotACheckpoint", "NoteKey", "Verification", "checkpoint",
    "complete", "consistency", "enter", "entry_at", "entry_id", "inclusion", "seal_of", "verify",
]  # fmt: skip
