"""The order of names on a plate: as listed, or by strokes in either of the two official conventions.

Knows the strokes of the 8105 characters of 《通用规范汉字表》, from data/strokes.tsv. Leaves out who decides
on an order, and the collations of operating systems: ICU's stroke order is another one.

Both conventions compare names character by character: fewer strokes first, then the strokes in the order of
writing, 横 竖 撇 点 折 (GF 0023-2020), then the number in the list, whose levels stand in that same order. A
compound surname is compared by its first character like any other. Where a place depends on what no source
says, such as the strokes of a character outside the list or the rank of ·, the order is refused, not guessed.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from store.refusals import Refusal

_LEVEL_ENDS = (3500, 6500)
_BLANK = ""


class NameOrder(StrEnum):
    """In which order the names of a plate stand.

    `STROKES` is 按姓氏笔画, of the lists of Party congresses and the CPPCC: in a name of two characters the
    place between them counts as empty, so that 田富 comes before 田大利. `NPC` is 按姓名笔画, of the
    National People's Congress and the congresses below it: no place is empty, and 大 has fewer strokes than
    富, so that 田大利 comes before 田富.
    """

    LISTED = "listed"
    STROKES = "strokes"
    NPC = "npc"


class StrokesUnknown(Refusal):
    """Two names cannot be put in order. Remedy: print them as listed, in an order somebody has decided."""

    reason_zh = (
        "“{name}”中的“{character}”（{code_point}）笔顺无据可依，不能确定其与“{other}”按姓氏笔画排列的先后。"
    )
    reason_en = (
        "No source gives the strokes of {character} ({code_point}) in {name!r}, "
        "so its place before or after {other!r} cannot be told."
    )
    remedy_zh = "请在名单中排定先后，并选择“按名单顺序”印制。"
    remedy_en = 'Put the names in order in the roster and print them "as listed".'


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """Names in an order; `places` says where each of them stood in the list given, from 0."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    rule: NameOrder


def order_names(names: Sequence[str], rule: NameOrder) -> Ordered:
    """Put names in order; equal ones stay as they were listed.

    Raises:
        StrokesUnknown: the place of a name depends on strokes that no source gives.

    """
    places = list(range(len(names)))
    if rule is not NameOrder.LISTED:
        compare = functools.partial(_compared, rule=rule)
        by_name = functools.cmp_to_key(compare)
        places.sort(key=lambda place: by_name(names[place]))
    return Ordered(names=tuple(names[place] for place in places), places=tuple(places), rule=rule)


def describe(rule: NameOrder) -> tuple[str, str]:
    """Return what a proof sheet says of an order, in Chinese and in English."""
    return _DESCRIPTIONS[rule]


def level_of(character: str) -> int:
    """Return the level of 《通用规范汉字表》 that lists a character, 1 to 3, or 0 where none does."""
    listed = _table().get(character)
    return listed.level + 1 if listed else 0


_DESCRIPTIONS = {
    NameOrder.LISTED: ("姓名按名单顺序排列", "Names in the order of the roster"),
    NameOrder.STROKES: (
        "姓名按姓氏笔画为序（单名的名前留空，先于双名）",
        "Names by strokes of the surname (a given name of one character goes before longer ones)",
    ),
    NameOrder.NPC: (
        "姓名按姓名笔画为序（人大排法，单名不留空）",
        "Names by strokes of the whole name (as the people's congresses list them)",
    ),
}


@dataclass(frozen=True)
class _Strokes:
    """A character's number in the list and the bounds of its strokes, equal where the strokes are known."""

    number: int
    least: str
    most: str

    @property
    def level(self) -> int:
        return sum(self.number > end for end in _LEVEL_ENDS)

    def precedes(self, other: "_Strokes") -> bool:
        """Whether this character comes first for certain; each level of the list is in order itself."""
        if self.level == other.level:
            return self.number < other.number
        latest, earliest = (len(self.most), self.most), (len(other.least), other.least)
        return (latest, self.number) < (earliest, other.number)


@functools.cache
def _table() -> dict[str, _Strokes]:
    content = (files("plaques") / "data" / "strokes.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in content.splitlines()]
    return {character: _Strokes(int(number), span[0], span[-1]) for character, number, *span in rows}


def _compared(name: str, other: str, *, rule: NameOrder) -> int:
    """Return a negative number where a name comes before the other, a positive where after, 0 if equal."""
    for left, right in _steps(name, other, rule):
        if left != right:
            return -1 if _precedes(left, right, name, other) else 1
    return len(name) - len(other)


def _steps(name: str, other: str, rule: NameOrder) -> Iterator[tuple[str, str]]:
    return zip(_compared_by(name, rule), _compared_by(other, rule), strict=False)


def _compared_by(name: str, rule: NameOrder) -> Sequence[str]:
    if rule is NameOrder.STROKES and len(name) == len("田富"):
        return name[0], _BLANK, name[1]
    return name


def _precedes(left: str, right: str, name: str, other: str) -> bool:
    if _BLANK in (left, right):
        return left == _BLANK
    ours, theirs = _table().get(left), _table().get(right)
    if ours is None:
        raise _unknown(left, name, other)
    if theirs is None:
        raise _unknown(right, other, name)
    if ours.precedes(theirs) or theirs.precedes(ours):
        return ours.precedes(theirs)
    if ours.least != ours.most:
        raise _unknown(left, name, other)
    raise _unknown(right, other, name)


def _unknown(character: str, name: str, other: str) -> StrokesUnknown:
    return StrokesUnknown(character=character, code_point=f"U+{ord(character):04X}", name=name, other=other)
