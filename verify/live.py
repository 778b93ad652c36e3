"""Open pages: whoever watches a plate is told within moments when its standing changes.

Knows how to notice that the register changed and whom to tell. Leaves out what a standing looks like: the
answer is asked anew for every change, so nothing told here can be older than the register.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from store.register import Register

_log = logging.getLogger(__name__)

POLL_S = 0.1
HEARTBEAT_S = 15.0
RETRY_MS = 3000
AT_A_TIME = 50
PAGES_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a page is told: the JSON text, and the part of it whose change is worth telling."""

    text: str
    essence: object


Ask = Callable[[], Answer]


@dataclass(eq=False)
class _Watcher:
    """One open page; its box holds the newest answer only, so that a slow page costs no memory.

    None in the box ends the stream: a page that cannot be told asks anew, and turns grey if that fails too.
    """

    ask: Ask
    told: object = None
    box: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(maxsize=1))

    def look(self) -> None:
        answer = self.ask()
        if answer.essence == self.told:
            return
        self.told = answer.essence
        self._tell(answer.text)

    def look_or_end(self) -> None:
        try:
            self.look()
        except Exception:  # noqa: BLE001 - whatever fails for one page, the others are told
            _log.exception("an open page could not be told")
            self._tell(None)

    def _tell(self, text: str | None) -> None:
        with suppress(asyncio.QueueEmpty):
            self.box.get_nowait()
        self.box.put_nowait(text)


class Hub:
    """The open pages of one worker, and the task that watches the register for them."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._watchers: set[_Watcher] = set()
        self._seen: int | None = None

    @property
    def open_pages(self) -> int:
        """How many pages are open."""
        return len(self._watchers)

    @property
    def is_full(self) -> bool:
        """Whether this worker follows as many pages as it can."""
        return len(self._watchers) >= PAGES_MOST

    async def run(self) -> None:
        """Tell every open page of every change, until cancelled."""
        while True:
            if self._changed():
                await self._tell_all()
            await asyncio.sleep(POLL_S)

    def _changed(self) -> bool:
        try:
            version: int | None = self._register.version()
        except Exception:  # noqa: BLE001 - an open page must learn that nothing can be verified
            version = None
        changed = version is None or version != self._seen
        self._seen = version
        return changed

    async def _tell_all(self) -> None:
        for place, watcher in enumerate(tuple(self._watchers), start=1):
            watcher.look_or_end()
            if place % AT_A_TIME == 0:
                await asyncio.sleep(0)

    async def events(self, ask: Ask) -> AsyncIterator[str]:
        """Yield the standing at once and again whenever it changes (text/event-stream), with heartbeats."""
        watcher = _Watcher(ask)
        self._watchers.add(watcher)
        try:
            yield f"retry: {RETRY_MS}\n\n"
            watcher.look()
            while event := await _next_event(watcher):
                yield event
        finally:
            self._watchers.discard(watcher)


async def _next_event(watcher: _Watcher) -> str:
    try:
        text = await asyncio.wait_for(watcher.box.get(), HEARTBEAT_S)
    except TimeoutError:
        return ": still here\n\n"
    return "" if text is None else f"event: standing\ndata: {text}\n\n"
