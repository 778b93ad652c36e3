"""The languages of the public pages: catalogues without a gap, and the one that a visitor is given."""

import importlib.util
import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message

from verify.languages import TAGS, language, negotiated

ROOT = Path(__file__).parents[2]
PLACES = re.compile(r"%\((\w+)\)[sd]")
CHINESE = re.compile(r"[\u4e00-\u9fff\uff01-\uff5e]")


@pytest.fixture(scope="module")
def catalogues() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "docs" / "catalogues.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def messages(catalogues: ModuleType, locale: str) -> list[Message]:
    return [each for each in catalogues.kept(locale) if each.id]


def forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text) if isinstance(text, list | tuple) else ()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_catalogue_is_what_the_pages_say_today(catalogues: ModuleType, locale: str) -> None:
    path = catalogues.path_of(locale)
    assert path.read_bytes() == catalogues.spelled(catalogues.brought_up_to_date(locale)), (
        "run python docs/catalogues.py, and fill in what is new"
    )


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_no_text_is_left_without_a_translation(catalogues: ModuleType, locale: str) -> None:
    for each in messages(catalogues, locale):
        assert all(forms(each.string)), each.id
        assert not each.fuzzy, each.id
        places = {name for form in forms(each.id) for name in PLACES.findall(form)}
        assert {name for form in forms(each.string) for name in PLACES.findall(form)} == places, each.id


def test_chinese_is_chinese(catalogues: ModuleType) -> None:
    for each in messages(catalogues, "zh_CN"):
        for form in forms(each.string):
            assert CHINESE.search(form) or form == each.id, f"{each.id} is still English"


def test_no_public_page_is_written_in_chinese() -> None:
    pages = (ROOT / "verify" / "templates" / "public").rglob("*.html")
    assert [page.name for page in pages if CHINESE.search(page.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("asked", "accepted", "tag"),
    [
        ("", "", "zh-CN"),
        ("", "zh-CN,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-CN"),
        ("", "zh-TW", "zh-CN"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "zh;q=0.4, en;q=0.6", "en"),
        ("", "en;q=0, zh", "zh-CN"),
        ("", "ug-CN", "zh-CN"),
        ("", "*", "zh-CN"),
        ("", "en;q=much,zh;q=0.1", "zh-CN"),
        ("en", "zh-CN", "en"),
        ("zh-CN", "en", "zh-CN"),
        ("../../etc", "en", "en"),
    ],
)
def test_a_visitor_gets_the_language_asked_for_or_understood(asked: str, accepted: str, tag: str) -> None:
    assert negotiated(asked, accepted) is language(tag)


def test_there_is_no_other_language() -> None:
    with pytest.raises(KeyError):
        language("fr")


def test_every_language_leads_to_the_other() -> None:
    assert [language(tag).other.tag for tag in TAGS] == ["en", "zh-CN"]
    assert [language(tag).own_name for tag in TAGS] == ["中文", "English"]


def test_dates_and_numbers_are_spelled_as_the_language_has_them() -> None:
    moment = datetime(2026, 11, 22, 16, 48, 7, tzinfo=UTC)
    told = {
        tag: (
            language(tag).day(date(2026, 7, 1)),
            language(tag).moment(moment),
            language(tag).clock(moment),
            language(tag).number(12345),
            language(tag).percent(0.8125, 1),
            language(tag).joined(["A", "B"]),
        )
        for tag in TAGS
    }
    assert told == {
        "zh-CN": ("2026年7月1日", "2026年11月23日 00:48:07", "00:48:07", "12,345", "81.2%", "A、B"),
        "en": ("July 1, 2026", "Nov 23, 2026 00:48:07", "00:48:07", "12,345", "81.2%", "A, B"),
    }


def test_values_are_filled_into_a_text() -> None:
    assert language("en").gettext("%(n)s of them", n=3) == "3 of them"
    assert language("en").gettext("100 %") == "100 %"
