"""How Chinese texts are found by their sound: readings of characters, and patterns of what was typed.

Knows every reading of a character, polyphones included, and folds texts so that width, case, dots in names
and blanks make no difference. Leaves out which texts there are (catalogue.py).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import lru_cache
from itertools import islice

READINGS_KEPT = TEXTS_KEPT = 20_000
WAYS_MOST = 16
"""In how many ways letters are taken apart at most: a word has one or two, only a jest has more."""

_LONGEST = 6
_PAIRS = frozenset({"zh", "ch", "sh"})
_PASSED_OVER = frozenset({"Cc", "Cf", "Mn"})

_Alike = Collection[str]
_Pieces = Callable[[str, bool], _Alike]


@lru_cache(maxsize=TEXTS_KEPT)
def folded(text: str) -> str:
    """Return what of a text is compared: letters, characters and digits, in one width and case (NFKC)."""
    return "".join(filter(_is_compared, unicodedata.normalize("NFKC", text).casefold()))


def _is_compared(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] not in "PSZ" and category not in _PASSED_OVER


def letters_of(text: str) -> str:
    """Return the letters of what may be pinyin, without tones and apostrophes; empty where it is not."""
    letters = folded("".join(filter(str.isascii, unicodedata.normalize("NFKD", text))))
    return letters if letters.isalpha() and len(letters) == len(folded(text)) else ""


@lru_cache(maxsize=READINGS_KEPT)
def readings(character: str) -> frozenset[str]:
    """Return every reading of a character in letters without tones; ü is written v as well as u."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 -- its tables are large, and few processes search

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    plain = {letters_of(each) for each in (found[0] if found else ())} - {""}
    return frozenset(plain | {each.replace("v", "u") for each in plain})


@lru_cache(maxsize=TEXTS_KEPT)
def order_of(text: str) -> tuple[str, ...]:
    """Return what texts are sorted by: the likeliest reading of each character, as dictionaries sort."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 -- as above

    return tuple(lazy_pinyin(text))


class Sounds:
    """Which of the characters it was shown sound how; what is typed becomes a pattern over them."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._whole: defaultdict[str, set[str]] = defaultdict(set)
        self._begun: defaultdict[str, set[str]] = defaultdict(set)

    def learn(self, text: str) -> None:
        """Take in the characters of a text."""
        new = set(folded(text)) - self._known
        self._known |= new
        for character in new:
            for reading in readings(character):
                self._whole[reading].add(character)
                for end in range(1, len(reading) + 1):
                    self._begun[reading[:end]].add(character)

    def spelled(self, letters: str) -> str:
        """Return the pattern of what letters spell, by initials or in full with the last one begun.

        It is empty where no text can hold it.
        """
        ways = (*_ways(letters, self._by_initial), *_ways(letters, self._in_full))
        return "|".join("".join(map(_one_of, way)) for way in ways)

    def alike(self, text: str) -> str:
        """Return the pattern of what sounds like a text, character by character."""
        return "".join(_one_of(self._sounding_like(each)) for each in text)

    def _by_initial(self, piece: str, _is_last: bool) -> _Alike:  # noqa: FBT001 -- one of two ways to take pieces
        return self._begun.get(piece, ()) if len(piece) == 1 or piece in _PAIRS else ()

    def _in_full(self, piece: str, is_last: bool) -> _Alike:  # noqa: FBT001 -- as above
        return (self._begun if is_last else self._whole).get(piece, ())

    def _sounding_like(self, character: str) -> set[str]:
        return {character}.union(*(self._whole.get(reading, ()) for reading in readings(character)))


def _ways(letters: str, pieces: _Pieces) -> list[tuple[_Alike, ...]]:
    """Take letters apart, from the end on: each way says which characters may stand for each piece."""
    ways: dict[int, list[tuple[_Alike, ...]]] = {len(letters): [()]}
    for start in reversed(range(len(letters))):
        found = (
            (alike, *rest)
            for end in range(start + 1, min(start + _LONGEST, len(letters)) + 1)
            if (alike := pieces(letters[start:end], end == len(letters)))
            for rest in ways[end]
        )
        ways[start] = list(islice(found, WAYS_MOST))
    return ways[0]


def _one_of(characters: _Alike) -> str:
    return f"[{re.escape(''.join(sorted(characters)))}]"
