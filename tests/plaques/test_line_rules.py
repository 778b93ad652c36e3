"""Ten thousand texts of every length, set in lines and in columns, keep every rule in every line."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from plaques.typography import breaking
from plaques.typography.breaking import Measured, Unbreakable
from plaques.typography.typefaces import typeface
from plaques.typography.typesetting import (
    MM_PER_PT,
    Line,
    NameGrid,
    NamesTooMany,
    Room,
    break_lines,
    fit_names,
)
from plaques.typography.vertical import break_columns
from tests.plaques.line_rules import (
    Metrics,
    RandomText,
    faults,
    heading_faults,
    heading_lines,
    random_name,
    random_text,
)

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

Setting = Callable[[str, Callable[[str], float], float], tuple[Line, ...]]


def plain(character: str) -> float:
    """Half an em for ASCII, a third for ·, one em for all others."""
    if character == "·":
        return 1 / 3
    return 0.5 if character.isascii() else 1.0


MEASURES = {"plain": plain, **{key: typeface(key).advance_em for key in ("serif", "sans", "kai")}}


@pytest.mark.parametrize("key", MEASURES)
@pytest.mark.parametrize("most_words", [3, 20])
def test_every_line_of_random_texts_keeps_every_rule(key: str, most_words: int) -> None:
    """Set 10,000 texts in all: post names and duties, in each measure, at every width."""
    random = Random(f"{key} {most_words}")  # noqa: S311 -- texts to test with, the same in every run
    for _ in range(1250):
        made, width_em = (
            random_text(random, most_words),
            random.choice([random.uniform(4, 40), random.randint(4, 40)]),
        )
        assert _broken_rules(break_lines, made, width_em, Metrics(MEASURES[key])) == []


def test_every_column_of_random_texts_keeps_every_rule() -> None:
    random = Random("columns")  # noqa: S311 -- as above
    for _ in range(3000):
        made, height_em = random_text(random, random.choice([3, 20])), random.randint(8, 80) / 2
        assert _broken_rules(break_columns, made, height_em, Metrics(plain, is_column=True)) == []


def test_every_line_of_random_headings_keeps_every_rule() -> None:
    random = Random("headings")  # noqa: S311 -- as above
    for _ in range(1500):
        made, width_em = random_text(random, 4), random.uniform(14, 30)
        lines = heading_lines(made.text, plain, width_em)
        assert heading_faults(made, lines, width_em, Metrics(plain)) == []


def test_random_names_of_every_length_never_touch_nor_leave_their_box() -> None:
    """Set 10,000 names in all, one to thirty on a plate."""
    random = Random("names")  # noqa: S311 -- as above
    for _ in range(700):
        names = [random_name(random) for _ in range(random.randint(1, 30))]
        width_mm, height_mm = random.uniform(30, 300), random.uniform(10, 120)
        room = Room(width_mm=width_mm, height_mm=height_mm, size_pt=40, floor_pt=6, leading=1.5)
        with suppress(NamesTooMany):
            assert _touching(fit_names(names, [plain] * len(names), room, 1), room) == []


def _touching(grid: NameGrid, room: Room) -> list[str]:
    em_mm = grid.size_pt * MM_PER_PT
    ends = [(cell, cell.x_mm + cell.line.width_em * em_mm) for cell in grid.cells]
    bottom_mm = max(cell.row for cell in grid.cells) * grid.row_height_mm + em_mm
    neighbours = [(left, end, right) for (left, end), (right, _) in pairwise(ends) if left.row == right.row]
    return [
        *(f"{left.name} {right.name}" for left, end, right in neighbours if right.x_mm - end < em_mm - 1e-6),
        *(cell.name for cell, end in ends if end > room.width_mm + 1e-6 or cell.x_mm < 0),
        *(["rows"] if bottom_mm > room.height_mm + 1e-6 or grid.size_pt < room.floor_pt else []),
        *(cell.name for cell in grid.cells if _overlaps(cell.line)),
    ]


def _overlaps(line: Line) -> bool:
    steps = ((left.character, right.x_em - left.x_em) for left, right in pairwise(line.characters))
    return any(step < (1 if left not in " ·" and not left.isascii() else 0.3) - 1e-6 for left, step in steps)


def _broken_rules(setting: Setting, made: RandomText, length_em: float, metrics: Metrics) -> list[str]:
    try:
        lines = setting(made.text, metrics.measure, length_em)
    except Unbreakable as refused:
        word = str(refused.facts["text"])
        return [] if metrics.least(word) > length_em else [f"refused: {word}"]
    return [f"{fault} [{length_em}] {made.text}" for fault in faults(made, lines, length_em, metrics)]


@pytest.mark.parametrize(
    ("place", "name", "broken", "fault"),
    [
        (breaking, "_PIECE", re.compile("[^ ]"), "starts"),
        (breaking, "_PIECE", re.compile("[^ ]"), "ends"),
        (breaking, "_PIECE", re.compile("[^ ]"), "splits"),
        (breaking, "_STRETCH_LIMIT_EM", 0.3, "torn"),
        (Measured, "_is_drawn_in", lambda *_: False, "pushed out"),
        (Measured, "_accompanied", lambda _self, ends, _room: ends, "alone"),
        (Measured, "set_to", lambda self, span, _length_em: self.natural(span), "long"),
        (
            Measured,
            "length",
            lambda self, span: self._reach(span.stop) - self._origin(span.start) + 1,
            "opened",
        ),
    ],
)
def test_a_rule_broken_is_found_out(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, broken: Any, fault: str
) -> None:
    monkeypatch.setattr(place, name, broken)
    measure, random = partial(plain), Random(fault)  # noqa: S311 -- as above; measured anew, by the broken rule
    made = [random_text(random, 20) for _ in range(150)]
    found = [each for one in made for each in _broken_rules(break_lines, one, 11.3, Metrics(measure))]
    assert any(each.startswith(fault) for each in found)
