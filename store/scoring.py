"""The points of an inspection (F14, F24): whole numbers out of 100, by the policy's weights.

Pure arithmetic, exact, a half rounded up. Leaves out what the points decide.
"""

from dataclasses import dataclass
from fractions import Fraction

from store.policy import FULL_MARKS, Policy


@dataclass(frozen=True, kw_only=True)
class Points:
    """The points of each part of an inspection."""

    report: int
    site: int
    survey: int


def total(points: Points, policy: Policy) -> int:
    """Return the weighted points: the survey's weight is the largest (F24)."""
    weighted = (
        (points.survey, policy.survey_weight),
        (points.report, policy.report_weight),
        (points.site, policy.site_weight),
    )
    return half_up(sum((given * Fraction(str(weight)) for given, weight in weighted), Fraction()))


def survey_points(satisfied: int, asked: int) -> int:
    """Return the satisfied share in points; a post nobody was asked about has none."""
    return half_up(Fraction(satisfied * FULL_MARKS, asked)) if asked else 0


def half_up(number: Fraction) -> int:
    """Return the nearest whole number, of two equally near the greater."""
    return (number + Fraction(1, 2)).__floor__()
