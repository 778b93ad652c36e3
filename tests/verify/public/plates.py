"""Plates brought to every verdict, and a register that fails when it is told to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from store.acts.adjust import end_post
from store.acts.approve import approve
from store.acts.circulation import leave_post, report_lost, return_copy
from store.acts.issue import issue_copies
from store.acts.publicity import Story, tell_deed
from store.acts.veto import Charge, veto
from store.codes import PlateCode, PlateNumber
from store.records import Copy, EndCause, Product, Stage, VetoCause
from store.register import Register, RegisterUnavailable
from store.standing import Verdict
from tests.office import Office

POST = "2026-001"
COMMITMENT = "首问负责，一次办结"
DEED = Story(title="雨夜送种", text="连夜把种子送到田头")
FACTS = "6月20日发生重大责任事故"
CHARGE = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts=FACTS)
NOBODYS = PlateCode.from_bits(9_999_999)
NOBODYS_NUMBER = str(PlateNumber("2026-009", 1))
JSON = {"Accept": "application/json"}


class FailingRegister:
    """A register that answers, or raises `failure` at whatever it is asked while one is set."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.failure: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        if self.failure is not None:
            raise self.failure
        return getattr(self._register, name)


@dataclass(frozen=True)
class Plate:
    """How a plate is asked for."""

    code: str
    number: str

    @property
    def paths(self) -> tuple[str, str]:
        return f"/{self.code}", f"/number/{self.number}"


def plate_of(copy: Copy) -> Plate:
    return Plate(copy.code, copy.id)


def creating(office: Office) -> Copy:
    office.applied(office.row(commitment=COMMITMENT))
    approve(office.register, office.by(), POST, document="场党字〔2026〕1号")
    return office.issued(POST)


def valid(office: Office) -> Copy:
    creating(office)
    office.awarded(POST)
    tell_deed(office.register, office.by(), POST, DEED)
    plain = office.copy(POST, stage=Stage.TITLE)
    copy = replace(plain, face=replace(plain.face, heading="共产党员示范岗", dated_on=date(2026, 7, 1)))
    issue_copies(office.register, office.by(), [copy])
    return copy


def revoked(office: Office) -> Copy:
    copy = valid(office)
    veto(office.register, office.by(), POST, CHARGE)
    return copy


def replaced(office: Office) -> Copy:
    copy = creating(office)
    office.issued(POST, replaces=copy.id)
    return copy


def lost(office: Office) -> Copy:
    copy = creating(office)
    report_lost(office.register, office.by(), copy.id, reason="搬家时遗失")
    return copy


def returned(office: Office) -> Copy:
    copy = creating(office)
    return_copy(office.register, office.by(), copy.id)
    return copy


def badge(office: Office) -> Copy:
    creating(office)
    return office.issued(POST, Product.BADGE)


def left(office: Office) -> Copy:
    copy = badge(office)
    leave_post(office.register, office.by(), POST, member_name=copy.face.holder)
    return copy


def ended(office: Office) -> Copy:
    copy = creating(office)
    end_post(office.register, office.by(), POST, cause=EndCause.TERM_OVER, reason="创建期满")
    return copy


WAYS: dict[Verdict, Callable[[Office], Copy]] = {
    Verdict.CREATING: creating,
    Verdict.VALID: valid,
    Verdict.REVOKED: revoked,
    Verdict.REPLACED: replaced,
    Verdict.LOST: lost,
    Verdict.RETURNED: returned,
    Verdict.LEFT: left,
    Verdict.ENDED: ended,
}
"""How the office brings a plate to a verdict that the register holds."""


def bring_to(office: Office, register: FailingRegister, verdict: Verdict) -> Plate:
    """Bring about that a plate reads so; for 暂时无法核验 a valid one whose register has failed."""
    if verdict is Verdict.UNKNOWN:
        return Plate(NOBODYS.text, NOBODYS_NUMBER)
    plate = plate_of(WAYS.get(verdict, valid)(office))
    if verdict is Verdict.UNVERIFIABLE:
        register.failure = RegisterUnavailable()
    return plate
