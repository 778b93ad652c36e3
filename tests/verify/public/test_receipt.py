"""After a message: whose it is to read, a sealed contact, the terms, the answer, the second grade."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from store.acts.answering import read_contact, settle
from store.contacts import CONTACT_LONGEST, OpeningKey
from store.records import Copy, Feedback, Grade, ReRating, Topic
from tests.office import Office
from tests.verify.in_process import visitor
from tests.verify.public.plates import JSON, creating, revoked, valid
from tests.verify.public.reading import Page
from tests.verify.public.street import SETTINGS, Clock, Somebody
from verify.site import WebSettings

KEY = OpeningKey(raw=bytes(range(32)))
PHONE = "13800138000"
SEALING = replace(SETTINGS, contact_key=KEY.sealing)


@pytest.fixture
def copy(office: Office) -> Copy:
    return valid(office)


def send(client: httpx.Client, copy: Copy, **fields: str) -> str:
    """Send a form and return the receipt it leads to."""
    answer = client.post(f"/{copy.code}/feedback", data=fields)
    assert answer.status_code == 303
    return answer.headers["location"].removeprefix("/receipt/")


def answered(client: httpx.Client, office: Office, copy: Copy, **fields: str) -> str:
    receipt = send(client, copy, **({"grade": "1"} | fields))
    settle(office.register, office.by(), receipt, answer="已增开窗口")
    return receipt


def page_of(client: httpx.Client, receipt: str) -> Page:
    answer = client.get(f"/receipt/{receipt}")
    assert answer.status_code == 200
    return Page(answer.text)


@pytest.mark.parametrize("topic", [Topic.COMPLAINT, Topic.PRAISE])
def test_f25_a_complaint_and_praise_are_told_apart_by_their_giver(
    client: httpx.Client, office: Office, copy: Copy, topic: Topic
) -> None:
    assert topic.value in Page(client.get(f"/{copy.code}").text).attributes("value")
    send(client, copy, grade="3", topic=topic.value, comment="窗口的情况")
    [kept] = office.register.find(Feedback)
    assert (kept.topic, kept.grade, kept.comment) == (topic, Grade.FAIRLY_SATISFIED, "窗口的情况")


@pytest.mark.parametrize("bring", [creating, valid, revoked])
def test_f25_two_taps_are_enough(
    client: httpx.Client, office: Office, bring: Callable[[Office], Copy]
) -> None:
    page = Page(client.get(f"/{bring(office).code}").text)
    chosen = [tag["value"] for _, tag in page.tags if tag.get("name") == "topic" and "checked" in tag]
    assert chosen == ["other" if bring is revoked else "rating"]
    required = {tag.get("name", "") for _, tag in page.tags if "required" in tag}
    assert required == ({"comment"} if bring is revoked else {"grade"})


def test_a_refused_complaint_comes_back_as_one(client: httpx.Client, copy: Copy) -> None:
    answer = client.post(f"/{copy.code}/feedback", data={"topic": "complaint", "comment": "  "})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert [tag["value"] for _, tag in page.tags if "checked" in tag] == ["complaint"]
    assert any(tag == "details" and "open" in attributes for tag, attributes in page.tags)


class TestContact:
    """Where the operator has set the committee's public key."""

    @pytest.fixture
    def settings(self) -> WebSettings:
        return SEALING

    def test_f25_a_contact_is_sealed_as_it_arrives_and_opened_on_the_record(
        self, client: httpx.Client, office: Office, copy: Copy, tmp_path: Path
    ) -> None:
        receipt = send(client, copy, grade="1", contact=f" {PHONE} ")
        opened = read_contact(office.register, office.by(), receipt, reason="回访", key=KEY)
        assert opened == PHONE
        stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert PHONE.encode() not in stored
        page = page_of(client, receipt)
        assert PHONE not in page.html
        assert "已加密，只有党委办公室能打开" in page.text

    def test_f25_leaving_no_contact_stays_the_simplest_thing(
        self, client: httpx.Client, office: Office, copy: Copy
    ) -> None:
        page = Page(client.get(f"/{copy.code}").text)
        [field] = [tag for _, tag in page.tags if tag.get("name") == "contact"]
        assert "required" not in field
        send(client, copy, grade="5")
        assert office.register.find(Feedback)[0].sealed_contact == ""

    def test_a_contact_too_long_comes_back_with_every_word(
        self, client: httpx.Client, office: Office, copy: Copy
    ) -> None:
        too_long = "言" * (CONTACT_LONGEST + 1)
        fields = {"grade": "1", "comment": "请回电", "contact": too_long}
        answer = client.post(f"/{copy.code}/feedback", data=fields)
        assert answer.status_code == 422
        assert f"超过{CONTACT_LONGEST}个字" in answer.text
        assert too_long in Page(answer.text).attributes("value")
        assert office.register.count(Feedback) == 0

    def test_metrics_carry_neither_contact_nor_words(
        self, client: httpx.Client, somebody: Somebody, copy: Copy
    ) -> None:
        send(client, copy, grade="1", comment="态度差", contact=PHONE)
        told = somebody("127.0.0.1").get("/metrics").text
        assert 'gangpai_feedback_total{kind="rating"} 1' in told
        assert not [secret for secret in (PHONE, "态度差", copy.id, copy.code) if secret in told]


def test_f25_without_a_key_no_contact_is_asked_for_and_none_is_kept_unsealed(
    client: httpx.Client, office: Office, copy: Copy
) -> None:
    page = Page(client.get(f"/{copy.code}").text)
    assert "contact" not in page.attributes("name")
    refused = client.post(f"/{copy.code}/feedback", json={"grade": 1, "contact": PHONE})
    assert refused.status_code == 422
    assert office.register.count(Feedback) == 0


def test_f25_the_receipt_of_a_bad_rating_names_both_days(client: httpx.Client, copy: Copy) -> None:
    page = page_of(client, send(client, copy, grade="2"))
    assert "正在办理 最迟2026年11月19日" in page.text
    assert "答复 最迟2026年12月9日" in page.text
    assert "遇法定节假日顺延" not in page.text


def test_a_term_past_the_known_calendar_says_so(client: httpx.Client, copy: Copy, clock: Clock) -> None:
    clock.forward(days=35)
    assert "遇法定节假日顺延" in page_of(client, send(client, copy, grade="2")).text


def test_f25_the_receipt_shows_the_answer_and_offers_a_second_grade(
    client: httpx.Client, office: Office, copy: Copy
) -> None:
    receipt = answered(client, office, copy)
    page = page_of(client, receipt)
    assert page.within("h1") == "已答复"
    assert "已增开窗口" in page.text
    assert f"/receipt/{receipt}/rating" in page.attributes("action")
    led = client.post(f"/receipt/{receipt}/rating", data={"grade": "4"})
    assert (led.status_code, led.headers["location"]) == (303, f"/receipt/{receipt}")
    again = page_of(client, receipt)
    assert "再次评价\n满意" in again.text
    assert f"/receipt/{receipt}/rating" not in again.attributes("action")


def test_f25_a_second_grade_is_taken_once_and_then_refused_with_the_date(
    client: httpx.Client, office: Office, copy: Copy
) -> None:
    receipt = answered(client, office, copy)
    assert client.post(f"/receipt/{receipt}/rating", json={"grade": 4}).json() == {
        "receipt": receipt,
        "grade": 4,
    }
    for more in ({"data": {"grade": "1"}}, {"json": {"grade": 1}, "headers": JSON}):
        refused = client.post(f"/receipt/{receipt}/rating", **more)
        assert refused.status_code == 422
        assert "2026年11月18日 15:48:07" in refused.text
    assert [each.grade for each in office.register.find(ReRating)] == [Grade.SATISFIED]


def test_a_second_grade_too_early_without_a_grade_or_of_no_message_is_refused(
    client: httpx.Client, office: Office, copy: Copy
) -> None:
    waiting, settled = send(client, copy, grade="1"), answered(client, office, copy)
    for receipt, fields, status, words in (
        (waiting, {"grade": "4"}, 422, "尚未处理完毕"),
        (settled, {"comment": "好"}, 422, "没有选择评价"),
        ("ABCDEFGHJKMN", {"grade": "4"}, 404, "没有回执编号"),
    ):
        answer = client.post(f"/receipt/{receipt}/rating", data=fields)
        assert answer.status_code == status
        assert words in answer.text
    assert office.register.count(ReRating) == 0


def test_a_foreign_page_grades_nothing(client: httpx.Client, office: Office, copy: Copy) -> None:
    receipt = answered(client, office, copy)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(f"/receipt/{receipt}/rating", data={"grade": "5"}, headers=foreign).status_code == 403
    assert office.register.count(ReRating) == 0


def test_a_praise_has_no_terms_and_no_second_grade(client: httpx.Client, office: Office, copy: Copy) -> None:
    receipt = send(client, copy, grade="5", topic="praise", comment="热情周到")
    assert "最迟" not in page_of(client, receipt).text
    settle(office.register, office.by(), receipt, answer="谢谢")
    assert f"/receipt/{receipt}/rating" not in page_of(client, receipt).attributes("action")


def test_a_hostile_answer_stays_words(
    application: Callable[[WebSettings], FastAPI], office: Office, copy: Copy
) -> None:
    client = visitor(application(SEALING), SEALING.base_url)
    receipt = send(client, copy, grade="1", contact='"><script>')
    settle(office.register, office.by(), receipt, answer="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(f"/receipt/{receipt}").text
