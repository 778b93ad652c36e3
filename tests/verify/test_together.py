"""Scans share questions, never answers: each is told what held after it came, and none waits for ever."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.lookup import Scan
from store.records import Copy
from store.register import DamagedRegister, RegisterUnavailable
from store.standing import Verdict
from store.tinydb_register import TinyDbRegister
from tests.office import NOON, Office
from verify import together
from verify.plate import Address, address_of_code, address_of_number, scans_at
from verify.together import Together

WITHIN_S = 2.0


class Doorkeeper:
    """A register that notes each question, and lets it begin or end only when it may."""

    def __init__(self, register: TinyDbRegister, *, is_remote: bool) -> None:
        self._register = register
        self.is_remote = is_remote
        self.questions: list[list[str]] = []
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.failures: dict[str, Exception] = {}

    def related(self, kind: Any, field: str, values: Any, links: Any, /) -> Any:
        self.questions.append(sorted(values))
        self.asked.set()
        for value in values:
            if value in self.failures:
                raise self.failures[value]
        found = self._register.related(kind, field, values, links)
        self.may_answer.wait(10)
        return found


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(TinyDbRegister(tmp_path / "register.db")) as register:
        yield Office(register)


@pytest.fixture
def copies(office: Office) -> list[Copy]:
    post = office.approved()
    return [office.issued(post) for _ in range(4)]


@pytest.fixture(params=[False, True], ids=["here", "elsewhere"])
def register(request: pytest.FixtureRequest, office: Office) -> Doorkeeper:
    assert isinstance(office.register, TinyDbRegister)
    return Doorkeeper(office.register, is_remote=request.param)


@pytest.fixture
def elsewhere(office: Office) -> Doorkeeper:
    assert isinstance(office.register, TinyDbRegister)
    return Doorkeeper(office.register, is_remote=True)


def play(register: Doorkeeper, story: Callable[[Together], Awaitable[None]]) -> None:
    async def whole() -> None:
        scans = Together(register, lambda: NOON)  # type: ignore[arg-type] # as much of a register as is asked for
        try:
            await asyncio.wait_for(story(scans), 10)
        finally:
            register.may_answer.set()
            scans.close()

    asyncio.run(whole())


def at(copy: Copy) -> Address:
    return address_of_code(copy.code)


def verdicts(scans: list[Scan]) -> list[str]:
    return [scan.standing.verdict.value for scan in scans]


def test_who_comes_together_shares_a_question(register: Doorkeeper, copies: list[Copy]) -> None:
    async def story(scans: Together) -> None:
        addresses = [*map(at, copies), at(copies[0]), address_of_code("nobody")]
        found = await asyncio.gather(*map(scans.scan, addresses))
        assert [scan.copy for scan in found] == [*copies, copies[0], None]
        assert len(register.questions) == 1
        assert (await scans.scan(at(copies[1]))).copy == copies[1]
        assert len(register.questions) == 2

    play(register, story)


def test_who_comes_while_the_loop_goes_round_shares_it_too(office: Office, copies: list[Copy]) -> None:
    assert isinstance(office.register, TinyDbRegister)
    here = Doorkeeper(office.register, is_remote=False)

    async def story(scans: Together) -> None:
        first = asyncio.ensure_future(scans.scan(address_of_code(copies[0].code)))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(scans.scan(address_of_code(copies[1].code)))
        await asyncio.gather(first, second)

    play(here, story)
    assert here.questions == [sorted(each.code for each in copies[:2])]


def test_a_crowd_waits_for_nobody(
    office: Office, copies: list[Copy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "READ_TOGETHER_MOST", 1)
    assert isinstance(office.register, TinyDbRegister)
    here = Doorkeeper(office.register, is_remote=False)

    async def story(scans: Together) -> None:
        first = asyncio.ensure_future(scans.scan(address_of_code(copies[0].code)))
        await asyncio.sleep(0)
        await asyncio.gather(first, scans.scan(address_of_code(copies[1].code)))

    play(here, story)
    assert here.questions == [[copies[0].code], [copies[1].code]]


def test_codes_and_numbers_may_come_together(register: Doorkeeper, copies: list[Copy]) -> None:
    async def story(scans: Together) -> None:
        addresses = [at(copies[0]), address_of_number(copies[1].id), address_of_number(copies[0].id)]
        found = await asyncio.gather(*map(scans.scan, addresses))
        assert [scan.copy for scan in found] == [copies[0], copies[1], copies[0]]
        assert len(register.questions) == 2

    play(register, story)


async def begun(register: Doorkeeper) -> None:
    assert await asyncio.to_thread(register.asked.wait, 10)


def test_who_comes_after_a_question_began_is_not_given_its_answer(
    elsewhere: Doorkeeper, office: Office, copies: list[Copy]
) -> None:
    async def story(scans: Together) -> None:
        elsewhere.may_answer.clear()
        early = asyncio.create_task(scans.scan(at(copies[0])))
        await begun(elsewhere)
        await asyncio.to_thread(office.vetoed, copies[0].post_id)
        late = [asyncio.create_task(scans.scan(at(copy))) for copy in copies]
        await asyncio.sleep(0.05)
        assert len(elsewhere.questions) == 1
        elsewhere.may_answer.set()
        assert verdicts(await asyncio.gather(*late)) == ["revoked"] * 4
        assert (await early).standing.verdict is Verdict.CREATING
        assert len(elsewhere.questions) == 2

    play(elsewhere, story)


def test_a_silent_register_holds_up_nobody_for_long(elsewhere: Doorkeeper, copies: list[Copy]) -> None:
    async def timed(scans: Together, copy: Copy) -> tuple[str, bool]:
        began = time.monotonic()
        scan = await scans.scan(at(copy))
        return scan.standing.verdict.value, time.monotonic() - began < WITHIN_S

    async def story(scans: Together) -> None:
        elsewhere.may_answer.clear()
        asking = []
        for copy in copies * 3:
            asking.append(asyncio.create_task(timed(scans, copy)))
            await asyncio.sleep(0.25)
        assert await asyncio.gather(*asking) == [("unverifiable", True)] * 12
        elsewhere.may_answer.set()
        assert (await scans.scan(at(copies[0]))).standing.verdict is Verdict.CREATING

    play(elsewhere, story)


def test_a_register_that_fails_leaves_everybody_in_doubt(register: Doorkeeper, copies: list[Copy]) -> None:
    async def story(scans: Together) -> None:
        register.failures = {copies[1].code: RegisterUnavailable()}
        assert (
            verdicts(await asyncio.gather(*(scans.scan(at(copy)) for copy in copies))) == ["unverifiable"] * 4
        )
        register.failures = {}
        assert verdicts(await asyncio.gather(*(scans.scan(at(copy)) for copy in copies))) == ["creating"] * 4

    play(register, story)


def test_a_damaged_plate_leaves_only_itself_in_doubt(register: Doorkeeper, copies: list[Copy]) -> None:
    async def story(scans: Together) -> None:
        register.failures = {copies[2].code: DamagedRegister(kind="Copy", number=3)}
        found = await asyncio.gather(*(scans.scan(at(copy)) for copy in copies))
        assert verdicts(found) == ["creating", "creating", "unverifiable", "creating"]

    play(register, story)


def test_whoever_goes_away_disturbs_nobody(elsewhere: Doorkeeper, copies: list[Copy]) -> None:
    async def story(scans: Together) -> None:
        elsewhere.may_answer.clear()
        tasks = [asyncio.create_task(scans.scan(at(copy))) for copy in copies]
        await begun(elsewhere)
        tasks[0].cancel()
        elsewhere.may_answer.set()
        assert [scan.copy for scan in await asyncio.gather(*tasks[1:])] == copies[1:]

    play(elsewhere, story)


def test_answers_kept_for_the_next_are_caught(
    register: Doorkeeper, office: Office, copies: list[Copy], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[Address, Scan] = {}

    def remembering(asked: Any, addresses: Any, now: Any) -> list[Scan]:
        return [
            kept.setdefault(*each) for each in zip(addresses, scans_at(asked, addresses, now), strict=True)
        ]

    monkeypatch.setattr(together, "scans_at", remembering)

    async def story(scans: Together) -> None:
        assert verdicts([await scans.scan(at(copies[0]))]) == ["creating"]
        office.vetoed(copies[0].post_id)
        assert verdicts([await scans.scan(at(copies[0]))]) == ["creating"]  # as no honest one would

    play(register, story)
