"""Typesetting: text into lines, lines into boxes, names into a grid; all of it arithmetic.

Knows the rules of Chinese line breaking (GB/T 15834, W3C CLREQ 3.1), how names are spaced and how a size is
found. Leaves out typefaces: a `Measure` gives the advance of a character. Inside a line everything is in em
of the type size; boxes are in millimetres, sizes in points.

A full-width mark is half blank. At a line's edge the blank half hangs outside the line, so a first glyph may
stand at -0.5 and a last one's advance may pass `width_em` by half an em; what is drawn stays inside.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import pairwise
from math import ceil, floor
from typing import TypeVar

from store.refusals import Refusal

Measure = Callable[[str], float]
"""The advance width of one character, in em."""

MM_PER_PT = 25.4 / 72
SIZE_STEP_PT = 0.5

_CLOSING = frozenset("、，。．：；！？”’）》〉】〕］｝」』〗")
_OPENING = frozenset("“‘（《〈【〔［｛「『〖")
_STRAIGHT_QUOTES = frozenset("\"'")
_NO_START = _CLOSING | frozenset("·…—–～~,.:;!?)]}%‰℃°/-")
_NO_START_MARKS = "".join(sorted(_NO_START))
_NO_END = _OPENING | frozenset("([{")
_SPACE = " "

_FULL_WIDTH_EM = 0.9
_HAN_EM = 1.0
_HALF_EM = 0.5
_DASH_PITCH_EM = 0.8
_SPREAD_NAME_EM = 3.0
_STRETCH_LIMIT_EM = 0.09
"""Where a joint opens by a tenth of an em, readers of the PDF see a space that nobody typed."""
_BALANCE_STEPS = 12
_TOLERANCE_EM = 1e-9
_INVISIBLE_EM = 1e-6

_HAN = "〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003ffff"
_WESTERN = "0-9０-９A-Za-zÀ-ӿ"
_COUNTED = "号楼|平方米|公里|公斤|[%‰℃年月日时分秒号楼室层栋幢届期次名人个项条岁元亩米吨万亿]"
_UNIT = re.compile(  # dashes and dots; dates; words and numbers with what they count; names with ·; the rest
    rf"—+|…+"
    rf"|\d+年\d+月\d+日|\d+年\d+月|\d+月\d+日"
    rf"|第?[¥￥$€№+−±≤≥＜＞<>≈]*[{_WESTERN}]+(?:[-.,:：/~～–—'’&@_][{_WESTERN}]+)*[+#]*(?:{_COUNTED}){{0,2}}"
    rf"|[{_HAN}]{{1,6}}·(?:[{_HAN}]{{1,12}}·){{0,2}}[{_HAN}]{{1,6}}"
    rf"|.",
    re.DOTALL,
)
_IS_HAN = re.compile(rf"[{_HAN}]").fullmatch
_IS_PROPORTIONAL = re.compile(rf"[!-~‰−–{_WESTERN}]").fullmatch
_T = TypeVar("_T")


class Unbreakable(Refusal):
    """A word, number or name is wider than the line. Remedy: a smaller size or a wider plate."""

    reason_zh = "“{text}”不得拆行，而一行放不下。"
    reason_en = "{text!r} may not be split and is wider than the line."
    remedy_zh = "请缩短，或改用更大的版面。"
    remedy_en = "Shorten it or choose a larger plate."


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
class Box:
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
        spare = self.height_mm / (size_pt * MM_PER_PT) - 1 + _TOLERANCE_EM
        return floor(spare / self.leading + 1) if spare >= 0 else 0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as drawn and where its origin stands from the line's first baseline, right and down.

    `x_scale` narrows it; `turn_deg` turns it clockwise about its origin.
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
    is written with other characters, such as vertical forms.
    """

    characters: tuple[Glyph, ...]
    width_em: float
    height_em: float = 1.0
    said: str = ""

    @property
    def text(self) -> str:
        """What the line says, in order."""
        return self.said or "".join(glyph.character for glyph in self.characters)


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
        return _stack_em(len(self.lines), self.leading) * self.size_pt * MM_PER_PT


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
    ruler = _Ruler(measure)
    lines = _set_lines(text, ruler, width_em)
    widest = max((line.width_em for line in lines), default=0)
    return (*(_stretched(line, ruler, widest) for line in lines[:-1]), *lines[-1:])


def balanced_lines(text: str, measure: Measure, width_em: float) -> tuple[Line, ...]:
    """Set text in as few lines as `width_em` allows, all of them about equally long, none stretched.

    Raises:
        Unbreakable: a part that may not be split is wider than the line.

    """
    ruler = _Ruler(measure, give_share=0)
    best = _set_lines(text, ruler, width_em)
    too_narrow, enough = 0.0, width_em
    for _ in range(_BALANCE_STEPS):
        middle = (too_narrow + enough) / 2
        lines = _set_or_none(text, ruler, middle)
        if lines is None or len(lines) > len(best):
            too_narrow = middle
        else:
            best, enough = lines, middle
    return best


def fit_paragraph(text: str, measure: Measure, box: Box) -> Paragraph:
    """Break text into a box at the largest size that fits.

    Raises:
        TextTooLong: it does not fit at the floor.

    """
    paragraph = _largest(box, partial(_paragraph_at, text, measure, box, break_lines))
    if paragraph is None:
        raise TextTooLong(text=text, **asdict(box))
    return paragraph


def fit_heading(text: str, measure: Measure, box: Box) -> Paragraph:
    """Set a heading in one line if a size of the box allows, else in balanced lines.

    Raises:
        TextTooLong: it does not fit at the floor.

    """
    for setting in (_single_line, balanced_lines):
        heading = _largest(box, partial(_paragraph_at, text, measure, box, setting))
        if heading is not None:
            return heading
    raise TextTooLong(text=text, **asdict(box))


def set_name(name: str, measure: Measure) -> Line:
    """Set a name: two Han characters spread to three em by position, every other name solid.

    A · takes half an em and stands in its middle (民委发〔2016〕33号 writes names of minorities with it).
    """
    ruler = _Ruler(measure)
    solid = ruler.place(name, _no_kern)
    if len(name) == len("张三") and all(map(_IS_HAN, name)):
        return ruler.place(name, lambda _left, _right: _SPREAD_NAME_EM - solid.width_em)
    return solid


def fit_names(names: Sequence[str], measures: Sequence[Measure], box: Box, gutter_em: float) -> NameGrid:
    """Set one name or more in a grid of equal columns, all at the largest size that fits.

    Few rows, a full last row and columns as wide as the longest name are preferred; where one long name would
    cost everybody's size it spans columns instead.

    Raises:
        NamesTooMany: they do not fit at the floor.

    """
    lines = tuple(map(set_name, names, measures))
    grid = _largest(box, partial(_grid_at, lines, box, gutter_em))
    if grid is None:
        longest = max(lines, key=lambda line: line.width_em)
        raise NamesTooMany(text=longest.text, count=len(names), **asdict(box))
    return grid


@dataclass(frozen=True)
class _Extent:
    """Width as set, and at the least after every mark has given what it can."""

    natural: float
    least: float

    def __add__(self, other: "_Extent") -> "_Extent":
        return _Extent(self.natural + other.natural, self.least + other.least)


class _Ruler:
    """Widths of characters and of the joints between them.

    `give_share` is how much of a joint's blank may be taken when a line is compressed.
    """

    def __init__(self, measure: Measure, give_share: float = 0.5) -> None:
        self.measure = cache(measure)
        self.give_share = give_share

    def advance(self, character: str) -> float:
        """Return the room a character takes: · half an em whatever its face gives it, a Han character one."""
        if character == "·":
            return _HALF_EM
        return _HAN_EM if _IS_HAN(character) else self.measure(character)

    def blank_before(self, character: str) -> float:
        return _HALF_EM if character in _OPENING and self.is_wide(character) else 0.0

    def blank_after(self, character: str) -> float:
        return _HALF_EM if character in _CLOSING and self.is_wide(character) else 0.0

    def is_wide(self, character: str) -> bool:
        return self.measure(character) >= _FULL_WIDTH_EM

    def kern(self, left: str, right: str) -> float:
        """Return the change between two neighbours: marks share one blank half, dashes make one stroke."""
        if left == right == "—":
            return min(_DASH_PITCH_EM - self.measure(left), 0)
        marks = {left, right} <= _CLOSING | _OPENING
        return -_HALF_EM if marks and self.blank(left, right) else 0.0

    def blank(self, left: str, right: str) -> float:
        return self.blank_after(left) + self.blank_before(right)

    def give(self, left: str, right: str) -> float:
        """Return what the joint may lose: a share of the blank that kerning left, or of a word space."""
        space = self.measure(left) if left == _SPACE else 0.0
        blank = self.blank(left, right)
        return self.give_share * (space + max(blank + self.kern(left, right), 0) if blank else space)

    def extent(self, text: str, after: str = "") -> _Extent:
        """Return what `text` adds to a line that ends with the character `after`, or begins one."""
        joints = tuple(pairwise(after + text))
        start = 0.0 if after else self.blank_before(text[0])
        natural = sum(map(self.advance, text)) - start + sum(self.kern(*joint) for joint in joints)
        return _Extent(natural, natural - sum(self.give(*joint) for joint in joints))

    def place(self, text: str, spacing: Callable[[str, str], float]) -> Line:
        """Place characters one after another, each joint changed by `spacing`."""
        x = -self.blank_before(text[0])
        glyphs = []
        for character, following in zip(text, (*text[1:], ""), strict=True):
            inset = (self.advance(character) - self.measure(character)) / 2
            glyphs.append(Glyph(character, x + inset))
            x += self.advance(character) + (spacing(character, following) if following else 0)
        return Line(characters=tuple(glyphs), width_em=x - self.blank_after(text[-1]))


def _no_kern(_left: str, _right: str) -> float:
    return 0.0


def _single_line(text: str, measure: Measure, width_em: float) -> tuple[Line, ...]:
    ruler = _Ruler(measure)
    line = ruler.place(text, ruler.kern)
    if line.width_em > width_em + _TOLERANCE_EM:
        raise Unbreakable(text=text)
    return (line,)


def _squeezed(text: str, ruler: _Ruler, width_em: float) -> Line:
    """Set one line, its joints giving as much as it takes to keep to the width."""
    line = ruler.place(text, ruler.kern)
    excess = line.width_em - width_em
    if excess <= _INVISIBLE_EM:
        return line
    share = excess / sum(ruler.give(*joint) for joint in pairwise(text))
    return ruler.place(text, lambda left, right: ruler.kern(left, right) - share * ruler.give(left, right))


def _stretched(line: Line, ruler: _Ruler, width_em: float) -> Line:
    """Open the joints of a line evenly to the width, unless that would tear it visibly."""
    short = width_em - line.width_em
    elastic = sum(_is_elastic(*joint) for joint in pairwise(line.text))
    if short <= _INVISIBLE_EM or short > elastic * _STRETCH_LIMIT_EM:
        return line
    return ruler.place(
        line.text,
        lambda left, right: ruler.kern(left, right) + _is_elastic(left, right) * short / elastic,
    )


def _is_elastic(left: str, right: str) -> bool:
    """Whether a joint may open: not inside a word or a number, a dash or an ellipsis."""
    word = _IS_PROPORTIONAL(left) and _IS_PROPORTIONAL(right)
    return not word and not (left == right and left in "—…")


@dataclass(frozen=True)
class _Piece:
    """What no line may split, and the spaces before it."""

    gap: str
    text: str


def _set_lines(text: str, ruler: _Ruler, width_em: float) -> tuple[Line, ...]:
    lines = _accompanied(_filled(_pieces(text), ruler, width_em), ruler, width_em)
    return tuple(_squeezed(_joined(line), ruler, width_em) for line in lines)


def _set_or_none(text: str, ruler: _Ruler, width_em: float) -> tuple[Line, ...] | None:
    try:
        return _set_lines(text, ruler, width_em)
    except Unbreakable:
        return None


def _joined(pieces: Sequence[_Piece]) -> str:
    return pieces[0].text + "".join(piece.gap + piece.text for piece in pieces[1:])


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    for gap, unit in _spaced_units(text):
        if pieces and _holds(pieces[-1].text[-1], gap, unit[0]):
            last = pieces.pop()
            pieces.append(_Piece(last.gap, last.text + gap + unit))
        else:
            pieces.append(_Piece(gap, unit))
    return pieces


def _spaced_units(text: str) -> Iterator[tuple[str, str]]:
    """Yield words, numbers, dates, names and single characters, each with the spaces before it."""
    gap = ""
    for unit in _UNIT.findall(text):
        if unit == _SPACE:
            gap += unit
        else:
            yield gap, unit
            gap = ""


def _holds(left: str, gap: str, right: str) -> bool:
    """Whether the place between two units is forbidden to lines' ends and starts."""
    if right in _NO_START or left in _NO_END:
        return True
    return not gap and (left in _STRAIGHT_QUOTES or right in _STRAIGHT_QUOTES)


def _filled(pieces: Sequence[_Piece], ruler: _Ruler, width_em: float) -> list[Sequence[_Piece]]:
    lines, start = [], 0
    while start < len(pieces):
        end = _line_end(pieces, start, ruler, width_em)
        lines.append(pieces[start:end])
        start = end
    return lines


def _line_end(pieces: Sequence[_Piece], start: int, ruler: _Ruler, width_em: float) -> int:
    """Return the index of the first piece that has to go to the next line."""
    first = pieces[start].text
    extent = ruler.extent(first)
    if extent.least - ruler.blank_after(first[-1]) > width_em + _TOLERANCE_EM:
        raise Unbreakable(text=first)
    for index in range(start + 1, len(pieces)):
        last = pieces[index - 1].text[-1]
        if not _takes(extent, last, pieces[index], ruler, width_em):
            return index
        extent += ruler.extent(pieces[index].gap + pieces[index].text, last)
    return len(pieces)


def _takes(extent: _Extent, last: str, piece: _Piece, ruler: _Ruler, width_em: float) -> bool:
    """Whether a line takes one more piece: as it is, or compressed so that marks need not push out a word."""
    room = width_em + _TOLERANCE_EM
    longer = extent + ruler.extent(piece.gap + piece.text, last)
    overhang = ruler.blank_after(piece.text[-1])
    if longer.natural - overhang <= room:
        return True
    word = piece.text.rstrip(_NO_START_MARKS)
    if not word or longer.least - overhang > room:
        return False
    return (extent + ruler.extent(piece.gap + word, last)).natural <= room


def _accompanied(lines: list[Sequence[_Piece]], ruler: _Ruler, width_em: float) -> list[Sequence[_Piece]]:
    """Leave no character alone on the last line: draw it in, else give it company from the line before."""
    if not lines[1:] or not _is_lonely(lines[-1]):
        return lines
    *before, previous, last = lines
    together = [*previous, *last]
    if _least_width(together, ruler) <= width_em + _TOLERANCE_EM:
        return [*before, together]
    company = [previous[-1], *last]
    if len(previous) > 1 and _least_width(company, ruler) <= width_em + _TOLERANCE_EM:
        return [*before, previous[:-1], company]
    return lines


def _is_lonely(line: Sequence[_Piece]) -> bool:
    return sum(character not in _NO_START | _NO_END for character in _joined(line)) <= 1


def _least_width(line: Sequence[_Piece], ruler: _Ruler) -> float:
    text = _joined(line)
    return ruler.extent(text).least - ruler.blank_after(text[-1])


def _stack_em(rows: int, leading: float) -> float:
    return 1 + (rows - 1) * leading if rows else 0


def _largest(box: Box, at: Callable[[float], _T | None]) -> _T | None:
    """Return the setting at the largest size that has one; what is returned was itself tried."""
    sizes = box.sizes
    best, low, high = None, 0, len(sizes) - 1
    while low <= high:
        middle = (low + high + 1) // 2
        setting = at(sizes[middle])
        if setting is None:
            high = middle - 1
        else:
            best, low = setting, middle + 1
    return best


def _paragraph_at(
    text: str,
    measure: Measure,
    box: Box,
    setting: Callable[[str, Measure, float], tuple[Line, ...]],
    size_pt: float,
) -> Paragraph | None:
    try:
        lines = setting(text, measure, box.width_em(size_pt))
    except Unbreakable:
        return None
    if len(lines) > box.rows(size_pt):
        return None
    return Paragraph(size_pt=size_pt, leading=box.leading, lines=lines)


@dataclass(frozen=True)
class _Place:
    row: int
    column: int
    span: int


@dataclass(frozen=True)
class _Arrangement:
    """Names in columns of one width, in reading order; `pitch_em` is from one column's edge to the next."""

    pitch_em: float
    columns: int
    places: tuple[_Place, ...]

    @property
    def rows(self) -> int:
        return self.places[-1].row + 1

    def demerit(self) -> tuple[int, bool, int, int]:
        """Compare arrangements: no spans, no name alone in the last row, few rows, few holes."""
        spans = sum(place.span > 1 for place in self.places)
        last_row = sum(place.row == self.rows - 1 for place in self.places)
        lonely = last_row == 1 and self.rows > 1 and self.columns > 1
        holes = self.rows * self.columns - sum(place.span for place in self.places)
        return spans, lonely, self.rows, holes


def _grid_at(lines: Sequence[Line], box: Box, gutter_em: float, size_pt: float) -> NameGrid | None:
    widths = [line.width_em for line in lines]
    arrangements = _arrangements(widths, box.width_em(size_pt), box.rows(size_pt), gutter_em)
    best = min(arrangements, key=_Arrangement.demerit, default=None)
    return None if best is None else _grid(best, lines, box.leading, size_pt)


def _grid(best: _Arrangement, lines: Sequence[Line], leading: float, size_pt: float) -> NameGrid:
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
        height_mm=_stack_em(best.rows, leading) * em_mm,
    )


def _arrangements(
    widths: Sequence[float], width_em: float, most_rows: int, gutter_em: float
) -> Iterator[_Arrangement]:
    """Yield what fits: each name's width tried as the columns', each number of columns that has room."""
    room_em = width_em + gutter_em + _TOLERANCE_EM
    for pitch_em in sorted({width + gutter_em for width in widths}):
        spans = [ceil((width + gutter_em) / pitch_em - _TOLERANCE_EM) for width in widths]
        most_columns = min(floor(room_em / pitch_em), sum(spans))
        for columns in range(most_columns, max(spans) - 1, -1):
            arrangement = _Arrangement(pitch_em, columns, tuple(_places(spans, columns)))
            if arrangement.rows > most_rows:
                break
            yield arrangement


def _places(spans: Sequence[int], columns: int) -> Iterator[_Place]:
    row = column = 0
    for span in spans:
        if column + span > columns:
            row, column = row + 1, 0
        yield _Place(row, column, span)
        column += span
