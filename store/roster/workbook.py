"""A roster as an Excel workbook: bytes to sheets.

Knows what an .xlsx archive may do to its reader and bounds it before the reader opens it. The only room for
openpyxl. Leaves out charts, styles and the cached values of formulas.
"""

import io
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import islice
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from store.refusals import Refusal
from store.roster.cells import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    DateCell,
    ErrorCell,
    FormulaCell,
    Grid,
    Sheet,
    TableTooLarge,
    is_blank,
    text_cell,
)

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED_BYTES = 32_000_000
MOST_TAGS = 1_500_000
_LAST_ROW_OF_EXCEL = 1_048_576
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_ENTRY = 1
_UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_Area = tuple[int, int, int, int]


class DamagedWorkbook(Refusal):
    """The archive cannot be read as a workbook. Remedy: open it and save it as .xlsx."""

    reason_zh = "打不开：文件已损坏，或者不是 .xlsx 工作簿。"
    reason_en = "it cannot be opened: the file is damaged or is no .xlsx workbook."
    remedy_zh = "请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。"
    remedy_en = "Open it in Excel or WPS, save it as .xlsx and import that."


class OldWorkbook(Refusal):
    """An .xls of Excel 97-2003. Remedy: save it as .xlsx."""

    reason_zh = "这是旧格式 .xls 文件，不能直接读取。"
    reason_en = "this is an .xls file of the old format, which is not read."
    remedy_zh = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入。"
    remedy_en = "Open it in Excel or WPS, save it as .xlsx and import that."


class LockedWorkbook(Refusal):
    """The workbook is encrypted with a password. Remedy: take the password off."""

    reason_zh = "文件设有打开密码。"
    reason_en = "the file is locked with a password."
    remedy_zh = "请取消打开密码，另存为 .xlsx 后再导入。"
    remedy_en = "Take the password off, save it as .xlsx and import that."


class WorkbookTooLarge(Refusal):
    """The archive unpacks to more than any roster needs. Remedy: keep the table only."""

    reason_zh = "文件解开后太大（超过{megabytes} MB 或{tags}个标记），不像一份名册。"
    reason_en = "the file unpacks to more than {megabytes} MB or {tags} tags, which is no roster."
    remedy_zh = "请把名册复制到新的工作簿里，只保留表格，不带图片，再导入。"
    remedy_en = "Copy the table alone into a new workbook, without pictures, and import that."

    def __init__(self) -> None:
        """Quote the bounds."""
        super().__init__(megabytes=MOST_UNPACKED_BYTES // 1_000_000, tags=MOST_TAGS)


@dataclass
class _Frame:
    """What stands around the cells of a sheet: merged areas, hidden rows and columns."""

    merged: list[_Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """Read every sheet of an .xlsx archive, in order, hidden ones included.

    1. The archive is bounded by the sizes it declares, which the unpacker enforces, and by its tags: a few
       kilobytes can hold millions of empty cells, each of them half a kilobyte in memory.
    2. No part may declare a document type (ISO/IEC 29500-2 forbids it), so no entity can expand.
    3. Cells are streamed, and the stream is cut at the bounds of a roster.

    Raises:
        OldWorkbook, LockedWorkbook, DamagedWorkbook, WorkbookTooLarge, TableTooLarge.

    """
    if data.startswith(OLE_MAGIC):
        raise LockedWorkbook if _ENCRYPTED_PART in data else OldWorkbook
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            _refuse_unsafe(archive)
            return tuple(_sheets(data, archive))
    except Refusal:
        raise
    except Exception as error:  # a damaged file may fail anywhere inside archive, XML or workbook
        raise DamagedWorkbook from error


def _refuse_unsafe(archive: ZipFile) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & _ENCRYPTED_ENTRY for entry in entries):
        raise LockedWorkbook
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:  # 1
        raise WorkbookTooLarge
    tags = 0
    for entry in entries:
        part = archive.read(entry)
        tags += part.count(b"<")
        if tags > MOST_TAGS:  # 1
            raise WorkbookTooLarge
        if b"<!DOCTYPE" in part or part.startswith(_UTF16_STARTS):  # 2
            raise DamagedWorkbook


def _sheets(data: bytes, archive: ZipFile) -> Iterator[Sheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader warns of styles and extensions it passes over
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        for sheet in book.worksheets:
            frame = _frame(archive.read(vars(sheet)["_worksheet_path"]))  # the reader tells it nowhere else
            sheet.reset_dimensions()  # the size a file declares is often wrong
            cells = _cells(sheet.iter_rows())
            down, across = _merged(cells, frame.merged)
            yield Sheet(
                name=sheet.title,
                cells=down,
                headings=across,
                hidden=sheet.sheet_state != "visible",
                hidden_rows=frozenset(frame.hidden_rows),
                hidden_columns=frozenset(frame.hidden_columns),
            )


def _frame(part: bytes) -> _Frame:
    frame = _Frame()
    for _, element in iterparse(io.BytesIO(part)):  # noqa: S314 -- no part declares a document type (2)
        _note_element(frame, element)
        element.clear()
    return frame


def _note_element(frame: _Frame, element: Element) -> None:
    tag = element.tag.rpartition("}")[2]
    hidden = element.get("hidden") in ("1", "true")
    if tag == "mergeCell":
        frame.merged.append(_area(element.get("ref", "")))
    elif tag == "row" and hidden:
        frame.hidden_rows.add(int(element.get("r", "0")))
    elif tag == "col" and hidden:
        last = min(int(element.get("max", "0")), MOST_COLUMNS)
        frame.hidden_columns.update(range(int(element.get("min", "1")), last + 1))


def _area(reference: str) -> _Area:
    first_column, first_row, last_column, last_row = range_boundaries(reference)
    if first_column is None or first_row is None or last_column is None or last_row is None:
        raise DamagedWorkbook
    return first_column, first_row, min(last_column, MOST_COLUMNS), last_row


def _cells(rows: Iterable[Iterable[object]]) -> Grid:  # 3
    grid: dict[int, dict[int, Cell]] = {}
    for number, row in enumerate(islice(rows, _LAST_ROW_OF_EXCEL), start=1):
        cells = {column: _cell(cell) for column, cell in enumerate(row, start=1)}
        written = {column: cell for column, cell in cells.items() if not is_blank(cell)}
        if written:
            grid[number] = written
            if len(grid) > MOST_ROWS or max(written) > MOST_COLUMNS:
                raise TableTooLarge
    return grid


def _cell(cell: object) -> Cell:
    value = getattr(cell, "value", None)
    kind = getattr(cell, "data_type", "n")
    if value is None:
        return Cell("")
    if kind == "f":
        return Cell(str(getattr(value, "text", value)), FormulaCell())
    if kind == "e":
        return Cell(str(value), ErrorCell(shown=value))
    if isinstance(value, (date, time, timedelta)):
        return Cell(str(value), DateCell(shown=value))
    return text_cell(_text(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), str(value))


def _merged(cells: Grid, areas: Iterable[_Area]) -> tuple[Grid, Grid]:
    """Fill merged areas with the cell at their corner: down their first column only, and all across."""
    down = {row: dict(written) for row, written in cells.items()}
    across = {row: dict(written) for row, written in cells.items()}
    filled = 0
    for first_column, first_row, last_column, last_row in areas:
        corner = cells.get(first_row, {}).get(first_column)
        rows = range(first_row, min(last_row, max(cells, default=0)) + 1)
        columns = range(first_column, last_column + 1)
        filled += len(rows) * len(columns)
        if filled > MOST_ROWS * MOST_COLUMNS:
            raise TableTooLarge
        if corner:
            reaching = replace(corner, merged=True)
            _fill(down, rows[1:], columns[:1], reaching)
            _fill(across, rows, columns[1:], reaching)
            _fill(across, rows[1:], columns[:1], reaching)
    return down, across


def _fill(grid: dict[int, dict[int, Cell]], rows: range, columns: range, corner: Cell) -> None:
    for row in rows:
        grid.setdefault(row, {}).update(dict.fromkeys(columns, corner))
