"""Every refusal of every room: worded in both languages, with its clause, remedy and number."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from string import Formatter

import pytest

from store import rules
from store.acts.approve import QuotaExceeded
from store.acts.assessment import NoSuchPeriod, PeriodAhead, PeriodBeforeTitle
from store.acts.award import NotInspected
from store.acts.notices import NoNotice, NoticeBackdated, NoticeStillRuns
from store.acts.plans import NoPlan
from store.acts.veto import AlreadyVetoed
from store.clauses import CLAUSES
from store.merits import NotSatisfiedEnough, SurveyMissing, TooFewPoints, TooFewRatings
from store.policy import NUMBERS
from store.refusals import Refusal
from store.roster import rules as roster_rules

ROOT = Path(__file__).parent.parent
ROOMS = ("store", "plaques", "verify", "gangpai")
HAN = re.compile(r"[\u4e00-\u9fff]")


def all_refusals() -> list[type[Refusal]]:
    """Import every module of the rooms and return the refusals they define."""
    for room in ROOMS:
        for module in walk_packages(import_module(room).__path__, f"{room}."):
            if not module.name.endswith(".__main__"):
                import_module(module.name)
    found = {each for each in _below(Refusal) if each.__module__.split(".")[0] in ROOMS}
    return sorted(found, key=lambda each: (each.__module__, each.__qualname__))


def _below(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in refusal.__subclasses__():
        yield each
        yield from _below(each)


def fields_of(*texts: str) -> set[str]:
    """Return the names a text has filled in; a fact told in each language, or as a day, has one name."""
    named = [name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None]
    return {re.sub(r"_(zh|en|on)$", "", re.split(r"[.\[]", name)[0]) for name in named}


REFUSALS = all_refusals()
each_refusal = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: each.__name__)

CARRIES_ANOTHERS_WORDS = {"_Unsound"}
QUOTES_WHAT_TO_WRITE = {"TallyAmongNames", "UnknownMembership", "UnknownCollectiveKind", "UnknownKind"}
NAMED_BY_ITS_SPOT = {"heading"}
WORDED = [each for each in REFUSALS if each.__name__ not in CARRIES_ANOTHERS_WORDS]
each_worded = pytest.mark.parametrize("refusal", WORDED, ids=lambda each: each.__name__)


def test_refusals_were_found_in_every_room() -> None:
    assert {each.__module__.split(".")[0] for each in REFUSALS} == set(ROOMS)


def test_a_code_that_machines_are_given_stands_for_one_reason() -> None:
    # a roster's refusals are told row by row and carry no code
    codes = [each.__name__ for each in REFUSALS if not each.__module__.startswith("store.roster")]
    assert {each for each in codes if codes.count(each) > 1} == set()


@each_worded
def test_the_reason_and_the_way_out_are_told_in_chinese(refusal: type[Refusal]) -> None:
    assert refusal.reason_zh != Refusal.reason_zh
    for text in (refusal.reason_zh, refusal.remedy_zh):
        assert HAN.search(text), text
        assert text.endswith("。"), text


@each_worded
def test_the_reason_and_the_way_out_are_told_in_english(refusal: type[Refusal]) -> None:
    assert refusal.reason_en != Refusal.reason_en
    for text in (refusal.reason_en, refusal.remedy_en):
        assert re.search(r"[A-Za-z]{2}", text)
        assert text.strip().endswith((".", "…")), text
        assert refusal.__name__ in QUOTES_WHAT_TO_WRITE or not HAN.search(text), text


@each_worded
def test_the_two_languages_tell_the_same_facts(refusal: type[Refusal]) -> None:
    told_zh = fields_of(refusal.reason_zh, refusal.remedy_zh)
    told_en = fields_of(refusal.reason_en, refusal.remedy_en)
    assert told_zh ^ told_en <= NAMED_BY_ITS_SPOT


@each_refusal
def test_the_clause_is_one_of_the_founding_plan(refusal: type[Refusal]) -> None:
    assert refusal.clause_id in {"", *CLAUSES}


@each_refusal
def test_the_docstring_names_the_remedy(refusal: type[Refusal]) -> None:
    assert re.search(r"Remedy: \S", refusal.__doc__ or "")


RESTS_ON: dict[str, dict[type[Refusal], str]] = {
    "members_min": {rules.TooFewMembers: "least", roster_rules.TooFewMembers: "least"},
    "posts_per_branch_max": {QuotaExceeded: "most"},
    "plan_before_application": {NoPlan: "branch_name"},
    "notice_working_days": {
        NoticeStillRuns: "working_days",
        NoNotice: "working_days",
        NoticeBackdated: "working_days",
    },
    "notice_before_approval": {NoNotice: "post_id"},
    "periods": {NoSuchPeriod: "example", PeriodAhead: "first_day", PeriodBeforeTitle: "first_day"},
    "satisfied_share_min": {NotSatisfiedEnough: "least"},
    "ratings_min": {TooFewRatings: "least", SurveyMissing: "least"},
    "award_points_min": {TooFewPoints: "least"},
    "award_days": {NotInspected: "award_day"},
    "award_cutoff_days": {NotInspected: "cutoff_days"},
}
"""The refusals that rest on a number of the policy, each with the fact that carries it."""

SETS_OR_SHOWS = {
    "posts_per_branch_min": "store/duties",
    "window_opens": "store/acts/approve.py",
    "window_closes": "store/policy.py",
    "rectification_days": "store/acts/rectification.py",
    "recall_days": "store/acts/veto.py",
    "survey_weight": "store/scoring.py",
    "report_weight": "store/scoring.py",
    "site_weight": "store/scoring.py",
    "keep_points_min": "store/duties",
    "callback_working_days": "store/feedback.py",
    "settlement_working_days": "store/feedback.py",
    "votes_per_network_hour": "verify/app.py",
}
"""The numbers that refuse nothing by themselves, each with where it sets a date, a score or a limit."""


def test_every_number_of_the_policy_refuses_or_sets_something() -> None:
    assert RESTS_ON.keys() | SETS_OR_SHOWS.keys() == NUMBERS.keys()
    assert RESTS_ON.keys() & SETS_OR_SHOWS.keys() == set()


@pytest.mark.parametrize("key", RESTS_ON)
def test_a_refusal_that_rests_on_a_number_tells_it_in_both_languages(key: str) -> None:
    for refusal, fact in RESTS_ON[key].items():
        for texts in ((refusal.reason_zh, refusal.remedy_zh), (refusal.reason_en, refusal.remedy_en)):
            assert fact in fields_of(*texts) | {f"{name}_on" for name in fields_of(*texts)}, refusal


@pytest.mark.parametrize("key", SETS_OR_SHOWS)
def test_a_number_that_refuses_nothing_is_read_where_it_counts(key: str) -> None:
    place = ROOT / SETS_OR_SHOWS[key]
    read = {name for file in ([place] if place.is_file() else place.rglob("*.py")) for name in _read_in(file)}
    assert key in read


def _read_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.attr


@pytest.mark.parametrize("refusal", [TooFewPoints, NotSatisfiedEnough])
def test_a_number_taken_out_of_a_text_would_be_noticed(
    refusal: type[Refusal], monkeypatch: pytest.MonkeyPatch
) -> None:
    [key] = [key for key, resting in RESTS_ON.items() if refusal in resting]
    monkeypatch.setattr(refusal, "reason_en", "It falls short.")
    with pytest.raises(AssertionError):
        test_a_refusal_that_rests_on_a_number_tells_it_in_both_languages(key)


def test_a_moment_is_told_in_each_language_its_own_way() -> None:
    refusal = AlreadyVetoed(post_id="2026-007", when=datetime(2026, 7, 1, 1, 2, 3, tzinfo=UTC))
    assert "2026年7月1日 09:02:03" in refusal.zh
    assert "at 2026-07-01 09:02:03" in refusal.en


def test_a_quotation_within_a_clause_has_single_marks() -> None:
    assert CLAUSES["F2"].zh == "实施方案“‘个人示范岗’指党员个人”（F2）。"
