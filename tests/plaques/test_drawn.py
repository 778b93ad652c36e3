"""Characters supplied as drawings."""

import pytest

from plaques.drawn import character_of, drawn_characters, read_glyph
from plaques.marks import EM_ASCENT, Color, Path
from plaques.vectors import area, extent


def svg(body: str, box: str = "0 0 1000 1000") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{body}</svg>'.encode()


FRAME = '<path d="M100 100H900V900H100z M300 300H700V700H300z" fill-rule="evenodd"/>'
WOUND = '<path d="M100 100H900V900H100z M300 300V700H700V300z"/>'
BACKWARD = '<path d="M100 100V900H900V100z M300 300H700V700H300z"/>'


def test_files_draw_the_characters_they_are_named_for() -> None:
    found = drawn_characters({"U+31350.svg": svg(FRAME), "U+4E00.svg": svg(WOUND)})
    assert list(found) == ["\U00031350", "一"]


@pytest.mark.parametrize(
    ("file", "character"),
    [("U+4E00.svg", "一"), ("U+323AF.svg", "\U000323af"), ("U+10FFFF.svg", "\U0010ffff")],
)
def test_a_name_is_a_code_point(file: str, character: str) -> None:
    assert character_of(file) == character


@pytest.mark.parametrize(
    "file",
    [
        "4E00.svg",
        "U+4e00.svg",
        "U+4E0.svg",
        "U+4E00.pdf",
        "U+110000.svg",
        "U+D800.svg",
        "U+DFFF.svg",
        "一.svg",
        "U+4E00.svg.bak",
    ],
)
def test_another_name_is_refused(file: str) -> None:
    with pytest.raises(Exception, match="does not say which character") as refused:
        drawn_characters({file: svg(FRAME)})
    assert type(refused.value).__name__ == "UnnamedCharacter"


def test_the_sheet_is_the_em_square_on_its_baseline() -> None:
    outline = read_glyph(svg('<rect width="1000" height="1000"/>'), "U+4E00.svg")
    reach = extent([Path(contours=outline.contours, color=Color("#000000"))])
    assert (reach.x_mm, reach.width_mm, reach.height_mm) == pytest.approx((0, 1, 1))
    assert reach.y_mm == pytest.approx(-EM_ASCENT)


@pytest.mark.parametrize(
    "body", [FRAME, WOUND, BACKWARD, f'<g transform="matrix(-1 0 0 1 1000 0)">{WOUND}</g>']
)
def test_holes_stay_holes_and_outer_contours_run_one_way(body: str) -> None:
    contours = read_glyph(svg(body), "U+4E00.svg").contours
    assert [area(contour) for contour in contours] == pytest.approx([0.64, -0.16])


def test_strokes_that_cross_are_joined_whichever_way_they_were_drawn() -> None:
    cross = '<path d="M0 400H1000V600H0z"/><path d="M400 0V1000H600V0z"/>'
    assert all(area(contour) > 0 for contour in read_glyph(svg(cross), "U+5341.svg").contours)


def test_an_island_in_a_hole_is_filled() -> None:
    rings = "".join(f"M{at} {at}H{1000 - at}V{1000 - at}H{at}z" for at in (100, 200, 300))
    contours = read_glyph(svg(f'<path fill-rule="evenodd" d="{rings}"/>'), "U+56DE.svg").contours
    assert [area(contour) > 0 for contour in contours] == [True, False, True]


def test_curves_are_kept_when_a_contour_is_turned_back() -> None:
    half = '<path d="M100 500V900C600 900 900 700 900 500z"/>'
    (contour,) = read_glyph(svg(half), "U+4E00.svg").contours
    assert area(contour) > 0
    assert [segment[0] for segment in contour] == ["M", "C", "L"]
    reach = extent([Path(contours=(contour,), color=Color("#000000"))])
    assert (reach.x_mm, reach.right_mm) == pytest.approx((0.1, 0.9))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (svg(FRAME, "0 0 1000 1020"), "GlyphNotSquare"),
        (svg(FRAME + '<rect width="9" height="9" fill="white"/>'), "GlyphOfSeveralColors"),
        (svg("<text>一</text>"), "HoldsText"),
        (svg(""), "EmptyArtwork"),
        (b"\x89PNG", "NotVectorArtwork"),
    ],
)
def test_a_drawing_that_is_no_character_is_refused(content: bytes, refusal: str) -> None:
    with pytest.raises(Exception, match=r"U\+4E00") as refused:
        drawn_characters({"U+4E00.svg": content})
    assert type(refused.value).__name__ == refusal
