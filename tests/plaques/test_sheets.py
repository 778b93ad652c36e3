"""Paperwork on A4: everything is there, in order, whole, inside the page, and nothing touches."""

import subprocess
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pypdfium2
import pytest

from plaques.drawing.pdf import draw_pdf
from plaques.marks import Block, Box, Page, Text
from plaques.paperwork.paragraphs import Style, set_lines
from plaques.paperwork.sheets import sheet_pages
from store.paperwork.sheet import Align, Column, Fact, Names, Share, Sheet, Signature, Table

DUTIES = "办理报销、核算与决算，实行首问负责、限时办结；对来访群众做到来有迎声、问有答声、走有送声。"
PEOPLE = ("曾晓明", "高赟", "阿卜杜热合曼·麦麦提", "𬭎源", "张伟", "汪雪琳")
MARGIN_MM = 10
COLUMNS = (
    Column(heading="序号", width=2, align=Align.CENTER),
    Column(heading="岗位编号", width=4.6, align=Align.CENTER),
    Column(heading="工作职责", width=20),
    Column(heading="党员姓名", width=11),
)
SIGNATURES = (Signature(label="党总支（盖章）："), Signature(label="填报人（签字）："))


def sheet(rows: int, duties: str = DUTIES, **changes: object) -> Sheet:
    said = tuple(
        (number, f"2026-{number:03d}", duties if number % 2 else "报销", Names(PEOPLE))
        for number in range(1, rows + 1)
    )
    made = Sheet(
        name="表",
        title="共产党员示范岗申报汇总表",
        subtitle="畜牧站党总支　2026年",
        facts=(Fact("申报单位", "畜牧站党总支"), Fact("日期", date(2026, 6, 15)), Fact("说明", DUTIES * 2)),
        opening=(DUTIES,),
        tables=(Table(columns=COLUMNS, rows=said),),
        closing=(DUTIES,),
        signatures=SIGNATURES,
        footer="2026年11月22日 15:48 制表\n台账校验值 12:" + "3f" * 32,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def pages(*sheets: Sheet) -> list[Page]:
    return list(sheet_pages(sheets))


def words(page: Page) -> str:
    return "".join(text.text for text in page.texts)


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 2, 7, 8, 9, 10, 11, 200])
def test_nothing_leaves_the_page_and_no_two_texts_touch(rows: int, *, landscape: bool) -> None:
    for page in pages(sheet(rows, landscape=landscape)):
        room = page.box.inset(MARGIN_MM)
        assert all(room.holds(text.box) for text in page.texts)
        assert [(a.text, b.text) for a, b in combinations(page.texts, 2) if _overlap(a, b)] == []


def _overlap(one: Text, other: Text) -> bool:
    return one.box.touches(other.box, slack_mm=0.05)


def test_lines_set_too_close_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Style, "line_mm", property(lambda style: style.em_mm * 0.8))
    [page, *_] = pages(sheet(7))
    assert any(_overlap(one, other) for one, other in combinations(page.texts, 2))


@pytest.mark.parametrize("rows", [1, 200])
def test_no_text_touches_a_rule(rows: int) -> None:
    for page in pages(sheet(rows)):
        rules = [mark.box for mark in page.marks if isinstance(mark, Block) and _is_rule(mark.box)]
        assert not [text.text for text in page.texts for rule in rules if text.box.touches(rule)]


def _is_rule(box: Box) -> bool:
    return min(box.width_mm, box.height_mm) < 0.5


def test_the_heading_and_the_title_are_repeated_and_pages_are_counted() -> None:
    found = pages(sheet(200))
    for number, page in enumerate(found, start=1):
        assert "序号岗位编号工作职责党员姓名" in words(page)
        assert f"第 {number} 页　共 {len(found)} 页" in words(page)
        assert ("（续）" in words(page)) == (number > 1)
        assert "台账校验值" in words(page)


def test_every_row_comes_once_and_in_order() -> None:
    numbers = [text.text for page in pages(sheet(200)) for text in page.texts if text.text[:5] == "2026-"]
    assert numbers == [f"2026-{number:03d}" for number in range(1, 201)]


def test_each_sheet_is_numbered_by_itself() -> None:
    assert ["第 1 页　共 1 页" in words(page) for page in pages(sheet(1), sheet(1))] == [True, True]


@pytest.mark.parametrize("rows", range(1, 30))
def test_the_places_to_sign_never_stand_alone(rows: int) -> None:
    last = pages(sheet(rows, closing=()))[-1]
    assert "党总支（盖章）" in words(last)
    assert f"2026-{rows:03d}" in words(last)


def test_no_row_says_so() -> None:
    assert "（无）" in words(pages(sheet(0))[0])


def test_a_row_higher_than_a_page_is_torn_between_lines_and_nothing_is_lost() -> None:
    duties = "".join(f"第{number}项职责，" for number in range(1, 900))
    found = pages(sheet(1, duties, subtitle="", opening=(), closing=(), facts=()))
    assert len(found) > 2
    column = [text for page in found for text in page.texts if "项职责" in text.text]
    assert "".join(text.text for text in column) == duties
    assert all("序号" in words(page) for page in found)


def test_a_row_of_ordinary_height_is_never_torn() -> None:
    for page in pages(sheet(60, opening=(), closing=(), facts=())):
        rows = [int(text.text[5:]) for text in page.texts if text.text[:5] == "2026-"]
        assert words(page).count("首问负责") == words(page).count("走有送声。")
        assert words(page).count("走有送声。") == sum(number % 2 for number in rows)


def test_a_name_is_kept_on_one_line() -> None:
    lines = set_lines("、".join(PEOPLE), Style("sans", 9.5, 1.4), 40, "、")
    assert len(lines) > 1
    assert "".join(line.line.text for line in lines) == "、".join(PEOPLE)
    assert all(any(name in line.line.text for line in lines) for name in PEOPLE)


def test_a_line_never_begins_with_a_mark_that_ends_a_clause() -> None:
    lines = set_lines(DUTIES * 5, Style("sans", 9.5, 1.4), 33)
    assert not [line.line.text for line in lines if line.line.text[0] in "，。；、：”）"]


def test_a_character_no_typeface_draws_is_spelt_out() -> None:
    [line] = set_lines("好\U0001f600", Style("sans", 9.5, 1.4), 80)
    assert line.line.text == "好〔U+1F600〕"


def test_a_word_wider_than_its_column_is_cut_and_no_character_lost() -> None:
    seal = "3f9a" * 16
    lines = set_lines(f"封印{seal}。", Style("sans", 9.5, 1.4), 30)
    assert len(lines) > 3
    assert "".join(line.line.text for line in lines) == f"封印{seal}。"
    assert all(line.width_mm <= 30.1 for line in lines)


def test_control_characters_do_no_harm() -> None:
    assert [line.line.text for line in set_lines("一\t二\x00三\r\n四", Style("sans", 9.5, 1.4), 80)] == [
        "一 二 三",
        "四",
    ]


def test_values_are_shown_as_people_write_them() -> None:
    table = Table(columns=COLUMNS[:3], rows=((Share(0.923), date(2026, 7, 1), None),))
    shown = words(pages(sheet(0, tables=(table,)))[0])
    assert "92.3%" in shown
    assert "2026年7月1日" in shown


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return draw_pdf(sheet_pages([sheet(40)]), title="申报汇总表")


def test_the_text_can_be_taken_out_with_pdfium(drawn: bytes) -> None:
    document = pypdfium2.PdfDocument(drawn)
    taken = "".join(page.get_textpage().get_text_range() for page in document)
    assert all(name in taken.replace("\r\n", "") for name in PEOPLE)
    assert "2026-040" in taken
    assert "共产党员示范岗申报汇总表" in taken


def test_the_text_can_be_taken_out_with_poppler(drawn: bytes, pdftotext: Path) -> None:
    taken = subprocess.run(
        [pdftotext, "-", "-"], input=drawn, capture_output=True, check=True
    ).stdout.decode()
    assert all(name in taken for name in PEOPLE)
    assert "2026-040" in taken


def test_pages_come_one_at_a_time() -> None:
    found = sheet_pages([sheet(200)])
    assert isinstance(next(found), Page)


def test_the_same_sheet_is_the_same_file(drawn: bytes) -> None:
    assert draw_pdf(sheet_pages([sheet(40)]), title="申报汇总表") == drawn
