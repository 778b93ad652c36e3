"""The watcher: it notices what bears on a standing, and asks about nothing otherwise."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from store.lookup import standing_in
from store.records import Application, Copy, Product, Record
from store.register import Link, Reader
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.following import OUTAGE, Plates, Versions
from tests.verify.public.serving import until
from verify import watching
from verify.watching import BEARING, Findings, Watcher


@dataclass(frozen=True)
class Somebody:
    """Who asks about a plate."""

    about: str


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_S", 0.002)
    monkeypatch.setattr(watching, "POLL_FAILING_S", 0.002)


@contextmanager
def at_work(
    register: Versions, plates: Plates
) -> Iterator[tuple[Watcher[Somebody], list[Findings[Somebody]]]]:
    """Watch one plate for a block, and yield what is found from then on."""
    found: list[Findings[Somebody]] = []
    watcher = Watcher[Somebody](register, plates, lambda: ["a"], found.append)  # type: ignore[arg-type] # as much of one as is asked for
    thread = threading.Thread(target=watcher.run)
    thread.start()
    try:
        until(lambda: found)
        found.clear()
        plates.asked.clear()
        yield watcher, found
    finally:
        watcher.stop()
        thread.join(5)
        assert not thread.is_alive()


def test_a_commit_that_bears_on_no_standing_asks_about_no_plate() -> None:
    register, plates = Versions(bearing=1), Plates()
    with at_work(register, plates) as (_, found):
        for register.now in range(1, 20):
            threading.Event().wait(watching.POLL_S * 2)
        assert (plates.asked, found) == ([], [])
        register.bearing, register.now = 2, 99
        until(lambda: found)
        assert plates.asked == [("a",)]


def test_who_asks_is_answered_although_nothing_changed() -> None:
    plates = Plates()
    with at_work(Versions(), plates) as (watcher, found):
        watcher.ask(Somebody("b"))
        until(lambda: found)
        [answer] = found[0].found
        assert (answer.about, answer.askers, plates.asked) == ("b", [Somebody("b")], [("b",)])


def test_who_asks_while_the_register_is_away_is_told_so_at_once() -> None:
    register, plates = Versions(), Plates()
    with at_work(register, plates) as (watcher, found):
        register.failure = OUTAGE
        until(lambda: found)
        watcher.ask(Somebody("b"))
        until(lambda: any(each.about == "b" for findings in found for each in findings.found))
        told = {each.answer.text for findings in found for each in findings.found}
        assert (told, plates.asked) == ({"unverifiable"}, [])


def test_a_failing_register_is_not_asked_at_every_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    register = Versions()
    with at_work(register, Plates()) as (_, found):
        monkeypatch.setattr(watching, "POLL_FAILING_S", 60.0)
        register.failure = OUTAGE
        until(lambda: found)
        threading.Event().wait(watching.POLL_S * 20)
        assert len(found) == 1


ONLY_TELL_WHICH = {Application}
"""A departure names an application that was there before it: a later one changes no standing by itself."""


@dataclass
class Asked:
    """A reader that keeps which kinds of record it was asked for."""

    reader: Reader
    kinds: set[type[Record]] = field(default_factory=set)

    def related(
        self, kind: type[Copy], field: str, values: list[str], links: Sequence[Link[Any]], /
    ) -> object:
        self.kinds.update([kind, *(link.kind for link in links)])
        return self.reader.related(kind, field, values, links)


def test_a_standing_rests_on_nothing_but_what_is_watched(tmp_path: Path) -> None:
    with closing(TinyDbRegister(tmp_path / "register.db")) as register:
        office = Office(register)
        copy = office.issued(office.approved(), Product.BADGE)
        office.vetoed(copy.post_id)
        spy = Asked(register)
        standing_in(spy, copy, office.now)  # type: ignore[arg-type] # as much of a reader as is asked for
        assert spy.kinds - ONLY_TELL_WHICH <= set(BEARING) <= spy.kinds


@pytest.mark.parametrize("kind", BEARING, ids=lambda kind: kind.__name__)
def test_when_it_was_decided_is_known_of_everything_watched(kind: type[Record]) -> None:
    assert BEARING[kind] in kind.__dataclass_fields__
