"""How satisfied the public is with each post that stands, by closed period: drawn and in numbers (F24).

A post is addressed by the number printed on its plates. One that does not stand is told as what it is, where
it was revoked without its name, and without any figure (F22). Leaves out what is counted (store/figures.py)
and how it is drawn (verify/charts.py).
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from store.board import BranchPosts, PostStanding, post_standing, standing_posts
from store.calendar import office_day
from store.figures import Figure
from store.satisfaction import Satisfaction
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from verify.charts import scale, share_row
from verify.site import READS, SiteNow, SpokenNow

router = APIRouter(prefix="/satisfaction")


@dataclass(frozen=True, kw_only=True)
class RatedPost:
    """A post that stands, and its figure for the latest closed period, if it has one."""

    post: PostStanding
    latest: Figure | None

    @property
    def asked(self) -> Satisfaction | None:
        """What may be published of it."""
        return self.latest.asked if self.latest else None


@router.api_route("", methods=READS)
def overview(
    site: SiteNow,
    spoken: SpokenNow,
    first: Annotated[str, Query(alias="from")] = "",
    branch: str = "",
) -> HTMLResponse:
    """Show the latest figure of every post that stands, by branch, from a post on."""
    today = office_day(site.clock())
    policy = site.policy
    with site.register.snapshot() as reader:
        page = standing_posts(reader, first=first, branch=branch.strip())
        figures = {each.post_id: site.figures.of(reader, policy, each.post_id, today) for each in page.posts}
    facts = {
        "branches": [(each.name, _rated(each, figures)) for each in page.branches if each.posts],
        "following": page.following,
        "branch": branch,
        "is_first": not first,
    }
    return HTMLResponse(
        site.render("public/satisfaction.html", spoken, share_row=share_row, scale=scale, **facts)
    )


def _rated(branch: BranchPosts, figures: dict[str, tuple[Figure, ...]]) -> list[RatedPost]:
    return [RatedPost(post=each, latest=next(iter(figures[each.post_id]), None)) for each in branch.posts]


@router.api_route("/{post_id}", methods=READS)
def of_a_post(site: SiteNow, spoken: SpokenNow, post_id: str) -> HTMLResponse:
    """Show what was said of one post, period by period."""
    now = site.clock()
    today, policy = office_day(now), site.policy
    with site.register.snapshot() as reader:
        post = post_standing(reader, post_id)
        figures = site.figures.of(reader, policy, post_id, today) if post.stands else ()
    page = site.render(
        "public/post.html",
        spoken,
        post=post,
        word=spoken.pick(VERDICT_ZH[post.verdict], VERDICT_EN[post.verdict]),
        figures=figures,
        running=policy.periods.of(today),
        share_row=share_row,
        scale=scale,
    )
    return HTMLResponse(page, HTTPStatus.NOT_FOUND if post.verdict is Verdict.UNKNOWN else HTTPStatus.OK)
