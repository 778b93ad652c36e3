"""Documents made aside: one at a time, a few may wait, the latest are kept, a dead process is replaced."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Event, Thread

import pytest

from store.paperwork.sheet import Sheet
from verify import documents
from verify.documents import Documents, DocumentsBusy

SHEET = Sheet(name="名册", title="标牌名册")


def title_of(sheet: Sheet) -> bytes:
    return sheet.title.encode()


def die(_: Sheet) -> bytes:
    os._exit(1)


@pytest.fixture
def made_in_threads() -> Iterator[Documents]:
    made = Documents(lambda: ThreadPoolExecutor(1))
    yield made
    made.close()


def test_a_document_is_kept_under_its_key_and_the_oldest_goes(made_in_threads: Documents) -> None:
    for number in range(documents.KEPT_MOST + 1):
        assert made_in_threads.made((str(number),), title_of, SHEET) == "标牌名册".encode()
    assert made_in_threads.kept(("0",)) is None
    assert made_in_threads.kept(("1",)) == "标牌名册".encode()


def test_who_comes_when_enough_wait_is_sent_away(made_in_threads: Documents) -> None:
    begun, go_on = Event(), Event()

    def slow(_: Sheet) -> bytes:
        begun.set()
        go_on.wait(10)
        return b""

    waiting = [
        Thread(target=made_in_threads.made, args=((str(number),), slow, SHEET))
        for number in range(documents.WAITING_MOST)
    ]
    for each in waiting:
        each.start()
    assert begun.wait(10)
    with pytest.raises(DocumentsBusy):
        _until_refused(made_in_threads)
    go_on.set()
    for each in waiting:
        each.join(10)
    assert made_in_threads.made(("later",), title_of, SHEET)


def _until_refused(made: Documents) -> None:
    """Ask until all the others have begun to wait; the last one to come is refused."""
    while made._waiting._value:  # noqa: SLF001 - when the others have come is seen nowhere else
        Event().wait(0.005)
    made.made(("one more",), title_of, SHEET)


def test_what_comes_to_no_end_is_given_up(
    made_in_threads: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PATIENCE_S", 0.01)
    go_on = Event()

    def endless(_: Sheet) -> bytes:
        go_on.wait(10)
        return b""

    with pytest.raises(DocumentsBusy):
        made_in_threads.made(("endless",), endless, SHEET)
    go_on.set()


def test_a_process_that_died_is_replaced() -> None:
    started: list[Executor] = []

    def start() -> Executor:
        started.append(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
        return started[-1]

    made = Documents(start)
    with pytest.raises(DocumentsBusy):
        made.made(("deadly",), die, SHEET)
    assert made.made(("fine",), documents.XLSX.draw, [SHEET]).startswith(b"PK")
    assert len(started) == 2
    made.close()


def test_a_fault_in_the_drawing_is_told_and_nothing_is_kept(made_in_threads: Documents) -> None:
    def fail(_: Sheet) -> bytes:
        raise ValueError("bug")

    with pytest.raises(ValueError, match="bug"):
        made_in_threads.made(("faulty",), fail, SHEET)
    assert made_in_threads.kept(("faulty",)) is None


def test_nothing_starts_before_the_first_document() -> None:
    def never() -> Executor:
        raise AssertionError

    Documents(never).close()
