"""Composing: the words of one copy and a design become marks on a page.

Knows what a plate has to say (F10-F12) and how the texts share its height. Leaves out all measures (designs/),
line breaking (typesetting.py) and drawing (pdf.py, png.py). Pure but for reading the typefaces.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from itertools import accumulate

from plaques.design import Caption, CodePlace, Column, Design, Item, Layout, Shape, StampPlace, Type
from plaques.marks import EM_ASCENT, Block, Box, Code, Mark, Page, Polygon, Stamp, Text, diamond, frame
from plaques.qr import encode
from plaques.typefaces import Chosen, face_for
from plaques.typesetting import (
    MM_PER_PT,
    SIZE_STEP_PT,
    Glyph,
    Line,
    Measure,
    NameGrid,
    Paragraph,
    TextTooLong,
    fit_heading,
    fit_names,
    fit_paragraph,
    set_name,
)
from plaques.typesetting import Box as Room
from store.records import Face
from store.refusals import Refusal

NAME = "name"
"""The part that holds a member's name, one text each."""

_CLAUSE_END = re.compile(r"[，、；。,;]")
_ELLIPSIS = "……"
_NUMERALS = "〇一二三四五六七八九"
_EASES = tuple(step / 10 for step in range(10, 0, -1))
_SMALLER_FOR_COMPANY = 0.75


class ModulesTooSmall(Refusal):
    """The code's modules would be too fine to print. Remedy: a shorter host name or a larger plate."""

    reason_zh = "二维码单元仅{module_mm:.2f}毫米，小于该版面要求的{module_min_mm:g}毫米。"
    reason_en = (
        "A module of the code would be {module_mm:.2f} mm, less than the {module_min_mm:g} mm required."
    )
    remedy_zh = "请改用较短的网址，或更大的版面。"
    remedy_en = "Use a shorter base URL or a larger plate."


def compose(face: Face, *, code_url: str, number: str, host: str, design: Design) -> Page:
    """Place everything a copy says: the four texts of F10, heading, code, number, host, issuer and date.

    Raises:
        MissingGlyph: a character that no typeface draws, with the text and the post.
        TextTooLong: a text does not fit at the design's floor.
        ModulesTooSmall: the code would be too fine.

    """
    layout, setter = design.layout, _Setter(design.palette, face.post_name)
    words = _words(face, number, host)
    return Page(
        width_mm=layout.width_mm,
        height_mm=layout.height_mm,
        marks=(
            *(_shape(shape, design.palette) for shape in layout.shapes),
            *_stamps(face.mark, layout.stamp, setter),
            *_captions(_above(layout), words, setter),
            *_column(layout.column, words, face.names, setter),
            *_captions(_below(layout), words, setter),
            _code(code_url, layout.code, design.palette),
        ),
    )


def chinese_date(day: date) -> str:
    """Return the date in numerals as plaques bear it: 二〇二六年七月一日."""
    year = "".join(_NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{_below_hundred(day.month)}月{_below_hundred(day.day)}日"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, len(_NUMERALS))
    leading = ("", "十")[tens] if tens < len("十二") else f"{_NUMERALS[tens]}十"
    return leading + (_NUMERALS[ones] if ones else "")


def _words(face: Face, number: str, host: str) -> Mapping[str, str]:
    return {
        "heading": face.heading,
        "post_name": face.post_name,
        "duties": face.duties,
        "count": str(face.member_count),
        "holder": face.holder,
        "holder_title": face.holder_title,
        "branch": face.branch_name,
        "issuer": face.issuer,
        "date": chinese_date(face.dated_on),
        "number": number,
        "host": host,
    }


@dataclass(frozen=True)
class _Setter:
    """Sets lines of text in the design's colours; `where` names the post in a refusal."""

    palette: Mapping[str, str]
    where: str

    def choose(self, text: str, style: Type) -> Chosen:
        return face_for(text, style.face, where=self.where)

    def text(self, part: str, line: Line, style: Type, chosen: Chosen, size_pt: float) -> Text:
        """Return the line with its em box's top left corner at the origin."""
        return Text(
            part=part,
            text=line.text,
            face_key=chosen.face.key,
            stand_ins={character: face.key for character, face in chosen.stand_ins.items()},
            size_pt=size_pt,
            color=self.palette[style.color],
            x_mm=0,
            baseline_mm=EM_ASCENT * size_pt * MM_PER_PT,
            glyphs=line.characters,
            width_em=line.width_em,
            fell_back=chosen.fell_back,
        )


def _shape(shape: Shape, palette: Mapping[str, str]) -> Block | Polygon:
    color, box = palette[shape.color], shape.box
    if shape.kind == "block":
        return Block(box=box, color=color)
    if shape.kind == "frame":
        return frame(box, color=color, stroke_mm=shape.stroke_mm, notch_mm=shape.notch_mm)
    return diamond(box.center_x_mm, box.center_y_mm, box.width_mm / 2, color=color)


def _stamps(mark: str, place: StampPlace, setter: _Setter) -> Iterator[Stamp]:
    if mark:
        chosen = face_for(mark, place.face, where=setter.where)
        line = _tracked(mark, chosen, place.tracking_em)
        yield Stamp(
            text=mark,
            face_key=chosen.face.key,
            size_pt=place.size_pt,
            color=setter.palette[place.color],
            center_x_mm=place.center_mm[0],
            center_y_mm=place.center_mm[1],
            turn_deg=place.turn_deg,
            glyphs=line.characters,
            width_em=line.width_em,
        )


def _code(url: str, place: CodePlace, palette: Mapping[str, str]) -> Code:
    code = Code(url=url, matrix=encode(url, place.level), box=place.box, color=palette[place.color])
    if code.module_mm < place.module_min_mm:
        raise ModulesTooSmall(module_mm=code.module_mm, module_min_mm=place.module_min_mm)
    return code


def _above(layout: Layout) -> list[Caption]:
    """Return the captions to be read before the column."""
    return [caption for caption in layout.captions if caption.box.y_mm < layout.column.box.y_mm]


def _below(layout: Layout) -> list[Caption]:
    """Return the captions to be read after the column begins."""
    return [caption for caption in layout.captions if caption.box.y_mm >= layout.column.box.y_mm]


# Captions ----------------------------------------------------------------------------------------------------


def _captions(captions: Sequence[Caption], words: Mapping[str, str], setter: _Setter) -> tuple[Text, ...]:
    placed: dict[str, Text] = {}
    for caption in captions:
        text = caption.text.format_map(words)
        if text:
            placed[caption.part] = _caption(_behind(caption, placed), text, setter, placed.get(caption.after))
    return tuple(placed.values())


def _behind(caption: Caption, placed: Mapping[str, Text]) -> Caption:
    """Narrow a caption's box to what the caption it follows has left."""
    if caption.after not in placed:
        return caption
    start = placed[caption.after].box.right_mm + caption.after_gap_mm
    return replace(caption, box=replace(caption.box, x_mm=start, width_mm=caption.box.right_mm - start))


def _caption(caption: Caption, text: str, setter: _Setter, before: Text | None) -> Text:
    chosen = setter.choose(text, caption)
    line = set_name(text, chosen.advance_em) if caption.part == NAME else None
    line = line or _tracked(text, chosen, caption.tracking_em)
    size_pt = _fitting_size(line, caption)
    mark = setter.text(caption.part, line, caption, chosen, size_pt)
    box = caption.box
    slack = {"left": 0.0, "center": 0.5, "right": 1.0}[caption.align] * (box.width_mm - mark.box.width_mm)
    if before is not None:
        return mark.shifted(box.x_mm + slack, before.baseline_mm - mark.baseline_mm)
    return mark.shifted(box.x_mm + slack, box.center_y_mm - mark.em_mm / 2)


def _tracked(text: str, chosen: Chosen, tracking_em: float) -> Line:
    """Set a text on one line with tracking between its characters."""
    ends = tuple(accumulate((chosen.advance_em(character) + tracking_em for character in text), initial=0.0))
    glyphs = tuple(Glyph(character, x_em) for character, x_em in zip(text, ends[:-1], strict=True))
    return Line(characters=glyphs, width_em=ends[-1] - tracking_em)


def _fitting_size(line: Line, caption: Caption) -> float:
    """Return the largest size on the half-point grid, from the caption's size to its floor.

    Raises:
        TextTooLong: the line is too wide even at the floor.

    """
    room_pt = caption.box.width_mm / (line.width_em * MM_PER_PT)
    size_pt = min(caption.size_pt, room_pt // SIZE_STEP_PT * SIZE_STEP_PT)
    if size_pt < caption.floor_pt:
        raise TextTooLong(
            text=line.text,
            floor_pt=caption.floor_pt,
            width_mm=caption.box.width_mm,
            height_mm=caption.box.height_mm,
        )
    return size_pt


# The column --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stacked:
    """An item of the column set as texts, its top left corner at the origin."""

    item: Item
    height_mm: float
    texts: tuple[Text, ...]


def _column(
    column: Column, words: Mapping[str, str], names: Sequence[str], setter: _Setter
) -> Iterator[Mark]:
    """Set the column as generously as its height allows.

    Raises:
        TextTooLong: an item does not fit even with every item at its floor.

    """
    for ease in _EASES:
        with suppress(TextTooLong):
            return _piled(column, _stack(column, words, names, setter, ease), setter)
    return _piled(column, _stack(column, words, names, setter, 0), setter)


def _stack(
    column: Column, words: Mapping[str, str], names: Sequence[str], setter: _Setter, ease: float
) -> list[_Stacked]:
    """Set every item between its best (ease 1) and its floor (ease 0); names take the height that is left."""
    items = [_eased(item, ease) for item in column.items]
    width_mm = column.box.width_mm - column.label_width_mm
    stack = [
        _set_item(item, item.text.format_map(words), width_mm, setter)
        for item in items
        if item.kind != "names"
    ]
    left_mm = column.box.height_mm - sum(one.height_mm for one in stack) - sum(item.gap_mm for item in items)
    if left_mm < 0:
        raise TextTooLong(text=words["duties"], **asdict(_room(items[0], width_mm, column.box.height_mm)))
    for at, item in enumerate(items):
        if item.kind == "names":
            stack.insert(at, _set_names(item, names, _room(item, width_mm, left_mm), setter))
    return stack


def _eased(item: Item, ease: float) -> Item:
    """Move an item's largest size and its gap towards their floors; names keep the size of comfort in between."""
    size_pt = item.floor_pt + ease * (item.size_pt - item.floor_pt)
    gap_mm = item.gap_mm + ease * (item.gap_max_mm - item.gap_mm) / 2
    if item.kind != "names":
        return replace(item, size_pt=size_pt, gap_mm=gap_mm)
    return replace(item, floor_pt=item.floor_pt + ease * (item.comfort_pt - item.floor_pt), gap_mm=gap_mm)


def _piled(column: Column, stack: Sequence[_Stacked], setter: _Setter) -> Iterator[Mark]:
    """Place the items one below the other, their gaps widened by what height is left, all of it centred."""
    gaps = _gaps(column, stack)
    top = column.box.y_mm + (column.box.height_mm - sum(gaps) - sum(one.height_mm for one in stack)) / 2
    left = column.box.x_mm + column.label_width_mm
    for gap, stacked in zip(gaps, stack, strict=True):
        if stacked.item.rule_before:
            yield _rule(column, top + gap / 2, setter.palette)
        top += gap
        if stacked.item.label:
            yield _label(column, stacked, top, setter)
        yield from (text.shifted(left, top) for text in stacked.texts)
        top += stacked.height_mm


def _gaps(column: Column, stack: Sequence[_Stacked]) -> list[float]:
    least = sum(one.height_mm + one.item.gap_mm for one in stack)
    growth = sum(one.item.gap_max_mm - one.item.gap_mm for one in stack)
    share = min(1.0, (column.box.height_mm - least) / growth) if growth else 0.0
    return [one.item.gap_mm + share * (one.item.gap_max_mm - one.item.gap_mm) for one in stack]


def _rule(column: Column, y_mm: float, palette: Mapping[str, str]) -> Block:
    rule = column.rule
    box = Box(column.box.x_mm, y_mm - rule.stroke_mm / 2, column.box.width_mm, rule.stroke_mm)
    return Block(box=box, color=palette[rule.color])


def _label(column: Column, stacked: _Stacked, top_mm: float, setter: _Setter) -> Text:
    """Set an item's label at the column's left, centred on the item's first line."""
    style, text = column.label, stacked.item.label
    chosen = setter.choose(text, style)
    line = _tracked(text, chosen, style.tracking_em)
    mark = setter.text(f"{stacked.item.part}_label", line, style, chosen, style.size_pt)
    return mark.shifted(column.box.x_mm, top_mm + (stacked.texts[0].em_mm - mark.em_mm) / 2)


def _set_item(item: Item, text: str, width_mm: float, setter: _Setter) -> _Stacked:
    chosen = setter.choose(text + _ELLIPSIS * (item.kind == "clauses"), item)
    fit = fit_heading if item.kind == "title" else fit_paragraph
    set_text = partial(fit, measure=chosen.advance_em, box=_room(item, width_mm, item.height_mm))
    paragraph = _first_fitting(_shortenings(text), set_text) if item.kind == "clauses" else set_text(text)
    return _Stacked(item, paragraph.height_mm, tuple(_lines(item, paragraph, chosen, setter)))


def _room(item: Item, width_mm: float, height_mm: float) -> Room:
    return Room(
        width_mm=width_mm,
        height_mm=height_mm,
        size_pt=item.size_pt,
        floor_pt=item.floor_pt,
        leading=item.leading,
    )


def _lines(item: Item, paragraph: Paragraph, chosen: Chosen, setter: _Setter) -> Iterator[Text]:
    pitch_mm = paragraph.leading * paragraph.size_pt * MM_PER_PT
    for row, line in enumerate(paragraph.lines):
        yield setter.text(item.part, line, item, chosen, paragraph.size_pt).shifted(0, row * pitch_mm)


def _shortenings(text: str) -> list[str]:
    """Return the text, then the text cut after ever fewer clauses: duties may be shortened, never dropped (F10)."""
    ends = [match.start() for match in _CLAUSE_END.finditer(text) if match.end() < len(text)]
    return [text, *(text[:end] + _ELLIPSIS for end in reversed(ends))]


def _first_fitting(texts: Sequence[str], set_text: "partial[Paragraph]") -> Paragraph:
    """Set the first of the texts that fits.

    Raises:
        TextTooLong: even the last does not.

    """
    for text in texts[:-1]:
        try:
            return set_text(text)
        except TextTooLong:
            continue
    return set_text(texts[-1])


def _set_names(item: Item, names: Sequence[str], room: Room, setter: _Setter) -> _Stacked:
    chosen = [setter.choose(name, item) for name in names]
    grid = _even_grid(names, [one.advance_em for one in chosen], room, item.gutter_em)
    texts = tuple(
        setter.text(item.part, cell.line, item, one, grid.size_pt).shifted(
            cell.x_mm, cell.row * grid.row_height_mm
        )
        for cell, one in zip(grid.cells, chosen, strict=True)
    )
    return _Stacked(item, grid.height_mm, texts)


def _even_grid(names: Sequence[str], measures: Sequence[Measure], room: Room, gutter_em: float) -> NameGrid:
    """Return the largest grid, or one a little smaller if that spares a name from standing alone below."""
    largest = fit_names(names, measures, room, gutter_em)
    size_pt = largest.size_pt
    while _leaves_one_alone(largest) and size_pt > max(room.floor_pt, largest.size_pt * _SMALLER_FOR_COMPANY):
        size_pt -= SIZE_STEP_PT
        grid = fit_names(names, measures, replace(room, size_pt=size_pt), gutter_em)
        if not _leaves_one_alone(grid):
            return grid
    return largest


def _leaves_one_alone(grid: NameGrid) -> bool:
    in_last_row = sum(cell.row == grid.rows - 1 for cell in grid.cells)
    return grid.rows > 1 and grid.columns > 1 and in_last_row == 1
