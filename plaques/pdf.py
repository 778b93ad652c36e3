"""Drawing pages as PDF: live text that extracts as the record has it, fonts subset, same input same bytes.

Knows reportlab and what PDF readers make of text set glyph by glyph. Leaves out everything decided before:
what is drawn and where (compose.py, impose.py).
"""

import copy
import functools
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from math import cos, radians, sin
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from plaques.marks import EM_ASCENT, Block, Code, Mark, Page, Polygon, Stamp, Text
from plaques.typefaces import ensure_registered, typeface
from plaques.typesetting import Glyph

_BASIC_PLANE_END = 0xFFFF
_SPREAD_GAP_EM = 0.5
_SPREAD_ADVANCE = 2


def draw_pdf(pages: Iterable[Page], *, title: str) -> bytes:
    """Draw pages, each at its own size with its trim box on its edge; same pages, same bytes."""
    file = io.BytesIO()
    first_face = ensure_registered(typeface("sans"))
    canvas = Canvas(file, invariant=1, pageCompression=1, initialFontName=first_face, lang="zh-CN")  # type: ignore[arg-type]  # the stub wants a number
    canvas.setTitle(title)
    canvas.setCreator("gangpai")
    for page in pages:
        _draw_page(canvas, page)
    canvas.save()
    return file.getvalue()


def _draw_page(canvas: Canvas, page: Page) -> None:
    width, height = page.width_mm * mm, page.height_mm * mm
    canvas.setPageSize((width, height))
    canvas.setTrimBox((0, 0, width, height))
    pen = _Pen(canvas, page.height_mm)
    for mark in page.marks:
        pen.draw(mark)
    canvas.showPage()


class _Pen:
    """Draws marks on the canvas' current page: millimetres from the top become points from the bottom."""

    def __init__(self, canvas: Canvas, height_mm: float) -> None:
        self.canvas = canvas
        self.height_mm = height_mm

    def draw(self, mark: Mark) -> None:
        """Draw one mark over what is there."""
        match mark:
            case Block():
                self._block(mark)
            case Polygon():
                self._polygon(mark)
            case Text():
                self._text(mark)
            case Stamp():
                self._stamp(mark)
            case Code():
                self._code(mark)

    def _y(self, y_mm: float) -> float:
        return (self.height_mm - y_mm) * mm

    def _block(self, mark: Block) -> None:
        box = mark.box
        self.canvas.setFillColor(mark.color)
        self.canvas.rect(
            box.x_mm * mm, self._y(box.bottom_mm), box.width_mm * mm, box.height_mm * mm, stroke=0, fill=1
        )

    def _polygon(self, mark: Polygon) -> None:
        path = self.canvas.beginPath()
        (x, y), *others = mark.points_mm
        path.moveTo(x * mm, self._y(y))
        for x, y in others:
            path.lineTo(x * mm, self._y(y))
        path.close()
        self.canvas.setFillColor(mark.color)
        self.canvas.setStrokeColor(mark.color)
        self.canvas.setLineWidth(mark.stroke_mm * mm)
        self.canvas.drawPath(path, stroke=bool(mark.stroke_mm), fill=not mark.stroke_mm)

    def _code(self, mark: Code) -> None:
        """Draw all dark modules as one path, so that no hair of light shows between them."""
        path = self.canvas.beginPath()
        for bar in mark.runs():
            path.rect(bar.x_mm * mm, self._y(bar.bottom_mm), bar.width_mm * mm, bar.height_mm * mm)
        self.canvas.setFillColor(mark.color)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def _text(self, mark: Text) -> None:
        faces = [ensure_registered(typeface(mark.face_of(glyph.character))) for glyph in mark.glyphs]
        origin = (mark.x_mm * mm, self._y(mark.baseline_mm))
        setter = _TextSetter(self.canvas, mark.size_pt, mark.color, origin, turn_deg=0)
        if _in_basic_plane(mark.text):
            setter.open_span(mark.text)
            setter.set_glyphs(mark.glyphs, faces)
            setter.close_span()
        else:
            setter.set_glyphs(mark.glyphs, _spread_faces(mark.glyphs, faces))
            setter.set_glyphs([Glyph(" ", mark.width_em)], [ensure_registered(typeface("sans"))])
        setter.finish()

    def _stamp(self, mark: Stamp) -> None:
        turn = radians(mark.turn_deg)
        along, down = mark.width_em / 2 * mark.size_pt, (EM_ASCENT - 0.5) * mark.size_pt
        origin = (
            mark.center_x_mm * mm - along * cos(turn) + down * sin(turn),
            self._y(mark.center_y_mm) - along * sin(turn) - down * cos(turn),
        )
        setter = _TextSetter(self.canvas, mark.size_pt, mark.color, origin, turn_deg=mark.turn_deg)
        setter.set_glyphs(mark.glyphs, [ensure_registered(typeface(mark.face_key))] * len(mark.glyphs))
        setter.finish()


class _TextSetter:
    """One text object: glyphs at their places along a line from `origin`, in points."""

    def __init__(
        self, canvas: Canvas, size_pt: float, color: str, origin: tuple[float, float], *, turn_deg: float
    ) -> None:
        self.canvas: Any = canvas
        self.size_pt = size_pt
        self.origin = origin
        self.direction = (cos(radians(turn_deg)), sin(radians(turn_deg)))
        self.text: Any = canvas.beginText()
        self.text.setFillColor(color)

    def open_span(self, text: str) -> None:
        """Begin a span that readers extract as `text`, wherever its glyphs stand (ISO 32000-2, 14.9.4)."""
        words = text.encode("utf-16-be").hex().upper()
        self._operate(f"/Span <</ActualText <FEFF{words}>>> BDC")

    def close_span(self) -> None:
        """End the span."""
        self._operate("EMC")

    def set_glyphs(self, glyphs: Sequence[Glyph], faces: Sequence[str]) -> None:
        """Set glyphs; those in a row from one font are one operator, so that readers see one word."""
        for font_name, shown in groupby(self._encoded(glyphs, faces), key=lambda one: one[0]):
            self._show(font_name, [(glyph, code, advance_em) for _, glyph, code, advance_em in shown])

    def finish(self) -> None:
        """Put the text object on the page."""
        self.canvas.drawText(self.text)

    def _encoded(
        self, glyphs: Iterable[Glyph], faces: Iterable[str]
    ) -> Iterator[tuple[str, Glyph, bytes, float]]:
        document = self.canvas._doc  # noqa: SLF001 - reportlab places glyphs within a word no other way
        for glyph, face in zip(glyphs, faces, strict=True):
            font = _font(face)
            ((subset, code),) = font.splitString(glyph.character, document)
            advance_em = font.face.getCharWidth(ord(glyph.character)) / 1000
            yield font.getSubsetInternalName(subset, document), glyph, code, advance_em

    def _show(self, font_name: str, shown: Sequence[tuple[Glyph, bytes, float]]) -> None:
        start = shown[0][0].x_em
        x, y = (
            at + start * self.size_pt * turn for at, turn in zip(self.origin, self.direction, strict=True)
        )
        self._operate(f"{font_name} {self.size_pt:g} Tf")
        self.text.setTextTransform(
            self.direction[0], self.direction[1], -self.direction[1], self.direction[0], x, y
        )
        parts = [f"<{shown[0][1].hex()}>"]
        for (before, _, advance_em), (glyph, code, _) in pairwise(shown):
            back = round((before.x_em + advance_em - glyph.x_em) * 1000)
            parts.append(f"{back or ''}<{code.hex()}>")
        self._operate(f"[{''.join(parts)}] TJ")

    def _operate(self, operator: str) -> None:
        self.text._code.append(operator)  # noqa: SLF001 - see _encoded


def _in_basic_plane(text: str) -> bool:
    """Whether /ActualText serves every reader: pdfium drops what lies above U+FFFF from it."""
    return all(ord(character) <= _BASIC_PLANE_END for character in text)


def _spread_faces(glyphs: Sequence[Glyph], faces: Sequence[str]) -> list[str]:
    """Give glyphs before a wide gap a font whose advances bridge it, so that no reader sees a space."""
    gaps = [right.x_em - left.x_em - 1 for left, right in pairwise(glyphs)]
    return [
        _spread_face(face) if gap > _SPREAD_GAP_EM else face
        for face, gap in zip(faces, (*gaps, 0.0), strict=True)
    ]


@functools.cache
def _spread_face(name: str) -> str:
    """Register a face once more with every advance doubled, the pitch of a spread name's two characters."""
    plain = _font(name)
    spread = copy.copy(plain)
    spread.fontName, spread.state, spread.face = f"{name}-spread", WeakKeyDictionary(), copy.copy(plain.face)
    spread.face.name = plain.face.name + b"-Spread"
    spread.face.charWidths = {
        point: width * _SPREAD_ADVANCE for point, width in plain.face.charWidths.items()
    }
    pdfmetrics.registerFont(spread)
    return f"{name}-spread"


def _font(name: str) -> Any:  # noqa: ANN401 - reportlab's stubs lack what its TrueType fonts can do
    return pdfmetrics.getFont(name)
