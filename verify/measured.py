"""The register as every route has it: each use is timed, each failure counted, and nothing else is known."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from store.records import Record
from store.register import Link, Reader, Register, Related, Transaction
from verify.metrics import Metrics, Use

R = TypeVar("R", bound=Record)


class MeasuredRegister:
    """A register that does what another does, and has it measured."""

    def __init__(self, register: Register, metrics: Metrics) -> None:
        self._register = register
        self._use = metrics.register_use

    @property
    def is_remote(self) -> bool:
        """Whether the register is elsewhere."""
        return self._register.is_remote

    def get(self, kind: type[R], record_id: str, /) -> R | None:
        """Return the record with this id, or None."""
        with self._use(Use.READ):
            return self._register.get(kind, record_id)

    def find(self, kind: type[R], /, **fields: str | int) -> list[R]:
        """Return the records whose named fields equal the values given."""
        with self._use(Use.READ):
            return self._register.find(kind, **fields)

    def related(
        self, kind: type[R], field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, list[Related[R]]]:
        """Return records with what belongs to them."""
        with self._use(Use.READ):
            return self._register.related(kind, field, values, links)

    def count(self, kind: type[R], /) -> int:
        """Return how many records of the class there are."""
        with self._use(Use.READ):
            return self._register.count(kind)

    def newest(self, kind: type[R], /, limit: int, **fields: str | int) -> Iterator[R]:
        """Return up to `limit` records of the class whose fields have these values, newest first."""
        with self._use(Use.READ):
            return self._register.newest(kind, limit, **fields)

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        """Return every record of the class, oldest first; how long the reader takes is not measured."""
        return self._register.iterate(kind)

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        """Begin to read one state."""
        with self._use(Use.READ), self._register.snapshot() as reader:
            yield reader

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin to write."""
        with self._use(Use.WRITE), self._register.transaction() as transaction:
            yield transaction

    def version(self) -> int:
        """Return a number that differs after any commit; asked at every beat, and not measured."""
        return self._register.version()

    def close(self) -> None:
        """Release what the calling thread and the engine hold."""
        self._register.close()
