"""What a scan costs beside sending the same bytes and nothing else: `python -m bench.scan`.

A server with as many workers as stated answers scans of plates that stand; on the same server software a bare
Starlette route answers with the bytes of one such page. What lies between the two is the price of looking the
plate up, judging it, filling the page and guarding it. The same clients ask both, on the same machine.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from urllib.request import urlopen

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bench.filling import Work, fill
from store.tinydb_register import TinyDbRegister

DOCUMENTS = 1_000
CLIENTS = 16
SECONDS = 3.0
WORKERS = (1, 2)
STARTING_S = 20.0
HEAD = "workers  server     scans/s  p50 ms  p99 ms  share"


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a server answered."""

    per_second: float
    p50_ms: float
    p99_ms: float


def main() -> None:
    """Measure with one worker and with two, and print the table."""
    print(HEAD)
    for workers in WORKERS:
        with tempfile.TemporaryDirectory(prefix="gangpai-bench-", dir=Path.cwd()) as place:
            ours, bare = measure(Path(place), workers)
        print(row(workers, "gangpai", ours, ours), row(workers, "bare", bare, ours), sep="\n")


def measure(place: Path, workers: int) -> tuple[Pace, Pace]:
    """Return the pace of scans, and of the same bytes sent bare."""
    with closing(TinyDbRegister(place / "register.db")) as register:
        fill(register, DOCUMENTS)
        codes = [code.text for code in islice(Work(register, DOCUMENTS).codes, DOCUMENTS)]
    with served("gangpai.serve:application", place, workers) as scans:
        page = place / "page.html"
        page.write_bytes(fetched(scans, codes[0]))
        with served("bench.scan:bare", place, workers) as bytes_only:
            return asyncio.run(pace(scans, codes)), asyncio.run(pace(bytes_only, codes))


def bare() -> Starlette:
    """Build the application that sends one page to whoever asks."""
    page = Path("page.html").read_bytes()

    async def send(_: Request) -> HTMLResponse:
        return HTMLResponse(page)

    return Starlette(routes=[Route("/{code}", send)])


@contextmanager
def served(factory: str, place: Path, workers: int) -> Iterator[int]:
    """Serve an application for a block and yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    options = ["--factory", "--log-level=error", "--no-access-log", f"--port={port}", f"--workers={workers}"]
    given = {"PYTHONPATH": str(Path(__file__).parents[1]), "GANGPAI_STORE": f"tinydb:{place / 'register.db'}"}
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


def fetched(port: int, code: str) -> bytes:
    """Return the page behind a code."""
    with urlopen(f"http://127.0.0.1:{port}/{code}") as answer:
        return bytes(answer.read())


async def pace(port: int, codes: list[str]) -> Pace:
    """Let every client scan one plate after the other for a while, and say how fast it went."""
    until = time.perf_counter() + SECONDS
    scans = [scan_until(until, port, codes[client::CLIENTS]) for client in range(CLIENTS)]
    took_ms = sorted(each for client in await asyncio.gather(*scans) for each in client)
    hundredths = quantiles(took_ms, n=100)
    return Pace(per_second=len(took_ms) / SECONDS, p50_ms=hundredths[49], p99_ms=hundredths[98])


async def scan_until(until: float, port: int, codes: list[str]) -> list[float]:
    """Scan over one connection until the time has come, and return how many milliseconds each scan took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took_ms = []
    for code in cycle(codes):
        began = time.perf_counter()
        if began > until:
            break
        writer.write(f"GET /{code} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n".encode())
        await read_answer(reader)
        took_ms.append(1e3 * (time.perf_counter() - began))
    writer.close()
    return took_ms


async def read_answer(reader: asyncio.StreamReader) -> None:
    """Read one answer to its end.

    Raises:
        RuntimeError: it was not 200.

    """
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head.decode())
    await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))


def row(workers: int, server: str, measured: Pace, ours: Pace) -> str:
    """Lay one server out under the head; `share` is how much of its pace scans reach."""
    share = ours.per_second / measured.per_second
    times = f"{measured.p50_ms:6.2f}  {measured.p99_ms:6.2f}"
    return f"{workers:7}  {server:7}  {measured.per_second:10,.0f}  {times}  {share:5.2f}"


if __name__ == "__main__":
    main()
