"""Register: what every engine promises.

Knows the promise only: consistent reads, one transaction that is whole or not at all, records never edited.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from store.records import Record
from store.refusals import Refusal

R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)
L = TypeVar("L", bound=Record)


class DuplicateRecord(Exception):
    """A record of this class has the same id, or the same value in a unique field, already."""


class NestedTransaction(RuntimeError):
    """A thread began a transaction inside its own."""


class DanglingReference(Exception):
    """A record names another by an id that is not in the register (`records.REFERENCES`)."""


class RegisterUnavailable(Refusal):
    """The register cannot be read or written now; nothing is known about any plate. Remedy: try again."""

    reason_zh = "登记簿暂时无法读写。"
    reason_en = "The register cannot be read or written at the moment."
    remedy_zh = "请稍后再试；在此之前不得认定任何标牌有效。"
    remedy_en = "Try again later; until then no plate may be taken as valid."


class DiskFull(RegisterUnavailable):
    """The disk, a quota or a limit lets the register grow no more; reading goes on. Remedy: make room."""

    reason_zh = "登记簿所在的磁盘已满，或不能再写入；此次未作登记，已登记的内容都在。"
    reason_en = "The disk of the register is full, or takes no more; nothing was entered, nothing is lost."
    remedy_zh = "请联系系统管理员腾出空间（并检查配额与磁盘）后再试；扫码查验照常。"
    remedy_en = "Make room (and look at quota and disk), then try again; plates can be verified meanwhile."


class DamagedRegister(RegisterUnavailable):
    """A record is not what it was when it was written. Remedy: keep the file, restore a backup elsewhere."""

    reason_zh = "登记簿中第{number}条{kind}已损坏或被改动，无法读取。"
    reason_en = "{kind} {number} of the register is damaged or was altered, and cannot be read."
    remedy_zh = "请保留现状备查，从备份恢复到新的登记簿；在此之前不得认定任何标牌有效。"
    remedy_en = "Keep the file, restore a backup into a new one; until then no plate may be taken as valid."


class NewerRegister(RegisterUnavailable):
    """The register was written by a newer release. Remedy: update this program."""

    reason_zh = "登记簿的格式（第{found}版）比本程序（第{known}版）新。"
    reason_en = "The register has format {found}; this program knows {known}."
    remedy_zh = "请升级本程序。"
    remedy_en = "Update this program."


@dataclass(frozen=True, kw_only=True, eq=False)
class Link(Generic[L]):
    """What belongs to a record: the records of a class whose field `by` has the value of its field `to`.

    `by` is the id or in `records.INDEXED`. With `of`, they belong to what an earlier link found instead of to
    the record itself. A link is known by itself, not by its fields.
    """

    kind: type[L]
    by: str
    to: str
    of: "Link[Any] | None" = None


class Related(Protocol[R_co]):
    """A record and what belongs to it in the same state of the register, read when it is asked for."""

    @property
    def record(self) -> R_co:
        """The record."""

    def linked(self, link: Link[L]) -> list[L]:
        """Return what a link found, each once: what belongs to one record oldest first.

        Raises:
            LookupError: the register was not asked for this link, so that nothing is known of it.
            DamagedRegister: one of the records is not what was written.

        """


class Reader(Protocol):
    """Reading the register. Every record handed out is a value of its own."""

    def get(self, kind: type[R], record_id: str, /) -> R | None:
        """Return the record with this id, or None.

        Raises:
            RegisterUnavailable: the engine cannot answer.

        """

    def find(self, kind: type[R], /, **fields: str | int) -> list[R]:
        """Return the records whose named fields equal the values given, oldest first; all if none is named.

        Raises:
            LookupError: a field is not in `records.INDEXED` for this class.
            RegisterUnavailable: the engine cannot answer.

        """

    def related(
        self, kind: type[R], field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, list[Related[R]]]:
        """Return under each value the records whose field has it, oldest first, with what belongs to them.

        All is read by one question, and so in one state. `field` is the id or in `records.INDEXED`.

        Raises:
            LookupError: a field is not indexed, or a link is `of` none before it.
            RegisterUnavailable: the engine cannot answer.

        """

    def count(self, kind: type[R], /) -> int:
        """Return how many records of the class there are, in constant time."""

    def newest(self, kind: type[R], /, limit: int, **fields: str | int) -> Iterator[R]:
        """Return up to `limit` records of the class whose named fields equal the values given, newest first.

        Raises:
            LookupError: a field is not in `records.INDEXED` for this class.

        """

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        """Return every record of the class, oldest first, without holding more than a page of them."""


class Transaction(Reader, Protocol):
    """Reading and appending as one step: other writers wait, and readers see all of it or nothing."""

    def append(self, *records: Record) -> None:
        """Add records, in this order.

        Raises:
            DuplicateRecord: an id or a unique field is taken; the transaction must be abandoned.
            DanglingReference: a record named is neither in the register nor appended before; likewise.

        """

    def salt(self) -> str:
        """Return 128 fresh random bits in hexadecimal."""


class Register(Reader, Protocol):
    """The register as an engine keeps it; safe to share between threads, and between processes by path."""

    @property
    def is_remote(self) -> bool:
        """Whether it is elsewhere, so that whoever asks may have to wait for somebody else."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin to write. Leaving the block commits durably; an exception leaves nothing behind."""

    def snapshot(self) -> AbstractContextManager[Reader]:
        """Begin to read one state: at least as new as every commit acknowledged before this call."""

    def version(self) -> int:
        """Return a number that differs after any commit by any thread or process; cheap."""

    def close(self) -> None:
        """Release what the calling thread and the engine hold."""
