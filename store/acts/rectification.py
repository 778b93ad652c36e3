"""A problem found is to be put right by a day, and what became of it is entered with the evidence (F18)."""

from dataclasses import dataclass
from datetime import date, timedelta

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.conditions import check_member, own_post
from store.calendar import office_day
from store.lookup import only
from store.records import Rectification, RectificationClosed, RectificationResult, Role
from store.refusals import Refusal
from store.register import Reader, Register


class DeadlinePassed(Refusal):
    """The day to put a problem right by has passed. Remedy: name a day to come."""

    clause_id = "F18"
    reason_zh = "整改限期{due_on}早于今天。"
    reason_en = "The deadline, {due_on}, has passed."
    remedy_zh = "请填写今天或以后的日期。"
    remedy_en = "Name today or a later day."


class NoSuchRectification(Refusal):
    """No rectification has this id. Remedy: look at the list."""

    clause_id = "F18"
    reason_zh = "没有编号为“{rectification_id}”的整改。"
    reason_en = "There is no rectification {rectification_id!r}."
    remedy_zh = "请对照整改清单核对（gangpai rectify list）。"
    remedy_en = "Compare it with the list (gangpai rectify list)."


class AlreadyClosed(Refusal):
    """The rectification is closed. Remedy: order a new one if the problem came back."""

    clause_id = "F18"
    reason_zh = "整改{rectification_id}已于{when}办结。"
    reason_en = "Rectification {rectification_id} was closed at {when}."
    remedy_zh = "问题再次出现的，请另行下达整改。"
    remedy_en = "Order a new one if the problem came back."


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What is to be put right: by a member or, without a name, by the post; by the policy's day or another.

    `reason` says why another day than the policy's was set.
    """

    problem: str
    member_name: str = ""
    due_on: date | None = None
    reason: str = ""


def deadline(authority: Authority) -> date:
    """Return the day by which a problem found now is to be put right."""
    return office_day(authority.now) + timedelta(days=authority.policy.rectification_days)


def order_rectification(
    register: Register, authority: Authority, post_id: str, demand: Demand
) -> Rectification:
    """Order that a problem be put right.

    Raises:
        ReasonMissing, DeadlinePassed: the order is incomplete; another day than the policy's needs a reason.
        NotAllowed, NoSuchPost: it is not the actor's post, or there is none.
        NotApproved, PostIsRevoked, PostHasEnded: the post does not stand.
        NotInPost: the person named is not in the post.

    """
    problem = stated(demand.problem, what_zh="存在的问题", what_en="problem")
    due_on, reason = _due(authority, demand)
    with register.transaction() as transaction:
        dossier = own_post(transaction, authority, post_id)
        if demand.member_name:
            check_member(dossier, demand.member_name)
        order = Rectification(
            id=f"{post_id}-G{len(transaction.find(Rectification, post_id=post_id)) + 1}",
            post_id=post_id,
            branch_id=dossier.post.branch_id,
            member_name=demand.member_name,
            assessment_id=None,
            problem=problem,
            due_on=due_on,
            ordered_at=authority.now,
        )
        enact(transaction, authority, Deed(act="rectify", object=post_id, reason=reason), [order])
    return order


def _due(authority: Authority, demand: Demand) -> tuple[date, str]:
    usual = deadline(authority)
    if demand.due_on in {None, usual}:
        return usual, demand.reason.strip()
    due_on = demand.due_on or usual
    if due_on < office_day(authority.now):
        raise DeadlinePassed(due_on=due_on)
    days = authority.policy.rectification_days
    return due_on, stated(
        demand.reason,
        what_zh=f"限期不按{days}天的理由",
        what_en=f"reason for another deadline than {days} days",
    )


def close_rectification(
    register: Register,
    authority: Authority,
    rectification_id: str,
    *,
    result: RectificationResult,
    evidence: str,
) -> RectificationClosed:
    """Enter what became of a problem, with the evidence; what is not put right asks for an adjustment (F19).

    Raises:
        ReasonMissing: no evidence is given.
        NotAllowed, NoSuchRectification, AlreadyClosed: there is nothing the actor could close.

    """
    evidence = stated(evidence, what_zh="整改佐证", what_en="evidence")
    with register.transaction() as transaction:
        order = _open_order(transaction, authority, rectification_id)
        closed = RectificationClosed(
            id=f"{order.id}-C",
            rectification_id=order.id,
            post_id=order.post_id,
            result=result,
            evidence=evidence,
            closed_at=authority.now,
        )
        deed = Deed(act="close rectification", object=order.id, reason=result.value)
        enact(transaction, authority, deed, [closed])
    return closed


def _open_order(reader: Reader, authority: Authority, rectification_id: str) -> Rectification:
    order = reader.get(Rectification, rectification_id)
    if order is None:
        raise NoSuchRectification(rectification_id=rectification_id)
    authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=order.branch_id)
    if closed := only(reader.find(RectificationClosed, rectification_id=order.id)):
        raise AlreadyClosed(rectification_id=order.id, when=closed.closed_at)
    return order
