"""The column: the texts of a plate that share one height.

Knows how post name, duties, count and names give way to each other, so that one name stands as well as
thirty, and how duties are shortened where the design allows. Leaves out the rest of the page (compose.py).
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from plaques.composition.lettering import Setter, tracked
from plaques.composition.sharing import SetItem, Words, eased, most_generous, said_by, shared_gaps, tidied
from plaques.design.model import Column, Item
from plaques.marks import Block, Box, Mark, Text
from plaques.typography.typesetting import (
    MM_PER_PT,
    Measure,
    NameGrid,
    Paragraph,
    Room,
    TextTooLong,
    fit_heading,
    fit_names,
    fit_paragraph,
)

_STUB = 0.3
_WIDEST_COLUMNS = 1.16


def column_marks(column: Column, words: Words, names: tuple[str, ...], setter: Setter) -> tuple[Mark, ...]:
    """Set a plate's column as generously as its height allows.

    Raises:
        MissingGlyph: a character that no typeface draws.
        TextTooLong: an item, or all of them together, do not fit even at their floors.

    """
    return most_generous(partial(_eased_column, column, words, names, setter))


def _eased_column(
    column: Column, words: Words, names: tuple[str, ...], setter: Setter, ease: float
) -> Iterator[Mark]:
    """Set each item between its best (ease 1) and its floor (ease 0), in the height that is left to it."""
    items = [eased(item, ease) for item in column.items]
    width_mm = column.box.width_mm - column.label_width_mm
    left_mm = column.box.height_mm - sum(item.gap_mm for item in items)
    stack: list[SetItem] = []
    for item in items:
        room = _room(item, width_mm, min(item.height_mm, left_mm))
        stack.append(_set_item(item, words, names, room, setter))
        left_mm -= stack[-1].length_mm
    return _piled(column, stack, setter)


def _piled(column: Column, stack: Sequence[SetItem], setter: Setter) -> Iterator[Mark]:
    """Place the items one below the other, their gaps widened by what height is left, all of it centred."""
    gaps = shared_gaps([one.item for one in stack], [one.length_mm for one in stack], column.box.height_mm)
    top = column.box.y_mm + (column.box.height_mm - sum(gaps) - sum(one.length_mm for one in stack)) / 2
    left = column.box.x_mm + column.label_width_mm
    for gap, stacked in zip(gaps, stack, strict=True):
        if stacked.item.rule_before:
            yield _rule(column, top + gap / 2, setter)
        top += gap
        if stacked.item.label:
            yield _label(column, stacked, top, setter)
        yield from stacked.texts_at(left, top)
        top += stacked.length_mm


def _rule(column: Column, y_mm: float, setter: Setter) -> Block:
    rule = column.rule
    box = Box(column.box.x_mm, y_mm - rule.stroke_mm / 2, column.box.width_mm, rule.stroke_mm)
    return Block(box=box, color=setter.ink(rule.color))


def _label(column: Column, stacked: SetItem, top_mm: float, setter: Setter) -> Text:
    """Set an item's label at the column's left, centred on the item's first line."""
    style, text = column.label, stacked.item.label
    chosen = setter.choose(text, style)
    line = tracked(text, chosen, style.tracking_em)
    down_mm = (stacked.em_mm - style.size_pt * MM_PER_PT) / 2
    corner_mm = (column.box.x_mm, top_mm + down_mm)
    return setter.text(f"{stacked.item.part}_label", line, style, chosen, style.size_pt, corner_mm=corner_mm)


def _set_item(item: Item, words: Words, names: tuple[str, ...], room: Room, setter: Setter) -> SetItem:
    return (
        _set_names(item, names, room, setter)
        if item.kind == "names"
        else _set_text(item, words, room, setter)
    )


def _set_text(item: Item, words: Words, room: Room, setter: Setter) -> SetItem:
    texts = said_by(item, words)
    chosen = setter.choose(texts[0] + texts[-1], item)
    if item.kind == "title":
        paragraph = fit_heading(texts[0], chosen.advance_em, room)
    else:
        fit = partial(_first_fitting, texts, chosen.advance_em)
        paragraph = tidied(fit(room), fit, room, _ends_in_a_stub, at_least=0.8)
    size_pt, em_mm = paragraph.size_pt, paragraph.size_pt * MM_PER_PT

    def texts_at(x_mm: float, y_mm: float) -> Iterator[Text]:
        for row, line in enumerate(paragraph.lines):
            corner_mm = (x_mm, y_mm + row * paragraph.leading * em_mm)
            yield setter.text(item.part, line, item, chosen, size_pt, corner_mm=corner_mm)

    return SetItem(item, paragraph.height_mm, em_mm, texts_at)


def _room(item: Item, width_mm: float, height_mm: float) -> Room:
    return Room(
        width_mm=width_mm,
        height_mm=height_mm,
        size_pt=item.size_pt,
        floor_pt=item.floor_pt,
        leading=item.leading,
    )


def _first_fitting(texts: Sequence[str], measure: Measure, room: Room) -> Paragraph:
    """Set the first of the texts, each shorter than the one before, that fits.

    Raises:
        TextTooLong: even the last does not.

    """

    def fits(text: str) -> bool:
        with suppress(TextTooLong):
            return bool(fit_paragraph(text, measure, room))
        return False

    with suppress(TextTooLong):
        return fit_paragraph(texts[0], measure, room)
    longest = min(bisect_left(texts, True, lo=1, key=fits), len(texts) - 1)  # noqa: FBT003 - the value sought
    return fit_paragraph(texts[longest], measure, room)


def _set_names(item: Item, names: Sequence[str], room: Room, setter: Setter) -> SetItem:
    chosen = [setter.choose(name, item) for name in names]
    measures = [one.advance_em for one in chosen]
    fit = partial(fit_names, names, measures, gutter_em=item.gutter_em)
    comfortable = replace(room, floor_pt=item.comfort_pt)
    grid = tidied(fit(comfortable), fit, room, _leaves_one_alone, at_least=0.7)
    widening = _widening(grid, room.width_mm)

    def texts_at(x_mm: float, y_mm: float) -> Iterator[Text]:
        for cell, one in zip(grid.cells, chosen, strict=True):
            corner_mm = (x_mm + cell.x_mm * widening, y_mm + cell.row * grid.row_height_mm)
            yield setter.text(item.part, cell.line, item, one, grid.size_pt, corner_mm=corner_mm)

    return SetItem(item, grid.height_mm, grid.size_pt * MM_PER_PT, texts_at)


def _widening(grid: NameGrid, width_mm: float) -> float:
    """Return how much further apart the columns may stand for the last one to end where the lines do."""
    em_mm = grid.size_pt * MM_PER_PT
    rooms = [(width_mm - cell.line.width_em * em_mm) / cell.x_mm for cell in grid.cells if cell.x_mm > em_mm]
    return min((_WIDEST_COLUMNS, *rooms))


def _ends_in_a_stub(paragraph: Paragraph) -> bool:
    first, last = paragraph.lines[0], paragraph.lines[-1]
    return last.width_em < first.width_em * _STUB


def _leaves_one_alone(grid: NameGrid) -> bool:
    in_last_row = sum(cell.row == grid.rows - 1 for cell in grid.cells)
    return grid.rows > 1 and grid.columns > 1 and in_last_row == 1
