"""Planning a print run: what is to be printed of each post, read from the register one post at a time.

Knows which plates are out already and which of them a run replaces, keeps or asks about. Leaves out drawing
(plaques/), portions (portions.py) and files (placing.py).
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from gangpai.batch import SHEETS_EACH, Declined, Plan
from gangpai.office import Office
from plaques.design.model import Design
from plaques.drawing.pdf import Inks
from plaques.name_order import NameOrder, order_names
from plaques.press.impose import Imposition
from plaques.print_run import PROOF_MARK, Order, plan_copies
from store.acts.issue import check_printable, check_product
from store.calendar import office_day
from store.codes import CODE_BITS, PROOF_CODE, PlateCode, PlateNumber
from store.dossier import Dossier, dossier_of
from store.lookup import place_of
from store.recalls import lines_in_force, outstanding
from store.records import Copy, Damage, Face, Post, PostContent, Product, Stage
from store.refusals import Refusal
from store.register import Reader

_PROOF_SERIAL = 0


class AlreadyPrinted(Refusal):
    """The post has these plates, and they are out. Remedy: --force replaces them and calls them back."""

    clause_id = "F19"
    reason_zh = "岗位{post_id}已制发：{numbers_zh}。"
    reason_en = "Post {post_id} has its plates already: {numbers}."
    remedy_zh = (
        "确需换发的，请选“全部换发”（命令行 --force）：旧牌转为已换发并须收回。"
        "只换发内容有变动的，请选“换发有变动的”（--changed）。"
    )
    remedy_en = (
        "To replace them, choose to replace all (--force): the old ones become replaced and must come back. "
        "To replace only those that would say something else now, choose what changed (--changed)."
    )


class Again(StrEnum):
    """What becomes of plates that are out and good: they interrupt, all are replaced, or the changed ones."""

    ASK = "ask"
    ALL = "all"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a copy is to look; an empty design or size means the product's own."""

    design: str = ""
    size: str = ""
    inks: Inks = "rgb"
    duplex: bool = False
    names_by: NameOrder = NameOrder.LISTED


@dataclass(frozen=True, kw_only=True)
class Labour:
    """How a batch is shared out: sheets in a file at most, and so many processes, 0 for one on each core.

    Where there is the address of a `scheduler`, its workers draw instead.
    """

    portion: int = SHEETS_EACH
    jobs: int = 0
    scheduler: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to print, how and where to; without a `stage`, each post's own."""

    product: Product
    out: Path
    stage: Stage | None = None
    proof: bool = False
    again: Again = Again.ASK
    preview: bool = False
    pack: bool = False
    look: Look = field(default_factory=Look)
    imposition: Imposition = field(default_factory=Imposition)
    labour: Labour = field(default_factory=Labour)


def design_of(office: Office, job: Job) -> Design:
    """Return the design a job is printed in.

    On a sheet of which the design has a version it is that version: no office printer takes the default.

    Raises:
        UnknownDesign, BadDesign: there is no such design or size, or it cannot be used.

    """
    library, look, sheet = office.designs, job.look, job.imposition.sheet
    own = sheet if sheet in library.sizes(job.product, look.design) else ""
    return library.design(job.product, look.design, look.size or own)


def every_post(office: Office) -> list[str]:
    """Return the numbers of all posts, in order."""
    return sorted(post.id for post in office.register.iterate(Post))


def plans(office: Office, job: Job, post_ids: Iterable[str]) -> Iterator[Plan | Declined]:
    """Plan post after post, each when it is asked for; what cannot be printed is told instead."""
    for post_id in post_ids:
        yield _planned(office, job, post_id)


def plans_of_all(office: Office, job: Job, post_ids: Iterable[str]) -> Iterator[Plan | Declined]:
    """Plan as `plans` does, the posts that are closed or not approved passed over."""
    for post_id in post_ids:
        if _may_have_plates(office, job, post_id):
            yield _planned(office, job, post_id)


def _may_have_plates(office: Office, job: Job, post_id: str) -> bool:
    with office.register.snapshot() as reader:
        dossier = dossier_of(reader, post_id)
    return dossier.is_open and bool(dossier.approval or job.proof)


def _planned(office: Office, job: Job, post_id: str) -> Plan | Declined:
    try:
        return _plan(office, job, post_id)
    except Refusal as refusal:
        return Declined(subject=post_id, refusal=refusal)


def _plan(office: Office, job: Job, post_id: str) -> Plan:
    with office.register.snapshot() as reader:
        dossier = dossier_of(reader, post_id)
        check_product(dossier, job.product)
        stage = job.stage or dossier.stage
        order = _order(office, job, dossier, stage)
        if job.proof:
            return Plan(post_id=post_id, stage=stage, copies=_proof_copies(order, design_of(office, job)))
        check_printable(dossier, stage, office.authority())
        return _plan_copies(reader, order, office, job)


def _order(office: Office, job: Job, dossier: Dossier, stage: Stage) -> Order:
    return Order(
        post_id=dossier.post.id,
        branch_id=dossier.branch.id,
        branch_name=dossier.branch.name,
        application_id=(dossier.approved or dossier.latest).id,
        content=_ordered(dossier.latest.content if job.proof else _content_in_force(dossier), job),
        stage=stage,
        heading=office.policy.headings[stage],
        product=job.product,
        issuer=office.policy.committee_name,
        dated_on=_dated_on(office, dossier, stage),
        next_serial=1,
        issued_at=office.now(),
        mark=PROOF_MARK if job.proof or office.settings.demo else "",
    )


def _content_in_force(dossier: Dossier) -> PostContent:
    return replace(dossier.content, members=dossier.members)


def _ordered(content: PostContent, job: Job) -> PostContent:
    places = order_names([member.name for member in content.members], job.look.names_by).places
    return replace(content, members=tuple(content.members[place] for place in places))


def _dated_on(office: Office, dossier: Dossier, stage: Stage) -> date:
    if stage is Stage.TITLE and dossier.award:
        return dossier.award.awarded_on
    return office_day(dossier.approval.approved_at if dossier.approval else office.now())


def _proof_copies(order: Order, design: Design) -> tuple[Copy, ...]:
    """Return copies that are never issued: one number and one code, which says that it is a proof."""
    number = str(PlateNumber(order.post_id, _PROOF_SERIAL))
    return tuple(replace(each, id=number) for each in plan_copies(order, design, lambda: PROOF_CODE))


def _plan_copies(reader: Reader, order: Order, office: Office, job: Job) -> Plan:
    """Plan what is not out yet, and of what is out as much as the job wants anew, to be replaced.

    A plate of the other stage that is out is replaced without asking: that is the swap after an award (F12).
    So is one that was reported damaged, or called back when its holder left, who is back now (F19).
    """
    issued = reader.find(Copy, post_id=order.post_id)
    out = {each.face.holder: each for each in _in_use(reader, issued) if each.product is order.product}
    good = {holder: copy for holder, copy in out.items() if _is_good(reader, copy, order.stage)}
    order = replace(
        order,
        next_serial=_next_serial(issued),
        replaces={holder: copy.id for holder, copy in out.items()},
    )
    copies = plan_copies(order, design_of(office, job), _new_code)
    wanted = [each for each in copies if _is_wanted(each, good.get(each.face.holder), job)]
    if not wanted and job.again is Again.ASK:
        raise _already_printed(reader, order, good)
    return Plan(
        post_id=order.post_id,
        stage=order.stage,
        copies=tuple(_numbered(wanted, order)),
        kept=len(copies) - len(wanted),
    )


def _is_wanted(new: Copy, old: Copy | None, job: Job) -> bool:
    """Whether a copy is to be printed where `old` is out and good, or nothing is."""
    if old is None or job.again is Again.ALL:
        return True
    return job.again is Again.CHANGED and _differs(new, old, job)


def _differs(new: Copy, old: Copy, job: Job) -> bool:
    """Whether a new copy would say something else, or look as the job asks and the old one does not."""
    as_asked = (job.look.design and new.design, job.look.size and new.size)
    as_it_is = (job.look.design and old.design, job.look.size and old.size)
    return as_asked != as_it_is or _printed_words(new.face) != _printed_words(old.face)


def _printed_words(face: Face) -> Face:
    """Return what a change would be seen in: neither the day nor 样张; on a member's own, no other names."""
    names = ("",) * face.member_count if face.holder else face.names
    return replace(face, dated_on=date.min, mark="", names=names)


def _already_printed(reader: Reader, order: Order, good: Mapping[str, Copy]) -> AlreadyPrinted:
    where = [f"{each.id}（{place_of(reader, each)}{each.face.holder}）" for each in good.values()]
    return AlreadyPrinted(
        post_id=order.post_id,
        numbers_zh="；".join(where),
        numbers="、".join(each.id for each in good.values()),
    )


def _in_use(reader: Reader, copies: Sequence[Copy]) -> list[Copy]:
    replaced = {copy.replaces for copy in copies}
    return [each for each in outstanding(reader, copies) if each.id not in replaced]


def _is_good(reader: Reader, copy: Copy, stage: Stage) -> bool:
    is_kept = not lines_in_force(reader, copy) and not reader.find(Damage, copy_id=copy.id)
    return copy.stage is stage and is_kept


def _next_serial(issued: Sequence[Copy]) -> int:
    return max((PlateNumber.parse(copy.id).serial for copy in issued), default=0) + 1


def _numbered(copies: Sequence[Copy], order: Order) -> Iterator[Copy]:
    for serial, copy in enumerate(copies, start=order.next_serial):
        yield replace(copy, id=str(PlateNumber(order.post_id, serial)))


def _new_code() -> PlateCode:
    return PlateCode.from_bits(secrets.randbits(CODE_BITS))
