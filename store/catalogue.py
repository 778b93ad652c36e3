"""The catalogue: which posts and branches go by a name, number, place or document, as an officer types it.

Knows the texts of the register and whom they lead to, kept in memory and brought up to date with what was
added. It finds numbers of posts and branches and nothing more: how anything stands, and whether it still
bears the name, is read afresh by whoever shows it. Leaves out plates and messages, which are found by numbers
of their own (verify/console/finds.py).
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, islice
from threading import Lock
from typing import Any

from store.following import Following
from store.pinyin import Sounds, folded, letters_of
from store.records import (
    Application,
    ApplicationReturned,
    Approval,
    Award,
    Organisation,
    OrganisationKind,
    OrganisationRenamed,
    Placement,
    Post,
    Record,
    VetoCorrection,
)
from store.register import Register

ASKED_LONGEST = 60
"""How many characters of what is asked for are looked at."""

FOUND_MOST = 500
"""How many posts a shelf yields at most; whoever finds more asks more closely."""


class Shelf(StrEnum):
    """The kinds of text."""

    POST = "post"
    MEMBER = "member"
    PLACE = "place"
    BRANCH = "branch"
    DOCUMENT = "document"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody looks for, as patterns over folded texts, the closest first."""

    patterns: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, *spellings: str) -> "Asked":
        """Return what texts are asked for: such as are the spelling, begin with it, or hold it."""
        shapes = [f"^(?:{each})$" for each in spellings], [f"^(?:{each})" for each in spellings], spellings
        return cls(patterns=tuple(re.compile(each, re.MULTILINE) for shape in shapes for each in shape))

    def takes(self, text: str) -> bool:
        """Whether a text, as it is written, is one that is asked for."""
        compared = folded(text)
        return any(each.search(compared) for each in self.patterns)


class _Texts:
    """The texts of a shelf, each once, with all it leads to; only ever added to."""

    def __init__(self) -> None:
        self._leads: defaultdict[str, dict[str, None]] = defaultdict(dict)

    def add(self, text: str, leads_to: str) -> bool:
        """Put a text on the shelf and return whether it is the first of its kind."""
        compared = folded(text)
        is_new = bool(compared) and compared not in self._leads
        if compared:
            self._leads[compared][leads_to] = None
        if is_new:
            self.__dict__.pop("_laid_out", None)
        return is_new

    def found(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """Yield what the texts lead to that a pattern is in."""
        whole, starts, texts = self._laid_out
        place = 0
        while match := pattern.search(whole, place):
            at = bisect_right(starts, match.start()) - 1
            yield from self._leads[texts[at]]
            place = starts[at] + len(texts[at]) + 1

    @cached_property
    def _laid_out(self) -> tuple[str, list[int], list[str]]:
        """The texts as one, line by line, so that a search is one walk without a step of ours per text."""
        texts = list(self._leads)
        starts = list(accumulate((len(each) + 1 for each in texts[:-1]), initial=0))
        return "\n".join(texts), starts, texts


@dataclass(frozen=True, kw_only=True)
class _Text:
    """A text of a record: the shelf it belongs on, and what it leads to."""

    shelf: Shelf
    text: str
    leads_to: str


def _of_application(each: Application) -> Iterator[_Text]:
    yield _Text(shelf=Shelf.POST, text=each.content.name, leads_to=each.post_id)
    yield _Text(shelf=Shelf.PLACE, text=each.content.place, leads_to=each.post_id)
    for member in each.content.members:
        yield _Text(shelf=Shelf.MEMBER, text=member.name, leads_to=each.post_id)


def _of_branch(each: Organisation) -> Iterator[_Text]:
    if each.kind is OrganisationKind.GENERAL_BRANCH:
        yield _Text(shelf=Shelf.BRANCH, text=each.name, leads_to=each.id)


def _of_document(each: Approval | ApplicationReturned | Award | VetoCorrection) -> Iterator[_Text]:
    yield _Text(shelf=Shelf.DOCUMENT, text=each.document, leads_to=each.post_id)


_TEXTS: dict[type[Record], Callable[[Any], Iterable[_Text]]] = {
    Organisation: _of_branch,
    OrganisationRenamed: lambda each: [
        _Text(shelf=Shelf.BRANCH, text=each.name, leads_to=each.organisation_id)
    ],
    Post: lambda each: [_Text(shelf=Shelf.POST, text=each.id, leads_to=each.id)],
    Application: _of_application,
    Placement: lambda each: [_Text(shelf=Shelf.PLACE, text=each.place, leads_to=each.post_id)],
    Approval: _of_document,
    ApplicationReturned: _of_document,
    Award: _of_document,
    VetoCorrection: _of_document,
}


def _once(ids: Iterable[str]) -> Iterator[str]:
    seen = set[str]()
    for each in ids:
        if each not in seen:
            seen.add(each)
            yield each


class Catalogue:
    """Finds posts and branches by their texts; one for each process, safe in threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._following = Following(_TEXTS)
        self._start_anew()

    def _start_anew(self) -> None:
        self._shelves = {shelf: _Texts() for shelf in Shelf}
        self._branches: dict[str, str] = {}
        self._sounds = Sounds()

    def asked(self, register: Register, words: str) -> Asked | None:
        """Return what is asked for by letters, characters or digits; None where there are none of these.

        Letters are taken for a text, for pinyin and for initials.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        if not (compared := folded(words[:ASKED_LONGEST])):
            return None
        letters = letters_of(words[:ASKED_LONGEST])
        with self._lock:
            self._catch_up(register)
            spelled = self._sounds.spelled(letters) if letters else ""
        return Asked.of(*filter(None, (re.escape(compared), spelled)))

    def alike(self, register: Register, words: str) -> Asked | None:
        """Return what sounds like the words: another character, traditional or mistaken, of the same reading.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        if (compared := folded(words[:ASKED_LONGEST])).isascii():
            return None
        with self._lock:
            self._catch_up(register)
            return Asked.of(self._sounds.alike(compared))

    def found(self, register: Register, shelf: Shelf, asked: Asked, branch_id: str | None) -> list[str]:
        """Return the posts, or the branches, that texts of a shelf lead to, the closest first.

        `branch_id` narrows them to one general branch. Take a snapshot afterwards to read them in.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        with self._lock:
            self._catch_up(register)
            every = (each for pattern in asked.patterns for each in self._shelves[shelf].found(pattern))
            own = (each for each in every if branch_id in {None, self._branches.get(each)})
            return list(islice(_once(own), FOUND_MOST))

    def posts_ending(self, register: Register, digits: str, branch_id: str | None) -> list[str]:
        """Return the posts whose number ends with digits, hyphens left out; raises as `found`."""
        return self.found(
            register, Shelf.POST, Asked(patterns=(re.compile(f"{digits}$", re.MULTILINE),)), branch_id
        )

    def _catch_up(self, register: Register) -> None:
        news = self._following.news(register)
        if news.anew:
            self._start_anew()
        for record in news.records:
            self._enter(record)

    def _enter(self, record: Record) -> None:
        """Put the texts of a record on their shelves; a post and a branch belong to one branch for ever."""
        if isinstance(record, Post):
            self._branches[record.id] = record.branch_id
        elif isinstance(record, Organisation):
            self._branches[record.id] = record.id
        for each in _TEXTS[type(record)](record):
            if self._shelves[each.shelf].add(each.text, each.leads_to):
                self._sounds.learn(each.text)
