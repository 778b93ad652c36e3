"""Captions: lines that stand in boxes of their own.

Knows how captions in a row share its width, and how large each may be. Leaves out which captions a design has
(designs/) and the texts that share a height (column.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from plaques.composition.hanging import standing_line
from plaques.composition.lettering import Setter, tracked
from plaques.design.model import Caption, Type
from plaques.marks import Box, Text
from plaques.typography.typefaces import Chosen
from plaques.typography.typesetting import EM_ASCENT, MM_PER_PT, SIZE_STEP_PT, Line, TextTooLong, set_name
from plaques.typography.vertical import drawn_as

NAME = "name"
"""The part that holds a member's name, one text each."""

_SHARE_BEHIND = 0.3
_ROUNDING_PT = 1e-9
_SLACK_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}


class _Said(NamedTuple):
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


def caption_texts(captions: Sequence[Caption], words: Mapping[str, str]) -> list[str]:
    """Return what captions say with these words; '' for one that has nothing to say."""
    return [caption.text.format_map(words) for caption in captions]


def caption_marks(captions: Sequence[Caption], texts: Iterable[str], setter: Setter) -> tuple[Text, ...]:
    """Set a text in each caption; one that has nothing to say is left out.

    Raises:
        MissingGlyph: a character that no typeface draws.
        TextTooLong: a line is too wide for its box even at its floor.

    """
    said = [_said(caption, text, setter) for caption, text in zip(captions, texts, strict=True) if text]
    behind = {one.caption.after: one for one in said if one.caption.after}
    placed: dict[str, Text] = {}
    for one in said:
        before = placed.get(one.caption.after)
        box = _room_between(one.caption, before, behind.get(one.caption.part))
        placed[one.caption.part] = _placed(one, box, setter, before)
    return tuple(placed.values())


def _said(caption: Caption, text: str, setter: Setter) -> _Said:
    chosen = setter.choose(drawn_as(text) if caption.setting == "vertical" else text, caption)
    if caption.part == NAME:
        return _Said(caption, set_name(text, chosen.advance_em), chosen)
    if caption.setting == "vertical":
        return _Said(caption, standing_line(text, chosen, caption.tracking_em), chosen)
    return _Said(caption, tracked(text, chosen, caption.tracking_em), chosen)


def _room_between(caption: Caption, before: Text | None, behind: _Said | None) -> Box:
    """Return a caption's box without what the one before has taken and what the one behind needs."""
    box = caption.box
    if before is None and behind is None:
        return box
    start = before.box.right_mm + caption.after_gap_mm if before else box.x_mm
    behind_mm = behind.needs_mm(box.width_mm) if behind else 0
    return Box(start, box.y_mm, box.right_mm - behind_mm - start, box.height_mm)


def _placed(said: _Said, box: Box, setter: Setter, before: Text | None) -> Text:
    caption, line = said.caption, said.line
    if caption.setting == "vertical":
        return _placed_standing(said, box, setter)
    size_pt = _fitting_size(line, caption, box)
    em_mm = size_pt * MM_PER_PT
    left = box.x_mm + _SLACK_BEFORE[caption.align] * (box.width_mm - line.width_em * em_mm)
    top = box.center_y_mm - em_mm / 2 if before is None else before.baseline_mm - EM_ASCENT * em_mm
    return setter.text(caption.part, line, caption, said.chosen, size_pt, corner_mm=(left, top))


def _placed_standing(said: _Said, box: Box, setter: Setter) -> Text:
    """Place a column in the middle of its box across, at its top, in its middle or at its bottom."""
    caption, line = said.caption, said.line
    lying = Box(box.x_mm, box.y_mm, box.height_mm, box.width_mm)
    size_pt = _fitting_size(replace(line, width_em=line.height_em), caption, lying)
    em_mm = size_pt * MM_PER_PT
    top = box.y_mm + _SLACK_BEFORE[caption.align] * (box.height_mm - line.height_em * em_mm)
    corner_mm = (box.center_x_mm - em_mm / 2, top)
    return setter.text(caption.part, line, caption, said.chosen, size_pt, corner_mm=corner_mm)


def _fitting_size(line: Line, style: Type, box: Box) -> float:
    """Return the largest size at which a line fits a box: its own, one on the half-point grid, or its floor.

    Raises:
        TextTooLong: the line is too wide even at the floor.

    """
    room_pt = box.width_mm / (line.width_em * MM_PER_PT)
    if room_pt < style.floor_pt - _ROUNDING_PT:
        raise TextTooLong(
            text=line.text, floor_pt=style.floor_pt, width_mm=box.width_mm, height_mm=box.height_mm
        )
    return min(style.size_pt, max(style.floor_pt, room_pt // SIZE_STEP_PT * SIZE_STEP_PT))
