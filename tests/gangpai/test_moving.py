"""A whole register moves between file and database at the command line, and back without a byte lost."""

from pathlib import Path

import pytest

from tests import postgres
from tests.gangpai.desk import DATA, Command


@pytest.fixture
def filled(gangpai: Command, desk: Path) -> str:
    """Return the setting of a file that holds what a roster brought."""
    assert gangpai("import", str(DATA / "roster-2026.xlsx")).code == 0
    return f"tinydb:{desk / 'data' / 'register.db'}"


def test_from_file_to_database_and_back(
    gangpai: Command, desk: Path, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gangpai("export", "before.json")
    dsn = postgres.fresh_dsn()
    monkeypatch.setenv("GANGPAI_STORE", dsn)
    assert gangpai("import", "--from", filled, "--json").json["records"] > 0
    assert gangpai("ledger", "verify").code == 0
    monkeypatch.setenv("GANGPAI_STORE", "tinydb:back.db")
    assert gangpai("import", "--from", dsn).code == 0
    gangpai("export", "after.json")
    assert (desk / "after.json").read_bytes() == (desk / "before.json").read_bytes()


@pytest.mark.usefixtures("filled")
def test_an_export_goes_into_a_database(gangpai: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    gangpai("export", "all.json")
    monkeypatch.setenv("GANGPAI_STORE", postgres.fresh_dsn())
    assert gangpai("import", "--from", "all.json").code == 0
    assert gangpai("migrate").code == 0
    assert gangpai("import", "--from", "all.json", "--json").json["refused"]["code"] == "RegisterNotEmpty"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("origin", "code"),
    [
        ("tinydb:nowhere.db", "NothingToMove"),
        ("nowhere.json", "FileUnusable"),
        ("tinydb:data/register.db", "SameRegister"),
        ("postgresql://office:hunter2@127.0.0.1:1/x", "RegisterUnavailable"),
    ],
)
def test_what_cannot_be_moved_is_refused(gangpai: Command, origin: str, code: str) -> None:
    answer = gangpai("import", "--from", origin, "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, code)
    assert "hunter2" not in answer.out + answer.err


def test_a_roster_and_a_register_at_once_are_wrong_usage(gangpai: Command) -> None:
    assert gangpai("import").code == 2
    assert gangpai("import", "a.xlsx", "--from", "tinydb:b.db").code == 2
