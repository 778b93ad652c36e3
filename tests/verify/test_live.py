"""The hub: it tells every open page of every change, each page only what changed, and nothing stops it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from store.lookup import standing_in
from store.records import Product, Record
from store.register import Reader
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from verify import live
from verify.live import BEARING, Answer, Hub

WITHIN_S = 5


@dataclass
class Versions:
    """A register asked for its version and its newest records; `bearing`, if set, stands for the latter."""

    now: int = 0
    bearing: int | None = None
    failure: Exception | None = None

    def version(self) -> int:
        if self.failure is not None:
            raise self.failure
        return self.now

    def newest(self, kind: type[Record], limit: int) -> Iterator[object]:
        assert (kind in BEARING, limit) == (True, 1)
        return iter([self.now if self.bearing is None else self.bearing])


@dataclass
class Asked:
    """A reader that keeps which kinds of record it was asked for."""

    reader: Reader
    kinds: set[type[Record]] = field(default_factory=set)

    def __getattr__(self, name: str) -> Callable[..., object]:
        def ask(kind: type[Record], *which: object, **fields: object) -> object:
            self.kinds.add(kind)
            return getattr(self.reader, name)(kind, *which, **fields)

        return ask


@dataclass
class Plate:
    """What the pages ask for."""

    standing: str = "valid"
    failure: Exception | None = None
    asked: int = 0

    def ask(self) -> Answer:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return Answer(text=self.standing, essence=self.standing)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.002)
    monkeypatch.setattr(live, "POLL_FAILING_S", 0.002)


@pytest.fixture
def register() -> Versions:
    return Versions()


@pytest.fixture
def hub(register: Versions) -> Hub:
    return Hub(register)  # type: ignore[arg-type]


def play(hub: Hub, story: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run a story beside the hub."""

    async def both() -> None:
        watching = asyncio.create_task(hub.run())
        try:
            await asyncio.wait_for(story(), WITHIN_S)
            assert not watching.done()
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    asyncio.run(both())


def open_page(hub: Hub, plate: Plate) -> AsyncIterator[str]:
    return hub.events(id(plate), plate.ask)


async def told(page: AsyncIterator[str]) -> str:
    """Return the next standing a page is told."""
    async for event in page:
        if event.startswith("event: standing"):
            return event.partition("data: ")[2].strip()
    return "the end"


def test_a_page_is_told_at_once_and_at_every_change(hub: Hub, register: Versions) -> None:
    plate = Plate()

    async def story() -> None:
        page = open_page(hub, plate)
        assert await told(page) == "valid"
        for register.now, plate.standing in enumerate(("revoked", "returned"), start=1):
            assert await told(page) == plate.standing

    play(hub, story)


def test_a_page_is_not_told_of_what_does_not_concern_it(
    hub: Hub, register: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)

    async def story() -> None:
        page = open_page(hub, Plate())
        assert await told(page) == "valid"
        register.now += 1
        assert await anext(page) == ": still here\n\n"

    play(hub, story)


def test_pages_of_one_plate_share_a_question(hub: Hub, register: Versions) -> None:
    plate = Plate()

    async def story() -> None:
        pages = [open_page(hub, plate) for _ in range(20)]
        assert {await told(page) for page in pages} == {"valid"}
        plate.asked, plate.standing, register.now = 0, "revoked", 1
        assert {await told(page) for page in pages} == {"revoked"}
        assert plate.asked == 1

    play(hub, story)


def test_a_page_that_comes_while_the_others_are_not_yet_told_brings_them_the_news(hub: Hub) -> None:
    plate = Plate()

    async def story() -> None:
        page = open_page(hub, plate)
        assert await told(page) == "valid"
        plate.standing = "revoked"
        assert await told(open_page(hub, plate)) == "revoked"
        assert await told(page) == "revoked"

    play(hub, story)


def test_a_commit_that_bears_on_no_standing_asks_about_no_plate(hub: Hub, register: Versions) -> None:
    plate = Plate()

    async def story() -> None:
        page = open_page(hub, plate)
        assert await told(page) == "valid"
        register.bearing, asked_before = register.now, plate.asked
        for register.now in range(1, 20):
            await asyncio.sleep(live.POLL_S * 2)
        assert plate.asked == asked_before
        register.bearing, plate.standing, register.now = 1, "revoked", 99
        assert await told(page) == "revoked"

    play(hub, story)


def test_a_failing_register_is_not_asked_at_every_beat(
    hub: Hub, register: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "POLL_FAILING_S", 60.0)
    plate = Plate()

    async def story() -> None:
        page = open_page(hub, plate)
        assert await told(page) == "valid"
        register.failure, plate.standing = OSError("gone"), "unverifiable"
        assert await told(page) == "unverifiable"
        asked_before = plate.asked
        await asyncio.sleep(live.POLL_S * 20)
        assert plate.asked == asked_before

    play(hub, story)


def test_a_standing_rests_on_nothing_but_what_pages_are_told_of(tmp_path: Path) -> None:
    register = TinyDbRegister(tmp_path / "register.db")
    office = Office(register)
    copy = office.issued(office.approved(), Product.BADGE)
    office.vetoed(copy.post_id)
    spy = Asked(register)
    standing_in(spy, copy, office.now)  # type: ignore[arg-type]
    assert spy.kinds <= set(BEARING)
    register.close()


def test_a_slow_page_gets_the_newest_only(hub: Hub, register: Versions) -> None:
    plate = Plate()

    async def story() -> None:
        page, other = open_page(hub, plate), open_page(hub, plate)
        assert [await told(page), await told(other)] == ["valid", "valid"]
        for register.now, plate.standing in enumerate(("lost", "revoked"), start=1):
            assert await told(other) == plate.standing
        assert await told(page) == "revoked"

    play(hub, story)


def test_every_page_is_told_while_the_register_fails_and_when_it_is_back(
    hub: Hub, register: Versions
) -> None:
    plate = Plate()

    async def story() -> None:
        pages = [open_page(hub, plate) for _ in range(120)]
        assert {await told(page) for page in pages} == {"valid"}
        register.failure, plate.standing = OSError("gone"), "unverifiable"
        assert {await told(page) for page in pages} == {"unverifiable"}
        register.failure, plate.standing = None, "valid"
        assert {await told(page) for page in pages} == {"valid"}

    play(hub, story)


def test_a_page_that_cannot_be_told_is_ended_and_the_others_are_told(hub: Hub, register: Versions) -> None:
    broken, sound = Plate(), Plate()

    async def story() -> None:
        pages = [open_page(hub, plate) for plate in (broken, sound)]
        assert [await told(page) for page in pages] == ["valid", "valid"]
        broken.failure, sound.standing, register.now = RuntimeError("bug"), "revoked", 1
        assert [await told(page) for page in pages] == ["the end", "revoked"]
        assert hub.open_pages == 1
        sound.standing, register.now = "returned", 2
        assert await told(pages[1]) == "returned"

    play(hub, story)


def test_a_page_that_cannot_be_answered_at_first_does_not_open(hub: Hub) -> None:
    async def story() -> None:
        page = open_page(hub, Plate(failure=RuntimeError("bug")))
        assert (await anext(page)).startswith("retry: ")
        with pytest.raises(RuntimeError):
            await anext(page)
        assert hub.open_pages == 0

    play(hub, story)


def test_a_real_register_tells_of_commits_through_another_handle(tmp_path: Path) -> None:
    kept, elsewhere = (TinyDbRegister(tmp_path / "register.db") for _ in range(2))
    office, plate, hub = Office(elsewhere), Plate(), Hub(kept)

    async def story() -> None:
        page = open_page(hub, plate)
        assert await told(page) == "valid"
        plate.standing = "revoked"
        office.issued(office.approved())
        assert await told(page) == "revoked"

    play(hub, story)
    for each in (kept, elsewhere):
        each.close()
