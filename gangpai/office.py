"""The office at the machine: the register opened with the settings in force, and on whose authority it acts.

Whoever may run the command and write the register's file acts for the committee and administers the
officers; the ledger names the login of the machine. Knows the clock.
"""

import getpass
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gangpai.settings import BadSetting, Settings, load_settings, policy_of
from gangpai.stores import PostgresDatabase, Store, TinyDbFile
from store.acts.authority import Actor, Authority
from store.acts.circulation import NoSuchCopy
from store.codes import NotAPlateCode, PlateCode, PlateNumber
from store.lookup import only
from store.policy import Policy
from store.policy_in_force import policy_in_force
from store.records import Copy, Role
from store.register import Reader, Register
from store.tinydb_register import TinyDbRegister

if TYPE_CHECKING:
    from plaques.design.library import DesignLibrary

_PASSWORD_BYTES = 12


def clock() -> datetime:
    """Return the present time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Office:
    """What every command works with; `now` is the clock its acts are timed by.

    It acts on behalf of whoever runs the command, unless it is told of somebody else.
    """

    settings: Settings
    policy: Policy
    register: Register
    now: Callable[[], datetime] = clock
    behalf: Actor | None = None

    @cached_property
    def designs(self) -> "DesignLibrary":
        """The designs there are, the organisation's own among them, read when first asked for.

        Raises:
            DesignsUnreadable: the folder of its own designs cannot be read.

        """
        from gangpai.own_designs import designs_of  # noqa: PLC0415 -- typefaces load slowly; most commands draw nothing

        return designs_of(self.settings)

    def authority(self, role: Role = Role.COMMITTEE) -> Authority:
        """Return the authority on which acts are done, at this moment."""
        actor = self.behalf or Actor(name=f"cli:{_login_name()}", role=role)
        return Authority(actor=actor, now=self.now(), policy=self.policy)


@contextmanager
def open_office(settings: Settings | None = None) -> Iterator[Office]:
    """Open the register the settings name, and close it afterwards.

    Raises:
        Refusal: a setting, the policy or the register cannot be used.

    """
    settings = settings or current_settings()
    named = policy_of(settings)
    register = open_register(settings)
    try:
        yield Office(settings=settings, policy=policy_in_force(register, named), register=register)
    finally:
        register.close()


def current_policy(settings: Settings) -> Policy:
    """Return the policy in force; where there is no register yet, none is made to look.

    Raises:
        Refusal: a setting, the policy or the register cannot be used.

    """
    named, store = policy_of(settings), settings.store
    if isinstance(store, TinyDbFile) and not store.path.exists():
        return named
    with closing(open_register(settings)) as register:
        return policy_in_force(register, named)


def open_register(settings: Settings) -> Register:
    """Open the register the settings name, making it if it is absent.

    Raises:
        BadSetting: its folder can be neither found nor made.
        RegisterUnavailable: the file or the database cannot be used.

    """
    return open_store(settings.store)


def open_store(store: Store) -> Register:
    """Open the register at a place; raises as `open_register` does."""
    if isinstance(store, PostgresDatabase):
        from store.postgres_register import PostgresRegister  # noqa: PLC0415 -- psycopg loads slowly; a file needs none

        return PostgresRegister(store.address)
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        where = store.folder
        raise BadSetting(
            key="store", problem_zh=f"目录{where}不可用", problem_en=f"folder {where}: {error.strerror}"
        ) from error
    return TinyDbRegister(store.path)


def current_settings() -> Settings:
    """Return the settings that hold for a command run here and now."""
    return load_settings(os.environ, Path.cwd())


def new_password() -> str:
    """Return a password of 96 random bits that can be read out."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return "unknown"


def read_plate(text: str) -> PlateCode | PlateNumber:
    """Return the code, or the plate number, that a text or a scanned address holds.

    Raises:
        NotAPlateNumber: only digits, but no plate number.
        NotAPlateCode: neither a code nor a number.

    """
    try:
        return PlateCode.parse(text)
    except NotAPlateCode:
        if not text.strip() or any(letter.isalpha() for letter in text):
            raise
    return PlateNumber.parse(text)


def find_copy(reader: Reader, text: str) -> Copy:
    """Return the copy a plate number, a code or a scanned address names.

    Raises:
        NotAPlateCode, NotAPlateNumber: the text is neither.
        NoSuchCopy: no copy carries it.

    """
    plate = read_plate(text)
    copy = _copy(reader, plate)
    if copy is None:
        raise NoSuchCopy(copy_id=text)
    return copy


def _copy(reader: Reader, plate: PlateCode | PlateNumber) -> Copy | None:
    if isinstance(plate, PlateCode):
        return only(reader.find(Copy, code=plate.text))
    return reader.get(Copy, str(plate))
