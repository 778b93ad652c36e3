"""Drawing pages as PNG, for screens: the same marks at the same places as in the PDF.

Knows Pillow. Leaves out everything decided before: what is drawn and where (compose.py).
"""

import functools
import io
from itertools import pairwise
from math import ceil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from plaques.marks import EM_ASCENT, Block, Box, Code, Mark, Page, Polygon, Stamp, Text
from plaques.typefaces import typeface
from plaques.typesetting import MM_PER_PT

_OVERSAMPLING = 3
_PALETTE_SIZE = 64


def draw_png(page: Page, *, width_px: int) -> bytes:
    """Draw a page as a PNG of this width, in a palette small enough for a phone's network."""
    raster = rasterise(page, width_px=width_px)
    small = raster.quantize(_PALETTE_SIZE, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def rasterise(page: Page, *, width_px: int) -> Image.Image:
    """Draw a page as an RGB picture of this width."""
    canvas = _Canvas(page, width_px * _OVERSAMPLING)
    for mark in page.marks:
        canvas.draw(mark)
    return canvas.image.reduce(_OVERSAMPLING)


class _Canvas:
    """A picture on which marks are drawn at a number of pixels to the millimetre."""

    def __init__(self, page: Page, width_px: int) -> None:
        self.scale = width_px / page.width_mm
        height_px = ceil(page.height_mm * self.scale / _OVERSAMPLING) * _OVERSAMPLING
        self.image = Image.new("RGB", (width_px, height_px), "#FFFFFF")
        self.pen = ImageDraw.Draw(self.image)

    def draw(self, mark: Mark) -> None:
        """Draw one mark over what is there."""
        match mark:
            case Block():
                self._fill(mark.box, mark.color)
            case Polygon():
                self._polygon(mark)
            case Text():
                self._text(mark)
            case Stamp():
                self._stamp(mark)
            case Code():
                self._code(mark)

    def _fill(self, box: Box, color: str) -> None:
        left, top = round(box.x_mm * self.scale), round(box.y_mm * self.scale)
        right, bottom = round(box.right_mm * self.scale), round(box.bottom_mm * self.scale)
        self.pen.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), fill=color)

    def _polygon(self, mark: Polygon) -> None:
        points = [(x * self.scale, y * self.scale) for x, y in mark.points_mm]
        if not mark.stroke_mm:
            self.pen.polygon(points, fill=mark.color)
            return
        half = mark.stroke_mm / 2
        for (x1, y1), (x2, y2) in pairwise((*mark.points_mm, mark.points_mm[0])):
            left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
            side = Box(left, top, right - left, bottom - top)
            self._fill(side.inset(-half), mark.color)

    def _text(self, mark: Text) -> None:
        em_px = mark.em_mm * self.scale
        for glyph in mark.glyphs:
            font = _font(typeface(mark.face_of(glyph.character)).path, em_px)
            origin = (mark.x_mm * self.scale + glyph.x_em * em_px, mark.baseline_mm * self.scale)
            self.pen.text(origin, glyph.character, fill=mark.color, font=font, anchor="ls")

    def _stamp(self, mark: Stamp) -> None:
        em_px = mark.size_pt * MM_PER_PT * self.scale
        font = _font(typeface(mark.face_key).path, em_px)
        mask = Image.new("L", (ceil(mark.width_em * em_px), ceil(em_px)))
        pen = ImageDraw.Draw(mask)
        for glyph in mark.glyphs:
            pen.text((glyph.x_em * em_px, EM_ASCENT * em_px), glyph.character, 255, font, anchor="ls")
        mask = mask.rotate(mark.turn_deg, Image.Resampling.BICUBIC, expand=True)
        corner = (
            round(mark.center_x_mm * self.scale - mask.width / 2),
            round(mark.center_y_mm * self.scale - mask.height / 2),
        )
        self.image.paste(mark.color, corner, mask)

    def _code(self, mark: Code) -> None:
        for bar in mark.runs():
            self._fill(bar, mark.color)


@functools.lru_cache(maxsize=64)
def _font(path: Path, em_px: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, em_px, layout_engine=ImageFont.Layout.BASIC)
