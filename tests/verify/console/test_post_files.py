"""What the page of a post hands out: plates as printed, sheets and files, to those who may see the post."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from store.acts.assessment import Judgement, Sheet, assess
from store.acts.attachments import File, Subject, attach
from store.acts.award import award
from store.acts.circulation import return_copy
from store.acts.veto import Charge, veto
from store.acts.voice import Message, give_feedback
from store.enclosures import enclosures
from store.records import Grade, Product, Role, Topic, VetoCause
from tests.verify.console.bureau import OTHER, OWN, Bureau
from verify.console import post_files, post_records
from verify.console.forgeries import SANDBOX

PDF = b"%PDF-1.7\n%%EOF"


def titled(bureau: Bureau, name: str = "财务室") -> str:
    post_id = bureau.plated(name, OWN, plates=1)
    bureau.office.surveyed(post_id)
    bureau.office.inspected(post_id)
    award(
        bureau.register,
        bureau.office.by(),
        post_id,
        awarded_on=date(2026, 7, 1),
        document="场党字〔2026〕9号",
    )
    return post_id


def rate(bureau: Bureau, post_id: str, grade: Grade, count: int) -> None:
    copy = bureau.copies(post_id)[0]
    for number in range(count):
        message = Message(
            receipt=f"R{grade}{number}",
            copy_id=copy.id,
            topic=Topic.RATING,
            grade=grade,
            comment="",
            voter=f"{grade}-{number}",
        )
        give_feedback(bureau.register, bureau.office.by(Role.PUBLIC), message)


def test_a_plate_is_shown_as_it_was_printed_whatever_became_of_it(bureau: Bureau) -> None:
    post_id, browser = bureau.plated(plates=1), bureau.signed_in()
    [copy] = bureau.copies(post_id)
    address = f"/console/posts/{post_id}/plates/{copy.id}.png"
    page = browser.get(f"/console/posts/{post_id}").text
    [width, height] = re.findall(
        rf'<img src="{address}"[^>]* width="(\d+)" height="(\d+)" loading="lazy"', page
    )[0]
    answer = browser.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width == int(width)
        assert abs(picture.height - int(height)) <= 1
    bureau.office.vetoed(post_id)
    assert browser.get(address).content == answer.content


def test_a_design_that_is_gone_leaves_words_where_the_picture_was(bureau: Bureau) -> None:
    post_id, browser = bureau.plated(plates=0), bureau.signed_in()
    copy = bureau.office.issued(post_id, Product.PLAQUE, design="gone")
    assert "该设计已不在库中" in browser.get(f"/console/posts/{post_id}").text
    assert browser.get(f"/console/posts/{post_id}/plates/{copy.id}.png").status_code == 404


def test_a_picture_belongs_to_its_post_and_its_branch(bureau: Bureau) -> None:
    own, other = bureau.plated("财务室", OWN, 1), bureau.plated("标本室", OTHER, 1)
    [hidden] = bureau.copies(other)
    browser = bureau.signed_in("own_branch")
    assert browser.get(f"/console/posts/{own}/plates/{hidden.id}.png").status_code == 404
    assert browser.get(f"/console/posts/{other}/plates/{hidden.id}.png").status_code == 403


def test_a_picture_handed_to_every_branch_is_noticed(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_files, "seen_dossier", lambda *_: None)
    with pytest.raises(AssertionError):
        test_a_picture_belongs_to_its_post_and_its_branch(bureau)


def test_f29_every_sheet_the_page_offers_can_be_taken_as_pdf_and_as_workbook(bureau: Bureau) -> None:
    post_id, browser = titled(bureau), bureau.signed_in()
    bureau.wait(days=40)
    browser = bureau.signed_in()
    page = browser.get(f"/console/posts/{post_id}").text
    offered = re.findall(rf'href="(/console/posts/{post_id}/papers/[^"]+)"', page)
    names = {each.rpartition("/")[2].rpartition(".")[0] for each in offered}
    assert names == {"applications-2026", "inspection", "assessment-2026-Q3", "names-2026-07-01"}
    for address in offered:
        content = browser.get(address).content
        if address.endswith(".pdf"):
            assert PdfReader(io.BytesIO(content)).pages
        else:
            assert load_workbook(io.BytesIO(content)).sheetnames
    book = load_workbook(io.BytesIO(browser.get(f"/console/posts/{post_id}/papers/inspection.xlsx").content))
    assert any("财务室" in str(cell.value) for sheet in book for row in sheet for cell in row)


def test_f23_a_recall_brings_its_notice_and_each_return_its_receipt(bureau: Bureau) -> None:
    post_id = bureau.plated(plates=2)
    veto(bureau.register, bureau.office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    browser = bureau.signed_in("own_branch")
    assert "papers/recall.pdf" in browser.get(f"/console/posts/{post_id}").text
    assert browser.get(f"/console/posts/{post_id}/papers/receipt.xlsx").status_code == 404
    return_copy(bureau.register, bureau.office.by(), bureau.copies(post_id)[0].id)
    assert browser.get(f"/console/posts/{post_id}/papers/receipt.xlsx").status_code == 200


@pytest.mark.parametrize(
    "name", ["ledger.pdf", "inspection.exe", "names-2026-07-01.pdf", "assessment-2020-Q1.pdf"]
)
def test_no_sheet_is_made_that_the_page_does_not_offer(bureau: Bureau, name: str) -> None:
    post_id = bureau.plated(plates=1)
    assert bureau.signed_in().get(f"/console/posts/{post_id}/papers/{name}").status_code == 404


def test_f29_a_file_is_handed_out_as_a_file_to_those_it_is_for(bureau: Bureau) -> None:
    post_id, elsewhere = bureau.plated(plates=1), bureau.plated("标本室", OTHER, 1)
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实")
    veto(bureau.register, bureau.office.by(), post_id, charge)
    case = bureau.dossier(post_id).veto
    assert case
    plain = attach(
        bureau.register,
        bureau.office.by(),
        Subject(kind="Post", id=post_id),
        File(name="现场.pdf", content=PDF, caption="<b>门口"),
    )
    secret = attach(
        bureau.register,
        bureau.office.by(),
        Subject(kind="Veto", id=case.id),
        File(name="证据.pdf", content=PDF),
    )
    seen = {
        officer: [
            bureau.signed_in(officer).get(f"/console/posts/{post_id}/files/{each.id}").status_code
            for each in (plain, secret)
        ]
        for officer in ("committee", "own_branch", "inspector", "other_branch", "administrator")
    }
    assert seen == {
        "committee": [200, 200],
        "own_branch": [200, 404],
        "inspector": [200, 404],
        "other_branch": [403, 403],
        "administrator": [403, 403],
    }
    committee = bureau.signed_in()
    answer = committee.get(f"/console/posts/{post_id}/files/{plain.id}")
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E7%8E%B0")
    assert answer.headers["content-security-policy"] == SANDBOX
    assert committee.get(f"/console/posts/{elsewhere}/files/{plain.id}").status_code == 404
    own = bureau.signed_in("own_branch").get(f"/console/posts/{post_id}").text
    assert ("现场.pdf" in own, "证据.pdf" in own, "&lt;b&gt;门口" in own) == (True, False, True)


def test_evidence_of_a_case_shown_to_the_branch_is_noticed(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (post_files, post_records):
        monkeypatch.setattr(
            room, "enclosures", lambda reader, post_id, **_: enclosures(reader, post_id, confidential=True)
        )
    with pytest.raises(AssertionError):
        test_f29_a_file_is_handed_out_as_a_file_to_those_it_is_for(bureau)


def test_f17_assessments_say_in_words_what_is_not_met(bureau: Bureau) -> None:
    post_id = titled(bureau)
    bureau.wait(days=40)
    found = Judgement(member_name="高赟", failed=frozenset({3}), remarks="<i>勤勉")
    sheet = Sheet(period="2026-Q3", assessed_on=date(2026, 7, 20), judgements=(found,))
    assess(bureau.register, bureau.office.by(), post_id, sheet)
    page = bureau.signed_in("own_branch").get(f"/console/posts/{post_id}").text
    assert "勤于学习，开拓创新的示范" in page.partition('id="assessed-h"')[2]
    assert "&lt;i&gt;勤勉" in page


def test_f24_figures_are_of_closed_periods_drawn_and_in_words(bureau: Bureau) -> None:
    post_id = bureau.plated(plates=1)
    rate(bureau, post_id, Grade.VERY_SATISFIED, 9)
    rate(bureau, post_id, Grade.DISSATISFIED, 3)
    assert "<svg" not in bureau.signed_in().get(f"/console/posts/{post_id}").text
    bureau.wait(days=40)
    for officer in ("committee", "own_branch", "inspector"):
        page = bureau.signed_in(officer).get(f"/console/posts/{post_id}").text
        assert ("75.0%" in page, "n = 12" in page, "未达要求" in page) == (True, True, True)
        assert 'class="dot low"' in page


def test_f25_the_page_tells_a_branch_nothing_of_who_spoke(bureau: Bureau) -> None:
    post_id = bureau.plated(plates=1)
    rate(bureau, post_id, Grade.VERY_DISSATISFIED, 1)
    bureau.wait(days=1)
    page = bureau.signed_in("own_branch").get(f"/console/posts/{post_id}").text
    assert f"R{Grade.VERY_DISSATISFIED}0" not in page
    assert ("差评回访" in page, "差评办结" in page) == (False, False)
    assert "差评回访" in bureau.signed_in().get(f"/console/posts/{post_id}").text


def test_what_is_due_stands_on_the_page_of_those_who_work(bureau: Bureau) -> None:
    post_id = bureau.posted("财务室")
    assert "待批准" in bureau.signed_in().get(f"/console/posts/{post_id}").text.partition('id="due-h"')[2]
    assert 'id="due-h"' not in bureau.signed_in("inspector").get(f"/console/posts/{post_id}").text
