"""A small round at the command line: roster in, approval, paper, award, veto, recall."""

import csv
import io
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from gangpai.office import Office
from plaques.design.model import Design
from plaques.preflight.plate import Plate, check_plate
from plaques.typography.typesetting import TextTooLong
from store.ledger import verify
from store.records import Application, Copy, Post
from tests.gangpai.desk import BASE_URL, DATA, Command, find_worthy

ROSTER = DATA / "roster-2026.xlsx"
POSTS = 15


@pytest.fixture
def approved(gangpai: Command) -> None:
    assert gangpai("import", ROSTER).code == 0
    assert gangpai("approve", "--all", "--document", "场党字〔2026〕1号").code == 0


def changed_roster(folder: Path, cell: str = "E3", value: str = "9号楼1室") -> Path:
    book = openpyxl.load_workbook(ROSTER)
    sheet = book.active
    assert sheet
    sheet[cell] = value
    path = folder / "changed.xlsx"
    book.save(path)
    return path


class TestImport:
    def test_a_fresh_roster_is_imported(self, gangpai: Command) -> None:
        answer = gangpai("import", ROSTER, "--json")
        assert (answer.code, answer.json["new"], answer.json["imported"]) == (0, POSTS, True)
        assert len(gangpai("posts", "--json").json["posts"]) == POSTS

    def test_check_imports_nothing(self, gangpai: Command, office: Office) -> None:
        answer = gangpai("import", ROSTER, "--check")
        assert answer.code == 0
        assert "检查无误，未导入" in answer.out
        assert office.register.count(Post) == 0

    def test_the_same_file_again_changes_nothing(self, gangpai: Command, office: Office) -> None:
        gangpai("import", ROSTER)
        before = office.register.version()
        answer = gangpai("import", ROSTER)
        assert answer.code == 0
        assert "没有变化" in answer.out
        assert office.register.version() == before

    def test_a_changed_file_shows_its_differences_and_waits(
        self, gangpai: Command, office: Office, desk: Path
    ) -> None:
        gangpai("import", ROSTER)
        changed = changed_roster(desk)
        answer = gangpai("import", changed)
        assert answer.code == 1
        assert "岗位地点：3号楼274室 → 9号楼1室" in answer.out
        assert "--yes" in answer.err
        assert office.register.count(Application) == POSTS

    def test_a_post_renamed_in_a_known_roster_is_shown_as_new(self, gangpai: Command, desk: Path) -> None:
        assert "+ " not in gangpai("import", ROSTER).out
        answer = gangpai("import", changed_roster(desk, "B3", "新名岗"), "--check")
        assert [line.split()[-1] for line in answer.out.splitlines() if line.startswith("+ ")] == ["新名岗"]

    def test_with_consent_the_differences_are_applied(
        self, gangpai: Command, office: Office, desk: Path
    ) -> None:
        gangpai("import", ROSTER)
        answer = gangpai("import", changed_roster(desk), "--yes", "--json")
        assert (answer.code, answer.json["changed"]) == (0, 1)
        assert office.register.count(Application) == POSTS + 1

    @pytest.mark.parametrize(("answer", "applications"), [(True, POSTS + 1), (False, POSTS)])
    def test_at_a_terminal_it_asks(
        self,
        gangpai: Command,
        office: Office,
        monkeypatch: pytest.MonkeyPatch,
        *,
        answer: bool,
        applications: int,
    ) -> None:
        gangpai("import", ROSTER)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("typer.confirm", lambda *_, **__: answer)
        assert gangpai("import", changed_roster(Path())).code == (0 if answer else 1)
        assert office.register.count(Application) == applications

    def test_every_fault_is_told_at_once_and_nothing_imported(self, gangpai: Command, office: Office) -> None:
        answer = gangpai("import", DATA / "roster-faulty.xlsx", "--json")
        faults = answer.json["refused"]["faults"]
        assert answer.code == 1
        assert {each["row"] for each in faults} >= set(range(2, 15))
        assert office.register.count(Post) == 0
        words = gangpai("import", DATA / "roster-faulty.xlsx").err
        assert all(each["zh"] in words and each["en"] in words for each in faults)

    def test_a_file_that_is_not_there_is_a_refusal(self, gangpai: Command) -> None:
        assert gangpai("import", "nowhere.xlsx", "--json").json["refused"]["code"] == "RosterUnreadable"


def test_lists_of_one_branch_or_of_one_that_is_not_there(gangpai: Command) -> None:
    gangpai("import", ROSTER)
    posts = gangpai("posts", "--branch", "园艺场党总支", "--json").json["posts"]
    assert [each["number"] for each in posts] == ["2026-003", "2026-009", "2026-015"]
    assert gangpai("recalls", "--branch", "园艺场党总支", "--json").json["recalls"] == []
    for command in ("posts", "recalls"):
        refused = gangpai(command, "--branch", "没有这个总支", "--json").json["refused"]
        assert refused["code"] == "NoSuchBranch"


class TestApprove:
    def test_all_are_approved_in_order(self, gangpai: Command) -> None:
        gangpai("import", ROSTER)
        approved = gangpai("approve", "--all", "--document", "1号", "--json").json["approved"]
        numbers = [each["post"] for each in approved]
        assert numbers == sorted(numbers)
        assert len(numbers) == POSTS

    def test_those_over_quota_are_listed_and_the_others_approved(
        self, gangpai: Command, desk: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plan = Path("store/policies/founding-plan.toml")
        text = (DATA.parent.parent / plan).read_text(encoding="utf-8")
        (desk / "tight.toml").write_text(
            text.replace('value = 3\nunit = "个岗位"', 'value = 2\nunit = "个岗位"'), encoding="utf-8"
        )
        monkeypatch.setenv("GANGPAI_POLICY", "tight.toml")
        gangpai("import", ROSTER)
        answer = gangpai("approve", "--all", "--document", "1号", "--json")
        assert answer.code == 1
        refused = answer.json["refusals"]
        assert {each["code"] for each in refused} == {"QuotaExceeded"}
        assert len(answer.json["approved"]) + len(refused) == POSTS
        again = gangpai("approve", "--all", "--document", "1号", "--reason", "党委会同意")
        assert again.code == 0

    def test_nothing_prints_before_approval_except_a_proof(self, gangpai: Command, desk: Path) -> None:
        gangpai("import", ROSTER)
        answer = gangpai("print", "plaque", "2026-001", "--out", "out", "--json")
        assert answer.json["refused"]["code"] == "NotApproved"
        assert list((desk / "out").iterdir()) == []
        proof = gangpai("print", "plaque", "2026-001", "--proof", "--out", "out", "--json").json
        assert gangpai("copies", "--json").json["copies"] == []
        [file] = proof["files"]
        assert gangpai("check", file, "--json").json["codes"][0]["standing"] == "proof"
        with pypdfium2.PdfDocument(desk / file) as document:
            words = document[0].get_textpage().get_text_range()
        assert "样张" in words.replace(" ", "")


@pytest.mark.usefixtures("approved")
class TestPrint:
    def test_every_code_of_the_file_is_the_code_of_its_record(self, gangpai: Command, office: Office) -> None:
        printed = gangpai("print", "plaque", "--all", "--sheet", "a4", "--out", "out", "--json").json
        pdf = printed["files"][0]
        checked = gangpai("check", pdf, "--json").json["codes"]
        assert [each["text"] for each in checked] == [
            f"{BASE_URL}/{copy.code}" for copy in office.register.find(Copy)
        ]
        assert {each["standing"] for each in checked} == {"creating"}

    def test_badges_are_one_for_each_member(self, gangpai: Command) -> None:
        printed = gangpai("print", "badge", "2026-001", "--sheet", "a4", "--out", "out", "--json").json
        [post] = [each for each in gangpai("posts", "--json").json["posts"] if each["number"] == "2026-001"]
        assert [each["holder"] for each in printed["copies"]] == post["members"]

    def test_printing_again_is_refused_with_numbers_and_places(self, gangpai: Command, desk: Path) -> None:
        gangpai("print", "plaque", "2026-001", "--sheet", "a4", "--out", "out")
        before = sorted((desk / "out").iterdir())
        answer = gangpai("print", "plaque", "2026-001", "--sheet", "a4", "--out", "out")
        assert answer.code == 1
        assert "2026-001-01-49（3号楼274室）" in answer.err
        assert sorted((desk / "out").iterdir()) == before

    def test_force_replaces_and_recalls(self, gangpai: Command) -> None:
        gangpai("print", "plaque", "2026-001", "--sheet", "a4", "--out", "out")
        again = gangpai(
            "print", "plaque", "2026-001", "--sheet", "a4", "--force", "--out", "out", "--json"
        ).json
        [old, new] = gangpai("copies", "2026-001", "--json").json["copies"]
        assert (old["standing"], new["standing"], new["replaces"]) == ("replaced", "creating", old["number"])
        assert again["files"][0].endswith("-2.pdf"), "artwork is never overwritten"
        [line] = gangpai("recalls", "--open", "--json").json["recalls"]
        assert (line["number"], line["cause"]) == (old["number"], "replacement")

    def test_an_awarded_post_swaps_its_plaque_without_force(self, gangpai: Command) -> None:
        gangpai("print", "plaque", "2026-001", "--sheet", "a4", "--out", "out")
        find_worthy(gangpai, "2026-001")
        assert gangpai("award", "2026-001", "--date", "2026-07-01").code == 0
        printed = gangpai("print", "plaque", "2026-001", "--stage", "title", "--sheet", "a4", "--out", "out")
        assert printed.code == 0
        standings = [each["standing"] for each in gangpai("copies", "2026-001", "--json").json["copies"]]
        assert standings == ["replaced", "valid"]

    def test_a_lost_badge_alone_is_printed_again(self, gangpai: Command) -> None:
        first = gangpai("print", "badge", "2026-001", "--out", "out", "--json").json["copies"]
        assert gangpai("lost", first[2]["number"], "--reason", "不慎遗失").code == 0
        again = gangpai("print", "badge", "2026-001", "--out", "out", "--json").json["copies"]
        assert [each["holder"] for each in again] == [first[2]["holder"]]

    def test_one_bad_post_does_not_stop_the_others(self, gangpai: Command) -> None:
        gangpai("veto", "2026-002", "--cause", "4", "--facts", "测试")
        posts = ["2026-001", "2026-002", "2026-404", "2026-003"]
        answer = gangpai("print", "plaque", *posts, "--sheet", "a4", "--out", "out", "--json")
        assert answer.code == 1
        assert [each["post"] for each in answer.json["copies"]] == ["2026-001", "2026-003"]
        assert [each["code"] for each in answer.json["refusals"]] == ["PostIsRevoked", "NoSuchPost"]

    def test_one_that_cannot_be_drawn_does_not_stop_the_others(
        self, gangpai: Command, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_room_for_003(plate: Plate, design: Design) -> None:
            if plate.number.startswith("2026-003"):
                raise TextTooLong(text="物资采购岗", width_mm=1, height_mm=1, floor_pt=10)
            check_plate(plate, design)

        monkeypatch.setattr("plaques.print_run.check_plate", no_room_for_003)
        posts = ["2026-001", "2026-003", "2026-004"]
        answer = gangpai("print", "plaque", *posts, "--sheet", "a4", "--out", "out", "--json")
        assert answer.code == 1
        assert [each["subject"] for each in answer.json["refusals"]] == ["2026-003"]
        assert [copy.post_id for copy in office.register.find(Copy)] == ["2026-001", "2026-004"]

    @pytest.mark.parametrize(
        ("option", "value", "code"),
        [
            ("--design", "green", "UnknownDesign"),
            ("--size", "3x2", "UnknownDesign"),
            ("--sheet", "a9", "UnknownSheet"),
            ("--skip", "99", "NothingLeftOnSheet"),
        ],
    )
    def test_what_stops_all_posts_is_said_once(
        self, gangpai: Command, option: str, value: str, code: str
    ) -> None:
        answer = gangpai("print", "badge", "--all", option, value, "--out", "out", "--json")
        assert (answer.code, answer.json["refused"]["code"]) == (1, code)

    def test_a_local_address_is_never_printed_for_real(
        self, gangpai: Command, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GANGPAI_BASE_URL", "http://127.0.0.1:8000")
        refused = gangpai("print", "plaque", "2026-001", "--out", "out", "--json").json["refused"]
        assert refused["code"] == "UnfitBaseUrl"
        assert office.register.count(Copy) == 0
        monkeypatch.setenv("GANGPAI_DEMO", "1")
        assert gangpai("print", "plaque", "2026-001", "--out", "out").code == 0
        assert office.register.find(Copy)[0].face.mark == "样张"

    def test_a_design_without_a_back_is_not_printed_on_both_sides(self, gangpai: Command) -> None:
        answer = gangpai("print", "plaque", "2026-001", "--duplex", "--out", "out", "--json")
        assert (answer.code, answer.json["refused"]["code"]) == (1, "NoBack")

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            (("--grid", "2x5"), "GridWithoutSheet"),
            (("--flip", "short"), "FlipWithoutBacks"),
            (("--bleed", 9), "BleedTooWide"),
        ],
    )
    def test_an_option_that_could_not_be_followed_is_refused(
        self, gangpai: Command, options: tuple[object, ...], code: str
    ) -> None:
        answer = gangpai("print", "plaque", "2026-001", *options, "--out", "out", "--json")
        assert (answer.code, answer.json["refused"]["code"]) == (1, code)

    def test_a_failure_before_the_register_is_written_leaves_no_file(
        self, gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gangpai.placing.issue_copies", lambda *_: 1 / 0)
        assert gangpai("print", "plaque", "2026-001", "--out", "out").code == 1
        assert list((desk / "out").iterdir()) == []
        assert office.register.count(Copy) == 0

    def test_the_serial_list_says_what_lies_on_which_page(self, gangpai: Command, office: Office) -> None:
        gangpai("print", "badge", "2026-001", "2026-002", "--sheet", "a4", "--out", "out")
        [file] = Path("out").glob("*.csv")
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))[1:]
        pdf = file.name.replace("-清单.csv", ".pdf")
        codes = {copy.id: f"{BASE_URL}/{copy.code}" for copy in office.register.find(Copy)}
        assert {row[6] for row in rows} == {pdf}
        seen = gangpai("check", f"out/{pdf}", "--json").json["codes"]
        where = {each["text"]: each["where"] for each in seen}
        assert {row[0]: f"第{row[7]}页" for row in rows} == {row[0]: where[codes[row[0]]] for row in rows}
        assert {row[7] for row in rows} == {"1", "2"}


@pytest.mark.usefixtures("approved")
class TestVeto:
    def test_veto_recall_and_return_until_none_is_out(self, gangpai: Command, office: Office) -> None:
        gangpai("print", "plaque", "2026-004", "--sheet", "a4", "--out", "out")
        gangpai("print", "badge", "2026-004", "--out", "out")
        vetoed = gangpai("veto", "2026-004", "--cause", "1", "--facts", "经纪检核实", "--json")
        assert vetoed.code == 0
        recalled = vetoed.json["recalled"]
        assert len(recalled) == 4
        assert [each["standing"] for each in gangpai("copies", "2026-004", "--json").json["copies"]] == [
            "revoked"
        ] * 4
        for number in recalled[:-1]:
            assert gangpai("return", number, "--json").json["still_out"]
        code = next(copy.code for copy in office.register.find(Copy) if copy.id == recalled[-1])
        last = gangpai("return", f"{BASE_URL}/{code.lower()}", "--destroyed", "--json").json
        assert (last["fate"], last["still_out"]) == ("destroyed", [])
        assert gangpai("recalls", "--open", "--json").json["recalls"] == []
        assert verify(office.register).faults == ()

    def test_a_second_veto_changes_nothing(self, gangpai: Command, office: Office) -> None:
        gangpai("veto", "2026-004", "--cause", "1", "--facts", "经纪检核实")
        before = office.register.version()
        again = gangpai("veto", "2026-004", "--cause", "2", "--facts", "又一次", "--json")
        assert again.json["refused"]["code"] == "AlreadyVetoed"
        assert office.register.version() == before

    def test_cause_3_needs_a_substantiated_investigation(self, gangpai: Command) -> None:
        charge = ["veto", "2026-004", "--cause", "3", "--facts", "群众反映"]
        assert gangpai(*charge, "--json").json["refused"]["code"] == "NotSubstantiated"
        found = gangpai("investigate", "2026-004", "--finding", "substantiated", "--facts", "属实", "--json")
        assert gangpai(*charge, "--investigation", found.json["investigation"]).code == 0

    def test_a_member_who_leaves_has_the_own_badge_recalled(self, gangpai: Command) -> None:
        gangpai("print", "badge", "2026-001", "--out", "out")
        answer = gangpai("adjust", "2026-001", "--left", "崔军", "--json")
        [number] = answer.json["recalled"]
        [line] = gangpai("recalls", "--post", "2026-001", "--json").json["recalls"]
        assert (line["number"], line["holder"], line["cause"]) == (number, "崔军", "departure")
        listed = gangpai("recalls", "--post", "2026-001").out
        assert "创建胸牌\t崔军" in listed

    def test_due_lists_recalls_and_pending_approvals_by_date(self, gangpai: Command, desk: Path) -> None:
        gangpai("print", "plaque", "2026-004", "--sheet", "a4", "--out", "out")
        gangpai("veto", "2026-004", "--cause", "1", "--facts", "经纪检核实")
        gangpai("import", changed_roster(desk), "--yes")
        rows = gangpai("due", "--json").json["due"]
        found = [(each["what"], each["object"][:8]) for each in rows]
        assert [each for each in found if each[0] in {"approval", "recall"}] == [
            ("approval", "2026-001"),
            ("recall", "2026-004"),
        ]
