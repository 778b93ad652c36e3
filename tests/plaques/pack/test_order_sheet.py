"""The order sheet: what a press has to know is said, and what people agree on is left to be filled in."""

from dataclasses import replace
from typing import Any

import pytest

from plaques.design.library import load_design
from plaques.design.model import Back
from plaques.drawing.pdf import Inks
from plaques.marks import Color
from plaques.pack.facts import Digest
from plaques.pack.order_sheet import order_sheet
from plaques.press.impose import Flip, Imposition
from store.paperwork.sheet import Sheet, shown
from store.records import Product
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
    ("imposition", "label", "said"),
    [
        (Imposition(), "纸张与拼版", "不拼版"),
        (Imposition(sheet="a4", grid="2x4"), "纸张与拼版", "A4　2x4"),
        (Imposition(sheet="sra3"), "纸张与拼版", "SRA3　排满"),
        (Imposition(sheet="a4", skip=3), "纸张与拼版", "空着3个用过的位置"),
        (Imposition(), "出血与页框", "无出血"),
        (Imposition(bleed_mm=3), "出血与页框", "四边各3毫米，有成品框 TrimBox"),
        (Imposition(bleed_mm=3, sheet="a4"), "出血与页框", "四边各3毫米，按每件四角的裁切线裁切"),
    ],
)
def test_the_order_says_how_pieces_are_laid(imposition: Imposition, label: str, said: str) -> None:
    assert said in _says(_order(imposition=imposition), label)


@pytest.mark.parametrize(
    ("inks", "said"), [("rgb", "RGB"), ("cmyk", "四色 CMYK，不转换"), ("spot", "专色单独出版")]
)
def test_the_order_says_which_inks(inks: Inks, said: str) -> None:
    assert said in _says(_order(inks=inks), "油墨")


def test_the_order_names_the_spot_inks_where_they_are_asked_for() -> None:
    plain = load_design(Product.PLAQUE)
    gold = Color("#E3BC6A", (10, 25, 65, 0), "GOLD")
    design = replace(plain, palette={**plain.palette, "frame": gold, "foot": gold})
    assert _says(_order(design=design, inks="spot"), "油墨").endswith("专色 spot: GOLD")
    assert "GOLD" not in _says(_order(design=design, inks="cmyk"), "油墨")


@pytest.mark.parametrize(("flip", "said"), [("long", "沿长边翻面"), ("short", "沿短边翻面")])
def test_the_order_says_how_sheets_are_turned(flip: Flip, said: str) -> None:
    plain = load_design(Product.PLAQUE)
    backed = replace(plain, layout=replace(plain.layout, back=Back(stamp=plain.layout.stamp)))
    order = _order(design=backed, imposition=Imposition(flip=flip), duplex=True)
    assert said in _says(order, "正反面")
    assert _says(_order(), "正反面") == "单面\none side"


def test_the_order_says_what_is_special_about_a_design() -> None:
    plain = load_design(Product.PLAQUE)
    design = replace(plain, outlines=True, layout=replace(plain.layout, fold="tent"))
    assert "已转为轮廓" in _says(_order(design=design), "文字")
    assert "沿中线对折" in _says(_order(design=design), "折叠")


def test_the_order_says_what_how_many_and_how_large() -> None:
    order = _order(product=Product.BADGE)
    layout = load_design(Product.BADGE).layout
    assert _says(order, "数量") == "10 件"
    assert _says(order, "成品尺寸") == f"{layout.width_mm:g} × {layout.height_mm:g} mm"
    assert load_design(Product.BADGE).title_zh in _says(order, "设计")


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
