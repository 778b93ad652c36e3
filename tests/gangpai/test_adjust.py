"""A post that stands is changed, stopped, ended, or stands again; a plate is placed or damaged (F8, F19)."""

from pathlib import Path

import pytest

from gangpai.office import Office
from gangpai.practice import hang_plates
from store.records import Copy
from tests.gangpai.desk import Command


@pytest.fixture
def copy(office: Office) -> Copy:
    [hung] = hang_plates(office)
    return hung


def verdict(gangpai: Command, copy: Copy) -> str:
    [row] = gangpai("copies", copy.post_id, "--json").json["copies"]
    return str(row["standing"])


def test_f19_a_departure_that_leaves_too_few_members_says_so(gangpai: Command, copy: Copy) -> None:
    answer = gangpai("adjust", copy.post_id, "--left", copy.face.names[0], "--json")
    assert (answer.code, answer.json["falls_short"]) == (0, "TooFewMembers")
    assert "已登记" in (said := gangpai("adjust", copy.post_id, "--left", copy.face.names[1]).out)
    assert "必须要有3名以上共产党员" in said
    [row] = gangpai("posts", "--json").json["posts"]
    assert (row["falls_short"], row["state_zh"]) == ("TooFewMembers", "创建中，党员人数不足")


def test_f19_a_change_waits_for_approval_and_then_reaches_paper(
    gangpai: Command, copy: Copy, tmp_path: Path
) -> None:
    answer = gangpai(
        "adjust",
        copy.post_id,
        "--members",
        "张伟（岗长），王　芳, 赵敏",
        "--reason",
        "李娜不再符合标准",
        "--json",
    )
    [change] = answer.json["changes"]
    assert (answer.code, change["after"]) == (0, "张伟（岗长）、王芳、赵敏")
    assert gangpai("approve", copy.post_id, "--document", "2号").code == 0
    printed = gangpai("print", "plaque", copy.post_id, "--force", "--out", tmp_path / "out")
    assert printed.code == 0, printed.err
    assert [each["standing"] for each in gangpai("copies", "--json").json["copies"]] == [
        "replaced",
        "creating",
    ]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--members", "张伟、张伟、王芳", "--reason", "调整"), 1, "一人只计一名"),
        (("--members", "张伟、王芳", "--reason", "调整"), 1, "3名以上共产党员"),
        (("--members", "张伟、王芳、赵敏（预备党员）", "--reason", "调整"), 1, "不能计入党员"),
        (("--duties", "言" * 301, "--reason", "调整"), 1, "精简到300个字以内"),
        (("--place", "演练地点", "--reason", "搬迁"), 1, "没有可调整的"),
        (("--place", "别处"), 1, "没有填写调整原因"),
        ((), 2, "三选一"),
        (("--left", "张伟", "--place", "别处"), 2, "三选一"),
    ],
)
def test_f4_a_change_is_held_against_the_clauses(
    gangpai: Command, copy: Copy, options: tuple[str, ...], code: int, said: str
) -> None:
    answer = gangpai("adjust", copy.post_id, *options)
    assert (answer.code, said in answer.err) == (code, True), answer.err


def test_f19_a_stopped_post_is_no_longer_in_use_and_its_plates_come_back(
    gangpai: Command, copy: Copy
) -> None:
    answer = gangpai("adjust", copy.post_id, "--stop", "人员分流", "--json")
    assert (answer.code, answer.json["recalled"]) == (0, [copy.id])
    assert verdict(gangpai, copy) == "ended"
    [line] = gangpai("recalls", "--open", "--json").json["recalls"]
    assert (line["cause"], line["cause_zh"]) == ("end", "停用")


def test_f19_the_end_of_a_term_is_no_disgrace(gangpai: Command, copy: Copy) -> None:
    assert "已停用" in gangpai("end", copy.post_id).out
    assert verdict(gangpai, copy) == "ended"
    again = gangpai("end", copy.post_id, "--json")
    assert (again.code, again.json["refused"]["code"]) == (1, "PostHasEnded")


def test_f20_a_veto_taken_back_lets_the_plates_stand_again(gangpai: Command, copy: Copy) -> None:
    gangpai("veto", copy.post_id, "--cause", "2", "--facts", "发生责任事故")
    assert verdict(gangpai, copy) == "revoked"
    answer = gangpai("correct", copy.post_id, "--document", "9号", "--reason", "与该岗位无关", "--json")
    assert (answer.code, answer.json["restored"]) == (0, [copy.id])
    assert verdict(gangpai, copy) == "creating"
    [line] = gangpai("recalls", "--json").json["recalls"]
    assert (line["state"], line["state_zh"], line["open"]) == ("cancelled", "已免收回", False)
    assert gangpai("correct", copy.post_id, "--document", "9号", "--reason", "再来").code == 1


def test_f19_a_damaged_plate_is_printed_anew_without_force(
    gangpai: Command, copy: Copy, tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "out")
    assert gangpai("print", "plaque", copy.post_id, *out).code == 1
    assert "已登记损坏" in gangpai("damaged", copy.id, "--reason", "开裂").out
    assert verdict(gangpai, copy) == "creating"
    assert gangpai("print", "plaque", copy.post_id, *out).code == 0
    assert [each["standing"] for each in gangpai("copies", "--json").json["copies"]] == [
        "replaced",
        "creating",
    ]


def test_f19_who_comes_back_to_the_post_gets_a_badge_of_their_own_again(
    gangpai: Command, copy: Copy, tmp_path: Path
) -> None:
    badges = ("print", "badge", copy.post_id, "--out")
    assert gangpai(*badges, tmp_path / "first").code == 0
    gangpai("adjust", copy.post_id, "--left", copy.face.names[0])
    everybody = "、".join(copy.face.names)
    gangpai("adjust", copy.post_id, "--members", everybody, "--reason", "调回本岗位")
    assert gangpai("approve", copy.post_id, "--document", "3号").code == 0
    again = gangpai(*badges, tmp_path / "second")
    assert again.code == 0, again.err
    copies = [each for each in gangpai("copies", "--json").json["copies"] if each["product"] == "badge"]
    own = [each["standing"] for each in copies if each["holder"] == copy.face.names[0]]
    assert own == ["replaced", "creating"]
    assert len(copies) == len(copy.face.names) + 1


def test_f9_where_a_plate_hangs_is_on_the_list(gangpai: Command, copy: Copy) -> None:
    answer = gangpai("place", copy.id, "--at", "6号楼正门", "--json")
    assert (answer.code, answer.json["place"]) == (0, "6号楼正门")
    [row] = gangpai("copies", "--json").json["copies"]
    assert row["place"] == "6号楼正门"
    gangpai("veto", copy.post_id, "--cause", "2", "--facts", "发生责任事故")
    assert [each["place"] for each in gangpai("recalls", "--json").json["recalls"]] == ["6号楼正门"]


def test_f29_the_life_of_a_post_is_told(gangpai: Command, copy: Copy) -> None:
    gangpai("end", copy.post_id)
    events = gangpai("history", copy.post_id, "--json").json["events"]
    assert [each["kind"] for each in events] == ["Application", "Approval", "Copy", "PostEnd"]
    assert "停用：届满" in gangpai("history", copy.post_id).out
