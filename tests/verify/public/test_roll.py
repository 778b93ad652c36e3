"""The roll as documents: what stands, what fell, the checkpoint of the log, and nothing that opens a door."""

import io
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pypdf
import pypdfium2
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from openpyxl.cell import Cell

from store.acts.approve import approve
from store.ledger import checkpoint
from store.records import Copy
from tests.office import Office
from tests.signing import note_key
from tests.verify.public.boards import FALLEN_NAME, HOSTILE, NAMES, fill
from tests.verify.public.street import Clock, Somebody
from verify.documents import Documents
from verify.throttle import DOCUMENTS_PER_HOUR

Text = Callable[[bytes], str]
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1+1")


def by_pdfium(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_range() for page in document)


def by_pypdf(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def by_openpyxl(content: bytes) -> str:
    return "\n".join(str(each.value) for each in cells(content))


def cells(content: bytes) -> list[Cell]:
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet
    return [each for row in sheet.iter_rows() for each in row if isinstance(each, Cell) and each.value]


READERS = {"pdfium": ("pdf", by_pdfium), "pypdf": ("pdf", by_pypdf), "openpyxl": ("xlsx", by_openpyxl)}


@pytest.fixture
def plates(office: Office, app: FastAPI) -> list[Copy]:
    """Return the plates of a board; documents are drawn in a thread, which starts faster than a process."""
    object.__setattr__(app.state.site, "documents", Documents(lambda: ThreadPoolExecutor(1)))
    return fill(office)


def closed_up(text: str) -> str:
    """Return a text without its blanks and line ends: where lines end is the paper's business."""
    return "".join(text.split())


@pytest.mark.parametrize(("suffix", "text_of"), READERS.values(), ids=READERS)
def test_a_document_lists_what_stands_and_what_fell(
    client: httpx.Client, office: Office, plates: list[Copy], suffix: str, text_of: Text
) -> None:
    answer = client.get(f"/roll.{suffix}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    text = closed_up(text_of(answer.content))
    for copy in plates:
        assert copy.id in text
        assert copy.code not in text
    point = checkpoint(office.register)
    for printed in (str(point), note_key().verifier_key, note_key().sign(point).splitlines()[-1]):
        assert closed_up(printed) in text
    for said in ("财务室", "命名胸牌", "有效valid", "2026年11月18日15:48:07", "有效、创建中3", "已撤销1"):
        assert said in text
    assert [each for each in (*NAMES, FALLEN_NAME, "事故") if each in text] == []


def test_f22_of_a_revoked_plate_a_document_tells_number_and_day_alone(
    client: httpx.Client, plates: list[Copy]
) -> None:
    content = client.get("/roll.xlsx").content
    row = next(each.row for each in cells(content) if each.value == plates[-1].id)
    told = [each.value for each in cells(content) if each.row == row]
    assert [str(each) for each in told] == [plates[-1].id, "已撤销", "2026-11-12 00:00:00"]


@pytest.mark.parametrize("name", FORMULAS)
def test_no_name_becomes_a_formula(client: httpx.Client, office: Office, app: FastAPI, name: str) -> None:
    object.__setattr__(app.state.site, "documents", Documents(lambda: ThreadPoolExecutor(1)))
    office.applied(office.row(name=name))
    approve(office.register, office.by(), "2026-001", document="1号")
    office.issued("2026-001")
    content = client.get("/roll.xlsx").content
    [cell] = [each for each in cells(content) if str(each.value).strip() == name.strip()]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert all(each.data_type != "f" for each in cells(content))


def test_a_hostile_name_is_printed_as_it_is(client: httpx.Client, plates: list[Copy]) -> None:
    assert len(plates) == 4
    assert closed_up(HOSTILE) in closed_up(by_pdfium(client.get("/roll.pdf").content))
    assert HOSTILE in by_openpyxl(client.get("/roll.xlsx").content)


def test_a_document_is_made_anew_when_the_log_grew_and_only_then(
    client: httpx.Client, office: Office, plates: list[Copy], clock: Clock
) -> None:
    first = client.get("/roll.xlsx").content
    clock.forward(minutes=5)
    assert client.get("/roll.xlsx").content == first
    office.vetoed(plates[0].post_id)
    later = by_openpyxl(client.get("/roll.xlsx").content)
    assert "15:53:07" in later
    assert "财务室" not in later


def test_a_long_roll_is_handed_out_in_parts(
    client: httpx.Client, plates: list[Copy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["verify.public.roll"], "DOCUMENT_LINES_MOST", 2)
    first = by_openpyxl(client.get("/roll.xlsx").content)
    assert f"下一部分自编号{plates[2].id}起" in first
    assert plates[3].id not in first
    second = by_openpyxl(client.get(f"/roll.xlsx?from={plates[2].id}").content)
    assert "下一部分" not in second
    assert plates[3].id in second
    assert plates[0].id not in second


def test_a_network_may_ask_for_so_many_documents(
    client: httpx.Client, somebody: Somebody, plates: list[Copy], clock: Clock
) -> None:
    assert plates
    answers = [client.get("/roll.xlsx").status_code for _ in range(DOCUMENTS_PER_HOUR + 1)]
    assert answers == [200] * DOCUMENTS_PER_HOUR + [429]
    assert somebody("198.51.100.9").get("/roll.xlsx").status_code == 200
    clock.forward(hours=1)
    assert client.get("/roll.xlsx").status_code == 200


def test_who_waits_in_vain_is_told_when_to_come_again(
    client: httpx.Client, plates: list[Copy], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plates
    monkeypatch.setattr("verify.documents.PATIENCE_S", 0.0)
    answer = client.get("/roll.pdf")
    assert answer.status_code == 503
    assert "请过一分钟再试" in answer.text
    assert answer.headers["retry-after"]
