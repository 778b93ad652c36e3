"""The office at the machine: the register opened with the settings in force, and on whose authority it acts.

Whoever may run the command and write the register's file acts for the committee and administers the
officers; the ledger names the login of the machine. Knows the clock.
"""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gangpai.settings import Settings, load_settings, policy_of
from store.acts.authority import Actor, Authority
from store.acts.circulation import NoSuchCopy
from store.codes import NotAPlateNumber, PlateCode, PlateNumber
from store.lookup import only
from store.policy import Policy
from store.records import Copy, Role
from store.register import Reader, Register
from store.tinydb_register import TinyDbRegister


@dataclass(frozen=True, kw_only=True)
class Office:
    """What every command works with."""

    settings: Settings
    policy: Policy
    register: Register

    def authority(self, role: Role = Role.COMMITTEE) -> Authority:
        """Return the authority of whoever runs the command, at this moment."""
        actor = Actor(name=f"cli:{_login_name()}", role=role)
        return Authority(actor=actor, now=clock(), policy=self.policy)


@contextmanager
def open_office(settings: Settings | None = None) -> Iterator[Office]:
    """Open the register the settings name, and close it afterwards.

    Raises:
        Refusal: a setting, the policy or the register cannot be used.

    """
    settings = settings or current_settings()
    policy = policy_of(settings)
    settings.store_path.parent.mkdir(parents=True, exist_ok=True)
    register = TinyDbRegister(settings.store_path)
    try:
        yield Office(settings=settings, policy=policy, register=register)
    finally:
        register.close()


def current_settings() -> Settings:
    """Return the settings that hold for a command run here and now."""
    return load_settings(os.environ, Path.cwd())


def clock() -> datetime:
    """Return the present time, aware, in UTC."""
    return datetime.now(UTC)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return "unknown"


def find_copy(reader: Reader, text: str) -> Copy:
    """Return the copy a plate number, a code or a scanned address names.

    Raises:
        NotAPlateCode: the text is neither.
        NoSuchCopy: no copy carries it.

    """
    copy = _copy_by_number(reader, text) or only(reader.find(Copy, code=PlateCode.parse(text).text))
    if copy is None:
        raise NoSuchCopy(copy_id=text)
    return copy


def _copy_by_number(reader: Reader, text: str) -> Copy | None:
    try:
        number = str(PlateNumber.parse(text))
    except NotAPlateNumber:
        if any(letter.isascii() and letter.isalpha() for letter in text):
            return None
        raise
    copy = reader.get(Copy, number)
    if copy is None:
        raise NoSuchCopy(copy_id=number)
    return copy
