"""Every request seen from outside: given an id, timed, counted, written down, by the template of its route.

Knows no path, no address and no header but the id, which only a proxy's random one may be.
"""

import re
from collections.abc import Callable

from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from verify.logs import AccessLog, request_id
from verify.metrics import Metrics

ID_HEADER = b"x-request-id"
ROUTE = "gangpai.route"
"""Where whoever answers without the application's router notes the template of the route in the scope."""

OTHER = "other"
CRASHED = 503
"""What is answered outside of this where nothing is answered inside (errors.py)."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_RANDOM = re.compile(rb"[0-9a-f]{32}")
"""As nginx makes it. Anything longer to choose from could carry a code into the log."""


class Observed:
    """Observes the application it wraps; `timer()` gives seconds, `new_id()` 32 random hexadecimal digits."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        log: AccessLog | None,
        timer: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log
        self._timer = timer
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the ASGI protocol, observed."""
        if scope["type"] == "http":
            await self._observed(scope, receive, send)
        else:
            await self._app(scope, receive, send)
            if self._log:
                self._log.flush()

    async def _observed(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, first, status, this = self._timer(), 0.0, CRASHED, _given_id(scope) or self._new_id()
        id_before = request_id.set(this)

        async def send_noted(message: Message) -> None:
            nonlocal first, status
            if message["type"] == "http.response.start":
                first, status = self._timer() - began, message["status"]
                message["headers"] = [*message.get("headers", ()), (ID_HEADER, this.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            took = self._timer() - began
            self._note(scope, status, first or took, took)
            request_id.reset(id_before)

    def _note(self, scope: Scope, status: int, first: float, took: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER
        route = route_of(scope)
        self._metrics.answered(method, route, str(status), first)
        if self._log:
            self._log.note(method, route, status, took)


def _given_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == ID_HEADER:
            return value.decode() if _RANDOM.fullmatch(value) else ""
    return ""


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered, `other` where there was none."""
    route = scope.get("route")
    below = "" if route is None or isinstance(route, Mount) else route.path
    return scope.get(ROUTE) or scope.get("root_path", "") + below or OTHER
