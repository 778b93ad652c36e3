"""What is wrong with a plate as composed: read off its marks, without the program's own preflight.

Knows designs and marks. Leaves out which plates are looked at (test_compose.py, test_random_plates.py) and
pixels (test_plate_pixels.py).
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from struct import unpack_from

from plaques.design.model import Back, Design, Layout
from plaques.marks import Box, Code, Laid, Leaf, Page, Text
from plaques.typography.typefaces import typeface
from plaques.typography.typesetting import Glyph

TRIM_CLEAR_MM = 3
CLOSE_PT = 1e-6
"""Floors scaled with their size are not round numbers."""


def faults_of(drawn: Page, design: Design) -> list[str]:
    """Name whatever touches, leaves its place or is too small on a front."""
    return [*_strays(drawn, design.layout), *side_faults(drawn, design.layout)]


def side_faults(drawn: Page, side: Layout | Back) -> list[str]:
    """Name what touches, comes near the trim or is too small on a front or a back."""
    return [*_near_trim(drawn), *collisions(drawn), *_shrunk(drawn, side)]


def tent_faults(folded: Page, face: Page) -> list[str]:
    """Name what is wrong with a face and its second, upside down: both whole, apart from fold and trim."""
    whole = [laid.box for laid in written(folded)]
    upper = Box(0, 0, face.width_mm, face.height_mm)
    above = [box for box in whole if upper.inset(TRIM_CLEAR_MM).holds(box)]
    below = [box for box in whole if upper.shifted(0, face.height_mm).inset(TRIM_CLEAR_MM).holds(box)]
    turned = [box.turned(180).shifted(face.width_mm, 2 * face.height_mm) for box in below]
    pairs = list(zip(above, turned, strict=False))
    is_whole = len(whole) == 2 * len(pairs) == 2 * len(list(written(face)))
    are_same = all(one.holds(other) and other.holds(one) for one, other in pairs)
    return [] if is_whole and are_same else ["the faces differ or cross the fold"]


def _near_trim(drawn: Page) -> Iterator[str]:
    safe = drawn.box.inset(TRIM_CLEAR_MM)
    for laid in written(drawn):
        if not safe.holds(laid.box) or not safe.holds(ink_of(laid.mark)):
            yield f"{said(laid)} near the trim"


def _strays(drawn: Page, layout: Layout) -> Iterator[str]:
    in_column = {item.part for item in layout.column.items} - {caption.part for caption in layout.captions}
    for text in drawn.texts:
        if text.part in in_column and not layout.column.box.holds(text.box):
            yield f"{text.text} outside the column"


def collisions(drawn: Page) -> Iterator[str]:
    """Yield pairs whose em boxes, or whose ink, touch; sorted by height, so that few need be compared."""
    yield from _touching([(laid.box, said(laid)) for laid in written(drawn)])
    yield from _touching([(ink_of(laid.mark), said(laid)) for laid in written(drawn)])


def _touching(boxes: list[tuple[Box, str]]) -> Iterator[str]:
    boxes.sort(key=_top_mm)
    for at, (box, first) in enumerate(boxes):
        for other, second in islice(boxes, at + 1, None):
            if other.y_mm >= box.bottom_mm:
                break
            if box.touches(other):
                yield f"{first} touches {second}"


def _top_mm(boxed: tuple[Box, str]) -> float:
    return boxed[0].y_mm


def _shrunk(drawn: Page, side: Layout | Back) -> Iterator[str]:
    floors = {caption.part: caption.floor_pt for caption in side.captions}
    if isinstance(side, Layout):
        floors |= {item.part: item.floor_pt for item in side.column.items}
        floors |= {f"{item.part}_label": side.column.label.floor_pt for item in side.column.items}
    for text in drawn.texts:
        if text.size_pt < floors[text.part] - CLOSE_PT:
            yield f"{text.text} at {text.size_pt} pt"


def ink_of(mark: Leaf) -> Box:
    """Return the box of what is black: around the outlines of a text's glyphs; of any other mark, its own."""
    if not isinstance(mark, Text):
        return mark.box
    spans = [_span(mark.face_of(glyph.character), glyph) for glyph in mark.glyphs if glyph.character.strip()]
    lefts, tops, rights, bottoms = zip(*spans, strict=True)
    left, top, em_mm = min(lefts), min(tops), mark.em_mm
    corner = (mark.x_mm + left * em_mm, mark.baseline_mm + top * em_mm)
    return Box(*corner, (max(rights) - left) * em_mm, (max(bottoms) - top) * em_mm)


def _span(face_key: str, glyph: Glyph) -> tuple[float, float, float, float]:
    """Return where a glyph's outline begins and ends in its line, in em."""
    left, top, right, bottom = _bounds(face_key, glyph.character)
    if glyph.turn_deg:
        left, top, right, bottom = -bottom, left, -top, right
    return (
        glyph.x_em + left * glyph.x_scale,
        glyph.y_em + top,
        glyph.x_em + right * glyph.x_scale,
        glyph.y_em + bottom,
    )


@cache
def _bounds(face_key: str, character: str) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom as the font's own table of glyphs gives them (OpenType, glyf)."""
    file = typeface(face_key).file
    left, bottom, right, top = unpack_from(">4h", file.record(file.glyphs[ord(character)]), 2)
    return tuple(units / file.units_per_em for units in (left, -top, right, -bottom))


def written(drawn: Page) -> Iterator[Laid]:
    """Yield texts and codes with the boxes they take."""
    yield from (laid for laid in drawn.laid if isinstance(laid.mark, Text | Code))


def said(laid: Laid) -> str:
    """Return what a text says."""
    return laid.mark.text if isinstance(laid.mark, Text) else "code"
