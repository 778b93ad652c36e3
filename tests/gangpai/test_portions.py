"""A batch in portions: whole posts, whole sheets, few at a time, by whoever draws them."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from gangpai.batch import Declined, Plan
from gangpai.office import Office
from gangpai.portions import (
    Crew,
    Drawn,
    Inline,
    Portion,
    Room,
    WorkerLost,
    drawn,
    in_this_process,
    portions,
)
from gangpai.print_plan import Job, Labour, plans
from gangpai.printing import drawing
from gangpai.workers import own_processes
from plaques.design.library import load_design
from plaques.preflight.report import Report
from plaques.press.impose import Imposition, NothingLeftOnSheet
from plaques.print_run import PrintedFile, PrintSettings
from store.dossier import NoSuchPost
from store.records import Copy, Product, Stage
from tests.gangpai.desk import BASE_URL, DATA, Command

POSTS = ("2026-001", "2026-002", "2026-003")
ROOM = Room(places=4, sheets=2)


def plan(number: int, copies: Sequence[Copy], stage: Stage = Stage.CREATION) -> Plan:
    return Plan(post_id=f"2026-{number:03}", stage=stage, copies=tuple(copies))


@pytest.fixture
def some_copies(gangpai: Command, office: Office) -> list[Copy]:
    """Badges of three posts, planned but not printed."""
    gangpai("import", DATA / "roster-2026.xlsx")
    gangpai("approve", "--all", "--document", "1号")
    job = Job(product=Product.BADGE, out=Path("out"))
    return [copy for each in plans(office, job, POSTS) if isinstance(each, Plan) for copy in each.copies]


@pytest.fixture
def settings() -> PrintSettings:
    return PrintSettings(
        base_url=BASE_URL, design=load_design(Product.BADGE), imposition=Imposition(sheet="a4")
    )


def cut(plans: Iterable[Plan | Declined], room: Room = ROOM) -> list[Portion]:
    return [each for each in portions(plans, room) if isinstance(each, Portion)]


def contents(parts: Iterable[Portion]) -> list[list[str]]:
    return [[plan.post_id for plan in part.plans] for part in parts]


class TestCutting:
    def test_one_portion_has_no_number(self, some_copies: list[Copy]) -> None:
        [only] = cut([plan(1, some_copies[:8])])
        assert only.number == 0

    def test_a_portion_is_closed_before_the_post_that_does_not_fit(self, some_copies: list[Copy]) -> None:
        sizes = [3, 3, 3, 8, 1]
        parts = cut(plan(number, some_copies[:size]) for number, size in enumerate(sizes, start=1))
        assert contents(parts) == [["2026-001", "2026-002"], ["2026-003"], ["2026-004"], ["2026-005"]]
        assert [part.number for part in parts] == [1, 2, 3, 4]

    def test_a_post_larger_than_a_portion_is_not_split(self, some_copies: list[Copy]) -> None:
        parts = cut([plan(1, some_copies[:9]), plan(2, some_copies[:1])])
        assert contents(parts) == [["2026-001"], ["2026-002"]]

    def test_places_used_already_are_skipped_on_the_first_sheet_only(self, some_copies: list[Copy]) -> None:
        parts = cut([plan(1, some_copies[:5]), plan(2, some_copies[:1])], Room(places=4, sheets=2, skip=3))
        assert [(part.skip, len(part.copies)) for part in parts] == [(3, 5), (0, 1)]

    def test_each_stage_has_portions_of_its_own(self, some_copies: list[Copy]) -> None:
        stages = [Stage.CREATION, Stage.TITLE, Stage.CREATION]
        parts = cut(plan(n, some_copies[:2], stage) for n, stage in enumerate(stages, start=1))
        assert contents(parts) == [["2026-001", "2026-003"], ["2026-002"]]
        assert [part.number for part in parts] == [0, 0]

    def test_what_was_declined_is_told_at_once(self) -> None:
        refused = Declined(subject="2026-404", refusal=NoSuchPost(post_id="2026-404"))
        assert list(portions([refused], ROOM)) == [refused]

    def test_plans_are_asked_for_one_portion_ahead_at_most(self, some_copies: list[Copy]) -> None:
        asked = []

        def endless() -> Iterator[Plan]:
            for number in range(1, 900):
                asked.append(number)
                yield plan(number, some_copies[:8])

        parts = portions(endless(), ROOM)
        for _ in range(3):
            next(parts)
        assert len(asked) == 4


class Pending(Inline):
    """Draws nothing, and remembers how many portions were given to it and not yet taken back."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, *_: object, **__: object) -> Future[PrintedFile]:  # type: ignore[override]
        self.given += 1
        done: Future[PrintedFile] = Future()
        report = Report(copies=(), pages=0, raster_dpi=0, rasterised=frozenset())
        done.set_result(PrintedFile(content=b"", report=report))
        return done


def test_no_more_portions_are_held_than_one_beyond_the_workers(
    some_copies: list[Copy], settings: PrintSettings
) -> None:
    pending = Pending()
    crew = Crew(executor=pending, workers=2, alone=pending)
    steps = portions((plan(number, some_copies[:8]) for number in range(1, 900)), ROOM)
    for taken, _ in enumerate(islice(drawn(steps, settings, crew), 20), start=1):
        assert pending.given - taken <= 2


def files(
    copies: list[Copy], settings: PrintSettings, crew: Crew, *, each: int = 10
) -> list[tuple[int, bytes]]:
    """Draw the copies, so many in a portion."""
    batch = (plan(start + 1, copies[start : start + each]) for start in range(0, len(copies), each))
    steps = drawn(portions(batch, Room(places=1, sheets=each)), settings, crew)
    return [
        (part.portion.number, part.file.content) for part in steps if isinstance(part, Drawn) and part.file
    ]


def test_processes_draw_the_same_bytes_in_the_same_order(
    some_copies: list[Copy], settings: PrintSettings
) -> None:
    with in_this_process() as crew:
        alone = files(some_copies, settings, crew, each=5)
    with own_processes(2) as crew:
        together = files(some_copies, settings, crew, each=5)
    assert [number for number, _ in together] == list(range(1, len(together) + 1))
    assert alone == together


def test_a_refusal_comes_back_from_another_process(some_copies: list[Copy], settings: PrintSettings) -> None:
    batch = [plan(1, some_copies[:8]), plan(2, some_copies[:8])]
    with own_processes(2) as crew, pytest.raises(NothingLeftOnSheet) as refused:
        list(drawn(portions(batch, Room(places=10, sheets=1, skip=99)), settings, crew))
    assert refused.value.facts["skip"] == 99


def die(*_: object) -> None:
    os._exit(9)


def test_a_worker_that_dies_is_a_refusal(
    some_copies: list[Copy], settings: PrintSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gangpai.portions.prepare", die)
    with own_processes(2) as crew, pytest.raises(WorkerLost):
        files(some_copies, settings, crew)


def sleep_for_ever(*_: object) -> None:
    multiprocessing.Event().wait()


def test_leaving_early_ends_the_processes_at_once(
    some_copies: list[Copy], settings: PrintSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gangpai.portions.prepare", sleep_for_ever)
    [first, *_] = cut(plan(number, some_copies[:8]) for number in (1, 2))
    with suppress(KeyboardInterrupt), own_processes(2) as crew:
        crew.draw(first, settings)
        assert len(multiprocessing.active_children()) == 2
        raise KeyboardInterrupt
    assert multiprocessing.active_children() == []


STOPPED_AT_BIRTH = """
import os, signal
from gangpai.workers import own_processes

os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGINT))
with own_processes(2) as crew:
    print(crew.executor.submit(os.getppid).result() == os.getpid())
"""


def test_a_worker_that_is_interrupted_at_birth_leaves_it_to_its_parent() -> None:
    command = [sys.executable, "-c", STOPPED_AT_BIRTH]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")


def test_a_single_portion_calls_nobody_in(gangpai: Command, office: Office) -> None:
    gangpai("import", DATA / "roster-2026.xlsx")
    gangpai("approve", "--all", "--document", "1号")
    job = Job(product=Product.BADGE, out=Path("out"), proof=True, labour=Labour(jobs=2))
    with drawing(office, job, plans(office, job, POSTS)) as parts:
        [part] = parts
        assert isinstance(part, Drawn)
        assert multiprocessing.active_children() == []
