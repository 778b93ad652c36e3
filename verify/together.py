"""Scans that wait for the register together are read by one question.

Knows who shares a question: those that came before it began. Nothing is kept of an answer, so that none can
be older than the scan it answers. Leaves out what is asked (plate.py) and what is made of it.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from store.lookup import Scan
from store.register import DamagedRegister, Register
from store.standing import unverifiable
from verify.plate import Address, doubted, scans_at

READ_TOGETHER_MOST = 64
"""From so many scans on, those that share a question wait for no more."""

PATIENCE_S = 1.8
"""After so long a scan is told that nothing can be verified now, whatever the register is doing."""


@dataclass(eq=False)
class _Party:
    """Scans that share a question, on the event loop they came in on."""

    loop: asyncio.AbstractEventLoop
    addresses: list[Address] = field(default_factory=list)
    answers: list[asyncio.Future[Scan]] = field(default_factory=list)

    def join(self, address: Address) -> asyncio.Future[Scan]:
        answer = self.loop.create_future()
        self.addresses.append(address)
        self.answers.append(answer)
        return answer

    def tell(self, scans: Sequence[Scan]) -> None:
        for answer, scan in zip(self.answers, scans, strict=True):
            if not answer.done():  # whoever asked may be gone
                answer.set_result(scan)


class Together:
    """The scans of one worker.

    A register on this machine answers in microseconds, and is asked on the event loop itself. One that is
    elsewhere is asked on a thread, one question after the other: who comes meanwhile shares the next.
    """

    def __init__(self, register: Register, clock: Callable[[], datetime]) -> None:
        self._register = register
        self._clock = clock
        self._is_elsewhere = register.is_remote
        self._next: _Party | None = None
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "scans")
        self._tasks: set[asyncio.Task[None]] = set()

    async def scan(self, address: Address) -> Scan:
        """Return what is at an address now; what cannot be read in time is unverifiable."""
        loop = asyncio.get_running_loop()
        if self._next is None or self._next.loop is not loop:
            self._next = _Party(loop)
            self._begin(self._next)
        return await self._next.join(address)

    def close(self) -> None:
        """Wait for no question any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _begin(self, party: _Party) -> None:
        if self._is_elsewhere:
            asking = party.loop.create_task(self._ask_elsewhere(party))
            self._tasks.add(asking)
            asking.add_done_callback(self._tasks.discard)
        else:
            party.loop.call_soon(self._ask_here, party, 0)

    def _ask_here(self, party: _Party, seen: int) -> None:
        """Ask when the loop came round and nobody joined since: many at once cost little more than one."""
        joined = len(party.addresses)
        if seen < joined < READ_TOGETHER_MOST:
            party.loop.call_soon(self._ask_here, party, joined)
            return
        self._leave(party)
        party.tell(self._scans(party.addresses))

    async def _ask_elsewhere(self, party: _Party) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S), self._turn:
                self._leave(party)
                scans = await party.loop.run_in_executor(self._thread, self._scans, party.addresses)
                party.tell(scans)
                return
        self._leave(party)
        party.tell([Scan(copy=None, standing=unverifiable(self._clock()))] * len(party.answers))

    def _leave(self, party: _Party) -> None:
        """Let nobody join any more."""
        if self._next is party:
            self._next = None

    def _scans(self, addresses: Sequence[Address]) -> list[Scan]:
        """Read all; where one record is damaged, let only those go without an answer that need it."""
        now = self._clock()
        try:
            return scans_at(self._register, addresses, now)
        except DamagedRegister as error:
            if len(addresses) == 1:
                return [doubted(error, now)]
            return [scan for each in addresses for scan in self._scans([each])]
        except Exception as error:  # noqa: BLE001 - whatever fails while reading, no plate may be taken as valid
            return [doubted(error, now)] * len(addresses)
