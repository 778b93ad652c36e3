"""Whatever would spoil a plate is refused before paper; each check is shown a plate it must not pass."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import pi, sqrt

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from plaques.impose import Sheet, impose
from plaques.marks import Block, Box, Code, Mark, Page, Text
from plaques.pdf import draw_pdf
from plaques.preflight import (
    CHECKS,
    CodeDiffers,
    CodeUnreadable,
    IncompletePlate,
    NoBaseUrl,
    Plate,
    QuietZoneBroken,
    Report,
    TextLost,
    TextsCollide,
    TooNearTrim,
    UnfitBaseUrl,
    check_base_url,
    check_plate,
    read_back,
)
from plaques.qr import encode
from store.codes import PROOF_CODE
from store.records import Face, Product
from store.refusals import Refusal
from tests.plaques.plates import BASE_URL, CODE, LONG_DUTIES, NUMBER, RARE_NAMES, content, face, page, people

CLEAR_MM = 3


def _plate(words: Face, product: Product = Product.PLAQUE) -> Plate:
    return Plate(number=NUMBER, face=words, url=CODE.url(BASE_URL), page=page(words, product))


def _with(plate: Plate, change: Callable[[Mark], Sequence[Mark]]) -> Plate:
    """Return the plate with each mark replaced by what the change makes of it."""
    marks = tuple(new for mark in plate.page.marks for new in change(mark))
    return replace(plate, page=replace(plate.page, marks=marks))


def _without(plate: Plate, text: str) -> Plate:
    return _with(plate, lambda mark: [] if isinstance(mark, Text) and mark.text == text else [mark])


def _read(plate: Plate, drawn: Page | None = None, raster_dpi: float = 150) -> Report:
    """Read a plate back from a file on which `drawn` was drawn in its place."""
    page = drawn or plate.page
    sheets = [Sheet(page=page, places=(page.box,))]
    return read_back(draw_pdf([page], title="标牌"), sheets, [plate], raster_dpi=raster_dpi)


@pytest.mark.parametrize("size", [1, 3, 26, 30])
def test_a_complete_plaque_passes(size: int) -> None:
    plate = _plate(face(content(people(size))))
    check_plate(plate, clear_mm=CLEAR_MM)
    report = _read(plate)
    assert (report.pages, report.checks) == (1, CHECKS)
    assert [copy.code_read for copy in report.copies] == [plate.url]


@pytest.mark.parametrize("duties", ["承担机械作业", LONG_DUTIES])
def test_a_complete_badge_passes(duties: str) -> None:
    plate = _plate(face(content(RARE_NAMES, duties=duties), holder="阿依古丽·艾合买提"), Product.BADGE)
    check_plate(plate, clear_mm=CLEAR_MM)
    assert _read(plate, raster_dpi=300).copies[0].holder == "阿依古丽·艾合买提"


def test_a_name_set_in_another_face_is_flagged_for_a_human_eye() -> None:
    plate = _plate(face(content(("王𪚥", "贺杰佳", "贾欣"))))
    assert _read(plate).copies[0].fell_back == ("王𪚥",)


@pytest.mark.parametrize(
    "text", ["共产党员示范岗", "农机作业服务岗", "承担机械作业", "3 名", "周䶮", f"编号 {NUMBER}"]
)
def test_a_plate_without_one_of_its_texts_is_refused_under_f10(text: str) -> None:
    with pytest.raises(IncompletePlate) as refused:
        check_plate(_without(_plate(face(content())), text), clear_mm=CLEAR_MM)
    assert refused.value.clause is not None
    assert refused.value.clause.id == "F10"


@pytest.mark.parametrize(
    "other",
    [
        {"names": ("周䶮", "贾欣", "贺杰佳")},
        {"names": ("周䶮", "贺杰佳", "贾欣", "张三"), "member_count": 4},
        {"post_name": "农机作业岗"},
        {"duties": "承担机械作业。"},
        {"duties": ""},
        {"post_name": ""},
        {"holder": "周䶮"},
        {"names": (), "member_count": 0},
    ],
)
def test_a_plate_that_says_other_than_its_record_is_refused(other: dict[str, object]) -> None:
    plate = _plate(face(content()))
    with pytest.raises(IncompletePlate):
        check_plate(replace(plate, face=replace(plate.face, **other)), clear_mm=CLEAR_MM)  # type: ignore[arg-type]


def test_a_badge_for_someone_who_is_not_in_the_post_is_refused() -> None:
    with pytest.raises(IncompletePlate, match="张三"):
        check_plate(_plate(face(content(), holder="张三"), Product.BADGE), clear_mm=CLEAR_MM)


def test_a_text_near_the_trim_is_refused() -> None:
    def change(mark: Mark) -> list[Mark]:
        return [replace(mark, x_mm=2)] if isinstance(mark, Text) and mark.part == "issuer" else [mark]

    with pytest.raises(TooNearTrim, match="中共场站管理中心委员会"):
        check_plate(_with(_plate(face(content())), change), clear_mm=CLEAR_MM)


def test_texts_that_touch_are_refused() -> None:
    def change(mark: Mark) -> list[Mark]:
        return [mark.shifted(20, 0)] if isinstance(mark, Text) and mark.text == "岗位名称" else [mark]

    with pytest.raises(TextsCollide, match="岗位名称"):
        check_plate(_with(_plate(face(content())), change), clear_mm=CLEAR_MM)


def test_a_text_on_the_code_is_refused() -> None:
    def change(mark: Mark) -> list[Mark]:
        return [mark.shifted(0, -20)] if isinstance(mark, Text) and mark.part == "instruction" else [mark]

    with pytest.raises(TextsCollide):
        check_plate(_with(_plate(face(content())), change), clear_mm=CLEAR_MM)


# What the finished file must not be ------------------------------------------------------------------------


def _broken(words: Face, change: Callable[[Mark], Sequence[Mark]]) -> tuple[Plate, Page]:
    plate = _plate(words)
    return plate, _with(plate, change).page


def test_a_page_with_another_plates_code_is_refused() -> None:
    other = encode(PROOF_CODE.url(BASE_URL), "Q")
    plate, drawn = _broken(
        face(content()), lambda mark: [replace(mark, matrix=other)] if isinstance(mark, Code) else [mark]
    )
    with pytest.raises(CodeDiffers) as refused:
        _read(plate, drawn)
    assert refused.value.facts["read"] == PROOF_CODE.url(BASE_URL)


def test_codes_swapped_between_two_places_of_a_sheet_are_refused() -> None:
    words = [face(content(), holder=name) for name in ("周䶮", "贺杰佳")]
    plates = [_plate(each, Product.BADGE) for each in words]
    plates[1] = replace(plates[1], url=PROOF_CODE.url(BASE_URL))
    sheets = impose([plate.page for plate in plates], sheet="a4")
    with pytest.raises(CodeDiffers):
        read_back(draw_pdf([sheets[0].page], title="胸牌"), sheets, plates, raster_dpi=300)


def test_a_code_without_its_quiet_zone_is_refused() -> None:
    plate, drawn = _broken(face(content()), lambda mark: [_grown(mark)] if isinstance(mark, Code) else [mark])
    with pytest.raises(QuietZoneBroken):
        _read(plate, drawn)


def _grown(code: Code) -> Code:
    return replace(code, box=code.box.inset(-4 * code.module_mm))


@pytest.mark.parametrize("side", ["left", "top", "right", "bottom"])
def test_anything_dark_in_the_quiet_zone_is_refused(side: str) -> None:
    plate = _plate(face(content()))
    (code,) = plate.page.codes
    step = code.dark_box.width_mm / 2 + 2 * code.module_mm
    dx, dy = {"left": (-step, 0), "right": (step, 0), "top": (0, -step), "bottom": (0, step)}[side]
    speck = Box(code.box.center_x_mm + dx, code.box.center_y_mm + dy, 1, 1)
    drawn = replace(plate.page, marks=(*plate.page.marks, Block(box=speck, color="#9E0B14")))
    with pytest.raises(QuietZoneBroken):
        _read(plate, drawn)


def test_a_code_that_cannot_be_read_is_refused() -> None:
    plate = _plate(face(content()))
    (code,) = plate.page.codes
    blot = Block(box=code.dark_box, color="#14100F")
    with pytest.raises(CodeUnreadable):
        _read(plate, replace(plate.page, marks=(*plate.page.marks, blot)))


def test_a_copy_that_is_on_no_page_is_refused() -> None:
    plates = [_plate(face(content())), replace(_plate(face(content())), number="2026-007-04-83")]
    sheets = impose([plates[0].page])
    with pytest.raises(CodeUnreadable, match="2026-007-04-83"):
        read_back(draw_pdf([sheets[0].page], title="标牌"), sheets, plates, raster_dpi=150)


@pytest.mark.parametrize("product", [Product.PLAQUE, Product.BADGE])
def test_a_code_is_still_read_blurred_tilted_and_with_a_hole(product: Product) -> None:
    plate = _plate(face(content(), holder="周䶮" if product is Product.BADGE else ""), product)
    (code,) = plate.page.codes
    px_per_module = 6
    picture = _photographed(plate.page, px_per_module / code.module_mm)
    hole = [edge * px_per_module / code.module_mm for edge in _hole(code)]
    ImageDraw.Draw(picture).ellipse(hole, fill=255)
    blurred = picture.filter(ImageFilter.GaussianBlur(0.4 * px_per_module))
    (read,) = zxingcpp.read_barcodes(blurred.rotate(45, expand=True, fillcolor=255))
    assert read.text == plate.url


def _photographed(drawn: Page, px_per_mm: float) -> Image.Image:
    with pypdfium2.PdfDocument(draw_pdf([drawn], title="标牌")) as document:
        picture: Image.Image = document[0].render(scale=px_per_mm * 25.4 / 72).to_pil()
        return picture.convert("L")


def _hole(code: Code) -> tuple[float, float, float, float]:
    """Return the corners of a disc of five hundredths of the code, right of its middle."""
    dark = code.dark_box
    radius = dark.width_mm * sqrt(0.05 / pi)
    x, y = dark.center_x_mm + dark.width_mm / 8, dark.center_y_mm
    return x - radius, y - radius, x + radius, y + radius


def test_an_inverted_code_is_refused() -> None:
    plate = _plate(face(content()))
    (code,) = plate.page.codes
    inverted = (Block(box=code.box, color="#14100F"), replace(code, color="#FFFFFF"))
    with pytest.raises(Refusal):
        _read(plate, replace(plate.page, marks=(*plate.page.marks, *inverted)))


@pytest.mark.parametrize("text", ["周䶮", "农机作业服务岗", "承担机械作业"])
def test_a_text_that_is_not_in_the_file_is_refused(text: str) -> None:
    plate = _plate(face(content()))
    with pytest.raises(TextLost, match=text):
        _read(plate, _without(plate, text).page)


def test_a_name_that_extracts_as_another_is_refused() -> None:
    def change(mark: Mark) -> list[Mark]:
        return [replace(mark, text="周龚")] if isinstance(mark, Text) and mark.text == "周䶮" else [mark]

    plate, drawn = _broken(face(content()), change)
    with pytest.raises(TextLost, match="周䶮"):
        _read(plate, drawn)


# What may be printed for years -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "base_url",
    [
        "https://dj.example.cn",
        "https://dj.example.cn/gp",
        "https://dj.example.edu.cn:8443",
        "https://1.1.1.1",
    ],
)
def test_a_public_https_address_may_be_printed(base_url: str) -> None:
    check_base_url(base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        "", "dj.example.cn", "http://dj.example.cn", "HTTPS://dj.example.cn", "https://DJ.example.cn",
        "https://localhost", "https://gangpai", "https://gangpai.local", "https://dj.intranet", "https://dj.lan.",
        "https://127.0.0.1", "https://10.1.2.3", "https://192.168.1.5:8000", "https://172.16.0.1",
        "https://169.254.1.1", "https://[::1]", "https://[fd00::1]", "https://user@dj.example.cn",
        "https://dj.example.cn?x=1", "https://dj.example.cn#x", "https://", "ftp://dj.example.cn",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_in_public_is_not_printed(base_url: str) -> None:
    with pytest.raises(UnfitBaseUrl):
        check_base_url(base_url)


def test_a_refusal_names_the_plate_in_both_languages() -> None:
    with pytest.raises(IncompletePlate) as refused:
        check_plate(_without(_plate(face(content())), "周䶮"), clear_mm=CLEAR_MM)
    assert NUMBER in refused.value.zh
    assert "周䶮" in refused.value.en


def test_an_address_that_is_not_set_is_told_as_missing() -> None:
    with pytest.raises(NoBaseUrl, match="No base URL is set") as refused:
        check_base_url("")
    assert "GANGPAI_BASE_URL" in refused.value.zh
