"""What is said about a roster: where, what is wrong, which clause, what to do.

Knows the wording of a report, one line per finding. Knows no rule: each rule brings its refusal along.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Self, TypeVar

from store.clauses import CLAUSES
from store.refusals import Refusal
from store.roster.characters import Note, code_point

_LONGEST_SHOWN = 40
_AnySpot = TypeVar("_AnySpot", bound="Spot")


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place in the file: row and column as Excel shows them, the header above, and what stands there.

    `sheet` is empty when the file has one sheet only; `row` and `column` are None where the finding concerns
    the whole sheet or row. In a CSV file the row is the line on which the record begins.
    """

    sheet: str = ""
    row: int | None = None
    column: str | None = None
    header: str = ""
    value: str = ""

    @property
    def where_zh(self) -> str:
        """The place in Chinese, such as 第8行 G列“党员姓名”."""
        sheet = f"工作表“{self.sheet}” " if self.sheet else ""
        row = f"第{self.row}行" if self.row else "整个表格"
        column = f" {self.column}列" if self.column else ""
        return f"{sheet}{row}{column}" + (f"“{self.header}”" if self.header else "")

    @property
    def where_en(self) -> str:
        """The place in English."""
        sheet = f"sheet “{self.sheet}”, " if self.sheet else ""
        row = f"row {self.row}" if self.row else "the whole table"
        column = f", column {self.column}" if self.column else ""
        return f"{sheet}{row}{column}" + (f" “{self.header}”" if self.header else "")


@dataclass(frozen=True, kw_only=True)
class Fault(Spot):
    """One thing that keeps the roster from being taken."""

    what_zh: str
    what_en: str
    clause_id: str
    remedy_zh: str
    remedy_en: str

    @classmethod
    def at(cls, spot: Spot, refusal: Refusal, *, clause_id: str = "") -> Self:
        """Say of a place what a rule refused; `clause_id` serves where the refusal names no clause itself."""
        return cls(
            **asdict(spot),
            what_zh=refusal.reason_zh.format(**refusal.facts).rstrip("。"),
            what_en=refusal.reason_en.format(**refusal.facts).rstrip("."),
            clause_id=refusal.clause_id or clause_id,
            remedy_zh=refusal.remedy_zh.format(**refusal.facts),
            remedy_en=refusal.remedy_en.format(**refusal.facts),
        )

    @property
    def zh(self) -> str:
        """The fault as one line in Chinese."""
        clause = CLAUSES.get(self.clause_id)
        quoted = f"依据{clause.zh.rstrip('。')}；" if clause else ""
        return f"{self.where_zh}：{self.what_zh}；{quoted}{self.remedy_zh}"

    @property
    def en(self) -> str:
        """The fault as one line in English."""
        clause = f" Clause {self.clause_id}." if self.clause_id else ""
        return _sentence(f"{self.where_en}: {self.what_en}.{clause} {self.remedy_en}")


@dataclass(frozen=True, kw_only=True)
class Notice(Spot):
    """One thing put right or passed over, for the officer to check; the roster is taken all the same."""

    what_zh: str
    what_en: str

    @classmethod
    def at(cls, spot: Spot, note: Note) -> Self:
        """Say of a place what was put right there."""
        return cls(**asdict(spot), what_zh=note.zh, what_en=note.en)

    @property
    def zh(self) -> str:
        """The notice as one line in Chinese."""
        return f"{self.where_zh}：{self.what_zh}。"

    @property
    def en(self) -> str:
        """The notice as one line in English."""
        return _sentence(f"{self.where_en}: {self.what_en}.")


class RosterRefused(Refusal):
    """The roster has faults, and nothing of it was taken. Remedy: put every fault right and send it again."""

    reason_zh = "名册有{count}处问题，没有导入任何内容。"
    reason_en = "Faults in the roster: {count}; nothing was imported."
    remedy_zh = "请按下列各条修改后重新导入。"
    remedy_en = "Put them right and import it again."

    def __init__(self, *, faults: tuple[Fault, ...]) -> None:
        """Keep the faults, in the order in which they stand in the file."""
        self.faults = faults
        super().__init__(count=len(faults))


def refused_at(spot: Spot, refusal: Refusal) -> RosterRefused:
    """Refuse the whole roster for one reason, which keeps it from being read any further."""
    return RosterRefused(faults=(Fault.at(spot, refusal),))


class Findings:
    """Collects what is found while a roster is read, so that all of it is reported at once."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._notices: list[Notice] = []

    def refuse(self, spot: Spot, refusal: Refusal, *, clause_id: str = "") -> None:
        """Add a fault."""
        self._faults.append(Fault.at(spot, refusal, clause_id=clause_id))

    def remark(self, spot: Spot, notes: Iterable[Note]) -> None:
        """Add notices."""
        self._notices.extend(Notice.at(spot, note) for note in notes)

    def notices(self, sheets: tuple[str, ...]) -> tuple[Notice, ...]:
        """Return the notices in the order in which they stand in the file.

        Raises:
            RosterRefused: there is a fault, one or many.

        """
        if self._faults:
            raise RosterRefused(faults=_in_file_order(self._faults, sheets))
        return _in_file_order(self._notices, sheets)


def shown(text: str) -> str:
    """Return a cell's text fit for a message: one line, nothing invisible, not too long."""
    visible = "".join(c if c.isprintable() else f"<{code_point(c)}>" for c in re.sub(r"\s+", " ", text))
    return visible if len(visible) <= _LONGEST_SHOWN else f"{visible[:_LONGEST_SHOWN]}…"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _in_file_order(spots: Iterable[_AnySpot], sheets: tuple[str, ...]) -> tuple[_AnySpot, ...]:
    def position(spot: Spot) -> tuple[int, int, int, str]:
        column = spot.column or ""
        place = sheets.index(spot.sheet) if spot.sheet else 0
        return place, spot.row or 0, len(column), column

    return tuple(sorted(spots, key=position))
