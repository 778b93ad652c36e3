"""The print room at work: a process of its own runs the queue, is killed, and another goes on."""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gangpai.office import Office, clock, open_office
from gangpai.print_jobs import files_of, folder_of
from gangpai.print_room import PrintRoom, print_room_of, prints_of
from gangpai.settings import Settings, load_settings
from store.acts.authority import Actor, Authority
from store.acts.officers import NewOfficer, add_officer
from store.print_queue import LEASE, JobState, claim_job, course_of, order_print
from store.records import Copy, PrintClaim, PrintJob, PrintOrder, Product, Role
from tests.gangpai.desk import BASE_URL, DATA, Command
from tests.verify.public.serving import until

PATIENCE_S = 60.0
COPIES = 12


@pytest.fixture
def settings(desk: Path) -> Settings:
    return load_settings({"GANGPAI_BASE_URL": BASE_URL}, desk)


@pytest.fixture
def office(gangpai: Command, settings: Settings) -> Iterator[Office]:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    assert gangpai("approve", "--all", "--document", "场党字〔2026〕1号").code == 0
    with open_office(settings) as opened:
        yield opened


@pytest.fixture
def job(office: Office) -> PrintJob:
    new = NewOfficer(
        officer_id="wang",
        display_name="王",
        role=Role.PRINT_CLERK,
        branch_name="",
        password_hash="-",  # noqa: S106 -- nobody signs in with it
    )
    add_officer(office.register, office.authority(Role.ADMINISTRATOR), new)
    actor = Actor(name="wang", role=Role.PRINT_CLERK)
    authority = Authority(actor=actor, now=clock(), policy=office.policy)
    order = PrintOrder(product=Product.BADGE, sheet="a4")
    return order_print(office.register, authority, ["2026-001", "2026-002"], order)


async def worked_until(room: PrintRoom, reached: Callable[[], bool]) -> None:
    """Have the room at work until something is so."""
    task = asyncio.create_task(room.run())
    await asyncio.to_thread(until, reached, PATIENCE_S)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert reached()


def test_a_process_of_its_own_takes_up_what_a_dead_one_left(
    office: Office, settings: Settings, job: PrintJob
) -> None:
    dead = claim_job(office.register, "dead", clock() - LEASE * 2)
    room = print_room_of(settings, office.register, clock)
    asyncio.run(worked_until(room, lambda: course_of(office.register, job).end is not None))
    assert course_of(office.register, job).state(clock()) is JobState.FINISHED
    assert [each.id for each in office.register.find(PrintClaim)] == [dead and dead.id, f"{job.id}-2"]
    files = files_of(folder_of(prints_of(settings), job))
    listed = [path.read_text("utf-8-sig").splitlines()[1:] for path in files if path.suffix == ".csv"]
    assert sum(map(len, listed)) == office.register.count(Copy) == COPIES
    assert multiprocessing.active_children() == []


def test_the_process_ends_with_the_service_and_leaves_its_job_to_the_next(
    office: Office, settings: Settings, job: PrintJob
) -> None:
    room = print_room_of(settings, office.register, clock)
    asyncio.run(worked_until(room, lambda: bool(office.register.find(PrintClaim))))
    assert multiprocessing.active_children() == []
    if course_of(office.register, job).end is None:  # it may have been quicker than the end of the service
        assert claim_job(office.register, "next", clock() + LEASE * 2)
