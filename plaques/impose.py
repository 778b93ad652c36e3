"""Imposing: pages of single copies onto the sheets a printer takes.

Knows sheet sizes, grids, crop marks and places already used. Leaves out what is on a page and how it is
drawn. Pure arithmetic in millimetres.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from plaques.marks import Block, Box, Page
from store.refusals import Refusal

SINGLE = "single"
"""One page per copy, cut at its own size."""

SHEETS_MM: Mapping[str, tuple[float, float]] = {"a4": (210, 297), "a3": (297, 420), "sra3": (320, 450)}
"""Sheets by name, upright: ISO 216 (A) and ISO 217 (SRA)."""

_MARGIN_MM = 5.0
_GAP_MM = 4.0
_CROP_OFFSET_MM = 1.0
_CROP_LENGTH_MM = _GAP_MM - 2 * _CROP_OFFSET_MM
_CROP_STROKE_MM = 0.1
_CROP_COLOR = "#000000"


class UnknownSheet(Refusal):
    """There is no such sheet. Remedy: choose one of those listed."""

    reason_zh = "没有名为“{sheet}”的纸张。"
    reason_en = "There is no sheet called {sheet!r}."
    remedy_zh = "可选：{known}。"
    remedy_en = "Choose one of: {known}."


class SheetTooSmall(Refusal):
    """A copy does not fit on the sheet. Remedy: a larger sheet, or `single`."""

    reason_zh = "{width_mm:g}×{height_mm:g}毫米的标牌放不进{sheet}纸（连同裁切余量）。"
    reason_en = "A copy of {width_mm:g} x {height_mm:g} mm does not fit on {sheet} with room to cut."
    remedy_zh = "请改用更大的纸张，或选 single 按成品尺寸出图。"
    remedy_en = "Choose a larger sheet, or `single` for pages at trim size."


class NothingLeftOnSheet(Refusal):
    """More places are said to be used than a sheet has. Remedy: a number below the sheet's places."""

    reason_zh = "每张纸只有{places}个位置，不能跳过{skip}个。"
    reason_en = "A sheet has {places} places; {skip} cannot be skipped."
    remedy_zh = "请填写小于{places}的数。"
    remedy_en = "Give a number below {places}."


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page to be printed; `places` are the boxes of its copies, in the order of the copies."""

    page: Page
    places: tuple[Box, ...]


def impose(pages: Sequence[Page], *, sheet: str = SINGLE, skip: int = 0) -> tuple[Sheet, ...]:
    """Lay pages of one size onto sheets in reading order, the first `skip` places of the first one left free.

    Raises:
        UnknownSheet: no such sheet.
        SheetTooSmall: a copy does not fit.
        NothingLeftOnSheet: `skip` leaves no place.

    """
    grid = _grid(pages[0], sheet)
    if not 0 <= skip < len(grid.places):
        raise NothingLeftOnSheet(places=len(grid.places), skip=skip)
    slots, size = (*(None for _ in range(skip)), *pages), len(grid.places)
    return tuple(_sheet(grid, slots[start : start + size]) for start in range(0, len(slots), size))


@dataclass(frozen=True)
class _Grid:
    width_mm: float
    height_mm: float
    places: tuple[Box, ...]


def _grid(page: Page, sheet: str) -> _Grid:
    if sheet == SINGLE:
        return _whole(page)
    if sheet not in SHEETS_MM:
        raise UnknownSheet(sheet=sheet, known="、".join((SINGLE, *SHEETS_MM)))
    short_mm, long_mm = SHEETS_MM[sheet]
    if {page.width_mm, page.height_mm} == {short_mm, long_mm}:
        return _whole(page)
    upright, across = _tiled(page, short_mm, long_mm), _tiled(page, long_mm, short_mm)
    grid = max(upright, across, key=lambda one: len(one.places))
    if not grid.places:
        raise SheetTooSmall(width_mm=page.width_mm, height_mm=page.height_mm, sheet=sheet)
    return grid


def _whole(page: Page) -> _Grid:
    return _Grid(page.width_mm, page.height_mm, (page.box,))


def _tiled(page: Page, width_mm: float, height_mm: float) -> _Grid:
    columns, left = _along(width_mm, page.width_mm)
    rows, top = _along(height_mm, page.height_mm)
    places = tuple(
        Box(
            left + column * (page.width_mm + _GAP_MM),
            top + row * (page.height_mm + _GAP_MM),
            page.width_mm,
            page.height_mm,
        )
        for row, column in product(range(rows), range(columns))
    )
    return _Grid(width_mm, height_mm, places)


def _along(sheet_mm: float, copy_mm: float) -> tuple[int, float]:
    """Return how many copies lie along one side of the sheet and where the first begins."""
    count = int((sheet_mm - 2 * _MARGIN_MM + _GAP_MM) // (copy_mm + _GAP_MM))
    return count, (sheet_mm - count * copy_mm - (count - 1) * _GAP_MM) / 2


def _sheet(grid: _Grid, taken: Sequence[Page | None]) -> Sheet:
    laid = [(page, place) for page, place in zip(taken, grid.places, strict=False) if page is not None]
    copies = [mark.shifted(place.x_mm, place.y_mm) for page, place in laid for mark in page.marks]
    places = tuple(place for _, place in laid)
    cut = places if len(grid.places) > 1 or places[0].width_mm < grid.width_mm else ()
    page = Page(width_mm=grid.width_mm, height_mm=grid.height_mm, marks=(*copies, *_crop_marks(cut)))
    return Sheet(page=page, places=places)


def _crop_marks(places: Sequence[Box]) -> tuple[Block, ...]:
    """Return hairlines at every corner, off the trim on all sides; neighbours share theirs."""
    bars = dict.fromkeys(bar for place in places for bar in _corner_bars(place))
    return tuple(Block(box=bar, color=_CROP_COLOR) for bar in bars)


def _corner_bars(place: Box) -> Iterator[Box]:
    half, reach = _CROP_STROKE_MM / 2, _CROP_OFFSET_MM + _CROP_LENGTH_MM
    for x in (place.x_mm, place.right_mm):
        for y in (place.y_mm - reach, place.bottom_mm + _CROP_OFFSET_MM):
            yield _bar(x - half, y, _CROP_STROKE_MM, _CROP_LENGTH_MM)
    for y in (place.y_mm, place.bottom_mm):
        for x in (place.x_mm - reach, place.right_mm + _CROP_OFFSET_MM):
            yield _bar(x, y - half, _CROP_LENGTH_MM, _CROP_STROKE_MM)


def _bar(x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> Box:
    return Box(round(x_mm, 3), round(y_mm, 3), width_mm, height_mm)
