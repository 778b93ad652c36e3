"""The rules of GB/T 15834-2011 (5.1) and CLREQ 3.1 for lines and columns, written down without the breaker.

Random texts are made of words of which it is known that no line may split them; so nothing here has to find
them again. Every line set from such a text can be held to each rule, and every break to the alternatives it
had: what would have fitted must not have been pushed out, and what was compressed or opened had to be.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from random import Random

from plaques.typography.typesetting import MM_PER_PT, Line, Measure, Room, fit_heading

NOT_FIRST = set("，。、；：！？）》〉】〕］｝」』”’·—–-～~/…,.:;!?)]}%‰℃°")
NOT_LAST = set("（《〈【〔［｛「『“‘([{/")
BEFORE_BLANK = set("（《〈【〔［｛「『“‘")
AFTER_BLANK = set("，。、；：！？）》〉】〕］｝」』”’")
MARKS = BEFORE_BLANK | AFTER_BLANK
FULL_IN_A_COLUMN = set("：；！？")
ALONE = re.compile(r"(?<![0-9A-Za-z±≥.:'/—-])(?:\d{1,3}|[A-Za-z])(?![0-9A-Za-z.:'%℃/—-])")
OPENED_AT_MOST_EM = 0.09 + 1e-6
CLOSE_EM = 1e-6

_HAN = "承担良种繁育田间去杂与子检验保证教学科研用水利设施维护管理综合服务"
_SPOKEN = "阿依古丽艾合买提努尔江帕提曼热孜"


def heading_lines(text: str, measure: Measure, width_em: float) -> tuple[Line, ...]:
    """Set a heading in a room of one size, this wide and as high as need be."""
    room = Room(width_mm=width_em * MM_PER_PT, height_mm=1e6, size_pt=1, floor_pt=1, leading=1)
    return fit_heading(text, measure, room).lines


@dataclass(frozen=True)
class RandomText:
    """A text with the words of it that no line may split, as spans."""

    text: str
    words: tuple[range, ...]

    @cached_property
    def inside(self) -> frozenset[int]:
        """The places between two characters of a word, by the index of the second."""
        return frozenset(at for word in self.words for at in word[1:])

    def may_break(self, at: int) -> bool:
        """Whether a line may begin with the character of this index."""
        before = self.text[:at].rstrip()[-1:]
        quoted = self.text[at - 1] in "\"'" or self.text[at] in "\"'"
        is_free = at not in self.inside and not self.text[at].isspace() and not quoted
        return is_free and self.text[at] not in NOT_FIRST and before not in NOT_LAST


def random_text(random: Random, most_words: int) -> RandomText:
    """Make up duties, a post's name or anything an office may write."""
    text, words = "", []
    for _ in range(random.randint(1, most_words)):
        for part, is_word in _sentence_part(random, text):
            if is_word:
                words.append(range(len(text), len(text) + len(part)))
            text += part
    return RandomText(text, tuple(words))


def random_name(random: Random) -> str:
    """Make up a name of one to twelve characters: Han, with ·, or Latin."""
    kind = random.random()
    if kind < 0.8:
        return _han(random, 1, 4)
    if kind < 0.95:
        return f"{_name(random)}·{_name(random)}"
    return random.choice(["Li Na", "O'Neil", "Anna-Maria"])


def _sentence_part(random: Random, before: str) -> Iterator[tuple[str, bool]]:
    """Yield some parts of a sentence and whether each is a word that no line may split."""
    kind = random.random()
    if kind < 0.5:
        yield _han(random, 1, 9), False
        yield random.choice(["", "", "、", "，", "。", "：", "；", "！", "？"]), False
    elif kind < 0.62:
        pair = random.choice(["“”", "（）", "《》", "【】", "‘’", "「」", "〈〉", "()"])
        yield pair[0], False
        yield _han(random, 1, 6), False
        yield pair[1], False
    elif kind < 0.7:
        yield random.choice(["——", "……"]), True
        yield _han(random, 2, 5), False
    elif kind < 0.76:
        yield _han(random, 1, 3) + random.choice("/～—–"), False
        yield _han(random, 1, 3), False
    elif kind < 0.82:
        yield ("" if not before or before[-1] in "，、。" else "，"), False
        yield f"{_name(random)}·{_name(random)}", True
        yield random.choice("，、。"), False
    else:
        yield ("" if not before or before[-1] in "，、。" else "，"), False
        yield _western(random), True
        yield random.choice(["，", "，", " 与", "）"]), False


def _han(random: Random, least: int, most: int) -> str:
    return "".join(random.choices(_HAN, k=random.randint(least, most)))


def _name(random: Random) -> str:
    return "".join(random.choices(_SPOKEN, k=random.randint(2, 5)))


def _western(random: Random) -> str:
    number = str(random.randint(1, 10 ** random.randint(1, 7)))
    day = f"{random.randint(1990, 2030)}年{random.randint(1, 12)}月{random.randint(1, 31)}日"
    word = "".join(random.choices("abcdefgHIJKLM", k=random.randint(1, 9)))
    others = (
        "12.5%",
        "±3℃",
        "8:00—17:30",
        "3号楼",
        "274室",
        "don't",
        "well-kept",
        "GB/T",
        "第3名",
        "≥98.5%",
        "A-12",
    )
    return random.choice([number, day, word, random.choice(others)])


# What is measured -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Metrics:
    """How long characters are along the line; `is_column` says in which direction that is."""

    measure: Callable[[str], float]
    is_column: bool = False

    def blank_before(self, character: str) -> float:
        """Return the blank half at the beginning of a mark."""
        return 0.5 * (character in BEFORE_BLANK and self._is_full(character))

    def blank_after(self, character: str) -> float:
        """Return the blank half at the end of a mark."""
        is_filled = self.is_column and character in FULL_IN_A_COLUMN
        return 0.5 * (character in AFTER_BLANK and self._is_full(character) and not is_filled)

    def blank_between(self, left: str, right: str) -> float:
        """Return the blank halves between two characters."""
        return self.blank_after(left) + self.blank_before(right)

    def shared(self, left: str, right: str) -> float:
        """Return how far two characters overlap as they come: marks by a blank half, dashes to one stroke."""
        if left == right == "—":
            return max(self.measure(left) - 0.8, 0)
        are_marks = left in MARKS and right in MARKS
        return 0.5 * (are_marks and self.blank_between(left, right) > 0)

    def slack(self, left: str, right: str) -> float:
        """Return how much closer the two may come: half of what is blank between them."""
        blank = self.blank_between(left, right)
        space = self.measure(left) if left == " " else 0.0
        return (max(blank - self.shared(left, right), 0.0) if blank else 0.0) / 2 + space / 2

    def room(self, line: str) -> float:
        """Return the room of a line's characters; one to three figures alone share an em of a column."""
        upright = ALONE.findall(line) if self.is_column else []
        return sum(map(self._advance, line)) + sum(1 - sum(map(self.measure, each)) for each in upright)

    def length(self, line: str) -> float:
        """Return the length of a line as it comes, blank halves hanging outside."""
        shared = sum(map(self.shared, line, line[1:]))
        return self.room(line) - shared - self.blank_before(line[0]) - self.blank_after(line[-1])

    def least(self, line: str) -> float:
        """Return the length of a line compressed as far as may be."""
        return self.length(line) - sum(map(self.slack, line, line[1:]))

    def _advance(self, character: str) -> float:
        if character == "·":
            return 0.5
        return 1.0 if "一" <= character <= "鿿" else self.measure(character)

    def _is_full(self, character: str) -> bool:
        return self.is_column or self.measure(character) >= 0.9


# The rules --------------------------------------------------------------------------------------------------


def faults(made: RandomText, lines: Sequence[Line], length_em: float, metrics: Metrics) -> list[str]:
    """Name every rule that the lines break."""
    starts = _starts(made.text, lines)
    if starts is None:
        return ["text: it is not what the lines say"]
    return [
        *_faulty_edges(made, lines, starts),
        *_faulty_lengths(lines, length_em, metrics),
        *_faulty_breaks(made, starts, lines, length_em, metrics),
    ]


def heading_faults(made: RandomText, lines: Sequence[Line], length_em: float, metrics: Metrics) -> list[str]:
    """Name every rule that balanced lines break, which are set as they come."""
    starts = _starts(made.text, lines)
    if starts is None:
        return ["text: it is not what the lines say"]
    lengths = [(line, metrics.length(line.text)) for line in lines]
    return [
        *_faulty_edges(made, lines, starts),
        *(f"long: {line.text}" for line, natural in lengths if natural > length_em + CLOSE_EM),
        *(f"moved: {line.text}" for line, natural in lengths if abs(line.width_em - natural) > CLOSE_EM),
    ]


def _starts(text: str, lines: Sequence[Line]) -> list[int] | None:
    """Return where each line begins; None where anything but spaces got lost or changed places."""
    starts, reached = [], 0
    for line in lines:
        start = reached + len(text[reached:]) - len(text[reached:].lstrip())
        if not text.startswith(line.text, start) or line.text != line.text.strip():
            return None
        starts.append(start)
        reached = start + len(line.text)
    return starts if not text[reached:].strip() else None


def _faulty_edges(made: RandomText, lines: Sequence[Line], starts: Sequence[int]) -> Iterator[str]:
    for line, start in zip(lines[1:], starts[1:], strict=True):
        if line.text[0] in NOT_FIRST:
            yield f"starts: {line.text}"
        if start in made.inside:
            yield f"splits: {made.text[start - 9 : start]} | {line.text[:9]}"
    yield from (f"ends: {line.text}" for line in lines[:-1] if line.text[-1] in NOT_LAST)


def _faulty_lengths(lines: Sequence[Line], length_em: float, metrics: Metrics) -> Iterator[str]:
    """Yield lines past the edge, compressed or opened without need or beyond what may be."""
    longest = max(_extent(line, metrics) for line in lines)
    for line in lines:
        natural, extent = metrics.length(line.text), _extent(line, metrics)
        if extent > length_em + CLOSE_EM:
            yield f"long: {line.text}"
        if extent < natural - CLOSE_EM and abs(extent - length_em) > CLOSE_EM:
            yield f"compressed too much: {line.text}"
        if extent > natural + CLOSE_EM and (line is lines[-1] or abs(extent - longest) > CLOSE_EM):
            yield f"opened in vain: {line.text}"
        if any(by > OPENED_AT_MOST_EM for by in _openings(line, metrics)):
            yield f"torn: {line.text}"


def _openings(line: Line, metrics: Metrics) -> Iterator[float]:
    """Yield how much further than they come two neighbours stand from each other, narrow ones left out."""
    along = [glyph.y_em if metrics.is_column else glyph.x_em for glyph in line.characters]
    for at, (left, right) in enumerate(zip(line.text, line.text[1:], strict=False)):
        if "一" <= left <= "鿿" and "一" <= right <= "鿿":
            yield along[at + 1] - along[at] - 1


def _extent(line: Line, metrics: Metrics) -> float:
    return line.height_em if metrics.is_column else line.width_em


def _faulty_breaks(
    made: RandomText, starts: Sequence[int], lines: Sequence[Line], length_em: float, metrics: Metrics
) -> Iterator[str]:
    """Yield what was pushed out though it would have fitted, and last characters left alone needlessly."""
    for start, following in pairwise(starts):
        longer = made.text[start : _next_break(made, following)].rstrip()
        if following != starts[-1] and _fits(longer, following - start, length_em, metrics):
            yield f"pushed out: {longer}"
    if len(lines) > 1 and _is_alone(lines[-1].text) and _is_avoidable(made, starts, length_em, metrics):
        yield f"alone: {lines[-2].text} | {lines[-1].text}"


def _fits(longer: str, taken: int, length_em: float, metrics: Metrics) -> bool:
    """Whether a line holds one more part: as it comes, or compressed for the marks behind a word."""
    if metrics.length(longer) <= length_em - CLOSE_EM:
        return True
    word = longer[taken:].rstrip("".join(NOT_FIRST))
    end = longer[: taken + len(word)]
    unhung = metrics.length(end) + metrics.blank_after(end[-1])
    return bool(word) and unhung <= length_em - CLOSE_EM and metrics.least(longer) <= length_em - CLOSE_EM


def _next_break(made: RandomText, start: int) -> int:
    breaks = (at for at in range(start + 1, len(made.text)) if made.may_break(at))
    return next(breaks, len(made.text))


def _is_alone(line: str) -> bool:
    return sum(character not in NOT_FIRST | NOT_LAST for character in line) <= 1


def _is_avoidable(made: RandomText, starts: Sequence[int], length_em: float, metrics: Metrics) -> bool:
    """Whether the line before the last could have given a part of itself, or taken in the rest."""
    before, last = starts[-2:]
    if metrics.least(made.text[before:].rstrip()) <= length_em - CLOSE_EM:
        return True
    gives = [at for at in range(before + 1, last) if made.may_break(at)]
    return any(metrics.least(made.text[at:].rstrip()) <= length_em - CLOSE_EM for at in gives)
