"""A folder to run the command in, and a register that holds an approved post."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gangpai.cli import run
from gangpai.office import Office, open_office
from gangpai.settings import load_settings

DATA = Path(__file__).parent.parent / "data"
BASE_URL = "https://gp.example.cn"


@dataclass(frozen=True)
class Answer:
    """What a command left behind: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Answer]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANGPAI_BASE_URL", BASE_URL)
    return tmp_path


@pytest.fixture
def gangpai(desk: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    assert desk.is_dir()

    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        code = run(_as_words(arguments))
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


def _as_words(arguments: Sequence[object]) -> list[str]:
    return [str(each) for each in arguments]


@pytest.fixture
def office(desk: Path) -> Iterator[Office]:
    with open_office(load_settings({}, desk)) as opened:
        yield opened
