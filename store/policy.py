"""The numbers the founding plan leaves open.

Knows how to read a policy file, which clause each number belongs to and in which unit it counts. Leaves out
what the numbers mean for an act: the acts ask.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import pairwise
from typing import Any, TypeVar

from store.clauses import CLAUSES
from store.periods import Calendar, MonthDay, PeriodStart
from store.records import Stage, Timing
from store.refusals import Refusal

T = TypeVar("T")
RuleValue = int | float | str | tuple[str, ...]

WARN, REQUIRE = "warn", "require"
FULL_MARKS = 100


class BadPolicy(Refusal):
    """A policy file cannot be used. Remedy: correct the key named."""

    reason_zh = "政策文件中的“{key}”不可用：{problem_zh}。"
    reason_en = "The policy file's {key!r} cannot be used: {problem_en}."
    remedy_zh = "请对照 store/policies/founding-plan.toml 改正后重试。"
    remedy_en = "Correct it after the pattern of store/policies/founding-plan.toml."


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One number of the policy, its unit and the clause it fills in."""

    value: RuleValue
    unit: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What an organisation decided where the founding plan leaves a number open."""

    name: str
    committee_name: str
    headings: Mapping[Stage, str]
    members_min: int
    posts_per_branch_min: int
    posts_per_branch_max: int
    window_opens: MonthDay
    window_closes: MonthDay
    plan_before_application: str
    notice_working_days: int
    notice_before_approval: str
    periods: Calendar
    rectification_days: int
    recall_days: int
    satisfied_share_min: float
    ratings_min: int
    survey_weight: float
    report_weight: float
    site_weight: float
    award_points_min: int
    keep_points_min: int
    award_days: tuple[MonthDay, ...]
    award_cutoff_days: int
    callback_working_days: int
    settlement_working_days: int
    votes_per_network_hour: int
    rules: Mapping[str, Rule]

    def __post_init__(self) -> None:
        self._check_order("window_closes", self.window_opens <= self.window_closes)
        self._check_order("posts_per_branch_max", self.posts_per_branch_min <= self.posts_per_branch_max)
        self._check_order("award_points_min", self.keep_points_min <= self.award_points_min <= FULL_MARKS)
        self._check_weights()

    def timing_of(self, day: date) -> Timing:
        """Say where a day falls against the window of its year (F6)."""
        month_day = (day.month, day.day)
        if month_day < self.window_opens:
            return Timing.EARLY
        return Timing.IN_WINDOW if month_day <= self.window_closes else Timing.LATE

    def _check_order(self, key: str, in_order: bool) -> None:  # noqa: FBT001 - the comparison itself
        if not in_order:
            raise _bad(f"{key}.value", "与相关的另一项大小颠倒", "it contradicts the number it belongs to")

    def _check_weights(self) -> None:
        if round(self.survey_weight + self.report_weight + self.site_weight, 6) != 1:
            raise _bad("survey_weight.value", "三项权重之和应为1", "the three weights add up to 1")
        if self.survey_weight <= max(self.report_weight, self.site_weight):
            raise _bad("survey_weight.value", "满意度测评的权重应最大（F24）", "the survey weighs most (F24)")


def founding_plan() -> Policy:
    """Return the founding plan's own numbers."""
    return parse_policy((files("store") / "policies" / "founding-plan.toml").read_text("utf-8"))


def parse_policy(text: str) -> Policy:
    """Read a policy file.

    Raises:
        BadPolicy: the text is not TOML, or a key is missing, unknown or has an impossible value.

    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad("TOML", f"格式错误（{error}）", str(error)) from error
    rules = {key: _rule(tables, key) for key in (*_READ, *(tables.keys() - _NOT_RULES))}
    return Policy(
        name=_text(tables, "name"),
        committee_name=_text(_table(tables, "organisation"), "committee"),
        headings={stage: _text(_table(tables, "headings"), stage.value) for stage in Stage},
        rules=rules,
        **{key: read(key, rules[key].value) for key, read in _READ.items()},
    )


def _bad(key: str, problem_zh: str, problem_en: str) -> BadPolicy:
    return BadPolicy(key=key, problem_zh=problem_zh, problem_en=problem_en)


def _table(tables: dict[str, Any], key: str) -> dict[str, Any]:
    table = tables.get(key)
    if not isinstance(table, dict):
        raise _bad(key, "缺少该表", "the table is missing")
    return table


def _text(table: dict[str, Any], key: str) -> str:
    text = table.get(key)
    if not isinstance(text, str) or not text.strip():
        raise _bad(key, "应为非空文字", "a text is expected")
    return text


def _rule(tables: dict[str, Any], key: str) -> Rule:
    if key not in _READ:
        raise _bad(key, "没有这一项规则", "there is no such rule")
    table = _table(tables, key)
    clause = _text(table, "clause")
    if clause not in CLAUSES:
        raise _bad(f"{key}.clause", "没有这一条款", "there is no such clause")
    return Rule(value=_value(table, key), unit=_text(table, "unit"), clause=clause)


def _value(table: dict[str, Any], key: str) -> RuleValue:
    value = table.get("value")
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return tuple(value)
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        raise _bad(
            f"{key}.value", "应为数字、文字或文字的列表", "a number, a text or a list of texts is expected"
        )
    return value


def _whole(key: str, value: RuleValue) -> int:
    if not isinstance(value, int) or value < 1:
        raise _bad(f"{key}.value", "应为正整数", "a positive whole number is expected")
    return value


def _share(key: str, value: RuleValue) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _bad(f"{key}.value", "应在0与1之间", "a number from 0 to 1 is expected")
    return float(value)


def _strictness(key: str, value: RuleValue) -> str:
    if value not in (WARN, REQUIRE):
        raise _bad(f"{key}.value", f"应为 {WARN} 或 {REQUIRE}", f"{WARN} or {REQUIRE} is expected")
    return str(value)


def _month_day(key: str, value: RuleValue) -> MonthDay:
    try:
        day = date.fromisoformat(f"2024-{value}")
    except ValueError as error:
        raise _bad(f"{key}.value", "应形如 06-11", "MM-DD is expected") from error
    return day.month, day.day


def _texts(key: str, value: RuleValue) -> tuple[str, ...]:
    if not isinstance(value, tuple):
        raise _bad(f"{key}.value", "应为文字的列表", "a list of texts is expected")
    return value


def _award_days(key: str, value: RuleValue) -> tuple[MonthDay, ...]:
    return _ascending(key, tuple(_month_day(key, each) for each in _texts(key, value)))


def _periods(key: str, value: RuleValue) -> Calendar:
    starts = tuple(_period_start(key, each) for each in _texts(key, value))
    _ascending(key, tuple(each.first_day for each in starts))
    return Calendar(starts=starts)


def _period_start(key: str, text: str) -> PeriodStart:
    name, _, first_day = text.partition(" ")
    if not name.isalnum() or len(name) > PeriodStart.NAME_LONGEST:
        raise _bad(f"{key}.value", f"“{text}”应形如 Q1 01-01", f"{text!r}: a name and MM-DD are expected")
    return PeriodStart(name=name, first_day=_month_day(key, first_day))


def _ascending(key: str, days: tuple[MonthDay, ...]) -> tuple[MonthDay, ...]:
    if any(earlier >= later for earlier, later in pairwise(days)):
        raise _bad(f"{key}.value", "日期应由早到晚", "the days are expected in order")
    return days


_READ: dict[str, Callable[[str, RuleValue], Any]] = {
    "members_min": _whole,
    "posts_per_branch_min": _whole,
    "posts_per_branch_max": _whole,
    "window_opens": _month_day,
    "window_closes": _month_day,
    "plan_before_application": _strictness,
    "notice_working_days": _whole,
    "notice_before_approval": _strictness,
    "periods": _periods,
    "rectification_days": _whole,
    "recall_days": _whole,
    "satisfied_share_min": _share,
    "ratings_min": _whole,
    "survey_weight": _share,
    "report_weight": _share,
    "site_weight": _share,
    "award_points_min": _whole,
    "keep_points_min": _whole,
    "award_days": _award_days,
    "award_cutoff_days": _whole,
    "callback_working_days": _whole,
    "settlement_working_days": _whole,
    "votes_per_network_hour": _whole,
}
_NOT_RULES = {"name", "organisation", "headings"}
