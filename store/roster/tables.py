"""A roster file: bytes to sheets, whatever kind of file they are.

Knows how to tell the kinds apart, by content and not by name. Knows nothing of what the sheets say.
"""

from store.refusals import Refusal
from store.roster.cells import MOST_BYTES, Sheet
from store.roster.delimited import read_csv
from store.roster.faults import RosterRefused, Spot, refused_at
from store.roster.workbook import OLE_MAGIC, ZIP_MAGIC, DamagedWorkbook, read_workbook

_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".et")


class FileTooLarge(Refusal):
    """The file is larger than any roster. Remedy: keep the table only."""

    reason_zh = "文件超过{megabytes} MB。"
    reason_en = "the file is larger than {megabytes} MB."
    remedy_zh = "请只保留名册表格，去掉图片和其他内容后再导入。"
    remedy_en = "Keep the table only, without pictures, and import that."

    def __init__(self) -> None:
        """Quote the bound."""
        super().__init__(megabytes=MOST_BYTES // 1_000_000)


class EmptyFile(Refusal):
    """The file holds nothing. Remedy: choose the right file."""

    reason_zh = "文件是空的。"
    reason_en = "the file is empty."
    remedy_zh = "请确认选对了文件，保存后再导入。"
    remedy_en = "Make sure it is the right file, save it and import it again."


def read_sheets(data: bytes, filename: str) -> tuple[Sheet, ...]:
    """Read a file's sheets; the name decides nothing but what a file of no known kind should have been.

    Raises:
        RosterRefused: the file cannot be read, with the one reason.

    """
    try:
        return _sheets(data, filename)
    except RosterRefused:
        raise
    except Refusal as refusal:
        raise refused_at(Spot(), refusal) from refusal


def _sheets(data: bytes, filename: str) -> tuple[Sheet, ...]:
    if not data.strip(b"\0 \r\n\t"):
        raise EmptyFile
    if len(data) > MOST_BYTES:
        raise FileTooLarge
    if data.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return read_workbook(data)
    if filename.lower().endswith(_WORKBOOK_NAMES):
        raise DamagedWorkbook
    return (read_csv(data),)
