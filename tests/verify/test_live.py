"""The hub: it tells every open page of every change, each only what changed, and nothing stops it."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from store.register import DamagedRegister
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.following import DECIDED_AT, OUTAGE, Plates, Reader, Street, play, watched
from verify import live, watching
from verify.live import RETRY_LEAST_MS, RETRY_SPREAD_MS, Hub, NoAnswer, NoSeat, NothingToFollow, Page, Seats
from verify.watching import AT_A_TIME, Answer


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_S", 0.002)
    monkeypatch.setattr(watching, "POLL_FAILING_S", 0.002)


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def hub(street: Street) -> Hub:
    return street.hub()


async def told(readers: list[Reader]) -> list[str]:
    return [await reader.told() for reader in readers]


def test_a_page_is_told_at_once_and_at_every_change(street: Street, hub: Hub) -> None:
    async def story() -> None:
        page = await hub.opened("a", "n")
        reader = Reader(page)
        assert await reader.told() == "valid"
        for standing in ("revoked", "returned"):
            street.turn(a=standing)
            assert await reader.told() == standing
        hub.close(page)
        assert await reader.told() == "the end"

    play(story)


def test_a_page_is_told_only_what_concerns_it(
    street: Street, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with watched(hub, "a", "b") as [one, other]:
            street.turn(b="revoked")
            assert await other.told() == "revoked"
            monkeypatch.setattr(live, "HEARTBEAT_S", 0.02)
            assert await anext(one.events) == b": still here\n\n"

    play(story)


def test_pages_of_one_plate_share_a_question(street: Street, hub: Hub) -> None:
    async def story() -> None:
        async with watched(hub, *["a"] * 20) as readers:
            street.plates.asked.clear()
            street.turn(a="revoked")
            assert set(await told(readers)) == {"revoked"}
            assert street.plates.asked == [("a",)]

    play(story)


def test_many_plates_are_asked_about_in_groups(street: Street, hub: Hub) -> None:
    names = [f"p{number}" for number in range(3 * AT_A_TIME - 1)]

    async def story() -> None:
        async with watched(hub, *names) as readers:
            street.plates.asked.clear()
            street.turn(**dict.fromkeys(names, "revoked"))
            assert set(await told(readers)) == {"revoked"}
            assert sorted(map(len, street.plates.asked)) == [AT_A_TIME - 1, AT_A_TIME, AT_A_TIME]

    play(story)


def test_a_page_that_comes_first_to_the_news_brings_it_to_the_others(street: Street, hub: Hub) -> None:
    async def story() -> None:
        async with watched(hub, "a") as [before]:
            street.plates.standings["a"] = "revoked"
            async with watched(hub, "a"):
                assert await before.told() == "revoked"

    play(story)


def test_a_slow_page_gets_the_newest_only(street: Street, hub: Hub) -> None:
    async def story() -> None:
        async with watched(hub, "a", "a") as [slow, quick]:
            for standing in ("lost", "revoked"):
                street.turn(a=standing)
                assert await quick.told() == standing
            assert await slow.told() == "revoked"

    play(story)


def test_how_promptly_pages_were_told_of_a_decision_is_reported(street: Street, hub: Hub) -> None:
    async def story() -> None:
        async with watched(hub, "a", "a", "b") as readers:
            street.turn(a="revoked")
            await told(readers[:2])
            assert street.notes.told == [(DECIDED_AT, 2)]

    play(story)


def test_every_page_is_told_while_the_register_fails_and_when_it_is_back(street: Street, hub: Hub) -> None:
    async def story() -> None:
        async with watched(hub, *["a", "b", "c"] * 40) as readers:
            for street.register.failure, standing in ((OUTAGE, "unverifiable"), (None, "valid")):
                assert set(await told(readers)) == {standing}
            assert street.notes.told == []

    play(story)


def test_a_register_that_fails_between_two_questions_puts_all_in_doubt_and_is_asked_no_more(
    street: Street, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AT_A_TIME", 1)
    names = [f"p{number}" for number in range(20)]

    async def story() -> None:
        async with watched(hub, *names) as readers:
            monkeypatch.setattr(watching, "POLL_FAILING_S", 60.0)
            street.plates.asked.clear()
            street.plates.failures = dict.fromkeys(names, OUTAGE)
            street.turn()
            assert set(await told(readers)) == {"unverifiable"}
            assert len(street.plates.asked) == 1

    play(story)


@pytest.mark.parametrize("failure", [RuntimeError("bug"), DamagedRegister(kind="Copy", number=7)], ids=repr)
def test_a_plate_that_cannot_be_looked_up_is_in_doubt_and_the_others_are_told(
    street: Street, hub: Hub, failure: Exception
) -> None:
    async def story() -> None:
        async with watched(hub, "broken", "sound") as [broken, sound]:
            street.plates.failures["broken"] = failure
            street.turn(sound="revoked")
            assert [await broken.told(), await sound.told()] == ["unverifiable", "revoked"]
            street.turn(sound="returned")
            assert await sound.told() == "returned"

    play(story)


def test_what_does_not_exist_is_not_followed(street: Street, hub: Hub) -> None:
    street.plates.standings["a"] = "unknown"

    async def story() -> None:
        with pytest.raises(NothingToFollow):
            await hub.opened("a", "n")
        assert hub.open_pages == 0

    play(story)


def test_a_page_opened_again_after_a_change_knows_of_it(street: Street, hub: Hub) -> None:
    async def story() -> None:
        async with watched(hub, "a"):
            pass
        street.turn(a="revoked")
        page = await hub.opened("a", "n")
        assert await Reader(page).told() == "revoked"
        hub.close(page)

    play(story)


def test_nothing_is_watched_while_no_page_is_open(street: Street, hub: Hub) -> None:
    async def story() -> None:
        async with watched(hub, "a"):
            assert hub.open_pages == 1
        assert hub.open_pages == street.notes.open == 0
        street.register.failure = AssertionError("nobody asked")
        await asyncio.sleep(watching.POLL_S * 20)

    play(story)


def test_an_answer_from_before_the_last_page_left_reaches_nobody(street: Street, hub: Hub) -> None:
    """A watcher that was let go may still hand over what it had asked for, after newer answers."""

    async def story() -> None:
        async with watched(hub, "a"):
            former = hub._watcher  # noqa: SLF001 -- whom the test lets speak once more
        street.turn(a="revoked")
        async with watched(hub, "a") as [reader]:
            stale = watching.Found[Page](about="a", answer=Answer(text="valid", essence="valid"), askers=())
            assert former is not None
            hub._tell(former, watching.Findings(found=[stale], decided_at=None))  # noqa: SLF001 -- as above
            street.turn(a="returned")
            assert await reader.told() == "returned"

    play(story)


def test_a_worker_s_seats_are_limited_and_one_network_takes_not_all(street: Street) -> None:
    hub = replace(street, seats=Seats(most=8)).hub()

    async def story() -> None:
        async with watched(hub, "a", "a", network="one"):
            with pytest.raises(NoSeat):
                await hub.opened("a", "one")
            for network in ("two", "three", "four"):
                await hub.opened("a", network)
                await hub.opened("a", network)
            with pytest.raises(NoSeat):
                await hub.opened("a", "five")
            assert (street.notes.open, street.notes.refused) == (8, 2)
        await hub.opened("a", "one")

    play(story)


def test_pages_are_asked_to_come_back_at_different_times(hub: Hub) -> None:
    async def story() -> None:
        waits = []
        for _ in range(3):
            page = await hub.opened("a", "n")
            waits.append(int((await anext(page.events())).removeprefix(b"retry: ")))
            hub.close(page)
        assert waits == [RETRY_LEAST_MS + share * RETRY_SPREAD_MS // 1000 for share in (0, 500, 999)]

    play(story)


def test_all_pages_end_when_the_server_leaves(hub: Hub) -> None:
    async def story() -> None:
        async with watched(hub, "a", "b") as readers:
            hub.end_all()
            assert await told(readers) == ["the end"] * 2

    play(story)


def test_no_page_goes_on_as_if_it_watched_when_the_watcher_fails(
    street: Street, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with watched(hub, "a") as [reader]:
            monkeypatch.setattr(Plates, "doubt", Plates.answers)  # fails: it lacks what to ask about
            street.register.failure = OUTAGE
            assert await reader.told() == "the end"
            with pytest.raises(NoAnswer):
                await hub.opened("a", "n")

    play(story)


@pytest.fixture
def handles(tmp_path: Path) -> Iterator[tuple[TinyDbRegister, TinyDbRegister]]:
    path = tmp_path / "register.db"
    with closing(TinyDbRegister(path)) as kept, closing(TinyDbRegister(path)) as elsewhere:
        yield kept, elsewhere


def test_a_real_register_tells_of_commits_through_another_handle(
    street: Street, handles: tuple[TinyDbRegister, TinyDbRegister]
) -> None:
    kept, elsewhere = handles
    office, hub = Office(elsewhere), street.hub(kept)

    async def story() -> None:
        async with watched(hub, "a") as [reader]:
            street.plates.standings["a"] = "revoked"
            office.issued(office.approved())
            assert await reader.told() == "revoked"

    play(story)
