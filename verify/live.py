"""Open pages: whoever watches a plate is told within moments when its standing changes.

Knows who listens to what, how many may, and what goes over the line (text/event-stream). Leaves out how a
change is noticed (watching.py) and what a standing looks like. A page whose stream ends asks
anew, and turns grey if that fails.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from store.register import Register
from verify.watching import Answer, Findings, Found, Questions, Watcher

_log = logging.getLogger(__name__)

HEARTBEAT_S = 15.0
RETRY_LEAST_MS, RETRY_SPREAD_MS = 1000, 5000
"""When a page comes back that lost its stream: each at a time of its own, so that a restart is survived."""

PAGES_MOST = 10_000
NETWORK_SHARE = 4
"""One network may hold a quarter of a worker's pages: an office fits in, one machine does not take all."""

FAREWELL = "farewell"
"""Where the application's state has what to call when the server is told to leave, before it waits."""


class NothingToFollow(Exception):
    """What a page would follow does not exist."""


class NoAnswer(Exception):
    """A page cannot be told anything; it has to ask again later."""


class NoSeat(NoAnswer):
    """This worker, or the page's network, follows as many pages as it may."""


@dataclass(frozen=True, kw_only=True)
class Seats:
    """How many pages one worker follows at once."""

    most: int = PAGES_MOST

    @property
    def of_one_network(self) -> int:
        """How many of them may come from one network."""
        return max(1, self.most // NETWORK_SHARE)


@dataclass(eq=False, slots=True, kw_only=True)
class Page:
    """One open page. It keeps the newest answer only, so that a slow reader costs no memory."""

    about: Hashable
    network: str
    retry_ms: int
    is_over: bool = False
    _news: Answer | None = None
    _waiting: asyncio.Future[None] | None = None

    def tell(self, answer: Answer) -> None:
        """Let the page know; what it was told before and has not read is forgotten."""
        self._news = answer
        self._stir()

    def end(self) -> None:
        """Let the page's stream end after what it still has to read."""
        self.is_over = True
        self._stir()

    async def first(self) -> None:
        """Return when there is something to tell.

        Raises:
            NothingToFollow: and nothing would ever follow it.
            NoAnswer: the page's end comes first.

        """
        await self._stirred()
        if self._news is None:
            raise NoAnswer
        if not self._news.followed:
            raise NothingToFollow

    async def events(self) -> AsyncIterator[bytes]:
        """Yield the standing at once and again whenever it changes, with heartbeats, until the page's end."""
        yield f"retry: {self.retry_ms}\n\n".encode()
        while event := await self._next_event():
            yield event

    async def _next_event(self) -> bytes:
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await self._stirred()
        except TimeoutError:
            return b": still here\n\n"
        news, self._news = self._news, None
        return news.event if news else b""

    async def _stirred(self) -> None:
        while self._news is None and not self.is_over:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting

    def _stir(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


@dataclass(eq=False, slots=True)
class _Plate:
    """What pages are open for: asked about once, told to all of them."""

    pages: set[Page] = field(default_factory=set)
    told: object = None

    def turned_by(self, answer: Answer) -> Collection[Page]:
        """Return the pages to which this is news, and remember that they are told."""
        told, self.told = self.told, answer.essence
        return self.pages.copy() if answer.essence != told else ()


class Notes(Protocol):
    """Who keeps count of how it goes."""

    def pages_open(self, pages: int, /) -> None:
        """Note how many pages are open."""

    def page_refused(self) -> None:
        """Count a page that was sent away."""

    def pages_told(self, decided_at: datetime, pages: int, /) -> None:
        """Note that so many pages are told now of a decision."""


class Hub:
    """The open pages of one worker; while there are any, a thread watches the register for them.

    `chance()` draws from [0, 1).
    """

    def __init__(
        self,
        register: Register,
        questions: Questions,
        *,
        seats: Seats,
        chance: Callable[[], float],
        notes: Notes,
    ) -> None:
        self._register = register
        self._questions = questions
        self._seats = seats
        self._chance = chance
        self._notes = notes
        self._plates: dict[Hashable, _Plate] = {}
        self._open: set[Page] = set()
        self._networks: Counter[str] = Counter()
        self._watcher: Watcher[Page] | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def open_pages(self) -> int:
        """How many pages are open."""
        return len(self._open)

    async def opened(self, about: Hashable, network: str) -> Page:
        """Return a page that has its first answer and is told of every later one; `close` it in the end.

        Raises:
            NoSeat: too many are open.
            NothingToFollow, NoAnswer: as for `Page.first`.

        """
        page = self._seated(about, network)
        try:
            self._present_watcher().ask(page)
            await page.first()
        except BaseException:
            self.close(page)
            raise
        return page

    def close(self, page: Page) -> None:
        """Forget a page."""
        page.end()
        self._leave_seat(page)
        if plate := self._plates.get(page.about):
            plate.pages.discard(page)
            if not plate.pages:
                del self._plates[page.about]

    def end_all(self) -> None:
        """End every open page's stream: the server leaves, and pages ask whoever comes after it."""
        for page in self._open:
            page.end()

    def _seated(self, about: Hashable, network: str) -> Page:
        if self.open_pages >= self._seats.most or self._networks[network] >= self._seats.of_one_network:
            self._notes.page_refused()
            raise NoSeat
        retry_ms = RETRY_LEAST_MS + int(RETRY_SPREAD_MS * self._chance())
        page = Page(about=about, network=network, retry_ms=retry_ms)
        self._open.add(page)
        self._networks[network] += 1
        self._notes.pages_open(self.open_pages)
        return page

    def _leave_seat(self, page: Page) -> None:
        self._open.discard(page)
        self._notes.pages_open(self.open_pages)
        self._networks[page.network] -= 1
        if not self._networks[page.network]:
            del self._networks[page.network]
        if not self._open and self._watcher:
            self._watcher.stop()
            self._watcher = None

    def _present_watcher(self) -> Watcher[Page]:
        if self._watcher is None:
            loop = asyncio.get_running_loop()
            watcher = Watcher[Page](
                self._register,
                self._questions,
                known=lambda: list(self._plates),  # in one step, whatever the loop does to them meanwhile
                hand_over=lambda findings: loop.call_soon_threadsafe(self._tell, watcher, findings),
            )
            self._watcher = watcher
            self._watching = loop.create_task(self._watched(watcher))
        return self._watcher

    async def _watched(self, watcher: Watcher[Page]) -> None:
        """Run a watcher on its thread; should it fail, no page may go on as if it watched."""
        try:
            await asyncio.to_thread(watcher.run)
        except Exception:  # noqa: BLE001 -- whatever it was, it ends here, and every page with it
            _log.exception("the register is watched no more")
        finally:
            watcher.stop()
            if watcher is self._watcher:
                self._watcher = None
                self.end_all()

    def _tell(self, watcher: Watcher[Page], findings: Findings[Page]) -> None:
        """Tell every page of a plate what changed, and those that asked what holds."""
        if watcher is not self._watcher:
            return
        told = sum(map(self._tell_about, findings.found))
        if findings.decided_at and told:
            self._notes.pages_told(findings.decided_at, told)

    def _tell_about(self, found: Found[Page]) -> int:
        listening = [page for page in found.askers if not page.is_over]
        plate = self._plates.setdefault(found.about, _Plate()) if listening else self._plates.get(found.about)
        if plate is None:
            return 0
        turning = plate.turned_by(found.answer)
        for page in (*turning, *listening):
            page.tell(found.answer)
        plate.pages.update(listening)
        return len(turning)


class EventStream(Response):
    """The answer that a page stays open for. It ends with the page, and the page with its reader."""

    def __init__(self, page: Page, close: Callable[[], None]) -> None:
        self.status_code = 200
        self.background = None
        self.media_type = "text/event-stream"
        self.init_headers({"X-Accel-Buffering": "no"})
        self._page = page
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- as ASGI calls it
        """Send each event when the reader has taken the one before."""
        leaving = asyncio.create_task(self._end_when_reader_leaves(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for event in self._page.events():
                await send({"type": "http.response.body", "body": event, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            self._close()

    async def _end_when_reader_leaves(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._page.end()
