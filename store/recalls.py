"""Recall lines read with what happened to their copies: which plates are still out, and since when (F23)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from store.calendar import chinese_day, office_day
from store.lookup import only, place_of
from store.records import (
    Copy,
    Fate,
    Feedback,
    Loss,
    RecallCause,
    RecallLine,
    Return,
    Sighting,
    Topic,
    Veto,
    VetoCorrection,
)
from store.register import Link, Reader


class RecallState(StrEnum):
    """Where the copy of a recall line is."""

    OUT = "out"
    STILL_DISPLAYED = "still_displayed"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    LOST = "lost"
    CANCELLED = "cancelled"


RECALL_STATE_ZH: dict[RecallState, str] = {
    RecallState.OUT: "未交回",
    RecallState.STILL_DISPLAYED: "仍在悬挂",
    RecallState.RETURNED: "已交回",
    RecallState.DESTROYED: "已销毁",
    RecallState.LOST: "已挂失",
    RecallState.CANCELLED: "已免收回",
}

RECALL_STATE_EN: dict[RecallState, str] = {
    RecallState.OUT: "Out",
    RecallState.STILL_DISPLAYED: "Still displayed",
    RecallState.RETURNED: "Returned",
    RecallState.DESTROYED: "Destroyed",
    RecallState.LOST: "Lost",
    RecallState.CANCELLED: "Waived",
}

RECALL_CAUSE_ZH: dict[RecallCause, str] = {
    RecallCause.VETO: "一票否决",
    RecallCause.REPLACEMENT: "换发",
    RecallCause.DEPARTURE: "调离",
    RecallCause.END: "停用",
}

RECALL_CAUSE_EN: dict[RecallCause, str] = {
    RecallCause.VETO: "Veto",
    RecallCause.REPLACEMENT: "Replaced",
    RecallCause.DEPARTURE: "Member left",
    RecallCause.END: "Post ended",
}

CLAUSE_OF_CAUSE: dict[RecallCause, str] = {
    RecallCause.VETO: "F23",
    RecallCause.REPLACEMENT: "F19",
    RecallCause.DEPARTURE: "F19",
    RecallCause.END: "F19",
}
"""The clause of the founding plan by which a plate is called back."""


_COPY = Link(kind=Copy, by="id", to="copy_id")
_SAID = Link(kind=Feedback, by="copy_id", to="copy_id")


@dataclass(frozen=True, kw_only=True)
class Recall:
    """One recall line with its copy, where that hangs, and its state; `closed_at` is None while it is out.

    `reported_on` are the days on which somebody said that it still hangs, one for each message, and `scans`
    the scans counted, by day.
    """

    line: RecallLine
    copy: Copy
    place: str
    state: RecallState
    reported_on: tuple[date, ...]
    scans: Mapping[date, int]
    closed_at: datetime | None

    @property
    def seen_on(self) -> date | None:
        """The last day on which it was seen to hang, as far as anybody told or scanned."""
        return max((*self.reported_on, *self.scans), default=None)

    @property
    def state_zh(self) -> str:
        """The state in Chinese, with the last day a plate was seen that still hangs."""
        word = RECALL_STATE_ZH[self.state]
        seen_on = self.seen_on if self.state is RecallState.STILL_DISPLAYED else None
        return f"{word}（最近{chinese_day(seen_on)}）" if seen_on else word

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
    return _recalls(reader, reader.find(RecallLine, **fields))


def open_recalls(reader: Reader, **fields: str) -> Iterator[Recall]:
    """Read the same lines, but only those whose copies still have to come back."""
    return _recalls(reader, (each for each in reader.find(RecallLine, **fields) if is_open(reader, each)))


def _recalls(reader: Reader, lines: Iterable[RecallLine]) -> Iterator[Recall]:
    ids = [each.id for each in lines]
    for [found] in reader.related(RecallLine, "id", ids, (_COPY, _SAID)).values():
        for copy in found.linked(_COPY):
            yield _read(reader, found.record, copy, found.linked(_SAID))


def _read(reader: Reader, line: RecallLine, copy: Copy, said: Sequence[Feedback]) -> Recall:
    reported_on, scans = _reported_on(line, said), _scans(reader, line)
    state, closed_at = _closing(reader, line) or (
        RecallState.STILL_DISPLAYED if reported_on or scans else RecallState.OUT,
        None,
    )
    return Recall(
        line=line,
        copy=copy,
        place=place_of(reader, copy),
        state=state,
        reported_on=reported_on,
        scans=scans,
        closed_at=closed_at,
    )


def _closing(reader: Reader, line: RecallLine) -> tuple[RecallState, datetime] | None:
    """Return what closed a line first, and when; None while the copy still has to come back."""
    closings = [each for each in (_gone(reader, line), _cancelled(reader, line)) if each]
    return min(closings, key=lambda each: each[1], default=None)


def _gone(reader: Reader, line: RecallLine) -> tuple[RecallState, datetime] | None:
    if returned := only(reader.find(Return, copy_id=line.copy_id)):
        state = RecallState.DESTROYED if returned.fate is Fate.DESTROYED else RecallState.RETURNED
        return state, returned.returned_at
    loss = only(reader.find(Loss, copy_id=line.copy_id))
    return (RecallState.LOST, loss.reported_at) if loss else None


def _cancelled(reader: Reader, line: RecallLine) -> tuple[RecallState, datetime] | None:
    veto_id = _veto_id(reader, line)
    correction = only(reader.find(VetoCorrection, veto_id=veto_id)) if veto_id else None
    return (RecallState.CANCELLED, correction.corrected_at) if correction else None


def _veto_id(reader: Reader, line: RecallLine) -> str | None:
    """Return the veto that opened a line; lines of an earlier release name none, but knew only the first."""
    if line.veto_id or line.cause is not RecallCause.VETO:
        return line.veto_id
    return next((each.id for each in reader.find(Veto, post_id=line.post_id)), None)


def _reported_on(line: RecallLine, said: Sequence[Feedback]) -> tuple[date, ...]:
    reports = (each for each in said if each.topic is Topic.STILL_DISPLAYED)
    return tuple(office_day(each.given_at) for each in reports if each.given_at >= line.opened_at)


def _scans(reader: Reader, line: RecallLine) -> Mapping[date, int]:
    scans: Counter[date] = Counter()
    for each in reader.find(Sighting, line_id=line.id):
        scans[each.seen_on] += each.scans
    return dict(sorted(scans.items()))


def is_open(reader: Reader, line: RecallLine) -> bool:
    """Whether a line's copy still has to come back."""
    return _closing(reader, line) is None


def outstanding(reader: Reader, copies: Iterable[Copy]) -> list[Copy]:
    """Return those copies that neither came back nor were reported lost."""
    return [each for each in copies if not _is_gone(reader, each)]


def _is_gone(reader: Reader, copy: Copy) -> bool:
    return bool(reader.find(Return, copy_id=copy.id) or reader.find(Loss, copy_id=copy.id))


def open_line_of(reader: Reader, copy: Copy) -> RecallLine | None:
    """Return the line on which a copy is called back and still out, or None; there is never more than one."""
    return only([each for each in reader.find(RecallLine, copy_id=copy.id) if is_open(reader, each)])


def lines_in_force(reader: Reader, copy: Copy) -> list[RecallLine]:
    """Return the lines that call a copy back, those of a corrected veto left out."""
    return [each for each in reader.find(RecallLine, copy_id=copy.id) if not _cancelled(reader, each)]


def called_back_by(reader: Reader, copies: Iterable[Copy], veto: Veto) -> list[Copy]:
    """Return those copies that are out and that this veto alone calls back."""
    return [
        copy
        for copy in outstanding(reader, copies)
        if {_veto_id(reader, line) for line in lines_in_force(reader, copy)} == {veto.id}
    ]


@dataclass(frozen=True, kw_only=True)
class Summons:
    """Why copies are called back and when, within how many days; `veto_id` names the veto that does so."""

    cause: RecallCause
    now: datetime
    days: int
    veto_id: str | None = None

    @property
    def due_on(self) -> date:
        """The last of the days, on the office's calendar (F23)."""
        return office_day(self.now) + timedelta(days=self.days)


def open_lines(reader: Reader, copies: Iterable[Copy], summons: Summons) -> list[RecallLine]:
    """Make the recall line of every outstanding copy that none calls back yet; nothing is written here."""
    wanted = [each for each in outstanding(reader, copies) if not lines_in_force(reader, each)]
    return [next_line(reader, copy, summons) for copy in wanted]


def next_line(reader: Reader, copy: Copy, summons: Summons) -> RecallLine:
    """Make the next recall line of a copy; nothing is written here."""
    earlier = len(reader.find(RecallLine, copy_id=copy.id))
    return RecallLine(
        id=f"{copy.id}-R{earlier + 1}" if earlier else f"{copy.id}-R",
        copy_id=copy.id,
        post_id=copy.post_id,
        branch_id=copy.branch_id,
        cause=summons.cause,
        opened_at=summons.now,
        due_on=summons.due_on,
        veto_id=summons.veto_id,
    )
