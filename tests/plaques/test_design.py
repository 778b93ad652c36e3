"""Designs are data: complete, in known colours and faces, and refused by file and key when they are not."""

from importlib.resources import files

import pytest

from plaques.design import BadDesign, UnknownDesign, load_design, parse_product
from store.records import Product

BADGE = (files("plaques") / "designs" / "badge.toml").read_text("utf-8")


@pytest.mark.parametrize(("product", "size"), [(Product.PLAQUE, "400x300"), (Product.BADGE, "id-1")])
def test_a_product_has_a_default_design_and_size(product: Product, size: str) -> None:
    design = load_design(product)
    assert (design.product, design.name, design.size) == (product, "red-gold", size)
    assert design.layout == load_design(product, "red-gold", size).layout


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ((Product.DESK, "", ""), "badge、plaque"),
        ((Product.PLAQUE, "blue", ""), "red-gold、white"),
        ((Product.PLAQUE, "white", "a0"), "400x300、a4"),
    ],
)
def test_an_unknown_design_is_refused_with_those_there_are(
    asked: tuple[Product, str, str], known: str
) -> None:
    with pytest.raises(UnknownDesign, match="Choose one of") as refused:
        load_design(*asked)
    assert refused.value.facts["known"] == known


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("width_mm = 85.6", "width_mm = '85.6'", "sizes.id-1.width_mm"),
        ("width_mm = 85.6", "width_mm = true", "sizes.id-1.width_mm"),
        ("width_mm = 85.6", "", "sizes.id-1.width_mm"),
        ("width_mm = 85.6", "width_mm = 85.6\nweight_g = 5", "sizes.id-1.weight_g"),
        ("box = [56.2, 18, 25, 25]\nlevel", "box = [56.2, 18, 25]\nlevel", "sizes.id-1.code.box"),
        ("center_mm = [29.5, 34.5]", "center_mm = 29.5", "sizes.id-1.stamp.center_mm"),
        ('level = "M"', 'level = "H"', "sizes.id-1.code.level"),
        ('kind = "clauses"', 'kind = "poem"', "sizes.id-1.column.items[1].kind"),
        ('band = "#9E0B14"\n', "", "designs.red-gold.band"),
        ('default_size = "id-1"', "default_size = 1", "default_size"),
        ("[designs.red-gold]", "[designs.red-gold", "TOML"),
        ('face = "kai"', 'face = "comic"', "sizes.id-1.captions[1].face"),
        ('text = "{branch}"', 'text = "{brunch}"', "sizes.id-1.captions[3].text"),
        ('text = "{duties}"', 'text = "{number}"', "sizes.id-1.column.items[1].text"),
        ('band = "#9E0B14"', 'band = "red"', "designs.red-gold.band"),
    ],
)
def test_one_thing_wrong_is_refused_by_file_and_key(right: str, wrong: str, key: str) -> None:
    assert right in BADGE
    with pytest.raises(BadDesign) as refused:
        parse_product(BADGE.replace(right, wrong, 1), "badge.toml")
    assert refused.value.facts["file"] == "badge.toml"
    assert refused.value.facts["key"] == key


def test_another_product_is_a_file_and_no_code() -> None:
    door = parse_product(BADGE.replace("[sizes.id-1", "[sizes.door"), "door.toml")
    assert set(door.sizes) == {"door"}
