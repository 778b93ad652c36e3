"""Deeds that are done twice: by an act on a register, and in words on the model of the programme."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import TypeVar

from store import lookup
from store.acts.adjust import Change, adjust, end_post
from store.acts.answering import settle
from store.acts.apply import apply_roster
from store.acts.approve import approve, return_application
from store.acts.assessment import Judgement, Sheet, assess
from store.acts.authority import Actor, Authority
from store.acts.award import award
from store.acts.circulation import leave_post, place_copy, report_damage, report_lost, return_copy
from store.acts.correction import correct_veto
from store.acts.inspection import Visit, inspect_post
from store.acts.issue import issue_copies
from store.acts.notices import NewNotice, NewObjection, object_to, post_notice, settle_objection
from store.acts.plans import NewPlan, file_plan
from store.acts.rectification import Demand, close_rectification, order_rectification
from store.acts.survey import Forms, enter_paper_survey
from store.acts.veto import Charge, veto
from store.acts.voice import Conclusion, Message, conclude_investigation, give_feedback, re_rate
from store.codes import PlateCode, PlateNumber
from store.dossier import dossiers
from store.policy import founding_plan
from store.read_ahead import ReadAhead
from store.recalls import recalls
from store.records import (
    Approval,
    CollectiveKind,
    Copy,
    EndCause,
    Face,
    Fate,
    Finding,
    Grade,
    Inspection,
    LogEntry,
    Member,
    NoticeSubject,
    Organisation,
    PostContent,
    PostKind,
    Product,
    RectificationResult,
    Role,
    Stage,
    Topic,
    VetoCause,
)
from store.rectifications import problems
from store.register import Reader, Register
from store.roster import RosterRow
from tests.store.acts import model
from tests.store.acts.model import Plate, Reasons, Who, World, quarter_of

T = TypeVar("T")
BRANCHES = ("东区党总支", "西区党总支")
POSTS = ("财务室", "收发室", "门诊部")
PEOPLE = ("赵一", "钱二", "孙三", "李四", "周五")
PLACES = ("大厅", "窗口")
PRODUCTS = (Product.PLAQUE, Product.BADGE, Product.DESK)
HELD = {Product.BADGE, Product.DESK}
DOCUMENT = "场党字〔2026〕7号"
EVERYBODY = (
    *[("committee", None)] * 12,
    ("branch_officer", BRANCHES[0]),
    ("branch_officer", BRANCHES[1]),
    ("print_clerk", None),
    ("inspector", None),
    ("administrator", None),
    ("inspector", BRANCHES[0]),
)


@dataclass(frozen=True)
class Wish:
    """What somebody wants done: a kind of deed, and numbers that choose its circumstances."""

    kind: str
    post: int
    who: int
    pick: int
    yes: bool


def wish_of(seed: int) -> Wish:
    """Draw a wish evenly from all there are; two in three are the committee's."""
    draw = Random(seed)  # noqa: S311 - chance for a test, and the same for the same seed
    return Wish(
        kind=draw.choice(KINDS_OF_DEEDS),
        post=draw.randrange(len(POSTS)),
        who=draw.randrange(len(EVERYBODY)),
        pick=draw.randrange(1000),
        yes=draw.random() < 1 / 2,
    )


@dataclass(frozen=True)
class Step:
    """One deed, in both worlds. `foresee` says why it must be refused, or does it."""

    told: str
    act: Callable[[Register], object]
    foresee: Callable[[World], Reasons]


Act = Callable[[Register, Authority], object]
Done = tuple[Act, Callable[[World], Reasons]]


def chosen(among: Sequence[T], number: int) -> T:
    return among[number % len(among)]


class Case:
    """A wish, who has it, the world as it is, and the post and the plate that are meant."""

    def __init__(self, wish: Wish, who: Who, world: World) -> None:
        self.wish, self.who, self.world = wish, who, world
        if world.posts:
            self.post = chosen(list(world.posts.values()), wish.post)
        if world.plates:
            self.plate = chosen(list(world.plates.values()), wish.pick)


class Deeds:
    """Turns wishes into steps; codes and receipts are numbered, and branches known by their ids."""

    def __init__(self) -> None:
        self.branch_ids: dict[str, str] = {}
        self._numbers = count(1)

    def step(self, wish: Wish, world: World, now: datetime) -> Step | None:
        """Return the deed, or None where there is nothing yet that it could be done to."""
        case = Case(wish, self._who(wish, now), world)
        if wish.kind in _OF_A_PLATE and not world.plates:
            return None
        make: Callable[[Case], Done | None] = getattr(self, f"_{wish.kind}")
        done = make(case)
        return self._told(case, *done) if done else None

    def _who(self, wish: Wish, now: datetime) -> Who:
        role, branch = chosen(EVERYBODY, wish.who)
        public = wish.kind in {"rate", "rate_again", "object"} and role == "committee" and wish.who
        return Who("public" if public else role, branch, now)

    def _told(self, case: Case, act: Act, foresee: Callable[[World], Reasons]) -> Step:
        who, wish = case.who, case.wish
        branch_id = self.branch_ids.get(who.branch, "none") if who.branch else None
        actor = Actor(name=who.role, role=Role(who.role), branch_id=branch_id)
        authority = Authority(actor=actor, now=who.now, policy=founding_plan())
        told = f"{wish.kind} by {who.role} of {who.branch} ({wish.post}, {wish.pick}, {wish.yes})"
        return Step(told, lambda register: act(register, authority), foresee)

    # of nothing yet

    def _apply(self, case: Case) -> Done:
        branch, name = chosen(BRANCHES, case.wish.post), chosen(POSTS, case.wish.post)
        names = _names(case.wish)
        content = PostContent(
            name=name,
            kind=PostKind.COLLECTIVE,
            collective_kind=CollectiveKind.OFFICE,
            place=PLACES[0],
            duties=f"{name}的职责",
            members=tuple(Member(name=each) for each in names),
        )
        row = RosterRow(branch_name=branch, content=content, row=3)
        return (
            lambda register, authority: apply_roster(register, authority, [row]),
            lambda world: world.apply(case.who, branch, name, names),
        )

    def _plan(self, case: Case) -> Done:
        branch = chosen(BRANCHES, case.wish.post)
        branch_id = self.branch_ids[branch]
        return (
            lambda register, authority: file_plan(
                register, authority, branch_id, NewPlan(year=case.who.today.year, title="创建方案", text="……")
            ),
            lambda world: world.file_plan(case.who, branch),
        )

    # of a post

    def _adjust(self, case: Case) -> Done:
        duties = (
            f"{case.post.name}的职责" if case.wish.yes else f"{case.post.name}的职责（{case.wish.pick % 2}）"
        )
        names = _names(case.wish) if case.wish.pick % 3 else case.post.current.left_over
        change = Change(duties=duties, members=tuple(Member(name=each) for each in names))
        return (
            lambda register, authority: adjust(register, authority, case.post.id, change, reason="人员变动"),
            lambda world: world.adjust(case.who, world.posts[case.post.id], duties, names),
        )

    def _approve(self, case: Case) -> Done:
        reason = "试点" if case.wish.yes else ""
        return (
            lambda register, authority: approve(
                register, authority, case.post.id, document=DOCUMENT, over_quota_reason=reason
            ),
            lambda world: world.approve(case.who, world.posts[case.post.id], reason),
        )

    def _send_back(self, case: Case) -> Done:
        return (
            lambda register, authority: return_application(
                register, authority, case.post.id, document=DOCUMENT, opinion="职责不清"
            ),
            lambda world: world.send_back(case.who, world.posts[case.post.id]),
        )

    def _show(self, case: Case) -> Done:
        opens = case.who.today + timedelta(days=chosen((0, 0, 2, -1), case.wish.pick))
        paper = case.post.last.number
        notice = NewNotice(
            subject=NoticeSubject.APPLICATIONS,
            object_ids=(f"{case.post.id}-A{paper}",),
            places="党务公开栏",
            opens_on=opens,
        )
        return (
            lambda register, authority: post_notice(register, authority, notice),
            lambda world: world.show(case.who, world.posts[case.post.id], paper, opens),
        )

    def _object(self, case: Case) -> Done | None:
        if not case.world.notices:
            return None
        notice = chosen(case.world.notices, case.wish.pick)
        receipt = f"OBJ{next(self._numbers)}"
        new = NewObjection(
            receipt=receipt,
            notice_id=notice.id,
            object_id=f"{notice.post}-A{notice.paper}",
            text="此人不在该岗位",
        )
        return (
            lambda register, authority: object_to(register, authority, new),
            lambda world: world.object(case.who, _same_notice(world, notice.id), receipt),
        )

    def _answer(self, case: Case) -> Done | None:
        if not case.world.objections:
            return None
        receipt = chosen(list(case.world.objections), case.wish.pick)
        return (
            lambda register, authority: settle_objection(
                register, authority, receipt, finding=Finding.UNSUBSTANTIATED, answer="已核实"
            ),
            lambda world: world.answer(case.who, receipt),
        )

    def _issue(self, case: Case) -> Done:
        product = chosen(PRODUCTS, case.wish.pick)
        stage = Stage.TITLE if bool(case.post.titled) == (case.wish.pick % 7 > 0) else Stage.CREATION
        holder = chosen(
            PEOPLE if case.wish.pick % 11 == 0 else case.post.names or PEOPLE, case.wish.pick // 3
        )
        plates = list(case.world.of(case.post))
        number = PlateNumber(case.post.id, len(plates) + 1)
        held = holder if product in HELD else ""
        old = chosen(list(case.world.plates), case.wish.pick // 5) if plates and case.wish.yes else ""
        stale = case.wish.pick % 13 == 0
        words = (str(case.post.paper.number), "旧职责" if stale else case.post.paper.duties, *case.post.names)
        copy = Copy(
            id=str(number),
            code=PlateCode.from_bits(next(self._numbers)).text,
            post_id=case.post.id,
            branch_id=self.branch_ids[case.post.branch],
            application_id=f"{case.post.id}-A{case.post.paper.number}",
            product=product,
            stage=stage,
            design="red-gold",
            size="a4",
            face=_face(case, stage, words[1], held),
            place=PLACES[0],
            issued_at=case.who.now,
            replaces=old or None,
        )
        return (
            lambda register, authority: issue_copies(register, authority, [copy]),
            lambda world: world.issue(
                case.who,
                Plate(copy.id, case.post.id, product.value, stage.value, held, copy.code),
                words,
                old,
            ),
        )

    def _leave(self, case: Case) -> Done:
        name = chosen(PEOPLE if case.wish.yes else case.post.names or PEOPLE, case.wish.pick)
        return (
            lambda register, authority: leave_post(register, authority, case.post.id, member_name=name),
            lambda world: world.leave(case.who, world.posts[case.post.id], name),
        )

    def _end(self, case: Case) -> Done:
        cause = EndCause.TERM_OVER if case.wish.yes else EndCause.STOPPED
        return (
            lambda register, authority: end_post(
                register, authority, case.post.id, cause=cause, reason="创建期满"
            ),
            lambda world: world.end(case.who, world.posts[case.post.id], cause.value),
        )

    def _investigate(self, case: Case) -> Done:
        finding = Finding.SUBSTANTIATED if case.wish.yes else Finding.UNSUBSTANTIATED
        return (
            lambda register, authority: conclude_investigation(
                register, authority, case.post.id, Conclusion(finding=finding, facts="已走访")
            ),
            lambda world: world.investigate(case.who, world.posts[case.post.id], substantiated=case.wish.yes),
        )

    def _veto(self, case: Case) -> Done:
        cause = case.wish.pick % 4 + 1
        finding = case.wish.pick % 3 if cause == 3 else 0
        charge = Charge(
            cause=VetoCause(cause),
            facts="经过如下",
            investigation_id=f"{case.post.id}-I{finding}" if finding else None,
        )
        return (
            lambda register, authority: veto(register, authority, case.post.id, charge),
            lambda world: world.veto(case.who, world.posts[case.post.id], cause, finding),
        )

    def _correct(self, case: Case) -> Done:
        return (
            lambda register, authority: correct_veto(
                register, authority, case.post.id, document=DOCUMENT, reason="认定有误"
            ),
            lambda world: world.correct(case.who, world.posts[case.post.id]),
        )

    def _survey(self, case: Case) -> Done:
        good, bad = chosen(((12, 0), (12, 0), (9, 3), (4, 0)), case.wish.pick)
        forms = Forms(held_on=case.who.today, counts=(good, 0, 0, bad, 0), method="窗口发放")
        return (
            lambda register, authority: enter_paper_survey(register, authority, case.post.id, forms),
            lambda world: world.survey(case.who, world.posts[case.post.id], good, bad),
        )

    def _inspect(self, case: Case) -> Done:
        good = case.wish.pick % 4 > 0
        visit = Visit(
            inspected_on=case.who.today,
            report="听取汇报",
            site="现场查看",
            opinions="走访群众",
            report_points=90 if good else 0,
            site_points=85,
            meets_standards=True,
            recognised=True,
            outstanding=True,
            effective=True,
        )
        return (
            lambda register, authority: inspect_post(register, authority, case.post.id, visit),
            lambda world: world.inspect(case.who, world.posts[case.post.id], good=good),
        )

    def _award(self, case: Case) -> Done:
        return (
            lambda register, authority: award(register, authority, case.post.id, awarded_on=case.who.today),
            lambda world: world.award(case.who, world.posts[case.post.id]),
        )

    def _assess(self, case: Case) -> Done:
        name = chosen(PEOPLE if case.wish.pick % 5 == 0 else case.post.names or PEOPLE, case.wish.pick)
        failed = frozenset({2}) if case.wish.yes else frozenset[int]()
        sheet = Sheet(
            period=quarter_of(case.who.today)[0],
            assessed_on=case.who.today,
            judgements=(Judgement(member_name=name, failed=failed, remarks="迟到"),),
        )
        return (
            lambda register, authority: assess(register, authority, case.post.id, sheet),
            lambda world: world.assess(case.who, world.posts[case.post.id], name, fails=case.wish.yes),
        )

    def _order(self, case: Case) -> Done:
        return (
            lambda register, authority: order_rectification(
                register, authority, case.post.id, Demand(problem="台账不全")
            ),
            lambda world: world.order(case.who, world.posts[case.post.id]),
        )

    def _close(self, case: Case) -> Done | None:
        if not case.post.problems:
            return None
        number = case.wish.pick % len(case.post.problems)
        result = RectificationResult.DONE if case.wish.yes else RectificationResult.NOT_DONE
        return (
            lambda register, authority: close_rectification(
                register, authority, case.post.problems[number].id, result=result, evidence="照片两张"
            ),
            lambda world: world.close(
                case.who,
                world.posts[case.post.id],
                world.posts[case.post.id].problems[number],
                done=case.wish.yes,
            ),
        )

    def _settle(self, case: Case) -> Done | None:
        if not case.world.ratings:
            return None
        receipt = chosen(list(case.world.ratings), case.wish.pick)
        return (
            lambda register, authority: settle(register, authority, receipt, answer="已改进"),
            lambda world: world.settle(case.who, receipt),
        )

    def _rate_again(self, case: Case) -> Done | None:
        if not case.world.ratings:
            return None
        receipt = chosen(list(case.world.ratings), case.wish.pick)
        return (
            lambda register, authority: re_rate(register, authority, receipt, Grade.SATISFIED),
            lambda world: world.rate_again(case.who, receipt),
        )

    # of a plate

    def _bring_back(self, case: Case) -> Done:
        fate = Fate.RETURNED if case.wish.yes else Fate.DESTROYED
        return (
            lambda register, authority: return_copy(register, authority, case.plate.id, fate=fate),
            lambda world: world.bring_back(case.who, world.plates[case.plate.id]),
        )

    def _lose(self, case: Case) -> Done:
        return (
            lambda register, authority: report_lost(register, authority, case.plate.id, reason="搬家时遗失"),
            lambda world: world.lose(case.who, world.plates[case.plate.id]),
        )

    def _damage(self, case: Case) -> Done:
        return (
            lambda register, authority: report_damage(register, authority, case.plate.id, reason="划痕"),
            lambda world: world.damage(case.who, world.plates[case.plate.id]),
        )

    def _place(self, case: Case) -> Done:
        place = chosen(PLACES, case.wish.pick)
        return (
            lambda register, authority: place_copy(
                register, authority, case.plate.id, place=place, placed_on=case.who.today
            ),
            lambda world: world.place(case.who, world.plates[case.plate.id]),
        )

    def _rate(self, case: Case) -> Done:
        receipt, voter = f"RATE{next(self._numbers)}", f"voter-{case.wish.pick % 4}"
        message = Message(
            receipt=receipt,
            copy_id=case.plate.id,
            topic=Topic.RATING,
            grade=Grade.SATISFIED if case.wish.yes else Grade.DISSATISFIED,
            comment="",
            voter=voter,
        )
        return (
            lambda register, authority: give_feedback(register, authority, message),
            lambda world: world.rate(
                case.who, world.plates[case.plate.id], receipt, voter, good=case.wish.yes
            ),
        )


_OF_NOTHING = ("apply", "plan")
_OF_A_PLATE = ("bring_back", "lose", "damage", "place", "rate")
_OF_A_POST = (
    "adjust", "approve", "send_back", "show", "object", "answer", "issue", "issue", "issue", "leave", "end",
    "investigate", "veto", "veto", "correct", "correct", "survey", "inspect", "award", "assess", "order",
    "close", "settle", "rate_again",
)  # fmt: skip
KINDS_OF_DEEDS = (*_OF_NOTHING, *_OF_A_PLATE, *_OF_A_POST)


def _names(wish: Wish) -> tuple[str, ...]:
    """Return two to five people, in one order."""
    left_out = {chosen(PEOPLE, wish.pick + number) for number in range(wish.pick % 4)}
    return tuple(each for each in PEOPLE if each not in left_out)


def _same_notice(world: World, notice_id: str) -> model.Notice:
    return next(each for each in world.notices if each.id == notice_id)


def _face(case: Case, stage: Stage, duties: str, holder: str) -> Face:
    post = case.post
    return Face(
        heading=founding_plan().headings[stage],
        post_name=post.name,
        duties=duties,
        member_count=len(post.names),
        names=post.names,
        holder=holder,
        holder_title="",
        branch_name=post.branch,
        issuer="场站管理中心党委",
        dated_on=case.who.today,
    )


def seen(register: Register, now: datetime) -> dict[str, object]:
    """Return what an officer or the public sees of the register, as the model tells it.

    Every plate is looked up in one state of the register; in turn one of them is scanned as the public does.
    """
    with register.snapshot() as snapshot:
        reader = ReadAhead(snapshot)
        copies = reader.find(Copy)
        return {
            "scanned": _scanned(register, chosen(copies, reader.count(LogEntry)), now) if copies else None,
            "plates": [(each.id, lookup.standing_in(reader, each, now).verdict.value) for each in copies],
            "calls": {
                each.line.id: (each.line.cause.value, each.line.due_on, each.is_open)
                for each in recalls(reader)
            },
            "posts": {
                each.post.id: (
                    each.state.value,
                    each.pending,
                    each.content.duties,
                    tuple(member.name for member in each.members),
                )
                for each in dossiers(reader)
            },
            "problems": {each.order.id: each.is_unsettled for each in problems(reader)},
            "inspections": _inspections(reader),
            "consents": {each.application_id: each.consents for each in reader.find(Approval)},
            "log": reader.count(LogEntry),
        }


def _inspections(reader: Reader) -> dict[str, list[tuple[int, int]]]:
    """Return how many each inspection of a post found to have been asked, and how many satisfied."""
    found: dict[str, list[tuple[int, int]]] = {}
    for each in reader.find(Inspection):
        found.setdefault(each.post_id, []).append((each.survey_count, each.survey_satisfied))
    return found


def _scanned(register: Register, copy: Copy, now: datetime) -> tuple[str, str]:
    return copy.id, lookup.scan_code(register, PlateCode(copy.code), now).standing.verdict.value


def branch_ids(register: Register) -> dict[str, str]:
    return {each.name: each.id for each in register.find(Organisation)}
