"""The pages that are not about one plate."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse

from store.clauses import STANDARDS_EN, STANDARDS_ZH
from store.records import VetoCause
from store.terms import VETO_CAUSE_EN, VETO_CAUSE_ZH
from verify.site import READS, SiteNow, SpokenNow

router = APIRouter()


@router.api_route("/", methods=READS)
def welcome(site: SiteNow, spoken: SpokenNow) -> HTMLResponse:
    """Explain the programme, how to check a plate and how to complain (F37)."""
    causes = [(VETO_CAUSE_ZH[cause], VETO_CAUSE_EN[cause]) for cause in VetoCause]
    standards = tuple(zip(STANDARDS_ZH, STANDARDS_EN, strict=True))
    return HTMLResponse(site.render("public/welcome.html", spoken, causes=causes, standards=standards))


@router.api_route("/robots.txt", methods=READS)
async def robots() -> PlainTextResponse:
    """Ask crawlers to stay away: the addresses of plates are secrets."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
