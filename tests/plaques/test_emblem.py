"""What may be done with an emblem and a seal; the artwork here is a plain disc."""

from dataclasses import replace

import pytest

from plaques.artwork.emblem import (
    CLEAR_SHARE,
    LEAST_HEIGHT_MM,
    check_drawn_emblem,
    check_emblem,
    check_seal,
    is_gold,
    is_red,
    shows_in_pixels,
)
from plaques.artwork.files import Artwork, read_artwork
from plaques.contours import moved
from plaques.marks import Box, Color, Path

RED, GOLD = Color("#B3121B"), Color("#C9A14A")
PLACE = Box(100, 100, 40, 40)


def disc(fill: str = "#C8102E", more: str = "") -> Artwork:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">'
    body = (
        f'<circle cx="10" cy="5" r="5" fill="{fill}"/><rect width="2" height="2" fill="{fill}"/>{more}</svg>'
    )
    return read_artwork((head + body).encode(), "disc.svg")


def faults(
    *neighbours: Box, place: Box = PLACE, color: Color = GOLD, codes: tuple[Box, ...] = (), more: str = ""
) -> list[str]:
    return [fault.code for fault in check_emblem(place, disc(more=more), color, neighbours, codes)]


@pytest.mark.parametrize("rgb", ["#FF0000", "#DE2910", "#C8102E", "#B3121B", "#CC0000", "#9E1B1E", "#EE1C25"])
def test_reds(rgb: str) -> None:
    assert is_red(Color(rgb))
    assert not is_gold(Color(rgb))


@pytest.mark.parametrize("rgb", ["#FFD700", "#C9A14A", "#D4AF37", "#FFDE00", "#FFFF00", "#B8860B", "#E6B422"])
def test_golds(rgb: str) -> None:
    assert is_gold(Color(rgb))
    assert not is_red(Color(rgb))


@pytest.mark.parametrize(
    "rgb",
    [
        "#000000",
        "#FFFFFF",
        "#808080",
        "#0D47A1",
        "#1A5E20",
        "#4A148C",
        "#FF69B4",
        "#F3E3B3",
        "#4A0000",
        "#FF7F00",
    ],
)
def test_neither_red_nor_gold(rgb: str) -> None:
    assert not is_red(Color(rgb))
    assert not is_gold(Color(rgb))
    assert faults(color=Color(rgb)) == ["EmblemMiscolored"]


def test_an_emblem_alone_in_gold_or_red_passes() -> None:
    assert faults() == faults(color=RED) == []


def test_an_emblem_of_several_colours_cannot_be_set_in_one() -> None:
    assert faults(more='<path d="M9 4h2v2z" fill="#FFD700"/>') == ["EmblemOfSeveralColors"]


def test_nothing_stands_over_under_or_near_an_emblem() -> None:
    """The disc's sheet stands 40 × 20 mm in the place, from 110 to 130 mm down: 5 mm are kept clear."""
    clear_mm = 20 * CLEAR_SHARE
    assert faults(Box(100, 130 + clear_mm, 40, 5)) == []
    assert faults(Box(100, 130 + clear_mm - 0.1, 40, 5)) == ["EmblemCrowded"]
    assert faults(Box(100 - clear_mm - 10, 110, 10, 5)) == []
    assert faults(Box(100 - clear_mm - 9.9, 110, 10, 5)) == ["EmblemCrowded"]
    assert faults(Box(0, 0, 300, 300)) == ["EmblemCrowded"]
    assert faults(Box(119, 119, 1, 1)) == ["EmblemCrowded"]


def test_an_emblem_never_stands_in_a_code_nor_touches_one() -> None:
    assert faults(codes=(Box(90, 90, 60, 60),)) == ["EmblemAtCode"]
    assert faults(codes=(Box(140, 110, 30, 30),)) == ["EmblemAtCode"]
    assert faults(codes=(Box(140.1, 110, 30, 30),)) == []


def test_an_emblem_is_not_printed_too_small() -> None:
    assert faults(place=Box(0, 0, 2 * LEAST_HEIGHT_MM, 50)) == []
    assert faults(place=Box(0, 0, 2 * LEAST_HEIGHT_MM - 0.1, 50)) == ["EmblemTooSmall"]


def test_all_faults_are_told_together() -> None:
    found = faults(PLACE, place=Box(110, 110, 4, 4), color=Color("#000000"), codes=(PLACE,))
    assert found == ["EmblemMiscolored", "EmblemTooSmall", "EmblemCrowded", "EmblemAtCode"]


def test_every_fault_names_the_regulation() -> None:
    for fault in check_emblem(PLACE, disc(), Color("#000000"), (PLACE,), ()):
        assert "《中国共产党党徽党旗条例》" in fault.zh
        assert "Regulation on the Party Emblem and Flag" in fault.en


def _drawn_faults(drawn: tuple[Path, ...]) -> list[str]:
    return [fault.code for fault in check_drawn_emblem(drawn, disc())]


def test_what_is_drawn_is_what_was_supplied_at_any_size_and_place() -> None:
    for place in (PLACE, Box(0, 0, 9, 90), Box(3, 7, 200, 14)):
        assert _drawn_faults(disc().fitted(place, GOLD)) == []


@pytest.mark.parametrize(
    "matrix",
    [
        (1.05, 0, 0, 1, 0, 0),
        (1, 0, 0, 0.95, 0, 0),
        (0, 1, -1, 0, 0, 0),
        (-1, 0, 0, 1, 0, 0),
        (1, 0, 0.1, 1, 0, 0),
    ],
    ids=["wider", "flatter", "turned", "mirrored", "slanted"],
)
def test_an_emblem_is_not_stretched_turned_or_slanted(
    matrix: tuple[float, float, float, float, float, float],
) -> None:
    drawn = disc().fitted(PLACE, GOLD)
    bent = tuple(replace(path, contours=moved(path.contours, matrix)) for path in drawn)
    assert _drawn_faults(bent) == ["EmblemAltered"]


def test_an_emblem_is_not_cut_added_to_or_outlined() -> None:
    drawn = disc().fitted(PLACE, GOLD)
    assert _drawn_faults(()) == ["EmblemAltered"]
    assert _drawn_faults(drawn[:1]) == ["EmblemAltered"]
    assert _drawn_faults((*drawn, drawn[0])) == ["EmblemAltered"]
    assert _drawn_faults((drawn[0], replace(drawn[1], stroke_mm=0.1))) == ["EmblemAltered"]
    assert _drawn_faults((drawn[0], replace(drawn[1], rule="evenodd"))) == ["EmblemAltered"]


def test_an_emblem_is_drawn_in_one_colour_gold_or_red() -> None:
    drawn = disc().fitted(PLACE, GOLD)
    assert _drawn_faults((drawn[0], replace(drawn[1], color=RED))) == ["EmblemOfSeveralColors"]
    assert _drawn_faults(disc().fitted(PLACE, Color("#0000FF"))) == ["EmblemMiscolored"]


def test_a_seal_lies_over_issuer_and_date_only() -> None:
    def found(kept_clear: tuple[Box, ...] = (), codes: tuple[Box, ...] = (), color: Color = RED) -> list[str]:
        return [fault.code for fault in check_seal(PLACE, disc(), color, kept_clear, codes)]

    assert found() == []
    assert found(color=GOLD) == ["SealMiscolored"]
    assert found(kept_clear=(Box(90, 105, 30, 8),)) == ["SealOverText"]
    assert found(kept_clear=(Box(90, 102, 30, 8),)) == []
    assert found(codes=(Box(130, 120, 30, 30),)) == ["SealOverCode"]


def test_a_coarse_raster_shows_no_emblem() -> None:
    assert not shows_in_pixels(PLACE, disc(), 96 / 25.4)
    assert shows_in_pixels(PLACE, disc(), 150 / 25.4)
