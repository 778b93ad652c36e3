"""What stands on each sheet, read from a register in which it happened."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from store.acts.assessment import Judgement, assess
from store.acts.assessment import Sheet as Judgements
from store.acts.award import award
from store.acts.circulation import report_lost, return_copy
from store.acts.notices import NewNotice, post_notice
from store.assessments import assessments_due
from store.branch_year import branch_year
from store.calendar import office_day
from store.clauses import STANDARDS_ZH
from store.dossier import dossier_of
from store.paperwork.annual import annual_sheet
from store.paperwork.applications import application_summary, blank_application_summary
from store.paperwork.assessments import assessment_forms, blank_assessment_form
from store.paperwork.inspections import blank_inspection_sheet, inspection_sheet
from store.paperwork.ledger_book import log_table, main_tables
from store.paperwork.names import names_sheet
from store.paperwork.notices import notice_sheet
from store.paperwork.recall_papers import recall_notice, recall_receipts
from store.paperwork.sheet import TICKED, UNTICKED, Column, Names, Share, Sheet, Table, Value
from store.policy import founding_plan
from store.recalls import recalls
from store.records import (
    Application,
    Copy,
    Inspection,
    LogEntry,
    NoticeSubject,
    Organisation,
    PostKind,
    Product,
)
from store.rounds import round_inspected, round_of
from store.terms import ACT_ZH
from tests.office import Office

ROOT = Path(__file__).parents[3]
POLICY = founding_plan()
NAMES = ("曾晓明", "高赟", "汪雪琳")


def facts(sheet: Sheet) -> dict[str, Value]:
    return {fact.label: fact.value for fact in sheet.facts}


def column(table: Table, heading: str) -> list[Value]:
    place = [each.heading for each in table.columns].index(heading)
    return [row[place] for row in table.rows]


def branch_of(office: Office) -> Organisation:
    [branch] = office.register.find(Organisation, name="畜牧站党总支")
    return branch


@pytest.fixture
def titled(office: Office) -> str:
    post_id = office.awarded(office.approved())
    office.now = datetime(2026, 11, 22, 4, tzinfo=UTC)
    return post_id


def test_f5_the_application_summary_lists_what_the_branch_applied_for(office: Office) -> None:
    office.applied(office.row("财务室"))
    single = office.row("张伟岗", members="张伟", kind=PostKind.INDIVIDUAL, collective_kind=None)
    office.applied(single)
    office.applied(replace(office.row("别家"), branch_name="蔬菜站党总支"))
    sheet = application_summary(office.register, branch_of(office), 2026)
    [table] = sheet.tables
    assert column(table, "岗位名称") == ["财务室", "张伟岗"]
    assert column(table, "类型") == ["办公室", "个人"]
    assert column(table, "党员人数") == [3, 1]
    assert column(table, "党员姓名") == [Names(NAMES), Names(("张伟",))]
    assert facts(sheet)["党员人次"] == 4
    assert next(each.label for each in sheet.signatures) == "党总支（盖章）："


def test_f5_a_year_without_posts_is_an_empty_table(office: Office) -> None:
    office.applied()
    [table] = application_summary(office.register, branch_of(office), 2025).tables
    assert table.rows == ()


def test_f26_the_notice_sheet_shows_what_from_when_to_when_and_how_to_object(office: Office) -> None:
    office.applied()
    shown = tuple(each.id for each in office.register.find(Application))
    new = NewNotice(
        subject=NoticeSubject.APPLICATIONS,
        object_ids=shown,
        places="党务公开栏",
        opens_on=date(2026, 6, 15),
    )
    notice = post_notice(office.register, office.by(), new)
    sheet = notice_sheet(office.register, POLICY, notice)
    [table] = sheet.tables
    assert column(table, "岗位名称") == ["财务室"]
    assert facts(sheet)["公示地点"] == "党务公开栏"
    assert facts(sheet)["公示期"] == "2026年6月15日至2026年6月23日"
    assert facts(sheet)["受理电话"] is None
    assert "异议" in sheet.closing[0]
    assert sheet.signatures[0].dated_on == date(2026, 6, 15)


def test_f16_the_name_list_names_who_holds_the_title_still(office: Office, titled: str) -> None:
    named_in = round_of(date(2026, 7, 1), POLICY)
    sheet = names_sheet(office.register, POLICY, named_in)
    assert column(sheet.tables[0], "岗位编号") == [titled]
    assert column(sheet.tables[0], "岗位党员") == [Names(NAMES)]
    assert column(sheet.tables[0], "命名日期") == [date(2026, 7, 1)]
    office.vetoed(titled)
    assert names_sheet(office.register, POLICY, named_in).tables[0].rows == ()


def test_f17_the_form_has_the_six_standards_filled_or_to_be_ticked(office: Office, titled: str) -> None:
    judgement = Judgement(member_name="高赟", failed=frozenset({5}), remarks="首问负责不到位")
    made = Judgements(period="2026-Q4", assessed_on=date(2026, 11, 20), judgements=(judgement,))
    assess(office.register, office.by(), titled, made)
    period = POLICY.periods.named("2026-Q4")
    assert period is not None
    dossier = dossier_of(office.register, titled)
    forms = {
        each.name: each for each in assessment_forms(office.register, dossier, period, date(2026, 11, 22))
    }
    assert set(forms) == set(NAMES)
    filled, open_form = forms["高赟"].tables[0], forms["曾晓明"].tables[0]
    assert column(filled, "岗位标准") == column(open_form, "岗位标准") == list(STANDARDS_ZH)
    assert column(filled, "达到") == [TICKED] * 4 + ["", TICKED]
    assert column(filled, "未达到") == [""] * 4 + [TICKED, ""]
    assert column(open_form, "达到") == column(open_form, "未达到") == [UNTICKED] * 6
    assert facts(forms["高赟"])["考核日期"] == date(2026, 11, 20)
    assert facts(forms["曾晓明"])["考核日期"] is None
    assert "首问负责不到位" in str(forms["高赟"].tables[1].rows)


def test_f17_the_forms_still_to_be_filled_are_the_assessments_due(office: Office, titled: str) -> None:
    period = POLICY.periods.named("2026-Q4")
    assert period is not None
    today = date(2026, 11, 22)
    forms = assessment_forms(office.register, dossier_of(office.register, titled), period, today)
    wanted = {each.name for each in forms if facts(each)["考核日期"] is None}
    due = assessments_due(office.register, POLICY, today)
    assert wanted == {each.member_name for each in due if each.period == period}


def test_f13_the_inspection_sheet_shows_evidence_judgements_and_points(office: Office) -> None:
    post_id = office.approved()
    office.surveyed(post_id)
    inspection = office.inspected(post_id, effective=False)
    dossier = dossier_of(office.register, post_id)
    counted_in = round_inspected(date(2026, 6, 15), POLICY)
    sheet = inspection_sheet(office.register, POLICY, dossier, counted_in)
    evidence, judgements = sheet.tables
    assert column(evidence, "情况记录") == [inspection.report, inspection.site, inspection.opinions]
    assert column(evidence, "得分") == [90, 85, inspection.survey_points]
    assert column(evidence, "权重") == [Share(0.2), Share(0.2), Share(0.6)]
    assert column(judgements, "是") == [TICKED, TICKED, TICKED, ""]
    assert column(judgements, "否") == ["", "", "", TICKED]
    assert facts(sheet)["总分"] == inspection.points
    assert facts(sheet)["满意率"] == Share(19 / 20)
    assert len(office.register.find(Inspection)) == 1


def test_f23_the_notice_lists_every_plate_that_is_out_with_place_and_day(office: Office) -> None:
    post_id = office.approved()
    plaque, badge = office.issued(post_id), office.issued(post_id, Product.BADGE)
    office.vetoed(post_id)
    lines = list(recalls(office.register, post_id=post_id))
    sheet = recall_notice(POLICY, "畜牧站党总支", lines, date(2026, 6, 16))
    [table] = sheet.tables
    assert column(table, "标牌编号") == [plaque.id, badge.id]
    assert column(table, "悬挂地点、佩戴人") == ["6号楼299室", f"6号楼299室 {badge.face.holder}"]
    assert column(table, "限期") == ["2026年6月22日"] * 2
    assert column(table, "交回签收") == [None, None]
    assert "立即撤销称号，收回挂牌" in sheet.opening[0]
    late = recall_notice(POLICY, "畜牧站党总支", lines, date(2026, 6, 23))
    assert "已逾期" in str(column(late.tables[0], "限期")[0])


def test_f23_every_plate_that_came_back_has_a_receipt_and_no_other(office: Office) -> None:
    post_id = office.approved()
    back, lost, _out = (office.issued(post_id) for _ in range(3))
    office.vetoed(post_id)
    return_copy(office.register, office.by(), back.id, note="本人送交")
    report_lost(office.register, office.by(), lost.id, reason="搬迁遗失")
    lines = list(recalls(office.register, post_id=post_id))
    [receipt] = recall_receipts(office.register, POLICY, lines)
    assert facts(receipt)["标牌编号"] == back.id
    assert facts(receipt)["办理情况"] == "已交回（按期）"
    assert facts(receipt)["备注"] == "本人送交"
    assert len(recall_notice(POLICY, "", lines, date(2026, 6, 16)).tables[0].rows) == 1


def test_f23_a_receipt_says_when_a_plate_came_late(office: Office) -> None:
    plate = office.issued(office.approved())
    office.vetoed(plate.post_id)
    office.now += timedelta(days=8)
    return_copy(office.register, office.by(), plate.id)
    [receipt] = recall_receipts(office.register, POLICY, list(recalls(office.register)))
    assert facts(receipt)["办理情况"] == "已交回（逾期）"


def test_f27_the_annual_sheet_counts_what_the_lists_list(office: Office, titled: str) -> None:
    judgement = Judgement(member_name="高赟")
    made = Judgements(period="2026-Q3", assessed_on=date(2026, 9, 20), judgements=(judgement,))
    assess(office.register, office.by(), titled, made)
    found = branch_year(office.register, POLICY, branch_of(office), 2026, office.now)
    listed = list(assessments_due(office.register, POLICY, office_day(office.now), branch_of(office).id))
    assert (found.assessments_done, found.assessments_open) == (1, len(listed)) == (1, 5)
    sheet = annual_sheet(POLICY, found)
    said = dict(zip(column(sheet.tables[0], "项目"), sheet.tables[0].rows, strict=True))
    assert said["季度考核"][2:] == (1, "应考核6人次，尚缺5人次")
    assert said["群众满意度"][2] == Share(0.95)
    assert "共20份，满意19份" in str(said["群众满意度"][3])
    assert "纸质问卷20份" in sheet.closing[0]
    assert (said["检查评比"][2], said["本年命名"][2]) == (1, 1)
    assert column(sheet.tables[1], "岗位编号") == [titled]


def test_f27_recalls_on_time_are_those_back_by_their_day(office: Office) -> None:
    post_id = office.approved()
    early, late, lost, _out = (office.issued(post_id) for _ in range(4))
    office.vetoed(post_id)
    return_copy(office.register, office.by(), early.id)
    report_lost(office.register, office.by(), lost.id, reason="搬迁遗失")
    office.now += timedelta(days=8)
    return_copy(office.register, office.by(), late.id)
    found = branch_year(office.register, POLICY, branch_of(office), 2026, office.now)
    assert (found.recalls.in_time, found.recalls.late, found.recalls.still_open) == (1, 1, 1)
    assert found.recalls_lost == 1
    assert found.vetoes == 1


def test_f27_every_note_of_the_annual_sheet_carries_its_number(office: Office, titled: str) -> None:
    found = branch_year(office.register, POLICY, branch_of(office), 2026, office.now)
    notes = {row[1]: str(row[3]) for row in annual_sheet(POLICY, found).tables[0].rows}
    assert all(any(letter.isdigit() for letter in note) for note in notes.values()), titled
    assert notes["本年命名"] == "共命名1个岗位"


def test_f27_too_few_ratings_give_no_share(office: Office) -> None:
    office.surveyed(office.approved(), counts=(3, 0, 0, 0, 0))
    found = branch_year(office.register, POLICY, branch_of(office), 2026, office.now)
    said = annual_sheet(POLICY, found).tables[0]
    row = next(row for row in said.rows if row[1] == "群众满意度")
    assert row[2:] == ("—", "共3份，不足10份，不作统计")


def test_f29_the_ledger_book_holds_everything_on_record_and_the_log(office: Office, titled: str) -> None:
    office.vetoed(titled)
    by_name = {each.name: each.tables[0] for each in main_tables(office.register, office.now)}
    assert set(by_name) == {"岗位", "标牌", "收回", "季度考核", "整改", "检查评比", "决定"}
    assert column(by_name["岗位"], "状态") == ["已撤销"]
    assert column(by_name["决定"], "决定") == ["批准", "命名", "一票否决"]
    log = log_table(office.register).tables[0]
    entries = office.register.find(LogEntry)
    assert column(log, "封印") == [each.seal for each in entries]
    assert column(log, "序号") == [each.number for each in entries]


def test_f29_no_code_of_a_plate_stands_in_the_book(office: Office) -> None:
    plate = office.issued(office.approved())
    said = repr([*main_tables(office.register, office.now), log_table(office.register)])
    assert plate.id in said
    assert plate.code not in said
    assert office.register.count(Copy) == 1


@pytest.mark.parametrize(
    "blank", [blank_assessment_form(), blank_inspection_sheet(POLICY), blank_application_summary(3)]
)
def test_a_blank_form_has_the_fields_of_a_filled_one(blank: Sheet) -> None:
    assert all(fact.value is None for fact in blank.facts)
    assert all(table.rows for table in blank.tables)
    assert blank.signatures


def test_a_row_has_a_value_for_each_column() -> None:
    with pytest.raises(ValueError, match="every row"):
        Table(columns=(Column(heading="一", width=1),), rows=((1, 2),))


def test_an_award_of_today_is_on_the_list_of_its_round(office: Office) -> None:
    post_id = office.approved()
    office.surveyed(post_id)
    office.inspected(post_id)
    award(office.register, office.by(), post_id, awarded_on=date(2026, 6, 15))
    sheet = names_sheet(office.register, POLICY, round_of(date(2026, 7, 1), POLICY))
    assert column(sheet.tables[0], "岗位编号") == [post_id]


def test_f29_every_act_of_the_log_has_its_word() -> None:
    sources = (ROOT / "store").rglob("*.py")
    acts = {act for each in sources for act in re.findall(r'act="([a-z -]+)"', each.read_text("utf-8"))}
    assert len(acts) > 30
    assert acts <= set(ACT_ZH)
