"""The hub: it tells every open page of every change, each page only what changed, and nothing stops it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from store.tinydb_register import TinyDbRegister
from tests.office import Office
from verify import live
from verify.live import Answer, Hub

WITHIN_S = 5


@dataclass
class Versions:
    """A register of which only the version is asked."""

    now: int = 0
    failure: Exception | None = None

    def version(self) -> int:
        if self.failure is not None:
            raise self.failure
        return self.now


@dataclass
class Plate:
    """What the pages ask for."""

    standing: str = "valid"
    failure: Exception | None = None

    def ask(self) -> Answer:
        if self.failure is not None:
            raise self.failure
        return Answer(text=self.standing, essence=self.standing)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.002)


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


async def told(page: AsyncIterator[str]) -> str:
    """Return the next standing a page is told."""
    async for event in page:
        if event.startswith("event: standing"):
            return event.partition("data: ")[2].strip()
    return "the end"


def test_a_page_is_told_at_once_and_at_every_change(hub: Hub, register: Versions) -> None:
    plate = Plate()

    async def story() -> None:
        page = hub.events(plate.ask)
        assert await told(page) == "valid"
        for register.now, plate.standing in enumerate(("revoked", "returned"), start=1):
            assert await told(page) == plate.standing

    play(hub, story)


def test_a_page_is_not_told_of_what_does_not_concern_it(
    hub: Hub, register: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)

    async def story() -> None:
        page = hub.events(Plate().ask)
        assert await told(page) == "valid"
        register.now += 1
        assert await anext(page) == ": still here\n\n"

    play(hub, story)


def test_a_slow_page_gets_the_newest_only(hub: Hub, register: Versions) -> None:
    plate = Plate()

    async def story() -> None:
        page, other = hub.events(plate.ask), hub.events(plate.ask)
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
        pages = [hub.events(plate.ask) for _ in range(120)]
        assert {await told(page) for page in pages} == {"valid"}
        register.failure, plate.standing = OSError("gone"), "unverifiable"
        assert {await told(page) for page in pages} == {"unverifiable"}
        register.failure, plate.standing = None, "valid"
        assert {await told(page) for page in pages} == {"valid"}

    play(hub, story)


def test_a_page_that_cannot_be_told_is_ended_and_the_others_are_told(hub: Hub, register: Versions) -> None:
    broken, sound = Plate(), Plate()

    async def story() -> None:
        pages = [hub.events(plate.ask) for plate in (broken, sound)]
        assert [await told(page) for page in pages] == ["valid", "valid"]
        broken.failure, sound.standing, register.now = RuntimeError("bug"), "revoked", 1
        assert [await told(page) for page in pages] == ["the end", "revoked"]
        assert hub.open_pages == 1
        sound.standing, register.now = "returned", 2
        assert await told(pages[1]) == "returned"

    play(hub, story)


def test_a_page_that_cannot_be_answered_at_first_does_not_open(hub: Hub) -> None:
    async def story() -> None:
        page = hub.events(Plate(failure=RuntimeError("bug")).ask)
        assert (await anext(page)).startswith("retry: ")
        with pytest.raises(RuntimeError):
            await anext(page)
        assert hub.open_pages == 0

    play(hub, story)


def test_a_real_register_tells_of_commits_through_another_handle(tmp_path: Path) -> None:
    kept, elsewhere = (TinyDbRegister(tmp_path / "register.db") for _ in range(2))
    office, plate, hub = Office(elsewhere), Plate(), Hub(kept)

    async def story() -> None:
        page = hub.events(plate.ask)
        assert await told(page) == "valid"
        plate.standing = "revoked"
        office.applied()
        assert await told(page) == "revoked"

    play(hub, story)
    for each in (kept, elsewhere):
        each.close()
