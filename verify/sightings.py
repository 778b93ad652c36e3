"""What one worker has counted of plates still on display, until it is entered into the register.

Knows that the first scan of a day is entered at once, so that the recall line is raised, and all others every
half hour, so that nobody's visits make records. Leaves out which scans count (store/sightings.py).
"""

from collections import Counter
from datetime import date
from threading import Lock

from store.register import Register
from store.sightings import Seen, enter_sightings, is_first
from verify.entering import enter_every

ENTERED_EVERY_S = 1800.0


class Tally:
    """Scans counted and not entered yet, by recall line and day; the first of a day is looked for once."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._counted: Counter[Seen] = Counter()
        self._begun: dict[str, date] = {}
        self._lock = Lock()

    def count(self, seen: Seen) -> None:
        """Count a scan.

        Raises:
            RegisterUnavailable: the first of a day could not be entered; it stays counted.

        """
        self._add(Counter([seen]))
        if self._begun.get(seen.line_id) != seen.on:
            if is_first(self._register, seen):
                self.enter()
            self._begun[seen.line_id] = seen.on

    def enter(self) -> None:
        """Enter what is counted; what cannot be entered stays counted.

        Raises:
            RegisterUnavailable: nothing was entered.

        """
        counted = self._taken()
        try:
            if counted:
                enter_sightings(self._register, counted)
        except BaseException:
            self._add(counted)
            raise

    async def run(self) -> None:
        """Enter what is counted every half hour until cancelled, and then the rest."""
        await enter_every(ENTERED_EVERY_S, self.enter, "scans of plates called back")

    def _add(self, counted: Counter[Seen]) -> None:
        with self._lock:
            self._counted.update(counted)

    def _taken(self) -> Counter[Seen]:
        with self._lock:
            counted, self._counted = self._counted, Counter()
        return counted
