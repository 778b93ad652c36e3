"""Printing interrupted: whatever stops it, register and paper agree."""

from errno import ENOSPC
from pathlib import Path
from typing import Never

import pytest

from gangpai.office import Office
from store.records import Copy
from tests.gangpai.desk import DATA, Command


@pytest.fixture(autouse=True)
def _approved(gangpai: Command) -> None:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    assert gangpai("approve", "--all", "--document", "场党字〔2026〕1号").code == 0


def interrupted(*_: object) -> Never:
    raise OSError(ENOSPC, "No space left on device")


@pytest.mark.parametrize("kind", [".pdf", ".csv", ".png"])
def test_a_disk_that_fills_up_leaves_no_record_and_no_file(
    gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def fsync(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().suffix == kind:
            interrupted()

    monkeypatch.setattr("gangpai.printing.os.fsync", fsync)
    answer = gangpai("print", "plaque", "2026-001", "--preview", "--out", "out")
    assert (answer.code, "没有登记、没有出图" in answer.err) == (1, True)
    assert list((desk / "out").iterdir()) == []
    assert office.register.count(Copy) == 0


def test_an_interruption_after_the_record_keeps_the_artwork(
    gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", interrupted)
        assert gangpai("print", "plaque", "2026-001", "--out", "out").code == 1
    assert {path.suffix for path in (desk / "out").iterdir()} == {".pdf", ".csv"}
    [copy] = office.register.find(Copy)
    again = gangpai("print", "plaque", "2026-001", "--out", "out")
    assert (again.code, copy.id in again.err) == (1, True)
