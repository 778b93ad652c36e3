"""What a message from the public may look like: a form, with photos or without, or JSON; read or refused.

Knows the fields, how much of each is read at all, and which requests may be larger because photos come with
them. Leaves out what becomes of a message.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from fastapi import HTTPException, Request
from pydantic_core import from_json
from starlette.datastructures import FormData, UploadFile
from starlette.types import Scope

from store.acts.forgery import LOOKS_LONGEST, PLACE_LONGEST
from store.acts.voice import COMMENT_LONGEST
from store.contacts import CONTACT_LONGEST
from store.records import Grade, PlatePart, Topic
from store.refusals import Refusal
from store.terms import GRADE_ZH, PLATE_PART_EN, PLATE_PART_ZH
from verify.photos import PHOTO_BYTES_MOST, PHOTOS_MOST
from verify.proof import NOTHING_BROUGHT, Brought

C = TypeVar("C")
FORM_BYTES_MOST = 64 * 1024
"""What the words of any form of ours need, many times over."""

PHOTO_FORM_BYTES_MOST = PHOTOS_MOST * PHOTO_BYTES_MOST + FORM_BYTES_MOST
ROSTER_FORM_BYTES_MOST = 8 * 1024 * 1024
"""A roster of five megabytes, or its cells as the page carries them, or a file to be kept."""

FIELDS_MOST = 20
FILES_READ_MOST = 10
"""One file too many is refused in words; so many too many are not read on."""

_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_FOREIGN_LETTERS = re.compile(r";\s*charset\s*=", re.IGNORECASE)
"""No browser names the letters of a form with files; some that could be named take for ever to read."""

_TAKES_PHOTOS = re.compile(
    r"(?<!/console)/feedback$|^/receipt/[^/]+/addition$|^/forgery$|^/console/recalls/[^/]+/photo$"
)
_TAKES_ROSTERS = re.compile(r"/console/import(?:/apply)?|/console/posts/[^/]+/acts/attach")
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
class Filled:
    """What somebody filled in, whatever the form, and what was wrong with it, if anything."""

    photos_most: ClassVar[int] = PHOTOS_MOST
    contact_longest: ClassVar[int] = CONTACT_LONGEST

    contact: str = ""
    photos: tuple[UploadFile, ...] = ()
    brought: Brought = NOTHING_BROUGHT
    refusal: Refusal | None = None


@dataclass(frozen=True, kw_only=True)
class Said(Filled):
    """What somebody says about a plate, or has to add to it."""

    comment_longest: ClassVar[int] = COMMENT_LONGEST
    plate_parts: ClassVar[tuple[tuple[PlatePart, str, str], ...]] = tuple(
        (part, PLATE_PART_ZH[part], PLATE_PART_EN[part]) for part in PlatePart
    )

    grade: Grade | None = None
    comment: str = ""
    topic: Topic = Topic.RATING
    differs: PlatePart | None = None

    @property
    def is_report(self) -> bool:
        """Whether it reports something of the plate itself, so that it needs neither grade nor words."""
        return self.topic in REPORTS

    @property
    def says_more(self) -> bool:
        """Whether more was filled in than a grade."""
        return bool(self.comment or self.contact or self.photos or self.topic in PARTICULAR)


@dataclass(frozen=True, kw_only=True)
class Seen(Filled):
    """What somebody reports of a plate that may be forged."""

    place_longest: ClassVar[int] = PLACE_LONGEST
    looks_longest: ClassVar[int] = LOOKS_LONGEST

    place: str = ""
    looks: str = ""
    scanned: str = ""


PARTICULAR = frozenset({Topic.COMPLAINT, Topic.PRAISE})
"""What a message may be said to be; of itself it is a rating or a suggestion."""

REPORTS = frozenset({Topic.PLATE_DIFFERS, Topic.NOT_HERE, Topic.STILL_DISPLAYED})

UNSAID = Said()
UNSEEN = Seen()


def bytes_most(scope: Scope) -> int:
    """Return how many bytes the body of a request may have: many only where photos or rosters are taken."""
    kinds = [value for name, value in scope["headers"] if name == b"content-type"]
    brings_files = any(kind.strip().lower().startswith(_MULTIPART.encode()) for kind in kinds)
    if scope["method"] != "POST" or not brings_files:
        return FORM_BYTES_MOST
    if _TAKES_ROSTERS.fullmatch(scope["path"]):
        return ROSTER_FORM_BYTES_MOST
    return PHOTO_FORM_BYTES_MOST if _TAKES_PHOTOS.search(scope["path"]) else FORM_BYTES_MOST


async def said(request: Request) -> AsyncIterator[Said]:
    """Read what somebody says about a plate; its photos stay open until the request is answered.

    Raises:
        HTTPException: 400, 415 or 422, the body is neither a form nor JSON.
        UnknownChoice: grade, topic or what differs is none of the choices.

    """
    async with _fields(request) as fields:
        yield Said(
            grade=_choice(fields, "grade", _GRADES, "评价"),
            comment=_text(fields, "comment"),
            topic=_choice(fields, "topic", {each.value: each for each in Topic}, "事项") or Topic.RATING,
            differs=_choice(fields, "differs", {each.value: each for each in PlatePart}, "不符之处"),
            contact=_text(fields, "contact"),
            photos=_photos(fields),
            brought=_brought(fields),
        )


async def seen(request: Request) -> AsyncIterator[Seen]:
    """Read what somebody reports of a plate that may be forged; as `said` does.

    Raises:
        HTTPException: 400, 415 or 422, the body is neither a form nor JSON.

    """
    async with _fields(request) as fields:
        yield Seen(
            place=_text(fields, "place"),
            looks=_text(fields, "looks"),
            scanned=_text(fields, "scanned"),
            contact=_text(fields, "contact"),
            photos=_photos(fields),
            brought=_brought(fields),
        )


@asynccontextmanager
async def _fields(request: Request) -> AsyncIterator[Mapping[str, Any]]:
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _MULTIPART and _FOREIGN_LETTERS.search(content_type):
        raise HTTPException(415)
    if kind in {_URLENCODED, _MULTIPART}:
        limits = {"max_files": FILES_READ_MOST, "max_fields": FIELDS_MOST, "max_part_size": FORM_BYTES_MOST}
        async with request.form(**limits) as form:
            yield form
    elif kind == "application/json":
        yield _object(await request.body())
    else:
        raise HTTPException(415)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        fields = from_json(body, allow_inf_nan=False)
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


def _photos(fields: Mapping[str, Any]) -> tuple[UploadFile, ...]:
    """Return the files chosen; a browser sends one without a name where none was."""
    if not isinstance(fields, FormData):
        return ()
    files = [each for each in fields.getlist("photos") if not isinstance(each, str)]
    return tuple(each for each in files if each.filename or each.size)


def _brought(fields: Mapping[str, Any]) -> Brought:
    return Brought(solution=_text(fields, "altcha"), ticket=_text(fields, "wait"))


def _choice(fields: Mapping[str, Any], field: str, choices: Mapping[str, C], field_zh: str) -> C | None:
    value = str(fields.get(field) or "").strip()
    if not value:
        return None
    if value.lower() not in choices:
        words = "、".join(choices)
        raise UnknownChoice(value=value[:40], field_zh=field_zh, field_en=field, choices=words)
    return choices[value.lower()]
