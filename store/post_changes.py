"""Changes of posts, newest first: one was approved, named, revoked, stands again, or ended.

Knows which records are such changes and what may be told of them: the post is named while it stands or where
it ended without disgrace, never while it is revoked, and no change tells why (F22). A change of what a post
does, or of who is in it, is none. Leaves out how it is worded and spelled (verify/).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import nlargest

from store.board import PostStanding, post_standings
from store.records import Approval, Award, PostEnd, Record, Veto, VetoCorrection
from store.register import Reader

CHANGES_MOST = 50


class ChangeKind(StrEnum):
    """What happened to a post."""

    APPROVED = "approved"
    AWARDED = "awarded"
    REVOKED = "revoked"
    CORRECTED = "corrected"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: its id, which never changes, when it was entered, and the post as it stands now.

    `updated_at` is when what may be told of it changed last: a veto takes the name out of what was told
    before, and a correction puts it back.
    """

    id: str
    kind: ChangeKind
    at: datetime
    updated_at: datetime
    post: PostStanding


@dataclass(frozen=True)
class _Entered:
    """A record that changed how a post stands."""

    record: Record
    kind: ChangeKind
    post_id: str
    at: datetime


def latest_changes(reader: Reader, most: int = CHANGES_MOST) -> list[Change]:
    """Return the newest changes of standing, newest first."""
    newest = nlargest(most, _entered(reader, most), key=lambda each: each.at)
    posts = post_standings(reader, {each.post_id for each in newest})
    return [_change(reader, each, posts[each.post_id]) for each in newest]


def _entered(reader: Reader, most: int) -> Iterator[_Entered]:
    for approval in reader.newest(Approval, most):
        if _is_first(reader, approval):
            yield _Entered(approval, ChangeKind.APPROVED, approval.post_id, approval.approved_at)
    for award in reader.newest(Award, most):
        yield _Entered(award, ChangeKind.AWARDED, award.post_id, award.entered_at)
    for veto in reader.newest(Veto, most):
        yield _Entered(veto, ChangeKind.REVOKED, veto.post_id, veto.cast_at)
    for correction in reader.newest(VetoCorrection, most):
        yield _Entered(correction, ChangeKind.CORRECTED, correction.post_id, correction.corrected_at)
    for end in reader.newest(PostEnd, most):
        yield _Entered(end, ChangeKind.ENDED, end.post_id, end.ended_at)


def _is_first(reader: Reader, approval: Approval) -> bool:
    """Whether an approval let a post begin; a later one lets it change."""
    return reader.find(Approval, post_id=approval.post_id)[0].id == approval.id


def _change(reader: Reader, entered: _Entered, post: PostStanding) -> Change:
    return Change(
        id=f"{entered.kind.value}/{entered.record.id}",
        kind=entered.kind,
        at=entered.at,
        updated_at=max([entered.at, *_renamings(reader, entered.post_id)]),
        post=post,
    )


def _renamings(reader: Reader, post_id: str) -> Iterator[datetime]:
    """Yield when the post's name was taken out of what is told, or put back."""
    yield from (each.cast_at for each in reader.find(Veto, post_id=post_id))
    yield from (each.corrected_at for each in reader.find(VetoCorrection, post_id=post_id))
