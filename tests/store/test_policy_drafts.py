"""A policy as it is typed: every value comes back as it was, and what is wrong is told at its own key."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.policy import BadPolicy, built_in, founding_plan, parse_kept, parse_policy, profiles
from store.policy_drafts import PolicyDraft, changes, draft_of, policy_file

PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


def typed(**numbers: str) -> PolicyDraft:
    draft = draft_of(founding_plan())
    return replace(draft, numbers={**draft.numbers, **numbers})


def faults(draft: PolicyDraft) -> list[str]:
    with pytest.raises(BadPolicy) as refused:
        parse_policy(policy_file(draft), file="x")
    return [each.key for each in refused.value.faults]


@pytest.mark.parametrize("profile", profiles())
def test_a_policy_typed_as_it_is_shown_is_that_policy(profile: str) -> None:
    policy = built_in(profile)
    again = parse_policy(policy_file(draft_of(policy)), file="x")
    assert again == policy
    assert list(changes(policy, again)) == []


@given(name=PRINTABLE)
def test_any_words_survive_their_way_through_the_file(name: str) -> None:
    draft = replace(typed(), name=name, committee_name=name)
    policy = parse_policy(policy_file(draft), file="x")
    assert (policy.name, policy.committee_name) == (name.strip(), name.strip())


@given(value=st.text(max_size=20))
def test_whatever_is_typed_as_a_number_is_that_number_or_a_fault_at_it(value: str) -> None:
    draft = typed(recall_days=value)
    if value.strip().isdecimal() and value.isascii() and 1 <= int(value) <= 366:
        assert parse_policy(policy_file(draft), file="x").recall_days == int(value)
    else:
        assert faults(draft) == ["recall_days.value"]


def test_every_fault_is_told_at_its_own_number() -> None:
    wrong = {"members_min": "三", "award_days": "2月30日", "periods": "", "plan_before_application": "maybe"}
    assert set(faults(typed(**wrong))) == {f"{key}.value" for key in wrong}


def test_numbers_that_contradict_one_another_are_told() -> None:
    assert faults(typed(survey_weight="0.1")) == ["survey_weight.value", "survey_weight.value"]


@pytest.mark.parametrize("separated", ["03-01、09-01", "03-01, 09-01", "03-01;09-01", " 03-01，09-01 "])
def test_days_are_separated_as_people_do(separated: str) -> None:
    policy = parse_policy(policy_file(typed(award_days=separated)), file="x")
    assert policy.award_days == ((3, 1), (9, 1))


def test_a_text_of_several_lines_is_no_heading() -> None:
    assert faults(replace(typed(), name="一\n二")) == ["name"]


def test_what_changes_is_told_with_its_clause() -> None:
    [change] = changes(founding_plan(), parse_policy(policy_file(typed(recall_days="9")), file="x"))
    assert (change.key, change.zh, change.clause, change.before, change.after) == (
        "recall_days", "收回期限", "F23", "7", "9",
    )  # fmt: skip


def test_a_rule_that_a_kept_policy_does_not_know_is_the_founding_plans() -> None:
    whole = policy_file(typed(recall_days="9"))
    without, _, _ = whole.partition("\n[votes_per_network_hour]")
    kept = parse_kept(f"{without}\n[a_rule_of_old]\nvalue = 1\n", file="P1")
    assert (kept.recall_days, kept.votes_per_network_hour) == (9, founding_plan().votes_per_network_hour)
