"""Printing for real: from post numbers to a file in place, the register written before the paper.

Knows the order of the steps and the files' names. Leaves out the drawing (plaques/) and who may print what
(store/acts/issue.py). A post that cannot be printed does not keep the others from it.
"""

import csv
import io
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gangpai.office import Office
from gangpai.terminal import Declined
from plaques.design_library import load_design
from plaques.impose import SINGLE
from plaques.preflight import Report, check_base_url
from plaques.print_run import (
    PROOF_MARK,
    Order,
    PrintedFile,
    PrintSettings,
    plan_copies,
    prepare,
    prepare_proof,
    preview_png,
)
from store.acts.issue import check_printable, issue_copies
from store.calendar import office_day
from store.codes import CODE_BITS, PlateCode, PlateNumber
from store.dossier import Dossier, dossier_of
from store.recalls import lines_in_force, outstanding
from store.records import Copy, Damage, PostContent, Product, Stage
from store.refusals import Refusal
from store.register import Reader
from store.terms import plate_kind_zh

PREVIEW_WIDTH_PX = 1600
_NOWHERE = "https://not-set.invalid"
"""Where a proof's code points while no base URL is set; nothing can ever answer there (RFC 6761)."""


class AlreadyPrinted(Refusal):
    """The post has these plates, and they are out. Remedy: --force replaces them and calls them back."""

    clause_id = "F19"
    reason_zh = "岗位{post_id}已制发：{numbers_zh}。"
    reason_en = "Post {post_id} has its plates already: {numbers}."
    remedy_zh = "确需换发的，请加 --force：旧牌转为已换发并须收回。"
    remedy_en = "To replace them, say --force: the old ones become replaced and must come back."


class NothingToPrint(Refusal):
    """No post is in a state to be printed. Remedy: approve one first."""

    clause_id = "F7"
    reason_zh = "没有可以制作的岗位。"
    reason_en = "There is no post to print."
    remedy_zh = "请先导入名册并批准。"
    remedy_en = "Import a roster and approve it first."


class OutUnusable(Refusal):
    """The folder for the files cannot be written. Remedy: look at its path, its rights and the disk."""

    reason_zh = "目录“{path}”无法写入（{problem}）。"
    reason_en = "The folder {path!r} cannot be written ({problem})."
    remedy_zh = "请检查路径、权限与磁盘。没有登记、没有出图。"
    remedy_en = "Check its path, its rights and the disk. Nothing was recorded or printed."


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to print: `stage`, `design` and `size` None or empty mean the post's and the product's own."""

    product: Product
    out: Path
    stage: Stage | None = None
    design: str = ""
    size: str = ""
    sheet: str = SINGLE
    skip: int = 0
    proof: bool = False
    force: bool = False
    preview: bool = False


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What was printed, where it lies, and what was refused."""

    copies: tuple[Copy, ...]
    files: tuple[Path, ...]
    reports: tuple[Report, ...]
    declined: tuple[Declined, ...]


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """The copies of one post that are to be printed, and the order they came from."""

    order: Order
    copies: tuple[Copy, ...]


def print_job(office: Office, job: Job, post_ids: Sequence[str]) -> Printed:
    """Print the posts into one file for each stage, with a serial list beside it.

    Raises:
        UnfitBaseUrl: the codes would lead nowhere.
        UnknownDesign: there is no such design or size.
        NothingToPrint, OutUnusable: there is nothing to do, or nowhere to put it.
        Refusal: of the only post asked for, or for the one reason that stopped all of them.

    """
    if not post_ids:
        raise NothingToPrint
    if not (job.proof or office.settings.demo):
        check_base_url(office.settings.base_url)
    job = replace(job, size=job.size or _size_of_the_sheet(job))
    load_design(job.product, job.design, job.size)
    _make_folder(job.out)
    plans, declined = _plans(office, job, post_ids)
    done = [_print_stage(office, job, stage, plans) for stage in Stage if _of(stage, plans)]
    printed = _together(done, declined)
    _raise_if_one_reason_stopped_all(printed)
    return printed


def _raise_if_one_reason_stopped_all(printed: Printed) -> None:
    reasons = {each.refusal.zh: each.refusal for each in printed.declined}
    if not printed.files and len(reasons) == 1:
        raise next(iter(reasons.values()))


def _size_of_the_sheet(job: Job) -> str:
    # A plaque on an A4 sheet is an A4 plaque, not the default one, which no office printer takes.
    return "a4" if job.product is Product.PLAQUE and job.sheet == "a4" else ""


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutUnusable(path=str(path), problem=error.strerror) from error


def _plans(office: Office, job: Job, post_ids: Sequence[str]) -> tuple[list[_Plan], list[Declined]]:
    plans: list[_Plan] = []
    declined: list[Declined] = []
    for post_id in post_ids:
        try:
            plans.append(_plan(office, job, post_id))
        except Refusal as refusal:
            declined.append(Declined(subject=post_id, refusal=refusal))
    return plans, declined


def _of(stage: Stage, plans: Iterable[_Plan]) -> list[_Plan]:
    return [plan for plan in plans if plan.order.stage is stage]


def _plan(office: Office, job: Job, post_id: str) -> _Plan:
    with office.register.snapshot() as reader:
        dossier = dossier_of(reader, post_id)
        stage = job.stage or dossier.stage
        if job.proof:
            return _Plan(order=_order(office, job, dossier, stage), copies=())
        check_printable(dossier, stage, office.authority())
        return _plan_copies(reader, _order(office, job, dossier, stage), job)


def _order(office: Office, job: Job, dossier: Dossier, stage: Stage) -> Order:
    return Order(
        post_id=dossier.post.id,
        branch_id=dossier.branch.id,
        branch_name=dossier.branch.name,
        application_id=(dossier.approved or dossier.latest).id,
        content=dossier.latest.content if job.proof else _content_in_force(dossier),
        stage=stage,
        heading=office.policy.headings[stage],
        product=job.product,
        issuer=office.policy.committee_name,
        dated_on=_dated_on(office, dossier, stage),
        next_serial=1,
        issued_at=office.now(),
        design=job.design,
        size=job.size,
        mark=PROOF_MARK if office.settings.demo else "",
    )


def _content_in_force(dossier: Dossier) -> PostContent:
    return replace(dossier.content, members=dossier.members)


def _dated_on(office: Office, dossier: Dossier, stage: Stage) -> date:
    if stage is Stage.TITLE and dossier.award:
        return dossier.award.awarded_on
    return office_day(dossier.approval.approved_at if dossier.approval else office.now())


def _plan_copies(reader: Reader, order: Order, job: Job) -> _Plan:
    """Plan what is not out yet; with --force everything, the ones out being replaced.

    A plate of the other stage that is out is replaced without asking: that is the swap after an award (F12).
    So is one that was reported damaged, or called back when its holder left, who is back now (F19).
    """
    issued = reader.find(Copy, post_id=order.post_id)
    out = {each.face.holder: each for each in _in_use(reader, issued) if each.product is order.product}
    again = {holder: copy for holder, copy in out.items() if _is_good(reader, copy, order.stage)}
    order = replace(
        order,
        next_serial=_next_serial(issued),
        replaces={holder: copy.id for holder, copy in out.items()},
    )
    wanted = [each for each in plan_copies(order, _new_code) if job.force or each.face.holder not in again]
    if not wanted:
        raise AlreadyPrinted(
            post_id=order.post_id,
            numbers_zh="；".join(f"{each.id}（{each.place}{each.face.holder}）" for each in again.values()),
            numbers="、".join(each.id for each in again.values()),
        )
    return _Plan(order=order, copies=tuple(_numbered(wanted, order)))


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


def _print_stage(office: Office, job: Job, stage: Stage, plans: Sequence[_Plan]) -> Printed:
    settings = PrintSettings(base_url=office.settings.base_url or _NOWHERE, sheet=job.sheet, skip=job.skip)
    chosen, printed, declined = _prepared(_of(stage, plans), settings, job)
    if printed is None:
        return Printed(copies=(), files=(), reports=(), declined=declined)
    copies = tuple(copy for plan in chosen for copy in plan.copies)
    path = _free_path(job.out, _stem(job, stage, chosen), ".pdf")
    contents = {
        path: printed.content,
        **dict(_lists(path, copies, printed.report)),
        **dict(_previews(job, copies, settings)),
    }
    _put_in_place(contents, copies, office)
    return Printed(
        copies=copies,
        files=tuple(contents),
        reports=(printed.report,),
        declined=declined,
    )


def _prepared(
    plans: list[_Plan], settings: PrintSettings, job: Job
) -> tuple[list[_Plan], PrintedFile | None, tuple[Declined, ...]]:
    """Draw all plans as one file; where that is refused, leave out the posts that are at fault."""
    try:
        return plans, _drawn(plans, settings, job), ()
    except Refusal:
        declined = tuple(_faulty(plans, settings, job))
    at_fault = {each.subject for each in declined}
    sound = [plan for plan in plans if plan.order.post_id not in at_fault]
    return sound, _drawn(sound, settings, job) if sound else None, declined


def _faulty(plans: Iterable[_Plan], settings: PrintSettings, job: Job) -> Iterator[Declined]:
    for plan in plans:
        try:
            _drawn([plan], settings, job)
        except Refusal as refusal:
            yield Declined(subject=plan.order.post_id, refusal=refusal)


def _drawn(plans: Sequence[_Plan], settings: PrintSettings, job: Job) -> PrintedFile:
    if job.proof:
        return prepare_proof([plan.order for plan in plans], settings)
    return prepare([copy for plan in plans for copy in plan.copies], settings)


def _stem(job: Job, stage: Stage, plans: Sequence[_Plan]) -> str:
    """Name the file so that an officer knows it again: 2026-007-创建标牌-a4."""
    first, last = plans[0].order.post_id, plans[-1].order.post_id
    posts = first if first == last else f"{first}至{last}"
    kind = plate_kind_zh(job.product, stage)
    laid = load_design(job.product, job.design, job.size).size if job.sheet == SINGLE else job.sheet
    proof = f"-{PROOF_MARK}" if job.proof else ""
    return f"{posts}-{kind}-{laid}{proof}"


def _free_path(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path that names no file yet: artwork that may be at the press is never overwritten."""
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def _put_in_place(contents: Mapping[Path, bytes], copies: Sequence[Copy], office: Office) -> None:
    """Write every file under another name, record the copies, and only then give the files their names."""
    drafts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            drafts[path] = _new_draft(path)
            _write(drafts[path], content)
        if copies:
            issue_copies(office.register, office.authority(), copies)
    except BaseException:
        for draft in drafts.values():
            draft.unlink()
        raise
    # From here on the copies exist in the register, so no draft is ever thrown away.
    for path, draft in drafts.items():
        draft.replace(path)


def _new_draft(path: Path) -> Path:
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    except OSError as error:
        raise OutUnusable(path=str(path.parent), problem=error.strerror) from error
    os.close(descriptor)
    return Path(name)


def _write(draft: Path, content: bytes) -> None:
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(0o644)
    except OSError as error:
        raise OutUnusable(path=str(draft.parent), problem=error.strerror) from error


def _lists(path: Path, copies: Sequence[Copy], report: Report) -> Iterator[tuple[Path, bytes]]:
    if copies:
        yield path.with_name(f"{path.stem}-清单.csv"), serial_list(copies, report, path.name)


def _previews(job: Job, copies: Sequence[Copy], settings: PrintSettings) -> Iterator[tuple[Path, bytes]]:
    if not job.preview:
        return
    first_of_each_post = {copy.post_id: copy for copy in reversed(copies)}
    for copy in reversed(first_of_each_post.values()):
        stem = f"{copy.post_id}-{plate_kind_zh(copy.product, copy.stage)}"
        picture = preview_png(copy, base_url=settings.base_url, width_px=PREVIEW_WIDTH_PX)
        yield job.out / f"{stem}.png", picture


def serial_list(copies: Sequence[Copy], report: Report, file: str) -> bytes:
    """Return the list of copies that goes with a file, as CSV that Excel opens as text (UTF-8 with BOM)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("编号", "岗位编号", "岗位名称", "持有人", "地点", "换发旧牌", "文件", "页"))
    for copy, read in zip(copies, report.copies, strict=True):
        face = copy.face
        fields = (copy.id, copy.post_id, face.post_name, face.holder, copy.place, copy.replaces or "", file)
        writer.writerow((*map(_harmless, fields), read.sheet_number))
    return text.getvalue().encode("utf-8-sig")


def _harmless(field: str) -> str:
    """Return the field so that no spreadsheet takes it for a formula, in half or full width."""
    return f"'{field}" if field.lstrip().startswith(_FORMULA_STARTS) else field


_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def _together(done: Sequence[Printed], declined: Sequence[Declined]) -> Printed:
    return Printed(
        copies=tuple(copy for each in done for copy in each.copies),
        files=tuple(file for each in done for file in each.files),
        reports=tuple(report for each in done for report in each.reports),
        declined=(*declined, *(refused for each in done for refused in each.declined)),
    )
