"""Vertical setting: texts and names in columns that are read downwards, from the right to the left.

Knows what stands upright, narrowed or turned in a column and which marks have a form of their own there
(GB/T 15834-2011, 5.2; W3C CLREQ 2.4). Leaves out where a column may end (breaking.py), how sizes are found
(typesetting.py) and typefaces: a `Measure` gives the advance of a character along a horizontal line.

Columns are one em wide. Glyphs stand right and down from a column's first baseline as those of a line do;
what a column says are the characters of the text, whatever form of them is drawn.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from plaques.typography.breaking import BOUNDS, HALF_EM, JOINERS, Measured, Placed, Slot
from plaques.typography.typesetting import (
    EM_ASCENT,
    MM_PER_PT,
    Arrangement,
    Glyph,
    Line,
    Measure,
    Room,
    arranged,
    balanced,
    fitted,
    in_one,
    justified,
    set_apart,
    stack_em,
)

_FORMS = str.maketrans(
    "，、。：；！？〖〗…—–（）｛｝〔〕【】《》〈〉‘’“”「」『』［］",
    "︐︑︒︓︔︕︖︗︘︙︱︲︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹁﹂﹃﹄﹇﹈",
)
_BLANK_ABOVE = frozenset("（｛〔【《〈‘“「『［〖")
_BLANK_BELOW = frozenset("，、。）｝〕】》〉’”」』］〗")
"""Of ：；！？ a column's form fills nearly the whole em."""

_LATIN = re.compile(
    rf"[{BOUNDS}]{{0,3}}+[0-9A-Za-zÀ-ӿ]+(?:[{JOINERS}][0-9A-Za-zÀ-ӿ]+)*[+#%‰℃°]*"
    rf"|[!-~]|.",
    re.DOTALL,
)
_UPRIGHT = re.compile(r"\d{1,3}|[A-Za-zÀ-ӿ]")
_TURNED = re.compile(rf"[{BOUNDS}]*[!-~À-ӿ].*|[～−]")
_CLOCKWISE = 90
_REMEMBERED = 512


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Columns at a size, in reading order; `leading` is the distance of their middles in em."""

    size_pt: float
    leading: float
    lines: tuple[Line, ...]

    @property
    def width_mm(self) -> float:
        """From the left edge of the last column to the right edge of the first."""
        return stack_em(len(self.lines), self.leading) * self.size_pt * MM_PER_PT

    @property
    def height_mm(self) -> float:
        """Height of the longest column."""
        return max((line.height_em for line in self.lines), default=0) * self.size_pt * MM_PER_PT

    def x_mm(self, column: int) -> float:
        """Return how far right of the block's left edge a column begins."""
        return (len(self.lines) - 1 - column) * self.leading * self.size_pt * MM_PER_PT


@dataclass(frozen=True, kw_only=True)
class PlacedName:
    """A name's column, from the block's top left corner."""

    name: str
    line: Line
    x_mm: float
    y_mm: float


@dataclass(frozen=True, kw_only=True)
class NameColumns:
    """Names at one size, in the order given: down a column, then down the one left of it."""

    size_pt: float
    names: tuple[PlacedName, ...]
    width_mm: float
    height_mm: float


def break_columns(text: str, measure: Measure, height_em: float) -> tuple[Line, ...]:
    """Set text in columns no longer than `height_em`, by the rules that hold for lines.

    Raises:
        Unbreakable: a part that may not be split is longer than the column.

    """
    column = _column(text, measure)
    return column.drawn(justified(column.measured, column.measured.lines(height_em), height_em))


def fit_columns(text: str, measure: Measure, room: Room) -> Columns:
    """Break text into columns that fill a box from the right, at the largest size that fits.

    Raises:
        TextTooLong: it does not fit at the floor.

    """
    column, lying = _column(text, measure), _lying(room)
    size_pt, spans = fitted(text, lying, column.measured.lines)
    lines = column.drawn(justified(column.measured, spans, lying.width_em(size_pt)))
    return Columns(size_pt=size_pt, leading=room.leading, lines=lines)


def vertical_heading(text: str, measure: Measure, room: Room) -> Columns:
    """Set a heading in one column if a size of the box allows, else in balanced columns.

    Raises:
        TextTooLong: it does not fit at the floor.

    """
    column = _column(text, measure, 0)
    whole, parted = partial(in_one, column.measured), partial(balanced, column.measured)
    size_pt, spans = fitted(text, _lying(room), whole, parted)
    return Columns(
        size_pt=size_pt, leading=room.leading, lines=column.drawn(map(column.measured.natural, spans))
    )


@lru_cache(maxsize=_REMEMBERED)
def vertical_name(name: str, measure: Measure) -> Line:
    """Set a name in a column: two Han characters spread to three em, every other name solid, · centred."""
    column = _column(name, measure)
    (line,) = column.drawn([set_apart(column.measured)])
    return line


def vertical_names(
    names: Sequence[str], measures: Sequence[Measure], room: Room, gutter_em: float
) -> NameColumns:
    """Set names in columns from the right, one below the other, all at the largest size that fits.

    Few columns and a full last one are preferred; `gutter_em` is at least between two names of a column.

    Raises:
        NamesTooMany: they do not fit at the floor.

    """
    lines = tuple(map(vertical_name, names, measures))
    size_pt, arrangement = arranged(names, [line.height_em for line in lines], _lying(room), gutter_em)
    return _name_columns(arrangement, lines, room.leading, size_pt)


def drawn_as(text: str) -> str:
    """Return the characters that are drawn where a column says the text, for the choice of its face."""
    return "".join(form for cell in _cells(text) for form in _forms(cell))


@dataclass(frozen=True)
class _Column:
    """A text measured along a column, and each of its characters as drawn where its slot begins at 0."""

    measured: Measured
    glyphs: tuple[Glyph, ...]

    def drawn(self, placed: Iterable[Placed]) -> tuple[Line, ...]:
        return tuple(self._line(each) for each in placed)

    def _line(self, placed: Placed) -> Line:
        span = slice(placed.span.start, placed.span.stop)
        glyphs = zip(self.glyphs[span], placed.starts_em, strict=True)
        return Line(
            characters=tuple(glyph._replace(y_em=glyph.y_em + start_em) for glyph, start_em in glyphs),
            width_em=1,
            height_em=placed.length_em,
            said=self.measured.text[span],
        )


@lru_cache(maxsize=_REMEMBERED)
def _column(text: str, measure: Measure, give_share: float = 0.5) -> _Column:
    """Measure a text; remembered, since it is tried in many boxes."""
    slots, glyphs = zip(*(pair for cell in _cells(text) for pair in _set_cell(cell, measure)), strict=True)
    return _Column(Measured(text, slots, give_share), glyphs)


def _cells(text: str) -> list[str]:
    """Part a text in what is set upright in one em, words that are turned, and single characters."""
    return _LATIN.findall(text)


def _set_cell(cell: str, measure: Measure) -> Iterator[tuple[Slot, Glyph]]:
    if _UPRIGHT.fullmatch(cell):
        return _narrowed(cell, measure)
    if _TURNED.fullmatch(cell):
        return _turned(cell, measure)
    return iter([_upright(cell, measure)])


def _forms(cell: str) -> str:
    return cell if _UPRIGHT.fullmatch(cell) or _TURNED.fullmatch(cell) else cell.translate(_FORMS)


def _narrowed(number: str, measure: Measure) -> Iterator[tuple[Slot, Glyph]]:
    """Yield the figures of a number side by side in one em; the last one's slot is that em."""
    widths = [measure(figure) for figure in number]
    scale = min(1, 1 / sum(widths))
    x_em = (1 - scale * sum(widths)) / 2
    for at, (figure, width_em) in enumerate(zip(number, widths, strict=True), start=1):
        yield Slot(float(at == len(number))), Glyph(figure, x_em, x_scale=scale)
        x_em += scale * width_em


def _turned(word: str, measure: Measure) -> Iterator[tuple[Slot, Glyph]]:
    """Yield the letters of a word turned clockwise about their origins, their em box on the column's."""
    for letter in word:
        yield Slot(measure(letter)), Glyph(letter, 1 - EM_ASCENT, -EM_ASCENT, turn_deg=_CLOCKWISE)


def _upright(character: str, measure: Measure) -> tuple[Slot, Glyph]:
    form = character.translate(_FORMS)
    x_em = (1 - measure(form)) / 2
    if character == "·":
        return Slot(HALF_EM), Glyph(form, x_em, -HALF_EM / 2)
    if character.isspace():
        return Slot(measure(character)), Glyph(character, x_em)
    above, below = HALF_EM * (character in _BLANK_ABOVE), HALF_EM * (character in _BLANK_BELOW)
    return Slot(1, above, below), Glyph(form, x_em)


def _lying(room: Room) -> Room:
    """Return the box as the columns see it, which are its lines."""
    return replace(room, width_mm=room.height_mm, height_mm=room.width_mm)


def _name_columns(best: Arrangement, lines: Sequence[Line], leading: float, size_pt: float) -> NameColumns:
    em_mm = size_pt * MM_PER_PT
    names = tuple(
        PlacedName(
            name=line.text,
            line=line,
            x_mm=(best.rows - 1 - place.row) * leading * em_mm,
            y_mm=place.column * best.pitch_em * em_mm,
        )
        for line, place in zip(lines, best.places, strict=True)
    )
    return NameColumns(
        size_pt=size_pt,
        names=names,
        width_mm=stack_em(best.rows, leading) * em_mm,
        height_mm=max(name.y_mm + name.line.height_em * em_mm for name in names),
    )
