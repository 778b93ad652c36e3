"""Copies lie on sheets without touching, in order, past the places already used."""

from itertools import combinations

import pytest

from plaques.marks import Block, Box, Color, Form, Group, Page
from plaques.press.impose import (
    SHEETS_MM,
    Imposition,
    NothingLeftOnSheet,
    Sheet,
    SheetTooSmall,
    UnknownSheet,
    impose,
)

ID_1_MM = (85.6, 53.98)


def _pages(count: int, size: tuple[float, float] = ID_1_MM) -> list[Page]:
    """Return pages that can be told apart by the colour of their ground."""
    grounds = (Color(f"#{number:06X}") for number in range(1, count + 1))
    return [
        Page(width_mm=size[0], height_mm=size[1], marks=(Block(box=Box(0, 0, *size), color=ground),))
        for ground in grounds
    ]


def _grounds(sheet: Sheet) -> list[Color]:
    groups = [mark for mark in sheet.page.marks if isinstance(mark, Group)]
    return [mark.color for group in groups for mark in group.marks if isinstance(mark, Block)]


def _crop_marks(sheet: Sheet) -> list[Block]:
    forms = [mark for mark in sheet.page.marks if isinstance(mark, Form)]
    return [mark for form in forms for mark in form.marks if isinstance(mark, Block)]


def test_ten_badges_fill_an_a4_sheet() -> None:
    (first, second) = impose(_pages(12), Imposition(sheet="a4"))
    assert (first.page.width_mm, first.page.height_mm) == SHEETS_MM["a4"]
    assert [len(first.places), len(second.places)] == [10, 2]
    assert [*_grounds(first), *_grounds(second)] == [Color(f"#{number:06X}") for number in range(1, 13)]


def test_copies_stand_in_reading_order() -> None:
    (sheet,) = impose(_pages(10), Imposition(sheet="a4"))
    assert list(sheet.places) == sorted(sheet.places, key=lambda place: (place.y_mm, place.x_mm))


@pytest.mark.parametrize("name", SHEETS_MM)
def test_neither_copies_nor_crop_marks_touch_anything(name: str) -> None:
    for sheet in impose(_pages(40), Imposition(sheet=name)):
        marks = [mark.box for mark in _crop_marks(sheet)]
        assert len(marks) >= 4
        assert not any(one.touches(other) for one, other in combinations(sheet.places, 2))
        assert not any(mark.touches(place.inset(-0.9)) for mark in marks for place in sheet.places)
        assert all(sheet.page.box.inset(2).holds(mark) for mark in marks)
        assert len(set(marks)) == len(marks)


def test_crop_marks_point_at_every_corner() -> None:
    (sheet,) = impose(_pages(1), Imposition(sheet="a4"))
    (place,) = sheet.places
    marks = [mark.box for mark in _crop_marks(sheet)]
    assert len(marks) == 8
    assert {round(mark.center_x_mm, 2) for mark in marks if mark.height_mm > mark.width_mm} == {
        round(place.x_mm, 2),
        round(place.right_mm, 2),
    }
    assert {round(mark.center_y_mm, 2) for mark in marks if mark.width_mm > mark.height_mm} == {
        round(place.y_mm, 2),
        round(place.bottom_mm, 2),
    }


def test_places_already_used_are_skipped() -> None:
    full = impose(_pages(10), Imposition(sheet="a4"))[0].places
    (first, second) = impose(_pages(8), Imposition(sheet="a4", skip=3))
    assert first.places == full[3:]
    assert second.places == full[:1]


@pytest.mark.parametrize("skip", [-1, 10])
def test_a_sheet_without_a_free_place_is_refused(skip: int) -> None:
    with pytest.raises(NothingLeftOnSheet, match="10 places"):
        impose(_pages(1), Imposition(sheet="a4", skip=skip))


def test_single_is_one_page_at_trim_size_for_each_copy() -> None:
    sheets = impose(_pages(3), Imposition())
    assert [(sheet.page.width_mm, sheet.page.height_mm) for sheet in sheets] == [ID_1_MM] * 3
    assert not any(_crop_marks(sheet) for sheet in sheets)


def test_a_plaque_of_the_sheets_own_size_is_a_page_without_crop_marks() -> None:
    (sheet,) = impose(_pages(1, (297, 210)), Imposition(sheet="a4"))
    assert sheet.places == (sheet.page.box,)
    assert not _crop_marks(sheet)


def test_a_sheet_is_turned_if_more_fits_that_way() -> None:
    (sheet,) = impose(_pages(1, (400, 300)), Imposition(sheet="sra3"))
    assert (sheet.page.width_mm, sheet.page.height_mm) == (450, 320)
    assert _crop_marks(sheet)


def test_a_copy_larger_than_the_sheet_is_refused() -> None:
    with pytest.raises(SheetTooSmall, match="400 x 300 mm does not fit on a3"):
        impose(_pages(1, (400, 300)), Imposition(sheet="a3"))


def test_an_unknown_sheet_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownSheet, match="single、a4、a3、sra3"):
        impose(_pages(1), Imposition(sheet="letter"))
