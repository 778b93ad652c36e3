"""Printing for real: portion after portion, from post numbers to files in place, recorded before the paper.

Knows the order of the steps, what lies in each file and what it is called. Leaves out what is to be printed
(print_plan.py), who draws it (portions.py, cluster.py), how it gets its place (placing.py), the drawing
(plaques/) and who may print what (store/acts/issue.py). A post that cannot be printed does not keep the
others from it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gangpai.batch import Declined, Plan
from gangpai.office import Office
from gangpai.placing import OutUnusable, free_path, make_folder, put_in_place, settle
from gangpai.portions import Crew, Drawn, Portion, Room, drawn, in_this_process, portions
from gangpai.print_plan import Job, design_of, plans
from gangpai.workers import cores, own_processes
from plaques.design.model import Design
from plaques.marks import Page
from plaques.pack.facts import PackFacts
from plaques.pack.serial_list import serial_csv, serial_rows
from plaques.preflight.plate import check_base_url
from plaques.press.folding import tent
from plaques.press.impose import SINGLE, places_on
from plaques.print_run import PROOF_MARK, PrintedFile, PrintSettings, preview_png
from store.records import Copy
from store.refusals import Refusal
from store.register import RegisterUnavailable
from store.terms import plate_kind_zh

PREVIEW_WIDTH_PX = 1600
_NOWHERE = "https://not-set.invalid"
"""Where a proof's code points while no base URL is set; nothing can ever answer there (RFC 6761)."""


class NothingToPrint(Refusal):
    """No post is in a state to be printed. Remedy: approve one first."""

    clause_id = "F7"
    reason_zh = "没有可以制作的岗位。"
    reason_en = "There is no post to print."
    remedy_zh = "请先导入名册并批准。"
    remedy_en = "Import a roster and approve it first."


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What came of a portion: copies, files, what to look at, what was refused, how many plates were kept."""

    copies: tuple[Copy, ...] = ()
    files: tuple[Path, ...] = ()
    pages: int = 0
    look_at: tuple[str, ...] = ()
    declined: tuple[Declined, ...] = ()
    kept: int = 0
    is_one_of_several: bool = False


def print_posts(office: Office, job: Job, post_ids: Sequence[str]) -> Printed:
    """Print posts without asking anything, and tell all of it together.

    Raises:
        Refusal: as for `drawing` and `release`.

    """
    with drawing(office, job, plans(office, job, post_ids)) as parts:
        done = [release(office, job, part) for part in parts]
    return Printed(
        copies=tuple(copy for each in done for copy in each.copies),
        files=tuple(file for each in done for file in each.files),
        pages=sum(each.pages for each in done),
        look_at=tuple(text for each in done for text in each.look_at),
        declined=tuple(refused for each in done for refused in each.declined),
        kept=sum(each.kept for each in done),
    )


@contextmanager
def drawing(
    office: Office, job: Job, steps: Iterable[Plan | Declined]
) -> Iterator[Iterator[Drawn | Declined]]:
    """Draw what is planned, portion after portion; nothing is recorded and no file made before `release`.

    What an earlier run into the same folder could not end is ended first.

    Raises:
        UnfitBaseUrl: the codes would lead nowhere.
        UnknownDesign, BadDesign, NoBack: there is no such design or size, or it has no back.
        SheetTooSmall, GridDoesNotFit: no copy fits on the sheet.
        NothingToPrint, OutUnusable: there is nothing to do, or nowhere to put it.
        WorkerLost: a process that was drawing died.

    """
    settings = print_settings(office, job)
    room = Room(places=_places(settings), sheets=job.labour.portion, skip=job.imposition.skip)
    make_folder(job.out)
    settle(office, job.out)
    with _crew(job) as crew:
        yield _at_least_one(drawn(portions(steps, room), settings, crew))


def print_settings(office: Office, job: Job) -> PrintSettings:
    """Return in which design, on which sheet and with which address the copies of a run are drawn.

    Raises:
        UnfitBaseUrl: the codes would lead nowhere.
        UnknownDesign, BadDesign, NoBack: there is no such design or size, or it has no back.

    """
    if not (job.proof or office.settings.demo):
        check_base_url(office.settings.base_url)
    return PrintSettings(
        base_url=office.settings.base_url or _NOWHERE,
        design=design_of(office, job),
        imposition=job.imposition,
        inks=job.look.inks,
        duplex=job.look.duplex,
    )


def _places(settings: PrintSettings) -> int:
    return places_on(blank(settings.design), settings.imposition)


def blank(design: Design) -> Page:
    """Return a page of a design's size, unfolded, with nothing on it."""
    layout = design.layout
    face = Page(width_mm=layout.width_mm, height_mm=layout.height_mm, marks=())
    return tent(face) if layout.fold == "tent" else face


def _crew(job: Job) -> AbstractContextManager[Crew]:
    if job.labour.scheduler:
        from gangpai.cluster import cluster  # noqa: PLC0415 -- an optional library that loads slowly

        return cluster(job.labour.scheduler)
    jobs = job.labour.jobs or cores()
    return own_processes(jobs) if jobs > 1 else in_this_process()


def _at_least_one(parts: Iterator[Drawn | Declined]) -> Iterator[Drawn | Declined]:
    first = next(parts, None)
    if first is None:
        raise NothingToPrint
    yield first
    yield from parts


def release(office: Office, job: Job, part: Drawn | Declined) -> Printed:
    """Record the copies of a drawn portion and put its file in place, with the serial list beside it.

    Raises:
        OutUnusable: the folder takes no more; nothing was recorded.
        RegisterUnavailable: the register takes no more.

    """
    if isinstance(part, Declined):
        return Printed(declined=(part,))
    kept = sum(plan.kept for plan in part.portion.plans)
    if part.file is None:
        return Printed(kept=kept)
    declined = tuple(Declined(subject=each.post_id, refusal=each.refusal) for each in part.file.declined)
    copies = in_the_file(part.portion, part.file)
    if not copies:
        return Printed(declined=declined, kept=kept)
    try:
        files = _released(office, job, part.portion, part.file, copies)
    except (OutUnusable, RegisterUnavailable):
        raise
    except Refusal as refusal:
        return Printed(declined=(*declined, Declined(subject=_posts(copies), refusal=refusal)), kept=kept)
    report = part.file.report
    return Printed(
        copies=() if job.proof else copies,
        files=files,
        pages=report.pages,
        look_at=tuple(f"{one.number}：{text}" for one in report.copies for text in one.fell_back),
        declined=declined,
        kept=kept,
        is_one_of_several=bool(part.portion.number),
    )


def in_the_file(portion: Portion, file: PrintedFile) -> tuple[Copy, ...]:
    """Return the copies of a portion without those of posts that are not in its file."""
    left_out = {each.post_id for each in file.declined}
    return tuple(copy for copy in portion.copies if copy.post_id not in left_out)


def _released(
    office: Office, job: Job, portion: Portion, file: PrintedFile, copies: Sequence[Copy]
) -> tuple[Path, ...]:
    path = free_path(job.out, _stem(job, portion, copies), ".pdf")
    contents = {path: file.content, **dict(_previews(office, job, copies))}
    issued = () if job.proof else copies
    if issued:
        listed = free_path(job.out, f"{path.stem}-清单", ".csv")
        contents[listed] = serial_csv(serial_rows(issued, file.report, path.name))
    contents |= dict(_pack(office, job, path, portion, file))
    put_in_place(office, contents, issued)
    return tuple(contents)


def _pack(
    office: Office, job: Job, path: Path, portion: Portion, file: PrintedFile
) -> Iterator[tuple[Path, bytes]]:
    if not job.pack:
        return
    from plaques.pack.files import pack_archive, pack_name  # noqa: PLC0415 -- workbooks load slowly

    facts = PackFacts(
        name=path.stem,
        made_at=office.now(),
        settings=portion.laid_by(print_settings(office, job)),
        name_order=job.look.names_by,
    )
    yield (
        free_path(job.out, pack_name(path.stem), ".zip"),
        pack_archive(file, in_the_file(portion, file), facts),
    )


def _stem(job: Job, portion: Portion, copies: Sequence[Copy]) -> str:
    """Name the file so that an officer knows it again: 2026-007-创建标牌-a4."""
    kind = plate_kind_zh(job.product, portion.stage)
    sheet = job.imposition.sheet
    laid = copies[0].size if sheet == SINGLE else sheet
    proof = f"-{PROOF_MARK}" if job.proof else ""
    number = f"-{portion.number:02}" if portion.number else ""
    return f"{_posts(copies)}-{kind}-{laid}{proof}{number}"


def _posts(copies: Sequence[Copy]) -> str:
    first, last = copies[0].post_id, copies[-1].post_id
    return first if first == last else f"{first}至{last}"


def _previews(office: Office, job: Job, copies: Sequence[Copy]) -> Iterator[tuple[Path, bytes]]:
    if not job.preview:
        return
    settings = print_settings(office, job)
    first_of_each_post = {copy.post_id: copy for copy in reversed(copies)}
    for copy in reversed(first_of_each_post.values()):
        stem = f"{copy.post_id}-{plate_kind_zh(copy.product, copy.stage)}"
        picture = preview_png(copy, settings.design, base_url=settings.base_url, width_px=PREVIEW_WIDTH_PX)
        yield free_path(job.out, stem, ".png"), picture
