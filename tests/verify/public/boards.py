"""A notice board with something of everything: posts of two branches, one fallen, ratings, two notices."""

from dataclasses import replace
from datetime import UTC, date, datetime

from store.acts.notices import NewNotice, post_notice
from store.acts.plans import NewPlan, file_plan
from store.records import Copy, Grade, NoticeSubject, Post, Product
from tests.office import Office
from tests.ratings import rate

TITLED, CREATING, FALLEN, RECOMMENDED = "2026-001", "2026-002", "2026-003", "2026-004"
NAMES = ("曾晓明", "高赟", "汪雪琳")
FALLEN_NAME = "保管室"
HOSTILE = "<b>\"&'</b>=1+1"
MONDAY = date(2026, 11, 16)
JULY = datetime(2026, 7, 6, 4, tzinfo=UTC)


def fill(office: Office) -> list[Copy]:
    """Bring a board about and return the plates, in the order of their numbers."""
    posts = (
        ("财务室", "畜牧站党总支"),
        (HOSTILE, "畜牧站党总支"),
        (FALLEN_NAME, "农机中心党总支"),
        ("档案室", "农机中心党总支"),
    )
    office.applied(
        *(
            replace(office.row(name=name), branch_name=branch, row=row)
            for row, (name, branch) in enumerate(posts, start=3)
        )
    )
    assert [each.id for each in office.register.find(Post)] == [TITLED, CREATING, FALLEN, RECOMMENDED]
    for post_id in (TITLED, CREATING, FALLEN):
        office.approved_now(post_id)
    office.awarded(TITLED, on=date(2026, 7, 1))
    copies = [office.issued(each) for each in (TITLED, CREATING, FALLEN)]
    copies.insert(1, office.issued(TITLED, Product.BADGE))
    rate(office.register, TITLED, [Grade.SATISFIED] * 27 + [Grade.DISSATISFIED] * 3, JULY)
    rate(office.register, CREATING, [Grade.SATISFIED] * 9, JULY)
    rate(office.register, FALLEN, [Grade.VERY_DISSATISFIED] * 20, JULY)
    office.now = datetime(2026, 11, 12, 4, tzinfo=UTC)
    office.vetoed(FALLEN)
    _put_on_notice(office)
    return copies


def _put_on_notice(office: Office) -> None:
    plan = NewPlan(year=2026, title="创建方案", text="组织发动。\n<i>六月</i>申报。")
    filed = file_plan(office.register, office.by(), "O01", plan)
    shown = {NoticeSubject.APPLICATIONS: f"{RECOMMENDED}-A1", NoticeSubject.PLANS: filed.id}
    for subject, object_id in shown.items():
        new = NewNotice(subject=subject, object_ids=(object_id,), places="党务公开栏", opens_on=MONDAY)
        post_notice(office.register, office.by(), new)
