"""What all copies on one ground share: contrast, the emblem as drawn, and what is left beyond the trim."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from plaques.artwork.emblem import EmblemAltered, EmblemCrowded, EmblemMiscolored
from plaques.artwork.files import read_artwork
from plaques.contours import moved
from plaques.design.library import DesignLibrary, load_design
from plaques.design.model import ArtworkPlace, Design
from plaques.marks import Block, Box, Color, Mark, Stamp, Text
from plaques.preflight.findings import Check, Severity
from plaques.preflight.plate import Plate
from plaques.preflight.shared import CodeTooFaint, Grounds, SharedChecks, check_shared
from plaques.press.impose import Imposition
from plaques.print_run import PROOF_MARK, PrintSettings, plan_copies, prepare
from store.records import Product
from store.refusals import Refusal
from tests.plaques.plates import BASE_URL, CODE, NUMBER, code_source, content, face, flat, order, page, people

PLAQUE = load_design(Product.PLAQUE)
WHITE, GRAY, GOLD = Color("#FFFFFF"), Color("#999999"), Color("#E3BC6A")
EMBLEM = read_artwork(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="M0 0H20V20H9z"/></svg>', "e.svg"
)
PLACE = Box(190, 260, 12, 12)
"""Between issuer and date on the red ground, where nothing else stands."""


def plate(change: Callable[[Mark], list[Mark]] = lambda mark: [mark]) -> Plate:
    words = face(content())
    drawn = flat(page(words))
    drawn = replace(drawn, marks=tuple(new for mark in drawn.marks for new in change(mark)))
    return Plate(number=NUMBER, face=words, url=CODE.url(BASE_URL), front=drawn, page=drawn)


def check(drawn: Plate, design: Design = PLAQUE, bleed_mm: float = 0) -> SharedChecks:
    return check_shared([drawn], design, bleed_mm=bleed_mm)


def painted(part: str, color: Color) -> Callable[[Mark], list[Mark]]:
    return lambda mark: [replace(mark, color=color) if isinstance(mark, Text) and mark.part == part else mark]


# Contrast --------------------------------------------------------------------------------------------------


def test_a_faint_text_is_a_warning_that_names_it() -> None:
    assert check(plate()).findings == ()
    (found,) = check(plate(painted("number", GRAY))).findings
    assert (found.severity, found.check, found.number) == (Severity.WARNING, Check.CONTRAST, "")
    assert found.text == f"编号 {NUMBER}"
    assert "#999999" in found.zh


def test_a_faint_or_inverted_code_is_refused() -> None:
    for ink in (GRAY, WHITE):
        faint = plate()
        (code,) = faint.front.codes
        marks = (*faint.front.marks, replace(code, color=ink))
        with pytest.raises(CodeTooFaint, match=ink.rgb):
            check(replace(faint, front=replace(faint.front, marks=marks)))


def test_each_ground_is_looked_at_once() -> None:
    """The first of the plates on one ground stands for the others, on another ground a plate for itself."""
    spoiled = plate(painted("number", GRAY))
    sound = replace(spoiled.front, marks=(Block(box=Box(0, 0, 400, 300), color=WHITE), *plate().front.marks))
    other = replace(spoiled, front=sound)
    assert first_of_grounds([spoiled, spoiled]) == [spoiled]
    assert first_of_grounds([other, spoiled, other]) == [other, spoiled]


def first_of_grounds(plates: list[Plate]) -> list[Plate]:
    grounds = Grounds()
    assert list(grounds.seen(plates)) == plates
    return grounds.firsts


@pytest.mark.parametrize("product", list(Product))
def test_nobody_is_asked_anything_about_the_shipped_designs(product: Product) -> None:
    library = DesignLibrary.shipped()
    for name in library.names(product):
        for size in library.sizes(product, name):
            design = library.design(product, name, size)
            copies = plan_copies(order(content(people(3)), product), design, code_source())[:1]
            settings = PrintSettings(base_url=BASE_URL, design=design, imposition=Imposition(bleed_mm=3))
            file = prepare(copies, settings)
            assert (file.declined, file.report.findings) == ((), ())
            is_read = Check.EXTRACTION in file.report.checks
            assert is_read is not design.outlines
            assert {Check.CONTRAST, Check.BLEED, Check.STRESS, Check.TEXTS} <= set(file.report.checks)
            assert Check.EMBLEM not in file.report.checks


# Emblem ----------------------------------------------------------------------------------------------------


def with_emblem() -> Design:
    place = ArtworkPlace(file="e.svg", role="emblem", box=PLACE, color="frame")
    return replace(PLAQUE, layout=replace(PLAQUE.layout, artworks=(place,)), artwork={"e.svg": EMBLEM})


def bearing(*marks: Mark) -> Plate:
    plain = plate()
    return replace(plain, front=replace(plain.front, marks=(*plain.front.marks, *marks)))


def test_the_drawing_supplied_passes_and_the_check_is_told() -> None:
    assert Check.EMBLEM in check(bearing(*EMBLEM.fitted(PLACE, GOLD)), with_emblem()).checks


@pytest.mark.parametrize(
    ("drawn", "refusal"),
    [
        ((), EmblemAltered),
        (EMBLEM.fitted(PLACE, GRAY), EmblemMiscolored),
        ((*EMBLEM.fitted(PLACE, GOLD), *EMBLEM.fitted(PLACE, GOLD)), EmblemAltered),
        (
            tuple(
                replace(path, contours=moved(path.contours, (1.1, 0, 0, 1, -19.6, 0)))
                for path in EMBLEM.fitted(PLACE, GOLD)
            ),
            EmblemAltered,
        ),
        ((*EMBLEM.fitted(PLACE, GOLD), Block(box=Box(192, 262, 3, 3), color=GOLD)), EmblemCrowded),
        ((*EMBLEM.fitted(PLACE, GOLD), Block(box=Box(203, 262, 3, 3), color=GOLD)), EmblemCrowded),
        ((*EMBLEM.fitted(PLACE, GOLD), Block(box=PLACE.grown(5), color=GOLD)), EmblemCrowded),
    ],
    ids=["missing", "grey", "twice", "stretched", "with a speck", "with a speck beside it", "covered"],
)
def test_anything_but_the_drawing_supplied_is_refused(
    drawn: tuple[Mark, ...], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check(bearing(*drawn), with_emblem())


def test_the_word_across_a_proof_may_cross_an_emblem() -> None:
    design = with_emblem()
    copies = plan_copies(order(content(), mark=PROOF_MARK), design, code_source())
    file = prepare(copies, PrintSettings(base_url=BASE_URL, design=design))
    assert Check.EMBLEM in file.report.checks
    stamp = Stamp(
        text="样张", face_key="heading", size_pt=90, color=GRAY, center_x_mm=195, center_y_mm=262,
        turn_deg=14, glyphs=(), width_em=2,
    )  # fmt: skip
    assert check(bearing(*EMBLEM.fitted(PLACE, GOLD), stamp), design)


# Bleed -----------------------------------------------------------------------------------------------------


def test_a_ground_that_ends_at_the_trim_is_a_warning_where_bleed_is_asked_for() -> None:
    whole, ground = Box(0, 0, 400, 300), plate().front.marks[0]
    assert isinstance(ground, Block)
    ends = plate(lambda mark: [replace(mark, box=whole)] if mark == ground else [mark])
    assert check(ends).findings == ()
    found = check(ends, bleed_mm=3).findings
    assert [each.check for each in found] == [Check.BLEED] * 4
    assert "upper edge" in found[1].en
    assert check(plate(), bleed_mm=3).findings == ()


def test_a_shape_at_the_trim_over_a_ground_that_goes_on_is_no_warning() -> None:
    assert check(bearing(Block(box=Box(0, 0, 400, 20), color=GOLD)), bleed_mm=3).findings == ()
