"""The tables of a PostgreSQL register: which format a database has, and the numbered steps to this program's.

Knows migrations/*.sql, and the role that may only read and add. Leaves out what the tables hold (columns.py).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from store.postgres_session import ROLLBACK, NotPermitted, Session
from store.register import NewerRegister, RegisterUnavailable

WRITERS = 0x67706169
"""The advisory lock that every writer of a database, and every migration, holds until its commit."""

_MIGRATE_S = 600.0
_SET_ROLE = b"SET ROLE gangpai_register"
_BEGIN = (
    f"RESET ROLE; BEGIN; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({WRITERS})".encode()
)
_IS_THERE = b"SELECT to_regclass('gangpai.applied_migration') IS NOT NULL"
_FORMAT = b"SELECT coalesce(max(version), 0) FROM applied_migration"
_APPLIED = b"SELECT version, sha256 FROM applied_migration ORDER BY version"
_NOTE = b"INSERT INTO applied_migration (version, name, sha256) VALUES (%s, %s, %s)"


class MigrationNeeded(RegisterUnavailable):
    """The tables are absent, or older than this program, and the login may not make them. Remedy: migrate."""

    reason_zh = "数据库中没有本程序所需的登记簿（第{known}版格式），当前登录又无权建立或升级。"
    reason_en = "The database lacks the register in format {known}, and this login may not make it."
    remedy_zh = "请以数据库所有者的地址运行一次 gangpai migrate，并授权：GRANT gangpai_register TO 登录名。"
    remedy_en = "Run gangpai migrate once with the owner's address, and GRANT gangpai_register TO the login."


class AlteredMigration(RegisterUnavailable):
    """A step was taken in other words than this program's. Remedy: use the release that took it."""

    reason_zh = "数据库第{version}版格式的建立语句与本程序的不同。"
    reason_en = "Format {version} of the database was made by other statements than this program's."
    remedy_zh = "请使用正式发布的程序；已发布的迁移文件不得改动。"
    remedy_en = "Use a published release; a published migration is never edited."


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One step forward: its number, the name of its file, its statements."""

    version: int
    name: str
    script: bytes

    @property
    def sha256(self) -> str:
        """The digest by which a step that was taken is known again, in hexadecimal."""
        return hashlib.sha256(self.script).hexdigest()


@cache
def migrations() -> tuple[Migration, ...]:
    """Return every step this program knows, oldest first; a file is named after its number."""
    found = [each for each in files("store").joinpath("migrations").iterdir() if each.name.endswith(".sql")]
    return tuple(
        Migration(version=int(each.name[:4]), name=each.name, script=each.read_bytes())
        for each in sorted(found, key=lambda each: each.name)
    )


def known_format() -> int:
    """Return the format this program reads and writes."""
    return migrations()[-1].version


def prepare(session: Session) -> None:
    """Bring the tables to this program's format if they are not, and enter the role that only adds.

    Raises:
        MigrationNeeded: they would have to be made, and the login may not.
        NewerRegister: they are ahead of this program.
        AlteredMigration: they were made by other statements.

    """
    try:
        if _found_format(session) != known_format():
            _migrate(session)
        session.run(_SET_ROLE)
    except NotPermitted as error:
        raise MigrationNeeded(known=known_format()) from error


def _found_format(session: Session) -> int:
    """Return the format of the tables; 0 if there are none that the role can see."""
    try:
        session.run(_SET_ROLE)
        [(found,)] = session.rows(_FORMAT)
    except NotPermitted:
        return 0
    return int(found)


def _migrate(session: Session) -> None:
    """Take the steps that are missing, all or none, while nobody writes."""
    with session.block(_BEGIN, ROLLBACK, patience_s=_MIGRATE_S):
        applied = _applied(session)
        _refuse_foreign(applied)
        for step in migrations()[len(applied) :]:
            session.run(step.script)
            session.add(_NOTE, [(step.version, step.name, step.sha256)])
        session.commit_with(b"COMMIT")


def _applied(session: Session) -> dict[int, str]:
    [(is_there,)] = session.rows(_IS_THERE)
    return dict(session.rows(_APPLIED)) if is_there else {}


def _refuse_foreign(applied: Mapping[int, str]) -> None:
    known = {step.version: step.sha256 for step in migrations()}
    if applied and max(applied) > known_format():
        raise NewerRegister(found=max(applied), known=known_format())
    for version, sha256 in applied.items():
        if known[version] != sha256:
            raise AlteredMigration(version=version)
