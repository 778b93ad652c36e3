"""Characters that a human eye has to compare: rare ones, and those set in another typeface than the rest.

Knows which Han characters are rare: those of the third level of 《通用规范汉字表》, and all outside it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plaques.name_order import level_of
from store.roster.characters import HAN

_NAMES_LEVEL = 3
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, kw_only=True)
class Rare:
    """One character to look at, and the text it stands in."""

    character: str
    text: str
    is_listed: bool
    fell_back: bool

    @property
    def code_point(self) -> str:
        """The character as it can be looked up: U+4DAE."""
        return f"U+{ord(self.character):04X}"


def rare_characters(texts: Iterable[str], fell_back: Iterable[str]) -> tuple[Rare, ...]:
    """Return every character to look at, once for each text it stands in, in order.

    Of a text in `fell_back`, which was set in another typeface, the rare characters are returned, or all of
    its Han characters where none is.
    """
    others = dict.fromkeys(fell_back)
    found = (each for text in (*texts, *others) for each in _in_text(text, fell_back=text in others))
    return tuple(dict.fromkeys(found))


def _in_text(text: str, *, fell_back: bool) -> Iterator[Rare]:
    rare = [each for each in text if _is_rare(each)]
    for each in rare or ([each for each in text if _is_han(each)] if fell_back else []):
        yield Rare(character=each, text=text, is_listed=level_of(each) > 0, fell_back=fell_back)


def _is_rare(character: str) -> bool:
    return _is_han(character) and level_of(character) in {0, _NAMES_LEVEL}


def _is_han(character: str) -> bool:
    return _HAN.fullmatch(character) is not None
