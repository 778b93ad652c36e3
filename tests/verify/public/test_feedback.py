"""What the public says: five grades in any spelling, a receipt, and everything typed kept on a refusal."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from store.acts.voice import COMMENT_LONGEST
from store.recalls import RecallState, recalls
from store.records import Feedback, Grade, Topic
from store.standing import STANDS, Verdict
from tests.office import Office
from tests.verify.public.plates import (
    JSON,
    NOBODYS,
    NOBODYS_NUMBER,
    WAYS,
    Plate,
    plate_of,
    revoked,
    valid,
)
from tests.verify.public.reading import Page
from tests.verify.public.street import Somebody

GRADES = {
    Grade.VERY_SATISFIED: ("5", "very_satisfied", "VERY_SATISFIED", "非常满意"),
    Grade.SATISFIED: ("4", "satisfied", " satisfied ", "满意"),
    Grade.FAIRLY_SATISFIED: ("3", "fairly_satisfied", "基本满意"),
    Grade.DISSATISFIED: ("2", "dissatisfied", "不满意"),
    Grade.VERY_DISSATISFIED: ("1", "very_dissatisfied", "非常不满意"),
}
TOO_LONG = "言" * (COMMENT_LONGEST + 1)
RECEIPT = re.compile("[0-9A-HJKMNP-TV-Z]{12}")


@pytest.fixture
def plate(office: Office) -> Plate:
    return plate_of(valid(office))


def kept(office: Office) -> list[Feedback]:
    return office.register.find(Feedback)


@pytest.mark.parametrize("grade", GRADES, ids=lambda grade: grade.name)
def test_a_form_is_received_in_every_spelling(
    somebody: Somebody, office: Office, plate: Plate, grade: Grade
) -> None:
    for spelling in GRADES[grade]:
        answer = somebody().post(f"/{plate.code}/feedback", data={"grade": spelling, "comment": " 很好 "})
        feedback = kept(office)[-1]
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/receipt/{feedback.id}"
        assert RECEIPT.fullmatch(feedback.id)
        assert (feedback.grade, feedback.comment, feedback.topic) == (grade, "很好", Topic.RATING)
        assert feedback.counted
    assert len(kept(office)) == len(GRADES[grade])


@pytest.mark.parametrize("grade", GRADES, ids=lambda grade: grade.name)
def test_json_is_received_in_every_spelling(
    somebody: Somebody, office: Office, plate: Plate, grade: Grade
) -> None:
    for spelling in (*GRADES[grade], grade.value):
        answer = somebody().post(f"/number/{plate.number}/feedback", json={"grade": spelling})
        feedback = kept(office)[-1]
        assert answer.status_code == 201
        assert answer.json() == {"receipt": feedback.id, "counted": True, "topic": "rating"}
        assert answer.headers["location"] == f"/receipt/{feedback.id}"
        assert feedback.grade is grade


def test_the_receipt_says_what_was_received(client: httpx.Client, office: Office, plate: Plate) -> None:
    led = client.post(f"/{plate.code}/feedback", data={"grade": "2"}).headers["location"]
    for path in (led, led.lower()):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "已收到" in Page(answer.text).within("h1")
        assert "您的评价\n不满意" in Page(answer.text).text
        assert "最迟2026年11月19日" in answer.text
        assert plate.code not in answer.text
    assert kept(office)[0].id in client.get(led).text


def test_an_invented_receipt_is_not_found(client: httpx.Client) -> None:
    assert client.get("/receipt/ABCDEFGHJKMN").status_code == 404


@pytest.mark.parametrize("topic", [Topic.PLATE_DIFFERS, Topic.NOT_HERE])
def test_one_tap_reports_a_wrong_plate(
    client: httpx.Client, office: Office, plate: Plate, topic: Topic
) -> None:
    offered = Page(client.get(f"/{plate.code}").text).attributes("value")
    assert topic.value in offered
    assert client.post(f"/{plate.code}/feedback", data={"topic": topic.value}).status_code == 303
    assert (kept(office)[0].topic, kept(office)[0].counted) == (topic, False)


def test_a_revoked_plate_seen_raises_its_recall(client: httpx.Client, office: Office) -> None:
    copy = revoked(office)
    page = Page(client.get(f"/{copy.code}").text)
    assert "still_displayed" in page.attributes("value")
    assert f"/{copy.code}/feedback" in page.attributes("action")
    [before] = recalls(office.register, copy_id=copy.id)
    client.post(f"/{copy.code}/feedback", data={"topic": "still_displayed"})
    [after] = recalls(office.register, copy_id=copy.id)
    assert (before.state, after.state) == (RecallState.OUT, RecallState.STILL_DISPLAYED)
    assert len(after.reported_on) == 1


@pytest.mark.parametrize("verdict", WAYS, ids=str)
def test_a_message_is_received_under_every_verdict_and_counts_while_the_plate_stands(
    client: httpx.Client, office: Office, verdict: Verdict
) -> None:
    copy = WAYS[verdict](office)
    answer = client.post(f"/{copy.code}/feedback", json={"grade": 5, "comment": "谢谢"})
    assert answer.status_code == 201
    assert answer.json()["counted"] == (verdict in STANDS)


class Refused(NamedTuple):
    """What is sent, and the words of the refusal."""

    fields: dict[str, str]
    zh: str
    en: str


REFUSED = {
    "nothing": Refused({"topic": "rating"}, "没有选择评价", "Neither a grade nor a comment"),
    "blank": Refused({"comment": " \n\t"}, "没有选择评价", "Neither a grade nor a comment"),
    "too long": Refused({"grade": "4", "comment": TOO_LONG}, "超过500个字", "500 are taken"),
    "invisible": Refused({"comment": "看\0见"}, "不可见字符", "invisible character"),
}


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_a_refused_form_comes_back_with_the_reason_and_every_word(
    client: httpx.Client, office: Office, plate: Plate, refused: Refused
) -> None:
    answer = client.post(f"/{plate.code}/feedback", data=refused.fields)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.within("h1") == "有效"
    assert refused.zh in page.text
    english = client.post(f"/{plate.code}/feedback?lang=en", data=refused.fields)
    assert refused.en in Page(english.text).text
    assert page.within("textarea").strip() == refused.fields.get("comment", "").strip()
    chosen = [tag["name"] for _, tag in page.tags if "checked" in tag]
    assert chosen == ["grade"] * ("grade" in refused.fields) + ["topic"]
    assert kept(office) == []


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_a_refused_machine_is_told_in_its_language(
    client: httpx.Client, office: Office, plate: Plate, refused: Refused
) -> None:
    answer = client.post(f"/{plate.code}/feedback", json=refused.fields)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert refused.zh in told["zh"]
    assert refused.en in told["en"] == told["detail"]
    assert kept(office) == []


WRONG: tuple[object, ...] = (
    {"grade": "6"}, {"grade": 0.5}, {"grade": True}, {"grade": [5]}, {"grade": {"a": 1}}, {"grade": "好"},
    {"topic": "veto"}, {"topic": 7}, {"comment": 7}, {"comment": ["a"]}, {"comment": {"a": "b"}},
    [], [5], "5", 5, None, True,
)  # fmt: skip


def test_unknown_choices_and_wrong_types_are_refused(
    client: httpx.Client, office: Office, plate: Plate
) -> None:
    for wrong in WRONG:
        headers = {"Content-Type": "application/json"}
        answer = client.post(f"/{plate.code}/feedback", content=json.dumps(wrong), headers=headers)
        assert answer.status_code == 422, wrong
        assert set(answer.json()) == {"type", "status", "title", "detail", "zh", "en"}
    assert kept(office) == []


def test_an_unknown_grade_lists_the_known_ones(client: httpx.Client, plate: Plate) -> None:
    told = client.post(f"/{plate.code}/feedback", json={"grade": "好"}).json()
    assert "“好”" in told["zh"]
    assert all(spelled[-1] in told["zh"] for spelled in GRADES.values())


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "text/xml", "multipart/mixed; boundary=x", "multipart/form-data; charset=idna", None],
)
def test_other_forms_of_message_are_not_read(
    client: httpx.Client, office: Office, plate: Plate, kind: str | None
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = client.post(f"/{plate.code}/feedback", content=b"grade=5", headers=headers)
    assert answer.status_code == 415
    assert kept(office) == []


@pytest.mark.parametrize("path", [f"/{NOBODYS.text}", f"/number/{NOBODYS_NUMBER}", "/0", "/number/0"])
def test_a_plate_that_nobody_carries_takes_no_message(
    client: httpx.Client, office: Office, path: str
) -> None:
    form = client.post(f"{path}/feedback", data={"grade": "5"})
    machine = client.post(f"{path}/feedback", json={"grade": "5"}, headers=JSON)
    assert (form.status_code, machine.status_code) == (404, 404)
    assert Page(form.text).within("h1") == "查无此牌"
    assert kept(office) == []


def test_a_body_of_64_kib_is_the_most_that_is_read(
    client: httpx.Client, office: Office, plate: Plate
) -> None:
    path, envelope = f"/{plate.code}/feedback", len("comment=")
    for size, status in ((65_536, 422), (65_537, 413)):
        answer = client.post(path, data={"comment": "a" * (size - envelope)})
        assert answer.status_code == status
    as_json = client.post(path, content=b" " * 65_537, headers={"Content-Type": "application/json"})
    assert as_json.status_code == 413
    assert kept(office) == []


def test_nothing_that_identifies_anybody_is_kept(
    somebody: Somebody, office: Office, plate: Plate, tmp_path: Path
) -> None:
    traces = {"User-Agent": "PhoneOfZhang/7.1", "Referer": "https://chat.example/"}
    person = somebody("198.51.100.23", **traces)
    person.cookies.set("__Host-device", "ab" * 16)
    person.post(f"/{plate.code}/feedback", data={"grade": "1", "comment": "态度差"})
    assert kept(office)[0].comment == "态度差"
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "态度差".encode() in stored
    for trace in (b"198.51.100.23", b"PhoneOfZhang", b"chat.example", b"ab" * 16):
        assert trace not in stored
