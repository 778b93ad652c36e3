"""Warnings before paper: each is asked about once, on a terminal; who cannot answer has to say --yes."""

import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest

from gangpai.office import Office
from plaques.preflight.findings import Check, Finding, Severity
from plaques.print_run import PrintedFile, PrintSettings, prepare
from store.records import Copy
from tests.gangpai.desk import DATA, Command

PALE = Finding(
    severity=Severity.WARNING,
    number="2026-001-01-49",
    part="heading",
    text="创建共产党员示范岗",
    check=Check.CONTRAST,
    zh="标题颜色偏淡",
    en="the heading is pale",
)
PRINT = ("print", "badge", "--all", "--sheet", "a4", "--jobs", 1, "--out", "out")


def with_a_warning(copies: Sequence[Copy], settings: PrintSettings) -> PrintedFile:
    """Prepare as ever, and find one thing to warn of in every file."""
    file = prepare(copies, settings)
    return replace(file, report=replace(file.report, findings=(PALE,)))


@pytest.fixture(autouse=True)
def _pale(gangpai: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    assert gangpai("approve", "--all", "--document", "场党字〔2026〕1号").code == 0
    monkeypatch.setattr("gangpai.portions.prepare", with_a_warning)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Sit at a terminal and give these answers, last one first."""
    prepared: list[bool] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: prepared.pop())
    return prepared


def test_without_a_terminal_nothing_is_printed(gangpai: Command, office: Office) -> None:
    answer = gangpai(*PRINT)
    assert (answer.code, office.register.count(Copy)) == (1, 0)
    assert "--yes" in answer.err
    assert PALE.zh in answer.err


def test_yes_goes_on_and_still_tells(gangpai: Command, office: Office) -> None:
    answer = gangpai(*PRINT, "--yes")
    assert (answer.code, PALE.zh in answer.err) == (0, True)
    assert office.register.count(Copy) > 0


def test_each_warning_is_asked_about_once(gangpai: Command, office: Office, answers: list[bool]) -> None:
    answers.append(True)
    answer = gangpai(*PRINT, "--portion", 1)
    assert (answer.code, answer.err.count(PALE.zh), answers) == (0, 1, [])
    assert office.register.count(Copy) > 0


def test_no_is_no(gangpai: Command, office: Office, answers: list[bool]) -> None:
    answers.append(False)
    assert gangpai(*PRINT).code == 1
    assert office.register.count(Copy) == 0


@pytest.mark.usefixtures("answers")
def test_a_machine_is_not_asked(gangpai: Command) -> None:
    assert gangpai(*PRINT, "--json").json["refused"]["code"] == "GoOnUnanswered"
