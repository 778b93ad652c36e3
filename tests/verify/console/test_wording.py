"""What the console calls things, it calls in both languages."""

from collections.abc import Mapping

import pytest

from verify.console.taking_in import TOLD_EN, TOLD_ZH, Told
from verify.console.wording import ENGLISH, WORDS

SPOKEN = {name: words for name, words in WORDS.items() if name not in {"bad_grades", "clause"}}
"""All but a set of grades, and the founding plan's own words, which stay as they were decided."""


def unspoken(words: Mapping[str, object], english: Mapping[str, object]) -> list[str]:
    """Name what is called something in one language alone, as `dictionary` or `dictionary.key`."""
    found = sorted(words.keys() ^ english.keys())
    for name in sorted(words.keys() & english.keys()):
        zh, en = words[name], english[name]
        if isinstance(zh, Mapping) and isinstance(en, Mapping):
            found += sorted(f"{name}.{key}" for key in zh.keys() ^ en.keys())
    return found


def test_every_word_is_said_in_both_languages() -> None:
    assert unspoken(SPOKEN, ENGLISH) == []
    assert TOLD_ZH.keys() == TOLD_EN.keys() == set(Told)


def test_a_word_in_one_language_alone_is_found() -> None:
    assert unspoken({"finding": {"a": "属实"}}, {"finding": {}}) == ["finding.a"]
    assert unspoken({"finding": {}}, {}) == ["finding"]


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_english_is_english(name: str) -> None:
    said = ENGLISH[name]
    for each in said.values() if isinstance(said, Mapping) else ():
        assert each
        assert each.isascii()
