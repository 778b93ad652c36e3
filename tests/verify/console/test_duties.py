"""Another role or branch for an account: the old rights end at once, the new ones ask for what they ask."""

from dataclasses import replace

import pytest

from store.acts.officers import NewDuties, active_officer, change_officer
from store.ledger import entry_at
from store.records import LogEntry, OfficerChange, Role
from tests.verify.console.bureau import OWN, Browser, Bureau
from tests.verify.console.test_second_factor import CODE, enrolled, shown
from verify.sessions import begin_session
from verify.site import WebSettings

CLERK = {"role": "print_clerk", "branch": "", "reason": "岗位调动"}


def change(bureau: Bureau, name: str, role: Role, branch: str = "") -> None:
    duties = NewDuties(role=role, branch_name=branch, reason="岗位调动")
    change_officer(bureau.register, bureau.administrator(), name, duties)


def decides(browser: Browser) -> int:
    return browser.get("/console/settings/policy").status_code


def test_who_leaves_the_committee_is_refused_at_once_and_after_signing_in_anew(bureau: Bureau) -> None:
    before = bureau.signed_in("committee")
    assert decides(before) == 200
    change(bureau, "committee", Role.PRINT_CLERK)
    refused = before.post("/console/settings/policy", text="", reason="")
    assert refused.headers["location"].startswith("/console/sign-in")
    assert before.get("/console").status_code == 303
    anew = bureau.signed_in("committee")
    assert decides(anew) == 403
    assert anew.get("/console/print").status_code == 200


def test_a_new_branch_is_all_that_is_seen(bureau: Bureau) -> None:
    post_id = bureau.posted("育苗组", OWN)
    assert bureau.signed_in("inspector").get(f"/console/posts/{post_id}").status_code == 200
    change(bureau, "inspector", Role.BRANCH_OFFICER, "园艺场党总支")
    assert bureau.signed_in("inspector").get(f"/console/posts/{post_id}").status_code == 403


def test_the_form_says_what_it_does_and_the_result_names_its_entry(bureau: Bureau) -> None:
    bureau.signed_in("inspector")
    administrator = bureau.signed_in("administrator")
    assert "/console/officers/inspector/duties" in administrator.get("/console/officers").text
    page = administrator.get("/console/officers/inspector/duties").text
    assert "在所有浏览器上退出（现有 1 个）" in page
    assert '<option value="inspector" selected>' in page
    answer = administrator.post("/console/officers/inspector/duties", **CLERK)
    number = bureau.register.count(LogEntry)
    assert answer.headers["location"] == f"/console/officers?changed={number}"
    assert f'href="/console/log/{number}"' in administrator.get(answer.headers["location"]).text
    told = administrator.get(f"/console/log/{number}").text
    assert "更改角色或单位" in told
    assert "督查人员 → 印制人员" in told
    assert entry_at(bureau.register, number).actor == "administrator"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"role": "public"}, "没有选择角色"),
        ({"role": "inspector"}, "没有可更改的"),
        ({"role": "branch_officer"}, "党总支"),
        ({"role": "committee", "branch": OWN}, "不限于一个总支"),
    ],
)
def test_a_refusal_keeps_what_was_typed(bureau: Bureau, fields: dict[str, str], told: str) -> None:
    answer = bureau.signed_in("administrator").post(
        "/console/officers/inspector/duties", **(CLERK | {"reason": "调往总支"} | fields)
    )
    assert (answer.status_code, told in answer.text, "调往总支" in answer.text) == (422, True, True)
    assert bureau.register.count(OfficerChange) == 0


def test_there_is_no_form_for_an_account_that_is_not_open(bureau: Bureau) -> None:
    administrator = bureau.signed_in("administrator")
    administrator.post("/console/officers/inspector/close", reason="调离")
    for name in ("inspector", "nobody"):
        answer = administrator.get(f"/console/officers/{name}/duties")
        assert (answer.status_code, "没有登录名为" in answer.text) == (422, True)


def test_the_last_administrator_stays_one(bureau: Bureau) -> None:
    answer = bureau.signed_in("administrator").post("/console/officers/administrator/duties", **CLERK)
    assert (answer.status_code, "最后一个系统管理员" in answer.text) == (422, True)


class TestWithCodes:
    """The committee and the administrators owe a code, as they do where nothing else is set."""

    @pytest.fixture
    def settings(self, settings: WebSettings) -> WebSettings:
        return replace(settings, code_roles=WebSettings.code_roles)

    def test_a_role_is_changed_with_a_code_only(self, bureau: Bureau) -> None:
        administrator, key, _ = enrolled(bureau, "administrator")
        form = administrator.get("/console/officers/inspector/duties").text
        assert 'name="code"' in form
        for code in ("", "000000"):
            answer = administrator.post("/console/officers/inspector/duties", **CLERK, code=code)
            assert answer.status_code == 422
        assert bureau.register.count(OfficerChange) == 0
        answer = administrator.post("/console/officers/inspector/duties", **CLERK, code=shown(bureau, key))
        assert answer.status_code == 303

    def test_who_joins_the_committee_owes_a_device_before_anything_else(self, bureau: Bureau) -> None:
        before = bureau.signed_in("inspector")
        change(bureau, "inspector", Role.COMMITTEE)
        assert before.get("/console").status_code == 303
        anew = bureau.browser()
        assert anew.sign_in("inspector").headers["location"] == CODE
        assert anew.get("/console/settings/policy").status_code == 303
        browser, _, _ = enrolled(bureau, "inspector")
        assert decides(browser) == 200

    def test_a_browser_let_in_while_the_role_changed_is_not_taken_for_proven(self, bureau: Bureau) -> None:
        change(bureau, "inspector", Role.COMMITTEE)
        officer = active_officer(bureau.register, "inspector")
        assert officer
        begin_session(bureau.register, officer, "let-in", bureau.now)
        browser = bureau.browser()
        browser.client.cookies.set("session", "let-in")
        assert decides(browser) == 303
