"""A register in a dictionary: quick enough to be altered ten thousand times, and open to any alteration."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from store.read_ahead import related_by_finding
from store.records import Record
from store.register import Link, Related


class InMemory:
    """The lists of records by class; whoever alters the lists alters the register."""

    is_remote = False

    def __init__(self) -> None:
        self.lists: dict[type[Record], list[Any]] = defaultdict(list)
        self.draws = 0

    def get(self, kind: type[Record], record_id: str, /) -> Any:
        return next((each for each in self.lists[kind] if each.id == record_id), None)

    def find(self, kind: type[Record], /, **fields: str | int) -> list[Any]:
        return [
            each
            for each in self.lists[kind]
            if all(getattr(each, name) == value for name, value in fields.items())
        ]

    def related(
        self, kind: type[Any], field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, list[Related[Any]]]:
        return related_by_finding(self, kind, field, values, links)

    def count(self, kind: type[Record], /) -> int:
        return len(self.lists[kind])

    def newest(self, kind: type[Record], /, limit: int, **fields: str | int) -> Iterator[Any]:
        return islice(reversed(self.find(kind, **fields)), limit)

    def iterate(self, kind: type[Record], /) -> Iterator[Any]:
        yield from list(self.lists[kind])

    def append(self, *records: Record) -> None:
        for record in records:
            self.lists[type(record)].append(record)

    def salt(self) -> str:
        self.draws += 1
        return hashlib.sha256(str(self.draws).encode()).hexdigest()[:32]

    @contextmanager
    def transaction(self) -> Iterator["InMemory"]:
        yield self

    @contextmanager
    def snapshot(self) -> Iterator["InMemory"]:
        yield self

    def version(self) -> int:
        return self.draws

    def close(self) -> None:
        self.lists.clear()

    def copy(self) -> "InMemory":
        """Return a register whose lists can be altered without these."""
        other = InMemory()
        other.draws = self.draws
        other.lists.update({kind: list(records) for kind, records in self.lists.items()})
        return other
