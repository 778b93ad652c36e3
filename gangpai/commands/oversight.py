"""Visits of supervision, and what branches learned in a year."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gangpai.commands.keeping import FileUnusable
from gangpai.office import open_office
from gangpai.terminal import AsJson, Outcome, show
from store.acts.oversight import Guidance, summarise_year
from store.acts.oversight import supervise as supervise_branch
from store.calendar import office_day

Branch = Annotated[str, typer.Argument(metavar="BRANCH", help="党总支名称 / name of the general branch")]


def supervise(  # noqa: PLR0913 -- each parameter is an option of the command
    *,
    branch: Branch,
    findings: Annotated[str, typer.Option("--findings", metavar="TEXT", help="督查情况 / what was found")],
    guidance: Annotated[str, typer.Option("--guidance", metavar="TEXT", help="指导意见 / what was advised")],
    post: Annotated[str | None, typer.Option("--post", metavar="POST", help="所查岗位 / the post")] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="督查日期，默认今天 / the day"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter a visit of supervision and guidance to a branch or one of its posts."""
    with open_office() as office:
        day = on.date() if on else office_day(office.now())
        visit = Guidance(supervised_on=day, findings=findings, guidance=guidance, post_id=post)
        entered = supervise_branch(office.register, office.authority(), branch, visit)
    show(
        Outcome(
            zh=f"督查指导已登记，编号 {entered.id}。",
            en=f"The visit is entered as {entered.id}.",
            facts={"supervision": entered.id, "branch": branch, "post": post},
        ),
        as_json=as_json,
    )


def summary(
    *,
    branch: Branch,
    year: Annotated[int, typer.Argument(metavar="YEAR", help="年度 / the year")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="总结内容 / the summary")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE.txt", help="文本文件 / a text file with it")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter what a branch learned in a year; the latest one counts."""
    words = _text_of(file) if file else text
    with open_office() as office:
        entered = summarise_year(office.register, office.authority(), branch, year, words)
    show(
        Outcome(
            zh=f"{branch}{year}年创建工作总结已登记，编号 {entered.id}。",
            en=f"The summary of {year} is entered as {entered.id}.",
            facts={"summary": entered.id, "branch": branch, "year": year},
        ),
        as_json=as_json,
    )


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnusable(path=str(file), problem=str(error)) from error
