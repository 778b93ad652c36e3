"""What one connection may take: it is cut off when its other end dawdles, and a sound one is not."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from gangpai import connections
from gangpai.connections import HEAD_BYTES_MOST, BoundedProtocol
from tests.verify.public.serving import LOOPBACK, free_port, served, until
from verify.live import FAREWELL

SOON_S, LATER_S = 0.1, 5.0
FLOODED: list[bool] = []


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what was sent, or, asked for a flood, with more than anybody reads."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/flood":
        await StreamingResponse(iter([bytes(64_000)] * 1000))(scope, receive, send)
        FLOODED.append(True)
        return
    received, more = b"", True
    while more:
        message = await receive()
        received, more = received + message.get("body", b""), message.get("more_body", False)
    await PlainTextResponse(received or b"nothing")(scope, receive, send)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD_WITHIN_S", "BODY_WITHIN_S", "READ_WITHIN_S"):
        monkeypatch.setattr(connections, name, LATER_S)


@pytest.fixture
def port() -> Iterator[int]:
    port = free_port()
    with served(application, port, http=BoundedProtocol, timeout_keep_alive=1):
        yield port


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, port), timeout=LATER_S) as connection:
        yield connection


def cut_off_after_s(connection: socket.socket) -> float:
    """Return after how many seconds the server ends a connection; what it says until then is passed over."""
    began = time.monotonic()
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - began


def test_who_asks_nothing_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_WITHIN_S", SOON_S)
    with connected(port) as connection:
        assert cut_off_after_s(connection) < LATER_S / 2


@pytest.mark.parametrize("begun", [b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", b"\r\n"], ids=repr)
def test_who_asks_slowly_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    monkeypatch.setattr(connections, "HEAD_WITHIN_S", SOON_S)
    with connected(port) as connection:
        connection.sendall(begun)
        assert cut_off_after_s(connection) < LATER_S / 2


@pytest.mark.parametrize("begun", [b"G", b"\r\n"], ids=repr)
def test_who_asks_slowly_after_an_answer_is_cut_off(
    port: int, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(connections, "HEAD_WITHIN_S", SOON_S)
    with connected(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(1000).endswith(b"nothing")
        connection.sendall(begun)
        assert cut_off_after_s(connection) < LATER_S / 2


def test_who_sends_a_body_slowly_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BODY_WITHIN_S", SOON_S)
    with connected(port) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        assert cut_off_after_s(connection) < LATER_S / 2


def test_a_head_without_end_is_refused(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        for number in range(HEAD_BYTES_MOST // 1000 + 2):
            connection.sendall(b"X-%d: " % number + b"x" * 1000 + b"\r\n")
            time.sleep(0)
        until(lambda: connection.recv(1000).startswith(b"HTTP/1.1 400"))


def test_who_does_not_read_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "READ_WITHIN_S", SOON_S)
    FLOODED.clear()
    with connected(port) as connection:
        connection.sendall(b"GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: FLOODED)
        assert cut_off_after_s(connection) < LATER_S / 2


def test_who_reads_slowly_but_steadily_gets_everything(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "READ_WITHIN_S", 2.0)
    with connected(port) as connection:
        connection.sendall(b"GET /flood HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = 0
        while part := connection.recv(1_000_000):
            received += len(part)
        assert received > 64_000_000


def test_a_sound_connection_serves_one_request_after_the_other(port: int) -> None:
    with connected(port) as connection:
        for size in (0, 100_000, 0, 3 * HEAD_BYTES_MOST):
            connection.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size
            )
            received = b""
            while not received.endswith(b"x" * size or b"nothing"):
                received += connection.recv(65_536)


def test_the_application_is_told_when_the_server_leaves() -> None:
    asked, told, leaving = [], [], asyncio.Event()

    async def staying(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            scope["state"][FAREWELL] = leaving.set
            for kind in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{kind}.complete"})
        else:
            asked.append(True)
            told.append(await leaving.wait())
            await PlainTextResponse("farewell")(scope, receive, send)

    port = free_port()
    with ExitStack() as later, served(staying, port, http=BoundedProtocol):
        later.enter_context(connected(port)).sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: asked)
    assert told
