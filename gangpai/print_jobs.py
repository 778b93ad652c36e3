"""Running print jobs: one job after the other from the queue, by the same walk as `gangpai print`.

Knows how an order becomes a run, in which folder its files lie, that a run goes on where an earlier one was
cut off, and that it stops between two files when it is told to. Leaves out the queue itself
(store/print_queue.py), the walk (printing.py) and who starts a runner (print_room.py).
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from gangpai.batch import Declined
from gangpai.office import Office
from gangpai.placing import make_folder, settle
from gangpai.portions import Drawn, warnings_of
from gangpai.print_plan import Again, Job, Labour, Look, plans
from gangpai.printing import Printed, drawing, in_the_file, release
from plaques.drawing.pdf import Inks
from plaques.name_order import NameOrder
from plaques.press.impose import Imposition
from store.acts.authority import Actor
from store.print_queue import (
    KEPT_FOR,
    ClaimLost,
    JobCancelled,
    begin_part,
    check_goes_on,
    claim_job,
    end_job,
    finished_parts,
    job_claimed,
    refused,
    tell_alive,
)
from store.records import (
    Copy,
    Officer,
    PrintClaim,
    PrintEnd,
    PrintJob,
    PrintOrder,
    PrintOutcome,
    PrintRemark,
    RemarkKind,
)
from store.refusals import Refusal
from store.register import Reader, RegisterUnavailable

BEAT_S = 10.0
"""How often a runner says that it is alive: several times within a lease."""


def job_of(order: PrintOrder, out: Path) -> Job:
    """Return the run an order asks for; one process draws it, the other cores are the public's."""
    return Job(
        product=order.product,
        out=out,
        stage=order.stage,
        proof=order.proof,
        again=Again(order.again),
        pack=True,
        look=Look(
            design=order.design,
            size=order.size,
            inks=cast("Inks", order.inks),
            duplex=order.duplex,
            names_by=NameOrder(order.names_by),
        ),
        imposition=Imposition(sheet=order.sheet, skip=order.skip, bleed_mm=order.bleed_mm),
        labour=Labour(jobs=1),
    )


def on_behalf_of(office: Office, officer: Officer) -> Office:
    """Return the office in which acts are done on an officer's authority."""
    actor = Actor(name=officer.id, role=officer.role, branch_id=officer.branch_id)
    return replace(office, behalf=actor)


def folder_of(folder: Path, job: PrintJob) -> Path:
    """Return where the files of a job lie; no job of another register has the same place."""
    return folder / f"{job.id}-{job.ordered_at:%Y%m%dT%H%M%S%f}"


def files_of(folder: Path) -> list[Path]:
    """Return the files of a job that are in place, packs first; what is being written is none of them."""
    if not folder.is_dir():
        return []
    shown = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(shown, key=lambda path: (path.suffix != ".zip", path.name))


def run_next(office: Office, folder: Path, runner: str) -> PrintClaim | None:
    """Take up the next job and work on it to its end; None where there is nothing to do.

    Raises:
        RegisterUnavailable: the register takes no more; the job will be taken up again.

    """
    claim = claim_job(office.register, runner, office.now())
    if claim is None:
        return None
    job, officer = job_claimed(office.register, claim)
    run = Run(office=on_behalf_of(office, officer), job=job, claim=claim, out=folder_of(folder, job))
    with suppress(ClaimLost), run.beating():
        outcome = run.outcome()
        end_job(office.register, claim, outcome, run.remarks, office.now())
    return claim


@dataclass(kw_only=True)
class Run:
    """One runner at work on one job: how far it came, and what is to be told of it."""

    office: Office
    job: PrintJob
    claim: PrintClaim
    out: Path
    remarks: list[PrintRemark] = field(default_factory=list)
    posts_done: int = 0
    copies_done: int = 0

    def outcome(self) -> PrintOutcome:
        """Print what of the job is not printed yet, and return how that ended.

        Raises:
            ClaimLost: somebody else works on it.
            RegisterUnavailable: the register takes no more.

        """
        try:
            make_folder(self.out)
            settle(self.office, self.out)
            return self._printed()
        except (ClaimLost, RegisterUnavailable):
            raise
        except JobCancelled:
            return PrintOutcome.CANCELLED
        except Refusal as refusal:
            self.remarks.append(refused(self.job.id, refusal))
            return PrintOutcome.STOPPED

    def _printed(self) -> PrintOutcome:
        check_goes_on(self.office.register, self.claim)
        job, rest = self._what_is_left()
        if not rest:
            return PrintOutcome.FINISHED
        with drawing(self.office, job, plans(self.office, job, rest)) as parts:
            for part in parts:
                if unanswered := self._unanswered(part):
                    self.remarks += unanswered
                    return PrintOutcome.UNANSWERED
                self._release(job, part)
        return PrintOutcome.FINISHED

    def _what_is_left(self) -> tuple[Job, list[str]]:
        """Return the run and the posts without paper; what is in place has used up the first sheet."""
        job, parts = job_of(self.job.order, self.out), finished_parts(self.office.register, self.job.id)
        if self.job.order.proof:
            _clear(self.out)
        done = {post_id for part in parts for post_id in part.post_ids}
        self.posts_done, self.copies_done = len(done), sum(part.copies for part in parts)
        if parts:
            job = replace(job, imposition=replace(job.imposition, skip=0))
        return job, [each for each in self.job.post_ids if each not in done]

    def _unanswered(self, part: Drawn | Declined) -> list[PrintRemark]:
        new = {each.zh: each for each in warnings_of(part) if each.zh not in self.job.accepted}
        return [
            PrintRemark(kind=RemarkKind.WARNING, subject=each.number, zh=each.zh, en=each.en)
            for each in new.values()
        ]

    def _release(self, job: Job, part: Drawn | Declined) -> None:
        """Put one file in place, unless nobody wants it any more."""
        copies = drawn_copies(part)
        if copies and not job.proof:
            begin_part(self.office.register, self.claim, copies, self.office.now())
        else:
            check_goes_on(self.office.register, self.claim)
        self._tell(part, release(self.office, job, part))

    def _tell(self, part: Drawn | Declined, printed: Printed) -> None:
        self.posts_done += len(part.portion.plans) if isinstance(part, Drawn) else 1
        self.copies_done += len(printed.copies)
        self.remarks += (refused(each.subject, each.refusal) for each in printed.declined)
        self.remarks += (
            PrintRemark(kind=RemarkKind.LOOK, subject="", zh=text, en=text) for text in printed.look_at
        )
        self._beat()

    def _beat(self) -> None:
        tell_alive(
            self.office.register,
            self.claim,
            posts_done=self.posts_done,
            copies_done=self.copies_done,
            now=self.office.now(),
        )

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Say that the runner is alive for as long as the block lasts."""
        done = threading.Event()
        heart = threading.Thread(target=self._beat_until, args=(done,), daemon=True)
        heart.start()
        try:
            yield
        finally:
            done.set()
            heart.join()

    def _beat_until(self, done: threading.Event) -> None:
        while not done.wait(BEAT_S):
            try:
                self._beat()
            except ClaimLost:
                return  # whoever prints meets it as well, before the next file
            except RegisterUnavailable:
                continue


def drawn_copies(part: Drawn | Declined) -> tuple[Copy, ...]:
    """Return the copies that are in the file of a portion."""
    if isinstance(part, Declined) or part.file is None:
        return ()
    return in_the_file(part.portion, part.file)


def _clear(folder: Path) -> None:
    """Take away proofs of an attempt that was cut off; nothing of them is on record."""
    for path in files_of(folder):
        path.unlink()


def sweep(register: Reader, folder: Path, now: datetime) -> None:
    """Remove the files of jobs that ended long ago; the copies stay on record."""
    for path in folder.glob("P*-*"):
        end = register.get(PrintEnd, f"{path.name.partition('-')[0]}-E")
        if end and now - end.ended_at > KEPT_FOR:
            shutil.rmtree(path, ignore_errors=True)
