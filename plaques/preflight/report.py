"""What preflight reports of a finished file, copy by copy.

Knows the values that travel from the print run to whoever reads them. Leaves out how they are come by
(preflight/plate.py, read_back.py) and how they are shown.
"""

from dataclasses import dataclass

from plaques.preflight.findings import Check, Finding


@dataclass(frozen=True, kw_only=True)
class CopyReport:
    """What was found on one copy; `fell_back` lists texts set in another face, for a human eye."""

    number: str
    sheet_number: int
    post_name: str
    holder: str
    code_read: str
    fell_back: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was checked of a file, copy by copy, and what was found; an error would have been a refusal.

    The page of every copy in `rasterised` was read back, and the codes of those in `worn` as they look when
    they are worn; of the others, the code's matrix. A check that is not among `checks` was not made.
    """

    copies: tuple[CopyReport, ...]
    pages: int
    raster_dpi: float
    rasterised: frozenset[str]
    worn: frozenset[str] = frozenset()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
