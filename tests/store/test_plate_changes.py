"""Changes of plates: each told once with the plates it concerns, newest first, from any place on."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store import plate_changes
from store.acts.adjust import end_post
from store.acts.circulation import leave_post, report_lost, return_copy
from store.acts.correction import correct_veto
from store.plate_changes import Change, ChangeKind, changes
from store.records import EndCause, Product
from store.register import Register
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare


@pytest.fixture(params=ENGINES)
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as opened:
        yield opened


def lived(office: Office) -> None:
    """Let something of every kind happen to the plates of one post."""
    post = office.approved()
    plaque, badge = office.issued(post), office.issued(post, Product.BADGE)
    office.vetoed(post)
    correct_veto(office.register, office.by(), post, document="9号", reason="误判")
    leave_post(office.register, office.by(), post, member_name=badge.face.holder)
    report_lost(office.register, office.by(), badge.id, reason="遗失")
    return_copy(office.register, office.by(), plaque.id)
    end_post(office.register, office.by(), post, cause=EndCause.STOPPED, reason="停止")


def told(office: Office, limit: int = 50) -> list[Change]:
    with office.register.snapshot() as reader:
        return changes(reader, limit)


def test_each_kind_is_told_newest_first_with_its_plates(office: Office) -> None:
    lived(office)
    plaque, badge = "2026-001-01-49", "2026-001-02-46"
    assert [(each.kind, each.plates) for each in told(office)] == [
        (ChangeKind.ENDED, (plaque, badge)),
        (ChangeKind.RETURNED, (plaque,)),
        (ChangeKind.LOST, (badge,)),
        (ChangeKind.LEFT, (badge,)),
        (ChangeKind.RESTORED, (plaque, badge)),
        (ChangeKind.REVOKED, (plaque, badge)),
        (ChangeKind.ISSUED, (badge,)),
        (ChangeKind.ISSUED, (plaque,)),
    ]
    assert {each.kind for each in told(office)} == set(ChangeKind)


def test_a_plate_issued_in_anothers_place_names_it(office: Office) -> None:
    post = office.approved()
    first = office.issued(post)
    second = office.issued(post, replaces=first.id)
    assert [(each.plates, each.replaces) for each in told(office)] == [
        ((second.id,), first.id),
        ((first.id,), None),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_from_place_to_place_all_are_told_once(office: Office, limit: int) -> None:
    lived(office)
    found: list[Change] = []
    with office.register.snapshot() as reader:
        while page := changes(reader, limit, found[-1].place if found else None):
            found += page
    assert found == told(office)


def test_reading_ends_where_nobody_reads_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(office)
    monkeypatch.setattr(plate_changes, "READ_MOST", 1)
    assert [each.kind for each in told(office, limit=1)] == [ChangeKind.ENDED]


def test_no_change_names_a_person_or_a_reason(office: Office) -> None:
    lived(office)
    words = repr(told(office))
    assert not [each for each in ("曾晓明", "高赟", "误判", "遗失", "停止", "事故") if each in words]
