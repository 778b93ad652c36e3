"""What follows the award, at the command line: assessments, problems put right, publicity, files."""

from pathlib import Path

import pytest

from gangpai.office import Office
from store.ledger import verify
from store.records import Assessment, Inspection
from tests.gangpai.desk import DATA, Command, find_worthy

ROSTER = DATA / "roster-2026.xlsx"
POST = "2026-001"
BRANCH = "畜牧站党总支"
PERIOD = "2026-Q3"


@pytest.fixture
def branch(gangpai: Command) -> str:
    """Import and approve a roster, and return the branch of the first post."""
    assert gangpai("import", ROSTER).code == 0
    assert gangpai("approve", POST, "--document", "1号").code == 0
    posts = gangpai("posts", "--json").json["posts"]
    return str(next(each["branch"] for each in posts if each["number"] == POST))


@pytest.fixture
def titled(gangpai: Command, branch: str) -> list[str]:
    """Name the first post on 1 July, and return its members."""
    find_worthy(gangpai, POST)
    assert gangpai("award", POST, "--date", "2026-07-01").code == 0
    [post] = [each for each in gangpai("posts", "--json").json["posts"] if each["number"] == POST]
    assert post["branch"] == branch
    members: list[str] = post["members"]
    return members


@pytest.mark.usefixtures("branch")
class TestSurveyAndInspection:
    def test_f24_a_survey_is_entered_and_shown_with_its_method(self, gangpai: Command) -> None:
        survey = ("survey", POST, "--held-on", "2026-06-18", "--method", "窗口发放")
        assert gangpai(*survey, "--counts", "3，1,0,0,0").code == 0
        days = ("--from", "2026-06-01", "--to", "2026-06-30")
        [few] = gangpai("satisfaction", POST, *days, "--json").json["satisfaction"]
        assert (few["n"], few["share"], few["share_zh"]) == (4, None, "不足10份，不显示")
        assert gangpai(*survey, "--counts", "9,4,2,1,0").code == 0
        [enough] = gangpai("satisfaction", POST, *days, "--json").json["satisfaction"]
        assert (enough["n"], enough["paper"], enough["satisfied"]) == (20, 20, 19)
        assert (enough["share"], enough["interval"]) == (0.95, [0.7639, 0.9911])
        assert "纸质问卷20份" in enough["method_zh"]

    @pytest.mark.parametrize("counts", ["1,2", "a,b,c,d,e", "-1,2,3,4,5", "0,0,0,0,0"])
    def test_what_counts_no_forms_is_refused(self, gangpai: Command, counts: str) -> None:
        survey = ("survey", POST, "--held-on", "2026-06-18", "--method", "窗口发放")
        refused = gangpai(*survey, f"--counts={counts}", "--json").json["refused"]
        assert (refused["code"], refused["clause"]["id"]) == ("NotASurvey", "F24")

    def test_f14_an_inspection_says_what_the_award_still_lacks(self, gangpai: Command) -> None:
        answer = gangpai("inspect", POST, "--on", "2026-06-20", "--report", "听取汇报", "--json").json
        assert (answer["round"], answer["points"]) == ("2026-07-01", 0)
        assert (answer["hindrance"], answer["to_be_adjusted"]) == ("EvidenceMissing", True)
        find_worthy(gangpai, POST)
        words = gangpai("award", POST, "--date", "2026-12-31")
        assert words.code == 1
        assert "2026-12-31命名轮次" in words.err
        assert gangpai("award", POST, "--date", "2026-07-01").code == 0


class TestAssess:
    def test_f17_a_whole_branch_is_entered_at_once(
        self, gangpai: Command, branch: str, titled: list[str], office: Office
    ) -> None:
        sheet = ("assess", "--branch", branch, "--period", PERIOD, "--all-pass", "--json")
        [done] = gangpai(*sheet).json["assessed"]
        assert len(done["assessments"]) == len(titled)
        assert gangpai(*sheet).json["assessed"] == []
        again = gangpai("assess", POST, "--period", PERIOD, "--all-pass", "--json").json["refused"]
        assert again["code"] == "NobodyNamed"
        assert verify(office.register).faults == ()

    def test_f18_one_who_falls_short_is_to_put_it_right(
        self, gangpai: Command, titled: list[str], office: Office
    ) -> None:
        one = ("assess", POST, "--period", PERIOD, "--member", titled[0], "--fail", "3、5")
        assert gangpai(*one, "--json").json["refused"]["code"] == "ReasonMissing"
        answer = gangpai(*one, "--remarks", "未参加培训", "--json").json["assessed"][0]
        [order] = answer["rectifications"]
        assert office.register.find(Assessment)[0].standards == (True, True, False, True, False, True)
        [line] = gangpai("rectify", "list", "--open", "--json").json["rectifications"]
        assert (line["id"], line["member"], line["state"]) == (order, titled[0], "open")
        closed = gangpai("rectify", order, "--result", "done", "--evidence", "补训签到表")
        assert closed.code == 0
        assert "整改到位" in closed.out
        assert gangpai("rectify", "list", "--open", "--json").json["rectifications"] == []
        [line] = gangpai("rectify", "list", "--json").json["rectifications"]
        assert (line["state"], line["evidence"]) == ("done", "补训签到表")

    def test_f17_the_number_of_an_assessment_is_told_to_whoever_must_correct_it(
        self, gangpai: Command, titled: list[str]
    ) -> None:
        entered = gangpai("assess", POST, "--period", PERIOD, "--member", titled[0])
        assert f"{titled[0]}（{POST}-K1）" in entered.out

    def test_a_wrong_assessment_is_corrected(self, gangpai: Command, titled: list[str]) -> None:
        one = ("assess", POST, "--period", PERIOD, "--member", titled[0], "--json")
        [wrong] = gangpai(*one).json["assessed"][0]["assessments"]
        assert "reassess" in gangpai(*one).json["refused"]["zh"]
        fixed = gangpai("reassess", wrong, "--fail", "2", "--remarks", "查实", "--reason", "漏登", "--json")
        assert fixed.json["corrects"] == wrong
        assert (
            gangpai("reassess", "K404", "--reason", "x", "--json").json["refused"]["code"]
            == "NoSuchAssessment"
        )

    @pytest.mark.parametrize(
        "arguments",
        [
            (POST,),
            (POST, "--all-pass", "--member", "张三"),
            ("--all-pass",),
            (POST, "--branch", BRANCH, "--all-pass"),
        ],
    )
    def test_what_is_asked_for_is_clear(self, gangpai: Command, arguments: tuple[str, ...]) -> None:
        assert gangpai("assess", *arguments, "--period", PERIOD).code == 2

    def test_a_standard_is_a_number(self, gangpai: Command, titled: list[str]) -> None:
        one = ("assess", POST, "--period", PERIOD, "--member", titled[0], "--remarks", "x", "--json")
        for number in ("七", "7", "²"):
            assert gangpai(*one, "--fail", number).json["refused"]["code"] == "NoSuchStandard"


@pytest.mark.usefixtures("titled")
class TestProblems:
    def test_f18_a_problem_of_the_post_is_ordered_and_listed_by_branch(
        self, gangpai: Command, branch: str
    ) -> None:
        assert gangpai("rectify", POST, "--problem", "台账不全").code == 0
        far = ("rectify", POST, "--problem", "设备老旧", "--due", "2099-01-01")
        assert gangpai(*far, "--json").json["refused"]["code"] == "ReasonMissing"
        assert gangpai(*far, "--reason", "需招标").code == 0
        lines = gangpai("rectify", "list", "--branch", branch, "--json").json["rectifications"]
        assert [each["problem"] for each in lines] == ["台账不全", "设备老旧"]
        other = gangpai("rectify", "list", "--branch", "园艺场党总支", "--json").json["rectifications"]
        assert other == []

    def test_f19_what_was_not_put_right_asks_for_an_adjustment(self, gangpai: Command) -> None:
        order = gangpai("rectify", POST, "--problem", "台账不全", "--json").json["rectification"]
        closed = gangpai("rectify", order, "--result", "not_done", "--evidence", "复查仍缺")
        assert "须调整岗位" in closed.out
        [line] = gangpai("rectify", "list", "--open", "--json").json["rectifications"]
        assert line["state"] == "needs_adjustment"


@pytest.mark.usefixtures("titled")
class TestPublicity:
    def test_f34_and_f36_a_promise_and_a_deed_are_entered(self, gangpai: Command) -> None:
        promised = gangpai("commitment", POST, "--text", "当日办结", "--json").json
        told = gangpai("deed", POST, "--title", "雨夜送种", "--text", "连夜送到田头", "--json").json
        assert (promised["commitment"], told["deed"]) == ("2026-001-N1", "2026-001-S1")


class TestOversight:
    def test_f28_a_visit_is_entered(self, gangpai: Command, branch: str) -> None:
        visit = ("supervise", branch, "--findings", "标牌醒目", "--guidance", "补齐台账", "--post", POST)
        assert gangpai(*visit, "--json").json["supervision"].endswith("-U1")
        assert (
            gangpai("supervise", "无此总支", *visit[2:], "--json").json["refused"]["code"] == "NoSuchBranch"
        )

    def test_f29_a_year_is_summed_up_from_a_file(self, gangpai: Command, branch: str, desk: Path) -> None:
        (desk / "总结.txt").write_text("一年来……", encoding="utf-8")
        answer = gangpai("summary", branch, "2026", "--file", "总结.txt", "--json").json
        assert answer["summary"].endswith("-2026-1")
        refused = gangpai("summary", branch, "2026", "--file", "没有.txt", "--json").json["refused"]
        assert refused["code"] == "FileUnusable"


@pytest.mark.usefixtures("titled")
class TestAttachments:
    def test_f29_a_file_is_kept_listed_and_written_out(
        self, gangpai: Command, desk: Path, office: Office
    ) -> None:
        [inspection] = office.register.find(Inspection)
        (desk / "现场.png").write_bytes(b"\x89PNG\r\n\x1a\n1")
        kept = gangpai("attach", "Inspection", inspection.id, "现场.png", "--caption", "门口", "--json").json
        [listed] = gangpai("attachments", "Inspection", inspection.id, "--json").json["attachments"]
        assert (listed, listed["file_name"]) == (kept, "现场.png")
        assert gangpai("attachment", kept["attachment"], "--out", "取出.png").code == 0
        assert (desk / "取出.png").read_bytes() == b"\x89PNG\r\n\x1a\n1"
        exists = gangpai("attachment", kept["attachment"], "--out", "取出.png", "--json").json["refused"]
        assert exists["code"] == "FileExists"

    def test_a_file_that_is_not_there_or_not_taken_is_refused(self, gangpai: Command, desk: Path) -> None:
        (desk / "a.png").write_text("<script>")
        for name, code in (("没有.png", "FileUnusable"), ("a.png", "UnknownFileType")):
            assert gangpai("attach", "Post", POST, name, "--json").json["refused"]["code"] == code
