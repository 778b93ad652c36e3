"""How soon open pages turn, and what they cost: `python -m bench.open_pages [PAGES]`.

Each page is open on a plate of its own, all plates are of one post, one worker holds all pages, and one veto
turns them. Both clocks are one: the acknowledgement and every page's news are timed in this process.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import quantiles

from bench.timing import Bar
from gangpai.local_server import free_port, start_server, wait_until_ready
from gangpai.office import Office, open_office
from gangpai.practice import hang_plates
from gangpai.settings import Settings
from gangpai.stores import PostgresDatabase, Store, TinyDbFile
from store.acts.issue import issue_copies
from store.acts.veto import Charge, veto
from store.codes import PlateCode, PlateNumber
from store.records import Copy, VetoCause
from tests.postgres import DURABLE, Server

PAGES = 2_000
OPENED_AT_ONCE = 100
ISSUED_AT_ONCE = 500
TURNED_WITHIN_S = 30.0
HELD_MS, HELD_KB = 1000.0, 60.0
CHARGE = Charge(cause=VetoCause.GRAVE_HARM_TO_IMAGE, facts="测量")
HEAD = (
    "| register | pages | opened in | turned, median | 99 % | last | memory each |\n"
    "|---|---:|---:|---:|---:|---:|---:|"
)
_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Turned:
    """How the pages of one register fared."""

    register: str
    opened_s: float
    turned_ms: Sequence[float]
    kilobytes_each: float

    @property
    def p99_ms(self) -> float:
        """By when 99 of 100 pages had turned, in milliseconds from the acknowledgement."""
        return quantiles(self.turned_ms, n=100)[98]

    @property
    def row(self) -> str:
        """The row under the head."""
        median, last = quantiles(self.turned_ms, n=100)[49], max(self.turned_ms)
        return (
            f"| {self.register} | {len(self.turned_ms):,} | {self.opened_s:.1f} s | {median:.0f} ms "
            f"| {self.p99_ms:.0f} ms | {last:.0f} ms | {self.kilobytes_each:.1f} kB |"
        )

    @property
    def bars(self) -> tuple[Bar, Bar]:
        """The promises."""
        return (
            Bar(name=f"{self.register}: 99 % turned", measured=self.p99_ms, allowed=HELD_MS, unit="ms"),
            Bar(
                name=f"{self.register}: memory",
                measured=self.kilobytes_each,
                allowed=HELD_KB,
                unit="kB a page",
            ),
        )


def main(pages: int = PAGES) -> None:
    """Measure both registers, print the table and the bars, and fail if one is missed."""
    turned = [*measured(pages)]
    bars = [bar for each in turned for bar in each.bars]
    print(HEAD, *(each.row for each in turned), "", *bars, sep="\n")
    if not all(bar.holds for bar in bars):
        raise SystemExit(1)


def measured(pages: int) -> Iterator[Turned]:
    """Turn so many pages over each kind of register."""
    with tempfile.TemporaryDirectory(prefix="gangpai-bench-", dir=Path.cwd()) as folder:
        yield turn("TinyDB", TinyDbFile(Path(folder) / "register.db"), pages)
        with closing(Server(DURABLE)) as server:
            yield turn("PostgreSQL", PostgresDatabase(server.fresh_dsn(), Path(folder)), pages)


def turn(register: str, store: Store, pages: int) -> Turned:
    """Open so many pages over the register at a place, veto, and wait for the last of them."""
    settings = Settings(store=store, demo=True)
    with open_office(settings) as office, serving(settings) as (process, port):
        codes = [each.code for each in hang_copies(office, pages)]
        return asyncio.run(_turn(register, office, codes, process.pid, port))


def hang_copies(office: Office, number: int) -> list[Copy]:
    """Issue so many plates of one post."""
    [first] = hang_plates(office)
    copies = [
        replace(
            first, id=str(PlateNumber(first.post_id, serial)), code=PlateCode.from_bits(serial * 7**40).text
        )
        for serial in range(2, number + 1)
    ]
    for start in range(0, len(copies), ISSUED_AT_ONCE):
        issue_copies(office.register, office.authority(), copies[start : start + ISSUED_AT_ONCE])
    return [first, *copies]


@contextmanager
def serving(settings: Settings) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """Run one worker for a block; yield its process and port."""
    port = free_port()
    with ExitStack() as stack:
        process = stack.enter_context(start_server(settings, port, workers=1))
        stack.callback(process.terminate)
        wait_until_ready(process, port)
        yield process, port


class OpenPage(asyncio.Protocol):
    """A page that notes when it heard its first news, and when it turned."""

    def __init__(self, code: str) -> None:
        loop = asyncio.get_running_loop()
        self._code = code
        self._heard = b""
        self._transport: asyncio.BaseTransport | None = None
        self.opened: asyncio.Future[None] = loop.create_future()
        self.turned: asyncio.Future[float] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 -- a stream connection is one
        self._transport = transport
        transport.write(f"GET /{self._code}/live HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Listen for the standing."""
        self._heard = (self._heard + data)[-4096:]
        if b'"standing": "' in self._heard and not self.opened.done():
            self.opened.set_result(None)
        if b'"standing": "revoked"' in self._heard and not self.turned.done():
            self.turned.set_result(time.perf_counter())

    def close(self) -> None:
        """Leave."""
        if self._transport is not None:
            self._transport.close()


async def _turn(register: str, office: Office, codes: Sequence[str], pid: int, port: int) -> Turned:
    earlier = await _opened(codes[:OPENED_AT_ONCE], port)
    before_kb, began_s = resident_kb(pid), time.perf_counter()
    pages = await _opened(codes, port)
    opened_s, after_kb = time.perf_counter() - began_s, resident_kb(pid)
    acknowledged_s = await asyncio.to_thread(_acknowledged_veto, office)
    async with asyncio.timeout(TURNED_WITHIN_S):
        turned_s = await asyncio.gather(*(page.turned for page in pages))
    for page in (*earlier, *pages):
        page.close()
    return Turned(
        register=register,
        opened_s=opened_s,
        turned_ms=[1000 * (each - acknowledged_s) for each in turned_s],
        kilobytes_each=(after_kb - before_kb) / len(pages),
    )


async def _opened(codes: Sequence[str], port: int) -> list[OpenPage]:
    loop, pages = asyncio.get_running_loop(), []
    for start in range(0, len(codes), OPENED_AT_ONCE):
        some = codes[start : start + OPENED_AT_ONCE]
        connecting = (loop.create_connection(partial(OpenPage, code), "127.0.0.1", port) for code in some)
        pages += [page for _, page in await asyncio.gather(*connecting)]
        await asyncio.gather(*(page.opened for page in pages[start:]))
    return pages


def _acknowledged_veto(office: Office) -> float:
    [first] = office.register.newest(Copy, limit=1)
    veto(office.register, office.authority(), first.post_id, CHARGE)
    return time.perf_counter()


def resident_kb(pid: int) -> int:
    """Return how much memory a process has resident."""
    found = _RESIDENT.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
