"""Forms at the command line: every kind, both formats, and numbers that the lists give too."""

import io
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from store.paperwork.forms import FORM_ZH, Form
from tests.gangpai.desk import DATA, Command


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


@pytest.fixture
def filled(gangpai: Command) -> Command:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    gangpai("approve", "2026-001", "--document", "1号")
    return gangpai


@pytest.fixture
def equipped(filled: Command) -> Command:
    assert filled("print", "badge", "2026-001", "--out", "out").code == 0
    return filled


@pytest.mark.parametrize("form", [Form.APPLICATIONS, Form.ANNUAL, Form.LEDGER, Form.NAMES, Form.INSPECTION])
def test_a_form_is_made_as_pdf_and_as_workbook(filled: Command, form: Form) -> None:
    answer = filled("form", form.value, "--out", "forms", "--format", "both", "--json")
    assert answer.code == 0, answer.err
    paper, book = (Path(each) for each in answer.json["files"])
    assert (paper.suffix, book.suffix) == (".pdf", ".xlsx")
    assert "台账校验值" in text_of(paper)
    assert "第 1 页" in text_of(paper)
    assert answer.json["sheets"] > 0
    assert len(load_workbook(book).sheetnames) >= answer.json["sheets"]


def test_f23_recall_notice_receipt_list_and_due_agree(equipped: Command, desk: Path) -> None:
    equipped("veto", "2026-001", "--cause", "1", "--facts", "经核实")
    first = equipped("recalls", "--json").json["recalls"][0]["number"]
    equipped("return", first)
    equipped("form", "recall", "2026-001", "--out", "notice.pdf")
    equipped("form", "receipt", "2026-001", "--out", "receipt.pdf")
    still_out = {each["number"] for each in equipped("recalls", "--open", "--json").json["recalls"]}
    due = {each["object"] for each in equipped("due", "--json").json["due"] if each["what"] == "recall"}
    notice = text_of(desk / "notice.pdf")
    assert still_out == due != set()
    assert all(number in notice for number in still_out)
    assert first not in notice
    assert first in text_of(desk / "receipt.pdf")


def test_f27_the_annual_sheet_says_what_recalls_and_due_list(equipped: Command, desk: Path) -> None:
    equipped("veto", "2026-001", "--cause", "1", "--facts", "经核实")
    numbers = [each["number"] for each in equipped("recalls", "--json").json["recalls"]]
    equipped("return", numbers[0])
    lines = equipped("recalls", "--json").json["recalls"]
    in_time = [each for each in lines if each["closed_at"] and not each["overdue"]]
    branch = next(
        each["branch"] for each in equipped("due", "--json").json["due"] if each["what"] == "recall"
    )
    assert equipped("form", "annual", branch, "--out", "annual.xlsx", "--format", "xlsx").code == 0
    [tab] = load_workbook(desk / "annual.xlsx").worksheets
    rows = {row[1]: row[2:4] for row in tab.iter_rows(values_only=True)}
    still_open = sum(each["open"] for each in lines)
    assert rows["标牌收回"][0] == len(lines)
    assert str(rows["标牌收回"][1]).startswith(f"按期{len(in_time)}，逾期办结0，未办结{still_open}")
    due = equipped("due", "--branch", branch, "--json").json["due"]
    wanted = sum(each["what"] == "assessment" for each in due)
    assert f"尚缺{wanted}人次" in str(rows["季度考核"][1])


def test_f29_the_ledger_workbook_has_the_log_and_the_paper_has_not(filled: Command) -> None:
    answer = filled("form", "ledger", "--out", "book", "--format", "both", "--json")
    paper, book = (Path(each) for each in answer.json["files"])
    sheets = load_workbook(book).sheetnames
    assert sheets[-1] == "日志"
    assert len(sheets) == answer.json["sheets"] + 1
    assert "封印" not in text_of(paper)


@pytest.mark.parametrize("form", [Form.APPLICATIONS, Form.ASSESSMENT, Form.INSPECTION])
def test_a_blank_form_needs_no_register(gangpai: Command, desk: Path, form: Form) -> None:
    assert gangpai("form", form.value, "--blank", "--out", "blank.pdf").code == 0
    said = text_of(desk / "blank.pdf")
    assert FORM_ZH[form] in said.replace("党员季度考核表", "季度考核表")
    assert "台账校验值" not in said


def test_what_cannot_be_made_is_refused_with_a_remedy(filled: Command) -> None:
    def code(*arguments: str) -> str:
        refused = filled("form", *arguments, "--out", "x", "--json").json["refused"]
        assert refused["zh"]
        assert refused["en"]
        return str(refused["code"])

    assert code("annual", "没有") == "NothingByThatName"
    assert code("recall", "2026-404") == "NothingByThatName"
    assert code("notice", "N404") == "NothingByThatName"
    assert code("receipt") == "NothingToFill"
    assert code("assessment") == "NothingToFill"
    assert code("assessment", "2026-001", "--period", "2026-Q9") == "NoSuchPeriod"
    assert code("names", "--period", "七一") == "NoSuchRound"
    assert code("ledger", "--blank") == "NoBlankForm"


def test_a_file_that_is_there_is_left_alone(filled: Command, desk: Path) -> None:
    (desk / "annual.pdf").write_bytes(b"mine")
    answer = filled("form", "annual", "--out", "annual.pdf", "--format", "both", "--json")
    assert answer.json["refused"]["code"] == "FileExists"
    assert (desk / "annual.pdf").read_bytes() == b"mine"
    assert not (desk / "annual.xlsx").exists()


def test_one_post_one_branch_or_all(filled: Command) -> None:
    def count(*subjects: str) -> int:
        answer = filled("form", "inspection", *subjects, "--out", f"f{len(subjects)}", "--json")
        sheets: int = answer.json["sheets"]
        return sheets

    assert count("2026-001") == count() == 1


def test_the_workbook_opens_from_its_bytes(filled: Command, desk: Path) -> None:
    filled("form", "applications", "--out", "a.xlsx")
    book = load_workbook(io.BytesIO((desk / "a.xlsx").read_bytes()))
    assert all(tab["A1"].value == "共产党员示范岗申报汇总表" for tab in book.worksheets)
