"""台账: everything on record in one workbook, a table for each subject, and the log with its seals (F29).

Leaves out what the public said and left behind: that is the committee's to read one by one.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from operator import itemgetter

from store.assessments import standing_assessments
from store.calendar import office_day, office_time
from store.dossier import POST_STATE_ZH, Dossier, dossiers
from store.lookup import place_of, standing_in
from store.paperwork.applications import post_kind_zh
from store.paperwork.sheet import TICKED, Align, Column, Names, Sheet, Table, Value
from store.recalls import RECALL_CAUSE_ZH, RECALL_STATE_ZH, recalls
from store.records import (
    ApplicationReturned,
    Approval,
    Award,
    Copy,
    Inspection,
    LogEntry,
    PostEnd,
    Veto,
    VetoCorrection,
)
from store.rectifications import RECTIFICATION_STATE_ZH, problems
from store.register import Reader
from store.standing import VERDICT_ZH
from store.terms import ACT_ZH, END_CAUSE_ZH, VETO_CAUSE_ZH, plate_kind_zh

_Rows = Iterator[tuple[Value, ...]]
_MARK = Align.CENTER


def main_tables(reader: Reader, now: datetime) -> Iterator[Sheet]:
    """Yield the tables of posts, plates, recalls, assessments, problems, inspections and decisions."""
    posts = list(dossiers(reader))
    yield _sheet("岗位", _POSTS, _posts(posts))
    yield _sheet("标牌", _COPIES, _copies(reader, now))
    yield _sheet("收回", _RECALLS, _recalls(reader))
    yield _sheet("季度考核", _ASSESSMENTS, _assessments(reader))
    yield _sheet("整改", _PROBLEMS, _problems(reader))
    yield _sheet("检查评比", _INSPECTIONS, _inspections(reader))
    yield _sheet("决定", _DECISIONS, sorted(_decisions(reader), key=itemgetter(0, 1)))


def log_table(reader: Reader) -> Sheet:
    """Return the log of acts, entry by entry, with the seal of each."""
    rows = (
        (
            each.number,
            office_day(each.at),
            f"{office_time(each.at):%H:%M:%S}",
            each.actor,
            ACT_ZH.get(each.act, each.act),
            each.object,
            each.reason,
            each.seal,
        )
        for each in reader.iterate(LogEntry)
    )
    return _sheet("日志", _LOG, rows)


def _sheet(name: str, columns: tuple[Column, ...], rows: Iterable[tuple[Value, ...]]) -> Sheet:
    table = Table(columns=columns, rows=tuple(rows))
    return Sheet(
        name=name,
        title=f"共产党员示范岗工作台账　{name}",
        subtitle=f"共{len(table.rows)}条",
        tables=(table,),
        landscape=True,
    )


_POST = Column(heading="岗位编号", width=4.6, align=_MARK)
_PLATE = Column(heading="标牌编号", width=7.6, align=_MARK)
_POSTS = (
    _POST,
    Column(heading="党总支", width=8),
    Column(heading="岗位名称", width=8),
    Column(heading="类型", width=4.2, align=_MARK),
    Column(heading="地点", width=7),
    Column(heading="工作职责", width=18),
    Column(heading="人数", width=2.2, align=_MARK),
    Column(heading="党员姓名", width=12),
    Column(heading="状态", width=3.2, align=_MARK),
)


def _posts(posts: Iterable[Dossier]) -> _Rows:
    for each in posts:
        names = [member.name for member in each.members]
        content = each.content
        yield (
            each.post.id,
            each.branch.name,
            content.name,
            post_kind_zh(content),
            content.place,
            content.duties,
            len(names),
            Names(tuple(names)),
            POST_STATE_ZH[each.state],
        )


_COPIES = (
    _PLATE,
    _POST,
    Column(heading="岗位名称", width=9),
    Column(heading="种类", width=4.2, align=_MARK),
    Column(heading="持有人", width=9),
    Column(heading="地点", width=9),
    Column(heading="制发日期", width=7.8, align=_MARK),
    Column(heading="状态", width=4.2, align=_MARK),
    Column(heading="换下旧牌", width=7.6, align=_MARK),
)


def _copies(reader: Reader, now: datetime) -> _Rows:
    for each in sorted(reader.iterate(Copy), key=lambda copy: copy.id):
        yield (
            each.id,
            each.post_id,
            each.face.post_name,
            plate_kind_zh(each.product, each.stage),
            each.face.holder,
            place_of(reader, each),
            office_day(each.issued_at),
            VERDICT_ZH[standing_in(reader, each, now).verdict],
            each.replaces,
        )


_RECALLS = (
    _PLATE,
    _POST,
    Column(heading="岗位名称", width=8),
    Column(heading="地点、持有人", width=10),
    Column(heading="原因", width=4.2, align=_MARK),
    Column(heading="开始日期", width=7.8, align=_MARK),
    Column(heading="限期", width=7.8, align=_MARK),
    Column(heading="状态", width=4.2, align=_MARK),
    Column(heading="了结日期", width=7.8, align=_MARK),
)


def _recalls(reader: Reader) -> _Rows:
    for each in recalls(reader):
        yield (
            each.copy.id,
            each.copy.post_id,
            each.copy.face.post_name,
            " ".join(filter(None, (each.place, each.copy.face.holder))),
            RECALL_CAUSE_ZH[each.line.cause],
            office_day(each.line.opened_at),
            each.line.due_on,
            RECALL_STATE_ZH[each.state],
            office_day(each.closed_at) if each.closed_at else None,
        )


_ASSESSMENTS = (
    _POST,
    Column(heading="考核期", width=5, align=_MARK),
    Column(heading="党员姓名", width=7),
    *(Column(heading=number, width=1.6, align=_MARK) for number in "一二三四五六"),
    Column(heading="考核意见", width=20),
    Column(heading="考核日期", width=7.8, align=_MARK),
)


def _assessments(reader: Reader) -> _Rows:
    for each in standing_assessments(reader):
        met = tuple(TICKED if one else "×" for one in each.standards)
        yield each.post_id, each.period, each.member_name, *met, each.remarks, each.assessed_on


_PROBLEMS = (
    _POST,
    Column(heading="党员姓名", width=6),
    Column(heading="问题", width=16),
    Column(heading="限期", width=7.8, align=_MARK),
    Column(heading="状态", width=9, align=_MARK),
    Column(heading="整改情况", width=16),
)


def _problems(reader: Reader) -> _Rows:
    for each in problems(reader):
        order = each.order
        evidence = each.closed.evidence if each.closed else None
        state = RECTIFICATION_STATE_ZH[each.state]
        yield order.post_id, order.member_name, order.problem, order.due_on, state, evidence


_INSPECTIONS = (
    _POST,
    Column(heading="轮次", width=5.4, align=_MARK),
    Column(heading="检查日期", width=7.8, align=_MARK),
    Column(heading="听取汇报", width=10),
    Column(heading="实地考评", width=10),
    Column(heading="听取群众意见", width=10),
    Column(heading="测评份数", width=4.2, align=_MARK),
    Column(heading="满意份数", width=4.2, align=_MARK),
    Column(heading="总分", width=2.4, align=_MARK),
)


def _inspections(reader: Reader) -> _Rows:
    for each in reader.iterate(Inspection):
        evidence = (each.report, each.site, each.opinions)
        asked = (each.survey_count, each.survey_satisfied)
        yield each.post_id, each.round, each.inspected_on, *evidence, *asked, each.points


_DECISIONS = (
    Column(heading="日期", width=7.8, align=_MARK),
    _POST,
    Column(heading="决定", width=6, align=_MARK),
    Column(heading="文号", width=10),
    Column(heading="事由、意见", width=26),
)


def _decisions(reader: Reader) -> Iterator[tuple[date, str, str, str, str]]:
    for approval in reader.iterate(Approval):
        yield office_day(approval.approved_at), approval.post_id, "批准", approval.document, approval.opinion
    for back in reader.iterate(ApplicationReturned):
        yield office_day(back.returned_at), back.post_id, "退回", back.document, back.opinion
    for award in reader.iterate(Award):
        yield award.awarded_on, award.post_id, "命名", award.document, ""
    for veto in reader.iterate(Veto):
        yield (
            office_day(veto.cast_at),
            veto.post_id,
            "一票否决",
            "",
            f"{VETO_CAUSE_ZH[veto.cause]}：{veto.facts}",
        )
    for correction in reader.iterate(VetoCorrection):
        day = office_day(correction.corrected_at)
        yield day, correction.post_id, "更正否决", correction.document, correction.reason
    for end in reader.iterate(PostEnd):
        yield office_day(end.ended_at), end.post_id, END_CAUSE_ZH[end.cause], "", end.reason


_LOG = (
    Column(heading="序号", width=4, align=_MARK),
    Column(heading="日期", width=7.8, align=_MARK),
    Column(heading="时间", width=5, align=_MARK),
    Column(heading="办理人", width=8),
    Column(heading="事项", width=6),
    Column(heading="对象", width=12),
    Column(heading="事由", width=16),
    Column(heading="封印", width=34),
)
