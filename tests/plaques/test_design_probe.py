"""Every shipped design holds what a plate may ask of it; one that does not is told by what strains it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from plaques.design.library import DesignLibrary
from plaques.design.model import Design
from plaques.probe import PROBE_URL, Letterhead, probe, sample_copies
from store.records import Product, Stage
from tests.plaques.plates import HEADINGS

SHIPPED = DesignLibrary.shipped()
LETTERHEAD = Letterhead(headings=HEADINGS, issuer="中共场站管理中心委员会")
EVERY = [
    (product, name, size)
    for product in SHIPPED.sources
    for name in SHIPPED.names(product)
    for size in SHIPPED.sizes(product, name)
]


@pytest.mark.parametrize("product", SHIPPED.sources)
def test_the_default_design_of_a_product_holds_every_probe(product: Product) -> None:
    assert probe(SHIPPED.design(product), LETTERHEAD) == ()


@pytest.mark.soak
@pytest.mark.parametrize(("product", "name", "size"), EVERY)
def test_every_shipped_design_holds_every_probe(product: Product, name: str, size: str) -> None:
    assert probe(SHIPPED.design(product, name, size), LETTERHEAD) == ()


def _with_names_no_smaller(design: Design) -> Design:
    captions = tuple(
        replace(each, floor_pt=each.size_pt) if each.part == "name" else each
        for each in design.layout.captions
    )
    return replace(design, layout=replace(design.layout, captions=captions))


def _with_a_coarse_code(design: Design) -> Design:
    code = replace(design.layout.code, module_min_mm=2)
    return replace(design, layout=replace(design.layout, code=code))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_with_names_no_smaller, "创建·生僻字与长姓名、命名·生僻字与长姓名：以“买买提"),
        (_with_a_coarse_code, "全部样张：二维码单元"),
    ],
)
def test_what_strains_a_design_too_far_is_told_once(spoil: Callable[[Design], Design], told: str) -> None:
    (fault,) = probe(spoil(SHIPPED.design(Product.BADGE)), LETTERHEAD)
    assert fault.key == "sizes.id-1"
    assert fault.zh.startswith(told)


def test_probes_are_made_for_the_longest_address_an_office_may_need() -> None:
    assert len(PROBE_URL.removeprefix("https://")) == 35


@pytest.mark.parametrize(("product", "number"), [(Product.PLAQUE, 1), (Product.BADGE, 3)])
def test_a_sample_is_a_proof_of_a_few_copies(product: Product, number: int) -> None:
    copies = sample_copies(SHIPPED.design(product), LETTERHEAD, Stage.CREATION)
    assert len(copies) == number
    assert {(copy.face.mark, copy.face.heading) for copy in copies} == {("样张", HEADINGS[Stage.CREATION])}
