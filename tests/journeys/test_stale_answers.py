"""After a veto is acknowledged no scan shows the plate as standing, whatever worker answers (F20, F22).

Scans come from eight processes: over HTTP to every worker in turn, or, on the larger store, straight at the
register as each of eight workers reads it. A veto is acknowledged when the act returns in this process, which
is earlier than any page could say so.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection

import pytest

from gangpai.office import Office
from gangpai.practice import hang_plates
from gangpai.stores import Store
from store.acts.veto import veto
from store.records import Copy
from tests.journeys import workers
from tests.journeys.broken import Caching
from tests.journeys.playing import heard, started
from tests.journeys.workers import CHARGE, Change, unchanged

READERS = 8
DONE_WITHIN_S = 1800


class Readers:
    """Reading processes, how far they are, and which of their answers still stood."""

    def __init__(self, connections: Sequence[Connection]) -> None:
        self.connections = connections
        self.progress = threading.Condition()
        self.scans = [0] * len(connections)
        self.stood: list[tuple[str, float]] = []
        self.listeners = [threading.Thread(target=self.listen, args=each) for each in enumerate(connections)]
        for listener in self.listeners:
            listener.start()

    def listen(self, reader: int, connection: Connection) -> None:
        while isinstance(said := heard(connection), int):
            with self.progress:
                self.scans[reader] = said
                self.progress.notify_all()
        with self.progress:
            self.stood += said

    def wait_for(self, scans: int) -> None:
        """Wait until together they have made so many scans."""
        with self.progress:
            assert self.progress.wait_for(lambda: sum(self.scans) >= scans, timeout=DONE_WITHIN_S)

    def end(self) -> None:
        for connection in self.connections:
            connection.send("enough")
        for listener in self.listeners:
            listener.join()


@contextmanager
def served(store: Store, count: int, change: Change = unchanged) -> Iterator[list[int]]:
    """Serve the register by so many processes, each at a port of its own."""
    with ExitStack() as stack:
        servers = [stack.enter_context(started(workers.serve, store, change)) for _ in range(count)]
        yield [heard(each) for each in servers]


Reader = tuple[Callable[..., None], tuple[object, ...]]
"""What a reading process does, and what it is told beforehand."""


def phones(ports: list[int]) -> list[Reader]:
    """Let every reader ask every server in turn, each beginning at another."""
    firsts = [reader % len(ports) for reader in range(READERS)]
    return [(workers.scan, (ports[first:] + ports[:first],)) for first in firsts]


def lookers(store: Store, change: Change = unchanged) -> list[Reader]:
    """Let every reader be a worker itself."""
    return [(workers.look, (store, change))] * READERS


def stale_scans(office: Office, copies: list[Copy], players: list[Reader], scans: int) -> int:
    """Count the scans begun after the veto of their plate was acknowledged that still showed it standing.

    Every reader looks at every plate again after the last veto, however quick it was before.
    """
    codes = [copy.code for copy in copies]
    acknowledged: dict[str, float] = {}
    with ExitStack() as stack:
        readers = Readers([stack.enter_context(started(play, *told, codes)) for play, told in players])
        for number, copy in enumerate(copies, start=1):
            readers.wait_for(scans * number // (len(copies) + 1))
            veto(office.register, office.authority(), copy.post_id, CHARGE)
            acknowledged[copy.code] = time.monotonic()
        readers.wait_for(scans)
        readers.end()
    assert {code for code, _ in readers.stood} == set(acknowledged), "a plate was never seen standing"
    return sum(1 for code, begun in readers.stood if begun > acknowledged[code])


@pytest.mark.parametrize("engine", ["tinydb"], indirect=True)
@pytest.mark.parametrize(
    ("scans", "vetoes"), [(4_000, 8), pytest.param(200_000, 100, marks=pytest.mark.soak)]
)
def test_f20_no_scan_begun_after_a_veto_shows_the_plate_standing(
    at_work: Office, store: Store, scans: int, vetoes: int
) -> None:
    copies = hang_plates(at_work, vetoes)
    with served(store, 2) as ports:
        assert stale_scans(at_work, copies, phones(ports), scans) == 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("scans", "vetoes"), [(1_600, 4), pytest.param(200_000, 100, marks=pytest.mark.soak)]
)
def test_f20_no_worker_of_eight_reads_a_vetoed_plate_as_standing(
    at_work: Office, store: Store, scans: int, vetoes: int
) -> None:
    copies = hang_plates(at_work, vetoes)
    assert stale_scans(at_work, copies, lookers(store), scans) == 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("scans", "vetoes", "count"), [(400, 2, 3), pytest.param(20_000, 100, 8, marks=pytest.mark.soak)]
)
def test_f20_no_scan_of_the_larger_store_is_stale_either(
    at_work: Office, store: Store, scans: int, vetoes: int, count: int
) -> None:
    copies = hang_plates(at_work, vetoes)
    with served(store, count) as ports:
        assert stale_scans(at_work, copies, phones(ports), scans) == 0


def test_a_server_that_remembers_answers_is_caught(at_work: Office, store: Store) -> None:
    copies = hang_plates(at_work, 2)
    with served(store, 2, change=Caching) as ports:
        assert stale_scans(at_work, copies, phones(ports), scans=800) > 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_worker_that_remembers_answers_is_caught(at_work: Office, store: Store) -> None:
    copies = hang_plates(at_work, 2)
    assert stale_scans(at_work, copies, lookers(store, Caching), scans=1_600) > 0
