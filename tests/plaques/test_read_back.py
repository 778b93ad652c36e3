"""What a finished file must not be: each check of the reading back is shown a file it must not pass."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from plaques.drawing.engraving import Engraver
from plaques.drawing.pdf import draw_pdf
from plaques.marks import Block, Box, Code, Color, Group, Mark, Page, Text
from plaques.preflight.findings import Check
from plaques.preflight.plate import Plate
from plaques.preflight.read_back import (
    BoxesDiffer,
    CodeDiffers,
    CodeUnreadable,
    Leaf,
    PagesMissing,
    QuietZoneBroken,
    TextLost,
    Witness,
)
from plaques.preflight.report import Report
from plaques.press.impose import Imposition, Sheet, impose
from plaques.qr import encode
from store.codes import PROOF_CODE
from store.records import Face, Product
from store.refusals import Refusal
from tests.plaques.plates import (
    BASE_URL,
    CODE,
    LONG_DUTIES,
    NUMBER,
    RARE_NAMES,
    content,
    face,
    flat,
    page,
    people,
)

DARK = Color("#14100F")


def _plate(words: Face, product: Product = Product.PLAQUE) -> Plate:
    drawn = flat(page(words, product))
    return Plate(number=NUMBER, face=words, url=CODE.url(BASE_URL), front=drawn, page=drawn)


def _with(plate: Plate, change: Callable[[Mark], Sequence[Mark]]) -> Page:
    """Return the plate's page with each mark replaced by what the change makes of it."""
    return replace(plate.page, marks=tuple(new for mark in plate.page.marks for new in change(mark)))


def read_back(pdf: bytes, leaves: Sequence[Leaf], *, raster_dpi: float) -> Report:
    """Compare a file with the sheets that should be on it."""
    witness = Witness(pages=len(leaves))
    assert [leaf.sheet.page for leaf in leaves] == list(witness.watched(leaves))
    return witness.report(pdf, raster_dpi=raster_dpi)


def _read(plate: Plate, drawn: Page | None = None, raster_dpi: float = 300) -> Report:
    """Read a plate back from a file on which `drawn` was drawn in its place."""
    expected = _sheet(plate.page)
    pdf = draw_pdf([_sheet(drawn or plate.page).page], title="标牌")
    return read_back(pdf, [Leaf(sheet=expected, plates=(plate,))], raster_dpi=raster_dpi)


def _sheet(drawn: Page) -> Sheet:
    whole = replace(drawn, marks=(Group(marks=drawn.marks),))
    return Sheet(page=whole, places=(drawn.box,))


@pytest.mark.parametrize("size", [1, 3, 26, 30])
def test_a_sound_plaque_is_read_back(size: int) -> None:
    plate = _plate(face(content(people(size))))
    report = _read(plate)
    assert (report.pages, report.rasterised) == (1, frozenset({NUMBER}))
    assert [copy.code_read for copy in report.copies] == [plate.url]


@pytest.mark.parametrize("duties", ["承担机械作业", LONG_DUTIES])
def test_a_sound_badge_is_read_back(duties: str) -> None:
    plate = _plate(face(content(RARE_NAMES, duties=duties), holder="阿依古丽·艾合买提"), Product.BADGE)
    assert _read(plate).copies[0].holder == "阿依古丽·艾合买提"


def test_a_name_set_in_another_face_is_flagged_for_a_human_eye() -> None:
    plate = _plate(face(content(("王𪚥", "贺杰佳", "贾欣"))))
    assert _read(plate).copies[0].fell_back == ("王𪚥",)


def _broken(words: Face, change: Callable[[Mark], Sequence[Mark]]) -> tuple[Plate, Page]:
    plate = _plate(words)
    return plate, _with(plate, change)


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
    (sheet,) = impose([plate.page for plate in plates], Imposition(sheet="a4"))
    swapped = [plates[1].page, plates[0].page]
    (other,) = impose(swapped, Imposition(sheet="a4"))
    leaf = Leaf(sheet=sheet, plates=tuple(plates))
    read_back(draw_pdf([sheet.page], title="胸牌"), [leaf], raster_dpi=300)
    with pytest.raises(Refusal):
        read_back(draw_pdf([other.page], title="胸牌"), [leaf], raster_dpi=300)


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
    drawn = replace(plate.page, marks=(*plate.page.marks, Block(box=speck, color=Color("#9E0B14"))))
    with pytest.raises(QuietZoneBroken):
        _read(plate, drawn)


def test_a_code_that_cannot_be_read_is_refused() -> None:
    plate = _plate(face(content()))
    (code,) = plate.page.codes
    blot = Block(box=code.dark_box, color=DARK)
    with pytest.raises(CodeUnreadable):
        _read(plate, replace(plate.page, marks=(*plate.page.marks, blot)))


def test_a_file_that_lacks_a_page_is_refused() -> None:
    plate = _plate(face(content()))
    leaf = Leaf(sheet=_sheet(plate.page), plates=(plate,))
    with pytest.raises(PagesMissing, match="1 pages instead of 2"):
        read_back(draw_pdf([leaf.sheet.page], title="标牌"), [leaf, leaf], raster_dpi=300)


def test_a_matrix_of_another_code_is_refused_where_its_page_is_not_rasterised() -> None:
    plate = _plate(face(content(), holder="周䶮"), Product.BADGE)
    other = _with(
        plate,
        lambda mark: (
            [replace(mark, matrix=encode(PROOF_CODE.url(BASE_URL), "M"))]
            if isinstance(mark, Code)
            else [mark]
        ),
    )
    leaves = [Leaf(sheet=_sheet(plate.page), plates=(plate,))] * 60
    wrong = replace(plate, front=other, page=other)
    leaves[7] = Leaf(sheet=_sheet(other), plates=(wrong,))
    with pytest.raises(CodeDiffers):
        read_back(draw_pdf([leaf.sheet.page for leaf in leaves], title="胸牌"), leaves, raster_dpi=300)


def test_an_inverted_code_is_refused() -> None:
    plate = _plate(face(content()))
    (code,) = plate.page.codes
    inverted = (Block(box=code.box, color=DARK), replace(code, color=Color("#FFFFFF")))
    with pytest.raises(Refusal):
        _read(plate, replace(plate.page, marks=(*plate.page.marks, *inverted)))


@pytest.mark.parametrize("text", ["周䶮", "农机作业服务岗", "承担机械作业"])
def test_a_text_that_is_not_in_the_file_is_refused(text: str) -> None:
    plate = _plate(face(content()))
    with pytest.raises(TextLost, match=text):
        _read(
            plate, _with(plate, lambda mark: [] if isinstance(mark, Text) and mark.text == text else [mark])
        )


def test_a_name_that_extracts_as_another_is_refused() -> None:
    def change(mark: Mark) -> list[Mark]:
        return [replace(mark, text="周龚")] if isinstance(mark, Text) and mark.text == "周䶮" else [mark]

    plate, drawn = _broken(face(content()), change)
    with pytest.raises(TextLost, match="周䶮"):
        _read(plate, drawn)


def test_pages_are_read_at_300_dpi_or_more_whatever_the_design_says() -> None:
    plate = _plate(face(content()))
    assert _read(plate, raster_dpi=72).raster_dpi == 300
    assert _read(plate, raster_dpi=400).raster_dpi == 400


def test_a_code_that_is_read_clean_but_not_worn_is_refused() -> None:
    plate = _plate(face(content()))
    (code,) = plate.page.codes
    corner = (code.dark_box.x_mm + 20.3, code.box.center_y_mm - 2)
    spot = Block(box=Box(*corner, 20, 26), color=Color("#FFFFFF"))
    drawn = replace(plate.page, marks=(*plate.page.marks, spot))
    with pytest.raises(CodeUnreadable) as refused:
        _read(plate, drawn)
    assert refused.value.facts["condition"] == "hole"


def test_a_page_that_is_cut_elsewhere_than_laid_is_refused() -> None:
    plate = _plate(face(content()))
    (sheet,) = impose([plate.page], Imposition(bleed_mm=3))
    leaf = Leaf(sheet=sheet, plates=(plate,))
    assert sheet.page.trim is not None
    shifted = replace(sheet.page, trim=sheet.page.trim.shifted(0, 0.1))
    narrow = replace(sheet.page, bleed=sheet.page.trim)
    read_back(draw_pdf([sheet.page], title="标牌"), [leaf], raster_dpi=300)
    for wrong, box in ((shifted, "TrimBox"), (narrow, "BleedBox")):
        with pytest.raises(BoxesDiffer, match=box):
            read_back(draw_pdf([wrong], title="标牌"), [leaf], raster_dpi=300)


def test_the_report_lists_the_checks_that_were_made_and_whose_code_was_worn() -> None:
    plate = _plate(face(content(), holder="周䶮"), Product.BADGE)
    report = _read(plate)
    assert report.checks == (Check.CODE, Check.QUIET_ZONE, Check.STRESS, Check.EXTRACTION)
    assert report.worn == {NUMBER}
    drawn = Engraver().engraved(_sheet(plate.page).page)
    leaf = Leaf(sheet=Sheet(page=drawn, places=(plate.page.box,)), plates=(plate,))
    assert Check.EXTRACTION not in read_back(draw_pdf([drawn], title="x"), [leaf], raster_dpi=300).checks


@pytest.mark.parametrize(("pages", "worn"), [(20, {"a", "b"}), (21, {"a"}), (41, {"a"})])
def test_of_a_long_file_only_one_code_of_each_page_that_is_read_is_worn(pages: int, worn: set[str]) -> None:
    words = [face(content(), holder=name) for name in ("周䶮", "贺杰佳")]
    plates = [
        replace(_plate(each, Product.BADGE), number=number)
        for each, number in zip(words, ("a", "b"), strict=True)
    ]
    (sheet,) = impose([plate.page for plate in plates], Imposition(sheet="a4"))
    leaves = [Leaf(sheet=sheet, plates=tuple(plates))] * pages
    report = read_back(draw_pdf([sheet.page] * pages, title="胸牌"), leaves, raster_dpi=300)
    assert report.rasterised == {"a", "b"}
    assert report.worn == worn


def test_a_name_set_in_another_face_on_the_back_is_flagged_as_well() -> None:
    plate = _plate(face(content(("王𪚥", "贺杰佳", "贾欣"))))
    front = _without_names(plate.front)
    report = _read(replace(plate, front=front, page=front, back=plate.front), front)
    assert report.copies[0].fell_back == ("王𪚥",)


def _without_names(drawn: Page) -> Page:
    return replace(drawn, marks=tuple(mark for mark in drawn.marks if getattr(mark, "part", "") != "name"))
