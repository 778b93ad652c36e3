"""A sample of random plates as pdfium draws them: ink where texts stand, and nowhere else."""

from dataclasses import replace
from random import Random

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from plaques.drawing.pdf import draw_pdf
from plaques.drawing.png import rasterise
from plaques.marks import Box, Page
from plaques.press.folding import tent
from store.records import Product
from tests.plaques.plates import flat
from tests.plaques.random_plates import designs_of, drawn
from tests.plaques.random_posts import random_words
from tests.plaques.soundness import TRIM_CLEAR_MM, ink_of, written

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

DPI = 150
MM_PER_INCH = 25.4
SEEN = 60
"""Of 255: how much a pixel must differ from the ground to be ink."""

BLUR_PX = 1.5
"""How far the edge of a shape may blur into pixels beside it."""

MEAN_TOLERANCE = 3.5
"""Mean difference of a channel, of 255: edges fall on pixels differently."""

WIDTH_PX = 1800

ROUNDED_UP_PX = 0.01
"""pdfium rounds both sides of a picture up."""
PER_DESIGN = 2
SHEETS = [
    (product, size, design.name)
    for product, size in (
        (Product.PLAQUE, "a4"),
        (Product.PLAQUE, "hanging-a4"),
        (Product.PLAQUE, "300x200"),
        (Product.BADGE, "id-1"),
        (Product.BADGE, "90x54"),
        (Product.BADGE, "70x25"),
        (Product.DESK, "200x100"),
        (Product.DOOR, "a4"),
    )
    for design in designs_of(product, size)
]


@pytest.mark.parametrize(("product", "size", "name"), SHEETS)
def test_ink_lies_where_texts_stand_and_nowhere_else(product: Product, size: str, name: str) -> None:
    for page in _pages(product, size, name):
        ink = _ink(page)
        boxes = [_in_pixels(ink_of(one.mark)) for one in written(page)]
        assert all(_is_inked(ink.crop(box)) for box in boxes)
        assert not _is_inked(_without(ink, boxes))
        assert not _is_inked(_without(ink, [_in_pixels(page.box.inset(TRIM_CLEAR_MM))]))


@pytest.mark.parametrize(("product", "size", "name"), SHEETS)
def test_the_picture_of_each_design_is_the_page_as_printed(product: Product, size: str, name: str) -> None:
    front, *_ = _pages(product, size, name)
    page = tent(front) if product is Product.DESK else front
    printed = _rendered(page, (WIDTH_PX - ROUNDED_UP_PX) * MM_PER_INCH / page.width_mm)
    shown = rasterise(page, width_px=printed.width)
    difference = ImageChops.difference(printed, shown.crop((0, 0, *printed.size)))
    assert max(ImageStat.Stat(difference).mean) < MEAN_TOLERANCE


def _pages(product: Product, size: str, name: str) -> list[Page]:
    """Return fronts and backs of random plates, their marks one by one."""
    random = Random(f"{product} {size} {name}")  # noqa: S311 -- a sample that is the same in every run
    (design,) = (one for one in designs_of(product, size) if one.name == name)
    plates = [drawn(random_words(random, product), design) for _ in range(PER_DESIGN)]
    return [flat(side) for plate in plates for side in (plate.front, plate.back) if side]


def _ink(page: Page) -> Image.Image:
    """Return how much texts and codes change each pixel of the page without them."""
    words = {id(one.mark) for one in written(page)}
    ground = replace(page, marks=tuple(mark for mark in page.marks if id(mark) not in words))
    red, green, blue = ImageChops.difference(_rendered(page), _rendered(ground)).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _rendered(page: Page, dpi: float = DPI) -> Image.Image:
    with pypdfium2.PdfDocument(draw_pdf([page], title="标牌")) as document:
        picture: Image.Image = document[0].render(scale=dpi / 72).to_pil()
        return picture.convert("RGB")


def _in_pixels(box: Box) -> tuple[int, int, int, int]:
    wide = box.grown(BLUR_PX * MM_PER_INCH / DPI)
    left, top, right, bottom = (
        round(side * DPI / MM_PER_INCH) for side in (wide.x_mm, wide.y_mm, wide.right_mm, wide.bottom_mm)
    )
    return left, top, right, bottom


def _is_inked(picture: Image.Image) -> bool:
    return picture.point(lambda light: 255 if light > SEEN else 0).getbbox() is not None


def _without(picture: Image.Image, boxes: list[tuple[int, int, int, int]]) -> Image.Image:
    rest = picture.copy()
    pen = ImageDraw.Draw(rest)
    for box in boxes:
        pen.rectangle(box, fill=0)
    return rest
