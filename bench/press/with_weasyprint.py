"""WeasyPrint's part: one HTML document of boxes at fixed places, codes as 1-bit PNG."""

import io
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image
from weasyprint import HTML

from bench.press.codes import QUIET, matrices
from bench.press.layout import FACES, PRODUCTS, BoxMm, Caption, Printed, Product, copies_of, sheets
from bench.press.roster import read_roster

_WEIGHTS = {"heading": 900, "serif": 700, "sans": 500, "kai": 400}


def main(product_name: str, roster: Path, out: Path) -> None:
    """Print a roster into a folder."""
    product, copies = PRODUCTS[product_name], copies_of(product_name, read_roster(roster))
    codes = iter(matrices([copy.url for copy in copies], product.level))
    body = "".join(_sheet(product, sheet, codes) for sheet in sheets(copies, product))
    head = f"<head><style>{''.join(_styles(product))}</style></head>"
    HTML(string=f'<html lang="zh-CN">{head}<body>{body}</body></html>').write_pdf(out / "all.pdf")


def _styles(product: Product) -> Iterator[str]:
    width, height = product.sheet_mm
    yield f"@page {{ size: {width}mm {height}mm; margin: 0 }} body {{ margin: 0 }}"
    yield f".sheet {{ position: relative; width: {width}mm; height: {height}mm; break-after: page }}"
    yield ".copy, .copy *, .crop { position: absolute } img { image-rendering: pixelated }"
    for face, path in FACES.items():
        weight = _WEIGHTS[face]
        yield f"@font-face {{ font-family: ours-{face}; font-weight: {weight}; src: url({path.as_uri()}) }}"
    for number, shape in enumerate(product.shapes):
        yield f".shape{number} {{ {_at(shape.box)}; background: {shape.color} }}"
    yield from map(_style, product.captions)


def _style(caption: Caption) -> str:
    font = f"{_WEIGHTS[caption.face]} {caption.size_pt}pt/{caption.leading} ours-{caption.face}"
    look = f"color: {caption.color}; font: {font}; text-align: {caption.align}"
    return f".{caption.part} {{ {_at(caption.box)}; {look} }}"


def _at(box: BoxMm) -> str:
    x, y, width, height = box
    return f"left: {x}mm; top: {y}mm; width: {width}mm; height: {height}mm"


def _sheet(product: Product, copies: Sequence[Printed], codes: Iterator[np.ndarray]) -> str:
    crop = "".join(f'<i class="crop" style="{_at(box)}; background: #000"></i>' for box in product.crop_marks)
    laid = zip(product.places, copies, strict=False)
    return f'<div class="sheet">{crop}{"".join(_copy(product, *each, next(codes)) for each in laid)}</div>'


def _copy(product: Product, place: tuple[float, float], copy: Printed, code: np.ndarray) -> str:
    shapes = "".join(f'<i class="shape{number}"></i>' for number in range(len(product.shapes)))
    texts = "".join(f'<b class="{part}">{escape(text)}</b>' for part, text in copy.words.items())
    marks = f"{shapes}{texts}{_image(product, code)}"
    return f'<div class="copy" style="{_at((*place, *product.size_mm))}">{marks}</div>'


def _image(product: Product, code: np.ndarray) -> str:
    x, y, width, _ = product.code
    module = width / (len(code) + 2 * QUIET)
    size = len(code) * module
    file = io.BytesIO()
    Image.fromarray(code).convert("1").save(file, "png")
    box = (x + QUIET * module, y + QUIET * module, size, size)
    return f'<img style="{_at(box)}" src="data:image/png;base64,{b64encode(file.getvalue()).decode()}">'


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
