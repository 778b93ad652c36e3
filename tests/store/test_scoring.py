"""The points of an inspection, by a table."""

from dataclasses import replace
from fractions import Fraction

import pytest

from store.policy import founding_plan
from store.scoring import Points, half_up, survey_points, total

PLAN = founding_plan()


@pytest.mark.parametrize(
    ("report", "site", "survey", "points"),
    [
        (0, 0, 0, 0),
        (100, 100, 100, 100),
        (100, 100, 0, 40),
        (0, 0, 100, 60),
        (80, 80, 80, 80),
        (79, 78, 80, 79),
        (1, 0, 0, 0),
        (3, 0, 0, 1),
        (90, 85, 95, 92),
        (80, 77, 80, 79),
        (0, 5, 85, 52),
    ],
)
def test_f24_points_are_weighted_and_rounded(report: int, site: int, survey: int, points: int) -> None:
    assert total(Points(report=report, site=site, survey=survey), PLAN) == points


def test_a_half_is_rounded_up_exactly() -> None:
    even = replace(PLAN, survey_weight=0.7, report_weight=0.15, site_weight=0.15)
    assert total(Points(report=10, site=0, survey=0), even) == 2, "1.5 exactly, which floats would miss"
    assert [half_up(Fraction(each, 2)) for each in range(6)] == [0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("satisfied", "asked", "points"), [(0, 0, 0), (0, 7, 0), (7, 7, 100), (2, 3, 67), (1, 3, 33), (1, 200, 1)]
)
def test_f24_a_survey_gives_its_share_in_points(satisfied: int, asked: int, points: int) -> None:
    assert survey_points(satisfied, asked) == points
