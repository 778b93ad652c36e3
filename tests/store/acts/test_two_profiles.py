"""One story under two policies: the same acts, other numbers in every refusal and every date."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from store.acts.approve import approve
from store.acts.award import award
from store.acts.notices import NewNotice, post_notice
from store.acts.organisations import add_branch
from store.acts.plans import NewPlan, file_plan
from store.acts.rectification import Demand, order_rectification
from store.policy import built_in
from store.records import NoticeSubject, RecallLine
from store.refusals import Refusal
from store.tinydb_register import TinyDbRegister
from tests.office import Office

NAMES = ("曾晓明", "高赟", "汪雪琳", "贺杰佳", "崔军", "赵一")
Told = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A built-in policy, a day in its window, and what is to be read of its numbers.

    Of the surveys the first has one form too few, the second spoils the share, the third mends it;
    the marks then make one point too few.
    """

    name: str
    begins: date
    members: int
    posts: int
    told: Told
    notice_ends: date
    rectified_by: timedelta
    returned_by: timedelta
    surveys: tuple[tuple[int, ...], ...]
    marks: tuple[int, int]
    inspected_on: date
    named_on: date


PLAN = Profile(
    name="founding-plan",
    begins=date(2026, 6, 11),
    members=3,
    posts=3,
    told={
        "TooFewMembers": "只有2名党员，少于3名",
        "QuotaExceeded": "已批准3个岗位，超过每个总支3个的上限",
        "NoticeStillRuns": "（5个工作日）",
        "NotInspected": "命名日前10天即2026-06-21截止",
        "TooFewRatings": "只有9份，少于10份",
        "NotSatisfiedEnough": "低于80%",
        "TooFewPoints": "得79分，低于80分",
    },
    notice_ends=date(2026, 6, 18),
    rectified_by=timedelta(days=15),
    returned_by=timedelta(days=7),
    surveys=((9, 0, 0, 0, 0), (0, 0, 0, 3, 0), (3, 0, 0, 0, 0)),
    marks=(77, 78),
    inspected_on=date(2026, 6, 21),
    named_on=date(2026, 7, 1),
)
SCHOOL = Profile(
    name="wangchuan-school",
    begins=date(2026, 3, 2),
    members=5,
    posts=2,
    told={
        "TooFewMembers": "只有4名党员，少于5名",
        "NoPlan": "实施方案",
        "NoNotice": "公示期为7个工作日",
        "QuotaExceeded": "已批准2个岗位，超过每个总支2个的上限",
        "NoticeStillRuns": "（7个工作日）",
        "NotInspected": "命名日前5天即2026-06-25截止",
        "TooFewRatings": "只有29份，少于30份",
        "NotSatisfiedEnough": "低于90%",
        "TooFewPoints": "得89分，低于90分",
    },
    notice_ends=date(2026, 3, 11),
    rectified_by=timedelta(days=30),
    returned_by=timedelta(days=3),
    surveys=((29, 0, 0, 0, 0), (0, 0, 0, 0, 4), (0, 7, 0, 0, 0)),
    marks=(88, 88),
    inspected_on=date(2026, 6, 25),
    named_on=date(2026, 6, 30),
)


@pytest.fixture(params=[PLAN, SCHOOL], ids=lambda each: each.name)
def profile(request: pytest.FixtureRequest) -> Profile:
    found: Profile = request.param
    return found


@pytest.fixture
def office(profile: Profile, tmp_path: Path) -> Iterator[Office]:
    begins = datetime(profile.begins.year, profile.begins.month, profile.begins.day, 2, tzinfo=UTC)
    with closing(TinyDbRegister(tmp_path / "register.db")) as register:
        yield Office(register, now=begins, policy=built_in(profile.name))


class Story:
    """What was refused on the way, by code; each refusal is in both languages."""

    def __init__(self) -> None:
        self.told: Told = {}

    def refused(self, act: Callable[[], object]) -> None:
        with pytest.raises(Refusal) as caught:
            act()
        self.told[caught.value.code] = caught.value.zh
        assert caught.value.en


def applied(office: Office, name: str, members: int) -> str:
    office.applied(office.row(name, "、".join(NAMES[:members])))
    return f"2026-{int(name[0]):03d}"


def planned(office: Office) -> None:
    """Let the committee enter the branch and the branch's plan."""
    branch = add_branch(office.register, office.by(), "畜牧站党总支")
    file_plan(office.register, office.by(), branch.id, NewPlan(year=2026, title="方案", text="……"))


def shown(office: Office, *post_ids: str) -> date:
    new = NewNotice(
        subject=NoticeSubject.APPLICATIONS,
        object_ids=tuple(f"{post_id}-A1" for post_id in post_ids),
        places="公开栏",
        opens_on=(office.now + timedelta(hours=8)).date(),
    )
    return post_notice(office.register, office.by(), new).closes_on


def approving(office: Office, post_id: str) -> Callable[[], object]:
    return lambda: approve(office.register, office.by(), post_id, document="1号")


def naming(office: Office, profile: Profile) -> Callable[[], object]:
    return lambda: award(office.register, office.by(), "2026-001", awarded_on=profile.named_on)


def inspected(office: Office, marks: tuple[int, int] = (100, 100)) -> None:
    office.inspected("2026-001", report_points=marks[0], site_points=marks[1])


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def test_the_numbers_of_the_policy_are_those_of_every_refusal_and_date(
    office: Office, profile: Profile
) -> None:
    story = Story()
    posts = apply_for_one_too_many(office, profile, story)
    show_and_approve(office, profile, story, posts)
    correct_and_call_back(office, profile, posts[1])
    inspect_and_name(office, profile, story)
    assert {code: words for code, words in profile.told.items() if words not in story.told[code]} == {}
    assert profile.told.keys() == story.told.keys()


def apply_for_one_too_many(office: Office, profile: Profile, story: Story) -> list[str]:
    story.refused(lambda: applied(office, "1号岗", profile.members - 1))
    if "NoPlan" in profile.told:
        story.refused(lambda: applied(office, "1号岗", profile.members))
    planned(office)
    return [applied(office, f"{number}号岗", profile.members) for number in range(1, profile.posts + 2)]


def show_and_approve(office: Office, profile: Profile, story: Story, posts: list[str]) -> None:
    if "NoNotice" in profile.told:
        story.refused(approving(office, posts[0]))
    assert shown(office, *posts) == profile.notice_ends
    story.refused(approving(office, posts[0]))
    office.now = noon(profile.notice_ends + timedelta(days=1))
    for post_id in posts[:-1]:
        assert approve(office.register, office.by(), post_id, document="1号").consents == ()
    story.refused(approving(office, posts[-1]))


def correct_and_call_back(office: Office, profile: Profile, post_id: str) -> None:
    order = order_rectification(office.register, office.by(), post_id, Demand(problem="台账不全"))
    assert order.due_on - order.ordered_at.date() == profile.rectified_by
    office.issued(post_id)
    office.vetoed(post_id)
    [line] = office.register.find(RecallLine)
    assert line.due_on - line.opened_at.date() == profile.returned_by


def inspect_and_name(office: Office, profile: Profile, story: Story) -> None:
    story.refused(naming(office, profile))
    office.now = noon(profile.inspected_on)
    for counts, marks in zip(profile.surveys, ((100, 100), (100, 100), profile.marks), strict=True):
        office.surveyed("2026-001", counts)
        inspected(office, marks)
        story.refused(naming(office, profile))
    inspected(office)
    named = award(office.register, office.by(), "2026-001", awarded_on=profile.named_on)
    assert named.round == profile.named_on.isoformat()
