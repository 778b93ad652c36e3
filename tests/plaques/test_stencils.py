"""Stencils: texts set once for many come out as if each had been set, and are refused like any other."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from plaques.composition import compose
from plaques.composition.stencils import pattern
from plaques.design.library import load_design
from plaques.drawing.pdf import draw_pdf
from plaques.marks import Fill, Mark, Page, Stencil, Text
from plaques.preflight.plate import (
    BelowFloor,
    IncompletePlate,
    OutOfPlace,
    Plate,
    TextsCollide,
    TooNearTrim,
    check_plate,
)
from plaques.typography.typefaces import MissingGlyph
from store.records import Product
from store.refusals import Refusal
from tests.plaques.plates import BASE_URL, CODE, NUMBER, RARE_NAMES, content, face, page, people

BADGE = load_design(Product.BADGE)
NAMES = (*RARE_NAMES, *people(9), "王1", "赵·A", "李，丁")
(NAME,) = (caption for caption in BADGE.layout.captions if caption.part == "name")


def badge(holder: str = "贺杰佳") -> Plate:
    words = face(content((holder, "周䶮", "贾欣")), holder=holder)
    drawn = page(words, Product.BADGE)
    return Plate(number=NUMBER, face=words, url=CODE.url(BASE_URL), front=drawn, page=drawn)


def fill_of(drawn: Page) -> Fill:
    (fill,) = (mark for mark in drawn.marks if isinstance(mark, Fill))
    return fill


def taken_apart(drawn: Page) -> Page:
    def parts() -> Iterator[Mark]:
        for mark in drawn.marks:
            yield from mark.marks if isinstance(mark, Fill) else (mark,)

    return replace(drawn, marks=tuple(parts()))


def filled_otherwise(plate: Plate, change: Callable[[Fill], Fill]) -> Plate:
    """Return the plate with its fill changed, and its record as the fill then says."""
    marks = tuple(change(mark) if isinstance(mark, Fill) else mark for mark in plate.front.marks)
    drawn = replace(plate.front, marks=marks)
    (holder,) = (text.text for text in drawn.texts if text.part == "name")
    words = face(content((holder, "周䶮", "贾欣")), holder=holder)
    return replace(plate, face=words, front=drawn, page=drawn)


def with_line(part: str, **changes: object) -> Callable[[Fill], Fill]:
    """Return what changes a line of the stencil, as if it had been set so."""

    def change(fill: Fill) -> Fill:
        lines = [replace(line, **changes) if line.part == part else line for line in fill.stencil.lines]  # type: ignore[arg-type]  # any field
        return replace(fill, stencil=Stencil(lines=tuple(lines)))

    return change


def named(name: str) -> Callable[[Fill], Fill]:
    """Return what puts a name into a fill whatever its stencil was cut for."""

    def change(fill: Fill) -> Fill:
        said = zip(fill.stencil.lines, fill.words, strict=True)
        return replace(fill, words=tuple(name if line.part == "name" else text for line, text in said))

    return change


def renumbered(fill: Fill) -> Fill:
    """Return a fill that gives the number of another plate, of the same digits."""
    return replace(fill, words=tuple(text.replace(NUMBER, NUMBER[::-1]) for text in fill.words))


def test_what_is_as_wide_has_one_pattern_and_what_is_not_has_its_own() -> None:
    assert pattern("贺杰佳", NAME, set()) == pattern("周䶮龚", NAME, set())
    assert pattern("贺杰·1", NAME, set()) == pattern("周䶮·2", NAME, set())
    assert len({pattern(name, NAME, set()) for name in ("贺杰佳", "贺杰", "贺，杰", "贺·杰", "贺A杰")}) == 5
    assert pattern("王𪚥", NAME, set()) == "王𪚥", "another face draws it"
    assert pattern("周䶮", NAME, {"䶮"}) == "周䶮", "a drawing of its own takes one em, whatever its face has"
    assert pattern("贺杰佳", replace(NAME, setting="vertical"), set()) == "贺杰佳"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("design", ["red-gold", "white", "bilingual"])
def test_a_copys_texts_stand_as_if_each_had_been_set_by_itself(
    name: str, design: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = face(content((name, "周䶮", "贾欣")), holder=name, holder_title="岗位长")
    in_stencil = page(words, Product.BADGE, design)
    monkeypatch.setattr(compose, "_stencil", lambda *_: None)
    alone = page(words, Product.BADGE, design)
    assert in_stencil.texts == alone.texts
    assert not any(isinstance(mark, Fill) for mark in alone.marks)


@pytest.mark.parametrize("inks", ["rgb", "cmyk", "spot"])
def test_a_fill_is_drawn_as_its_texts_are(inks: str) -> None:
    for name in NAMES:
        drawn = badge(name).front
        assert draw_pdf([drawn], title="", inks=inks) == draw_pdf([taken_apart(drawn)], title="", inks=inks)  # type: ignore[arg-type]  # one of Inks


def test_copies_of_one_cut_share_their_stencil() -> None:
    assert fill_of(badge("贺杰佳").front).stencil is fill_of(badge("龚建国").front).stencil
    assert fill_of(badge("贺杰佳").front).stencil is not fill_of(badge("贺杰").front).stencil


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_fill_passes_whole_and_taken_apart(name: str) -> None:
    plate = badge(name)
    check_plate(plate, BADGE)
    check_plate(replace(plate, front=taken_apart(plate.front)), BADGE)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (with_line("name", x_mm=2), TooNearTrim),
        (with_line("number", x_mm=20, baseline_mm=48), OutOfPlace),
        (with_line("name", size_pt=5), BelowFloor),
        (named("贺A佳"), OutOfPlace),
        (named("王𪚥佳"), MissingGlyph),
        (renumbered, IncompletePlate),
    ],
)
def test_a_fill_that_is_not_sound_is_refused(change: Callable[[Fill], Fill], refused: type[Refusal]) -> None:
    with pytest.raises(refused):
        check_plate(filled_otherwise(badge(), change), BADGE)


def test_texts_that_touch_in_a_stencil_are_refused() -> None:
    name, *_ = fill_of(badge().front).stencil.lines
    over = replace(name, part="beside")

    def change(fill: Fill) -> Fill:
        return Fill(stencil=Stencil(lines=(*fill.stencil.lines, over)), words=(*fill.words, "贺杰佳"))

    with pytest.raises(TextsCollide, match="贺杰佳"):
        check_plate(filled_otherwise(badge(), change), BADGE)


def test_a_text_says_others_in_the_places_of_its_own_characters() -> None:
    (name,) = (text for text in badge("贺杰佳").front.texts if text.part == "name")
    other = name.saying("龚建国")
    assert (other.text, [glyph.character for glyph in other.glyphs]) == ("龚建国", list("龚建国"))
    assert [glyph[1:] for glyph in other.glyphs] == [glyph[1:] for glyph in name.glyphs]
    assert isinstance(other, Text)
    with pytest.raises(ValueError, match="shorter"):
        name.saying("龚建")
