"""Practice posts: applied for, approved and hung in a register of their own, without drawing any plate.

The drill vetoes one; the long tests scan many; the demonstration has some inspected and named.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from gangpai.office import Office
from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.inspection import Visit, inspect_post
from store.acts.issue import issue_copies
from store.acts.survey import Forms, enter_paper_survey
from store.calendar import OFFICE_ZONE, office_day
from store.codes import CODE_BITS, PlateCode, PlateNumber
from store.dossier import Dossier, dossier_of, dossiers
from store.policy import Policy
from store.records import (
    CollectiveKind,
    Copy,
    Face,
    Member,
    PostContent,
    PostKind,
    Product,
    Stage,
)
from store.roster import RosterRow
from store.rounds import round_before


def hang_plates(office: Office, count: int = 1) -> list[Copy]:
    """Apply for demonstration posts, approve them and issue one plaque each, without drawing any."""
    rows = [_row(number) for number in range(1, count + 1)]
    plan = apply_roster(office.register, office.authority(), rows)
    post_ids = [each.post.id for each in dossiers(office.register)][: len(plan.new)]
    for post_id in post_ids:
        approve(office.register, office.authority(), post_id, document="演练")
    copies = [_copy(dossier_of(office.register, post_id), office) for post_id in post_ids]
    issue_copies(office.register, office.authority(), copies)
    return copies


@dataclass(frozen=True, kw_only=True)
class StoryDays:
    """The days of the story: posts applied for and approved, inspected, named."""

    applied: date
    inspected: date
    named: date


def story_days(today: date, policy: Policy) -> StoryDays:
    """Return the days of the last round whose award day lies before today."""
    last = round_before(today - timedelta(days=1), policy)
    applied = date(last.award_day.year, *policy.window_opens)
    return StoryDays(applied=applied, inspected=last.closes_on, named=last.award_day)


def office_on(office: Office, day: date) -> Office:
    """Return the office as it was at ten in the morning of a day."""
    moment = datetime.combine(day, time(10), OFFICE_ZONE).astimezone(UTC)
    return replace(office, now=lambda: moment)


def find_worthy(office: Office, post_id: str, day: date) -> None:
    """Enter a survey and an inspection of one day on whose ground the post can be named."""
    forms = Forms(held_on=day, counts=(18, 9, 4, 1, 0), method="窗口发放、当场回收（演示）")
    enter_paper_survey(office.register, office.authority(), post_id, forms)
    visit = Visit(
        inspected_on=day,
        report="听取岗位负责人汇报（演示）",
        site="查看服务现场和工作记录（演示）",
        opinions="走访服务对象，回收问卷（演示）",
        report_points=90,
        site_points=88,
        meets_standards=True,
        recognised=True,
        outstanding=True,
        effective=True,
    )
    inspect_post(office.register, office.authority(), post_id, visit)


def _row(number: int) -> RosterRow:
    content = PostContent(
        name=f"演练岗{number}",
        kind=PostKind.COLLECTIVE,
        collective_kind=CollectiveKind.SERVICE_POST,
        place="演练地点",
        duties="供演练使用",
        members=tuple(Member(name=name) for name in ("张伟", "王芳", "李娜")),
    )
    return RosterRow(branch_name=f"演练{number}党总支", content=content, row=number)


def _copy(dossier: Dossier, office: Office) -> Copy:
    names = tuple(member.name for member in dossier.members)
    face = Face(
        heading=office.policy.headings[Stage.CREATION],
        post_name=dossier.content.name,
        duties=dossier.content.duties,
        member_count=len(names),
        names=names,
        holder="",
        holder_title="",
        branch_name=dossier.branch.name,
        issuer=office.policy.committee_name,
        dated_on=office_day(office.now()),
        mark="样张",
    )
    return Copy(
        id=str(PlateNumber(dossier.post.id, 1)),
        code=PlateCode.from_bits(secrets.randbits(CODE_BITS)).text,
        post_id=dossier.post.id,
        branch_id=dossier.branch.id,
        application_id=dossier.in_force.id,
        product=Product.PLAQUE,
        stage=Stage.CREATION,
        design="red",
        size="a4",
        face=face,
        place=dossier.content.place,
        issued_at=office.now(),
    )
