"""Counters as Prometheus reads them."""

import re
from concurrent.futures import ThreadPoolExecutor

from verify.metrics import Metrics

LINE = re.compile(r'# TYPE [a-z_]+ counter|[a-z_]+_total\{kind="[a-z_]+"\} \d+')


def test_counts_are_told_by_name_and_kind() -> None:
    metrics = Metrics()
    for name, kind in (("scans", "valid"), ("feedback", "rating"), ("scans", "revoked"), ("scans", "valid")):
        metrics.count(name, kind)
    assert metrics.exposition() == (
        "# TYPE gangpai_feedback_total counter\n"
        'gangpai_feedback_total{kind="rating"} 1\n'
        "# TYPE gangpai_scans_total counter\n"
        'gangpai_scans_total{kind="revoked"} 1\n'
        'gangpai_scans_total{kind="valid"} 2\n'
    )
    assert all(LINE.fullmatch(line) for line in metrics.exposition().splitlines())


def test_nothing_counted_is_nothing_told() -> None:
    assert Metrics().exposition() == ""


def test_threads_lose_no_count() -> None:
    metrics = Metrics()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: metrics.count("scans", "valid"), range(2_000)))
    assert metrics.exposition().endswith('{kind="valid"} 2000\n')
