"""A design's shapes become the marks they say, mirrored about the middle of their box."""

from typing import Any

import pytest

from plaques.composition.ornaments import shape_marks
from plaques.contours import NotAPath, extent, parse_path
from plaques.design.model import Shape
from plaques.marks import Block, Box, Color, Path, Polygon

GOLD = Color("#E3BC6A")
BOX = Box(10, 20, 40, 30)


def marks_of(kind: str, **more: Any) -> tuple[Block | Polygon | Path, ...]:
    return shape_marks(Shape(kind=kind, box=BOX, color="gold", **more), GOLD)  # type: ignore[arg-type] # any kind


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("block", {}),
        ("block", {"radius_mm": 4.0}),
        ("roundel", {}),
        ("diamond", {"stroke_mm": 0.5}),
        ("line", {"stroke_mm": 0.5}),
        ("frame", {"stroke_mm": 0.5}),
        ("frame", {"stroke_mm": 0.5, "notch_mm": 3.0}),
        ("frame", {"stroke_mm": 0.5, "radius_mm": 3.0}),
    ],
)
def test_a_shape_spans_its_box(kind: str, more: dict[str, float]) -> None:
    (mark,) = marks_of(kind, **more)
    stroke_mm = more.get("stroke_mm", 0.0)
    assert mark.box.inset(stroke_mm / 2) == pytest.approx(BOX)
    assert mark.color == GOLD


def test_a_roundel_touches_the_middle_of_each_side() -> None:
    (mark,) = marks_of("roundel")
    assert isinstance(mark, Path)
    ends = {tuple(round(number, 6) for number in numbers[-2:]) for _, *numbers in mark.contours[0]}
    assert ends == {(30, 20), (50, 35), (30, 50), (10, 35)}


@pytest.mark.parametrize(
    ("mirror", "corners"),
    [
        ("none", {(10, 20)}),
        ("across", {(10, 20), (50, 20)}),
        ("down", {(10, 20), (10, 50)}),
        ("both", {(10, 20), (50, 20), (10, 50), (50, 50)}),
    ],
)
def test_a_path_is_mirrored_about_the_middle_of_its_box(
    mirror: str, corners: set[tuple[float, float]]
) -> None:
    (mark,) = marks_of("path", path_mm="M 0 0 H 5 V 2 Z", mirror=mirror)
    assert isinstance(mark, Path)
    assert {contour[0][1:] for contour in mark.contours} == corners
    assert BOX.holds(extent([mark]))


def test_a_path_is_read_as_svg_writes_it() -> None:
    (first, second) = parse_path("M1,2 3 4L5-6 7 8 H.5 V1e1 C 1 1 2 2 3 3 4 4 5 5 6 6 Z M 0 0 L 1 1")
    assert first == (
        ("M", 1, 2), ("L", 3, 4), ("L", 5, -6), ("L", 7, 8), ("L", 0.5, 8), ("L", 0.5, 10),
        ("C", 1, 1, 2, 2, 3, 3), ("C", 4, 4, 5, 5, 6, 6),
    )  # fmt: skip
    assert second == (("M", 0, 0), ("L", 1, 1))


@pytest.mark.parametrize(
    "text",
    ["", "L 1 1", "M 1", "M 0 0 L", "M 0 0 C 1 1 2 2 3", "M 0 0 A 1 1 0 0 0 2 2", "m 0 0", "M 0 0 Z 1"],
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(NotAPath):
        parse_path(text)
