"""A register after years of a large programme: posts in every state, messages of the public, assessments.

Tells the records class by class, in the order in which each finds what it names, without randomness. Leaves
out the log, save of the approvals, and how records reach an engine (bulk.py, postgres.py).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bench.filling import CONTENT, FACE, code
from store.codes import PlateNumber
from store.records import (
    Application,
    ApplicationReturned,
    Approval,
    Assessment,
    Award,
    CallBack,
    Copy,
    EndCause,
    Fate,
    Feedback,
    Grade,
    Inspection,
    Member,
    Organisation,
    OrganisationKind,
    PaperSurvey,
    Post,
    PostEnd,
    Product,
    RecallCause,
    RecallLine,
    Record,
    Rectification,
    RectificationClosed,
    RectificationResult,
    Return,
    Settlement,
    Stage,
    Timing,
    Topic,
    Veto,
    VetoCause,
    VetoCorrection,
)

POSTS, COPIES, FEEDBACKS, BRANCHES = 5_000, 30_000, 200_000, 250
BRANCH_NAME = "第10党总支"
POSTS_PER_YEAR = 1_000
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
FILED = datetime(2026, 6, 15, 2, tzinfo=UTC)
APPROVED, FALLEN = FILED + timedelta(days=8), NOW - timedelta(days=40)
NAMED = date(2026, 7, 1)
STATES = (
    *("applied",) * 2,
    "sent back",
    *("approved",) * 6,
    *("awarded",) * 8,
    "vetoed",
    "corrected",
    "ended",
)
"""What became of twenty posts."""

BAD_EVERY, COMMENT_EVERY, COMPLAINT_EVERY, OPEN_EVERY = 20, 5, 250, 4_000
SPOKEN_EVERY = timedelta(minutes=2)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明"


def organisations() -> Iterator[Organisation]:
    """Return the committee and its general branches."""
    yield Organisation(id="O01", name="中心党委", kind=OrganisationKind.COMMITTEE)
    for number in range(BRANCHES):
        yield Organisation(
            id=branch_of(number),
            name=f"第{number + 1}党总支",
            kind=OrganisationKind.GENERAL_BRANCH,
            parent_id="O01",
        )


def approvals() -> Iterator[Approval]:
    """Return the committee's approvals."""
    for number in approved():
        yield Approval(
            id=f"{application_of(number)}-B",
            application_id=application_of(number),
            post_id=post_of(number),
            document="场党字〔2026〕12号",
            opinion="",
            consents=(),
            approved_at=APPROVED,
        )


def records() -> Iterator[tuple[type[Record], Iterator[Record]]]:
    """Return all but the organisations and the approvals, class by class."""
    yield Post, map(_post, range(POSTS))
    yield Application, map(_application, range(POSTS))
    yield ApplicationReturned, map(_sent_back, _in("sent back"))
    yield Copy, map(_copy, range(COPIES))
    yield Return, map(_return, _back())
    yield Feedback, map(_feedback, range(FEEDBACKS))
    yield CallBack, map(_call_back, _answered())
    yield Settlement, map(_settlement, _answered())
    yield PaperSurvey, map(_survey, approved())
    yield Inspection, map(_inspection, _in("awarded"))
    yield Award, map(_award, _in("awarded"))
    yield Assessment, _assessments()
    yield Rectification, map(_rectification, _in("awarded", every=5))
    yield RectificationClosed, map(_closed, _in("awarded", every=10))
    yield PostEnd, map(_end, _in("ended"))
    yield Veto, map(_veto, _in("vetoed", "corrected"))
    yield VetoCorrection, map(_correction, _in("corrected"))
    yield RecallLine, map(_line, called_back())


def post_of(number: int) -> str:
    """Return the number of a post, as officers know it."""
    return f"{2022 + number // POSTS_PER_YEAR}-{number % POSTS_PER_YEAR + 1:03d}"


def branch_of(number: int) -> str:
    """Return the branch of a post, or that branch itself."""
    return f"branch-{number % BRANCHES}"


def application_of(number: int) -> str:
    """Return the only application of a post."""
    return f"{post_of(number)}-A1"


def approved() -> list[int]:
    """Return the posts that were ever approved."""
    return [number for number in range(POSTS) if _state(number) not in {"applied", "sent back"}]


def copy_of(place: int) -> str:
    """Return the number of a plate."""
    return str(PlateNumber(post_of(_post_at(place)), place // len(_APPROVED) + 1))


def called_back() -> list[int]:
    """Return the plates somebody called back."""
    return [place for place in range(COPIES) if _state(_post_at(place)) in {"vetoed", "ended"}]


def _state(number: int) -> str:
    return STATES[number % len(STATES)]


def _in(*states: str, every: int = 1) -> list[int]:
    return [number for number in range(POSTS) if _state(number) in states][::every]


def _post_at(place: int) -> int:
    return _APPROVED[place % len(_APPROVED)]


def _back() -> list[int]:
    return [place for place in called_back() if place % 10]


def _members(number: int) -> tuple[Member, ...]:
    names = (
        f"{SURNAMES[(number + each) % 16]}{GIVEN[number // 16 % 16]}{GIVEN[(number // 256 + each * 5) % 16]}"
        for each in range(3)
    )
    return tuple(Member(name=name) for name in names)


def _post(number: int) -> Post:
    return Post(id=post_of(number), year=2022 + number // POSTS_PER_YEAR, branch_id=branch_of(number))


def _application(number: int) -> Application:
    content = replace(CONTENT, name=f"综合受理服务窗口{number + 1}号", members=_members(number))
    return Application(
        id=application_of(number),
        post_id=post_of(number),
        branch_id=branch_of(number),
        year=2022 + number // POSTS_PER_YEAR,
        content=content,
        filed_at=FILED,
        timing=Timing.IN_WINDOW,
    )


def _sent_back(number: int) -> ApplicationReturned:
    return ApplicationReturned(
        id=f"{application_of(number)}-R",
        application_id=application_of(number),
        post_id=post_of(number),
        document="",
        opinion="请补充岗位职责。",
        returned_at=APPROVED,
    )


def _copy(place: int) -> Copy:
    number = _post_at(place)
    names = tuple(each.name for each in _members(number))
    return Copy(
        id=copy_of(place),
        code=code(place).text,
        post_id=post_of(number),
        branch_id=branch_of(number),
        application_id=application_of(number),
        product=Product.BADGE if place >= len(_APPROVED) else Product.PLAQUE,
        stage=Stage.TITLE if _state(number) == "awarded" else Stage.CREATION,
        design="plaque-creation",
        size="a4",
        face=replace(FACE, names=names, member_count=len(names)),
        place=CONTENT.place,
        issued_at=APPROVED + timedelta(days=2),
    )


def _return(place: int) -> Return:
    return Return(
        id=f"{copy_of(place)}-B",
        copy_id=copy_of(place),
        post_id=post_of(_post_at(place)),
        fate=Fate.RETURNED,
        note="",
        returned_at=FALLEN + timedelta(days=place % 30),
    )


def _spoken_at(number: int) -> datetime:
    return NOW - SPOKEN_EVERY * (FEEDBACKS - number)


def _grade(number: int) -> Grade | None:
    if not number % COMPLAINT_EVERY:
        return None
    return Grade.DISSATISFIED if number % BAD_EVERY == 1 else Grade(3 + number % 3)


def _feedback(number: int) -> Feedback:
    place, grade = number % COPIES, _grade(number)
    return Feedback(
        id=f"F{number:011d}",
        copy_id=copy_of(place),
        post_id=post_of(_post_at(place)),
        branch_id=branch_of(_post_at(place)),
        topic=Topic.RATING if grade else Topic.COMPLAINT,
        grade=grade,
        comment="窗口办事很快，一次告知讲得清楚。" if not number % COMMENT_EVERY else "",
        voter=f"V{number:011d}",
        counted=grade is not None,
        given_at=_spoken_at(number),
    )


def _answered() -> list[int]:
    owed = (number for number in range(FEEDBACKS) if number % BAD_EVERY == 1 or not number % COMPLAINT_EVERY)
    return [number for number in owed if number < FEEDBACKS - OPEN_EVERY]


def _call_back(number: int) -> CallBack:
    return CallBack(
        id=f"F{number:011d}-C",
        feedback_id=f"F{number:011d}",
        post_id=post_of(_post_at(number % COPIES)),
        note="已电话回访",
        called_at=_spoken_at(number) + timedelta(hours=6),
    )


def _settlement(number: int) -> Settlement:
    return Settlement(
        id=f"F{number:011d}-S",
        feedback_id=f"F{number:011d}",
        post_id=post_of(_post_at(number % COPIES)),
        answer="已增设窗口，缩短等候时间。",
        settled_at=_spoken_at(number) + timedelta(days=3),
    )


def _survey(number: int) -> PaperSurvey:
    return PaperSurvey(
        id=f"{post_of(number)}-P1",
        post_id=post_of(number),
        branch_id=branch_of(number),
        held_on=NAMED - timedelta(days=10),
        counts=(12, 5, 2, 1, 0),
        method="窗口发放",
        entered_at=FILED,
    )


def _inspection(number: int) -> Inspection:
    return Inspection(
        id=f"{post_of(number)}-X1",
        post_id=post_of(number),
        branch_id=branch_of(number),
        round=NAMED.isoformat(),
        inspected_on=NAMED - timedelta(days=6),
        report="听取岗位汇报",
        site="现场查看服务台账",
        opinions="走访服务对象",
        report_points=90,
        site_points=85,
        survey_points=95,
        survey_count=20,
        survey_satisfied=19,
        points=92,
        meets_standards=True,
        recognised=True,
        outstanding=True,
        effective=True,
        entered_at=FILED,
    )


def _award(number: int) -> Award:
    return Award(
        id=f"{post_of(number)}-W",
        post_id=post_of(number),
        awarded_on=NAMED,
        document="场党字〔2026〕18号",
        entered_at=APPROVED,
        round=NAMED.isoformat(),
        inspection_id=f"{post_of(number)}-X1",
    )


def _assessments() -> Iterator[Assessment]:
    for period, every in (("2026-Q3", 1), ("2026-Q4", 2)):
        for number in _in("awarded", every=every):
            for place, member in enumerate(_members(number)):
                yield Assessment(
                    id=f"{post_of(number)}-{period}-{place}",
                    post_id=post_of(number),
                    branch_id=branch_of(number),
                    member_name=member.name,
                    period=period,
                    standards=(True,) * 6,
                    remarks="",
                    assessed_on=NAMED + timedelta(days=80),
                    entered_at=NOW,
                )


def _rectification(number: int) -> Rectification:
    return Rectification(
        id=f"{post_of(number)}-Z1",
        post_id=post_of(number),
        branch_id=branch_of(number),
        member_name="",
        assessment_id=None,
        problem="服务台账登记不及时",
        due_on=date(2026, 12, 1),
        ordered_at=NOW - timedelta(days=5),
    )


def _closed(number: int) -> RectificationClosed:
    return RectificationClosed(
        id=f"{post_of(number)}-Z1-C",
        rectification_id=f"{post_of(number)}-Z1",
        post_id=post_of(number),
        result=RectificationResult.DONE,
        evidence="已补登台账",
        closed_at=NOW - timedelta(days=1),
    )


def _end(number: int) -> PostEnd:
    return PostEnd(
        id=f"{post_of(number)}-E",
        post_id=post_of(number),
        cause=EndCause.TERM_OVER,
        reason="届满",
        ended_at=FALLEN,
    )


def _veto(number: int) -> Veto:
    return Veto(
        id=f"{post_of(number)}-V1",
        post_id=post_of(number),
        cause=VetoCause.GRAVE_ACCIDENT,
        facts="发生重大责任事故",
        investigation_id=None,
        cast_at=FALLEN,
    )


def _correction(number: int) -> VetoCorrection:
    return VetoCorrection(
        id=f"{post_of(number)}-V1-C",
        veto_id=f"{post_of(number)}-V1",
        post_id=post_of(number),
        document="场党字〔2026〕20号",
        reason="事故责任认定有误",
        corrected_at=FALLEN + timedelta(days=2),
    )


def _line(place: int) -> RecallLine:
    number = _post_at(place)
    vetoed = _state(number) == "vetoed"
    return RecallLine(
        id=f"{copy_of(place)}-R",
        copy_id=copy_of(place),
        post_id=post_of(number),
        branch_id=branch_of(number),
        cause=RecallCause.VETO if vetoed else RecallCause.END,
        opened_at=FALLEN,
        due_on=date(2026, 10, 18),
        veto_id=f"{post_of(number)}-V1" if vetoed else None,
    )


_APPROVED = approved()
