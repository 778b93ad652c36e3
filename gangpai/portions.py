"""Portions: a batch cut into pieces that are drawn side by side and released one after the other.

Knows how much one file holds, how many portions are under way at once, and that this process draws them or
whatever other executor it is given. Whole posts, whole sheets: no post and no sheet is ever shared by two
files. Leaves out drawing (plaques/), worker processes (workers.py, cluster.py) and what becomes of a finished
portion (printing.py).
"""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from gangpai.batch import SHEETS_EACH, Declined, Plan
from plaques.preflight.findings import Finding, Severity
from plaques.print_run import PrintedFile, PrintSettings, prepare
from store.plates import Copy, Stage
from store.refusals import Refusal

P = ParamSpec("P")
T = TypeVar("T")


class WorkerLost(Refusal):
    """A process that was drawing ended before it was done. Remedy: run the same command again."""

    reason_zh = "制作进程中途退出（可能内存不足），这一部分没有登记、没有出图。"
    reason_en = (
        "A process that was drawing ended early (memory may have run out); its portion was not recorded."
    )
    remedy_zh = "已完成的部分保留；再次运行同一命令接着印，必要时加 --jobs 1 或减小 --portion。"
    remedy_en = (
        "What is finished is kept; run the same command again, if need be with --jobs 1 or less --portion."
    )


@dataclass(frozen=True, kw_only=True)
class Portion:
    """The posts of one file; `number` counts the files of a stage from 1 and is 0 where there is only one."""

    stage: Stage
    number: int
    plans: tuple[Plan, ...]
    skip: int = 0

    @property
    def copies(self) -> tuple[Copy, ...]:
        """What is to be drawn, in order."""
        return tuple(copy for plan in self.plans for copy in plan.copies)

    def laid_by(self, settings: PrintSettings) -> PrintSettings:
        """Return the settings of its batch with the places that are used on its own first sheet."""
        return replace(settings, imposition=replace(settings.imposition, skip=self.skip))


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A portion and its finished file, which nobody has seen yet; None where all of it was kept as it is."""

    portion: Portion
    file: PrintedFile | None


def warnings_of(part: Drawn | Declined) -> list[Finding]:
    """Return what somebody has to decide before a portion is printed."""
    if isinstance(part, Declined) or part.file is None:
        return []
    return [each for each in part.file.report.findings if each.severity is Severity.WARNING]


@dataclass(frozen=True, kw_only=True)
class Room:
    """How many copies a sheet takes, how many sheets a file, and what is used already of the first sheet."""

    places: int
    sheets: int = SHEETS_EACH
    skip: int = 0


@dataclass
class _Open:
    """The portion of a stage that still takes posts."""

    number: int
    skip: int
    plans: list[Plan]
    taken: int

    def closed(self, stage: Stage, *, more_follow: bool) -> Portion:
        number = self.number if more_follow or self.number > 1 else 0
        return Portion(stage=stage, number=number, plans=tuple(self.plans), skip=self.skip)


def portions(plans: Iterable[Plan | Declined], room: Room) -> Iterator[Portion | Declined]:
    """Cut a batch into portions, each given out as soon as the next post does not fit any more.

    A post with more copies than a file holds has a file to itself. What was declined passes through.
    """
    still_open: dict[Stage, _Open] = {}
    for plan in plans:
        if isinstance(plan, Declined):
            yield plan
            continue
        part = still_open.setdefault(plan.stage, _Open(1, room.skip, [], room.skip))
        if part.plans and part.taken + len(plan.copies) > room.places * room.sheets:
            yield part.closed(plan.stage, more_follow=True)
            part = still_open[plan.stage] = _Open(part.number + 1, 0, [], 0)
        part.plans.append(plan)
        part.taken += len(plan.copies)
    for stage, part in still_open.items():
        yield part.closed(stage, more_follow=False)


class Inline(Executor):
    """Does at once, in this process, what it is given: for what is too little to be shared out."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call the function and return its outcome as a finished future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 -- a future carries whatever its work ended in
            future.set_exception(error)
        return future


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Who draws: an executor, how many portions it draws at once, and how it says that a worker was lost.

    A portion that is the only one of its stage goes to `alone`, for which nobody has to be called in.
    """

    executor: Executor
    workers: int
    alone: Executor
    losses: tuple[type[Exception], ...] = (BrokenExecutor,)

    def draw(self, portion: Portion, settings: PrintSettings) -> Future[PrintedFile]:
        """Have a portion drawn."""
        executor = self.executor if portion.number else self.alone
        return executor.submit(prepared, portion.copies, portion.laid_by(settings))


def prepared(copies: Sequence[Copy], settings: PrintSettings) -> PrintedFile:
    """Draw a portion without pauses: what it makes is needed to its end, and looking for garbage is in vain.

    Raises:
        Refusal: as for `prepare`.

    """
    gc.disable()
    try:
        return prepare(copies, settings)
    finally:
        gc.enable()


def drawn(
    steps: Iterable[Portion | Declined], settings: PrintSettings, crew: Crew
) -> Iterator[Drawn | Declined]:
    """Have the portions drawn and give them out in order, no more than one beyond the workers being held.

    Raises:
        WorkerLost: a worker died.
        Refusal: what would stop every copy alike.

    """
    waiting: deque[tuple[Portion, Future[PrintedFile] | None]] = deque()
    for step in steps:
        if isinstance(step, Declined):
            yield step
            continue
        waiting.append((step, crew.draw(step, settings) if step.copies else None))
        if len(waiting) > crew.workers:
            yield _finished(*waiting.popleft(), crew)
    while waiting:
        yield _finished(*waiting.popleft(), crew)


def _finished(portion: Portion, future: Future[PrintedFile] | None, crew: Crew) -> Drawn:
    try:
        return Drawn(portion=portion, file=future.result() if future else None)
    except crew.losses as error:
        raise WorkerLost from error


@contextmanager
def in_this_process() -> Iterator[Crew]:
    """Call nobody in: each portion is drawn here, and given out before the next is begun."""
    yield Crew(executor=Inline(), workers=0, alone=Inline())
