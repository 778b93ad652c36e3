"""How a scan is told: the same facts as JSON for machines and as a view for pages.

Knows what may be shown under each verdict: once a title has fallen neither names nor duties nor pictures.
Leaves out the layout (templates/) and the answering (public/, api/).
"""

import json
import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, cast

from plaques.design.library import DesignLibrary
from store.calendar import office_day
from store.codes import PROOF_CODE, PlateCode, PlateNumber
from store.lookup import Scan, scan_codes, scan_numbers
from store.records import Copy, Face, Product, Stage
from store.refusals import Refusal
from store.register import Register
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict, unverifiable
from store.terms import plate_kind_en, plate_kind_zh
from verify.languages import Language, language
from verify.pictures import height_px
from verify.watching import Answer

_log = logging.getLogger(__name__)

STATUS: dict[Verdict, int] = {Verdict.UNKNOWN: 404, Verdict.UNVERIFIABLE: 503}
"""The HTTP status of a verdict; every known one answers 200."""

PICTURE_WIDTH_PX = 960
DATES_KEPT = 4096
"""How many dates stay written out, so that scans need not write the same ones again and again."""

CHECKS_KEPT = 64
"""How many moments of looking stay written out: scans that are read together share one."""

BARE = frozenset({Verdict.REVOKED, Verdict.UNKNOWN, Verdict.UNVERIFIABLE})
"""Verdicts under which not even the post is named (F22); names and duties show only while a plate stands."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """How a plate was asked for: by the code in its matrix, or by the number in letters.

    An address that is neither is kept as it came, and answers like a code nobody carries.
    """

    path: str
    code: PlateCode | None = None
    number: PlateNumber | None = None

    @property
    def is_proof(self) -> bool:
        """Whether this is the code that every proof carries."""
        return self.code is not None and self.code.text == PROOF_CODE.text

    @property
    def key(self) -> str:
        """What the register is asked for; what is neither code nor number is like a code nobody carries."""
        return str(self.number) if self.number is not None else (self.code or PROOF_CODE).text


def address_of_code(text: str) -> Address:
    """Read the address behind `/{code}`."""
    try:
        code = PlateCode.parse(text)
    except Refusal:
        return Address(path="/-")
    return Address(path=f"/{code.text}", code=code)


def address_of_number(text: str) -> Address:
    """Read the address behind `/number/{number}`."""
    try:
        number = PlateNumber.parse(text)
    except Refusal:
        return Address(path="/number/-")
    return Address(path=f"/number/{number}", number=number)


class Source(Protocol):
    """What plates are looked up with; a site is one."""

    @property
    def register(self) -> Register:
        """The register."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The aware present."""


def look_up(site: Source, address: Address) -> Scan:
    """Ask the register; what cannot be read is unverifiable, never an earlier answer."""
    now = site.clock()
    try:
        [scan] = scans_at(site.register, [address], now)
    except Exception as error:  # noqa: BLE001 - whatever fails while reading, no plate may be taken as valid
        return doubted(error, now)
    return scan


def doubted(error: Exception, now: datetime) -> Scan:
    """Return what a scan tells that could not be answered, and have it logged."""
    _log.warning("a scan could not be answered", exc_info=error)
    return Scan(copy=None, standing=unverifiable(now))


def scans_at(register: Register, addresses: Sequence[Address], now: datetime) -> list[Scan]:
    """Ask at once for all that is at some addresses; raises what the register does."""
    codes = {each.key for each in addresses if each.number is None}
    numbers = {each.key for each in addresses} - codes
    found = scan_codes(register, codes, now) if codes else {}
    if numbers:
        found |= scan_numbers(register, numbers, now)
    return [found[each.key] for each in addresses]


@dataclass(frozen=True)
class PlateQuestions:
    """What open pages ask, each by the address it was opened at."""

    register: Register
    clock: Callable[[], datetime]

    def answers(self, about: Sequence[Hashable]) -> list[Answer]:
        """Return what holds for plates now, asked at once for all; raises what the register does."""
        addresses = [cast("Address", each) for each in about]
        return list(map(_answer, scans_at(self.register, addresses, self.clock())))

    def doubt(self) -> Answer:
        """Return that nothing can be verified."""
        return _answer(Scan(copy=None, standing=unverifiable(self.clock())))


def _answer(scan: Scan) -> Answer:
    standing = scan.standing
    return Answer(
        text=json.dumps(plate_json(scan), ensure_ascii=False),
        essence=(standing.verdict, standing.since, standing.successor),
        followed=standing.verdict is not Verdict.UNKNOWN,
    )


def plate_json(scan: Scan) -> dict[str, object]:
    """Return the scan as machines read it (contract: standing, checked_at, plate)."""
    standing = scan.standing
    return {
        "standing": standing.verdict.value,
        "standing_zh": VERDICT_ZH[standing.verdict],
        "standing_en": VERDICT_EN[standing.verdict],
        "checked_at": _utc(standing.checked_at),
        "since": _utc(standing.since) if standing.since else None,
        "successor": standing.successor,
        "plate": _plate(scan, scan.copy) if scan.copy else None,
    }


def _plate(scan: Scan, copy: Copy) -> dict[str, object]:
    plate: dict[str, object] = {
        "number": copy.id,
        "product": copy.product.value,
        "stage": copy.stage.value,
        "branch": copy.face.branch_name,
    }
    if scan.standing.verdict in BARE:
        return plate
    plate |= {"post_name": copy.face.post_name, "place": scan.place, "issued_at": _utc(copy.issued_at)}
    return plate | _face(copy.face) | _publicity(scan) if scan.standing.stands else plate


def _face(face: Face) -> dict[str, object]:
    return {
        "heading": face.heading,
        "duties": face.duties,
        "member_count": face.member_count,
        "names": list(face.names),
        "holder": face.holder or None,
        "holder_title": face.holder_title or None,
        "issuer": face.issuer,
        "dated_on": face.dated_on.isoformat(),
        "mark": face.mark or None,
    }


def _publicity(scan: Scan) -> dict[str, object]:
    return {
        "commitment": scan.commitment or None,
        "deeds": [{"title": each.title, "text": each.text} for each in scan.deeds],
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True)
class Deed:
    """An exemplary deed as a page tells it: two texts."""

    title: str
    text: str


class PlateView(NamedTuple):
    """What a scan page says: the verdict, and of the plate only what may be shown under it.

    Every scan makes one, and as a tuple in a fifth of the time that a frozen dataclass takes.

    There are two kinds of fields, told apart by their types. A `str`, alone or in a tuple, is a text: dates
    are written out already, and what may not be shown is empty. A template may print a text and ask whether
    it is empty, and nothing else: it compares, measures and filters none. All others are choices: a template
    may branch on them as it likes, also on the properties and on how many names and deeds there are.
    """

    language: Language
    verdict: Verdict
    stands: bool
    is_proof: bool
    path: str
    checked_at: str
    checked_at_utc: str

    product: Product | None = None
    stage: Stage | None = None
    member_count: int = 0
    picture_height: int = 0

    since: str = ""
    successor: str = ""
    number: str = ""
    post_name: str = ""
    branch: str = ""
    place: str = ""
    heading: str = ""
    duties: str = ""
    names: tuple[str, ...] = ()
    holder: str = ""
    holder_title: str = ""
    issuer: str = ""
    dated_on: str = ""
    made_on: str = ""
    mark: str = ""
    commitment: str = ""
    deeds: tuple[Deed, ...] = ()

    @property
    def word(self) -> str:
        """The verdict in the page's language."""
        return self.language.pick(VERDICT_ZH[self.verdict], VERDICT_EN[self.verdict])

    @property
    def kind(self) -> str:
        """What the printed thing is, in the page's language; nothing where there is no plate."""
        if self.product is None or self.stage is None:
            return ""
        return self.language.pick(
            plate_kind_zh(self.product, self.stage), plate_kind_en(self.product, self.stage)
        )


def plate_view(address: Address, scan: Scan, spoken: Language, designs: DesignLibrary) -> PlateView:
    """Return the scan as a page in a language shows it."""
    standing, tag = scan.standing, spoken.tag
    checked_at, checked_at_utc = _checked(tag, standing.checked_at)
    told: dict[str, Any] = {
        "language": spoken,
        "verdict": standing.verdict,
        "stands": standing.stands,
        "is_proof": address.is_proof,
        "path": address.path,
        "checked_at": checked_at,
        "checked_at_utc": checked_at_utc,
        "since": _moment_in(tag, standing.since.replace(microsecond=0)) if standing.since else "",
        "successor": standing.successor or "",
    }
    if scan.copy is not None:
        _show(told, address, scan, scan.copy, designs)
    return PlateView(**told)


def _show(told: dict[str, Any], address: Address, scan: Scan, copy: Copy, designs: DesignLibrary) -> None:
    """Add of a copy what may be shown: all while it stands, and once the title has fallen not the post."""
    told["product"], told["stage"] = copy.product, copy.stage
    told["number"], told["branch"] = copy.id, copy.face.branch_name
    if scan.standing.stands:
        told |= _printed(scan, copy, told["language"].tag)
        told["picture_height"] = _picture_height(address, copy, designs)
    elif scan.standing.verdict not in BARE:
        told["post_name"] = copy.face.post_name


def _printed(scan: Scan, copy: Copy, tag: str) -> dict[str, Any]:
    face = copy.face
    return {
        "post_name": face.post_name,
        "heading": face.heading,
        "duties": face.duties,
        "member_count": face.member_count,
        "names": face.names,
        "holder": face.holder,
        "holder_title": face.holder_title,
        "issuer": face.issuer,
        "mark": face.mark,
        "dated_on": _day_in(tag, face.dated_on),
        "made_on": _day_in(tag, office_day(copy.issued_at)),
        "place": scan.place,
        "commitment": scan.commitment,
        "deeds": tuple(Deed(title=each.title, text=each.text) for each in scan.deeds),
    }


def _picture_height(address: Address, copy: Copy, designs: DesignLibrary) -> int:
    """Return how high the picture is; there is none for a number, since it would give the code away."""
    if address.code is None:
        return 0
    return height_px(designs, copy.product, copy.design, copy.size, PICTURE_WIDTH_PX)


@lru_cache(maxsize=CHECKS_KEPT)
def _checked(tag: str, moment: datetime) -> tuple[str, str]:
    return _moment_in(tag, moment.replace(microsecond=0)), _utc(moment)


@lru_cache(maxsize=DATES_KEPT)
def _moment_in(tag: str, moment: datetime) -> str:
    return language(tag).moment(moment)


@lru_cache(maxsize=DATES_KEPT)
def _day_in(tag: str, day: date) -> str:
    return language(tag).day(day)
