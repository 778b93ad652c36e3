"""The door for scans: the commonest request is answered before the application's routes are asked.

Knows a plain scan when it sees one: a page or JSON behind a code, by GET or HEAD, for somebody who is not
signed in. All else goes on to the application, whose own route answers scans from the same parts. Leaves out
what is read (together.py), what is told (plate.py) and how a page is laid out (skeleton.py).
"""

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from fastapi.responses import JSONResponse
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from store.codes import CODE_LENGTH
from store.lookup import Scan
from store.standing import Verdict
from verify.console.guard import SESSION_COOKIE
from verify.errors import wants_json
from verify.languages import COOKIE, Language, negotiated
from verify.observing import ROUTE
from verify.plate import STATUS, Address, address_of_code, plate_json, plate_view
from verify.public.plates import VARY, headers_of, plain_page
from verify.site import READS, Site

_PATH = re.compile(rf"/[0-9A-Za-z]{{{CODE_LENGTH}}}")
_UNIQUE = re.compile(rb"(t=[0-9a-z]*)?")
"""The queries with which a page asks for itself anew (static/scan.js)."""

COMPRESSED_FROM_BYTES = 500
"""What is shorter is sent as it is, here and by the application."""

_GZIP_MAGIC = b"\x1f\x8b"
_WISHES_KEPT = 1024
_ASKED = "gangpai.asked"


@dataclass(frozen=True, kw_only=True)
class PlainScan:
    """What is asked for: which plate, in which language, as a page or as JSON, compressed or not."""

    address: Address
    language: Language
    as_json: bool
    compressed: bool


class Door:
    """Answers plain scans, and lets everything else through; `observed` watches what it answers."""

    def __init__(
        self, site: Site, headers: Mapping[str, str], observed: Callable[[ASGIApp], ASGIApp]
    ) -> None:
        self._site = site
        self._headers = _raw(headers)
        self._session = site.settings.cookie_name(SESSION_COOKIE).encode()
        self._observed = observed(self._answer)

    async def enter(self, scope: Scope, receive: Receive, send: Send, beyond: ASGIApp) -> None:
        """Answer a request of the ASGI protocol, or hand it on to the application beyond."""
        asked = plain_scan(scope, self._session) if scope["type"] == "http" else None
        if asked is None:
            await beyond(scope, receive, send)
        else:
            scope[ROUTE], scope[_ASKED] = "/{code}", asked
            await self._observed(scope, receive, send)

    async def _answer(self, scope: Scope, _: Receive, send: Send) -> None:
        asked: PlainScan = scope[_ASKED]
        site, scan = self._site, await self._site.together.scan(asked.address)
        verdict = scan.standing.verdict
        body = _json(asked, scan) if asked.as_json else _page(site, asked, scan)
        site.metrics.scans.labels(verdict.value).inc()
        if not asked.as_json and scope["method"] == "GET":
            site.scan_tally.count(verdict)
        headers = [*self._headers, *_headers_of(verdict, as_json=asked.as_json)]
        headers.append((b"content-length", b"%d" % len(body)))
        if body.startswith(_GZIP_MAGIC):
            headers.append((b"content-encoding", b"gzip"))
        await send({"type": "http.response.start", "status": STATUS.get(verdict, 200), "headers": headers})
        await send({"type": "http.response.body", "body": body})


def plain_scan(scope: Scope, session: bytes) -> PlainScan | None:
    """Return the scan a request asks for, or None where there is anything unusual about it."""
    if scope["method"] not in READS or not _PATH.fullmatch(scope["path"]) or scope.get("root_path"):
        return None
    headers: dict[bytes, bytes] = dict(scope["headers"])
    cookies = headers.get(b"cookie", b"")
    if len(headers) < len(scope["headers"]) or session in cookies:
        return None
    if not _UNIQUE.fullmatch(scope["query_string"]):
        return None
    return PlainScan(
        address=address_of_code(scope["path"][1:]),
        language=_language(cookies, headers.get(b"accept-language", b"")),
        as_json=_as_json(headers.get(b"accept"), headers.get(b"content-type", b"")),
        compressed=b"gzip" in headers.get(b"accept-encoding", b""),
    )


def _language(cookies: bytes, accepted: bytes) -> Language:
    chosen = cookie_parser(cookies.decode("latin-1")).get(COOKIE, "") if cookies else ""
    return negotiated(chosen, accepted.decode("latin-1"))


@lru_cache(maxsize=_WISHES_KEPT)
def _as_json(accept: bytes | None, content_type: bytes) -> bool:
    headers = [(b"content-type", content_type), *([(b"accept", accept)] if accept is not None else ())]
    return wants_json(Request({"type": "http", "headers": headers}))


def _page(site: Site, asked: PlainScan, scan: Scan) -> bytes:
    view = plate_view(asked.address, scan, asked.language, site.settings.designs)
    return site.skeletons.page(view, partial(plain_page, site), compressed=asked.compressed)


def _json(asked: PlainScan, scan: Scan) -> bytes:
    body = bytes(JSONResponse(plate_json(scan)).body)
    small = len(body) < COMPRESSED_FROM_BYTES
    return body if small or not asked.compressed else gzip.compress(body, compresslevel=1, mtime=0)


@cache
def _headers_of(verdict: Verdict, *, as_json: bool) -> list[tuple[bytes, bytes]]:
    kind = "application/json" if as_json else "text/html; charset=utf-8"
    return _raw(headers_of(verdict) | {"Vary": f"{VARY}, Accept-Encoding", "Content-Type": kind})


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
