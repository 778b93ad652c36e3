"""Officers who decide about one post at the same time, on both engines: one wins, the others are told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from store.acts.adjust import end_post
from store.acts.authority import Authority
from store.acts.conditions import PostHasEnded, PostIsRevoked
from store.acts.correction import NoVetoInForce, correct_veto
from store.acts.veto import AlreadyVetoed, Charge, veto
from store.calendar import chinese_time
from store.codes import PlateCode
from store.lookup import scan_code
from store.recalls import recalls
from store.records import (
    Copy,
    EndCause,
    PostEnd,
    Product,
    RecallCause,
    RecallLine,
    Veto,
    VetoCause,
    VetoCorrection,
)
from store.refusals import Refusal
from store.register import Register
from store.standing import Verdict
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare

POST = "2026-001"
ACCIDENT = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="发生重大责任事故")
OFFICERS = 6


@pytest.fixture(params=ENGINES)
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as opened:
        yield opened


@pytest.fixture
def copies(office: Office) -> list[Copy]:
    return [office.issued(office.approved()), office.issued(POST, Product.BADGE)]


def casts(office: Office) -> list[Callable[[], object]]:
    return [partial(veto, office.register, office.by(), POST, ACCIDENT) for _ in range(OFFICERS)]


def corrects(office: Office) -> list[Callable[[], object]]:
    def take_back(by: Authority) -> object:
        return correct_veto(office.register, by, POST, document="9号", reason="误判")

    return [partial(take_back, office.by()) for _ in range(OFFICERS)]


def ends(office: Office) -> list[Callable[[], object]]:
    def end(by: Authority) -> object:
        return end_post(office.register, by, POST, cause=EndCause.TERM_OVER, reason="创建期满")

    return [partial(end, office.by()) for _ in range(OFFICERS)]


def refusals(acts: list[Callable[[], object]]) -> list[Refusal]:
    """Do all acts at once, and return how the losers were refused."""

    def outcome(act: Callable[[], object]) -> Refusal | None:
        try:
            act()
        except Refusal as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each for each in pool.map(outcome, acts) if each]


def verdicts(office: Office, copies: list[Copy]) -> set[Verdict]:
    return {scan_code(office.register, PlateCode(each.code), office.now).standing.verdict for each in copies}


def test_f20_of_racing_vetoes_one_wins_and_the_others_are_told_its_time(
    office: Office, copies: list[Copy]
) -> None:
    refused = refusals(casts(office))
    [cast] = office.register.find(Veto)
    assert [type(each) for each in refused] == [AlreadyVetoed] * (OFFICERS - 1)
    assert all(chinese_time(cast.cast_at) in each.zh for each in refused)
    assert len(office.register.find(RecallLine)) == len(copies)


def test_f20_of_racing_corrections_one_is_entered(office: Office, copies: list[Copy]) -> None:
    office.vetoed(POST)
    refused = refusals(corrects(office))
    assert [type(each) for each in refused] == [NoVetoInForce] * (OFFICERS - 1)
    assert office.register.count(VetoCorrection) == 1
    assert verdicts(office, copies) == {Verdict.CREATING}


def test_f20_f23_vetoes_against_corrections_leave_one_history(office: Office, copies: list[Copy]) -> None:
    office.vetoed(POST)
    refused = refusals([act for pair in zip(casts(office), corrects(office), strict=True) for act in pair])
    assert {type(each) for each in refused} <= {AlreadyVetoed, NoVetoInForce}
    cast, taken_back = office.register.count(Veto), office.register.count(VetoCorrection)
    assert cast - taken_back in {0, 1}
    assert verdicts(office, copies) == {Verdict.REVOKED if cast > taken_back else Verdict.CREATING}
    open_lines = [each for each in recalls(office.register, post_id=POST) if each.is_open]
    assert len(open_lines) == (cast - taken_back) * len(copies)
    assert len(office.register.find(RecallLine)) == cast * len(copies)


def test_f19_f22_a_veto_racing_the_end_of_a_post_always_shows(office: Office, copies: list[Copy]) -> None:
    refused = refusals([*ends(office), casts(office)[0]])
    assert {type(each) for each in refused} <= {PostHasEnded, PostIsRevoked}
    assert office.register.count(Veto) == 1
    assert office.register.count(PostEnd) in {0, 1}
    assert verdicts(office, copies) == {Verdict.REVOKED}
    causes = {each.cause for each in office.register.find(RecallLine)}
    assert causes == {RecallCause.END if office.register.count(PostEnd) else RecallCause.VETO}
    assert len(office.register.find(RecallLine)) == len(copies)
