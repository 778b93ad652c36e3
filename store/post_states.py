"""How far every post has come, at hand for lists that filter, count and sort thousands of them.

Kept in memory and brought up to date with what was added (kept.py); the state follows by the same rule as
everywhere (dossier.py). Whoever shows a post reads it afresh. Leaves out how plates stand.
"""

from collections.abc import Collection
from dataclasses import dataclass

from store.dossier import Dossier, PostState, dossiers, dossiers_named
from store.kept import Kept
from store.records import (
    Application,
    ApplicationReturned,
    Approval,
    Award,
    Departure,
    Post,
    PostEnd,
    PostKind,
    Veto,
    VetoCorrection,
)
from store.register import Reader

_BEARING = (Post, Application, ApplicationReturned, Approval, Award, Veto, VetoCorrection, PostEnd, Departure)
"""What the state of a post follows from."""


@dataclass(frozen=True, kw_only=True)
class PostLine:
    """One post, as lists choose and order it; `pending` ones wait for the committee."""

    post_id: str
    branch_id: str
    name: str
    kind: PostKind
    state: PostState
    pending: bool


def post_states() -> Kept[None, PostLine]:
    """Return what keeps the state of every post at hand; one for each process."""
    return Kept(_BEARING, _lines)


def _lines(reader: Reader, post_ids: Collection[str] | None, _about: None) -> dict[str, PostLine]:
    found = dossiers(reader) if post_ids is None else dossiers_named(reader, post_ids).values()
    return {each.post.id: _line(each) for each in found}


def _line(dossier: Dossier) -> PostLine:
    return PostLine(
        post_id=dossier.post.id,
        branch_id=dossier.post.branch_id,
        name=dossier.content.name,
        kind=dossier.content.kind,
        state=dossier.state,
        pending=dossier.pending,
    )
