"""A code is as small as can be and stays what it was; a batch is the package's, its masks the standard's."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

from plaques import qr
from plaques.qr import QUIET_ZONE, Level, Matrix, encode, encode_batch
from store.codes import CROCKFORD
from tests.plaques.reading import codes_in

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

URL = "https://gangpai.example.c/0123456789ABCDEFGHJKMNPQRS"
GOLDEN = Path(__file__).parent / "qr-version-4-q.txt"
LEVELS: tuple[Level, ...] = ("M", "Q")
MIXED = (
    "", "A", "7", "a", "http", "https://a.cn/", "岗牌", "https://党员.中国/岗牌?编号=1", "LINE\n",
    "0123456789" * 2, "0123456789" * 4 + "1", "ABCDE" * 5, "https://a.cn/" + "0" * 26 + "/z",
    "https://a.cn/AAAAAAAAAAAAAAAAAAAAAAAAA/12345678901234567890123", "x" * 130, "Y" * 200, "z" * 300,
)  # fmt: skip
"""Every mode, every remainder of its groups; from 21 modules a side to more than 64."""

DECIDED_BY_BALANCE = ("68", "887")
"""Texts so short that how much is dark settles the mask, at level Q and M."""

_MIDDLE_OF_33 = (33 + 16) * 48 + 30
"""The bit of a module in the middle of a code of 33 modules a side: lines of 48 bits, the columns last."""

Rule = Callable[[Matrix], int]


def plate_urls(count: int, host: str = "dj.example.cn") -> list[str]:
    chance = Random(f"{count} {host}")  # noqa: S311 -- the same texts in every run, no secrets
    return [f"https://{host}/{''.join(chance.choices(CROCKFORD, k=26))}" for _ in range(count)]


def test_a_plate_url_fits_version_4_at_level_q() -> None:
    assert len(URL) == len("https://") + 17 + 1 + 26
    assert encode(URL, "Q").side == 33


def test_capitals_are_packed_as_alphanumeric() -> None:
    assert encode(URL.lower(), "Q").side == 37


def test_level_m_spares_a_version_for_a_short_host() -> None:
    assert encode(URL, "M").side == 33
    assert encode(URL.replace("gangpai.example.c", "gp.cn"), "M").side == 29


@pytest.mark.parametrize("level", LEVELS)
def test_a_code_reads_back_by_another_implementation(level: Level) -> None:
    found = codes_in(_image(encode(URL, level)))
    assert [(code.text, code.ec_level) for code in found] == [(URL, level)]


def test_a_code_with_one_corner_lost_is_not_read_as_anything_else() -> None:
    image = _image(encode(URL, "Q"))
    image.paste(255, (0, 0, 60, 60))
    assert codes_in(image) == []


def test_a_matrix_is_the_same_as_ever() -> None:
    assert _drawn(encode(URL, "Q")) == GOLDEN.read_text(encoding="ascii")


def test_a_matrix_is_a_one_bit_image_as_it_is() -> None:
    matrix = encode(URL, "Q")
    picture = Image.frombytes("1", (matrix.side, matrix.side), matrix.rows)
    dark = [[bool(picture.getpixel((x, y))) for x in range(matrix.side)] for y in range(matrix.side)]
    assert dark == [list(row) for row in matrix.modules]
    assert len(matrix.rows) == 33 * 5


@pytest.mark.parametrize("level", LEVELS)
def test_a_batch_is_the_packages_own_module_for_module(level: Level) -> None:
    texts = [*plate_urls(1200), *plate_urls(200, "b.cn"), *MIXED, *plate_urls(3, "岗.中国")]
    matrices = encode_batch(texts, level)
    assert [
        number for number, text in enumerate(texts) if not _is_the_packages(matrices[number], text, level)
    ] == []


@pytest.mark.parametrize("level", LEVELS)
def test_one_code_is_the_same_as_in_a_batch(level: Level) -> None:
    texts = [*plate_urls(200), *MIXED]
    chosen = {*range(0, 200, 9), *range(200, len(texts))}
    matrices = encode_batch(texts, level)
    assert {number: encode(texts[number], level) for number in chosen} == {
        number: matrices[number] for number in chosen
    }


def test_a_batch_keeps_the_order_and_the_repetitions_of_its_texts() -> None:
    first, second = plate_urls(2)
    other = "https://a.cn/"
    one, two, three, four = encode_batch([first, other, second, first], "Q")
    assert (one, two, three) == (encode(first, "Q"), encode(other, "Q"), encode(second, "Q"))
    assert four == one
    assert encode_batch([], "Q") == []
    assert len(set(encode_batch([first] * 300, "Q"))) == 1


def test_one_wrong_pattern_of_the_basis_does_not_go_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, learn = plate_urls(200), qr._pattern  # noqa: SLF001 -- the basis is what this mutant spoils

    def spoiled(shape: Any, level: Level, bit: int) -> Any:
        return learn(shape, level, bit) ^ (bit == 200) << _MIDDLE_OF_33

    monkeypatch.setattr(qr, "_pattern", spoiled)
    matrices = encode_batch(texts, "Q")
    assert not all(_is_the_packages(*pair, "Q") for pair in zip(matrices, texts, strict=True))


@pytest.mark.parametrize("level", LEVELS)
def test_the_mask_is_the_one_with_the_least_penalty(level: Level) -> None:
    texts = [*plate_urls(30), *MIXED, *DECIDED_BY_BALANCE]
    chosen = [_mask(matrix) for matrix in encode_batch(texts, level)]
    points = [_points(text, level) for text in texts]
    assert chosen == [_least(each, RULES) for each in points]
    for rule in RULES:
        without_it = [other for other in RULES if other is not rule]
        assert chosen != [_least(each, without_it) for each in points], f"{rule} decides nothing here"


@pytest.mark.parametrize("side", [21, 69, 133])
def test_points_are_the_same_counted_line_by_line(side: int) -> None:
    chance = Random(side)  # noqa: S311 -- noise for a test
    unused = -side % 8
    for _ in range(20):
        rows = [chance.getrandbits(side) << unused for _ in range(side)]
        matrix = Matrix(side, b"".join(row.to_bytes((side + unused) // 8) for row in rows))
        assert _points_at_once(matrix) == sum(rule(matrix) for rule in RULES)


def test_a_text_too_long_for_any_code_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        encode("x" * 3000, "Q")


def _long_runs(matrix: Matrix) -> int:
    runs = [len(list(run)) for line in _lines(matrix) for _, run in groupby(line)]
    return sum(length - 2 for length in runs if length >= 5)


def _squares(matrix: Matrix) -> int:
    squares = (
        {*upper, *lower}
        for above, below in pairwise(matrix.modules)
        for upper, lower in zip(pairwise(above), pairwise(below), strict=True)
    )
    return 3 * sum(len(colours) == 1 for colours in squares)


def _like_finders(matrix: Matrix) -> int:
    found = 0
    for line in _lines(matrix):
        for start in range(len(line) - 6):
            beside = line[max(start - 4, 0) : start], line[start + 7 : start + 11]
            found += line[start : start + 7] == "1011101" and "0000" in beside
    return 40 * found


def _imbalance(matrix: Matrix) -> int:
    percent_dark = 100 * sum(map(sum, matrix.modules)) / matrix.side**2
    return 10 * int(abs(percent_dark - 50) / 5)


RULES: tuple[Rule, ...] = (_long_runs, _squares, _like_finders, _imbalance)
"""ISO/IEC 18004, 7.8.3, table 11, from the first feature to the fourth."""


def _lines(matrix: Matrix) -> Iterator[str]:
    for line in (*matrix.modules, *zip(*matrix.modules, strict=True)):
        yield "".join("01"[module] for module in line)


def _points_at_once(matrix: Matrix) -> int:
    plane = qr._plane(matrix.modules)  # noqa: SLF001 -- as below
    return qr._canvas(matrix.side).penalty(plane)  # noqa: SLF001 -- a choice of masks shows only who has least


def _points(text: str, level: Level) -> list[dict[Rule, int]]:
    masked = [_by_package(text, level, mask) for mask in range(8)]
    return [{rule: rule(matrix) for rule in RULES} for matrix in masked]


def _least(points: list[dict[Rule, int]], rules: Sequence[Rule]) -> int:
    """Return the mask with the fewest points by these rules; of equals the first."""
    return min(range(8), key=lambda mask: sum(points[mask][rule] for rule in rules))


def _mask(matrix: Matrix) -> int:
    """Read the mask from the format information (ISO/IEC 18004, 7.9)."""
    first, second, third = (matrix.is_dark(8, column) for column in (2, 3, 4))
    return (not first) << 2 | second << 1 | (not third)


def _is_the_packages(matrix: Matrix, text: str, level: Level) -> bool:
    return _by_package(text, level, _mask(matrix)) == matrix


def _by_package(text: str, level: Level, mask: int) -> Matrix:
    code = QRCode(error_correction={"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}[level], mask_pattern=mask)
    code.add_data(text)
    code.make()
    rows = [
        sum(bool(dark) << 7 - at % 8 << at // 8 * 8 for at, dark in enumerate(row)) for row in code.modules
    ]
    stride = -(-len(rows) // 8)
    return Matrix(len(rows), b"".join(row.to_bytes(stride, "little") for row in rows))


def _drawn(matrix: Matrix) -> str:
    return "".join("".join(".#"[module] for module in row) + "\n" for row in matrix.modules)


def _image(matrix: Matrix) -> Image.Image:
    side = matrix.side + 2 * QUIET_ZONE
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(matrix.modules):
        for x, dark in enumerate(row):
            image.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), 0 if dark else 255)
    return image.resize((side * 4, side * 4), Image.Resampling.NEAREST)
