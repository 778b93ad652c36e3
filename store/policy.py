"""The numbers the founding plan leaves open.

Knows how to read a policy file and which clause each number belongs to. Leaves out what the numbers mean
for an act: the acts ask.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from store.clauses import CLAUSES
from store.records import Stage, Timing
from store.refusals import Refusal


class BadPolicy(Refusal):
    """A policy file cannot be used. Remedy: correct the key named."""

    reason_zh = "政策文件中的“{key}”不可用：{problem_zh}。"
    reason_en = "The policy file's {key!r} cannot be used: {problem_en}."
    remedy_zh = "请对照 store/policies/founding-plan.toml 改正后重试。"
    remedy_en = "Correct it after the pattern of store/policies/founding-plan.toml."


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One number of the policy, its unit and the clause it fills in."""

    value: int | float | str
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
    window_opens: tuple[int, int]
    window_closes: tuple[int, int]
    recall_days: int
    satisfied_share_min: float
    ratings_min: int
    votes_per_network_hour: int
    rules: Mapping[str, Rule]

    def timing_of(self, day: date) -> Timing:
        """Say where a day falls against the window of its year (F6)."""
        month_day = (day.month, day.day)
        if month_day < self.window_opens:
            return Timing.EARLY
        return Timing.IN_WINDOW if month_day <= self.window_closes else Timing.LATE


def founding_plan() -> Policy:
    """Return the founding plan's own numbers."""
    return parse_policy((files("store") / "policies" / "founding-plan.toml").read_text("utf-8"))


def parse_policy(text: str) -> Policy:
    """Read a policy file.

    Raises:
        BadPolicy: the text is not TOML, or a key is missing or has an impossible value.

    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPolicy(key="TOML", problem_zh=f"格式错误（{error}）", problem_en=str(error)) from error
    whole = {key: _whole(tables, key) for key in _WHOLE}
    return Policy(
        name=_text(tables, "name"),
        committee_name=_text(_table(tables, "organisation"), "committee"),
        headings={stage: _text(_table(tables, "headings"), stage.value) for stage in Stage},
        window_opens=_month_day(tables, "window_opens"),
        window_closes=_month_day(tables, "window_closes"),
        satisfied_share_min=_share(tables, "satisfied_share_min"),
        rules={key: _rule(tables, key) for key in tables if key not in _NOT_RULES},
        **whole,
    )


_NOT_RULES = frozenset({"name", "organisation", "headings"})
_WHOLE = (
    "members_min",
    "posts_per_branch_min",
    "posts_per_branch_max",
    "recall_days",
    "ratings_min",
    "votes_per_network_hour",
)
_RULE_KEYS = {*_WHOLE, "window_opens", "window_closes", "satisfied_share_min"}


def _table(tables: dict[str, Any], key: str) -> dict[str, Any]:
    table = tables.get(key)
    if not isinstance(table, dict):
        raise BadPolicy(key=key, problem_zh="缺少该表", problem_en="the table is missing")
    return table


def _text(table: dict[str, Any], key: str) -> str:
    text = table.get(key)
    if not isinstance(text, str) or not text.strip():
        raise BadPolicy(key=key, problem_zh="应为非空文字", problem_en="a text is expected")
    return text


def _rule(tables: dict[str, Any], key: str) -> Rule:
    if key not in _RULE_KEYS:
        raise BadPolicy(key=key, problem_zh="没有这一项规则", problem_en="there is no such rule")
    table = _table(tables, key)
    clause = _text(table, "clause")
    if clause not in CLAUSES:
        raise BadPolicy(key=f"{key}.clause", problem_zh="没有这一条款", problem_en="there is no such clause")
    value = table.get("value")
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        raise BadPolicy(
            key=f"{key}.value", problem_zh="应为数字或文字", problem_en="a number or text is expected"
        )
    return Rule(value=value, unit=_text(table, "unit"), clause=clause)


def _whole(tables: dict[str, Any], key: str) -> int:
    value = _rule(tables, key).value
    if not isinstance(value, int) or value < 1:
        raise BadPolicy(
            key=f"{key}.value", problem_zh="应为正整数", problem_en="a positive whole number is expected"
        )
    return value


def _share(tables: dict[str, Any], key: str) -> float:
    value = _rule(tables, key).value
    if isinstance(value, str) or not 0 <= value <= 1:
        raise BadPolicy(
            key=f"{key}.value", problem_zh="应在0与1之间", problem_en="a number from 0 to 1 is expected"
        )
    return float(value)


def _month_day(tables: dict[str, Any], key: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2024-{_rule(tables, key).value}")
    except ValueError as error:
        raise BadPolicy(
            key=f"{key}.value", problem_zh="应形如 06-11", problem_en="MM-DD is expected"
        ) from error
    return day.month, day.day
