"""What a message from the public may look like: a form or JSON, read into one value or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from pydantic_core import from_json

from store.records import Grade, Topic
from store.refusals import Refusal
from store.terms import GRADE_ZH

C = TypeVar("C")
_FORM = "application/x-www-form-urlencoded"
_GRADES: dict[str, Grade] = {
    spelling: grade for grade in Grade for spelling in (str(grade.value), grade.name.lower(), GRADE_ZH[grade])
}


class UnknownChoice(Refusal):
    """A field holds a word that is none of its choices. Remedy: choose one of them."""

    clause_id = "F25"
    reason_zh = "“{value}”不是可选的{field_zh}。"
    reason_en = "{value!r} is no choice for {field_en}."
    remedy_zh = "可选：{choices}。"
    remedy_en = "Choices: {choices}."


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody filled in, and what was wrong with it, if anything."""

    grade: Grade | None = None
    comment: str = ""
    topic: Topic = Topic.RATING
    contact: str = ""
    refusal: Refusal | None = None


UNSAID = Said()


async def said(request: Request) -> Said:
    """Read a message from a form or from JSON.

    Raises:
        HTTPException: 415 or 422, the body is neither.
        UnknownChoice: grade or topic is none of the choices.

    """
    fields = await _fields(request)
    return Said(
        grade=_choice(fields, "grade", _GRADES, "评价"),
        comment=_text(fields, "comment"),
        topic=_choice(fields, "topic", {each.value: each for each in Topic}, "事项") or Topic.RATING,
        contact=_text(fields, "contact"),
    )


async def _fields(request: Request) -> Mapping[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _FORM:
        return await request.form()
    if kind != "application/json":
        raise HTTPException(415)
    try:
        fields = from_json(await request.body(), allow_inf_nan=False)
    except ValueError:  # no JSON, too deep, or half of a surrogate pair, which no page could show again
        fields = None
    if not isinstance(fields, dict):
        raise HTTPException(422)
    return fields


def _text(fields: Mapping[str, Any], field: str) -> str:
    value = fields.get(field) or ""
    if not isinstance(value, str):
        raise HTTPException(422)
    return value


def _choice(fields: Mapping[str, Any], field: str, choices: Mapping[str, C], field_zh: str) -> C | None:
    value = str(fields.get(field) or "").strip()
    if not value:
        return None
    if value.lower() not in choices:
        words = "、".join(choices)
        raise UnknownChoice(value=value[:40], field_zh=field_zh, field_en=field, choices=words)
    return choices[value.lower()]
