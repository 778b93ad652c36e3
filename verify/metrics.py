"""Counts of one worker in the text format that Prometheus reads; nothing in them identifies anybody."""

import threading
from collections import Counter


class Metrics:
    """Counters by name and label."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def count(self, name: str, label: str) -> None:
        """Count one event."""
        with self._lock:
            self._counts[name, label] += 1

    def exposition(self) -> str:
        """Return all counters (Prometheus text format 0.0.4)."""
        with self._lock:
            counts = sorted(self._counts.items())
        names = dict.fromkeys(name for (name, _), _ in counts)
        return "".join(self._family(name, counts) for name in names)

    @staticmethod
    def _family(name: str, counts: list[tuple[tuple[str, str], int]]) -> str:
        samples = (
            f'gangpai_{name}_total{{kind="{label}"}} {n}\n' for (each, label), n in counts if each == name
        )
        return f"# TYPE gangpai_{name}_total counter\n" + "".join(samples)
