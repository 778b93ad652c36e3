"""What every answer of the API carries around its body: limits, who may read it, HEAD and OPTIONS.

What is public may be read by the page of any origin, without cookies (Fetch Standard, CORS protocol); what
wants a token, and what changes anything, by none.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from verify.api.annex import PATH
from verify.api.doors import ApiRoute, Public, limits
from verify.observing import ROUTE
from verify.throttle import Spending

_READ = ("GET", "HEAD")
_READABLE = "ETag, RateLimit, RateLimit-Policy, Retry-After"
_PREFLIGHT_S = 86_400


class Envelope:
    """Puts the answers of the application it wraps into their envelopes."""

    def __init__(self, app: ASGIApp, routes: Sequence[ApiRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the ASGI protocol."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        found = [each for each in self._routes if each.matches(scope)[0] is not Match.NONE]
        scope[ROUTE] = PATH + found[0].path if found else ""
        inner = dict(scope, method="GET") if scope["method"] == "HEAD" else scope
        inner["state"] = state = dict(scope.get("state", {}))

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(dict(_fields(state, _readers(found, scope))))
                _correct_method(message, found)
            elif scope["method"] == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        if scope["method"] == "OPTIONS" and found:
            await _tell_options(scope, found, sealed)
            return
        await self._app(inner, receive, sealed)


def _readers(found: Sequence[ApiRoute], scope: Scope) -> bool:
    """Whether pages of any origin may read the answer."""
    reads = scope["method"] in {*_READ, "OPTIONS"}
    return reads and any(isinstance(each.door, Public) and "GET" in _methods(each) for each in found)


def _fields(state: dict[str, Any], readable: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001 - the two kinds there are
    spending = state.get("spending")
    if isinstance(spending, Spending):
        yield from limits(spending).items()
    if readable:
        yield "Access-Control-Allow-Origin", "*"
        yield "Access-Control-Expose-Headers", _READABLE
        yield "Cross-Origin-Resource-Policy", "cross-origin"


def _allowed(found: Sequence[ApiRoute]) -> str:
    methods = {method for each in found for method in _methods(each)} | {"OPTIONS"}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _methods(route: ApiRoute) -> set[str]:
    return route.methods or set()


def _correct_method(message: Message, found: Sequence[ApiRoute]) -> None:
    """Name every method of the path, where one was asked for that it lacks (RFC 9110, 15.5.6)."""
    if message["status"] == 405:  # noqa: PLR2004 - the status the line above names
        MutableHeaders(scope=message)["Allow"] = _allowed(found)


async def _tell_options(scope: Scope, found: Sequence[ApiRoute], send: Send) -> None:
    """Tell what may be asked of a path, also to a browser that asks on behalf of a page (CORS preflight)."""
    headers = MutableHeaders({"Allow": _allowed(found)})
    if "access-control-request-method" in Headers(scope=scope) and _readers(found, scope):
        headers["Access-Control-Allow-Methods"] = ", ".join(_READ)
        headers["Access-Control-Allow-Headers"] = "If-None-Match"
        headers["Access-Control-Max-Age"] = str(_PREFLIGHT_S)
    await send({"type": "http.response.start", "status": 204, "headers": headers.raw})
    await send({"type": "http.response.body", "body": b""})
