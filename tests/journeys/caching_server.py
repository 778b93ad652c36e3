"""The server with a register that remembers its answers: the mistake the stale-answer test must catch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gangpai import office, serve
from store.records import Record
from store.tinydb_register import TinyDbRegister


class CachingRegister(TinyDbRegister):
    """Answers every question the way it was answered the first time."""

    def __init__(self, *arguments: Any) -> None:
        self.answers: dict[object, Any] = {}
        super().__init__(*arguments)

    def find(self, kind: type[Record], /, **fields: str | int) -> Any:
        return self.remembered(super().find, kind, fields)

    def remembered(self, find: Any, kind: type[Record], fields: dict[str, str | int]) -> Any:
        question = (kind, *sorted(fields.items()))
        if question not in self.answers:
            self.answers[question] = find(kind, **fields)
        return self.answers[question]

    @contextmanager
    def snapshot(self) -> Iterator[Any]:
        with super().snapshot() as reader:
            yield CachingReader(self, reader)


class CachingReader:
    def __init__(self, register: CachingRegister, reader: Any) -> None:
        self.register, self.reader = register, reader

    def find(self, kind: type[Record], /, **fields: str | int) -> Any:
        return self.register.remembered(self.reader.find, kind, fields)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)


def application() -> object:
    vars(office)["TinyDbRegister"] = CachingRegister
    return serve.application()
