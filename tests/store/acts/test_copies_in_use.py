"""A copy in use: where it hangs, and that it is damaged (F8, F9, F19)."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from store.acts.authority import ReasonMissing
from store.acts.circulation import (
    AlreadyDamaged,
    AlreadyLost,
    AlreadyReturned,
    place_copy,
    report_damage,
    report_lost,
    return_copy,
)
from store.acts.days import DayAhead
from store.codes import PlateCode
from store.lookup import scan_code
from store.recalls import recalls
from store.records import Placement, Product
from store.standing import Verdict
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]


@pytest.mark.parametrize("product", [Product.BADGE, Product.DESK])
def test_f8_a_badge_or_desk_plate_is_placed_and_its_scan_says_where(office: Office, product: Product) -> None:
    copy = office.issued(office.approved(), product)
    place_copy(office.register, office.by(), copy.id, place="服务大厅2号窗口", placed_on=date(2026, 6, 15))
    assert scan_code(office.register, PlateCode(copy.code), office.now).place == "服务大厅2号窗口"


def test_f9_a_door_plate_is_placed_and_the_latest_place_holds(office: Office, added: Measure) -> None:
    copy = office.issued(office.approved(), Product.DOOR)
    scanned = scan_code(office.register, PlateCode(copy.code), office.now)
    assert scanned.place == copy.place

    def hang(place: str) -> None:
        place_copy(office.register, office.by(), copy.id, place=place, placed_on=date(2026, 6, 15))

    for place in ("6号楼正门", "7号楼正门"):
        assert added(partial(hang, place)) == {"Placement": 1, "LogEntry": 1}
    assert scan_code(office.register, PlateCode(copy.code), office.now).place == "7号楼正门"
    assert [each.id for each in office.register.find(Placement)] == [f"{copy.id}-P1", f"{copy.id}-P2"]


def test_f23_the_recall_list_says_where_the_copy_hangs_now(office: Office) -> None:
    copy = office.issued(office.approved())
    place_copy(office.register, office.by(), copy.id, place="7号楼正门", placed_on=date(2026, 6, 15))
    office.vetoed(copy.post_id)
    [recall] = recalls(office.register, post_id=copy.post_id)
    assert recall.place == "7号楼正门"


def test_f19_a_damaged_copy_stands_until_it_is_replaced(office: Office, added: Measure) -> None:
    copy = office.issued(office.approved())
    written = added(lambda: report_damage(office.register, office.by(), copy.id, reason="开裂"))
    assert written == {"Damage": 1, "LogEntry": 1}
    code = PlateCode(copy.code)
    assert scan_code(office.register, code, office.now).standing.verdict is Verdict.CREATING
    with pytest.raises(AlreadyDamaged):
        report_damage(office.register, office.by(), copy.id, reason="又裂了")
    office.issued(copy.post_id, replaces=copy.id)
    assert scan_code(office.register, code, office.now).standing.verdict is Verdict.REPLACED


def test_only_a_copy_that_is_out_is_placed_or_damaged(office: Office, added: Measure) -> None:
    office.approved()
    back, lost = office.issued("2026-001"), office.issued("2026-001")
    return_copy(office.register, office.by(), back.id)
    report_lost(office.register, office.by(), lost.id, reason="丢失")
    today = date(2026, 6, 15)

    def act() -> None:
        for copy, refusal in [(back, AlreadyReturned), (lost, AlreadyLost)]:
            with pytest.raises(refusal):
                report_damage(office.register, office.by(), copy.id, reason="裂")
            with pytest.raises(refusal):
                place_copy(office.register, office.by(), copy.id, place="门前", placed_on=today)

    assert added(act) == {}


def test_a_place_and_a_damage_are_told_in_words_and_not_ahead(office: Office, added: Measure) -> None:
    copy = office.issued(office.approved())

    def act() -> None:
        with pytest.raises(ReasonMissing):
            report_damage(office.register, office.by(), copy.id, reason=" ")
        with pytest.raises(ReasonMissing):
            place_copy(office.register, office.by(), copy.id, place=" ", placed_on=date(2026, 6, 15))
        with pytest.raises(DayAhead):
            place_copy(office.register, office.by(), copy.id, place="门前", placed_on=date(2026, 6, 16))

    assert added(act) == {}
