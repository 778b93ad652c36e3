"""The print run: from an approved post to one finished file, read back before it is let out.

Knows the walk: plan copies, compose, preflight, impose, draw, read back. Pure: codes, time and numbers come
in as arguments, bytes and values go out; a refusal leaves nothing behind. Leaves out who may print, the
register and where files go.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from plaques.compose import compose
from plaques.design import Design, load_design
from plaques.impose import SINGLE, impose
from plaques.pdf import draw_pdf
from plaques.png import draw_png
from plaques.preflight import Plate, Report, check_base_url, check_plate, read_back
from store.codes import PROOF_CODE, PlateCode, PlateNumber
from store.records import Copy, Face, Member, PostContent, Product, Stage

PROOF_MARK = "样张"
"""What lies across every proof and every demonstration copy."""

_PER_MEMBER = frozenset({Product.BADGE, Product.DESK})
_PROOF_SERIAL = 0


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to print for one post; `replaces` gives the copy each holder's new one takes the place of.

    A product of the post as a whole has the holder ''. Empty `design` and `size` mean the product's defaults.
    """

    post_id: str
    branch_id: str
    branch_name: str
    application_id: str
    content: PostContent
    stage: Stage
    heading: str
    product: Product
    issuer: str
    dated_on: date
    next_serial: int
    issued_at: datetime
    design: str = ""
    size: str = ""
    mark: str = ""
    replaces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PrintSettings:
    """Where the codes lead and what the copies are laid on."""

    base_url: str
    sheet: str = SINGLE
    skip: int = 0


@dataclass(frozen=True, kw_only=True)
class PrintedFile:
    """A finished PDF and what preflight found."""

    content: bytes
    report: Report


def plan_copies(order: Order, choose_code: Callable[[], PlateCode]) -> tuple[Copy, ...]:
    """Return the copies an order asks for: a badge or desk plate per member (F8), else one for the post.

    Raises:
        UnknownDesign: the order names a product, design or size that does not exist.

    """
    design = load_design(order.product, order.design, order.size)
    return tuple(
        _copy(order, design, member, serial, choose_code())
        for serial, member in enumerate(_holders(order), start=order.next_serial)
    )


def prepare(copies: Sequence[Copy], settings: PrintSettings) -> PrintedFile:
    """Make the file of these copies, all of one product, design and size, and read every copy back from it.

    Raises:
        UnfitBaseUrl: a copy is not marked 样张 and the codes would not lead to a public address.
        Refusal: compose, preflight or impose refuse one of the copies.

    """
    if not all(copy.face.mark for copy in copies):
        check_base_url(settings.base_url)
    return _printed(copies, settings)


def prepare_proof(orders: Sequence[Order], settings: PrintSettings) -> PrintedFile:
    """Make a 样张 proof of these orders; it issues nothing, and its codes say that it is a proof.

    Raises:
        Refusal: compose, preflight or impose refuse one of the pages.

    """
    return _printed([copy for order in orders for copy in _proof_copies(order)], settings)


def preview_png(copy: Copy, *, base_url: str, width_px: int) -> bytes:
    """Return a picture of a copy exactly as it is printed, this many pixels wide."""
    design = load_design(copy.product, copy.design, copy.size)
    return draw_png(_plate(copy, design, base_url).page, width_px=width_px)


def printed_host(base_url: str) -> str:
    """Return the address as printed in letters: without scheme and closing slash."""
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def _printed(copies: Sequence[Copy], settings: PrintSettings) -> PrintedFile:
    design = _common_design(copies)
    plates = [_plate(copy, design, settings.base_url) for copy in copies]
    for plate in plates:
        check_plate(plate, clear_mm=design.layout.clear_mm)
    sheets = impose([plate.page for plate in plates], sheet=settings.sheet, skip=settings.skip)
    content = draw_pdf([sheet.page for sheet in sheets], title=_title(copies))
    report = read_back(content, sheets, plates, raster_dpi=design.layout.raster_dpi)
    return PrintedFile(content=content, report=report)


def _common_design(copies: Sequence[Copy]) -> Design:
    kinds = {(copy.product, copy.design, copy.size) for copy in copies}
    if len(kinds) != 1:
        raise ValueError(f"one file holds copies of one product, design and size, not {sorted(kinds)}")
    return load_design(*kinds.pop())


def _plate(copy: Copy, design: Design, base_url: str) -> Plate:
    url = PlateCode(copy.code).url(base_url)
    page = compose(copy.face, code_url=url, number=copy.id, host=printed_host(base_url), design=design)
    return Plate(number=copy.id, face=copy.face, url=url, page=page)


def _title(copies: Sequence[Copy]) -> str:
    first, last = copies[0], copies[-1]
    numbers = first.id if first is last else f"{first.id} – {last.id}"
    return f"{first.face.heading} {numbers}"


def _holders(order: Order) -> Sequence[Member | None]:
    return order.content.members if order.product in _PER_MEMBER else (None,)


def _copy(order: Order, design: Design, member: Member | None, serial: int, code: PlateCode) -> Copy:
    face = _face(order, member)
    return Copy(
        id=str(PlateNumber(order.post_id, serial)),
        code=code.text,
        post_id=order.post_id,
        branch_id=order.branch_id,
        application_id=order.application_id,
        product=order.product,
        stage=order.stage,
        design=design.name,
        size=design.size,
        face=face,
        place=order.content.place,
        issued_at=order.issued_at,
        replaces=order.replaces.get(face.holder),
    )


def _face(order: Order, member: Member | None) -> Face:
    content = order.content
    return Face(
        heading=order.heading,
        post_name=content.name,
        duties=content.duties,
        member_count=len(content.members),
        names=tuple(one.name for one in content.members),
        holder=member.name if member else "",
        holder_title=member.title if member else "",
        branch_name=order.branch_name,
        issuer=order.issuer,
        dated_on=order.dated_on,
        mark=order.mark,
    )


def _proof_copies(order: Order) -> list[Copy]:
    design = load_design(order.product, order.design, order.size)
    marked = replace(order, mark=PROOF_MARK)
    return [_copy(marked, design, member, _PROOF_SERIAL, PROOF_CODE) for member in _holders(order)]
