"""The order sheet: what a press has to know is said, and what people agree on is left to be filled in."""

from dataclasses import replace
from typing import Any

import pytest

from plaques.pack.facts import Digest
from plaques.pack.order_sheet import order_sheet
from store.paperwork.sheet import Sheet, shown
from tests.plaques.pack.runs import CONTENT, artwork, badges, facts, plaques


def _order(**changes: Any) -> Sheet:
    return order_sheet([badges(2, 5)], facts(**changes), {"清单.csv": Digest.of(b"1")})


def _says(sheet: Sheet, label: str) -> str:
    facts_and_rows = [
        *((fact.label, shown(fact.value)) for fact in sheet.facts),
        *((shown(row[0]), shown(row[1])) for table in sheet.tables for row in table.rows),
    ]
    [said] = [text for name, text in facts_and_rows if name.startswith(label)]
    return said


@pytest.mark.parametrize(
    ("changes", "label", "said"),
    [
        ({}, "数量", "10 件"),
        ({"width_mm": 85.6, "height_mm": 53.98}, "成品尺寸", "85.6 × 53.98 mm"),
        ({}, "纸张与拼版", "不拼版"),
        ({"sheet": "a4", "grid": "2x4"}, "纸张与拼版", "A4　2x4"),
        ({"sheet": "sra3"}, "纸张与拼版", "SRA3　排满"),
        ({"sheet": "a4", "skip": 3}, "纸张与拼版", "前3个位置已用过"),
        ({}, "出血与页框", "无出血"),
        ({"bleed_mm": 3}, "出血与页框", "四边各3毫米"),
        ({}, "油墨", "RGB"),
        ({"inks": "cmyk"}, "油墨", "四色 CMYK，不转换"),
        ({"inks": "spot"}, "油墨", "专色单独出版"),
        ({}, "正反面", "单面"),
        ({"flip": "long"}, "正反面", "沿长边翻面"),
        ({"flip": "short"}, "正反面", "沿短边翻面"),
    ],
)
def test_the_order_says_how_to_print(changes: dict[str, Any], label: str, said: str) -> None:
    assert said in _says(_order(**changes), label)


def test_every_file_is_listed_with_its_length_and_checksum() -> None:
    file = badges(2, 5)
    [files] = [table for table in _order().tables if table.caption.startswith("文件")]
    assert [(row[0], row[1], shown(row[2]).replace("\n", "")) for row in files.rows] == [
        (file.name, len(CONTENT), file.digest.sha256),
        ("清单.csv", 1, Digest.of(b"1").sha256),
    ]


def test_what_people_agree_on_is_left_blank_and_both_sides_sign() -> None:
    order = _order()
    [blanks] = [table for table in order.tables if table.caption.startswith("双方商定")]
    assert {row[1] for row in blanks.rows} == {None}
    assert [shown(row[0]).split("\n")[0] for row in blanks.rows[:2]] == ["材质与厚度", "工艺与表面"]
    assert len(order.signatures) == 2


def test_a_proof_is_not_to_be_delivered() -> None:
    [copy] = plaques(1).copies
    proof = artwork([replace(copy, face=replace(copy.face, mark="样张"))])
    assert "不得制作交付" in _says(order_sheet([proof], facts(), {}), "样张")
