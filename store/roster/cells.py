"""A table as it was sent: sheets, rows and cells, each cell a text or the reason why it is none.

Knows what every kind of file has in common. Knows nothing of encodings (delimited.py), of workbooks
(workbook.py) or of what a column means (headers.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from store.refusals import Refusal

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 100


class FormulaCell(Refusal):
    """A formula shows one thing and does another. Remedy: replace it by its value."""

    reason_zh = "是公式，不是文字。"
    reason_en = "this is a formula, not text."
    remedy_zh = "请改为直接填写内容（复制后选择性粘贴为“数值”）。"
    remedy_en = "Write the content itself (copy, then paste as values)."


class ErrorCell(Refusal):
    """Excel shows an error instead of a value. Remedy: write the content."""

    reason_zh = "单元格显示错误值“{shown}”。"
    reason_en = "the cell shows the error {shown}."
    remedy_zh = "请改为直接填写内容。"
    remedy_en = "Write the content itself."


class DateCell(Refusal):
    """Excel turned what was typed into a date. Remedy: set the cell to text and type again."""

    reason_zh = "被 Excel 当成了日期或时间（{shown}）。"
    reason_en = "Excel took this for a date or time ({shown})."
    remedy_zh = "请把单元格格式设为“文本”后重新填写。"
    remedy_en = "Set the cell's format to text and type it again."


class TableTooLarge(Refusal):
    """More rows or columns than any roster has. Remedy: delete what does not belong to it."""

    reason_zh = "表格太大：最多{rows}行、{columns}列。"
    reason_en = "the table is too large: at most {rows} rows and {columns} columns."
    remedy_zh = "请删去名册以外的内容，或分成几个文件导入。"
    remedy_en = "Delete what is no part of the roster, or import it in several files."

    def __init__(self) -> None:
        """Quote the bounds."""
        super().__init__(rows=MOST_ROWS, columns=MOST_COLUMNS)


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; with a flaw, the text only shows what it looked like.

    `merged` tells that it was written in another cell, of a merged area that reaches here.
    """

    text: str
    flaw: Refusal | None = None
    merged: bool = False


BLANK = Cell("")

Grid = Mapping[int, Mapping[int, Cell]]
"""Cells by row and column, both counted from 1; blank ones are left out."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: `cells` has merged areas filled down, `headings` has them filled down and across.

    `hidden` tells that the whole sheet is; a hidden row or column is listed by its number.
    """

    name: str
    cells: Grid
    headings: Grid
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def text_cell(text: str) -> Cell:
    """Read a cell's text; the apostrophe by which Excel marks text is no part of it.

    A text that begins with = counts as the formula it may become.
    """
    bare = text.strip().removeprefix("'")
    return Cell(bare, FormulaCell()) if bare.startswith("=") else Cell(bare)


def is_blank(cell: Cell) -> bool:
    """Tell whether nothing stands in a cell."""
    return not cell.text and cell.flaw is None
