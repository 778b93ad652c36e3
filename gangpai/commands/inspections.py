"""How satisfied the public is with a post, and what the committee found on inspecting it."""

from datetime import datetime
from typing import Annotated, Any

import typer

from gangpai.office import open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.inspection import Visit, inspect_post
from store.acts.survey import Forms, NotASurvey, enter_paper_survey
from store.calendar import office_day
from store.dossier import dossier_of, dossiers
from store.merits import check_merits
from store.policy import Policy
from store.records import Inspection
from store.refusals import Refusal
from store.rounds import round_inspected
from store.satisfaction import Satisfaction, satisfaction_of
from store.terms import GRADE_ZH

Post = Annotated[str, typer.Argument(metavar="POST", help="岗位编号 / post number, as 2026-007")]


def survey(
    *,
    post: Post,
    held_on: Annotated[
        datetime,
        typer.Option(
            "--held-on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="测评日期 / day of the survey"
        ),
    ],
    counts: Annotated[
        str,
        typer.Option(
            "--counts", metavar="N,N,N,N,N", help="由“非常满意”起各档份数 / forms per grade, best first"
        ),
    ],
    method: Annotated[
        str, typer.Option("--method", metavar="TEXT", help="测评方式 / how the forms were handed out")
    ],
    as_json: AsJson = False,
) -> None:
    """Enter a satisfaction survey held on paper."""
    forms = Forms(held_on=held_on.date(), counts=_counts(counts), method=method)
    with open_office() as office:
        entered = enter_paper_survey(office.register, office.authority(), post, forms)
    show(
        Outcome(
            zh=f"岗位{post}的纸质问卷{sum(entered.counts)}份已登记，编号 {entered.id}。",
            en=f"{sum(entered.counts)} paper forms about post {post} are entered as {entered.id}.",
            facts={"survey": entered.id, "post": post, "counts": list(entered.counts)},
        ),
        as_json=as_json,
    )


def _counts(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in text.replace("，", ",").split(","))
    except ValueError as error:
        raise NotASurvey(counts=text) from error


_SATISFACTION_COLUMNS = (
    Column(key="post", zh="岗位", en="post"),
    Column(key="name", zh="岗位名称", en="name"),
    Column(key="n", zh="份数", en="n"),
    Column(key="online", zh="扫码", en="online"),
    Column(key="paper", zh="纸质", en="paper"),
    Column(key="share_zh", zh="满意度", en="satisfied"),
    Column(key="interval_zh", zh="95%区间", en="95 % interval"),
    Column(key="method_zh", zh="说明", en="method"),
)


def satisfaction(
    *,
    post: Annotated[str | None, typer.Argument(metavar="POST", help="岗位编号 / post number")] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="首日 / first day"),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="末日 / last day"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show how satisfied the public is with one post or all, in the present round or the days given."""
    with open_office() as office, office.register.snapshot() as reader:
        today = office_day(office.now())
        until = last.date() if last else today
        since = first.date() if first else round_inspected(until, office.policy).first_day
        chosen = [dossier_of(reader, post)] if post else dossiers(reader)
        rows = [
            {"post": each.post.id, "name": each.content.name}
            | _satisfaction_row(satisfaction_of(reader, each.post.id, since, until), office.policy)
            for each in chosen
        ]
    show(Listing(name="satisfaction", columns=_SATISFACTION_COLUMNS, rows=rows), as_json=as_json)


def _satisfaction_row(found: Satisfaction, policy: Policy) -> dict[str, Any]:
    told = {
        "n": found.n,
        "online": found.n_online,
        "paper": found.n_paper,
        "method_zh": found.method_zh,
        "method_en": found.method_en,
    }
    if not found.can_be_shown(policy):
        return told | {"share": None, "share_zh": f"不足{policy.ratings_min}份，不显示", "interval": None}
    low, high = found.interval
    return told | {
        "counts": {GRADE_ZH[grade]: count for grade, count in found.counts.items()},
        "satisfied": found.satisfied,
        "share": round(found.share, 4),
        "share_zh": f"{found.share:.1%}",
        "interval": [round(low, 4), round(high, 4)],
        "interval_zh": f"{low:.1%}–{high:.1%}",
    }


Day = Annotated[
    datetime,
    typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="检查日期 / day of the visit"),
]
Report = Annotated[str, typer.Option("--report", metavar="TEXT", help="听取汇报 / the report heard")]
Site = Annotated[str, typer.Option("--site", metavar="TEXT", help="实地考评 / the visit on site")]
Opinions = Annotated[
    str, typer.Option("--opinions", metavar="TEXT", help="听取群众意见 / the opinions of the public")
]
ReportPoints = Annotated[
    int, typer.Option("--report-points", metavar="0-100", help="汇报得分 / points of the report")
]
SitePoints = Annotated[
    int, typer.Option("--site-points", metavar="0-100", help="实地得分 / points of the visit")
]
MeetsStandards = Annotated[
    bool, typer.Option("--meets-standards", help="符合创建标准 / it meets the standards")
]
Recognised = Annotated[bool, typer.Option("--recognised", help="群众公认 / recognised by the public")]
Outstanding = Annotated[bool, typer.Option("--outstanding", help="实绩突出 / outstanding in results")]
Effective = Annotated[bool, typer.Option("--effective", help="作用明显 / effective as an example")]


def inspect(  # noqa: PLR0913 -- one option for each field of the inspection sheet
    *,
    post: Post,
    on: Day,
    report: Report = "",
    report_points: ReportPoints = 0,
    site: Site = "",
    site_points: SitePoints = 0,
    opinions: Opinions = "",
    meets_standards: MeetsStandards = False,
    recognised: Recognised = False,
    outstanding: Outstanding = False,
    effective: Effective = False,
    as_json: AsJson = False,
) -> None:
    """Enter the committee's inspection of a post; the survey's points are computed from all ratings."""
    visit = Visit(
        inspected_on=on.date(),
        report=report,
        site=site,
        opinions=opinions,
        report_points=report_points,
        site_points=site_points,
        meets_standards=meets_standards,
        recognised=recognised,
        outstanding=outstanding,
        effective=effective,
    )
    with open_office() as office:
        entered = inspect_post(office.register, office.authority(), post, visit)
        show(_inspected(entered, office.policy), as_json=as_json)


def _inspected(entered: Inspection, policy: Policy) -> Outcome:
    hindrance = _hindrance(entered, policy)
    outlook = _below_zh(entered, policy) + (hindrance.zh if hindrance else "具备命名条件。")
    return Outcome(
        zh=f"岗位{entered.post_id}的检查已登记，编号 {entered.id}，列入{entered.round}命名轮次："
        f"汇报{entered.report_points}分、实地{entered.site_points}分、"
        f"满意度{entered.survey_points}分（{entered.survey_satisfied}/{entered.survey_count}份），"
        f"总分{entered.points}分。{outlook}",
        en=f"Entered as {entered.id} for the round of {entered.round}: {entered.points} points. "
        f"{hindrance.en if hindrance else 'The post can be named.'}",
        facts={
            "inspection": entered.id,
            "post": entered.post_id,
            "round": entered.round,
            "points": entered.points,
            "survey_points": entered.survey_points,
            "survey_count": entered.survey_count,
            "hindrance": hindrance.code if hindrance else None,
            "to_be_adjusted": entered.points < policy.keep_points_min,
        },
    )


def _hindrance(inspection: Inspection, policy: Policy) -> Refusal | None:
    """Return why a post cannot be named on this ground; the inspection is entered all the same."""
    try:
        check_merits(inspection, policy)
    except Refusal as hindrance:
        return hindrance
    return None


def _below_zh(inspection: Inspection, policy: Policy) -> str:
    below = inspection.points < policy.keep_points_min
    return f"低于{policy.keep_points_min}分，应予调整（F19）。" if below else ""
