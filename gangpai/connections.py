"""What one connection may take: how long a request may arrive, how large its head is, how slowly one reads.

Knows uvicorn's protocol, which bounds none of these. Leaves out how many connections there are, and what is
answered. A reverse proxy in front does the same for many addresses; this holds also where there is none.
"""

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from verify.live import FAREWELL

HEAD_WITHIN_S = 15.0
BODY_WITHIN_S = 120.0
"""Photographs from a phone with a weak signal."""

READ_WITHIN_S = 20.0
"""How long somebody may take nothing of an answer that waits; 64 KB wait at most (uvicorn's limit)."""

HEAD_BYTES_MOST = 16 * 1024
LOST_AFTER_MS = 60_000
"""How long a phone may be silent, its network gone, before its connection is given up (RFC 5482)."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is cut off when its other end dawdles, and told when the server leaves."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 -- handed on as they come
        super().__init__(*given, **named)
        self._arriving: asyncio.TimerHandle | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._is_in_head = False
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Expect a request soon."""
        super().connection_made(transport)
        _give_up_when_silent(transport)
        self._expect_within(HEAD_WITHIN_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._expect_nothing()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what arrives, unless the head of a request grows too large or arrives too slowly."""
        if self._arriving is None and self._is_idle:
            self._expect_within(HEAD_WITHIN_S)
        super().data_received(data)
        self._head_bytes = self._head_bytes + len(data) if self._is_in_head else 0
        if self._head_bytes > HEAD_BYTES_MOST:
            self.send_400_response("The request's head is too large.")

    def on_message_begin(self) -> None:
        """Count the head."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Expect the body."""
        self._is_in_head = False
        self._expect_within(BODY_WITHIN_S)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Expect nothing while the answer is made."""
        self._expect_nothing()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Expect what waits to be taken."""
        super().pause_writing()
        self._leaving = self.loop.call_later(READ_WITHIN_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Be content: it was taken."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        super().resume_writing()

    def shutdown(self) -> None:
        """Let the open pages be ended, since the server waits for their answers."""
        super().shutdown()
        self.app_state.get(FAREWELL, _nobody_to_tell)()

    def _unsupported_upgrade_warning(self) -> None:
        """Answer in HTTP as ever; uvicorn would tell the operator each time to install WebSockets."""

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _expect_within(self, seconds: float) -> None:
        self._expect_nothing()
        self._arriving = self.loop.call_later(seconds, self.transport.abort)

    def _expect_nothing(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None


def _give_up_when_silent(transport: asyncio.Transport) -> None:
    connection = transport.get_extra_info("socket")
    option = getattr(socket, "TCP_USER_TIMEOUT", None)  # not every system has it
    if (
        option is not None
        and connection is not None
        and connection.family in {socket.AF_INET, socket.AF_INET6}
    ):
        connection.setsockopt(socket.IPPROTO_TCP, option, LOST_AFTER_MS)


def _nobody_to_tell() -> None:
    """Do nothing: the application keeps no pages open."""
