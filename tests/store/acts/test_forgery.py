"""Reports of forged plates: kept without a post, read by the committee, answered once."""

from collections.abc import Callable

import pytest

from store.acts.answering import read_contact
from store.acts.attachments import File, read_attachment
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.forgery import (
    LOOKS_LONGEST,
    PLACE_LONGEST,
    ForgeryAnsweredBefore,
    ForgeryTooLong,
    NoSuchForgery,
    Suspicion,
    answer_forgery,
    of_our_form,
    report_forgery,
)
from store.acts.voice import AlreadyReceived
from store.codes import PlateCode
from store.forgeries import forgeries_for
from store.ledger import verify
from store.records import ForgeryReport, LogEntry, Role
from tests.office import Office
from tests.store.spoken import KEY, PHONE, sealed

Measure = Callable[[Callable[[], object]], dict[str, int]]
CODE = PlateCode.from_bits(7).text
PHOTO = File(name="a1.jpg", content=b"\xff\xd8\xff1")


def reported(office: Office, **changes: object) -> ForgeryReport:
    wanted: dict[str, object] = {"receipt": "R1", "place": " 北门 ", "looks": "字体不同"}
    seen = Suspicion(**(wanted | changes))  # type: ignore[arg-type]
    return report_forgery(office.register, office.by(Role.PUBLIC), seen)


def test_f25_a_report_is_received_in_one_act_and_read_by_the_committee(
    office: Office, added: Measure
) -> None:
    assert added(lambda: reported(office, scanned=CODE, photos=(PHOTO,))) == {
        "ForgeryReport": 1,
        "Attachment": 1,
        "AttachmentContent": 1,
        "LogEntry": 1,
    }
    [found] = forgeries_for(office.register, office.by(), newest=5)
    assert (found.report.place, found.report.scanned, found.answered) == ("北门", CODE, None)
    [photo] = found.attachments
    assert read_attachment(office.register, office.by(), photo.id)[1] == PHOTO.content
    assert verify(office.register).faults == ()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COMMITTEE])
def test_f25_nobody_else_reads_reports_or_their_photos(office: Office, role: Role) -> None:
    reported(office, photos=(PHOTO,))
    branch = "O01" if role is Role.BRANCH_OFFICER else None
    with pytest.raises(NotAllowed):
        forgeries_for(office.register, office.by(role, branch), newest=5)
    with pytest.raises(NotAllowed):
        read_attachment(office.register, office.by(role, branch), "ForgeryReport-R1-1")


def test_the_log_tells_nothing_of_a_report(office: Office) -> None:
    reported(office)
    answer_forgery(office.register, office.by(), "R1", answer="已收走")
    told = [(each.act, each.object, each.reason) for each in office.register.find(LogEntry)]
    assert told == [("report forgery", "ForgeryReport", ""), ("answer forgery", "ForgeryReport", "")]


@pytest.mark.parametrize(
    ("scanned", "kept"),
    [
        (CODE, CODE),
        (f" {CODE.lower()} ", CODE),
        (f"https://gp.example.cn/{CODE}", CODE),
        ("2026-007-03-86", "2026-007-03-86"),
        ("https://evil.example/?phone=13800138000", ""),
        ("王五 13800138000", ""),
        ("", ""),
        ("\0" * 5000, ""),
    ],
)
def test_of_what_was_scanned_only_what_has_our_form_is_kept(office: Office, scanned: str, kept: str) -> None:
    assert of_our_form(scanned) == kept
    assert reported(office, scanned=scanned).scanned == kept


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (ReasonMissing, {"place": " \n"}),
        (ForgeryTooLong, {"place": "地" * (PLACE_LONGEST + 1)}),
        (ForgeryTooLong, {"looks": "样" * (LOOKS_LONGEST + 1)}),
    ],
)
def test_a_report_says_where_and_is_short(
    office: Office, added: Measure, refusal: type[Exception], changes: dict[str, str]
) -> None:
    def tried() -> None:
        with pytest.raises(refusal):
            reported(office, **changes)

    assert added(tried) == {}


def test_a_receipt_is_given_once(office: Office, added: Measure) -> None:
    reported(office)

    def again() -> None:
        with pytest.raises(AlreadyReceived):
            reported(office, place="南门")

    assert added(again) == {}


def test_f25_a_report_is_answered_once(office: Office, added: Measure) -> None:
    reported(office)
    assert added(lambda: answer_forgery(office.register, office.by(), " r1 ", answer=" 已收走 ")) == {
        "ForgeryAnswered": 1,
        "LogEntry": 1,
    }
    [found] = forgeries_for(office.register, office.by(), newest=5)
    assert found.answered
    assert found.answered.answer == "已收走"

    def again() -> None:
        with pytest.raises(ForgeryAnsweredBefore):
            answer_forgery(office.register, office.by(), "R1", answer="另一个答复")

    assert added(again) == {}


def test_only_a_report_is_answered(office: Office) -> None:
    with pytest.raises(NoSuchForgery):
        answer_forgery(office.register, office.by(), "R9", answer="已收走")


def test_f25_its_contact_is_opened_on_the_record(office: Office) -> None:
    reported(office, sealed_contact=sealed("R1"))
    assert read_contact(office.register, office.by(), "r1", reason="核实", key=KEY) == PHONE
    entry = office.register.find(LogEntry)[-1]
    assert (entry.act, entry.object) == ("read contact", "ForgeryReport")
