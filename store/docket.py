"""What the public waits for: the messages that must be answered, kept in memory and caught up with.

Knows which messages are owed an answer and what was done about each, from records that are only ever added;
what was added since is read at each look, however much was said before. Leaves out the words for the page,
which are read afresh (feedback.py), and which of the messages a page shows (verify/console/feedback.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from store.feedback import (
    Answers,
    Clock,
    answers_by_message,
    as_it_stands,
    clock_of,
    must_be_answered,
    to_be_answered,
)
from store.policy import Policy
from store.records import Addition, CallBack, Feedback, Investigation, Record, Settlement
from store.register import Reader, Register

R = TypeVar("R", bound=Record)

_FOLLOWED: tuple[type[Record], ...] = (Feedback, Addition, CallBack, Settlement, Investigation)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A message that must be answered, what was answered, and whether an investigation looked into it."""

    feedback: Feedback
    answers: Answers
    investigated: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it still has to be settled."""
        return self.answers.settlement is None

    @property
    def is_new(self) -> bool:
        """Whether nobody has done anything about it."""
        return self.is_open and self.answers.call_back is None and not self.investigated

    def clock(self, policy: Policy, now: datetime) -> Clock:
        """Return its two terms as they stand now."""
        return clock_of(self.feedback, self.answers, policy, now)


class Docket:
    """The messages that must be answered, of one register; safe in threads."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._lock = Lock()
        self._seen: tuple[int, ...] = ()
        self._owed: dict[str, Owed] = {}
        self._in_order: tuple[Owed, ...] = ()
        self._waiting: tuple[Owed, ...] = ()

    def owed(self) -> Sequence[Owed]:
        """Return the messages in the newest state of the register, oldest first.

        Raises:
            RegisterUnavailable: the register cannot be read; what is known is told to nobody.

        """
        with self._lock:
            self._look()
            return self._in_order

    def waiting(self) -> Sequence[Owed]:
        """Return those that still have to be settled; raises as `owed` does."""
        with self._lock:
            self._look()
            return self._waiting

    def _look(self) -> None:
        with self._register.snapshot() as reader:
            there = tuple(reader.count(kind) for kind in _FOLLOWED)
            if there == self._seen:
                return
            if not self._seen or any(now < then for now, then in zip(there, self._seen, strict=True)):
                self._owed = _read(reader)
            else:
                self._catch_up(reader, there)
            self._in_order = tuple(sorted(self._owed.values(), key=lambda each: each.feedback.given_at))
            self._waiting = tuple(each for each in self._in_order if each.is_open)
            self._seen = there

    def _catch_up(self, reader: Reader, there: tuple[int, ...]) -> None:
        added = dict(zip(_FOLLOWED, map(int.__sub__, there, self._seen), strict=True))
        for feedback in _newest(reader, Feedback, added):
            self._receive(feedback)
        for addition in _newest(reader, Addition, added):
            self._add(reader, addition)
        for called in _newest(reader, CallBack, added):
            self._answer(called.feedback_id, call_back=called)
        for settled in _newest(reader, Settlement, added):
            self._answer(settled.feedback_id, settlement=settled)
        self._investigate(_newest(reader, Investigation, added))

    def _receive(self, feedback: Feedback) -> None:
        if must_be_answered(feedback):
            self._owed[feedback.id] = Owed(feedback=feedback, answers=Answers())

    def _add(self, reader: Reader, addition: Addition) -> None:
        feedback = reader.get(Feedback, addition.feedback_id)
        if feedback is None:
            return
        whole = as_it_stands(feedback, {feedback.id: addition})
        if known := self._owed.get(feedback.id):
            self._owed[feedback.id] = replace(known, feedback=whole)
        else:
            self._receive(whole)

    def _answer(self, feedback_id: str, **answer: Any) -> None:  # noqa: ANN401 - a call-back or a settlement
        """Note the first answer of its kind; a later one changes nothing."""
        if known := self._owed.get(feedback_id):
            earlier = {name: getattr(known.answers, name) or given for name, given in answer.items()}
            self._owed[feedback_id] = replace(known, answers=replace(known.answers, **earlier))

    def _investigate(self, investigations: Iterable[Investigation]) -> None:
        for feedback_id in _looked_into(investigations):
            if known := self._owed.get(feedback_id):
                self._owed[feedback_id] = replace(known, investigated=True)


def _read(reader: Reader) -> dict[str, Owed]:
    answers, looked_into = answers_by_message(reader), _looked_into(reader.find(Investigation))
    return {
        each.id: Owed(feedback=each, answers=answers[each.id], investigated=each.id in looked_into)
        for each in to_be_answered(reader)
    }


def _newest(reader: Reader, kind: type[R], added: dict[type[Record], int]) -> list[R]:
    """Return what was added of a class, oldest first."""
    return list(reader.newest(kind, added[kind]))[::-1]


def _looked_into(investigations: Iterable[Investigation]) -> set[str]:
    return {feedback_id for each in investigations for feedback_id in each.feedback_ids}
