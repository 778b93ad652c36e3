"""Drawing pages as PDF: live text that extracts as the record has it, fonts subset, same input same bytes.

Knows reportlab, what PDF readers make of text set glyph by glyph, and how printers want their inks. Leaves
out everything decided before: what is drawn and where (compose.py, impose.py).
"""

import copy
import functools
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from math import cos, radians, sin
from typing import Any, Literal, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from reportlab import rl_config
from reportlab.lib.colors import CMYKColorSep
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from plaques.marks import (
    Block,
    Box,
    Code,
    Color,
    Contour,
    Fill,
    Form,
    Group,
    Mark,
    Page,
    Path,
    Polygon,
    Stamp,
    Stencil,
    Text,
    Turn,
    dark_box,
)
from plaques.typography.typefaces import ensure_registered, typeface
from plaques.typography.typesetting import EM_ASCENT, Glyph

Inks: TypeAlias = Literal["rgb", "cmyk", "spot"]
"""What a file's colours are given in: for office printers, for a press, for a press with spot inks."""

_BASIC_PLANE_END = "\uffff"
_SPREAD_GAP_EM = 0.5
_SPREAD_ADVANCE = 2
_ANY = ord("口")


def draw_pdf(pages: Iterable[Page], *, title: str, inks: Inks = "rgb") -> bytes:
    """Draw pages, each at its own size with its boxes (ISO 32000-2, 14.11.2); same pages, same bytes."""
    file = io.BytesIO()
    rl_config.useA85 = 0  # reportlab's letters-only form of streams makes them a quarter longer
    first_face = ensure_registered(typeface("sans"))
    canvas = Canvas(file, invariant=1, pageCompression=1, initialFontName=first_face, lang="zh-CN")  # type: ignore[arg-type]  # the stub wants a number
    canvas.setTitle(title)
    canvas.setCreator("gangpai")
    canvas.setAuthor("")
    canvas.setSubject("")
    pen = _Pen(canvas, inks)
    for page in pages:
        pen.draw_page(page)
    canvas.save()
    return file.getvalue()


class _Shown(NamedTuple):
    """How a font shows a character: the font's name in the file, the code there, the advance in em."""

    font: str
    code: str
    advance_em: float


class _Codes(dict[str, _Shown]):
    """How a face shows its characters in a document, each found when it is first asked for."""

    def __init__(self, document: object, font: Any) -> None:  # noqa: ANN401 -- reportlab's stubs lack what its TrueType fonts can do
        super().__init__()
        self.document, self.font = document, font

    def __missing__(self, character: str) -> _Shown:
        ((subset, code),) = self.font.splitString(character, self.document)
        advance_em = self.font.face.getCharWidth(ord(character)) / 1000
        name = self.font.getSubsetInternalName(subset, self.document)
        shown = self[character] = _Shown(name, code.hex(), advance_em)
        return shown


class _Pen:
    """Draws marks on a document: inside, y grows downwards as in the marks, so it is negative points here."""

    def __init__(self, canvas: Canvas, inks: Inks) -> None:
        self.canvas: Any = canvas
        self.inks = inks
        self.codes = functools.cache(self._codes)
        self.cut = functools.cache(self._cut)
        self.form_names: dict[Form, str] = {}
        self.resources: dict[tuple[str, ...], object] = {}
        self.ways: Mapping[type[Mark], Callable[[Any], None]] = {
            Block: self._block,
            Polygon: self._polygon,
            Path: self._path,
            Text: self._text,
            Stamp: self._stamp,
            Code: self._code,
            Group: self._group,
            Form: self._form,
            Fill: self._fill,
        }

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

    def draw(self, mark: Mark) -> None:
        """Draw one mark over what is there."""
        self.ways[type(mark)](mark)

    def _put(self, operators: str) -> None:
        self.canvas._code.append(operators)  # noqa: SLF001 -- reportlab sets no glyphs one by one otherwise

    def _block(self, mark: Block) -> None:
        self._put(f"{self._filling(mark.color)} {_rectangle(mark.box)} f")

    def _polygon(self, mark: Polygon) -> None:
        (x, y), *others = mark.points_mm
        line = " ".join((f"{_point(x, y)} m", *(f"{_point(*each)} l" for each in others), "h"))
        self._outline(line, mark.color, mark.stroke_mm, "f")

    def _path(self, mark: Path) -> None:
        line = " ".join(map(_contour, mark.contours))
        self._outline(line, mark.color, mark.stroke_mm, "f" if mark.rule == "nonzero" else "f*")

    def _outline(self, line: str, color: Color, stroke_mm: float, fill: str) -> None:
        if stroke_mm:
            self._put(f"{self._lining(color)} {_number(stroke_mm * mm)} w {line} S")
        else:
            self._put(f"{self._filling(color)} {line} {fill}")

    def _code(self, mark: Code) -> None:
        """Draw the dark modules as one image or one path, so that no hair of light shows between them."""
        self._put(self._filling(mark.color))
        if mark.drawn == "image":
            self._put(_image_mask(mark))
        else:
            self._put(" ".join((*map(_rectangle, mark.runs()), "f")))

    def _group(self, mark: Group) -> None:
        self._put(_placing(mark.x_mm, mark.y_mm, mark.turn, mark.clip))
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
        used = (*self.canvas._colorsUsed, *self.canvas._formsinuse)  # noqa: SLF001 -- see _put
        if used not in self.resources:
            self.resources[used] = self.canvas._doc.Reference(self._resources())  # noqa: SLF001 -- the same
        self.canvas.endForm(Resources=self.resources[used])
        return name

    def _resources(self) -> Any:  # noqa: ANN401 -- reportlab's stubs lack its resource dictionary
        """Return what the form at hand, and others like it, refer to; reportlab would leave spot inks out."""
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
        if mark.drawn:
            self._outlined_text(mark)
        elif _is_plain(mark):
            self._put(self._line(mark).saying(mark.text))
        elif _in_basic_plane(mark.text):
            operators = _line_of(mark).operators(mark.glyphs, self._shown(mark, _characters(mark.glyphs)))
            if not _reads_as_it_stands(operators):
                operators = [_span(mark.text), *operators, "EMC"]
            self._put_text(mark.color, operators)
        elif mark.height_em > 1:
            self._outlined_text(mark)
        else:
            line, shown = _line_of(mark), self._shown_spread(mark)
            blank = self._blank(line, mark.width_em)
            self._put_text(mark.color, [*line.operators(mark.glyphs, shown), *blank])

    def _fill(self, mark: Fill) -> None:
        for line, text, said in zip(self.cut(mark.stencil), mark.words, mark.stencil.lines, strict=True):
            if line and _in_basic_plane(text):
                self._put(line.saying(text))
            else:
                self._text(said.saying(text))

    def _cut(self, stencil: Stencil) -> "list[_Line | None]":
        return [self._line(line) if _is_plain(line) else None for line in stencil.lines]

    def _line(self, mark: Text) -> "_Line":
        return _Line(mark, self.codes(mark.face_key), self._filling(mark.color))

    def _outlined_text(self, mark: Text) -> None:
        """Draw a text as outlines, and beside them the same as a small line that is not painted.

        Without /ActualText, readers take each character of a column for a line of its own; and no face has
        the outline of a character that was supplied as a drawing.
        """
        from plaques.drawing.outlines import outlined  # noqa: PLC0415 -- for rare texts only, and loads slowly

        self._path(outlined(mark))
        line = _line_of(replace(mark, size_pt=mark.size_pt / len(mark.text)))
        shown = self._shown(mark, mark.text)
        ends_em = list(accumulate((each.advance_em for each in shown), initial=0.0))
        glyphs = [Glyph(character, x_em) for character, x_em in zip(mark.text, ends_em, strict=False)]
        words = (*line.operators(glyphs, shown), *self._blank(line, ends_em[-1]))
        self._put("\n".join(("q BT 3 Tr", *words, "ET Q")))

    def _blank(self, line: "_TextLine", x_em: float) -> list[str]:
        return line.operators([Glyph(" ", x_em)], [self.codes("sans")[" "]])

    def _shown(self, mark: Text, characters: Iterable[str]) -> list[_Shown]:
        if mark.stand_ins or mark.drawn:
            return [
                self.codes("sans", is_unseen=True)[character]
                if character in mark.drawn
                else self.codes(mark.face_of(character))[character]
                for character in characters
            ]
        codes = self.codes(mark.face_key)
        return [codes[character] for character in characters]

    def _shown_spread(self, mark: Text) -> list[_Shown]:
        """Give glyphs before a wide gap a font whose advances bridge it, so that no reader sees a space."""
        gaps = [right.x_em - left.x_em - 1 for left, right in pairwise(mark.glyphs)]
        return [
            self.codes(mark.face_of(glyph.character), is_spread=gap > _SPREAD_GAP_EM)[glyph.character]
            for glyph, gap in zip(mark.glyphs, (*gaps, 0.0), strict=True)
        ]

    def _stamp(self, mark: Stamp) -> None:
        turn = radians(mark.turn_deg)
        along, down = mark.width_em / 2 * mark.size_pt, (EM_ASCENT - 0.5) * mark.size_pt
        x = mark.center_x_mm * mm - along * cos(turn) + down * sin(turn)
        y = -mark.center_y_mm * mm - along * sin(turn) - down * cos(turn)
        codes = self.codes(mark.face_key)
        shown = [codes[character] for character in _characters(mark.glyphs)]
        self._put_text(mark.color, _TextLine(mark.size_pt, x, y, turn).operators(mark.glyphs, shown))

    def _put_text(self, color: Color, operators: Iterable[str]) -> None:
        self._put("\n".join((self._filling(color), "BT", *operators, "ET")))

    def _codes(self, face_key: str, *, is_spread: bool = False, is_unseen: bool = False) -> _Codes:
        name = ensure_registered(typeface(face_key))
        if is_spread:
            name = _spread_face(name)
        elif is_unseen:
            name = _unseen_face(name)
        font = pdfmetrics.getFont(name)
        return _Codes(self.canvas._doc, font)  # noqa: SLF001 -- see _put

    # Colours -----------------------------------------------------------------------------------------------

    def _filling(self, color: Color) -> str:
        """Return the operator that fills with a colour from here on."""
        if self.inks == "spot" and color.spot:
            return f"/{self._spot(color)} cs 1 scn"
        return _fillings(color)[self.inks != "rgb"]

    def _lining(self, color: Color) -> str:
        """Return the operator that draws lines in a colour from here on."""
        if self.inks == "spot" and color.spot:
            return f"/{self._spot(color)} CS 1 SCN"
        return _linings(color)[self.inks != "rgb"]

    def _spot(self, color: Color) -> str:
        """Return a spot ink's colour space (ISO 32000-2, 8.6.6.4), for which process inks can stand in."""
        ink = CMYKColorSep(*color.inks, spotName=color.spot)
        return str(self.canvas._checkSeparation(ink))  # noqa: SLF001 -- the document keeps its inks itself


class _Line:
    """A text that lies level in one face, as operators around the codes of its characters.

    Others that are as wide can be said in their places.
    """

    def __init__(self, mark: Text, codes: _Codes, filling: str) -> None:
        line = _line_of(mark)
        self.codes, self.filling, self.is_solid = codes, filling, mark.is_solid
        self.place = functools.cache(lambda at: f" {mark.size_pt:g} Tf {line.matrix(mark.glyphs[at])}")
        self.joints = ("",) * len(mark.glyphs) if mark.is_solid else ("", *_joints(mark))
        self.opening, self.closing = (" <", "> Tj") if mark.is_solid else ("\n[<", ">]TJ")

    def saying(self, text: str) -> str:
        """Return the operators that say so many characters; those in a row from one font are one word."""
        words = [self._word(*word) for word in self._by_font(text)]
        shown = "\n".join(words)
        if not self.is_solid and (len(words) > 1 or any(self.joints)):
            shown = f"{_span(text)}\n{shown}\nEMC"
        return f"{self.filling}\nBT\n{shown}\nET"

    def _by_font(self, text: str) -> Iterator[tuple[str, int, list[str]]]:
        """Yield words: the characters' font, where the first stands, their codes and what is between them."""
        codes: list[str] = []
        last, start = "", 0
        for at, (font, code, _) in enumerate(map(self.codes.__getitem__, text)):
            if font == last:
                codes += (self.joints[at], code)
                continue
            if codes:
                yield last, start, codes
            last, start, codes = font, at, [code]
        yield last, start, codes

    def _word(self, font: str, start: int, codes: Iterable[str]) -> str:
        return f"{font}{self.place(start)}{self.opening}{''.join(codes)}{self.closing}"


def _is_plain(mark: Text) -> bool:
    """Whether a text lies level in one face, and /ActualText serves every reader of it."""
    if mark.stand_ins or mark.drawn or not _in_basic_plane(mark.text):
        return False
    is_level = mark.is_solid or {glyph[2:] for glyph in mark.glyphs} == {_LEVEL}
    return is_level and "".join(_characters(mark.glyphs)) == mark.text


def _joints(mark: Text) -> Iterator[str]:
    """Yield what stands between codes: by how much each is moved on from the advance before it."""
    advances_em = map(typeface(mark.face_key).advance_em, mark.text)
    for advance_em, (one, other) in zip(advances_em, pairwise(mark.glyphs), strict=False):
        back = round((advance_em - (other.x_em - one.x_em)) * 1000)
        yield f">{back}<" if back else ""


class _TextLine:
    """Operators that put glyphs at their places along a line from an origin in points, turned by an angle."""

    def __init__(self, size_pt: float, x: float, y: float, turn: float = 0) -> None:
        self.size_pt = size_pt
        self.origin = (x, y)
        self.turn = turn

    def operators(self, glyphs: Sequence[Glyph], shown: Sequence[_Shown]) -> list[str]:
        """Return them; glyphs in a row from one font are one operator, so that readers see one word."""
        manners = [(each[0], *glyph[2:]) for each, glyph in zip(shown, glyphs, strict=True)]
        operators, start, count = [], 0, len(glyphs)
        while start < count:
            end = start + 1
            while end < count and manners[end] == manners[start] and not glyphs[end].turn_deg:
                end += 1
            operators.append(f"{shown[start].font} {self.size_pt:g} Tf {self.matrix(glyphs[start])}")
            operators.append(_word(glyphs[start:end], shown[start:end]))
            start = end
        return operators

    def matrix(self, glyph: Glyph) -> str:
        """Return the operator that goes to the place of a glyph."""
        x, y = glyph.x_em * self.size_pt, -glyph.y_em * self.size_pt
        if not self.turn and not glyph.turn_deg and glyph.x_scale == 1:
            return f"1 0 0 1 {_number(self.origin[0] + x)} {_number(self.origin[1] + y)} Tm"
        east, north = cos(self.turn), sin(self.turn)
        at = (self.origin[0] + x * east - y * north, self.origin[1] + x * north + y * east)
        turn = self.turn - radians(glyph.turn_deg)
        east, north = cos(turn), sin(turn)
        sides = (east * glyph.x_scale, north * glyph.x_scale, -north, east)
        return f"{' '.join(map(_number, (*sides, *at)))} Tm"


_LEVEL = Glyph("", 0)[2:]
"""What a glyph is beside its character and its place: on the baseline, as wide as it is, upright."""


def _line_of(mark: Text) -> _TextLine:
    return _TextLine(mark.size_pt, mark.x_mm * mm, -mark.baseline_mm * mm)


def _characters(glyphs: Iterable[Glyph]) -> list[str]:
    return [glyph.character for glyph in glyphs]


def _word(glyphs: Sequence[Glyph], shown: Sequence[_Shown]) -> str:
    """Return glyphs as one operator, each moved on by what its place differs from the advance before it."""
    scale, parts = glyphs[0].x_scale, [shown[0].code]
    steps = zip(pairwise([glyph[1] for glyph in glyphs]), shown, shown[1:], strict=False)
    for (from_em, to_em), (_, _, advance_em), (_, code, _) in steps:
        back = round((advance_em - (to_em - from_em) / scale) * 1000)
        parts.append(f">{back}<{code}" if back else code)
    return f"[<{''.join(parts)}>]TJ"


def _reads_as_it_stands(operators: Sequence[str]) -> bool:
    """Whether a text is one word of glyphs at their own advances, so that readers need no help with it."""
    *_, word = operators
    return len(operators) == len(("place", "word")) and word.count(">") == 1


def _span(text: str) -> str:
    """Begin a span that readers extract as `text`, wherever its glyphs stand (ISO 32000-2, 14.9.4)."""
    return f"/Span<</ActualText<FEFF{text.encode('utf-16-be').hex().upper()}>>>BDC"


def _in_basic_plane(text: str) -> bool:
    """Whether /ActualText serves every reader: pdfium drops what lies above U+FFFF from it."""
    return max(text) <= _BASIC_PLANE_END


@functools.cache
def _spread_face(name: str) -> str:
    """Register a face once more with every advance doubled, the pitch of a spread name's two characters."""
    spread = _again(name, "Spread")
    spread.face.charWidths = spread.face.charWidths.times(_SPREAD_ADVANCE)
    pdfmetrics.registerFont(spread)
    return str(spread.fontName)


@functools.cache
def _unseen_face(name: str) -> str:
    """Register a face once more with every character there is, all of one shape: for readers, not for eyes.

    The shape must not be blank: readers pass over what takes no room.
    """
    unseen = _again(name, "Unseen")
    unseen.face.charToGlyph = _OneForAll({_ANY: unseen.face.charToGlyph[_ANY]})
    pdfmetrics.registerFont(unseen)
    return str(unseen.fontName)


class _OneForAll(dict[int, int]):
    """Maps every code point to the glyph of one."""

    def __contains__(self, _point: object) -> bool:
        return True

    def __missing__(self, _point: int) -> int:
        return self[_ANY]


def _again(name: str, style: str) -> Any:  # noqa: ANN401 -- reportlab's stubs lack what its fonts consist of
    """Return a copy of a registered face under a name of its own."""
    plain: Any = pdfmetrics.getFont(name)
    font = copy.copy(plain)
    font.fontName, font.state, font.face = f"{name}-{style}", WeakKeyDictionary(), copy.copy(plain.face)
    font.face.name = plain.face.name + f"-{style}".encode()
    return font


# Operands --------------------------------------------------------------------------------------------------


def _number(value: float) -> str:
    return f"{value:.3f}"


@functools.lru_cache(maxsize=256)
def _fillings(color: Color) -> tuple[str, str]:
    """Return the operator that fills with a colour on screens, and on presses."""
    return _operators(color, "rg", "k")


@functools.lru_cache(maxsize=256)
def _linings(color: Color) -> tuple[str, str]:
    """Return the operator that draws lines in a colour on screens, and on presses."""
    return _operators(color, "RG", "K")


def _operators(color: Color, on_screen: str, on_press: str) -> tuple[str, str]:
    ways = ((color.parts, on_screen), (color.inks, on_press))
    screen, press = (f"{' '.join(map(_number, parts))} {operator}" for parts, operator in ways)
    return screen, press


def _point(x_mm: float, y_mm: float) -> str:
    return f"{_number(x_mm * mm)} {_number(-y_mm * mm)}"


@functools.lru_cache(maxsize=256)
def _placing(x_mm: float, y_mm: float, turn: Turn, clip: Box | None) -> str:
    """Begin what is drawn at a place: a batch has the places of one sheet again and again."""
    way = -1 if turn else 1
    clipped = f" {_rectangle(clip)} W n" if clip else ""
    return f"q {way} 0 0 {way} {_point(x_mm, y_mm)} cm{clipped}"


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
    return f"{_mask_head(mark.box, mark.matrix.side)} {mark.matrix.rows.hex()}> EI Q"


@functools.lru_cache(maxsize=64)
def _mask_head(box: Box, side: int) -> str:
    dark = dark_box(box, side)
    length = _number(dark.width_mm * mm)
    head = f"q {length} 0 0 {length} {_point(dark.x_mm, dark.bottom_mm)} cm"
    return f"{head} BI /W {side} /H {side} /BPC 1 /IM true /D [1 0] /F /AHx ID"
