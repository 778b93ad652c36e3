"""Deciding on many posts at once: one document or day for all, and each post by an act of its own.

A post that is refused stays chosen and says why; the others are done all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.approve import approve
from store.acts.award import award
from store.dossier import Dossier, PostState, dossier_of
from store.records import LogEntry, Role
from store.refusals import Refusal
from verify.console.act_parts import Ask, Kind
from verify.console.fields import day_of
from verify.console.first_steps import next_step
from verify.console.guard import ConsoleRoute, Desk, Officers

router = APIRouter(prefix="/console/bulk", route_class=ConsoleRoute)
CommitteeAtDesk = Annotated[Desk, Depends(Officers(Role.COMMITTEE))]
POSTS_MOST = 200


class NoPostChosen(Refusal):
    """No post was chosen. Remedy: choose them in the list."""

    reason_zh = "没有选择岗位。"
    reason_en = "No post was chosen."
    remedy_zh = "请在岗位列表中勾选。"
    remedy_en = "Choose them in the list."


class TooManyPosts(Refusal):
    """More posts were chosen than are decided on at once. Remedy: decide in parts."""

    reason_zh = "一次最多办理{most}个岗位，您选了{count}个。"
    reason_en = "At most {most} posts are decided on at once; {count} were chosen."
    remedy_zh = "请分几次办理。"
    remedy_en = "Decide in several parts."


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """One decision on many posts: what is asked once for all, what it does, and which posts wait for it."""

    name: str
    zh: str
    en: str
    state: PostState
    clauses: tuple[str, ...]
    asks: tuple[Ask, ...]
    effect_zh: str
    effect_en: str
    do: Callable[[Desk, str], object]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one post: the number of its log entry, or the refusal."""

    dossier: Dossier
    entry: int = 0
    refusal: Refusal | None = None


def _approve(desk: Desk, post_id: str) -> object:
    return approve(
        desk.site.register,
        desk.authority,
        post_id,
        document=desk.said("document"),
        over_quota_reason=desk.said("reason"),
        looked_at=desk.said(f"application-{post_id}"),
    )


def _award(desk: Desk, post_id: str) -> object:
    day = day_of(desk.said("awarded_on"))
    return award(desk.site.register, desk.authority, post_id, awarded_on=day, document=desk.said("document"))


BULKS = {
    PostState.APPLIED: Bulk(
        name="approve",
        zh="批准所选",
        en="Approve",
        state=PostState.APPLIED,
        clauses=("F5", "F7"),
        asks=(
            Ask(name="document", zh="批准文号", en="Document"),
            Ask(name="reason", zh="超额设岗的理由", en="Reason over quota", required=False),
        ),
        effect_zh="将批准{count}个岗位，批准后即可制作创建标牌；每个岗位各记一条办理记录。",
        effect_en="Posts to be approved: {count}, each on its own; creation plates can then be printed.",
        do=_approve,
    ),
    PostState.APPROVED: Bulk(
        name="award",
        zh="命名所选",
        en="Award",
        state=PostState.APPROVED,
        clauses=("F12", "F13", "F14"),
        asks=(
            Ask(name="awarded_on", zh="命名日期", en="Date", kind=Kind.DAY),
            Ask(name="document", zh="命名文号", en="Document", required=False),
        ),
        effect_zh="将命名{count}个岗位，命名后即可制作命名标牌并换回创建标牌；每个岗位各记一条办理记录。",
        effect_en="Posts to be named: {count}; title plates can be printed and creation plates taken back.",
        do=_award,
    ),
}
"""The decisions by the state of the posts that wait for them."""


def bulk_of(state: str) -> Bulk | None:
    """Return the decision that the posts of a list wait for, if it shows those of one state that do."""
    return next((each for each in BULKS.values() if each.state == state), None)


def _show(bulk: Bulk) -> Callable[..., Response]:
    def show(desk: CommitteeAtDesk) -> Response:
        return _page(desk, bulk, _chosen(desk, desk.request.query_params.getlist("post")))

    return show


def _do(bulk: Bulk) -> Callable[..., Response]:
    def do(desk: CommitteeAtDesk) -> Response:
        chosen = _chosen(desk, [str(each) for each in desk.form.getlist("post")])
        return _page(desk, bulk, [_decided(desk, bulk, each.dossier) for each in chosen])

    return do


def _chosen(desk: Desk, post_ids: list[str]) -> list[Outcome]:
    """Return the posts that are named, each once.

    Raises:
        NoPostChosen, TooManyPosts, NoSuchPost: there is nothing to decide on, or too much.

    """
    named = list(dict.fromkeys(post_ids))
    if not named:
        raise NoPostChosen
    if len(named) > POSTS_MOST:
        raise TooManyPosts(most=POSTS_MOST, count=len(named))
    with desk.site.register.snapshot() as reader:
        return [Outcome(dossier=dossier_of(reader, each)) for each in named]


def _decided(desk: Desk, bulk: Bulk, dossier: Dossier) -> Outcome:
    try:
        bulk.do(desk, dossier.post.id)
    except Refusal as refusal:
        return Outcome(dossier=dossier, refusal=refusal)
    return Outcome(dossier=dossier, entry=desk.site.register.count(LogEntry))


def _page(desk: Desk, bulk: Bulk, outcomes: list[Outcome]) -> Response:
    open_ones = [each for each in outcomes if not each.entry]
    refused = any(each.refusal for each in outcomes)
    return desk.page(
        "bulk.html",
        status=422 if refused else 200,
        bulk=bulk,
        done=[each for each in outcomes if each.entry],
        chosen=open_ones,
        refused=refused,
        onward=None if open_ones else next_step(desk),
    )


for each in BULKS.values():
    router.add_api_route(f"/{each.name}", _show(each), methods=["GET"])
    router.add_api_route(f"/{each.name}", _do(each), methods=["POST"])
