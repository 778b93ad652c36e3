"""The founding plan's numbers, and policy files that break one thing each."""

from datetime import date
from importlib.resources import files

import pytest

from store.policy import BadPolicy, founding_plan, parse_policy
from store.records import Stage, Timing

FOUNDING_PLAN = (files("store") / "policies" / "founding-plan.toml").read_text("utf-8")


def test_founding_plan_holds_the_numbers_of_the_mission() -> None:
    plan = founding_plan()
    assert (plan.members_min, plan.posts_per_branch_min, plan.posts_per_branch_max) == (3, 2, 3)
    assert (plan.recall_days, plan.satisfied_share_min, plan.ratings_min) == (7, 0.80, 10)
    assert plan.headings == {Stage.CREATION: "创建共产党员示范岗", Stage.TITLE: "共产党员示范岗"}
    assert plan.rules["members_min"].clause == "F4"


@pytest.mark.parametrize(
    ("day", "timing"),
    [
        (date(2026, 6, 10), Timing.EARLY),
        (date(2026, 6, 11), Timing.IN_WINDOW),
        (date(2026, 6, 20), Timing.IN_WINDOW),
        (date(2026, 6, 21), Timing.LATE),
    ],
)
def test_window_includes_both_its_days(day: date, timing: Timing) -> None:
    assert founding_plan().timing_of(day) is timing


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('value = 3\nunit = "名党员"', 'value = 0\nunit = "名党员"', "members_min.value"),
        ('value = 3\nunit = "名党员"', 'value = "3"\nunit = "名党员"', "members_min.value"),
        ('value = 3\nunit = "名党员"', 'value = true\nunit = "名党员"', "members_min.value"),
        ('unit = "名党员"', "", "unit"),
        ('clause = "F4"', 'clause = "F99"', "members_min.clause"),
        ("value = 0.80", "value = 80", "satisfied_share_min.value"),
        ('value = "06-11"', 'value = "6月11日"', "window_opens.value"),
        ("[recall_days]", "[recall_day]", "recall_days"),
        ('committee = "场站管理中心党委"', "", "committee"),
        ("name = ", "= ", "TOML"),
    ],
)
def test_each_impossible_value_is_named_by_its_key(right: str, wrong: str, key: str) -> None:
    assert right in FOUNDING_PLAN
    with pytest.raises(BadPolicy) as refused:
        parse_policy(FOUNDING_PLAN.replace(right, wrong, 1))
    assert refused.value.facts["key"] == key


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(BadPolicy, match="no_such_rule"):
        parse_policy(FOUNDING_PLAN + '\n[no_such_rule]\nvalue = 1\nunit = "个"\nclause = "F4"\n')
