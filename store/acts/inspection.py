"""The committee inspects a post in an award round (F13, F14, F24, F32)."""

from dataclasses import dataclass
from datetime import date

from store.acts.authority import Authority, Deed, enact
from store.acts.conditions import check_approved
from store.acts.days import passed
from store.dossier import dossier_of
from store.policy import FULL_MARKS
from store.records import Inspection, Post, Role
from store.refusals import Refusal
from store.register import Reader, Register
from store.rounds import round_inspected
from store.satisfaction import satisfaction_of
from store.scoring import Points, survey_points, total


class NotPoints(Refusal):
    """Points lie outside 0 to 100. Remedy: give points out of 100."""

    clause_id = "F13"
    reason_zh = "{points}分不在0至{most}分之间。"
    reason_en = "{points} points are not between 0 and {most}."
    remedy_zh = "汇报和实地考评均按百分制打分。"
    remedy_en = "The report and the visit are each marked out of {most}."


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What the committee found: three kinds of evidence, two marks out of 100, four judgements.

    A kind of evidence still to be gathered is empty; the post is named once an inspection has all three.
    """

    inspected_on: date
    report: str = ""
    site: str = ""
    opinions: str = ""
    report_points: int = 0
    site_points: int = 0
    meets_standards: bool = False
    recognised: bool = False
    outstanding: bool = False
    effective: bool = False


def inspect_post(register: Register, authority: Authority, post_id: str, visit: Visit) -> Inspection:
    """Enter an inspection; the survey's points are those of all ratings of the round up to its day.

    The latest inspection of a round counts.

    Raises:
        NotAllowed: the actor is not the committee; inspectors read only.
        DayAhead, NotPoints: the inspection is impossible.
        NoSuchPost, NotApproved, PostIsRevoked, PostHasEnded: there is no such post to inspect.

    """
    authority.permit(Role.COMMITTEE)
    passed(visit.inspected_on, authority, what_zh="检查日期", what_en="day of the inspection")
    _check_points(visit.report_points, visit.site_points)
    with register.transaction() as transaction:
        dossier = dossier_of(transaction, post_id)
        check_approved(dossier)
        inspection = _inspection(transaction, authority, dossier.post, visit)
        deed = Deed(act="inspect", object=post_id, reason=inspection.round)
        enact(transaction, authority, deed, [inspection])
    return inspection


def _check_points(*given: int) -> None:
    for points in given:
        if not 0 <= points <= FULL_MARKS:
            raise NotPoints(points=points, most=FULL_MARKS)


def _inspection(reader: Reader, authority: Authority, post: Post, visit: Visit) -> Inspection:
    counted_in = round_inspected(visit.inspected_on, authority.policy)
    asked = satisfaction_of(reader, post.id, counted_in.first_day, visit.inspected_on)
    points = Points(
        report=visit.report_points,
        site=visit.site_points,
        survey=survey_points(asked.satisfied, asked.n),
    )
    return Inspection(
        id=f"{post.id}-J{len(reader.find(Inspection, post_id=post.id)) + 1}",
        post_id=post.id,
        branch_id=post.branch_id,
        round=counted_in.id,
        inspected_on=visit.inspected_on,
        report=visit.report.strip(),
        site=visit.site.strip(),
        opinions=visit.opinions.strip(),
        report_points=points.report,
        site_points=points.site,
        survey_points=points.survey,
        survey_count=asked.n,
        survey_satisfied=asked.satisfied,
        points=total(points, authority.policy),
        meets_standards=visit.meets_standards,
        recognised=visit.recognised,
        outstanding=visit.outstanding,
        effective=visit.effective,
        entered_at=authority.now,
    )
