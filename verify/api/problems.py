"""Every error of the API as problem details (RFC 9457): what they say, and the page each type leads to.

Knows the names of the types. A refusal's type is its class, which stands for one reason; what HTTP itself
refuses has a type of its own. Leaves out which rule refuses what.
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from store.acts.circulation import AlreadyReturned
from store.refusals import Refusal
from verify import errors
from verify.errors import PLAIN_WORDS, RETRY_AFTER_S
from verify.headers import BodyTooLarge
from verify.proof import ProofNeeded

PROBLEM_JSON = "application/problem+json"
PREFIX = "/api/v1/problems/"

NAMES: dict[int, str] = {
    400: "bad-request",
    403: "foreign-page",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "malformed",
    429: "too-many-requests",
    503: "unavailable",
}
"""What HTTP itself refuses: the names of those types, by status."""


class TokenMissing(Refusal):
    """The request shows no token. Remedy: send one, as Authorization: Bearer."""

    reason_zh = "此接口需要令牌。"
    reason_en = "This needs a token."
    remedy_zh = "请在请求头 Authorization 中给出 Bearer gp_…（gangpai token add）。"
    remedy_en = "Send the header Authorization: Bearer gp_… (gangpai token add)."


class TokenNotGood(Refusal):
    """The token was never granted, has expired or was taken back. Remedy: have another one granted."""

    reason_zh = "令牌无效、已到期或已收回。"
    reason_en = "The token is unknown, has expired or was taken back."
    remedy_zh = "请向系统管理员另领令牌。"
    remedy_en = "Ask the administrator for another one."


class ScopeMissing(Refusal):
    """The token does not open this. Remedy: have one granted with the scope named."""

    reason_zh = "令牌没有权限 {scope}。"
    reason_en = "The token lacks the scope {scope}."
    remedy_zh = "请向系统管理员申领带此权限的令牌。"
    remedy_en = "Ask the administrator for a token with it."


STATUS: dict[type[Refusal], HTTPStatus] = {
    TokenMissing: HTTPStatus.UNAUTHORIZED,
    TokenNotGood: HTTPStatus.UNAUTHORIZED,
    ScopeMissing: HTTPStatus.FORBIDDEN,
    AlreadyReturned: HTTPStatus.CONFLICT,
}
"""Refusals whose status the API tells apart; the others answer as everywhere (errors.py)."""


class Fault(BaseModel):
    """One thing wrong with what was sent: in which part, where in it (JSON Pointer, RFC 6901), and what."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    part: Annotated[str, Field(alias="in", examples=["query"])]
    pointer: Annotated[str, Field(examples=["#/limit"])]
    detail: Annotated[str, Field(examples=["Input should be less than or equal to 200"])]


class Challenge(BaseModel):
    """A proof of work as altcha's clients read it."""

    model_config = ConfigDict(extra="forbid")

    algorithm: str
    challenge: str
    maxnumber: int
    salt: str
    signature: str


class Proof(BaseModel):
    """What lets a message pass beyond the soft limit: a challenge to solve, or a ticket to wait with."""

    model_config = ConfigDict(extra="forbid")

    challenge: Challenge
    wait: str


class Problem(BaseModel):
    """An error (RFC 9457). `type` leads to a page about its kind; `detail` is English, `zh` Chinese."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(description="A stable URI reference; follow it to read about the kind.")]
    title: Annotated[str, Field(description="The kind in words, the same for every error of this type.")]
    status: int
    detail: Annotated[str, Field(description="What happened here, in English.")]
    zh: Annotated[str, Field(description="What happened here, in Chinese.")]
    clause: Annotated[
        str | None, Field(description="The clause of the founding plan a refusal rests on, such as F23.")
    ] = None
    remedy: Annotated[str | None, Field(description="What to do about a refusal.")] = None
    errors: Annotated[list[Fault] | None, Field(description="Where the input is wrong.")] = None
    proof: Annotated[
        Proof | None, Field(description="What would let a message pass; see the fields `altcha` and `wait`.")
    ] = None


class ProblemKind(BaseModel):
    """A kind of error: what `type` leads to, with … for values that differ from case to case."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    detail: str
    zh: str
    clause: str | None


def status_of(refusal: Refusal | type[Refusal]) -> HTTPStatus:
    """Return the HTTP status of a refusal."""
    kind = refusal if isinstance(refusal, type) else type(refusal)
    listed = (table[each] for each in kind.__mro__ for table in (STATUS, errors.STATUS) if each in table)
    return next(listed, HTTPStatus.UNPROCESSABLE_ENTITY)


def install(api: FastAPI) -> None:
    """Let every failure of the API answer as problem details.

    What nobody foresaw is answered as 503: whoever asked has learned nothing and may ask again.
    """
    api.add_exception_handler(Refusal, _on_refusal)
    api.add_exception_handler(HTTPException, _on_http)
    api.add_exception_handler(RequestValidationError, _on_malformed)
    api.add_exception_handler(BodyTooLarge, lambda *_: plain(413))
    api.add_exception_handler(Exception, lambda *_: plain(503))


def plain(
    status: int, headers: Mapping[str, str] | None = None, faults: list[Fault] | None = None
) -> Response:
    """Answer what HTTP itself refuses."""
    zh, en = PLAIN_WORDS.get(status, PLAIN_WORDS[422])
    problem = Problem(
        type=PREFIX + NAMES.get(status, NAMES[422]),
        title=HTTPStatus(status).phrase,
        status=status,
        detail=en,
        zh=zh,
        errors=faults,
    )
    return _answer(problem, headers)


def _on_refusal(_: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Refusal()
    problem = Problem(
        type=PREFIX + name_of(type(refusal)),
        title=_title(type(refusal)),
        status=status_of(refusal),
        detail=refusal.en,
        zh=refusal.zh,
        clause=refusal.clause_id or None,
        remedy=refusal.remedy_en.format(**refusal.facts) or None,
        proof=Proof.model_validate(refusal.task.as_json()) if isinstance(refusal, ProofNeeded) else None,
    )
    return _answer(problem, _hint(refusal))


def _hint(refusal: Refusal) -> dict[str, str]:
    """Return what tells a client how to be let in, or when (RFC 6750, 3)."""
    if isinstance(refusal, ProofNeeded):
        return {"Retry-After": str(refusal.seconds)}
    if isinstance(refusal, TokenMissing):
        return {"WWW-Authenticate": 'Bearer realm="gangpai"'}
    if isinstance(refusal, TokenNotGood):
        return {"WWW-Authenticate": 'Bearer realm="gangpai", error="invalid_token"'}
    if isinstance(refusal, ScopeMissing):
        scope = refusal.facts["scope"]
        return {"WWW-Authenticate": f'Bearer realm="gangpai", error="insufficient_scope", scope="{scope}"'}
    return {}


def _on_http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return plain(503)
    return plain(error.status_code, error.headers)


def _on_malformed(_: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    return plain(422, faults=[_fault(each["loc"], each["msg"]) for each in found])


def _fault(place: tuple[str | int, ...], message: str) -> Fault:
    part, *path = place
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return Fault(part=str(part), pointer="#" + "".join(f"/{step}" for step in steps), detail=message)


def _answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    later = {"Retry-After": str(RETRY_AFTER_S)} if problem.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return JSONResponse(
        problem.model_dump(exclude_none=True, by_alias=True),
        problem.status,
        later | dict(headers or {}),
        media_type=PROBLEM_JSON,
    )


def kind_named(name: str) -> ProblemKind | None:
    """Return what there is to say about errors of a type, by the last part of its URI."""
    for status, known in NAMES.items():
        if known == name:
            return _plain_kind(status)
    return next((_refusal_kind(each) for each in _refusals() if name_of(each) == name), None)


def name_of(refusal: type[Refusal]) -> str:
    """Return the name of a refusal's type: its class, as addresses are written."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", refusal.__name__).lower()


def _plain_kind(status: int) -> ProblemKind:
    zh, en = PLAIN_WORDS[status]
    title = HTTPStatus(status).phrase
    return ProblemKind(type=PREFIX + NAMES[status], title=title, status=status, detail=en, zh=zh, clause=None)


def _refusal_kind(refusal: type[Refusal]) -> ProblemKind:
    return ProblemKind(
        type=PREFIX + name_of(refusal),
        title=_title(refusal),
        status=status_of(refusal),
        detail=_blanked(f"{refusal.reason_en} {refusal.remedy_en}").strip(),
        zh=_blanked(refusal.reason_zh + refusal.remedy_zh),
        clause=refusal.clause_id or None,
    )


def _title(refusal: type[Refusal]) -> str:
    return (refusal.__doc__ or "").partition(" Remedy:")[0].strip()


def _blanked(text: str) -> str:
    return re.sub(r"\{[^}]*\}", "…", text)


def _refusals(above: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for each in above.__subclasses__():
        yield each
        yield from _refusals(each)
