"""Paperwork on A4: a sheet's texts, tables and places to sign become pages of marks.

Knows how tables wrap, break across pages and repeat their headings, and what must not be torn apart. Leaves
out what a sheet says (store/paperwork/) and how marks are drawn (pdf.py). Every length is in millimetres.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby

from plaques.marks import BLACK, Block, Box, Color, Page, Text
from plaques.paperwork.paragraphs import SetLine, Style, set_lines
from store.calendar import chinese_day
from store.paperwork.sheet import (
    NAME_SEPARATOR,
    Align,
    Column,
    Fact,
    Names,
    Sheet,
    Signature,
    Specimen,
    Table,
    Value,
    shown,
)

_LONG_SIDE, _SHORT_SIDE = 297.0, 210.0
_TOP, _BOTTOM, _SIDE = 19.0, 22.0, 18.0
_FOOT_GAP, _NUMBER_ROOM = 3.5, 40.0
_ROUNDING = 0.001
_WHOLE, _PART = 0.4, 6
"""A row is kept whole up to this part of a page; a higher one is torn between so many lines."""

_INK, _GREY, _TINT = BLACK, Color("#555555"), Color("#F0F0F0")
_TITLE = Style("heading", 18, 1.4)
_SUBTITLE = Style("sans", 11, 1.4)
_CAPTION = Style("serif", 12, 1.4)
_PROSE = Style("sans", 11, 1.65)
_HEADING = Style("sans", 9.5, 1.3)
_FIELD = Style("sans", 9.5, 1.4)
_SPECIMEN = Style("sans", 20, 1.3)
_SIGNED = Style("sans", 11, 1.4)
_SMALL = Style("sans", 7, 1.4, _GREY)
_NUMBER = Style("sans", 8.5, 1.4, _GREY)

_PAD_X, _PAD_Y = 1.4, 1.5
_THIN, _THICK = 0.18, 0.4
_FACT_LABEL, _FACT_LONGEST = 26.0, 22
_SIGNATURE_HEIGHT = 34.0
_NOTHING = "（无）"
_UNDATED = "　　　　年　　月　　日"


def sheet_pages(sheets: Iterable[Sheet]) -> Iterator[Page]:
    """Yield the A4 pages of each sheet, numbered within the sheet.

    Pages come one at a time: what is kept of a sheet is its text and where its pages break.
    """
    for sheet in sheets:
        frame = _Frame(landscape=sheet.landscape)
        pages = _paginated(list(_strips(sheet, frame.body)), frame.body.height_mm)
        for number, strips in enumerate(pages, start=1):
            yield frame.page(sheet, strips, number, len(pages))


@dataclass(frozen=True)
class _Strip:
    """A part of a sheet as wide as the page's body, that no page break may tear.

    `glued` keeps it on the page of the strip after it.
    """

    height_mm: float
    glued: bool = False

    @property
    def heading(self) -> "_Row | None":
        """What is repeated when a page begins with this strip."""
        return None

    @property
    def is_blank(self) -> bool:
        """Whether it is a gap and nothing else."""
        return type(self) is _Strip

    def marks(self) -> Iterator[Block | Text]:
        """Yield what is drawn, from the strip's top left corner."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class _TextStrip(_Strip):
    """One line of a text."""

    text: str
    style: Style
    index: int
    width_mm: float
    align: Align = Align.LEFT

    def marks(self) -> Iterator[Block | Text]:
        """Yield the line."""
        line = set_lines(self.text, self.style, self.width_mm)[self.index]
        x_mm = (self.width_mm - line.width_mm) / 2 if self.align is Align.CENTER else 0
        yield line.mark(x_mm, (self.height_mm - line.em_mm) / 2)


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """A field of a grid: where it stands across, and what it says."""

    x_mm: float
    width_mm: float
    text: str
    style: Style = _FIELD
    align: Align = Align.LEFT
    tinted: bool = False
    unsplit: str = ""

    @property
    def lines(self) -> tuple[SetLine, ...]:
        """The text in lines that fit between the cell's paddings."""
        return set_lines(self.text, self.style, self.width_mm - 2 * _PAD_X, self.unsplit)

    def marks(self, lines: Sequence[SetLine], y_mm: float) -> Iterator[Block | Text]:
        """Yield the lines, the first one's top at the place."""
        for line in lines:
            room = self.width_mm - 2 * _PAD_X - line.width_mm
            x_mm = self.x_mm + _PAD_X + (room / 2 if self.align is Align.CENTER else 0)
            yield line.mark(x_mm, y_mm + (self.style.line_mm - line.em_mm) / 2)
            y_mm += self.style.line_mm


@dataclass(frozen=True, kw_only=True)
class _Row(_Strip):
    """A row of a grid, or as many of its lines as fit a page; `under` is the heading it stands under."""

    cells: tuple[_Cell, ...]
    under: "_Row | None" = None
    first_line: int = 0
    last_line: int

    @property
    def heading(self) -> "_Row | None":
        """The table's heading."""
        return self.under

    @property
    def edges(self) -> tuple[float, ...]:
        """Where the cells end across."""
        return tuple(cell.x_mm + cell.width_mm for cell in self.cells[:-1])

    @property
    def is_torn(self) -> bool:
        """Whether it is a part of a row."""
        return self.first_line > 0 or any(len(cell.lines) > self.last_line for cell in self.cells)

    def marks(self) -> Iterator[Block | Text]:
        """Yield what the cells say, centred on the row, or from the top of a part of it."""
        pad_mm = 0 if self.first_line else _PAD_Y
        for cell in self.cells:
            if cell.tinted:
                yield Block(box=Box(cell.x_mm, 0, cell.width_mm, self.height_mm), color=_TINT)
            lines = cell.lines[self.first_line : self.last_line]
            free_mm = self.height_mm - len(lines) * cell.style.line_mm
            yield from cell.marks(lines, pad_mm if self.is_torn else free_mm / 2)


@dataclass(frozen=True, kw_only=True)
class _Signatures(_Strip):
    """Places to sign, side by side; one alone stands at the right."""

    signatures: tuple[Signature, ...]
    width_mm: float

    def marks(self) -> Iterator[Block | Text]:
        """Yield each label with room for a seal, and the day below."""
        columns = max(len(self.signatures), 2)
        pitch_mm = self.width_mm / columns
        for place, signature in enumerate(self.signatures, start=columns - len(self.signatures)):
            yield from self._signature(signature, place * pitch_mm, pitch_mm - 6)

    def _signature(self, signature: Signature, x_mm: float, width_mm: float) -> Iterator[Block | Text]:
        is_alone = len(self.signatures) == 1
        dated = chinese_day(signature.dated_on) if signature.dated_on else _UNDATED
        for row, text in enumerate((signature.label, dated)):
            for line in set_lines(text, _SIGNED, width_mm):
                indent = (width_mm - line.width_mm) / 2 if is_alone else 0
                yield line.mark(x_mm + indent, 7 + row * 16)


def _strips(sheet: Sheet, body: Box) -> Iterator[_Strip]:
    yield from _glued(_head(sheet, body))
    yield from _facts(sheet.facts, body)
    for text in sheet.opening:
        yield from _prose(text, body)
    if sheet.opening:
        yield _Strip(3)
    for table in sheet.tables:
        yield from _table(table, body)
    for text in sheet.closing:
        yield from _prose(text, body)
    if sheet.signatures:
        yield _Signatures(_SIGNATURE_HEIGHT, signatures=sheet.signatures, width_mm=body.width_mm)


def _glued(strips: Iterable[_Strip]) -> Iterator[_Strip]:
    return (replace(strip, glued=True) for strip in strips)


def _head(sheet: Sheet, body: Box) -> Iterator[_Strip]:
    yield from _lines(sheet.title, _TITLE, body, Align.CENTER)
    yield _Strip(1.5)
    yield from _lines(sheet.subtitle, _SUBTITLE, body, Align.CENTER)
    yield _Strip(3.5)


def _lines(text: str, style: Style, body: Box, align: Align = Align.LEFT) -> Iterator[_TextStrip]:
    for index in range(len(set_lines(text, style, body.width_mm))):
        yield _TextStrip(
            style.line_mm, text=text, style=style, index=index, width_mm=body.width_mm, align=align
        )


def _prose(text: str, body: Box) -> Iterator[_Strip]:
    """Set a paragraph; neither its first nor its last line stands alone on a page."""
    lines = list(_lines(f"　　{text}", _PROSE, body))
    for line in lines:
        yield replace(line, glued=len(lines) > 1 and line.index in {0, len(lines) - 2})


def _facts(facts: Sequence[Fact], body: Box) -> Iterator[_Strip]:
    for pair in _side_by_side(facts):
        half_mm = body.width_mm / len(pair)
        cells = [
            cell for place, fact in enumerate(pair) for cell in _fact_cells(fact, place * half_mm, half_mm)
        ]
        yield from _rows(tuple(cells), body.height_mm, glued=True)
    if facts:
        yield _Strip(4)


def _side_by_side(facts: Sequence[Fact]) -> Iterator[tuple[Fact, ...]]:
    """Pair short facts up; a long one stands alone."""
    waiting: list[Fact] = []
    for fact in facts:
        if len(shown(fact.value)) > _FACT_LONGEST:
            yield from ([tuple(waiting)] if waiting else [])
            yield (fact,)
            waiting = []
        elif waiting:
            yield (waiting.pop(), fact)
        else:
            waiting.append(fact)
    if waiting:
        yield tuple(waiting)


def _fact_cells(fact: Fact, x_mm: float, width_mm: float) -> tuple[_Cell, _Cell]:
    return (
        _Cell(x_mm=x_mm, width_mm=_FACT_LABEL, text=fact.label, align=Align.CENTER, tinted=True),
        _Cell(x_mm=x_mm + _FACT_LABEL, width_mm=width_mm - _FACT_LABEL, text=shown(fact.value)),
    )


def _table(table: Table, body: Box) -> Iterator[_Strip]:
    if table.caption:
        yield _Strip(2)
        yield from _glued(_lines(table.caption, _CAPTION, body))
        yield _Strip(1, glued=True)
    widths = _widths(table.columns, body.width_mm)
    headings = tuple(each.heading for each in table.columns)
    [head] = _rows(tuple(_heading_cells(headings, widths)), body.height_mm, glued=True)
    yield head
    if not table.rows:
        nothing = _Cell(x_mm=0, width_mm=body.width_mm, text=_NOTHING, align=Align.CENTER)
        yield from _rows((nothing,), body.height_mm)
    for row in table.rows:
        cells = tuple(_cells(row, table.columns, widths))
        yield from _rows(cells, body.height_mm, under=head, least=table.lines)
    yield _Strip(3)


def _widths(columns: Sequence[Column], width_mm: float) -> tuple[float, ...]:
    """Give centred columns the width they name, and let the others share what is left in proportion."""
    fixed = [_named_width(each) if each.align is Align.CENTER else 0 for each in columns]
    shares = [0 if each.align is Align.CENTER else each.width for each in columns]
    if not any(shares):
        shares = fixed
        fixed = [0] * len(columns)
    left_mm = width_mm - sum(fixed)
    return tuple(own or left_mm * share / sum(shares) for own, share in zip(fixed, shares, strict=True))


def _named_width(column: Column) -> float:
    return column.width * _FIELD.em_mm + 2 * _PAD_X + _ROUNDING


def _heading_cells(headings: Sequence[str], widths: Sequence[float]) -> Iterator[_Cell]:
    for text, x_mm, width_mm in zip(headings, _starts(widths), widths, strict=True):
        yield _Cell(x_mm=x_mm, width_mm=width_mm, text=text, style=_HEADING, align=Align.CENTER, tinted=True)


def _cells(row: Sequence[Value], columns: Sequence[Column], widths: Sequence[float]) -> Iterator[_Cell]:
    for value, column, x_mm, width_mm in zip(row, columns, _starts(widths), widths, strict=True):
        yield _Cell(
            x_mm=x_mm,
            width_mm=width_mm,
            text=shown(value),
            style=_SPECIMEN if isinstance(value, Specimen) else _FIELD,
            align=column.align,
            unsplit=NAME_SEPARATOR if isinstance(value, Names) else "",
        )


def _starts(widths: Sequence[float]) -> list[float]:
    return [sum(widths[:place]) for place in range(len(widths))]


def _rows(
    cells: tuple[_Cell, ...],
    page_mm: float,
    *,
    under: _Row | None = None,
    least: int = 1,
    glued: bool = False,
) -> Iterator[_Row]:
    """Yield a row whole, or where it would take up much of a page in parts that a page break may part."""
    count = max(len(cell.lines) for cell in cells)
    most = count if count <= page_mm * _WHOLE / _FIELD.line_mm else _PART
    for first in range(0, max(count, 1), max(most, 1)):
        last = min(first + most, count)
        pads = (first == 0) + (last == count)
        height_mm = (
            max(max(len(cell.lines[first:last]), least) * cell.style.line_mm for cell in cells)
            + pads * _PAD_Y
        )
        yield _Row(height_mm, glued, cells=cells, under=under, first_line=first, last_line=last)


def _paginated(strips: Sequence[_Strip], height_mm: float) -> list[list[_Strip]]:
    pages: list[list[_Strip]] = [[]]
    for group in _groups(strips, height_mm):
        page = pages[-1]
        if page and _height(page) + _height(group) > height_mm + _ROUNDING:
            heading = group[0].heading
            pages.append([*([heading] if heading else []), *_without_gap(group)])
        else:
            page.extend(group)
    return pages


def _without_gap(group: Sequence[_Strip]) -> Sequence[_Strip]:
    """Drop the gaps a page would begin with."""
    return list(dropwhile(lambda strip: strip.is_blank, group))


def _height(strips: Iterable[_Strip]) -> float:
    return sum(strip.height_mm for strip in strips)


def _groups(strips: Sequence[_Strip], height_mm: float) -> Iterator[Sequence[_Strip]]:
    """Yield what stays together; the places to sign take the last row, or line, along to their page."""
    start = 0
    last = _last_before_signing(strips)
    for end, strip in enumerate(strips, start=1):
        if end == len(strips) or not (strip.glued or end > last):
            group = strips[start:end]
            yield from [group] if _height(group) <= height_mm else [[one] for one in group]
            start = end


def _last_before_signing(strips: Sequence[_Strip]) -> int:
    if not strips or not isinstance(strips[-1], _Signatures):
        return len(strips)
    said = [place for place, strip in enumerate(strips[:-1]) if not strip.is_blank]
    return said[-1] if said else 0


@dataclass(frozen=True)
class _Frame:
    """A4, upright or across: the room for a sheet and what surrounds it on each page."""

    landscape: bool

    @property
    def size(self) -> Box:
        """The page."""
        sides = (_LONG_SIDE, _SHORT_SIDE) if self.landscape else (_SHORT_SIDE, _LONG_SIDE)
        return Box(0, 0, *sides)

    @property
    def body(self) -> Box:
        """The room for the sheet."""
        page = self.size
        return Box(_SIDE, _TOP, page.width_mm - 2 * _SIDE, page.height_mm - _TOP - _BOTTOM)

    def page(self, sheet: Sheet, strips: Sequence[_Strip], number: int, count: int) -> Page:
        """Return one page: its strips from the top, the grid ruled, head and foot around them."""
        placed = list(self._placed(strips))
        marks = [
            *(mark.shifted(self.body.x_mm, y_mm) for strip, y_mm in placed for mark in strip.marks()),
            *(rule.shifted(self.body.x_mm, 0) for rule in _rules(placed, self.body.width_mm)),
            *self._running(sheet, number, count),
        ]
        return Page(width_mm=self.size.width_mm, height_mm=self.size.height_mm, marks=tuple(marks))

    def _placed(self, strips: Sequence[_Strip]) -> Iterator[tuple[_Strip, float]]:
        y_mm = self.body.y_mm
        for strip in strips:
            yield strip, y_mm
            y_mm += strip.height_mm

    def _running(self, sheet: Sheet, number: int, count: int) -> Iterator[Block | Text]:
        body = self.body
        foot_mm = body.bottom_mm + _FOOT_GAP
        yield Block(box=Box(body.x_mm, foot_mm, body.width_mm, _THIN), color=_GREY)
        for row, line in enumerate(set_lines(sheet.footer, _SMALL, body.width_mm - _NUMBER_ROOM)):
            yield line.mark(body.x_mm, foot_mm + 1.2 + row * _SMALL.line_mm)
        [line] = set_lines(f"第 {number} 页　共 {count} 页", _NUMBER, _NUMBER_ROOM)
        yield line.mark(body.right_mm - line.width_mm, foot_mm + 1)
        if number > 1:
            for line in set_lines(f"{sheet.title}（续）", _NUMBER, body.width_mm)[:1]:
                yield line.mark(body.x_mm, body.y_mm - 6.5)


def _rules(placed: Sequence[tuple[_Strip, float]], width_mm: float) -> Iterator[Block]:
    """Rule each grid of a page: a heavy frame, hairlines between rows, and between cells in one stroke."""
    for grid in _grids(placed):
        top_mm, bottom_mm = grid[0][1], grid[-1][1] + grid[-1][0].height_mm
        for row, y_mm in grid[1:]:
            if row.first_line == 0:
                yield _horizontal(y_mm, width_mm, _THIN)
        for x_mm, first_mm, last_mm in _edges(grid):
            yield _vertical(x_mm, first_mm, last_mm, _THIN)
        for y_mm in (top_mm, bottom_mm):
            yield _horizontal(y_mm, width_mm, _THICK)
        for x_mm in (0, width_mm):
            yield _vertical(x_mm, top_mm - _THICK / 2, bottom_mm + _THICK / 2, _THICK)


def _grids(placed: Sequence[tuple[_Strip, float]]) -> Iterator[list[tuple[_Row, float]]]:
    """Yield the rows that follow one another without a gap."""
    for is_row, run in groupby(placed, key=lambda each: isinstance(each[0], _Row)):
        if is_row:
            yield [(strip, y_mm) for strip, y_mm in run if isinstance(strip, _Row)]


def _edges(grid: Sequence[tuple[_Row, float]]) -> Iterator[tuple[float, float, float]]:
    """Yield the inner edges of cells, those of consecutive rows in one: where across, from and to."""
    open_edges: dict[float, float] = {}
    for row, y_mm in grid:
        for x_mm in [each for each in open_edges if each not in row.edges]:
            yield x_mm, open_edges.pop(x_mm), y_mm
        for x_mm in row.edges:
            open_edges.setdefault(x_mm, y_mm)
    last, y_mm = grid[-1]
    for x_mm, first_mm in open_edges.items():
        yield x_mm, first_mm, y_mm + last.height_mm


def _horizontal(y_mm: float, width_mm: float, stroke_mm: float) -> Block:
    return Block(box=Box(0, y_mm - stroke_mm / 2, width_mm, stroke_mm), color=_INK)


def _vertical(x_mm: float, first_mm: float, last_mm: float, stroke_mm: float) -> Block:
    return Block(box=Box(x_mm - stroke_mm / 2, first_mm, stroke_mm, last_mm - first_mm), color=_INK)
