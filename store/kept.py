"""What is worked out from a post's records, kept for every post until something about it is added.

Records are only ever added, so how many there are of each class tells what is new: the posts that new records
are about are worked out again, all others are as they were. Never used for what a scan shows. Leaves out what
is worked out.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from store.lookup import only
from store.read_ahead import ReadAhead
from store.records import Application, OrganisationRenamed, Post, PublicNotice, RecallLine, Record, Sighting
from store.register import Reader, Register

A = TypeVar("A")
V = TypeVar("V")

SINGLY_MOST = 200
"""From so many posts on, all are worked out again: reading everybody's records at once costs less."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How many records of a class there were, and which was the last."""

    count: int
    last_id: str


Marks = Mapping[type[Record], Mark]


def marks_of(reader: Reader, kinds: Collection[type[Record]]) -> Marks:
    """Return how far each class has grown."""
    return {kind: _mark(reader, kind) for kind in kinds}


def _mark(reader: Reader, kind: type[Record]) -> Mark:
    last = only(list(reader.newest(kind, 1)))
    return Mark(count=reader.count(kind), last_id=last.id if last else "")


class Kept(Generic[A, V]):
    """Keeps a value for every post; one for each process, safe in threads.

    `work_out` returns the values of the posts named, or of all where none are named, by their numbers; it is
    given a reader of one state and what the values are for, such as a day.
    """

    def __init__(
        self,
        kinds: Collection[type[Record]],
        work_out: Callable[[Reader, Collection[str] | None, A], Mapping[str, V]],
    ) -> None:
        self._kinds = tuple(kinds)
        self._work_out = work_out
        self._lock = Lock()
        self._looked_at: tuple[int, A] | None = None
        self._marks: Marks = {}
        self._values: Mapping[str, V] = {}

    def by_post(self, register: Register, about: A) -> Mapping[str, V]:
        """Return the values as of now under the posts' numbers; the same mapping as long as nothing changed.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        with self._lock:
            looked_at = (register.version(), about)  # before the state that is read, which may be newer
            if looked_at != self._looked_at:
                with register.snapshot() as reader:
                    self._catch_up(reader, about, anew=not self._looked_at or self._looked_at[1] != about)
                self._looked_at = looked_at
            return self._values

    def _catch_up(self, reader: Reader, about: A, *, anew: bool) -> None:
        marks = marks_of(reader, self._kinds)
        touched = None if anew else self._touched(reader, marks)
        if touched is None or len(touched) > SINGLY_MOST:
            self._values = self._work_out(ReadAhead(reader), None, about)
        elif touched:
            self._values = {**self._values, **self._work_out(reader, touched, about)}
        self._marks = marks

    def _touched(self, reader: Reader, marks: Marks) -> set[str] | None:
        """Return the posts that new records are about; None where those known before are not there."""
        touched = set[str]()
        for kind, mark in marks.items():
            before = self._marks[kind]
            added = mark.count - before.count
            if added or mark != before:
                newest = list(reader.newest(kind, max(added, 0) + 1))
                if added < 0 or (before.count and newest[-1].id != before.last_id):
                    return None
                touched.update(post for each in newest[:added] for post in posts_of(reader, each))
        return touched


def posts_of(reader: Reader, record: Record) -> Iterator[str]:
    """Yield the posts a record is about."""
    if isinstance(record, Post):
        yield record.id
    elif isinstance(record, OrganisationRenamed):
        yield from (each.id for each in reader.find(Post, branch_id=record.organisation_id))
    elif isinstance(record, Sighting):
        line = reader.get(RecallLine, record.line_id)
        yield from (line.post_id,) if line else ()
    elif isinstance(record, PublicNotice):
        shown = (reader.get(Application, each) for each in record.object_ids)
        yield from (each.post_id for each in shown if each)
    else:
        yield str(vars(record)["post_id"])
