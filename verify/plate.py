"""How a scan is told: the same facts as JSON for machines and as a view for pages.

Knows what may be shown under each verdict: once a title has fallen neither names nor duties nor pictures.
Leaves out the layout (templates/) and the answering (public/, api/).
"""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from store.codes import PROOF_CODE, PlateCode, PlateNumber
from store.lookup import Scan, scan_code, scan_number
from store.records import Copy, ExemplaryDeed, Face
from store.refusals import Refusal
from store.standing import VERDICT_EN, VERDICT_ZH, Standing, Verdict, unverifiable
from store.terms import plate_kind_zh
from verify.live import Answer
from verify.site import Site

_log = logging.getLogger(__name__)

STATUS: dict[Verdict, int] = {Verdict.UNKNOWN: 404, Verdict.UNVERIFIABLE: 503}
"""The HTTP status of a verdict; every known one answers 200."""

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
        return self.code == PROOF_CODE


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


def look_up(site: Site, address: Address) -> Scan:
    """Ask the register; what cannot be read is unverifiable, never an earlier answer."""
    now = site.clock()
    try:
        if address.number is not None:
            return scan_number(site.register, str(address.number), now)
        return scan_code(site.register, address.code or PROOF_CODE, now)
    except Exception as error:  # noqa: BLE001 - whatever fails while reading, no plate may be taken as valid
        _log.warning("a scan could not be answered: %r", error, exc_info=not isinstance(error, Refusal))
        return Scan(copy=None, standing=unverifiable(now))


def answer_for(site: Site, address: Address) -> Answer:
    """Return what an open page is told, with everything but the time as the essence."""
    answer = plate_json(look_up(site, address))
    essence = {key: value for key, value in answer.items() if key != "checked_at"}
    return Answer(text=json.dumps(answer, ensure_ascii=False), essence=essence)


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
class PlateView:
    """What the scan page says: the verdict, and of the plate only what may be shown under it."""

    address: Address
    standing: Standing
    copy: Copy | None
    place: str = ""
    commitment: str = ""
    deeds: tuple[ExemplaryDeed, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The one word of the scan."""
        return self.standing.verdict

    @property
    def word(self) -> str:
        """The verdict in Chinese."""
        return VERDICT_ZH[self.verdict]

    @property
    def english(self) -> str:
        """The verdict in English."""
        return VERDICT_EN[self.verdict]

    @property
    def post_named(self) -> bool:
        """Whether the post may be named."""
        return self.copy is not None and self.verdict not in BARE

    @property
    def pictured(self) -> bool:
        """Whether the picture may be shown: it holds the code, which a number must not give away."""
        return self.standing.stands and self.address.code is not None

    @property
    def kind(self) -> str:
        """What the printed thing is, in Chinese."""
        return plate_kind_zh(self.copy.product, self.copy.stage) if self.copy else ""


def plate_view(address: Address, scan: Scan) -> PlateView:
    """Return the scan as the page shows it; the post's commitment only while the plate stands (F34)."""
    commitment = scan.commitment if scan.standing.stands else ""
    return PlateView(
        address=address,
        standing=scan.standing,
        copy=scan.copy,
        place=scan.place,
        commitment=commitment,
        deeds=scan.deeds,
    )
