"""Line breaking: where a text may be parted and how long every stretch of it is, along a line or a column.

Knows the rules of GB/T 15834 and W3C CLREQ 3.1 and the order of repairs: compress, pull in, push out,
stretch. Leaves out how wide a character is and how it is drawn: each comes as a `Slot`. Everything is in em
of the type size and in positions along the line, so that a text is measured once and broken at any length.

A full-width mark is half blank. At a line's edge the blank half hangs outside the line, so a first slot may
begin at -0.5 and a last one may end half an em past the line; what is drawn stays inside.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import add, sub

from store.refusals import Refusal

HALF_EM = 0.5
OPENING = frozenset("“‘（《〈【〔［｛「『〖")
CLOSING = frozenset("、，。．：；！？”’）》〉】〕］｝」』〗")
_HAN = (("一", "鿿"), ("〇", "〇"), ("㐀", "䶿"), ("豈", "\ufaff"), ("\U00020000", "\U0003ffff"))
"""The first and the last Han character of each block; the commonest block first."""

WESTERN = "0-9０-９A-Za-zÀ-ӿ"
BOUNDS = "¥￥$€№+−±≤≥＜＞<>≈"
JOINERS = "-.,:：/~～–—'’&@_"
SPACE = " "
TOLERANCE_EM = 1e-9

_NO_START = CLOSING | frozenset("·…—–～~,.:;!?)]}%‰℃°/／-")
_NO_START_MARKS = "".join(sorted(_NO_START))
_NO_END = OPENING | frozenset("([{/／")
_MARKS = CLOSING | OPENING

_DASH_PITCH_EM = 0.8
_STRETCH_LIMIT_EM = 0.09
"""Where a joint opens by a tenth of an em, readers of the PDF see a space that nobody typed."""
_INVISIBLE_EM = 1e-6


def is_han(character: str) -> bool:
    """Say whether a character is Han, 〇 among them."""
    return any(first <= character <= last for first, last in _HAN)


_COUNTED = "号楼|平方米|公里|公斤|[%‰℃年月日时分秒号楼室层栋幢届期次名人个项条岁元亩米吨万亿]"
_SPELT = frozenset("第年月日" + _COUNTED)
"""The Han characters that patterns spell out, and others beside."""

_ANY = "一"
"""What stands for every other one where a text is searched: the set of all is slow to compile."""

_ANY_HAN = f"[{_ANY}{''.join(sorted(filter(is_han, _SPELT)))}]"
_UNIT = (  # dashes and dots; dates; words and numbers with what they count; names with ·; the rest
    rf"(?:—+|…+"
    rf"|\d+年\d+月\d+日|\d+年\d+月|\d+月\d+日"
    rf"|第?[{BOUNDS}]{{0,3}}+[{WESTERN}]+(?:[{JOINERS}][{WESTERN}]+)*[+#]*(?:{_COUNTED}){{0,2}}"
    rf"|{_ANY_HAN}{{1,6}}+·(?:{_ANY_HAN}{{1,12}}·){{0,2}}{_ANY_HAN}{{1,6}}"
    rf"|[^ ])"
)
_IS_PROPORTIONAL = re.compile(rf"[!-~‰−–{WESTERN}]").fullmatch


class Unbreakable(Refusal):
    """A word, number or name is wider than the line. Remedy: a smaller size or a wider plate."""

    reason_zh = "“{text}”不得拆行，而一行放不下。"
    reason_en = "{text!r} may not be split and is wider than the line."
    remedy_zh = "请缩短，或改用更大的版面。"
    remedy_en = "Shorten it or choose a larger plate."


@dataclass(frozen=True, slots=True)
class Slot:
    """The room a character takes along the line, the blank at its beginning and at its end among it.

    `inset_em` is from the slot's beginning to the glyph's.
    """

    advance_em: float
    before_em: float = 0.0
    after_em: float = 0.0
    inset_em: float = 0.0


@dataclass(frozen=True)
class Placed:
    """A line's part of the text with where each of its glyphs begins; `length_em` is from ink to ink."""

    span: range
    starts_em: tuple[float, ...]
    length_em: float


def _piece_pattern(unit: str, no_start: Iterable[str], no_end: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of what no line may split: units held together at marks and straight quotes."""
    before, after = (re.escape("".join(sorted(marks))) for marks in (no_start, no_end))
    hold = rf"(?: *(?=[{before}])|(?<=[{after}]) *|(?<=[\"'])|(?=[\"']))"
    return re.compile(f"{unit}(?:{hold}{unit})*", re.DOTALL)


_PIECE = _piece_pattern(_UNIT, _NO_START, _NO_END)
_CLOSABLE = re.compile(f"[{re.escape(''.join(sorted(_MARKS)))}— ]")
"""The characters at whose joints anything may be closed up."""


class Measured:
    """A text set as one endless line: every question about a stretch of it is a difference of two positions.

    `give_share` is how much of a joint's blank may be taken when a line is compressed.
    """

    def __init__(self, text: str, slots: Sequence[Slot], give_share: float = 0.5) -> None:
        """Measure once: `slots` has one for each character of the text."""
        self.text = text
        self._slots = slots
        kerns, gives = _joints(text, slots, give_share)
        steps = [slot.advance_em + kern for slot, kern in zip(slots, kerns[1:], strict=False)]
        self._starts = list(accumulate(steps, initial=0.0))
        self._given = list(accumulate(gives))
        self._pieces = [piece.span() for piece in _PIECE.finditer(_with_names_alike(text))]
        self._reaches = [self._reach(stop) for _, stop in self._pieces]

    @property
    def whole(self) -> range:
        """All of the text."""
        return range(len(self.text))

    def length(self, span: range) -> float:
        """Return the length of a stretch as it is set, from its first ink to its last."""
        return self._reach(span.stop) - self._origin(span.start)

    def lines(self, length_em: float) -> list[range]:
        """Part the text in lines no longer than `length_em`; spaces at a break belong to no line.

        Raises:
            Unbreakable: a part that may not be split is longer than the line.

        """
        room = length_em + TOLERANCE_EM
        ends = [0]
        while ends[-1] < len(self._pieces):
            ends.append(self._line_end(ends[-1], room))
        return [self._span(first, end) for first, end in pairwise(self._accompanied(ends, room))]

    def set_to(self, span: range, length_em: float) -> Placed:
        """Set a line: compressed to the length where it is longer, opened to it where that tears nothing."""
        short_em = length_em - self.length(span)
        given = self._given[span.stop - 1] - self._given[span.start]
        if short_em < -_INVISIBLE_EM and given:
            return self._squeezed(span, length_em, -short_em / given)
        if _INVISIBLE_EM < short_em <= _STRETCH_LIMIT_EM * len(span):
            return self._stretched(span, length_em, short_em)
        return self.natural(span)

    def natural(self, span: range) -> Placed:
        """Set a line as it comes."""
        return Placed(span, tuple(self._glyphs(span)), self.length(span))

    def spread(self, length_em: float) -> Placed:
        """Set the whole text with its joints opened evenly to the length, however far."""
        joints = len(self.text) - 1
        return self._opened(self.whole, length_em, (length_em - self.length(self.whole)) / joints)

    def _glyphs(self, span: range) -> list[float]:
        """Return where the glyphs of a line begin as they come."""
        origin = self._origin(span.start)
        slots = zip(self._starts[span.start : span.stop], self._slots[span.start : span.stop], strict=True)
        return [start - origin + slot.inset_em for start, slot in slots]

    def _squeezed(self, span: range, length_em: float, share: float) -> Placed:
        taken = [share * (given - self._given[span.start]) for given in self._given[span.start : span.stop]]
        return Placed(span, tuple(map(sub, self._glyphs(span), taken)), length_em)

    def _stretched(self, span: range, length_em: float, short_em: float) -> Placed:
        """Open a line's joints evenly, unless that would tear it visibly."""
        joints = sum(self._is_elastic(at) for at in span[1:])
        if short_em > joints * _STRETCH_LIMIT_EM + TOLERANCE_EM:
            return self.natural(span)
        return self._opened(span, length_em, short_em / joints)

    def _opened(self, span: range, length_em: float, by_em: float) -> Placed:
        opened = accumulate((by_em * self._is_elastic(at) for at in span[1:]), initial=0.0)
        return Placed(span, tuple(map(add, self._glyphs(span), opened)), length_em)

    def _is_elastic(self, at: int) -> bool:
        """Whether the joint before a character may open: not in a word or number, a dash or an ellipsis."""
        left, right = self.text[at - 1], self.text[at]
        word = _IS_PROPORTIONAL(left) and _IS_PROPORTIONAL(right)
        return not word and not (left == right and left in "—…")

    def _origin(self, start: int) -> float:
        return self._starts[start] + self._slots[start].before_em

    def _reach(self, stop: int) -> float:
        last = self._slots[stop - 1]
        return self._starts[stop - 1] + last.advance_em - last.after_em

    def _span(self, first: int, end: int) -> range:
        return range(self._pieces[first][0], self._pieces[end - 1][1])

    def _least(self, span: range) -> float:
        return self.length(span) - (self._given[span.stop - 1] - self._given[span.start])

    def _line_end(self, first: int, room: float) -> int:
        """Return the index of the first piece that has to go to the next line."""
        end = bisect_right(self._reaches, self._origin(self._pieces[first][0]) + room, lo=first)
        if end == first:
            return self._alone(first, room)
        return end + (end < len(self._pieces) and self._is_drawn_in(first, end, room))

    def _alone(self, first: int, room: float) -> int:
        span = self._span(first, first + 1)
        if self._least(span) > room:
            raise Unbreakable(text=self.text[span.start : span.stop])
        return first + 1

    def _is_drawn_in(self, first: int, end: int, room: float) -> bool:
        """Whether a line takes one more piece when compressed, so that marks need not push out its word."""
        start, stop = self._pieces[end]
        word_stop = start + len(self.text[start:stop].rstrip(_NO_START_MARKS))
        if word_stop == start or self._least(self._span(first, end + 1)) > room:
            return False
        word_end = self._starts[word_stop - 1] + self._slots[word_stop - 1].advance_em
        return word_end - self._origin(self._pieces[first][0]) <= room

    def _accompanied(self, ends: list[int], room: float) -> list[int]:
        """Leave no character alone on the last line: draw it in, else give it company from the one before."""
        if not ends[2:] or not self._is_lonely(self._span(ends[-2], ends[-1])):
            return ends
        *before, previous, last, stop = ends
        if self._least(self._span(previous, stop)) <= room:
            return [*before, previous, stop]
        if last - previous > 1 and self._least(self._span(last - 1, stop)) <= room:
            return [*before, previous, last - 1, stop]
        return ends

    def _is_lonely(self, span: range) -> bool:
        line = self.text[span.start : span.stop]
        return sum(character not in _NO_START and character not in _NO_END for character in line) <= 1


def _with_names_alike(text: str) -> str:
    """Return the text as it is searched for names with ·, of which one without · has none."""
    if "·" not in text:
        return text
    return "".join(_ANY if is_han(each) and each not in _SPELT else each for each in text)


def _joints(text: str, slots: Sequence[Slot], give_share: float) -> tuple[list[float], list[float]]:
    """Return how far each character moves towards the one before (negative) and how far it still could."""
    kerns, gives = [0.0] * len(text), [0.0] * len(text)
    for at in _closable_joints(text):
        left, right = slots[at - 1], slots[at]
        blank = left.after_em + right.before_em
        kerns[at] = _kern(text[at - 1], text[at], left.advance_em, blank)
        space = left.advance_em if text[at - 1] == SPACE else 0.0
        gives[at] = give_share * (space + (max(blank + kerns[at], 0) if blank else 0))
    return kerns, gives


def _closable_joints(text: str) -> set[int]:
    """Return the joints beside a mark, a dash or a space, each by the index of the character after it."""
    beside = {joint for found in _CLOSABLE.finditer(text) for joint in found.span()}
    return beside - {0, len(text)}


def _kern(left: str, right: str, advance_em: float, blank_em: float) -> float:
    """Return the change between two neighbours: marks share one blank half, dashes make one stroke."""
    if left == right == "—":
        return min(_DASH_PITCH_EM - advance_em, 0)
    return -HALF_EM if blank_em and left in _MARKS and right in _MARKS else 0.0
