"""On whose authority and when an act is done, who may do it, and how it enters the ledger.

Every act asks `permit` before it reads anything and ends in `enact`; neither knows any particular act.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store import ledger
from store.documents import digest
from store.policy import Policy
from store.records import LogEntry, Record, Role
from store.refusals import Refusal
from store.register import Transaction


class NotAllowed(Refusal):
    """The actor's role or branch does not include this act. Remedy: ask whoever it belongs to."""

    reason_zh = "“{actor}”无权办理此事。"
    reason_en = "{actor!r} may not do this."
    remedy_zh = "请由有权限的人员办理：{who_zh}。"
    remedy_en = "It belongs to: {who_en}."


class ReasonMissing(Refusal):
    """An act that must be explained came without words. Remedy: state the facts."""

    clause_id = "F29"
    reason_zh = "没有填写{what_zh}。"
    reason_en = "The {what_en} is missing."
    remedy_zh = "请填写后再提交。"
    remedy_en = "Fill it in and try again."


class StatementTooLong(Refusal):
    """A text is longer than anybody reads. Remedy: state its essence, and attach the document."""

    clause_id = "F29"
    reason_zh = "{what_zh}有{length}个字，超过{longest}个字。"
    reason_en = "The {what_en} has {length} characters; {longest} are taken."
    remedy_zh = "请填写要点，全文作为附件收存。"
    remedy_en = "State its essence, and attach the document."


STATED_LONGEST = 50_000


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts; whoever has a `branch_id` is confined to that branch, and a branch officer always is."""

    name: str
    role: Role
    branch_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Who acts, when (aware, UTC), and under which policy."""

    actor: Actor
    now: datetime
    policy: Policy

    def permit(self, *roles: Role, branch_id: str | None = None) -> None:
        """Let the named roles pass, in their own part of the organisation; None stands for all of it.

        Raises:
            NotAllowed: the actor has none of the roles, or belongs to another branch.

        """
        if self.actor.role not in roles or not self.covers(branch_id):
            raise NotAllowed(
                actor=self.actor.name,
                who_zh="、".join(ROLE_ZH[role] for role in roles),
                who_en=", ".join(ROLE_EN[role] for role in roles),
            )

    def covers(self, branch_id: str | None) -> bool:
        """Whether a branch, or for None the whole organisation, is the actor's part of it."""
        if self.actor.branch_id is None:
            return self.actor.role is not Role.BRANCH_OFFICER
        return self.actor.branch_id == branch_id


ROLE_ZH: dict[Role, str] = {
    Role.COMMITTEE: "党委",
    Role.BRANCH_OFFICER: "本总支工作人员",
    Role.PRINT_CLERK: "印制人员",
    Role.INSPECTOR: "督查人员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.PUBLIC: "群众",
}

ROLE_EN: dict[Role, str] = {
    Role.COMMITTEE: "the committee",
    Role.BRANCH_OFFICER: "an officer of the branch",
    Role.PRINT_CLERK: "a print clerk",
    Role.INSPECTOR: "an inspector",
    Role.ADMINISTRATOR: "an administrator",
    Role.PUBLIC: "the public",
}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What the ledger says of an act: its name, what it was done to, and why."""

    act: str
    object: str
    reason: str = ""


def enact(transaction: Transaction, authority: Authority, deed: Deed, records: Sequence[Record]) -> None:
    """Append the records of one act and the one log entry that binds them."""
    number = transaction.count(LogEntry) + 1
    entry = LogEntry(
        id=ledger.entry_id(number),
        number=number,
        at=authority.now,
        actor=authority.actor.name,
        act=deed.act,
        object=deed.object,
        reason=deed.reason,
        digests=tuple(digest(record) for record in records),
    )
    ledger.enter(transaction, entry, records)


def stated(text: str, *, what_zh: str, what_en: str) -> str:
    """Return the text without surrounding blanks.

    Raises:
        ReasonMissing, StatementTooLong: nothing was said, or too much.

    """
    said = text.strip()
    if not said:
        raise ReasonMissing(what_zh=what_zh, what_en=what_en)
    if len(said) > STATED_LONGEST:
        raise StatementTooLong(what_zh=what_zh, what_en=what_en, length=len(said), longest=STATED_LONGEST)
    return said
