"""What the public log says of an entry: number, day and act in the clear, everything else as a commitment.

Knows the form of a leaf and how one field of it is opened without the others. That form is for ever: another
one would change the root of every tree there is. Entries of the first release have no salt; their leaf is the
whole entry, and is never shown, only its hash. Leaves out the tree (merkle.py) and the chain (ledger.py).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from store.documents import canonical_json
from store.ledger.merkle import leaf_hash
from store.records import LogEntry
from store.refusals import Refusal

COMMITTED = ("at", "actor", "object", "reason", "digests")
"""The fields of an entry that may tell of persons; a leaf holds a commitment to each.

The moment is among them: at a quiet counter it would tell whose complaint it was.
"""

ABOUT_A_PLATE = frozenset({"approve", "award", "correct veto", "end", "issue", "lost", "return", "veto"})
"""The acts of which anybody may read moment and object: a scan of the plate shows as much."""

_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_NUMBERS = re.compile(r"\d{4}-\d{3}(?:-\d{2,}-\d{2})?(?:、\d{4}-\d{3}(?:-\d{2,}-\d{2})?)*", re.ASCII)


class OpensAsAWhole(Refusal):
    """An entry of the first release has no salts, so no field of it can be opened alone. Remedy: open all."""

    clause_id = "F29"
    reason_zh = "第{number}条台账由早先的版本写入，不能只公开其中几项。"
    reason_en = "Entry {number} was written by an earlier release; none of its fields can be opened alone."
    remedy_zh = "请只出具证明而不公开内容，或公开全部各项（{fields}）。"
    remedy_en = "Prove it without opening anything, or open every field ({fields})."


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A field with what it takes to compare it with the leaf's commitment: its own salt and its value."""

    salt: str
    value: str | tuple[str, ...]


def leaf_of(entry: LogEntry) -> bytes:
    """Return the bytes whose hash stands for the entry in the tree."""
    if not entry.salt:
        return canonical_json(entry)
    leaf = {
        "number": entry.number,
        "utc_day": entry.at.astimezone(UTC).date().isoformat(),
        "act": entry.act,
        "commitments": {name: commitment(name, _opened(entry, name)) for name in COMMITTED},
    }
    return _json(leaf).encode()


def shown(entry: LogEntry) -> str:
    """Return what anybody may see of an entry: its leaf, or for one of the first release that leaf's hash."""
    return leaf_of(entry).decode() if entry.salt else json.dumps({"hash": leaf_hash(leaf_of(entry)).hex()})


def commitment(name: str, opened: Opened) -> str:
    """Return the SHA-256, in hexadecimal, over the JSON array of salt, field name and value."""
    said = _json([opened.salt, name, opened.value])
    return hashlib.sha256(said.encode()).hexdigest()


def opened(entry: LogEntry, names: Iterable[str]) -> dict[str, Opened]:
    """Return what opens the named fields of an entry, and no others.

    Raises:
        OpensAsAWhole: the entry was written by the first release.

    """
    if not entry.salt:
        raise OpensAsAWhole(number=entry.number, fields="、".join(COMMITTED))
    return {name: _opened(entry, name) for name in COMMITTED if name in names}


def evidence(entry: LogEntry, names: Collection[str]) -> tuple[str, dict[str, Opened]]:
    """Return what is shown of an entry that is proved, and what opens the fields named.

    Raises:
        OpensAsAWhole: the entry was written by the first release, and some fields are named, but not all.

    """
    if not entry.salt and set(names) == set(COMMITTED):
        return leaf_of(entry).decode(), {}
    return shown(entry), opened(entry, names) if names else {}


def public_fields(entry: LogEntry) -> tuple[str, ...]:
    """Return the committed fields that anybody may read: of a few acts on posts and plates."""
    is_public = entry.salt and entry.act in ABOUT_A_PLATE and _NUMBERS.fullmatch(entry.object)
    return ("at", "object") if is_public else ()


def _opened(entry: LogEntry, name: str) -> Opened:
    """Derive the field's salt from the entry's (HMAC, RFC 2104), so that one reveals nothing of another."""
    salt = hmac.digest(bytes.fromhex(entry.salt), name.encode(), "sha256")
    return Opened(salt=salt.hex(), value=_spelled(entry.at) if name == "at" else getattr(entry, name))


def _spelled(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
