"""Plans, public notices, objections and applications sent back, at the command line (F7, F26, F35)."""

import shutil
from pathlib import Path

import pytest

from tests.gangpai.desk import DATA, Answer, Command

FOUNDING_PLAN = Path(__file__).parents[2] / "store" / "policies" / "founding-plan.toml"
ROSTER = DATA / "roster-2026.xlsx"


@pytest.fixture
def imported(gangpai: Command) -> Answer:
    return gangpai("import", ROSTER, "--json")


def branch(gangpai: Command) -> str:
    return str(gangpai("posts", "--json").json["posts"][0]["branch"])


def test_f35_applying_without_a_plan_is_said_at_once(gangpai: Command, imported: Answer) -> None:
    assert "F35" in {each["clause"] for each in imported.json["consents"]}
    assert gangpai("import", ROSTER, "--json").json["consents"] == []


def test_f35_a_plan_is_filed_from_text_or_file(gangpai: Command, imported: Answer, tmp_path: Path) -> None:
    assert imported.code == 0
    named = ("plan", "file", branch(gangpai), "--title", "创建方案")
    text = tmp_path / "方案.txt"
    text.write_text("组织发动，六月申报。", encoding="utf-8")
    assert gangpai(*named, "--file", text, "--year", 2026).code == 0
    assert gangpai(*named, "--text", "增加宣讲。", "--year", 2026).code == 0
    plans = gangpai("plan", "list", "--json").json["plans"]
    assert [each["text"] for each in plans] == ["组织发动，六月申报。", "增加宣讲。"]
    assert gangpai(*named).code == 1
    assert gangpai("plan", "file", "无此总支", "--title", "x", "--text", "y").code == 1


def test_a_plan_that_cannot_be_read_is_refused_with_the_reason(
    gangpai: Command, imported: Answer, tmp_path: Path
) -> None:
    assert imported.code == 0
    shutil.copy(ROSTER, tmp_path / "book.txt")
    (tmp_path / "long.txt").write_bytes(b"x" * (1024 * 1024 + 1))
    for name, said in [("book.txt", "UTF-8"), ("long.txt", "1 MB"), ("none.txt", "No such file")]:
        answer = gangpai("plan", "file", branch(gangpai), "--title", "x", "--file", tmp_path / name)
        assert (answer.code, said in answer.err) == (1, True), answer.err


def test_f26_a_notice_keeps_its_posts_from_approval(gangpai: Command, imported: Answer) -> None:
    posted = gangpai("notice", "post", "--all", "--places", "党务公开栏", "--json")
    assert (posted.code, len(posted.json["objects"])) == (0, imported.json["new"])
    [row] = gangpai("notice", "list", "--json").json["notices"]
    assert (row["notice"], row["state_zh"]) == (posted.json["notice"], "公示中")
    refused = gangpai("approve", "2026-001", "--document", "1号", "--json").json["refused"]
    assert (refused["code"], refused["clause"]["id"]) == ("NoticeStillRuns", "F26")
    assert gangpai("notice", "post", "--all", "--places", "党务公开栏").code == 1


def test_f26_an_objection_on_paper_is_entered_and_settled(gangpai: Command, imported: Answer) -> None:
    assert imported.code == 0
    first = gangpai("posts", "--json").json["posts"][0]["number"]
    notice = gangpai("notice", "post", first, "--places", "党务公开栏", "--json").json["notice"]
    added = gangpai("objection", "add", notice, first, "--text", "长期无人值守", "--json")
    assert (added.code, added.json["object"]) == (0, f"{first}-A1")
    receipt = added.json["objection"]
    assert gangpai("notice", "list", "--json").json["notices"][0]["unsettled"] == 1
    settle = ("objection", "settle", receipt, "--finding", "unsubstantiated", "--answer", "值班记录完整")
    assert gangpai(*settle).code == 0
    [row] = gangpai("objection", "list", "--json").json["objections"]
    assert (row["finding_zh"], row["answer"], row["channel_zh"]) == ("不属实", "值班记录完整", "纸质")
    assert gangpai(*settle).code == 1
    assert gangpai("objection", "add", notice, "2026-999", "--text", "x").code == 1


def test_f26_plans_are_shown_too(gangpai: Command, imported: Answer) -> None:
    assert imported.code == 0
    filed = gangpai("plan", "file", branch(gangpai), "--title", "方案", "--text", "内容", "--json")
    shown = gangpai("notice", "post", "--plan", filed.json["plan"], "--places", "网页专栏", "--json")
    assert (shown.code, shown.json["subject"]) == (0, "plans")
    for unclear in ((), ("2026-001", "--all")):
        assert gangpai("notice", "post", *unclear, "--places", "x").code == 2


def test_f7_an_application_sent_back_is_filed_again_with_the_next_roster(
    gangpai: Command, imported: Answer
) -> None:
    assert imported.code == 0
    back = gangpai("send-back", "2026-001", "--opinion", "职责过于笼统", "--document", "2号")
    assert (back.code, "已退回" in back.out) == (0, True)
    assert gangpai("posts", "--json").json["posts"][0]["state_zh"] == "已退回"
    again = gangpai("import", ROSTER, "--json")
    assert (again.json["again"], again.json["new"], again.json["unchanged"]) == (
        1,
        0,
        imported.json["new"] - 1,
    )
    approved = gangpai("approve", "--all", "--document", "3号", "--reason", "同意", "--json")
    assert (approved.code, len(approved.json["approved"])) == (0, imported.json["new"])


def test_f5_f26_f35_what_was_waived_is_said_with_the_approval(gangpai: Command, imported: Answer) -> None:
    assert imported.code == 0
    said = gangpai("approve", "2026-001", "--document", "1号")
    assert "未报备方案即申报（F35）、未经公示批准（F26）" in said.out
    assert "本年度已批准1个，应设2至3个" in said.out


def test_f26_a_notice_of_nothing_says_that_nothing_waits(gangpai: Command) -> None:
    answer = gangpai("notice", "post", "--all", "--places", "党务公开栏", "--json")
    assert answer.json["refused"]["code"] == "NothingWaits"
    assert "“”" not in answer.json["refused"]["zh"]


def test_f35_where_the_plan_is_required_no_consent_is_promised(
    gangpai: Command, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised = "has no plan for"
    mild = gangpai("import", ROSTER, "--check")
    assert promised in mild.out + mild.err
    before, key, rest = FOUNDING_PLAN.read_text("utf-8").partition("[plan_before_application]")
    (desk / "strict.toml").write_text(
        before + key + rest.replace('value = "warn"', 'value = "require"', 1), "utf-8"
    )
    monkeypatch.setenv("GANGPAI_POLICY", "strict.toml")
    strict = gangpai("import", ROSTER, "--check")
    assert promised not in strict.out + strict.err
