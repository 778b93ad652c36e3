"""Finds what a page says in Chinese only.

Every saying of ours, be it a heading, label, button, choice, chip, hint or sentence, has English in itself or
beside it. Leaves out what others wrote, which are strings of records, clauses of the founding plan and names
of files, and days and counts, which the heads of their columns explain.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")
COUNT = re.compile(r"第?\s*[\d.]+\s*(?:[年月日天块件个名人条次份页项号行格位]|小时)(?:内|前|起)?")
"""A number with its measure word, of which days are made too."""

INLINE = {"a", "abbr", "b", "br", "code", "del", "em", "i", "ins", "kbd", "q", "small", "span", "strong"}
"""Elements that are part of a saying: the saying is that of the element around them."""

ALONE = {"button", "chip", "empty", "hint"}
"""Classes of elements that must have their English in themselves."""

NAMED = ("alt", "aria-label", "placeholder", "title")
"""Attributes that say something."""

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}


@dataclass
class Element:
    """An element of a page, with what stands in it."""

    name: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    within: list["Element | str"] = field(default_factory=list)

    @property
    def is_english(self) -> bool:
        return self.attributes.get("lang") == "en"

    @property
    def is_a_files_name(self) -> bool:
        return "download" in self.attributes

    @property
    def saying(self) -> "Element":
        """The element whose saying this is a part of: itself, unless it shares that of the one around it."""
        is_whole = self.name not in INLINE or ALONE & set(self.attributes.get("class", "").split())
        return self if is_whole or not self.parent else self.parent.saying

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.within)

    @property
    def has_english(self) -> bool:
        """Whether English stands in it or beside it; of a choice, which can hold no element, in its line."""
        if self.name == "option":
            return bool(LATIN.search(self.text))
        return any(each.is_english for each in (*self.elements(), *self.beside()))

    def elements(self) -> Iterator["Element"]:
        yield self
        for each in self.within:
            if isinstance(each, Element):
                yield from each.elements()

    def beside(self) -> Iterator["Element"]:
        """Yield the elements that stand with it in the same one; a choice, chip or hint stands alone."""
        is_alone = bool(ALONE & {self.name, *self.attributes.get("class", "").split()})
        around = self.parent.within if self.parent and not is_alone else ()
        return (each for each in around if isinstance(each, Element))


class Page(HTMLParser):
    """The tree of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.open = Element("page", {})
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.within.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        if tag == self.open.name and self.open.parent:
            self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.within.append(data)


def chinese_only(html: str, written_by_others: Iterable[str] = ()) -> list[str]:
    """Return what a page says without English, as `element: words`."""
    longest_first = sorted(filter(CHINESE.search, set(written_by_others)), key=len, reverse=True)
    others = re.compile("|".join([*map(re.escape, longest_first), COUNT.pattern]))
    return [
        f"{element.name}: {' '.join(words.split())}"
        for element in Page(html).root.elements()
        for words in (*_titled(element), *_unaccompanied(element), *_unnamed(element))
        if CHINESE.search(others.sub(" ", words))
    ]


def _titled(element: Element) -> Iterator[str]:
    """Yield the parts of the title that have no English; each part is a title of its own."""
    parts = element.text.split(" · ") if element.name == "title" else ()
    return (each for each in parts if not LATIN.search(each))


def _unaccompanied(element: Element) -> Iterator[str]:
    if element.name != "title" and not element.is_a_files_name and not element.saying.has_english:
        yield from (each for each in element.within if isinstance(each, str))


def _unnamed(element: Element) -> Iterator[str]:
    said = (element.attributes.get(name, "") for name in NAMED)
    return (each for each in said if not LATIN.search(each))
