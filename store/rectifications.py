"""Problems that are to be put right (F18): read from the register, with what became of each.

Knows states and deadlines. Leaves out who orders and closes a rectification (acts/rectification.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from store.lookup import only
from store.records import (
    Approval,
    Assessment,
    Departure,
    PostEnd,
    Rectification,
    RectificationClosed,
    RectificationResult,
)
from store.register import Reader


class RectificationState(StrEnum):
    """What became of a problem."""

    OPEN = "open"
    DONE = "done"
    NEEDS_ADJUSTMENT = "needs_adjustment"
    ADJUSTED = "adjusted"
    WITHDRAWN = "withdrawn"


RECTIFICATION_STATE_ZH: dict[RectificationState, str] = {
    RectificationState.OPEN: "整改中",
    RectificationState.DONE: "整改到位",
    RectificationState.NEEDS_ADJUSTMENT: "整改不到位，须调整",
    RectificationState.ADJUSTED: "整改不到位，已调整",
    RectificationState.WITHDRAWN: "考核更正，不再要求",
}

RECTIFICATION_STATE_EN: dict[RectificationState, str] = {
    RectificationState.OPEN: "Being put right",
    RectificationState.DONE: "Put right",
    RectificationState.NEEDS_ADJUSTMENT: "Not put right; adjust the post",
    RectificationState.ADJUSTED: "Not put right; adjusted",
    RectificationState.WITHDRAWN: "No longer asked; assessment corrected",
}

UNSETTLED = frozenset({RectificationState.OPEN, RectificationState.NEEDS_ADJUSTMENT})
"""The states in which somebody still has to act."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A rectification, how it was closed if it was, and how it stands."""

    order: Rectification
    closed: RectificationClosed | None
    state: RectificationState

    @property
    def is_unsettled(self) -> bool:
        """Whether somebody still has to act: put it right and close it, or adjust the post (F19)."""
        return self.state in UNSETTLED

    def is_overdue(self, today: date) -> bool:
        """Whether the deadline has passed while it is open."""
        return self.state is RectificationState.OPEN and self.order.due_on < today


def problems(reader: Reader, **fields: str) -> Iterator[Problem]:
    """Return the rectifications of a `post_id` or a `branch_id`, or all of them, oldest first."""
    for order in reader.find(Rectification, **fields):
        yield problem_of(reader, order)


def problem_of(reader: Reader, order: Rectification) -> Problem:
    """Return how a rectification stands."""
    closed = only(reader.find(RectificationClosed, rectification_id=order.id))
    return Problem(order=order, closed=closed, state=_state(reader, order, closed))


def _state(reader: Reader, order: Rectification, closed: RectificationClosed | None) -> RectificationState:
    if order.assessment_id and reader.find(Assessment, corrects=order.assessment_id):
        return RectificationState.WITHDRAWN
    if closed is None:
        return RectificationState.OPEN
    if closed.result is RectificationResult.DONE:
        return RectificationState.DONE
    adjusted = _adjusted_after(reader, order.post_id, closed.closed_at)
    return RectificationState.ADJUSTED if adjusted else RectificationState.NEEDS_ADJUSTMENT


def _adjusted_after(reader: Reader, post_id: str, moment: datetime) -> bool:
    """Whether a change was approved, a member left, or the post ended since (F19)."""
    return (
        any(each.approved_at > moment for each in reader.find(Approval, post_id=post_id))
        or any(each.left_at > moment for each in reader.find(Departure, post_id=post_id))
        or any(each.ended_at > moment for each in reader.find(PostEnd, post_id=post_id))
    )
