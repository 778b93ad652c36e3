"""公示: what a public notice shows, as it hangs on the board (F26)."""

from store.branches import organisations
from store.calendar import chinese_day
from store.dossier import dossier_of
from store.paperwork.applications import post_kind_zh
from store.paperwork.sheet import Align, Column, Fact, Names, Sheet, Signature, Table, Value
from store.policy import Policy
from store.records import Application, BranchPlan, NoticeSubject, PublicNotice
from store.register import Reader
from store.terms import NOTICE_SUBJECT_ZH

_NUMBER = Column(heading="序号", width=2, align=Align.CENTER)
_POST_COLUMNS = (
    _NUMBER,
    Column(heading="岗位编号", width=4.6, align=Align.CENTER),
    Column(heading="申报单位", width=8),
    Column(heading="岗位名称", width=8),
    Column(heading="类型", width=4.2, align=Align.CENTER),
    Column(heading="工作职责", width=18),
    Column(heading="党员姓名", width=11),
)
_PLAN_COLUMNS = (_NUMBER, Column(heading="单位", width=8), Column(heading="计划安排", width=30))


def notice_sheet(reader: Reader, policy: Policy, notice: PublicNotice) -> Sheet:
    """Return the sheet of a notice: what is shown, from when to when, and how to object."""
    shows_posts = notice.subject is NoticeSubject.APPLICATIONS
    rows = _post_rows(reader, notice) if shows_posts else _plan_rows(reader, notice)
    return Sheet(
        name="公示",
        title=f"关于“共产党员示范岗”{NOTICE_SUBJECT_ZH[notice.subject]}的公示",
        subtitle=f"公示编号 {notice.id}",
        opening=(_opening(policy, notice),),
        tables=(Table(columns=_POST_COLUMNS if shows_posts else _PLAN_COLUMNS, rows=rows),),
        closing=(_closing(policy),),
        facts=(
            Fact("公示地点", notice.places),
            Fact("公示期", f"{chinese_day(notice.opens_on)}至{chinese_day(notice.closes_on)}"),
            Fact("受理电话", None),
            Fact("受理地点", None),
        ),
        signatures=(Signature(label=f"{policy.committee_name}（盖章）", dated_on=notice.opens_on),),
        landscape=shows_posts,
    )


def _opening(policy: Policy, notice: PublicNotice) -> str:
    shown = "各党总支推荐申报的岗位" if notice.subject is NoticeSubject.APPLICATIONS else "各党总支的计划安排"
    return (
        f"根据《{policy.name}》，现将{shown}予以公示，接受群众监督。公示期自"
        f"{chinese_day(notice.opens_on)}至{chinese_day(notice.closes_on)}。"
    )


def _closing(policy: Policy) -> str:
    return (
        f"公示期内对上列内容有异议的，可以电话、书面或当面向{policy.committee_name}反映，也可在网上公示栏提出。"
        "反映情况应当实事求是；对反映人的信息严格保密。"
    )


def _post_rows(reader: Reader, notice: PublicNotice) -> tuple[tuple[Value, ...], ...]:
    shown = (reader.get(Application, each) for each in notice.object_ids)
    found = [each for each in shown if each]
    return tuple(_post_row(reader, number, each) for number, each in enumerate(found, start=1))


def _post_row(reader: Reader, number: int, application: Application) -> tuple[Value, ...]:
    content = application.content
    return (
        number,
        application.post_id,
        dossier_of(reader, application.post_id).branch.name,
        content.name,
        post_kind_zh(content),
        content.duties,
        Names(tuple(member.name for member in content.members)),
    )


def _plan_rows(reader: Reader, notice: PublicNotice) -> tuple[tuple[Value, ...], ...]:
    found = [each for each in (reader.get(BranchPlan, one) for one in notice.object_ids) if each]
    names = {each.id: each.name for each in organisations(reader)}
    return tuple(
        (number, names[each.branch_id], f"{each.title}\n{each.text}")
        for number, each in enumerate(found, start=1)
    )
