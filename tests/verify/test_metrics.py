"""What is counted, as monitoring reads it: of one worker, or of all."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from store.register import RegisterUnavailable
from tests.office import NOON
from verify.metrics import Metrics, Use


@pytest.fixture
def metrics() -> Metrics:
    moments = iter(range(1_000_000))
    return Metrics(version="1.2", clock=lambda: NOON, timer=lambda: float(next(moments)))


def sample(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return one number that is told."""
    found = families(metrics.exposition().decode())
    return next(
        (
            each.value
            for family in found
            for each in family.samples
            if (each.name, each.labels) == (name, labels)
        ),
        None,
    )


def test_what_was_counted_is_told_by_name_and_label(metrics: Metrics) -> None:
    for verdict in ("valid", "revoked", "valid"):
        metrics.scans.labels(verdict).inc()
    metrics.feedback.labels("rating").inc()
    metrics.pages_open(7)
    metrics.page_refused()
    assert sample(metrics, "gangpai_scans_total", verdict="valid") == 2
    assert sample(metrics, "gangpai_scans_total", verdict="revoked") == 1
    assert sample(metrics, "gangpai_feedback_total", kind="rating") == 1
    assert sample(metrics, "gangpai_open_pages") == 7
    assert sample(metrics, "gangpai_open_pages_refused_total") == 1
    assert sample(metrics, "gangpai_build_info", version="1.2") == 1


def test_answers_are_told_by_route_and_status_with_their_times(metrics: Metrics) -> None:
    labels = {"method": "GET", "route": "/{code}", "status": "200"}
    for seconds in (0.002, 0.2):
        metrics.answered(**labels, seconds=seconds)
    assert sample(metrics, "gangpai_http_request_seconds_count", **labels) == 2
    assert sample(metrics, "gangpai_http_request_seconds_bucket", **labels, le="0.005") == 1


def test_how_late_pages_are_told_is_kept(metrics: Metrics) -> None:
    metrics.pages_told(NOON - timedelta(milliseconds=250), 3)
    metrics.pages_told(NOON + timedelta(seconds=5), 1)  # decided on a machine whose clock is ahead
    assert sample(metrics, "gangpai_open_page_turn_seconds_count") == 4
    assert sample(metrics, "gangpai_open_page_turn_seconds_bucket", le="0.2") == 1
    assert sample(metrics, "gangpai_open_page_turn_seconds_bucket", le="0.3") == 4


def test_a_use_of_the_register_is_timed_and_its_failure_counted(metrics: Metrics) -> None:
    with metrics.register_use(Use.READ):
        pass
    with pytest.raises(RegisterUnavailable), metrics.register_use(Use.WRITE):
        raise RegisterUnavailable
    with pytest.raises(ValueError, match="ours"), metrics.register_use(Use.WRITE):
        raise ValueError("ours")
    assert sample(metrics, "gangpai_register_seconds_count", use="read") == 1
    assert sample(metrics, "gangpai_register_seconds_count", use="write") == 2
    assert sample(metrics, "gangpai_register_failures_total", use="write") == 1


def test_threads_lose_no_count(metrics: Metrics) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: metrics.scans.labels("valid").inc(), range(2_000)))
    assert sample(metrics, "gangpai_scans_total", verdict="valid") == 2000


WORKER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from verify.metrics import Metrics
metrics = Metrics(version="1", clock=lambda: datetime.now(UTC), timer=float, shared=Path(sys.argv[1]))
metrics.scans.labels("valid").inc()
metrics.pages_open(3)
print(metrics.exposition().decode())
"""


def test_workers_that_share_a_folder_are_told_together(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", WORKER, str(tmp_path)]
    told = [
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    ]
    assert 'gangpai_scans_total{verdict="valid"} 1.0' in told[0]
    assert 'gangpai_scans_total{verdict="valid"} 2.0' in told[1]
    assert "gangpai_open_pages 6.0" in told[1]
