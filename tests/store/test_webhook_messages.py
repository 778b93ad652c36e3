"""What webhooks are told, what of it is due and to whom, and that nothing of it is lost or told twice."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store.acts.adjust import end_post
from store.acts.circulation import leave_post, report_lost, return_copy
from store.acts.correction import correct_veto
from store.acts.webhooks import NewWebhook, add_webhook, end_webhook
from store.calendar import OFFICE_ZONE
from store.duties import duties
from store.duties.duty import DutyKind
from store.records import Copy, Delivery, EndCause, LogEntry, Product, Webhook, WebhookEvent
from store.register import Register
from store.sightings import Seen, enter_sightings
from store.tinydb_register import TinyDbRegister
from store.transfer import export_json, import_json
from store.webhooks import outbox as outboxes
from store.webhooks.courses import LEASE, PAUSES, Answer, Course, CourseState, courses, health_of
from store.webhooks.happenings import happenings_in
from store.webhooks.outbox import Message, Outbox, begin, finish
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare
from tests.verify.public.plates import FACTS, POST, revoked

BASE = "https://gp.example.cn"
TAKEN, DOWN = Answer(status=204), Answer(problem="unreachable")


@pytest.fixture(params=ENGINES)
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as opened:
        yield opened


def told(office: Office, *events: WebhookEvent) -> Webhook:
    new = NewWebhook(
        address="https://hooks.example.cn/", events=events or tuple(WebhookEvent), sealed_secret=""
    )
    return add_webhook(office.register, office.by(), new)


def due(office: Office, outbox: Outbox | None = None, now: datetime | None = None) -> list[Message]:
    with office.register.snapshot() as reader:
        return (outbox or Outbox()).due(reader, now or office.now)


def deliver(office: Office, messages: list[Message], answer: Answer = TAKEN) -> list[Delivery]:
    begun = [begin(office.register, each, office.now) for each in messages]
    for delivery in filter(None, begun):
        finish(office.register, delivery, answer, office.now)
    return [each for each in begun if each]


def spoken(messages: list[Message]) -> list[dict[str, Any]]:
    return [json.loads(each.happening.body(BASE)) for each in messages]


def lived_through(office: Office) -> None:
    """Let everything happen that webhooks are told."""
    post_id = office.approved()
    plaque, badge = office.issued(post_id), office.issued(post_id, Product.BADGE)
    office.awarded(post_id)
    newer = office.issued(post_id, replaces=plaque.id)
    return_copy(office.register, office.by(), plaque.id, note="高赟送回")
    leave_post(office.register, office.by(), post_id, member_name=badge.face.holder)
    report_lost(office.register, office.by(), badge.id, reason="高赟搬家时遗失")
    office.vetoed(post_id)
    enter_sightings(office.register, {Seen(line_id=f"{newer.id}-R", on=date(2026, 6, 15)): 2})
    correct_veto(office.register, office.by(), post_id, document="9号", reason="误判高赟")
    end_post(office.register, office.by(), post_id, cause=EndCause.TERM_OVER, reason="高赟退休")


class TestMessages:
    def test_every_change_is_told_in_the_order_of_the_log(self, office: Office) -> None:
        told(office)
        lived_through(office)
        messages = spoken(due(office, now=office.now + timedelta(days=1)))
        assert [each["type"] for each in messages] == [
            "post.awarded", "copy.replaced", "copy.returned", "copy.left", "copy.lost", "post.revoked",
            "post.veto_corrected", "post.ended", "copy.still_displayed",
        ]  # fmt: skip
        assert {each["type"] for each in messages} == set(WebhookEvent)

    def test_a_message_says_numbers_standing_moment_and_address_and_nothing_else(
        self, office: Office
    ) -> None:
        told(office)
        lived_through(office)
        revoked_at = next(each.at for each in office.register.find(LogEntry) if each.act == "veto")
        by_type = {each["type"]: each for each in spoken(due(office, now=office.now + timedelta(days=1)))}
        plaque, badge, newer = (each.id for each in office.register.find(Copy))
        assert by_type["post.revoked"] == {
            "type": "post.revoked",
            "timestamp": revoked_at.isoformat().replace("+00:00", "Z"),
            "data": {
                "post": POST,
                "plates": [
                    {"number": number, "url": f"{BASE}/number/{number}"} for number in (plaque, badge, newer)
                ],
                "standing": "revoked",
            },
        }
        assert by_type["copy.replaced"]["data"]["successor"] == newer
        assert by_type["copy.replaced"]["data"]["plates"][0]["number"] == plaque
        keys = {key for each in by_type.values() for key in each["data"]}
        assert keys == {"post", "plates", "standing", "successor", "seen_on"}

    def test_no_name_reason_or_word_is_in_any_message(self, office: Office) -> None:
        told(office)
        lived_through(office)
        messages = due(office, now=office.now + timedelta(days=1))
        text = b"".join(each.happening.body(BASE) for each in messages).decode()
        hidden = ("高赟", "曾晓明", "财务室", "畜牧站", FACTS, "误判", "6号楼", "发生重大责任事故")
        assert [each for each in hidden if each in text] == []

    def test_the_same_message_has_the_same_bytes_however_much_comes_after(self, office: Office) -> None:
        told(office)
        post_id = office.approved()
        office.issued(post_id)
        office.vetoed(post_id)
        [before] = due(office)
        correct_veto(office.register, office.by(), post_id, document="9号", reason="误判")
        office.issued(post_id, Product.BADGE)
        after = due(office)[0]
        assert (after.id, after.happening.body(BASE)) == (before.id, before.happening.body(BASE))

    def test_a_sighting_is_told_once_a_day_and_the_day_after(self, office: Office) -> None:
        told(office)
        copy = revoked(office)
        seen = Seen(line_id=f"{copy.id}-R", on=date(2026, 6, 15))
        for counted in ({seen: 1}, {seen: 5}, {replace(seen, on=date(2026, 6, 16)): 1}):
            enter_sightings(office.register, counted)
        wanted = WebhookEvent.COPY_STILL_DISPLAYED
        outbox = Outbox()
        for day, number in ((15, 0), (16, 1), (17, 2)):
            now = datetime(2026, 6, day, 0, 1, tzinfo=OFFICE_ZONE)
            messages = [each for each in due(office, outbox, now) if each.happening.event is wanted]
            assert len(messages) == number
        told_of = spoken(messages)[0]
        assert told_of["timestamp"] == "2026-06-14T16:00:00Z"
        assert told_of["data"]["seen_on"] == "2026-06-15"

    def test_acts_that_change_no_standing_are_told_to_nobody(self, office: Office) -> None:
        told(office)
        office.surveyed(office.approved())
        assert due(office) == []
        assert happenings_in(office.register, office.register.find(LogEntry)[0]) == ()


class TestWhoIsTold:
    def test_only_what_comes_after_it_was_added_and_only_what_it_asked_for(self, office: Office) -> None:
        post_id = office.approved()
        copy = office.issued(post_id)
        report_lost(office.register, office.by(), copy.id, reason="遗失")
        lost, every = told(office, WebhookEvent.COPY_LOST), told(office)
        return_copy(office.register, office.by(), copy.id)
        assert [(each.webhook.id, each.happening.event.value) for each in due(office)] == [
            (every.id, "copy.returned")
        ]
        assert lost.id == "W1"

    def test_one_that_was_ended_is_told_no_more(self, office: Office) -> None:
        webhook, outbox = told(office), Outbox()
        office.vetoed(office.approved())
        [message] = due(office, outbox)
        end_webhook(office.register, office.by(), webhook.id, reason="停用")
        assert begin(office.register, message, office.now) is None
        assert due(office, outbox) == due(office) == []


class TestAttempts:
    @pytest.fixture
    def message(self, office: Office) -> Message:
        told(office)
        office.vetoed(office.approved())
        [message] = due(office)
        return message

    def test_what_was_taken_is_not_told_again(self, office: Office, message: Message) -> None:
        outbox = Outbox()
        due(office, outbox)
        assert deliver(office, [message])
        far = office.now + timedelta(days=99)
        assert due(office, outbox, far) == due(office, now=far) == []

    def test_of_many_workers_one_makes_an_attempt(self, office: Office, message: Message) -> None:
        with ThreadPoolExecutor(8) as workers:
            begun = list(workers.map(lambda _: begin(office.register, message, office.now), range(8)))
        assert sum(each is not None for each in begun) == 1
        assert office.register.count(Delivery) == 1

    def test_a_failed_one_is_tried_again_after_growing_pauses_and_then_given_up(
        self, office: Office, message: Message
    ) -> None:
        outbox, last = Outbox(), office.now
        pauses: list[float] = []
        while message:
            deliver(office, [message], DOWN)
            [course] = courses(office.register, "W1")
            if course.state(office.now) is CourseState.FAILED:
                break
            assert due(office, outbox, course.next_at - timedelta(seconds=1)) == []
            office.now = course.next_at
            [message] = due(office, outbox)
            assert message.id == course.message_id
            pauses.append((office.now - last) / PAUSES[len(pauses)])
            last = office.now
        assert len(pauses) == len(PAUSES)
        assert all(0.9 <= each <= 1.1 for each in pauses)
        assert len(set(pauses)) > 1
        assert due(office, outbox, office.now + timedelta(days=99)) == []

    def test_one_that_was_cut_off_is_made_again_by_whoever_finds_it(
        self, office: Office, message: Message
    ) -> None:
        assert begin(office.register, message, office.now)  # and the process is killed here
        assert due(office, now=office.now + LEASE) == []
        [again] = due(office, now=office.now + 2 * LEASE)
        assert (again.id, again.attempt) == (message.id, 2)
        assert again.happening.body(BASE) == message.happening.body(BASE)

    def test_a_clock_set_back_delays_nothing_and_one_set_ahead_loses_nothing(
        self, office: Office, message: Message
    ) -> None:
        right = office.now
        office.now = right + timedelta(days=365)
        deliver(office, [message], DOWN)
        office.now = right
        [again] = due(office)
        deliver(office, [again], DOWN)
        [course] = courses(office.register, "W1")
        assert course.delivery.begun_at == right
        assert [each.attempt for each in due(office, now=course.next_at)] == [3]

    def test_a_worker_that_begins_anew_finds_what_the_others_left(
        self, office: Office, message: Message
    ) -> None:
        deliver(office, [message], DOWN)
        correct_veto(office.register, office.by(), POST, document="9号", reason="误判")
        office.vetoed(POST)
        later = office.now + timedelta(days=9)
        assert [(each.happening.event.value, each.attempt) for each in due(office, now=later)] == [
            ("post.veto_corrected", 1),
            ("post.revoked", 1),
            ("post.revoked", 2),
        ]

    def test_a_long_log_is_read_in_stretches(
        self, office: Office, message: Message, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outboxes, "ENTRIES_AT_A_TIME", 1)
        outbox = Outbox()
        seen = due(office, outbox)
        while outbox.is_behind:
            assert seen == []
            seen = due(office, outbox)
        assert [each.id for each in seen] == [message.id]

    def test_attempts_move_with_the_register_so_that_nothing_is_told_twice(
        self, office: Office, message: Message, tmp_path: Path
    ) -> None:
        deliver(office, [message])
        with office.register.snapshot() as reader:
            export = export_json(reader)
        with closing(TinyDbRegister(tmp_path / "moved.db")) as moved:
            import_json(moved, export)
            assert due(Office(moved, now=office.now + timedelta(days=9))) == []

    def test_a_register_that_forgets_attempts_is_caught(
        self, office: Office, message: Message, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Outbox, "_follow_deliveries", lambda *_: None)
        with pytest.raises(AssertionError):
            self.test_what_was_taken_is_not_told_again(office, message)


class TestHealth:
    def failing(self, office: Office) -> Webhook:
        webhook = told(office)
        office.vetoed(office.approved())
        deliver(office, due(office), DOWN)
        return webhook

    def test_a_receiver_fails_from_the_first_attempt_it_took_nothing_of(self, office: Office) -> None:
        webhook = self.failing(office)
        since = office.now
        office.now += timedelta(hours=30)
        deliver(office, due(office), DOWN)
        health = health_of(office.register, webhook, office.now)
        assert (health.failing_since, health.delivered_at) == (since, None)
        assert health.counts == {CourseState.WAITING: 1}

    def test_and_no_longer_once_it_takes_something(self, office: Office) -> None:
        webhook = self.failing(office)
        office.now += timedelta(minutes=10)
        deliver(office, due(office))
        health = health_of(office.register, webhook, office.now)
        assert (health.failing_since, health.delivered_at) == (None, office.now)
        assert health.counts == {CourseState.DELIVERED: 1}

    def test_f26_the_committee_has_to_mend_one_that_fails_for_a_day(self, office: Office) -> None:
        self.failing(office)
        day = (office.now + timedelta(hours=8)).date()

        def to_mend(days: int, branch_id: str | None = None) -> list[str]:
            with office.register.snapshot() as reader:
                found = duties(reader, office.policy, day + timedelta(days=days), branch_id)
            return [each.object for each in found if each.kind is DutyKind.RECEIVER]

        assert [to_mend(0), to_mend(1), to_mend(2), to_mend(2, "O01")] == [[], [], ["W1"], []]

    def test_an_attempt_under_way_is_neither_taken_nor_failed(self, office: Office) -> None:
        told(office)
        office.vetoed(office.approved())
        delivery = begin(office.register, due(office)[0], office.now)
        assert delivery
        course = Course(delivery=delivery, outcome=None)
        assert course.state(office.now) is CourseState.UNDER_WAY
        assert course.state(office.now + 2 * LEASE) is CourseState.WAITING


@pytest.mark.parametrize("status", [0, 100, 199, 300, 301, 302, 307, 308, 400, 410, 500])
def test_nothing_but_a_2xx_is_taken(status: int) -> None:
    assert not Answer(status=status).is_taken
    assert Answer(status=200).is_taken
    assert Answer(status=299).is_taken
