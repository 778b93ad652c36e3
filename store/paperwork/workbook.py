"""Sheets as an Excel workbook: typed cells, real dates, texts that are never formulas, ready to print on A4.

Knows Excel's limits and openpyxl. Rows are written as they come, so that a long log costs no memory.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from store.paperwork.sheet import Align, Names, Share, Sheet, Specimen, Table, Value, shown

_NAME_LONGEST = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LINE_END = re.compile(r"\r\n?")
_TEXT_LONGEST = 32_767
_FOOTER_LONGEST = 200
_FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
"""A spreadsheet may take a text that begins with one of these for a formula (CWE-1236)."""

_PROPERTIES = "docProps/core.xml"
_MOMENT = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_EARLIEST = (1980, 1, 1, 0, 0, 0)

_A4 = 9
_MARGINS_INCH = PageMargins(left=0.6, right=0.6, top=0.7, bottom=0.8, header=0.3, footer=0.35)
_UNITS_PER_EM, _UNITS_PADDING, _WIDEST = 2.1, 2, 80
_LINE_PT, _HIGHEST_PT = 16, 400
_PROSE_EM, _UNNAMED_EM = 38, 10
_UNDATED = "　　　　年　　月　　日"
_DAY, _SHARE = "日期", "比例"
_FORMATS = {"": "General", _DAY: 'yyyy"年"m"月"d"日"', _SHARE: "0.0%"}

_LINE = Side(style="thin", color="000000")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TINT = PatternFill("solid", fgColor="F0F0F0")
_STRONG, _PLAIN = Font(size=11, bold=True), Font(size=11)
_CENTERED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook with a tab for each sheet; same sheets, same bytes."""
    book = Workbook(write_only=True)
    for style in _STYLES:
        for named in style.named():
            book.add_named_style(named)
    taken: set[str] = set()
    for sheet in sheets:
        name = _tab_name(sheet.name, taken)
        taken.add(name.lower())
        _Tab(book, name, sheet).write()
    file = io.BytesIO()
    book.save(file)
    return _undated(file)


def _undated(book: io.BytesIO) -> bytes:
    """Return a workbook without the moments that openpyxl takes from the clock."""
    undated = io.BytesIO()
    with zipfile.ZipFile(book) as dated, zipfile.ZipFile(undated, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in dated.namelist():
            content = dated.read(part)
            if part == _PROPERTIES:
                content = _MOMENT.sub(b"", content)
            packed.writestr(zipfile.ZipInfo(part, _EARLIEST), content, zipfile.ZIP_DEFLATED)
    return undated.getvalue()


def _tab_name(wanted: str, taken: set[str]) -> str:
    """Return a name Excel allows that no other tab has."""
    base = _NOT_IN_NAMES.sub(" ", wanted).strip(" '") or "表"
    name, number = base[:_NAME_LONGEST], 1
    while name.lower() in taken:
        number += 1
        name = f"{base[: _NAME_LONGEST - len(str(number)) - 1]}-{number}"
    return name


@dataclass(frozen=True, kw_only=True)
class _Style:
    """How a cell looks; a workbook knows it by name, in each number format."""

    name: str
    font: Font = _PLAIN
    alignment: Alignment = _LEFT
    is_ruled: bool = False
    is_tinted: bool = False

    def named(self) -> Iterator[NamedStyle]:
        """Yield the workbook's styles; each workbook needs its own."""
        for suffix, number_format in _FORMATS.items():
            style = NamedStyle(name=self.name + suffix, font=self.font, alignment=self.alignment)
            style.number_format = number_format
            if self.is_ruled:
                style.border = _GRID
            if self.is_tinted:
                style.fill = _TINT
            yield style


_TITLE_STYLE = _Style(name="岗牌标题", font=Font(size=16, bold=True), alignment=_CENTERED)
_SUBTITLE_STYLE = _Style(name="岗牌副题", alignment=_CENTERED)
_CAPTION_STYLE = _Style(name="岗牌表题", font=_STRONG)
_TEXT_STYLE = _Style(name="岗牌正文")
_HEADING_STYLE = _Style(name="岗牌表头", font=_STRONG, alignment=_CENTERED, is_ruled=True, is_tinted=True)
_LABEL_STYLE = _Style(name="岗牌栏目", alignment=_CENTERED, is_ruled=True, is_tinted=True)
_VALUE_STYLES = {
    Align.LEFT: _Style(name="岗牌内容", is_ruled=True),
    Align.CENTER: _Style(name="岗牌居中", alignment=_CENTERED, is_ruled=True),
}
_STYLES = (
    _TITLE_STYLE, _SUBTITLE_STYLE, _CAPTION_STYLE, _TEXT_STYLE, _HEADING_STYLE, _LABEL_STYLE,
    *_VALUE_STYLES.values(),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One row: values and looks, at least so many lines high; from `merged_from` on it is one cell."""

    values: tuple[Value, ...] = ()
    styles: tuple[_Style, ...] = ()
    lines: int = 1
    merged_from: int = 0
    is_heading: bool = False


def _rows(sheet: Sheet) -> Iterator[_Row]:
    yield _line(sheet.title, _TITLE_STYLE, lines=2)
    if sheet.subtitle:
        yield _line(sheet.subtitle, _SUBTITLE_STYLE)
    for fact in sheet.facts:
        yield _Row(
            values=(fact.label, None, fact.value),
            styles=(_LABEL_STYLE, _LABEL_STYLE, _VALUE_STYLES[Align.LEFT]),
            merged_from=3,
        )
    yield from map(_prose, sheet.opening)
    for table in sheet.tables:
        yield _Row()
        yield from _table_rows(table)
    yield from map(_prose, sheet.closing)
    for signature in sheet.signatures:
        yield _Row()
        yield _line(f"{signature.label}　　　　　　　　{shown(signature.dated_on) or _UNDATED}", _TEXT_STYLE)


def _line(text: str, style: _Style, lines: int = 1) -> _Row:
    return _Row(values=(text,), styles=(style,), lines=lines, merged_from=1)


def _prose(text: str) -> _Row:
    return _line(text, _TEXT_STYLE, lines=ceil(len(text) / _PROSE_EM))


def _table_rows(table: Table) -> Iterator[_Row]:
    if table.caption:
        yield _line(table.caption, _CAPTION_STYLE)
    headings = tuple(column.heading for column in table.columns)
    yield _Row(
        values=headings,
        styles=(_HEADING_STYLE,) * len(headings),
        lines=_lines_of(headings, table),
        is_heading=True,
    )
    styles = tuple(_VALUE_STYLES[column.align] for column in table.columns)
    for values in table.rows:
        yield _Row(values=values, styles=styles, lines=max(table.lines, _lines_of(values, table)))


def _lines_of(values: Sequence[Value], table: Table) -> int:
    """Estimate how high a row has to be for its longest text."""
    return max(
        sum(ceil(len(part) / column.width) or 1 for part in (shown(value).split("\n")))
        for value, column in zip(values, table.columns, strict=True)
    )


class _Tab:
    """One tab, written from top to bottom."""

    def __init__(self, book: Workbook, name: str, sheet: Sheet) -> None:
        self.target: Any = book.create_sheet(name)
        self.sheet = sheet
        self.columns = max([4, *(len(table.columns) for table in sheet.tables)])

    def write(self) -> None:
        """Set the page up, then write everything the sheet says."""
        self._set_page()
        self._set_widths()
        self._hold_heading()
        count = 0
        for count, row in enumerate(_rows(self.sheet), start=1):
            self._append(count, row)
        self.target.print_area = f"A1:{get_column_letter(self.columns)}{count}"

    def _set_page(self) -> None:
        page = self.target.page_setup
        page.paperSize, page.fitToWidth, page.fitToHeight = _A4, 1, 0
        page.orientation = "landscape" if self.sheet.landscape else "portrait"
        self.target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.target.page_margins = _MARGINS_INCH
        self.target.print_options.horizontalCentered = True
        self.target.oddFooter.left.text = self.sheet.footer.replace("&", "&&")[:_FOOTER_LONGEST]
        self.target.oddFooter.right.text = "第 &P 页 共 &N 页"

    def _set_widths(self) -> None:
        for place in range(self.columns):
            named = [table.columns[place].width for table in self.sheet.tables if place < len(table.columns)]
            width = max(named, default=_UNNAMED_EM) * _UNITS_PER_EM + _UNITS_PADDING
            self.target.column_dimensions[get_column_letter(place + 1)].width = min(width, _WIDEST)

    def _hold_heading(self) -> None:
        """Keep a single table's heading in sight, on the screen and on every page."""
        if len(self.sheet.tables) == 1:
            rows = enumerate(_rows(self.sheet), start=1)
            heading = next(number for number, row in rows if row.is_heading)
            self.target.freeze_panes = f"A{heading + 1}"
            self.target.print_title_rows = f"{heading}:{heading}"

    def _append(self, number: int, row: _Row) -> None:
        if row.lines > 1:
            self.target.row_dimensions[number].height = min(row.lines * _LINE_PT, _HIGHEST_PT)
        if row.merged_from:
            last = get_column_letter(self.columns)
            self.target.merged_cells.ranges.add(
                f"{get_column_letter(row.merged_from)}{number}:{last}{number}"
            )
        if row.merged_from > 1:
            self.target.merged_cells.ranges.add(f"A{number}:{get_column_letter(row.merged_from - 1)}{number}")
        self.target.append([self._cell(*each) for each in zip(row.values, row.styles, strict=True)])

    def _cell(self, value: Value, style: _Style) -> Any:  # noqa: ANN401 - the stubs call the class a function
        cell = WriteOnlyCell(self.target)
        cell.style = style.name + _suffix(value)
        _fill(cell, value)
        return cell


def _suffix(value: Value) -> str:
    if isinstance(value, Share):
        return _SHARE
    return _DAY if isinstance(value, date) else ""


def _fill(cell: Any, value: Value) -> None:  # noqa: ANN401 - the stubs lack what a cell can do
    """Give a cell its value with the type it has; a text stays a text whatever it begins with."""
    if not isinstance(value, str | Names | Specimen):
        cell.value = value.value if isinstance(value, Share) else value
        return
    text = shown(value)
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", _LINE_END.sub("\n", text))[:_TEXT_LONGEST]
    cell.data_type = "s"
    if text[:1] in _FORMULA_STARTS:
        cell.quotePrefix = True
