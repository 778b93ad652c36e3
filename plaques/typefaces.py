"""Typefaces: what each vendored TrueType file draws, how wide, and how it gets into a PDF.

Knows the files under fonts/ and the faults of reportlab that would spoil a plate: a missing character drawn
as a box without a word, a mapped glyph without an outline, text above U+FFFF extracted as other characters,
a variable font embedded at its thinnest, a second file of one PostScript name replaced by the first. Leaves
out where characters go (typesetting.py).
"""

import functools
import struct
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.pdfdoc import PDFDocument

from store.refusals import Refusal

FONTS = Path(__file__).parent.parent / "fonts"
"""The folder of typefaces: beside this package in a checkout and in an installed wheel alike."""

_SFNT_TRUETYPE = {b"\x00\x01\x00\x00", b"true"}
_BFCHAR_LIMIT = 100


class MissingGlyph(Refusal):
    """No typeface draws a character. Remedy: check the character, or have a typeface added that draws it."""

    reason_zh = "“{text}”（{where}）中的“{character}”（{code_point}）没有可用的字形，不能印制。"
    reason_en = (
        "No typeface here draws {character} ({code_point}) of {text!r} ({where}); it cannot be printed."
    )
    remedy_zh = "请核对该字是否录入有误；确属用字的，请管理员增补含有该字的字体。"
    remedy_en = "Check how the character was typed; if it is right, have a typeface added that contains it."


class UnusableTypeface(ValueError):
    """A font file that would be embedded wrongly or not at all."""


class _SharedFont(ttfonts.TTFont):
    """A font that documents drawn in several threads may share: its file is read with a single cursor."""

    _reading = Lock()

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 -- reportlab's name
        with self._reading:
            super().addObjects(doc)


@dataclass(frozen=True, kw_only=True, eq=False)
class Typeface:
    """One static TrueType file, parsed once for measuring and for embedding alike."""

    key: str
    path: Path
    font: ttfonts.TTFont

    def draws(self, character: str) -> bool:
        """Whether the character is mapped to a glyph with an outline; blanks need none."""
        face = self.font.face
        glyph = face.charToGlyph.get(ord(character), 0)
        outlined: bool = face.glyphPos[glyph] < face.glyphPos[glyph + 1]
        return glyph != 0 and (outlined or character.isspace())

    def advance_em(self, character: str) -> float:
        """Return the advance width of a character this face draws, in em.

        Raises:
            KeyError: the face does not map the character.

        """
        face = self.font.face
        advance, _bearing = face.hmetrics[face.charToGlyph[ord(character)]]
        return float(advance / face.unitsPerEm)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The face for a text; `fell_back` asks for a human eye on the proof.

    `stand_ins` names the face of each character that `face` does not draw.
    """

    face: Typeface
    fell_back: bool
    stand_ins: Mapping[str, Typeface]

    def face_of(self, character: str) -> Typeface:
        """Return the face that draws this character of the text."""
        return self.stand_ins.get(character, self.face)

    def advance_em(self, character: str) -> float:
        """Return the advance width of a character of the text, in em."""
        return self.face_of(character).advance_em(character)


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the entries of fonts.toml by key: file, family, licence, licence_file, source, sha256."""
    entries = tomllib.loads((FONTS / "fonts.toml").read_text(encoding="utf-8"))
    return MappingProxyType(entries)


@functools.cache
def typeface(key: str) -> Typeface:
    """Return the face of this key of fonts.toml, loading its file once per process.

    Raises:
        KeyError: no such key.
        UnusableTypeface: the file is not a static TrueType font.

    """
    return load_typeface(key, FONTS / catalogue()[key]["file"])


def load_typeface(key: str, path: Path) -> Typeface:
    """Parse a static TrueType file.

    Raises:
        UnusableTypeface: outlines are not TrueType, the file is a collection, or the font is variable and
            would be embedded at its default instance.

    """
    _require_static_truetype(path)
    return Typeface(key=key, path=path, font=_SharedFont(f"gangpai-{key}", str(path), asciiReadable=0))


def face_for(text: str, preferred: str, *, where: str) -> Chosen:
    """Choose the face of a text: the first of preferred, serif and fallback that draws all of it.

    Where none does, serif draws what it can and the others stand in character by character, so that a rare
    character stands among its like. `where` names the post in a refusal.

    Raises:
        MissingGlyph: a character that no face draws.

    """
    chain = [typeface(key) for key in dict.fromkeys((preferred, "serif", "fallback"))]
    whole = next((face for face in chain if all(map(face.draws, text))), None)
    if whole is not None:
        return Chosen(face=whole, fell_back=whole.key != preferred, stand_ins=MappingProxyType({}))
    return _mixed(text, [typeface("serif"), typeface("fallback"), chain[0]], where)


def ensure_registered(face: Typeface) -> str:
    """Make a face known to reportlab with correct text extraction; return its name there.

    A registered face may serve any number of documents, one after another or in several threads.

    Raises:
        UnusableTypeface: another file goes by the same PostScript name; reportlab would embed that one.

    """
    ttfonts.makeToUnicodeCMap = to_unicode_cmap
    name = face.font.fontName
    pdfmetrics.registerFont(face.font)
    embedded = pdfmetrics.getFont(name)
    if not isinstance(embedded, ttfonts.TTFont) or embedded.face.filename != face.font.face.filename:
        raise UnusableTypeface(f"{face.path.name}: its PostScript name belongs to another file already")
    return name


def to_unicode_cmap(fontname: str, subset: Sequence[int]) -> str:
    """Return the CMap that gives the code points of a subset, by character code (ISO 32000-2, 9.10.3).

    Takes the place of reportlab's own (checked with 5.1), which writes a code point above U+FFFF as five
    digits where UTF-16BE pairs are due, and more entries in a block than the hundred it may hold.
    """
    entries = [f"<{code:02X}> <{_utf16be(point)}>" for code, point in enumerate(subset) if point]
    blocks = [entries[start : start + _BFCHAR_LIMIT] for start in range(0, len(entries), _BFCHAR_LIMIT)]
    return "\n".join((*_cmap_head(fontname), *_bfchar_lines(blocks), *_CMAP_TAIL))


def _mixed(text: str, faces: Sequence[Typeface], where: str) -> Chosen:
    serif = faces[0]
    by_character = {character: _first_drawing(character, faces, text, where) for character in text}
    stand_ins = {character: face for character, face in by_character.items() if face is not serif}
    return Chosen(face=serif, fell_back=True, stand_ins=MappingProxyType(stand_ins))


def _first_drawing(character: str, faces: Iterable[Typeface], text: str, where: str) -> Typeface:
    for face in faces:
        if face.draws(character):
            return face
    raise MissingGlyph(character=character, code_point=f"U+{ord(character):04X}", text=text, where=where)


def _require_static_truetype(path: Path) -> None:
    with path.open("rb") as file:
        version, count = struct.unpack(">4sH6x", file.read(12))
        if version not in _SFNT_TRUETYPE:
            raise UnusableTypeface(f"{path.name}: not a TrueType font but {version!r}")
        tags = {file.read(16)[:4] for _ in range(count)}
    if b"fvar" in tags:
        raise UnusableTypeface(f"{path.name}: variable; its default instance would be embedded")
    if b"glyf" not in tags:
        raise UnusableTypeface(f"{path.name}: no TrueType outlines")


def _utf16be(point: int) -> str:
    return chr(point).encode("utf-16-be").hex().upper()


def _cmap_head(font_name: str) -> tuple[str, ...]:
    return (
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    )


def _bfchar_lines(blocks: Iterable[Sequence[str]]) -> Iterable[str]:
    for block in blocks:
        yield from (f"{len(block)} beginbfchar", *block, "endbfchar")


_CMAP_TAIL = ("endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end")
