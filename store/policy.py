"""The numbers the founding plan leaves open.

Knows which rules there are, what a policy file holds and which numbers have to agree; a file is refused with
all its faults at once. Leaves out what one value may be (policy_values.py) and what it means for an act: the
acts ask.
"""

import operator
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import category

from store.clauses import CLAUSES
from store.periods import Calendar, MonthDay
from store.policy_values import (
    FULL_MARKS,
    REQUIRE,
    WARN,
    Number,
    RuleValue,
    count,
    days,
    month_day,
    month_days,
    periods,
    points,
    share,
    strictness,
)
from store.records import Stage, Timing
from store.refusals import Refusal

__all__ = [
    "FOUNDING_PLAN", "FULL_MARKS", "NUMBERS", "REQUIRE", "WARN", "BadPolicy", "NoSuchProfile", "Policy",
    "PolicyFault", "Rule", "RuleValue", "built_in", "founding_plan", "parse_kept", "parse_policy",
    "profiles",
]  # fmt: skip

FOUNDING_PLAN = "founding-plan"

NUMBERS: dict[str, Number] = {
    "members_min": count("集体示范岗党员人数下限", "名党员"),
    "posts_per_branch_min": count("每个总支设岗下限", "个岗位"),
    "posts_per_branch_max": count("每个总支设岗上限", "个岗位"),
    "window_opens": month_day("申报开始"),
    "window_closes": month_day("申报截止"),
    "plan_before_application": strictness("未备案方案即申报"),
    "notice_working_days": days("公示期", "个工作日"),
    "notice_before_approval": strictness("未经公示即批准"),
    "periods": periods("考核周期"),
    "rectification_days": days("整改期限"),
    "recall_days": days("收回期限"),
    "satisfied_share_min": share("群众满意度下限", "满意占比"),
    "ratings_min": count("满意度测评份数下限", "份"),
    "survey_weight": share("满意度测评权重", "权重"),
    "report_weight": share("听汇报权重", "权重"),
    "site_weight": share("实地考评权重", "权重"),
    "award_points_min": points("命名分数线"),
    "keep_points_min": points("保留分数线"),
    "award_days": month_days("命名表彰日"),
    "award_cutoff_days": days("命名前检查截止", least=0),
    "callback_working_days": days("差评回访期限", "个工作日"),
    "settlement_working_days": days("差评办结期限", "个工作日"),
    "votes_per_network_hour": count("同一网络每小时计票上限", "票"),
}
"""Every rule of a policy, in the order in which the programme meets them."""


@dataclass(frozen=True, kw_only=True)
class PolicyFault:
    """One thing that keeps a policy file from being used: the key, what is wrong with it, what is allowed."""

    key: str
    what_zh: str
    what_en: str
    allowed_zh: str
    allowed_en: str

    @property
    def zh(self) -> str:
        """The fault as one clause in Chinese."""
        return f"“{self.key}”{self.what_zh}，{self.allowed_zh}"

    @property
    def en(self) -> str:
        """The fault as one clause in English."""
        return f"{self.key} {self.what_en}, {self.allowed_en}"


class BadPolicy(Refusal):
    """A policy file cannot be used. Remedy: correct every key named."""

    reason_zh = "政策文件“{file}”有{count}处不可用——{faults_zh}。"
    reason_en = "The policy file {file!r} has {count} faults: {faults_en}."
    remedy_zh = (
        "请逐项改正（可对照 gangpai policy --profile founding-plan），再用 gangpai policy --check 核对。"
    )
    remedy_en = (
        "Correct each (compare gangpai policy --profile founding-plan), then try gangpai policy --check."
    )

    def __init__(self, *, file: str, faults: tuple[PolicyFault, ...]) -> None:
        """Keep the faults, in the order in which the rules are listed."""
        self.faults = faults
        super().__init__(
            file=file,
            count=len(faults),
            faults_zh="；".join(each.zh for each in faults),
            faults_en="; ".join(each.en for each in faults),
        )


class NoSuchProfile(Refusal):
    """No built-in policy has this name. Remedy: choose one of those there are."""

    reason_zh = "没有名为“{profile}”的内置政策。"
    reason_en = "There is no built-in policy {profile!r}."
    remedy_zh = "可用的有：{known}。"
    remedy_en = "Choose one of: {known}."


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One number of the policy, its unit and the clause it fills in."""

    value: RuleValue
    unit: str
    clause: str

    @property
    def shown(self) -> str:
        """The value as a person reads it; the texts of a list are separated by 、."""
        return "、".join(self.value) if isinstance(self.value, tuple) else str(self.value)


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
        if faults := tuple(_disagreements(vars(self))):
            raise BadPolicy(file=self.name, faults=faults)

    def timing_of(self, day: date) -> Timing:
        """Say where a day falls against the window of its year (F6)."""
        month_day = (day.month, day.day)
        if month_day < self.window_opens:
            return Timing.EARLY
        return Timing.IN_WINDOW if month_day <= self.window_closes else Timing.LATE


def founding_plan() -> Policy:
    """Return the founding plan's own numbers."""
    return built_in(FOUNDING_PLAN)


def profiles() -> tuple[str, ...]:
    """Return the names of the built-in policies, the founding plan's first."""
    there = {each.name.removesuffix(".toml") for each in _POLICIES.iterdir() if each.name.endswith(".toml")}
    return FOUNDING_PLAN, *sorted(there - {FOUNDING_PLAN})


@cache
def built_in(profile: str) -> Policy:
    """Return a built-in policy by its name.

    Raises:
        NoSuchProfile: there is none of this name.

    """
    if profile not in profiles():
        raise NoSuchProfile(profile=profile, known="、".join(profiles()))
    file = _POLICIES / f"{profile}.toml"
    return parse_policy(file.read_text("utf-8"), file=file.name)


def parse_policy(text: str, *, file: str) -> Policy:
    """Read a policy; `file` is what a refusal calls it.

    Raises:
        BadPolicy: the text is not TOML, or keys are missing, unknown or have impossible values; it names all.

    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPolicy(file=file, faults=(_not_toml(error),)) from error
    return _policy_of(tables, file)


def parse_kept(text: str, *, file: str) -> Policy:
    """Read a policy that an earlier release may have written: rules it did not know are the founding plan's.

    Raises:
        BadPolicy: a value is one that this release no longer takes.

    """
    usual, kept = tomllib.loads(_founding_text()), tomllib.loads(text)
    return _policy_of(usual | {key: table for key, table in kept.items() if key in usual}, file)


def _founding_text() -> str:
    return (_POLICIES / f"{FOUNDING_PLAN}.toml").read_text("utf-8")


def _policy_of(tables: dict[str, Any], file: str) -> Policy:
    reading = _Reading(tables)
    fields = reading.fields()
    if reading.faults:
        raise BadPolicy(file=file, faults=tuple(reading.faults))
    return Policy(**fields)


class _Reading:
    """Reads the tables of one policy file and gathers every fault on the way."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self.faults: list[PolicyFault] = []
        self._tables = tables
        self._values: dict[str, Any] = {}
        self._rules: dict[str, Rule] = {}

    def fields(self) -> dict[str, Any]:
        """Return the fields of the policy; they are whole when there are no faults."""
        self._check_keys("", self._tables, ("name", "organisation", "headings", *NUMBERS))
        committee = self._table("organisation", ("committee",))
        headings = self._table("headings", tuple(Stage))
        for key, number in NUMBERS.items():
            self._read(key, number, self._table(key, ("value", "unit", "clause")))
        self.faults.extend(_disagreements(self._values))
        return self._values | {
            "name": self._text("name", self._tables),
            "committee_name": self._text("organisation.committee", committee),
            "headings": {stage: self._text(f"headings.{stage}", headings) for stage in Stage},
            "rules": self._rules,
        }

    def _read(self, key: str, number: Number, table: dict[str, Any] | None) -> None:
        if table is None:
            return
        value, unit, clause = table.get("value"), table.get("unit"), table.get("clause")
        try:
            self._values[key] = number.read(value)
        except ValueError:
            self._refuse(f"{key}.value", value, number.allowed_zh, number.allowed_en)
        if unit != number.unit:
            self._refuse(f"{key}.unit", unit, f"“{number.unit}”", repr(number.unit))
        if str(clause) not in CLAUSES:
            self._refuse(
                f"{key}.clause", clause, "实施方案条款的编号，如 F4", "the id of a clause, such as F4"
            )
        quoted: Any = tuple(value) if isinstance(value, list) else value
        self._rules[key] = Rule(value=quoted, unit=str(unit), clause=str(clause))

    def _table(self, key: str, known: Iterable[str]) -> dict[str, Any] | None:
        table = self._tables.get(key)
        if not isinstance(table, dict):
            self._refuse(key, table, f"[{key}] 一节", f"a table [{key}]")
            return None
        self._check_keys(f"{key}.", table, known)
        return table

    def _text(self, key: str, table: dict[str, Any] | None) -> str:
        if table is None:
            return ""
        given = table.get(key.rpartition(".")[2])
        if not isinstance(given, str) or not _can_be_printed(given):
            self._refuse(key, given, "一行非空文字", "one line of text that is not empty")
        return str(given).strip()

    def _check_keys(self, prefix: str, table: dict[str, Any], known: Iterable[str]) -> None:
        for key in sorted(table.keys() - set(known)):
            nearest = f"{prefix}{get_close_matches(key, known, n=1, cutoff=0)[0]}"
            self.faults.append(
                PolicyFault(
                    key=f"{prefix}{key}",
                    what_zh="没有这一项",
                    what_en="is not known",
                    allowed_zh=f"最接近的是 {nearest}",
                    allowed_en=f"the nearest is {nearest}",
                )
            )

    def _refuse(self, key: str, given: object, allowed_zh: str, allowed_en: str) -> None:
        self.faults.append(
            PolicyFault(
                key=key,
                what_zh="缺少" if given is None else f"不能是 {_shown(given)}",
                what_en="is missing" if given is None else f"cannot be {_shown(given)}",
                allowed_zh=f"应为{allowed_zh}",
                allowed_en=f"expected: {allowed_en}",
            )
        )


@dataclass(frozen=True, kw_only=True)
class _Agreement:
    """What some numbers have to be to one another; the first of them is named where they are not."""

    keys: tuple[str, ...]
    holds: Callable[..., bool]
    must_zh: str
    must_en: str


_AGREEMENTS = (
    _Agreement(
        keys=("window_closes", "window_opens"),
        holds=operator.ge,
        must_zh="不得早于 window_opens",
        must_en="it cannot be before window_opens",
    ),
    _Agreement(
        keys=("posts_per_branch_max", "posts_per_branch_min"),
        holds=operator.ge,
        must_zh="不得小于 posts_per_branch_min",
        must_en="it cannot be below posts_per_branch_min",
    ),
    _Agreement(
        keys=("award_points_min", "keep_points_min"),
        holds=operator.ge,
        must_zh="不得低于 keep_points_min",
        must_en="it cannot be below keep_points_min",
    ),
    _Agreement(
        keys=("settlement_working_days", "callback_working_days"),
        holds=operator.ge,
        must_zh="不得短于 callback_working_days",
        must_en="it cannot be shorter than callback_working_days",
    ),
    _Agreement(
        keys=("survey_weight", "report_weight", "site_weight"),
        holds=lambda *weights: round(sum(weights), 6) == 1,
        must_zh="三项权重之和应为1（survey_weight、report_weight、site_weight）",
        must_en="the three weights add up to 1 (survey_weight, report_weight, site_weight)",
    ),
    _Agreement(
        keys=("survey_weight", "report_weight", "site_weight"),
        holds=lambda survey, *others: survey > max(others),
        must_zh="满意度测评的权重应最大（F24）",
        must_en="the survey weighs most (F24)",
    ),
)


def _disagreements(values: Mapping[str, Any]) -> Iterator[PolicyFault]:
    for agreement in _AGREEMENTS:
        found = [values[key] for key in agreement.keys if key in values]
        if len(found) == len(agreement.keys) and not agreement.holds(*found):
            yield PolicyFault(
                key=f"{agreement.keys[0]}.value",
                what_zh="与相关各项不合",
                what_en="contradicts the numbers it belongs to",
                allowed_zh=agreement.must_zh,
                allowed_en=agreement.must_en,
            )


def _not_toml(error: tomllib.TOMLDecodeError) -> PolicyFault:
    return PolicyFault(
        key="TOML",
        what_zh="格式有误",
        what_en="is malformed",
        allowed_zh=str(error),
        allowed_en=str(error),
    )


def _can_be_printed(text: str) -> bool:
    return bool(text.strip()) and not any(category(each) in {"Cc", "Cs"} for each in text.strip())


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


_POLICIES = files("store") / "policies"
_LONGEST_SHOWN = 40
