"""A sheet: title, facts, texts, tables and places to sign, as one value for paper and spreadsheet alike."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self, TypeAlias

from store.calendar import chinese_day

NAME_SEPARATOR = "、"
TICKED, UNTICKED = "✓", "□"


@dataclass(frozen=True)
class Share:
    """A part of a whole, from 0 to 1."""

    value: float


@dataclass(frozen=True)
class Names:
    """People's names in order; a line may end between two of them only."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Specimen:
    """A character shown large, for people to compare by eye."""

    character: str


class Said(str):
    """Words of a sheet that know their English: the screen says it too, paper does not."""

    __slots__ = ("en",)
    en: str

    def __new__(cls, zh: str, en: str) -> Self:
        """Return the Chinese words with the English ones."""
        said = super().__new__(cls, zh)
        said.en = en
        return said

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override] # a string alone has one
        """Return what it is made of, for the process that draws the sheet."""
        return str(self), self.en


Value: TypeAlias = str | int | date | Share | Names | Specimen | None
"""What a field holds; None is left empty, to be filled in by hand."""


class Align(StrEnum):
    """Where a column's values stand."""

    LEFT = "left"
    CENTER = "center"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its heading and how wide it is, in Chinese characters."""

    heading: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under columns; `lines` is how many lines of room each row has at the least."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    caption: str = ""
    lines: int = 1

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row has a value, or None, for each column")


@dataclass(frozen=True)
class Fact:
    """A labelled field above the tables."""

    label: str
    value: Value


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A place to sign or seal; without a day, one is left to be written in."""

    label: str
    dated_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One piece of paperwork, from top to bottom; `footer` stands at the foot of every page."""

    name: str
    title: str
    subtitle: str = ""
    facts: tuple[Fact, ...] = ()
    opening: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    closing: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    footer: str = ""
    landscape: bool = False


def english_of(value: Value) -> str:
    """Return what a value is called in English; empty where it is a name, a number or a day."""
    return value.en if isinstance(value, Said) else ""


def shown(value: Value) -> str:
    """Return a value as it is read on paper."""
    match value:
        case None:
            return ""
        case date():
            return chinese_day(value)
        case Share():
            return f"{value.value:.1%}"
        case Names():
            return NAME_SEPARATOR.join(value.names)
        case Specimen():
            return value.character
        case _:
            return str(value)
