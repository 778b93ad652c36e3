"""Satisfaction by post and period, as it is published: closed periods only, and only from enough ratings.

A period that still runs is not published: whoever looked before and after a visitor would read off the
difference what that visitor thought. What was counted is kept in memory, and depends on nothing but the
policy and the ratings, re-ratings and paper surveys of the register, which are only ever added: as long as
there are no more of them, nothing can have changed. Leaves out whether a post may be named (board.py).
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile
from threading import Lock

from store.periods import Period
from store.policy import Policy
from store.records import Feedback, PaperSurvey, ReRating
from store.register import Reader
from store.satisfaction import Satisfaction, satisfaction_over

PERIODS_MOST = 8
"""How many periods are published of a post, the latest ones."""

POSTS_KEPT = 5_000
NEWEST_MOST = 500
"""From so many new records on, all is counted anew."""

_COUNTED: tuple[type[Feedback | ReRating | PaperSurvey], ...] = (Feedback, ReRating, PaperSurvey)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was said of a post in a closed period; `asked` is None where too few were asked to say."""

    period: Period
    asked: Satisfaction | None


_State = tuple[int, ...]
_Key = tuple[str, str]


class Figures:
    """Counts satisfaction by post and period, once for as long as it cannot have changed; safe in threads."""

    def __init__(self) -> None:
        self._policy: Policy | None = None
        self._lock = Lock()
        self._state: _State = ()
        self._kept: OrderedDict[_Key, tuple[Figure, ...]] = OrderedDict()

    def of(self, reader: Reader, policy: Policy, post_id: str, today: date) -> tuple[Figure, ...]:
        """Return the figures of a post for the latest closed periods, newest first, from the first rated on.

        Take the reader from a snapshot: what is counted and what it is kept for have to be of one state.
        """
        running = policy.periods.of(today)
        self._count_by(policy)
        state = self._caught_up(reader)
        key = (post_id, running.id)
        with self._lock:
            if state == self._state and policy is self._policy and key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = tuple(published(reader, policy, post_id, running))
        with self._lock:
            if state == self._state and policy is self._policy:
                self._keep(key, found)
        return found

    def _count_by(self, policy: Policy) -> None:
        """Forget what was counted by another policy: its periods and its least number were others."""
        with self._lock:
            if policy is not self._policy:
                self._kept.clear()
                self._policy = policy

    def _keep(self, key: _Key, found: tuple[Figure, ...]) -> None:
        self._kept[key] = found
        if len(self._kept) > POSTS_KEPT:
            self._kept.popitem(last=False)

    def _caught_up(self, reader: Reader) -> _State:
        """Forget every post about which something was added since, and return the reader's state."""
        state = tuple(reader.count(kind) for kind in _COUNTED)
        with self._lock:
            if state != self._state and all(
                now >= then for now, then in zip(state, self._state, strict=False)
            ):
                self._forget(reader, state)
                self._state = state
        return state

    def _forget(self, reader: Reader, state: _State) -> None:
        added = [now - then for now, then in zip(state, self._state, strict=False)]
        if not added or sum(added) > NEWEST_MOST:
            self._kept.clear()
            return
        touched: set[str] = set()
        for kind, number in zip(_COUNTED, added, strict=True):
            touched.update(each.post_id for each in reader.newest(kind, number))
        for key in [key for key in self._kept if key[0] in touched]:
            del self._kept[key]


def published(reader: Reader, policy: Policy, post_id: str, running: Period) -> tuple[Figure, ...]:
    """Return the figures of a post for the closed periods before the one that runs, newest first."""
    since = date(running.first_day.year - PERIODS_MOST, 1, 1)
    closed = policy.periods.between(since, running.first_day)[-PERIODS_MOST:]
    counted = satisfaction_over(reader, post_id, [(each.first_day, each.last_day) for each in closed])
    begun = dropwhile(lambda each: each[1].n == 0, zip(closed, counted, strict=True))
    figures = [
        Figure(period=period, asked=asked if asked.can_be_shown(policy) else None) for period, asked in begun
    ]
    return tuple(reversed(figures))
