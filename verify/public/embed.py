"""How a post stands, as a small page for the web column of its unit: an iframe anywhere may show it.

This is the one address that another site may frame; it takes nothing, keeps nothing and runs nothing. It asks
for itself again after a minute, without any script, so that a column left open turns too; there is no picture
of it, since a picture once loaded would go on saying what it said. Leaves out how the post stands
(store/board.py).
"""

import logging

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from store.board import PostStanding, post_standing
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from verify.headers import framed_anywhere
from verify.plate import STATUS
from verify.site import READS, Site, SiteNow, SpokenNow

REFRESH_S = 60

router = APIRouter(prefix="/embed")
_log = logging.getLogger(__name__)


@router.api_route("/{post_id}", methods=READS)
def embedded(site: SiteNow, spoken: SpokenNow, post_id: str) -> HTMLResponse:
    """Show how a post stands, when that was looked up, and where the whole page is."""
    post = _look_up(site, post_id)
    zh, en = VERDICT_ZH[post.verdict], VERDICT_EN[post.verdict]
    words = (zh, en) if spoken.tag == "zh-CN" else (en, zh)
    page = site.render("public/embed.html", spoken, post=post, words=words)
    headers = framed_anywhere() | {"Refresh": str(REFRESH_S)}
    return HTMLResponse(page, STATUS.get(post.verdict, 200), headers)


def _look_up(site: Site, post_id: str) -> PostStanding:
    """Ask the register; what cannot be read is unverifiable, never an earlier answer."""
    try:
        with site.register.snapshot() as reader:
            return post_standing(reader, post_id)
    except Exception as error:  # noqa: BLE001 - whatever fails while reading, no post may be taken as standing
        _log.warning("an embedded post could not be read", exc_info=error)
        return PostStanding(post_id=post_id, verdict=Verdict.UNVERIFIABLE)
