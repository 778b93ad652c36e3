"""The picture on the screen is the plate as printed."""

import io
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from plaques.drawing.pdf import draw_pdf
from plaques.drawing.png import draw_png, rasterise
from plaques.marks import Group, Page
from store.records import Product
from tests.plaques.plates import BASE_URL, CODE, RARE_NAMES, content, face, flat, page, people
from tests.plaques.reading import codes_in

MEAN_TOLERANCE = 2
"""Mean difference of a channel, of 255: edges fall on pixels differently, nothing else may differ."""


def _printed(drawn: Page, width_px: int) -> Image.Image:
    with pypdfium2.PdfDocument(draw_pdf([drawn], title="标牌")) as document:
        scale = (width_px - 0.01) / document[0].get_width()  # pdfium rounds both sides up
        picture: Image.Image = document[0].render(scale=scale).to_pil()
        return picture.convert("RGB")


def _difference(drawn: Page, other: Page, width_px: int = 1200) -> float:
    printed, shown = _printed(drawn, width_px), rasterise(other, width_px=width_px)
    assert abs(printed.height - shown.height) <= 1
    shown = shown.crop((0, 0, *printed.size))
    return max(ImageStat.Stat(ImageChops.difference(printed, shown)).mean)


@pytest.mark.parametrize("mark", ["", "样张"])
@pytest.mark.parametrize("product", [Product.PLAQUE, Product.BADGE])
def test_the_picture_matches_the_page_as_pdfium_draws_it(product: Product, mark: str) -> None:
    words = face(content(RARE_NAMES), holder="周䶮" if product is Product.BADGE else "", mark=mark)
    drawn = page(words, product)
    assert _difference(drawn, drawn) < MEAN_TOLERANCE


def test_the_comparison_notices_a_missing_name_and_a_shift_of_a_millimetre() -> None:
    drawn = flat(page(face(content(RARE_NAMES))))
    at = drawn.marks.index(next(text for text in drawn.texts if text.part == "heading"))
    without = replace(drawn, marks=(*drawn.marks[:at], *drawn.marks[at + 1 :]))
    moved = replace(drawn, marks=(Group(marks=drawn.marks, x_mm=1),))
    faithful = _difference(drawn, drawn)
    assert _difference(drawn, without) > 2 * faithful
    assert _difference(drawn, moved) > 2 * faithful


def test_a_preview_is_small_and_its_code_can_be_read_from_the_screen() -> None:
    picture = draw_png(page(face(content(people(26)), mark="样张")), width_px=720)
    assert len(picture) <= 60_000
    opened = Image.open(io.BytesIO(picture))
    assert (opened.format, opened.size) == ("PNG", (720, 540))
    (code,) = codes_in(opened.convert("L").resize((1440, 1080)))
    assert code.text == CODE.url(BASE_URL)


def test_the_same_page_gives_the_same_picture() -> None:
    drawn = page(face(content()), Product.PLAQUE)
    assert draw_png(drawn, width_px=360) == draw_png(drawn, width_px=360)
