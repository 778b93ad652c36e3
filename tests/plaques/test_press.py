"""What a press is given: sheets proven by geometry, boxes and inks as others read them, folds and backs."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from random import Random

import pikepdf
import pypdf
import pypdfium2
import pytest
from PIL import Image

from plaques.design.library import DesignLibrary, load_design
from plaques.drawing.pdf import Inks, draw_pdf
from plaques.marks import Block, Box, Color, Form, Group, Page, leaves
from plaques.press.impose import (
    SHEETS_MM,
    Flip,
    GridDoesNotFit,
    Imposition,
    NothingLeftOnSheet,
    Sheet,
    SheetTooSmall,
    impose,
    impose_both,
)
from plaques.print_run import PrintedFile, PrintSettings, plan_copies, prepare
from store.codes import PlateCode
from store.records import Copy, Product
from store.refusals import Refusal
from tests.plaques.plates import BASE_URL, code_source, content, face, flat, order, page, people
from tests.plaques.reading import codes_in

MARK_OFFSET_MM, MARK_LENGTH_MM, LEAST_MARGIN_MM, GRIPPED_MM = 1, 2, 5, 4
"""What docs/print-shop.md says of crop marks, what office printers cannot reach, and what presses hold."""

MM_PER_PT = 25.4 / 72
PRODUCTS = [
    (Product.PLAQUE, "300x200"),
    (Product.BADGE, "id-1"),
    (Product.DESK, "200x100"),
    (Product.DOOR, "a4"),
]

# Geometry --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A print run to lay out: copies of one size, and how."""

    size_mm: tuple[float, float]
    copies: int
    imposition: Imposition

    @property
    def pages(self) -> list[Page]:
        """Pages whose ground reaches beyond the trim, one colour each."""
        ground = Box(0, 0, *self.size_mm).grown(5)
        colors = (Color(f"#{number:06X}") for number in range(1, self.copies + 1))
        return [
            Page(width_mm=self.size_mm[0], height_mm=self.size_mm[1], marks=(Block(box=ground, color=color),))
            for color in colors
        ]

    def fits(self, columns: int, rows: int) -> bool:
        """Say whether so many copies fit on the sheet either way round, by what each of them needs."""
        bleed = self.imposition.bleed_mm
        between = 2 * bleed + 2 * MARK_OFFSET_MM + MARK_LENGTH_MM
        around = 2 * (bleed + MARK_OFFSET_MM + MARK_LENGTH_MM + GRIPPED_MM if bleed else LEAST_MARGIN_MM)
        needed = [
            count * side + (count - 1) * between + around
            for count, side in zip((columns, rows), self.size_mm, strict=True)
        ]
        sheet = SHEETS_MM[self.imposition.sheet]
        return any(
            all(need <= has + 1e-9 for need, has in zip(needed, turned, strict=True))
            for turned in (sheet, sheet[::-1])
        )

    @property
    def fullest(self) -> int:
        """The most copies of any grid that fits."""
        return max((c * r for c in range(1, 30) for r in range(1, 30) if self.fits(c, r)), default=0)


def grids(count: int) -> Iterator[Grid]:
    """Yield print runs of every kind, the same in every run."""
    random = Random("grids")  # noqa: S311 -- the same runs every time
    sizes = [(85.6, 53.98), (90, 54), (70, 25), (200, 200), (297, 210), (300, 200)]
    for _ in range(count):
        size = random.choice([*sizes, (random.uniform(15, 320), random.uniform(15, 320))])
        asked = random.choice(["", "", f"{random.randint(1, 5)}x{random.randint(1, 8)}"])
        yield Grid(
            size_mm=size,
            copies=random.randint(1, 25),
            imposition=Imposition(
                sheet=random.choice(list(SHEETS_MM)),
                grid=asked,
                skip=random.choice([0, 0, 1, 3, 11]),
                bleed_mm=random.choice([0, 0, 1.5, 3, 5]),
                flip=random.choice(["long", "short"]),
            ),
        )


def groups(sheet: Sheet) -> list[Group]:
    return [mark for mark in sheet.page.marks if isinstance(mark, Group)]


def crop_marks(sheet: Sheet) -> list[Box]:
    return [laid.box for mark in sheet.page.marks if isinstance(mark, Form) for laid in leaves((mark,))]


def check_sheet(sheet: Sheet, bleed_mm: float) -> None:
    """Make sure that copies keep to their own places, and crop marks off all of them and on the sheet."""
    reached = [place.grown(bleed_mm) for place in sheet.places]
    for group, place, reach in zip(groups(sheet), sheet.places, reached, strict=True):
        assert group.clip is not None
        assert _edges(group.placed(group.clip)) == pytest.approx(_edges(reach))
        assert _edges(group.placed(group.clip.inset(bleed_mm))) == pytest.approx(_edges(place))
        assert sheet.page.box.holds(reach)
    assert not any(one.touches(other) for one, other in combinations(reached, 2))
    assert not any(mark.touches(reach) for mark in crop_marks(sheet) for reach in reached)
    assert all(sheet.page.box.holds(mark, 0) for mark in crop_marks(sheet))


def check_refusal(grid: Grid, refusal: Refusal) -> None:
    """Make sure that what was refused really cannot be laid."""
    asked = grid.imposition.grid
    if isinstance(refusal, GridDoesNotFit):
        columns, rows = map(int, asked.split("x"))
        assert not grid.fits(columns, rows)
    elif isinstance(refusal, SheetTooSmall):
        assert grid.fullest == 0
    else:
        assert isinstance(refusal, NothingLeftOnSheet)
        columns, rows = map(int, asked.split("x")) if asked else (grid.fullest, 1)
        assert grid.imposition.skip >= columns * rows


def test_on_two_hundred_random_grids_every_copy_keeps_to_its_own_place() -> None:
    laid = refused = 0
    for grid in grids(200):
        try:
            sheets = impose(grid.pages, grid.imposition)
        except Refusal as refusal:
            check_refusal(grid, refusal)
            refused += 1
            continue
        laid += 1
        for sheet in sheets:
            check_sheet(sheet, grid.imposition.bleed_mm)
        check_order(grid, sheets)
    assert laid > 90
    assert refused > 30


def check_order(grid: Grid, sheets: tuple[Sheet, ...]) -> None:
    """Make sure that each copy is laid once, in order, and that no sheet has a place left but the last."""
    marks = [mark for sheet in sheets for group in groups(sheet) for mark in group.marks]
    assert [mark.color.rgb for mark in marks if isinstance(mark, Block)] == [
        f"#{number:06X}" for number in range(1, grid.copies + 1)
    ]
    asked, skip = grid.imposition.grid, grid.imposition.skip
    columns, rows = map(int, asked.split("x")) if asked else (grid.fullest, 1)
    taken = [len(sheet.places) for sheet in sheets]
    assert [skip + taken[0], *taken[1:]][:-1] == [columns * rows] * (len(taken) - 1)
    assert taken[-1] <= columns * rows


# Backs: the paper is turned as a hand turns it ------------------------------------------------------------


def behind(x_mm: float, y_mm: float, sheet: Page, flip: Flip) -> tuple[float, float]:
    """Return where on the other side a needle comes out that is pushed through the front of a sheet.

    The sheet is turned about the edge that is named, and then looked at with the turned edge where it was.
    """
    long_edge_is_upright = sheet.height_mm >= sheet.width_mm
    turned_about_upright = long_edge_is_upright == (flip == "long")
    return (sheet.width_mm - x_mm, y_mm) if turned_about_upright else (x_mm, sheet.height_mm - y_mm)


def test_on_two_hundred_random_grids_every_back_is_behind_its_own_front() -> None:
    pairs = 0
    for grid in grids(200):
        try:
            both = impose_both(grid.pages, grid.pages, grid.imposition)
        except Refusal as refusal:
            check_refusal(grid, refusal)
            continue
        for front, back in both:
            check_sheet(back, grid.imposition.bleed_mm)
            assert (front.is_front, back.is_front) == (True, False)
            for one, other in zip(groups(front), groups(back), strict=True):
                assert one.marks == other.marks
                check_behind(one, other, grid, front.page)
                pairs += 1
    assert pairs > 500


def check_behind(front: Group, back: Group, grid: Grid, sheet: Page) -> None:
    """Push a needle through three points of a copy that, cut out, is turned over sideways."""
    width_mm, height_mm = grid.size_mm
    for x_mm, y_mm in ((0, 0), (width_mm, 0), (width_mm / 3, height_mm / 4)):
        on_sheet = front.placed(Box(x_mm, y_mm, 0, 0))
        on_back = back.placed(Box(width_mm - x_mm, y_mm, 0, 0))
        needle = behind(on_sheet.x_mm, on_sheet.y_mm, sheet, grid.imposition.flip)
        assert (on_back.x_mm, on_back.y_mm) == pytest.approx(needle)


# Files -----------------------------------------------------------------------------------------------------


@cache
def copies_of(product: Product, design: str, size: str, members: int = 3) -> tuple[Copy, ...]:
    loaded = load_design(product, design, size)
    return plan_copies(order(content(people(members)), product), loaded, code_source())


def made(  # noqa: PLR0913 -- what a print run is asked for
    product: Product,
    size: str,
    *,
    design: str = "red-gold",
    inks: Inks = "rgb",
    imposition: Imposition | None = None,
    duplex: bool = False,
    members: int = 3,
) -> PrintedFile:
    settings = PrintSettings(
        base_url=BASE_URL,
        design=load_design(product, design, size),
        imposition=imposition or Imposition(),
        inks=inks,
        duplex=duplex,
    )
    file = prepare(copies_of(product, design, size, members), settings)
    assert file.declined == ()
    return file


def pictures(file: PrintedFile, dpi: float = 100) -> list[Image.Image]:
    with pypdfium2.PdfDocument(file.content) as document:
        return [leaf.render(scale=dpi / 72).to_pil().convert("RGB") for leaf in document]


def boxes_by_pypdf(pdf: bytes) -> list[dict[str, list[float]]]:
    return [
        {name: list(map(float, leaf.get(name, ()))) for name in ("/MediaBox", "/TrimBox", "/BleedBox")}
        for leaf in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


def boxes_by_pikepdf(pdf: bytes) -> list[dict[str, list[float]]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [
            {name: [float(edge) for edge in leaf[name]] for name in ("/MediaBox", "/TrimBox", "/BleedBox")}
            for leaf in opened.pages
        ]


@pytest.mark.parametrize("read", [boxes_by_pypdf, boxes_by_pikepdf])
@pytest.mark.parametrize(("product", "size"), PRODUCTS)
@pytest.mark.parametrize("bleed_mm", [0, 3, 5])
def test_boxes_read_by_other_software_are_the_trim_and_its_bleed(
    read: Callable[[bytes], list[dict[str, list[float]]]], product: Product, size: str, bleed_mm: float
) -> None:
    file, layout = (
        made(product, size, imposition=Imposition(bleed_mm=bleed_mm)),
        load_design(product, "", size).layout,
    )
    height_mm = layout.height_mm * (2 if layout.fold == "tent" else 1)
    for boxes in read(file.content):
        left, bottom, right, top = (edge * MM_PER_PT for edge in boxes["/TrimBox"])
        assert (right - left, top - bottom) == pytest.approx((layout.width_mm, height_mm), abs=0.01)
        grown = [left - bleed_mm, bottom - bleed_mm, right + bleed_mm, top + bleed_mm]
        assert [edge * MM_PER_PT for edge in boxes["/BleedBox"]] == pytest.approx(grown, abs=0.01)
        media = [edge * MM_PER_PT for edge in boxes["/MediaBox"]]
        room_mm = bleed_mm + MARK_OFFSET_MM + MARK_LENGTH_MM if bleed_mm else 0
        assert media[:2] == [0, 0]
        assert media[2] >= layout.width_mm + 2 * room_mm - 0.01


# Inks ------------------------------------------------------------------------------------------------------


def streams(pdf: bytes) -> Iterator[pikepdf.Object]:
    """Yield each page and each form, which have operators and resources of their own."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for leaf in opened.pages:
            yield leaf.obj
            yield from leaf.Resources.get("/XObject", {}).values()


def operators(pdf: bytes) -> set[str]:
    return {str(one.operator) for stream in streams(pdf) for one in pikepdf.parse_content_stream(stream)}


@pytest.mark.parametrize(("product", "size"), PRODUCTS)
def test_each_kind_of_inks_says_colours_in_its_own_operators_only(product: Product, size: str) -> None:
    said = {
        inks: operators(made(product, size, inks=inks, imposition=Imposition(bleed_mm=3)).content)
        for inks in ("rgb", "cmyk", "spot")
    }
    assert said["rgb"] & {"rg", "RG", "k", "K", "g", "G", "cs", "scn"} <= {"rg", "RG"}
    assert said["cmyk"] & {"rg", "RG", "k", "K", "g", "G", "cs", "scn"} <= {"k", "K"}
    assert {"k", "cs", "scn"} <= said["spot"]
    assert not said["spot"] & {"rg", "RG", "g", "G"}


def separations(pdf: bytes) -> list[set[str]]:
    """Return of each stream that asks for a spot ink the names of those its own resources explain."""
    found = []
    for stream in streams(pdf):
        asked = [one for one in pikepdf.parse_content_stream(stream) if str(one.operator) in {"cs", "CS"}]
        if asked:
            spaces = stream.Resources.ColorSpace
            found.append({str(spaces[str(one.operands[0])][1]) for one in asked})
            assert all(str(spaces[str(one.operands[0])][0]) == "/Separation" for one in asked)
    return found


@pytest.mark.parametrize(("product", "size"), PRODUCTS)
def test_gold_is_the_spot_ink_that_the_design_names(product: Product, size: str) -> None:
    assert set().union(*separations(made(product, size, inks="spot").content)) == {"/GOLD"}


def test_a_spot_ink_is_explained_on_the_page_and_in_the_form_that_asks_for_it() -> None:
    drawn = page(face(content()))
    for one in (drawn, flat(drawn)):
        found = separations(draw_pdf([one], title="标牌", inks="spot"))
        assert found
        assert all(names == {"/GOLD"} for names in found)


def test_small_type_is_black_alone() -> None:
    """Four inks never lie exactly over each other: what is small and dark is printed with one."""
    library = DesignLibrary.shipped()
    for product in Product:
        for name in library.names(product):
            palette = library.design(product, name).palette
            for role in ("ink", "quiet", "code"):
                ink = palette[role]
                assert ink is not None
                assert ink.cmyk is not None
                assert ink.cmyk[:3] == (0, 0, 0)


@pytest.mark.parametrize("inks", ["rgb", "cmyk", "spot"])
def test_colours_look_as_the_design_says_in_any_inks(inks: Inks) -> None:
    (picture,) = pictures(made(Product.PLAQUE, "400x300", inks=inks))
    palette = load_design(Product.PLAQUE).palette
    for role, place_mm in (("ground", (200, 4)), ("frame", (200, 8)), ("panel", (40, 245))):
        shown = picture.getpixel((round(place_mm[0] / 25.4 * 100), round(place_mm[1] / 25.4 * 100)))
        color = palette[role]
        assert isinstance(shown, tuple)
        assert color is not None
        assert max(abs(seen / 255 - part) for seen, part in zip(shown, color.parts, strict=True)) < 0.1


@pytest.mark.parametrize("inks", ["rgb", "cmyk", "spot"])
@pytest.mark.parametrize("duplex", [False, True])
@pytest.mark.parametrize("bleed_mm", [0, 3])
def test_the_same_print_run_is_the_same_bytes(inks: Inks, bleed_mm: float, *, duplex: bool) -> None:
    imposition = Imposition(sheet="a4", skip=1, bleed_mm=bleed_mm)
    one, again = (
        made(Product.BADGE, "id-1", inks=inks, duplex=duplex, imposition=imposition) for _ in range(2)
    )
    assert one.content == again.content


# Bleed, as it is painted -----------------------------------------------------------------------------------


def test_the_ground_is_painted_as_far_as_the_bleed_and_nothing_beyond_but_crop_marks() -> None:
    """A plaque's ground is red all over: just inside its bleed is red, just outside paper and crop marks."""
    dpi, bleed_mm = 254, 3
    (picture,) = pictures(made(Product.PLAQUE, "300x200", imposition=Imposition(bleed_mm=bleed_mm)), dpi)
    room = bleed_mm + MARK_OFFSET_MM + MARK_LENGTH_MM + GRIPPED_MM
    trim = Box(room, room, 300, 200)
    assert picture.size == pytest.approx(((300 + 2 * room) * 10, (200 + 2 * room) * 10), abs=2)
    ground = picture.getpixel((round((room + 150) * 10), round((room + 4) * 10)))
    for inside in _ring(trim.grown(bleed_mm - 0.3)):
        assert picture.getpixel(inside) == ground
    outside = [picture.getpixel(point) for point in _ring(trim.grown(bleed_mm + 0.3))]
    assert set(outside) == {(255, 255, 255)}
    beyond = picture.copy()
    beyond.paste((255, 255, 255), tuple(round(edge * 10) for edge in _edges(trim.grown(bleed_mm + 0.2))))  # type: ignore[arg-type]
    dark = beyond.convert("L").point(lambda light: 255 if light < 200 else 0)
    for corner in (trim.x_mm, trim.right_mm):
        dark.paste(0, (round((corner - 0.2) * 10), 0, round((corner + 0.2) * 10), dark.height))
    for corner in (trim.y_mm, trim.bottom_mm):
        dark.paste(0, (0, round((corner - 0.2) * 10), dark.width, round((corner + 0.2) * 10)))
    assert dark.getbbox() is None


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x_mm, box.y_mm, box.right_mm, box.bottom_mm


def _ring(box: Box) -> Iterator[tuple[int, int]]:
    """Yield pixels along a box's edges, at ten to the millimetre."""
    left, top, right, bottom = (round(edge * 10) for edge in _edges(box))
    yield from ((x, y) for x in range(left, right, 7) for y in (top, bottom))
    yield from ((x, y) for y in range(top, bottom, 7) for x in (left, right))


# Engraving -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "size"), [(Product.PLAQUE, "300x200"), (Product.BADGE, "id-1"), (Product.DESK, "200x100")]
)
def test_an_engraving_is_outlines_in_one_colour_and_its_code_is_read(product: Product, size: str) -> None:
    file = made(product, size, design="engraving", inks="cmyk")
    with pikepdf.open(io.BytesIO(file.content)) as opened:
        kinds = [
            one.get("/Type") for one in opened.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Stream)
        ]
    assert "/Font" not in kinds
    assert not operators(file.content) & {"BT", "Tf", "TJ", "Tj"}
    inks = {
        tuple(float(part) for part in one.operands)
        for stream in streams(file.content)
        for one in pikepdf.parse_content_stream(stream)
        if str(one.operator) in {"k", "K"}
    }
    assert inks == {(0, 0, 0, 1)}
    read = {code.text for picture in pictures(file, 150) for code in codes_in(picture)}
    assert read == {PlateCode(copy.code).url(BASE_URL) for copy in copies_of(product, "engraving", size)}


# Folds and backs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("design", ["red-gold", "white", "engraving"])
def test_a_tent_shows_its_code_on_both_faces_the_upper_on_its_head(design: str) -> None:
    file = made(Product.DESK, "200x100", design=design)
    for picture, copy in zip(pictures(file, 150), copies_of(Product.DESK, design, "200x100"), strict=True):
        upper, lower = sorted(codes_in(picture), key=lambda code: code.position.top_left.y)
        assert {upper.text, lower.text} == {PlateCode(copy.code).url(BASE_URL)}
        assert abs(upper.orientation) == 180
        assert lower.orientation == 0
        assert upper.position.bottom_left.y < picture.height / 2 < lower.position.top_left.y


@pytest.mark.parametrize(("flip", "grid"), [("long", ""), ("short", ""), ("long", "2x2"), ("short", "2x2")])
def test_behind_each_badge_is_its_own_back(flip: Flip, grid: str) -> None:
    """The finished file is read where needles come out that are pushed through the corners of a front."""
    imposition = Imposition(sheet="a4", grid=grid, skip=1, bleed_mm=3, flip=flip)
    file = made(Product.BADGE, "id-1", duplex=True, imposition=imposition, members=12)
    numbers = [copy.id for copy in copies_of(Product.BADGE, "red-gold", "id-1", 12)]
    laid = impose([Page(width_mm=85.6, height_mm=53.98, marks=())] * len(numbers), imposition)
    waiting = iter(numbers)
    with pypdfium2.PdfDocument(file.content) as document:
        assert len(document) == 2 * len(laid)
        for at, sheet in enumerate(laid):
            for place in sheet.places:
                number = next(waiting)
                through = [
                    behind(x_mm, y_mm, sheet.page, flip)
                    for x_mm, y_mm in ((place.x_mm, place.y_mm), (place.right_mm, place.bottom_mm))
                ]
                assert numbers_in(document[2 * at], place) == {number}
                assert numbers_in(document[2 * at + 1], _spanned(*through)) == {number}


def _spanned(one: tuple[float, float], other: tuple[float, float]) -> Box:
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(one, other, strict=True))
    return Box(left, top, right - left, bottom - top)


def numbers_in(leaf: pypdfium2.PdfPage, box: Box) -> set[str]:
    """Return the plate numbers that are written in a box of a page."""
    left, right = box.x_mm / MM_PER_PT, box.right_mm / MM_PER_PT
    bottom, top = leaf.get_height() - box.bottom_mm / MM_PER_PT, leaf.get_height() - box.y_mm / MM_PER_PT
    text = leaf.get_textpage().get_text_bounded(left, bottom, right, top)
    return set(re.findall(r"2026-007-\d\d-\d\d", text))


def test_a_design_without_a_back_prints_none() -> None:
    settings = PrintSettings(base_url=BASE_URL, design=load_design(Product.BADGE, "red-gold", "id-1"))
    with pytest.raises(Refusal, match="has no back"):
        replace(settings, design=load_design(Product.PLAQUE), duplex=True)
