"""The scan pages one worker has answered, until they are entered into the register as numbers of a day.

A scan costs one addition in memory, and reading stays reading: nothing is written while somebody waits.
Entered is what there is every five minutes and when the worker stops, on the day on which it is entered; a
worker that is killed loses what it counted since. Leaves out who or what was scanned: it never learns that.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from store.calendar import office_day
from store.register import Register
from store.scan_counts import Scans, enter_scans
from store.standing import Verdict
from verify.entering import enter_every

ENTERED_EVERY_S = 300.0


class ScanTally:
    """Scans counted and not entered yet; `clock()` tells the aware present. Safe in threads."""

    def __init__(self, register: Register, clock: Callable[[], datetime]) -> None:
        self._register, self._clock = register, clock
        self._known = self._unknown = 0
        self._lock = Lock()

    def count(self, verdict: Verdict) -> None:
        """Count a scan page by what it showed; one that could not be verified showed nothing."""
        if verdict is Verdict.UNVERIFIABLE:
            return
        with self._lock:
            if verdict is Verdict.UNKNOWN:
                self._unknown += 1
            else:
                self._known += 1

    def enter(self) -> None:
        """Enter what is counted; what cannot be entered stays counted.

        Raises:
            RegisterUnavailable: nothing was entered.

        """
        scans = self._taken()
        try:
            if scans:
                enter_scans(self._register, office_day(self._clock()), scans)
        except BaseException:
            self._put_back(scans)
            raise

    async def run(self) -> None:
        """Enter what is counted every five minutes until cancelled, and then the rest."""
        await enter_every(ENTERED_EVERY_S, self.enter, "counts of scans")

    def _taken(self) -> Scans:
        with self._lock:
            scans = Scans(known=self._known, unknown=self._unknown)
            self._known = self._unknown = 0
        return scans

    def _put_back(self, scans: Scans) -> None:
        with self._lock:
            self._known += scans.known
            self._unknown += scans.unknown
