"""Answers that may be kept and asked for again only if they changed: nothing here tells how a plate stands.

A tag is made of the bytes (RFC 9110, 8.8.3); it is weak, since the answer may be compressed on its way.
"""

import hashlib

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

ASK_AGAIN = "public, no-cache"
"""Kept, but asked for each time whether it still holds."""

FOR_EVER = "public, max-age=31536000, immutable"

JSON = "application/json"


def kept(request: Request, model: BaseModel, cache_control: str = ASK_AGAIN) -> Response:
    """Answer a model, or that the client has it already."""
    return kept_bytes(request, model.model_dump_json(by_alias=True).encode(), JSON, cache_control)


def kept_bytes(request: Request, body: bytes, media_type: str, cache_control: str = ASK_AGAIN) -> Response:
    """Answer bytes, or 304 where the client names their tag (RFC 9110, 13.1.2)."""
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache_control}
    if _names(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _names(asked: str, tag: str) -> bool:
    known = {each.strip().removeprefix("W/") for each in asked.split(",")}
    return "*" in known or tag.removeprefix("W/") in known
