"""The one-vote veto in the browser: its effect is said before, and the post's name is typed to confirm."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.authority import ReasonMissing
from store.acts.credentials import CodeAlreadyUsed
from store.acts.veto import Charge, NotSubstantiated, veto
from store.records import Investigation, Role, VetoCause
from store.refusals import Refusal
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.post_page import PostPage
from verify.console.posts import seen_post
from verify.second_factor import WrongCode

router = APIRouter(prefix="/console/posts", route_class=ConsoleRoute)
CommitteeAtDesk = Annotated[Desk, Depends(Officers(Role.COMMITTEE))]


class NoCause(Refusal):
    """A veto came without one of the four causes. Remedy: choose one."""

    clause_id = "F21"
    reason_zh = "没有选择否决情形。"
    reason_en = "No cause was chosen."
    remedy_zh = "请在四种情形中选择一种。"
    remedy_en = "Choose one of the four."


class NameDiffers(Refusal):
    """The name typed to confirm is not the post's. Remedy: type the name shown, or turn back."""

    reason_zh = "输入的岗位名称“{typed}”与“{post_name}”不一致，没有否决。"
    reason_en = "The name typed ({typed!r}) is not {post_name!r}; nothing was vetoed."
    remedy_zh = "请核对是否选对了岗位，再照样输入岗位名称。"
    remedy_en = "Make sure it is the right post, then type its name as shown."


@router.get("/{post_id}/veto")
def veto_form(desk: CommitteeAtDesk, post_id: str) -> Response:
    """Ask for cause, facts and confirmation; say what the veto will do."""
    return _answer(desk, seen_post(desk, post_id))


@router.post("/{post_id}/veto")
def cast(desk: CommitteeAtDesk, post_id: str) -> Response:
    """Cast the veto; when this answers, no scan says 有效 any more (F20, F22)."""
    page = seen_post(desk, post_id)
    try:
        check_name(desk.said("name"), page.dossier.content.name)
        charge = _charge(desk)
        desk.check_code()
        veto(desk.site.register, desk.authority, post_id, charge)
    except Refusal as refusal:
        return _answer(desk, page, refusal)
    return see_other(f"/console/recalls?post={post_id}&done=veto")


def check_name(typed: str, post_name: str) -> None:
    """Let a veto pass whose post was named to confirm it.

    Raises:
        NameDiffers: another name was typed.

    """
    if typed != post_name.strip():
        raise NameDiffers(typed=typed[:60], post_name=post_name)


def _charge(desk: Desk) -> Charge:
    chosen = {str(cause.value): cause for cause in VetoCause}.get(desk.said("cause"))
    if chosen is None:
        raise NoCause
    return Charge(cause=chosen, facts=desk.said("facts"), investigation_id=desk.said("investigation") or None)


def _answer(desk: Desk, page: PostPage, refusal: Refusal | None = None) -> Response:
    return desk.page(
        "veto.html",
        status=status_of(refusal) if refusal else 200,
        page=page,
        causes=list(VetoCause),
        ground=_ground(desk, page),
        refusal=refusal,
        fault=_field_at_fault(refusal, page),
    )


def _ground(desk: Desk, page: PostPage) -> Investigation | None:
    """Return the investigation that the address names as the ground, while nothing is filled in yet."""
    asked = "" if desk.form else desk.asked("investigation")
    return next((each for each in page.substantiated if each.id == asked), None)


def _field_at_fault(refusal: Refusal | None, page: PostPage) -> str:
    """Name the field of the form a refusal is about; nothing where it is about the post."""
    fields: dict[type[object], str] = {
        NoCause: "cause",
        ReasonMissing: "facts",
        NotSubstantiated: "investigation" if page.substantiated else "cause",
        NameDiffers: "name",
        WrongCode: "code",
        CodeAlreadyUsed: "code",
    }
    return fields.get(type(refusal), "")
