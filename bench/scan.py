"""What a scan costs beside sending the same bytes and nothing else: `python -m bench.scan [COPIES]`.

A server with as many workers as stated answers scans of plates that stand, drawn from all there are; on the
same server software a bare Starlette route answers with the bytes and the headers of one such page. What lies
between the two is the price of reading, judging, filling and guarding. The same scanners, in a process of
their own (bench/scanners.py), ask both in turns; then both again, at half of what each answered at most.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.bulk import fill_file
from bench.filling import COPIES_PER_POST, DOCUMENTS_PER_POST, code, fill
from bench.postgres import fill_up
from bench.timing import Bar
from store.postgres_register import PostgresRegister
from tests.postgres import DURABLE, Server

COPIES = 1_000_000
CONNECTIONS = 32
SECONDS = 2.0
TURNS = 3
WORKERS = (1, 2)
STARTING_S = 60.0
SHARE = {"TinyDB": 0.5, "PostgreSQL": 0.35}
SLOWER = 3.0
LEFT_TO_THE_SERVER = {"connection", "content-length", "date", "server", "x-request-id"}
BASE_URL = "https://gp.example.cn"


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a server answered at most, and how long a scan took at half of that."""

    per_second: float
    p50_ms: float
    p99_ms: float
    half_p99_ms: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: a store, so many workers, and both servers."""

    store: str
    workers: int
    ours: Pace
    bare: Pace

    @property
    def share(self) -> float:
        """How much of the bare server's pace scans reach."""
        return self.ours.per_second / self.bare.per_second

    def __str__(self) -> str:
        return "\n".join(
            (self._line("gangpai", self.ours, f"{self.share:.2f}"), self._line("bare", self.bare, ""))
        )

    def _line(self, server: str, pace: Pace, share: str) -> str:
        times = f"{pace.p50_ms:.2f} ms | {pace.p99_ms:.2f} ms | {pace.half_p99_ms:.2f} ms"
        return f"| {self.store} | {self.workers} | {server} | {pace.per_second:,.0f} | {times} | {share} |"


HEAD = (
    "| store | workers | server | scans/s | p50 | p99 | p99 at half load | share |\n"
    "|---|---:|---|---:|---:|---:|---:|---:|"
)


def main(copies: int = COPIES) -> None:
    """Measure both stores, print the table and the bars, and fail if one is missed."""
    with tempfile.TemporaryDirectory(prefix="gangpai-bench-", dir=Path.cwd()) as place:
        rows = list(measured(Path(place), copies))
    bars = [bar for row in rows for bar in bars_for(row)]
    print(HEAD, *rows, "", *bars, sep="\n")
    if not all(bar.holds for bar in bars):
        raise SystemExit(1)


def measured(place: Path, copies: int) -> Iterator[Row]:
    """Fill a register of each engine and time both servers with one worker and with two."""
    for store, address_in in (("TinyDB", tinydb), ("PostgreSQL", postgresql)):
        with address_in(place, copies) as address:
            for workers in WORKERS:
                yield compared(store, address, place, workers, copies)


@contextmanager
def tinydb(place: Path, copies: int) -> Iterator[str]:
    """Make a register in a file."""
    fill_file(place / "register.db", copies)
    yield f"tinydb:{place / 'register.db'}"


@contextmanager
def postgresql(_: Path, copies: int) -> Iterator[str]:
    """Make a register in a server of its own."""
    with closing(Server(DURABLE)) as server:
        dsn = server.empty_dsn()
        with closing(PostgresRegister(dsn)) as register, psycopg.connect(dsn, autocommit=True) as owner:
            fill(register, DOCUMENTS_PER_POST)
            fill_up(register, owner, range(1, copies // COPIES_PER_POST))
            owner.execute("VACUUM ANALYZE")
        yield dsn


def compared(store: str, address: str, place: Path, workers: int, copies: int) -> Row:
    """Time both servers in turns, first as fast as they can, then at half of that."""
    with ExitStack() as stack:
        scans = stack.enter_context(served("gangpai.serve:application", address, place, workers))
        keep_page(place, scans)
        ports = (scans, stack.enter_context(served("bench.scan:bare", address, place, workers)))
        full = in_turns(ports, lambda port: scanned(port, 0, copies))
        rates = {port: median(turn[0] for turn in full[port]) / 2 for port in ports}
        half = in_turns(ports, lambda port: scanned(port, rates[port], copies))
    ours, bare = (pace_of(full[port], half[port]) for port in ports)
    return Row(store=store, workers=workers, ours=ours, bare=bare)


Turn = tuple[float, float, float]
"""Scans per second, and the median and the 99th percentile of their times in milliseconds."""


def in_turns(ports: Sequence[int], work: Callable[[int], Turn]) -> dict[int, list[Turn]]:
    """Do the work to each in turn, so that what else goes on concerns all alike; the first turn warms up."""
    turns = [{port: work(port) for port in ports} for _ in range(TURNS + 1)]
    return {port: [turn[port] for turn in turns[1:]] for port in ports}


def pace_of(full: Sequence[Turn], half: Sequence[Turn]) -> Pace:
    """Return the medians of the turns."""
    per_second, p50_ms, p99_ms = (median(turn[place] for turn in full) for place in range(3))
    return Pace(
        per_second=per_second, p50_ms=p50_ms, p99_ms=p99_ms, half_p99_ms=median(turn[2] for turn in half)
    )


def scanned(port: int, rate: float, copies: int) -> Turn:
    """Let the scanners scan for a while."""
    given = (port, SECONDS, CONNECTIONS, rate, copies)
    command = [sys.executable, "-m", "bench.scanners", *map(str, given)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    per_second, p50_ms, p99_ms = map(float, told.stdout.split())
    return per_second, p50_ms, p99_ms


def bars_for(row: Row) -> Iterator[Bar]:
    """Compare one line with what is promised of it."""
    name = f"{row.store}, {row.workers} workers"
    most = 1 / SHARE[row.store]
    yield Bar(name=f"{name}: bare pace ÷ ours", measured=1 / row.share, allowed=most, unit="times")
    slower = row.ours.half_p99_ms / row.bare.half_p99_ms
    yield Bar(name=f"{name}: p99 at half load ÷ bare", measured=slower, allowed=SLOWER, unit="times")


def keep_page(place: Path, port: int) -> None:
    """Keep the bytes and the headers of one page for the bare server."""
    with urlopen(f"http://127.0.0.1:{port}/{code(0).text}") as answer:
        (place / "page.html").write_bytes(answer.read())
        kept = [f"{name}: {value}" for name, value in answer.headers.items()]
    own = [line for line in kept if line.partition(":")[0].lower() not in LEFT_TO_THE_SERVER]
    (place / "page.headers").write_text("\n".join(own), encoding="latin-1")


def bare() -> Starlette:
    """Build the application that sends one page to whoever asks."""
    page = Path("page.html").read_bytes()
    lines = Path("page.headers").read_text(encoding="latin-1").splitlines()
    headers = dict(line.split(": ", 1) for line in lines)

    async def send(_: Request) -> Response:
        return Response(page, headers=headers)

    return Starlette(routes=[Route("/{code}", send)])


@contextmanager
def served(factory: str, address: str, place: Path, workers: int) -> Iterator[int]:
    """Serve an application for a block and yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    options = ["--factory", "--log-level=error", "--no-access-log", f"--port={port}", f"--workers={workers}"]
    given = {
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "GANGPAI_STORE": address,
        "GANGPAI_BASE_URL": BASE_URL,
    }
    command = [sys.executable, "-m", "uvicorn", factory, *options]
    with subprocess.Popen(command, cwd=place, env=os.environ | given) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    """Return when something listens at the port.

    Raises:
        OSError: nothing did in time.

    """
    until = time.monotonic() + STARTING_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
