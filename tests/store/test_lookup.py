"""A scan asks the register once, needs no more than its verdict does, and never takes silence for sound."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.acts.publicity import Story, tell_deed
from store.codes import PlateCode
from store.lookup import scan_code, standing_in
from store.records import Application, Copy, ExemplaryDeed, Product, Record, Stage, Veto
from store.register import DamagedRegister
from store.standing import Verdict
from tests.office import Office

POST = "2026-001"


class Counting:
    """A reader that keeps the names of the questions it is asked."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self.reader, name)


@pytest.fixture
def path(office: Office, tmp_path: Path) -> Path:
    assert office
    return tmp_path / "register.db"


@pytest.fixture
def titled(office: Office) -> Copy:
    office.approved()
    office.awarded(POST)
    tell_deed(office.register, office.by(), POST, Story(title="雨夜送种", text="送到田头"))
    return office.issued(POST, stage=Stage.TITLE)


def verdict(office: Office, copy: Copy) -> Verdict:
    return scan_code(office.register, PlateCode(copy.code), office.now).standing.verdict


def test_whatever_happened_a_scan_is_one_question(office: Office, titled: Copy) -> None:
    badge = office.issued(POST, Product.BADGE)
    for copy in (titled, badge):
        counting = Counting(office.register)
        scan_code(counting, PlateCode(copy.code), office.now)
        standing_in(counting, copy, office.now)
        assert counting.asked == ["related", "related"]


def damaged(path: Path, kind: type[Record]) -> None:
    """Alter every record of a class behind the register's back."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(f"DROP TRIGGER {kind.__name__}_no_update")
        raw.execute(f"UPDATE {kind.__name__} SET document = json_set(document, '$.surplus', 1)")  # noqa: S608 - a class


@pytest.mark.parametrize("kind", [Copy, Application, ExemplaryDeed])
def test_a_scan_that_needs_what_is_damaged_has_no_answer(
    office: Office, titled: Copy, path: Path, kind: type[Record]
) -> None:
    assert verdict(office, titled) is Verdict.VALID
    damaged(path, kind)
    with pytest.raises(DamagedRegister, match=f"{kind.__name__} 1 of the register is damaged"):
        verdict(office, titled)


def test_what_a_verdict_does_not_need_cannot_hide_it(office: Office, titled: Copy, path: Path) -> None:
    office.vetoed(POST)
    for kind in (Application, ExemplaryDeed):
        damaged(path, kind)
        assert verdict(office, titled) is Verdict.REVOKED
    damaged(path, Veto)
    with pytest.raises(DamagedRegister, match="Veto 1 of the register is damaged"):
        verdict(office, titled)
