"""The print centre: posts and products chosen, the artwork and preflight looked at, jobs ordered and fetched.

What was looked at is what is ordered: the page carries the hash of what it showed. Leaves out drawing and the
running of jobs (verify/printing.py says who does).
"""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, Response

from plaques.preflight.findings import Finding, Rule, Severity, rule
from plaques.press.impose import Sheet as Laid
from store.acts.issue import PRINTERS
from store.catalogue import Shelf
from store.dossier import Dossier, PostState, dossiers_named
from store.print_queue import (
    KEPT_FOR,
    POSTS_MOST,
    JobCourse,
    JobHasEnded,
    cancel_job,
    finished_parts,
    job_seen,
    jobs_seen,
    order_print,
    permitted_branches,
)
from store.records import PrintOrder, Product, RemarkKind
from store.refusals import Refusal
from store.register import RegisterUnavailable
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.posts import branches_of
from verify.console.print_options import has_back, options_of, order_of, query_of
from verify.network import keyed
from verify.printing import PrintRoom, Sample

router = APIRouter(prefix="/console/print", route_class=ConsoleRoute)
PrinterAtDesk = Annotated[Desk, Depends(Officers(*PRINTERS))]

JOBS_SHOWN = 20
SHOWN_MOST = 100
NAMED_MOST = 12
SEARCHED = (Shelf.POST, Shelf.MEMBER, Shelf.PLACE)
PRINTABLE = (PostState.APPROVED, PostState.AWARDED)
"""The states of posts that may have plates (F7, F12)."""


class NoPrintRoom(Refusal):
    """This server draws nothing. Remedy: print at the command line, or serve with `gangpai serve`."""

    reason_zh = "本服务没有开设制作中心。"
    reason_en = "This server has no print room."
    remedy_zh = "请用 gangpai serve 启动服务，或在命令行用 gangpai print 制作。"
    remedy_en = "Start it by `gangpai serve`, or print at the command line."


class LookAgain(Refusal):
    """What is ordered is not what the page showed. Remedy: look at it as it is now, then order it."""

    clause_id = "F10"
    reason_zh = "选项在预览之后改过，还没有下达。"
    reason_en = "Something was changed after the preview; nothing was ordered."
    remedy_zh = "下面是按新选项的预览，请核对后再下达。"
    remedy_en = "Below is how it looks now; check it and order it then."


class WarningsUnread(Refusal):
    """A warning of preflight was not confirmed. Remedy: read it, tick it, or change what it speaks of."""

    clause_id = "F10"
    reason_zh = "有{count}条印前提醒还没有确认。"
    reason_en = "{count} warnings of preflight were not confirmed."
    remedy_zh = "请逐条核对后勾选，或改用其他设计、尺寸。"
    remedy_en = "Read and tick each of them, or choose another design or size."


class NoSuchFile(Refusal):
    """The job has no such file, or it was removed after its time. Remedy: see the list."""

    reason_zh = "没有这个文件，或已超过保存期限。"
    reason_en = "There is no such file, or it was removed after its time."
    remedy_zh = "请从任务页的文件列表下载；任务结束后文件保存{days}天。"
    remedy_en = "Choose one of those listed; files are kept for {days} days after the end of a job."


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the page of an order shows: the sample, or why there is none; the sheet where copies are laid."""

    order: PrintOrder
    post_ids: tuple[str, ...]
    posts: tuple[Dossier, ...]
    sample: Sample | None = None
    refusal: Refusal | None = None
    laid: Laid | None = None

    @property
    def warnings(self) -> list[Finding]:
        """What the officer is asked about."""
        found = self.sample.findings if self.sample else ()
        return [each for each in found if each.severity is Severity.WARNING]

    @property
    def rules(self) -> list[Rule]:
        """What preflight made sure of."""
        return [rule(each) for each in dict.fromkeys(self.sample.checks)] if self.sample else []

    @property
    def columns(self) -> int:
        """How many copies lie side by side on the sheet."""
        places = self.laid.places if self.laid else ()
        return sum(each.y_mm == places[0].y_mm for each in places)

    @property
    def pictured(self) -> str:
        """The post whose first copy is shown, or nothing where none can be printed."""
        return self.sample.planned[0].post_id if self.sample and self.sample.planned else ""

    @property
    def can_be_ordered(self) -> bool:
        """Whether there is anything to print."""
        return bool(self.sample and self.sample.copies)


def room_of(desk: Desk) -> PrintRoom:
    """Return who draws.

    Raises:
        NoPrintRoom: nobody does.

    """
    room = desk.site.settings.print_room
    if room is None:
        raise NoPrintRoom
    return room


@router.get("")
def choose(desk: PrinterAtDesk) -> Response:
    """List the posts that may have plates, to choose from, and the newest jobs."""
    matching = _matching(desk)
    with desk.site.register.snapshot() as reader:
        posts = dossiers_named(reader, matching[:SHOWN_MOST])
        branches, jobs = branches_of(reader, desk), jobs_seen(reader, desk.authority, JOBS_SHOWN)
    return desk.page(
        "print.html",
        posts=list(posts.values()),
        matching=len(matching),
        branches=branches,
        states=PRINTABLE,
        filters={name: desk.asked(name) for name in ("branch", "state", "text")},
        products=list(Product),
        posts_most=POSTS_MOST,
        jobs=jobs,
    )


def _matching(desk: Desk) -> list[str]:
    """Return the numbers of the posts that may have plates and that the address asks for, in order."""
    branch_id, state, named = desk.branch_id or desk.asked("branch"), desk.asked("state"), _named(desk)
    return sorted(
        each.post_id
        for each in desk.site.post_states.by_post(desk.site.register, None).values()
        if each.state in PRINTABLE
        and branch_id in {"", each.branch_id}
        and state in {"", each.state}
        and (named is None or each.post_id in named)
    )


def _named(desk: Desk) -> Collection[str] | None:
    """Return the posts whose number, name, place or members the address asks for; None where all are."""
    catalogue, register, text = desk.site.catalogue, desk.site.register, desk.asked("text")
    asked = catalogue.asked(register, text)
    if asked is None:
        return () if text else None
    return {each for shelf in SEARCHED for each in catalogue.found(register, shelf, asked, desk.branch_id)}


@router.get("/order")
def look(desk: PrinterAtDesk) -> Response:
    """Show how the chosen posts would be printed, with preflight; nothing is recorded (F7, F10)."""
    posts = _matching(desk) if desk.asked("every") else desk.request.query_params.getlist("post")
    return _order_page(desk, _looked_at(desk, posts, order_of(desk.site.settings.designs, desk.asked)))


@router.post("/order")
def order(desk: PrinterAtDesk) -> Response:
    """Queue what the page showed; what was changed since is shown first, as is what is only looked at."""
    posts, warned = _sent(desk, "post"), _sent(desk, "warning")
    wanted = order_of(desk.site.settings.designs, desk.said)
    if desk.said("look"):
        return _order_page(desk, _looked_at(desk, posts, wanted))
    try:
        _check_seen(desk, posts, wanted, warned)
        _check_read(warned, _sent(desk, "accepted"))
        room_of(desk)
        job = order_print(desk.site.register, desk.authority, posts, wanted, accepted=warned)
    except (LookAgain, WarningsUnread) as refusal:
        return _order_page(desk, _looked_at(desk, posts, wanted), refusal)
    return see_other(f"/console/print/jobs/{job.id}")


def _sent(desk: Desk, field: str) -> list[str]:
    return [str(each) for each in desk.form.getlist(field)]


def _check_seen(desk: Desk, posts: Sequence[str], wanted: PrintOrder, warned: Sequence[str]) -> None:
    if not hmac.compare_digest(desk.said("seen").encode(), _seen(desk, posts, wanted, warned).encode()):
        raise LookAgain


def _check_read(warned: Sequence[str], ticked: Sequence[str]) -> None:
    if unread := set(warned) - set(ticked):
        raise WarningsUnread(count=len(unread))


def _seen(desk: Desk, posts: Sequence[str], wanted: PrintOrder, warned: Sequence[str]) -> str:
    return keyed(desk.site, "print", repr(wanted), *posts, "", *warned)


def _looked_at(desk: Desk, posts: Sequence[str], wanted: PrintOrder) -> Look:
    """Look at an order before it is placed; what keeps all of it from being printed is part of the answer.

    Raises:
        NoPostToPrint, TooManyToPrint, NoSuchPost, NotAllowed: the posts are none, or not the officer's.
        NoPrintRoom: nobody draws.

    """
    chosen, room = list(dict.fromkeys(posts)), room_of(desk)
    with desk.site.register.snapshot() as reader:
        permitted_branches(reader, desk.authority, chosen)
        named = dossiers_named(reader, chosen[:NAMED_MOST])
    seen = Look(order=wanted, post_ids=tuple(chosen), posts=tuple(named.values()))
    try:
        seen = replace(seen, laid=room.sheet(wanted))
        return replace(seen, sample=room.sample(desk.authority, chosen, wanted))
    except RegisterUnavailable:
        raise
    except Refusal as refusal:
        return replace(seen, refusal=refusal)


def _order_page(desk: Desk, shown: Look, refusal: Refusal | None = None) -> Response:
    wanted, library = shown.order, desk.site.settings.designs
    texts = [each.zh for each in shown.warnings]
    refused = refusal or shown.refusal
    return desk.page(
        "print_order.html",
        status=status_of(refused) if refused else 200,
        refusal=refused,
        shown=shown,
        wanted=wanted,
        warnings=shown.warnings,
        severities=Severity,
        rule_of=rule,
        options=options_of(library, wanted),
        has_back=has_back(library, wanted),
        query=urlencode(query_of(wanted)),
        seen=_seen(desk, shown.post_ids, wanted, texts),
    )


@router.get("/picture")
def picture(desk: PrinterAtDesk) -> Response:
    """Show the first copy of a post as it would be printed, from the same marks (F10)."""
    wanted, post_id = order_of(desk.site.settings.designs, desk.asked), desk.asked("post")
    with desk.site.register.snapshot() as reader:
        permitted_branches(reader, desk.authority, [post_id] if post_id else [])
    return Response(room_of(desk).picture(desk.authority, post_id, wanted), media_type="image/png")


@router.get("/jobs/{job_id}")
def job(desk: PrinterAtDesk, job_id: str) -> Response:
    """Show how a job goes, and its files as far as they are finished."""
    return _job_page(desk, _course(desk, job_id))


def _course(desk: Desk, job_id: str) -> JobCourse:
    with desk.site.register.snapshot() as reader:
        return job_seen(reader, desk.authority, job_id)


def _job_page(desk: Desk, course: JobCourse, refusal: Refusal | None = None) -> Response:
    remarks = course.end.remarks if course.end else ()
    return desk.page(
        "print_job.html",
        status=status_of(refusal) if refusal else 200,
        refusal=refusal,
        course=course,
        job=course.job,
        state=course.state(desk.site.clock()),
        options=options_of(desk.site.settings.designs, course.job.order),
        kept_days=KEPT_FOR.days,
        files=room_of(desk).files(course.job),
        remarks={kind: [each for each in remarks if each.kind is kind] for kind in RemarkKind},
    )


@router.post("/jobs/{job_id}/cancel")
def cancel(desk: PrinterAtDesk, job_id: str) -> Response:
    """Have nothing more of a job printed; what is finished stays."""
    try:
        cancel_job(desk.site.register, desk.authority, job_id)
    except JobHasEnded as refusal:
        return _job_page(desk, _course(desk, job_id), refusal)
    return see_other(f"/console/print/jobs/{job_id}")


@router.post("/jobs/{job_id}/go-on")
def go_on(desk: PrinterAtDesk, job_id: str) -> Response:
    """Order what of a job was not printed, in spite of the warnings it stopped at."""
    with desk.site.register.snapshot() as reader:
        course = job_seen(reader, desk.authority, job_id)
        done = {each for part in finished_parts(reader, job_id) for each in part.post_ids}
    warned = [each.zh for each in course.end.remarks if each.kind is RemarkKind.WARNING] if course.end else []
    try:
        _check_read(warned, _sent(desk, "accepted"))
    except WarningsUnread as refusal:
        return _job_page(desk, course, refusal)
    rest = [each for each in course.job.post_ids if each not in done]
    accepted = [*course.job.accepted, *warned]
    follower = order_print(desk.site.register, desk.authority, rest, course.job.order, accepted)
    return see_other(f"/console/print/jobs/{follower.id}")


@router.get("/jobs/{job_id}/files/{file_name}")
def file(desk: PrinterAtDesk, job_id: str, file_name: str) -> Response:
    """Hand out a file of a job to whoever may print all of its posts."""
    path = room_of(desk).path(_course(desk, job_id).job, file_name)
    if path is None:
        raise NoSuchFile(days=KEPT_FOR.days)
    return FileResponse(path, filename=file_name, media_type="application/octet-stream")
