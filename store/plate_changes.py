"""Changes of plates, newest first: which were issued, revoked, restored, lost, returned, left or ended.

Knows which records change what a scan shows, and which plates each concerns. Names no person and no reason,
so that anybody may read it. Leaves out how a plate stands now (standing.py), and changes of posts that touch
no plate (post_changes.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from store.records import Copy, Departure, Loss, Post, PostEnd, Record, Return, Veto, VetoCorrection
from store.register import Reader

READ_MOST = 10_000
"""How far back the newest records of each class are read; what is older is told by the roll and the log."""


class ChangeKind(StrEnum):
    """What became of the plates concerned."""

    ISSUED = "issued"
    REVOKED = "revoked"
    RESTORED = "restored"
    LOST = "lost"
    RETURNED = "returned"
    LEFT = "left"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: when, what, of which post, and the numbers of the plates that read differently since.

    `id` is that of the record that tells of it; `replaces` the plate whose place an issued one took.
    """

    id: str
    at: datetime
    kind: ChangeKind
    post_id: str
    branch_id: str
    plates: tuple[str, ...]
    replaces: str | None = None

    @property
    def place(self) -> "Place":
        """Where it stands among all changes."""
        return self.at, self.id


Place = tuple[datetime, str]
"""The moment of a change and its id; changes are told from the last place to the first."""


def changes(reader: Reader, limit: int, before: Place | None = None) -> list[Change]:
    """Return up to `limit` changes, newest first, of those that stand before a place.

    Take the reader from a snapshot.
    """
    found = _records_before(reader, limit, before)
    return [_told(reader, record) for record in found[:limit]]


def _records_before(reader: Reader, limit: int, before: Place | None) -> list[Record]:
    """Read ever more of the newest records until enough of them stand before the place."""
    reach = limit
    while True:
        found, complete = _newest(reader, reach)
        wanted = [each for each in found if before is None or _place(each) < before]
        if len(wanted) >= limit or complete or reach >= READ_MOST:
            return wanted
        reach *= 4


def _newest(reader: Reader, reach: int) -> tuple[list[Record], bool]:
    """Return the newest records as far back as none is missing, and whether they are all there are."""
    by_kind = [list(reader.newest(kind, limit=reach)) for kind in _TELLING]
    cut_off = [records[-1] for records in by_kind if len(records) == reach]
    horizon = max((_place(each) for each in cut_off), default=None)
    found = [each for records in by_kind for each in records if horizon is None or _place(each) >= horizon]
    return sorted(found, key=_place, reverse=True), not cut_off


def _place(record: Record) -> Place:
    return getattr(record, _TELLING[type(record)].moment), record.id


def _told(reader: Reader, record: Any) -> Change:  # noqa: ANN401 - of one of the classes in _TELLING
    telling = _TELLING[type(record)]
    return Change(
        id=record.id,
        at=getattr(record, telling.moment),
        kind=telling.kind,
        post_id=record.post_id,
        branch_id=_branch_id(reader, record.post_id),
        plates=tuple(telling.plates(reader, record)),
        replaces=getattr(record, "replaces", None),
    )


def _branch_id(reader: Reader, post_id: str) -> str:
    post = reader.get(Post, post_id)
    if post is None:
        raise LookupError(f"post {post_id} is not in the register")
    return post.branch_id


def _itself(_: Reader, copy: Copy) -> Iterator[str]:
    yield copy.id


def _of_a_copy(_: Reader, record: Loss | Return) -> Iterator[str]:
    yield record.copy_id


def _of_a_post(reader: Reader, record: Veto | VetoCorrection | PostEnd) -> Iterator[str]:
    return (copy.id for copy in reader.find(Copy, post_id=record.post_id))


def _of_a_member(reader: Reader, departure: Departure) -> Iterator[str]:
    held = (
        each
        for each in reader.find(Copy, post_id=departure.post_id)
        if each.face.holder == departure.member_name and each.issued_at <= departure.left_at
    )
    return (copy.id for copy in held)


@dataclass(frozen=True, kw_only=True)
class _Telling:
    """What a class of records tells: the change, the field with its moment, the plates concerned."""

    kind: ChangeKind
    moment: str
    plates: Callable[[Reader, Any], Iterator[str]]


_TELLING: dict[type[Record], _Telling] = {
    Copy: _Telling(kind=ChangeKind.ISSUED, moment="issued_at", plates=_itself),
    Veto: _Telling(kind=ChangeKind.REVOKED, moment="cast_at", plates=_of_a_post),
    VetoCorrection: _Telling(kind=ChangeKind.RESTORED, moment="corrected_at", plates=_of_a_post),
    Loss: _Telling(kind=ChangeKind.LOST, moment="reported_at", plates=_of_a_copy),
    Return: _Telling(kind=ChangeKind.RETURNED, moment="returned_at", plates=_of_a_copy),
    Departure: _Telling(kind=ChangeKind.LEFT, moment="left_at", plates=_of_a_member),
    PostEnd: _Telling(kind=ChangeKind.ENDED, moment="ended_at", plates=_of_a_post),
}
