"""Contrast of texts and codes against what lies beneath them."""

import pytest

from plaques.contours import turned_back
from plaques.marks import Block, Box, Code, Color, Form, Group, Mark, Page, Path, Polygon, Text, frame
from plaques.preflight.contrast import (
    ContrastFinding,
    contrast_findings,
    contrast_ratio,
    relative_luminance,
    symbol_contrast,
)
from plaques.qr import encode

WHITE, BLACK, RED, GRAY = Color("#FFFFFF"), Color("#000000"), Color("#B3121B"), Color("#777777")
WHOLE = Box(0, 0, 200, 100)


def text(color: Color, size_pt: float = 12, x_mm: float = 20, baseline_mm: float = 50) -> Text:
    return Text(
        part="duties", text="服务", face_key="sans", size_pt=size_pt, color=color, x_mm=x_mm,
        baseline_mm=baseline_mm, glyphs=(), width_em=10,
    )  # fmt: skip


def code(color: Color) -> Code:
    matrix = encode("HTTPS://EXAMPLE.ORG/V/0", "Q")
    return Code(url="HTTPS://EXAMPLE.ORG/V/0", matrix=matrix, box=Box(150, 50, 30, 30), color=color)


def ring(color: Color, radius: float = 40) -> Path:
    """Draw a round disc about the text's place with four curves."""
    pull, x, y = radius * 0.5523, 40.0, 48.0
    contour = (
        ("M", x + radius, y),
        ("C", x + radius, y + pull, x + pull, y + radius, x, y + radius),
        ("C", x - pull, y + radius, x - radius, y + pull, x - radius, y),
        ("C", x - radius, y - pull, x - pull, y - radius, x, y - radius),
        ("C", x + pull, y - radius, x + radius, y - pull, x + radius, y),
    )
    return Path(contours=(contour,), color=color)


def found(*marks: Mark) -> list[ContrastFinding]:
    return list(contrast_findings(Page(width_mm=200, height_mm=100, marks=marks)))


def grounds(*marks: Mark) -> list[str]:
    return [finding.ground.rgb for finding in found(*marks)]


def test_luminance_and_ratio_are_those_of_wcag() -> None:
    assert relative_luminance(WHITE) == pytest.approx(1)
    assert relative_luminance(BLACK) == 0
    assert contrast_ratio(BLACK, WHITE) == contrast_ratio(WHITE, BLACK) == pytest.approx(21)
    assert contrast_ratio(GRAY, WHITE) == pytest.approx(4.48, abs=0.01)
    assert contrast_ratio(Color("#767676"), WHITE) == pytest.approx(4.54, abs=0.01)
    assert relative_luminance(Color("#FF0000")) == pytest.approx(0.2126)


def test_small_text_needs_four_and_a_half_to_one_and_large_text_three() -> None:
    assert found(text(Color("#767676"))) == []
    (finding,) = found(text(GRAY))
    assert (finding.severity, finding.least, finding.text) == ("warning", 4.5, "服务")
    assert found(text(GRAY, size_pt=18)) == []
    assert found(text(GRAY, size_pt=17.5))
    assert found(text(Color("#999999"), size_pt=40))[0].least == 3


def test_a_finding_is_told_in_both_languages_with_its_numbers() -> None:
    (finding,) = found(text(GRAY))
    assert finding.zh == "“服务”#777777 印在 #FFFFFF 上，反差 4.48，低于 4.5。"
    assert finding.en == "'服务', #777777 on #FFFFFF: contrast 4.48, less than 4.5."


def test_the_ground_is_the_uppermost_shape_that_covers_a_text() -> None:
    on_red = Block(box=WHOLE, color=RED)
    assert grounds(text(BLACK)) == []
    assert grounds(on_red, text(BLACK)) == ["#B3121B"]
    assert grounds(on_red, text(WHITE)) == []
    assert grounds(on_red, Block(box=WHOLE, color=WHITE), text(WHITE)) == ["#FFFFFF"]
    assert grounds(text(WHITE), on_red) == ["#FFFFFF"]


def test_the_worst_of_several_grounds_counts() -> None:
    edge = Block(box=Box(0, 0, 30, 100), color=RED)
    assert grounds(edge, text(BLACK)) == ["#B3121B"]
    assert grounds(edge, text(WHITE)) == ["#FFFFFF"]
    assert grounds(Block(box=Box(0, 0, 19, 100), color=RED), text(BLACK)) == []


def test_a_frame_around_a_text_is_no_ground() -> None:
    assert grounds(frame(Box(5, 5, 190, 90), color=BLACK, stroke_mm=2), text(BLACK)) == []
    assert grounds(frame(Box(5, 47, 190, 40), color=BLACK, stroke_mm=2), text(BLACK)) == ["#000000"]


def test_a_frame_that_touches_only_the_edge_is_no_ground() -> None:
    edge = text(BLACK).box
    assert grounds(frame(edge.grown(1), color=BLACK, stroke_mm=2), text(BLACK)) == []
    assert grounds(frame(edge.grown(0.9), color=BLACK, stroke_mm=2), text(BLACK)) == ["#000000"]


def test_a_shape_counts_where_its_ink_is_and_not_where_its_box_is() -> None:
    corner = Polygon(points_mm=((0, 0), (200, 0), (0, 30)), color=BLACK)
    assert grounds(corner, text(BLACK, baseline_mm=90)) == []
    assert grounds(corner, text(BLACK, baseline_mm=20)) == ["#000000"]
    assert grounds(ring(BLACK), text(WHITE)) == []
    assert grounds(ring(BLACK), text(BLACK)) == ["#000000"]
    assert grounds(ring(BLACK, radius=15), text(BLACK)) == ["#000000"]
    assert grounds(ring(BLACK, radius=15), text(BLACK, x_mm=120)) == []


def test_a_hole_is_no_ground() -> None:
    outer, inner = ring(BLACK, 60).contours[0], ring(BLACK).contours[0]
    holed = Path(contours=(outer, inner), color=BLACK, rule="evenodd")
    assert grounds(holed, text(BLACK)) == []
    assert grounds(Path(contours=(outer, inner), color=BLACK), text(BLACK)) == ["#000000"]
    assert grounds(Path(contours=(outer, turned_back(inner)), color=BLACK), text(BLACK)) == []
    assert grounds(Path(contours=(outer,), color=BLACK, stroke_mm=2), text(BLACK)) == []


def test_grounds_are_found_through_forms_and_turned_groups() -> None:
    art = Form(marks=(Block(box=Box(0, 0, 100, 100), color=RED),), box=WHOLE)
    triangle = Polygon(points_mm=((0, 0), (90, 0), (0, 90)), color=RED)
    assert grounds(art, text(BLACK)) == ["#B3121B"]
    assert grounds(Group(marks=(art,), x_mm=100), text(BLACK)) == []
    assert grounds(Group(marks=(art,), x_mm=100, y_mm=100, turn=180), text(BLACK)) == ["#B3121B"]
    assert grounds(Group(marks=(triangle,)), text(BLACK, x_mm=1, baseline_mm=20)) == ["#B3121B"]
    assert (
        grounds(Group(marks=(triangle,), x_mm=90, y_mm=90, turn=180), text(BLACK, x_mm=1, baseline_mm=20))
        == []
    )
    assert grounds(Group(marks=(triangle, text(BLACK, baseline_mm=20)), x_mm=90, y_mm=90, turn=180)) == [
        "#B3121B"
    ]


@pytest.mark.parametrize(
    ("ink", "ground", "severity"),
    [
        ("#1A1A1A", "#FFFFFF", None),
        ("#000000", "#F3E3B3", None),
        ("#3A3A3A", "#F3E3B3", None),
        ("#000000", "#D4AF37", "error"),
        ("#000000", "#B3121B", "error"),
        ("#FFFFFF", "#000000", "error"),
        ("#FF0000", "#FFFFFF", "error"),
        ("#DE2910", "#FFFFFF", "error"),
        ("#555555", "#FFFFFF", None),
        ("#777777", "#FFFFFF", "warning"),
        ("#000000", "#EBCB6B", "warning"),
        ("#8C8C8C", "#FFFFFF", "error"),
        ("#BBBBBB", "#FFFFFF", "error"),
    ],
)
def test_a_code_is_near_black_on_light_never_inverted_never_red(
    ink: str, ground: str, severity: str | None
) -> None:
    findings = found(Block(box=WHOLE, color=Color(ground)), code(Color(ink)))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])


def test_a_code_partly_over_a_dark_shape_is_an_error() -> None:
    edge = Block(box=Box(178, 0, 22, 100), color=Color("#7A0C12"))
    assert [finding.severity for finding in found(edge, code(BLACK))] == ["error"]


def test_the_frame_of_a_tile_is_no_ground_for_its_code_but_a_bar_in_the_quiet_zone_is() -> None:
    drawn = code(BLACK)
    assert found(frame(drawn.box, color=RED, stroke_mm=0.35), drawn) == []
    assert found(frame(drawn.box.inset(drawn.module_mm), color=RED, stroke_mm=0.35), drawn) != []


def test_symbol_contrast_is_seen_in_red_light_too() -> None:
    assert symbol_contrast(Color("#FF0000"), WHITE) == 0
    assert symbol_contrast(BLACK, WHITE) == pytest.approx(1)
    assert symbol_contrast(WHITE, BLACK) == pytest.approx(-1)
    assert symbol_contrast(BLACK, Color("#00FFFF")) == 0
