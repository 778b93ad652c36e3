"""Deciding the numbers that the founding plan leaves open.

What was decided under the numbers before keeps them: due dates, points and consents stand in the records of
their acts. From the moment a decision is acknowledged, every act and every list goes by the new ones.
"""

from dataclasses import dataclass

from store.acts.authority import STATED_LONGEST, Authority, Deed, StatementTooLong, enact, stated
from store.policy import Policy, parse_policy
from store.policy_drafts import PolicyDraft, changes, policy_file
from store.policy_in_force import newest_decision, policy_in_force
from store.records import PolicyDecision, Role
from store.refusals import Refusal
from store.register import Register

FORM = "表单"
"""What a refusal calls a policy that was typed into a form."""


class NothingDecided(Refusal):
    """The policy is the one in force. Remedy: change a number."""

    reason_zh = "与现行政策相同，没有要更改的。"
    reason_en = "This is the policy in force; nothing would change."
    remedy_zh = "请先更改数字再提交。"
    remedy_en = "Change a number first."


class DecidedMeanwhile(Refusal):
    """Another decision came in between. Remedy: look at it, then decide on its ground."""

    reason_zh = "政策在您填写期间已由别人更改（{decision_id}）。"
    reason_en = "The policy was decided anew ({decision_id}) while you were writing."
    remedy_zh = "请核对现行的数字，确认后再提交一次。"
    remedy_en = "Compare with the numbers in force, then send it once more."


@dataclass(frozen=True, kw_only=True)
class NewPolicy:
    """A policy to be decided: what was typed, on the ground of which decision, and why."""

    draft: PolicyDraft
    ground: str
    reason: str


def decide_policy(register: Register, authority: Authority, new: NewPolicy) -> PolicyDecision:
    """Put a policy in force, at once and for everything that acts on the register.

    Raises:
        NotAllowed: the actor is not the committee.
        BadPolicy: a number cannot be so, or does not agree with others; all faults are told.
        ReasonMissing, StatementTooLong, NothingDecided, DecidedMeanwhile: it cannot be decided so.

    """
    authority.permit(Role.COMMITTEE)
    text = policy_file(new.draft)
    if len(text) > STATED_LONGEST:
        raise StatementTooLong(what_zh="政策", what_en="policy", length=len(text), longest=STATED_LONGEST)
    policy = parse_policy(text, file=FORM)
    reason = stated(new.reason, what_zh="更改理由", what_en="reason")
    with register.transaction() as transaction:
        before = newest_decision(transaction)
        if new.ground != (before.id if before else ""):
            raise DecidedMeanwhile(decision_id=before.id if before else "-")
        differing = _differing(policy_in_force(transaction, authority.policy), policy)
        decision = PolicyDecision(
            id=f"P{transaction.count(PolicyDecision) + 1}",
            text=text,
            reason=reason,
            decided_by=authority.actor.name,
            decided_at=authority.now,
        )
        deed = Deed(act="decide policy", object=decision.id, reason=f"{reason}（{differing}）")
        enact(transaction, authority, deed, [decision])
    return decision


def _differing(before: Policy, after: Policy) -> str:
    """Say what changes, for the log.

    Raises:
        NothingDecided: nothing does.

    """
    found = [f"{each.zh} {each.before}→{each.after}" for each in changes(before, after)]
    if not found:
        raise NothingDecided
    return "；".join(found)
