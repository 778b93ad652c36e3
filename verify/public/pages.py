"""The pages that are not about one plate, and the drawing of a plate that is none."""

from functools import lru_cache

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from plaques.design.library import DesignLibrary
from plaques.print_run import preview_png
from plaques.probe import Letterhead, sample_copies
from store.clauses import STANDARDS_EN, STANDARDS_ZH
from store.public_texts import SUBJECT_EN, SUBJECT_ZH, public_texts
from store.records import Product, Stage, TextSubject, VetoCause
from store.register import RegisterUnavailable
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from store.terms import VETO_CAUSE_EN, VETO_CAUSE_ZH
from verify.plate import PICTURE_WIDTH_PX
from verify.site import READS, Site, SiteNow, SpokenNow

MOST_READ = (Verdict.VALID, Verdict.CREATING, Verdict.REVOKED)
"""The verdicts that the front page shows, since they are what most scans read."""

COMPLAINTS_GO_TO = (TextSubject.COMPLAINT_PHONE, TextSubject.COMPLAINT_PLACE)

router = APIRouter()


@router.api_route("/", methods=READS)
def welcome(site: SiteNow, spoken: SpokenNow) -> HTMLResponse:
    """Explain the programme, how to check a plate and how to complain (F37)."""
    causes = [(VETO_CAUSE_ZH[cause], VETO_CAUSE_EN[cause]) for cause in VetoCause]
    standards = tuple(zip(STANDARDS_ZH, STANDARDS_EN, strict=True))
    words = [(spoken.pick(VERDICT_ZH[each], VERDICT_EN[each]), each.value) for each in MOST_READ]
    told: dict[str, object] = {"causes": causes, "standards": standards, "words": words}
    told["own"] = _own_words(site)
    told["labels"] = [(each, spoken.pick(SUBJECT_ZH[each], SUBJECT_EN[each])) for each in COMPLAINTS_GO_TO]
    return HTMLResponse(site.render("public/welcome.html", spoken, **told))


def _own_words(site: Site) -> dict[str, str]:
    """Return what the office says in its own words; nothing while the register cannot be read."""
    try:
        told = public_texts(site.register)
    except RegisterUnavailable:
        told = {}
    return {subject.value: told.get(subject, "") for subject in TextSubject}


@router.api_route("/specimen.png", methods=READS)
def specimen(site: SiteNow) -> Response:
    """Return a drawing of a plate as this office has them made, marked 样张; its code reads as a proof."""
    settings, policy = site.settings, site.in_force.told()
    drawn = _specimen(
        settings.designs, policy.committee_name, policy.headings[Stage.TITLE], settings.base_url
    )
    return Response(drawn, media_type="image/png")


@lru_cache(maxsize=1)
def _specimen(designs: DesignLibrary, issuer: str, heading: str, base_url: str) -> bytes:
    design = designs.design(Product.PLAQUE)
    letterhead = Letterhead(headings={Stage.TITLE: heading}, issuer=issuer)
    [copy] = sample_copies(design, letterhead, Stage.TITLE)
    return preview_png(copy, design, base_url=base_url, width_px=PICTURE_WIDTH_PX)


@router.api_route("/robots.txt", methods=READS)
async def robots() -> PlainTextResponse:
    """Ask crawlers to stay away: the addresses of plates are secrets."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
