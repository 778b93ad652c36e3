"""Typesetting: text into lines, lines into boxes, names into a grid; all of it arithmetic.

Knows how wide the characters of a line are, how names are spaced and how a size is found. Leaves out where a
line may end (breaking.py), columns (vertical.py) and typefaces: a `Measure` gives the advance of a character.
Inside a line everything is in em of the type size; boxes are in millimetres, sizes in points.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from math import ceil, floor
from operator import itemgetter
from typing import NamedTuple, TypeVar

from plaques.typography.breaking import (
    CLOSING,
    HALF_EM,
    OPENING,
    TOLERANCE_EM,
    Measured,
    Placed,
    Slot,
    Unbreakable,
    is_han,
)
from store.refusals import Refusal

Measure = Callable[[str], float]
"""The advance width of one character, in em."""

EM_ASCENT = 0.88
"""The part of an ideograph's em box above its baseline; the rest hangs below."""

MM_PER_PT = 25.4 / 72
SIZE_STEP_PT = 0.5

_FULL_WIDTH_EM = 0.9
_HAN_EM = 1.0
_SPREAD_NAME_EM = 3.0
_BALANCE_STEPS = 12
_REMEMBERED = 128
_CHARACTERS = 1 << 13
_T = TypeVar("_T")


class TextTooLong(Refusal):
    """The text does not fit its box at the smallest size allowed. Remedy: fewer words or a larger plate."""

    reason_zh = (
        "以“{text:.20}”开头的{length}个字在{width_mm:g}×{height_mm:g}毫米内以最小字号{floor_pt:g}磅仍排不下。"
    )
    reason_en = (
        "The {length} characters beginning “{text:.20}” do not fit {width_mm:g} x {height_mm:g} mm "
        "even at the floor of {floor_pt:g} pt."
    )
    remedy_zh = "请精简文字，或改用更大的版面。"
    remedy_en = "Use fewer words or choose a larger plate."

    def __init__(self, *, text: str, **facts: object) -> None:
        """Count the characters; a message quotes the beginning of a long text only."""
        super().__init__(text=text, length=len(text), **facts)


class NamesTooMany(TextTooLong):
    """The names do not fit their box at the smallest size allowed. Remedy: fewer words or a larger plate."""

    reason_zh = (
        "{count}个姓名（最长为“{text}”）在{width_mm:g}×{height_mm:g}毫米内以最小字号{floor_pt:g}磅仍排不下。"
    )
    reason_en = (
        "{count} names (the longest {text!r}) do not fit {width_mm:g} x {height_mm:g} mm "
        "even at the floor of {floor_pt:g} pt."
    )
    remedy_zh = "请精简岗位名称和职责，或改用更大的版面。"
    remedy_en = "Shorten the post's name and duties or choose a larger plate."


@dataclass(frozen=True, kw_only=True)
class Room:
    """Room for a text, the largest and the smallest size it may have, and the distance of baselines in em."""

    width_mm: float
    height_mm: float
    size_pt: float
    floor_pt: float
    leading: float

    @property
    def sizes(self) -> list[float]:
        """The sizes allowed, smallest first: half points down from the largest."""
        steps = floor((self.size_pt - self.floor_pt) / SIZE_STEP_PT)
        return [self.size_pt - step * SIZE_STEP_PT for step in range(steps, -1, -1)]

    def width_em(self, size_pt: float) -> float:
        """Width of the box in em of a size."""
        return self.width_mm / (size_pt * MM_PER_PT)

    def rows(self, size_pt: float) -> int:
        """How many lines of a size stand in the box."""
        spare = self.height_mm / (size_pt * MM_PER_PT) - 1 + TOLERANCE_EM
        return floor(spare / self.leading + 1) if spare >= 0 else 0


class Glyph(NamedTuple):
    """A character as drawn and where its origin stands from the line's first baseline, right and down.

    `x_scale` narrows it; `turn_deg` turns it clockwise about its origin. A plain tuple, since a batch of
    plates has millions.
    """

    character: str
    x_em: float
    y_em: float = 0.0
    x_scale: float = 1.0
    turn_deg: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """Characters in place; `width_em` is from the first ink box to the last, hanging blanks left out.

    In a column it is `height_em` that runs from ink to ink. `said` is what the line says where what is drawn
    is written with other characters, such as vertical forms. A solid line is a row of glyphs at their own
    advances.
    """

    characters: tuple[Glyph, ...]
    width_em: float
    height_em: float = 1.0
    said: str = ""
    is_solid: bool = False

    @property
    def text(self) -> str:
        """What the line says, in order."""
        return self.said or "".join([glyph[0] for glyph in self.characters])


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Lines at a size; `leading` is the distance of baselines in em."""

    size_pt: float
    leading: float
    lines: tuple[Line, ...]

    @property
    def width_mm(self) -> float:
        """Width of the widest line."""
        return max((line.width_em for line in self.lines), default=0) * self.size_pt * MM_PER_PT

    @property
    def height_mm(self) -> float:
        """From the top of the first line's em box to the bottom of the last one's."""
        return stack_em(len(self.lines), self.leading) * self.size_pt * MM_PER_PT


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A name in the grid: `x_mm` from the grid's left edge, `row` from 0 at the top."""

    name: str
    line: Line
    x_mm: float
    row: int


@dataclass(frozen=True, kw_only=True)
class NameGrid:
    """Names at one size, in the order given, row by row; a long name may span columns."""

    size_pt: float
    columns: int
    rows: int
    cells: tuple[Cell, ...]
    row_height_mm: float
    width_mm: float
    height_mm: float


def break_lines(text: str, measure: Measure, width_em: float) -> tuple[Line, ...]:
    """Set text in lines no wider than `width_em`, breaking where GB/T 15834 and CLREQ 3.1 allow.

    A line that falls short because of those rules is stretched to the widest, the last never. Spaces at a
    break are dropped.

    Raises:
        Unbreakable: a part that may not be split is wider than the line.

    """
    measured = _measured(text, measure)
    return tuple(_line(text, each) for each in justified(measured, measured.lines(width_em), width_em))


@lru_cache(maxsize=_REMEMBERED)
def fit_paragraph(text: str, measure: Measure, room: Room) -> Paragraph:
    """Break text into a box at the largest size that fits.

    Raises:
        TextTooLong: it does not fit at the floor.

    """
    measured = _measured(text, measure)
    size_pt, spans = fitted(text, room, measured.lines)
    lines = tuple(_line(text, each) for each in justified(measured, spans, room.width_em(size_pt)))
    return Paragraph(size_pt=size_pt, leading=room.leading, lines=lines)


@lru_cache(maxsize=_REMEMBERED)
def fit_heading(text: str, measure: Measure, room: Room) -> Paragraph:
    """Set a heading in one line if a size of the box allows, else in balanced lines.

    Raises:
        TextTooLong: it does not fit at the floor.

    """
    measured = _measured(text, measure, 0)
    size_pt, spans = fitted(text, room, partial(in_one, measured), partial(balanced, measured))
    lines = tuple(_line(text, measured.natural(span)) for span in spans)
    return Paragraph(size_pt=size_pt, leading=room.leading, lines=lines)


@lru_cache(maxsize=_REMEMBERED)
def set_name(name: str, measure: Measure) -> Line:
    """Set a name: two Han characters spread to three em by position, every other name solid.

    A · takes half an em and stands in its middle (民委发〔2016〕33号 writes names of minorities with it).
    """
    if all(map(is_han, name)):
        return _han_name(name, measure)
    return _line(name, set_apart(_measured(name, measure)))


def _han_name(name: str, measure: Measure) -> Line:
    """Set a name of Han characters alone, which need no measuring beside each other."""
    pitch_em = _SPREAD_NAME_EM - _HAN_EM if len(name) == len("张三") else _HAN_EM
    widths_em = [measure(character) for character in name]
    glyphs = tuple(
        Glyph(character, at * pitch_em + (_HAN_EM - width_em) / 2)
        for at, (character, width_em) in enumerate(zip(name, widths_em, strict=True))
    )
    is_solid = all(width_em == pitch_em for width_em in widths_em)
    return Line(characters=glyphs, width_em=(len(name) - 1) * pitch_em + _HAN_EM, is_solid=is_solid)


def fit_names(names: Sequence[str], measures: Sequence[Measure], room: Room, gutter_em: float) -> NameGrid:
    """Set one name or more in a grid of equal columns, all at the largest size that fits.

    Few rows, a full last row and columns as wide as the longest name are preferred; where one long name would
    cost everybody's size it spans columns instead.

    Raises:
        NamesTooMany: they do not fit at the floor.

    """
    lines = tuple(map(set_name, names, measures))
    size_pt, arrangement = arranged(names, [line.width_em for line in lines], room, gutter_em)
    return _grid(arrangement, lines, room.leading, size_pt)


# Shared by lines and columns --------------------------------------------------------------------------------


def justified(measured: Measured, spans: Sequence[range], length_em: float) -> Iterator[Placed]:
    """Set lines to the longest of them, as far as that tears nothing, and the last as it comes."""
    longest = max((min(measured.length(span), length_em) for span in spans), default=0)
    yield from (measured.set_to(span, longest) for span in spans[:-1])
    yield from (measured.set_to(span, min(measured.length(span), length_em)) for span in spans[-1:])


def set_apart(name: Measured) -> Placed:
    """Set a name of two Han characters three em from end to end, any other as it comes."""
    is_short = len(name.text) == len("张三") and all(map(is_han, name.text))
    return name.spread(_SPREAD_NAME_EM) if is_short else name.natural(name.whole)


def in_one(measured: Measured, length_em: float) -> list[range]:
    """Return the whole text as the one line it makes.

    Raises:
        Unbreakable: it is too long.

    """
    if measured.length(measured.whole) > length_em + TOLERANCE_EM:
        raise Unbreakable(text=measured.text)
    return [measured.whole]


def balanced(measured: Measured, length_em: float) -> list[range]:
    """Part a text in as few lines as the length allows, all of them about equally long.

    Raises:
        Unbreakable: a part that may not be split is longer than the line.

    """
    best = measured.lines(length_em)
    too_short, enough = 0.0, length_em
    for _ in range(_BALANCE_STEPS):
        middle = (too_short + enough) / 2
        spans = _lines_or_none(measured, middle)
        if spans is None or len(spans) > len(best):
            too_short = middle
        else:
            best, enough = spans, middle
    return best


def fitted(text: str, room: Room, *settings: Callable[[float], list[range]]) -> tuple[float, list[range]]:
    """Return the largest size at which a box holds the text, and its lines; the first setting that has one.

    Raises:
        TextTooLong: none fits at the floor.

    """
    for setting in settings:
        found = _largest(room, partial(_spans_at, room, setting))
        if found is not None:
            return found
    raise TextTooLong(text=text, **vars(room))


def _lines_or_none(measured: Measured, length_em: float) -> list[range] | None:
    try:
        return measured.lines(length_em)
    except Unbreakable:
        return None


def _spans_at(room: Room, setting: Callable[[float], list[range]], size_pt: float) -> list[range] | None:
    try:
        spans = setting(room.width_em(size_pt))
    except Unbreakable:
        return None
    return spans if len(spans) <= room.rows(size_pt) else None


def _largest(room: Room, at: Callable[[float], _T | None]) -> tuple[float, _T] | None:
    """Return the largest size that has a setting, and the setting; what is returned was itself tried."""
    sizes = room.sizes
    best, low, high = None, 0, len(sizes) - 1
    while low <= high:
        middle = (low + high + 1) // 2
        setting = at(sizes[middle])
        if setting is None:
            high = middle - 1
        else:
            best, low = (sizes[middle], setting), middle + 1
    return best


# Lines ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=_REMEMBERED)
def _measured(text: str, measure: Measure, give_share: float = 0.5) -> Measured:
    """Measure a text; remembered, since it is tried in many boxes."""
    return Measured(text, [_slot(character, measure) for character in text], give_share)


@lru_cache(maxsize=_CHARACTERS)
def _slot(character: str, measure: Measure) -> Slot:
    """Return the room of a character: · half an em whatever its face gives it, a Han character one."""
    drawn_em = measure(character)
    if character in CLOSING or character in OPENING:
        blank = HALF_EM if drawn_em >= _FULL_WIDTH_EM else 0.0
        return Slot(drawn_em, blank * (character in OPENING), blank * (character in CLOSING))
    if character == "·":
        return Slot(HALF_EM, inset_em=(HALF_EM - drawn_em) / 2)
    return Slot(_HAN_EM, inset_em=(_HAN_EM - drawn_em) / 2) if is_han(character) else Slot(drawn_em)


def _line(text: str, placed: Placed) -> Line:
    characters = text[placed.span.start : placed.span.stop]
    return Line(characters=tuple(map(Glyph, characters, placed.starts_em)), width_em=placed.length_em)


# Names ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a name begins in a grid, from 0."""

    row: int
    column: int


@dataclass(frozen=True)
class Arrangement:
    """Names in columns of one width, row by row; `pitch_em` is from one column's edge to the next."""

    pitch_em: float
    columns: int
    spans: tuple[int, ...]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where each name begins; one that finds no room in a row begins the next."""
        places, row, column = [], 0, 0
        for span in self.spans:
            if column + span > self.columns:
                row, column = row + 1, 0
            places.append(Place(row, column))
            column += span
        return tuple(places)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.places[-1].row + 1

    def demerit(self) -> tuple[bool, int, int]:
        """Compare arrangements of one pitch: no name alone in the last row, few rows, few holes."""
        last_row = sum(place.row == self.rows - 1 for place in self.places)
        lonely = last_row == 1 and self.rows > 1 and self.columns > 1
        return lonely, self.rows, self.rows * self.columns - sum(self.spans)


def arranged(
    names: Sequence[str], lengths_em: Sequence[float], room: Room, gutter_em: float
) -> tuple[float, Arrangement]:
    """Return the largest size at which names of these lengths fit a box, and how they are arranged in it.

    Raises:
        NamesTooMany: they do not fit at the floor.

    """
    found = _largest(room, partial(_arrangement_at, lengths_em, room, gutter_em))
    if found is None:
        longest, _ = max(zip(names, lengths_em, strict=True), key=itemgetter(1))
        raise NamesTooMany(text=longest, count=len(names), **vars(room))
    return found


def _arrangement_at(
    lengths_em: Sequence[float], room: Room, gutter_em: float, size_pt: float
) -> Arrangement | None:
    """Return the best arrangement of the widest pitch that has one: the wider, the fewer names span."""
    room_em, most_rows = room.width_em(size_pt) + gutter_em + TOLERANCE_EM, room.rows(size_pt)
    for longest_em in sorted(set(lengths_em), reverse=True):
        fitting = _fitting(lengths_em, longest_em, gutter_em, room_em, most_rows)
        best = min(fitting, key=Arrangement.demerit, default=None)
        if best is not None:
            return best
    return None


def _fitting(
    lengths_em: Sequence[float], longest_em: float, gutter_em: float, room_em: float, most_rows: int
) -> Iterator[Arrangement]:
    """Yield what fits in columns as wide as one of the names, with every number of columns that has room."""
    pitch_em = longest_em + gutter_em
    spans = tuple(ceil((length + gutter_em) / pitch_em - TOLERANCE_EM) for length in lengths_em)
    for columns in range(min(floor(room_em / pitch_em), sum(spans)), max(spans) - 1, -1):
        arrangement = Arrangement(pitch_em, columns, spans)
        if arrangement.rows > most_rows:
            break
        yield arrangement


def _grid(best: Arrangement, lines: Sequence[Line], leading: float, size_pt: float) -> NameGrid:
    em_mm = size_pt * MM_PER_PT
    pitch_mm = best.pitch_em * em_mm
    cells = tuple(
        Cell(name=line.text, line=line, x_mm=place.column * pitch_mm, row=place.row)
        for line, place in zip(lines, best.places, strict=True)
    )
    return NameGrid(
        size_pt=size_pt,
        columns=best.columns,
        rows=best.rows,
        cells=cells,
        row_height_mm=leading * em_mm,
        width_mm=max(cell.x_mm + cell.line.width_em * em_mm for cell in cells),
        height_mm=stack_em(best.rows, leading) * em_mm,
    )


def stack_em(rows: int, leading: float) -> float:
    """Return the height of rows one below the other, from em box to em box."""
    return 1 + (rows - 1) * leading if rows else 0
