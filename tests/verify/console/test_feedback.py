"""What the public said, in the browser: complaints for the committee alone, answered there and then."""

import re
from dataclasses import dataclass

import pytest

from store import feedback
from store.acts.voice import Conclusion, Message, PaperMessage, conclude_investigation, enter_paper_message
from store.acts.voice import give_feedback as give
from store.records import CallBack, Copy, Finding, Grade, Role, Settlement, Topic
from tests.verify.console.bureau import Bureau

OTHERS = ("own_branch", "inspector", "administrator", "print_clerk")


@dataclass(frozen=True)
class Said:
    """What somebody says: receipt, topic, grade, words."""

    receipt: str
    topic: Topic
    grade: Grade | None
    comment: str


EVERYTHING = (
    Said("R-BAD", Topic.RATING, Grade.DISSATISFIED, "排队太久"),
    Said("R-COMPLAINT", Topic.COMPLAINT, None, "收了好处费"),
    Said("R-DIFFERS", Topic.PLATE_DIFFERS, None, "牌上的人不在"),
    Said("R-LOOKED", Topic.RATING, Grade.SATISFIED, "这句被查证过"),
    Said("R-PRAISE", Topic.PRAISE, Grade.VERY_SATISFIED, "热情周到"),
    Said("R-IDEA", Topic.RATING, Grade.FAIRLY_SATISFIED, "建议增设座椅"),
)
SECRETS = ("排队太久", "收了好处费", "牌上的人不在", "这句被查证过", "走访了三位服务对象", "纸上的投诉")
OPEN_TO_ALL = ("热情周到", "建议增设座椅")


def say(bureau: Bureau, copy: Copy, *said: Said) -> None:
    for each in said:
        message = Message(
            receipt=each.receipt,
            copy_id=copy.id,
            topic=each.topic,
            grade=each.grade,
            comment=each.comment,
            voter=each.receipt,
        )
        give(bureau.register, bureau.office.by(Role.PUBLIC), message)


@pytest.fixture
def post_id(bureau: Bureau) -> str:
    """Return a post about which everything was said that can be."""
    post_id = bureau.plated()
    say(bureau, bureau.copies(post_id)[0], *EVERYTHING)
    paper = PaperMessage(
        receipt="R-PAPER", post_id=post_id, topic=Topic.COMPLAINT, grade=None, comment="纸上的投诉"
    )
    enter_paper_message(bureau.register, bureau.office.by(), paper)
    found = Conclusion(
        finding=Finding.SUBSTANTIATED, facts="走访了三位服务对象", feedback_ids=("R-LOOKED", "R-PAPER")
    )
    conclude_investigation(bureau.register, bureau.office.by(), post_id, found)
    return post_id


def places(post_id: str) -> tuple[str, ...]:
    lists = ("/console/feedback", "/console/feedback?show=bad", "/console/feedback?show=open")
    return ("/console", *lists, f"/console/posts/{post_id}", "/console/recalls", "/console/log")


def betrayed(bureau: Bureau, officer: str, post_id: str) -> set[str]:
    """Return what an officer gets to see of complaints and of who spoke, wherever the officer may look."""
    browser = bureau.signed_in(officer)
    seen = "".join(browser.get(address).text for address in places(post_id))
    receipts = [each.receipt for each in EVERYTHING] + ["R-PAPER"]
    spoken_at = re.findall(r"2026年6月15日 12:\d\d:\d\d", "".join(
        row for row in re.findall(r"<tr>.*?</tr>|<li.*?</li>", seen, re.DOTALL) if "群众" in row
    ))  # fmt: skip
    return {secret for secret in (*SECRETS, *receipts) if secret in seen} | set(spoken_at)


@pytest.mark.parametrize("officer", OTHERS)
def test_f25_nobody_but_the_committee_sees_a_complaint(bureau: Bureau, post_id: str, officer: str) -> None:
    assert betrayed(bureau, officer, post_id) == set()


@pytest.mark.parametrize("officer", ["own_branch", "inspector", "administrator"])
def test_f25_praise_and_suggestions_reach_those_they_are_about(
    bureau: Bureau, post_id: str, officer: str
) -> None:
    browser = bureau.signed_in(officer)
    for address in ("/console/feedback", f"/console/posts/{post_id}"):
        page = browser.get(address).text
        assert [words for words in OPEN_TO_ALL if words not in page] == []


def test_a_console_in_which_branches_read_complaints_is_caught(
    bureau: Bureau, post_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "reads_complaints", lambda _: True)
    assert "排队太久" in betrayed(bureau, "own_branch", post_id)


def test_f25_the_committee_sees_everything_that_was_said(bureau: Bureau, post_id: str) -> None:
    browser = bureau.signed_in()
    page = browser.get("/console/feedback").text
    assert [words for words in (*SECRETS, *OPEN_TO_ALL) if words not in page] == ["走访了三位服务对象"]
    assert "纸质" in page
    assert "属实" in page
    assert "走访了三位服务对象" in browser.get(f"/console/posts/{post_id}").text
    today = browser.get("/console").text
    assert "排队太久" in today
    assert '<span class="figure">3</span>差评和投诉待办结' in today


@pytest.mark.usefixtures("post_id")
def test_f25_a_complaint_is_called_back_and_settled_in_the_browser(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    waiting = browser.get("/console/feedback?show=open").text
    assert "R-BAD" in waiting
    assert "R-PRAISE" not in waiting
    assert browser.post("/console/feedback/R-BAD/call-back", words="已通话").status_code == 303
    done = browser.post("/console/feedback/R-BAD/settle", words="已增开窗口")
    assert done.status_code == 303
    assert "已办结。" in browser.get(done.headers["location"]).text
    assert "R-BAD" not in browser.get("/console/feedback?show=open").text
    assert "答复：已增开窗口" in browser.get("/console/feedback?show=bad").text
    assert [each.note for each in bureau.register.find(CallBack)] == ["已通话"]
    assert [each.answer for each in bureau.register.find(Settlement)] == ["已增开窗口"]


@pytest.mark.usefixtures("post_id")
def test_a_refused_answer_comes_back_with_every_word(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    assert browser.post("/console/feedback/R-BAD/settle", words=" ").status_code == 422
    assert browser.post("/console/feedback/R-NOBODY/settle", words="答复").status_code == 404
    browser.post("/console/feedback/R-BAD/settle", words="已增开窗口")
    again = browser.post("/console/feedback/R-BAD/settle", words="另一个答复")
    assert again.status_code == 422
    assert "已于2026年6月15日" in again.text


def test_f25_the_branch_reads_the_public_answer(bureau: Bureau, post_id: str) -> None:
    bureau.signed_in().post("/console/feedback/R-BAD/settle", words="已增开窗口")
    assert "已增开窗口" in bureau.signed_in("own_branch").get(f"/console/posts/{post_id}").text


def test_f25_an_overdue_answer_shows_as_such(bureau: Bureau, post_id: str) -> None:
    assert post_id
    bureau.wait(days=30)
    browser = bureau.signed_in()
    assert '<span class="figure">3</span>其中逾期' in browser.get("/console").text
    assert "办结 已逾期" in browser.get("/console/feedback?show=open").text


@pytest.mark.parametrize(("count", "shown"), [(9, False), (10, True)])
def test_f24_counts_and_average_appear_from_ten_ratings(bureau: Bureau, count: int, *, shown: bool) -> None:
    post_id = bureau.plated()
    ratings = [Said(f"R{n}", Topic.RATING, Grade.SATISFIED, "") for n in range(count)]
    say(bureau, bureau.copies(post_id)[0], *ratings)
    page = bureau.signed_in().get(f"/console/posts/{post_id}").text
    assert f"计入评价 {count} 次（扫码 {count}，纸质 0）" in page
    assert ("4.00" in page, "<meter" in page) == (shown, shown)


def test_f25_a_branch_sees_counts_only_when_the_week_is_over(bureau: Bureau) -> None:
    post_id = bureau.plated()
    say(bureau, bureau.copies(post_id)[0], Said("R1", Topic.RATING, Grade.DISSATISFIED, ""))
    address = f"/console/posts/{post_id}"
    assert "计入评价 0 次" in bureau.signed_in("own_branch").get(address).text
    assert "计入评价 1 次" in bureau.signed_in().get(address).text
    bureau.wait(days=7)
    assert "计入评价 1 次" in bureau.signed_in("own_branch").get(address).text
