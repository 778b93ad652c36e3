"""Characters supplied as drawings: read, set in a name, printed, read back and shown."""

import io
from collections.abc import Callable

import pypdfium2
import pytest
from PIL import Image

from plaques.artwork.glyphs import UnnamedCharacter, character_of, drawn_characters, read_glyph
from plaques.contours import area, extent
from plaques.design.library import DesignLibrary
from plaques.design.model import Design
from plaques.marks import Color, Path
from plaques.print_run import PrintedFile, PrintSettings, plan_copies, prepare, preview_png
from plaques.typography.typesetting import EM_ASCENT
from store.records import Product
from tests.plaques.plates import BASE_URL, code_source, content, order


def svg(body: str, box: str = "0 0 1000 1000") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{body}</svg>'.encode()


FRAME = '<path d="M100 100H900V900H100z M300 300H700V700H300z" fill-rule="evenodd"/>'
WOUND = '<path d="M100 100H900V900H100z M300 300V700H700V300z"/>'
BACKWARD = '<path d="M100 100V900H900V100z M300 300H700V700H300z"/>'


def test_files_draw_the_characters_they_are_named_for() -> None:
    files = {"U+31350.svg": svg(FRAME), "glyphs/U+4E00.svg": svg(WOUND), "emblem.svg": svg(FRAME)}
    assert sorted(drawn_characters(files)) == ["一", "\U00031350"]


@pytest.mark.parametrize(
    ("file", "character"),
    [("U+4E00.svg", "一"), ("U+323AF.svg", "\U000323af"), ("U+10FFFF.svg", "\U0010ffff")],
)
def test_a_name_is_a_code_point(file: str, character: str) -> None:
    assert character_of(file) == character


@pytest.mark.parametrize(
    "file",
    [
        "4E00.svg",
        "U+4e00.svg",
        "U+4E0.svg",
        "U+4E00.pdf",
        "U+110000.svg",
        "U+D800.svg",
        "U+DFFF.svg",
        "一.svg",
        "U+4E00.svg.bak",
    ],
)
def test_another_name_is_refused(file: str) -> None:
    with pytest.raises(UnnamedCharacter):
        character_of(file)


def test_a_misnamed_drawing_among_the_files_is_refused() -> None:
    with pytest.raises(UnnamedCharacter):
        drawn_characters({"glyphs/U+4e00.svg": svg(FRAME)})


def test_the_sheet_is_the_em_square_on_its_baseline() -> None:
    outline = read_glyph(svg('<rect width="1000" height="1000"/>'), "U+4E00.svg")
    reach = extent([Path(contours=outline, color=Color("#000000"))])
    assert (reach.x_mm, reach.width_mm, reach.height_mm) == pytest.approx((0, 1, 1))
    assert reach.y_mm == pytest.approx(-EM_ASCENT)


@pytest.mark.parametrize(
    "body", [FRAME, WOUND, BACKWARD, f'<g transform="matrix(-1 0 0 1 1000 0)">{WOUND}</g>']
)
def test_holes_stay_holes_and_outer_contours_run_one_way(body: str) -> None:
    contours = read_glyph(svg(body), "U+4E00.svg")
    assert [area(contour) for contour in contours] == pytest.approx([0.64, -0.16])


def test_strokes_that_cross_are_joined_whichever_way_they_were_drawn() -> None:
    cross = '<path d="M0 400H1000V600H0z"/><path d="M400 0V1000H600V0z"/>'
    assert all(area(contour) > 0 for contour in read_glyph(svg(cross), "U+5341.svg"))


def test_an_island_in_a_hole_is_filled() -> None:
    rings = "".join(f"M{at} {at}H{1000 - at}V{1000 - at}H{at}z" for at in (100, 200, 300))
    contours = read_glyph(svg(f'<path fill-rule="evenodd" d="{rings}"/>'), "U+56DE.svg")
    assert [area(contour) > 0 for contour in contours] == [True, False, True]


def test_curves_are_kept_when_a_contour_is_turned_back() -> None:
    half = '<path d="M100 500V900C600 900 900 700 900 500z"/>'
    (contour,) = read_glyph(svg(half), "U+4E00.svg")
    assert area(contour) > 0
    assert [segment[0] for segment in contour] == ["M", "C", "L"]
    reach = extent([Path(contours=(contour,), color=Color("#000000"))])
    assert (reach.x_mm, reach.right_mm) == pytest.approx((0.1, 0.9))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (svg(FRAME, "0 0 1000 1020"), "GlyphNotSquare"),
        (svg(FRAME + '<rect width="9" height="9" fill="white"/>'), "GlyphOfSeveralColors"),
        (svg("<text>一</text>"), "HoldsText"),
        (svg(""), "EmptyArtwork"),
        (b"\x89PNG", "NotVectorArtwork"),
    ],
)
def test_a_drawing_that_is_no_character_is_refused(content: bytes, refusal: str) -> None:
    with pytest.raises(Exception, match=r"U\+4E00") as refused:
        drawn_characters({"U+4E00.svg": content})
    assert type(refused.value).__name__ == refusal


# In a name -------------------------------------------------------------------------------------------------

RARE = "\U00031350"
"""A character of Extension H, which no typeface here draws."""


def supplied(product: Product, design: str = "", body: str = FRAME) -> Design:
    files = {"glyphs/U+31350.svg": svg(body)}
    return DesignLibrary.shipped().with_files(files).design(product, design)


def printed(design: Design, name: str) -> PrintedFile:
    copies = plan_copies(order(content((name, "贺杰佳", "贾欣")), design.product), design, code_source())
    return prepare(copies, PrintSettings(base_url=BASE_URL, design=design))


@pytest.mark.parametrize("name", [f"王{RARE}", f"{RARE}三", f"欧阳{RARE}{RARE}", RARE * 3, f"王𬱖{RARE}"])
@pytest.mark.parametrize("product", list(Product))
def test_a_name_with_a_supplied_character_is_printed_and_extracted(product: Product, name: str) -> None:
    file = printed(supplied(product), name)
    assert file.declined == ()
    assert name in file.report.copies[0].fell_back
    with pypdfium2.PdfDocument(file.content) as document:
        assert name in document[0].get_textpage().get_text_range()


def test_poppler_extracts_it_as_well(extract: Callable[[bytes], list[str]]) -> None:
    file = printed(supplied(Product.BADGE), f"王{RARE}")
    assert any(f"王{RARE}" in line for line in extract(file.content))


def test_without_a_drawing_the_name_is_refused() -> None:
    (declined,) = printed(DesignLibrary.shipped().design(Product.BADGE), f"王{RARE}").declined
    assert "U+31350" in declined.refusal.en
    assert "U+31350.svg" in declined.refusal.zh


def test_an_engraving_has_it_as_outlines() -> None:
    assert printed(supplied(Product.PLAQUE, "engraving"), f"王{RARE}").declined == ()


def ink(picture: Image.Image) -> int:
    return sum(picture.convert("L").point(lambda light: light < 100).tobytes())


def test_what_is_painted_is_the_drawing_in_pdf_and_picture_alike() -> None:
    """A full square has more ink than a frame, and both have it in the file as in the picture of it."""
    frame, square = supplied(Product.BADGE), supplied(Product.BADGE, body='<path d="M0 0H1000V1000H0z"/>')
    shown = []
    for design in (frame, square):
        copy = plan_copies(order(content((f"王{RARE}",)), Product.BADGE), design, code_source())[0]
        with pypdfium2.PdfDocument(printed(design, f"王{RARE}").content) as document:
            page = document[0].render(scale=856 / document[0].get_width()).to_pil()
        preview = Image.open(io.BytesIO(preview_png(copy, design, base_url=BASE_URL, width_px=856)))
        shown.append((ink(page), ink(preview)))
    (frame_page, frame_preview), (square_page, square_preview) = shown
    assert square_page - frame_page > 1000
    assert square_preview - frame_preview == pytest.approx(square_page - frame_page, rel=0.05)
