"""The list of recalls at the command line: where a plate was seen last, and how often by day."""

from gangpai.office import Office
from gangpai.practice import hang_plates
from store.acts.veto import Charge, veto
from store.calendar import chinese_day, office_day
from store.records import VetoCause
from store.sightings import Seen, enter_sightings
from tests.gangpai.desk import Command


def test_f23_the_list_tells_scans_by_day_and_the_last_of_them(gangpai: Command, office: Office) -> None:
    [copy] = hang_plates(office)
    charge = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")
    veto(office.register, office.authority(), copy.post_id, charge)
    [before] = gangpai("recalls", "--json").json["recalls"]
    assert (before["state"], before["scans"], before["seen_on"]) == ("out", 0, None)
    today = office_day(office.now())
    enter_sightings(office.register, {Seen(line_id=f"{copy.id}-R", on=today): 4})
    [row] = gangpai("recalls", "--open", "--json").json["recalls"]
    assert (row["state"], row["scans"], row["sightings"]) == ("still_displayed", 4, 0)
    assert (row["scans_by_day"], row["seen_on"]) == ({today.isoformat(): 4}, today.isoformat())
    assert f"仍在悬挂（最近{chinese_day(today)}）" in gangpai("recalls").out
    gangpai("return", copy.id)
    [closed] = gangpai("recalls", "--json").json["recalls"]
    assert (closed["state"], closed["state_zh"], closed["scans"]) == ("returned", "已交回", 4)
