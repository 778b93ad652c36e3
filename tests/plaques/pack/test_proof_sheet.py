"""The proof sheet: everything that has to be compared by eye is on the paper, and a place to sign for it."""

import io
from itertools import pairwise
from time import perf_counter

import pytest
from pypdf import PdfReader

from plaques.drawing.pdf import draw_pdf
from plaques.name_order import NameOrder, describe
from plaques.pack.facts import ArtworkFile
from plaques.pack.proof_sheet import proof_sheets
from plaques.pack.rare import rare_characters
from plaques.paperwork.sheets import sheet_pages
from store.paperwork.sheet import Names, Sheet, Value, shown
from tests.plaques.pack.runs import DUTIES, NAMES, RARE, badges, facts, plaques


def _said(sheet: Sheet) -> str:
    return "\n".join(shown(value) for value in _values(sheet))


def _values(sheet: Sheet) -> list[Value]:
    in_tables = [value for table in sheet.tables for row in table.rows for value in row]
    return [*(fact.value for fact in sheet.facts), *in_tables]


def _extracted(file: ArtworkFile) -> str:
    pages = sheet_pages(proof_sheets([file], facts()))
    pdf = PdfReader(io.BytesIO(draw_pdf(pages, title="校对单")))
    return "".join(page.extract_text() for page in pdf.pages).replace("\n", "").replace(" ", "")


def test_every_text_of_a_plaque_is_extracted_from_the_finished_sheet() -> None:
    text = _extracted(plaques(1))
    for said in (*NAMES, *RARE, *RARE.values(), DUTIES, "创建共产党员示范岗", "农机作业服务岗第1组", "6名"):
        assert said.replace(" ", "") in text


def test_every_holder_of_a_badge_is_listed_with_the_number() -> None:
    file = badges(2, 4)
    text = _extracted(file)
    for copy in file.copies:
        assert copy.id in text
        assert copy.face.holder in text


def test_names_stand_in_the_order_printed_and_the_sheet_says_which() -> None:
    [sheet] = proof_sheets([plaques(1)], facts(name_order=NameOrder.STROKES))
    assert Names(NAMES) in _values(sheet)
    assert "\n".join(describe(NameOrder.STROKES)) in _values(sheet)


def test_each_branch_has_a_sheet_of_its_own_posts_with_places_to_sign() -> None:
    sheets = list(proof_sheets([plaques(5)], facts()))
    assert [sheet.name for sheet in sheets] == ["畜牧场党总支", "机关党总支", "园艺场党总支"]
    assert [[table.caption[:8] for table in sheet.tables if table.caption] for sheet in sheets] == [
        ["2026-001", "2026-004"],
        ["2026-002", "2026-005"],
        ["2026-003"],
    ]
    for sheet in sheets:
        assert [signature.label for signature in sheet.signatures] == [
            "经办人（签字） Officer",
            "党总支（盖章） General branch",
        ]
        signed = [table for table in sheet.tables if "岗位负责人核对签字" in table.columns[1].heading]
        assert len(signed) == sum(bool(table.caption) for table in sheet.tables)
        assert {table.rows for table in signed} == {((None, None, None),)}


def test_numbers_are_told_from_the_first_to_the_last() -> None:
    file = badges(1, 7)
    [sheet] = proof_sheets([file], facts())
    assert f"{file.copies[0].id} 至 {file.copies[-1].id}" in _values(sheet)


def test_a_rare_character_is_listed_once_with_all_its_texts() -> None:
    first, second = rare_characters(["周䶮", "䶮张", "张三", "王𪚥"], ["王𪚥"])
    assert (first.character, first.code_point, first.texts) == ("䶮", "U+4DAE", ("周䶮", "䶮张"))
    assert (first.is_listed, first.fell_back) == (True, False)
    assert (second.code_point, second.is_listed, second.fell_back) == ("U+2A6A5", False, True)


def test_of_a_text_in_another_typeface_without_rare_characters_all_are_listed() -> None:
    assert [each.character for each in rare_characters(["张·三"], ["张·三"])] == ["张", "三"]


def test_common_characters_are_not_listed() -> None:
    assert rare_characters(["张三", "买买提·阿不都拉", "A1", ""], []) == ()


@pytest.mark.parametrize("members", [1, 20])
def test_no_line_of_the_sheet_leaves_the_page(members: int) -> None:
    for page in sheet_pages(proof_sheets([badges(3, members)], facts())):
        boxes = [text.box for text in page.texts]
        assert all(page.box.inset(10).holds(box) for box in boxes)


def test_the_sheet_grows_no_faster_than_the_run() -> None:
    pages = [len(list(sheet_pages(proof_sheets([badges(posts, 15)], facts())))) for posts in (20, 40, 80)]
    assert all(more <= 2 * fewer + 3 for fewer, more in pairwise(pages))


def test_rare_characters_are_shown_large_enough_to_count_their_strokes() -> None:
    texts = [text for page in sheet_pages(proof_sheets([plaques(1)], facts())) for text in page.texts]
    assert [text.text for text in texts if text.size_pt >= 20] == list(RARE)


@pytest.mark.soak
def test_ten_thousand_badges_are_proofed_in_a_quarter_of_a_minute() -> None:
    run = [badges(700, 15)]
    began = perf_counter()
    assert draw_pdf(sheet_pages(proof_sheets(run, facts())), title="校对单")
    assert perf_counter() - began < 15
