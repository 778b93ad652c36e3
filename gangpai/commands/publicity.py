"""What a post shows the public beside its plate: promises and deeds."""

from datetime import datetime
from typing import Annotated

import typer

from gangpai.office import open_office
from gangpai.terminal import AsJson, Outcome, show
from store.acts.publicity import Promise, Story, commit, tell_deed
from store.calendar import office_day

Post = Annotated[str, typer.Argument(metavar="POST", help="岗位编号 / post number, as 2026-007")]
Member = Annotated[
    str, typer.Option("--member", metavar="NAME", help="党员姓名，不填即整个岗位 / whose; none: the post's")
]


def commitment(
    *,
    post: Post,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="承诺内容 / what is promised")],
    member: Member = "",
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="承诺日期，默认今天 / the day"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter what a post or a member publicly promises; the scan page shows the latest."""
    with open_office() as office:
        day = on.date() if on else office_day(office.now())
        promise = Promise(text=text, made_on=day, member_name=member)
        made = commit(office.register, office.authority(), post, promise)
    show(
        Outcome(
            zh=f"公开承诺已登记（{made.id}），扫码页即时更新。",
            en=f"The commitment is entered as {made.id}; scan pages show it at once.",
            facts={"commitment": made.id, "post": post, "member": member or None},
        ),
        as_json=as_json,
    )


def deed(
    *,
    post: Post,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="事迹标题 / title")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="事迹内容 / the deed")],
    member: Member = "",
    as_json: AsJson = False,
) -> None:
    """Enter an exemplary deed; the scan pages of valid title plates tell it."""
    with open_office() as office:
        story = Story(title=title, text=text, member_name=member)
        told = tell_deed(office.register, office.authority(), post, story)
    show(
        Outcome(
            zh=f"先进事迹已登记（{told.id}），在该岗位有效的命名标牌扫码页上展示；称号撤销即不再展示。",
            en=f"The deed is entered as {told.id}; it shows on valid title plates, and goes with the title.",
            facts={"deed": told.id, "post": post, "member": member or None},
        ),
        as_json=as_json,
    )
