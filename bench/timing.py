"""Taking times: medians, turns, and promises beside what was measured."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

K = TypeVar("K")
TURNS = 300


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A promise, what was measured, and the most it may be."""

    name: str
    measured: float
    allowed: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.measured <= self.allowed

    def __str__(self) -> str:
        word = "holds" if self.holds else "MISSED"
        return f"{word:6}  {self.name}: {self.measured:.2f} of {self.allowed:g} {self.unit}"


def medians_ms(works: Mapping[K, Callable[[], object]], turns: int = TURNS) -> dict[K, float]:
    """Return the median time of each work, all taken in turns.

    The disk changes its price from minute to minute; in turns, every work pays the same.
    """
    taken = [{name: once_ms(work) for name, work in works.items()} for _ in range(turns)]
    return {name: median(turn[name] for turn in taken) for name in works}


def quietest_us(work: Callable[[], object]) -> float:
    """Return the lowest of twenty medians, so that a neighbour's burst does not count."""
    return 1e3 * min(median_ms(work, 500) for _ in range(20))


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Return the median time of the work."""
    return median(once_ms(work) for _ in range(repeats))


def once_ms(work: Callable[[], object]) -> float:
    """Return the time of the work, done once."""
    began = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - began)


def write_through(descriptor: int) -> None:
    """Append a page to a file and wait until it is on the disk."""
    os.write(descriptor, bytes(4096))
    os.fsync(descriptor)
