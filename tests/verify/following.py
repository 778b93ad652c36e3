"""What open pages follow, played: plates that stand as they are told to, and a register without records."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

from store.records import Record
from store.register import Register, RegisterUnavailable
from verify.live import Hub, Page, Seats
from verify.watching import BEARING, Answer

WITHIN_S = 5
DECIDED_AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


@dataclass
class Versions:
    """A register asked for its version and its newest records; `bearing`, if set, stands for the latter."""

    now: int = 0
    bearing: int | None = None
    failure: Exception | None = None

    def version(self) -> int:
        if self.failure is not None:
            raise self.failure
        return self.now

    def newest(self, kind: type[Record], limit: int) -> Iterator[object]:
        assert (kind in BEARING, limit) == (True, 1)
        number = self.now if self.bearing is None else self.bearing
        return iter([SimpleNamespace(number=number, **{BEARING[kind]: DECIDED_AT})])


@dataclass
class Plates:
    """Plates by name: how each stands, what fails when it is asked about, and what was asked at a time."""

    standings: dict[Hashable, str] = field(default_factory=dict)
    failures: dict[Hashable, Exception] = field(default_factory=dict)
    asked: list[Sequence[Hashable]] = field(default_factory=list)

    def answers(self, about: Sequence[Hashable]) -> list[Answer]:
        self.asked.append(about)
        for each in about:
            if each in self.failures:
                raise self.failures[each]
        return [self._answer(self.standings.get(each, "valid")) for each in about]

    def doubt(self) -> Answer:
        return self._answer("unverifiable")

    def _answer(self, standing: str) -> Answer:
        return Answer(text=standing, essence=standing, followed=standing != "unknown")


@dataclass
class Notes:
    """What a hub notes of itself."""

    open: int = 0
    refused: int = 0
    told: list[tuple[datetime, int]] = field(default_factory=list)

    def pages_open(self, pages: int) -> None:
        self.open = pages

    def page_refused(self) -> None:
        self.refused += 1

    def pages_told(self, decided_at: datetime, pages: int) -> None:
        self.told.append((decided_at, pages))


@dataclass
class Street:
    """A hub with what it follows, and what it notes of itself."""

    register: Versions = field(default_factory=Versions)
    plates: Plates = field(default_factory=Plates)
    notes: Notes = field(default_factory=Notes)
    draws: Iterator[float] = field(default_factory=lambda: iter([0.0, 0.5, 0.999] * 1000))
    seats: Seats = field(default_factory=Seats)

    def hub(self, register: Register | None = None) -> Hub:
        return Hub(
            register or self.register,  # type: ignore[arg-type] # as much of one as a hub asks for
            self.plates,
            seats=self.seats,
            chance=lambda: next(self.draws),
            notes=self.notes,
        )

    def turn(self, **standings: str) -> None:
        """Let plates stand otherwise, by a decision."""
        self.plates.standings.update(standings)
        self.register.now += 1


class Reader:
    """Somebody who watches a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.events = page.events()

    async def told(self) -> str:
        """Return the next standing the page is told, or that it ended."""
        async for event in self.events:
            if event.startswith(b"event: standing"):
                return event.decode().partition("data: ")[2].strip()
        return "the end"


@asynccontextmanager
async def watched(hub: Hub, *plates: Hashable, network: str = "n") -> AsyncIterator[list[Reader]]:
    """Open pages for a block, each told what holds."""
    pages = await asyncio.gather(*(hub.opened(about, network) for about in plates))
    try:
        readers = [Reader(page) for page in pages]
        for reader in readers:
            await reader.told()
        yield readers
    finally:
        for page in pages:
            hub.close(page)


def play(story: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run a story to its end, but not for ever."""
    asyncio.run(asyncio.wait_for(story(), WITHIN_S))


OUTAGE = RegisterUnavailable()
