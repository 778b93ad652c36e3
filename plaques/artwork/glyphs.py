"""Characters that no typeface draws, supplied as drawings: the way out for a name that could not be printed.

Knows how such a file is named (`U+31350.svg`), and how a square drawing becomes an outline on a baseline.
Leaves out how a text is set with it (lettering.py, outlines.py).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from plaques.artwork.files import read_artwork
from plaques.artwork.vectors import Artwork, UnfitArtwork
from plaques.contours import area, flattened, moved, turned_back, turns_about
from plaques.marks import Contour, Path
from plaques.typography.typesetting import EM_ASCENT

_FILE_NAME = re.compile(r"U\+([0-9A-F]{4,6})\.svg")
_SQUARE = 0.005
_SURROGATES = range(0xD800, 0xE000)
_END_OF_UNICODE = 0x110000


class UnnamedCharacter(UnfitArtwork):
    """The file's name does not say which character it draws. Remedy: rename it."""

    reason_zh = "字形文件 {file} 的文件名没有指明是哪个字。"
    reason_en = "The name of the glyph file {file} does not say which character it draws."
    remedy_zh = "文件名应为“U+”加四至六位大写十六进制码位，如 U+31350.svg。"
    remedy_en = "Name it U+ and the code point in four to six capital hexadecimal digits, as in U+31350.svg."


class GlyphNotSquare(UnfitArtwork):
    """The drawing's sheet is not the square a character fills. Remedy: draw it on a square sheet."""

    reason_zh = "字形文件 {file} 的画板不是正方形：{found}。"
    reason_en = "The sheet of the glyph file {file} is not square: {found}."
    remedy_zh = "画板应为一个汉字字身大小的正方形。"
    remedy_en = "Its sheet must be the square of one full-width character."


class GlyphOfSeveralColors(UnfitArtwork):
    """A character has one colour, that of its line. Remedy: draw it in one colour."""

    reason_zh = "字形文件 {file} 有多种颜色：{found}。"
    reason_en = "The glyph file {file} has several colours: {found}."
    remedy_zh = "请用一种颜色画字，镂空处用复合路径，不用白色遮盖。"
    remedy_en = "Draw the character in one colour; cut counters out instead of covering them in white."


def drawn_characters(contents: Mapping[str, bytes]) -> dict[str, tuple[Contour, ...]]:
    """Return the outlines in em of each character by the contents of the files that draw them.

    A file among others is one of them if its name begins with U+, in whatever folder it lies.

    Raises:
        UnfitArtwork: a file's name says no character, or its drawing cannot be used as one.

    """
    glyphs = {file: PurePosixPath(file).name for file in sorted(contents)}
    return {
        character_of(name): read_glyph(contents[file], name)
        for file, name in glyphs.items()
        if name.startswith("U+")
    }


def character_of(file: str) -> str:
    """Return the character that a file draws, by its name.

    Raises:
        UnnamedCharacter: the name is no code point of Unicode.

    """
    named = _FILE_NAME.fullmatch(file)
    point = int(named[1], 16) if named else _END_OF_UNICODE
    if point >= _END_OF_UNICODE or point in _SURROGATES:
        raise UnnamedCharacter(file=file)
    return chr(point)


def read_glyph(content: bytes, file: str) -> tuple[Contour, ...]:
    """Read a character's drawing: its sheet is the em square, which stands on the baseline as an ideograph's.

    Raises:
        UnfitArtwork: the drawing is not square, not of one colour, or cannot be used at all.

    """
    artwork = read_artwork(content, file)
    if abs(artwork.width_mm / artwork.height_mm - 1) > _SQUARE:
        raise GlyphNotSquare(file=file, found=f"{artwork.width_mm:.1f} × {artwork.height_mm:.1f} mm")
    if len(artwork.colors) > 1:
        raise GlyphOfSeveralColors(file=file, found="、".join(sorted(artwork.colors)))
    return tuple(_contours(artwork))


def _contours(artwork: Artwork) -> Iterator[Contour]:
    """Yield the contours in em, such that one rule, nonzero, fills the shapes of the drawing together."""
    em = 1 / artwork.height_mm
    for path in artwork.paths:
        yield from moved(_wound(path), (em, 0, 0, em, 0, -EM_ASCENT))


def _wound(path: Path) -> tuple[Contour, ...]:
    """Turn contours so that outer ones run one way, the same for every shape, and holes the other."""
    if path.rule == "evenodd":
        return tuple(_by_depth(path.contours))
    if sum(map(area, path.contours)) < 0:
        return tuple(map(turned_back, path.contours))
    return path.contours


def _by_depth(contours: tuple[Contour, ...]) -> Iterator[Contour]:
    outlines = [flattened(contour) for contour in contours]
    for contour, outline in zip(contours, outlines, strict=True):
        depth = sum(bool(turns_about(outline[0], other)) for other in outlines if other is not outline)
        is_backward = (area(contour) < 0) != bool(depth % 2)
        yield turned_back(contour) if is_backward else contour
