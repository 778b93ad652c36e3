"""Sessions: a browser that signed in, and for how long it stays so.

Knows when a session lives and dies. Leaves out cookies and forms (console/guard.py) and passwords.
A session is a record in the register, so every worker sees the same ones and signing out holds everywhere at
once. The browser holds 256 random bits; the register only their hash, so a stolen register opens no session.
Source: OWASP ASVS 5.0, chapter 7 (session management).
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.acts.officers import active_officer, note_sign_in
from store.lookup import only
from store.records import Officer, OfficerSession, SecondFactorEnd, SessionEnd, SessionSeen
from store.register import DuplicateRecord, Reader, Register, RegisterUnavailable
from verify.network import keyed
from verify.site import Site

SECRET_BYTES = 32
IDLE_LONGEST = timedelta(minutes=30)
LASTS_LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Session:
    """A living session: its record, whose it is, and when it was last active."""

    record: OfficerSession
    officer: Officer
    seen_at: datetime

    @property
    def id(self) -> str:
        """The hash under which the register knows it."""
        return self.record.id


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What proved an officer besides a password: a device, or a second factor a provider vouched for."""

    factor_id: str | None = None
    assured_by: str = ""


PASSWORD_ALONE = Proof()


def session_id(secret: str) -> str:
    """Return the id of the session whose secret a browser holds."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin_session(
    register: Register, officer: Officer, secret: str, now: datetime, proof: Proof = PASSWORD_ALONE
) -> OfficerSession:
    """Sign a browser in under a secret made for it just now."""
    begun = OfficerSession(
        id=session_id(secret),
        officer_id=officer.id,
        started_at=now,
        factor_id=proof.factor_id,
        assured_by=proof.assured_by,
    )
    note_sign_in(register, begun)
    return begun


def end_session(register: Register, ended_id: str, now: datetime) -> None:
    """Sign a browser out, on every worker at once; ending it twice is ending it once."""
    if register.get(OfficerSession, ended_id) is None:
        return
    with suppress(DuplicateRecord):
        note_sign_in(register, SessionEnd(id=f"{ended_id}-E", session_id=ended_id, ended_at=now))


def living_session(reader: Reader, wanted_id: str, now: datetime) -> Session | None:
    """Return the session if it was begun, not ended, is not stale, and its officer's account is open."""
    record = reader.get(OfficerSession, wanted_id)
    if record is None or reader.find(SessionEnd, session_id=wanted_id):
        return None
    officer, seen_at = active_officer(reader, record.officer_id), _seen_at(reader, record)
    if officer is None or is_stale(record.started_at, seen_at, now) or _has_lost_its_device(reader, record):
        return None
    return Session(record=record, officer=officer, seen_at=seen_at)


def _has_lost_its_device(reader: Reader, record: OfficerSession) -> bool:
    return record.factor_id is not None and bool(reader.find(SecondFactorEnd, factor_id=record.factor_id))


def _seen_at(reader: Reader, record: OfficerSession) -> datetime:
    seen = only(reader.find(SessionSeen, session_id=record.id))
    return seen.seen_at if seen else record.started_at


def is_stale(started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session was idle for 30 minutes or has lasted 12 hours."""
    return now - seen_at >= IDLE_LONGEST or now - started_at >= LASTS_LONGEST


def note_activity(register: Register, session: Session, now: datetime) -> None:
    """Keep that the session was active, once a minute at most.

    A register that can be read but not written does not send the officer away: the trace is left out. So it
    is where another request of the same minute was faster.
    """
    if now - session.seen_at < SEEN_EVERY:
        return
    minute = int(now.timestamp()) // 60
    with suppress(DuplicateRecord, RegisterUnavailable):
        note_sign_in(register, SessionSeen(id=f"{session.id}-{minute}", session_id=session.id, seen_at=now))


def living_sessions(reader: Reader, officer_id: str, now: datetime) -> list[Session]:
    """Return the officer's living sessions, newest first."""
    records = reversed(reader.find(OfficerSession, officer_id=officer_id))
    found = (living_session(reader, record.id, now) for record in records)
    return [session for session in found if session]


def end_other_sessions(register: Register, officer_id: str, kept_id: str, now: datetime) -> None:
    """Sign out every browser of an officer but one."""
    for session in living_sessions(register, officer_id, now):
        if session.id != kept_id:
            end_session(register, session.id, now)


def form_token(site: Site, session: Session) -> str:
    """Return what every form of the session carries: nobody without the deployment's secret can make it."""
    return keyed(site, "form", session.id)
