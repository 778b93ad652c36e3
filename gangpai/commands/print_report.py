"""Telling of a print run: each portion when it is in place, what is to be said of the whole at the end.

Knows words for a person and JSON for a machine; neither keeps the copies of a batch, however many there are.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from gangpai.batch import Declined
from gangpai.commands.copy_facts import copy_facts
from gangpai.printing import Printed
from gangpai.terminal import Column, Listing, refusal_facts, show
from store.refusals import Refusal

_COLUMNS = (
    Column(key="number", zh="编号", en="number"),
    Column(key="post", zh="岗位", en="post"),
    Column(key="post_name", zh="岗位名称", en="name"),
    Column(key="kind", zh="种类", en="kind"),
    Column(key="holder", zh="持有人", en="holder"),
    Column(key="place", zh="地点", en="place"),
    Column(key="replaces", zh="换发旧牌", en="replaces"),
)


class Report(ABC):
    """What was printed so far, but for the copies, which are told at once."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self.pages = 0
        self.kept = 0
        self.look_at: list[str] = []
        self.declined: list[Declined] = []

    def add(self, printed: Printed) -> None:
        """Take in what came of a portion."""
        self.files += printed.files
        self.pages += printed.pages
        self.kept += printed.kept
        self.look_at += printed.look_at
        self.declined += printed.declined
        if printed.files:
            self._tell_portion(printed)

    def ended_early(self, refusal: Refusal) -> None:
        """Take in why the rest is not printed.

        Raises:
            Refusal: the same, if nothing was printed before it.

        """
        if not self.files:
            raise refusal
        self.declined.append(Declined(subject="其余 / the rest", refusal=refusal))

    def stopped(self) -> None:
        """Tell of a run that was interrupted, and how it goes on."""
        self._tell_rest()
        if self.files:
            typer.echo("已完成的保留；再次运行同一命令，接着印其余的。", err=True)
            typer.echo("What is finished is kept; run the same command again to print the rest.", err=True)

    def end(self) -> None:
        """Tell of a run that came to its end.

        Raises:
            Refusal: nothing was printed, for one reason.
            typer.Exit: something was refused.

        """
        reasons = {each.refusal.zh: each.refusal for each in self.declined}
        if not self.files and len(reasons) == 1:
            raise next(iter(reasons.values()))
        self._tell_rest()
        if self.declined:
            raise typer.Exit(1)

    @abstractmethod
    def _tell_portion(self, printed: Printed) -> None: ...

    @abstractmethod
    def _tell_rest(self) -> None: ...


class InWords(Report):
    """Lists the copies of a file that is the only one; of several, the serial lists beside them do."""

    def _tell_portion(self, printed: Printed) -> None:
        if printed.copies and not printed.is_one_of_several:
            rows = [copy_facts(copy) for copy in printed.copies]
            show(Listing(name="copies", columns=_COLUMNS, rows=rows), as_json=False)
        for file in printed.files:
            typer.echo(f"✓ {file}")

    def _tell_rest(self) -> None:
        if self.kept:
            typer.echo(f"= {self.kept}件在用且无变动，保留 / plates that are out and unchanged were kept")
        for text in self.look_at:
            typer.echo(f"! 含生僻字，请目视核对 / rare character, look at it: {text}")
        for each in self.declined:
            typer.echo(f"✗ {each.subject}：{each.refusal.zh}\n  {each.refusal.en}", err=True)


class InJson(Report):
    """Writes one JSON document, copy by copy."""

    _begun = False

    def _tell_portion(self, printed: Printed) -> None:
        for copy in printed.copies:
            typer.echo(",\n" if self._begun else '{\n  "copies": [\n', nl=False)
            typer.echo(f"    {_json(copy_facts(copy))}", nl=False)
            self._begun = True

    def _tell_rest(self) -> None:
        typer.echo("\n  ],\n" if self._begun else '{\n  "copies": [],\n', nl=False)
        typer.echo(",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in self._facts().items()))
        typer.echo("}")

    def _facts(self) -> Mapping[str, Any]:
        return {
            "files": [str(file) for file in self.files],
            "pages": self.pages,
            "kept": self.kept,
            "look_at": self.look_at,
            "refusals": [{"subject": each.subject, **refusal_facts(each.refusal)} for each in self.declined],
        }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
