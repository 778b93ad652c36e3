"""Drawing pages as PNG, for screens: the same marks at the same places as in the PDF.

Knows Pillow. Leaves out everything decided before: what is drawn and where (compose.py).
"""

import functools
import io
from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from pathlib import Path as FilePath
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFont

from plaques.contours import Point, flattened, outline_area
from plaques.drawing.outlines import outlined
from plaques.marks import (
    Block,
    Box,
    Code,
    Color,
    Fill,
    Form,
    Group,
    Mark,
    Page,
    Path,
    Polygon,
    Stamp,
    Text,
)
from plaques.typography.typefaces import typeface
from plaques.typography.typesetting import EM_ASCENT, MM_PER_PT, Glyph

_OVERSAMPLING = 3
_PALETTE_SIZE = 64
_Outline: TypeAlias = Sequence[Point]


def draw_png(page: Page, *, width_px: int) -> bytes:
    """Draw a page as a PNG of this width, in a palette small enough for a phone's network."""
    raster = rasterise(page, width_px=width_px)
    small = raster.quantize(_PALETTE_SIZE, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def rasterise(page: Page, *, width_px: int) -> Image.Image:
    """Draw a page as an RGB picture of this width."""
    scale = width_px * _OVERSAMPLING / page.width_mm
    height_px = ceil(page.height_mm * scale / _OVERSAMPLING) * _OVERSAMPLING
    canvas = _Canvas(Image.new("RGBA", (width_px * _OVERSAMPLING, height_px), "#FFFFFF"), scale)
    for mark in page.marks:
        canvas.draw(mark)
    return canvas.image.convert("RGB").reduce(_OVERSAMPLING)


class _Canvas:
    """A picture on which marks are drawn: so many pixels to the millimetre, from an origin in pixels."""

    def __init__(self, image: Image.Image, scale: float, origin: tuple[float, float] = (0, 0)) -> None:
        self.image = image
        self.scale = scale
        self.origin = origin
        self.pen = ImageDraw.Draw(image)

    def draw(self, mark: Mark) -> None:
        """Draw one mark over what is there."""
        match mark:
            case Block():
                self._fill(mark.box, mark.color)
            case Polygon():
                self._polygon(mark)
            case Path():
                self._path(mark)
            case Text():
                self._text(mark)
            case Stamp():
                self._stamp(mark)
            case Code():
                self._code(mark)
            case Form() | Fill():
                self._all_of(mark)
            case Group():
                self._group(mark)

    def _at(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        return self.origin[0] + x_mm * self.scale, self.origin[1] + y_mm * self.scale

    def _pixels(self, box: Box) -> tuple[int, int, int, int]:
        left, top = map(round, self._at(box.x_mm, box.y_mm))
        right, bottom = map(round, self._at(box.right_mm, box.bottom_mm))
        return left, top, right, bottom

    def _fill(self, box: Box, color: Color) -> None:
        left, top, right, bottom = self._pixels(box)
        self.pen.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), fill=color.rgb)

    def _polygon(self, mark: Polygon) -> None:
        if not mark.stroke_mm:
            self.pen.polygon([self._at(*point) for point in mark.points_mm], fill=mark.color.rgb)
            return
        half = mark.stroke_mm / 2
        for (x1, y1), (x2, y2) in pairwise((*mark.points_mm, mark.points_mm[0])):
            left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
            side = Box(left, top, right - left, bottom - top)
            self._fill(side.inset(-half), mark.color)

    def _path(self, mark: Path) -> None:
        contours = [[self._at(*point) for point in flattened(contour)] for contour in mark.contours]
        if mark.stroke_mm:
            for points in contours:
                self.pen.line([*points, points[0]], mark.color.rgb, round(mark.stroke_mm * self.scale))
            return
        left, top, right, bottom = self._pixels(mark.box.grown(1 / self.scale))
        moved = [[(x - left, y - top) for x, y in points] for points in contours]
        mask = _ENCLOSED[mark.rule](moved, (right - left, bottom - top))
        self.image.paste(mark.color.rgb, (left, top), mask)

    def _text(self, mark: Text) -> None:
        if mark.drawn:
            self._path(outlined(mark))
            return
        em_px = mark.em_mm * self.scale
        left, baseline = self._at(mark.x_mm, mark.baseline_mm)
        for glyph in mark.glyphs:
            font = _font(typeface(mark.face_of(glyph.character)).path, em_px)
            origin = (left + glyph.x_em * em_px, baseline + glyph.y_em * em_px)
            if glyph.turn_deg or glyph.x_scale != 1:
                self._changed_glyph(glyph, font, origin, mark.color)
            else:
                self.pen.text(origin, glyph.character, fill=mark.color.rgb, font=font, anchor="ls")

    def _changed_glyph(
        self, glyph: Glyph, font: ImageFont.FreeTypeFont, origin: tuple[float, float], color: Color
    ) -> None:
        """Draw a glyph narrowed or turned about its origin, through a mask with the origin in its middle."""
        half = ceil(font.size * 2)
        mask = Image.new("L", (2 * half, 2 * half))
        ImageDraw.Draw(mask).text((half, half), glyph.character, 255, font, anchor="ls")
        narrow = (1 / glyph.x_scale, 0, half - half / glyph.x_scale, 0, 1, 0)
        mask = mask.transform(mask.size, Image.Transform.AFFINE, narrow, Image.Resampling.BICUBIC)
        mask = mask.rotate(-glyph.turn_deg, Image.Resampling.BICUBIC)
        self.image.paste(color.rgb, (round(origin[0]) - half, round(origin[1]) - half), mask)

    def _stamp(self, mark: Stamp) -> None:
        em_px = mark.size_pt * MM_PER_PT * self.scale
        font = _font(typeface(mark.face_key).path, em_px)
        mask = Image.new("L", (ceil(mark.width_em * em_px), ceil(em_px)))
        pen = ImageDraw.Draw(mask)
        for glyph in mark.glyphs:
            pen.text((glyph.x_em * em_px, EM_ASCENT * em_px), glyph.character, 255, font, anchor="ls")
        mask = mask.rotate(mark.turn_deg, Image.Resampling.BICUBIC, expand=True)
        x, y = self._at(mark.center_x_mm, mark.center_y_mm)
        self.image.paste(mark.color.rgb, (round(x - mask.width / 2), round(y - mask.height / 2)), mask)

    def _code(self, mark: Code) -> None:
        for bar in mark.runs():
            self._fill(bar, mark.color)

    def _all_of(self, mark: Form | Fill) -> None:
        for each in mark.marks:
            self.draw(each)

    def _group(self, mark: Group) -> None:
        """Draw the marks on a clear sheet of their own, cut and turn it, and lay it over the picture."""
        width, height = self.image.size
        x, y = self._at(mark.x_mm, mark.y_mm)
        origin = (width - x, height - y) if mark.turn else (x, y)
        sheet = _Canvas(Image.new("RGBA", self.image.size), self.scale, origin)
        for each in mark.marks:
            sheet.draw(each)
        cut = sheet.image if mark.clip is None else _cut(sheet.image, sheet._pixels(mark.clip))
        self.image.alpha_composite(cut.transpose(Image.Transpose.ROTATE_180) if mark.turn else cut)
        self.pen = ImageDraw.Draw(self.image)


def _cut(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    kept = Image.new("RGBA", image.size)
    kept.paste(image.crop(box), box[:2])
    return kept


def _wound_around(contours: Sequence[_Outline], size: tuple[int, int]) -> Image.Image:
    """Return the mask of what more contours enclose in one sense than in the other."""
    senses = (Image.new("L", size), Image.new("L", size))
    for points in contours:
        once = _inside(points, size, 1)
        sense = outline_area(points) > 0
        senses[sense].paste(ImageChops.add(senses[sense], once))
    return ImageChops.difference(*senses).point(lambda times: 255 if times else 0)


def _oddly_often(contours: Sequence[_Outline], size: tuple[int, int]) -> Image.Image:
    """Return the mask of what an odd number of contours encloses."""
    masks = (_inside(points, size, 255) for points in contours)
    return functools.reduce(ImageChops.difference, masks, Image.new("L", size))


_ENCLOSED = {"nonzero": _wound_around, "evenodd": _oddly_often}


def _inside(points: _Outline, size: tuple[int, int], value: int) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon(points, fill=value)
    return mask


@functools.lru_cache(maxsize=64)
def _font(path: FilePath, em_px: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, em_px, layout_engine=ImageFont.Layout.BASIC)
