"""The queue of print jobs: who ordered what, which runner works on it, how far it came and how it ended.

Runners share the register and nothing else: a job is claimed in one transaction, and whoever wrote the latest
claim works on it for as long as it tells now and then that it is alive. What of a job is finished follows
from the copies on record, as the paper does. Leaves out drawing and files (gangpai/print_jobs.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from store.acts.authority import Authority
from store.acts.issue import PRINTERS
from store.dossier import NoSuchPost
from store.records import (
    Copy,
    Officer,
    OfficerDisabled,
    Post,
    PrintBeat,
    PrintCancel,
    PrintClaim,
    PrintEnd,
    PrintJob,
    PrintOrder,
    PrintOutcome,
    PrintPart,
    PrintRemark,
    RemarkKind,
)
from store.refusals import Refusal
from store.register import Reader, Register, Transaction
from store.staff import newest_change, officer_now

LEASE = timedelta(minutes=1)
"""How long a runner may be silent; who finds a job whose runner was silent for longer takes it up."""

AT_ONCE = 2
"""How many jobs run side by side: a single plate does not wait for ten thousand badges."""

ATTEMPTS_MOST = 8
"""How often a job is taken up: one that ends its runner each time is not begun for ever."""

KEPT_FOR = timedelta(days=30)
"""How long the files of a job can be fetched after it has ended."""

OPEN_MOST = 50
POSTS_MOST = 1000


class NoPostToPrint(Refusal):
    """No post was chosen. Remedy: choose them in the list."""

    clause_id = "F7"
    reason_zh = "没有选择要制作的岗位。"
    reason_en = "No post was chosen to be printed."
    remedy_zh = "请在列表中勾选。"
    remedy_en = "Choose them in the list."


class TooManyToPrint(Refusal):
    """More posts were chosen than one job prints. Remedy: order several jobs."""

    reason_zh = "一次最多制作{most}个岗位，您选了{count}个。"
    reason_en = "One job prints at most {most} posts; {count} were chosen."
    remedy_zh = "请分几次制作。"
    remedy_en = "Order several jobs."


class QueueFull(Refusal):
    """Many jobs wait already. Remedy: wait until some are done, or cancel them."""

    reason_zh = "已有{count}个制作任务在等候，暂不再收。"
    reason_en = "{count} print jobs wait already; no more are taken."
    remedy_zh = "请等候完成，或取消不需要的任务。"
    remedy_en = "Wait until some are done, or cancel those nobody needs."


class NoSuchJob(Refusal):
    """There is no such print job. Remedy: choose one of those listed."""

    reason_zh = "没有编号为“{job_id}”的制作任务。"
    reason_en = "There is no print job {job_id!r}."
    remedy_zh = "请从制作任务列表进入。"
    remedy_en = "Choose one of those listed."


class JobHasEnded(Refusal):
    """A job that has ended cannot be cancelled. Remedy: none is needed."""

    reason_zh = "制作任务{job_id}已经结束。"
    reason_en = "Print job {job_id} has ended already."
    remedy_zh = "无需取消。"
    remedy_en = "There is nothing to cancel."


class ClaimLost(Refusal):
    """Another runner works on the job now, or it has ended. Remedy: leave it alone."""

    reason_zh = "制作任务{job_id}已由其他进程接手或已结束。"
    reason_en = "Print job {job_id} was taken up by another runner, or has ended."
    remedy_zh = "无需处理。"
    remedy_en = "Nothing has to be done."


class JobCancelled(Refusal):
    """An officer has cancelled the job. Remedy: what is finished stays; order the rest anew."""

    reason_zh = "制作任务{job_id}已取消。"
    reason_en = "Print job {job_id} was cancelled."
    remedy_zh = "已完成的保留；其余的可重新制作。"
    remedy_en = "What is finished stays; the rest can be ordered anew."


class OrdererDisabled(Refusal):
    """Whoever ordered the job is no officer any more. Remedy: somebody else orders it anew."""

    clause_id = "F7"
    reason_zh = "下达任务的“{officer_id}”已停用，其余的不再制作。"
    reason_en = "{officer_id!r}, who ordered this, is no officer any more; the rest is not printed."
    remedy_zh = "请由在任人员重新下达。"
    remedy_en = "Somebody else has to order it."


class OrdererChanged(Refusal):
    """Whoever ordered the job has another role or branch since. Remedy: order the rest anew."""

    clause_id = "F7"
    reason_zh = "下达任务的“{officer_id}”的角色或单位已更改，其余的不再制作。"
    reason_en = "{officer_id!r}, who ordered this, has another role or branch now; the rest is not printed."
    remedy_zh = "请由有权限的人员重新下达。"
    remedy_en = "Whoever may print it now has to order it."


class GivenUp(Refusal):
    """A job was cut off each time it was taken up. Remedy: look at the log and memory, then order anew."""

    reason_zh = "制作任务{job_id}接连{count}次中断，不再尝试。"
    reason_en = "Print job {job_id} was cut off {count} times and is not tried again."
    remedy_zh = "请查看服务器日志与内存，再重新制作其余的。"
    remedy_en = "Look at the server's log and memory, then order the rest anew."


class JobState(StrEnum):
    """How a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    UNANSWERED = "unanswered"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


JOB_STATE_ZH: dict[JobState, str] = {
    JobState.QUEUED: "等候中",
    JobState.RUNNING: "制作中",
    JobState.FINISHED: "已完成",
    JobState.UNANSWERED: "待确认提醒",
    JobState.STOPPED: "已中止",
    JobState.CANCELLED: "已取消",
}

JOB_STATE_EN: dict[JobState, str] = {
    JobState.QUEUED: "Waiting",
    JobState.RUNNING: "Printing",
    JobState.FINISHED: "Finished",
    JobState.UNANSWERED: "Warnings to answer",
    JobState.STOPPED: "Stopped",
    JobState.CANCELLED: "Cancelled",
}


@dataclass(frozen=True, kw_only=True)
class JobCourse:
    """A job, its latest claim and sign of life, whether it was cancelled, and how it ended."""

    job: PrintJob
    claims: int
    claim: PrintClaim | None
    beat: PrintBeat | None
    cancel: PrintCancel | None
    end: PrintEnd | None

    def state(self, now: datetime) -> JobState:
        """Tell how the job stands at a moment."""
        if self.end:
            return JobState(self.end.outcome.value)
        return JobState.RUNNING if self.is_held(now) else JobState.QUEUED

    def is_held(self, now: datetime) -> bool:
        """Whether a runner is at work; one ahead of the clock by a lease is not, the clock was set back."""
        if self.claim is None or self.end:
            return False
        seen_at = self.beat.beat_at if self.beat else self.claim.claimed_at
        return abs(now - seen_at) <= LEASE

    @property
    def posts_done(self) -> int:
        """How many posts the job has come past."""
        return self.beat.posts_done if self.beat else 0

    @property
    def copies_done(self) -> int:
        """How many copies it has made."""
        return self.beat.copies_done if self.beat else 0


def order_print(
    register: Register,
    authority: Authority,
    post_ids: Sequence[str],
    order: PrintOrder,
    accepted: Sequence[str] = (),
) -> PrintJob:
    """Queue posts to be printed on the officer's authority; `accepted` are the warnings read beforehand.

    Raises:
        NoPostToPrint, TooManyToPrint, NoSuchPost: there is nothing to print, or too much.
        NotAllowed: the officer may not print for one of the posts' branches.
        QueueFull: too many jobs wait.

    """
    chosen = tuple(dict.fromkeys(post_ids))
    with register.transaction() as transaction:
        branches = permitted_branches(transaction, authority, chosen)
        waiting = transaction.count(PrintJob) - transaction.count(PrintEnd)
        if waiting >= OPEN_MOST:
            raise QueueFull(count=waiting)
        job = PrintJob(
            id=f"P{transaction.count(PrintJob) + 1}",
            officer_id=authority.actor.name,
            branch_id=next(iter(branches)) if len(branches) == 1 else None,
            post_ids=chosen,
            order=order,
            accepted=tuple(accepted),
            ordered_at=authority.now,
        )
        transaction.append(job)
    return job


def permitted_branches(reader: Reader, authority: Authority, post_ids: Collection[str]) -> set[str]:
    """Return the branches of posts that the officer may print.

    Raises:
        NoPostToPrint, TooManyToPrint, NoSuchPost: there is nothing to print, or too much.
        NotAllowed: the officer may not print for one of them.

    """
    authority.permit(*PRINTERS, branch_id=authority.actor.branch_id)
    if not post_ids:
        raise NoPostToPrint
    if len(post_ids) > POSTS_MOST:
        raise TooManyToPrint(most=POSTS_MOST, count=len(post_ids))
    branches = {_branch_of(reader, each) for each in post_ids}
    for branch_id in branches:
        authority.permit(*PRINTERS, branch_id=branch_id)
    return branches


def _branch_of(reader: Reader, post_id: str) -> str:
    post = reader.get(Post, post_id)
    if post is None:
        raise NoSuchPost(post_id=post_id)
    return post.branch_id


def job_seen(reader: Reader, authority: Authority, job_id: str) -> JobCourse:
    """Return a job to whoever may print all of its posts.

    Raises:
        NoSuchJob: there is none.
        NotAllowed: not all of its posts are the officer's to print.

    """
    job = reader.get(PrintJob, job_id)
    if job is None:
        raise NoSuchJob(job_id=job_id[:20])
    authority.permit(*PRINTERS, branch_id=job.branch_id)
    return course_of(reader, job)


def jobs_seen(reader: Reader, authority: Authority, limit: int) -> list[JobCourse]:
    """Return the newest jobs, newest first, of which the officer may print all posts."""
    branch_id = authority.actor.branch_id
    own = {} if branch_id is None else {"branch_id": branch_id}
    return [course_of(reader, job) for job in reader.newest(PrintJob, limit=limit, **own)]


def course_of(reader: Reader, job: PrintJob) -> JobCourse:
    """Return how a job goes."""
    claims = reader.find(PrintClaim, job_id=job.id)
    claim = claims[-1] if claims else None
    beat = next(iter(reader.newest(PrintBeat, limit=1, job_id=job.id)), None)
    return JobCourse(
        job=job,
        claims=len(claims),
        claim=claim,
        beat=beat if beat and claim and beat.claim_id == claim.id else None,
        cancel=reader.get(PrintCancel, f"{job.id}-C"),
        end=reader.get(PrintEnd, f"{job.id}-E"),
    )


def has_open_jobs(reader: Reader) -> bool:
    """Whether any job has not ended; each ends once."""
    return reader.count(PrintJob) > reader.count(PrintEnd)


def claim_job(register: Register, runner: str, now: datetime) -> PrintClaim | None:
    """Take up the oldest job nobody works on; None where there is none, or enough are under way.

    Raises:
        RegisterUnavailable: nothing was taken up.

    """
    if not has_open_jobs(register):
        return None
    with register.transaction() as transaction:
        still_open = _open_jobs(transaction)
        idle = [each for each in still_open if not each.is_held(now)]
        if len(still_open) - len(idle) >= AT_ONCE:
            return None
        for course in idle:
            if course.claims < ATTEMPTS_MOST:
                return _claimed(transaction, course, runner, now)
            _give_up(transaction, course, now)
    return None


def _open_jobs(reader: Reader) -> list[JobCourse]:
    """Return the jobs that have not ended, oldest first; no job older than they is looked at."""
    missing, found = reader.count(PrintJob) - reader.count(PrintEnd), list[JobCourse]()
    for job in reader.newest(PrintJob, limit=reader.count(PrintJob)):
        if len(found) == missing:
            break
        if reader.get(PrintEnd, f"{job.id}-E") is None:
            found.append(course_of(reader, job))
    return found[::-1]


def _claimed(transaction: Transaction, course: JobCourse, runner: str, now: datetime) -> PrintClaim:
    claim = PrintClaim(
        id=f"{course.job.id}-{course.claims + 1}", job_id=course.job.id, runner=runner, claimed_at=now
    )
    transaction.append(claim)
    return claim


def _give_up(transaction: Transaction, course: JobCourse, now: datetime) -> None:
    refusal = GivenUp(job_id=course.job.id, count=course.claims)
    transaction.append(_end(course.job.id, PrintOutcome.STOPPED, [refused(course.job.id, refusal)], now))


def job_claimed(reader: Reader, claim: PrintClaim) -> tuple[PrintJob, Officer]:
    """Return the job of a claim, and who ordered it.

    Raises:
        NoSuchJob: the register does not know it.

    """
    job = reader.get(PrintJob, claim.job_id)
    officer = officer_now(reader, job.officer_id) if job else None
    if job is None or officer is None:
        raise NoSuchJob(job_id=claim.job_id)
    return job, officer


def awaits_runner(reader: Reader, now: datetime) -> bool:
    """Whether a job would be taken up now."""
    if not has_open_jobs(reader):
        return False
    held = [each.is_held(now) for each in _open_jobs(reader)]
    return sum(held) < AT_ONCE and not all(held)


def tell_alive(
    register: Register, claim: PrintClaim, *, posts_done: int, copies_done: int, now: datetime
) -> None:
    """Enter that the runner of a claim is alive, and how far it came.

    Raises:
        ClaimLost: the job is not its own any more.

    """
    with register.transaction() as transaction:
        _check_held(transaction, claim)
        number = len(transaction.find(PrintBeat, job_id=claim.job_id)) + 1
        transaction.append(
            PrintBeat(
                id=f"{claim.job_id}-B{number}",
                job_id=claim.job_id,
                claim_id=claim.id,
                posts_done=posts_done,
                copies_done=copies_done,
                beat_at=now,
            )
        )


def begin_part(register: Register, claim: PrintClaim, copies: Sequence[Copy], now: datetime) -> PrintPart:
    """Enter that the copies of one file are about to be recorded and its paper put in place.

    Raises:
        ClaimLost: the job is not the runner's any more.
        JobCancelled, OrdererDisabled, OrdererChanged: nothing more of it may be printed.

    """
    with register.transaction() as transaction:
        check_goes_on(transaction, claim)
        part = PrintPart(
            id=f"{claim.job_id}-F{len(transaction.find(PrintPart, job_id=claim.job_id)) + 1}",
            job_id=claim.job_id,
            claim_id=claim.id,
            post_ids=tuple(dict.fromkeys(each.post_id for each in copies)),
            copies=len(copies),
            code=copies[0].code,
            begun_at=now,
        )
        transaction.append(part)
    return part


def check_goes_on(reader: Reader, claim: PrintClaim) -> None:
    """Let a runner pass that is to go on with its job.

    Raises:
        ClaimLost: the job is not its own any more.
        JobCancelled, OrdererDisabled, OrdererChanged: nothing more of it may be printed.

    """
    course = _check_held(reader, claim)
    if course.cancel:
        raise JobCancelled(job_id=claim.job_id)
    if reader.find(OfficerDisabled, officer_id=course.job.officer_id):
        raise OrdererDisabled(officer_id=course.job.officer_id)
    changed = newest_change(reader, course.job.officer_id)
    if changed and changed.changed_at >= course.job.ordered_at:
        raise OrdererChanged(officer_id=course.job.officer_id)


def _check_held(reader: Reader, claim: PrintClaim) -> JobCourse:
    job = reader.get(PrintJob, claim.job_id)
    if job is None or (course := course_of(reader, job)).claim != claim or course.end:
        raise ClaimLost(job_id=claim.job_id)
    return course


def finished_parts(reader: Reader, job_id: str) -> list[PrintPart]:
    """Return the parts of a job whose copies are on record, and whose paper is therefore kept."""
    parts = reader.find(PrintPart, job_id=job_id)
    return [each for each in parts if reader.find(Copy, code=each.code)]


def end_job(
    register: Register,
    claim: PrintClaim,
    outcome: PrintOutcome,
    remarks: Sequence[PrintRemark],
    now: datetime,
) -> None:
    """Enter how a job ended.

    Raises:
        ClaimLost: it is not the runner's to end any more.

    """
    with register.transaction() as transaction:
        _check_held(transaction, claim)
        transaction.append(_end(claim.job_id, outcome, remarks, now))


def cancel_job(register: Register, authority: Authority, job_id: str) -> PrintCancel:
    """Have nothing more of a job printed; one that nobody works on ends at once.

    Raises:
        NoSuchJob, NotAllowed: it is not the officer's to cancel.
        JobHasEnded: there is nothing to cancel.

    """
    with register.transaction() as transaction:
        course = job_seen(transaction, authority, job_id)
        if course.end:
            raise JobHasEnded(job_id=job_id)
        cancel = course.cancel or PrintCancel(
            id=f"{job_id}-C",
            job_id=job_id,
            officer_id=authority.actor.name,
            cancelled_at=authority.now,
        )
        if course.cancel is None:
            transaction.append(cancel)
        if course.claim is None:  # else its runner, or the next one, first ends what is under way on disk
            transaction.append(_end(job_id, PrintOutcome.CANCELLED, (), authority.now))
    return cancel


def _end(job_id: str, outcome: PrintOutcome, remarks: Sequence[PrintRemark], now: datetime) -> PrintEnd:
    return PrintEnd(id=f"{job_id}-E", job_id=job_id, outcome=outcome, remarks=tuple(remarks), ended_at=now)


def refused(subject: str, refusal: Refusal) -> PrintRemark:
    """Return the remark that a post, or the whole job, was refused."""
    return PrintRemark(kind=RemarkKind.REFUSED, subject=subject, zh=refusal.zh, en=refusal.en)
