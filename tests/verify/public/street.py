"""Where plates hang: a clock that stands still, chance that repeats itself, and plates under each verdict."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx

from store.policy import founding_plan
from store.standing import Verdict
from tests.signing import note_key
from tests.verify.public.plates import Plate
from verify.site import WebSettings

SETTINGS = WebSettings(
    base_url="https://gp.example.cn", policy=founding_plan(), secret=b"s" * 32, ledger_key=note_key()
)
Somebody = Callable[..., httpx.Client]
"""Lets somebody new come along, with a browser of their own, at an address of the caller's choice."""

CODES = range(5**55, 5**55 + 1000)
"""As bits of plate codes: these are spelled with 0 and 1 among the rest."""

WEDNESDAY = datetime(2026, 11, 18, 7, 48, 7, tzinfo=UTC)


@dataclass
class Clock:
    """Tells the time it was set to."""

    now: datetime = WEDNESDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how_far: float) -> None:
        self.now += timedelta(**how_far)


@dataclass
class Chance:
    """Random bytes that are the same in every run."""

    draws: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self, length: int) -> bytes:
        return hashlib.shake_128(str(next(self.draws)).encode()).digest(length)


@dataclass(frozen=True)
class Scene:
    """A plate under its verdict, with a visitor; only for tests that read."""

    verdict: Verdict
    plate: Plate
    client: httpx.Client
