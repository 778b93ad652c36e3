"""Ornaments: a design's shapes and an organisation's drawings become marks.

Knows the outlines of blocks, frames, roundels and free paths, and how a path is mirrored. Leaves out which
shapes a design has (designs/), what a drawing may be used for (emblem.py) and what lies on them (compose.py).
"""

from collections.abc import Iterator

from plaques.contours import Transform, moved, parse_path
from plaques.design.model import Back, Design, Layout, Shape
from plaques.marks import Block, Box, Color, Contour, Path, Polygon, diamond, frame

_CIRCLE = 0.5522847498
"""How far, in radii, the handles of a cubic curve reach that draws a quarter of a circle."""


def shape_marks(shape: Shape, color: Color) -> tuple[Block | Polygon | Path, ...]:
    """Return the marks of a shape in its colour."""
    box = shape.box
    match shape.kind:
        case "block" if not shape.radius_mm:
            return (Block(box=box, color=color),)
        case "frame" if not shape.radius_mm:
            return (frame(box, color=color, stroke_mm=shape.stroke_mm, notch_mm=shape.notch_mm),)
        case "diamond" if not shape.stroke_mm:
            return (diamond(box.center_x_mm, box.center_y_mm, box.width_mm / 2, color=color),)
        case _:
            return (Path(contours=tuple(_contours(shape)), color=color, stroke_mm=shape.stroke_mm),)


def artwork_marks(side: Layout | Back, design: Design) -> Iterator[Path]:
    """Yield the shapes of a side's drawings, backgrounds first; a role that is not drawn is left out."""
    for place in sorted(side.artworks, key=lambda place: place.role != "background"):
        color = design.palette[place.color] if place.color else None
        if color is not None or not place.color:
            yield from design.artwork[place.file].fitted(place.box, color)


def _contours(shape: Shape) -> Iterator[Contour]:
    box = shape.box
    match shape.kind:
        case "block" | "frame":
            yield _rounded(box, shape.radius_mm, shape.radius_mm)
        case "roundel":
            yield _rounded(box, box.width_mm / 2, box.height_mm / 2)
        case "diamond":
            yield _closed((box.center_x_mm, box.y_mm), (box.right_mm, box.center_y_mm),
                          (box.center_x_mm, box.bottom_mm), (box.x_mm, box.center_y_mm))  # fmt: skip
        case "line":
            yield _closed((box.x_mm, box.y_mm), (box.right_mm, box.bottom_mm))
        case "path":
            for way in _ways(shape):
                yield from moved(parse_path(shape.path_mm), way)


def _closed(*points: tuple[float, float]) -> Contour:
    return tuple((letter, x, y) for letter, (x, y) in zip("M" + "L" * len(points), points, strict=False))


def _rounded(box: Box, across: float, down: float) -> Contour:
    """Return the box's outline with a quarter of an ellipse, this wide and high, at each corner."""
    left, top, right, bottom = box.x_mm, box.y_mm, box.right_mm, box.bottom_mm
    x, y = across * (1 - _CIRCLE), down * (1 - _CIRCLE)
    return (
        ("M", left + across, top),
        ("L", right - across, top),
        ("C", right - x, top, right, top + y, right, top + down),
        ("L", right, bottom - down),
        ("C", right, bottom - y, right - x, bottom, right - across, bottom),
        ("L", left + across, bottom),
        ("C", left + x, bottom, left, bottom - y, left, bottom - down),
        ("L", left, top + down),
        ("C", left, top + y, left + x, top, left + across, top),
    )


def _ways(shape: Shape) -> Iterator[Transform]:
    """Yield how the points of a path go to the page: as they are, and mirrored about the box's middle."""
    box = shape.box
    across = [(1, box.x_mm), (-1, box.right_mm)][: 1 + (shape.mirror in {"across", "both"})]
    down = [(1, box.y_mm), (-1, box.bottom_mm)][: 1 + (shape.mirror in {"down", "both"})]
    yield from ((a, 0, 0, d, e, f) for a, e in across for d, f in down)
