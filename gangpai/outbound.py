"""Sending a message to an address that somebody else named: one POST, within five seconds, nothing after it.

Connects to the very network address that was found allowed, so that a name cannot lead elsewhere between the
look and the connection. Follows no redirect, uses no proxy and reads nothing of the answer but its status; of
a robot's also the number by which it says whether it took the message.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import SplitResult

from store.refusals import Refusal
from store.webhooks.addresses import ReceiverNotPublic, is_public, receiver_of
from store.webhooks.courses import Answer

PATIENCE_S = 5.0
LINE_BYTES_MOST = 8192
INTERIM_MOST = 5
_OK = 200
_ROBOT_SAYS = re.compile(rb'"errcode"\s*:\s*"?(-?\d{1,9})["\s,}]')
_PORTS = {"https": 443, "http": 80}

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolved(host: str, port: int) -> list[str]:
    """Return the network addresses of a host, as this machine knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def _anywhere(_: str) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far messages may go: by which schemes, to which network addresses, trusting which certificates."""

    schemes: tuple[str, ...] = ("https",)
    allows: Callable[[str], bool] = is_public
    resolve: Resolve = resolved
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def reach_of(*, demo: bool) -> Reach:
    """Return how far messages go: for a demonstration also in plain http and to this machine."""
    return Reach(schemes=("https", "http"), allows=_anywhere) if demo else Reach()


PROBLEMS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timed_out"),
    (ssl.SSLError, "certificate_or_tls"),
    (socket.gaierror, "host_unknown"),
    (OSError, "unreachable"),
    (asyncio.IncompleteReadError, "not_http"),
    (asyncio.LimitOverrunError, "not_http"),
    (ValueError, "not_http"),
)
"""What a failure is called; the first class that fits."""


async def post(address: str, headers: Mapping[str, str], body: bytes, reach: Reach) -> Answer:
    """Send a body and return the status that came back, or in one word why none did."""
    return await _answered(address, headers, body, reach, _taken_by_status)


async def post_to_robot(address: str, headers: Mapping[str, str], body: bytes, reach: Reach) -> Answer:
    """Send a body to a robot of 企业微信, which answers 200 always and refuses by an errcode other than 0.

    What it refuses is the problem `errcode_<number>`; who names no errcode is believed by the status.
    """
    return await _answered(address, headers, body, reach, _taken_by_errcode)


_Read = Callable[[asyncio.StreamReader], Awaitable[Answer]]


async def _answered(
    address: str, headers: Mapping[str, str], body: bytes, reach: Reach, read: _Read
) -> Answer:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _posted(address, headers, body, reach, read)
    except Refusal as refusal:
        return Answer(problem=refusal.code)
    except tuple(kind for kind, _ in PROBLEMS) as error:
        return Answer(problem=next(word for kind, word in PROBLEMS if isinstance(error, kind)))


async def _posted(address: str, headers: Mapping[str, str], body: bytes, reach: Reach, read: _Read) -> Answer:
    receiver = receiver_of(address, schemes=reach.schemes)
    async with _connected(receiver, reach) as (reader, writer):
        writer.write(_request(receiver, headers, body))
        await writer.drain()
        return await read(reader)


@asynccontextmanager
async def _connected(
    receiver: SplitResult, reach: Reach
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    host, port = receiver.hostname or "", receiver.port or _PORTS[receiver.scheme]
    address = _allowed(await reach.resolve(host, port), host, reach)
    trust, name = (reach.trust, host) if receiver.scheme == "https" else (None, None)
    reader, writer = await asyncio.open_connection(
        address, port, limit=LINE_BYTES_MOST, ssl=trust, server_hostname=name
    )
    try:
        yield reader, writer
    finally:
        writer.transport.abort()  # what else the receiver has to say is not waited for


def _allowed(addresses: list[str], host: str, reach: Reach) -> str:
    """Return the first of a host's network addresses; all of them have to be allowed."""
    if not addresses or not all(map(reach.allows, addresses)):
        raise ReceiverNotPublic(host=host)
    return addresses[0]


def network_target(receiver: SplitResult) -> str:
    """Return what the first line of a request asks a host for (RFC 9112, 3.2.1)."""
    return (receiver.path or "/") + (f"?{receiver.query}" if receiver.query else "")


def _request(receiver: SplitResult, headers: Mapping[str, str], body: bytes) -> bytes:
    fields = {"Host": receiver.netloc, "Content-Length": str(len(body)), "Connection": "close", **headers}
    lines = [
        f"POST {network_target(receiver)} HTTP/1.1",
        *(f"{name}: {value}" for name, value in fields.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode("ascii") + body


async def _status(reader: asyncio.StreamReader) -> int:
    """Read the status of the answer, passing over interim ones (RFC 9110, 15.2)."""
    for _ in range(INTERIM_MOST):
        version, status = (await reader.readuntil(b"\r\n")).split()[:2]
        if not version.startswith(b"HTTP/1."):
            break
        if not 100 <= int(status) < 200:  # noqa: PLR2004 - the interim ones
            return int(status)
        await reader.readuntil(b"\r\n\r\n")
    raise ValueError("no status came")


async def _taken_by_status(reader: asyncio.StreamReader) -> Answer:
    return Answer(status=await _status(reader))


async def _taken_by_errcode(reader: asyncio.StreamReader) -> Answer:
    """Read on only until the number is there: a robot that keeps the connection open is not waited for."""
    status, seen = await _status(reader), b""
    while status == _OK and len(seen) < LINE_BYTES_MOST and (more := await reader.read(LINE_BYTES_MOST)):
        seen += more
        if found := _ROBOT_SAYS.search(seen):
            return Answer(status=status) if not int(found[1]) else Answer(problem=f"errcode_{int(found[1])}")
    return Answer(status=status)
