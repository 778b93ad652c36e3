"""Reports of forgeries and everybody's photos, in the browser: for the committee alone, harmless there."""

import pytest

from store.acts.attachments import File
from store.acts.forgery import Suspicion, report_forgery
from store.acts.voice import Message, give_feedback
from store.records import Attachment, ForgeryAnswered, PlatePart, Role, Topic
from tests.verify.console.bureau import Bureau
from tests.verify.pictures import encoded, picture

OTHERS = ("own_branch", "inspector", "administrator", "print_clerk")
PHOTO = File(name="<b>.jpg", content=encoded(picture(8, 8)))
LIST = "/console/feedback/forgeries"


@pytest.fixture
def reported(bureau: Bureau) -> str:
    seen = Suspicion(
        receipt="F1", place="<i>北门", looks="字体不同", scanned="2026-007-03-86", photos=(PHOTO,)
    )
    return report_forgery(bureau.register, bureau.office.by(Role.PUBLIC), seen).id


def test_f25_the_committee_reads_reports_and_answers_them(bureau: Bureau, reported: str) -> None:
    browser = bureau.signed_in()
    page = browser.get(LIST).text
    for words in ("&lt;i&gt;北门", "字体不同", "2026-007-03-86", reported):
        assert words in page
    answer = browser.post(f"{LIST}/{reported}/answer", words="已收走")
    assert answer.status_code == 303
    [answered] = bureau.register.find(ForgeryAnswered)
    assert answered.answer == "已收走"
    assert "：已收走" in browser.get(answer.headers["location"]).text


def test_a_report_is_answered_once(bureau: Bureau, reported: str) -> None:
    browser = bureau.signed_in()
    browser.get(LIST)
    browser.post(f"{LIST}/{reported}/answer", words="第一次")
    again = browser.post(f"{LIST}/{reported}/answer", words="第二次")
    assert again.status_code == 422
    assert "回执页显示的是当时的答复" in again.text
    assert bureau.register.count(ForgeryAnswered) == 1


@pytest.mark.parametrize("officer", OTHERS)
def test_f25_nobody_else_gets_to_reports_or_photos(bureau: Bureau, reported: str, officer: str) -> None:
    [photo] = bureau.register.find(Attachment)
    browser = bureau.signed_in(officer)
    browser.get("/console")
    for answer in (
        browser.get(LIST),
        browser.get(f"/console/feedback/photos/{photo.id}"),
        browser.post(f"{LIST}/{reported}/answer", words="已收走"),
    ):
        assert answer.status_code == 403
    assert LIST not in browser.get("/console/feedback").text


@pytest.mark.usefixtures("reported")
def test_a_photo_is_handed_out_so_that_it_can_do_nothing(bureau: Bureau) -> None:
    [photo] = bureau.register.find(Attachment)
    browser = bureau.signed_in()
    assert f"/console/feedback/photos/{photo.id}" in browser.get(LIST).text
    answer = browser.get(f"/console/feedback/photos/{photo.id}")
    assert (answer.status_code, answer.content) == (200, PHOTO.content)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"] == f'inline; filename="{photo.content_id[:16]}"'
    assert answer.headers["cache-control"] == "no-store"


def test_a_message_shows_its_photos_and_what_differs(bureau: Bureau) -> None:
    [copy, *_] = bureau.copies(bureau.plated())
    message = Message(
        receipt="R1",
        copy_id=copy.id,
        topic=Topic.PLATE_DIFFERS,
        grade=None,
        comment="",
        voter="a",
        differs=PlatePart.NAME,
        photos=(PHOTO,),
    )
    give_feedback(bureau.register, bureau.office.by(Role.PUBLIC), message)
    browser = bureau.signed_in()
    assert "照片 1 张" in browser.get("/console/feedback").text
    page = browser.get("/console/feedback/R1").text
    assert "不符：姓名" in page
    assert '<img src="/console/feedback/photos/Feedback-R1-1"' in page
    assert "R1" not in bureau.signed_in("own_branch").get("/console/feedback").text
