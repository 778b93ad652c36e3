"""The preflight report: the same facts on paper and for machines, and never more than was checked."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plaques.pack.facts import ArtworkFile
from plaques.pack.preflight_json import preflight_json
from plaques.pack.preflight_sheet import preflight_sheet
from plaques.preflight.findings import Check, rule
from store.paperwork.sheet import Sheet, shown
from tests.plaques.pack.runs import ERROR, WARNING, badges, facts, plaques

GOLDEN = Path(__file__).parent / "preflight-report.json"


def _json(*files: ArtworkFile) -> Any:
    return json.loads(preflight_json(files, facts()))


def _rows(sheet: Sheet, caption: str) -> list[list[str]]:
    [table] = [table for table in sheet.tables if table.caption.startswith(caption)]
    return [[shown(value) for value in row] for row in table.rows]


def test_the_report_for_machines_is_the_one_in_the_golden_file() -> None:
    file = badges(1, 3, findings=(WARNING, ERROR), rasterised=frozenset({WARNING.number}))
    assert preflight_json([file], facts()).decode() == GOLDEN.read_text(encoding="utf-8")


def test_paper_and_machine_name_every_check() -> None:
    paper = _rows(preflight_sheet([plaques(1)], facts()), "检查项目")
    assert [row[0] for row in paper] == [f"{rule(check).name_zh}\n{rule(check).name_en}" for check in Check]
    assert [check["check"] for check in _json(plaques(1))["checks"]] == [check.value for check in Check]


def test_a_check_that_was_not_made_on_every_file_is_not_called_passed() -> None:
    files = plaques(1), badges(1, 1, checks=tuple(check for check in Check if check is not Check.BLEED))
    outcomes = {row[0]: row[3] for row in _rows(preflight_sheet(files, facts()), "检查项目")}
    assert outcomes["出血\nBleed"] == "未检查\nnot made"
    assert outcomes["静区\nQuiet zone"] == "通过\npassed"
    assert [check["check"] for check in _json(*files)["checks"] if check["found"] is None] == ["bleed"]


def test_errors_stand_before_warnings_with_what_to_do() -> None:
    rows = _rows(preflight_sheet([plaques(1, findings=(WARNING, ERROR))], facts()), "错误与提示")
    assert [row[:3] for row in rows] == [
        ["错误\nerror", ERROR.number, ERROR.text],
        ["提示\nwarning", WARNING.number, WARNING.text],
    ]
    assert "缩短文字" in rows[0][3]
    assert "the text is too long" in rows[0][3].lower()


def test_the_result_is_the_worst_that_was_found() -> None:
    assert _json(plaques(1))["result"] == "passed"
    assert _json(plaques(1, findings=(WARNING,)))["result"] == "warning"
    assert _json(plaques(1, findings=(WARNING, ERROR)))["result"] == "error"


def test_the_report_says_which_copies_were_read_from_the_page_and_which_as_a_matrix() -> None:
    file = badges(1, 5)
    numbers = [copy.id for copy in file.copies]
    sampled = badges(1, 5, rasterised=frozenset((numbers[0], numbers[4])))
    sheet = preflight_sheet([sampled], facts())
    assert [row[2:] for row in _rows(sheet, "文件与回读")] == [
        [numbers[0], "1", "整页回读\nwhole page"],
        [f"{numbers[1]} 至 {numbers[3]}", "3", "二维码矩阵\ncode's matrix"],
        [numbers[4], "1", "整页回读\nwhole page"],
    ]
    assert "其中2件读自成品页面" in sheet.opening[0]
    assert "其余3件读二维码矩阵" in sheet.opening[0]
    read = [copy["read"] for copy in _json(sampled)["files"][0]["copies"]]
    assert read == ["page", "matrix", "matrix", "matrix", "page"]


def test_the_report_holds_no_code() -> None:
    file = plaques(3)
    said = preflight_json([file], facts()).decode() + str(preflight_sheet([file], facts()))
    assert not any(copy.code in said for copy in file.copies)


def test_every_key_of_the_report_is_explained_to_its_readers() -> None:
    page = Path(__file__).parents[3] / "docs" / "print-shop.md"
    explained = set(re.findall(r"`(\w+)`", page.read_text(encoding="utf-8")))
    assert set(_keys(json.loads(GOLDEN.read_text(encoding="utf-8")))) <= explained


def _keys(value: Any) -> Iterator[str]:
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(each)
    if isinstance(value, dict):
        yield from value
