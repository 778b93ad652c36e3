"""What changes about a post that stands: its members and words, its end, a veto taken back, its plates."""

from datetime import datetime
from typing import Annotated

import typer

from gangpai.office import Office, find_copy, open_office
from gangpai.terminal import AsJson, Outcome, show
from store.acts.adjust import Change, end_post
from store.acts.adjust import adjust as adjust_post
from store.acts.circulation import leave_post, place_copy, report_damage
from store.acts.correction import correct_veto
from store.calendar import chinese_day, office_day
from store.dossier import dossier_of
from store.recalls import recalls
from store.records import EndCause
from store.roster.headers import Field
from store.roster.retyped import members_typed, text_typed
from store.rules import shortfall
from store.terms import END_CAUSE_EN, END_CAUSE_ZH

Post = Annotated[str, typer.Argument(metavar="POST", help="岗位编号 / post number, as 2026-007")]
Plate = Annotated[
    str, typer.Argument(metavar="CODE|NUMBER", help="编码、网址或牌面编号 / code, address or plate number")
]


Left = Annotated[str | None, typer.Option("--left", metavar="NAME", help="调离的党员 / who left")]
Members = Annotated[
    str | None,
    typer.Option("--members", metavar="A、B、C", help="调整后的全部党员 / all members from now on"),
]
Name = Annotated[str | None, typer.Option("--name", metavar="TEXT", help="新岗位名称 / new name")]
Duties = Annotated[str | None, typer.Option("--duties", metavar="TEXT", help="新工作职责 / new duties")]
Place = Annotated[str | None, typer.Option("--place", metavar="TEXT", help="新岗位地点 / new place")]
Stop = Annotated[
    str | None, typer.Option("--stop", metavar="REASON", help="停止创建及原因 / stop the post, and why")
]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="调整原因 / why it changes")]


def adjust(  # noqa: PLR0913 -- each parameter is an option of the command
    *,
    post: Post,
    left: Left = None,
    members: Members = None,
    name: Name = None,
    duties: Duties = None,
    place: Place = None,
    stop: Stop = None,
    reason: Why = "",
    as_json: AsJson = False,
) -> None:
    """Enter a departure at once, apply for other words or members, or stop the post."""
    change = _change(name, duties, place, members)
    given = {"left": left, "stop": stop, "change": None if change == Change() else change}
    if sum(each is not None for each in given.values()) != 1:
        raise typer.BadParameter("--left、--stop 或要调整的内容三选一 / a departure, a stop or a change")
    with open_office() as office:
        if left is not None:
            done = _departed(office, post, left)
        elif stop is not None:
            done = _ended(office, post, EndCause.STOPPED, stop)
        else:
            done = _changed(office, post, change, reason)
    show(done, as_json=as_json)


def _change(name: str | None, duties: str | None, place: str | None, members: str | None) -> Change:
    return Change(
        name=None if name is None else text_typed(Field.NAME, name),
        duties=None if duties is None else text_typed(Field.DUTIES, duties),
        place=None if place is None else text_typed(Field.PLACE, place),
        members=None if members is None else members_typed(members),
    )


def _departed(office: Office, post: str, left: str) -> Outcome:
    leave_post(office.register, office.authority(), post, member_name=left)
    lines = [each for each in recalls(office.register, post_id=post) if each.copy.face.holder == left]
    dossier = dossier_of(office.register, post)
    short = shortfall(dossier.content, dossier.members, office.policy)
    called_back = "、".join(each.copy.id for each in lines)
    return Outcome(
        zh=f"已登记：{left}调离岗位{post}。须收回：{called_back or '无'}。{short.zh if short else ''}",
        en=f"Entered: {left} left post {post}. To come back: {called_back or 'none'}."
        f"{f' {short.en}' if short else ''}",
        facts={
            "post": post,
            "left": left,
            "recalled": [each.copy.id for each in lines],
            "falls_short": short.code if short else None,
        },
    )


def _changed(office: Office, post: str, change: Change, reason: str) -> Outcome:
    filed = adjust_post(office.register, office.authority(), post, change, reason=reason)
    changes = dossier_of(office.register, post).changes
    told = "；".join(each.zh for each in changes)
    return Outcome(
        zh=f"岗位{post}的调整已申报（{told}），批准后生效；届时请换发标牌，旧牌交回。",
        en=f"The change of post {post} is filed as {filed.id}; it takes effect when approved.",
        facts={
            "post": post,
            "application": filed.id,
            "changes": [
                {"field": each.field, "before": each.before, "after": each.after} for each in changes
            ],
        },
    )


def _ended(office: Office, post: str, cause: EndCause, reason: str) -> Outcome:
    ended = end_post(office.register, office.authority(), post, cause=cause, reason=reason)
    recalled = [each.copy_id for each in ended.recall_lines]
    return Outcome(
        zh=f"岗位{post}已停用（{END_CAUSE_ZH[cause]}），扫码显示“已停用”。"
        f"须收回：{'、'.join(recalled) or '无'}。",
        en=f"Post {post} has ended ({END_CAUSE_EN[cause]}). To come back: {', '.join(recalled) or 'none'}.",
        facts={"post": post, "cause": cause.value, "recalled": recalled},
    )


def end(
    *,
    post: Post,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="说明 / in words")] = "创建期满",
    as_json: AsJson = False,
) -> None:
    """End a post whose term is over; it is no disgrace, and its plates come back."""
    with open_office() as office:
        done = _ended(office, post, EndCause.TERM_OVER, reason)
    show(done, as_json=as_json)


def correct(
    *,
    post: Post,
    document: Annotated[
        str, typer.Option("--document", metavar="NO", help="更正文号 / number of the document")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="更正理由 / why it was mistaken")],
    as_json: AsJson = False,
) -> None:
    """Take a mistaken veto back: the post stands again, and so does every plate that is still out."""
    with open_office() as office:
        done = correct_veto(office.register, office.authority(), post, document=document, reason=reason)
    restored = [each.id for each in done.restored]
    due = [each.copy_id for each in done.recall_lines]
    rest = f"仍须收回：{'、'.join(due)}。" if due else ""
    show(
        Outcome(
            zh=f"岗位{post}的一票否决已更正，称号恢复。重新有效：{'、'.join(restored) or '无'}。{rest}"
            "已交回的请重新制发。",
            en=f"The veto of {post} is taken back. Standing again: {', '.join(restored) or 'none'}. "
            "Plates that came back are printed anew.",
            facts={
                "post": post,
                "veto": done.correction.veto_id,
                "correction": done.correction.id,
                "restored": restored,
                "recalled": due,
            },
        ),
        as_json=as_json,
    )


def damaged(
    *,
    plate: Plate,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="损坏情况 / what is damaged")],
    as_json: AsJson = False,
) -> None:
    """Report a plate damaged: it stands until it is printed anew."""
    with open_office() as office:
        copy = find_copy(office.register, plate)
        damage = report_damage(office.register, office.authority(), copy.id, reason=reason)
    kind = copy.product.value
    show(
        Outcome(
            zh=f"标牌{copy.id}已登记损坏。重新打印（gangpai print {kind} {copy.post_id}）后旧牌即为已换发。",
            en=f"Plate {copy.id} is entered as damaged; print it anew (gangpai print {kind} {copy.post_id}).",
            facts={"number": copy.id, "reported_at": damage.reported_at.isoformat()},
        ),
        as_json=as_json,
    )


def place(
    *,
    plate: Plate,
    at: Annotated[str, typer.Option("--at", metavar="TEXT", help="悬挂或放置地点 / where it hangs")],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="自何日起，默认今天 / default: today"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter where a plate hangs, stands or is worn."""
    with open_office() as office:
        placed_on = since.date() if since else office_day(office.now())
        copy = find_copy(office.register, plate)
        placed = place_copy(office.register, office.authority(), copy.id, place=at, placed_on=placed_on)
    show(
        Outcome(
            zh=f"标牌{copy.id}自{chinese_day(placed.placed_on)}起置于{placed.place}。",
            en=f"Plate {copy.id} is at {placed.place} since {placed.placed_on}.",
            facts={"number": copy.id, "place": placed.place, "placed_on": placed.placed_on.isoformat()},
        ),
        as_json=as_json,
    )
