"""The column of a hanging plate: its texts stand side by side and are read downwards, from the right.

Knows how post name, duties, count and names share the width, so that one name stands as well as thirty.
Leaves out the rest of the plate (compose.py) and how text is set downwards (vertical.py).
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

from plaques.composition.lettering import Setter
from plaques.composition.sharing import SetItem, Words, eased, most_generous, said_by, shared_gaps, tidied
from plaques.design.model import Column, Item
from plaques.marks import Block, Box, Mark, Text
from plaques.typography.typefaces import Chosen
from plaques.typography.typesetting import MM_PER_PT, Line, Room, TextTooLong
from plaques.typography.vertical import Columns, drawn_as, fit_columns, vertical_heading, vertical_names

_LABEL_GAP_EM = 0.8
_STUB = 0.3
_ENDLESS_MM = 1e6


def hanging_marks(column: Column, words: Words, names: tuple[str, ...], setter: Setter) -> tuple[Mark, ...]:
    """Set the column of a hanging plate as generously as its width allows.

    Raises:
        MissingGlyph: a character that no typeface draws.
        TextTooLong: an item, or all of them together, do not fit even at their floors.

    """
    return most_generous(partial(_eased_column, column, words, names, setter))


def standing_line(text: str, chosen: Chosen, tracking_em: float) -> Line:
    """Set a text in one column with tracking between its characters."""
    room = Room(width_mm=_ENDLESS_MM, height_mm=_ENDLESS_MM, size_pt=1, floor_pt=1, leading=1)
    (line,) = vertical_heading(text, chosen.advance_em, room).lines
    glyphs = tuple(
        glyph._replace(y_em=glyph.y_em + at * tracking_em) for at, glyph in enumerate(line.characters)
    )
    height_em = line.height_em + (len(glyphs) - 1) * tracking_em
    return Line(characters=glyphs, width_em=1, height_em=height_em, said=text)


def _eased_column(
    column: Column, words: Words, names: tuple[str, ...], setter: Setter, ease: float
) -> Iterator[Mark]:
    """Set each item between its best (ease 1) and its floor (ease 0), in the width that is left to it."""
    items = [eased(item, ease) for item in column.items]
    left_mm = column.box.width_mm - sum(item.gap_mm for item in items)
    stood: list[SetItem] = []
    for item in items:
        stood.append(_set_item(item, words, names, _room(item, column, min(item.height_mm, left_mm)), setter))
        left_mm -= stood[-1].length_mm
    return _ranged(column, stood, setter)


def _room(item: Item, column: Column, width_mm: float) -> Room:
    return Room(
        width_mm=width_mm,
        height_mm=column.box.height_mm - column.label_width_mm,
        size_pt=item.size_pt,
        floor_pt=item.floor_pt,
        leading=item.leading,
    )


def _ranged(column: Column, stood: list[SetItem], setter: Setter) -> Iterator[Mark]:
    """Place the items from the right, their gaps widened by what width is left, all of it centred."""
    widths_mm = [one.length_mm for one in stood]
    gaps = shared_gaps([one.item for one in stood], widths_mm, column.box.width_mm)
    right = column.box.right_mm - (column.box.width_mm - sum(gaps) - sum(widths_mm)) / 2
    top = column.box.y_mm + column.label_width_mm
    for gap, one in zip(gaps, stood, strict=True):
        if one.item.rule_before:
            yield _rule(column, right - gap / 2, setter)
        right -= gap
        if one.item.label:
            yield _label(column, one, right, setter)
        yield from one.texts_at(right - one.length_mm, top)
        right -= one.length_mm


def _rule(column: Column, x_mm: float, setter: Setter) -> Block:
    rule = column.rule
    box = Box(x_mm - rule.stroke_mm / 2, column.box.y_mm, rule.stroke_mm, column.box.height_mm)
    return Block(box=box, color=setter.ink(rule.color))


def _label(column: Column, one: SetItem, right_mm: float, setter: Setter) -> Text:
    """Set an item's label above the item's first column, down to a small gap over it."""
    style = column.label
    chosen = setter.choose(drawn_as(one.item.label), style)
    line = standing_line(one.item.label, chosen, style.tracking_em)
    em_mm = style.size_pt * MM_PER_PT
    x_mm = right_mm - (one.em_mm + em_mm) / 2
    y_mm = column.box.y_mm + column.label_width_mm - (line.height_em + _LABEL_GAP_EM) * em_mm
    part = f"{one.item.part}_label"
    return setter.text(part, line, style, chosen, style.size_pt, corner_mm=(x_mm, y_mm))


def _set_item(item: Item, words: Words, names: tuple[str, ...], room: Room, setter: Setter) -> SetItem:
    if item.kind == "names":
        return _set_names(item, names, room, setter)
    return _set_text(item, said_by(item, words), room, setter)


def _set_text(item: Item, texts: list[str], room: Room, setter: Setter) -> SetItem:
    chosen = setter.choose(drawn_as(texts[0] + texts[-1]), item)
    fit_text = vertical_heading if item.kind == "title" else fit_columns

    def fit(room: Room) -> Columns:
        return _first_that_fits(texts, lambda text: fit_text(text, chosen.advance_em, room))

    columns = tidied(fit(room), fit, room, _ends_in_a_stub, at_least=0.8)

    def texts_at(x_mm: float, y_mm: float) -> Iterator[Text]:
        for at, line in enumerate(columns.lines):
            corner_mm = (x_mm + columns.x_mm(at), y_mm)
            yield setter.text(item.part, line, item, chosen, columns.size_pt, corner_mm=corner_mm)

    return SetItem(item, columns.width_mm, columns.size_pt * MM_PER_PT, texts_at)


def _first_that_fits(texts: list[str], fit: Callable[[str], Columns]) -> Columns:
    for text in texts[:-1]:
        with suppress(TextTooLong):
            return fit(text)
    return fit(texts[-1])


def _ends_in_a_stub(columns: Columns) -> bool:
    first, last = columns.lines[0], columns.lines[-1]
    return last.height_em < first.height_em * _STUB


def _set_names(item: Item, names: tuple[str, ...], room: Room, setter: Setter) -> SetItem:
    chosen = [setter.choose(drawn_as(name), item) for name in names]
    measures = [one.advance_em for one in chosen]
    comfortable = replace(room, floor_pt=item.comfort_pt)
    block = vertical_names(names, measures, comfortable, item.gutter_em)

    def texts_at(x_mm: float, y_mm: float) -> Iterator[Text]:
        for name, one in zip(block.names, chosen, strict=True):
            corner_mm = (x_mm + name.x_mm, y_mm + name.y_mm)
            yield setter.text(item.part, name.line, item, one, block.size_pt, corner_mm=corner_mm)

    return SetItem(item, block.width_mm, block.size_pt * MM_PER_PT, texts_at)
