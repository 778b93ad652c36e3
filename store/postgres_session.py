"""One session with a PostgreSQL server: signing in, waiting, transactions, and what its failures mean.

Knows psycopg. Leaves out what the statements say (postgres_register.py, migrations/).
"""

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from store.engine import BUSY_TIMEOUT_S
from store.register import DanglingReference, DiskFull, DuplicateRecord, RegisterUnavailable

T = TypeVar("T")
Row = tuple[Any, ...]

ANSWER_S = 1.5
"""How long a reader waits for the server's word before nothing is known."""

WRITE_S = BUSY_TIMEOUT_S + 2.0
"""How long a writer does: those before it may take their time."""

_SIGN_IN = {
    "application_name": "gangpai",
    "connect_timeout": "2",
    "target_session_attrs": "read-write",  # a standby may not know yet what was acknowledged
}
_SETTINGS = {
    "datestyle": "ISO",
    "idle_in_transaction_session_timeout": "60s",  # a writer that stands still lets the others go on
    "lock_timeout": f"{BUSY_TIMEOUT_S:.0f}s",
    "plan_cache_mode": "force_generic_plan",  # each statement goes by its index, whatever the values
    "search_path": "gangpai",
    "statement_timeout": f"{WRITE_S:.0f}s",
    "synchronous_commit": "on",  # a commit returns when it is on the disk
    "timezone": "UTC",
}
ROLLBACK = b"ROLLBACK"

_INTERVAL_S = 0.1
_NAMES_ANOTHER = "_names_another"
"""How a check is called that keeps a row from naming itself, which no foreign key minds."""

_OPEN = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})


class NotPermitted(RegisterUnavailable):
    """The login may not do this in the database, or it is not there. Remedy: look at its rights."""


class Session(psycopg.Connection[Row]):
    """A session that waits for the server so long and no longer; used by one reader or writer at a time."""

    _patience_s = ANSWER_S

    @classmethod
    def signed_in(cls, dsn: str) -> Self:
        """Open a session at the address.

        Raises:
            RegisterUnavailable: the server cannot be reached, or lets nobody in by this address.

        """
        try:
            session = cls.connect(**_parameters(dsn), autocommit=True, prepare_threshold=0)
        except psycopg.OperationalError as error:
            raise RegisterUnavailable from error
        except psycopg.ProgrammingError:
            raise RegisterUnavailable from None  # its text quotes the address, and so a password
        session.prepared_max = None  # there are as many statements as classes and indexes
        return session

    def wait(self, gen: PQGen[T], interval: float = _INTERVAL_S, timeout: float | None = None) -> T:
        """Wait for the server as psycopg does, but not for ever."""
        return super().wait(gen, interval, timeout or self._patience_s)

    def is_usable(self) -> bool:
        """Whether it is open, in no transaction, and the server has not gone: it would have said so."""
        return not self.closed and self._status is TransactionStatus.IDLE and not _has_something_to_say(self)

    def rows(self, statement: bytes, values: Sequence[Any] = ()) -> list[Row]:
        """Run a statement, prepared once for each session, and return all it yields.

        Raises:
            RegisterUnavailable: the server cannot answer, or does not in time.

        """
        with self._in_words():
            return self.execute(statement, values).fetchall()

    def add(self, statement: bytes, rows: Sequence[Row]) -> None:
        """Run a statement once for each row.

        Raises:
            DuplicateRecord, DanglingReference: the server refuses a row.
            RegisterUnavailable: as for `rows`.

        """
        with self._in_words(), self.cursor() as cursor:
            cursor.executemany(statement, rows)

    def run(self, script: bytes) -> None:
        """Run statements without values in one go; raises as `rows` does."""
        with self._in_words():
            self.execute(script, prepare=False)

    @contextmanager
    def block(self, begin: bytes, end: bytes, *, patience_s: float = ANSWER_S) -> Iterator[None]:
        """Begin a transaction; `end` leaves one that is still open when the block is over."""
        with self._patient(patience_s):
            try:
                self.run(begin)
                yield
            finally:
                if self._status in _OPEN:
                    with suppress(RegisterUnavailable):  # a server that is gone undoes it by itself
                        self.run(end)

    def commit_with(self, script: bytes) -> None:
        """End the transaction of the block by a script that commits.

        Raises:
            RegisterUnavailable: a refusal was passed over, so that COMMIT would quietly undo everything.

        """
        if self._status is not TransactionStatus.INTRANS:
            raise RegisterUnavailable
        self.run(script)

    @property
    def _status(self) -> TransactionStatus:
        return self.info.transaction_status

    @contextmanager
    def _patient(self, patience_s: float) -> Iterator[None]:
        before, self._patience_s = self._patience_s, patience_s
        try:
            yield
        finally:
            self._patience_s = before

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            if self._status is TransactionStatus.ACTIVE:
                self.close()  # it would answer the next question with the answer to this one
            raise _meaning_of(error) from error


def _parameters(dsn: str) -> dict[str, Any]:
    given = conninfo_to_dict(dsn)
    settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    return {**_SIGN_IN, **given, "options": f"{given.get('options') or ''} {settings}"}


def _has_something_to_say(session: Session) -> bool:
    poll = select.poll()
    poll.register(session.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _meaning_of(error: psycopg.Error) -> Exception:
    match error:
        case errors.UniqueViolation():
            return DuplicateRecord(error.diag.constraint_name)
        case errors.ForeignKeyViolation():
            return DanglingReference(error.diag.constraint_name)
        case errors.CheckViolation() if str(error.diag.constraint_name).endswith(_NAMES_ANOTHER):
            return DanglingReference(error.diag.constraint_name)
        case errors.DiskFull():
            return DiskFull()
        case errors.InsufficientPrivilege() | errors.UndefinedTable() | errors.InvalidParameterValue():
            return NotPermitted()
    return RegisterUnavailable()
