"""Composing: the words of one copy and a design become marks on a page.

Knows what a plate has to say (F10-F12) and places what stands in a box of its own. Leaves out all measures
(designs/), the texts that share a height (column.py) and drawing (pdf.py, png.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from plaques.column import column_marks
from plaques.design import Caption, CodePlace, Design, Layout, Shape, StampPlace, Type
from plaques.lettering import Setter, tracked
from plaques.marks import Block, Box, Code, Page, Polygon, Stamp, Text, diamond, frame
from plaques.qr import encode
from plaques.typefaces import Chosen, face_for
from plaques.typesetting import MM_PER_PT, SIZE_STEP_PT, Line, TextTooLong, set_name
from store.records import Face
from store.refusals import Refusal

NAME = "name"
"""The part that holds a member's name, one text each."""

_SHARE_BEHIND = 0.3
_NUMERALS = "〇一二三四五六七八九"


class ModulesTooSmall(Refusal):
    """The code's modules would be too fine to print. Remedy: a shorter host name or a larger plate."""

    reason_zh = "二维码单元仅{module_mm:.2f}毫米，小于该版面要求的{module_min_mm:g}毫米。"
    reason_en = "A module of the code would be {module_mm:.2f} mm, below the {module_min_mm:g} mm required."
    remedy_zh = "请改用较短的网址，或更大的版面。"
    remedy_en = "Use a shorter base URL or a larger plate."


def compose(face: Face, *, code_url: str, number: str, host: str, design: Design) -> Page:
    """Place everything a copy says: the four texts of F10, heading, code, number, host, issuer and date.

    Raises:
        MissingGlyph: a character that no typeface draws, with the text and the post.
        TextTooLong: a text does not fit at the design's floor.
        ModulesTooSmall: the code would be too fine.

    """
    layout, setter = design.layout, Setter(design.palette, face.post_name)
    words = _words(face, number, host)
    return Page(
        width_mm=layout.width_mm,
        height_mm=layout.height_mm,
        marks=(
            *(_shape(shape, design.palette) for shape in layout.shapes),
            *_stamps(face.mark, layout.stamp, setter),
            *_captions(_above(layout), words, setter),
            *column_marks(replace(face, holder="", holder_title="", mark=""), design),
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
        "count": str(face.member_count),
        "holder": face.holder,
        "holder_title": face.holder_title,
        "branch": face.branch_name,
        "issuer": face.issuer,
        "date": chinese_date(face.dated_on),
        "number": number,
        "host": host,
    }


def _shape(shape: Shape, palette: Mapping[str, str]) -> Block | Polygon:
    color, box = palette[shape.color], shape.box
    if shape.kind == "block":
        return Block(box=box, color=color)
    if shape.kind == "frame":
        return frame(box, color=color, stroke_mm=shape.stroke_mm, notch_mm=shape.notch_mm)
    return diamond(box.center_x_mm, box.center_y_mm, box.width_mm / 2, color=color)


def _stamps(mark: str, place: StampPlace, setter: Setter) -> Iterator[Stamp]:
    if mark:
        chosen = face_for(mark, place.face, where=setter.where)
        line = tracked(mark, chosen, place.tracking_em)
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


# Captions --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Said:
    """A caption with the line it says."""

    caption: Caption
    line: Line
    chosen: Chosen

    def needs_mm(self, row_mm: float) -> float:
        """Return the room it takes behind another: at its best within its share, else at its floor."""
        at_best, at_floor = (
            self.caption.after_gap_mm + self.line.width_em * size_pt * MM_PER_PT
            for size_pt in (self.caption.size_pt, self.caption.floor_pt)
        )
        return max(at_floor, min(at_best, row_mm * _SHARE_BEHIND))


def _captions(captions: Sequence[Caption], words: Mapping[str, str], setter: Setter) -> tuple[Text, ...]:
    texts = [(caption, caption.text.format_map(words)) for caption in captions]
    said = [_said(caption, text, setter) for caption, text in texts if text]
    placed: dict[str, Text] = {}
    for one in said:
        box = _room_between(one.caption, said, placed)
        placed[one.caption.part] = _placed(one, box, setter, placed.get(one.caption.after))
    return tuple(placed.values())


def _said(caption: Caption, text: str, setter: Setter) -> _Said:
    chosen = setter.choose(text, caption)
    if caption.part == NAME:
        return _Said(caption, set_name(text, chosen.advance_em), chosen)
    return _Said(caption, tracked(text, chosen, caption.tracking_em), chosen)


def _room_between(caption: Caption, said: Sequence[_Said], placed: Mapping[str, Text]) -> Box:
    """Return a caption's box without what the one before has taken and what those behind need."""
    before = placed.get(caption.after)
    start = before.box.right_mm + caption.after_gap_mm if before else caption.box.x_mm
    row_mm = caption.box.width_mm
    behind_mm = sum(one.needs_mm(row_mm) for one in said if one.caption.after == caption.part)
    return replace(caption.box, x_mm=start, width_mm=caption.box.right_mm - behind_mm - start)


def _placed(said: _Said, box: Box, setter: Setter, before: Text | None) -> Text:
    caption = said.caption
    mark = setter.text(caption.part, said.line, caption, said.chosen, _fitting_size(said.line, caption, box))
    slack = {"left": 0.0, "center": 0.5, "right": 1.0}[caption.align] * (box.width_mm - mark.box.width_mm)
    if before is not None:
        return mark.shifted(box.x_mm + slack, before.baseline_mm - mark.baseline_mm)
    return mark.shifted(box.x_mm + slack, box.center_y_mm - mark.em_mm / 2)


def _fitting_size(line: Line, style: Type, box: Box) -> float:
    """Return the largest size on the half-point grid at which a line fits a box, from its size to its floor.

    Raises:
        TextTooLong: the line is too wide even at the floor.

    """
    room_pt = box.width_mm / (line.width_em * MM_PER_PT)
    size_pt = min(style.size_pt, room_pt // SIZE_STEP_PT * SIZE_STEP_PT)
    if size_pt < style.floor_pt:
        raise TextTooLong(
            text=line.text, floor_pt=style.floor_pt, width_mm=box.width_mm, height_mm=box.height_mm
        )
    return size_pt
