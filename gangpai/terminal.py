"""How the command answers: lists, outcomes and refusals, for a person or as JSON.

Knows the two languages' order, tables on a terminal, tab-separated lines in a pipe, one JSON document with
--json. Knows no record and no act.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from gangpai.batch import Declined
from store.refusals import Refusal

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 回答 / answer in JSON")]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list: the key in JSON, its heading in Chinese and English."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Rows under columns; `name` is the key in JSON, `none_zh` and `none_en` stand for no row."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, Any]]
    none_zh: str = "没有内容。"
    none_en: str = "Nothing to list."


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was done, said in Chinese and English, and as facts for machines."""

    zh: str
    en: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What came of several things asked for at once; `name` is the key of the done ones in JSON."""

    name: str
    done: Sequence[Outcome]
    declined: Sequence[Declined]


def show(answer: Listing | Outcome, *, as_json: bool) -> None:
    """Print a list or an outcome on standard output."""
    if as_json:
        _show_json(_as_facts(answer))
    elif isinstance(answer, Outcome):
        typer.echo(f"{answer.zh}\n{answer.en}")
    elif not answer.rows:
        typer.echo(f"{answer.none_zh}\n{answer.none_en}")
    elif sys.stdout.isatty():
        _show_table(answer)
    else:
        _show_lines(answer)


def _as_facts(answer: Listing | Outcome) -> Mapping[str, Any]:
    return answer.facts if isinstance(answer, Outcome) else {answer.name: list(answer.rows)}


def _show_json(facts: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2, default=str))


def _show_lines(listing: Listing) -> None:
    typer.echo("\t".join(f"{column.zh} {column.en}" for column in listing.columns))
    for row in listing.rows:
        typer.echo("\t".join(_cell(row, column).replace("\n", " ") for column in listing.columns))


def _show_table(listing: Listing) -> None:
    from rich.console import Console  # noqa: PLC0415 -- costs 0.1 s, needed on a terminal only
    from rich.table import Table  # noqa: PLC0415 -- the same
    from rich.text import Text  # noqa: PLC0415 -- the same

    table = Table(*(f"{column.zh}\n{column.en}" for column in listing.columns), header_style="bold red")
    for row in listing.rows:
        table.add_row(*(Text(_cell(row, column)) for column in listing.columns))
    Console().print(table)


def _cell(row: Mapping[str, Any], column: Column) -> str:
    value = row.get(column.key)
    return "" if value is None else str(value)


def show_batch(batch: Batch, *, as_json: bool) -> None:
    """Print what was done and, on standard error, what was refused; ends the command with 1 if anything was.

    Raises:
        typer.Exit: something was refused.

    """
    if as_json:
        done = [dict(each.facts) for each in batch.done]
        refused = [{"subject": each.subject, **refusal_facts(each.refusal)} for each in batch.declined]
        _show_json({batch.name: done, "refusals": refused})
    else:
        _show_batch_lines(batch)
    if batch.declined:
        raise typer.Exit(1)


def _show_batch_lines(batch: Batch) -> None:
    if not (batch.done or batch.declined):
        typer.echo("没有需要办理的。\nThere was nothing to do.")
    for outcome in batch.done:
        typer.echo(f"✓ {outcome.zh} / {outcome.en}")
    for each in batch.declined:
        typer.echo(f"✗ {each.subject}：{each.refusal.zh}\n  {each.refusal.en}", err=True)


def show_refusal(refusal: Refusal, *, as_json: bool) -> None:
    """Print why nothing was done: on standard error for a person, on standard output as JSON."""
    if as_json:
        _show_json({"refused": refusal_facts(refusal)})
    else:
        typer.echo(f"{refusal.zh}\n{refusal.en}", err=True)


def refusal_facts(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as machines read it."""
    clause = {"id": refusal.clause.id, "words": refusal.clause.words} if refusal.clause else None
    facts = {key: value for key, value in refusal.facts.items() if key not in _REFUSAL_KEYS}
    return {"code": refusal.code, "zh": refusal.zh, "en": refusal.en, "clause": clause, **facts}


_REFUSAL_KEYS = frozenset({"code", "zh", "en", "clause", "subject"})
