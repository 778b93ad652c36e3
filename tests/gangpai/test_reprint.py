"""What is printed of a post: what changed, in which order of names, and which product suits it."""

from pathlib import Path

import pytest

from gangpai.office import Office
from store.records import Copy, Product
from tests.gangpai.desk import DATA, Command


@pytest.fixture(autouse=True)
def _approved(gangpai: Command) -> None:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    assert gangpai("approve", "--all", "--document", "场党字〔2026〕1号").code == 0


def change(gangpai: Command, post_id: str, *adjustment: str) -> None:
    assert gangpai("adjust", post_id, *adjustment, "--reason", "工作需要").code == 0
    assert gangpai("approve", post_id, "--document", "场党字〔2026〕2号").code == 0


def numbers(gangpai: Command, product: str, *options: str) -> list[str]:
    answer = gangpai("print", product, "--all", *options, "--out", "out", "--json")
    assert answer.code == 0
    return [copy["number"] for copy in answer.json["copies"]]


class TestChanged:
    def test_f19_only_what_would_say_something_else_is_printed_anew(self, gangpai: Command) -> None:
        first = numbers(gangpai, "plaque")
        change(gangpai, "2026-003", "--duties", "负责新的工作")
        again = gangpai("print", "plaque", "--all", "--changed", "--out", "out", "--json").json
        [copy] = again["copies"]
        [old] = [number for number in first if number.startswith("2026-003")]
        assert (copy["post"], copy["replaces"]) == ("2026-003", old)
        assert again["kept"] == len(first) - 1
        [line] = gangpai("recalls", "--open", "--json").json["recalls"]
        assert (line["number"], line["cause"]) == (old, "replacement")

    def test_nothing_changed_is_no_refusal(self, gangpai: Command) -> None:
        first = numbers(gangpai, "badge")
        answer = gangpai("print", "badge", "--all", "--changed", "--out", "out")
        assert answer.code == 0
        assert f"{len(first)}件" in answer.out

    def test_a_colleagues_name_is_not_on_a_badge(self, gangpai: Command, office: Office) -> None:
        numbers(gangpai, "badge")
        members = [copy.face.holder for copy in office.register.find(Copy, post_id="2026-001")]
        change(gangpai, "2026-001", "--members", "、".join([*members[:-1], "田大利"]))
        answer = gangpai("print", "badge", "2026-001", "--changed", "--out", "out", "--json").json
        assert [copy["holder"] for copy in answer["copies"]] == ["田大利"]
        assert answer["kept"] == len(members) - 1

    def test_another_size_is_a_change_only_where_it_is_asked_for(self, gangpai: Command) -> None:
        first = numbers(gangpai, "plaque")
        assert numbers(gangpai, "plaque", "--changed") == []
        assert len(numbers(gangpai, "plaque", "--changed", "--size", "a4")) == len(first)

    def test_both_ways_of_replacing_exclude_each_other(self, gangpai: Command) -> None:
        answer = gangpai("print", "plaque", "--all", "--changed", "--force", "--out", "out", "--json")
        assert answer.json["refused"]["code"] == "ForceOrChanged"


def test_already_printed_says_where_the_plate_hangs_now(gangpai: Command) -> None:
    [number] = [each for each in numbers(gangpai, "plaque") if each.startswith("2026-001")]
    assert gangpai("place", number, "--at", "6号楼正门").code == 0
    assert f"{number}（6号楼正门）" in gangpai("print", "plaque", "2026-001", "--out", "out").err


def test_names_stand_in_the_order_asked_for_and_the_plate_is_not_stale(
    gangpai: Command, office: Office
) -> None:
    change(gangpai, "2026-001", "--members", "田大利、田富、丁一")
    assert gangpai("print", "plaque", "2026-001", "--names-by", "strokes", "--out", "out").code == 0
    [copy] = office.register.find(Copy, post_id="2026-001")
    assert copy.face.names == ("丁一", "田富", "田大利")
    due = gangpai("due", "--json").json["due"]
    assert [each for each in due if each["what"] == "reprint_changed"] == []


def test_f9_a_door_plate_is_for_collective_posts_only(gangpai: Command, desk: Path, office: Office) -> None:
    posts = gangpai("posts", "--json").json["posts"]
    alone = next(each["number"] for each in posts if each["kind"] == "individual")
    answer = gangpai("print", "door", alone, "--out", "out", "--json").json["refused"]
    assert (answer["code"], answer["clause"]["id"]) == ("DoorPlateNeedsCollective", "F9")
    assert office.register.count(Copy) == 0
    assert list((desk / "out").iterdir()) == []


def test_f8_every_member_gets_a_desk_plate(gangpai: Command, office: Office) -> None:
    copies = numbers(gangpai, "desk", "--sheet", "a4")
    members = sum(len(each["members"]) for each in gangpai("posts", "--json").json["posts"])
    assert len(copies) == members
    assert {copy.product for copy in office.register.find(Copy)} == {Product.DESK}


def test_f9_a_collective_post_gets_one_door_plate(gangpai: Command) -> None:
    answer = gangpai("print", "door", "--all", "--out", "out", "--json").json
    kinds = {each["number"]: each["kind"] for each in gangpai("posts", "--json").json["posts"]}
    assert [copy["post"] for copy in answer["copies"]] == [
        number for number, kind in kinds.items() if kind == "collective"
    ]
