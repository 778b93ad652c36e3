"""The roll at the command line: all plates, on paper and as a workbook, with a checkpoint to be kept."""

import io
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from tests.gangpai.desk import DATA, Command


@pytest.fixture
def equipped(gangpai: Command) -> Command:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    for post_id in ("2026-001", "2026-002"):
        gangpai("approve", post_id, "--document", "1号")
        assert gangpai("print", "badge", post_id, "--out", post_id).code == 0
    assert gangpai("veto", "2026-002", "--cause", "1", "--facts", "经核实").code == 0
    return gangpai


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "".join("".join(page.get_textpage().get_text_range() for page in document).split())


def test_the_roll_is_written_in_both_forms_with_every_plate(equipped: Command, desk: Path) -> None:
    answer = equipped("roll", "--out", "roll", "--json")
    assert answer.code == 0, answer.err
    paper, book = (desk / each for each in answer.json["files"])
    copies = equipped("copies", "--json").json["copies"]
    assert answer.json["plates"] == len(copies)
    printed = text_of(paper)
    rows = load_workbook(io.BytesIO(book.read_bytes())).active
    assert rows
    typed = {str(cell.value) for row in rows.iter_rows() for cell in row}
    assert all(each["number"] in printed and each["number"] in typed for each in copies)
    assert "已撤销" in typed


def test_the_checkpoint_on_the_roll_can_be_compared_later(equipped: Command, desk: Path) -> None:
    equipped("roll", "--out", "roll.pdf", "--format", "pdf")
    point = equipped("ledger", "checkpoint", "--json").json
    assert f"{point['size']}:{point['root']}" in text_of(desk / "roll.pdf")
    equipped("approve", "2026-003", "--document", "2号")
    assert equipped("ledger", "verify", "--checkpoint", f"{point['size']}:{point['root']}").code == 0


def test_a_roll_is_not_written_over_another(equipped: Command) -> None:
    assert equipped("roll", "--out", "roll.pdf", "--format", "pdf").code == 0
    assert equipped("roll", "--out", "roll.pdf", "--format", "pdf").code == 1
