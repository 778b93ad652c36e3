"""From an approved post to a file: every copy has its own code, and another reader gets every code back."""

import io
import pickle
from dataclasses import replace
from typing import TypeVar

import pypdfium2
import pytest
from PIL import Image

from plaques.artwork.files import read_artwork
from plaques.design.library import load_design
from plaques.design.model import ArtworkPlace, Design
from plaques.marks import Box
from plaques.preflight.plate import UnfitBaseUrl
from plaques.press.impose import Imposition, NothingLeftOnSheet
from plaques.print_run import (
    PROOF_MARK,
    PrintedFile,
    PrintSettings,
    plan_copies,
    prepare,
    preview_png,
    printed_host,
)
from plaques.typography.typefaces import MissingGlyph
from store.codes import PROOF_CODE, PlateCode, PlateNumber
from store.records import Copy, Product, Stage
from tests.plaques.plates import BASE_URL, code_source, content, order, people, roster_contents
from tests.plaques.reading import codes_in

T = TypeVar("T")
PLAQUE, BADGE = load_design(Product.PLAQUE), load_design(Product.BADGE)
SETTINGS = PrintSettings(base_url=BASE_URL, design=PLAQUE)
BADGES = PrintSettings(base_url=BASE_URL, design=BADGE)


def _codes_at_150_dpi(file: PrintedFile) -> list[str]:
    with pypdfium2.PdfDocument(file.content) as document:
        pictures = [leaf.render(scale=150 / 72).to_pil().convert("L") for leaf in document]
    return [code.text for picture in pictures for code in codes_in(picture)]


def _urls(copies: list[Copy]) -> list[str]:
    return [PlateCode(copy.code).url(BASE_URL) for copy in copies]


def _roster_copies(design: Design) -> list[Copy]:
    choose = code_source()
    orders = [
        order(post, design.product, post_id=f"2026-{at:03d}")
        for at, post in enumerate(roster_contents(), start=1)
    ]
    return [copy for each in orders for copy in plan_copies(each, design, choose)]


@pytest.mark.parametrize(("design", "size"), [("red-gold", "400x300"), ("white", "a4")])
def test_every_code_of_the_rosters_plaques_is_read_at_150_dpi(design: str, size: str) -> None:
    loaded = load_design(Product.PLAQUE, design, size)
    copies = _roster_copies(loaded)
    assert _codes_at_150_dpi(prepare(copies, replace(SETTINGS, design=loaded))) == _urls(copies)


@pytest.mark.parametrize(("sheet", "number", "pages"), [("single", 12, 12), ("a4", 92, 10)])
def test_every_code_of_the_rosters_badges_is_read_at_150_dpi(sheet: str, number: int, pages: int) -> None:
    copies = _roster_copies(BADGE)[:number]
    file = prepare(copies, replace(BADGES, imposition=Imposition(sheet=sheet)))
    assert sorted(_codes_at_150_dpi(file)) == sorted(_urls(copies))
    assert [copy.number for copy in file.report.copies] == [copy.id for copy in copies]
    assert file.report.pages == pages


def test_a_plaque_is_one_copy_for_the_post() -> None:
    (copy,) = plan_copies(order(content(), next_serial=4), PLAQUE, code_source())
    assert copy.id == str(PlateNumber("2026-007", 4))
    assert (copy.face.holder, copy.face.names) == ("", ("周䶮", "贺杰佳", "贾欣"))
    assert (copy.design, copy.size) == ("red-gold", "400x300")
    assert copy.place == "1号楼398室"
    assert copy.replaces is None


def test_a_badge_is_one_copy_for_each_member_with_code_and_serial_of_its_own() -> None:
    copies = plan_copies(order(content(people(12)), Product.BADGE, next_serial=2), BADGE, code_source())
    assert [copy.face.holder for copy in copies] == [copy.face.names[at] for at, copy in enumerate(copies)]
    assert [copy.id for copy in copies] == [str(PlateNumber("2026-007", serial)) for serial in range(2, 14)]
    assert len({copy.code for copy in copies}) == len(copies)
    assert [copy.face.holder_title for copy in copies[:2]] == ["岗长", ""]


def test_a_new_copy_takes_the_place_of_its_holders_old_one() -> None:
    replaces = {"贺杰佳": "2026-007-02-00", "": "2026-007-01-00"}
    badges = plan_copies(order(content(), Product.BADGE, replaces=replaces), BADGE, code_source())
    assert [badge.replaces for badge in badges] == [None, "2026-007-02-00", None]
    assert (
        plan_copies(order(content(), replaces=replaces), PLAQUE, code_source())[0].replaces
        == "2026-007-01-00"
    )


def test_stage_and_words_of_the_order_are_on_the_copy() -> None:
    ordered = order(content(), stage=Stage.CREATION, mark=PROOF_MARK)
    (copy,) = plan_copies(ordered, load_design(Product.PLAQUE, "white", "a4"), code_source())
    assert (copy.stage, copy.design, copy.size) == (Stage.CREATION, "white", "a4")
    assert (copy.face.heading, copy.face.mark) == ("创建共产党员示范岗", "样张")


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "https://gangpai.local"])
def test_nothing_real_is_printed_with_an_address_that_is_not_public(base_url: str) -> None:
    settings = replace(SETTINGS, base_url=base_url)
    copies = plan_copies(order(content()), PLAQUE, code_source())
    with pytest.raises(UnfitBaseUrl):
        prepare(copies, settings)
    marked = plan_copies(order(content(), mark=PROOF_MARK), PLAQUE, code_source())
    with pytest.raises(UnfitBaseUrl):
        prepare([*marked, *copies], settings)
    assert prepare(marked, settings).report.copies[0].code_read.startswith(base_url)


@pytest.mark.parametrize("product", [Product.PLAQUE, Product.BADGE])
def test_a_proof_bears_its_mark_and_the_code_that_says_so(product: Product) -> None:
    settings = PrintSettings(base_url="http://127.0.0.1:8000", design=load_design(product))
    proof = order(content(), product, mark=PROOF_MARK)
    file = prepare(plan_copies(proof, settings.design, lambda: PROOF_CODE), settings)
    assert set(_codes_at_150_dpi(file)) == {f"http://127.0.0.1:8000/{PROOF_CODE.text}"}
    with pypdfium2.PdfDocument(file.content) as document:
        texts = ["".join(leaf.get_textpage().get_text_range().split()) for leaf in document]
    assert len(texts) == (1 if product is Product.PLAQUE else 3)
    assert all("样张" in text for text in texts)


def test_the_same_copies_give_the_same_file() -> None:
    copies = plan_copies(order(content(people(12)), Product.BADGE), BADGE, code_source())
    settings = replace(BADGES, imposition=Imposition(sheet="a4", skip=3))
    assert prepare(copies, settings) == prepare(copies, settings)


def test_of_a_long_file_with_backs_the_first_page_the_last_and_one_between_are_read_whole() -> None:
    copies = plan_copies(order(content(people(25)), Product.BADGE), BADGE, code_source())
    report = prepare(copies, replace(BADGES, duplex=True)).report
    assert report.pages == 50
    assert report.rasterised == {copies[at].id for at in (0, 12, 24)}


def test_a_first_sheet_without_a_free_place_is_refused() -> None:
    copies = plan_copies(order(content(people(12)), Product.BADGE), BADGE, code_source())
    assert prepare(copies, replace(BADGES, imposition=Imposition(sheet="a4", skip=9))).report.pages == 3
    with pytest.raises(NothingLeftOnSheet):
        prepare(copies, replace(BADGES, imposition=Imposition(sheet="a4", skip=10)))


def test_one_file_holds_one_size() -> None:
    choose = code_source()
    a4 = load_design(Product.PLAQUE, "", "a4")
    copies = [*plan_copies(order(content()), PLAQUE, choose), *plan_copies(order(content()), a4, choose)]
    with pytest.raises(ValueError, match="one product, design and size"):
        prepare(copies, SETTINGS)


def test_a_post_with_a_missing_glyph_is_left_out_whole_and_the_others_are_printed() -> None:
    spoiled = content(("贺杰佳", "王\U0003fff0", "贾欣"), name="财务室")
    ordered = order(spoiled, Product.BADGE, post_id="2026-099")
    sound = _roster_copies(BADGE)
    file = prepare([*sound[:3], *plan_copies(ordered, BADGE, code_source()), *sound[3:]], BADGES)
    assert [copy.number for copy in file.report.copies] == [copy.id for copy in sound]
    (declined,) = file.declined
    assert declined.post_id == "2026-099"
    assert isinstance(declined.refusal, MissingGlyph)
    assert "U+3FFF0" in declined.refusal.en
    assert "财务室" in declined.refusal.zh


def test_where_every_post_is_refused_there_is_no_file() -> None:
    copies = plan_copies(order(content(("王\U0003fff0",))), PLAQUE, code_source())
    file = prepare(copies, SETTINGS)
    assert (file.content, file.report.copies) == (b"", ())
    assert [each.post_id for each in file.declined] == ["2026-007"]


def test_what_a_portion_takes_and_gives_can_travel_between_processes() -> None:
    copies = plan_copies(order(content(("王\U0003fff0",))), PLAQUE, code_source())
    file = prepare(*_sent((copies, SETTINGS)))
    assert _sent(file).declined[0].refusal.zh == file.declined[0].refusal.zh


def _sent(value: T) -> T:
    arrived: T = pickle.loads(pickle.dumps(value))  # noqa: S301 -- what this test itself has pickled
    return arrived


@pytest.mark.parametrize(("product", "shape"), [(Product.PLAQUE, (720, 540)), (Product.BADGE, (720, 455))])
def test_a_preview_shows_the_copy_with_its_own_code(product: Product, shape: tuple[int, int]) -> None:
    design = load_design(product)
    copy = plan_copies(order(content(), product), design, code_source())[0]
    picture = preview_png(copy, design, base_url=BASE_URL, width_px=720)
    assert len(picture) <= 60_000
    opened = Image.open(io.BytesIO(picture))
    assert opened.size == shape
    (code,) = codes_in(opened.convert("L"))
    assert code.text == PlateCode(copy.code).url(BASE_URL)


def test_a_preview_too_coarse_for_the_emblem_is_drawn_without_it() -> None:
    """The plaque is 400 mm wide: an emblem of 96 mm is less than 96 pixels high below a width of 400."""
    emblem = ArtworkPlace(file="e.svg", role="emblem", box=Box(30, 152, 96, 96), color="frame")
    disc = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0H2V2H0z"/></svg>'
    design = replace(
        PLAQUE,
        layout=replace(PLAQUE.layout, artworks=(emblem,)),
        artwork={"e.svg": read_artwork(disc, "e.svg")},
    )
    copy = plan_copies(order(content()), PLAQUE, code_source())[0]

    def is_shown(width_px: int) -> bool:
        picture = preview_png(copy, design, base_url=BASE_URL, width_px=width_px)
        ground = Image.open(io.BytesIO(picture)).convert("RGB").crop((34, 240, 35, 241)).tobytes()
        return ground[2] < 150

    assert is_shown(400)
    assert not is_shown(398)


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://dj.example.cn", "dj.example.cn"),
        ("https://dj.example.cn/gp/", "dj.example.cn/gp"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
    ],
)
def test_the_address_is_printed_without_its_scheme(base_url: str, host: str) -> None:
    assert printed_host(base_url) == host
