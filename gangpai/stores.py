"""Where a register lies: in a file of this machine, or in a database on a server.

Knows how either is written in a setting, shown and found beside. A password stays out of whatever is shown.
Leaves out opening it (office.py).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from store.refusals import Refusal

TINYDB, POSTGRESQL = "tinydb:", "postgresql://"
_ADDRESS = re.compile(
    r"postgresql://(?:(?P<login>[^:@/?#\s]+)(?::[^@/?#\s]*)?@)?(?P<place>[^@/?#\s]*/[^@/?#\s]+)(?:\?\S*)?"
)
"""Login, password, hosts with ports, database, options; psycopg would quote what it refuses, even this."""


class StoreNotInThisVersion(Refusal):
    """The store named is one this version does not have. Remedy: use one of the two."""

    reason_zh = "本版本不支持以“{scheme}”存放登记簿。"
    reason_en = "This version cannot keep the register in {scheme!r}."
    remedy_zh = "请使用 GANGPAI_STORE=tinydb:文件路径，或 postgresql://登录名@主机/数据库。"
    remedy_en = "Use GANGPAI_STORE=tinydb:PATH, or postgresql://LOGIN@HOST/DATABASE."


class StoreUnreadable(Refusal):
    """The words after the scheme name no place. Remedy: write it as the operator's page does."""

    reason_zh = "登记簿位置写法有误（{problem_zh}）。"
    reason_en = "The place of the register is not written as it should be ({problem_en})."
    remedy_zh = "应为 tinydb:文件路径，或 postgresql://登录名@主机/数据库；密码中的特殊字符须写成 %XX。"
    remedy_en = "Write tinydb:PATH or postgresql://LOGIN@HOST/DATABASE; a password's odd characters as %XX."


@dataclass(frozen=True)
class TinyDbFile:
    """A register in one file of this machine."""

    path: Path

    @property
    def setting(self) -> str:
        """How GANGPAI_STORE names it."""
        return f"{TINYDB}{self.path}"

    @property
    def shown(self) -> str:
        """How it is named to people."""
        return str(self.path)

    @property
    def folder(self) -> Path:
        """The folder of what belongs to it."""
        return self.path.parent


@dataclass(frozen=True)
class PostgresDatabase:
    """A register in a database; what belongs to it beside the records lies in a folder of this machine."""

    address: str = field(repr=False)
    folder: Path

    @property
    def setting(self) -> str:
        """How GANGPAI_STORE names it, with the password if it has one: not for people."""
        return self.address

    @property
    def shown(self) -> str:
        """How it is named to people: without password and options."""
        parts = _ADDRESS.fullmatch(self.address)
        login = f"{parts['login']}@" if parts and parts["login"] else ""
        return f"{POSTGRESQL}{login}{parts['place'] if parts else ''}"


Store = TinyDbFile | PostgresDatabase


def parse_store(text: str, directory: Path) -> Store:
    """Read the place of a register as a setting names it, for a command run in the directory.

    Raises:
        StoreNotInThisVersion: it is kept in something else.
        StoreUnreadable: the path, or the database's address, is not one.

    """
    if text.startswith(POSTGRESQL):
        if not _ADDRESS.fullmatch(text):
            raise StoreUnreadable(problem_zh="数据库地址有误", problem_en="the database's address is wrong")
        return PostgresDatabase(text, directory.absolute() / "data")
    scheme, _, path = text.partition(":")
    if not text.startswith(TINYDB):
        raise StoreNotInThisVersion(scheme=scheme)
    if not path:
        raise StoreUnreadable(problem_zh="缺少文件路径", problem_en="the path is missing")
    return TinyDbFile((directory / path).absolute())


def names_a_store(text: str) -> bool:
    """Whether a text names a register rather than a file in some other format."""
    return text.startswith((TINYDB, POSTGRESQL))
