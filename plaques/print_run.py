"""The print run: from an approved post to one finished file, read back before it is let out.

Knows the walk: plan copies, compose, preflight, impose, draw, read back. Pure: codes, time and numbers come
in as arguments, bytes and values go out; a refusal leaves nothing behind. Leaves out who may print, the
register and where files go.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, groupby, islice
from urllib.parse import urlsplit

from plaques.artwork.emblem import shows_in_pixels
from plaques.composition.compose import compose, compose_back
from plaques.design.model import Design
from plaques.drawing.pdf import Inks, draw_pdf
from plaques.marks import Page
from plaques.preflight.plate import PLATE_CHECKS, Plate, check_base_url, check_plate
from plaques.preflight.read_back import Leaf, Witness
from plaques.preflight.report import Report
from plaques.preflight.shared import Grounds, check_shared
from plaques.press.folding import tent
from plaques.press.impose import Imposition, Sheet, impose, impose_both, places_on
from plaques.qr import Matrix, encode, encode_batch
from store.codes import PlateCode, PlateNumber
from store.plates import Copy, Face, Member, PostContent, Product, Stage
from store.refusals import Refusal

PROOF_MARK = "样张"
"""What lies across every proof and every demonstration copy."""

_PER_MEMBER = frozenset({Product.BADGE, Product.DESK})
_NOTHING = Report(copies=(), pages=0, raster_dpi=0, rasterised=frozenset())


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to print for one post; `replaces` gives the copy each holder's new one takes the place of.

    A product of the post as a whole has the holder ''.
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
    mark: str = ""
    replaces: Mapping[str, str] = field(default_factory=dict)


class NoBack(Refusal):
    """A design has no back to print. Remedy: one side, or a design with a back."""

    reason_zh = "设计“{design}”（{size}）没有背面，不能双面印制。"
    reason_en = "The design {design!r} ({size}) has no back, so that nothing can be printed on both sides."
    remedy_zh = "请去掉 --duplex，或改用有背面的设计。"
    remedy_en = "Leave --duplex out, or choose a design with a back."


@dataclass(frozen=True, kw_only=True)
class PrintSettings:
    """Where the codes lead, the design, what the copies are laid on, and in which inks."""

    base_url: str
    design: Design
    imposition: Imposition = field(default_factory=Imposition)
    inks: Inks = "rgb"
    duplex: bool = False

    def __post_init__(self) -> None:
        if self.duplex and self.design.layout.back is None:
            raise NoBack(design=self.design.name, size=self.design.size)


@dataclass(frozen=True, kw_only=True)
class Declined:
    """A post that cannot be printed, and why."""

    post_id: str
    refusal: Refusal


@dataclass(frozen=True, kw_only=True)
class PrintedFile:
    """A finished PDF, what preflight found, and the posts that are not in it; `content` may be empty."""

    content: bytes
    report: Report
    declined: tuple[Declined, ...] = ()


def plan_copies(order: Order, design: Design, choose_code: Callable[[], PlateCode]) -> tuple[Copy, ...]:
    """Return the copies an order asks for: a badge or desk plate per member (F8), else one for the post."""
    return tuple(
        _copy(order, design, member, serial, choose_code())
        for serial, member in enumerate(_holders(order), start=order.next_serial)
    )


def prepare(copies: Sequence[Copy], settings: PrintSettings) -> PrintedFile:
    """Make the file of these copies, all of the settings' design, and read it back.

    A post of which one copy is refused is left out whole, and the refusal comes with the file.

    Raises:
        UnfitBaseUrl: a copy is not marked 样张 and the codes would not lead to a public address.
        Refusal: what stops the whole file: the sheet, or what is read back from it.

    """
    _check_one_design(copies, settings.design)
    if not all(copy.face.mark for copy in copies):
        check_base_url(settings.base_url)
    return _printed(copies, settings)


def preview_png(copy: Copy, design: Design, *, base_url: str, width_px: int) -> bytes:
    """Return a picture of a copy as it is printed, so many pixels wide, without an emblem too coarse to show.

    Raises:
        Refusal: as for a copy that `prepare` declines.

    """
    from plaques.drawing.png import draw_png  # noqa: PLC0415 -- for screens only, and what it draws with loads slowly

    shown = _without_coarse_emblems(design, width_px / design.layout.width_mm)
    url = PlateCode(copy.code).url(base_url)
    matrix = encode(url, design.layout.code.level)
    plate = _plate(copy, url, matrix, PrintSettings(base_url=base_url, design=shown))
    return draw_png(plate.page, width_px=width_px)


def _without_coarse_emblems(design: Design, pixels_per_mm: float) -> Design:
    """Return the design without emblems that a raster is too coarse to show as they are supplied."""
    artworks = design.layout.artworks
    kept = tuple(
        place
        for place in artworks
        if place.role != "emblem" or shows_in_pixels(place.box, design.artwork[place.file], pixels_per_mm)
    )
    if kept == artworks:
        return design
    return replace(design, layout=replace(design.layout, artworks=kept))


def printed_host(base_url: str) -> str:
    """Return the address as printed in letters: without scheme and closing slash."""
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def _check_one_design(copies: Sequence[Copy], design: Design) -> None:
    kinds = {(copy.product, copy.design, copy.size) for copy in copies}
    if kinds != {(design.product, design.name, design.size)}:
        raise ValueError(f"one file holds copies of one product, design and size, not {sorted(kinds)}")


def _printed(copies: Sequence[Copy], settings: PrintSettings) -> PrintedFile:
    """Compose, lay and draw post by post, so that no more of a file is held than its finished pages."""
    declined: list[Declined] = []
    plates = _sound_plates(copies, settings, declined)
    first = next(plates, None)
    if first is None:
        return PrintedFile(content=b"", report=_NOTHING, declined=tuple(declined))
    content, report = _drawn(first, chain([first], plates), len(copies), settings)
    return PrintedFile(content=content, report=report, declined=tuple(declined))


def _drawn(first: Plate, plates: Iterator[Plate], most: int, settings: PrintSettings) -> tuple[bytes, Report]:
    """Draw the plates, no more than so many, and read them back."""
    design, grounds = settings.design, Grounds()
    places = places_on(first.page, settings.imposition)
    leaves = _leaves(grounds.seen(plates), places, settings)
    witness = Witness(pages=-(-(most + settings.imposition.skip) // places) * (1 + settings.duplex))
    pages = witness.watched(_engraved(leaves) if design.outlines else leaves)
    content = draw_pdf(pages, title=first.face.heading, inks=settings.inks)
    report = witness.report(content, raster_dpi=design.layout.raster_dpi)
    shared = check_shared(grounds.firsts, design, bleed_mm=settings.imposition.bleed_mm)
    checks = (*PLATE_CHECKS, *shared.checks, *report.checks)
    return content, replace(report, checks=checks, findings=shared.findings)


def _sound_plates(
    copies: Sequence[Copy], settings: PrintSettings, declined: list[Declined]
) -> Iterator[Plate]:
    """Yield the plates of each post that is sound throughout; the others are declined."""
    urls = [PlateCode(copy.code).url(settings.base_url) for copy in copies]
    matrices = encode_batch(urls, settings.design.layout.code.level)
    coded = zip(copies, urls, matrices, strict=True)
    for post_id, of_post in groupby(coded, key=lambda each: each[0].post_id):
        try:
            plates = [_plate(copy, url, matrix, settings) for copy, url, matrix in of_post]
        except Refusal as refusal:
            declined.append(Declined(post_id=post_id, refusal=refusal))
        else:
            yield from plates


_FOLDS: Mapping[str, Callable[[Page], Page]] = {"none": lambda page: page, "tent": tent}


def _plate(copy: Copy, url: str, matrix: Matrix, settings: PrintSettings) -> Plate:
    design, host = settings.design, printed_host(settings.base_url)
    front = compose(copy, url=url, matrix=matrix, host=host, design=design)
    back = compose_back(copy, url=url, matrix=matrix, host=host, design=design) if settings.duplex else None
    page = _FOLDS[design.layout.fold](front)
    plate = Plate(number=copy.id, face=copy.face, url=url, front=front, page=page, back=back)
    check_plate(plate, design)
    return plate


def _leaves(plates: Iterable[Plate], places: int, settings: PrintSettings) -> Iterator[Leaf]:
    """Lay the plates on sheets; with both sides, each sheet of fronts is followed by that of their backs."""
    waiting, imposition = iter(plates), settings.imposition
    # where nothing is left on the sheet, laying even one plate on it says so
    while on_sheet := tuple(islice(waiting, max(1, places - imposition.skip))):
        for sheet in _sheets(on_sheet, imposition, settings):
            yield Leaf(sheet=sheet, plates=on_sheet)
        imposition = replace(imposition, skip=0)


def _sheets(plates: Sequence[Plate], imposition: Imposition, settings: PrintSettings) -> Iterator[Sheet]:
    fronts = [plate.page for plate in plates]
    if not settings.duplex:
        return iter(impose(fronts, imposition))
    backs = [plate.back for plate in plates if plate.back is not None]
    return chain.from_iterable(impose_both(fronts, backs, imposition))


def _engraved(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    from plaques.drawing.engraving import Engraver  # noqa: PLC0415 -- what reads outlines loads slowly

    engraver = Engraver()
    for leaf in leaves:
        yield replace(leaf, sheet=replace(leaf.sheet, page=engraver.engraved(leaf.sheet.page)))


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
