"""One table for every verdict, and the order in which decisions outrank one another."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest

from store.codes import PlateCode
from store.records import (
    Copy,
    Departure,
    EndCause,
    Face,
    Fate,
    Loss,
    PostEnd,
    Product,
    Return,
    Stage,
    Veto,
    VetoCause,
)
from store.standing import STANDS, VERDICT_EN, VERDICT_ZH, History, Verdict, standing_of, unverifiable

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
FACE = Face(
    heading="共产党员示范岗",
    post_name="财务室",
    duties="核算",
    member_count=1,
    names=("高赟",),
    holder="高赟",
    holder_title="",
    branch_name="畜牧站党总支",
    issuer="党委",
    dated_on=date(2026, 7, 1),
)
TITLE = Copy(
    id="2026-001-01-00",
    code=PlateCode.from_bits(1).text,
    post_id="2026-001",
    branch_id="O01",
    application_id="2026-001-A1",
    product=Product.BADGE,
    stage=Stage.TITLE,
    design="red-gold",
    size="id-1",
    face=FACE,
    place="",
    issued_at=NOW - timedelta(days=9),
)
DECIDED: dict[Verdict, dict[str, Any]] = {
    Verdict.REVOKED: {
        "veto": Veto(
            id="V",
            post_id="2026-001",
            cause=VetoCause.GRAVE_ACCIDENT,
            facts="事故",
            investigation_id=None,
            cast_at=NOW - timedelta(days=1),
        )
    },
    Verdict.RETURNED: {
        "returned": Return(
            id="B",
            copy_id=TITLE.id,
            post_id="2026-001",
            fate=Fate.RETURNED,
            note="",
            returned_at=NOW - timedelta(days=2),
        )
    },
    Verdict.LOST: {
        "loss": Loss(
            id="L", copy_id=TITLE.id, post_id="2026-001", reason="失窃", reported_at=NOW - timedelta(days=3)
        )
    },
    Verdict.ENDED: {
        "ended": PostEnd(
            id="E",
            post_id="2026-001",
            cause=EndCause.TERM_OVER,
            reason="创建期满",
            ended_at=NOW - timedelta(days=4),
        )
    },
    Verdict.REPLACED: {"successor": replace(TITLE, id="2026-001-02-00", issued_at=NOW - timedelta(days=5))},
    Verdict.LEFT: {
        "departure": Departure(
            id="D",
            post_id="2026-001",
            application_id="2026-001-A1",
            member_name="高赟",
            left_at=NOW - timedelta(days=6),
        )
    },
}
PRECEDENCE = list(DECIDED)


@pytest.mark.parametrize(("verdict", "days"), list(zip(PRECEDENCE, range(1, 7), strict=True)))
def test_each_decision_alone_gives_its_verdict(verdict: Verdict, days: int) -> None:
    standing = standing_of(History(copy=TITLE, **DECIDED[verdict]), NOW)
    assert (standing.verdict, standing.since) == (verdict, NOW - timedelta(days=days))
    assert not standing.stands


@pytest.mark.parametrize(("stronger", "weaker"), list(combinations(PRECEDENCE, 2)))
def test_of_two_decisions_the_stronger_shows(stronger: Verdict, weaker: Verdict) -> None:
    both = DECIDED[stronger] | DECIDED[weaker]
    assert standing_of(History(copy=TITLE, **both), NOW).verdict is stronger


def test_all_decisions_together_read_revoked() -> None:
    everything = {name: each for decided in DECIDED.values() for name, each in decided.items()}
    assert standing_of(History(copy=TITLE, **everything), NOW).verdict is Verdict.REVOKED


def test_an_untouched_copy_stands_by_its_stage() -> None:
    creation = replace(TITLE, stage=Stage.CREATION)
    assert standing_of(History(copy=TITLE), NOW).verdict is Verdict.VALID
    assert standing_of(History(copy=creation), NOW).verdict is Verdict.CREATING
    assert standing_of(History(copy=TITLE), NOW).stands


def test_only_a_replaced_copy_names_a_successor() -> None:
    replaced = History(copy=TITLE, **DECIDED[Verdict.REPLACED])
    assert standing_of(replaced, NOW).successor == "2026-001-02-00"
    assert standing_of(replace(replaced, **DECIDED[Verdict.REVOKED]), NOW).successor is None


def test_no_copy_is_unknown_and_no_answer_is_unverifiable() -> None:
    assert standing_of(None, NOW).verdict is Verdict.UNKNOWN
    assert unverifiable(NOW).verdict is Verdict.UNVERIFIABLE
    assert not unverifiable(NOW).stands


def test_every_verdict_has_its_own_words() -> None:
    assert set(VERDICT_ZH) == set(VERDICT_EN) == set(Verdict)
    assert len(set(VERDICT_ZH.values())) == len(set(VERDICT_EN.values())) == len(Verdict)
    assert {Verdict.VALID, Verdict.CREATING} == STANDS
