"""Reporting a plate that may be forged: where it hangs, how it looks, photos; a receipt, and the answer.

What was scanned comes along from the page of an unknown code, and is kept only where it is of our form.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from store.acts.forgery import Suspicion, of_our_form, report_forgery, report_of
from store.contacts import seal_if_left
from store.forgeries import forgery_with
from store.records import ForgeryReport
from store.refusals import Refusal
from verify.errors import status_of, wants_json
from verify.languages import Language, language_of
from verify.network import check_same_site
from verify.proof import Visitor, admitted
from verify.public.forms import UNSEEN, Seen, seen
from verify.public.photos import made_ready
from verify.public.voice import visitor_of
from verify.site import READS, Site, SiteNow, SpokenNow

PATH = "/forgery"

router = APIRouter(prefix=PATH)
SeenNow = Annotated[Seen, Depends(seen)]


@router.api_route("", methods=READS)
async def form(site: SiteNow, spoken: SpokenNow, scanned: str = "") -> HTMLResponse:
    """Ask what was seen."""
    return _form(site, spoken, replace(UNSEEN, scanned=of_our_form(scanned)))


@router.post("", dependencies=[Depends(check_same_site)])
def receive(request: Request, site: SiteNow, words: SeenNow) -> Response:
    """Receive a report; a refused one comes back with everything that was typed."""
    try:
        report = received(site, words, visitor_of(request, site))
    except Refusal as refusal:
        if wants_json(request):
            raise
        return _form(site, language_of(request), replace(words, refusal=refusal))
    where = f"{PATH}/{report.id}"
    if wants_json(request):
        return JSONResponse({"receipt": report.id}, 201, {"Location": where})
    return RedirectResponse(where, 303)


def received(site: Site, words: Seen, visitor: Visitor) -> ForgeryReport:
    """Receive what a visitor reports of a plate that may be forged, and return it as it is kept.

    Raises:
        ProofNeeded: it may not pass yet (proof.py).
        Refusal: photos, words or a contact that are not taken, or nothing at all.

    """
    receipt = admitted(site, visitor, PATH, words.brought)
    key = site.settings.contact_key
    suspicion = Suspicion(
        receipt=receipt,
        place=words.place,
        looks=words.looks,
        scanned=words.scanned,
        sealed_contact=seal_if_left(words.contact, key, subject_id=receipt, entropy=site.entropy),
        photos=made_ready(site, words.photos),
    )
    return report_forgery(site.register, site.public_authority(), suspicion)


@router.api_route("/{receipt}", methods=READS)
def receipt(site: SiteNow, spoken: SpokenNow, receipt: str) -> HTMLResponse:
    """Show that a report was received, and the answer once there is one."""
    with site.register.snapshot() as reader:
        forgery = forgery_with(reader, report_of(reader, receipt))
    return HTMLResponse(site.render("public/forgery_receipt.html", spoken, forgery=forgery))


def _form(site: Site, spoken: Language, words: Seen) -> HTMLResponse:
    page = site.render("public/forgery.html", spoken, seen=words)
    return HTMLResponse(page, status_of(words.refusal) if words.refusal else 200)
