"""The demonstration: made once, whole, marked 样张, and shown again without being made again."""

import stat
from pathlib import Path

import pypdfium2
import pytest

from gangpai.check import sightings
from gangpai.cli import run
from gangpai.demo import DEMO, OUT, prepare
from gangpai.office import open_office
from store.records import Copy, Stage

PORT = 18_000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(autouse=True)
def _in_its_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Share one demonstration among the tests of this file; it takes seconds to make."""
    monkeypatch.chdir(place)
    prepare(PORT)


def pdfs() -> list[Path]:
    return sorted(OUT.glob("*.pdf"))


def test_plaques_of_both_stages_and_badges_are_there() -> None:
    names = "、".join(path.name for path in pdfs())
    assert all(kind in names for kind in ("创建标牌", "创建胸牌", "命名标牌"))


def test_every_code_of_every_file_is_the_code_of_its_record() -> None:
    demonstration = prepare(PORT)
    with open_office(demonstration.settings) as office:
        recorded = {f"{demonstration.base_url}/{copy.code}" for copy in office.register.find(Copy)}
    assert {each.text for path in pdfs() for each in sightings(str(path))} == recorded


def test_every_page_is_marked() -> None:
    for path in pdfs():
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                assert "样张" in page.get_textpage().get_text_range().replace(" ", "")


def test_awarded_posts_replaced_their_creation_plaques() -> None:
    with open_office(prepare(PORT).settings) as office:
        title = [copy for copy in office.register.find(Copy) if copy.stage is Stage.TITLE]
    assert title
    assert all(copy.replaces for copy in title)


def test_the_password_is_kept_for_the_second_run_and_private() -> None:
    first, second = prepare(PORT), prepare(PORT)
    assert (first.made_now, second.made_now) == (False, False)
    assert first.password == second.password
    assert stat.S_IMODE((DEMO / "officer.txt").stat().st_mode) == 0o600


def test_a_second_run_prints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gangpai.demo.print_posts", lambda *_: 1 / 0)
    assert prepare(PORT).made_now is False


def test_a_missing_file_or_an_interrupted_run_is_made_anew() -> None:
    pdfs()[0].unlink()
    assert prepare(PORT).made_now is True
    (DEMO / "finished.json").write_text('{"base_url": 1}')
    before = pdfs()
    assert prepare(PORT).made_now is True
    assert pdfs() == before, "no second set of files beside the first"


def test_the_command_lists_what_it_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--no-serve", "--port", str(PORT)]) == 0
    words = capsys.readouterr().out
    assert all(str(path) in words for path in pdfs())
    assert "dangwei" in words
    assert f"http://127.0.0.1:{PORT}/" in words
