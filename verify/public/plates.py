"""The scan page, its picture and its live stream, for a code in a matrix and for a number in letters.

Reading changes nothing: no route here writes. The scan itself is answered on the event loop, since it reads a
few indexed rows; the picture is drawn in a worker thread.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from markupsafe import Markup

from store.codes import NotAPlateNumber, PlateNumber
from store.lookup import Scan
from store.records import Grade, PlatePart
from store.refusals import Refusal
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from store.terms import GRADE_EN, GRADE_ZH, PLATE_PART_EN, PLATE_PART_ZH
from verify.errors import RETRY_AFTER_S, wants_json
from verify.languages import Language, language_of
from verify.live import EventStream, NoAnswer, NothingToFollow
from verify.network import network_key
from verify.pictures import picture as drawn
from verify.plate import (
    PICTURE_WIDTH_PX,
    STATUS,
    Address,
    PlateView,
    address_of_code,
    address_of_number,
    look_up,
    plate_json,
    plate_view,
)
from verify.public.forms import UNSAID, Said
from verify.site import READS, Site, SiteNow, SpokenNow, site_of

VARY = "Accept, Accept-Language, Cookie"
"""What else a scan's answer depends on."""

NUMBER_LONGEST = 40
GRADES = tuple((grade, GRADE_ZH[grade], GRADE_EN[grade]) for grade in Grade)
"""The five grades as a form offers them, best first."""

PLATE_PARTS = tuple((part, PLATE_PART_ZH[part], PLATE_PART_EN[part]) for part in PlatePart)
"""What of a plate may differ, as a form offers it."""

router = APIRouter()


async def address_asked(request: Request) -> Address:
    """Return the address in the path: a matrix's code, or a printed number; numbers are throttled."""
    site, path = site_of(request), request.path_params
    if "number" not in path:
        return address_of_code(path["code"])
    address = address_of_number(path["number"])
    if address.number is not None:
        check_pace(request, site, str(address.number))
    return address


def check_pace(request: Request, site: Site, number: str) -> None:
    """Let a look-up by number pass unless its network counts the numbers through (throttle.py).

    Raises:
        HTTPException: 429, it has asked for too many different ones.

    """
    if not site.throttles.numbers.lets(network_key(request, site), number, site.clock()):
        raise HTTPException(429, headers={"Retry-After": "30"})


AddressAsked = Annotated[Address, Depends(address_asked)]


def scan_answer(
    request: Request, site: Site, address: Address, *, said: Said = UNSAID, status: int = 0
) -> Response:
    """Look a plate up and answer; `said` is what a refused message had in its fields."""
    return _answer(request, address, look_up(site, address), said, status)


def _answer(request: Request, address: Address, scan: Scan, said: Said = UNSAID, status: int = 0) -> Response:
    site, verdict = site_of(request), scan.standing.verdict
    site.metrics.scans.labels(verdict.value).inc()
    status, headers = status or STATUS.get(verdict, 200), headers_of(verdict)
    if wants_json(request):
        return JSONResponse(plate_json(scan), status, headers)
    if request.method == "GET":
        site.scan_tally.count(verdict)
    view = plate_view(address, scan, language_of(request), site.settings.designs)
    panel = site.panel(request, site, scan.copy) if scan.copy else ""
    return HTMLResponse(_scan_page(site, view, said, panel), status, headers)


def headers_of(verdict: Verdict) -> dict[str, str]:
    """Return the headers that a scan with this verdict has of its own."""
    doubtful = verdict is Verdict.UNVERIFIABLE
    return {"Vary": VARY} | ({"Retry-After": str(RETRY_AFTER_S)} if doubtful else {})


def plain_page(site: Site, view: PlateView) -> str:
    """Render the page of whoever has said nothing yet and is not signed in."""
    return _scan_page(site, view, UNSAID, panel="")


def _scan_page(site: Site, view: PlateView, said: Said, panel: str) -> str:
    return site.render(
        "public/plate.html",
        view.language,
        view=view,
        said=said,
        panel=Markup(panel),  # noqa: S704 - a page part, escaped when it was rendered
        grades=GRADES,
        plate_parts=PLATE_PARTS,
        other_word=_word(view.language.other, view.verdict),
        doubt=_word(view.language, Verdict.UNVERIFIABLE),
        doubt_aside=_word(view.language.other, Verdict.UNVERIFIABLE),
    )


def _word(language: Language, verdict: Verdict) -> str:
    return language.pick(VERDICT_ZH[verdict], VERDICT_EN[verdict])


@router.api_route("/number", methods=READS)
async def number_form(site: SiteNow, spoken: SpokenNow, number: str = "") -> Response:
    """Ask for the number on a plate, and lead to its page."""
    if not number.strip():
        return HTMLResponse(site.render("public/number.html", spoken, number="", refusal=None))
    try:
        asked = PlateNumber.parse(number)
    except NotAPlateNumber as refusal:
        page = site.render("public/number.html", spoken, number=number[:NUMBER_LONGEST], refusal=refusal)
        return HTMLResponse(page, 422)
    return RedirectResponse(f"/number/{asked}", 303)


@router.api_route("/{code}/plate.png", methods=READS)
def picture(site: SiteNow, address: AddressAsked) -> Response:
    """Return the plate exactly as printed, while its face may be shown."""
    scan = look_up(site, address)
    if scan.copy is None or not scan.standing.stands:
        raise HTTPException(STATUS.get(scan.standing.verdict, 404))
    try:
        content = drawn(site.settings.designs, scan.copy, site.settings.base_url, PICTURE_WIDTH_PX)
    except Refusal as refusal:
        raise HTTPException(404) from refusal
    return Response(content, media_type="image/png")


@router.get("/number/{number}/live")
@router.get("/{code}/live")
async def stream(request: Request, site: SiteNow, address: AddressAsked) -> Response:
    """Tell an open page its standing now and at every change; a code nobody carries has nothing to tell."""
    try:
        page = await site.hub.opened(address, network_key(request, site))
    except NothingToFollow as error:
        raise HTTPException(404) from error
    except NoAnswer as error:
        raise HTTPException(503, headers={"Retry-After": str(RETRY_AFTER_S)}) from error
    return EventStream(page, close=lambda: site.hub.close(page))


@router.api_route("/number/{number}", methods=READS)
@router.api_route("/{code}", methods=READS)
async def show(request: Request, site: SiteNow, address: AddressAsked) -> Response:
    """Answer a scan."""
    return _answer(request, address, await site.together.scan(address))
