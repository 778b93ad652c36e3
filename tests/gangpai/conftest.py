"""A folder to run the command in, and the register it keeps there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gangpai.cli import run
from gangpai.office import Office, open_office
from gangpai.settings import load_settings
from tests.gangpai.desk import BASE_URL, Answer, Command
from tests.present import hold_the_year


@pytest.fixture(autouse=True)
def _present(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_the_year(monkeypatch)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANGPAI_BASE_URL", BASE_URL)
    return tmp_path


@pytest.fixture
def gangpai(desk: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    assert desk.is_dir()

    def call(*arguments: object) -> Answer:
        capsys.readouterr()
        code = run([str(each) for each in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def office(desk: Path) -> Iterator[Office]:
    with open_office(load_settings({}, desk)) as opened:
        yield opened
