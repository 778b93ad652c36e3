"""Every character of GB 18030-2022 level 3 can be printed in a name and read back; the rest is refused."""

import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfbase.ttfonts import TTFontFace

from plaques.drawing.pdf import draw_pdf
from plaques.marks import BLACK, Page, Text
from plaques.typography.typefaces import MissingGlyph, Typeface, face_for, load_typeface, typeface
from plaques.typography.typesetting import MM_PER_PT, set_name

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

FACE = "kai"
"""The face the designs ask for in names."""

HAN_OF_LEVEL_3 = (
    (0x4E00, 0x9FEF),
    (0x3400, 0x4DB5),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
)
COMPATIBILITY = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"
PER_NAME = 5
ACROSS, DOWN = 12, 40
GAP_EM = 1.5
"""Between columns: where they stand farther apart than lines, pdfium takes the page for vertical writing."""
PITCH_Y_MM = 8
SIZE_PT = 12
EM_MM = SIZE_PT * MM_PER_PT
PIXELS_PER_MM = 3
INK = 160
"""A grey that a stroke a few pixels long leaves, and no haze does."""

SHARED_OUTLINES = {
    "kai": "㮣槩",
    "serif": "㖈䎛 㘽㦳 㶷𤈎",
    "fallback": "𠓲𣔕 𡀘𡀼 𡼷𤎚 𣽁𣾞 𤟬𭸗 𤦼𤧩 𤯒𪐕 𦁥𦂲 𦡂𦡦 𩿎𩿗",
}
"""Pairs that a face draws alike, as published: characters coded twice among them."""


def level_3() -> list[str]:
    points = (point for first, last in HAN_OF_LEVEL_3 for point in range(first, last + 1))
    return [*map(chr, points), *COMPATIBILITY]


def general_standard() -> list[str]:
    """Return the characters of 《通用规范汉字表》 in its order."""
    lines = (files("plaques") / "data" / "strokes.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines]


@dataclass(frozen=True)
class Printed:
    """Names, page by page, and the file they were drawn into."""

    pages: list[list[Text]]
    pdf: bytes

    @property
    def names(self) -> list[list[str]]:
        return [sorted(mark.text for mark in marks) for marks in self.pages]


@pytest.fixture(scope="module")
def whole_set() -> Printed:
    characters = level_3()
    return printed([characters[at : at + PER_NAME] for at in range(0, len(characters), PER_NAME)])


@pytest.fixture(params=["pdfium", "poppler"])
def words_of(request: pytest.FixtureRequest, pdftotext: Path) -> Callable[[bytes], list[list[str]]]:
    """Return a reader of the words on each page, in the order of their code points."""
    if request.param == "pdfium":
        return words_by_pdfium
    return lambda pdf: words_by_poppler(pdf, pdftotext)


# The sets


def test_level_3_has_87887_characters_and_holds_the_8105() -> None:
    assert len(level_3()) == len(set(level_3())) == 87_887
    assert len(general_standard()) == 8105
    assert set(general_standard()) < set(level_3())


def test_the_8105_are_set_in_the_face_of_names_alone() -> None:
    assert [each for each in general_standard() if face_for(each, FACE, where="岗").fell_back] == []


# Drawn and read back


def test_all_8105_are_drawn_in_names_and_extracted_as_themselves(
    words_of: Callable[[bytes], list[list[str]]],
) -> None:
    characters = general_standard()
    names = printed([characters[at : at + 3] for at in range(0, len(characters), 3)])
    assert words_of(names.pdf) == names.names


def test_all_87887_are_drawn_in_names_and_extracted_as_themselves(
    whole_set: Printed, words_of: Callable[[bytes], list[list[str]]]
) -> None:
    assert "".join(mark.text for marks in whole_set.pages for mark in marks) == "".join(level_3())
    assert words_of(whole_set.pdf) == whole_set.names


def test_names_whose_characters_need_several_faces_are_extracted_as_themselves(
    words_of: Callable[[bytes], list[list[str]]],
) -> None:
    characters = level_3()[::20]
    count = len(characters) // PER_NAME
    names = printed([characters[at::count] for at in range(count)])
    assert sum(len({mark.face_of(each) for each in mark.text}) > 1 for mark in names.pages[0]) > 100
    assert words_of(names.pdf) == names.names


def test_each_of_the_87887_leaves_ink_where_it_stands(whole_set: Printed) -> None:
    bare: list[str] = []
    with pypdfium2.PdfDocument(whole_set.pdf) as document:
        for marks, page in zip(whole_set.pages, document, strict=True):
            picture = page.render(scale=PIXELS_PER_MM * MM_PER_PT, grayscale=True).to_pil()
            bare += inkless(marks, picture)
    assert bare == []


def test_a_character_without_ink_would_be_seen(whole_set: Printed) -> None:
    first = whole_set.pages[0][:1]
    assert list(inkless(first, Image.new("L", (1500, 1500), 255))) == list(first[0].text)


# Outlines, by reportlab's own reading of the files


def test_each_of_the_87887_has_an_outline() -> None:
    assert without_outline(level_3(), lambda each: face_for(each, FACE, where="岗").face) == []


def test_a_check_of_the_map_alone_would_pass_47_empty_glyphs(tmp_path: Path) -> None:
    emptied = general_standard()[::175]
    hollow = load_typeface("hollow", with_empty_glyphs(emptied, tmp_path))
    by_map = {True: hollow, False: typeface("serif")}
    assert len(emptied) == 47
    assert without_outline(emptied, lambda each: by_map[ord(each) in hollow.file.glyphs]) == emptied
    assert without_outline(emptied, lambda each: by_map[hollow.draws(each)]) == []


def test_no_outline_is_shared_nor_the_box_for_missing_but_in_published_pairs() -> None:
    drawings = {(key, typeface(key).file.record(0)): ["the box for missing"] for key in SHARED_OUTLINES}
    for each in sorted(level_3()):
        face = face_for(each, FACE, where="岗").face
        drawings.setdefault((face.key, face.file.record(face.file.glyphs[ord(each)])), []).append(each)
    shared = {(key, "".join(alike)) for (key, _), alike in drawings.items() if len(alike) > 1}
    assert shared == {(key, pair) for key, pairs in SHARED_OUTLINES.items() for pair in pairs.split()}


# Refused

REFUSED = {
    "Extension I": range(0x2EBF0, 0x2EE5E),
    "private use": range(0xE000, 0xF900),
    "private use, plane 15": (*range(0xF0000, 0xF0100), 0xFFFFD),
    "private use, plane 16": range(0x100000, 0x100100),
    "emoji": (*range(0x1F600, 0x1F650), *range(0x1F900, 0x1FA00)),
    "Extension G": (0x30003, 0x3134A),
    "Extension H": (0x31350, 0x323AF),
    "Extension J": range(0x323B0, 0x3347A),
    "unassigned": (0x0378, 0x2FFFF, 0xE0FFF, 0x10FFFF),
    "invisible": (*range(0x200B, 0x2010), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x00, 0x0A),
}


@pytest.mark.parametrize("points", REFUSED.values(), ids=REFUSED)
def test_what_nobody_draws_is_refused_by_name(points: Iterable[int]) -> None:
    for point in points:
        with pytest.raises(MissingGlyph) as refused:
            face_for(f"王{chr(point)}", FACE, where="种子繁育岗")
        for message, person in product(
            (refused.value.zh, refused.value.en), ("王", f"U+{point:04X}", "种子繁育岗")
        ):
            assert person in message
        assert (refused.value.facts["character"], refused.value.facts["text"]) == (
            chr(point),
            f"王{chr(point)}",
        )


def test_the_kai_face_has_pictures_of_its_own_for_private_use() -> None:
    kai = typeface(FACE)
    assert kai.file.record(kai.file.glyphs[0xE500]) != b""
    assert not kai.draws("\ue500")


# Setting, reading, checking


def printed(names: Iterable[Sequence[str]]) -> Printed:
    """Set names in the face of names and its stand-ins, a page's worth to a page."""
    texts = ["".join(name) for name in names]
    pitch_mm = (max(map(len, texts)) + GAP_EM) * EM_MM
    places = [(x * pitch_mm, y * PITCH_Y_MM) for y in range(1, DOWN + 1) for x in range(ACROSS)]
    filled = [texts[at : at + len(places)] for at in range(0, len(texts), len(places))]
    pages = [[name_mark(text, *place) for text, place in zip(page, places, strict=False)] for page in filled]
    width_mm, height_mm = ACROSS * pitch_mm, (DOWN + 1) * PITCH_Y_MM
    drawn = (Page(width_mm=width_mm, height_mm=height_mm, marks=tuple(marks)) for marks in pages)
    return Printed(pages, draw_pdf(drawn, title="names"))


def name_mark(text: str, x_mm: float, baseline_mm: float) -> Text:
    chosen = face_for(text, FACE, where="种子繁育岗")
    line = set_name(text, chosen.advance_em)
    return Text(
        part="name",
        text=line.text,
        face_key=chosen.face.key,
        stand_ins={character: face.key for character, face in chosen.stand_ins.items()},
        size_pt=SIZE_PT,
        color=BLACK,
        x_mm=x_mm,
        baseline_mm=baseline_mm,
        glyphs=line.characters,
        width_em=line.width_em,
        fell_back=chosen.fell_back,
    )


def words_by_pdfium(pdf: bytes) -> list[list[str]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [sorted(str(page.get_textpage().get_text_range()).split()) for page in document]


def words_by_poppler(pdf: bytes, pdftotext: Path) -> list[list[str]]:
    done = subprocess.run([pdftotext, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return [sorted(page.split()) for page in done.stdout.decode("utf-8").split("\f")[:-1]]


def inkless(marks: Iterable[Text], picture: Image.Image) -> Iterator[str]:
    """Yield the characters in whose place on the picture there is no ink."""
    for mark in marks:
        for glyph in mark.glyphs:
            left, top = mark.x_mm + glyph.x_em * EM_MM, mark.box.y_mm
            edges = [edge * PIXELS_PER_MM for edge in (left, top, left + EM_MM, top + EM_MM)]
            if min(picture.crop((edges[0], edges[1], edges[2], edges[3])).tobytes()) > INK:
                yield glyph.character


def without_outline(characters: Iterable[str], face_of: Callable[[str], Typeface]) -> list[str]:
    """Return the characters whose glyph, in the face chosen for each, is empty or none."""
    readings: dict[str, TTFontFace] = {}
    bare = []
    for each in characters:
        face = face_of(each)
        if face.key not in readings:
            readings[face.key] = TTFontFace(str(face.path))
        reading = readings[face.key]
        glyph = reading.charToGlyph.get(ord(each), 0)
        if glyph == 0 or reading.glyphPos[glyph] == reading.glyphPos[glyph + 1]:
            bare.append(each)
    return bare


def with_empty_glyphs(characters: Iterable[str], folder: Path) -> Path:
    """Copy the Kai face with some outlines emptied, as careless conversions leave them."""
    kai = typeface(FACE).file
    data = bytearray(kai.data[:])
    for glyph in sorted(kai.glyphs[ord(each)] for each in characters):
        place = kai.tables["loca"].start + 4 * glyph
        data[place + 4 : place + 8] = data[place : place + 4]
    hollow = folder / "hollow.ttf"
    hollow.write_bytes(data)
    return hollow
