"""The pages that are not about one plate: welcome, health."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse

from store.clauses import STANDARDS_EN, STANDARDS_ZH
from store.records import LogEntry, VetoCause
from store.terms import VETO_CAUSE_EN, VETO_CAUSE_ZH
from verify.site import READS, SiteNow, SpokenNow

router = APIRouter()


@router.api_route("/", methods=READS)
def welcome(site: SiteNow, spoken: SpokenNow) -> HTMLResponse:
    """Explain the programme, how to check a plate and how to complain (F37)."""
    causes = [(VETO_CAUSE_ZH[cause], VETO_CAUSE_EN[cause]) for cause in VetoCause]
    standards = tuple(zip(STANDARDS_ZH, STANDARDS_EN, strict=True))
    return HTMLResponse(site.render("public/welcome.html", spoken, causes=causes, standards=standards))


@router.api_route("/healthz", methods=READS)
async def healthz() -> PlainTextResponse:
    """Say that the worker runs."""
    return PlainTextResponse("ok\n")


@router.api_route("/readyz", methods=READS)
def readyz(site: SiteNow) -> PlainTextResponse:
    """Say whether the register can be read."""
    try:
        site.register.count(LogEntry)
    except Exception:  # noqa: BLE001 - whatever the reason, this worker cannot answer a scan
        return PlainTextResponse("register unavailable\n", 503)
    return PlainTextResponse("ready\n")


@router.api_route("/metrics", methods=READS)
async def metrics(site: SiteNow) -> PlainTextResponse:
    """Return this worker's counters (Prometheus text format 0.0.4)."""
    text = (
        site.metrics.exposition()
        + f"# TYPE gangpai_open_pages gauge\ngangpai_open_pages {site.hub.open_pages}\n"
    )
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


@router.api_route("/robots.txt", methods=READS)
async def robots() -> PlainTextResponse:
    """Ask crawlers to stay away: the addresses of plates are secrets."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
