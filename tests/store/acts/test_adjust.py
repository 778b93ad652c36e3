"""Changing a post that stands, and ending one without disgrace (F19)."""

from collections.abc import Callable

import pytest

from store.acts.adjust import Change, NameTaken, NothingChanges, adjust, end_post
from store.acts.apply import apply_roster
from store.acts.approve import approve, return_application
from store.acts.authority import STATED_LONGEST, NotAllowed, ReasonMissing, StatementTooLong
from store.acts.circulation import leave_post, report_lost, return_copy
from store.acts.conditions import NotApproved, PostHasEnded, PostIsRevoked
from store.acts.issue import issue_copies
from store.acts.veto import Charge, veto
from store.dossier import PostState, dossier_of
from store.recalls import RecallState, recalls
from store.records import EndCause, Member, Post, Product, RecallCause, RecallLine, Role, VetoCause
from store.rules import TextMissing, TooFewMembers
from store.standing import Verdict
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
ACCIDENT = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="发生重大责任事故")


def members(names: str) -> tuple[Member, ...]:
    return tuple(Member(name=each) for each in names.split("、"))


def ended(office: Office, post_id: str, cause: EndCause = EndCause.TERM_OVER) -> tuple[RecallLine, ...]:
    return end_post(office.register, office.by(), post_id, cause=cause, reason="创建期满").recall_lines


class TestChange:
    def test_f19_a_change_takes_effect_when_the_committee_approves_it(
        self, office: Office, added: Measure
    ) -> None:
        post_id = office.approved()
        change = Change(duties="受理报销，三日内办结", place="7号楼101室")
        written = added(lambda: adjust(office.register, office.by(), post_id, change, reason="职责不清"))
        assert written == {"Application": 1, "LogEntry": 1}
        dossier = dossier_of(office.register, post_id)
        assert (dossier.pending, dossier.content.place) == (True, "6号楼299室")
        assert [each.field for each in dossier.changes] == ["place", "duties"]
        assert dossier.latest.reason == "职责不清"
        consents = approve(office.register, office.by(), post_id, document="2号").consents
        assert (consents, dossier_of(office.register, post_id).content.place) == ((), "7号楼101室")

    def test_a_reason_has_a_longest_length(self, office: Office, added: Measure) -> None:
        post_id = office.approved()
        change = Change(place="7号楼101室")

        def ramble() -> None:
            with pytest.raises(StatementTooLong):
                adjust(office.register, office.by(), post_id, change, reason="言" * (STATED_LONGEST + 1))

        assert added(ramble) == {}
        assert adjust(office.register, office.by(), post_id, change, reason="言" * STATED_LONGEST)

    def test_f4_a_change_is_held_against_the_number_of_members(self, office: Office, added: Measure) -> None:
        post_id = office.approved()

        def shrink() -> None:
            with pytest.raises(TooFewMembers) as refused:
                adjust(
                    office.register,
                    office.by(),
                    post_id,
                    Change(members=members("曾晓明、高赟")),
                    reason="调整",
                )
            assert "3名以上共产党员" in refused.value.zh

        assert added(shrink) == {}

    def test_f4_a_post_short_of_members_is_changed_only_so_that_it_has_enough(self, office: Office) -> None:
        post_id = office.approved()
        leave_post(office.register, office.by(), post_id, member_name="高赟")
        with pytest.raises(TooFewMembers):
            adjust(office.register, office.by(), post_id, Change(place="别处"), reason="搬迁")
        full = Change(members=members("曾晓明、汪雪琳、贺杰佳"))
        adjust(office.register, office.by(), post_id, full, reason="补足人数")
        office.approved_now(post_id)
        assert len(dossier_of(office.register, post_id).members) == 3

    def test_f19_who_the_approved_change_leaves_out_has_left_the_post(
        self, office: Office, added: Measure
    ) -> None:
        post_id = office.approved()
        badge = office.issued(post_id, Product.BADGE)
        change = Change(members=members("高赟、汪雪琳、贺杰佳"))
        adjust(office.register, office.by(), post_id, change, reason="不再符合标准")
        assert office.verdict(badge) is Verdict.CREATING
        written = added(lambda: office.approved_now(post_id))
        assert written == {"Approval": 1, "Departure": 1, "RecallLine": 1, "LogEntry": 1}
        assert office.verdict(badge) is Verdict.LEFT
        [line] = office.register.find(RecallLine, copy_id=badge.id)
        assert line.cause is RecallCause.DEPARTURE
        assert office.issued(post_id).face.names == ("高赟", "汪雪琳", "贺杰佳")

    def test_f19_the_new_copy_makes_the_old_one_replaced(self, office: Office) -> None:
        post_id = office.approved()
        old = office.issued(post_id)
        adjust(office.register, office.by(), post_id, Change(name="财务一室"), reason="更名")
        office.approved_now(post_id)
        new = office.issued(post_id, replaces=old.id)
        assert (new.face.post_name, office.verdict(old)) == ("财务一室", Verdict.REPLACED)
        [recall] = recalls(office.register, copy_id=old.id)
        assert recall.line.cause is RecallCause.REPLACEMENT

    def test_a_change_that_waits_is_taken_further(self, office: Office) -> None:
        post_id = office.approved()
        adjust(office.register, office.by(), post_id, Change(place="7号楼"), reason="搬迁")
        adjust(office.register, office.by(), post_id, Change(duties="收费"), reason="职责变化")
        office.approved_now(post_id)
        content = dossier_of(office.register, post_id).content
        assert (content.place, content.duties) == ("7号楼", "收费")

    def test_a_change_sent_back_is_not_taken_further(self, office: Office) -> None:
        post_id = office.approved()
        adjust(office.register, office.by(), post_id, Change(place="7号楼"), reason="搬迁")
        return_application(office.register, office.by(), post_id, document="2号", opinion="不同意搬迁")
        adjust(office.register, office.by(), post_id, Change(duties="收费"), reason="职责变化")
        assert dossier_of(office.register, post_id).latest.content.place == "6号楼299室"

    def test_a_departure_is_not_undone_by_a_change_of_other_words(self, office: Office) -> None:
        post_id = office.approved_now(office.applied(office.row(members="曾晓明、高赟、汪雪琳、贺杰佳")))
        leave_post(office.register, office.by(), post_id, member_name="高赟")
        adjust(office.register, office.by(), post_id, Change(place="7号楼"), reason="搬迁")
        office.approved_now(post_id)
        assert "高赟" not in {each.name for each in dossier_of(office.register, post_id).members}

    def test_a_post_renamed_is_found_by_either_name(self, office: Office) -> None:
        post_id = office.approved()
        adjust(office.register, office.by(), post_id, Change(name="财务一室"), reason="更名")
        office.approved_now(post_id)
        assert apply_roster(office.register, office.by(), [office.row("财务一室")]).unchanged
        [line] = apply_roster(office.register, office.by(), [office.row("财务室")]).changed
        assert [(each.field, each.before, each.after) for each in line.differences] == [
            ("name", "财务一室", "财务室")
        ]
        assert office.register.count(Post) == 1

    def test_a_change_that_is_none_or_clashes_is_refused(self, office: Office, added: Measure) -> None:
        office.applied(office.row(), office.row("兽医防疫岗"))
        post_id = office.approved_now("2026-001")

        def change() -> None:
            for wrong, refusal in [
                (Change(), NothingChanges),
                (Change(place="6号楼299室"), NothingChanges),
                (Change(name="兽医防疫岗"), NameTaken),
                (Change(duties=" "), TextMissing),
            ]:
                with pytest.raises(refusal):
                    adjust(office.register, office.by(), post_id, wrong, reason="调整")
            with pytest.raises(ReasonMissing):
                adjust(office.register, office.by(), post_id, Change(place="别处"), reason=" ")
            with pytest.raises(NotApproved):
                adjust(office.register, office.by(), "2026-002", Change(place="别处"), reason="搬迁")

        assert added(change) == {}


class TestEnd:
    def test_f19_an_end_calls_every_copy_back_in_one_act(self, office: Office, added: Measure) -> None:
        post_id = office.approved()
        copies = [office.issued(post_id), office.issued(post_id, Product.BADGE)]
        assert added(lambda: ended(office, post_id)) == {"PostEnd": 1, "RecallLine": 2, "LogEntry": 1}
        assert {office.verdict(each) for each in copies} == {Verdict.ENDED}
        assert {each.line.cause for each in recalls(office.register, post_id=post_id)} == {RecallCause.END}
        assert dossier_of(office.register, post_id).state is PostState.ENDED

    def test_f19_what_is_back_or_lost_is_not_called_back_again(self, office: Office) -> None:
        post_id = office.approved()
        back, lost, out = (office.issued(post_id) for _ in range(3))
        return_copy(office.register, office.by(), back.id)
        report_lost(office.register, office.by(), lost.id, reason="丢失")
        assert [each.copy_id for each in ended(office, post_id)] == [out.id]
        assert [office.verdict(each) for each in (back, lost, out)] == [
            Verdict.RETURNED,
            Verdict.LOST,
            Verdict.ENDED,
        ]

    @pytest.mark.parametrize(
        ("role", "cause", "may"),
        [
            (Role.COMMITTEE, EndCause.TERM_OVER, True),
            (Role.COMMITTEE, EndCause.STOPPED, True),
            (Role.BRANCH_OFFICER, EndCause.STOPPED, True),
            (Role.BRANCH_OFFICER, EndCause.TERM_OVER, False),
            (Role.INSPECTOR, EndCause.STOPPED, False),
        ],
    )
    def test_f19_a_branch_stops_its_post_and_the_committee_ends_the_term(
        self,
        office: Office,
        role: Role,
        cause: EndCause,
        may: bool,  # noqa: FBT001 - the table's answer
    ) -> None:
        post_id = office.approved()
        authority = office.by(role, "O01" if role is Role.BRANCH_OFFICER else None)
        if may:
            assert end_post(office.register, authority, post_id, cause=cause, reason="停").end.cause is cause
            return
        with pytest.raises(NotAllowed):
            end_post(office.register, authority, post_id, cause=cause, reason="停")

    def test_nothing_more_is_decided_for_a_post_that_ended(self, office: Office, added: Measure) -> None:
        post_id = office.approved()
        copy = office.copy(post_id)
        ended(office, post_id)

        def go_on() -> None:
            for act in (
                lambda: ended(office, post_id),
                lambda: adjust(office.register, office.by(), post_id, Change(place="别处"), reason="搬"),
                lambda: approve(office.register, office.by(), post_id, document="2号"),
                lambda: issue_copies(office.register, office.by(), [copy]),
                lambda: leave_post(office.register, office.by(), post_id, member_name="高赟"),
            ):
                with pytest.raises(PostHasEnded):
                    act()

        assert added(go_on) == {}

    def test_f22_a_veto_outranks_the_end(self, office: Office) -> None:
        post_id = office.approved()
        copy = office.issued(post_id)
        ended(office, post_id)
        veto(office.register, office.by(), post_id, ACCIDENT)
        assert office.verdict(copy) is Verdict.REVOKED

    def test_a_revoked_post_is_not_ended_in_the_ordinary_course(self, office: Office) -> None:
        post_id = office.vetoed(office.approved())
        with pytest.raises(PostIsRevoked):
            ended(office, post_id)

    def test_f23_a_copy_of_an_ended_post_that_comes_back_closes_its_line(self, office: Office) -> None:
        post_id = office.approved()
        copy = office.issued(post_id)
        ended(office, post_id)
        return_copy(office.register, office.by(), copy.id)
        [recall] = recalls(office.register, copy_id=copy.id)
        assert (recall.state, office.verdict(copy)) == (RecallState.RETURNED, Verdict.RETURNED)


def test_mutant_an_end_that_opens_no_recall_lines_is_caught(
    office: Office, added: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.acts.adjust.open_lines", lambda *_: [])
    with pytest.raises(AssertionError):
        TestEnd().test_f19_an_end_calls_every_copy_back_in_one_act(office, added)
