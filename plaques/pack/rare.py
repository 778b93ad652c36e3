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
    """One character to look at, the texts it stands in, and whether one of them is in another typeface."""

    character: str
    texts: tuple[str, ...]
    fell_back: bool

    @property
    def code_point(self) -> str:
        """The character as it can be looked up: U+4DAE."""
        return f"U+{ord(self.character):04X}"

    @property
    def is_listed(self) -> bool:
        """Whether 《通用规范汉字表》 has it."""
        return level_of(self.character) > 0


def rare_characters(texts: Iterable[str], fell_back: Iterable[str]) -> tuple[Rare, ...]:
    """Return every character to look at, in the order they are met.

    Of a text in `fell_back`, which was set in another typeface, the rare characters are returned, or all of
    its Han characters where none is.
    """
    others = dict.fromkeys(fell_back)
    places: dict[str, list[str]] = {}
    for text in dict.fromkeys((*texts, *others)):
        for character in _looked_at(text, fell_back=text in others):
            places.setdefault(character, []).append(text)
    return tuple(
        Rare(character=character, texts=tuple(found), fell_back=any(text in others for text in found))
        for character, found in places.items()
    )


def _looked_at(text: str, *, fell_back: bool) -> Iterator[str]:
    han = list(dict.fromkeys(_HAN.findall(text)))
    rare = [each for each in han if level_of(each) in {0, _NAMES_LEVEL}]
    yield from rare or (han if fell_back else [])
