"""Typst's part, in the fastest form found: one document, codes as raw pixels from a compiled encoder.

Measured and left: codes as PNG (a tenth slower), as SVG (two thirds slower), as Typst curves (many times
slower); the ground placed as a PDF made beforehand (no faster). Structure tags are left out, as ours has
none, and only the four faces are looked for.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import typst

from bench.press.codes import QUIET, matrices
from bench.press.layout import (
    FACES,
    PRODUCTS,
    Caption,
    Centred,
    Printed,
    Product,
    Shape,
    Words,
    Wrapped,
    copies_of,
)
from bench.press.roster import read_roster

_FAMILIES = {
    "heading": ("Noto Serif SC", 900),
    "serif": ("Noto Serif SC", 700),
    "sans": ("Noto Sans SC", 500),
    "kai": ("LXGW WenKai", 400),
}
_PREAMBLE = """\
#set page(width: {width}mm, height: {height}mm, margin: 0pt)
#set text(lang: "zh", region: "cn", top-edge: "ascender", bottom-edge: "descender", hyphenate: false)
#let copies = json("copies.json")
#let codes = read("codes.bin", encoding: none)
"""
_BODY = """\
#for start in range(0, copies.len(), step: places.len()) {
  if start > 0 { pagebreak() }
  crop
  for index in range(start, calc.min(start + places.len(), copies.len())) {
    let (x, y) = places.at(index - start)
    place(dx: x, dy: y, copy(index, copies.at(index)))
  }
}
"""


def main(product_name: str, roster: Path, out: Path) -> None:
    """Print a roster into a folder."""
    product, copies = PRODUCTS[product_name], copies_of(product_name, read_roster(roster))
    codes = matrices([copy.url for copy in copies], product.level)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "copies.json").write_text(json.dumps([copy.words for copy in copies], ensure_ascii=False))
        (place / "codes.bin").write_bytes(b"".join(code.tobytes() for code in codes))
        (place / "main.typ").write_text(_document(product, copies, len(codes[0])))
        typst.compile(
            str(place / "main.typ"),
            output=str(out / "all.pdf"),
            format="pdf",
            font_paths=sorted({str(face.parent) for face in FACES.values()}),
            ignore_system_fonts=True,
            pdf_tags=False,
        )


def _document(product: Product, copies: Sequence[Printed], side: int) -> str:
    width, height = product.sheet_mm
    same = {part for part in copies[0].words if len({copy.words.get(part) for copy in copies}) == 1}
    shared = [*map(_shape, product.shapes), *_captions(product, copies[0].words, same)]
    own = [*_captions(product, {}, {each.part for each in product.captions} - same), _code(product, side)]
    places = ", ".join(f"({x}mm, {y}mm)" for x, y in product.places)
    crop = "; ".join(_shape(Shape(box=box, color="#000000")) for box in product.crop_marks)
    return "\n".join(
        (
            _PREAMBLE.format(width=width, height=height),
            f"#let places = ({places},)",
            f"#let crop = {{ {crop} }}",
            f"#let shared = {{ {'; '.join(shared)} }}",
            f"#let copy(index, words) = {{ shared; {'; '.join(own)} }}",
            _BODY,
        )
    )


def _shape(shape: Shape) -> str:
    x, y, width, height = shape.box
    return (
        f'place(dx: {x}mm, dy: {y}mm, rect(width: {width}mm, height: {height}mm, fill: rgb("{shape.color}")))'
    )


def _captions(product: Product, known: Words, parts: set[str]) -> Iterator[str]:
    """Yield the code that places these parts, as they are where known, else out of the copy's words."""
    for caption in product.captions:
        if caption.part in known and caption.part in parts:
            yield _caption(caption, json.dumps(known[caption.part], ensure_ascii=False))
        elif caption.part in parts:
            yield f'if "{caption.part}" in words {{ {_caption(caption, "words." + caption.part)} }}'


def _caption(caption: Caption, said: str) -> str:
    x, y, *_ = caption.box
    family, weight = _FAMILIES[caption.face]
    style = f'font: "{family}", weight: {weight}, size: {caption.size_pt}pt, fill: rgb("{caption.color}")'
    return f"place(dx: {x}mm, dy: {y}mm, {_set(caption, f'text({style}, {said})')})"


def _set(caption: Caption, text: str) -> str:
    """Return the text, in a box only where it is centred or wraps: every box costs time."""
    width = caption.box[2]
    if isinstance(caption, Centred):
        return f"box(width: {width}mm, align(center, {text}))"
    if isinstance(caption, Wrapped):
        return f"block(width: {width}mm, {{ set par(leading: {caption.leading - 1:.2f}em); {text} }})"
    return text


def _code(product: Product, side: int) -> str:
    x, y, width, _ = product.code
    module = width / (side + 2 * QUIET)
    size = side * module
    pixels = f"codes.slice(index * {side * side}, (index + 1) * {side * side})"
    raw = f'(encoding: "luma8", width: {side}, height: {side})'
    image = f'image({pixels}, format: {raw}, width: {size}mm, height: {size}mm, scaling: "pixelated")'
    return f"place(dx: {x + QUIET * module}mm, dy: {y + QUIET * module}mm, {image})"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
