"""The import of a roster in the browser: faults at their cells, put right in place; differences; the act."""

import re
from datetime import date
from html import unescape
from typing import Any

import httpx
import pytest

from store.acts.apply import RegisterChangedSince, apply_roster, plan_roster
from store.acts.organisations import rename_branch
from store.branches import general_branches
from store.records import Application, LogEntry, Organisation, Post
from store.roster import RosterRefused, read_roster, roster_of
from store.roster.tables import read_sheets
from tests.rosters import GOOD, HEADER, good, sample, workbook
from tests.verify.console.bureau import OWN, SAME_ORIGIN, Browser, Bureau
from tests.verify.console.test_first_steps import next_address
from verify.console.carried import SealBroken, cell_name, opened, put_right, sealed
from verify.public.forms import ROSTER_FORM_BYTES_MOST

FAULTS = 14
IMPORT = "/console/import"
Row = tuple[object, ...]


def own(**changes: object) -> Row:
    return good(**{"党总支": OWN, **changes})


def upload(browser: Browser, data: bytes, name: str = "名册.xlsx") -> httpx.Response:
    browser.get(IMPORT)
    files = {"file": (name, data, "application/octet-stream")}
    return browser.ask("POST", IMPORT, data={"token": browser.token}, files=files, headers=SAME_ORIGIN)


def fields_of(answer: httpx.Response) -> dict[str, str]:
    """Return what the grid's form would send: its hidden fields and its cells."""
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text)
    cells = re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    return {name: unescape(value) for name, value in (*hidden, *cells)}


def send(browser: Browser, fields: dict[str, str], address: str = IMPORT) -> httpx.Response:
    parts: dict[str, Any] = {name: (None, value) for name, value in fields.items()}
    return browser.ask("POST", address, files=parts, headers=SAME_ORIGIN)


def send_differences(browser: Browser, answer: httpx.Response) -> httpx.Response:
    return send(browser, fields_of(answer), f"{IMPORT}/apply")


def test_a_branch_that_was_renamed_is_a_fault_at_its_cell_and_put_right_there(bureau: Bureau) -> None:
    [branch] = [each for each in general_branches(bureau.register) if each.name == OWN]
    rename_branch(bureau.register, bureau.office.by(), branch.id, "畜牧中心党总支", reason="机构改革")
    branches = bureau.register.count(Organisation)
    browser = bureau.signed_in()
    faulty = upload(browser, workbook(HEADER, own()))
    assert (faulty.status_code, f"“{OWN}”已更名为“畜牧中心党总支”" in faulty.text) == (422, True)
    fields = {name: "畜牧中心党总支" if value == OWN else value for name, value in fields_of(faulty).items()}
    assert send_differences(browser, send(browser, fields)).status_code == 303
    assert bureau.register.count(Organisation) == branches


def test_every_fault_stands_at_its_cell_with_clause_and_remedy(bureau: Bureau) -> None:
    browser, data = bureau.signed_in(), sample("roster-faulty.xlsx")
    before = bureau.office.written()
    answer = upload(browser, data)
    with pytest.raises(RosterRefused) as refused:
        read_roster(data, "名册.xlsx", members_min=3)
    said = unescape(answer.text)
    assert answer.status_code == 422
    assert len(refused.value.faults) == FAULTS
    for number, fault in enumerate(refused.value.faults, start=1):
        assert fault.zh in said
        assert fault.en in said
        assert f'id="at-{number}"' in said
    assert bureau.office.written() == before


def test_a_fault_is_put_right_in_place_and_the_rest_stays_as_it_was(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    names = "张伟\n王芳\n李娜"
    answer = upload(browser, workbook(HEADER, own(岗位类型="团体", 党员姓名=names), own(岗位名称="花房")))
    fields = fields_of(answer)
    field = cell_name(0, 2, HEADER.index("岗位类型") + 1)
    assert [name for name in fields if name.startswith("cell-")] == [field]
    shown = send(browser, fields | {field: "集体"})
    assert shown.status_code == 200
    done = send_differences(browser, shown)
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"{next_address(bureau, 'committee')[0]}&entry={bureau.register.count(LogEntry)}",
    )
    assert "名册已导入" in browser.get(done.headers["location"]).text
    filed = bureau.register.find(Application)[-2:]
    assert [each.content.name for each in filed] == [GOOD["岗位名称"], "花房"]
    assert [len(each.content.members) for each in filed] == [3, 3]


def test_a_cell_that_is_left_alone_keeps_its_flaw(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    faulty = upload(browser, workbook(HEADER, own(岗位地点=date(2026, 7, 1))))
    again = send(browser, fields_of(faulty))
    assert (faulty.status_code, again.status_code) == (422, 422)
    assert "被 Excel 当成了日期" in again.text


def test_the_sample_of_2026_goes_in_with_one_log_entry(bureau: Bureau) -> None:
    browser, entries = bureau.signed_in(), bureau.register.count(LogEntry)
    answer = upload(browser, sample("roster-2026.xlsx"))
    rows = read_roster(sample("roster-2026.xlsx"), "r.xlsx", members_min=3).rows
    assert answer.status_code == 200
    assert send_differences(browser, answer).status_code == 303
    assert {row.content.name for row in rows} <= {
        each.content.name for each in bureau.register.find(Application)
    }
    assert bureau.register.count(LogEntry) == entries + 1
    again = upload(browser, sample("roster-2026.xlsx"))
    assert "没有需要导入的内容" in again.text
    assert "按以上内容导入" not in again.text


def test_differences_are_shown_before_and_after(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    send_differences(browser, upload(browser, workbook(HEADER, own())))
    changed = upload(browser, workbook(HEADER, own(岗位地点="西门")))
    assert "<del>东门</del>" in changed.text
    assert "<ins>西门</ins>" in changed.text


def test_what_changed_in_the_register_meanwhile_is_shown_and_not_applied(bureau: Bureau) -> None:
    browser, other = bureau.signed_in(), bureau.signed_in()
    shown = upload(browser, workbook(HEADER, own()))
    send_differences(other, upload(other, workbook(HEADER, own(岗位地点="西门"))))
    before = bureau.office.written()
    late = send_differences(browser, shown)
    assert (late.status_code, "登记簿在您核对之后有变化" in late.text) == (422, True)
    assert "<del>西门</del>" in late.text
    assert bureau.office.written() == before
    assert send_differences(browser, late).status_code == 303


def test_the_act_itself_refuses_another_plan_than_was_looked_at(bureau: Bureau) -> None:
    row = bureau.office.row("苗圃")
    with bureau.register.snapshot() as reader:
        looked_at = plan_roster(reader, [row])
    bureau.posted("苗圃")
    before = bureau.office.written()
    with pytest.raises(RegisterChangedSince):
        apply_roster(bureau.register, bureau.office.by(), [row], looked_at=looked_at)
    assert bureau.office.written() == before


@pytest.mark.parametrize("change", [lambda word: word[:-8] + "A" * 8, lambda _: "x", lambda _: "."])
def test_cells_that_were_not_read_from_a_file_are_refused(bureau: Bureau, change: Any) -> None:
    browser = bureau.signed_in()
    fields = fields_of(upload(browser, workbook(HEADER, own())))
    before = bureau.office.written()
    answer = send(browser, fields | {"sheets": change(fields["sheets"])}, f"{IMPORT}/apply")
    assert (answer.status_code, SealBroken.reason_zh in answer.text) == (422, True)
    assert bureau.office.written() == before


@pytest.mark.parametrize("seen", ["", "0" * 64, "ä"])
def test_nothing_is_applied_that_was_not_shown(bureau: Bureau, seen: str) -> None:
    browser = bureau.signed_in()
    fields = fields_of(upload(browser, workbook(HEADER, own())))
    before = bureau.office.written()
    assert send(browser, fields | {"seen": seen}, f"{IMPORT}/apply").status_code == 422
    assert bureau.office.written() == before


def test_a_branch_officer_imports_for_its_own_branch_only(bureau: Bureau) -> None:
    browser, before = bureau.signed_in("other_branch"), len(bureau.register.find(Post))
    answer = upload(browser, workbook(HEADER, own(岗位名称="接待室")))
    assert answer.status_code == 403
    assert "6号楼" not in answer.text
    shown = upload(bureau.signed_in(), workbook(HEADER, own()))
    smuggled = fields_of(shown) | {"token": browser.token}
    assert send(browser, smuggled, f"{IMPORT}/apply").status_code == 403
    assert len(bureau.register.find(Post)) == before
    mine = bureau.signed_in("own_branch")
    assert send_differences(mine, upload(mine, workbook(HEADER, own()))).status_code == 303


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><b>', "=1+1", "\u202e\ufffd", "_xD800_"])
def test_hostile_cells_are_text(bureau: Bureau, hostile: str) -> None:
    answer = upload(bureau.signed_in(), workbook(HEADER, own(岗位类型=hostile, 岗位地点=hostile)))
    assert answer.status_code == 422
    assert "<script" not in answer.text
    assert "<b>" not in answer.text.partition('<div class="grid"')[2]


def test_a_file_or_table_beyond_the_bounds_is_refused(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    for data in (b"a" * 5_000_001, workbook(*([("x",) * 99] * 700)), b"a\n" * 6_001):
        assert "网页上最多5 MB" in upload(browser, data, "名册.csv").text
    assert upload(browser, b"a" * ROSTER_FORM_BYTES_MOST).status_code == 413
    assert browser.post(IMPORT, sheets="a" * 70_000).status_code == 413
    files = {"file": ("r.csv", b"a" * 70_000, "text/csv")}
    away = browser.ask("POST", "/console/return", data={"token": "x"}, files=files, headers=SAME_ORIGIN)
    assert away.status_code == 413


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "r.xlsx"), (b"PK\x03\x04junk", "r.xlsx"), (b"junk", "r.xls"), (b"\xff\xff", "r.csv")],
)
def test_a_file_that_is_no_roster_is_refused_in_words(bureau: Bureau, data: bytes, name: str) -> None:
    answer = upload(bureau.signed_in(), data, name)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_roster_outlives_the_session(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    fields = fields_of(upload(browser, workbook(HEADER, own())))
    bureau.wait(minutes=31)
    late = send(browser, fields, f"{IMPORT}/apply")
    assert (late.status_code, 'enctype="multipart/form-data"' in late.text) == (401, True)
    assert f"<li>{fields['sheets']}" not in late.text


@pytest.mark.parametrize("name", ["roster-2026.xlsx", "roster-faulty.xlsx", "members-2026.csv"])
def test_sealed_sheets_read_as_the_file_does(bureau: Bureau, name: str) -> None:
    sheets, site = read_sheets(sample(name), name), bureau.app.state.site
    carried = put_right(opened(site, sealed(site, sheets)), {})
    assert outcome(carried) == outcome(sheets)


def outcome(sheets: Any) -> object:
    try:
        return roster_of(sheets, members_min=3)
    except RosterRefused as refused:
        return refused.faults
