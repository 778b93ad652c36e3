"""Sharing: how the texts of a column divide its length among themselves.

Knows how far a text may give way, how gaps grow with what is left, and how duties are shortened where a
design allows it. Leaves out whether the column runs down (column.py) or across (hanging.py).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf
from typing import Protocol, TypeAlias, TypeVar

from plaques.design.model import Item
from plaques.marks import Mark, Text
from plaques.typography.typesetting import SIZE_STEP_PT, Room, TextTooLong

Words: TypeAlias = Mapping[str, str]
"""What a copy says, by the words of a design's templates."""


class _Sized(Protocol):
    @property
    def size_pt(self) -> float: ...


S = TypeVar("S", bound=_Sized)

_EASES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.2)
"""How far above their floors texts are tried, from their best downwards; at 0 all are at their floors."""

_COMFORTABLE_GAP = 0.4
_CLAUSE_END = re.compile(r"[，、；。,;]")
_ELLIPSIS = "……"
_REMEMBERED = 256


@dataclass(frozen=True)
class SetItem:
    """An item as set: what it takes of the column's length, its type size, its texts from a corner in mm."""

    item: Item
    length_mm: float
    em_mm: float
    texts_at: Callable[[float, float], Iterator[Text]]


def most_generous(set_at: Callable[[float], Iterator[Mark]]) -> tuple[Mark, ...]:
    """Return a column as it is set at the greatest ease at which it fits.

    Raises:
        TextTooLong: it does not fit even with all texts at their floors.

    """
    for ease in _EASES:
        with suppress(TextTooLong):
            return tuple(set_at(ease))
    return tuple(set_at(0))


@lru_cache(maxsize=_REMEMBERED)
def eased(item: Item, ease: float) -> Item:
    """Move an item's largest size and its gap towards their floors; for names, their size of comfort.

    Names may take the whole column, and so may a text at its floor, where no smaller size keeps it shorter.
    """
    gap_mm = item.gap_mm + ease * (item.gap_max_mm - item.gap_mm) * _COMFORTABLE_GAP
    if item.kind == "names":
        comfort_pt = _eased_size(item.comfort_pt, item.floor_pt, ease)
        return replace(item, comfort_pt=comfort_pt, gap_mm=gap_mm, height_mm=inf)
    size_pt = _eased_size(item.size_pt, item.floor_pt, ease)
    return replace(item, size_pt=size_pt, gap_mm=gap_mm, height_mm=item.height_mm if ease else inf)


def shared_gaps(items: Sequence[Item], lengths_mm: Sequence[float], room_mm: float) -> list[float]:
    """Return the gap before each item: its least, and an equal share of the room that is left to grow in."""
    least = sum(lengths_mm) + sum(item.gap_mm for item in items)
    growth = sum(item.gap_max_mm - item.gap_mm for item in items)
    share = min(1.0, (room_mm - least) / growth) if growth else 0.0
    return [item.gap_mm + share * (item.gap_max_mm - item.gap_mm) for item in items]


def tidied(
    largest: S, fit: Callable[[Room], S], room: Room, is_untidy: Callable[[S], bool], *, at_least: float
) -> S:
    """Return the largest setting, or the next smaller one, within a share of it, that is tidy."""
    least_pt = max(room.floor_pt, largest.size_pt * at_least)
    size_pt = largest.size_pt
    while is_untidy(largest) and size_pt - SIZE_STEP_PT >= least_pt:
        size_pt -= SIZE_STEP_PT
        setting = fit(replace(room, size_pt=size_pt))
        if not is_untidy(setting):
            return setting
    return largest


def said_by(item: Item, words: Words) -> list[str]:
    """Return what an item says, then, if it may be shortened, the same with ever fewer clauses (F10)."""
    text = " ".join(item.text.format_map(words).split())
    if item.kind != "clauses":
        return [text]
    ends = [match.start() for match in _CLAUSE_END.finditer(text) if match.end() < len(text)]
    return [text, *(text[:end] + _ELLIPSIS for end in reversed(ends))]


def _eased_size(size_pt: float, floor_pt: float, ease: float) -> float:
    """Return a size part of the way up from the floor, whole steps of the grid above it."""
    return floor_pt + ease * (size_pt - floor_pt) // SIZE_STEP_PT * SIZE_STEP_PT
