"""The drawing vocabulary: everything that can lie on a page, in millimetres from its top left corner.

Knows shapes, texts and codes as values and how to shift them. Leaves out fonts (typefaces.py), where things
go (compose.py, impose.py) and how they are drawn (pdf.py, png.py). Colours are `#RRGGBB`; y grows downwards.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Self, TypeAlias

from plaques.qr import QUIET_ZONE, Matrix
from plaques.typesetting import MM_PER_PT, Glyph

EM_ASCENT = 0.88
"""The part of an ideograph's em box above its baseline; the rest hangs below."""


@dataclass(frozen=True)
class Box:
    """An upright rectangle."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    @property
    def right_mm(self) -> float:
        """The right edge."""
        return self.x_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        """The lower edge."""
        return self.y_mm + self.height_mm

    @property
    def center_x_mm(self) -> float:
        """The middle, across."""
        return self.x_mm + self.width_mm / 2

    @property
    def center_y_mm(self) -> float:
        """The middle, down."""
        return self.y_mm + self.height_mm / 2

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the box moved right and down."""
        return replace(self, x_mm=self.x_mm + dx_mm, y_mm=self.y_mm + dy_mm)

    def inset(self, margin_mm: float) -> Self:
        """Return the box with a margin taken off every side."""
        return type(self)(
            self.x_mm + margin_mm,
            self.y_mm + margin_mm,
            self.width_mm - 2 * margin_mm,
            self.height_mm - 2 * margin_mm,
        )

    def holds(self, other: "Box", slack_mm: float = 0.01) -> bool:
        """Say whether the other box lies inside this one."""
        return (
            other.x_mm >= self.x_mm - slack_mm
            and other.y_mm >= self.y_mm - slack_mm
            and other.right_mm <= self.right_mm + slack_mm
            and other.bottom_mm <= self.bottom_mm + slack_mm
        )

    def touches(self, other: "Box", slack_mm: float = 0.01) -> bool:
        """Say whether the two boxes share more than an edge."""
        return (
            min(self.right_mm, other.right_mm) - max(self.x_mm, other.x_mm) > slack_mm
            and min(self.bottom_mm, other.bottom_mm) - max(self.y_mm, other.y_mm) > slack_mm
        )


@dataclass(frozen=True, kw_only=True)
class Block:
    """A filled rectangle."""

    box: Box
    color: str

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the mark moved right and down."""
        return replace(self, box=self.box.shifted(dx_mm, dy_mm))


@dataclass(frozen=True, kw_only=True)
class Polygon:
    """A closed shape, filled if `stroke_mm` is 0, else drawn as an outline of that width."""

    points_mm: tuple[tuple[float, float], ...]
    color: str
    stroke_mm: float = 0

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the mark moved right and down."""
        return replace(self, points_mm=tuple((x + dx_mm, y + dy_mm) for x, y in self.points_mm))


@dataclass(frozen=True, kw_only=True)
class Text:
    """One line of text, glyph by glyph; `text` is what a reader of the file extracts, `part` what it says.

    `stand_ins` gives the face of each character that the face itself does not draw; `fell_back` says that the
    design asked for another face.
    """

    part: str
    text: str
    face_key: str
    size_pt: float
    color: str
    x_mm: float
    baseline_mm: float
    glyphs: tuple[Glyph, ...]
    width_em: float
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    fell_back: bool = False

    def face_of(self, character: str) -> str:
        """Return the key of the face that draws this character."""
        return self.stand_ins.get(character, self.face_key)

    @property
    def em_mm(self) -> float:
        """The size in millimetres."""
        return self.size_pt * MM_PER_PT

    @property
    def box(self) -> Box:
        """The em boxes of the line together."""
        return Box(
            self.x_mm, self.baseline_mm - EM_ASCENT * self.em_mm, self.width_em * self.em_mm, self.em_mm
        )

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the mark moved right and down."""
        return replace(self, x_mm=self.x_mm + dx_mm, baseline_mm=self.baseline_mm + dy_mm)


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A word laid slantwise under the texts, turned counter-clockwise about its middle, drawn as a tint."""

    text: str
    face_key: str
    size_pt: float
    color: str
    center_x_mm: float
    center_y_mm: float
    turn_deg: float
    glyphs: tuple[Glyph, ...]
    width_em: float

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the mark moved right and down."""
        return replace(self, center_x_mm=self.center_x_mm + dx_mm, center_y_mm=self.center_y_mm + dy_mm)


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code: `box` holds the dark modules and the quiet zone around them; `url` is what it says."""

    url: str
    matrix: Matrix
    box: Box
    color: str

    @property
    def module_mm(self) -> float:
        """The side of one module."""
        return self.box.width_mm / (self.matrix.side + 2 * QUIET_ZONE)

    @property
    def dark_box(self) -> Box:
        """The square of the modules without the quiet zone."""
        return self.box.inset(QUIET_ZONE * self.module_mm)

    def runs(self) -> Iterator[Box]:
        """Yield the dark modules as bars, each as long as neighbours in a row are dark."""
        dark, side = self.dark_box, self.module_mm
        for row, modules in enumerate(self.matrix.modules):
            for is_dark, run in groupby(range(len(modules)), key=modules.__getitem__):
                if is_dark:
                    columns = tuple(run)
                    yield Box(
                        dark.x_mm + columns[0] * side, dark.y_mm + row * side, len(columns) * side, side
                    )

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the mark moved right and down."""
        return replace(self, box=self.box.shifted(dx_mm, dy_mm))


Mark: TypeAlias = Block | Polygon | Text | Stamp | Code


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of marks, drawn in their order."""

    width_mm: float
    height_mm: float
    marks: tuple[Mark, ...]

    @property
    def box(self) -> Box:
        """The whole page."""
        return Box(0, 0, self.width_mm, self.height_mm)

    @property
    def texts(self) -> tuple[Text, ...]:
        """The texts in drawing order."""
        return tuple(mark for mark in self.marks if isinstance(mark, Text))

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes in drawing order."""
        return tuple(mark for mark in self.marks if isinstance(mark, Code))


def frame(box: Box, *, color: str, stroke_mm: float, notch_mm: float = 0) -> Polygon:
    """Return a frame along the box's edge; a notch steps every corner inwards (委角)."""
    left, top, right, bottom, n = box.x_mm, box.y_mm, box.right_mm, box.bottom_mm, notch_mm
    if not notch_mm:
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return Polygon(points_mm=corners, color=color, stroke_mm=stroke_mm)
    points = (
        (left + n, top), (right - n, top), (right - n, top + n), (right, top + n),
        (right, bottom - n), (right - n, bottom - n), (right - n, bottom), (left + n, bottom),
        (left + n, bottom - n), (left, bottom - n), (left, top + n), (left + n, top + n),
    )  # fmt: skip
    return Polygon(points_mm=points, color=color, stroke_mm=stroke_mm)


def diamond(center_x_mm: float, center_y_mm: float, radius_mm: float, *, color: str) -> Polygon:
    """Return a filled square standing on its corner."""
    points = (
        (center_x_mm, center_y_mm - radius_mm),
        (center_x_mm + radius_mm, center_y_mm),
        (center_x_mm, center_y_mm + radius_mm),
        (center_x_mm - radius_mm, center_y_mm),
    )
    return Polygon(points_mm=points, color=color)
