"""The committee names a post a holder of the title, on the ground of an inspection (F12-F16, F24, F32).

A change that waits for approval does not stand in the way: what is in force is named.
"""

from datetime import date

from store.acts.authority import Authority, Deed, enact
from store.acts.conditions import check_approved
from store.acts.days import within_reach
from store.dossier import Dossier, dossier_of
from store.merits import check_merits
from store.policy import Policy
from store.records import Award, Inspection, Role
from store.rectifications import problems
from store.refusals import Refusal
from store.register import Reader, Register
from store.rounds import round_of
from store.rules import check_post


class AlreadyAwarded(Refusal):
    """The post holds the title. Remedy: none is needed."""

    clause_id = "F16"
    reason_zh = "岗位{post_id}已于{awarded_on}命名。"
    reason_en = "Post {post_id} was named on {awarded_on}."
    remedy_zh = "无需重复办理。"
    remedy_en = "Nothing has to be done."


class NotInspected(Refusal):
    """No inspection of the post counts for this round. Remedy: inspect it before the round closes."""

    clause_id = "F13"
    reason_zh = (
        "岗位{post_id}在{award_day}命名轮次没有检查记录"
        "（该轮检查自{first_day}起，命名日前{cutoff_days}天即{closes_on}截止）。"
    )
    reason_en = (
        "Post {post_id} was not inspected in the round of {award_day} "
        "({first_day} to {closes_on}; it closes {cutoff_days} days before)."
    )
    remedy_zh = "请先检查并登记（gangpai inspect）；已过截止日的，列入下一轮。"
    remedy_en = "Inspect it and enter that (gangpai inspect); after the closing day it is for the next round."


class InspectedSince(Refusal):
    """The award is dated before the round's latest inspection. Remedy: date it on that day or later."""

    clause_id = "F13"
    reason_zh = (
        "岗位{post_id}在{awarded_on}之后又于{inspected_on}检查（{inspection_id}），以最近一次检查为准。"
    )
    reason_en = "Post {post_id} was inspected after {awarded_on}, on {inspected_on} ({inspection_id})."
    remedy_zh = "命名日期请填该次检查当日或以后。"
    remedy_en = "The latest inspection counts: name the post on its day or later."


class ProblemUnsettled(Refusal):
    """A problem found has not been put right. Remedy: close its rectification, or adjust the post."""

    clause_id = "F18"
    reason_zh = "岗位{post_id}有问题尚未整改到位：{problem}（{rectification_id}，限期{due_on}）。"
    reason_en = "Post {post_id} has a problem not put right: {problem!r} ({rectification_id}, due {due_on})."
    remedy_zh = "请整改后登记结果（gangpai rectify）；整改不到位的，先调整岗位。"
    remedy_en = "Enter its result (gangpai rectify); if it cannot be put right, adjust the post first."


def award(
    register: Register, authority: Authority, post_id: str, *, awarded_on: date, document: str = ""
) -> Award:
    """Name the post a holder of the title in the round that the day belongs to.

    Raises:
        NotAllowed, DayOutOfReach: the actor is not the committee, or the day is no day to name it.
        NoSuchPost, NotApproved, PostIsRevoked, PostHasEnded, AlreadyAwarded: the post cannot be named.
        TooFewMembers, NotExactlyOneMember: the members still in the post are too few (F2, F4).
        ProblemUnsettled: a problem found is not put right (F18).
        NotInspected, InspectedSince: no inspection counts for the round, or a later one does (F13, F16).
        Refusal: the inspection does not carry an award (merits.check_merits: F14, F15, F24, F32).

    """
    authority.permit(Role.COMMITTEE)
    within_reach(awarded_on, authority, what_zh="命名日期", what_en="day of the award")
    with register.transaction() as transaction:
        dossier = dossier_of(transaction, post_id)
        check_approved(dossier)
        _check_untitled(dossier)
        check_post(dossier.content, dossier.members, authority.policy)
        _check_settled(transaction, post_id)
        inspection = _inspection_for(transaction, post_id, awarded_on, authority.policy)
        check_merits(inspection, authority.policy)
        awarded = Award(
            id=f"{post_id}-T",
            post_id=post_id,
            awarded_on=awarded_on,
            document=document.strip(),
            entered_at=authority.now,
            round=inspection.round,
            inspection_id=inspection.id,
        )
        enact(transaction, authority, Deed(act="award", object=post_id, reason=document.strip()), [awarded])
    return awarded


def _check_untitled(dossier: Dossier) -> None:
    if dossier.award:
        raise AlreadyAwarded(post_id=dossier.post.id, awarded_on=dossier.award.awarded_on)


def _check_settled(reader: Reader, post_id: str) -> None:
    for problem in problems(reader, post_id=post_id):
        if problem.is_unsettled:
            order = problem.order
            raise ProblemUnsettled(
                post_id=post_id, rectification_id=order.id, problem=order.problem, due_on=order.due_on
            )


def _inspection_for(reader: Reader, post_id: str, awarded_on: date, policy: Policy) -> Inspection:
    """Return the latest inspection of the round; an earlier day of the award does not get around it."""
    named_in = round_of(awarded_on, policy)
    made = [each for each in reader.find(Inspection, post_id=post_id) if each.round == named_in.id]
    if not any(each.inspected_on <= awarded_on for each in made):
        raise NotInspected(
            post_id=post_id,
            award_day=named_in.award_day,
            first_day=named_in.first_day,
            closes_on=named_in.closes_on,
            cutoff_days=policy.award_cutoff_days,
        )
    latest = made[-1]
    if latest.inspected_on > awarded_on:
        raise InspectedSince(
            post_id=post_id,
            awarded_on=awarded_on,
            inspected_on=latest.inspected_on,
            inspection_id=latest.id,
        )
    return latest
