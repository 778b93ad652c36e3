"""A workbook opened again: what the sheet says, in cells of the right type, and never a formula."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from store.paperwork.sheet import (
    Align,
    Column,
    Fact,
    Names,
    Share,
    Sheet,
    Signature,
    Specimen,
    Table,
    Value,
    shown,
)
from store.paperwork.workbook import workbook

COLUMNS = (
    Column(heading="序号", width=2, align=Align.CENTER),
    Column(heading="岗位名称", width=8),
    Column(heading="日期", width=7.8),
    Column(heading="满意率", width=4.2),
    Column(heading="党员姓名", width=12),
)
ROWS: tuple[tuple[Value, ...], ...] = (
    (1, "财务室", date(2026, 6, 15), Share(0.923), Names(("曾晓明", "高赟"))),
    (2, None, date(2026, 7, 1), None, Names(())),
)
FORMULAS = ["=1+1", "+86 10", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x"]


def sheet(rows: tuple[tuple[Value, ...], ...] = ROWS, **changes: object) -> Sheet:
    said: dict[str, object] = {
        "name": "汇总",
        "title": "申报汇总表",
        "subtitle": "畜牧站党总支",
        "facts": (Fact("申报年度", "2026年"), Fact("日期", date(2026, 6, 15))),
        "opening": ("现将有关情况公示如下。",),
        "tables": (Table(columns=COLUMNS, rows=rows),),
        "closing": ("有异议的请反映。",),
        "signatures": (Signature(label="党总支（盖章）："),),
        "footer": "R&D 制表\n台账校验值 1:ab",
        "landscape": True,
    }
    return Sheet(**(said | changes))  # type: ignore[arg-type]


def opened(*sheets: Sheet) -> list[Worksheet]:
    book = load_workbook(io.BytesIO(workbook(sheets)))
    return [book[name] for name in book.sheetnames]


def read(tab: Worksheet) -> list[list[Value]]:
    """Return the rows as values of a sheet; names and shares come back as texts and numbers."""
    return [[_value(cell.value) for cell in row] for row in tab.iter_rows()]


def _value(value: object) -> Value:
    return value.date() if isinstance(value, datetime) else value  # type: ignore[return-value]


def plain(value: Value) -> Value | float:
    if isinstance(value, Share):
        return value.value
    return shown(value) or None if isinstance(value, Names) else value


def test_the_table_comes_back_as_it_was() -> None:
    [tab] = opened(sheet())
    rows = read(tab)
    start = rows.index([column.heading for column in COLUMNS]) + 1
    assert rows[start : start + len(ROWS)] == [[plain(value) for value in row] for row in ROWS]


def test_everything_else_of_the_sheet_is_there() -> None:
    [tab] = opened(sheet())
    said = {cell for row in read(tab) for cell in row}
    assert {"申报汇总表", "畜牧站党总支", "申报年度", "2026年", date(2026, 6, 15)} <= said
    assert {"现将有关情况公示如下。", "有异议的请反映。"} <= said


def test_numbers_days_and_shares_are_typed() -> None:
    [tab] = opened(sheet())
    [row] = [row for row in tab.iter_rows() if row[0].value == 1]
    assert [cell.data_type for cell in row] == ["n", "s", "d", "n", "s"]
    assert row[3].number_format == "0.0%"
    assert "年" in row[2].number_format


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_a_formula(text: str) -> None:
    content = workbook([sheet(((1, text, None, None, text),), title=text, closing=(text,))])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    tab = load_workbook(io.BytesIO(content)).active
    assert isinstance(tab, Worksheet)
    cells = [cell for row in tab.iter_rows() for cell in row if cell.value == text.replace("\r", "\n")]
    assert len(cells) == 4
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_a_writer_that_lets_a_text_be_a_formula_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(cell: Any, value: Value) -> None:
        cell.value = plain(value)

    monkeypatch.setattr("store.paperwork.workbook._fill", trusting)
    content = workbook([sheet(((1, "=1+1", None, None, None),))])
    assert b"<f>" in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_characters_excel_refuses_become_blanks() -> None:
    [tab] = opened(sheet(((1, "一\x00二\x0b三", None, None, None),)))
    assert "一 二 三" in {cell for row in read(tab) for cell in row}


def test_a_long_table_prints_with_its_heading_on_every_page() -> None:
    [tab] = opened(sheet(ROWS * 100))
    heading = [row[0] for row in read(tab)].index("序号") + 1
    assert tab.print_title_rows == f"${heading}:${heading}"
    assert tab.freeze_panes == f"A{heading + 1}"
    assert (tab.page_setup.orientation, tab.page_setup.paperSize) == ("landscape", 9)
    assert (tab.page_setup.fitToWidth, tab.page_setup.fitToHeight) == (1, 0)
    assert tab.sheet_properties.pageSetUpPr is not None
    assert tab.sheet_properties.pageSetUpPr.fitToPage
    assert tab.print_area.endswith(f"$E${tab.max_row}")
    foot = tab.oddFooter
    assert foot is not None
    assert [each.text for each in (foot.left, foot.right) if each] == [
        "R&&D 制表\n台账校验值 1:ab",
        "第 &P 页 共 &N 页",
    ]


def test_columns_are_wide_enough_for_chinese() -> None:
    [tab] = opened(sheet())
    assert tab.column_dimensions["B"].width >= 8 * 2


def test_no_row_is_a_heading_alone() -> None:
    [tab] = opened(sheet(()))
    assert ["序号", "岗位名称", "日期", "满意率", "党员姓名"] in read(tab)


def test_tabs_have_names_excel_allows_and_no_two_the_same() -> None:
    names = ["a/b:c*?[d]\\", "党总支" * 20, "党总支" * 20, "", "'x'", "X", "x"]
    found = [tab.title for tab in opened(*(sheet(name=name) for name in names))]
    assert len({name.lower() for name in found}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in found)


def test_the_same_sheets_are_the_same_bytes_whatever_the_clock_says() -> None:
    content = workbook([sheet()])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms" not in parts.read("docProps/core.xml")
    assert workbook([sheet()]) == content


def test_a_specimen_is_its_character() -> None:
    [tab] = opened(sheet(((1, Specimen("䶮"), None, None, None),)))
    assert "䶮" in {cell for row in read(tab) for cell in row}


def test_a_heading_of_two_lines_has_room_for_both() -> None:
    columns = (Column(heading="编号\nNumber", width=9),)
    [tab] = opened(sheet(tables=(Table(columns=columns, rows=(("1",),)),)))
    heading = [row[0] for row in read(tab)].index("编号\nNumber") + 1
    assert (tab.row_dimensions[heading].height or 0) > (tab.row_dimensions[heading + 1].height or 16)
