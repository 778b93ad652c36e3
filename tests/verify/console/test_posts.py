"""Posts in the browser: finding them, reading them, deciding on them; hostile names stay words."""

import re

import pytest

from store.acts.apply import apply_roster
from store.acts.voice import Message, give_feedback
from store.records import Approval, Award, Grade, Investigation, Role, Topic
from tests.verify.console.bureau import OTHER, Bureau

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "{{ settings.secret }}",
    "{post_id}",
    "%s%n",
    "javascript:alert(1)",
    "</title><svg onload=alert(1)>",
]


def rated(bureau: Bureau, post_id: str, *grades: Grade, comment: str = "") -> None:
    copy = bureau.copies(post_id)[0]
    for number, grade in enumerate(grades):
        message = Message(
            receipt=f"R{post_id}{number}",
            copy_id=copy.id,
            topic=Topic.RATING,
            grade=grade,
            comment=comment,
            voter=f"voter-{number}",
        )
        give_feedback(bureau.register, bureau.office.by(Role.PUBLIC), message)


def test_the_list_is_filtered_by_branch_state_and_text(bureau: Bureau) -> None:
    bureau.approved("财务室")
    browser = bureau.signed_in()
    assert {name in browser.get("/console/posts").text for name in ("财务室", "接待室", "温室组")} == {True}
    approved = browser.get("/console/posts?state=approved").text
    assert ("财务室" in approved, "接待室" in approved) == (True, False)
    found = browser.get("/console/posts", params={"text": "温室"}).text
    assert ("温室组" in found, "财务室" in found) == (True, False)
    assert "财务室" in browser.get("/console/posts", params={"text": "汪雪琳"}).text
    other = bureau.dossier("2026-002").branch
    assert other.name == OTHER
    elsewhere = browser.get(f"/console/posts?branch={other.id}").text
    assert ("温室组" in elsewhere, "财务室" in elsewhere) == (True, False)
    assert "没有符合条件的岗位" in browser.get("/console/posts?text=查无此岗").text


def test_an_application_is_approved_in_the_browser(bureau: Bureau) -> None:
    post_id, browser = bureau.posted("财务室"), bureau.signed_in()
    assert "财务室" in browser.get("/console").text
    answer = browser.post(f"/console/posts/{post_id}/approve", document="场党字〔2026〕9号")
    assert answer.status_code == 303
    assert "已批准" in browser.get(answer.headers["location"]).text
    assert bureau.register.find(Approval)[0].document == "场党字〔2026〕9号"


def test_over_quota_asks_for_the_reason_and_keeps_the_document(bureau: Bureau) -> None:
    for name in ("一室", "二室", "三室"):
        bureau.approved(name)
    post_id, browser = bureau.posted("四室"), bureau.signed_in()
    refused = browser.post(f"/console/posts/{post_id}/approve", document="场党字〔2026〕9号")
    assert refused.status_code == 422
    assert "超过每个总支3个的上限" in refused.text
    assert 'value="场党字〔2026〕9号"' in refused.text
    reason = {"document": "场党字〔2026〕9号", "reason": "窗口多"}
    assert browser.post(f"/console/posts/{post_id}/approve", **reason).status_code == 303


def test_a_post_is_awarded_in_the_browser(bureau: Bureau) -> None:
    post_id, browser = bureau.plated(), bureau.signed_in()
    for wrong in ("", "七月一日", "2026-13-01"):
        assert browser.post(f"/console/posts/{post_id}/award", awarded_on=wrong).status_code == 422
    refused = browser.post(f"/console/posts/{post_id}/award", awarded_on="2026-07-01")
    assert (refused.status_code, "没有检查记录" in refused.text) == (422, True)
    bureau.office.surveyed(post_id)
    bureau.office.inspected(post_id)
    assert browser.post(f"/console/posts/{post_id}/award", awarded_on="2026-07-01").status_code == 303
    assert bureau.register.find(Award)[0].awarded_on.isoformat() == "2026-07-01"
    assert "已命名" in browser.get(f"/console/posts/{post_id}").text


def test_an_investigation_is_entered_with_the_messages_it_looked_into(bureau: Bureau) -> None:
    post_id, browser = bureau.plated(), bureau.signed_in()
    rated(bureau, post_id, Grade.VERY_DISSATISFIED, comment="跑了三趟")
    receipt = f"R{post_id}0"
    assert f'value="{receipt}"' in browser.get(f"/console/posts/{post_id}").text
    address = f"/console/posts/{post_id}/investigate"
    assert "没有选择查证结论" in browser.post(address, facts="走访").text
    kept = browser.post(address, finding="substantiated", feedback=receipt)
    assert kept.status_code == 422
    assert re.search(r'value="substantiated" required checked', kept.text)
    assert re.search(rf'value="{receipt}" checked', kept.text)
    assert (
        browser.post(address, finding="substantiated", facts="走访", feedback="R-foreign").status_code == 422
    )
    assert browser.post(address, finding="substantiated", facts="走访", feedback=receipt).status_code == 303
    assert bureau.register.find(Investigation)[0].feedback_ids == (receipt,)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_stays_a_word_on_every_page(bureau: Bureau, hostile: str) -> None:
    post_id = bureau.approved(hostile, members=f"{hostile.replace('、', '')}、高赟、汪雪琳")
    bureau.office.issued(post_id)
    rated(bureau, post_id, Grade.VERY_DISSATISFIED, comment=hostile)
    browser = bureau.signed_in()
    cast = {"cause": "1", "facts": hostile, "name": "wrong"}
    pages = [
        browser.get("/console"),
        browser.get("/console/posts", params={"text": hostile}),
        browser.get(f"/console/posts/{post_id}"),
        browser.get(f"/console/posts/{post_id}/veto"),
        browser.post(f"/console/posts/{post_id}/veto", **cast),
        browser.post(f"/console/posts/{post_id}/veto", **cast | {"name": hostile}),
        browser.get(f"/console/recalls?post={post_id}&done=veto"),
        browser.get("/console/recalls", params={"done": hostile}),
        browser.get("/console/feedback"),
        browser.get("/console/log"),
        bureau.browser().sign_in(hostile, hostile),
    ]
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 422, 303, 200, 200, 200, 200, 422]
    for page in pages:
        assert "<script" not in page.text
        assert "<svg" not in page.text
        assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', page.text))
        assert "ssssssss" not in page.text
    assert bureau.dossier(post_id).veto


def test_an_unknown_post_or_page_is_not_found(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    for address in (
        "/console/posts/2026-999",
        "/console/posts/2026-999/veto",
        "/console/recalls?post=2026-999",
    ):
        assert browser.get(address).status_code == 404
    assert browser.get("/console/nowhere").status_code == 404


def test_a_change_that_waits_shows_what_it_changes_before_it_is_approved(bureau: Bureau) -> None:
    post_id, browser = bureau.approved("财务室"), bureau.signed_in()
    row = bureau.office.row("财务室", duties="办理报销、核算与资产登记", commitment="当日办结")
    apply_roster(bureau.register, bureau.office.by(), [row])
    page = browser.get(f"/console/posts/{post_id}").text
    for words in ("一份变更申报待批准", "办理报销与核算", "办理报销、核算与资产登记", "当日办结"):
        assert words in page
    assert "财务室" in browser.get("/console/posts?state=applied").text
    assert browser.post(f"/console/posts/{post_id}/approve", document="2号").status_code == 303
    approved = browser.get(f"/console/posts/{post_id}").text
    assert ("一份变更申报待批准" in approved, "申报变更" in approved) == (False, True)
    assert "财务室" not in browser.get("/console/posts?state=applied").text


def test_f7_what_was_applied_for_after_the_page_was_read_is_not_approved(bureau: Bureau) -> None:
    post_id, browser = bureau.posted("财务室"), bureau.signed_in()
    [read] = re.findall(r'name="application" value="([^"]+)"', browser.get(f"/console/posts/{post_id}").text)
    apply_roster(bureau.register, bureau.office.by(), [bureau.office.row("财务室", place="7号楼101室")])
    address = f"/console/posts/{post_id}/approve"
    refused = browser.post(address, document="9号", application=read)
    assert refused.status_code == 422
    assert "7号楼101室" in refused.text
    assert bureau.register.find(Approval) == []
    [now] = re.findall(r'name="application" value="([^"]+)"', refused.text)
    assert browser.post(address, document="9号", application=now).status_code == 303
