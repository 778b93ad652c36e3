"""Reading plates from codes, addresses, numbers, pictures and PDFs."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from gangpai.check import NoCodeFound, NothingToRead, sightings
from gangpai.office import Office
from gangpai.practice import hang_plates
from plaques.qr import encode
from store.codes import PROOF_CODE
from store.records import Copy
from tests.gangpai.desk import BASE_URL, Command


@pytest.fixture
def copy(office: Office) -> Copy:
    [hung] = hang_plates(office)
    return hung


def picture(url: str, module_px: int = 8) -> Image.Image:
    """Draw a code as a photograph would show it: on light ground, in grey."""
    matrix = encode(url, "Q").modules
    side = len(matrix)
    image = Image.new("L", (side, side), 235)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            image.putpixel((x, y), 30 if dark else 235)
    image = image.resize((side * module_px, side * module_px), Image.Resampling.NEAREST)
    return ImageOps.expand(image, border=8 * module_px, fill=235)


def standing(gangpai: Command, what: object) -> str:
    [row] = gangpai("check", what, "--json").json["codes"]
    return str(row["standing"])


def test_code_address_and_number_name_the_same_plate(gangpai: Command, copy: Copy) -> None:
    for what in (copy.code, copy.code.lower(), f"{BASE_URL}/{copy.code}", copy.id, copy.id.replace("-", "")):
        [row] = gangpai("check", what, "--json").json["codes"]
        assert (row["standing"], row["number"], row["post"]) == ("creating", copy.id, copy.post_id)


def test_a_foreign_host_is_named_as_not_ours(gangpai: Command, copy: Copy) -> None:
    [row] = gangpai("check", f"https://gp.example.com/{copy.code}", "--json").json["codes"]
    assert row["standing"] == "foreign"
    assert "gp.example.com" in row["verdict"]
    assert "number" not in row


def test_a_foreign_host_is_named_without_its_scheme_as_well(gangpai: Command, copy: Copy) -> None:
    assert standing(gangpai, f"gp.example.com/{copy.code}") == "foreign"
    assert standing(gangpai, f"{BASE_URL.removeprefix('https://')}/{copy.code}") == "creating"


@pytest.mark.parametrize(
    ("what", "why"), [("gone.pdf", "没有这个文件"), ("gone.JPG", "没有这个文件"), (".", "目录")]
)
def test_a_file_that_is_not_there_is_not_called_a_bad_code(gangpai: Command, what: str, why: str) -> None:
    answer = gangpai("check", what)
    assert answer.code == 1
    assert why in answer.err


def test_while_no_base_url_is_set_a_code_is_looked_up_whatever_its_host(
    gangpai: Command, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GANGPAI_BASE_URL")
    assert standing(gangpai, f"{BASE_URL}/{copy.code}") == "creating"


def test_an_unknown_code_and_a_proof(gangpai: Command, copy: Copy) -> None:
    assert standing(gangpai, copy.code[::-1]) == "unknown"
    assert standing(gangpai, PROOF_CODE.text) == "proof"


@pytest.mark.parametrize("what", ["2026-001-01-48", "123", "ABC", "", "~" * 5000])
def test_what_is_no_plate_at_all_is_a_refusal(gangpai: Command, what: str) -> None:
    answer = gangpai("check", what, "--json")
    assert answer.code == 1
    assert answer.json["refused"]["code"] in {"NotAPlateCode", "NotAPlateNumber"}


DAMAGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda image: image,
    "turned": lambda image: image.rotate(23, expand=True, fillcolor=200),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(2)),
    "dim": lambda image: image.point(lambda value: value // 4 + 20),
    "large": lambda image: image.resize((image.width * 9, image.height * 9)),
    "small in a wide room": lambda image: ImageOps.expand(image, border=1200, fill=120),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_photograph_is_read(
    gangpai: Command, copy: Copy, desk: Path, damage: Callable[[Image.Image], Image.Image]
) -> None:
    damage(picture(f"{BASE_URL}/{copy.code}")).save(desk / "photo.jpg", quality=80)
    assert standing(gangpai, "photo.jpg") == "creating"


def test_a_mirrored_orientation_tag_is_undone(gangpai: Command, copy: Copy, desk: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(f"{BASE_URL}/{copy.code}").save(desk / "photo.jpg", exif=exif)
    assert standing(gangpai, "photo.jpg") == "creating"


def test_several_codes_in_one_picture_are_all_read(gangpai: Command, office: Office, desk: Path) -> None:
    copies = hang_plates(office, 3)
    pictures = [picture(f"{BASE_URL}/{each.code}", module_px=4) for each in copies]
    wide = Image.new("L", (sum(each.width for each in pictures), pictures[0].height), 235)
    for number, each in enumerate(pictures):
        wide.paste(each, (number * each.width, 0))
    wide.save(desk / "wall.png")
    rows = gangpai("check", "wall.png", "--json").json["codes"]
    assert {row["number"] for row in rows} == {each.id for each in copies}


def test_every_code_on_every_page_of_a_pdf_is_read(gangpai: Command, office: Office, desk: Path) -> None:
    copies = hang_plates(office, 4)
    pages = [picture(f"{BASE_URL}/{each.code}") for each in copies]
    pages[0].save(desk / "pages.pdf", save_all=True, append_images=pages[1:])
    rows = gangpai("check", "pages.pdf", "--json").json["codes"]
    assert [(row["number"], row["where"]) for row in rows] == [
        (each.id, f"第{page}页") for page, each in enumerate(copies, start=1)
    ]


def test_hostile_files_are_refusals(desk: Path) -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    truncated = io.BytesIO()
    picture(BASE_URL).save(truncated, "PNG")
    noise = random.Random(7).randbytes(5000)  # noqa: S311 -- noise for a test, not a secret
    hostile = {
        "bomb.png": bomb.getvalue(),
        "cut.png": truncated.getvalue()[:300],
        "broken.pdf": b"%PDF-1.7\n" + noise,
        "noise.jpg": noise,
        "empty": b"",
        "script.svg": b"<svg onload='alert(1)'/>",
    }
    for name, data in hostile.items():
        (desk / name).write_bytes(data)
        with pytest.raises(NothingToRead):
            sightings(name)


def test_a_picture_without_a_code_says_how_to_take_a_better_one(gangpai: Command, desk: Path) -> None:
    Image.new("L", (400, 300), 200).save(desk / "wall.png")
    with pytest.raises(NoCodeFound):
        sightings("wall.png")
    assert "重新拍摄" in gangpai("check", "wall.png").err


def test_specks_that_look_like_the_smallest_of_codes_are_none(desk: Path) -> None:
    """A Micro QR Code is too small to be told from ornament, and no plate carries one."""
    micro = zxingcpp.create_barcode("77487", zxingcpp.BarcodeFormat.MicroQRCode).to_image(scale=8)
    ImageOps.expand(Image.fromarray(micro), border=64, fill=255).save(desk / "ornament.png")
    with pytest.raises(NoCodeFound):
        sightings("ornament.png")


def test_a_pdf_with_too_many_pages_is_refused(desk: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(501):
        document.new_page(10, 10)
    document.save(desk / "long.pdf")
    document.close()
    with pytest.raises(NothingToRead, match="too many pages"):
        sightings("long.pdf")
