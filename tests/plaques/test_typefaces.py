"""The typefaces are what fonts.toml says, and none of reportlab's faults reaches a plate."""

import csv
import gc
import hashlib
import importlib.util
import io
import struct
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont
from openpyxl import load_workbook
from PIL import Image
from reportlab.pdfbase import ttfonts
from reportlab.pdfgen.canvas import Canvas

from plaques.typography import typefaces
from plaques.typography.truetype import UnusableTypeface
from plaques.typography.typefaces import (
    FONTS,
    MissingGlyph,
    Typeface,
    catalogue,
    ensure_registered,
    face_for,
    load_typeface,
    typeface,
)

Draw = Callable[[Iterable[str], str], bytes]
Extract = Callable[[bytes], list[str]]

RARE = ("䶮𬱖", "𣲗㼆𬭚", "王𠮷", "李𪚥", "阿依古丽·艾合买提")
DATA = Path(__file__).parent.parent / "data"
NO_BREAK_SPACE = 0xA0
GB_18030_2022 = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DB5),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
)


@pytest.mark.parametrize("key", catalogue())
def test_a_vendored_file_is_the_one_that_was_published_and_has_its_licence(key: str) -> None:
    entry = catalogue()[key]
    assert hashlib.sha256((FONTS / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert "licen" in (FONTS / entry["licence_file"]).read_text(encoding="utf-8").lower()


def test_every_font_file_is_accounted_for() -> None:
    assert {str(path.relative_to(FONTS)) for path in FONTS.glob("*/*.[to]t[fc]")} == {
        entry["file"] for entry in catalogue().values()
    }


def test_the_repository_stays_under_95_mb_of_type() -> None:
    assert sum(path.stat().st_size for path in FONTS.rglob("*") if path.is_file()) < 95_000_000


def test_a_file_is_parsed_once_for_measuring_and_embedding() -> None:
    face = typeface("serif")
    assert typeface("serif") is face
    assert ensure_registered(face) == ensure_registered(face) == face.font.fontName


@pytest.mark.parametrize("key", catalogue())
def test_a_han_character_fills_its_em(key: str) -> None:
    assert typeface(key).advance_em("𬱖") == 1


def test_every_han_character_of_gb_18030_is_drawn_by_serif_or_fallback() -> None:
    faces = typeface("serif"), typeface("fallback")
    characters = (chr(point) for first, last in GB_18030_2022 for point in range(first, last + 1))
    assert [c for c in characters if not any(face.draws(c) for face in faces)] == []


def test_every_character_of_the_sample_rosters_is_drawn_in_the_face_for_names() -> None:
    kai = typeface("kai")
    assert {c for c in _roster_text() if not (kai.draws(c) or c.isspace())} == set()


# Read as reportlab reads


@pytest.mark.parametrize("key", catalogue())
def test_a_mapped_face_says_what_reportlabs_own_reading_says(key: str) -> None:
    ours, theirs = typeface(key).font.face, ttfonts.TTFontFace(str(typeface(key).path))
    points = theirs.charToGlyph.keys() - {NO_BREAK_SPACE}
    assert {point: ours.charToGlyph[point] for point in points} == _but_no_break_space(theirs.charToGlyph)
    assert {point: ours.charWidths[point] for point in points} == _but_no_break_space(theirs.charWidths)
    assert list(ours.glyphPos) == theirs.glyphPos
    assert set(ours.charToGlyph) | {NO_BREAK_SPACE} == points | {NO_BREAK_SPACE}
    assert ours.defaultWidth == theirs.defaultWidth


@pytest.mark.parametrize("key", catalogue())
def test_advances_and_bearings_are_those_another_reader_finds(key: str) -> None:
    metrics = typeface(key).file.metrics
    with TTFont(typeface(key).path, lazy=True) as font:
        read = [font["hmtx"].metrics[name] for name in font.getGlyphOrder()]
    assert [metrics[glyph] for glyph in range(len(read))] == [
        (advance, lsb & 0xFFFF) for advance, lsb in read
    ]


@pytest.mark.parametrize("key", catalogue())
def test_a_subset_is_the_one_reportlab_would_embed(key: str) -> None:
    ours, theirs = typeface(key).font.face, ttfonts.TTFontFace(str(typeface(key).path))
    theirs.hmetrics = (
        ours.hmetrics
    )  # reportlab's own are wrong where glyphs of a 1024-unit em share an advance
    subset = [0, *sorted(theirs.charToGlyph)[:: len(theirs.charToGlyph) // 250]]
    assert ours.makeSubset(subset) == theirs.makeSubset(subset)


# A missing character


def test_a_character_nobody_draws_is_refused_with_the_person_and_the_post() -> None:
    with pytest.raises(MissingGlyph) as refused:
        face_for("王\ue863", "kai", where="种子繁育岗")
    facts = refused.value.facts
    assert (facts["character"], facts["code_point"]) == ("\ue863", "U+E863")
    assert (facts["text"], facts["where"]) == ("王\ue863", "种子繁育岗")
    assert "“王〔U+E863〕”（种子繁育岗）中的U+E863没有" in refused.value.zh
    assert "draws U+E863 in “王〔U+E863〕” (种子繁育岗)" in refused.value.en


def test_reportlab_alone_would_draw_the_missing_character_without_a_word() -> None:
    canvas = Canvas(io.BytesIO(), invariant=1)
    canvas.setFont(ensure_registered(typeface("kai")), 20)
    canvas.drawString(10, 10, "王\ue863")
    canvas.save()


# A mapped glyph without an outline


def test_a_mapped_glyph_without_outline_is_not_drawn(tmp_path: Path) -> None:
    hollow = load_typeface("hollow", _without_outline("䶮", tmp_path))
    assert ord("䶮") in hollow.font.face.charToGlyph
    assert not hollow.draws("䶮")
    assert hollow.draws("张")
    assert typeface("kai").draws("䶮")


def test_the_empty_glyph_would_leave_no_ink_on_the_plate(tmp_path: Path, pdftotext: Path) -> None:
    hollow = load_typeface("hollow", _without_outline("䶮", tmp_path))
    hollow.font.face.name = b"Hollow"
    assert not _leaves_ink(_drawn_alone("䶮", hollow), pdftotext)


@pytest.mark.parametrize("character", ["䶮", "𬱖", "´"])
def test_what_counts_as_drawn_leaves_ink(character: str, pdftotext: Path) -> None:
    kai = typeface("kai")
    assert kai.draws(character)
    assert _leaves_ink(_drawn_alone(character, kai), pdftotext)


def test_the_width_of_what_a_face_does_not_draw_is_nobodys_to_ask() -> None:
    with pytest.raises(KeyError):
        typeface("kai").advance_em("\ue500")


def test_blanks_need_no_outline() -> None:
    assert typeface("serif").draws(" ")
    assert typeface("serif").draws("\u3000")


# Characters above U+FFFF


def test_names_are_extracted_letter_for_letter(draw: Draw, extract: Extract) -> None:
    assert extract(draw(RARE, "kai")) == list(RARE)


def test_long_texts_over_several_subsets_are_extracted_letter_for_letter(
    draw: Draw, extract: Extract
) -> None:
    rows = ["".join(map(chr, range(first, first + 40))) for first in range(0x4E00, 0x4E00 + 400, 40)]
    assert extract(draw(rows, "serif")) == rows


def test_without_the_correction_the_names_would_be_extracted_wrong(
    draw: Draw, extract: Extract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", typefaces.to_unicode_cmap)
    monkeypatch.setattr(typefaces, "to_unicode_cmap", _pristine_ttfonts().makeToUnicodeCMap)
    assert extract(draw(RARE, "kai")) != list(RARE)


def test_a_block_of_the_cmap_holds_at_most_a_hundred_entries() -> None:
    lines = typefaces.to_unicode_cmap("F", [0, *range(0x4E00, 0x4E00 + 250)]).split("\n")
    assert [line for line in lines if line.endswith("beginbfchar")] == [
        "100 beginbfchar",
        "100 beginbfchar",
        "50 beginbfchar",
    ]
    assert "<01> <4E00>" in lines
    assert typefaces.to_unicode_cmap("F", [0x2A6A5]).count("<00> <D869DEA5>") == 1


# Files that would be embedded wrongly


@pytest.mark.parametrize(
    ("version", "tags", "reason"),
    [
        (b"OTTO", [b"CFF "], "not a TrueType font"),
        (b"ttcf", [], "not a TrueType font"),
        (b"\x00\x01\x00\x00", [b"glyf", b"fvar"], "variable"),
        (b"\x00\x01\x00\x00", [b"CFF "], "no TrueType outlines"),
        (b"\x00\x01\x00\x00", [b"cmap", b"glyf", b"head"], r"above U\+FFFF"),
    ],
)
def test_files_that_would_be_embedded_wrongly_are_refused(
    tmp_path: Path, version: bytes, tags: list[bytes], reason: str
) -> None:
    file = tmp_path / "font.ttf"
    file.write_bytes(struct.pack(">4sH6x", version, len(tags)) + b"".join(tag + bytes(12) for tag in tags))
    with pytest.raises(UnusableTypeface, match=reason):
        load_typeface("x", file)


def test_a_second_file_of_one_postscript_name_is_refused(tmp_path: Path) -> None:
    ensure_registered(typeface("kai"))
    with pytest.raises(UnusableTypeface, match="PostScript name"):
        ensure_registered(load_typeface("twin", _without_outline("䶮", tmp_path)))


# Which face


def test_a_text_is_set_whole_in_the_preferred_face_if_it_draws_all() -> None:
    chosen = face_for("䶮𬱖𣲗㼆", "kai", where="岗")
    assert (chosen.face.key, chosen.fell_back, dict(chosen.stand_ins)) == ("kai", False, {})


def test_a_text_falls_back_whole_before_it_is_mixed() -> None:
    chosen = face_for("𠮷𪚥", "kai", where="岗")
    assert (chosen.face.key, chosen.fell_back, dict(chosen.stand_ins)) == ("fallback", True, {})


def test_a_name_with_one_rare_character_is_set_whole_in_one_face_that_has_all_of_it() -> None:
    assert not typeface("kai").draws("㘽")
    chosen = face_for("李㘽明", "kai", where="岗")
    assert (chosen.face.key, chosen.fell_back, dict(chosen.stand_ins)) == ("serif", True, {})
    assert {chosen.face_of(character) for character in "李㘽明"} == {typeface("serif")}


def test_a_choice_made_once_is_the_same_for_every_post_and_refused_for_each_by_name() -> None:
    assert face_for("张三", "kai", where="甲岗") is face_for("张三", "kai", where="乙岗")
    for where in ("甲岗", "乙岗"):
        with pytest.raises(MissingGlyph, match=where):
            face_for("王\ue863", "kai", where=where)


def test_a_rare_character_stands_among_its_like() -> None:
    chosen = face_for("李𪚥", "kai", where="岗")
    assert (chosen.face.key, chosen.fell_back) == ("serif", True)
    assert (chosen.face_of("李").key, chosen.face_of("𪚥").key) == ("serif", "fallback")
    assert chosen.advance_em("𪚥") == typeface("fallback").advance_em("𪚥")


# Many documents


def test_the_same_texts_give_the_same_bytes_whatever_was_drawn_between(draw: Draw) -> None:
    first = draw(RARE, "kai")
    draw(["别的文字，别的子集"], "kai")
    assert draw(RARE, "kai") == first


def test_documents_drawn_in_several_threads_do_not_disturb_each_other(draw: Draw) -> None:
    alone = [draw(["éèü张" + chr(0x4E00 + 7 * row), *RARE], "serif") for row in range(6)]
    with ThreadPoolExecutor(6) as threads:
        together = threads.map(lambda row: draw(["éèü张" + chr(0x4E00 + 7 * row), *RARE], "serif"), range(6))
    assert list(together) == alone


def test_a_document_leaves_nothing_behind_in_the_faces(draw: Draw) -> None:
    draw(RARE, "kai")
    _begin_and_drop()
    gc.collect()
    assert [len(typeface(key).font.state) for key in catalogue()] == [0] * len(catalogue())


def _but_no_break_space(numbers: dict[int, float]) -> dict[int, float]:
    """Leave out the one character that reportlab maps by itself, and sets as a space wherever it stands."""
    return {point: number for point, number in numbers.items() if point != NO_BREAK_SPACE}


def _begin_and_drop() -> None:
    canvas = Canvas(io.BytesIO(), invariant=1)
    canvas.setFont(ensure_registered(typeface("kai")), 20)
    canvas.drawString(10, 10, "张三")
    assert len(typeface("kai").font.state) == 1


def _drawn_alone(character: str, face: Typeface) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(40, 40), invariant=1)
    canvas.setFont(ensure_registered(face), 20)
    canvas.drawString(10, 10, character)
    canvas.save()
    return file.getvalue()


def _leaves_ink(pdf: bytes, pdftotext: Path) -> bool:
    pdftoppm = pdftotext.with_name("pdftoppm")
    page = subprocess.run([pdftoppm, "-gray", "-r", "72"], input=pdf, capture_output=True, check=True).stdout
    return min(Image.open(io.BytesIO(page)).tobytes()) < 128


def _roster_text() -> str:
    sheet = load_workbook(DATA / "roster-2026.xlsx").worksheets[0]
    cells = (cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str))
    members = csv.reader(io.StringIO((DATA / "members-2026.csv").read_text(encoding="gb18030")))
    return "".join(cells) + "".join(map("".join, members))


def _without_outline(character: str, folder: Path) -> Path:
    """Copy the Kai face with one glyph's outline emptied, as careless conversions leave it."""
    kai = typeface("kai")
    glyph = kai.font.face.charToGlyph[ord(character)]
    loca = kai.font.face.get_table_pos("loca")[0]
    data = bytearray(kai.path.read_bytes())
    data[loca + 4 * glyph + 4 : loca + 4 * glyph + 8] = data[loca + 4 * glyph : loca + 4 * glyph + 4]
    hollow = folder / "hollow.ttf"
    hollow.write_bytes(data)
    return hollow


def _pristine_ttfonts() -> ModuleType:
    spec = importlib.util.find_spec("reportlab.pdfbase.ttfonts")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
