"""An organisation's drawings in its designs: found beside them, held to the rules, drawn in proportion."""

import pytest

from plaques.artwork.vectors import NotVectorArtwork
from plaques.composition.ornaments import artwork_marks
from plaques.contours import extent
from plaques.design.faults import BadDesign
from plaques.design.library import DesignLibrary
from plaques.design.model import Design
from plaques.marks import Box, Color
from store.records import Product

SHIELD = b"""<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="10mm" viewBox="0 0 20 10">
<path d="M0 0H20V10H0Z" fill="#E3BC6A"/></svg>"""
RED_SHIELD = SHIELD.replace(b"#E3BC6A", b"#C8141E")
OURS = """
product = "plaque"
name = "ours"
title_zh = "本单位"
title_en = "Our own"
extends = "red-gold"

[palette]
gold = "#E3BC6A"
pale = "#FFF4D8"
gone = "none"

[sizes.400x300]
artworks = [
    { file = "art/shield.svg", role = "emblem", box = [20, 25, 20, 20], color = "gold" },
]
[sizes.400x300.stamp]
turn_deg = 14
"""


def design_of(text: str = OURS, file: bytes = SHIELD, name: str = "art/shield.svg") -> Design:
    library = DesignLibrary.shipped().with_files({"ours.toml": text.encode(), name: file})
    return library.design(Product.PLAQUE, "ours", "400x300")


def moved(to: str, text: str = OURS) -> str:
    return text.replace("[20, 25, 20, 20]", to)


def refused(text: str, file: bytes = SHIELD, name: str = "art/shield.svg") -> tuple[str, str]:
    with pytest.raises(BadDesign) as caught:
        design_of(text, file, name)
    (fault,) = caught.value.faults
    assert (
        fault.line == text.splitlines().index(next(row for row in text.splitlines() if "file =" in row)) + 1
    )
    return fault.key.rsplit(".", 1)[-1], fault.zh


def roomy(text: str) -> str:
    """Return the design without the shapes and captions that would crowd an emblem at the top left."""
    return text.replace("[sizes.400x300]", "[sizes.400x300]\nshapes = []\ncaptions = []")


def test_a_drawing_is_laid_into_its_box_in_proportion() -> None:
    design = design_of(roomy(OURS))
    marks = list(artwork_marks(design.layout, design))
    assert extent(marks) == pytest.approx(Box(20, 30, 20, 10))
    assert {mark.color for mark in marks} == {Color("#E3BC6A")}


def test_a_drawing_in_a_role_that_is_none_is_not_drawn() -> None:
    design = design_of(roomy(OURS).replace('color = "gold"', 'color = "gone"'))
    assert list(artwork_marks(design.layout, design)) == []


def test_a_drawing_without_a_color_keeps_its_own() -> None:
    design = design_of(roomy(OURS).replace(', color = "gold"', ""), RED_SHIELD)
    assert {mark.color.rgb for mark in artwork_marks(design.layout, design)} == {"#C8141E"}


def test_a_drawing_that_is_not_there_is_refused_by_its_line() -> None:
    assert refused(roomy(OURS), name="art/other.svg")[0] == "file"


def test_a_picture_is_no_drawing() -> None:
    with pytest.raises(NotVectorArtwork):
        design_of(roomy(OURS), b"\x89PNG....")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (roomy(OURS).replace('color = "gold"', 'color = "pale"'), "既非金黄色也非红色"),
        (moved("[150, 25, 20, 20]"), "四周应留空"),
        (moved("[270, 110, 30, 30]", roomy(OURS)), "二维码"),
        (moved("[60, 120, 20, 20]", roomy(OURS)), "四周应留空"),
        (moved("[20, 25, 8, 8]", roomy(OURS)), "高 4.0 毫米"),
    ],
)
def test_an_emblem_is_refused_where_the_regulation_forbids_it(text: str, said: str) -> None:
    assert said in refused(text)[1]


@pytest.mark.parametrize(
    ("box", "said"),
    [("[60, 262, 12, 12]", ""), ("[60, 120, 20, 20]", "落款以外"), ("[280, 120, 20, 20]", "二维码")],
)
def test_a_seal_may_lie_over_issuer_and_date_alone(box: str, said: str) -> None:
    text = moved(box).replace('"emblem"', '"seal"').replace(', color = "gold"', "")
    if said:
        with pytest.raises(BadDesign, match="artworks") as caught:
            design_of(text, RED_SHIELD)
        assert any(said in fault.zh for fault in caught.value.faults)
    else:
        assert design_of(text, RED_SHIELD).artwork


def test_backgrounds_are_drawn_before_the_other_drawings() -> None:
    ground = '{ file = "art/shield.svg", role = "background", box = [0, 0, 400, 300] },\n]'
    design = design_of(
        roomy(OURS).replace('color = "gold" },\n]', f'color = "gold" }},\n    {ground}'), SHIELD
    )
    first, second = artwork_marks(design.layout, design)
    assert extent([first]).width_mm == pytest.approx(400)
    assert extent([second]).width_mm == pytest.approx(20)
