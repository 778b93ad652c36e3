"""The drawing vocabulary: everything that can lie on a page, in millimetres from its top left corner.

Knows shapes, texts, codes and colours as values, how they are moved and turned together, and where on a page
each of them comes to lie. Leaves out fonts (typefaces.py), where things go (compose.py, impose.py) and how
they are drawn (pdf.py, png.py). y grows downwards.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, groupby
from math import cos, radians, sin
from typing import Literal, NamedTuple, Self, TypeAlias

from plaques.qr import QUIET_ZONE, Matrix
from plaques.typography.typesetting import EM_ASCENT, MM_PER_PT, Glyph

Turn: TypeAlias = Literal[0, 180]
"""Degrees, clockwise."""

Segment: TypeAlias = tuple[str, *tuple[float, ...]]
"""`("M", x, y)` begins a contour, `("L", x, y)` draws a line, `("C", x1, y1, x2, y2, x, y)` a cubic curve."""

Contour: TypeAlias = tuple[Segment, ...]
"""A closed outline."""


@dataclass(frozen=True)
class Color:
    """A colour: `#RRGGBB` on screen; in print its per cent of C, M, Y and K, or a spot ink of this name.

    Without `cmyk` the parts follow from `rgb`; without `spot` there is no ink of its own.
    """

    rgb: str
    cmyk: tuple[float, float, float, float] | None = None
    spot: str = ""

    @property
    def parts(self) -> tuple[float, float, float]:
        """Red, green and blue from 0 to 1."""
        red, green, blue = (int(self.rgb[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return red, green, blue

    @property
    def inks(self) -> tuple[float, float, float, float]:
        """Cyan, magenta, yellow and black from 0 to 1: those stated, else with all grey carried by black."""
        if self.cmyk is not None:
            cyan, magenta, yellow, black = (part / 100 for part in self.cmyk)
            return cyan, magenta, yellow, black
        light = max(self.parts)
        if not light:
            return 0, 0, 0, 1
        cyan, magenta, yellow = (1 - part / light for part in self.parts)
        return cyan, magenta, yellow, 1 - light


BLACK = Color("#000000")


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

    def grown(self, margin_mm: float) -> Self:
        """Return the box with a margin added to every side."""
        return self.inset(-margin_mm)

    def turned(self, turn: Turn) -> Self:
        """Return the box turned about the origin."""
        return replace(self, x_mm=-self.right_mm, y_mm=-self.bottom_mm) if turn else self

    def holds(self, other: "Box", slack_mm: float = 0.01) -> bool:
        """Say whether the other box lies inside this one."""
        return (
            other.x_mm >= self.x_mm - slack_mm
            and other.y_mm >= self.y_mm - slack_mm
            and other.x_mm + other.width_mm <= self.x_mm + self.width_mm + slack_mm
            and other.y_mm + other.height_mm <= self.y_mm + self.height_mm + slack_mm
        )

    def touches(self, other: "Box", slack_mm: float = 0.01) -> bool:
        """Say whether the two boxes share more than an edge."""
        return (
            self.x_mm + self.width_mm - other.x_mm > slack_mm
            and other.x_mm + other.width_mm - self.x_mm > slack_mm
            and self.y_mm + self.height_mm - other.y_mm > slack_mm
            and other.y_mm + other.height_mm - self.y_mm > slack_mm
            and min(self.width_mm, self.height_mm, other.width_mm, other.height_mm) > slack_mm
        )


@dataclass(frozen=True, kw_only=True)
class Block:
    """A filled rectangle."""

    box: Box
    color: Color

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the mark moved right and down."""
        return replace(self, box=self.box.shifted(dx_mm, dy_mm))


@dataclass(frozen=True, kw_only=True)
class Polygon:
    """A closed shape, filled if `stroke_mm` is 0, else drawn as an outline of that width."""

    points_mm: tuple[tuple[float, float], ...]
    color: Color
    stroke_mm: float = 0

    @property
    def box(self) -> Box:
        """What it covers, half its stroke included."""
        return _around(self.points_mm).grown(self.stroke_mm / 2)

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the mark moved right and down."""
        return replace(self, points_mm=tuple((x + dx_mm, y + dy_mm) for x, y in self.points_mm))


@dataclass(frozen=True, kw_only=True)
class Path:
    """Outlines, filled if `stroke_mm` is 0, else drawn as lines of that width."""

    contours: tuple[Contour, ...]
    color: Color
    rule: Literal["nonzero", "evenodd"] = "nonzero"
    stroke_mm: float = 0

    @property
    def box(self) -> Box:
        """What its points, those that only pull at a curve among them, span."""
        numbers = [segment[1:] for contour in self.contours for segment in contour]
        points = [(each[at], each[at + 1]) for each in numbers for at in range(0, len(each), 2)]
        return _around(points).grown(self.stroke_mm / 2)


@dataclass(frozen=True, kw_only=True)
class Text:
    """One line or column of text, glyph by glyph; `text` is what a reader extracts, `part` what it says.

    `stand_ins` gives the face of each character that the face itself does not draw, and `drawn` the outlines
    in em of those that none draws; `fell_back` says that the design asked for another face. The glyphs of a
    solid text stand at their own advances.
    """

    part: str
    text: str
    face_key: str
    size_pt: float
    color: Color
    x_mm: float
    baseline_mm: float
    glyphs: tuple[Glyph, ...]
    width_em: float
    height_em: float = 1.0
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    fell_back: bool = False
    is_solid: bool = False
    drawn: Mapping[str, tuple[Contour, ...]] = field(default_factory=dict)

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
        em_mm = self.em_mm
        top_mm = self.baseline_mm - EM_ASCENT * em_mm
        return Box(self.x_mm, top_mm, self.width_em * em_mm, self.height_em * em_mm)

    def shifted(self, dx_mm: float, dy_mm: float) -> Self:
        """Return the mark moved right and down."""
        return replace(self, x_mm=self.x_mm + dx_mm, baseline_mm=self.baseline_mm + dy_mm)

    def saying(self, text: str) -> Self:
        """Return the line with other characters in the places of its own, one for one."""
        if text == self.text:
            return self
        glyphs = [glyph._replace(character=each) for glyph, each in zip(self.glyphs, text, strict=True)]
        return replace(self, text=text, glyphs=tuple(glyphs))


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A word laid slantwise under the texts, turned counter-clockwise about its middle, drawn as a tint."""

    text: str
    face_key: str
    size_pt: float
    color: Color
    center_x_mm: float
    center_y_mm: float
    turn_deg: float
    glyphs: tuple[Glyph, ...]
    width_em: float

    @property
    def box(self) -> Box:
        """The upright box around the turned word."""
        em_mm, turn = self.size_pt * MM_PER_PT, radians(self.turn_deg)
        across, along = abs(cos(turn)) * em_mm, abs(sin(turn)) * em_mm
        width_mm, height_mm = self.width_em * across + along, self.width_em * along + across
        return Box(self.center_x_mm - width_mm / 2, self.center_y_mm - height_mm / 2, width_mm, height_mm)


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code: `box` holds the dark modules and the quiet zone around them; `url` is what it says.

    `drawn` as an image it is one bit a module, which keeps a large batch small; as a path it is an outline
    that any cutter or engraver follows.
    """

    url: str
    matrix: Matrix
    box: Box
    color: Color
    drawn: Literal["image", "path"] = "path"

    @property
    def module_mm(self) -> float:
        """The side of one module."""
        return _module_mm(self.box, self.matrix.side)

    @property
    def dark_box(self) -> Box:
        """The square of the modules without the quiet zone."""
        return dark_box(self.box, self.matrix.side)

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


@dataclass(frozen=True, kw_only=True)
class Group:
    """Marks turned about the origin, then moved right and down; what lies outside `clip` is not drawn.

    `clip` is in the coordinates of the marks.
    """

    marks: tuple["Mark", ...]
    x_mm: float = 0
    y_mm: float = 0
    turn: Turn = 0
    clip: Box | None = None

    def placed(self, box: Box) -> Box:
        """Return where a box among the marks comes to lie."""
        return box.turned(self.turn).shifted(self.x_mm, self.y_mm)


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """Artwork that many copies share: the same object is stored once in a file, however often it is drawn.

    Nothing outside `box` is drawn.
    """

    marks: tuple["Mark", ...]
    box: Box

    @cached_property
    def leaves(self) -> "tuple[Laid, ...]":
        """The marks with their boxes, in the form's own coordinates."""
        return tuple(Laid(laid.mark, laid.box, is_shared=True) for laid in leaves(self.marks))

    @cached_property
    def texts(self) -> "tuple[Text, ...]":
        """The texts in drawing order."""
        return tuple(laid.mark for laid in self.leaves if isinstance(laid.mark, Text))

    @cached_property
    def codes(self) -> "tuple[Code, ...]":
        """The codes in drawing order."""
        return tuple(laid.mark for laid in self.leaves if isinstance(laid.mark, Code))

    @cached_property
    def fell_back(self) -> "tuple[Text, ...]":
        """The texts in another face than their design asks for."""
        return tuple(text for text in self.texts if text.fell_back)


@dataclass(frozen=True, kw_only=True, eq=False)
class Stencil:
    """Where texts stand whose characters differ but are equally wide: the same object serves many copies.

    Each line says what stands for all of them.
    """

    lines: tuple[Text, ...]

    @cached_property
    def said(self) -> tuple[str, ...]:
        """What the lines themselves say."""
        return tuple(line.text for line in self.lines)

    @cached_property
    def fell_back(self) -> bool:
        """Whether any line is in another face than its design asks for."""
        return any(line.fell_back for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Fill:
    """A stencil filled with what one copy says, a text for each line."""

    stencil: Stencil
    words: tuple[str, ...]

    @property
    def marks(self) -> tuple[Text, ...]:
        """The lines, each saying its own."""
        return tuple(line.saying(text) for line, text in zip(self.stencil.lines, self.words, strict=True))


Leaf: TypeAlias = Block | Polygon | Path | Text | Stamp | Code
Mark: TypeAlias = Leaf | Group | Form | Fill


class Laid(NamedTuple):
    """A mark, the box it takes on the page, and whether it is part of a form that copies share."""

    mark: Leaf
    box: Box
    is_shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of marks, drawn in their order.

    `trim` is what is left after cutting and `bleed` how far the ground reaches beyond it (ISO 32000-2,
    14.11.2); where they are None, the page itself.
    """

    width_mm: float
    height_mm: float
    marks: tuple[Mark, ...]
    trim: Box | None = None
    bleed: Box | None = None

    @property
    def box(self) -> Box:
        """The whole page."""
        return Box(0, 0, self.width_mm, self.height_mm)

    @cached_property
    def laid(self) -> tuple[Laid, ...]:
        """Every mark with its box on the page, in drawing order."""
        return tuple(leaves(self.marks))

    @property
    def forms(self) -> tuple[Form, ...]:
        """What the page shares with others, where it is no part of a group."""
        return tuple([mark for mark in self.marks if isinstance(mark, Form)])

    @cached_property
    def own(self) -> tuple[Laid, ...]:
        """Every mark with its box that is in none of the forms."""
        return tuple(leaves([mark for mark in self.marks if not isinstance(mark, Form)]))

    @property
    def texts(self) -> tuple[Text, ...]:
        """The texts, those of the forms first, else in drawing order."""
        own = [laid.mark for laid in self.own if isinstance(laid.mark, Text)]
        return (*chain.from_iterable([form.texts for form in self.forms]), *own)

    @property
    def fell_back(self) -> tuple[Text, ...]:
        """The texts in another face than their design asks for, those of the forms first."""
        found = list(chain.from_iterable([form.fell_back for form in self.forms]))
        for mark in self.marks:
            if isinstance(mark, Fill) and mark.stencil.fell_back:
                found += [text for text in mark.marks if text.fell_back]
            elif isinstance(mark, Text) and mark.fell_back:
                found.append(mark)
        return tuple(found)

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes, those of the forms first, else in drawing order."""
        marks = [mark for mark in self.marks if not isinstance(mark, Form | Fill)]
        own = [laid.mark for laid in leaves(marks) if isinstance(laid.mark, Code)]
        return (*chain.from_iterable([form.codes for form in self.forms]), *own)


def leaves(marks: Iterable[Mark]) -> Iterator[Laid]:
    """Yield what groups and forms consist of, each with the box where it comes to lie."""
    for mark in marks:
        if isinstance(mark, Form):
            yield from mark.leaves
        elif isinstance(mark, Group):
            for laid in leaves(mark.marks):
                yield Laid(laid.mark, mark.placed(laid.box), laid.is_shared)
        elif isinstance(mark, Fill):
            yield from leaves(mark.marks)
        else:
            yield Laid(mark, mark.box)


def dark_box(box: Box, side: int) -> Box:
    """Return the square that a code's modules take in a box with their quiet zone."""
    return box.inset(QUIET_ZONE * _module_mm(box, side))


def _module_mm(box: Box, side: int) -> float:
    return box.width_mm / (side + 2 * QUIET_ZONE)


def _around(points_mm: Iterable[tuple[float, float]]) -> Box:
    across, down = zip(*points_mm, strict=True)
    return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))


def frame(box: Box, *, color: Color, stroke_mm: float, notch_mm: float = 0) -> Polygon:
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


def diamond(center_x_mm: float, center_y_mm: float, radius_mm: float, *, color: Color) -> Polygon:
    """Return a filled square standing on its corner."""
    points = (
        (center_x_mm, center_y_mm - radius_mm),
        (center_x_mm + radius_mm, center_y_mm),
        (center_x_mm, center_y_mm + radius_mm),
        (center_x_mm - radius_mm, center_y_mm),
    )
    return Polygon(points_mm=points, color=color)
