"""Text as outlines covers what the same text covers as type, for readers of the fonts that are not ours."""

from collections.abc import Iterator, Sequence
from struct import unpack

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFont

from plaques.drawing.outlines import outline, outlined
from plaques.drawing.pdf import draw_pdf
from plaques.marks import BLACK, Contour, Mark, Page, Text
from plaques.typography.typefaces import catalogue, typeface
from plaques.typography.typesetting import Glyph

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

COMPOSITES = "¨´ˊ−∕"
ACROSS, DOWN = 25, 12
HINTING = 4
"""How far, in units of a thousandth of an em or so, FreeType may pull an edge to its grid."""
STANDING = {
    "straight": {},
    "lowered": {"y_em": 0.15},
    "narrowed": {"x_scale": 0.5},
    "turned": {"x_em": 0.2, "y_em": -0.6, "turn_deg": 90},
}


def sample(key: str, count: int) -> list[str]:
    """Choose characters evenly from all that a face draws."""
    face = typeface(key)
    drawn = [chr(point) for point in face.file.glyphs if face.file.record(face.file.glyphs[point])]
    return drawn[:: len(drawn) // count][:count]


@pytest.mark.parametrize("key", catalogue())
def test_outlined_characters_cover_what_live_text_covers(key: str) -> None:
    characters = sample(key, ACROSS * DOWN)
    assert len(set(characters)) == ACROSS * DOWN
    assert_same_ink(grid(characters, key))


@pytest.mark.parametrize("stands", STANDING.values(), ids=STANDING)
def test_outlined_glyphs_stand_as_the_text_has_them(stands: dict[str, float]) -> None:
    glyph = Glyph("永", **{"x_em": 0.1, **stands})  # type: ignore[arg-type]  # a whole turn_deg among floats
    assert_same_ink([text([glyph], "kai", 20, 60, size_pt=100)])


def test_each_character_is_outlined_from_the_face_that_draws_it() -> None:
    line = text([Glyph("李", 0), Glyph("𪚥", 1)], "serif", 5, 10, stand_ins={"𪚥": "fallback"})
    assert_same_ink([line])
    with pytest.raises(KeyError):
        outlined(text([Glyph("𪚥", 0)], "serif", 5, 10))


def test_the_parts_of_a_composite_are_in_place() -> None:
    kai = typeface("kai").file
    assert all(unpack(">h", kai.record(kai.glyphs[ord(mark)])[:2])[0] < 0 for mark in COMPOSITES)
    assert_same_ink(grid(list(COMPOSITES), "kai"))


@pytest.mark.parametrize("key", catalogue())
def test_no_contour_is_missing(key: str) -> None:
    file = typeface(key).file
    for character in sample(key, 300):
        (count,) = unpack(">h", file.record(file.glyphs[ord(character)])[:2])
        assert len(outline(key, character).contours) == count or character in COMPOSITES


@pytest.mark.parametrize("key", catalogue())
def test_the_bounds_are_those_freetype_finds(key: str) -> None:
    em = typeface(key).file.units_per_em
    font = ImageFont.truetype(typeface(key).path, em, layout_engine=ImageFont.Layout.BASIC)
    for character in sample(key, 60):
        ours = [bound * em for bound in bounds(outline(key, character).contours)]
        assert ours == pytest.approx(ink(font, character), abs=HINTING), character


def test_every_contour_begins_once_and_encloses_something() -> None:
    for contour in outline("serif", "龘").contours:
        assert [kind for kind, *_ in contour].count("M") == 1
        assert contour[0][0] == "M"
        assert len(contour) > 2


def test_a_blank_has_no_outline_and_an_unmapped_character_is_an_error() -> None:
    assert outline("kai", "\u3000").contours == ()
    with pytest.raises(KeyError):
        outline("kai", "\ue863")


def test_an_outline_is_made_once() -> None:
    assert outline("kai", "永") is outline("kai", "永")


# Drawing


def text(glyphs: Sequence[Glyph], key: str, x_mm: float, baseline_mm: float, **more: object) -> Text:
    facts: dict[str, object] = {"size_pt": 20, **more}
    return Text(
        part="name",
        text="".join(glyph.character for glyph in glyphs),
        face_key=key,
        color=BLACK,
        x_mm=x_mm,
        baseline_mm=baseline_mm,
        glyphs=tuple(glyphs),
        width_em=len(glyphs),
        **facts,  # type: ignore[arg-type]  # a size and stand-ins
    )


def grid(characters: Sequence[str], key: str) -> list[Text]:
    rows = [characters[at : at + ACROSS] for at in range(0, len(characters), ACROSS)]
    return [
        text([Glyph(character, 1.2 * x) for x, character in enumerate(row)], key, 5, 12 * (y + 1))
        for y, row in enumerate(rows)
    ]


def assert_same_ink(texts: Sequence[Text]) -> None:
    """Expect the same picture of texts and of their outlines, but for the rounding of edges."""
    live, cut = picture(texts), picture([outlined(each) for each in texts])
    assert min(live.tobytes()) < 64, "nothing was drawn"
    assert max(ImageChops.difference(live, cut).tobytes()) < 64


def picture(marks: Sequence[Mark]) -> Image.Image:
    pdf = draw_pdf([Page(width_mm=240, height_mm=160, marks=tuple(marks))], title="outlines")
    with pypdfium2.PdfDocument(pdf) as document:
        page: Image.Image = document[0].render(scale=3, grayscale=True).to_pil()
        return page


def ink(font: ImageFont.FreeTypeFont, character: str) -> tuple[int, int, int, int]:
    mask, (left, top) = font.getmask2(character, anchor="ls")
    first, highest, last, lowest = mask.getbbox()
    return left + first, top + highest, left + last, top + lowest


def bounds(contours: Sequence[Contour]) -> tuple[float, float, float, float]:
    points = [point for contour in contours for point in flattened(contour)]
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def flattened(contour: Contour) -> Iterator[tuple[float, float]]:
    start = (0.0, 0.0)
    for _kind, *numbers in contour:
        points = [start, *zip(numbers[::2], numbers[1::2], strict=True)]
        yield from (on_curve(points, step / 16) for step in range(16) if len(points) == 4)
        yield (start := points[-1])


def on_curve(points: Sequence[tuple[float, float]], at: float) -> tuple[float, float]:
    weights = (1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at**2 * (1 - at), at**3
    x, y = (sum(map(float.__mul__, weights, axis)) for axis in zip(*points, strict=True))
    return x, y
