"""What a pack tells of a print run: its files, the copies in them, and how they are to be printed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from plaques.name_order import NameOrder
from plaques.preflight.findings import Check, Finding, Severity
from plaques.preflight.report import Report
from plaques.print_run import PrintSettings
from store.plates import Copy


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What tells one file from every other: its SHA-256 in hexadecimal, and its length in bytes."""

    sha256: str
    length: int

    @classmethod
    def of(cls, content: bytes) -> "Digest":
        """Return the digest of a file's bytes."""
        return cls(sha256=hashlib.sha256(content).hexdigest(), length=len(content))


@dataclass(frozen=True, kw_only=True)
class ArtworkFile:
    """One finished file of a print run, the copies in it in order, and what preflight found on them."""

    name: str
    digest: Digest
    copies: tuple[Copy, ...]
    report: Report

    def __post_init__(self) -> None:
        if tuple(copy.id for copy in self.copies) != tuple(each.number for each in self.report.copies):
            raise ValueError("a report goes with the copies it was made of, in their order")

    @property
    def rasterised(self) -> tuple[str, ...]:
        """The numbers of the copies whose finished page was read back."""
        return tuple(copy.id for copy in self.copies if copy.id in self.report.rasterised)


@dataclass(frozen=True, kw_only=True)
class PackFacts:
    """What a pack is called, when it was made, and how it is to be printed."""

    name: str
    made_at: datetime
    settings: PrintSettings
    name_order: NameOrder = NameOrder.LISTED


def all_copies(artwork: Sequence[ArtworkFile]) -> tuple[Copy, ...]:
    """Return the copies of all files, in order."""
    return tuple(copy for file in artwork for copy in file.copies)


def all_findings(artwork: Sequence[ArtworkFile]) -> tuple[Finding, ...]:
    """Return what preflight found in all files, errors first."""
    found = (each for file in artwork for each in file.report.findings)
    return tuple(sorted(found, key=lambda each: each.severity is not Severity.ERROR))


def found_by(check: Check, artwork: Sequence[ArtworkFile]) -> int | None:
    """Return how often a check found something in all files, None where it was not made on each of them."""
    if all(check in file.report.checks for file in artwork):
        return sum(each.check is check for file in artwork for each in file.report.findings)
    return None


def number_range(numbers: Sequence[str]) -> str:
    """Return the first and the last of some numbers, or the only one."""
    first, last = numbers[0], numbers[-1]
    return first if len(numbers) == 1 else f"{first} 至 {last}"


def design_name(facts: PackFacts) -> str:
    """Return the design of a print run by its names and its size."""
    design = facts.settings.design
    return f"{design.title_zh} {design.name}　{design.size}"
