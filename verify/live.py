"""Open pages: whoever watches a plate is told within moments when its standing changes.

Knows how to notice that the register changed and whom to tell. Leaves out what a standing looks like: the
answer is asked anew for every change, so nothing told here can be older than the register.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Hashable
from contextlib import suppress
from dataclasses import dataclass, field

from store.records import Copy, Departure, Loss, PostEnd, Record, Return, Veto, VetoCorrection
from store.register import Register

_log = logging.getLogger(__name__)

POLL_S = 0.1
POLL_FAILING_S = 0.5
HEARTBEAT_S = 15.0
RETRY_MS = 3000
AT_A_TIME = 50
PAGES_MOST = 10_000

BEARING: tuple[type[Record], ...] = (Copy, Departure, Loss, PostEnd, Return, Veto, VetoCorrection)
"""What a standing is computed from (store/lookup.py); a commit of anything else concerns no open page."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a page is told: the JSON text, and the part of it whose change is worth telling."""

    text: str
    essence: object


Ask = Callable[[], Answer]
Box = asyncio.Queue[str | None]
"""Holds the newest answer only, so that a slow page costs no memory.

None in the box ends the stream: a page that cannot be told asks anew, and turns grey if that fails too.
"""


@dataclass(eq=False)
class _Plate:
    """What pages are open for: asked about once, told to all of them."""

    ask: Ask
    told: object = None
    boxes: set[Box] = field(default_factory=set)

    def look(self, newcomers: Collection[Box] = ()) -> None:
        """Ask; tell every page what changed, and the newcomers what holds."""
        answer = self.ask()
        _put(answer.text, newcomers if answer.essence == self.told else self.boxes)
        self.told = answer.essence

    def look_or_end(self) -> None:
        try:
            self.look()
        except Exception:  # noqa: BLE001 - whatever fails for one plate, the others are told
            _log.exception("an open page could not be told")
            _put(None, self.boxes)


def _put(text: str | None, boxes: Collection[Box]) -> None:
    for box in boxes:
        with suppress(asyncio.QueueEmpty):
            box.get_nowait()
        box.put_nowait(text)


class Hub:
    """The open pages of one worker, and the task that watches the register for them."""

    def __init__(self, register: Register, pages_most: int = PAGES_MOST) -> None:
        self._register = register
        self._pages_most = pages_most
        self._plates: dict[Hashable, _Plate] = {}
        self._version: int | None = None
        self._newest: object = None

    @property
    def open_pages(self) -> int:
        """How many pages are open."""
        return sum(len(plate.boxes) for plate in self._plates.values())

    @property
    def is_full(self) -> bool:
        """Whether this worker follows as many pages as it can."""
        return self.open_pages >= self._pages_most

    async def run(self) -> None:
        """Tell every open page of every change, until cancelled."""
        while True:
            if await asyncio.to_thread(self._changed):  # a silent database holds up no page
                await self._tell_all()
            await asyncio.sleep(POLL_S if self._version is not None else POLL_FAILING_S)

    def _changed(self) -> bool:
        """Whether a standing may have changed; always while the register fails, so that pages learn of it."""
        try:
            version = self._register.version()
            if version == self._version:
                return False
            newest: object = [list(self._register.newest(kind, limit=1)) for kind in BEARING]
        except Exception:  # noqa: BLE001 - an open page must learn that nothing can be verified
            self._version = self._newest = None
            return True
        changed = newest != self._newest
        self._version, self._newest = version, newest
        return changed

    async def _tell_all(self) -> None:
        for place, plate in enumerate(tuple(self._plates.values()), start=1):
            plate.look_or_end()
            if place % AT_A_TIME == 0:
                await asyncio.sleep(0)

    async def events(self, about: Hashable, ask: Ask) -> AsyncIterator[str]:
        """Yield the standing at once and again whenever it changes (text/event-stream), with heartbeats.

        Pages `about` the same plate share one question.
        """
        plate, box = self._plates.setdefault(about, _Plate(ask)), Box(maxsize=1)
        plate.boxes.add(box)
        try:
            yield f"retry: {RETRY_MS}\n\n"
            plate.look({box})
            while event := await _next_event(box):
                yield event
        finally:
            plate.boxes.discard(box)
            if not plate.boxes:
                del self._plates[about]


async def _next_event(box: Box) -> str:
    try:
        text = await asyncio.wait_for(box.get(), HEARTBEAT_S)
    except TimeoutError:
        return ": still here\n\n"
    return "" if text is None else f"event: standing\ndata: {text}\n\n"
