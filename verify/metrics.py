"""What monitoring may know of one worker, or of all that share a folder (Prometheus text format).

Knows names, labels and buckets. Every label comes from a list of ours (routes, verdicts, topics), so that
nothing in it identifies anybody and no stranger can make it grow. Leaves out who may read it (monitoring.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from store.register import RegisterUnavailable

ANSWER_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
REGISTER_S = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0)
_REQUEST = ("method", "route", "status")
PAGES_S = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 30.0)


class Use(StrEnum):
    """What the register is used for."""

    READ = "read"
    WRITE = "write"


class Metrics:
    """The counts of this worker; those of one folder are told together.

    Workers share a folder when the environment names it in PROMETHEUS_MULTIPROC_DIR before they start.
    """

    def __init__(
        self,
        *,
        version: str,
        clock: Callable[[], datetime],
        timer: Callable[[], float],
        shared: Path | None = None,
    ) -> None:
        """Count from nothing; `clock()` tells the aware present, `timer()` seconds that only go forward."""
        self._clock, self._timer = clock, timer
        self._shared = shared
        self._registry = CollectorRegistry()
        self._answers: dict[tuple[str, str, str], Histogram] = {}
        self._answers_s = self._histogram(
            "http_request_seconds", "From a request until its answer begins", ANSWER_S, *_REQUEST
        )
        self.scans = self._counter("scans", "Scans answered", "verdict")
        self.feedback = self._counter("feedback", "Messages received from the public", "kind")
        self.webhooks = self._counter("webhook_deliveries", "Attempts to deliver a webhook", "outcome")
        self._pages = self._gauge("open_pages", "Pages that are told of changes", "livesum")
        self._refused = self._counter("open_pages_refused", "Pages sent away because there were too many")
        self._turning = self._histogram(
            "open_page_turn_seconds", "From a decision until open pages are told", PAGES_S
        )
        self._register_s = self._histogram("register_seconds", "Uses of the register", REGISTER_S, "use")
        self._failures = self._counter("register_failures", "Uses that failed", "use")
        self._gauge("build_info", "What runs here", "mostrecent", "version").labels(version).set(1)

    def answered(self, method: str, route: str, status: str, seconds: float) -> None:
        """Count an answer by the template of its route, never by its path."""
        key = (method, route, status)
        answers = self._answers.get(key)
        if answers is None:
            answers = self._answers[key] = self._answers_s.labels(*key)
        answers.observe(seconds)

    def pages_told(self, decided_at: datetime, pages: int) -> None:
        """Note that so many open pages are told now of a decision."""
        late_s = max(0.0, (self._clock() - decided_at).total_seconds())
        for _ in range(pages):
            self._turning.observe(late_s)

    def pages_open(self, pages: int) -> None:
        """Note how many pages are open."""
        self._pages.set(pages)

    def page_refused(self) -> None:
        """Count a page that was sent away."""
        self._refused.inc()

    @contextmanager
    def register_use(self, use: Use) -> Iterator[None]:
        """Time a use of the register; a refusal inside is none of its failures."""
        began = self._timer()
        try:
            yield
        except RegisterUnavailable:
            self._failures.labels(use).inc()
            raise
        finally:
            self._register_s.labels(use).observe(self._timer() - began)

    def exposition(self) -> bytes:
        """Return what was counted here, or by all that share the folder (text format 0.0.4)."""
        if self._shared is None:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self._shared))  # type: ignore[no-untyped-call] # it has no types
        return generate_latest(together)

    def _counter(self, name: str, help_en: str, *labels: str) -> Counter:
        return Counter(f"gangpai_{name}", help_en, labels, registry=self._registry)

    def _gauge(self, name: str, help_en: str, mode: Literal["livesum", "mostrecent"], *labels: str) -> Gauge:
        return Gauge(f"gangpai_{name}", help_en, labels, registry=self._registry, multiprocess_mode=mode)

    def _histogram(self, name: str, help_en: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"gangpai_{name}", help_en, labels, registry=self._registry, buckets=buckets)
