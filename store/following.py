"""Following a register: what was added since one last looked, so that an index need not be built anew.

Records are only ever added, in order: how many there were says which are new. A register that holds fewer
than before, or others, was put in the place of the one known. Leaves out what is made of the news.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from store.records import Record
from store.register import Reader, Register


@dataclass(frozen=True, kw_only=True)
class News:
    """Records added since the last look, oldest first in each class; `anew` if nothing known before holds."""

    anew: bool
    records: Sequence[Record]


@dataclass(frozen=True, kw_only=True)
class _Reached:
    """How many records of a class were seen, and which came last."""

    count: int = 0
    last: Record | None = None


_NOTHING = _Reached()


class Following:
    """Remembers how far some classes of a register were read; for one thread at a time."""

    def __init__(self, kinds: Collection[type[Record]]) -> None:
        self._kinds = tuple(kinds)
        self._version: int | None = None
        self._reached: dict[type[Record], _Reached] = {}

    def news(self, register: Register) -> News:
        """Return what is new; that nothing was committed is told by one cheap question.

        Take a snapshot to read in afterwards: it is never older than the news.

        Raises:
            RegisterUnavailable: the register cannot be read; the next call tells the same news.

        """
        version = register.version()  # before the state that is read, which may be newer
        if version == self._version:
            return News(anew=False, records=())
        with register.snapshot() as reader:
            found = self._read(reader)
        self._version = version
        return found

    def _read(self, reader: Reader) -> News:
        added = {kind: self._added(reader, kind) for kind in self._kinds}
        if None in added.values():
            self._reached = {}
            return self._read(reader)
        anew = not self._reached
        self._reached = {kind: self._now_at(kind, records or ()) for kind, records in added.items()}
        return News(anew=anew, records=[each for records in added.values() for each in records or ()])

    def _added(self, reader: Reader, kind: type[Record]) -> Sequence[Record] | None:
        """Return the new records of a class; None where those known are not in the register."""
        before = self._reached.get(kind, _NOTHING)
        grown = reader.count(kind) - before.count
        newest = list(reader.newest(kind, limit=max(grown, 0) + 1))
        if grown < 0 or (before.count and newest[-1] != before.last):
            return None
        return newest[:grown][::-1]

    def _now_at(self, kind: type[Record], added: Sequence[Record]) -> _Reached:
        before = self._reached.get(kind, _NOTHING)
        return _Reached(count=before.count + len(added), last=added[-1]) if added else before
