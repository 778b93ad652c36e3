"""What a post tells the public: the latest promise, and deeds on valid title plates alone."""

from collections.abc import Callable
from datetime import date

import pytest

from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.circulation import return_copy
from store.acts.conditions import NotApproved, NotInPost
from store.acts.days import DayAhead
from store.acts.publicity import Promise, Story, WordsTooLong, commit, tell_deed
from store.codes import PlateCode
from store.lookup import Scan, scan_code, scan_number
from store.publicity import DEEDS_SHOWN
from store.records import Commitment, Copy, ExemplaryDeed, Product, Role, Stage
from store.standing import Verdict
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
TODAY = date(2026, 6, 15)


def scanned(office: Office, copy: Copy) -> Scan:
    by_code = scan_code(office.register, PlateCode(copy.code), office.now)
    assert scan_number(office.register, copy.id, office.now) == by_code
    return by_code


def promised(office: Office, post_id: str, text: str, member_name: str = "") -> Commitment:
    promise = Promise(text=text, made_on=TODAY, member_name=member_name)
    return commit(office.register, office.by(), post_id, promise)


def told(office: Office, post_id: str, title: str = "雨夜送种", text: str = "连夜送到田头") -> ExemplaryDeed:
    return tell_deed(office.register, office.by(), post_id, Story(title=title, text=text))


class TestCommitment:
    def test_f34_the_latest_commitment_shows_in_place_of_the_applications(
        self, office: Office, added: Measure
    ) -> None:
        office.applied(office.row(commitment="首问负责"))
        plaque = office.issued(office.approved_now("2026-001"))
        assert scanned(office, plaque).commitment == "首问负责"
        assert added(lambda: promised(office, "2026-001", "一次办结")) == {"Commitment": 1, "LogEntry": 1}
        promised(office, "2026-001", "当日办结")
        assert scanned(office, plaque).commitment == "当日办结"

    def test_f34_a_members_own_shows_on_the_members_badge_only(self, office: Office) -> None:
        post_id = office.approved()
        plaque, badge = office.issued(post_id), office.issued(post_id, Product.BADGE)
        promised(office, post_id, "岗位承诺")
        promised(office, post_id, "我的承诺", member_name=badge.face.holder)
        assert scanned(office, plaque).commitment == "岗位承诺"
        assert scanned(office, badge).commitment == "我的承诺"

    def test_f34_a_commitment_is_complete_and_of_the_post(self, office: Office) -> None:
        with pytest.raises(NotApproved):
            promised(office, office.applied(), "一次办结")
        office.approved_now("2026-001")
        with pytest.raises(ReasonMissing):
            promised(office, "2026-001", " ")
        with pytest.raises(WordsTooLong, match="201"):
            promised(office, "2026-001", "诺" * 201)
        with pytest.raises(NotInPost):
            promised(office, "2026-001", "一次办结", member_name="张三")
        ahead = Promise(text="一次办结", made_on=date(2026, 6, 16))
        with pytest.raises(DayAhead):
            commit(office.register, office.by(), "2026-001", ahead)
        other = office.by(Role.BRANCH_OFFICER, "O02")
        with pytest.raises(NotAllowed):
            commit(office.register, other, "2026-001", Promise(text="一次办结", made_on=TODAY))


class TestDeeds:
    def test_f36_deeds_show_on_valid_title_plates_and_nowhere_else(
        self, office: Office, added: Measure
    ) -> None:
        post_id = office.approved()
        creating = office.issued(post_id)
        assert added(lambda: told(office, post_id)) == {"ExemplaryDeed": 1, "LogEntry": 1}
        assert scanned(office, creating).deeds == ()
        office.awarded(post_id)
        title = office.issued(post_id, stage=Stage.TITLE)
        assert [each.title for each in scanned(office, title).deeds] == ["雨夜送种"]
        assert scanned(office, creating).deeds == ()
        return_copy(office.register, office.by(), title.id)
        assert scanned(office, title).deeds == ()

    def test_f36_deeds_are_gone_at_once_on_revocation(self, office: Office) -> None:
        title = self.titled(office)
        told(office, title.post_id)
        assert scanned(office, title).deeds
        office.vetoed(title.post_id)
        scan = scanned(office, title)
        assert (scan.standing.verdict, scan.deeds) == (Verdict.REVOKED, ())

    def test_a_scan_that_tells_deeds_under_every_verdict_is_caught(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        title = self.titled(office)
        told(office, title.post_id)
        office.vetoed(title.post_id)
        monkeypatch.setattr("store.lookup._TELLS_DEEDS", frozenset(Verdict))
        assert scanned(office, title).deeds != ()

    def test_f36_the_newest_come_first_and_one_told_again_replaces_itself(self, office: Office) -> None:
        title = self.titled(office)
        for number in range(DEEDS_SHOWN + 1):
            told(office, title.post_id, f"事迹{number}")
        told(office, title.post_id, "事迹3", "改正后的内容")
        deeds = scanned(office, title).deeds
        assert [each.title for each in deeds] == ["事迹3", "事迹5", "事迹4", "事迹2", "事迹1"]
        assert deeds[0].text == "改正后的内容"

    def test_f36_a_deed_is_complete(self, office: Office) -> None:
        post_id = office.approved()
        for title, text, reason in (
            ("", "内容", ReasonMissing),
            ("题", " ", ReasonMissing),
            ("题" * 31, "内容", WordsTooLong),
            ("题", "字" * 601, WordsTooLong),
        ):
            with pytest.raises(reason):
                told(office, post_id, title, text)

    def titled(self, office: Office) -> Copy:
        return office.issued(office.awarded(office.approved()), stage=Stage.TITLE)
