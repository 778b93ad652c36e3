"""Reading a register class by class instead of record by record, for every post or for some.

Knows how to answer like the reader it stands in front of, out of memory. Leaves out what the public sends in
without bound: that is still asked for piece by piece.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic

from store.engine import refuse_unindexed, refuse_unlinkable
from store.records import (
    INDEXED,
    KINDS,
    Addition,
    AttachmentContent,
    Copy,
    Feedback,
    LogEntry,
    Post,
    RecallLine,
    Record,
    Rectification,
    Sighting,
    TreeNode,
    Veto,
)
from store.register import L, Link, R, Reader, Related

_UNBOUNDED: frozenset[type[Record]] = frozenset({Addition, AttachmentContent, Feedback, LogEntry, TreeNode})

_FIELDS = {kind: frozenset(INDEXED.get(kind, ())) for kind in KINDS}

_LINES = Link(kind=RecallLine, by="post_id", to="id")
_OF_POSTS: dict[type[Record], Link[Any]] = {
    **{
        kind: Link(kind=kind, by="post_id", to="id")
        for kind in KINDS
        if "post_id" in _FIELDS[kind] and kind not in _UNBOUNDED
    },
    RecallLine: _LINES,
    Sighting: Link(kind=Sighting, by="line_id", to="id", of=_LINES),
}
"""What belongs to a post, and how it is found."""

_OWNERS: dict[str, type[Record]] = {
    "post_id": Post,
    "copy_id": Copy,
    "line_id": RecallLine,
    "veto_id": Veto,
    "rectification_id": Rectification,
}
"""The fields that say to what of a post something belongs."""


class ReadAhead:
    """A reader that fetches each class once, when first asked for it; take the one behind from a snapshot."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._records: dict[type[Record], Sequence[Record]] = {}
        self._groups: dict[tuple[type[Record], str], dict[object, list[Record]]] = {}

    def get(self, kind: type[R], record_id: str, /) -> R | None:
        """Return the record with this id, or None."""
        if kind in _UNBOUNDED:
            return self._reader.get(kind, record_id)
        found = self._group(kind, "id").get(record_id)
        return found[-1] if found else None

    def find(self, kind: type[R], /, **fields: str | int) -> list[R]:
        """Return the records whose named fields have these values, oldest first.

        Raises:
            LookupError: a field is not in `records.INDEXED` for this class.

        """
        if kind in _UNBOUNDED or not fields.keys() <= _FIELDS[kind]:
            return self._reader.find(kind, **fields)
        if not fields:
            return list(self._all(kind))
        first, *others = fields
        found = self._group(kind, first).get(fields[first], ())
        if not others:
            return list(found)
        return [each for each in found if all(getattr(each, name) == fields[name] for name in others)]

    def related(
        self, kind: type[R], field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, list[Related[R]]]:
        """Return under each value the records whose field has it, with what belongs to them."""
        if any(link.kind in _UNBOUNDED for link in links):
            return self._reader.related(kind, field, values, links)
        return related_by_finding(self, kind, field, values, links)

    def count(self, kind: type[R], /) -> int:
        """Return how many records of the class there are."""
        return self._reader.count(kind)

    def newest(self, kind: type[R], /, limit: int, **fields: str | int) -> Iterator[R]:
        """Return up to `limit` records of the class whose fields have these values, newest first."""
        return self._reader.newest(kind, limit, **fields)

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        """Return every record of the class, oldest first."""
        return self._reader.iterate(kind)

    def _all(self, kind: type[R]) -> Sequence[R]:
        if kind not in self._records:
            self._records[kind] = self._reader.find(kind)
        return self._records[kind]  # type: ignore[return-value]  # each class is kept under itself

    def _group(self, kind: type[R], field: str) -> dict[object, list[R]]:
        if (kind, field) not in self._groups:
            self._groups[kind, field] = _grouped(self._all(kind), field)
        return self._groups[kind, field]  # type: ignore[return-value]  # the same


class PostsAhead:
    """A reader that fetches what belongs to some posts by one question; all else it asks the one behind.

    What it is asked to find twice it asks for once. Take the one behind from a snapshot.
    """

    def __init__(self, reader: Reader, post_ids: Collection[str]) -> None:
        self._reader = reader
        self._post_ids = tuple(dict.fromkeys(post_ids))
        self._records: dict[type[Record], list[Record]] = {}
        self._groups: dict[tuple[type[Record], str], dict[object, list[Record]]] = {}
        self._found: dict[tuple[object, ...], list[Record]] = {}

    def get(self, kind: type[R], record_id: str, /) -> R | None:
        """Return the record with this id, or None."""
        found = self._group(kind, "id").get(record_id) if _is_of_posts(kind) else None
        return found[-1] if found else self._reader.get(kind, record_id)

    def find(self, kind: type[R], /, **fields: str | int) -> list[R]:
        """Return the records whose named fields have these values, oldest first.

        Raises:
            LookupError: a field is not in `records.INDEXED` for this class.

        """
        owned = next((name for name in _OWNERS if name in fields), None)
        if owned is None or not _is_of_posts(kind) or not self._is_theirs(owned, fields[owned]):
            return self._found_once(kind, fields)
        refuse_unindexed(kind, fields)
        found = self._group(kind, owned).get(fields[owned], ())
        return [each for each in found if all(getattr(each, name) == fields[name] for name in fields)]

    def related(
        self, kind: type[R], field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, list[Related[R]]]:
        """Return under each value the records whose field has it, with what belongs to them."""
        return self._reader.related(kind, field, values, links)

    def count(self, kind: type[R], /) -> int:
        """Return how many records of the class there are."""
        return self._reader.count(kind)

    def newest(self, kind: type[R], /, limit: int, **fields: str | int) -> Iterator[R]:
        """Return up to `limit` records of the class whose fields have these values, newest first."""
        return self._reader.newest(kind, limit, **fields)

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        """Return every record of the class, oldest first."""
        return self._reader.iterate(kind)

    def _found_once(self, kind: type[R], fields: Mapping[str, str | int]) -> list[R]:
        asked = (kind, *fields.items())
        if asked not in self._found:
            self._found[asked] = [*self._reader.find(kind, **fields)]
        return list(self._found[asked])  # type: ignore[arg-type]  # each is kept under what was asked

    def _is_theirs(self, name: str, value: object) -> bool:
        return bool(self._group(_OWNERS[name], "id").get(value))

    @cached_property
    def _posts(self) -> Sequence[Related[Post]]:
        found = self._reader.related(Post, "id", self._post_ids, tuple(_OF_POSTS.values()))
        return [each for posts in found.values() for each in posts]

    def _all(self, kind: type[Record]) -> Sequence[Record]:
        if kind not in self._records:
            self._records[kind] = [each for post in self._posts for each in _belonging(post, kind)]
        return self._records[kind]

    def _group(self, kind: type[R], field: str) -> dict[object, list[R]]:
        if (kind, field) not in self._groups:
            self._groups[kind, field] = _grouped(self._all(kind), field)
        return self._groups[kind, field]  # type: ignore[return-value]  # the same


def _belonging(post: Related[Post], kind: type[Record]) -> Sequence[Record]:
    return [post.record] if kind is Post else post.linked(_OF_POSTS[kind])


def _is_of_posts(kind: type[Record]) -> bool:
    return kind is Post or kind in _OF_POSTS


def _grouped(records: Iterable[Record], field: str) -> dict[object, list[Record]]:
    groups = defaultdict(list)
    for each in records:
        groups[getattr(each, field)].append(each)
    return dict(groups)


def related_by_finding(
    reader: Reader, kind: type[R], field: str, values: Collection[str], links: Sequence[Link[Any]]
) -> dict[str, list[Related[R]]]:
    """Answer `Reader.related` by one question after the other, each when it is needed."""
    refuse_unlinkable(kind, field, tuple(links))  # type: ignore[arg-type] # a class can be hashed
    return {value: [_Family(reader, each) for each in _found(reader, kind, field, value)] for value in values}


@dataclass(frozen=True)
class _Family(Generic[R]):
    """A record, and the reader that is asked for what belongs to it."""

    reader: Reader
    record: R

    def linked(self, link: Link[L]) -> list[L]:
        """Return what a link finds."""
        return _linked(self.reader, self.record, link)


def _linked(reader: Reader, record: Record, link: Link[L]) -> list[L]:
    owners = [record] if link.of is None else _linked(reader, record, link.of)
    named = dict.fromkeys(getattr(each, link.to) for each in owners)
    return [each for value in named if value for each in _found(reader, link.kind, link.by, value)]


def _found(reader: Reader, kind: type[R], field: str, value: str) -> list[R]:
    if field != "id":
        return reader.find(kind, **{field: value})
    found = reader.get(kind, value)
    return [found] if found else []
