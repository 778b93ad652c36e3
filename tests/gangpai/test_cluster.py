"""A batch on a cluster: a real scheduler and two worker processes on this machine print the same bytes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from distributed import Client

from gangpai.batch import Plan
from gangpai.cluster import ClusterDiffers, ClusterUnreachable, cluster
from gangpai.local_server import free_port
from gangpai.office import Office
from gangpai.portions import Crew, Drawn, Room, drawn, in_this_process, portions
from gangpai.print_plan import Job, every_post, plans
from plaques.design.library import load_design
from plaques.press.impose import Imposition
from plaques.print_run import PrintSettings
from store.records import Copy, Product
from tests.gangpai.desk import BASE_URL, DATA, Command

ROOT = DATA.parent.parent
ROOM = Room(places=10, sheets=1)
PATIENCE_S = 60


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a module of the cluster's library until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def scheduler() -> Iterator[str]:
    """Run a scheduler and yield its address."""
    port = str(free_port())
    with running("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"):
        yield f"tcp://127.0.0.1:{port}"


def worker_of(address: str, folder: Path) -> tuple[str, ...]:
    here = ("--host", "127.0.0.1", "--local-directory", str(folder))
    return "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", *here, address


def wait_for_workers(address: str, count: int) -> None:
    with Client(address, timeout=PATIENCE_S) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(count, timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a scheduler and two workers, and wait until both have reported."""
    with scheduler() as found, ExitStack() as stack:
        for name in ("one", "two"):
            stack.enter_context(running(*worker_of(found, tmp_path_factory.mktemp(name))))
        wait_for_workers(found, 2)
        yield found


@pytest.fixture
def batch(gangpai: Command, office: Office) -> list[Plan]:
    gangpai("import", DATA / "roster-2026.xlsx")
    gangpai("approve", "--all", "--document", "1号")
    job = Job(product=Product.BADGE, out=Path("out"))
    return [each for each in plans(office, job, every_post(office)) if isinstance(each, Plan)]


def files(batch: list[Plan], crew: Crew) -> Iterator[bytes]:
    settings = PrintSettings(
        base_url=BASE_URL, design=load_design(Product.BADGE), imposition=Imposition(sheet="a4")
    )
    for part in drawn(portions(batch, ROOM), settings, crew):
        assert isinstance(part, Drawn)
        assert part.file is not None
        yield part.file.content


@pytest.fixture
def drawn_here(batch: list[Plan]) -> list[bytes]:
    with in_this_process() as crew:
        return list(files(batch, crew))


def test_a_cluster_draws_the_same_bytes_in_the_same_order(
    address: str, batch: list[Plan], drawn_here: list[bytes]
) -> None:
    with cluster(address) as crew:
        assert crew.workers == 2
        assert list(files(batch, crew)) == drawn_here


def test_the_portions_of_a_worker_that_dies_are_drawn_by_the_others(
    address: str, tmp_path: Path, batch: list[Plan], drawn_here: list[bytes]
) -> None:
    with running(*worker_of(address, tmp_path)) as third:
        wait_for_workers(address, 3)
        with cluster(address) as crew:
            drawn_there = files(batch, crew)
            first = next(drawn_there)
            third.kill()
            assert [first, *drawn_there] == drawn_here


def test_the_command_prints_on_a_cluster(
    address: str, gangpai: Command, office: Office, batch: list[Plan]
) -> None:
    options = ("--sheet", "a4", "--portion", "1", "--scheduler", address)
    printed = gangpai("print", "badge", "--all", *options, "--out", "out", "--json").json
    assert len(printed["copies"]) == office.register.count(Copy) == sum(len(each.copies) for each in batch)
    assert len(printed["files"]) > 2 * 2


def test_a_worker_of_another_version_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gangpai.cluster.__version__", "0.0.1")
    with pytest.raises(ClusterDiffers) as refused, cluster(address):
        pass
    assert refused.value.facts["wanted"] == "0.0.1"


def test_nobody_at_the_address_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gangpai.cluster._PATIENCE_S", 0.3)
    with pytest.raises(ClusterUnreachable), cluster(f"tcp://127.0.0.1:{free_port()}"):
        pass


def test_no_address_at_all_is_a_refusal() -> None:
    with pytest.raises(ClusterUnreachable), cluster("nonsense://here"):
        pass


def test_a_scheduler_without_workers_is_a_refusal() -> None:
    with scheduler() as found:
        Client(found, timeout=PATIENCE_S).close()  # type: ignore[no-untyped-call]
        with pytest.raises(ClusterUnreachable) as refused, cluster(found):
            pass
    assert refused.value.facts["problem_en"] == "no worker"


@pytest.mark.usefixtures("batch")
def test_without_the_library_there_is_a_way_out(
    gangpai: Command, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    command = ("print", "badge", "2026-001", "--scheduler", "tcp://127.0.0.1:8786", "--out", "out")
    assert gangpai(*command, "--json").json["refused"]["code"] == "ClusterNotInstalled"
    assert office.register.count(Copy) == 0
