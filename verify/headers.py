"""The headers of every answer: nothing is cached, nothing foreign runs, nothing leaks.

Source: OWASP ASVS 5.0, chapter 3 (web frontend security).
"""

import base64
import hashlib
from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

THROWN_AWAY_MOST = 64 * 1024**2
"""How much of a body that is too large is still taken in, and kept nowhere, so that its sender reads why."""


def content_security_policy(inline_style: str) -> str:
    """Return a policy that lets in our own files and this one inline style, by its hash (CSP Level 3)."""
    digest = base64.b64encode(hashlib.sha256(inline_style.encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'sha256-{digest}'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def security_headers(inline_style: str, *, https_only: bool) -> dict[str, str]:
    """Return the headers of every answer; a site reached by https is to be reached so for two years."""
    headers = {
        "Content-Security-Policy": content_security_policy(inline_style),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return headers | ({"Strict-Transport-Security": "max-age=63072000"} if https_only else {})


CAMERA_HERE = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()"}
"""The header of the one page that reads codes with a camera; every other keeps cameras shut."""


def framed_anywhere() -> dict[str, str]:
    """Return the headers of the one page that any site may frame; it may do less than every other."""
    policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
    return {"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "cross-origin"}


class SecurityHeaders:
    """Adds the headers to every answer of the application it wraps."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the ASGI protocol, with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses a body beyond what its request may bring; `bytes_most` says how much that is.

    What comes beyond is thrown away before the refusal: a sender cut off while sending reads no answer.
    """

    def __init__(self, app: ASGIApp, bytes_most: Callable[[Scope], int]) -> None:
        self._app = app
        self._bytes_most = bytes_most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the ASGI protocol, unless its body is too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received, most = 0, self._bytes_most(scope)

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                await _throw_away(message, receive)
                raise BodyTooLarge
            return message

        await self._app(scope, counted, send)


async def _throw_away(message: Message, receive: Receive) -> None:
    thrown_away = 0
    while message.get("more_body") and thrown_away < THROWN_AWAY_MOST:
        message = await receive()
        thrown_away += len(message.get("body", b""))


class BodyTooLarge(Exception):
    """A request's body is beyond what any form of ours needs."""
