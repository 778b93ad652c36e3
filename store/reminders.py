"""Reminding branches of overdue plates: what a reminder is about, and that nobody sends it twice (F23).

A reminder goes out once a day for each branch and way. It is entered before it is sent, so that one of many
workers sends it; one that failed is tried again on the same day, one that was cut off on the next. Leaves out
its words (reminder_texts.py) and how it is sent (gangpai/reminding.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from store.branches import general_branches, names_before
from store.calendar import office_day, office_time
from store.recalls import Recall, recalls
from store.records import Organisation, RecallReminder, RecallReminderOutcome, ReminderWay
from store.register import Reader, Register, Related

WAY_ZH: dict[ReminderWay, str] = {ReminderWay.MAIL: "邮件", ReminderWay.ROBOT: "企业微信"}

WAY_EN: dict[ReminderWay, str] = {ReminderWay.MAIL: "mail", ReminderWay.ROBOT: "WeCom"}

_PROBLEM_ZH = {
    "login_refused": "邮件服务器不接受登录",
    "recipients_refused": "收件地址被拒",
    "sender_refused": "发件地址被拒",
    "no_tls_or_login_offered": "邮件服务器不支持加密或登录",
    "not_taken": "邮件服务器没有收下",
    "timed_out": "对方没有及时回答",
    "certificate_or_tls": "对方证书不可信",
    "host_unknown": "找不到对方主机",
    "unreachable": "连不上对方",
    "ReceiverNotPublic": "机器人地址不在公网上",
}

_PROBLEM_EN = {
    "login_refused": "the mail server refused the login",
    "recipients_refused": "the address was refused",
    "sender_refused": "the sender was refused",
    "no_tls_or_login_offered": "the mail server offers no encryption or login",
    "not_taken": "the mail server did not take it",
    "timed_out": "no answer in time",
    "certificate_or_tls": "the certificate is not trusted",
    "host_unknown": "no such host",
    "unreachable": "out of reach",
    "ReceiverNotPublic": "the robot's address is not public",
}

FROM_HOUR = 9
"""The hour of the office's day from which on reminders go out."""

LOOKED_THROUGH = 500
"""Among so many of the newest reminders those of the branches are looked for by one question."""

ATTEMPTS_MOST = 3
AGAIN_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """The plates of a branch that are out past their due dates, the first due on top, on a day.

    `branch_names` are what the branch is called, and after that what it was called before, the newest first.
    """

    branch: Organisation
    branch_names: tuple[str, ...]
    lines: tuple[Recall, ...]
    day: date


@dataclass(frozen=True, kw_only=True)
class Told:
    """A reminder that was begun and how it ended; without an outcome it is under way or was cut off."""

    reminder: RecallReminder
    outcome: RecallReminderOutcome | None

    @property
    def is_taken(self) -> bool:
        """Whether the receiving server took it."""
        return self.outcome is not None and not self.outcome.problem


def overdue_by_branch(reader: Reader, day: date) -> list[Overdue]:
    """Return the branches that have overdue plates, in the order in which they were entered."""
    found = (_overdue_of(reader, branch, day) for branch in general_branches(reader))
    return [each for each in found if each.lines]


def _overdue_of(reader: Reader, branch: Organisation, day: date) -> Overdue:
    late = [each for each in recalls(reader, branch_id=branch.id) if each.is_overdue(day)]
    lines = sorted(late, key=lambda each: (each.line.due_on, each.copy.id))
    names = (branch.name, *reversed(names_before(reader, branch)))
    return Overdue(branch=branch, branch_names=names, lines=tuple(lines), day=day)


def problem_zh(problem: str) -> str:
    """Return what went wrong with a reminder in Chinese; as it is recorded where there is no word for it."""
    return _PROBLEM_ZH.get(problem) or problem.replace("errcode_", "企业微信没有收下，错误码")


def problem_en(problem: str) -> str:
    """Return what went wrong with a reminder in English; as it is recorded where there is no word for it."""
    return _PROBLEM_EN.get(problem) or problem.replace("errcode_", "WeCom did not take it, error ")


def may_be_sent(now: datetime) -> bool:
    """Whether the office's day has come so far that reminders go out."""
    return office_time(now).hour >= FROM_HOUR


def last_told(reader: Reader, branch_ids: Iterable[str]) -> dict[str, Told]:
    """Return the newest reminder of each of some branches; one that was never reminded is left out."""
    recent = list(reader.newest(RecallReminder, LOOKED_THROUGH))
    last = {each.branch_id: each for each in reversed(recent)}
    if len(recent) == LOOKED_THROUGH:
        older = (reader.newest(RecallReminder, 1, branch_id=each) for each in branch_ids if each not in last)
        last |= {each.branch_id: each for found in older for each in found}
    wanted = [last[each] for each in branch_ids if each in last]
    ended = reader.related(RecallReminderOutcome, "id", [_outcome_id(each) for each in wanted], ())
    return {
        each.branch_id: Told(reminder=each, outcome=_outcome_of(ended[_outcome_id(each)])) for each in wanted
    }


def _outcome_of(found: Sequence[Related[RecallReminderOutcome]]) -> RecallReminderOutcome | None:
    return found[0].record if found else None


def _outcome_id(reminder: RecallReminder) -> str:
    return f"{reminder.id}-O"


def _newest(reader: Reader, reminders: Iterable[RecallReminder]) -> Told | None:
    last = max(reminders, key=lambda each: each.begun_at, default=None)
    if last is None:
        return None
    return Told(reminder=last, outcome=reader.get(RecallReminderOutcome, _outcome_id(last)))


def next_attempt(reader: Reader, branch_id: str, way: ReminderWay, now: datetime) -> int | None:
    """Return the number of the attempt to be made now; None if it went out, is under way, or has to wait."""
    day = office_day(now)
    every = reader.find(RecallReminder, branch_id=branch_id)
    last = _newest(reader, (each for each in every if (each.way, each.sent_on) == (way, day)))
    if last is None:
        return 1
    if last.outcome is None or last.is_taken or last.reminder.attempt >= ATTEMPTS_MOST:
        return None
    return last.reminder.attempt + 1 if now - last.outcome.ended_at >= AGAIN_AFTER else None


def begin(register: Register, overdue: Overdue, way: ReminderWay, now: datetime) -> RecallReminder | None:
    """Enter that a reminder is begun; None if it is not to be sent now, or another worker sends it.

    Raises:
        RegisterUnavailable: nothing was entered, so nothing may be sent.

    """
    with register.transaction() as transaction:
        attempt = next_attempt(transaction, overdue.branch.id, way, now)
        if attempt is None:
            return None
        reminder = RecallReminder(
            id=f"{overdue.branch.id}-{overdue.day:%Y%m%d}-{way}-{attempt}",
            branch_id=overdue.branch.id,
            way=way,
            sent_on=overdue.day,
            attempt=attempt,
            plates=len(overdue.lines),
            begun_at=now,
        )
        transaction.append(reminder)
    return reminder


def finish(register: Register, reminder: RecallReminder, problem: str, now: datetime) -> Told:
    """Enter how a reminder ended; an empty problem says that it was taken.

    Raises:
        RegisterUnavailable: it is not on record; the reminder counts as cut off.

    """
    outcome = RecallReminderOutcome(
        id=_outcome_id(reminder),
        reminder_id=reminder.id,
        branch_id=reminder.branch_id,
        problem=problem,
        ended_at=now,
    )
    with register.transaction() as transaction:
        transaction.append(outcome)
    return Told(reminder=reminder, outcome=outcome)
