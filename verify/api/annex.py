"""The API's place within the site: every address below /api/v1 is its own, whatever characters it holds."""

from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/api/v1"


class Annex:
    """Hands what is asked below PATH to the API, and everything else to the site.

    Starlette's own mounts pass over addresses with a line break, which would be answered as pages.
    """

    def __init__(self, app: ASGIApp, api: ASGIApp) -> None:
        self._app = app
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the ASGI protocol."""
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{PATH}/"):
            scope["root_path"] = scope.get("root_path", "") + PATH
            scope["path"] += "/" if scope["path"] == PATH else ""
            await self._api(scope, receive, send)
        else:
            await self._app(scope, receive, send)
