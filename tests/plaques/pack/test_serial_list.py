"""The serial list: a row for each copy, as CSV and as a workbook, and never a formula or a code."""

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from plaques.pack.facts import ArtworkFile
from plaques.pack.serial_list import serial_csv, serial_rows, serial_sheet
from store.paperwork.workbook import workbook
from tests.plaques.pack.runs import artwork, badges, facts, plaques


def _csv(file: ArtworkFile) -> list[list[str]]:
    content = serial_csv(serial_rows(file.copies, file.report, file.name))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _tab(*files: ArtworkFile) -> Worksheet:
    tab = load_workbook(io.BytesIO(workbook([serial_sheet(files, facts())]))).active
    assert isinstance(tab, Worksheet)
    return tab


def test_the_list_says_what_each_copy_is_and_where_it_lies() -> None:
    file = badges(2, 2)
    header, *rows = _csv(file)
    assert header == ["编号", "岗位编号", "岗位名称", "持有人", "地点", "换发旧牌", "文件", "页"]
    assert [row[0] for row in rows] == [copy.id for copy in file.copies]
    assert rows[1] == [
        file.copies[1].id, "2026-001", "农机作业服务岗第1组", "李𬱖一", "1号楼398室", "", file.name, "2",
    ]  # fmt: skip


def test_csv_and_workbook_say_the_same() -> None:
    file = badges(2, 3)
    rows = [
        ["" if cell is None else str(cell) for cell in row] for row in _tab(file).iter_rows(values_only=True)
    ]
    assert rows[-6:] == _csv(file)[1:]


def test_the_workbook_keeps_its_heading_in_sight_and_its_numbers_as_texts() -> None:
    tab = _tab(badges(2, 3))
    assert tab.freeze_panes == "A5"
    assert {cell.data_type for cell in tab["A"][4:]} == {"s"}
    assert tab.column_dimensions["C"].width > tab.column_dimensions["H"].width


def test_copies_of_several_files_are_listed_with_their_own() -> None:
    first, second = plaques(1), artwork(badges(1, 2).copies, name="other.pdf")
    assert [row[6].value for row in _tab(first, second).iter_rows(min_row=5)] == [
        first.name,
        *["other.pdf"] * 2,
    ]


@pytest.mark.parametrize("place", ["=1+1", " +86", "-1", "@SUM(A1)", "＝1+1"])
def test_no_field_of_the_csv_is_a_formula(place: str) -> None:
    [copy] = plaques(1).copies
    assert _csv(artwork([replace(copy, place=place)]))[1][4] == f"'{place}"


def test_the_list_holds_no_code() -> None:
    file = plaques(3)
    said = str(_csv(file))
    assert not any(copy.code in said for copy in file.copies)
