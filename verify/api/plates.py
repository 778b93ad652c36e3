"""How a plate stands, by the code in its matrix or the number in letters; and what the public says of it."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from store.records import PlatePart, Product, Stage, Topic
from store.standing import Verdict
from verify.api.bodies import described, only_json
from verify.api.doors import ApiRoute, Public, Visitor
from verify.api.told import PlateNumberText, Told, Verdicts, error, errors
from verify.errors import RETRY_AFTER_S
from verify.network import check_same_site
from verify.plate import STATUS, Address, address_of_code, address_of_number, look_up, plate_json
from verify.public.forms import Said, said
from verify.public.plates import check_pace
from verify.public.voice import receive

router = APIRouter(route_class=ApiRoute, tags=["plates"])
Anybody = Annotated[Visitor, Depends(Public())]
Code = Annotated[
    str, Path(description="26 characters of Crockford Base32, in any case.", examples=["0" * 25 + "1"])
]
Number = Annotated[str, Path(description="The printed number, with or without hyphens.")]


class Deed(Told):
    """An exemplary deed of a post (F36)."""

    title: str
    text: str


class Plate(Told):
    """A plate, as far as its standing lets it be shown.

    A revoked one has number, product, stage and branch alone; place and post are told unless it was revoked;
    all else, names among it, only while it stands.
    """

    number: PlateNumberText
    product: Product
    stage: Stage
    branch: Annotated[str, Field(description="The name of the general branch, as printed.")]
    post_name: str | None = None
    place: str | None = None
    issued_at: datetime | None = None
    heading: str | None = None
    duties: str | None = None
    member_count: int | None = None
    names: Annotated[list[str] | None, Field(description="The members, as printed.")] = None
    holder: str | None = None
    holder_title: str | None = None
    issuer: str | None = None
    dated_on: date | None = None
    mark: str | None = None
    commitment: str | None = None
    deeds: list[Deed] | None = None


class PlateStanding(Verdicts):
    """How a plate stands at the moment it was read; never kept, never to be kept."""

    checked_at: datetime
    since: datetime | None
    successor: Annotated[str | None, Field(description="The number of the plate that took its place.")]
    plate: Plate | None


class Message(Told):
    """What somebody says of a plate. There has to be a grade, or a topic beyond `rating`, or a comment."""

    grade: Annotated[
        int | str | None, Field(description="5 (very satisfied) to 1, or its name.", examples=[5])
    ] = None
    topic: Topic = Topic.RATING
    comment: Annotated[str, Field(max_length=500)] = ""
    differs: Annotated[
        PlatePart | None, Field(description="With the topic `plate_differs`: what of the plate does.")
    ] = None
    contact: Annotated[str, Field(description="Sealed on arrival; only the committee can open it.")] = ""
    altcha: Annotated[
        str, Field(description="After a 429 with `proof`: the solution of its challenge, as altcha has it.")
    ] = ""
    wait: Annotated[
        str, Field(description="After a 429 with `proof`: its ticket, shown again when the wait is over.")
    ] = ""


class Received(Told):
    """A message was received; its receipt leads to the answer, at /receipt/{receipt}."""

    receipt: str
    counted: Annotated[bool, Field(description="Whether the grade counts: once a week, plate and device.")]
    topic: Topic


_VERDICTS: dict[int | str, dict[str, Any]] = {
    404: error(404) | {"model": PlateStanding, "description": "No plate carries this (standing: unknown)"},
    503: error(503)
    | {"model": PlateStanding, "description": "Cannot be verified now (standing: unverifiable)"},
}


@router.get(
    "/plates/{code}",
    summary="按编码核验标牌 · How a plate stands, by the code in its matrix",
    response_model=PlateStanding,
    responses=_VERDICTS,
)
async def plate(anybody: Anybody, code: Code) -> JSONResponse:
    """Return what a scan shows: the same answer as `GET /{code}` asked for JSON."""
    return _standing(anybody, address_of_code(code))


@router.get(
    "/plates/number/{number}",
    summary="按牌面编号核验标牌 · How a plate stands, by its printed number",
    response_model=PlateStanding,
    responses=_VERDICTS,
)
async def plate_by_number(anybody: Anybody, number: Number) -> JSONResponse:
    """Return what the look-up by number shows. A network may ask for so many different numbers an hour."""
    address = address_of_number(number)
    if address.number is not None:
        check_pace(anybody.request, anybody.site, str(address.number))
    return _standing(anybody, address)


def _standing(anybody: Visitor, address: Address) -> JSONResponse:
    scan = look_up(anybody.site, address)
    verdict = scan.standing.verdict
    anybody.site.metrics.scans.labels(verdict.value).inc()
    status = STATUS.get(verdict, 200)
    later = {"Retry-After": str(RETRY_AFTER_S)} if status == STATUS[Verdict.UNVERIFIABLE] else None
    return JSONResponse(plate_json(scan), status, later)


@router.post(
    "/plates/{code}/feedback",
    summary="评价、投诉、表扬 · Say something of a plate",
    response_model=Received,
    status_code=201,
    responses=errors(403, 413, 415, 422) | _VERDICTS,
    dependencies=[Depends(check_same_site), Depends(only_json)],
    openapi_extra=described("Message"),
)
def feedback(anybody: Anybody, code: Code, words: Annotated[Said, Depends(said)]) -> Response:
    """Receive a message, as `POST /{code}/feedback` does, photos aside. Nothing is kept of who spoke."""
    return receive(_as_machine(anybody.request), anybody.site, address_of_code(code), words)


def _as_machine(request: Request) -> Request:
    """Return the request as one that wants JSON, whatever else it would take."""
    others = [each for each in request.scope["headers"] if each[0] != b"accept"]
    headers = [*others, (b"accept", b"application/json")]
    return Request({**request.scope, "headers": headers}, request.receive)
