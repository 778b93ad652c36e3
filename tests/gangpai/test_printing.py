"""Printing interrupted: whatever stops it, and when, register and paper agree."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from errno import ENOSPC
from operator import attrgetter
from pathlib import Path
from typing import Any, Never

import pytest

from gangpai import placing
from gangpai.cli import run
from gangpai.office import Office
from store.acts.authority import Authority
from store.acts.issue import FaceDiffers, issue_copies
from store.records import Copy
from store.refusals import Refusal
from store.register import DiskFull, Register
from tests.gangpai.desk import BASE_URL, DATA, Command

DEADLINE_S = 60


@pytest.fixture(autouse=True)
def _approved(gangpai: Command) -> None:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    assert gangpai("approve", "--all", "--document", "场党字〔2026〕1号").code == 0


def interrupted(*_: object) -> Never:
    raise OSError(ENOSPC, "No space left on device")


@pytest.mark.parametrize("kind", [".json", ".pdf", ".csv", ".png"])
def test_a_disk_that_fills_up_leaves_no_record_and_no_file(
    gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def fsync(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().suffix == kind:
            interrupted()

    monkeypatch.setattr("gangpai.placing.os.fsync", fsync)
    answer = gangpai("print", "plaque", "2026-001", "--preview", "--out", "out")
    assert (answer.code, "没有登记、没有出图" in answer.err) == (1, True)
    assert list((desk / "out").iterdir()) == []
    assert office.register.count(Copy) == 0


def test_an_interruption_after_the_record_keeps_the_artwork(
    gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", interrupted)
        assert gangpai("print", "plaque", "2026-001", "--out", "out").code == 1
    assert {path.suffix for path in (desk / "out").iterdir()} == {".pdf", ".csv", ".json"}
    [copy] = office.register.find(Copy)
    again = gangpai("print", "plaque", "2026-001", "--out", "out")
    assert (again.code, copy.id in again.err) == (1, True)
    assert names(desk) == ["2026-001-创建标牌-400x300-清单.csv", "2026-001-创建标牌-400x300.pdf"]


def names(desk: Path) -> list[str]:
    return sorted(path.name for path in (desk / "out").iterdir())


def assert_paper_is_the_register(gangpai: Command, desk: Path, office: Office) -> None:
    """Every code on record is on one page in the folder, every code in the folder is on record."""
    assert [name for name in names(desk) if name.startswith(".")] == []
    printed = [
        code["text"]
        for name in names(desk)
        if name.endswith(".pdf")
        for code in gangpai("check", f"out/{name}", "--json").json["codes"]
    ]
    assert sorted(printed) == sorted(f"{BASE_URL}/{copy.code}" for copy in office.register.find(Copy))


# Killed at one step ----------------------------------------------------------------------------------------


Step = Callable[..., Any]


def killed(*_: object) -> Never:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def before(_: Step) -> Step:
    return killed


def at_the_second(step: Step) -> Step:
    steps = iter((step,))

    def once(*arguments: Any) -> Any:
        return next(steps, killed)(*arguments)

    return once


def after(step: Step) -> Step:
    return lambda *arguments: killed(step(*arguments))


NOTHING_RECORDED = {
    "with an empty journal": ("_write_down", before),
    "with a journal": ("_write_down", after),
    "with half of a draft": ("_flush", at_the_second),
    "between two drafts": ("_write", at_the_second),
    "before the record": ("issue_copies", before),
}
RECORDED = {
    "after the record": ("issue_copies", after),
    "before any name": ("_give_names", before),
    "between two names": ("Path.replace", at_the_second),
    "with all names given": ("_make_durable", at_the_second),
}


def print_killed(step: str, when: Callable[[Step], Step], *options: str) -> None:
    """Run the command in a process of its own that is killed at a step of placing."""
    pid = os.fork()
    if pid == 0:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(f"gangpai.placing.{step}", when(attrgetter(step)(placing)))
            run(["print", "plaque", "2026-001", "--out", "out", *options])
        os._exit(99)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the step was never reached"


@pytest.mark.parametrize(("step", "when"), NOTHING_RECORDED.values(), ids=NOTHING_RECORDED.keys())
def test_killed_before_the_record_nothing_was_printed(
    gangpai: Command, desk: Path, office: Office, step: str, when: Callable[[Step], Step]
) -> None:
    print_killed(step, when)
    assert office.register.count(Copy) == 0
    assert gangpai("print", "plaque", "2026-001", "--out", "out").code == 0
    assert office.register.count(Copy) == 1
    assert_paper_is_the_register(gangpai, desk, office)


@pytest.mark.parametrize(("step", "when"), RECORDED.values(), ids=RECORDED.keys())
def test_killed_after_the_record_the_next_run_gives_the_files_their_names(
    gangpai: Command, desk: Path, office: Office, step: str, when: Callable[[Step], Step]
) -> None:
    print_killed(step, when)
    assert office.register.count(Copy) == 1
    assert gangpai("print", "plaque", "2026-002", "--out", "out").code == 0
    assert len(names(desk)) == 4
    assert_paper_is_the_register(gangpai, desk, office)


def test_a_proof_that_was_cut_off_is_made_anew(gangpai: Command, desk: Path) -> None:
    print_killed("_give_names", before, "--proof")
    assert len(names(desk)) == 2
    assert gangpai("print", "plaque", "2026-001", "--proof", "--out", "out").code == 0
    assert names(desk) == ["2026-001-创建标牌-400x300-样张.pdf"]


def test_the_journal_of_another_register_is_left_alone(
    gangpai: Command, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_killed("_give_names", before)
    left = names(desk)
    monkeypatch.setenv("GANGPAI_STORE", "tinydb:other.db")
    gangpai("import", DATA / "roster-2026.xlsx")
    assert gangpai("print", "plaque", "2026-001", "--proof", "--out", "out").code == 0
    assert set(left) < set(names(desk))


def test_a_run_that_is_at_work_is_left_alone(
    gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = issue_copies

    def record_while_another_run_begins(*arguments: Any) -> None:
        placing.settle(office, desk / "out")
        record(*arguments)

    monkeypatch.setattr("gangpai.placing.issue_copies", record_while_another_run_begins)
    assert gangpai("print", "plaque", "2026-001", "--out", "out").code == 0
    assert_paper_is_the_register(gangpai, desk, office)


# Refused in the middle of a batch --------------------------------------------------------------------------

SHEET_BY_SHEET = ("--all", "--sheet", "a4", "--portion", 1, "--jobs", 1, "--out", "out", "--json")


def refused_for(post_id: str, refusal: Refusal) -> Step:
    def issue(register: Register, authority: Authority, copies: Sequence[Copy]) -> None:
        if any(copy.post_id == post_id for copy in copies):
            raise refusal
        issue_copies(register, authority, copies)

    return issue


def test_a_register_that_changed_in_between_declines_one_portion(
    gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = refused_for("2026-002", FaceDiffers(post_id="2026-002"))
    monkeypatch.setattr("gangpai.placing.issue_copies", changed)
    answer = gangpai("print", "badge", *SHEET_BY_SHEET)
    assert answer.code == 1
    [refused] = answer.json["refusals"]
    assert refused["code"] == "FaceDiffers"
    assert {copy["post"] for copy in answer.json["copies"]} == {
        copy.post_id for copy in office.register.find(Copy)
    }
    assert "2026-015" in {copy["post"] for copy in answer.json["copies"]}
    assert_paper_is_the_register(gangpai, desk, office)


def test_a_register_that_fails_ends_the_batch_and_what_is_finished_is_told(
    gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gangpai.placing.issue_copies", refused_for("2026-003", DiskFull()))
    answer = gangpai("print", "badge", *SHEET_BY_SHEET)
    assert answer.code == 1
    [refused] = answer.json["refusals"]
    assert (refused["subject"], refused["code"]) == ("其余 / the rest", "DiskFull")
    assert {copy["post"] for copy in answer.json["copies"]} == {"2026-001", "2026-002"}
    assert_paper_is_the_register(gangpai, desk, office)


# Stopped in the middle of a batch --------------------------------------------------------------------------


@pytest.fixture
def batch(desk: Path) -> Iterator["subprocess.Popen[str]"]:
    """Print badges, one sheet in a file, drawn by two processes, pictures too; wait for the second file."""
    started = subprocess.Popen(
        [sys.executable, "-m", "gangpai", "print", "badge", "--all", "--sheet", "a4", "--out", "out",
         "--portion", "1", "--jobs", "2", "--preview", "--json"],
        cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(DATA.parent.parent)}, start_new_session=True,
    )  # fmt: skip
    until(lambda: any((desk / "out").glob("*-02.pdf")) or started.poll() is not None)
    assert started.poll() is None, started.communicate()
    yield started
    started.kill()
    started.communicate()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def nobody_is_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def assert_the_same_command_prints_the_rest(gangpai: Command, desk: Path, office: Office) -> None:
    before = {copy.id for copy in office.register.find(Copy)}
    gangpai("print", "badge", "--all", "--sheet", "a4", "--out", "out")
    posts = gangpai("posts", "--json").json["posts"]
    copies = office.register.find(Copy)
    assert sorted(copy.face.holder for copy in copies) == sorted(
        name for post in posts for name in post["members"]
    )
    assert before < {copy.id for copy in copies}
    assert_paper_is_the_register(gangpai, desk, office)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_batch_that_is_stopped_keeps_and_tells_what_is_finished(
    gangpai: Command, desk: Path, office: Office, batch: "subprocess.Popen[str]", number: signal.Signals
) -> None:
    if number is signal.SIGINT:
        os.killpg(batch.pid, number)  # as the terminal does it
    else:
        batch.send_signal(number)
    out, err = batch.communicate(timeout=DEADLINE_S)
    assert (batch.returncode, "接着印其余的" in err, "Traceback" in err) == (1, True, False)
    assert nobody_is_left(batch.pid)
    told = {copy["number"] for copy in json.loads(out)["copies"]}
    assert told == {copy.id for copy in office.register.find(Copy)}
    assert_paper_is_the_register(gangpai, desk, office)
    assert_the_same_command_prints_the_rest(gangpai, desk, office)


def test_a_batch_that_is_killed_leaves_no_process_and_no_contradiction(
    gangpai: Command, desk: Path, office: Office, batch: "subprocess.Popen[str]"
) -> None:
    batch.kill()
    batch.wait(DEADLINE_S)
    until(lambda: nobody_is_left(batch.pid))
    assert_the_same_command_prints_the_rest(gangpai, desk, office)
