"""Reading the register for a scan: the copy and everything that bears on it, by one question.

Knows what bears on a copy, and reads it for one plate or for many at once. Leaves out how a verdict follows
from it (standing.py).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from store.codes import PlateCode
from store.publicity import commitment_of, deeds_of
from store.records import (
    Application,
    Commitment,
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
from store.register import Link, Reader, Related
from store.standing import History, Standing, Verdict, standing_of

F = TypeVar("F")

_VETOES = Link(kind=Veto, by="post_id", to="post_id")
_CORRECTIONS = Link(kind=VetoCorrection, by="veto_id", to="id", of=_VETOES)
_ENDS = Link(kind=PostEnd, by="post_id", to="post_id")
_RETURNS = Link(kind=Return, by="copy_id", to="id")
_LOSSES = Link(kind=Loss, by="copy_id", to="id")
_SUCCESSORS = Link(kind=Copy, by="replaces", to="id")
_DEPARTURES = Link(kind=Departure, by="post_id", to="post_id")
_APPLICATIONS = Link(kind=Application, by="post_id", to="post_id", of=_DEPARTURES)
_DECIDED = (_VETOES, _CORRECTIONS, _ENDS, _RETURNS, _LOSSES, _SUCCESSORS, _DEPARTURES, _APPLICATIONS)
"""What bears on how a copy stands."""

_PLACEMENTS = Link(kind=Placement, by="copy_id", to="id")
_COMMITMENTS = Link(kind=Commitment, by="post_id", to="post_id")
_CONTENT = Link(kind=Application, by="id", to="application_id")
_DEEDS = Link(kind=ExemplaryDeed, by="post_id", to="post_id")
_SHOWN = (_PLACEMENTS, _COMMITMENTS, _CONTENT, _DEEDS)
"""What a scan shows besides."""

_TELLS_DEEDS = frozenset({Verdict.VALID})


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What was found behind a code: the copy, if any, how it stands, where, and what its post promised.

    Of what was promised it tells only while the copy stands, and of exemplary deeds while it is valid (F36).
    """

    copy: Copy | None
    standing: Standing
    place: str = ""
    commitment: str = ""
    deeds: tuple[ExemplaryDeed, ...] = ()


def scan_code(register: Reader, code: PlateCode, now: datetime) -> Scan:
    """Look up what a matrix leads to.

    Raises:
        RegisterUnavailable: the register cannot be read; show 暂时无法核验.

    """
    return scan_codes(register, [code.text], now)[code.text]


def scan_number(register: Reader, number: str, now: datetime) -> Scan:
    """Look up a plate by the full number printed on it.

    Raises:
        RegisterUnavailable: the register cannot be read; show 暂时无法核验.

    """
    return scan_numbers(register, [number], now)[number]


def scan_codes(register: Reader, codes: Collection[str], now: datetime) -> dict[str, Scan]:
    """Look up what many matrices lead to by one question, each under its code; raises as `scan_code`."""
    return _scans(register, "code", codes, now)


def scan_numbers(register: Reader, numbers: Collection[str], now: datetime) -> dict[str, Scan]:
    """Look up many plates by their numbers in one question, each under its number; raises as above."""
    return _scans(register, "id", numbers, now)


def _scans(register: Reader, field: str, values: Collection[str], now: datetime) -> dict[str, Scan]:
    found = register.related(Copy, field, values, (*_DECIDED, *_SHOWN))
    return {value: _scan(only(copies), now) for value, copies in found.items()}


def _scan(found: Related[Copy] | None, now: datetime) -> Scan:
    if found is None:
        return Scan(copy=None, standing=standing_of(None, now))
    standing = standing_of(_history(found), now)
    return Scan(
        copy=found.record,
        standing=standing,
        place=_placed(found.record, found.linked(_PLACEMENTS)),
        commitment=_promised(found) if standing.stands else "",
        deeds=deeds_of(found.linked(_DEEDS)) if standing.verdict in _TELLS_DEEDS else (),
    )


def _promised(found: Related[Copy]) -> str:
    return commitment_of(found.record, found.linked(_COMMITMENTS), only(found.linked(_CONTENT)))


def standing_in(reader: Reader, copy: Copy | None, now: datetime) -> Standing:
    """Gather what bears on a copy and say how it stands."""
    return standing_of(history_of(reader, copy) if copy else None, now)


def standings_of_posts(
    reader: Reader, post_ids: Collection[str], now: datetime
) -> Iterator[tuple[Copy, Standing]]:
    """Yield every copy of some posts and how it stands, by one question; oldest first within a post."""
    found = reader.related(Copy, "post_id", post_ids, _DECIDED)
    for post_id in post_ids:
        for each in found[post_id]:
            yield each.record, standing_of(_history(each), now)


def history_of(reader: Reader, copy: Copy) -> History:
    """Gather everything decided that bears on a copy."""
    [found] = reader.related(Copy, "id", [copy.id], _DECIDED)[copy.id]
    return _history(found)


def _history(found: Related[Copy]) -> History:
    return History(
        copy=found.record,
        veto=in_force(found.linked(_VETOES), found.linked(_CORRECTIONS)),
        ended=only(found.linked(_ENDS)),
        returned=only(found.linked(_RETURNS)),
        loss=only(found.linked(_LOSSES)),
        successor=only(found.linked(_SUCCESSORS)),
        departure=_departure_of_holder(found),
    )


def veto_in_force(reader: Reader, post_id: str) -> Veto | None:
    """Return the newest veto of a post that the committee has not taken back, or None."""
    return in_force(reader.find(Veto, post_id=post_id), reader.find(VetoCorrection, post_id=post_id))


def in_force(vetoes: Sequence[Veto], corrections: Sequence[VetoCorrection]) -> Veto | None:
    """Return the newest of the vetoes that is not among those taken back, or None."""
    taken_back = {each.veto_id for each in corrections}
    return only([each for each in vetoes if each.id not in taken_back])


def is_corrected(reader: Reader, veto_id: str) -> bool:
    """Whether the committee took a veto back."""
    return bool(reader.find(VetoCorrection, veto_id=veto_id))


def place_of(reader: Reader, copy: Copy) -> str:
    """Return where a copy hangs, stands or is worn: as entered last, or as it was issued for (F8, F9)."""
    return _placed(copy, reader.find(Placement, copy_id=copy.id))


def _placed(copy: Copy, placements: Sequence[Placement]) -> str:
    placed = only(placements)
    return placed.place if placed else copy.place


def _departure_of_holder(found: Related[Copy]) -> Departure | None:
    copy = found.record
    if not copy.face.holder:
        return None
    of_holder = [each for each in found.linked(_DEPARTURES) if each.member_name == copy.face.holder]
    if not of_holder:
        return None
    since = ids_since(found.linked(_APPLICATIONS), copy.application_id)
    return next((each for each in of_holder if each.application_id in since), None)


def ids_since(applications: Sequence[Application], application_id: str) -> frozenset[str]:
    """Return the ids of a post's applications from the one named on; times of day decide nothing here."""
    ids = [each.id for each in applications]
    return frozenset(ids[ids.index(application_id) :])


def only(found: Sequence[F]) -> F | None:
    """Return the newest of what was found, or None."""
    return found[-1] if found else None
