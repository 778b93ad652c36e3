"""The drill the operator runs: it passes on this program, and it notices a stale answer."""

import pytest

from gangpai.drill import PAGES, SCANNERS, Drilled, Watch, run_drill
from gangpai.stores import PostgresDatabase
from store.standing import Verdict
from tests import postgres


@pytest.fixture(scope="module", params=["tinydb", "postgresql"])
def drilled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Drilled:
    if request.param == "tinydb":
        return run_drill()
    return run_drill(PostgresDatabase(postgres.fresh_dsn(), tmp_path_factory.mktemp("drill")))


def test_no_scan_begun_after_the_acknowledgement_is_stale(drilled: Drilled) -> None:
    assert (drilled.stale, drilled.passed) == (0, True)
    assert drilled.scans > 2 * SCANNERS


def test_every_scanner_and_every_page_saw_the_veto(drilled: Drilled) -> None:
    assert (len(drilled.scanners_ms), len(drilled.pages_ms)) == (SCANNERS, PAGES)


@pytest.mark.soak  # a time of this machine, which others may be using
def test_every_page_turned_within_a_second(drilled: Drilled) -> None:
    assert max(drilled.pages_ms) < 1000


def test_its_words_and_its_facts_agree(drilled: Drilled) -> None:
    outcome = drilled.outcome
    assert outcome.facts["stale_scans"] == 0
    assert f"{outcome.facts['first_page_ms']:.1f}–{outcome.facts['last_page_ms']:.1f}" in outcome.zh
    assert outcome.zh.startswith("演练通过")


@pytest.mark.parametrize(
    ("acknowledged_s", "begun_s", "standing", "stale"),
    [
        (None, 5.0, Verdict.VALID, 0),
        (10.0, 9.9, Verdict.VALID, 0),
        (10.0, 10.1, Verdict.REVOKED, 0),
        (10.0, 10.1, Verdict.VALID, 1),
        (10.0, 10.1, Verdict.CREATING, 1),
    ],
)
def test_only_a_scan_begun_after_the_acknowledgement_can_be_stale(
    acknowledged_s: float | None, begun_s: float, standing: Verdict, stale: int
) -> None:
    watch = Watch(acknowledged_s=acknowledged_s)
    watch.note_scan(begun_s, standing.value)
    assert watch.stale == stale


def test_a_stale_scan_fails_the_drill() -> None:
    failed = Drilled(scans=9, stale=1, scanners_ms=[1.0], pages_ms=[1.0])
    assert not failed.passed
    assert failed.outcome.zh.startswith("演练未通过")
