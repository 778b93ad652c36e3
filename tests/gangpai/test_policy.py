"""`gangpai policy`: the numbers in force, the built-in profiles, and a file looked at before it is used."""

from pathlib import Path

import pytest

from gangpai.settings import load_settings, policy_of
from store.policy import NUMBERS, built_in
from tests.gangpai.desk import Command

FILE = Path(__file__).parent.parent.parent / "store" / "policies" / "founding-plan.toml"


def written(desk: Path, right: str = "", wrong: str = "", encoding: str = "utf-8") -> str:
    text = FILE.read_text(encoding="utf-8")
    assert right in text
    (desk / "ours.toml").write_text(text.replace(right, wrong, 1) if right else text, encoding=encoding)
    return "ours.toml"


def test_every_rule_is_shown_with_its_value_unit_clause_and_words(gangpai: Command) -> None:
    rows = {each["rule"]: each for each in gangpai("policy", "--json").json["policy"]}
    assert list(rows) == list(NUMBERS)
    assert (rows["members_min"]["value"], rows["members_min"]["unit"]) == (3, "名党员")
    assert (rows["members_min"]["clause"], rows["members_min"]["name"]) == ("F4", "集体示范岗党员人数下限")
    assert "3名以上共产党员" in rows["members_min"]["words"]
    assert rows["award_days"]["value"] == ["07-01", "12-31"]


def test_lists_are_shown_as_a_person_reads_them(gangpai: Command) -> None:
    shown = gangpai("policy").out
    assert "命名表彰日\t07-01、12-31\t月-日\tF16" in shown
    assert "Q1 01-01、Q2 04-01" in shown


def test_a_built_in_profile_can_be_looked_at(gangpai: Command) -> None:
    rows = {
        each["rule"]: each["value"]
        for each in gangpai("policy", "--profile", "wangchuan-school", "--json").json["policy"]
    }
    assert (rows["award_points_min"], rows["keep_points_min"]) == (90, 70)


def test_a_profile_that_is_not_there_is_refused_with_those_that_are(gangpai: Command) -> None:
    answer = gangpai("policy", "--profile", "another")
    assert answer.code == 1
    assert "wangchuan-school" in answer.err


def test_showing_the_policy_needs_and_makes_no_register(gangpai: Command, desk: Path) -> None:
    assert gangpai("policy").code == 0
    assert list(desk.iterdir()) == []


def test_a_good_file_is_told_by_what_it_changes(gangpai: Command, desk: Path) -> None:
    file = written(desk, "value = 7\n", "value = 10\n")
    answer = gangpai("policy", "--check", file)
    assert answer.code == 0
    assert "收回期限" in answer.out
    assert gangpai("policy", "--check", file, "--json").json["changed"] == ["recall_days"]
    assert gangpai("policy", "--check", written(desk), "--json").json["changed"] == []


def test_a_bad_file_is_told_by_every_fault(gangpai: Command, desk: Path) -> None:
    file = written(desk, 'value = "06-11"\nunit = "月-日"', 'value = "02-29"\nunit = "日"')
    answer = gangpai("policy", "--check", file)
    assert answer.code == 1
    assert answer.err.count("✗") == 2
    assert "window_opens.value" in answer.err
    assert "window_opens.unit" in answer.err
    refused = gangpai("policy", "--check", file, "--json").json["refused"]
    assert (refused["code"], refused["file"]) == ("BadPolicy", "ours.toml")
    assert [each["key"] for each in refused["faults"]] == ["window_opens.value", "window_opens.unit"]


def test_a_file_that_is_not_there_is_refused(gangpai: Command) -> None:
    assert "nowhere.toml" in gangpai("policy", "--check", "nowhere.toml").err


def test_a_file_saved_by_a_windows_editor_is_read(gangpai: Command, desk: Path) -> None:
    assert gangpai("policy", "--check", written(desk, encoding="utf-8-sig")).code == 0


def test_the_setting_names_a_profile_or_a_file(
    desk: Path, monkeypatch: pytest.MonkeyPatch, gangpai: Command
) -> None:
    written(desk, "value = 7\n", "value = 10\n")
    assert policy_of(load_settings({"GANGPAI_POLICY": "wangchuan-school"}, desk)) == built_in(
        "wangchuan-school"
    )
    assert policy_of(load_settings({"GANGPAI_POLICY": "ours.toml"}, desk)).recall_days == 10
    monkeypatch.setenv("GANGPAI_POLICY", "ours.toml")
    rows = {each["rule"]: each["value"] for each in gangpai("policy", "--json").json["policy"]}
    assert rows["recall_days"] == 10
