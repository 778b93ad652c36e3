"""Rosters as officers might send them, made for one test each."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from store.roster import Roster, RosterRefused, read_roster

DATA = Path(__file__).parent / "data"
SAMPLES = ("roster-2026.xlsx", "roster-faulty.xlsx", "members-2026.csv")
HEADER = (
    "党总支",
    "岗位名称",
    "岗位类型",
    "集体类型",
    "岗位地点",
    "工作职责",
    "党员姓名",
    "其他人员",
    "公开承诺",
    "党员人数",
)
GOOD = {
    "党总支": "园艺场党总支",
    "岗位名称": "苗圃",
    "岗位类型": "集体",
    "集体类型": "服务岗位",
    "岗位地点": "东门",
    "工作职责": "育苗供苗",
    "党员姓名": "张伟、王芳、李娜",
}

Row = Sequence[object]


def good(**changes: object) -> tuple[object, ...]:
    """Return a row that is right but for the changes, in the order of HEADER."""
    values = {**GOOD, **changes}
    return tuple(values.get(name) for name in HEADER)


def filled(*rows: Row) -> Worksheet:
    """Return the only sheet of a new workbook, holding these rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    return sheet


def saved(sheet: Worksheet) -> bytes:
    """Return a sheet's workbook as a file."""
    assert sheet.parent
    file = io.BytesIO()
    sheet.parent.save(file)
    return file.getvalue()


def workbook(*rows: Row) -> bytes:
    """Return a workbook of one sheet with these rows as a file."""
    return saved(filled(*rows))


def csv_text(*rows: Row, delimiter: str = ",") -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def read(data: bytes, filename: str = "名册.xlsx", *, members_min: int = 3) -> Roster:
    """Read a roster with the founding plan's number of members."""
    return read_roster(data, filename, members_min=members_min)


def faults(data: bytes, filename: str = "名册.xlsx") -> list[str]:
    """Return the faults of a roster in Chinese, one line each; empty where it is accepted."""
    try:
        read(data, filename)
    except RosterRefused as refusal:
        return [fault.zh for fault in refusal.faults]
    return []


def notices(data: bytes, filename: str = "名册.xlsx") -> list[str]:
    """Return the notices of an accepted roster in Chinese."""
    return [notice.zh for notice in read(data, filename).notices]


def sample(name: str) -> bytes:
    """Return a sample roster."""
    return (DATA / name).read_bytes()
