"""Scanners in a process of their own: connections that ask for one plate after the other over plain sockets.

`python -m bench.scanners PORT SECONDS CONNECTIONS RATE SIZE` prints scans per second, and how many
milliseconds half of the scans and 99 of 100 took at most. With a rate, each connection scans at set times,
and what is late counts from when it was due; without, as soon as its last answer is there.
"""

import asyncio
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import cast

import uvloop

from bench.filling import code

SEED = 2026
DRAWN = 30_000


@dataclass
class Scanner(asyncio.Protocol):
    """One connection; scans the plates whose numbers it draws."""

    requests: list[bytes]
    until: float
    every_s: float
    chance: random.Random
    took_ms: list[float] = field(default_factory=list)
    _due: float = 0.0
    _lacking: int = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to scan."""
        self._transport = cast("asyncio.Transport", transport)
        self._due = time.perf_counter() + self.chance.random() * self.every_s
        self._scan_when_due()

    def _scan_when_due(self) -> None:
        wait_s = self._due - time.perf_counter()
        if wait_s > 0:
            asyncio.get_running_loop().call_later(wait_s, self._scan)
        else:
            self._scan()

    def _scan(self) -> None:
        self._transport.write(self.chance.choice(self.requests))

    def data_received(self, data: bytes) -> None:
        """Go on when the answer is complete.

        Raises:
            RuntimeError: it was not 200.

        """
        if not self._lacking:
            self._lacking = _length(data)
        self._lacking -= len(data)
        if not self._lacking:
            self._answered(time.perf_counter())

    def _answered(self, now: float) -> None:
        self.took_ms.append(1e3 * (now - self._due))
        self._due = self._due + self.every_s if self.every_s else now
        if now < self.until:
            self._scan_when_due()
        else:
            self._transport.close()


def _length(data: bytes) -> int:
    if not data.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(data[:100].decode())
    head, _, _ = data.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return len(head) + 4 + int(length)


def requests_for(size: int) -> Iterator[bytes]:
    """Draw plates out of so many, and yield what is asked of the server."""
    chance = random.Random(SEED)  # noqa: S311 - plates to scan, no secrets
    for _ in range(DRAWN):
        asked = code(chance.randrange(size)).text.encode()
        yield b"GET /%b HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n" % asked


async def scan(port: int, seconds: float, connections: int, rate: float, size: int) -> list[float]:
    """Return how many milliseconds each scan took."""
    requests = list(requests_for(size))
    until = time.perf_counter() + seconds
    every_s = connections / rate if rate else 0.0
    loop = asyncio.get_running_loop()
    scanners = [
        Scanner(requests, until, every_s, random.Random(SEED + each))  # noqa: S311 - plates to scan, no secrets
        for each in range(connections)
    ]
    for each in scanners:
        await loop.create_connection(lambda each=each: each, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.sleep(until - time.perf_counter())
    return [took for each in scanners for took in each.took_ms]


def main(port: int, seconds: float, connections: int, rate: float, size: int) -> None:
    """Scan, and print what it was like."""
    took_ms = sorted(uvloop.run(scan(port, seconds, connections, rate, size)))
    hundredths = quantiles(took_ms, n=100)
    print(len(took_ms) / seconds, hundredths[49], hundredths[98])


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
