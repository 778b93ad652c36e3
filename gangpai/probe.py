"""The two ways a phone asks how a plate stands: a scan, and a page that stays open.

Knows just enough of HTTP/1.1 and text/event-stream to ask a server on this machine, fast and many at once.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Line:
    """One open connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, path: str, accept: str = "application/json") -> int:
        """Send a GET request and return the status; its body is left to be read."""
        head = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: {accept}\r\n\r\n"
        self.writer.write(head.encode())
        await self.writer.drain()
        return int((await self.reader.readline()).split()[1])

    async def headers(self) -> dict[str, str]:
        """Read the headers of an answer."""
        found: dict[str, str] = {}
        while line := (await self.reader.readline()).decode().strip():
            name, _, value = line.partition(":")
            found[name.lower()] = value.strip()
        return found

    async def body(self) -> bytes:
        """Read the headers and the body of an answer that states its length."""
        length = int((await self.headers())["content-length"])
        return await self.reader.readexactly(length)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Line]:
    """Open a connection to the server at this port of this machine."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


async def scan(line: Line, code: str) -> str:
    """Return the standing that one scan shows."""
    await line.ask(f"/{code}")
    return _standing(await line.body())


async def open_page(line: Line, code: str) -> AsyncIterator[str]:
    """Return each standing that a page left open is told."""
    await line.ask(f"/{code}/live", accept="text/event-stream")
    await line.headers()
    while received := await line.reader.readline():
        if b"data:" in received:
            yield _standing(received[received.index(b"data:") + len(b"data:") :])


def _standing(data: bytes) -> str:
    answer: dict[str, Any] = json.loads(data)
    return str(answer["standing"])
