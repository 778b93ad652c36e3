"""Recall lines read with what happened to their copies: which plates are still out, and since when (F23)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from store.calendar import office_day
from store.lookup import only
from store.policy import Policy
from store.records import Copy, Fate, Feedback, Loss, RecallCause, RecallLine, Return, Topic
from store.register import Reader


class RecallState(StrEnum):
    """Where the copy of a recall line is."""

    OUT = "out"
    STILL_DISPLAYED = "still_displayed"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    LOST = "lost"


RECALL_STATE_ZH: dict[RecallState, str] = {
    RecallState.OUT: "未交回",
    RecallState.STILL_DISPLAYED: "仍在悬挂",
    RecallState.RETURNED: "已交回",
    RecallState.DESTROYED: "已销毁",
    RecallState.LOST: "已挂失",
}

RECALL_CAUSE_ZH: dict[RecallCause, str] = {
    RecallCause.VETO: "一票否决",
    RecallCause.REPLACEMENT: "换发",
    RecallCause.DEPARTURE: "调离",
}


@dataclass(frozen=True, kw_only=True)
class Recall:
    """One recall line with its copy and present state; `closed_at` is None while the copy is out."""

    line: RecallLine
    copy: Copy
    state: RecallState
    sightings: int
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the copy still has to come back."""
        return self.closed_at is None

    def days_out(self, today: date) -> int:
        """Return the whole days since the line was opened, on the office's calendar."""
        return (today - office_day(self.line.opened_at)).days

    def is_overdue(self, today: date) -> bool:
        """Whether the copy is out past its due date."""
        return self.is_open and today > self.line.due_on


def recalls(reader: Reader, **fields: str) -> Iterator[Recall]:
    """Read recall lines, all or those whose post_id, branch_id or copy_id is given, oldest first."""
    for line in reader.find(RecallLine, **fields):
        copy = reader.get(Copy, line.copy_id)
        if copy is not None:
            yield _read(reader, line, copy)


def _read(reader: Reader, line: RecallLine, copy: Copy) -> Recall:
    returned, loss = only(reader.find(Return, copy_id=copy.id)), only(reader.find(Loss, copy_id=copy.id))
    sightings = _sightings(reader, line)
    return Recall(
        line=line,
        copy=copy,
        state=_state(returned, loss, sightings),
        sightings=sightings,
        closed_at=returned.returned_at if returned else loss.reported_at if loss else None,
    )


def _state(returned: Return | None, loss: Loss | None, sightings: int) -> RecallState:
    if returned:
        return RecallState.DESTROYED if returned.fate is Fate.DESTROYED else RecallState.RETURNED
    if loss:
        return RecallState.LOST
    return RecallState.STILL_DISPLAYED if sightings else RecallState.OUT


def _sightings(reader: Reader, line: RecallLine) -> int:
    said = reader.find(Feedback, copy_id=line.copy_id)
    return sum(1 for each in said if each.topic is Topic.STILL_DISPLAYED and each.given_at >= line.opened_at)


def outstanding(reader: Reader, copies: Iterable[Copy]) -> list[Copy]:
    """Return those copies that neither came back nor were reported lost."""
    return [each for each in copies if not _is_gone(reader, each)]


def _is_gone(reader: Reader, copy: Copy) -> bool:
    return bool(reader.find(Return, copy_id=copy.id) or reader.find(Loss, copy_id=copy.id))


def open_lines(
    reader: Reader, copies: Iterable[Copy], *, cause: RecallCause, now: datetime, policy: Policy
) -> list[RecallLine]:
    """Make the recall line of every outstanding copy that has none yet; nothing is written here."""
    wanted = [each for each in outstanding(reader, copies) if not reader.find(RecallLine, copy_id=each.id)]
    due_on = office_day(now) + timedelta(days=policy.recall_days)
    return [
        RecallLine(
            id=f"{copy.id}-R",
            copy_id=copy.id,
            post_id=copy.post_id,
            branch_id=copy.branch_id,
            cause=cause,
            opened_at=now,
            due_on=due_on,
        )
        for copy in wanted
    ]
