"""What every shipped design owes: lines an engraver can cut, both languages, a picture in the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plaques.design.library import DesignLibrary, load_design
from plaques.design.model import Design, Shape
from store.records import Product, Stage
from tests.plaques.plates import content, face, page

DOCS = Path(__file__).parents[2] / "docs"
ENGRAVED_MM = 0.25
LIBRARY = DesignLibrary.shipped()
NAMES = [(product, name) for product in Product for name in LIBRARY.names(product)]
IN_ENGLISH = [
    (product, size)
    for product in Product
    for size in LIBRARY.sizes(product, "bilingual")
    if size != "70x25"  # too narrow for a second line
]


@pytest.mark.parametrize("product", Product)
def test_every_line_of_an_engraving_can_be_engraved(product: Product) -> None:
    for size in LIBRARY.sizes(product, "engraving"):
        design = load_design(product, "engraving", size)
        assert {shape for shape in _drawn(design) if _line_mm(shape) < ENGRAVED_MM} == set()
        assert design.layout.column.rule.stroke_mm >= ENGRAVED_MM


def _drawn(design: Design) -> Iterator[Shape]:
    for _, side in design.layout.sides:
        yield from (shape for shape in side.shapes if design.palette[shape.color])


def _line_mm(shape: Shape) -> float:
    return shape.stroke_mm or min(shape.box.width_mm, shape.box.height_mm)


@pytest.mark.parametrize(("product", "size"), IN_ENGLISH)
def test_a_bilingual_plate_says_its_heading_in_english_smaller_than_in_chinese(
    product: Product, size: str
) -> None:
    words = face(content(), holder="周䶮" if product in {Product.BADGE, Product.DESK} else "")
    texts = {text.part: text for text in page(words, product, "bilingual", size).texts}
    assert texts["heading_en"].text == "Model Post of Communist Party Members"
    assert 2 * texts["heading_en"].size_pt < texts["heading"].size_pt


@pytest.mark.parametrize("product", Product)
def test_both_stages_have_words_in_english(product: Product) -> None:
    assert set(load_design(product, "bilingual").words.heading_en) == set(Stage)


@pytest.mark.parametrize(("product", "name"), NAMES)
def test_every_design_and_size_has_a_picture_in_the_page_on_designs(product: Product, name: str) -> None:
    others = set(LIBRARY.sizes(product)) - {load_design(product).size}
    written = (DOCS / "designs.md").read_text("utf-8")
    for picture in (f"images/designs/{product}-{each}.png" for each in (name, *others)):
        assert f"({picture})" in written
        assert (DOCS / picture).stat().st_size <= 60_000
