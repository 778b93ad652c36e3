"""fpdf2's part: cells and multi-line cells in the four faces, codes as 1-bit pictures."""

import sys
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import WrapMode
from PIL import Image

from bench.press.codes import QUIET, matrices
from bench.press.layout import FACES, MM_PER_PT, PRODUCTS, Caption, Printed, Product, copies_of, sheets
from bench.press.roster import read_roster


def main(product_name: str, roster: Path, out: Path) -> None:
    """Print a roster into a folder."""
    product, copies = PRODUCTS[product_name], copies_of(product_name, read_roster(roster))
    codes = iter(matrices([copy.url for copy in copies], product.level))
    pdf = _document(product)
    for sheet in sheets(copies, product):
        pdf.add_page()
        pdf.set_fill_color("#000000")
        for box in product.crop_marks:
            pdf.rect(*box, style="F")
        for place, copy in zip(product.places, sheet, strict=False):
            _draw(pdf, product, copy, place)
            _draw_code(pdf, product, Image.fromarray(next(codes)).convert("1"), place)
    pdf.output(str(out / "all.pdf"))


def _document(product: Product) -> FPDF:
    pdf = FPDF(unit="mm", format=product.sheet_mm)
    pdf.set_auto_page_break(auto=False)
    pdf.c_margin = 0
    for face, path in FACES.items():
        pdf.add_font(face, fname=path)
    return pdf


def _draw(pdf: FPDF, product: Product, copy: Printed, place: tuple[float, float]) -> None:
    left, top = place
    for shape in product.shapes:
        x, y, width, height = shape.box
        pdf.set_fill_color(shape.color)
        pdf.rect(left + x, top + y, width, height, style="F")
    for caption in product.captions:
        if text := copy.words.get(caption.part):
            _write(pdf, caption, text, place)


def _write(pdf: FPDF, caption: Caption, text: str, place: tuple[float, float]) -> None:
    x, y, width, _ = caption.box
    pdf.set_font(caption.face, size=caption.size_pt)
    pdf.set_text_color(caption.color)
    pdf.set_xy(place[0] + x, place[1] + y)
    line_mm = caption.size_pt * MM_PER_PT * caption.leading
    pdf.multi_cell(width, line_mm, text, align=caption.align[0].upper(), wrapmode=WrapMode.CHAR)


def _draw_code(pdf: FPDF, product: Product, picture: Image.Image, place: tuple[float, float]) -> None:
    x, y, width, _ = product.code
    module = width / (picture.width + 2 * QUIET)
    pdf.image(picture, place[0] + x + QUIET * module, place[1] + y + QUIET * module, picture.width * module)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
