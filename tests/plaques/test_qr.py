"""A code is as small as it can be, reads back by another implementation, and stays what it was."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from plaques.qr import QUIET_ZONE, Level, Matrix, encode

URL = "https://gangpai.example.c/0123456789ABCDEFGHJKMNPQRS"
GOLDEN = Path(__file__).parent / "qr-version-4-q.txt"


def test_a_plate_url_fits_version_4_at_level_q() -> None:
    assert len(URL) == len("https://") + 17 + 1 + 26
    assert encode(URL, "Q").side == 33


def test_capitals_are_packed_as_alphanumeric() -> None:
    assert encode(URL.lower(), "Q").side == 37


def test_level_m_spares_a_version_for_a_short_host() -> None:
    assert encode(URL, "M").side == 33
    assert encode(URL.replace("gangpai.example.c", "gp.cn"), "M").side == 29


@pytest.mark.parametrize("level", ["M", "Q"])
def test_a_code_reads_back_by_another_implementation(level: Level) -> None:
    found = zxingcpp.read_barcodes(_image(encode(URL, level)))
    assert [(code.text, code.ec_level) for code in found] == [(URL, level)]


def test_a_code_with_one_corner_lost_is_not_read_as_anything_else() -> None:
    image = _image(encode(URL, "Q"))
    image.paste(255, (0, 0, 60, 60))
    assert zxingcpp.read_barcodes(image) == []


def test_a_matrix_is_the_same_as_ever() -> None:
    drawn = "\n".join("".join(".#"[module] for module in row) for row in encode(URL, "Q").modules)
    assert drawn + "\n" == GOLDEN.read_text(encoding="ascii")


def _image(matrix: Matrix) -> Image.Image:
    side = matrix.side + 2 * QUIET_ZONE
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(matrix.modules):
        for x, dark in enumerate(row):
            image.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), 0 if dark else 255)
    return image.resize((side * 4, side * 4), Image.Resampling.NEAREST)
