"""Reading a register whole instead of record by record, for lists that go through every post.

Knows how to answer like the reader it stands in front of, out of memory. Leaves out what the public sends in
without bound: that is still asked for piece by piece.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from store.engine import refuse_unlinkable
from store.records import INDEXED, KINDS, Addition, AttachmentContent, Feedback, LogEntry, Record, TreeNode
from store.register import L, Link, R, Reader, Related

_UNBOUNDED: frozenset[type[Record]] = frozenset({Addition, AttachmentContent, Feedback, LogEntry, TreeNode})

_FIELDS = {kind: frozenset(INDEXED.get(kind, ())) for kind in KINDS}


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
            groups = defaultdict(list)
            for each in self._all(kind):
                groups[getattr(each, field)].append(each)
            self._groups[kind, field] = dict(groups)
        return self._groups[kind, field]  # type: ignore[return-value]  # the same


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
