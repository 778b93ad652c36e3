"""The acts on a post in the browser: each form of act_forms.py at an address of its own."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.calendar import office_day
from store.read_ahead import PostsAhead
from store.records import LogEntry
from store.refusals import Refusal
from verify.console.act_forms import FORMS
from verify.console.act_parts import ActForm, Situation, situation_of
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.post_page import post_page

router = APIRouter(prefix="/console/posts/{post_id}/acts", route_class=ConsoleRoute)


class NotOpen(Refusal):
    """The post is not where the act belongs. Remedy: see on its page what is open."""

    clause_id = "F29"
    reason_zh = "岗位目前的状态不能办理“{act_zh}”。"
    reason_en = "The post is not where this can be done: {act_en}."
    remedy_zh = "请在岗位页查看可以办理的事项。"
    remedy_en = "See on the post's page what can be done."


def now_of(desk: Desk, post_id: str) -> Situation:
    """Return the post as it is now, as far as the officer may see it.

    Raises:
        NoSuchPost, NotAllowed: there is no such post, or it is another branch's.

    """
    with desk.site.register.snapshot() as reader:
        ahead = PostsAhead(reader, [post_id])
        page = post_page(ahead, desk.authority, post_id)
        return situation_of(ahead, page, desk.policy, office_day(desk.site.clock()))


def _page(desk: Desk, form: ActForm, situation: Situation, refusal: Refusal | None = None) -> Response:
    return desk.page(
        "act.html",
        status=status_of(refusal) if refusal else 200,
        form=form,
        dossier=situation.dossier,
        asks=form.asks(situation),
        effect=form.effect(situation),
        refusal=refusal,
    )


def _opened(form: ActForm, situation: Situation) -> Situation:
    if not form.is_open(situation):
        raise NotOpen(act_zh=form.zh, act_en=form.en)
    return situation


def _show(form: ActForm) -> Callable[..., Response]:
    def show(desk: Annotated[Desk, Depends(Officers(*form.roles))], post_id: str) -> Response:
        return _page(desk, form, _opened(form, now_of(desk, post_id)))

    return show


def _do(form: ActForm) -> Callable[..., Response]:
    def do(desk: Annotated[Desk, Depends(Officers(*form.roles))], post_id: str) -> Response:
        situation = _opened(form, now_of(desk, post_id))
        try:
            if form.grave:
                desk.check_code()
            form.do(desk, situation)
        except Refusal as refusal:
            return _page(desk, form, situation, refusal)
        entry = desk.site.register.count(LogEntry)
        return see_other(f"/console/posts/{post_id}?done={form.name}&entry={entry}")

    return do


for each in FORMS:
    router.add_api_route(f"/{each.name}", _show(each), methods=["GET"])
    router.add_api_route(f"/{each.name}", _do(each), methods=["POST"])
