"""Reports in the browser, on paper and in Excel: the numbers, who may see them, and what a text cannot do."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import openpyxl
import pypdfium2
import pytest

from store import reports
from store.acts.assessment import Judgement, Sheet, assess
from store.acts.circulation import report_lost, return_copy
from store.acts.voice import Message, give_feedback
from store.calendar import office_day
from store.paperwork.sheet import Table
from store.records import Feedback, Grade, Organisation, Role, Topic
from store.scan_counts import Scans, enter_scans
from tests.verify.console.bureau import OTHER, OWN, Bureau
from verify.console import reports as pages
from verify.console.guard import Desk

KINDS = ("satisfaction", "assessments", "recalls", "annual")
HOSTILE = "=HYPERLINK(1)组"


def rate(bureau: Bureau, post_id: str, grades: list[Grade], name: str) -> None:
    copy = bureau.copies(post_id)[0]
    for number, grade in enumerate(grades):
        receipt = f"R-{name}-{number}"
        message = Message(
            receipt=receipt, copy_id=copy.id, topic=Topic.RATING, grade=grade, comment="", voter=receipt
        )
        give_feedback(bureau.register, bureau.office.by(Role.PUBLIC), message)


def branch_id(bureau: Bureau, name: str) -> str:
    [found] = bureau.register.find(Organisation, name=name)
    return found.id


@pytest.fixture
def year(bureau: Bureau) -> Bureau:
    """Return a bureau in October: 28 of 32 satisfied in the second quarter, 6 of 10 in the third.

    The second quarter: 12 scans, of which 3 are bad, and a paper survey of 20, of which 1 is bad. The third:
    10 scans, of which 4 are bad. Three members of a titled post, of whom one is assessed in it.
    Of three plates of another branch one came back after 2 days, one was lost after 5, one is out for 12.
    """
    titled, fallen = bureau.plated("财务室", OWN), bureau.plated("标本室", OTHER)
    rate(bureau, titled, [Grade.SATISFIED] * 9 + [Grade.DISSATISFIED] * 3, "spring")
    bureau.office.awarded(titled)
    bureau.wait(days=60)
    rate(bureau, titled, [Grade.FAIRLY_SATISFIED] * 6 + [Grade.VERY_DISSATISFIED] * 4, "summer")
    bureau.wait(days=33)
    bureau.office.vetoed(fallen)
    back, lost, _ = bureau.copies(fallen)
    bureau.wait(days=2)
    return_copy(bureau.register, bureau.office.by(), back.id)
    bureau.wait(days=3)
    report_lost(bureau.register, bureau.office.by(), lost.id, reason="搬迁时遗失")
    bureau.wait(days=7)
    bureau.wait(days=(date(2026, 10, 3) - office_day(bureau.now)).days)
    judged = Sheet(
        period="2026-Q3", assessed_on=date(2026, 9, 28), judgements=(Judgement(member_name="高赟"),)
    )
    assess(bureau.register, bureau.office.by(), titled, judged)
    return bureau


def tables(bureau: Bureau, name: str, officer: str = "committee", query: str = "") -> list[list[list[str]]]:
    """Return the tables of a report's page, as rows of texts."""
    page = bureau.signed_in(officer).get(f"/console/reports/{name}?{query}").text
    found = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    return [list(_rows(each)) for each in found]


def _rows(table: str) -> Iterator[list[str]]:
    chinese = re.sub(r' <span lang="en">.*?</span>', "", table.partition("<tbody>")[2])
    for row in re.findall(r"<tr>(.*?)</tr>", chinese, re.DOTALL):
        yield [re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]


def test_f24_satisfaction_by_branch_post_and_quarter(year: Bureau) -> None:
    by_branch, by_post = tables(year, "satisfaction")
    assert by_branch[0] == [OWN, "0", "—", "32", "87.5%", "10", "60.0%", "0", "—", "42", "81.0%"]
    assert by_branch[-1][0] == "合计"
    assert by_branch[-1][1:] == by_branch[0][1:]
    [own] = [each for each in by_post if each[2] == "财务室"]
    assert own[3:] == by_branch[0][1:]


def test_f24_whoever_is_spoken_about_gets_closed_quarters_only(year: Bureau) -> None:
    titled = next(each.post_id for each in year.register.find(Feedback))
    rate(year, titled, [Grade.DISSATISFIED] * 11, "now")
    [line], _ = tables(year, "satisfaction", "own_branch")
    assert line == [OWN, "0", "—", "32", "87.5%", "10", "60.0%", "42", "81.0%"]
    by_branch, _ = tables(year, "satisfaction", "committee")
    assert by_branch[0][-4:] == ["11", "0.0%", "53", "64.2%"]
    facts = year.signed_in("own_branch").get("/console/reports/annual").text
    assert "共42份" in facts


def test_a_branch_that_sees_the_running_quarter_is_caught(
    year: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = reports.periods_told
    monkeypatch.setattr(pages, "periods_told", lambda *given, **_: told(*given, running=True))
    with pytest.raises(AssertionError):
        test_f24_whoever_is_spoken_about_gets_closed_quarters_only(year)


def test_f17_assessments_done_and_who_is_missing(year: Bureau) -> None:
    done, missing = tables(year, "assessments")
    assert done[0] == [OWN, "2026-Q3", "3", "1", "2", "33.3%"]
    assert missing[0][0:2] == [OWN, "2026-Q3"]
    assert missing[0][4:] == ["曾晓明、汪雪琳", "2026年9月30日", "逾期"]
    assert done[1] == [OWN, "2026-Q4", "3", "0", "3", "0.0%"]


def test_f23_recalls_by_days_out(year: Bureau) -> None:
    by_days, by_branch = tables(year, "recalls")
    assert by_days == [
        ["当天", "0", "0", "0", "0"],
        ["1至3天", "1", "0", "0", "1"],
        ["4至7天", "0", "1", "0", "1"],
        ["8至14天", "0", "0", "0", "0"],
        ["15至30天", "0", "0", "1", "1"],
        ["31天及以上", "0", "0", "0", "0"],
    ]
    assert [OTHER, "3", "1", "0", "1", "1", "1"] in by_branch
    assert [OWN, "0", "0", "0", "0", "0", "0"] in by_branch


def test_the_screen_says_it_in_english_too_and_paper_in_chinese_alone(year: Bureau) -> None:
    browser = year.signed_in()
    page = browser.get("/console/reports/recalls").text
    assert '<th scope="col">在外天数 <span lang="en">Days out</span></th>' in page
    assert '当天 <span lang="en">the same day</span>' in page
    paper = text_of(browser.get("/console/reports/recalls.pdf").content, ".pdf")
    assert "在外天数" in re.sub(r"\s", "", paper)
    assert "the same day" not in paper


def test_scans_by_month_and_day(bureau: Bureau) -> None:
    today = office_day(bureau.now)
    enter_scans(bureau.register, today - timedelta(days=20), Scans(known=4))
    enter_scans(bureau.register, today - timedelta(days=1), Scans(known=2, unknown=1))
    enter_scans(bureau.register, today, Scans(known=3))
    by_month, by_day = tables(bureau, "scans")
    assert by_month[4:] == [["5月", "4", "0"], ["6月", "5", "1"]]
    assert by_day[:3] == [
        ["2026年6月15日", "一", "3", "0"],
        ["2026年6月14日", "日", "2", "1"],
        ["2026年6月13日", "六", "0", "0"],
    ]


@pytest.mark.parametrize("name", KINDS)
def test_a_branch_sees_its_own_numbers_whatever_it_asks_for(year: Bureau, name: str) -> None:
    asked = f"branch={branch_id(year, OTHER)}"
    for suffix in ("", ".xlsx", ".pdf"):
        browser = year.signed_in("own_branch")
        answer = browser.get(f"/console/reports/{name}{suffix}?{asked}")
        assert answer.status_code == 200
        assert OTHER not in text_of(answer.content, suffix)
        assert "标本室" not in text_of(answer.content, suffix)
        assert OWN in text_of(answer.content, suffix)


def test_branches_that_may_choose_are_caught(year: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = lambda reader, _: reader.find(Organisation)  # noqa: E731 - a mutant in one line
    monkeypatch.setattr(pages, "branches_of", everybody)
    monkeypatch.setattr(Desk, "branch_id", None)
    with pytest.raises(AssertionError):
        test_a_branch_sees_its_own_numbers_whatever_it_asks_for(year, "recalls")


def text_of(content: bytes, suffix: str) -> str:
    """Return everything a page, workbook or document says, read by whoever did not write it."""
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    if suffix == ".pdf":
        with pypdfium2.PdfDocument(content) as document:
            return "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"<option.*?</option>", "", content.decode(), flags=re.DOTALL)


def test_paper_and_excel_say_what_the_screen_says(year: Bureau) -> None:
    browser = year.signed_in()
    for name in ("satisfaction", "assessments", "recalls"):
        for suffix in (".xlsx", ".pdf"):
            answer = browser.get(f"/console/reports/{name}{suffix}")
            assert "attachment" in answer.headers["content-disposition"]
            said = text_of(answer.content, suffix)
            assert OWN in said
            assert f"2026年{pages_title(name)}" in re.sub(r"\s", "", said)
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/console/reports/satisfaction.xlsx").content))
    shares = [cell for row in book.active.iter_rows() for cell in row if cell.number_format == "0.0%"]  # type: ignore[union-attr]
    assert {cell.value for cell in shares} == {28 / 32, 0.6, 34 / 42}


def pages_title(name: str) -> str:
    return {"satisfaction": "群众满意度", "assessments": "季度考核完成情况", "recalls": "标牌收回情况"}[name]


def test_a_name_is_no_formula_and_no_markup(bureau: Bureau) -> None:
    bureau.approved(HOSTILE + "<b>", OWN)
    browser = bureau.signed_in()
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/console/reports/satisfaction.xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row if HOSTILE in str(cell.value)]  # type: ignore[union-attr]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)]
    page = browser.get("/console/reports/satisfaction").text
    assert f"{HOSTILE}&lt;b&gt;" in page


def test_an_annual_sheet_is_a_branches(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    assert "请选择一个党总支" in browser.get("/console/reports/annual").text
    assert browser.get("/console/reports/annual.pdf").status_code == 422
    asked = f"branch={branch_id(bureau, OWN)}"
    assert "共产党员示范岗创建活动年度情况表" in browser.get(f"/console/reports/annual?{asked}").text


@pytest.mark.parametrize("asked", ["year=1999", "year=2026&branch=nobody", "year=x", "year=99999999999"])
def test_what_is_misspelled_is_not_asked_for(bureau: Bureau, asked: str) -> None:
    answer = bureau.signed_in().get(f"/console/reports/recalls?{asked}")
    assert answer.status_code == 200
    assert "2026年标牌收回情况" in answer.text


def test_a_report_is_worked_out_again_when_something_was_added(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id, worked_out = bureau.plated(), list[Table]()
    kept = reports.recalled_year
    monkeypatch.setattr(pages, "recalled_year", lambda *given: worked_out.append(None) or kept(*given))  # type: ignore[func-returns-value, arg-type]
    browser = bureau.signed_in()
    for _ in range(3):
        browser.get("/console/reports/recalls")
    assert len(worked_out) == 1
    bureau.office.vetoed(post_id)
    assert f"<td>{3}</td>" in browser.get("/console/reports/recalls").text
    assert len(worked_out) == 2


def test_the_menu_of_a_branch_has_no_scans(bureau: Bureau) -> None:
    assert "/console/reports/scans" not in bureau.signed_in("own_branch").get("/console/reports").text
    assert "/console/reports/scans" in bureau.signed_in("inspector").get("/console/reports").text
