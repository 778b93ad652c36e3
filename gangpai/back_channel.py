"""The way to the identity provider, past the browser: a question and its JSON answer, within five seconds.

Goes to addresses of one origin only, the issuer's, which the operator has set; follows no redirect, uses no
proxy, and takes in no more than an answer of this kind needs.
"""

import asyncio
import json
import ssl
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from io import BytesIO
from typing import cast
from urllib.parse import SplitResult, quote_plus, urlencode, urlsplit

from gangpai.outbound import PROBLEMS, network_target
from gangpai.settings import OidcSettings
from verify.identity import IdentityProvider, ProviderAway, WordNotTrusted

PATIENCE_S = 5.0
BYTES_MOST = 256 * 1024
AT_A_TIME = 4
"""How many questions are put at once, so that a slow provider holds up none of the other pages."""

_FINE = 200
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, kw_only=True)
class HttpBackChannel:
    """A bounded way to one origin."""

    issuer: str
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    turns: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(AT_A_TIME), repr=False
    )

    def get(self, address: str) -> object:
        """Return the JSON document at an address.

        Raises:
            ProviderAway, WordNotTrusted: none came.

        """
        return self._answer(address, "GET", {}, b"")

    def post(self, address: str, form: Mapping[str, str], credentials: tuple[str, str]) -> object:
        """Return the JSON document that answers a form (RFC 6749, 2.3.1 and 4.1.3).

        Raises:
            ProviderAway, WordNotTrusted: none came.

        """
        basic = b64encode(":".join(map(quote_plus, credentials)).encode()).decode()
        fields = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {basic}"}
        return self._answer(address, "POST", fields, urlencode(form).encode())

    def _answer(self, address: str, method: str, fields: Mapping[str, str], body: bytes) -> object:
        target, ours = urlsplit(address), urlsplit(self.issuer)
        if (target.scheme, target.netloc) != (ours.scheme, ours.netloc):
            raise WordNotTrusted(problem="origin")
        if not self.turns.acquire(blocking=False):
            raise ProviderAway(problem="busy")
        try:
            return _document(asyncio.run(self._received(target, _request(target, method, fields, body))))
        except tuple(kind for kind, _ in PROBLEMS) as error:
            problem = next(word for kind, word in PROBLEMS if isinstance(error, kind))
            raise ProviderAway(problem=problem) from error
        finally:
            self.turns.release()

    async def _received(self, target: SplitResult, request: bytes) -> bytes:
        secure = target.scheme == "https"
        trust, name = (self.trust, target.hostname) if secure else (None, None)
        port = target.port or _PORTS[target.scheme]
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(
                target.hostname, port, ssl=trust, server_hostname=name
            )
            try:
                writer.write(request)
                await writer.drain()
                return await _all_of(reader)
            finally:
                writer.transport.abort()


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    received = bytearray()
    while piece := await reader.read(BYTES_MOST):
        received += piece
        if len(received) > BYTES_MOST:
            raise WordNotTrusted(problem="too_long")
    return bytes(received)


def _request(target: SplitResult, method: str, fields: Mapping[str, str], body: bytes) -> bytes:
    heads = {
        "Host": target.netloc,
        "Accept": "application/json",
        "Connection": "close",
        "Content-Length": str(len(body)),
        **fields,
    }
    path = network_target(target)
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in heads.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def provider_of(settings: OidcSettings) -> IdentityProvider:
    """Return the provider that the operator named, with the way to it."""
    return IdentityProvider(
        issuer=settings.issuer,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        second_factors=settings.second_factors,
        back_channel=HttpBackChannel(issuer=settings.issuer),
    )


class _Received:
    """What came over the wire, as http.client reads it from a socket."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, *_: object) -> BytesIO:
        """Return it as a file."""
        return BytesIO(self._received)


def _document(received: bytes) -> object:
    response = HTTPResponse(cast("ssl.SSLSocket", _Received(received)))
    try:
        response.begin()
        body = response.read()
    except HTTPException as error:
        raise ProviderAway(problem="not_http") from error
    if response.status != _FINE:
        raise ProviderAway(problem=f"HTTP {response.status}")
    try:
        return json.loads(body)
    except ValueError as error:
        raise WordNotTrusted(problem="json") from error
