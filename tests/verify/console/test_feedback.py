"""What the public said, in the browser: complaints for the committee alone, answered there and then."""

import re
from dataclasses import dataclass

import pytest

from store import feedback
from store.acts.answering import read_contact, settle
from store.acts.voice import Conclusion, Message, PaperMessage, conclude_investigation, enter_paper_message
from store.acts.voice import give_feedback as give
from store.contacts import OpeningKey
from store.records import CallBack, Copy, Finding, Grade, Role, Settlement, Topic
from tests.verify.console.bureau import OTHER, Bureau
from verify.console import feedback as desk

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
    assert "：已增开窗口" in browser.get("/console/feedback?show=bad").text
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
    assert '<span class="figure">3</span>答复逾期' in browser.get("/console").text
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


def listed(bureau: Bureau, query: str, officer: str = "committee") -> list[str]:
    """Return the receipts on a page of the list, from top to bottom."""
    page = bureau.signed_in(officer).get(f"/console/feedback?{query}").text
    return re.findall(r'href="/console/feedback/(R-\w+)"', page)


@pytest.mark.usefixtures("post_id")
def test_f25_the_desk_sorts_by_what_is_to_be_done(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    assert listed(bureau, "show=new") == ["R-BAD", "R-COMPLAINT"]  # the paper one was looked into
    browser.get("/console/feedback")
    browser.post("/console/feedback/R-BAD/call-back", words="已通话")
    assert listed(bureau, "show=new") == ["R-COMPLAINT"]
    assert listed(bureau, "show=call-back") == ["R-COMPLAINT", "R-PAPER"]
    assert listed(bureau, "show=open") == ["R-COMPLAINT", "R-PAPER", "R-BAD"]  # the nearest term comes first
    assert listed(bureau, "show=overdue") == []
    bureau.wait(days=4)
    browser = bureau.signed_in()
    browser.post("/console/feedback/R-PAPER/settle", words="已整改")
    assert listed(bureau, "show=overdue") == ["R-COMPLAINT"]
    assert listed(bureau, "show=open") == ["R-COMPLAINT", "R-BAD"]
    assert listed(bureau, "show=bad") == ["R-PAPER", "R-COMPLAINT", "R-BAD"]
    page = browser.get("/console/feedback").text
    figures = re.findall(r'<span class="figure">(\d+)</span>(\w+) ', page)
    assert figures == [("1", "新到未办"), ("1", "待回访"), ("1", "已逾期"), ("2", "待办结")]


def test_f25_messages_are_found_by_branch_post_grade_and_matter(bureau: Bureau, post_id: str) -> None:
    other = bureau.plated("标本室", OTHER)
    say(bureau, bureau.copies(other)[0], Said("R-OTHER", Topic.COMPLAINT, Grade.VERY_DISSATISFIED, "别处"))
    everything = [each.receipt for each in EVERYTHING]
    assert listed(bureau, "") == ["R-OTHER", "R-PAPER", *reversed(everything)]
    assert listed(bureau, f"post={post_id}") == ["R-PAPER", *reversed(everything)]
    assert listed(bureau, f"branch={bureau.dossier(other).branch.id}") == ["R-OTHER"]
    assert listed(bureau, "grade=2") == ["R-BAD"]
    assert listed(bureau, "grade=2&topic=complaint") == []
    assert listed(bureau, "topic=plate_differs") == ["R-DIFFERS"]
    assert listed(bureau, f"show=open&branch={bureau.dossier(other).branch.id}") == ["R-OTHER"]
    assert listed(bureau, "show=open&topic=complaint&grade=1") == ["R-OTHER"]
    assert len(listed(bureau, "grade=9&topic=gossip&show=nothing&page=99")) == len(everything) + 2


def test_a_long_list_is_turned_page_by_page(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "SHOWN_MOST", 4)
    copy = bureau.copies(bureau.plated())[0]
    say(bureau, copy, *(Said(f"R-{n}", Topic.COMPLAINT, None, "词") for n in range(10)))
    newest = [f"R-{n}" for n in reversed(range(10))]
    for query in ("", "topic=complaint&", "show=bad&"):
        assert [listed(bureau, f"{query}page={n}") for n in (1, 2, 3)] == [
            newest[:4],
            newest[4:8],
            newest[8:],
        ]
    assert listed(bureau, "show=open&page=3") == ["R-8", "R-9"]


class TestMessage:
    """The page of one message."""

    def test_it_shows_all_that_belongs_to_it(self, bureau: Bureau, post_id: str) -> None:
        page = bureau.signed_in().get("/console/feedback/R-LOOKED").text
        plate = bureau.copies(post_id)[0]
        for words in (
            "这句被查证过",
            "走访了三位服务对象",
            plate.id,
            f"/{plate.code}/plate.png",
            "2026-003-I1",
        ):
            assert words in page
        for other in ("R-BAD", "R-COMPLAINT", "R-PAPER"):
            assert f"/console/feedback/{other}" in page

    @pytest.mark.usefixtures("post_id")
    def test_f25_its_terms_end_with_a_working_day(self, bureau: Bureau) -> None:
        page = bureau.signed_in().get("/console/feedback/R-COMPLAINT").text
        # Monday 15 June 2026; Friday 19 is the Dragon Boat Festival, a public holiday
        assert "截止 2026年6月16日（含当日）" in page
        assert "截止 2026年7月7日（含当日）" in page
        assert "1 个工作日内回访，15 个工作日内办结" in page

    @pytest.mark.usefixtures("post_id")
    def test_f25_it_shows_how_far_its_giver_sees_it(self, bureau: Bureau) -> None:
        browser = bureau.signed_in()
        browser.get("/console/feedback")
        for act, words in (("call-back", "已通话"), ("settle", "已增开窗口")):
            browser.post(f"/console/feedback/R-BAD/{act}", words=words)
        page = browser.get("/console/feedback/R-BAD").text
        steps = re.findall(r'<li class="done"><b>(\w+)</b> .*?<span class="quiet">(\S+?)</span>', page)
        assert steps == [(step, "2026年6月15日") for step in ("已收到", "办理中", "已答复")]
        assert "登记回访" not in page

    @pytest.mark.parametrize(("act", "words"), [("call-back", "已通话"), ("settle", "一句没有说完的答复")])
    def test_what_was_typed_is_kept_when_the_act_is_refused(
        self, bureau: Bureau, post_id: str, act: str, words: str
    ) -> None:
        assert post_id
        browser = bureau.signed_in()
        browser.get("/console/feedback")
        browser.post("/console/feedback/R-BAD/settle", words="先到的答复")
        refused = browser.post(f"/console/feedback/R-BAD/{act}", words=words)
        assert refused.status_code == 422
        assert "先到的答复" in refused.text
        refused = browser.post("/console/feedback/R-COMPLAINT/investigate", facts="只写了经过")
        assert (refused.status_code, "只写了经过" in refused.text) == (422, True)

    def test_f21_it_leads_to_a_veto_and_shows_it_after(self, bureau: Bureau, post_id: str) -> None:
        browser = bureau.signed_in()
        assert "/veto?" not in browser.get("/console/feedback/R-COMPLAINT").text
        looked_into = {"finding": "substantiated", "facts": "调取监控，情况属实", "feedback": "R-BAD"}
        done = browser.post("/console/feedback/R-COMPLAINT/investigate", **looked_into)
        page = browser.get(done.headers["location"]).text
        [(address, ground)] = re.findall(r'href="(/console/posts/\S+/veto\?investigation=(\S+?))"', page)
        form = browser.get(address).text
        assert re.search(r'value="3" required checked', form)
        assert f'<option value="{ground}" selected>' in form
        assert "调取监控，情况属实</textarea>" in form
        charge = {"cause": "3", "investigation": ground, "facts": "属实", "name": "财务室"}
        assert browser.post(f"/console/posts/{post_id}/veto", **charge).status_code == 303
        for receipt in ("R-COMPLAINT", "R-BAD"):
            assert "被一票否决" in browser.get(f"/console/feedback/{receipt}").text
        assert "被一票否决" not in browser.get("/console/feedback/R-PRAISE").text

    @pytest.mark.usefixtures("post_id")
    def test_f25_that_a_contact_was_opened_is_told_and_the_contact_is_not(self, bureau: Bureau) -> None:
        opening = OpeningKey(raw=b"k" * 32)
        sealed = opening.sealing.seal("13800000000", subject_id="R-CALL", chance=b"c" * 32)
        message = Message(
            receipt="R-CALL",
            copy_id=bureau.register.find(Copy)[0].id,
            topic=Topic.COMPLAINT,
            grade=None,
            comment="请回电",
            voter="v",
            sealed_contact=sealed,
        )
        give(bureau.register, bureau.office.by(Role.PUBLIC), message)
        read_contact(bureau.register, bureau.office.by(), "R-CALL", reason="电话回访", key=opening)
        page = bureau.signed_in().get("/console/feedback/R-CALL").text
        assert "：电话回访" in page
        assert "gangpai feedback contact R-CALL" in page
        assert "13800000000" not in page
        assert sealed not in page

    @pytest.mark.usefixtures("post_id")
    @pytest.mark.parametrize("officer", OTHERS)
    def test_f25_it_is_the_committees_alone(self, bureau: Bureau, officer: str) -> None:
        browser = bureau.signed_in(officer)
        for receipt in ("R-PRAISE", "R-BAD", "R-NOBODY"):
            answer = browser.get(f"/console/feedback/{receipt}")
            assert answer.status_code == 403
            assert all(said.comment not in answer.text for said in EVERYTHING)

    def test_a_receipt_that_nobody_has_leads_nowhere(self, bureau: Bureau) -> None:
        assert bureau.signed_in().get("/console/feedback/R-NOBODY").status_code == 404


SPOKEN = feedback._Spoken  # noqa: SLF001 - what the mutants below leave open
PARTICULARS = re.compile(r"R-\w{3,}|\d\d:\d\d:\d\d|photos/|联系方式|照片 \d|\d{4}-\d{3}-\d\d-\d\d")


@pytest.mark.parametrize("officer", ["own_branch", "other_branch", "inspector", "administrator"])
@pytest.mark.parametrize(
    "query", ["", "show=open", "show=new&grade=1", "post=2026-003", "topic=complaint", "page=2"]
)
def test_f25_a_list_for_others_tells_nothing_of_who_and_when(
    bureau: Bureau, post_id: str, officer: str, query: str
) -> None:
    bureau.signed_in().get("/console/feedback")
    settle(bureau.register, bureau.office.by(), "R-BAD", answer="已增开窗口")
    assert post_id
    page = bureau.signed_in(officer).get(f"/console/feedback?{query}").text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert PARTICULARS.findall(main) == []
    assert [secret for secret in SECRETS if secret in main] == []
    assert ("已增开窗口" in main) == (officer != "other_branch")


def test_a_list_in_which_branches_get_particulars_is_caught(
    bureau: Bureau, post_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_part = SPOKEN.heard
    authority = bureau.office.by()
    in_full = lambda spoken, known: in_part(spoken, known or spoken.particulars(authority))  # noqa: E731 - a mutant in one line
    monkeypatch.setattr(SPOKEN, "heard", in_full)
    with pytest.raises(AssertionError):
        test_f25_a_list_for_others_tells_nothing_of_who_and_when(bureau, post_id, "own_branch", "")


def test_a_list_that_hands_out_looked_into_words_is_caught(
    bureau: Bureau, post_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SPOKEN, "is_harmless", property(lambda spoken: bool(spoken.feedback.comment)))
    with pytest.raises(AssertionError):
        test_f25_a_list_for_others_tells_nothing_of_who_and_when(bureau, post_id, "own_branch", "")


def test_a_branch_that_reads_anothers_part_is_caught(
    bureau: Bureau, post_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "_own_part", lambda _: {})
    with pytest.raises(AssertionError):
        test_f25_a_list_for_others_tells_nothing_of_who_and_when(bureau, post_id, "other_branch", "")
