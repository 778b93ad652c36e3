"""Codes as matrices of dark and light modules.

Knows ISO/IEC 18004 through the qrcode package, the only encoder here, and how the codes of a batch follow
from a few codes of that package: for texts that are packed alike a code is an affine function over GF(2) of
the text's bits, and the eight masks are eight fixed patterns laid over it. Leaves out where a matrix stands
on a plate, how large its modules are and how they are drawn.

A whole code is one number here, so that one operation of the processor's works on many modules, for a single
code and for a batch alike.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from itertools import compress
from operator import or_, xor
from typing import Literal, NamedTuple, TypeAlias

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import ALPHA_NUM, MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER, QRData, optimal_data_chunks

Level: TypeAlias = Literal["M", "Q"]
QUIET_ZONE = 4
"""Light modules that must surround a matrix on every side (ISO/IEC 18004, 5.3.8)."""

_CORRECTION = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}
_WORTH_PACKING = 20
"""Capitals and digits in a row from which on they get a segment of their own."""

_BYTE = 8
_APART = 8
"""Light modules that keep a line of a plane from the next, so that no pattern is seen across its end."""

_Plane: TypeAlias = int
"""A code: its rows from the top, then its columns, a line's first module in its highest bit, 1 for dark."""

_MASKS = range(8)
_FIRST_MASK = 0
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
        return tuple(tuple(map(bool, line)) for line in self.lines(0, 1))

    def is_dark(self, row: int, column: int) -> bool:
        """Say whether a module is dark; rows and columns are counted from 0 at the top left."""
        byte = self.rows[row * -(-self.side // _BYTE) + column // _BYTE]
        return bool(byte << column % _BYTE & 0x80)

    def lines(self, light: int, dark: int) -> list[bytes]:
        """Return the rows from the top, each module as one of two bytes."""
        stride = _BYTE * -(-self.side // _BYTE)
        bits = f"{int.from_bytes(self.rows):0{_BYTE * len(self.rows)}b}".encode()
        shown = bits.translate(bytes.maketrans(b"01", bytes((light, dark))))
        return [shown[start : start + self.side] for start in range(0, len(shown), stride)]


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
        unmasked = _unmasked([texts[number].encode() for number in numbers], shape, level)
        matrices.update(zip(numbers, (_masked(code, level) for code in unmasked), strict=True))
    return [matrices[number] for number in range(len(texts))]


def _by_shape(texts: Sequence[str]) -> dict[_Shape, list[int]]:
    numbers: dict[_Shape, list[int]] = {}
    for number, text in enumerate(texts):
        numbers.setdefault(_shape(_alike(text.encode())), []).append(number)
    return numbers


def _alike(text: bytes) -> bytes:
    """Return one text for all that are split alike: where no run of digits is long, a digit is a letter."""
    if len(text) <= _WORTH_PACKING or _LONG_NUMBER.search(text):
        return text
    return text.translate(_KINDS)


@lru_cache(maxsize=1024)
def _shape(text: bytes) -> _Shape:
    segments = optimal_data_chunks(text, minimum=_WORTH_PACKING)
    return tuple((segment.mode, len(segment)) for segment in segments)


_LONG_NUMBER = re.compile(rb"\d{%d}" % _WORTH_PACKING)
_KINDS = bytes(ord("A") if byte in ALPHA_NUM else ord("a") for byte in range(256))


class _Code(NamedTuple):
    """A code of so many modules a side."""

    side: int
    plane: _Plane


# From texts to codes under the first mask: the code of a text is the code of any other text of its shape with
# one fixed pattern laid over it for each bit in which the two texts differ.


class _Numbers(dict[bytes, int]):
    """The number as which characters of a mode are written together."""

    def __init__(self, characters: bytes) -> None:
        super().__init__()
        self.characters = characters

    def __missing__(self, together: bytes) -> int:
        number = 0
        for character in together:
            number = number * len(self.characters) + self.characters.index(character)
        return self.setdefault(together, number)


@dataclass(frozen=True)
class _Packing:
    """How a mode writes characters: as many together as there are `widths`, as one number of so many bits."""

    characters: bytes
    widths: tuple[int, ...]

    @cached_property
    def numbers(self) -> _Numbers:
        """What is written for characters of this mode."""
        return _Numbers(self.characters)


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

    def with_number(self, text: bytes, number: int) -> bytes:
        """Return the text with these characters changed into those that are written as `number`."""
        changed = bytearray(text)
        for column in reversed(range(self.start, self.stop)):
            number, rank = divmod(number, len(self.packing.characters))
            changed[column] = self.packing.characters[rank]
        return bytes(changed)


def _unmasked(texts: Sequence[bytes], shape: _Shape, level: Level) -> Iterator[_Code]:
    """Yield the codes of texts of one shape under the first mask.

    Where there are no more texts than patterns to learn, the package is asked for each code.
    """
    numbers = _numbers(texts, shape)
    turned = [number ^ numbers[0] for number in numbers]
    turning = reduce(or_, turned)
    if turning.bit_count() >= len(texts):
        return (_by_package(text, shape, level) for text in texts)
    patterns = _patterns(turning, shape, level)
    side, plain = _by_package(texts[0], shape, level)
    return (
        _Code(side, reduce(xor, compress(patterns, _bits(each, len(patterns))), plain)) for each in turned
    )


def _patterns(turning: int, shape: _Shape, level: Level) -> list[_Plane]:
    """Return what turns with each bit, from the highest that ever turns down; 0 for one that never does."""
    width, last = turning.bit_length(), sum(group.width for group in _groups(shape)) - 1
    return [_pattern(shape, level, last - bit) if turning >> bit & 1 else 0 for bit in reversed(range(width))]


def _bits(number: int, width: int) -> bytes:
    """Return a number's bits, the highest first, each as a byte."""
    return f"{number:0{width}b}".encode().translate(_ZEROS_AND_ONES) if width else b""


_ZEROS_AND_ONES = bytes(byte == ord("1") for byte in range(256))


def _numbers(texts: Sequence[bytes], shape: _Shape) -> list[int]:
    """Return what each text is written as, all of its groups one after the other."""
    groups = [(group.packing.numbers, group.start, group.stop, group.width) for group in _groups(shape)]
    written = []
    for text in texts:
        number = 0
        for numbers, start, stop, width in groups:
            number = number << width | numbers[text[start:stop]]
        written.append(number)
    return written


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
def _pattern(shape: _Shape, level: Level, bit: int) -> _Plane:
    """Return the modules that turn when this bit of a text, the first being 0, turns."""
    return _plain_code(shape, level) ^ _by_package(_with_bit_turned(shape, bit), shape, level).plane


@lru_cache(maxsize=64)
def _plain_code(shape: _Shape, level: Level) -> _Plane:
    return _by_package(_plain(shape), shape, level).plane


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


def _by_package(text: bytes, shape: _Shape, level: Level) -> _Code:
    spans = _spans(shape)
    return _made([QRData(text[start:stop], mode, check_data=False) for mode, start, stop in spans], level)


def _made(segments: Sequence[QRData], level: Level) -> _Code:
    """Return the package's code of these segments under the first mask, as small as can be."""
    code = QRCode(1, _CORRECTION[level], mask_pattern=_FIRST_MASK)
    for segment in segments:
        code.add_data(segment)
    code.make()
    return _Code(len(code.modules), _plane(code.modules))


def _plane(modules: Sequence[Sequence[object]]) -> _Plane:
    stride = _stride(len(modules))
    lines = (*modules, *zip(*modules, strict=True))
    return int(
        "".join(["".join(["01"[bool(dark)] for dark in line]).ljust(stride, "0") for line in lines]), 2
    )


def _stride(side: int) -> int:
    """Return how far the lines of a plane lie apart: whole bytes."""
    return _BYTE * -(-(side + _APART) // _BYTE)


# The mask: of eight fixed patterns laid over the code, the one with the least penalty (ISO/IEC 18004, 7.8.3).
# The package's own choice may be another, for it scores symbols whose format information is still blank and
# counts the pattern of a finder twice where light modules lie on both sides.


def _masked(code: _Code, level: Level) -> Matrix:
    """Return a code, which is under the first mask, under its best one; of equals the first."""
    side, canvas = code.side, _canvas(code.side)
    masked = min([code.plane ^ mask for mask in _masks(side, level)], key=canvas.penalty)
    stride, width = _stride(side) // _BYTE, -(-side // _BYTE)
    content = (masked >> canvas.half).to_bytes(side * stride)
    return Matrix(
        side, b"".join([content[start : start + width] for start in range(0, len(content), stride)])
    )


@lru_cache(maxsize=16)
def _masks(side: int, level: Level) -> tuple[_Plane, ...]:
    """Return what turns when a code changes from the first mask to each, format information included."""
    code, masks = QRCode((side - 17) // 4, _CORRECTION[level]), []
    for mask in _MASKS:
        code.mask_pattern = mask
        code.make(fit=False)
        masks.append(_plane(code.modules))
    return tuple(mask ^ masks[_FIRST_MASK] for mask in masks)


@lru_cache(maxsize=16)
def _canvas(side: int) -> "_Canvas":
    every_module = _plane([[True] * side] * side)
    stride = _stride(side)
    return _Canvas(side, stride, side * stride, every_module, every_module & every_module << 1)


class _Canvas(NamedTuple):
    """What planes of one size have in common: how far lines lie apart, where the rows begin, all modules.

    `every_pair` marks each module that has a next one in its line.
    """

    side: int
    stride: int
    half: int
    every_module: _Plane
    every_pair: _Plane

    def penalty(self, dark: _Plane) -> int:
        """Score a complete symbol, and nothing around it, by the four features of ISO/IEC 18004, table 11.

        A plane moved to the left is the plane seen from so many modules further on.
        """
        alike = self.every_pair & (self.every_pair ^ dark ^ dark << 1)
        three = alike & alike << 1
        five = three & three << 2
        finders = _like_finders(dark, dark ^ self.every_module)
        rows = dark >> self.half
        squares = self._squares(rows, alike >> self.half)
        steps_from_half = abs(20 * rows.bit_count() - 10 * self.side**2) // self.side**2
        long_runs = 3 * five.bit_count() - 2 * (five & five << 1).bit_count()
        return long_runs + 3 * squares.bit_count() + 40 * finders.bit_count() + 10 * steps_from_half

    def _squares(self, rows: _Plane, alike: _Plane) -> _Plane:
        """Find squares of two by two: alike pairs over alike pairs of the same colour."""
        stacked = alike & alike << self.stride
        return stacked ^ stacked & (rows ^ rows << self.stride)


def _like_finders(dark: _Plane, light: _Plane) -> _Plane:
    """Find 1011101 with four light modules before or after it."""
    left, right = dark & light << 1, light & dark << 1
    pattern = left & dark << 2 & dark << 3 & left << 4 & right << 5
    two_light = light & light << 1
    four_light = two_light & two_light << 2
    return pattern & (four_light >> 4 | four_light << 7)
