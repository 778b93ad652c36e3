"""Reading the register for a scan: the copy and everything that bears on it, in one consistent state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.codes import PlateCode
from store.publicity import commitment_of, deeds_of
from store.records import (
    Application,
    Copy,
    Departure,
    ExemplaryDeed,
    Loss,
    Placement,
    PostEnd,
    Return,
    Veto,
    VetoCorrection,
)
from store.register import R, Reader, Register
from store.standing import History, Standing, Verdict, standing_of

_TELLS_DEEDS = frozenset({Verdict.VALID})


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What was found behind a code: the copy, if any, how it stands, where, and what its post promised.

    Its exemplary deeds are there only while the copy is a valid title plate (F36).
    """

    copy: Copy | None
    standing: Standing
    place: str = ""
    commitment: str = ""
    deeds: tuple[ExemplaryDeed, ...] = ()


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
    standing = standing_in(reader, copy, now)
    if copy is None:
        return Scan(copy=None, standing=standing)
    return Scan(
        copy=copy,
        standing=standing,
        place=place_of(reader, copy),
        commitment=commitment_of(reader, copy),
        deeds=deeds_of(reader, copy.post_id) if standing.verdict in _TELLS_DEEDS else (),
    )


def standing_in(reader: Reader, copy: Copy | None, now: datetime) -> Standing:
    """Gather what bears on a copy and say how it stands."""
    return standing_of(history_of(reader, copy) if copy else None, now)


def history_of(reader: Reader, copy: Copy) -> History:
    """Gather everything decided that bears on a copy."""
    return History(
        copy=copy,
        veto=veto_in_force(reader, copy.post_id),
        ended=only(reader.find(PostEnd, post_id=copy.post_id)),
        returned=only(reader.find(Return, copy_id=copy.id)),
        loss=only(reader.find(Loss, copy_id=copy.id)),
        successor=only(reader.find(Copy, replaces=copy.id)),
        departure=_departure_of_holder(reader, copy),
    )


def veto_in_force(reader: Reader, post_id: str) -> Veto | None:
    """Return the newest veto of a post that the committee has not taken back, or None."""
    return only([each for each in reader.find(Veto, post_id=post_id) if not is_corrected(reader, each.id)])


def is_corrected(reader: Reader, veto_id: str) -> bool:
    """Whether the committee took a veto back."""
    return bool(reader.find(VetoCorrection, veto_id=veto_id))


def place_of(reader: Reader, copy: Copy) -> str:
    """Return where a copy hangs, stands or is worn: as entered last, or as it was issued for (F8, F9)."""
    placed = only(reader.find(Placement, copy_id=copy.id))
    return placed.place if placed else copy.place


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
