"""The print room: shows officers what would be printed, and has the queue worked off beside the web service.

Jobs are run by a process of their own at low priority, which is started when a job waits and ends when none
does, so that a scan never waits for a plaque. Each worker of the service may start one; which of them gets a
job is decided in the register. Leaves out how a job is run (print_jobs.py) and who may see it
(store/print_queue.py).
"""

import asyncio
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.context import SpawnProcess
from pathlib import Path

from gangpai.batch import Declined, Plan
from gangpai.office import Office, open_office
from gangpai.print_jobs import files_of, folder_of, job_of, run_next, sweep
from gangpai.print_plan import design_of, plans
from gangpai.printing import blank, print_settings
from gangpai.settings import Settings, policy_of
from gangpai.workers import obey_the_parent
from plaques.press.impose import Sheet, empty_sheet
from plaques.print_run import PrintSettings, prepare, preview_png
from store.acts.authority import Authority
from store.codes import PROOF_CODE
from store.policy import Policy
from store.print_queue import awaits_runner
from store.records import Copy, PrintJob, PrintOrder
from store.register import Register
from verify.printing import KeptFile, PlannedPost, RefusedPost, Sample

_log = logging.getLogger(__name__)

FOLDER = "prints"
"""Where the files of jobs lie, beside the register."""

POLL_S = 1.0
SWEEP_EVERY = timedelta(hours=1)
PLANNED_POSTS = 50
CHECKED_COPIES = 12
"""How many posts and copies are looked at before an order; each is checked when it is printed."""

PICTURE_WIDTH_PX = 1000
_NICE = 10


def print_room_of(settings: Settings, register: Register, clock: Callable[[], datetime]) -> "PrintRoom":
    """Return the print room of a deployment.

    Raises:
        BadSetting, BadPolicy: the policy cannot be read.

    """
    return PrintRoom(settings, policy_of(settings), register, clock)


class PrintRoom:
    """Draws samples, hands out files, and starts whoever works the queue off."""

    def __init__(
        self, settings: Settings, policy: Policy, register: Register, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._office = Office(settings=settings, policy=policy, register=register, now=clock)
        self._drawing = threading.Lock()
        self._swept_at: datetime | None = None

    @property
    def folder(self) -> Path:
        """Where the files of all jobs lie."""
        return prints_of(self._settings)

    def sample(self, authority: Authority, post_ids: Sequence[str], order: PrintOrder) -> Sample:
        """Return what would be printed, with preflight of the first copies; nothing is recorded.

        Raises:
            Refusal: nothing of it can be printed, for one reason.

        """
        office, job = self._for(authority), job_of(order, self.folder)
        settings, steps = print_settings(office, job), list(plans(office, job, post_ids[:PLANNED_POSTS]))
        planned = [each for each in steps if isinstance(each, Plan)]
        sample = Sample(
            planned=tuple(
                PlannedPost(post_id=each.post_id, copies=len(each.copies), kept=each.kept) for each in planned
            ),
            refused=tuple(
                RefusedPost(post_id=each.subject, refusal=each.refusal)
                for each in steps
                if isinstance(each, Declined)
            ),
            unplanned=len(post_ids) - len(steps),
        )
        return self._checked(sample, list(_first(planned)), settings)

    def _checked(self, sample: Sample, copies: Sequence[Copy], settings: PrintSettings) -> Sample:
        if not copies:
            return sample
        with self._drawing:
            file = prepare(copies, settings)
        refused = (RefusedPost(post_id=each.post_id, refusal=each.refusal) for each in file.declined)
        left_out = {each.post_id for each in file.declined}
        return replace(
            sample,
            planned=tuple(each for each in sample.planned if each.post_id not in left_out),
            refused=(*sample.refused, *refused),
            checked=len(file.report.copies),
            checks=file.report.checks,
            findings=file.report.findings,
            look_at=tuple(text for each in file.report.copies for text in each.fell_back),
        )

    def picture(self, authority: Authority, post_id: str, order: PrintOrder) -> bytes:
        """Return the first copy of a post as it would be printed, as PNG; its code is that of proofs.

        Raises:
            Refusal: it cannot be printed.

        """
        office, job = self._for(authority), job_of(order, self.folder)
        settings = print_settings(office, job)
        [step] = plans(office, job, [post_id])
        if isinstance(step, Declined):
            raise step.refusal
        copy = next(_first([step]))
        with self._drawing:
            return preview_png(copy, settings.design, base_url=settings.base_url, width_px=PICTURE_WIDTH_PX)

    def sheet(self, order: PrintOrder) -> Sheet:
        """Return the sheet that the copies would be laid on, with its places.

        Raises:
            Refusal: they do not fit, or there is no such design.

        """
        job = job_of(order, self.folder)
        return empty_sheet(blank(design_of(self._office, job)), job.imposition)

    def files(self, job: PrintJob) -> list[KeptFile]:
        """Return the files of a job that are in place, packs first."""
        found = files_of(folder_of(self.folder, job))
        return [KeptFile(name=path.name, length=path.stat().st_size) for path in found]

    def path(self, job: PrintJob, name: str) -> Path | None:
        """Return where a file of a job lies, if it is there."""
        found = files_of(folder_of(self.folder, job))
        return next((path for path in found if path.name == name), None)

    def _for(self, authority: Authority) -> Office:
        return replace(self._office, policy=authority.policy, behalf=authority.actor)

    async def run(self) -> None:
        """Have the queue worked off, again and again, until cancelled; what fails is tried again."""
        while True:
            try:
                if await asyncio.to_thread(self._has_to_run):
                    await self._work_off()
            except Exception as error:  # noqa: BLE001 - whatever fails here, the pages are served
                _log.warning("print jobs could not be seen to", exc_info=error)
            await asyncio.sleep(POLL_S)

    def _has_to_run(self) -> bool:
        now = self._office.now()
        if self._swept_at is None or abs(now - self._swept_at) > SWEEP_EVERY:
            sweep(self._office.register, self.folder, now)
            self._swept_at = now
        return awaits_runner(self._office.register, now)

    async def _work_off(self) -> None:
        process = SpawnProcess(target=work_off, args=(self._settings,), name="gangpai-print", daemon=True)
        process.start()
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(process.sentinel)
            process.terminate()  # what it leaves half done is ended by the next runner
            process.join()


def prints_of(settings: Settings) -> Path:
    """Return the folder in which the files of print jobs are kept."""
    return settings.store.folder / FOLDER


def work_off(settings: Settings) -> None:
    """Run jobs until none waits, as a process of its own that ends with its parent."""
    obey_the_parent()
    os.nice(_NICE)
    runner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    with open_office(settings) as office:
        while run_next(office, prints_of(settings), runner):
            continue


def _first(planned: Sequence[Plan]) -> Iterator[Copy]:
    """Yield the copies of the first posts, whole posts only, with the code of proofs: none of them exists."""
    taken = 0
    for plan in planned:
        if taken and taken + len(plan.copies) > CHECKED_COPIES:
            return
        taken += len(plan.copies)
        yield from (replace(copy, code=PROOF_CODE.text) for copy in plan.copies)
