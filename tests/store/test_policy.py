"""The built-in policies, what their numbers do to the same story, and policy files with faults."""

import re
import tomllib
from dataclasses import fields, replace
from datetime import date
from importlib.resources import files

import pytest

from store.clauses import CLAUSES
from store.policy import (
    NUMBERS,
    REQUIRE,
    WARN,
    BadPolicy,
    NoSuchProfile,
    Policy,
    built_in,
    founding_plan,
    parse_policy,
    profiles,
)
from store.records import Stage, Timing

FOUNDING_PLAN = (files("store") / "policies" / "founding-plan.toml").read_text("utf-8")
SCHOOL = built_in("wangchuan-school")
THREE = 'value = 3\nunit = "名党员"'
PERIODS = 'value = ["Q1 01-01", "Q2 04-01", "Q3 07-01", "Q4 10-01"]'


def faults_of(text: str) -> dict[str, str]:
    """Return what is wrong with a policy file, by key."""
    with pytest.raises(BadPolicy) as refused:
        parse_policy(text, file="ours.toml")
    return {fault.key: fault.en for fault in refused.value.faults}


def test_founding_plan_holds_the_numbers_of_the_mission() -> None:
    plan = founding_plan()
    assert (plan.members_min, plan.posts_per_branch_min, plan.posts_per_branch_max) == (3, 2, 3)
    assert (plan.recall_days, plan.satisfied_share_min, plan.ratings_min) == (7, 0.80, 10)
    assert (plan.window_opens, plan.window_closes) == ((6, 11), (6, 20))
    assert (plan.notice_working_days, plan.rectification_days, plan.survey_weight) == (5, 15, 0.6)
    assert (plan.award_days, plan.callback_working_days) == (((7, 1), (12, 31)), 1)
    assert (plan.settlement_working_days, plan.plan_before_application) == (15, WARN)
    assert plan.headings == {Stage.CREATION: "创建共产党员示范岗", Stage.TITLE: "共产党员示范岗"}
    assert plan.rules["members_min"].clause == "F4"


def test_another_organisation_changes_numbers_only_in_its_file() -> None:
    assert profiles() == ("founding-plan", "wangchuan-school")
    assert (SCHOOL.award_points_min, SCHOOL.keep_points_min) == (90, 70)
    assert (SCHOOL.plan_before_application, SCHOOL.notice_before_approval) == (REQUIRE, REQUIRE)
    assert [each.name for each in SCHOOL.periods.starts] == ["春季学期", "秋季学期"]


def test_the_second_profile_shares_hardly_a_number_with_the_first() -> None:
    plan = founding_plan()
    same = [key for key in NUMBERS if plan.rules[key].value == SCHOOL.rules[key].value]
    assert same == ["report_weight"]


def test_a_profile_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(NoSuchProfile, match="founding-plan、wangchuan-school"):
        built_in("../policies/founding-plan")


@pytest.mark.parametrize("profile", profiles())
def test_every_rule_counts_in_the_unit_its_file_states(profile: str) -> None:
    policy = built_in(profile)
    assert list(policy.rules) == list(NUMBERS)
    assert {key: rule.unit for key, rule in policy.rules.items()} == {k: n.unit for k, n in NUMBERS.items()}
    assert {rule.clause for rule in policy.rules.values()} <= CLAUSES.keys()


def test_a_rule_is_a_field_of_the_policy_and_has_a_chinese_name_of_its_own() -> None:
    beside = {"name", "committee_name", "headings", "rules"}
    assert {each.name for each in fields(Policy)} == NUMBERS.keys() | beside
    assert len({each.zh for each in NUMBERS.values()}) == len(NUMBERS)


@pytest.mark.parametrize(
    ("day", "timing"),
    [
        (date(2026, 6, 10), Timing.EARLY),
        (date(2026, 6, 11), Timing.IN_WINDOW),
        (date(2026, 6, 20), Timing.IN_WINDOW),
        (date(2026, 6, 21), Timing.LATE),
    ],
)
def test_f06_the_window_includes_both_its_days(day: date, timing: Timing) -> None:
    assert founding_plan().timing_of(day) is timing


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        (THREE, THREE.replace("3", "0"), "members_min.value"),
        (THREE, THREE.replace("3", "-3"), "members_min.value"),
        (THREE, THREE.replace("3", '"3"'), "members_min.value"),
        (THREE, THREE.replace("3", "true"), "members_min.value"),
        (THREE, THREE.replace("3", "3.0"), "members_min.value"),
        (THREE, THREE.replace("3", "[3]"), "members_min.value"),
        (THREE, 'unit = "名党员"', "members_min.value"),
        ("value = 7\n", "value = 367\n", "recall_days.value"),
        ("value = 80\n", "value = 101\n", "award_points_min.value"),
        ('unit = "名党员"', "", "members_min.unit"),
        ('value = 7\nunit = "天"', 'value = 7\nunit = "个工作日"', "recall_days.unit"),
        ('clause = "F4"', 'clause = "F99"', "members_min.clause"),
        ('clause = "F4"', 'clause = ["F4"]', "members_min.clause"),
        ('clause = "F4"', "", "members_min.clause"),
        ("value = 0.80", "value = 80", "satisfied_share_min.value"),
        ("value = 0.80", "value = nan", "satisfied_share_min.value"),
        ("value = 0.80", "value = inf", "satisfied_share_min.value"),
        ("value = 0.80", "value = true", "satisfied_share_min.value"),
        ('value = "06-11"', 'value = "6月11日"', "window_opens.value"),
        ('value = "06-11"', "value = 2026-06-11", "window_opens.value"),
        ('value = "06-11"', 'value = "W23-4"', "window_opens.value"),
        ('value = "06-11"', 'value = "02-29"', "window_opens.value"),
        ('value = "06-11"', 'value = "06-31"', "window_opens.value"),
        ('value = "06-11"', 'value = "０６-11"', "window_opens.value"),
        ('value = ["07-01", "12-31"]', 'value = ["02-29"]', "award_days.value"),
        ('value = ["07-01", "12-31"]', 'value = ["12-31", "07-01"]', "award_days.value"),
        ('value = ["07-01", "12-31"]', 'value = ["07-01", "07-01"]', "award_days.value"),
        ('value = ["07-01", "12-31"]', "value = []", "award_days.value"),
        ('value = ["07-01", "12-31"]', "value = [701, 1231]", "award_days.value"),
        ('value = ["07-01", "12-31"]', 'value = "07-01"', "award_days.value"),
        (PERIODS, 'value = ["Q1 02-29"]', "periods.value"),
        (PERIODS, 'value = ["Q1 04-01", "Q2 01-01"]', "periods.value"),
        (PERIODS, 'value = ["Q1 01-01", "Q1 04-01"]', "periods.value"),
        (PERIODS, 'value = ["Q 1 01-01"]', "periods.value"),
        (PERIODS, 'value = [" 01-01"]', "periods.value"),
        (PERIODS, 'value = ["01-01"]', "periods.value"),
        (PERIODS, f'value = ["{"春" * 11} 01-01"]', "periods.value"),
        ('value = "warn"', 'value = "ask"', "plan_before_application.value"),
        ('value = "warn"', 'value = ["warn"]', "plan_before_application.value"),
        ('committee = "场站管理中心党委"', 'committee = " "', "organisation.committee"),
        ('committee = "场站管理中心党委"', "committee = 1", "organisation.committee"),
        ('name = "创建“共产党员示范岗”活动实施方案"', "", "name"),
        ('title = "共产党员示范岗"', "", "headings.title"),
        ("name = ", "= ", "TOML"),
        ("[recall_days]", "[members_min]", "TOML"),
        # numbers that contradict one another
        ('value = "06-20"', 'value = "06-10"', "window_closes.value"),
        ('value = 3\nunit = "个岗位"', 'value = 1\nunit = "个岗位"', "posts_per_branch_max.value"),
        ("value = 80\n", "value = 59\n", "award_points_min.value"),
        ("value = 0.6\n", "value = 0.7\n", "survey_weight.value"),
        ('value = 1\nunit = "个工作日"', 'value = 16\nunit = "个工作日"', "settlement_working_days.value"),
    ],
)
def test_one_impossible_value_is_one_fault_named_by_its_key(right: str, wrong: str, key: str) -> None:
    assert right in FOUNDING_PLAN
    assert list(faults_of(FOUNDING_PLAN.replace(right, wrong, 1))) == [key]


def test_a_misspelt_rule_is_named_with_the_nearest_known_one() -> None:
    faults = faults_of(FOUNDING_PLAN.replace("[recall_days]", "[recal_day]"))
    assert faults == {
        "recal_day": "recal_day is not known, the nearest is recall_days",
        "recall_days": "recall_days is missing, expected: a table [recall_days]",
    }


@pytest.mark.parametrize(
    ("right", "wrong", "key", "nearest"),
    [
        (THREE, f"{THREE}\nvalu = 4", "members_min.valu", "members_min.value"),
        ('title = "', 'titel = "x"\ntitle = "', "headings.titel", "headings.title"),
        ('committee = "', 'party = "x"\ncommittee = "', "organisation.party", "organisation.committee"),
    ],
)
def test_an_unknown_key_inside_a_table_is_named_too(right: str, wrong: str, key: str, nearest: str) -> None:
    assert faults_of(FOUNDING_PLAN.replace(right, wrong, 1)) == {
        key: f"{key} is not known, the nearest is {nearest}"
    }


def test_all_faults_of_a_file_are_named_at_once() -> None:
    text = FOUNDING_PLAN
    for right, wrong in [
        (THREE, 'value = "三"\nunit = "人"'),
        ('value = "06-20"', 'value = "06-01"'),
        ("value = 0.6\n", "value = 0.1\n"),
        ("[headings]", "[heading]"),
        ('name = "', 'title = "'),
    ]:
        assert right in text
        text = text.replace(right, wrong, 1)
    assert sorted(faults_of(text)) == sorted(
        [
            "heading", "title", "headings", "members_min.value", "members_min.unit", "window_closes.value",
            "survey_weight.value", "name",
        ]
    )  # fmt: skip


def test_an_empty_file_lacks_every_key_once() -> None:
    assert list(faults_of("")) == ["organisation", "headings", *NUMBERS, "name"]


def test_the_refusal_tells_file_key_value_and_what_is_allowed_in_both_languages() -> None:
    with pytest.raises(BadPolicy) as refused:
        parse_policy(FOUNDING_PLAN.replace(THREE, THREE.replace("3", "0"), 1), file="ours.toml")
    for text in (refused.value.zh, refused.value.en):
        assert "ours.toml" in text
        assert "members_min.value" in text
    assert "不能是 0，应为1 至 100000 的整数" in refused.value.zh
    assert "cannot be 0, expected: a whole number from 1 to 100000" in refused.value.en


def test_a_long_value_is_quoted_in_part() -> None:
    fault = faults_of(FOUNDING_PLAN.replace(THREE, f'value = "{"长" * 500}"\nunit = "名党员"', 1))
    assert len(fault["members_min.value"]) < 120


def test_a_policy_made_in_the_program_contradicts_itself_no_more_than_a_file() -> None:
    with pytest.raises(BadPolicy, match="window_closes"):
        replace(founding_plan(), window_closes=(6, 1))


def test_the_two_weights_add_up_although_they_are_binary_fractions() -> None:
    policy = replace(founding_plan(), survey_weight=0.7, report_weight=0.1, site_weight=0.2)
    assert policy.survey_weight == 0.7


def test_a_file_holds_each_rule_as_value_unit_and_clause() -> None:
    for profile in profiles():
        text = (files("store") / "policies" / f"{profile}.toml").read_text("utf-8")
        tables = tomllib.loads(text)
        assert [key for key in tables if key in NUMBERS] == list(NUMBERS)
        assert {tuple(tables[key]) for key in NUMBERS} == {("value", "unit", "clause")}
        assert re.search(r"^#", text)
