"""Reading the register for a scan: the copy and everything that bears on it, in one consistent state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.codes import PlateCode
from store.records import Application, Copy, Departure, Loss, Return, Veto
from store.register import R, Reader, Register
from store.standing import History, Standing, standing_of


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What was found behind a code: the copy, if there is one, how it stands, and what its post promised."""

    copy: Copy | None
    standing: Standing
    commitment: str = ""


def scan_code(register: Register, code: PlateCode, now: datetime) -> Scan:
    """Look up what a matrix leads to.

    Raises:
        RegisterUnavailable: the register cannot be read; show 暂时无法核验.

    """
    with register.snapshot() as reader:
        return _scan(reader, only(reader.find(Copy, code=code.text)), now)


def scan_number(register: Register, number: str, now: datetime) -> Scan:
    """Look up a plate by the full number printed on it.

    Raises:
        RegisterUnavailable: the register cannot be read; show 暂时无法核验.

    """
    with register.snapshot() as reader:
        return _scan(reader, reader.get(Copy, number), now)


def _scan(reader: Reader, copy: Copy | None, now: datetime) -> Scan:
    application = reader.get(Application, copy.application_id) if copy else None
    return Scan(
        copy=copy,
        standing=standing_in(reader, copy, now),
        commitment=application.content.commitment if application else "",
    )


def standing_in(reader: Reader, copy: Copy | None, now: datetime) -> Standing:
    """Gather what bears on a copy and say how it stands."""
    return standing_of(history_of(reader, copy) if copy else None, now)


def history_of(reader: Reader, copy: Copy) -> History:
    """Gather everything decided that bears on a copy."""
    return History(
        copy=copy,
        veto=only(reader.find(Veto, post_id=copy.post_id)),
        returned=only(reader.find(Return, copy_id=copy.id)),
        loss=only(reader.find(Loss, copy_id=copy.id)),
        successor=only(reader.find(Copy, replaces=copy.id)),
        departure=_departure_of_holder(reader, copy),
    )


def _departure_of_holder(reader: Reader, copy: Copy) -> Departure | None:
    if not copy.face.holder:
        return None
    left = reader.find(Departure, post_id=copy.post_id)
    of_holder = [each for each in left if each.member_name == copy.face.holder]
    if not of_holder:
        return None
    since = ids_since(reader.find(Application, post_id=copy.post_id), copy.application_id)
    return next((each for each in of_holder if each.application_id in since), None)


def ids_since(applications: Sequence[Application], application_id: str) -> frozenset[str]:
    """Return the ids of a post's applications from the one named on; times of day decide nothing here."""
    ids = [each.id for each in applications]
    return frozenset(ids[ids.index(application_id) :])


def only(found: list[R]) -> R | None:
    """Return the newest of what was found, or None."""
    return found[-1] if found else None
