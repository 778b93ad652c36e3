"""Registers with one promise taken away: the mistakes the long stories must catch."""

import os
import signal
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from store.records import Record
from store.register import Link, Register


class Caching:
    """Answers every question the way it was answered the first time."""

    def __init__(self, register: Register) -> None:
        self._behind: Any = register
        self._answers: dict[object, Any] = {}

    def find(self, kind: type, /, **fields: str | int) -> Any:
        return self.remembered(self._behind, kind, fields)

    def related(
        self, kind: type, field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, Any]:
        return {value: self._told(kind, field, value, links) for value in values}

    def _told(self, kind: type, field: str, value: str, links: Sequence[Link[Any]]) -> Any:
        question = (kind, field, value, tuple(links))
        if question not in self._answers:
            self._answers[question] = self._behind.related(kind, field, [value], links)[value]
        return self._answers[question]

    @contextmanager
    def snapshot(self) -> Iterator[Any]:
        with self._behind.snapshot() as reader:
            yield _CachingReader(self, reader)

    def remembered(self, reader: Any, kind: type, fields: dict[str, str | int]) -> Any:
        question = (kind, *sorted(fields.items()))
        if question not in self._answers:
            self._answers[question] = reader.find(kind, **fields)
        return self._answers[question]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)


class _CachingReader:
    def __init__(self, register: Caching, reader: Any) -> None:
        self._register, self._reader = register, reader

    def find(self, kind: type, /, **fields: str | int) -> Any:
        return self._register.remembered(self._reader, kind, fields)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


class CommitsApart:
    """Commits every record of an act by itself, and is killed after the first."""

    def __init__(self, register: Register) -> None:
        self._behind: Any = register

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        yield self

    def append(self, first: Record, *_: Record) -> None:
        with self._behind.transaction() as transaction:
            transaction.append(first)
        os.kill(os.getpid(), signal.SIGKILL)

    def salt(self) -> str:
        return "0" * 32

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)
