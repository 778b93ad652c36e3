"""Every refusal and failure as an answer: one table of statuses, one page, one JSON shape."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from store.acts.attachments import NoSuchAttachment
from store.acts.authority import NotAllowed
from store.acts.circulation import NoSuchCopy
from store.acts.forgery import NoSuchForgery
from store.acts.notices import NoSuchNotice, NoSuchObjection
from store.acts.voice import NoSuchMessage
from store.branches import NotAGeneralBranch
from store.dossier import NoSuchPost
from store.ledger import NoSuchEntry
from store.refusals import Refusal
from store.register import RegisterUnavailable
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from verify.darkroom import DarkroomFull
from verify.documents import DocumentsBusy
from verify.headers import BodyTooLarge
from verify.languages import language_of
from verify.proof import ProofNeeded
from verify.site import site_of

STATUS: dict[type[Refusal], HTTPStatus] = {
    NotAllowed: HTTPStatus.FORBIDDEN,
    NoSuchCopy: HTTPStatus.NOT_FOUND,
    NoSuchPost: HTTPStatus.NOT_FOUND,
    NotAGeneralBranch: HTTPStatus.NOT_FOUND,
    NoSuchMessage: HTTPStatus.NOT_FOUND,
    NoSuchForgery: HTTPStatus.NOT_FOUND,
    NoSuchAttachment: HTTPStatus.NOT_FOUND,
    NoSuchNotice: HTTPStatus.NOT_FOUND,
    NoSuchObjection: HTTPStatus.NOT_FOUND,
    NoSuchEntry: HTTPStatus.NOT_FOUND,
    RegisterUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    DocumentsBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    DarkroomFull: HTTPStatus.SERVICE_UNAVAILABLE,
    ProofNeeded: HTTPStatus.TOO_MANY_REQUESTS,
}
"""Refusals that are not the plain 422: what was asked cannot be done as asked."""

PLAIN_WORDS: dict[int, tuple[str, str]] = {
    400: (
        "提交的内容不完整、格式不对或文件过多，没有登记。",
        "What was sent is incomplete, malformed or of too many files; nothing was entered.",
    ),
    403: ("无权办理此事。", "You may not do this."),
    404: ("没有这个页面。", "There is no such page."),
    405: ("不能这样访问此页面。", "This page cannot be asked for in this way."),
    413: (
        "提交的内容过大，没有登记。请返回上一页，少选几张照片或缩小后再提交。",
        "What was sent is too large; nothing was entered. Go back, and send fewer or smaller photos.",
    ),
    415: ("不认识提交内容的格式。", "The form of what was sent is not known."),
    422: ("提交的内容不完整或格式不对。", "What was sent is incomplete or malformed."),
    429: ("操作过于频繁，请稍后再试。", "Too many requests; try again later."),
    500: ("系统出错，没有办成。", "Something failed; nothing was done."),
    503: ("暂时无法办理，请稍后再试。", "This cannot be done at the moment; try again later."),
}


PROBLEM_JSON = "application/problem+json"
DOUBT = {"zh": VERDICT_ZH[Verdict.UNVERIFIABLE], "en": VERDICT_EN[Verdict.UNVERIFIABLE]}
"""The words for whatever could not be asked of the register."""

RETRY_AFTER_S = 5
"""How soon to ask again what could not be answered for now."""

_QUALITY = re.compile(r"[01](\.\d{0,3})?")


def status_of(refusal: Refusal) -> HTTPStatus:
    """Return the HTTP status of a refusal, or of the nearest class it belongs to."""
    listed = (STATUS[each] for each in type(refusal).__mro__ if each in STATUS)
    return next(listed, HTTPStatus.UNPROCESSABLE_ENTITY)


def wants_json(request: Request) -> bool:
    """Whether the request would rather have JSON than a page, or brings JSON and asks for nothing."""
    accept = request.headers.get("accept", "*/*")
    if accept == "*/*":
        return "application/json" in request.headers.get("content-type", "")
    return _liking(accept, "application/json") > _liking(accept, "text/html")


def _liking(accept: str, media_type: str) -> tuple[float, int]:
    """Return the quality a media type is accepted with, and how exactly it is named (RFC 9110, 12.5.1)."""
    asked = dict(map(_media_range, accept.lower().split(",")))
    names = (media_type, media_type.partition("/")[0] + "/*", "*/*")
    return next(((asked[name], -rank) for rank, name in enumerate(names) if name in asked), (0.0, 0))


def _media_range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip() for part in text.split(";"))
    quality = next((each.removeprefix("q=") for each in parameters if each.startswith("q=")), "1")
    return name, float(quality) if _QUALITY.fullmatch(quality) else 0.0


def install(app: FastAPI, headers: Mapping[str, str]) -> None:
    """Let every failure of the application answer through this table.

    What nobody foresaw is answered as 503 as well: whoever asked has learned nothing and may ask again. It is
    answered outside the application's middleware, so that the handler brings the headers itself.
    """

    def crashed(request: Request, _: Exception) -> Response:
        response = failure(request, 503)
        response.headers.update(headers)
        return response

    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, lambda request, _: failure(request, 422))
    app.add_exception_handler(BodyTooLarge, lambda request, _: failure(request, 413))
    app.add_exception_handler(Exception, crashed)


def _on_refusal(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Refusal()
    if isinstance(refusal, ProofNeeded) and wants_json(request):
        return _proof_asked_for(refusal)
    return failure(request, status_of(refusal), zh=refusal.zh, en=refusal.en)


def _proof_asked_for(refusal: ProofNeeded) -> Response:
    """Answer with the task: its solution goes into the field altcha, or its ticket, in time, into wait."""
    status, later = status_of(refusal), {"Retry-After": str(refusal.seconds)}
    problem = _problem(status, zh=refusal.zh, en=refusal.en) | {"proof": refusal.task.as_json()}
    return JSONResponse(problem, status, later, media_type=PROBLEM_JSON)


def _problem(status: int, *, zh: str, en: str) -> dict[str, object]:
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "status": status, "title": title, "detail": en, "zh": zh, "en": en}


def _on_http(request: Request, error: Exception) -> Response:
    status, headers = 500, None
    if isinstance(error, HTTPException):
        status, headers = error.status_code, error.headers
    response = failure(request, status)
    response.headers.update(headers or {})
    return response


def failure(request: Request, status: int, *, zh: str = "", en: str = "") -> Response:
    """Answer a failure in the form the request asks for, in Chinese and English."""
    plain_zh, plain_en = PLAIN_WORDS.get(status, PLAIN_WORDS[500])
    words = {"zh": zh or plain_zh, "en": en or plain_en}
    later = {"Retry-After": str(RETRY_AFTER_S)} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    if wants_json(request):
        return JSONResponse(_problem(status, **words), status, later, media_type=PROBLEM_JSON)
    page = site_of(request).render(
        "public/failure.html", language_of(request), status=status, doubt=DOUBT, **words
    )
    return HTMLResponse(page, status, later)
