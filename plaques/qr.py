"""Codes as matrices of dark and light modules.

Knows ISO/IEC 18004 through the qrcode package, the only encoder here, and how the codes of a batch follow
from a few codes of that package: for texts that are packed alike a code is an affine function over GF(2) of
the text's bits, and the eight masks are eight fixed patterns laid over it. Leaves out where a matrix stands
on a plate, how large its modules are and how they are drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import ALPHA_NUM, MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER, QRData, optimal_data_chunks

Level: TypeAlias = Literal["M", "Q"]
QUIET_ZONE = 4
"""Light modules that must surround a matrix on every side (ISO/IEC 18004, 5.3.8)."""

_CORRECTION = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}
_WORTH_PACKING = 20
"""Capitals and digits in a row from which on they get a segment of their own."""

_SLICE = 1000
"""Codes worked on at once, which bounds the memory of a batch."""

_SCORED = 100
"""Codes scored at once, few enough for the processor's cache."""

_BYTE, _WORD = 8, 64
"""Bits."""

_Bits: TypeAlias = NDArray[np.uint8]
"""Zeros and ones; for codes, one array of rows and columns each, 1 for dark."""

_Words: TypeAlias = NDArray[np.uint64]
"""Lines of modules packed into words, the first module in the lowest bit: codes x lines x words."""

_Counts: TypeAlias = NDArray[np.int64]
"""A number for each code."""

_Mask: TypeAlias = Literal[0, 1, 2, 3, 4, 5, 6, 7]
_MASKS: tuple[_Mask, ...] = (0, 1, 2, 3, 4, 5, 6, 7)
_Mode: TypeAlias = Literal[1, 2, 4]
_Shape: TypeAlias = tuple[tuple[_Mode, int], ...]
"""Mode and number of characters of each segment: these fix a code's version and the place of every bit."""


@dataclass(frozen=True)
class Matrix:
    """A code's modules without the quiet zone.

    `rows` holds them row by row from the top, eight to a byte, the leftmost in the highest bit, 1 for dark;
    every row is filled up with zeros to a whole byte, so that the whole is a 1-bit image as it is.
    """

    side: int
    rows: bytes

    @property
    def modules(self) -> tuple[tuple[bool, ...], ...]:
        """The modules row by row from the top, True for dark."""
        packed = np.frombuffer(self.rows, np.uint8).reshape(self.side, -1)
        return tuple(map(tuple, np.unpackbits(packed, axis=1, count=self.side).astype(bool).tolist()))

    def is_dark(self, row: int, column: int) -> bool:
        """Say whether a module is dark; rows and columns are counted from 0 at the top left."""
        byte = self.rows[row * -(-self.side // _BYTE) + column // _BYTE]
        return bool(byte << column % _BYTE & 0x80)


def encode(text: str, level: Level) -> Matrix:
    """Return the smallest matrix that holds `text` at the error correction `level` (ISO/IEC 18004).

    Runs of twenty or more capitals and digits are packed as alphanumeric, so a plate's code of 26 capitals
    costs 5.5 bits a character.

    Raises:
        ValueError: the package has no code for it: too long, or a whole block of zeros.
    """
    (matrix,) = encode_batch([text], level)
    return matrix


def encode_batch(texts: Sequence[str], level: Level) -> list[Matrix]:
    """Return for each text what `encode` returns, in far less time where many texts are of the same lengths.

    Raises:
        ValueError: the package has no code for one of them.
    """
    matrices: dict[int, Matrix] = {}
    for shape, numbers in _by_shape(texts).items():
        for start in range(0, len(numbers), _SLICE):
            part = numbers[start : start + _SLICE]
            unmasked = _unmasked([texts[number].encode() for number in part], shape, level)
            matrices.update(zip(part, _masked(unmasked, level), strict=True))
    return [matrices[number] for number in range(len(texts))]


def _by_shape(texts: Sequence[str]) -> dict[_Shape, list[int]]:
    numbers: dict[_Shape, list[int]] = {}
    for number, text in enumerate(texts):
        segments = optimal_data_chunks(text, minimum=_WORTH_PACKING)
        numbers.setdefault(tuple((segment.mode, len(segment)) for segment in segments), []).append(number)
    return numbers


# From texts to codes under the first mask: the code of a text is the code of any other text of its shape with
# one fixed pattern laid over it for each bit in which the two texts differ.


@dataclass(frozen=True)
class _Packing:
    """How a mode writes characters: as many together as there are `widths`, as one number of so many bits."""

    characters: bytes
    widths: tuple[int, ...]

    @cached_property
    def ranks(self) -> NDArray[np.int64]:
        """The place of every byte among the characters."""
        return np.array([self.characters.find(byte) for byte in range(256)])


_PACKINGS: dict[int, _Packing] = {
    MODE_NUMBER: _Packing(b"0123456789", (4, 7, 10)),
    MODE_ALPHA_NUM: _Packing(ALPHA_NUM, (6, 11)),
    MODE_8BIT_BYTE: _Packing(bytes(range(256)), (8,)),
}
"""ISO/IEC 18004, 7.4.3 to 7.4.5."""


class _Group(NamedTuple):
    """Characters of a text that are written as one number."""

    packing: _Packing
    start: int
    stop: int

    @property
    def width(self) -> int:
        """The number's bits."""
        return self.packing.widths[self.stop - self.start - 1]

    def bits(self, texts: NDArray[np.uint8]) -> _Bits:
        """Return the number of each text, the highest bit first."""
        numbers = np.zeros(len(texts), np.int64)
        for column in range(self.start, self.stop):
            numbers = numbers * len(self.packing.characters) + self.packing.ranks[texts[:, column]]
        return (numbers[:, np.newaxis] >> np.arange(self.width)[::-1] & 1).astype(np.uint8)

    def with_number(self, text: bytes, number: int) -> bytes:
        """Return the text with these characters changed into those that are written as `number`."""
        changed = bytearray(text)
        for column in reversed(range(self.start, self.stop)):
            number, rank = divmod(number, len(self.packing.characters))
            changed[column] = self.packing.characters[rank]
        return bytes(changed)


def _unmasked(texts: Sequence[bytes], shape: _Shape, level: Level) -> _Bits:
    """Return the codes of texts of one shape under the first mask.

    Where there are no more texts than patterns to learn, the package is asked for each code.
    """
    bits = _bits(texts, shape)
    turned = bits ^ bits[0]
    turning = np.flatnonzero(turned.any(axis=0))
    if len(turning) >= len(texts):
        return np.stack([_by_package(text, shape, level) for text in texts])
    patterns = [_pattern(shape, level, int(bit)) for bit in turning]
    with_first = np.insert(turned[:, turning], 0, 1, axis=1)
    return _sums(with_first, np.stack([_by_package(texts[0], shape, level), *patterns]))


def _sums(choices: _Bits, patterns: _Bits) -> _Bits:
    """Return for each row of choices the sum of the patterns it chooses: a matrix product over GF(2)."""
    packed = np.packbits(patterns.reshape(len(patterns), -1), axis=1)
    sums = np.zeros((len(choices), packed.shape[1]), np.uint8)
    for chosen, pattern in zip(choices.T, packed, strict=True):
        sums ^= np.multiply.outer(chosen, pattern)
    return np.unpackbits(sums, axis=1, count=patterns[0].size).reshape(-1, *patterns.shape[1:])


def _bits(texts: Sequence[bytes], shape: _Shape) -> _Bits:
    characters = np.frombuffer(b"".join(texts), np.uint8).reshape(len(texts), len(texts[0]))
    none = np.zeros((len(texts), 0), np.uint8)
    return np.concatenate([none, *(group.bits(characters) for group in _groups(shape))], axis=1)


def _groups(shape: _Shape) -> Iterator[_Group]:
    for mode, start, stop in _spans(shape):
        packing = _PACKINGS[mode]
        together = len(packing.widths)
        for first in range(start, stop, together):
            yield _Group(packing, first, min(first + together, stop))


def _spans(shape: _Shape) -> Iterator[tuple[_Mode, int, int]]:
    """Yield the mode of each segment, where it starts in the text and where it stops."""
    start = 0
    for mode, length in shape:
        yield mode, start, start + length
        start += length


@lru_cache(maxsize=2048)
def _pattern(shape: _Shape, level: Level, bit: int) -> _Bits:
    """Return the modules that turn when this bit of a text turns."""
    return _plain_code(shape, level) ^ _by_package(_with_bit_turned(shape, bit), shape, level)


@lru_cache(maxsize=64)
def _plain_code(shape: _Shape, level: Level) -> _Bits:
    return _by_package(_plain(shape), shape, level)


def _plain(shape: _Shape) -> bytes:
    """Return the text whose every group is written as 1: any one bit of it may be turned.

    A text of zeros would not do, for the package fails where a whole block of a code is zeros.
    """
    text = bytes(sum(length for _, length in shape))
    for group in _groups(shape):
        text = group.with_number(text, 1)
    return text


def _with_bit_turned(shape: _Shape, bit: int) -> bytes:
    for group in _groups(shape):
        if bit < group.width:
            return group.with_number(_plain(shape), 1 ^ 1 << group.width - 1 - bit)
        bit -= group.width
    raise IndexError(bit)


def _by_package(text: bytes, shape: _Shape, level: Level) -> _Bits:
    spans = _spans(shape)
    return _made([QRData(text[start:stop], mode, check_data=False) for mode, start, stop in spans], level)


def _made(segments: Sequence[QRData], level: Level, *, version: int = 1, mask: _Mask = 0) -> _Bits:
    """Return the package's code of these segments, of this version or of the next larger that holds them."""
    code = QRCode(version, _CORRECTION[level], mask_pattern=mask)
    for segment in segments:
        code.add_data(segment)
    code.make()
    return np.array(code.modules, np.uint8)


# The mask: of eight fixed patterns laid over the code, the one with the least penalty (ISO/IEC 18004, 7.8.3).
# The package's own choice may be another, for it scores symbols whose format information is still blank and
# counts the pattern of a finder twice where light modules lie on both sides.


def _masked(codes: _Bits, level: Level) -> Iterator[Matrix]:
    """Yield the codes, which are under the first mask, each under its best one."""
    masks = _masks(codes.shape[-1], level)
    for start in range(0, len(codes), _SCORED):
        few = codes[start : start + _SCORED]
        for rows in np.packbits(few ^ masks[_best(few, masks)], axis=-1):
            yield Matrix(len(rows), rows.tobytes())


def _best(codes: _Bits, masks: _Bits) -> NDArray[np.intp]:
    """Return the number of the mask with the least penalty for each code; of equals the first."""
    lines, every_module = _lines(codes), _lines(np.ones_like(masks[:1]))
    penalties = [_penalties(lines ^ mask, every_module) for mask in _lines(masks)]
    best: NDArray[np.intp] = np.argmin(penalties, axis=0)
    return best


@lru_cache(maxsize=16)
def _masks(side: int, level: Level) -> _Bits:
    """Return what turns when a code changes from the first mask to each, format information included."""
    version = (side - 17) // 4
    masks = np.stack([_made([], level, version=version, mask=mask) for mask in _MASKS])
    changes: _Bits = masks ^ masks[0]
    return changes


def _lines(codes: _Bits) -> _Words:
    """Pack every row, then every column."""
    rows_and_columns = np.concatenate([codes, codes.swapaxes(1, 2)], axis=1)
    packed = np.packbits(rows_and_columns, axis=-1, bitorder="little")
    missing = -packed.shape[-1] % (_WORD // _BYTE)
    return np.pad(packed, ((0, 0), (0, 0), (0, missing))).view("<u8")


class _Runs(NamedTuple):
    """Where so many modules in a line are alike, each run marked at its first module."""

    two: _Words
    three: _Words
    four: _Words
    five: _Words


def _runs(plane: _Words) -> _Runs:
    two = plane & _later(plane, 1)
    four = two & _later(two, 2)
    return _Runs(two, two & _later(two, 1), four, four & _later(plane, 4))


def _penalties(dark: _Words, every_module: _Words) -> _Counts:
    """Score complete symbols, and nothing around them, by the four features of ISO/IEC 18004, table 11."""
    light, side = dark ^ every_module, dark.shape[1] // 2
    runs_of_dark, runs_of_light = _runs(dark), _runs(light)
    five = runs_of_dark.five | runs_of_light.five
    squares = _squares(runs_of_dark.two[:, :side]) | _squares(runs_of_light.two[:, :side])
    finders = _like_finders(dark, light, runs_of_dark.three, runs_of_light.four)
    long_runs: _Counts = 3 * _count(five) - 2 * _count(five & _later(five, 1))
    steps_from_half: _Counts = abs(20 * _count(dark[:, :side]) - 10 * side**2) // side**2
    return long_runs + 3 * _count(squares) + 40 * _count(finders) + 10 * steps_from_half


def _squares(two: _Words) -> _Words:
    """Find squares of two by two, given the pairs of neighbours in rows."""
    return two[:, :-1] & two[:, 1:]


def _like_finders(dark: _Words, light: _Words, three_dark: _Words, four_light: _Words) -> _Words:
    """Find 1011101 with four light modules before or after it."""
    left, right = dark & _later(light, 1), light & _later(dark, 1)
    pattern = left & _later(three_dark, 2) & _later(right, 5)
    return pattern & (_earlier(four_light, 4) | _later(four_light, 7))


def _later(plane: _Words, modules: int) -> _Words:
    """Return the plane seen from so many modules further on; nothing is beyond the end of a line."""
    moved = plane >> np.uint64(modules)
    moved[..., :-1] |= plane[..., 1:] << np.uint64(_WORD - modules)
    return moved


def _earlier(plane: _Words, modules: int) -> _Words:
    """Return the plane seen from so many modules back; nothing is before the start of a line."""
    moved = plane << np.uint64(modules)
    moved[..., 1:] |= plane[..., :-1] >> np.uint64(_WORD - modules)
    return moved


def _count(plane: _Words) -> _Counts:
    counts: _Counts = np.bitwise_count(plane).sum(axis=(1, 2), dtype=np.int64)
    return counts
