"""Progress: copies, rate and time left, reckoned from the posts done."""

import io
import sys

import pytest

from gangpai.progress import Pace, progress


def test_the_copies_of_all_posts_are_reckoned_from_those_done() -> None:
    pace = Pace(posts=300, posts_done=100, copies_done=850, elapsed_s=4.25)
    assert (pace.copies, pace.per_second, pace.left_s) == (2550, 200, 8)
    assert str(pace) == "850/≈2,550 件 copies · 200/秒 s · 剩余 left 0:08"


def test_at_the_end_the_number_is_exact() -> None:
    pace = Pace(posts=3, posts_done=3, copies_done=25, elapsed_s=1)
    assert str(pace) == "25/25 件 copies · 25/秒 s · 剩余 left 0:00"


def test_before_the_first_post_nothing_is_known() -> None:
    assert str(Pace(posts=3, posts_done=0, copies_done=0, elapsed_s=0)).startswith("0/≈0")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress(2) as told:
        told.tell(1, 8)
        print("out/a.pdf")  # noqa: T201 -- as the command tells of a file
        with told.hidden():
            stream.write("Go on? ")
        told.tell(1, 6)
    return stream.getvalue()


def test_a_terminal_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    words = shown(monkeypatch, Terminal())
    assert "8/≈16" in words
    assert "14/14" in words


def test_a_question_is_seen_while_it_waits_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    words = shown(monkeypatch, Terminal())
    assert words.index("8/≈16") < words.index("Go on? ") < words.index("14/14")


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_the_outcome_stays_out_of_it_where_it_goes_to_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stream: io.StringIO
) -> None:
    assert "a.pdf" not in shown(monkeypatch, stream)
    assert capsys.readouterr().out == "out/a.pdf\n"


def test_a_script_is_spared_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO()) == "Go on? "
