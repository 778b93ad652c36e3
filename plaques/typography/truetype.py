"""A TrueType file read where it lies: the glyph of a character, its width, and the bytes of its outline.

Knows the tables of a font with TrueType outlines (OpenType 1.9: cmap in format 12, head, hhea, hmtx, loca,
glyf). Given a file mapped into memory it copies only the numbers by which glyphs are found, so that processes
share all the rest. Leaves out what an outline looks like (outlines.py) and how a font gets into a PDF
(typefaces.py).
"""

import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from mmap import mmap
from struct import unpack_from

_OUTLINES_IN_GLYF = (b"\x00\x01\x00\x00", b"true")
_FULL_UNICODE = 12
_SHORT_OFFSETS = 0


class UnusableTypeface(ValueError):
    """A font file that would be embedded wrongly or not at all."""


class GlyphMap(Mapping[int, int]):
    """The glyph of each code point: runs of code points whose glyphs follow each other."""

    def __init__(self, runs: "array[int]") -> None:
        """Take runs in ascending order, three numbers each: first and last code point, first glyph."""
        self._firsts, self._lasts, self._glyphs = runs[0::3], runs[1::3], runs[2::3]

    def __getitem__(self, point: int) -> int:
        run = bisect_right(self._firsts, point) - 1
        if not self._firsts[run] <= point <= self._lasts[run]:
            raise KeyError(point)
        return self._glyphs[run] + point - self._firsts[run]

    def __iter__(self) -> Iterator[int]:
        runs = zip(self._firsts, self._lasts, strict=True)
        return chain.from_iterable(range(first, last + 1) for first, last in runs)

    def __len__(self) -> int:
        return sum(self._lasts) - sum(self._firsts) + len(self._firsts)


class GlyphMetrics:
    """Advance width and left side bearing of each glyph, in font units; the bearing as an unsigned number."""

    def __init__(self, numbers: "array[int]", pairs: int) -> None:
        """Take the numbers of hmtx: pairs, then the bearings of the glyphs that share the last advance."""
        self._numbers, self._pairs = numbers, pairs

    def __getitem__(self, glyph: int) -> tuple[int, int]:
        if glyph < self._pairs:
            return self._numbers[2 * glyph], self._numbers[2 * glyph + 1]
        return self._numbers[2 * self._pairs - 2], self._numbers[self._pairs + glyph]


@dataclass(frozen=True, eq=False)
class GlyphRecords:
    """The bytes of all outlines end to end (table glyf), each cut out when it is asked for."""

    data: mmap
    start: int

    def __getitem__(self, place: slice) -> bytes:
        return self.data[self.start + place.start : self.start + place.stop]


class TrueTypeFile:
    """A static font with TrueType outlines and all of Unicode before it."""

    def __init__(self, data: mmap, name: str) -> None:
        """Find the tables.

        Raises:
            UnusableTypeface: outlines are not TrueType, the file is a collection, the font is variable and
                would be embedded at its default instance, or its characters end at U+FFFF.

        """
        self.data = data
        self.tables = _tables(data, name)
        self.units_per_em: int = unpack_from(">H", data, self.tables["head"].start + 18)[0]
        self.glyphs = _glyph_map(data, self.tables["cmap"].start, name)
        (pairs,) = unpack_from(">H", data, self.tables["hhea"].start + 34)
        self.metrics = GlyphMetrics(_numbers("H", data[self.tables["hmtx"]]), pairs)
        self.positions = _positions(data, self.tables)
        self.records = GlyphRecords(data, self.tables["glyf"].start)

    def record(self, glyph: int) -> bytes:
        """Return the bytes of a glyph's outline, none if the glyph is blank."""
        return self.records[self.positions[glyph] : self.positions[glyph + 1]]


def _tables(data: mmap, name: str) -> dict[str, slice]:
    version, count = unpack_from(">4sH", data)
    if version not in _OUTLINES_IN_GLYF:
        raise UnusableTypeface(f"{name}: not a TrueType font but {version!r}")
    entries = [unpack_from(">4s4xLL", data, 12 + 16 * place) for place in range(count)]
    tables = {tag.decode("ascii"): slice(start, start + length) for tag, start, length in entries}
    if "fvar" in tables:
        raise UnusableTypeface(f"{name}: variable; its default instance would be embedded")
    if "glyf" not in tables:
        raise UnusableTypeface(f"{name}: no TrueType outlines")
    return tables


def _glyph_map(data: mmap, cmap: int, name: str) -> GlyphMap:
    (count,) = unpack_from(">H", data, cmap + 2)
    places = [cmap + unpack_from(">L", data, cmap + 8 + 8 * record)[0] for record in range(count)]
    place = next((place for place in places if unpack_from(">H", data, place)[0] == _FULL_UNICODE), None)
    if place is None:
        raise UnusableTypeface(f"{name}: maps no character above U+FFFF")
    (runs,) = unpack_from(">L", data, place + 12)
    return GlyphMap(_numbers("I", data[place + 16 : place + 16 + 12 * runs]))


def _positions(data: mmap, tables: Mapping[str, slice]) -> "array[int]":
    """Return where each glyph's record starts in glyf, and where the last one ends."""
    (offsets,) = unpack_from(">H", data, tables["head"].start + 50)
    if offsets == _SHORT_OFFSETS:
        return array("I", (2 * half for half in _numbers("H", data[tables["loca"]])))
    return _numbers("I", data[tables["loca"]])


def _numbers(kind: str, big_endian: bytes) -> "array[int]":
    numbers = array(kind, big_endian)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
