"""Every obligation of the founding plan has code behind it and a test named after it; docs/ says which."""

import pytest

from docs import clauses
from store.clauses import CLAUSES, STANDARDS_EN, STANDARDS_ZH

NOT_IN_THE_PLAN = {30, 33}


def test_the_obligations_are_those_of_the_founding_plan() -> None:
    assert list(CLAUSES) == [f"F{number}" for number in range(1, 38) if number not in NOT_IN_THE_PLAN]
    assert [clause.id for clause in CLAUSES.values()] == list(CLAUSES)


def test_every_obligation_is_met_by_code_that_exists() -> None:
    assert clauses.unmet() == []


def test_every_obligation_has_a_test_named_after_it() -> None:
    assert CLAUSES.keys() - clauses.tests_by_clause().keys() == set()


def test_no_test_is_named_after_an_obligation_that_is_not_there() -> None:
    assert clauses.tests_by_clause().keys() - CLAUSES.keys() == set()


def test_the_page_says_what_is_so() -> None:
    written = clauses.PAGE.read_text(encoding="utf-8")
    assert written == clauses.page(), "run: python docs/clauses.py"


@pytest.mark.parametrize(
    ("name", "named_after"),
    [
        ("test_f17_every_member_is_assessed", ["F17"]),
        ("test_f20_f22_all_plates_fall_at_once", ["F20", "F22"]),
        ("test_a_note_on_f4_and_more", ["F4"]),
        ("test_f06_the_window", ["F6"]),
        ("test_utf8_with_damage", []),
        ("test_f17", []),
        ("test_half1_", []),
    ],
)
def test_a_clause_in_a_test_name_is_recognised(name: str, named_after: list[str]) -> None:
    assert clauses.clauses_in(name) == named_after


def test_a_clause_without_a_test_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CLAUSES, "F99", CLAUSES["F1"])
    assert "F99" not in clauses.tests_by_clause()
    assert "F99" in clauses.unmet()


def test_f31_the_six_standards_are_in_both_languages() -> None:
    assert len(STANDARDS_ZH) == len(STANDARDS_EN) == 6
