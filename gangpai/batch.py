"""What a batch is made of: the copies planned for each post, and what was declined.

Plain values, which whoever draws or tells of a batch can have at no cost. Leaves out where plans come from
(print_plan.py) and how a batch is cut (portions.py).
"""

from dataclasses import dataclass

from store.plates import Copy, Stage
from store.refusals import Refusal

SHEETS_EACH = 250
"""How many sheets one file holds unless told otherwise: 2,500 badges on A4."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The copies of one post that are to be printed, and how many that are out are kept instead."""

    post_id: str
    stage: Stage
    copies: tuple[Copy, ...]
    kept: int = 0


@dataclass(frozen=True, kw_only=True)
class Declined:
    """One of several things asked for was refused: which, and why."""

    subject: str
    refusal: Refusal
