"""Imposing: pages of single copies onto the sheets a printer takes.

Knows sheet sizes, grids, bleed, crop marks, places already used and where backs must stand to meet their
fronts. Leaves out what is on a page and how it is drawn. Pure arithmetic in millimetres.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import Literal, TypeAlias

from plaques.marks import BLACK, Block, Box, Form, Group, Page, Turn
from store.refusals import Refusal

SINGLE = "single"
"""One page per copy, cut at its own size."""

SHEETS_MM: Mapping[str, tuple[float, float]] = {"a4": (210, 297), "a3": (297, 420), "sra3": (320, 450)}
"""Sheets by name, upright: ISO 216 (A) and ISO 217 (SRA)."""

BLEED_MOST_MM = 5.0
"""As far as designs reach beyond their trim."""

Flip: TypeAlias = Literal["long", "short"]
"""The edge of the sheet about which the printer turns it for the other side."""

_MARGIN_MM = 5.0
_GRIPPED_MM = 4.0
_MARK_LENGTH_MM = 2.0
_MARK_OFFSET_MM = 1.0
_MARK_STROKE_MM = 0.1
_GRID = re.compile(r"([1-9]\d?)x([1-9]\d?)")


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


class GridDoesNotFit(Refusal):
    """A grid is not one, or does not fit on the sheet. Remedy: fewer places, a larger sheet, less bleed."""

    reason_zh = (
        "{sheet}纸上排不下{grid}个{width_mm:g}×{height_mm:g}毫米的标牌（出血{bleed_mm:g}毫米），或写法有误。"
    )
    reason_en = (
        "{grid} copies of {width_mm:g} x {height_mm:g} mm with a bleed of {bleed_mm:g} mm do not fit "
        "on {sheet}, or the grid is not written like 2x5."
    )
    remedy_zh = "请减少列数或行数（写作“列x行”，如 2x5），改用更大的纸张，或减小出血。"
    remedy_en = "Give fewer columns or rows, as columns x rows (2x5), a larger sheet, or less bleed."


class GridWithoutSheet(Refusal):
    """Places are asked for without the sheet they are on. Remedy: name the sheet, or leave the grid out."""

    reason_zh = "写了拼版{grid}，却没有选纸张：single 每页只有一个。"
    reason_en = "A grid of {grid} needs a sheet; on `single` a page holds one copy."
    remedy_zh = "请同时用 --sheet 选纸张（如 a4、a3、sra3），或去掉 --grid。"
    remedy_en = "Choose a sheet (--sheet a4, a3, sra3), or leave --grid out."


class BleedTooWide(Refusal):
    """More bleed is asked for than designs have. Remedy: 3 mm is the custom of presses."""

    reason_zh = "出血应为0至{most_mm:g}毫米，不能是{bleed_mm:g}毫米。"
    reason_en = "Bleed is from 0 to {most_mm:g} mm, not {bleed_mm:g}."
    remedy_zh = "印刷通常用3毫米。"
    remedy_en = "Presses usually ask for 3 mm."


class NothingLeftOnSheet(Refusal):
    """More places are said to be used than a sheet has. Remedy: a number below the sheet's places."""

    reason_zh = "每张纸只有{places}个位置，不能跳过{skip}个。"
    reason_en = "A sheet has {places} places; {skip} cannot be skipped."
    remedy_zh = "请填写小于{places}的数。"
    remedy_en = "Give a number below {places}."


@dataclass(frozen=True, kw_only=True)
class Imposition:
    """How copies are laid: the sheet, its grid as `columns x rows` or the fullest one, places used already.

    `bleed_mm` is left standing around each copy; `flip` says how the sheet is turned where there are backs.
    """

    sheet: str = SINGLE
    grid: str = ""
    skip: int = 0
    bleed_mm: float = 0
    flip: Flip = "long"

    def __post_init__(self) -> None:
        if not 0 <= self.bleed_mm <= BLEED_MOST_MM:
            raise BleedTooWide(bleed_mm=self.bleed_mm, most_mm=BLEED_MOST_MM)
        if self.sheet not in (SINGLE, *SHEETS_MM):
            raise UnknownSheet(sheet=self.sheet, known="、".join((SINGLE, *SHEETS_MM)))
        if self.grid and self.sheet == SINGLE:
            raise GridWithoutSheet(grid=self.grid)

    @property
    def gap_mm(self) -> float:
        """Between two copies: their bleeds, and room for the crop marks of both."""
        return 2 * self.bleed_mm + 2 * _MARK_OFFSET_MM + _MARK_LENGTH_MM

    @property
    def margin_mm(self) -> float:
        """Between a copy and the edge of the sheet: what office printers cannot reach, or what a press needs.

        A press grips the sheet, so that bleed and crop marks stay off its edge.
        """
        if not self.bleed_mm:
            return _MARGIN_MM
        return self.bleed_mm + _MARK_OFFSET_MM + _MARK_LENGTH_MM + _GRIPPED_MM


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page to be printed; `places` are the boxes of its copies, in the order of the copies."""

    page: Page
    places: tuple[Box, ...]
    is_front: bool = True


def places_on(page: Page, imposition: Imposition) -> int:
    """Return how many copies of this size a sheet takes.

    Raises:
        SheetTooSmall, GridDoesNotFit: none, or not as many as the grid asks for.

    """
    return len(_grid(page, imposition).places)


def empty_sheet(page: Page, imposition: Imposition) -> Sheet:
    """Return a sheet with all of its places and nothing on them.

    Raises:
        SheetTooSmall, GridDoesNotFit: a copy of this size, or the grid, does not fit.

    """
    grid = _grid(page, imposition)
    return Sheet(page=Page(width_mm=grid.width_mm, height_mm=grid.height_mm, marks=()), places=grid.places)


def impose(fronts: Sequence[Page], imposition: Imposition) -> tuple[Sheet, ...]:
    """Lay pages of one size onto sheets in reading order, the first `skip` places of the first one left free.

    Raises:
        SheetTooSmall, GridDoesNotFit: a copy, or the grid, does not fit.
        NothingLeftOnSheet: `skip` leaves no place.

    """
    grid = _grid(fronts[0], imposition)
    return tuple(_sheet(grid, slots) for slots in _slots(fronts, grid, imposition))


def impose_both(
    fronts: Sequence[Page], backs: Sequence[Page], imposition: Imposition
) -> tuple[tuple[Sheet, Sheet], ...]:
    """Lay fronts and backs onto pairs of sheets, each back behind its own front when the sheet is turned.

    Raises:
        SheetTooSmall, GridDoesNotFit, NothingLeftOnSheet: as for `impose`.

    """
    grid = _grid(fronts[0], imposition)
    behind, turn = _behind(grid, imposition.flip)
    return tuple(
        (_sheet(grid, front), replace(_sheet(replace(grid, places=behind, turn=turn), back), is_front=False))
        for front, back in zip(_slots(fronts, grid, imposition), _slots(backs, grid, imposition), strict=True)
    )


@dataclass(frozen=True, kw_only=True)
class _Grid:
    """Places on a sheet, the bleed left around each, whether they are marked for cutting, which way is up."""

    width_mm: float
    height_mm: float
    places: tuple[Box, ...]
    bleed_mm: float = 0
    marked: bool = True
    turn: Turn = 0


def _slots(pages: Sequence[Page], grid: _Grid, imposition: Imposition) -> Iterator[tuple[Page | None, ...]]:
    size, skip = len(grid.places), imposition.skip
    if not 0 <= skip < size:
        raise NothingLeftOnSheet(places=size, skip=skip)
    slots = (*(None for _ in range(skip)), *pages)
    return (slots[start : start + size] for start in range(0, len(slots), size))


def _grid(page: Page, imposition: Imposition) -> _Grid:
    return _grid_of(page.width_mm, page.height_mm, imposition)


@functools.lru_cache(maxsize=16)
def _grid_of(width_mm: float, height_mm: float, imposition: Imposition) -> _Grid:
    """Lay out a sheet; remembered, since all sheets of a file are alike."""
    page = Page(width_mm=width_mm, height_mm=height_mm, marks=())
    if imposition.sheet == SINGLE:
        return _alone(page, imposition)
    short_mm, long_mm = SHEETS_MM[imposition.sheet]
    if imposition.grid:
        return _asked(page, imposition, short_mm, long_mm)
    if {page.width_mm, page.height_mm} == {short_mm, long_mm} and not imposition.bleed_mm:
        return _Grid(width_mm=page.width_mm, height_mm=page.height_mm, places=(page.box,), marked=False)
    upright, across = (
        _tiled(page, imposition, size, _most(page, imposition, size))
        for size in ((short_mm, long_mm), (long_mm, short_mm))
    )
    grid = max(upright, across, key=lambda one: len(one.places))
    if not grid.places:
        raise SheetTooSmall(width_mm=page.width_mm, height_mm=page.height_mm, sheet=imposition.sheet)
    return grid


def _alone(page: Page, imposition: Imposition) -> _Grid:
    """Return a sheet of the copy's own size, or with room around it for bleed and crop marks."""
    room_mm = imposition.margin_mm if imposition.bleed_mm else 0
    return _Grid(
        width_mm=page.width_mm + 2 * room_mm,
        height_mm=page.height_mm + 2 * room_mm,
        places=(page.box.shifted(room_mm, room_mm),),
        bleed_mm=imposition.bleed_mm,
        marked=bool(imposition.bleed_mm),
    )


def _asked(page: Page, imposition: Imposition, short_mm: float, long_mm: float) -> _Grid:
    """Return the grid as asked for, on the sheet upright or else across."""
    found = _GRID.fullmatch(imposition.grid)
    columns, rows = map(int, found.groups()) if found else (0, 0)
    for size in ((short_mm, long_mm), (long_mm, short_mm)):
        most_columns, most_rows = _most(page, imposition, size)
        if 0 < columns <= most_columns and 0 < rows <= most_rows:
            return _tiled(page, imposition, size, (columns, rows))
    raise GridDoesNotFit(
        sheet=imposition.sheet,
        grid=imposition.grid,
        width_mm=page.width_mm,
        height_mm=page.height_mm,
        bleed_mm=imposition.bleed_mm,
    )


def _most(page: Page, imposition: Imposition, size_mm: tuple[float, float]) -> tuple[int, int]:
    """Return how many columns and rows a sheet has room for."""
    (width_mm, height_mm), gap = size_mm, imposition.gap_mm
    room = gap - 2 * imposition.margin_mm
    return int((width_mm + room) // (page.width_mm + gap)), int((height_mm + room) // (page.height_mm + gap))


def _tiled(page: Page, imposition: Imposition, size_mm: tuple[float, float], count: tuple[int, int]) -> _Grid:
    """Return a grid of so many columns and rows in the middle of a sheet."""
    (width_mm, height_mm), (columns, rows), gap = size_mm, count, imposition.gap_mm
    pitch_x, pitch_y = page.width_mm + gap, page.height_mm + gap
    left, top = (width_mm - columns * pitch_x + gap) / 2, (height_mm - rows * pitch_y + gap) / 2
    places = tuple(
        page.box.shifted(left + column * pitch_x, top + row * pitch_y)
        for row, column in product(range(rows), range(columns))
    )
    return _Grid(width_mm=width_mm, height_mm=height_mm, places=places, bleed_mm=imposition.bleed_mm)


def _behind(grid: _Grid, flip: Flip) -> tuple[tuple[Box, ...], Turn]:
    """Return where backs stand behind the places, and whether upside down.

    Turned about an upright edge, a sheet shows its other side mirrored across; turned about a level edge it
    shows it mirrored down, and what shall stand upright on a copy turned sideways stands on its head.
    """
    is_upright = grid.height_mm >= grid.width_mm
    if (flip == "long") == is_upright:
        return tuple(box.shifted(grid.width_mm - box.right_mm - box.x_mm, 0) for box in grid.places), 0
    return tuple(box.shifted(0, grid.height_mm - box.bottom_mm - box.y_mm) for box in grid.places), 180


def _sheet(grid: _Grid, slots: Sequence[Page | None]) -> Sheet:
    laid = [(page, box) for page, box in zip(slots, grid.places, strict=False) if page is not None]
    places = tuple(box for _, box in laid)
    clip = laid[0][0].box.grown(grid.bleed_mm)
    copies = tuple(_placed(page, box, grid, clip) for page, box in laid)
    marks = (_crop_marks(grid, places),) if grid.marked else ()
    is_alone = len(grid.places) == 1
    page = Page(
        width_mm=grid.width_mm,
        height_mm=grid.height_mm,
        marks=(*copies, *marks),
        trim=places[0] if is_alone else None,
        bleed=places[0].grown(grid.bleed_mm) if is_alone else None,
    )
    return Sheet(page=page, places=places)


def _placed(page: Page, box: Box, grid: _Grid, clip: Box) -> Group:
    x_mm, y_mm = (box.right_mm, box.bottom_mm) if grid.turn else (box.x_mm, box.y_mm)
    return Group(marks=page.marks, x_mm=x_mm, y_mm=y_mm, turn=grid.turn, clip=clip)


@functools.lru_cache(maxsize=64)
def _crop_marks(grid: _Grid, places: tuple[Box, ...]) -> Form:
    """Return hairlines at every corner, off trim and bleed on all sides; neighbours share theirs."""
    bars = dict.fromkeys(chain.from_iterable(_corner_bars(place, grid.bleed_mm) for place in places))
    marks = tuple(Block(box=bar, color=BLACK) for bar in bars)
    return Form(marks=marks, box=Box(0, 0, grid.width_mm, grid.height_mm))


def _corner_bars(place: Box, bleed_mm: float) -> Iterator[Box]:
    half, offset = _MARK_STROKE_MM / 2, bleed_mm + _MARK_OFFSET_MM
    reach = offset + _MARK_LENGTH_MM
    for x in (place.x_mm, place.right_mm):
        for y in (place.y_mm - reach, place.bottom_mm + offset):
            yield _bar(x - half, y, _MARK_STROKE_MM, _MARK_LENGTH_MM)
    for y in (place.y_mm, place.bottom_mm):
        for x in (place.x_mm - reach, place.right_mm + offset):
            yield _bar(x, y - half, _MARK_LENGTH_MM, _MARK_STROKE_MM)


def _bar(x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> Box:
    return Box(round(x_mm, 3), round(y_mm, 3), width_mm, height_mm)
