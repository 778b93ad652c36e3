"""What is entered beside the decisions: each form about one of the post's own things, about no other's."""

import pytest

from store.acts.assessment import Judgement, Sheet, assess
from store.acts.attachments import LARGEST_BYTES
from store.calendar import office_day
from store.records import Assessment, Attachment, Channel, Damage, Feedback, Grade, Placement, Topic
from tests.verify.console.bureau import OTHER, OWN, SAME_ORIGIN, Browser, Bureau
from tests.verify.console.test_act_forms import done, fill, titled
from verify.console.record_forms import RECORD_FORMS

PICTURE = b"%PDF-1.7\n%%EOF\n"


def assessed(bureau: Bureau) -> tuple[str, Assessment]:
    post_id = titled(bureau)
    bureau.wait(days=92)
    period = bureau.office.policy.periods.of(office_day(bureau.now)).id
    judgement = Judgement(member_name="高赟", failed=frozenset({2}), remarks="台账不全")
    sheet = Sheet(period=period, assessed_on=office_day(bureau.now), judgements=(judgement,))
    return post_id, assess(bureau.register, bureau.office.by(), post_id, sheet).assessments[0]


def test_a_plate_is_placed_and_damaged_where_it_hangs(bureau: Bureau) -> None:
    post_id, branch = bureau.plated(), bureau.signed_in("own_branch")
    plate = bureau.copies(post_id)[1].id
    day = office_day(bureau.now).isoformat()
    done(bureau, branch, post_id, "place", plate=plate, place="一楼大厅", day=day)
    done(bureau, branch, post_id, "damaged", plate=plate, reason="边角开裂")
    assert [(each.copy_id, each.place) for each in bureau.register.find(Placement, copy_id=plate)] == [
        (plate, "一楼大厅")
    ]
    assert [each.reason for each in bureau.register.find(Damage, copy_id=plate)] == ["边角开裂"]


@pytest.mark.parametrize("act", ["place", "damaged"])
def test_no_plate_of_another_post_is_reached_from_this_one(bureau: Bureau, act: str) -> None:
    own, other = bureau.plated("财务室", OWN), bureau.plated("苗圃组", OTHER)
    fields = {"plate": bureau.copies(other)[0].id, "place": "一楼", "day": "2026-06-15", "reason": "开裂"}
    answer = fill(bureau.signed_in("own_branch"), own, act, **fields)
    assert answer.status_code == 422
    assert "没有选择标牌" in answer.text
    assert bureau.register.count(Placement) == bureau.register.count(Damage) == 0


def test_words_on_paper_are_kept_as_such_and_not_counted(bureau: Bureau) -> None:
    post_id, committee = bureau.plated(), bureau.signed_in("committee")
    done(bureau, committee, post_id, "paper-message", topic="praise", words="热情周到", grade="5")
    [kept] = bureau.register.find(Feedback, post_id=post_id)
    assert (kept.channel, kept.topic, kept.grade, kept.counted) == (
        Channel.PAPER,
        Topic.PRAISE,
        Grade.VERY_SATISFIED,
        False,
    )
    refused = fill(committee, post_id, "paper-message", topic="still_displayed", words="仍在", grade="")
    assert (refused.status_code, "仍在</textarea>" in refused.text) == (422, True)


def test_an_assessment_is_corrected_with_a_reason(bureau: Bureau) -> None:
    post_id, wrong = assessed(bureau)
    branch = bureau.signed_in("own_branch")
    refused = fill(branch, post_id, "correct-assessment", assessment=wrong.id, failed="", reason=" ")
    assert refused.status_code == 422
    done(bureau, branch, post_id, "correct-assessment", assessment=wrong.id, failed="", reason="登错了人")
    [right] = bureau.register.find(Assessment, corrects=wrong.id)
    assert (right.member_name, all(right.standards)) == ("高赟", True)


def send(browser: Browser, post_id: str, content: bytes, **fields: str) -> int:
    address = f"/console/posts/{post_id}/acts/attach"
    assert 'enctype="multipart/form-data"' in browser.get(address).text
    answer = browser.ask(
        "POST",
        address,
        data={"token": browser.token} | fields,
        files={"file": ("走访.pdf", content, "application/pdf")},
        headers=SAME_ORIGIN,
    )
    return answer.status_code


def test_a_file_is_kept_with_what_it_belongs_to(bureau: Bureau) -> None:
    post_id, branch = bureau.plated(), bureau.signed_in("own_branch")
    subject = f"Copy {bureau.copies(post_id)[0].id}"
    assert send(branch, post_id, PICTURE, subject=subject, caption="窗口现场") == 303
    [kept] = bureau.register.find(Attachment)
    assert (kept.subject, kept.subject_id, kept.caption) == (
        "Copy",
        bureau.copies(post_id)[0].id,
        "窗口现场",
    )


def test_no_file_is_hung_on_another_post_and_none_too_large_is_taken(bureau: Bureau) -> None:
    own, other = bureau.plated("财务室", OWN), bureau.plated("苗圃组", OTHER)
    branch = bureau.signed_in("own_branch")
    assert send(branch, own, PICTURE, subject=f"Post {other}") == 422
    assert send(branch, own, PICTURE + bytes(LARGEST_BYTES), subject=f"Post {own}") == 422
    assert fill(branch, own, "attach", subject=f"Post {own}").status_code == 422
    assert bureau.register.count(Attachment) == 0


def test_every_form_says_its_clause(bureau: Bureau) -> None:
    post_id, _ = assessed(bureau)
    committee = bureau.signed_in("committee")
    for form in RECORD_FORMS:
        page = committee.get(f"/console/posts/{post_id}/acts/{form.name}").text
        assert "依据：" in page, form.name
