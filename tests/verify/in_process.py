"""An application asked in this process: an httpx client each of whose requests runs to its end."""

import asyncio

import httpx
from fastapi import FastAPI

HERE = ("203.0.113.7", 4711)


class InProcess(httpx.BaseTransport):
    """Hands requests to the application; what it lets escape has become its answer already."""

    def __init__(self, app: FastAPI, client: tuple[str, int] = HERE) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=client)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        body = b"".join([part async for part in answer.stream])
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body))


def visitor(app: FastAPI, base_url: str, client: tuple[str, int] = HERE) -> httpx.Client:
    """Return a browser of its own at an address; it keeps cookies and follows no redirect."""
    return httpx.Client(transport=InProcess(app, client), base_url=base_url)
