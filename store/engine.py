"""What both engines do alike: lend connections, queue writers, refuse what no index answers, name damage.

Knows that one connection serves one reader or writer at a time and never crosses a fork. Leaves out what a
connection leads to (tinydb_register.py, postgres_register.py).
"""

import os
import secrets
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, Protocol, TypeVar

from store.documents import DamagedDocument, from_document, from_documents, from_json_text
from store.records import INDEXED, AttachmentContent, Record
from store.register import (
    DamagedRegister,
    Link,
    NestedTransaction,
    Reader,
    RegisterUnavailable,
    Related,
    Transaction,
)

R = TypeVar("R", bound=Record)
L = TypeVar("L", bound=Record)
BUSY_TIMEOUT_S = 10.0
"""How long a writer waits for the writers before it."""

SALT_BYTES = 16
PAGE, PAGE_OF_FILES = 500, 4
Numbered = tuple[int, Mapping[str, Any]]
"""A document under its number within its class."""

Part = tuple[int, int, int, str | bytes]
"""A row of the answer to a question for related records.

It is the number of the record asked for, the place of the link (0 for that record itself, else from 1 on),
and the number of what was found with its document as JSON text.
"""


class Connection(Protocol):
    """One way to the register, with a memory of its own of what it is doing."""

    @property
    def newest_state(self) -> Reader:
        """Reads, each time, the newest state there is."""

    def reading(self) -> AbstractContextManager[Reader]:
        """Begin to read one state."""

    def writing(self) -> AbstractContextManager[Transaction]:
        """Begin to write; leaving the block commits."""

    def is_usable(self) -> bool:
        """Whether it works and still leads to the register."""

    def close(self) -> None:
        """Give back what it holds."""


C = TypeVar("C", bound=Connection)


@dataclass
class _Process(Generic[C]):
    """What one process holds of a register."""

    pid: int
    free: threading.Semaphore
    idle: list[C] = field(default_factory=list)
    writing: threading.Lock = field(default_factory=threading.Lock)
    writer: int | None = None


_INHERITED: list[object] = []


class LendingRegister(Generic[C]):
    """A register over connections that are opened when needed, lent, and kept for the next."""

    is_remote = False

    def __init__(self, connect: Callable[[], C], *, most: int, patience_s: float) -> None:
        """Lend at most so many connections at once, and let who comes after them wait so long."""
        self._connect = connect
        self._most = most
        self._patience_s = patience_s
        self._process = self._new_process()

    def get(self, kind: type[R], record_id: str, /) -> R | None:
        """Return the record with this id in the newest state, or None."""
        with self._lent() as connection:
            return connection.newest_state.get(kind, record_id)

    def find(self, kind: type[R], /, **fields: str | int) -> list[R]:
        """Return the records of the newest state whose indexed fields have these values, oldest first."""
        with self._lent() as connection:
            return connection.newest_state.find(kind, **fields)

    def related(
        self, kind: type[R], field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, list[Related[R]]]:
        """Return under each value the records whose field has it, with what belongs to them."""
        with self._lent() as connection:
            return connection.newest_state.related(kind, field, values, links)

    def count(self, kind: type[R], /) -> int:
        """Return how many records of the class there are, in constant time."""
        with self._lent() as connection:
            return connection.newest_state.count(kind)

    def newest(self, kind: type[R], /, limit: int, **fields: str | int) -> Iterator[R]:
        """Return up to `limit` records of the class whose fields have these values, newest first."""
        with self._lent() as connection:
            return connection.newest_state.newest(kind, limit, **fields)

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        """Return every record of the class in one state, oldest first, a page at a time."""
        with self.snapshot() as reader:
            yield from reader.iterate(kind)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin to write; leaving the block commits durably, an exception leaves nothing behind.

        Raises:
            NestedTransaction: this thread is writing already.
            RegisterUnavailable: others write for longer than 10 s, or the engine fails.

        """
        with self._only_writer(), self._lent() as connection, connection.writing() as transaction:
            yield transaction

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        """Begin to read one state, at least as new as every commit acknowledged before."""
        with self._lent() as connection, connection.reading() as reader:
            yield reader

    def close(self) -> None:
        """Close what is open and not in use; a later call opens it again."""
        idle = self._here().idle
        with suppress(IndexError):
            while True:
                idle.pop().close()

    @contextmanager
    def _lent(self) -> Iterator[C]:
        process = self._here()
        if not process.free.acquire(timeout=self._patience_s):
            raise RegisterUnavailable
        try:
            connection = self._next_usable(process.idle)
            try:
                yield connection
            finally:
                process.idle.append(connection)
        finally:
            process.free.release()

    def _next_usable(self, idle: list[C]) -> C:
        with suppress(IndexError):  # none is idle, or another thread took the last one in between
            while True:
                connection = idle.pop()
                if connection.is_usable():
                    return connection
                connection.close()
        return self._connect()

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        """Queue the threads of this process here, where waiting is fair, and not at the engine."""
        process = self._here()
        if process.writer == threading.get_ident():
            raise NestedTransaction
        if not process.writing.acquire(timeout=BUSY_TIMEOUT_S):
            raise RegisterUnavailable
        process.writer = threading.get_ident()
        try:
            yield
        finally:
            process.writer = None
            process.writing.release()

    def _here(self) -> _Process[C]:
        if self._process.pid != os.getpid():
            keep_inherited(self._process)
            self._process = self._new_process()
        return self._process

    def _new_process(self) -> _Process[C]:
        return _Process(pid=os.getpid(), free=threading.Semaphore(self._most))


def keep_inherited(held: object) -> None:
    """Keep for ever what a forked process got from its parent: closing it would disturb the parent's."""
    _INHERITED.append(held)


def refuse_unindexed(kind: type[Record], fields: Iterable[str]) -> None:
    """Return if every field has an index.

    Raises:
        LookupError: one has none; answering would mean to read everything.

    """
    unindexed = set(fields).difference(INDEXED.get(kind, ()))
    if unindexed:
        raise LookupError(f"{kind.__name__} cannot be found by {', '.join(sorted(unindexed))}")


def records_of(kind: type[R], numbered: Sequence[Numbered]) -> list[R]:
    """Read documents as the records they spell.

    Raises:
        DamagedRegister: one spells none; its number is named.

    """
    try:
        return from_documents(kind, [document for _, document in numbered])
    except DamagedDocument as error:
        raise DamagedRegister(kind=kind.__name__, number=_first_damaged(kind, numbered)) from error


def _first_damaged(kind: type[Record], numbered: Iterable[Numbered]) -> int:
    for number, document in numbered:
        try:
            from_document(kind, document)
        except DamagedDocument:
            return number
    raise LookupError(f"every {kind.__name__} can be read by itself")


@lru_cache
def refuse_unlinkable(kind: type[Record], by: str, links: tuple[Link[Any], ...]) -> None:
    """Return if a question for related records can be answered by indexes.

    Raises:
        LookupError: a field has none, or a link starts from one that does not come before it.

    """
    for each, name in ((kind, by), *((link.kind, link.by) for link in links)):
        refuse_unindexed(each, {name} - {"id"})
    for place, link in enumerate(links):
        if link.of is not None and link.of not in links[:place]:
            raise LookupError(f"a link to {link.kind.__name__} starts from one that is not asked for before")


def related_of(
    kind: type[R], by: str, values: Iterable[str], links: Sequence[Link[Any]], parts: Iterable[Part]
) -> dict[str, list[Related[R]]]:
    """Put the rows of an answer together.

    Raises:
        DamagedRegister: a record asked for is not what was written.

    """
    answer: dict[str, list[Related[R]]] = {value: [] for value in values}
    for _, family in groupby(sorted(parts), key=itemgetter(0)):
        (number, _, _, text), *others = family
        record = _record_of(kind, number, text)
        answer[getattr(record, by)].append(_Family(record, links, others))
    return answer


class _Family(Generic[R]):
    """A record, and the rows of what belongs to it until they are asked for."""

    def __init__(self, record: R, links: Sequence[Link[Any]], parts: Iterable[Part]) -> None:
        self.record = record
        self._links = links
        self._texts: dict[Link[Any], dict[int, str | bytes]] = {}
        for _, place, number, text in parts:
            self._texts.setdefault(links[place - 1], {})[number] = text

    def linked(self, link: Link[L]) -> list[L]:
        """Return what a link found, each once."""
        texts = self._texts.get(link)
        if texts is not None:
            return [_record_of(link.kind, *each) for each in texts.items()]
        if link not in self._links:
            raise LookupError(f"the register was not asked for this link to {link.kind.__name__}")
        return []


def _record_of(kind: type[R], number: int, text: str | bytes) -> R:
    try:
        return from_json_text(kind, text)
    except DamagedDocument as error:
        raise DamagedRegister(kind=kind.__name__, number=number) from error


def page_of(kind: type[Record]) -> int:
    """Return how many records of a class are read at a time; a file may hold megabytes."""
    return PAGE_OF_FILES if kind is AttachmentContent else PAGE


def salt() -> str:
    """Return 128 fresh random bits in hexadecimal."""
    return secrets.token_hex(SALT_BYTES)
