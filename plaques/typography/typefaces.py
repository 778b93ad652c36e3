"""Typefaces: what each vendored TrueType file draws, how wide, and how it gets into a PDF.

Knows the files under fonts/ and the faults of reportlab that would spoil a plate: a missing character drawn
as a box without a word, a mapped glyph without an outline, text above U+FFFF extracted as other characters,
a variable font embedded at its thinnest, a second file of one PostScript name replaced by the first. Leaves
out where characters go (typesetting.py).
"""

import functools
import mmap
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from unicodedata import category
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.pdfdoc import PDFDocument

from plaques.typography.truetype import GlyphRecords, TrueTypeFile, UnusableTypeface
from store.refusals import Refusal

FONTS = Path(__file__).parents[2] / "fonts"
"""The folder of typefaces: beside this package in a checkout and in an installed wheel alike."""

_BFCHAR_LIMIT = 100
_PRIVATE_USE = "Co"


class MissingGlyph(Refusal):
    """No typeface draws a character. Remedy: check the character, or have a typeface added that draws it."""

    reason_zh = "“{quoted}”（{where}）中的{named}没有可用的字形，不能印制。"
    reason_en = "No typeface here draws {named} in “{quoted}” ({where}); it cannot be printed."
    remedy_zh = "请核对该字是否录入有误；确属用字的，把该字的矢量图（{code_point}.svg）放进设计文件夹。"
    remedy_en = (
        "Check how it was typed; if it is right, put a drawing of it ({code_point}.svg) with your designs."
    )

    def __init__(self, *, character: str, text: str, where: str) -> None:
        """Quote the text with what no screen shows spelt as code points."""
        code_point = f"U+{ord(character):04X}"
        super().__init__(
            character=character,
            code_point=code_point,
            text=text,
            where=where,
            named=f"{character} {code_point}" if character.isprintable() else code_point,
            quoted="".join(map(_visible, text)),
        )


class _UndrawnError(Exception):
    """A character that no face draws."""


class _Widths(Mapping[int, float]):
    """Advance widths by code point in thousandths of an em, as reportlab asks for them."""

    def __init__(self, file: TrueTypeFile, factor: int = 1) -> None:
        self._file, self._factor = file, factor

    def times(self, factor: int) -> "_Widths":
        """Return widths so many times as wide."""
        return _Widths(self._file, self._factor * factor)

    def __getitem__(self, point: int) -> float:
        advance, _bearing = self._file.metrics[self._file.glyphs[point]]
        return self._factor * advance * 1000 / self._file.units_per_em

    def __iter__(self) -> Iterator[int]:
        return iter(self._file.glyphs)

    def __len__(self) -> int:
        return len(self._file.glyphs)


class _MappedFace(ttfonts.TTFontFace):
    """reportlab's face (checked with 5.1) over a mapped file; reportlab alone copies it number by number."""

    def __init__(self, file: TrueTypeFile, path: Path) -> None:
        """Let reportlab read what it says of the whole font, but not the numbers of each glyph."""
        self.file = file
        pdfmetrics.TypeFace.__init__(self, None)
        ttfonts.TTFontFile.__init__(self, str(path), charInfo=0)
        self.charToGlyph, self.hmetrics, self.glyphPos = file.glyphs, file.metrics, file.positions
        self.charWidths = _Widths(file)
        self.defaultWidth = file.metrics[0][0] * 1000 / file.units_per_em

    def readFile(self, f: str) -> None:  # noqa: N802 -- reportlab's name
        """Take the mapped file for the bytes that reportlab would read."""
        self.filename, self._ttf_data, self._pos = f, self.file.data, 0

    def get_table(self, tag: str) -> bytes | GlyphRecords:
        """Return a table's bytes; those of all outlines are many, so they are cut out one by one."""
        return self.file.records if tag == "glyf" else self.file.data[self.file.tables[tag]]


class _SharedFont(ttfonts.TTFont):
    """A font that documents drawn in several threads may share: its file is read with a single cursor."""

    _reading = Lock()

    def __init__(self, name: str, face: _MappedFace) -> None:
        """Do as reportlab does, which would load a face of its own."""
        self.fontName, self.face, self.encoding = name, face, ttfonts.TTEncoding()
        self.state = WeakKeyDictionary()
        self._asciiReadable, self.shapable = 0, False

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 -- reportlab's name
        with self._reading:
            super().addObjects(doc)


class _Advances(dict[str, float | None]):
    """The advance of each character in em, None for one that the face does not draw; found when asked for.

    A private-use character counts as undrawn: what a face happens to show for it is not what was meant.
    """

    def __init__(self, file: TrueTypeFile) -> None:
        super().__init__()
        self._file = file

    def __missing__(self, character: str) -> float | None:
        glyph = self._file.glyphs.get(ord(character), 0)
        has_outline = self._file.record(glyph) != b"" and category(character) != _PRIVATE_USE
        drawn = glyph != 0 and (has_outline or character.isspace())
        advance, _bearing = self._file.metrics[glyph]
        return self.setdefault(character, advance / self._file.units_per_em if drawn else None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Typeface:
    """One static TrueType file, read for measuring and for embedding alike."""

    key: str
    path: Path
    file: TrueTypeFile
    font: ttfonts.TTFont

    def draws(self, text: Iterable[str]) -> bool:
        """Whether each character is mapped to a glyph with an outline; blanks need none."""
        return None not in map(self._advances.__getitem__, text)

    def widths_em(self, text: Iterable[str]) -> tuple[float | None, ...]:
        """Return the advance width of each character in em; None for one that the face does not draw."""
        return tuple(map(self._advances.__getitem__, text))

    def advance_em(self, character: str) -> float:
        """Return the advance width of a character in em.

        Raises:
            KeyError: the face does not draw the character.

        """
        advance = self._advances[character]
        if advance is None:
            raise KeyError(character)
        return advance

    @functools.cached_property
    def alone(self) -> "Chosen":
        """This face as it is chosen for a text that it draws, as its design asks."""
        return Chosen(face=self, fell_back=False, stand_ins=MappingProxyType({}))

    @functools.cached_property
    def _advances(self) -> _Advances:
        return _Advances(self.file)


@dataclass(frozen=True, kw_only=True, eq=False)
class Chosen:
    """The face for a text; `fell_back` asks for a human eye on the proof.

    `stand_ins` names the face of each character that `face` does not draw; those in `drawn` need none, and
    take one em each.
    """

    face: Typeface
    fell_back: bool
    stand_ins: Mapping[str, Typeface]
    drawn: frozenset[str] = frozenset()

    def face_of(self, character: str) -> Typeface:
        """Return the face that draws this character of the text."""
        return self.stand_ins.get(character, self.face)

    @functools.cached_property
    def stand_in_keys(self) -> Mapping[str, str]:
        """The keys of the stand-ins' faces."""
        return {character: face.key for character, face in self.stand_ins.items()}

    @functools.cached_property
    def advance_em(self) -> Callable[[str], float]:
        """The advance width of a character of the text, in em.

        The face's own where it draws all of the text, so that what was measured in that face stays known.
        """
        return self._mixed_advance_em if self.stand_ins or self.drawn else self.face.advance_em

    def _mixed_advance_em(self, character: str) -> float:
        return 1.0 if character in self.drawn else self.face_of(character).advance_em(character)


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
        UnusableTypeface: the file is not a static TrueType font that maps all of Unicode.

    """
    with path.open("rb") as opened:
        file = TrueTypeFile(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ), path.name)
    font = _SharedFont(f"gangpai-{key}", _MappedFace(file, path))
    return Typeface(key=key, path=path, file=file, font=font)


def face_for(text: str, preferred: str, *, where: str, drawn: Collection[str] = ()) -> Chosen:
    """Choose the face of a text: the first of preferred, serif and fallback that draws all of it.

    Where none does, serif draws what it can and the others stand in character by character, so that a rare
    character stands among its like. Characters in `drawn` have drawings of their own. `where` names the post
    in a refusal.

    Raises:
        MissingGlyph: a character that no face draws.

    """
    face = typeface(preferred)
    if not drawn and face.draws(text):
        return face.alone
    try:
        return _chosen(text, preferred, frozenset(drawn).intersection(text))
    except _UndrawnError as undrawn:
        raise MissingGlyph(character=str(undrawn), text=text, where=where) from None


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


@functools.lru_cache(maxsize=4096)
def _chosen(text: str, preferred: str, drawn: frozenset[str]) -> Chosen:
    if drawn:
        others = _chosen("".join(each for each in text if each not in drawn), preferred, frozenset())
        return replace(others, fell_back=True, drawn=drawn)
    chain = [typeface(key) for key in dict.fromkeys((preferred, "serif", "fallback"))]
    whole = next((face for face in chain if face.draws(text)), None)
    if whole is not None:
        return Chosen(face=whole, fell_back=whole.key != preferred, stand_ins=MappingProxyType({}))
    return _mixed(text, [typeface("serif"), typeface("fallback"), chain[0]])


def _mixed(text: str, faces: Sequence[Typeface]) -> Chosen:
    serif = faces[0]
    by_character = {character: _first_drawing(character, faces) for character in text}
    stand_ins = {character: face for character, face in by_character.items() if face is not serif}
    return Chosen(face=serif, fell_back=True, stand_ins=MappingProxyType(stand_ins))


def _first_drawing(character: str, faces: Iterable[Typeface]) -> Typeface:
    for face in faces:
        if face.draws(character):
            return face
    raise _UndrawnError(character)


def _visible(character: str) -> str:
    return character if character.isprintable() else f"〔U+{ord(character):04X}〕"


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
