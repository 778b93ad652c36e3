"""The roll of plates: as a page, and as a document that works without any network, PDF or Excel.

What stands is listed with post, unit and kind; what was revoked by number and day alone (F22). A document
says when it was made and carries the log's checkpoint, its signature and key. Leaves out what may be told of
a plate (store/roll.py) and how the sheet reads (store/paperwork/roll.py).
"""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from store.ledger import checkpoint
from store.paperwork.roll import Moment, roll_sheet
from store.roll import roll_page
from store.standing import VERDICT_EN, VERDICT_ZH
from store.terms import plate_kind_en, plate_kind_zh
from verify.documents import PDF, XLSX, Format
from verify.network import network_key
from verify.site import READS, Site, SiteNow, SpokenNow

DOCUMENT_LINES_MOST = 3000
"""How many plates one document lists: a few seconds of drawing. The next document begins where it ended."""

router = APIRouter()
First = Annotated[str, Query(alias="from", max_length=40)]


@router.api_route("/roll", methods=READS)
def page(site: SiteNow, spoken: SpokenNow, first: First = "") -> HTMLResponse:
    """Show the roll from a plate or a post on."""
    with site.register.snapshot() as reader:
        roll = roll_page(reader, site.clock(), first=first.strip())
        point = checkpoint(reader)
    facts = {
        "roll": roll,
        "first": first,
        "note": site.settings.ledger_key.sign(point),
        "verdicts": {each: spoken.pick(VERDICT_ZH[each], VERDICT_EN[each]) for each in VERDICT_ZH},
        "kind": plate_kind_zh if spoken.tag == "zh-CN" else plate_kind_en,
    }
    return HTMLResponse(site.render("public/roll.html", spoken, **facts))


@router.get("/roll.pdf")
def as_pdf(request: Request, site: SiteNow, first: First = "") -> Response:
    """Hand the roll out on A4, from a plate or a post on."""
    return _document(request, site, first.strip(), PDF)


@router.get("/roll.xlsx")
def as_workbook(request: Request, site: SiteNow, first: First = "") -> Response:
    """Hand the roll out as a workbook, from a plate or a post on."""
    return _document(request, site, first.strip(), XLSX)


def _document(request: Request, site: Site, first: str, wanted: Format) -> Response:
    """Make a document, or hand out the one that was made since the log grew last.

    Raises:
        HTTPException: 429, the network has asked for too many.
        DocumentsBusy: it cannot be made now.

    """
    if not site.throttles.documents.takes(network_key(request, site), site.clock()):
        raise HTTPException(429, headers={"Retry-After": "600"})
    now = site.clock()
    with site.register.snapshot() as reader:
        point = checkpoint(reader)
        key = (wanted.suffix, first, str(point))
        kept = site.documents.kept(key)
        roll = None if kept else roll_page(reader, now, first=first, most=DOCUMENT_LINES_MOST)
    if roll:
        moment = Moment(made_at=now, checkpoint=point, key=site.settings.ledger_key)
        kept = site.documents.made(key, wanted.draw, [roll_sheet(site.policy, moment, roll)])
    disposition = f'attachment; filename="gangpai-roll-{point.size}.{wanted.suffix}"'
    return Response(kept, media_type=wanted.media_type, headers={"Content-Disposition": disposition})
