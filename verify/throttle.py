"""Token buckets: how often something may be done under a key, without keeping who it was.

Keys are keyed hashes and live in this process only; nothing of them is ever stored.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

BUCKETS_MOST = 20_000
NUMBERS_PER_HOUR = 120
NUMBERS_KEPT = 50_000
REMEMBERED = timedelta(hours=1)
FLOOD_FACTOR = 10
DEVICE_PER_HOUR = 10
WAITS_PER_HOUR = 120
TRIES_PER_PROOF = 5
SIGHTINGS_PER_HOUR = 1
DOCUMENTS_PER_HOUR = 20
API_PER_NETWORK_HOUR = 3600
API_PER_TOKEN_HOUR = 7200
_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Spending:
    """Whether a token was taken, how many are left, and in how many seconds there is one, and all of them."""

    taken: bool
    left: int
    most: int
    next_in_s: int
    full_in_s: int


@dataclass(frozen=True)
class _Bucket:
    tokens: float
    filled_at: datetime


class Throttle:
    """Buckets that hold an hour's worth; the longest unused are forgotten when there are too many."""

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = Lock()

    def hold(self, per_hour: int) -> None:
        """Hold so many an hour from now on; what is in the buckets stays, up to that."""
        with self._lock:
            self._per_hour = per_hour

    def takes(self, key: str, now: datetime) -> bool:
        """Take one token from the key's bucket; False if it is empty."""
        return self.spend(key, now).taken

    def spend(self, key: str, now: datetime) -> Spending:
        """Take one token from the key's bucket, if there is one, and tell what is left."""
        with self._lock:
            tokens = self._tokens(key, now)
            taken = tokens >= 1
            left = tokens - taken
            self._buckets[key] = _Bucket(left, now)
            if len(self._buckets) > BUCKETS_MOST:
                self._buckets.popitem(last=False)
        return Spending(
            taken=taken,
            left=int(left),
            most=self._per_hour,
            next_in_s=self._seconds_for(1 - left),
            full_in_s=self._seconds_for(self._per_hour - left),
        )

    def _seconds_for(self, tokens: float) -> int:
        return ceil(max(0.0, tokens) * _SECONDS_PER_HOUR / self._per_hour)

    def _tokens(self, key: str, now: datetime) -> float:
        bucket = self._buckets.pop(key, _Bucket(self._per_hour, now))
        elapsed_s = max(0.0, (now - bucket.filled_at).total_seconds())
        return min(self._per_hour, bucket.tokens + elapsed_s * self._per_hour / _SECONDS_PER_HOUR)


class LookUps:
    """Lets a network look up so many different numbers; asking again about one of them costs nothing.

    Everybody behind a carrier's one address asks about the same few plates, and an open page asks for itself
    again and again. Only whoever counts numbers through needs ever new ones.
    """

    def __init__(self, per_hour: int) -> None:
        self._new = Throttle(per_hour)
        self._asked: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._lock = Lock()

    def lets(self, network: str, number: str, now: datetime) -> bool:
        """Let the look-up pass; False if it is a new one and the network has none left."""
        with self._lock:
            asked_at = self._asked.pop((network, number), None)
            lately = asked_at is not None and now - asked_at < REMEMBERED
            passes = lately or self._new.takes(network, now)
            if passes:
                self._asked[network, number] = now
            if len(self._asked) > NUMBERS_KEPT:
                self._asked.popitem(last=False)
        return passes


class Throttles:
    """The throttles of one process: some per plate and network, devices per plate, others per network."""

    def __init__(self, votes_per_hour: int) -> None:
        self.votes = Throttle(votes_per_hour)
        self.devices = Throttle(DEVICE_PER_HOUR)
        self.messages = Throttle(votes_per_hour * FLOOD_FACTOR)
        self.waits = Throttle(WAITS_PER_HOUR)
        self.tries = Throttle(TRIES_PER_PROOF)
        self.numbers = LookUps(NUMBERS_PER_HOUR)
        self.sightings = Throttle(SIGHTINGS_PER_HOUR)
        self.documents = Throttle(DOCUMENTS_PER_HOUR)
        self.api_networks = Throttle(API_PER_NETWORK_HOUR)
        self.api_tokens = Throttle(API_PER_TOKEN_HOUR)

    def hold_votes(self, per_hour: int) -> None:
        """Let a network have so many votes an hour from now on (F25)."""
        self.votes.hold(per_hour)
        self.messages.hold(per_hour * FLOOD_FACTOR)
