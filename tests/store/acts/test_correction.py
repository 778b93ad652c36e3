"""Taking a mistaken veto back: what stands again, what stays in, and what must come back all the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from store import lookup
from store.acts.adjust import end_post
from store.acts.approve import AlreadyApproved, approve
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.circulation import leave_post, report_lost, return_copy
from store.acts.correction import Corrected, NoVetoInForce, correct_veto
from store.acts.veto import AlreadyVetoed, Charge, Vetoed, veto
from store.dossier import PostState, dossier_of
from store.recalls import RecallState, recalls
from store.records import (
    Copy,
    EndCause,
    Product,
    RecallCause,
    RecallLine,
    Role,
    Stage,
    VetoCause,
    VetoCorrection,
)
from store.standing import Verdict
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
POST = "2026-001"
ACCIDENT = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="6月20日发生重大责任事故")


def vetoed(office: Office) -> Vetoed:
    return veto(office.register, office.by(), POST, ACCIDENT)


def corrected(office: Office) -> Corrected:
    return correct_veto(
        office.register, office.by(), POST, document="场党字〔2026〕9号", reason="事故与该岗位无关"
    )


def states(office: Office, copy: Copy) -> list[RecallState]:
    return [each.state for each in recalls(office.register, copy_id=copy.id)]


def test_f20_a_corrected_veto_lets_the_post_and_its_copies_stand_again(
    office: Office, added: Measure
) -> None:
    copies = [office.issued(office.approved()), office.issued(POST, Product.BADGE)]
    vetoed(office)
    assert added(lambda: corrected(office)) == {"VetoCorrection": 1, "LogEntry": 1}
    assert [office.verdict(each) for each in copies] == [Verdict.CREATING, Verdict.CREATING]
    dossier = dossier_of(office.register, POST)
    assert (dossier.state, dossier.veto) == (PostState.APPROVED, None)
    with pytest.raises(AlreadyApproved):
        approve(office.register, office.by(), POST, document="2号")


def test_f22_a_titled_post_is_valid_again(office: Office) -> None:
    post_id = office.awarded(office.approved())
    copy = office.issued(post_id, stage=Stage.TITLE)
    vetoed(office)
    assert office.verdict(copy) is Verdict.REVOKED
    corrected(office)
    assert office.verdict(copy) is Verdict.VALID
    assert dossier_of(office.register, post_id).state is PostState.AWARDED


def test_f23_lines_of_copies_still_out_are_closed_and_copies_that_came_back_stay_in(office: Office) -> None:
    office.approved()
    out, back, destroyed, lost = (office.issued(POST) for _ in range(4))
    vetoed(office)
    return_copy(office.register, office.by(), back.id)
    return_copy(office.register, office.by(), destroyed.id)
    report_lost(office.register, office.by(), lost.id, reason="丢失")
    assert corrected(office).restored == (out,)
    assert [office.verdict(each) for each in (out, back, destroyed, lost)] == [
        Verdict.CREATING,
        Verdict.RETURNED,
        Verdict.RETURNED,
        Verdict.LOST,
    ]
    assert states(office, out) == [RecallState.CANCELLED]
    assert states(office, back) == [RecallState.RETURNED]
    assert states(office, lost) == [RecallState.LOST]
    assert not any(each.is_open for each in recalls(office.register, post_id=POST))


def test_f23_what_comes_back_after_the_correction_leaves_its_line_cancelled(office: Office) -> None:
    copy = office.issued(office.approved())
    vetoed(office)
    corrected(office)
    return_copy(office.register, office.by(), copy.id)
    assert (states(office, copy), office.verdict(copy)) == ([RecallState.CANCELLED], Verdict.RETURNED)


def test_f20_f23_after_a_correction_the_post_can_be_vetoed_again(office: Office) -> None:
    copy = office.issued(office.approved())
    first = vetoed(office)
    corrected(office)
    second = vetoed(office)
    assert (first.veto.id, second.veto.id) == ("2026-001-V", "2026-001-V2")
    assert [each.id for each in office.register.find(RecallLine)] == [f"{copy.id}-R", f"{copy.id}-R2"]
    assert states(office, copy) == [RecallState.CANCELLED, RecallState.OUT]
    assert office.verdict(copy) is Verdict.REVOKED
    assert dossier_of(office.register, POST).veto == second.veto
    with pytest.raises(AlreadyVetoed):
        vetoed(office)
    corrected(office)
    assert office.verdict(copy) is Verdict.CREATING


def test_f23_a_line_the_veto_did_not_open_stays_open(office: Office) -> None:
    office.approved()
    old = office.issued(POST)
    new = office.issued(POST, replaces=old.id)
    vetoed(office)
    assert corrected(office).restored == (new,)
    assert (states(office, old), office.verdict(old)) == ([RecallState.OUT], Verdict.REPLACED)


def test_f19_who_left_while_the_post_was_revoked_still_owes_the_badge(office: Office) -> None:
    office.approved()
    badge = office.issued(POST, Product.BADGE)
    vetoed(office)
    leave_post(office.register, office.by(), POST, member_name=badge.face.holder)
    done = corrected(office)
    assert ([each.cause for each in done.recall_lines], done.restored) == ([RecallCause.DEPARTURE], ())
    assert (states(office, badge), office.verdict(badge)) == (
        [RecallState.CANCELLED, RecallState.OUT],
        Verdict.LEFT,
    )


def test_f19_an_ended_post_is_ended_again_after_the_correction(office: Office) -> None:
    copy = office.issued(office.approved())
    end_post(office.register, office.by(), POST, cause=EndCause.TERM_OVER, reason="期满")
    vetoed(office)
    corrected(office)
    assert (states(office, copy), office.verdict(copy)) == ([RecallState.OUT], Verdict.ENDED)


def test_f23_a_line_of_an_earlier_release_is_closed_with_its_veto(office: Office) -> None:
    copy = office.issued(office.approved())
    line = vetoed(office).recall_lines[0]
    unnamed = replace(line, id=f"{copy.id}-R0", veto_id=None)
    with office.register.transaction() as transaction:
        transaction.append(unnamed)
    corrected(office)
    assert states(office, copy) == [RecallState.CANCELLED, RecallState.CANCELLED]


def test_f29_only_a_veto_in_force_is_taken_back_with_document_and_reason(
    office: Office, added: Measure
) -> None:
    office.issued(office.approved())

    def too_soon() -> None:
        with pytest.raises(NoVetoInForce):
            corrected(office)

    assert added(too_soon) == {}
    vetoed(office)

    def without_words() -> None:
        for words in ({"document": " ", "reason": "误判"}, {"document": "9号", "reason": " "}):
            with pytest.raises(ReasonMissing):
                correct_veto(office.register, office.by(), POST, **words)
        with pytest.raises(NotAllowed):
            correct_veto(office.register, office.by(Role.ADMINISTRATOR), POST, document="9号", reason="误判")

    assert added(without_words) == {}
    corrected(office)
    assert added(too_soon) == {}
    assert office.register.count(VetoCorrection) == 1


def test_mutant_a_reading_that_forgets_corrections_is_caught(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "in_force", lambda vetoes, _: lookup.only(vetoes))
    with pytest.raises(AssertionError):
        test_f22_a_titled_post_is_valid_again(office)


def test_mutant_a_reading_that_takes_every_veto_for_corrected_is_caught(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "in_force", lambda *_: None)
    with pytest.raises(AssertionError):
        test_f22_a_titled_post_is_valid_again(office)


def test_mutant_a_standing_kept_from_before_the_second_veto_is_caught(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []
    fresh = lookup.in_force

    def remembered(*found: Any) -> object:
        kept.append(fresh(*found))
        return kept[0]

    monkeypatch.setattr(lookup, "in_force", remembered)
    with pytest.raises(AssertionError):
        test_f22_a_titled_post_is_valid_again(office)


def test_the_time_of_day_does_not_decide_whether_a_veto_is_in_force(office: Office) -> None:
    copy = office.issued(office.approved())
    vetoed(office)
    office.now -= timedelta(days=2)  # the clock was set back
    corrected(office)
    assert office.verdict(copy) is Verdict.CREATING
