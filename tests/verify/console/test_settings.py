"""The settings in the console: policy, tokens, webhooks, log and backup; who changes them, what is told."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from plaques.design.library import DesignLibrary
from store import ledger
from store.acts.policies import NewPolicy, decide_policy
from store.acts.tokens import token_shown
from store.acts.veto import Charge, veto
from store.calendar import office_day
from store.policy import NUMBERS, parse_policy
from store.policy_drafts import draft_of
from store.policy_in_force import policy_in_force
from store.records import (
    ApiToken,
    LogEntry,
    OrganisationRenamed,
    PolicyDecision,
    Product,
    PublicText,
    RecallLine,
    Role,
    Stage,
    VetoCause,
    Webhook,
    WebhookEnd,
    WebhookEvent,
)
from store.tinydb_register import TinyDbRegister
from store.transfer import import_json
from store.webhooks.courses import Answer
from store.webhooks.signing import WebhookSecret
from tests.store.spoken import said
from tests.verify.console.bureau import OTHER, OWN, Browser, Bureau
from verify.app import create_app
from verify.console import log as log_page
from verify.console.doorway import password_gate
from verify.outward import Outward
from verify.second_factor import WrongCode
from verify.site import WebSettings

POLICY, TOKENS, WEBHOOKS = (f"/console/settings/{each}" for each in ("policy", "tokens", "webhooks"))
BACKUP = "/console/settings/backup"


def typed(bureau: Bureau, **numbers: str) -> dict[str, str]:
    """Return the policy's form as the page has it, but for what is typed."""
    draft = draft_of(policy_in_force(bureau.register, bureau.app.state.site.settings.policy))
    texts = {"name": draft.name, "committee": draft.committee_name}
    headings = {f"heading-{stage}": text for stage, text in draft.headings.items()}
    ground = next((each.id for each in bureau.register.newest(PolicyDecision, 1)), "")
    return texts | headings | dict(draft.numbers) | {"ground": ground, "reason": "党委会决定"} | numbers


def decide(bureau: Bureau, browser: Browser, **numbers: str) -> httpx.Response:
    return browser.post(POLICY, **typed(bureau, **numbers))


class TestPolicy:
    def test_every_number_stands_beside_its_clause(self, bureau: Bureau) -> None:
        page = bureau.signed_in().get(POLICY).text
        for key, number in NUMBERS.items():
            assert f'name="{key}"' in page
            assert number.zh in page
        assert "集体示范岗内的人员中必须要有3名以上共产党员" in page

    def test_a_decision_holds_at_once_for_pages_and_acts(self, bureau: Bureau) -> None:
        browser, post_id = bureau.signed_in(), bureau.plated()
        answer = decide(bureau, browser, recall_days="2", committee="望川中心党委")
        assert answer.headers["location"] == f"{POLICY}?done=decided"
        assert "望川中心党委" in bureau.browser().get("/").text
        browser.post(f"/console/posts/{post_id}/veto", cause="1", facts="查实", name="财务室")
        due = {each.due_on for each in bureau.register.find(RecallLine)}
        assert due == {office_day(bureau.now) + timedelta(days=2)}

    def test_other_workers_go_by_it_without_being_told(self, bureau: Bureau, settings: WebSettings) -> None:
        other = create_app(settings, bureau.register, lambda: bureau.now)
        assert other.state.site.policy.recall_days == 7
        decide(bureau, bureau.signed_in(), recall_days="2", votes_per_network_hour="3")
        assert other.state.site.policy.recall_days == 2
        votes = [other.state.site.throttles.votes.takes("network", bureau.now) for _ in range(4)]
        assert votes == [True, True, True, False]

    def test_all_faults_are_told_at_their_fields_and_what_was_typed_is_kept(self, bureau: Bureau) -> None:
        browser, before = bureau.signed_in(), bureau.office.written()
        wrong = {"recall_days": "<b>很快", "periods": "Q1", "reason": "会议"}
        answer = decide(bureau, browser, **wrong)
        assert (answer.status_code, "有 2 处不可用" in answer.text) == (422, True)
        for key in ("recall_days", "periods"):
            assert f'id="in-{key}" name="{key}" aria-invalid="true"' in answer.text
        assert 'value="&lt;b&gt;很快"' in answer.text
        assert "<b>很快" not in answer.text
        assert ">会议</textarea>" in answer.text
        assert bureau.office.written() == before

    def test_numbers_that_contradict_one_another_are_told_by_their_names(self, bureau: Bureau) -> None:
        page = decide(bureau, bureau.signed_in(), survey_weight="0.3").text
        assert "三项权重之和应为1（满意度测评权重、听汇报权重、实地考评权重）" in page

    def test_who_decides_on_an_older_ground_is_shown_the_newer_one(self, bureau: Bureau) -> None:
        browser, late = bureau.signed_in(), typed(bureau, recall_days="4")
        decide(bureau, browser, recall_days="2")
        answer = browser.post(POLICY, **late)
        assert (answer.status_code, "已由别人更改" in answer.text) == (422, True)
        assert 'value="4"' in answer.text
        assert policy_in_force(bureau.register, bureau.office.policy).recall_days == 2

    def test_every_version_is_kept_with_who_when_why_and_as_a_file(self, bureau: Bureau) -> None:
        browser = bureau.signed_in()
        decide(bureau, browser, recall_days="2")
        decide(bureau, browser, recall_days="4")
        page = browser.get(POLICY).text
        assert page.index("2 → 4") < page.index("7 → 2")
        first = browser.get(f"{POLICY}/P1.toml")
        assert parse_policy(first.text, file="P1").recall_days == 2
        assert browser.get(f"{POLICY}/P9.toml").status_code == 404
        assert parse_policy(browser.get(f"{POLICY}/current.toml").text, file="x").recall_days == 4

    def test_the_administrator_looks_and_decides_nothing(self, bureau: Bureau) -> None:
        browser = bureau.signed_in("administrator")
        page = browser.get(POLICY).text
        assert "更改政策" not in page
        assert 'id="in-recall_days" name="recall_days"' in page
        assert decide(bureau, browser, recall_days="2").status_code == 403

    def test_a_site_that_asks_its_file_only_is_noticed(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site = bureau.app.state.site
        monkeypatch.setattr(site.in_force, "now", lambda: site.settings.policy)
        with pytest.raises(AssertionError):
            self.test_a_decision_holds_at_once_for_pages_and_acts(bureau)


def granted(browser: Browser, **more: object) -> httpx.Response:
    browser.get(TOKENS)
    new = {"label": "大厅看板", "role": "committee", "scope": ["posts:read"], "days": "30"}
    return browser.post(TOKENS, **(new | more))


class TestTokens:
    def test_a_token_is_shown_once_and_opens_until_it_is_taken_back(self, bureau: Bureau) -> None:
        browser = bureau.signed_in("administrator")
        page = granted(browser).text
        [text] = re.findall(r"gp_[\w-]{43}", page)
        assert token_shown(bureau.register, text, bureau.now) is not None
        assert "gp_" not in browser.get(TOKENS).text
        assert browser.post(f"{TOKENS}/T1/revoke", reason="不再使用").status_code == 303
        assert token_shown(bureau.register, text, bureau.now) is None
        assert "已撤回" in browser.get(TOKENS).text

    @pytest.mark.parametrize("wrong", [{"scope": []}, {"days": "无期"}, {"role": "public"}, {"days": "367"}])
    def test_what_cannot_be_granted_is_told_and_what_was_typed_is_kept(
        self, bureau: Bureau, wrong: dict[str, object]
    ) -> None:
        answer = granted(bureau.signed_in("administrator"), label="<看板>", **wrong)
        assert (answer.status_code, "&lt;看板&gt;" in answer.text) == (422, True)
        assert bureau.register.count(ApiToken) == 0


@pytest.fixture
def sent() -> list[tuple[str, bytes]]:
    return []


@pytest.fixture
def reaching(bureau: Bureau, settings: WebSettings, sent: list[tuple[str, bytes]]) -> Bureau:
    def send(webhook: Webhook, message_id: str, body: bytes) -> Answer:
        WebhookSecret.opened(webhook.sealed_secret, settings.secret, webhook.address, webhook_id=webhook.id)
        sent.append((message_id, body))
        return Answer(status=204) if len(sent) == 1 else Answer(problem="unreachable")

    with_courier = replace(settings, outward=Outward(send=send))
    app = create_app(with_courier, bureau.register, lambda: bureau.now)
    app.dependency_overrides[password_gate] = bureau.app.dependency_overrides[password_gate]
    return replace(bureau, app=app)


def added(browser: Browser, address: str = "https://hall.example.org/hook", **more: object) -> httpx.Response:
    browser.get(WEBHOOKS)
    return browser.post(WEBHOOKS, **({"url": address, "event": ["post.revoked"]} | more))


class TestWebhooks:
    def test_a_receiver_is_added_tried_and_ended(
        self, reaching: Bureau, sent: list[tuple[str, bytes]]
    ) -> None:
        browser = reaching.signed_in()
        page = added(browser).text
        assert re.search(r"whsec_[\w+/=]+", page)
        assert "whsec_" not in browser.get(WEBHOOKS).text
        [webhook] = reaching.register.find(Webhook)
        assert webhook.events == (WebhookEvent.POST_REVOKED,)
        assert "W1 收下了试发的通知（204）" in browser.post(f"{WEBHOOKS}/W1/test").text
        assert "没有收下试发的通知（unreachable）" in browser.post(f"{WEBHOOKS}/W1/test").text
        assert [message.startswith("W1-test-") for message, _ in sent] == [True, True]
        assert browser.post(f"{WEBHOOKS}/W1/end", reason="换系统").status_code == 303
        assert reaching.register.count(WebhookEnd) == 1
        assert browser.post(f"{WEBHOOKS}/W1/test").status_code == 422
        assert len(sent) == 2

    @pytest.mark.parametrize("address", ["http://hall.example.org/", "ftp://x/", "https://", ""])
    def test_an_address_that_is_none_is_refused(self, reaching: Bureau, address: str) -> None:
        answer = added(reaching.signed_in(), address)
        assert (answer.status_code, reaching.register.count(Webhook)) == (422, 0)

    def test_a_receiver_that_would_be_told_nothing_is_refused(self, reaching: Bureau) -> None:
        answer = added(reaching.signed_in(), event=[])
        assert (answer.status_code, "至少写一项" in answer.text) == (422, True)
        assert 'value="https://hall.example.org/hook"' in answer.text

    def test_without_a_courier_nothing_is_sent(self, bureau: Bureau) -> None:
        browser = bureau.signed_in()
        added(browser)
        assert "no_courier" in browser.post(f"{WEBHOOKS}/W1/test").text


class TestLog:
    def numbers(self, page: str) -> list[int]:
        return [int(each) for each in re.findall(r'href="/console/log/(\d+)"', page)]

    @pytest.mark.parametrize(
        ("asked", "holds"),
        [
            ("object=2026-003", lambda entry: "2026-003" in entry.object),
            ("act=issue", lambda entry: entry.act == "issue"),
            ("actor=console", lambda entry: entry.actor == "console"),
            ("object=2026-003&act=approve", lambda entry: entry.act == "approve"),
        ],
    )
    def test_entries_are_found_by_object_act_and_officer(
        self, bureau: Bureau, asked: str, holds: Callable[[LogEntry], bool]
    ) -> None:
        bureau.plated()
        expected = [each.number for each in bureau.register.find(LogEntry) if holds(each)]
        assert expected
        assert self.numbers(bureau.signed_in().get(f"/console/log?{asked}").text) == expected[::-1]

    def test_entries_are_found_by_the_office_s_day(self, bureau: Bureau) -> None:
        first = bureau.register.count(LogEntry)
        for _ in range(3):
            bureau.wait(days=1)
            bureau.posted(f"窗口{bureau.now.day}")
        day = office_day(bureau.register.find(LogEntry)[first + 1].at)
        page = bureau.signed_in("inspector").get(f"/console/log?day={day}").text
        assert self.numbers(page) == [first + 2]
        assert self.numbers(bureau.signed_in().get("/console/log?day=2020-01-01").text) == []
        assert bureau.signed_in().get("/console/log?day=soon").status_code == 422

    def test_page_by_page_every_entry_is_shown_once(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(log_page, "SHOWN", 3)
        monkeypatch.setattr(log_page, "AT_A_TIME", 2)
        monkeypatch.setattr(log_page, "LOOKED_THROUGH", 4)
        bureau.plated()
        assert list(self.all_pages(bureau, "/console/log")) == list(
            range(bureau.register.count(LogEntry), 0, -1)
        )
        issued = [each.number for each in bureau.register.find(LogEntry) if each.act == "apply"]
        assert list(self.all_pages(bureau, "/console/log?act=apply")) == issued[::-1]

    def all_pages(self, bureau: Bureau, address: str) -> Iterator[int]:
        browser = bureau.signed_in()
        while address:
            page = browser.get(address).text
            yield from self.numbers(page)
            onward = re.search(r'href="(/console/log\?[^"]*from=\d+)"', page)
            address = unescape(onward[1]) if onward else ""

    def test_an_entry_comes_with_its_leaf_and_a_proof_that_holds(self, bureau: Bureau) -> None:
        bureau.plated()
        browser = bureau.signed_in("inspector")
        assert "commitments" in browser.get("/console/log/3").text
        proof = browser.get("/console/log/3/proof.json?open=actor&open=salt").json()
        assert set(proof["opened"]) == {"actor"}
        note = browser.get("/console/log/checkpoint.txt")
        assert note.text == proof["checkpoint"]
        assert "attachment" in note.headers["content-disposition"]
        size = bureau.register.count(LogEntry)
        assert proof["hashes"] == [each.hex() for each in ledger.inclusion(bureau.register, 3, size)]
        assert browser.get("/console/log/999").status_code == 404

    def test_when_somebody_spoke_is_proved_by_who_knows_it_only(self, bureau: Bureau) -> None:
        post_id = bureau.plated()
        said(bureau.office, bureau.copies(post_id)[0])
        number = bureau.register.count(LogEntry)
        address = f"/console/log/{number}/proof.json?open=at&open=actor"
        assert set(bureau.signed_in("inspector").get(address).json()["opened"]) == {"actor"}
        assert set(bureau.signed_in("committee").get(address).json()["opened"]) == {"at", "actor"}


class TestBackup:
    def test_a_backup_is_the_whole_register_and_stands_in_the_log(
        self, bureau: Bureau, tmp_path: Path
    ) -> None:
        bureau.plated()
        browser = bureau.signed_in("administrator")
        browser.get(BACKUP)
        answer = browser.post(BACKUP)
        assert answer.headers["cache-control"] == "no-store"
        assert "attachment" in answer.headers["content-disposition"]
        newest = next(iter(bureau.register.newest(LogEntry, 1)))
        assert (newest.act, newest.actor) == ("back up", "administrator")
        with closing(TinyDbRegister(tmp_path / "again.db")) as again:
            assert import_json(again, answer.content) > 0
            assert again.count(LogEntry) == bureau.register.count(LogEntry)
        assert "最近一次在此下载" in browser.get(BACKUP).text

    def test_a_large_register_goes_piece_by_piece(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("verify.console.backup.PIECE_BYTES", 100)
        browser = bureau.signed_in("administrator")
        browser.get(BACKUP)
        assert set(json.loads(browser.post(BACKUP).content)) >= {"Organisation", "LogEntry"}


class TestStaff:
    def test_the_browsers_of_others_are_seen_and_signed_out(self, bureau: Bureau) -> None:
        browser, phone = bureau.signed_in("administrator"), bureau.signed_in("own_branch")
        assert phone.get("/console").status_code == 200
        assert browser.get("/console/officers").text.count("全部退出") == 1
        answer = browser.post("/console/officers/own_branch/sessions/end")
        assert answer.headers["location"] == "/console/officers?done=signed-out"
        assert phone.get("/console").status_code == 303
        assert browser.get("/console/officers").text.count("全部退出") == 0


class TestTexts:
    def test_f37_the_public_reads_the_office_s_words_escaped_and_at_once(self, bureau: Bureau) -> None:
        browser = bureau.signed_in("administrator")
        browser.get("/console/settings/texts")
        for subject, text in (("complaint_phone", "000-0000 转 1"), ("about", "<b>本单位</b>的做法")):
            answer = browser.post(f"/console/settings/texts/{subject}", text=text)
            assert answer.headers["location"] == "/console/settings/texts?done=worded"
        page = bureau.browser().get("/").text
        assert "000-0000 转 1" in page
        assert "&lt;b&gt;本单位&lt;/b&gt;的做法" in page
        assert "投诉地址" not in page
        browser.post("/console/settings/texts/about", text="")
        assert "的做法" not in bureau.browser().get("/").text

    def test_words_that_are_too_many_are_handed_back(self, bureau: Bureau) -> None:
        browser = bureau.signed_in()
        browser.get("/console/settings/texts")
        answer = browser.post("/console/settings/texts/complaint_phone", text="0" * 61)
        assert (answer.status_code, f'value="{"0" * 61}"' in answer.text) == (422, True)
        assert bureau.register.count(PublicText) == 0


class TestOrganisations:
    def test_a_branch_is_entered_once_with_an_entry_in_the_log(self, bureau: Bureau) -> None:
        browser = bureau.signed_in("administrator")
        address = "/console/settings/organisations"
        browser.get(address)
        assert browser.post(address, name="<果蔬>党总支").status_code == 303
        assert next(iter(bureau.register.newest(LogEntry, 1))).act == "add organisation"
        page = browser.get(address).text
        assert "&lt;果蔬&gt;党总支" in page
        answer = browser.post(address, name="<果蔬>党总支")
        assert (answer.status_code, "已经登记" in answer.text) == (422, True)

    def test_a_branch_is_renamed_and_its_plates_keep_their_name(self, bureau: Bureau) -> None:
        post_id = bureau.plated(plates=2)
        code = bureau.copies(post_id)[0].code
        address, new = "/console/settings/organisations/O01", "<畜牧>中心党总支"
        browser = bureau.signed_in("administrator")
        assert "2 块在用标牌保留印制时的名称" in browser.get(address).text
        answer = browser.post(address, name=new, reason="机构改革")
        assert answer.headers["location"] == f"{address}?entry={bureau.register.count(LogEntry)}"
        page = browser.get(answer.headers["location"]).text
        assert "已更名为“&lt;畜牧&gt;中心党总支”" in page
        assert "2 块在用标牌仍印着原名" in page
        assert "组织更名" in browser.get("/console/log").text
        scanned = bureau.browser().get(f"/{code}").text
        assert (OWN in scanned, "&lt;畜牧&gt;" in scanned) == (True, False)
        for shown in (f"/console/posts/{post_id}", "/console/posts", "/console/officers"):
            read = browser.get(shown).text
            assert ("&lt;畜牧&gt;中心党总支" in read, OWN in read) == (True, False), shown
        assert "&lt;畜牧&gt;中心党总支" in bureau.signed_in("own_branch").get("/console").text
        found = browser.get("/console/search?q=畜牧站").text
        assert f"曾用“{OWN}”" in found

    def test_on_a_refusal_what_was_typed_is_kept(self, bureau: Bureau) -> None:
        browser, address = bureau.signed_in(), "/console/settings/organisations/O01"
        browser.get(address)
        answer = browser.post(address, name=OTHER, reason="<机构>改革")
        assert (answer.status_code, "已经登记" in answer.text) == (422, True)
        assert f'value="{OTHER}"' in answer.text
        assert ">&lt;机构&gt;改革</textarea>" in answer.text
        assert bureau.register.count(OrganisationRenamed) == 0
        for unknown in ("O00", "O99"):
            assert browser.get(f"/console/settings/organisations/{unknown}").status_code == 404


class TestDesigns:
    @pytest.fixture
    def settings(self, settings: WebSettings) -> WebSettings:
        own = {"broken.toml": b'product = "badge"\nname = "ours"\nextends = "nothing"\n', "no.toml": b"="}
        return replace(settings, designs=DesignLibrary.shipped().with_files(own))

    def test_every_design_is_shown_and_the_faults_of_an_own_one_are_told(self, bureau: Bureau) -> None:
        page = bureau.signed_in().get("/console/settings/designs").text
        for product, designs in DesignLibrary.shipped().sources.items():
            for name in designs:
                assert f'href="/console/settings/designs/{product}/{name}"' in page
        assert "no.toml 不能使用" in page
        assert "broken.toml" in page

    def test_each_size_has_its_picture_and_the_file_is_handed_out(self, bureau: Bureau) -> None:
        browser, library = bureau.signed_in(), DesignLibrary.shipped()
        name = library.names(Product.BADGE)[0]
        address = f"/console/settings/designs/badge/{name}"
        pictures = re.findall(r'src="([^"]+\.png)"', browser.get(address).text)
        assert len(pictures) == len(Stage) * len(library.sizes(Product.BADGE, name))
        assert browser.get(pictures[0]).content.startswith(b"\x89PNG")
        assert browser.get(f"{address}.toml").text == library.source(Product.BADGE, name).text
        assert browser.get("/console/settings/designs/schema.json").json()["title"] == "gangpai design"

    def test_what_is_not_there_is_said(self, bureau: Bureau) -> None:
        browser = bureau.signed_in()
        for address in ("badge/nothing", "badge/nothing.toml", "badge/nothing/a4/title.png"):
            assert browser.get(f"/console/settings/designs/{address}").status_code in {404, 422}


class TestCodes:
    """A role that signs in with a code confirms with one what lets others in, or takes everything away."""

    @pytest.fixture
    def settings(self, settings: WebSettings) -> WebSettings:
        return replace(settings, code_roles=frozenset({Role.COMMITTEE}))

    @pytest.mark.parametrize("address", [TOKENS, BACKUP])
    def test_without_the_code_nothing_is_granted_and_nothing_leaves(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        monkeypatch.setattr("verify.console.guard.owes_code", lambda *_: True)
        monkeypatch.setattr("verify.console.guard.accept_code", _no_code)
        browser, before = bureau.signed_in("administrator"), bureau.office.written()
        assert 'name="code"' in browser.get(address).text
        answer = granted(browser) if address == TOKENS else browser.post(BACKUP)
        assert answer.status_code == 422
        assert bureau.office.written() == before


def _no_code(*_: object) -> None:
    raise WrongCode


def test_a_veto_under_an_older_policy_keeps_its_due_day(bureau: Bureau) -> None:
    post_id = bureau.plated()
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实")
    veto(bureau.register, bureau.office.by(), post_id, charge)
    before = {each.due_on for each in bureau.register.find(RecallLine)}
    draft = draft_of(bureau.office.policy)
    draft = replace(draft, numbers={**draft.numbers, "recall_days": "1"})
    decide_policy(bureau.register, bureau.office.by(), NewPolicy(draft=draft, ground="", reason="会议"))
    assert {each.due_on for each in bureau.register.find(RecallLine)} == before
