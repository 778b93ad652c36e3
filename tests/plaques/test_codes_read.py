"""Every code that is printed can be read: bare, on paper, worn, from aside, and by a second decoder."""

import subprocess
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

from plaques.preflight.codes import read_matrices, read_picture, stressed
from plaques.qr import QUIET_ZONE, Level, Matrix, encode, encode_batch
from store.codes import CROCKFORD

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

LEVELS: tuple[Level, ...] = ("M", "Q")
HOSTS = ("gp.cn", "dj.example.cn", "gangpai.dangjian.example.gov.cn")
"""Codes of 29, 33 and 37 modules a side."""

BADGE_MODULE_MM = 0.4
SHARPNESS_DPI = (150, 300)


def urls(host: str, count: int) -> list[str]:
    chance = Random(host)  # noqa: S311 -- the same texts in every run, no secrets
    return [f"https://{host}/{''.join(chance.choices(CROCKFORD, k=26))}" for _ in range(count)]


def drawn(matrix: Matrix, module_px: float) -> Image.Image:
    """Draw a code with its quiet zone, whole pixels mixed where the edge of a module crosses them."""
    side = matrix.side + 2 * QUIET_ZONE
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(matrix.modules, start=QUIET_ZONE):
        for x, dark in enumerate(row, start=QUIET_ZONE):
            picture.putpixel((x, y), 0 if dark else 255)
    return picture.resize((round(side * module_px),) * 2, Image.Resampling.BOX)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("host", HOSTS)
def test_every_bare_matrix_says_its_text(host: str, level: Level) -> None:
    texts = urls(host, 500)
    assert list(read_matrices(encode_batch(texts, level))) == texts


@pytest.mark.parametrize("length", [1, 90, 200, 330])
def test_a_bare_matrix_of_any_size_says_its_text(length: int) -> None:
    text = f"https://岗牌.cn/{'a' * length}"
    assert list(read_matrices([encode(text, "Q")])) == [text]


def test_a_matrix_that_says_nothing_reads_as_nothing() -> None:
    matrix = encode("https://a.cn/", "Q")
    spoiled = (
        bytes(len(matrix.rows)),
        b"\xff" * len(matrix.rows),
        matrix.rows[:36] + bytes(len(matrix.rows) - 36),
    )
    assert list(read_matrices(Matrix(matrix.side, rows) for rows in spoiled)) == [None, None, None]
    assert list(read_matrices([])) == []


@pytest.mark.parametrize("dpi", SHARPNESS_DPI)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("host", HOSTS)
def test_a_code_on_the_smallest_badge_is_read_clean_and_after_every_stress(
    host: str, level: Level, dpi: int
) -> None:
    texts, module_px = urls(host, 25), BADGE_MODULE_MM / 25.4 * dpi
    for text, matrix in zip(texts, encode_batch(texts, level), strict=True):
        picture = drawn(matrix, module_px)
        worn = {name: read_picture(each) for name, each in stressed(picture, module_px)}
        assert read_picture(picture) == text
        assert worn == dict.fromkeys(("blur", "hole", "turn", "tilt"), text)


def test_the_blur_is_a_gauss_curve_of_four_tenths_of_a_module() -> None:
    edge = Image.new("L", (1000, 20), 0)
    edge.paste(255, (500, 0, 1000, 20))
    blurred = dict(stressed(edge, module_px=50))["blur"]
    within_one_sigma = [blurred.getpixel((x, 10)) for x in (479, 500, 519)]
    assert within_one_sigma == pytest.approx([0.16 * 255, 0.51 * 255, 0.84 * 255], abs=6)


def test_the_hole_takes_a_twentieth_of_the_code_and_leaves_its_patterns() -> None:
    black = Image.new("L", (41 * 8, 41 * 8), 0)
    holed = dict(stressed(black, 8))["hole"]
    assert holed.histogram()[255] == pytest.approx(0.05 * (33 * 8) ** 2, rel=0.02)
    left, top, right, bottom = holed.getbbox() or (0, 0, 0, 0)
    assert min(left, top) > (QUIET_ZONE + 8) * 8
    assert max(right, bottom) < (41 - QUIET_ZONE - 8) * 8


def test_the_tilt_shows_the_code_narrower_and_its_near_side_higher() -> None:
    black = ImageOps.expand(Image.new("L", (200, 200), 0), 50, 255)
    tilted = ImageOps.invert(dict(stressed(black, 8))["tilt"])
    left, top, right, bottom = tilted.getbbox() or (0, 0, 0, 0)
    assert (right - left) / 400 == pytest.approx(0.5**0.5, abs=0.02)
    near, far = tilted.crop((left, 0, left + 40, 600)), tilted.crop((right - 40, 0, right, 600))
    assert _height(near) > 400 > _height(far)
    assert bottom - top == _height(near)


def test_stress_leaves_the_picture_as_it_was() -> None:
    picture = drawn(encode(urls("gp.cn", 1)[0], "Q"), 4)
    before = picture.copy()
    assert len({each.tobytes() for _, each in stressed(picture, 4)} | {before.tobytes()}) == 5
    assert ImageChops.difference(picture, before).getbbox() is None


def test_a_code_worn_beyond_its_correction_is_not_read() -> None:
    picture = drawn(encode(urls("gp.cn", 1)[0], "Q"), 6)
    middle = picture.width // 2
    ImageDraw.Draw(picture).ellipse((middle - 60, middle - 60, middle + 60, middle + 60), fill=255)
    assert read_picture(picture) is None


def test_what_is_no_dark_code_on_light_is_not_read() -> None:
    assert read_picture(ImageOps.invert(drawn(encode("https://a.cn/", "Q"), 4))) is None
    assert read_picture(Image.new("L", (200, 200), 255)) is None


@pytest.mark.parametrize("level", LEVELS)
def test_a_second_decoder_reads_every_code(level: Level, zbarimg: Path, tmp_path: Path) -> None:
    texts = [text for host in HOSTS for text in urls(host, 150)]
    files = [tmp_path / f"{number:03}.png" for number in range(len(texts))]
    for file, matrix in zip(files, encode_batch(texts, level), strict=True):
        drawn(matrix, BADGE_MODULE_MM / 25.4 * 150).save(file)
    assert _read_by_zbar(zbarimg, files) == texts


def _height(picture: Image.Image) -> int:
    _, top, _, bottom = picture.getbbox() or (0, 0, 0, 0)
    return bottom - top


def _read_by_zbar(zbarimg: Path, files: list[Path]) -> list[str]:
    only_codes = ("--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable")
    done = subprocess.run([zbarimg, *only_codes, *files], capture_output=True, check=True, encoding="utf-8")
    return done.stdout.splitlines()
