"""What a tool sends: JSON of a described shape, or a refusal that points at what is wrong."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.exceptions import HTTPException

M = TypeVar("M", bound=BaseModel)


def body_of(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """Return what reads a body of this shape.

    It raises HTTPException 415 or 422, the body is no JSON, and RequestValidationError, it has another shape.
    """

    async def read(request: Request) -> M:
        await only_json(request)
        try:
            return model.model_validate(from_json(await request.body(), allow_inf_nan=False))
        except ValidationError as error:
            raise RequestValidationError(_in_the_body(error)) from error
        except ValueError as error:  # no JSON, too deep, or half of a surrogate pair
            raise HTTPException(422) from error

    return read


def _in_the_body(error: ValidationError) -> list[dict[str, object]]:
    return [{"loc": ("body", *each["loc"]), "msg": each["msg"]} for each in error.errors()]


async def only_json(request: Request) -> None:
    """Let a request pass that brings JSON.

    Raises:
        HTTPException: 415, it brings something else.

    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415)


def described(model: str) -> dict[str, object]:
    """Return the description of a body whose shape is among the document's schemas."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
