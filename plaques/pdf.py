"""Drawing pages as PDF: live text that extracts as the record has it, fonts subset, same input same bytes.

Knows reportlab, what PDF readers make of text set glyph by glyph, and how printers want their inks. Leaves
out everything decided before: what is drawn and where (compose.py, impose.py).
"""

import copy
import functools
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from math import cos, radians, sin
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from plaques.marks import (
    EM_ASCENT,
    Block,
    Box,
    Code,
    Color,
    Contour,
    Form,
    Group,
    Mark,
    Page,
    Path,
    Polygon,
    Stamp,
    Text,
)
from plaques.typefaces import ensure_registered, typeface
from plaques.typesetting import Glyph

Inks: TypeAlias = Literal["rgb", "cmyk", "spot"]
"""What a file's colours are given in: for office printers, for a press, for a press with spot inks."""

_BASIC_PLANE_END = 0xFFFF
_SPREAD_GAP_EM = 0.5
_SPREAD_ADVANCE = 2


def draw_pdf(pages: Iterable[Page], *, title: str, inks: Inks = "rgb") -> bytes:
    """Draw pages, each at its own size with its boxes (ISO 32000-2, 14.11.2); same pages, same bytes."""
    file = io.BytesIO()
    first_face = ensure_registered(typeface("sans"))
    canvas = Canvas(file, invariant=1, pageCompression=1, initialFontName=first_face, lang="zh-CN")  # type: ignore[arg-type]  # the stub wants a number
    canvas.setTitle(title)
    canvas.setCreator("gangpai")
    pen = _Pen(canvas, _COLORS_IN[inks])
    for page in pages:
        pen.draw_page(page)
    canvas.save()
    return file.getvalue()


def _screen_color(color: Color) -> colors.Color:
    return colors.HexColor(color.rgb)


def _process_color(color: Color) -> colors.Color:
    return colors.CMYKColor(*color.inks)


def _press_color(color: Color) -> colors.Color:
    """Return the spot ink a colour asks for, with the process parts that stand for it on other devices."""
    if not color.spot:
        return _process_color(color)
    return colors.CMYKColorSep(*color.inks, spotName=color.spot)


_COLORS_IN: Mapping[Inks, Callable[[Color], colors.Color]] = MappingProxyType(
    {"rgb": _screen_color, "cmyk": _process_color, "spot": _press_color}
)


class _Shown(NamedTuple):
    """How a font shows a character: the font's name in the file, the code there, the advance in em."""

    font: str
    code: str
    advance_em: float


class _Pen:
    """Draws marks on a document: inside, y grows downwards as in the marks, so it is negative points here."""

    def __init__(self, canvas: Canvas, color_in: Callable[[Color], colors.Color]) -> None:
        self.canvas: Any = canvas
        self.color_in = functools.cache(color_in)
        self.shown = functools.cache(self._shown)
        self.form_names: dict[Form, str] = {}

    def draw_page(self, page: Page) -> None:
        """Draw one page and go on to the next."""
        height = page.height_mm
        self.canvas.setPageSize((page.width_mm * mm, height * mm))
        self.canvas.setTrimBox(_corners((page.trim or page.box).shifted(0, -height)))
        self.canvas.setBleedBox(_corners((page.bleed or page.box).shifted(0, -height)))
        self._put(f"1 0 0 1 0 {_number(height * mm)} cm")
        for mark in page.marks:
            self.draw(mark)
        self.canvas.showPage()

    def draw(self, mark: Mark) -> None:  # noqa: PLR0911 -- one line for each kind of mark
        """Draw one mark over what is there."""
        match mark:
            case Block():
                return self._block(mark)
            case Polygon():
                return self._polygon(mark)
            case Path():
                return self._path(mark)
            case Text():
                return self._text(mark)
            case Stamp():
                return self._stamp(mark)
            case Code():
                return self._code(mark)
            case Group():
                return self._group(mark)
            case Form():
                return self._form(mark)

    def _put(self, operators: str) -> None:
        self.canvas._code.append(operators)  # noqa: SLF001 -- reportlab sets no glyphs one by one otherwise

    def _block(self, mark: Block) -> None:
        self.canvas.setFillColor(self.color_in(mark.color))
        self._put(f"{_rectangle(mark.box)} f")

    def _polygon(self, mark: Polygon) -> None:
        (x, y), *others = mark.points_mm
        line = " ".join((f"{_point(x, y)} m", *(f"{_point(*each)} l" for each in others), "h"))
        self._outline(line, mark.color, mark.stroke_mm, "f")

    def _path(self, mark: Path) -> None:
        line = " ".join(map(_contour, mark.contours))
        self._outline(line, mark.color, mark.stroke_mm, "f" if mark.rule == "nonzero" else "f*")

    def _outline(self, line: str, color: Color, stroke_mm: float, fill: str) -> None:
        if stroke_mm:
            self.canvas.setStrokeColor(self.color_in(color))
            self._put(f"{_number(stroke_mm * mm)} w {line} S")
        else:
            self.canvas.setFillColor(self.color_in(color))
            self._put(f"{line} {fill}")

    def _code(self, mark: Code) -> None:
        """Draw the dark modules as one image or one path, so that no hair of light shows between them."""
        self.canvas.setFillColor(self.color_in(mark.color))
        if mark.drawn == "image":
            self._put(_image_mask(mark))
        else:
            self._put(" ".join((*map(_rectangle, mark.runs()), "f")))

    def _group(self, mark: Group) -> None:
        turn = -1 if mark.turn else 1
        clip = f" {_rectangle(mark.clip)} W n" if mark.clip else ""
        self._put(f"q {turn} 0 0 {turn} {_point(mark.x_mm, mark.y_mm)} cm{clip}")
        for each in mark.marks:
            self.draw(each)
        self._put("Q")

    def _form(self, mark: Form) -> None:
        if mark not in self.form_names:
            self.form_names[mark] = self._defined(mark, f"form{len(self.form_names)}")
        self.canvas.doForm(self.form_names[mark])

    def _defined(self, mark: Form, name: str) -> str:
        left, bottom, right, top = _corners(mark.box)
        self.canvas.beginForm(name, left, bottom, right, top)
        for each in mark.marks:
            self.draw(each)
        self.canvas.endForm(Resources=self._resources())
        return name

    def _resources(self) -> Any:  # noqa: ANN401 -- reportlab's stubs lack its resource dictionary
        """Return what the form at hand refers to; reportlab itself would leave its spot inks out."""
        canvas = self.canvas
        resources: Any = pdfdoc.PDFResourceDictionary()
        resources.basicFonts()
        resources.allProcs()
        resources.setColorSpace(canvas._colorsUsed)  # noqa: SLF001 -- see the docstring
        if canvas._formsinuse:  # noqa: SLF001 -- the same
            resources.XObject = canvas._doc.xobjDict(canvas._formsinuse)  # noqa: SLF001 -- the same
        return resources

    # Texts -------------------------------------------------------------------------------------------------

    def _text(self, mark: Text) -> None:
        faces = [ensure_registered(typeface(mark.face_of(glyph.character))) for glyph in mark.glyphs]
        line = _TextLine(mark.size_pt, mark.x_mm * mm, -mark.baseline_mm * mm)
        if _in_basic_plane(mark.text):
            shown = line.operators(mark.glyphs, map(self.shown, faces, _characters(mark.glyphs)))
            words = (_span(mark.text), *shown, "EMC")
        else:
            spread = _spread_faces(mark.glyphs, faces)
            blank = Glyph(" ", mark.width_em)
            words = (
                *line.operators(mark.glyphs, map(self.shown, spread, _characters(mark.glyphs))),
                *line.operators([blank], [self.shown(ensure_registered(typeface("sans")), " ")]),
            )
        self._put_text(mark.color, words)

    def _stamp(self, mark: Stamp) -> None:
        turn = radians(mark.turn_deg)
        along, down = mark.width_em / 2 * mark.size_pt, (EM_ASCENT - 0.5) * mark.size_pt
        x = mark.center_x_mm * mm - along * cos(turn) + down * sin(turn)
        y = -mark.center_y_mm * mm - along * sin(turn) - down * cos(turn)
        face = ensure_registered(typeface(mark.face_key))
        line = _TextLine(mark.size_pt, x, y, turn)
        shown = [self.shown(face, character) for character in _characters(mark.glyphs)]
        self._put_text(mark.color, line.operators(mark.glyphs, shown))

    def _put_text(self, color: Color, operators: Iterable[str]) -> None:
        self.canvas.setFillColor(self.color_in(color))
        self._put("\n".join(("BT", *operators, "ET")))

    def _shown(self, face: str, character: str) -> _Shown:
        font: Any = pdfmetrics.getFont(face)
        document = self.canvas._doc  # noqa: SLF001 -- see _put
        ((subset, code),) = font.splitString(character, document)
        advance_em = font.face.getCharWidth(ord(character)) / 1000
        return _Shown(font.getSubsetInternalName(subset, document), code.hex(), advance_em)


class _TextLine:
    """Operators that put glyphs at their places along a line from an origin in points, turned by an angle."""

    def __init__(self, size_pt: float, x: float, y: float, turn: float = 0) -> None:
        self.size_pt = size_pt
        self.origin = (x, y)
        self.turn = turn

    def operators(self, glyphs: Sequence[Glyph], shown: Iterable[_Shown]) -> Iterator[str]:
        """Yield them; glyphs in a row from one font are one operator, so that readers see one word."""
        pairs = list(zip(glyphs, shown, strict=True))
        for (font, *_), run in groupby(pairs, key=lambda pair: (pair[1].font, _stands(pair[0]))):
            yield f"{font} {self.size_pt:g} Tf"
            yield from self._run(list(run))

    def _run(self, run: Sequence[tuple[Glyph, _Shown]]) -> Iterator[str]:
        first, shown = run[0]
        yield self._matrix(first)
        parts = [f"<{shown.code}>"]
        for (before, (_, _, advance_em)), (glyph, (_, code, _)) in pairwise(run):
            back = round((advance_em - (glyph.x_em - before.x_em) / first.x_scale) * 1000)
            parts.append(f"{back}<{code}>" if back else f"<{code}>")
        yield f"[{''.join(parts)}]TJ".replace("><", "")

    def _matrix(self, glyph: Glyph) -> str:
        x, y = glyph.x_em * self.size_pt, -glyph.y_em * self.size_pt
        east, north = cos(self.turn), sin(self.turn)
        at = (self.origin[0] + x * east - y * north, self.origin[1] + x * north + y * east)
        if not self.turn and not glyph.turn_deg and glyph.x_scale == 1:
            return f"1 0 0 1 {_number(at[0])} {_number(at[1])} Tm"
        turn = self.turn - radians(glyph.turn_deg)
        east, north = cos(turn), sin(turn)
        sides = (east * glyph.x_scale, north * glyph.x_scale, -north, east)
        return f"{' '.join(map(_number, (*sides, *at)))} Tm"


def _stands(glyph: Glyph) -> tuple[float, float, float]:
    """Return what glyphs must share to be set by one operator."""
    return glyph.y_em, glyph.x_scale, glyph.turn_deg


def _characters(glyphs: Iterable[Glyph]) -> Iterator[str]:
    return (glyph.character for glyph in glyphs)


def _span(text: str) -> str:
    """Begin a span that readers extract as `text`, wherever its glyphs stand (ISO 32000-2, 14.9.4)."""
    return f"/Span<</ActualText<FEFF{text.encode('utf-16-be').hex().upper()}>>>BDC"


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
    plain: Any = pdfmetrics.getFont(name)
    spread = copy.copy(plain)
    spread.fontName, spread.state, spread.face = f"{name}-spread", WeakKeyDictionary(), copy.copy(plain.face)
    spread.face.name = plain.face.name + b"-Spread"
    spread.face.charWidths = {
        point: width * _SPREAD_ADVANCE for point, width in plain.face.charWidths.items()
    }
    pdfmetrics.registerFont(spread)
    return f"{name}-spread"


# Operands --------------------------------------------------------------------------------------------------


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _point(x_mm: float, y_mm: float) -> str:
    return f"{_number(x_mm * mm)} {_number(-y_mm * mm)}"


def _rectangle(box: Box) -> str:
    size = f"{_number(box.width_mm * mm)} {_number(box.height_mm * mm)}"
    return f"{_point(box.x_mm, box.bottom_mm)} {size} re"


def _corners(box: Box) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top in points."""
    return box.x_mm * mm, -box.bottom_mm * mm, box.right_mm * mm, -box.y_mm * mm


def _contour(contour: Contour) -> str:
    segments = (f"{' '.join(_points(numbers))} {kind.lower()}" for kind, *numbers in contour)
    return " ".join((*segments, "h"))


def _points(numbers: Sequence[float]) -> Iterator[str]:
    return map(_point, numbers[::2], numbers[1::2])


def _image_mask(mark: Code) -> str:
    """Paint the dark modules through an inline mask of one bit each (ISO 32000-2, 8.9.6.2 and 8.9.7)."""
    dark, side = mark.dark_box, mark.matrix.side
    length = _number(dark.width_mm * mm)
    head = f"q {length} 0 0 {length} {_point(dark.x_mm, dark.bottom_mm)} cm"
    image = f"BI /W {side} /H {side} /BPC 1 /IM true /D [1 0] /F /AHx ID"
    return f"{head} {image} {mark.matrix.rows.hex()}> EI Q"
