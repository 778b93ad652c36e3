"""What the console asks of whoever draws: a look at the artwork beforehand, and the files of a job.

Knows the questions and the shape of their answers. Leaves out drawing, files and the running of jobs, which
whoever makes the application hands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from plaques.preflight.findings import Check, Finding
from plaques.press.impose import Sheet
from store.acts.authority import Authority
from store.records import PrintJob, PrintOrder
from store.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class PlannedPost:
    """A post that can be printed: how many copies are made anew, and how many that are out are kept."""

    post_id: str
    copies: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class RefusedPost:
    """A post that cannot be printed as it was asked for, and why."""

    post_id: str
    refusal: Refusal


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What would be printed of an order, and what preflight says of the first copies of it.

    `unplanned` posts are looked at when they are printed. `checked` says how many copies preflight looked at,
    `checks` what it made sure of, `look_at` which texts are set in another typeface.
    """

    planned: tuple[PlannedPost, ...]
    refused: tuple[RefusedPost, ...]
    unplanned: int = 0
    checked: int = 0
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    look_at: tuple[str, ...] = ()

    @property
    def copies(self) -> int:
        """How many copies would be made."""
        return sum(each.copies for each in self.planned)


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file of a job that can be fetched: its name and its length."""

    name: str
    length: int


class PrintRoom(Protocol):
    """Whoever draws, as the console sees them."""

    def sample(self, authority: Authority, post_ids: Sequence[str], order: PrintOrder) -> Sample:
        """Return what would be printed, with preflight of the first copies; nothing is recorded.

        Raises:
            Refusal: nothing of it can be printed, for one reason.

        """

    def picture(self, authority: Authority, post_id: str, order: PrintOrder) -> bytes:
        """Return the first copy of a post as it would be printed, as PNG; its code is that of proofs.

        Raises:
            Refusal: it cannot be printed.

        """

    def sheet(self, order: PrintOrder) -> Sheet:
        """Return the sheet that the copies would be laid on, with its places.

        Raises:
            Refusal: they do not fit, or there is no such design.

        """

    def files(self, job: PrintJob) -> list[KeptFile]:
        """Return the files of a job that are in place, packs first."""

    def path(self, job: PrintJob, name: str) -> Path | None:
        """Return where a file of a job lies, if it is there."""
