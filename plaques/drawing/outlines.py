"""Outlines: characters as closed curves, for engravers and cutters, which take no fonts.

Knows fontTools, which decodes an outline's bytes, and how a text's glyphs stand. Leaves out where the bytes
lie (truetype.py) and how curves are drawn (pdf.py, png.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin
from typing import Any, NamedTuple

from fontTools.pens.basePen import BasePen
from fontTools.ttLib.tables._g_l_y_f import Glyph as Record

from plaques.marks import Contour, Path, Segment, Text
from plaques.typography.truetype import TrueTypeFile
from plaques.typography.typefaces import typeface
from plaques.typography.typesetting import Glyph


@dataclass(frozen=True, kw_only=True)
class Outline:
    """The closed contours of a character in em, y down, from its origin on the baseline; blanks have none."""

    contours: tuple[Contour, ...]

    def placed(self, glyph: Glyph, em_mm: float, x_mm: float, baseline_mm: float) -> Iterator[Contour]:
        """Yield the contours in millimetres as they stand in a line that begins at a point."""
        turn = radians(glyph.turn_deg)
        along, aside = cos(turn) * em_mm, sin(turn) * em_mm
        at = _Placing(
            (along * glyph.x_scale, -aside, x_mm + glyph.x_em * em_mm),
            (aside * glyph.x_scale, along, baseline_mm + glyph.y_em * em_mm),
        )
        return (tuple(map(at.segment, contour)) for contour in self.contours)


@lru_cache(maxsize=1024)
def outline(face_key: str, character: str) -> Outline:
    """Return the outline of a character: its splines as cubic curves, the parts of a composite in place.

    Raises:
        KeyError: no such face, or it does not map the character.

    """
    file = typeface(face_key).file
    pen = _Contours(file)
    _Drawable(file, file.glyphs[ord(character)]).draw(pen)
    return Outline(contours=tuple(map(tuple, pen.contours)))


def outlined(text: Text) -> Path:
    """Return a text as one shape of its colour, every glyph where the text has it."""
    return Path(
        contours=tuple(
            contour
            for glyph in text.glyphs
            for contour in _outline_in(text, glyph.character).placed(
                glyph, text.em_mm, text.x_mm, text.baseline_mm
            )
        ),
        color=text.color,
    )


def _outline_in(text: Text, character: str) -> Outline:
    if character in text.drawn:
        return Outline(contours=text.drawn[character])
    return outline(text.face_of(character), character)


class _Placing(NamedTuple):
    """What x and y become: how much of x, how much of y, and the shift."""

    across: tuple[float, float, float]
    down: tuple[float, float, float]

    def segment(self, segment: Segment) -> Segment:
        kind, *numbers = segment
        return kind, *self._placed(numbers)

    def _placed(self, numbers: Sequence[float]) -> Iterator[float]:
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            for by_x, by_y, shift in self:
                yield x * by_x + y * by_y + shift


class _Drawable(NamedTuple):
    """A glyph of a file as fontTools' pens want one; a pen looks up the parts of a composite in its file."""

    file: TrueTypeFile
    number: int

    def draw(self, pen: Any) -> None:  # noqa: ANN401 -- fontTools has no types
        record, lookup = Record(self.file.record(self.number)), _Lookup(self.file)
        record.expand(lookup)
        record.draw(pen, lookup)


class _Lookup:
    """The glyphs of a file as fontTools looks them up, under their numbers for names."""

    extended = False

    def __init__(self, file: TrueTypeFile) -> None:
        self._file = file

    def __getitem__(self, number: int) -> _Drawable:
        return _Drawable(self._file, number)

    def getGlyphName(self, number: int) -> int:  # noqa: N802 -- fontTools' name
        return number


class _Contours(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Collects contours; the pen it builds on makes splines cubic and puts components in place."""

    def __init__(self, file: TrueTypeFile) -> None:
        super().__init__(_Lookup(file))
        self._em = file.units_per_em
        self.contours: list[list[Segment]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 -- fontTools' name
        self.contours.append([("M", *self._in_em(pt))])

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 -- fontTools' name
        self.contours[-1].append(("L", *self._in_em(pt)))

    def _curveToOne(  # noqa: N802 -- fontTools' name
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self.contours[-1].append(("C", *self._in_em(pt1), *self._in_em(pt2), *self._in_em(pt3)))

    def _in_em(self, point: tuple[float, float]) -> tuple[float, float]:
        return point[0] / self._em, -point[1] / self._em
