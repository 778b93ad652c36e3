"""Print jobs on both engines: run by the walk of the command, resumed where cut off, stopped when told to."""

import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from gangpai import portions, print_jobs, print_plan, printing
from gangpai.office import Office, open_office
from gangpai.print_jobs import files_of, folder_of, job_of, run_next, sweep
from gangpai.print_plan import Job, Labour
from gangpai.printing import print_posts
from gangpai.settings import load_settings
from plaques.preflight.findings import Check, Finding, Severity
from plaques.print_run import PrintedFile
from store.acts.authority import Actor, Authority
from store.acts.officers import NewDuties, NewOfficer, add_officer, change_officer, disable_officer
from store.codes import CODE_BITS, PlateCode
from store.print_queue import KEPT_FOR, JobCourse, cancel_job, course_of, order_print
from store.records import (
    Copy,
    LogEntry,
    PrintJob,
    PrintOrder,
    PrintOutcome,
    Product,
    RemarkKind,
    Role,
)
from tests import postgres
from tests.gangpai.desk import DATA, Command

POSTS = ("2026-001", "2026-002", "2026-003")
BADGES = PrintOrder(product=Product.BADGE, sheet="a4")


class Killed(BaseException):
    """The runner's process ends at once: nothing of it runs any more."""


@pytest.fixture(autouse=True, params=["tinydb", "postgresql"])
def _engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "postgresql":
        monkeypatch.setenv("GANGPAI_STORE", postgres.fresh_dsn())


@pytest.fixture(autouse=True)
def _approved(_engine: None, gangpai: Command) -> None:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    assert gangpai("approve", "--all", "--document", "场党字〔2026〕1号").code == 0


@pytest.fixture
def office(desk: Path) -> Iterator[Office]:
    with open_office(load_settings(os.environ, desk)) as opened:
        yield opened


@pytest.fixture
def folder(desk: Path) -> Path:
    return desk / "prints"


@pytest.fixture
def clerk(office: Office) -> Authority:
    new = NewOfficer(
        officer_id="wang",
        display_name="王",
        role=Role.PRINT_CLERK,
        branch_name="",
        password_hash="-",  # noqa: S106 -- nobody signs in with it
    )
    add_officer(office.register, office.authority(Role.ADMINISTRATOR), new)
    actor = Actor(name="wang", role=Role.PRINT_CLERK)
    return Authority(actor=actor, now=office.now(), policy=office.policy)


@pytest.fixture
def portions_of_a_post(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each post a file of its own, so that a job of three posts has three."""
    monkeypatch.setattr(print_jobs, "job_of", lambda order, out: _in_small_files(job_of(order, out)))


def _in_small_files(job: Job) -> Job:
    return replace(job, labour=Labour(jobs=1, portion=1))


def course(office: Office, job: PrintJob) -> JobCourse:
    return course_of(office.register, job)


def outcome(office: Office, job: PrintJob) -> PrintOutcome | None:
    end = course(office, job).end
    return end.outcome if end else None


def later(office: Office, **how_long: float) -> Office:
    """Return the office at a later moment."""
    return replace(office, now=lambda: office.now() + timedelta(**how_long))


def killed_at(monkeypatch: pytest.MonkeyPatch, place: str, calls: int) -> Callable[[], None]:
    """Have the runner killed at the given call of a step; return what brings the step back."""
    step, calling = getattr(print_jobs, place), count(1)

    def cut_off(*arguments: Any, **named: Any) -> Any:
        if next(calling) == calls:
            raise Killed
        return step(*arguments, **named)

    monkeypatch.setattr(print_jobs, place, cut_off)
    return lambda: monkeypatch.setattr(print_jobs, place, step)


def test_a_job_is_printed_on_the_authority_of_whoever_ordered_it(
    office: Office, clerk: Authority, folder: Path
) -> None:
    job = order_print(office.register, clerk, POSTS[:1], BADGES)
    assert run_next(office, folder, "r1")
    assert outcome(office, job) is PrintOutcome.FINISHED
    [entry] = [each for each in office.register.find(LogEntry) if each.act == "issue"]
    assert entry.actor == "wang"
    files = [each.name for each in files_of(folder_of(folder, job))]
    assert files[0].endswith("-印制包.zip")
    assert course(office, job).copies_done == office.register.count(Copy) > 0
    assert run_next(office, folder, "r1") is None


def test_the_pack_is_that_of_the_command(
    office: Office, clerk: Authority, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, bits = office.now(), count(1)
    fixed = Office(
        settings=office.settings, policy=office.policy, register=office.register, now=lambda: moment
    )
    monkeypatch.setattr(print_plan, "_new_code", lambda: PlateCode.from_bits(next(bits) % 2**CODE_BITS))
    monkeypatch.setattr(printing, "put_in_place", lambda _, contents, __: _write(contents))
    job = order_print(office.register, clerk, POSTS, BADGES)
    run_next(fixed, folder, "r1")
    bits = count(1)
    print_posts(fixed, Job(product=Product.BADGE, out=folder / "by-command", pack=True, **_laid()), POSTS)
    ours, theirs = (
        {path.name: path.read_bytes() for path in files_of(each)}
        for each in (folder_of(folder, job), folder / "by-command")
    )
    assert ours == theirs
    assert any(name.endswith(".zip") for name in ours)


def _write(contents: dict[Path, bytes]) -> None:
    for path, content in contents.items():
        path.write_bytes(content)


def _laid() -> dict[str, Any]:
    return {"imposition": job_of(BADGES, Path()).imposition}


@pytest.mark.usefixtures("portions_of_a_post")
@pytest.mark.parametrize("place", ["begin_part", "release", "end_job"])
def test_a_job_that_was_cut_off_goes_on_and_paper_and_register_agree(
    office: Office, clerk: Authority, folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    order = PrintOrder(product=Product.BADGE, sheet="a4", again="all", skip=2)
    job = order_print(office.register, clerk, POSTS, order)
    mend = killed_at(monkeypatch, place, 1 if place == "end_job" else 2)
    with pytest.raises(Killed):
        run_next(office, folder, "r1")
    mend()
    assert run_next(office, folder, "r2") is None
    assert run_next(later(office, minutes=2), folder, "r2")
    assert outcome(office, job) is PrintOutcome.FINISHED
    check_paper_and_register_agree(office, folder_of(folder, job))


def check_paper_and_register_agree(office: Office, folder: Path) -> None:
    """Every copy on record is in one list of the job, and each list has its paper."""
    listed = [line for path in folder.glob("*.csv") for line in path.read_text("utf-8-sig").splitlines()[1:]]
    numbers = {copy.id for copy in office.register.find(Copy)}
    assert len(listed) == len(numbers)
    assert {number for number in numbers if any(number in line for line in listed)} == numbers
    assert {copy.post_id for copy in office.register.find(Copy)} == set(POSTS)
    assert not [copy for copy in office.register.find(Copy) if copy.replaces]
    for path in folder.glob("*.zip"):
        with zipfile.ZipFile(path) as pack:
            assert pack.testzip() is None


@pytest.mark.usefixtures("portions_of_a_post")
def test_forgetting_what_is_finished_is_noticed(
    office: Office, clerk: Authority, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_jobs, "finished_parts", lambda *_: [])
    with pytest.raises(AssertionError):
        test_a_job_that_was_cut_off_goes_on_and_paper_and_register_agree(
            office, clerk, folder, monkeypatch, "release"
        )


@pytest.mark.usefixtures("portions_of_a_post")
def test_a_job_cancelled_between_two_files_keeps_the_first(
    office: Office, clerk: Authority, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, release = order_print(office.register, clerk, POSTS, BADGES), printing.release

    def released_then_cancelled(*arguments: Any) -> Any:
        printed = release(*arguments)
        if office.register.count(Copy):
            cancel_job(office.register, clerk, job.id)
        return printed

    monkeypatch.setattr(print_jobs, "release", released_then_cancelled)
    run_next(office, folder, "r1")
    assert outcome(office, job) is PrintOutcome.CANCELLED
    assert {copy.post_id for copy in office.register.find(Copy)} == {POSTS[0]}
    assert len(list(folder_of(folder, job).glob("*.zip"))) == 1


def test_a_job_cancelled_before_anybody_took_it_up_is_never_run(
    office: Office, clerk: Authority, folder: Path
) -> None:
    job = order_print(office.register, clerk, POSTS, BADGES)
    cancel_job(office.register, clerk, job.id)
    assert outcome(office, job) is PrintOutcome.CANCELLED
    assert run_next(office, folder, "r1") is None
    assert office.register.count(Copy) == 0


def test_whoever_is_no_officer_any_more_prints_nothing(
    office: Office, clerk: Authority, folder: Path
) -> None:
    job = order_print(office.register, clerk, POSTS, BADGES)
    disable_officer(office.register, office.authority(Role.ADMINISTRATOR), "wang", reason="调离")
    run_next(office, folder, "r1")
    assert outcome(office, job) is PrintOutcome.STOPPED
    assert office.register.count(Copy) == 0


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.COMMITTEE])
def test_whoever_has_another_role_by_now_prints_nothing_ordered_before(
    office: Office, clerk: Authority, folder: Path, role: Role
) -> None:
    job = order_print(office.register, clerk, POSTS, BADGES)
    duties = NewDuties(role=role, branch_name="", reason="改任")
    change_officer(office.register, office.authority(Role.ADMINISTRATOR), "wang", duties)
    run_next(office, folder, "r1")
    assert outcome(office, job) is PrintOutcome.STOPPED
    assert office.register.count(Copy) == 0


def test_what_is_printed_already_is_told_and_the_rest_is_printed(
    office: Office, clerk: Authority, folder: Path
) -> None:
    for posts in (POSTS[:1], POSTS):
        job = order_print(office.register, clerk, posts, BADGES)
        run_next(office, folder, "r1")
    end = course(office, job).end
    assert end
    [remark] = [each for each in end.remarks if each.kind is RemarkKind.REFUSED]
    assert (remark.subject, "已制发" in remark.zh) == (POSTS[0], True)
    assert {copy.post_id for copy in office.register.find(Copy)} == set(POSTS)


def test_a_warning_nobody_accepted_stops_the_job_and_an_accepted_one_does_not(
    office: Office, clerk: Authority, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding(
        severity=Severity.WARNING, number="", part="", text="", check=Check.EMBLEM, zh="请看党徽", en="Look"
    )
    monkeypatch.setattr(printing, "drawn", _warned(portions.drawn, finding))
    job = order_print(office.register, clerk, POSTS[:1], BADGES)
    run_next(office, folder, "r1")
    end = course(office, job).end
    assert end
    assert (end.outcome, [each.zh for each in end.remarks]) == (PrintOutcome.UNANSWERED, ["请看党徽"])
    assert office.register.count(Copy) == 0
    job = order_print(office.register, clerk, POSTS[:1], BADGES, accepted=["请看党徽"])
    run_next(office, folder, "r1")
    assert outcome(office, job) is PrintOutcome.FINISHED


def _warned(drawn: Callable[..., Iterator[Any]], finding: Finding) -> Callable[..., Iterator[Any]]:
    def with_warning(*arguments: Any) -> Iterator[Any]:
        for part in drawn(*arguments):
            file: PrintedFile = part.file
            yield replace(part, file=replace(file, report=replace(file.report, findings=(finding,))))

    return with_warning


def test_proofs_leave_nothing_on_record(office: Office, clerk: Authority, folder: Path) -> None:
    order = PrintOrder(product=Product.BADGE, sheet="a4", proof=True)
    job = order_print(office.register, clerk, POSTS, order)
    run_next(office, folder, "r1")
    assert outcome(office, job) is PrintOutcome.FINISHED
    assert office.register.count(Copy) == 0
    assert any("样张" in each.name for each in files_of(folder_of(folder, job)))


def test_files_are_removed_a_month_after_the_end_and_no_sooner(
    office: Office, clerk: Authority, folder: Path
) -> None:
    job = order_print(office.register, clerk, POSTS[:1], BADGES)
    run_next(office, folder, "r1")
    strange = folder / "P9-of-another-register"
    strange.mkdir()
    end = course(office, job).end
    assert end
    sweep(office.register, folder, end.ended_at + KEPT_FOR)
    assert files_of(folder_of(folder, job))
    sweep(office.register, folder, end.ended_at + KEPT_FOR + timedelta(seconds=1))
    assert not files_of(folder_of(folder, job))
    assert strange.is_dir()
