"""Codes on finished pages: in every product, design and size two decoders read them, clean and worn."""

import subprocess
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from plaques.design.library import DesignLibrary, load_design
from plaques.preflight.codes import read_picture, stressed
from plaques.press.impose import Imposition
from plaques.print_run import PrintedFile, PrintSettings, plan_copies, prepare
from store.codes import PlateCode
from store.records import Copy, Product
from tests.plaques.plates import BASE_URL, code_source, content, order, people
from tests.plaques.reading import codes_in

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

LIBRARY = DesignLibrary.shipped()
EVERY_PRINT = [
    (product, name, size)
    for product in Product
    for name in LIBRARY.names(product)
    for size in LIBRARY.sizes(product, name)
]
CLEAN_DPI = 150


@cache
def printed(product: Product, name: str, size: str) -> tuple[list[Copy], PrintedFile]:
    design = load_design(product, name, size)
    copies = plan_copies(order(content(people(4)), product), design, code_source())
    return list(copies), prepare(copies, PrintSettings(base_url=BASE_URL, design=design))


def rendered(file: PrintedFile, dpi: float) -> list[Image.Image]:
    with pypdfium2.PdfDocument(file.content) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]


def urls(copies: list[Copy]) -> list[str]:
    return [PlateCode(copy.code).url(BASE_URL) for copy in copies]


@pytest.mark.parametrize(("product", "name", "size"), EVERY_PRINT)
def test_every_code_is_read_clean_at_150_dpi(product: Product, name: str, size: str) -> None:
    copies, file = printed(product, name, size)
    read = [{code.text for code in codes_in(page)} for page in rendered(file, CLEAN_DPI)]
    assert read == [{url} for url in urls(copies)]


def test_a_second_decoder_reads_every_code_clean_at_150_dpi(zbarimg: Path, tmp_path: Path) -> None:
    expected: dict[Path, str] = {}
    for number, which in enumerate(EVERY_PRINT):
        copies, file = printed(*which)
        path = tmp_path / f"{number:03}.png"
        rendered(file, CLEAN_DPI)[0].save(path)
        expected[path] = urls(copies)[0]
    assert {path: read_by_zbar(zbarimg, path) for path in expected} == {
        path: {url} for path, url in expected.items()
    }


def read_by_zbar(zbarimg: Path, path: Path) -> set[str]:
    only_codes = ("--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable")
    done = subprocess.run([zbarimg, *only_codes, path], capture_output=True, check=False, encoding="utf-8")
    return set(done.stdout.splitlines())


@pytest.mark.parametrize("product", Product)
@pytest.mark.parametrize("sheet", ["a4", "a3"])
def test_every_code_of_a_sheet_is_read_after_every_stress(product: Product, sheet: str) -> None:
    size = "" if product is Product.BADGE else "a4"
    design = load_design(product, "", size)
    copies = plan_copies(order(content(people(4)), product), design, code_source())
    settings = PrintSettings(base_url=BASE_URL, design=design, imposition=Imposition(sheet=sheet))
    report = prepare(copies, settings).report
    assert [copy.number for copy in report.copies] == [copy.id for copy in copies]
    assert {copy.number for copy in report.copies} == report.rasterised


def test_the_level_of_the_smallest_badge_bears_a_hole_of_a_twentieth() -> None:
    copies, file = printed(Product.BADGE, "red-gold", "70x25")
    (page, *_), dpi = rendered(file, 600), 600
    box = load_design(Product.BADGE, "red-gold", "70x25").layout.code.box
    edges = (box.x_mm, box.y_mm, box.right_mm, box.bottom_mm)
    picture = page.crop(tuple(round(edge / 25.4 * dpi) for edge in edges))  # type: ignore[arg-type]  # four edges
    worn = {name: read_picture(each) for name, each in stressed(picture, 0.5 / 25.4 * dpi)}
    assert set(worn.values()) == {urls(copies)[0]}
