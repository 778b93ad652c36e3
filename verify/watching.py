"""Watching the register for open pages: whether a standing may have changed, and what to answer then.

Knows the register, on a thread of its own, and asks about many plates at a time: neither a silent database
nor two thousand questions hold up a scan, and what is asked later is handed over later. Leaves out who is
told (live.py) and what an answer says.

A poll of the register's version finds changes on either engine, and a database that has fallen silent; a
notification would find only the first.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from store.records import Copy, Departure, Loss, PostEnd, Record, Return, Veto, VetoCorrection
from store.register import DamagedRegister, Register, RegisterUnavailable

_log = logging.getLogger(__name__)

POLL_S = 0.1
POLL_FAILING_S = 0.5
AT_A_TIME = 100

BEARING: dict[type[Record], str] = {
    Copy: "issued_at",
    Departure: "left_at",
    Loss: "reported_at",
    PostEnd: "ended_at",
    Return: "returned_at",
    Veto: "cast_at",
    VetoCorrection: "corrected_at",
}
"""What a standing is computed from (store/lookup.py), and when each was decided; nothing else matters."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a page is told: the JSON text, the part whose change is worth telling, whether more may follow."""

    text: str
    essence: object
    followed: bool = True

    @property
    def event(self) -> bytes:
        """The answer as a page's event source reads it (text/event-stream)."""
        return f"event: standing\ndata: {self.text}\n\n".encode()


class Questions(Protocol):
    """What may be asked about plates, which are anything that can be told apart."""

    def answers(self, about: Sequence[Hashable], /) -> Sequence[Answer]:
        """Return what holds now, in the order asked for.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """

    def doubt(self) -> Answer:
        """Return what is told while the register cannot be read."""


class Asker(Protocol):
    """Whoever wants to know about a plate."""

    @property
    def about(self) -> Hashable:
        """The plate."""


A = TypeVar("A", bound=Asker)


@dataclass(frozen=True, kw_only=True)
class Found(Generic[A]):
    """What holds for a plate, and who had asked before it was looked up."""

    about: Hashable
    answer: Answer
    askers: Sequence[A]


@dataclass(frozen=True, kw_only=True)
class Findings(Generic[A]):
    """What was found at one time, and when that was decided which had changed by then, if anything had."""

    found: Sequence[Found[A]]
    decided_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class _Due:
    """What has to be asked about, and when what changed was decided, if anything was."""

    about: Sequence[Hashable]
    decided_at: datetime | None = None


class Watcher(Generic[A]):
    """Watches from `run` to `stop`. It begins by knowing nothing, so that everything is asked about once.

    `known()` names the plates that are followed; `hand_over(findings)` is called on the watching thread.
    """

    def __init__(
        self,
        register: Register,
        questions: Questions,
        known: Callable[[], Collection[Hashable]],
        hand_over: Callable[[Findings[A]], object],
    ) -> None:
        self._register = register
        self._questions = questions
        self._known = known
        self._hand_over = hand_over
        self._askers: deque[A] = deque()
        self._awake = threading.Event()
        self._is_stopped = False
        self._version: int | None = None
        self._newest: dict[type[Record], Record | None] = {}

    def ask(self, asker: A) -> None:
        """Have what holds for a plate handed over, looked up after this call."""
        self._askers.append(asker)
        self._awake.set()

    def stop(self) -> None:
        """End `run` soon."""
        self._is_stopped = True
        self._awake.set()

    def run(self) -> None:
        """Watch until stopped."""
        while not self._is_stopped:
            self._awake.clear()
            self._look()
            self._awake.wait(POLL_FAILING_S if self._version is None else POLL_S)

    def _look(self) -> None:
        askers = self._askers_by_plate()
        due = self._due(askers)
        for group in _groups(due.about):
            found = [
                Found(about=about, answer=answer, askers=askers.get(about, ()))
                for about, answer in zip(group, self._answers(group), strict=True)
            ]
            self._hand_over(Findings(found=found, decided_at=due.decided_at))

    def _askers_by_plate(self) -> dict[Hashable, list[A]]:
        found: dict[Hashable, list[A]] = {}
        for _ in range(len(self._askers)):
            asker = self._askers.popleft()
            found.setdefault(asker.about, []).append(asker)
        return found

    def _due(self, asked: Collection[Hashable]) -> _Due:
        everything = tuple({*self._known(), *asked})
        try:
            version = self._register.version()
            if version == self._version:
                return _Due(about=tuple(asked))
            decided_at, concerned = self._changes()
        except Exception:  # noqa: BLE001 - an open page must learn that nothing can be verified
            self._forget()
            return _Due(about=everything)
        self._version = version
        return _Due(about=everything if concerned else tuple(asked), decided_at=decided_at)

    def _changes(self) -> tuple[datetime | None, bool]:
        """Return when the newest of what is new was decided, and whether any page may be concerned."""
        before = self._newest
        self._newest = {kind: next(iter(self._register.newest(kind, limit=1)), None) for kind in BEARING}
        if not before:
            return None, True
        moments = [
            getattr(record, BEARING[kind])
            for kind, record in self._newest.items()
            if record is not None and record != before[kind]
        ]
        return max(moments, default=None), bool(moments)

    def _forget(self) -> None:
        self._version, self._newest = None, {}

    def _answers(self, group: Sequence[Hashable]) -> Sequence[Answer]:
        """Return an answer for each; doubt once the register fails, so that it is not waited for again."""
        if self._version is None:
            return self._doubts(group)
        try:
            return self._asked(group)
        except RegisterUnavailable:
            self._forget()
            return self._doubts(group)

    def _doubts(self, group: Sequence[Hashable]) -> Sequence[Answer]:
        return [self._questions.doubt()] * len(group)

    def _asked(self, group: Sequence[Hashable]) -> Sequence[Answer]:
        try:
            return self._questions.answers(group)
        except Exception as error:
            if _is_outage(error):
                raise
            return [self._asked_alone(about) for about in group]

    def _asked_alone(self, about: Hashable) -> Answer:
        try:
            return self._questions.answers([about])[0]
        except Exception as error:
            if _is_outage(error):
                raise
            _log.warning("a plate that pages follow could not be looked up", exc_info=error)
            return self._questions.doubt()


def _is_outage(error: Exception) -> bool:
    """Whether it concerns every plate; a damaged record concerns those that rest on it."""
    return isinstance(error, RegisterUnavailable) and not isinstance(error, DamagedRegister)


def _groups(due: Sequence[Hashable]) -> Iterator[Sequence[Hashable]]:
    for start in range(0, len(due), AT_A_TIME):
        yield due[start : start + AT_A_TIME]
