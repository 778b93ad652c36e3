"""Whatever would spoil a plate is refused before paper; each check is shown a plate it must not pass."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from plaques.composition.compose import ModulesTooSmall
from plaques.design.library import DesignLibrary, load_design
from plaques.design.model import Design
from plaques.marks import Box, Code, Form, Mark, Text
from plaques.preflight.plate import (
    BelowFloor,
    IncompletePlate,
    NoBaseUrl,
    OutOfPlace,
    Plate,
    TextsCollide,
    TooNearTrim,
    UnfitBaseUrl,
    check_base_url,
    check_plate,
)
from plaques.typography.typefaces import MissingGlyph
from store.records import Face, Product
from tests.plaques.plates import BASE_URL, CODE, NUMBER, content, face, flat, page, people

PLAQUE, BADGE = load_design(Product.PLAQUE), load_design(Product.BADGE)


def _plate(words: Face, product: Product = Product.PLAQUE) -> Plate:
    drawn = flat(page(words, product))
    return Plate(number=NUMBER, face=words, url=CODE.url(BASE_URL), front=drawn, page=drawn)


def _farther_from_the_trim(clear_mm: float) -> Design:
    return replace(PLAQUE, layout=replace(PLAQUE.layout, clear_mm=clear_mm))


def _with(plate: Plate, change: Callable[[Mark], Sequence[Mark]]) -> Plate:
    """Return the plate with each mark replaced by what the change makes of it."""
    marks = tuple(new for mark in plate.page.marks for new in change(mark))
    drawn = replace(plate.page, marks=marks)
    return replace(plate, front=drawn, page=drawn)


def _without(plate: Plate, text: str) -> Plate:
    return _with(plate, lambda mark: [] if isinstance(mark, Text) and mark.text == text else [mark])


@pytest.mark.parametrize("size", [1, 3, 26, 30])
def test_a_complete_plaque_passes(size: int) -> None:
    plate = _plate(face(content(people(size))))
    check_plate(plate, PLAQUE)


def test_what_copies_share_is_checked_as_well() -> None:
    shared = page(face(content()))
    plate = replace(_plate(face(content())), front=shared)
    check_plate(plate, PLAQUE)
    with pytest.raises(TooNearTrim):
        check_plate(plate, _farther_from_the_trim(60))
    heading = Form(marks=tuple(text for text in shared.texts if text.part == "heading"), box=Box(0, 0, 1, 1))
    twice = replace(shared, marks=(*shared.marks, heading))
    with pytest.raises(TextsCollide, match="共产党员示范岗"):
        check_plate(replace(plate, front=twice), PLAQUE)


def test_what_a_copy_says_of_its_own_may_not_touch_what_copies_share() -> None:
    words = face(content(), holder="周䶮")
    drawn = page(words, Product.BADGE)
    plate = Plate(number=NUMBER, face=words, url=CODE.url(BASE_URL), front=drawn, page=drawn)
    check_plate(plate, BADGE)
    (number,) = (text for text in drawn.texts if text.part == "number")
    short = replace(number, part="beside", text="旁注", glyphs=number.glyphs[:1], width_em=1)
    for x_mm, collides in (
        (number.x_mm, True),
        (number.box.right_mm - 0.02, True),
        (number.box.right_mm, False),
    ):
        beside = replace(short, x_mm=x_mm)
        crowded = replace(drawn, marks=(Form(marks=(beside,), box=drawn.box), *drawn.marks))
        if collides:
            with pytest.raises(TextsCollide, match="旁注"):
                check_plate(replace(plate, front=crowded), BADGE)
        else:
            check_plate(replace(plate, front=crowded), BADGE)


@pytest.mark.parametrize(
    "text", ["共产党员示范岗", "农机作业服务岗", "承担机械作业", "3 名", "周䶮", f"编号 {NUMBER}"]
)
def test_a_plate_without_one_of_its_texts_is_refused_under_f10(text: str) -> None:
    with pytest.raises(IncompletePlate) as refused:
        check_plate(_without(_plate(face(content())), text), PLAQUE)
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
        check_plate(replace(plate, face=replace(plate.face, **other)), PLAQUE)  # type: ignore[arg-type]


def test_a_badge_for_someone_who_is_not_in_the_post_is_refused() -> None:
    with pytest.raises(IncompletePlate, match="张三"):
        check_plate(_plate(face(content(), holder="张三"), Product.BADGE), BADGE)


def test_a_text_near_the_trim_is_refused() -> None:
    def change(mark: Mark) -> list[Mark]:
        return [replace(mark, x_mm=2)] if isinstance(mark, Text) and mark.part == "issuer" else [mark]

    with pytest.raises(TooNearTrim, match="中共场站管理中心委员会"):
        check_plate(_with(_plate(face(content())), change), PLAQUE)


def test_texts_that_touch_are_refused() -> None:
    def change(mark: Mark) -> list[Mark]:
        return [mark.shifted(20, 0)] if isinstance(mark, Text) and mark.text == "岗位名称" else [mark]

    with pytest.raises(TextsCollide, match="岗位名称"):
        check_plate(_with(_plate(face(content())), change), PLAQUE)


def test_a_text_on_the_code_is_refused() -> None:
    def change(mark: Mark) -> list[Mark]:
        return [mark.shifted(0, -20)] if isinstance(mark, Text) and mark.part == "instruction" else [mark]

    with pytest.raises(TextsCollide):
        check_plate(_with(_plate(face(content())), change), PLAQUE)


def _changed(part: str, **changes: object) -> Plate:
    """Return a plaque one text of which is otherwise than composed."""
    return _with(
        _plate(face(content())),
        lambda mark: [
            replace(mark, **changes) if isinstance(mark, Text) and mark.part == part else mark  # type: ignore[arg-type]
        ],
    )


def test_nothing_stands_within_3_mm_of_the_trim_whatever_the_design_says() -> None:
    careless = _farther_from_the_trim(1)
    roomy = replace(careless, layout=replace(careless.layout, captions=()))
    for x_mm, refusal in ((2.9, TooNearTrim), (3.0, None)):
        plate = _changed("issuer", x_mm=x_mm)
        if refusal:
            with pytest.raises(refusal, match="within 3 mm"):
                check_plate(plate, roomy)
        else:
            check_plate(plate, roomy)


def test_a_text_out_of_its_box_is_refused() -> None:
    (issuer,) = (text for text in _plate(face(content())).page.texts if text.part == "issuer")
    with pytest.raises(OutOfPlace, match="中共场站管理中心委员会"):
        check_plate(_changed("issuer", x_mm=issuer.x_mm - 2), PLAQUE)


def test_a_text_below_its_floor_is_refused() -> None:
    floors = {caption.part: caption.floor_pt for caption in PLAQUE.layout.captions}
    check_plate(_changed("issuer", size_pt=floors["issuer"]), PLAQUE)
    with pytest.raises(BelowFloor, match=r"16\.5 pt, below the design's 17 pt"):
        check_plate(_changed("issuer", size_pt=16.5), PLAQUE)


def test_a_character_that_its_face_does_not_draw_is_refused() -> None:
    plate = _plate(face(content(("王𪚥", "贺杰佳", "贾欣"))))
    check_plate(plate, PLAQUE)
    with pytest.raises(MissingGlyph, match="U\\+2A6A5"):
        check_plate(
            _with(
                plate,
                lambda mark: [
                    replace(mark, face_key="sans", stand_ins={})
                    if isinstance(mark, Text) and mark.text == "王𪚥"
                    else mark
                ],
            ),
            PLAQUE,
        )


def test_modules_finer_than_the_design_or_any_printer_allows_are_refused() -> None:
    def shrunk(module_mm: float) -> Plate:
        return _with(
            _plate(face(content())),
            lambda mark: [
                replace(mark, box=_about(mark.box, mark.box.width_mm * module_mm / mark.module_mm))
                if isinstance(mark, Code)
                else mark
            ],
        )

    least_mm = PLAQUE.layout.code.module_min_mm
    check_plate(shrunk(least_mm * 1.01), PLAQUE)
    with pytest.raises(ModulesTooSmall):
        check_plate(shrunk(least_mm * 0.99), PLAQUE)
    lax = replace(PLAQUE, layout=replace(PLAQUE.layout, code=replace(PLAQUE.layout.code, module_min_mm=0.1)))
    check_plate(shrunk(0.41), lax)
    with pytest.raises(ModulesTooSmall, match=r"0\.4 mm"):
        check_plate(shrunk(0.39), lax)


def _about(box: Box, side_mm: float) -> Box:
    return Box(box.center_x_mm - side_mm / 2, box.center_y_mm - side_mm / 2, side_mm, side_mm)


@pytest.mark.parametrize("product", list(Product))
def test_every_shipped_design_passes_with_room_in_its_boxes(product: Product) -> None:
    library = DesignLibrary.shipped()
    words = face(content(people(12)), holder=people(1)[0] if product in {Product.BADGE, Product.DESK} else "")
    for name in library.names(product):
        for size in library.sizes(product, name):
            drawn = page(words, product, name, size)
            plate = Plate(number=NUMBER, face=words, url=CODE.url(BASE_URL), front=drawn, page=drawn)
            check_plate(plate, library.design(product, name, size))


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
        check_plate(_without(_plate(face(content())), "周䶮"), PLAQUE)
    assert NUMBER in refused.value.zh
    assert "周䶮" in refused.value.en


def test_an_address_that_is_not_set_is_told_as_missing() -> None:
    with pytest.raises(NoBaseUrl, match="No base URL is set") as refused:
        check_base_url("")
    assert "GANGPAI_BASE_URL" in refused.value.zh
