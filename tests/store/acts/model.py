"""The programme once more, in plain lists and words: what each act may do and what must be seen afterwards.

Written from the founding plan and its decisions, not from the code: it calls no rule, no standing and no act.
Each deed returns why it must be refused, every reason there is; without a reason it changes the world.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import chinese_calendar

MEMBERS, MOST_POSTS, RECALL_DAYS, NOTICE_DAYS, RECTIFICATION_DAYS = 3, 3, 7, 5, 15
WINDOW = ((6, 11), (6, 20))
AWARD_DAYS, CUTOFF = ((7, 1), (12, 31)), timedelta(days=10)
SATISFIED, RATED = 0.8, 10
QUARTERS = (1, 4, 7, 10)
DAY = timedelta(days=1)
Reasons = set[str]


def day_of(now: datetime) -> date:
    """Return the day in Shanghai, eight hours ahead of UTC."""
    return (now + timedelta(hours=8)).date()


def working_days_after(day: date, number: int) -> date:
    while number:
        day += DAY
        number -= _is_worked(day)
    return day


def _is_worked(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def award_day_on_or_after(day: date) -> date:
    days = [date(year, *each) for year in (day.year, day.year + 1) for each in AWARD_DAYS]
    return min(each for each in days if each >= day)


def award_day_before(day: date) -> date:
    days = [date(year, *each) for year in (day.year - 1, day.year) for each in AWARD_DAYS]
    return max(each for each in days if each < day)


def quarter_of(day: date) -> tuple[str, date]:
    """Return the name and the first day of the natural quarter."""
    number = (day.month - 1) // 3
    return f"{day.year}-Q{number + 1}", date(day.year, QUARTERS[number], 1)


@dataclass(frozen=True)
class Who:
    """A person who acts, and when: the role, and the branch the person is of."""

    role: str
    branch: str | None
    now: datetime

    @property
    def today(self) -> date:
        return day_of(self.now)

    def may(self, *roles: str, branch: str | None = None) -> Reasons:
        """Return why the person may not, where the thing is a branch's or, without one, everybody's."""
        everywhere = self.branch is None and self.role != "branch_officer"
        own = self.branch is not None and self.branch == branch
        return set() if self.role in roles and (everywhere or own) else {"NotAllowed"}


@dataclass
class Paper:
    """An application."""

    number: int
    duties: str
    names: tuple[str, ...]
    filed: date
    sent_back: bool = False
    gone: set[str] = field(default_factory=set)

    @property
    def left_over(self) -> tuple[str, ...]:
        return tuple(each for each in self.names if each not in self.gone)


@dataclass
class Call:
    """A plate has to come back."""

    id: str
    cause: str
    due: date
    veto: int | None
    off: bool = False


@dataclass
class Plate:
    """A printed thing."""

    id: str
    post: str
    product: str
    stage: str
    holder: str
    code: str
    back: bool = False
    lost: bool = False
    damaged: bool = False
    left: bool = False
    heir: str = ""
    calls: list[Call] = field(default_factory=list)

    def call(self, cause: str, now: datetime, veto: int | None = None) -> None:
        """Call the plate back, if it is out and nothing calls it back already."""
        if self.back or self.lost or any(not each.off for each in self.calls):
            return
        number = len(self.calls) + 1
        name = f"{self.id}-R{number if number > 1 else ''}"
        self.calls.append(Call(name, cause, day_of(now) + RECALL_DAYS * DAY, veto))


@dataclass
class Problem:
    """Something to be put right: open, done, bad (not put right), or settled by a change of the post."""

    id: str
    state: str = "open"


@dataclass
class Notice:
    """A notice of one application of one post."""

    id: str
    post: str
    paper: int
    opens: date
    closes: date


@dataclass
class Rating:
    """A grade given by scan."""

    post: str
    day: date
    good: bool
    counted: bool
    settled: bool = False
    again: bool = False


@dataclass
class Visit:
    """An inspection: the round it is for, its day, what the public said until then, and its result."""

    round: date
    day: date
    asked: int
    satisfied: int
    good: bool


@dataclass
class Post:
    """A post with all that became of it."""

    id: str
    branch: str
    name: str
    year: int
    papers: list[Paper] = field(default_factory=list)
    in_force: int = 0
    titled: date | None = None
    vetoes: list[bool] = field(default_factory=list)
    over: bool = False
    visits: list[Visit] = field(default_factory=list)
    surveys: list[tuple[date, int, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    assessed: set[tuple[str, str]] = field(default_factory=set)
    assessments: int = 0
    findings: list[bool] = field(default_factory=list)

    @property
    def revoked(self) -> bool:
        return False in self.vetoes

    @property
    def shut(self) -> Reasons:
        if self.revoked:
            return {"PostIsRevoked"}
        return {"PostHasEnded"} if self.over else set()

    @property
    def unfit(self) -> Reasons:
        """Why nothing can be done that needs a post which stands."""
        return self.shut or (set() if self.in_force else {"NotApproved"})

    @property
    def last(self) -> Paper:
        return self.papers[-1]

    @property
    def paper(self) -> Paper:
        """The application that holds."""
        return self.papers[self.in_force - 1] if self.in_force else self.last

    @property
    def current(self) -> Paper:
        """What the branch stands by."""
        return self.paper if self.last.sent_back else self.last

    @property
    def names(self) -> tuple[str, ...]:
        return self.paper.left_over

    @property
    def waits(self) -> bool:
        return not self.shut and self.in_force != self.last.number and not self.last.sent_back

    @property
    def state(self) -> str:
        if self.revoked or self.over:
            return "revoked" if self.revoked else "ended"
        if self.in_force:
            return "awarded" if self.titled else "approved"
        return "sent_back" if self.last.sent_back else "applied"

    def settle_the_bad(self) -> None:
        for problem in self.problems:
            problem.state = "settled" if problem.state == "bad" else problem.state


def _too_few(names: tuple[str, ...]) -> Reasons:
    return {"TooFewMembers"} if len(names) < MEMBERS else set()


class World:
    """All that was decided; every deed says at once why not, or is done."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.plates: dict[str, Plate] = {}
        self.notices: list[Notice] = []
        self.objections: dict[str, tuple[Notice, bool]] = {}
        self.plans: set[tuple[str, int]] = set()
        self.ratings: dict[str, Rating] = {}
        self.voters: set[str] = set()
        self.consents: dict[str, tuple[str, ...]] = {}
        self.log = 0

    # what must be seen

    def verdict(self, plate: Plate) -> str:
        post = self.posts[plate.post]
        if post.revoked:
            return "revoked"
        if plate.back or plate.lost:
            return "returned" if plate.back else "lost"
        if post.over:
            return "ended"
        if plate.heir or plate.left:
            return "replaced" if plate.heir else "left"
        return "valid" if plate.stage == "title" else "creating"

    def seen(self) -> dict[str, object]:
        """Return everything an officer or the public can see, and what the next scan of a plate answers."""
        plates = list(self.plates.values())
        scanned = plates[self.log % len(plates)] if plates else None
        return {
            "scanned": (scanned.id, self.verdict(scanned)) if scanned else None,
            "plates": [(each.id, self.verdict(each)) for each in self.plates.values()],
            "calls": {
                call.id: (call.cause, call.due, not (call.off or plate.back or plate.lost))
                for plate in self.plates.values()
                for call in plate.calls
            },
            "posts": {
                each.id: (each.state, each.waits, each.paper.duties, each.names)
                for each in self.posts.values()
            },
            "problems": {
                problem.id: problem.state in {"open", "bad"}
                for post in self.posts.values()
                for problem in post.problems
            },
            "inspections": {
                each.id: [(visit.asked, visit.satisfied) for visit in each.visits]
                for each in self.posts.values()
                if each.visits
            },
            "consents": self.consents,
            "log": self.log,
        }

    def of(self, post: Post) -> Iterator[Plate]:
        return (each for each in self.plates.values() if each.post == post.id)

    # deeds

    def apply(self, who: Who, branch: str, name: str, names: tuple[str, ...]) -> Reasons:
        today, duties = who.today, f"{name}的职责"
        live = [
            each
            for each in self.posts.values()
            if (each.branch, each.name) == (branch, name) and not each.over
        ]
        post = live[-1] if live else None
        if why := who.may("committee", "branch_officer", branch=branch):
            return why
        if post:
            changed = (post.current.duties, post.current.left_over) != (duties, names)
            if not changed and post.state != "sent_back":
                self.log -= 1  # nothing is written
                return set()
            if changed and post.shut:
                return post.shut
        if why := _too_few(names):
            return why
        if post is None:
            number = sum(each.year == today.year for each in self.posts.values()) + 1
            post = Post(f"{today.year}-{number:03d}", branch, name, today.year)
            self.posts[post.id] = post
        post.papers.append(Paper(len(post.papers) + 1, duties, names, today))
        return set()

    def adjust(self, who: Who, post: Post, duties: str, names: tuple[str, ...]) -> Reasons:
        why = who.may("committee", "branch_officer", branch=post.branch) | post.unfit | _too_few(names)
        if (post.current.duties, post.current.left_over) == (duties, names):
            why |= {"NothingChanges"}
        if not why:
            post.papers.append(Paper(len(post.papers) + 1, duties, names, who.today))
        return why

    def _not_waiting(self, post: Post) -> Reasons:
        if post.waits:
            return set()
        return post.shut or ({"SentBack"} if post.last.sent_back else {"AlreadyApproved"})

    def approve(self, who: Who, post: Post, reason: str) -> Reasons:
        why = who.may("committee") | self._not_waiting(post)
        if not why:
            why |= _too_few(post.last.left_over) | self._unheard(post, who.today)
        crowded = self._approved_beside(post) >= MOST_POSTS and not post.in_force
        if not why and crowded and not reason:
            why = {"QuotaExceeded"}
        if why:
            return why
        consents = () if post.in_force else self._consents(post, who.today, crowded=crowded)
        before = post.names if post.in_force else ()
        for name in before:
            if name not in post.last.names:
                self._go(post, name, who.now)
        post.in_force = post.last.number
        post.settle_the_bad()
        self.consents[f"{post.id}-A{post.in_force}"] = consents
        return set()

    def _approved_beside(self, post: Post) -> int:
        return sum(
            1
            for each in self.posts.values()
            if (each.branch, each.year) == (post.branch, post.year) and each.in_force and not each.shut
        )

    def _unheard(self, post: Post, today: date) -> Reasons:
        mine = [each for each in self.notices if each.post == post.id]
        waiting = [each for each, answered in self.objections.values() if each in mine and not answered]
        running = {"NoticeStillRuns"} if any(today <= each.closes for each in mine) else set()
        return running | ({"ObjectionUnsettled"} if waiting else set())

    def _consents(self, post: Post, today: date, *, crowded: bool) -> tuple[str, ...]:
        filed, (opens, closes) = post.last.filed, WINDOW
        draft = (filed.month, filed.day) < opens and today >= date(filed.year, *opens)
        in_time = opens <= (filed.month, filed.day) <= closes or draft
        shown = any((each.post, each.paper) == (post.id, post.last.number) for each in self.notices)
        planned = (post.branch, post.year) in self.plans
        waived = {"F6": not in_time, "F5": crowded, "F35": not planned, "F26": not shown}
        return tuple(clause for clause, is_waived in waived.items() if is_waived)

    def send_back(self, who: Who, post: Post) -> Reasons:
        why = who.may("committee") | self._not_waiting(post)
        if not why:
            post.last.sent_back = True
        return why

    def file_plan(self, who: Who, branch: str) -> Reasons:
        why = who.may("committee", "branch_officer", branch=branch)
        if not why:
            self.plans.add((branch, who.today.year))
        return why

    def show(self, who: Who, post: Post, paper: int, opens: date) -> Reasons:
        why = who.may("committee")
        if opens < who.today:
            why |= {"NoticeBackdated"}
        if not (post.waits and post.last.number == paper):
            why |= {"NothingToShow"}
        if not why:
            name = f"N{who.today.year}-{len(self.notices) + 1:02d}"
            closes = working_days_after(opens, NOTICE_DAYS)
            self.notices.append(Notice(name, post.id, paper, opens, closes))
        return why

    def object(self, who: Who, notice: Notice, receipt: str) -> Reasons:
        why, today = who.may("public", "committee"), who.today
        late_paper = who.role == "committee" and today > notice.closes
        if not (notice.opens <= today <= notice.closes or late_paper):
            why |= {"NoticeClosed"}
        if not why:
            self.objections[receipt] = (notice, False)
        return why

    def answer(self, who: Who, receipt: str) -> Reasons:
        why = who.may("committee")
        if receipt not in self.objections:
            return why | {"NoSuchObjection"}
        notice, answered = self.objections[receipt]
        if answered:
            why |= {"ObjectionAnswered"}
        if not why:
            self.objections[receipt] = (notice, True)
        return why

    def issue(self, who: Who, plate: Plate, words: tuple[str, ...], old: str) -> Reasons:
        """Issue a plate that says the words: the application's number, the duties, and all names."""
        post = self.posts[plate.post]
        why = who.may("committee", "print_clerk", "branch_officer", branch=post.branch)
        why |= post.unfit | _too_few(post.names)
        if plate.stage == "title" and not post.titled:
            why |= {"NotAwarded"}
        if plate.stage == "creation" and post.titled:
            why |= {"TitleAlreadyHeld"}
        if words != (str(post.paper.number), post.paper.duties, *post.names):
            why |= {"FaceDiffers"}
        if plate.holder and plate.holder not in post.names:
            why |= {"FaceDiffers"}
        why |= self._no_heir(plate, old)
        if plate.id in self.plates:
            why |= {"NumberTaken"}
        if not why:
            self._hang(post, plate, old, who.now)
        return why

    def _no_heir(self, plate: Plate, old: str) -> Reasons:
        if not old:
            return set()
        replaced = self.plates[old]
        of_a_kind = (replaced.post, replaced.product, replaced.holder)
        if of_a_kind != (plate.post, plate.product, plate.holder):
            return {"NotItsPredecessor"}
        return {"AlreadyReplaced"} if replaced.heir else set()

    def _hang(self, post: Post, plate: Plate, old: str, now: datetime) -> None:
        if old:
            self.plates[old].heir = plate.id
            self.plates[old].call("replacement", now)
        if plate.stage == "title":
            for each in self.of(post):
                if each.stage == "creation":
                    each.call("replacement", now)
        self.plates[plate.id] = plate

    def bring_back(self, who: Who, plate: Plate) -> Reasons:
        why = who.may("committee", "branch_officer", branch=self.posts[plate.post].branch)
        if plate.back:
            why |= {"AlreadyReturned"}
        plate.back = plate.back or not why
        return why

    def _not_out(self, who: Who, plate: Plate) -> Reasons:
        why = who.may("committee", "branch_officer", branch=self.posts[plate.post].branch)
        if plate.back:
            why |= {"AlreadyReturned"}
        return why | ({"AlreadyLost"} if plate.lost else set())

    def lose(self, who: Who, plate: Plate) -> Reasons:
        why = self._not_out(who, plate)
        plate.lost = plate.lost or not why
        return why

    def damage(self, who: Who, plate: Plate) -> Reasons:
        why = self._not_out(who, plate) | ({"AlreadyDamaged"} if plate.damaged else set())
        plate.damaged = plate.damaged or not why
        return why

    def place(self, who: Who, plate: Plate) -> Reasons:
        return self._not_out(who, plate)

    def leave(self, who: Who, post: Post, name: str) -> Reasons:
        why = who.may("committee", "branch_officer", branch=post.branch)
        if post.over:
            why |= {"PostHasEnded"}
        if name not in post.names:
            why |= {"NotInPost"}
        if not why:
            self._go(post, name, who.now)
            post.settle_the_bad()
        return why

    def _go(self, post: Post, name: str, now: datetime) -> None:
        for paper in post.papers:
            paper.gone.add(name)
        for plate in self.of(post):
            if plate.holder == name:
                plate.left = True
                plate.call("departure", now)

    def end(self, who: Who, post: Post, cause: str) -> Reasons:
        roles = ("committee",) if cause == "term_over" else ("committee", "branch_officer")
        why = who.may(*roles, branch=post.branch) | post.unfit
        if not why:
            post.over = True
            post.settle_the_bad()
            for plate in self.of(post):
                plate.call("end", who.now)
        return why

    def investigate(self, who: Who, post: Post, *, substantiated: bool) -> Reasons:
        why = who.may("committee")
        if not why:
            post.findings.append(substantiated)
        return why

    def veto(self, who: Who, post: Post, cause: int, finding: int) -> Reasons:
        """Veto for a cause 1 to 4; `finding` is the number of an investigation of the post, or 0."""
        why = who.may("committee")
        if post.revoked:
            why |= {"AlreadyVetoed"}
        if not post.in_force:
            why |= {"NothingApproved"}
        proven = 0 < finding <= len(post.findings) and post.findings[finding - 1]
        if (cause == 3 or finding) and not proven:
            why |= {"NotSubstantiated"}
        if not why:
            post.vetoes.append(False)
            for plate in self.of(post):
                plate.call("veto", who.now, veto=len(post.vetoes))
        return why

    def correct(self, who: Who, post: Post) -> Reasons:
        why = who.may("committee")
        if not post.revoked:
            why |= {"NoVetoInForce"}
        if why:
            return why
        post.vetoes[-1] = True
        for plate in self.of(post):
            mine = [each for each in plate.calls if each.veto == len(post.vetoes)]
            for call in mine:
                call.off = True
            if mine and (plate.heir or plate.left):
                plate.call("replacement" if plate.heir else "departure", who.now)
        return set()

    def survey(self, who: Who, post: Post, good: int, bad: int) -> Reasons:
        why = who.may("committee", "branch_officer", branch=post.branch) | post.unfit
        if (who.today, good + bad, good) in post.surveys:
            why |= {"SurveyEntered"}
        if not why:
            post.surveys.append((who.today, good + bad, good))
        return why

    def inspect(self, who: Who, post: Post, *, good: bool) -> Reasons:
        why, today = who.may("committee") | post.unfit, who.today
        if not why:
            named = award_day_on_or_after(today + CUTOFF)
            first = award_day_before(named) - CUTOFF + DAY
            asked, satisfied = self._said(post, first, today)
            post.visits.append(Visit(named, today, asked, satisfied, good))
        return why

    def _said(self, post: Post, first: date, last: date) -> tuple[int, int]:
        forms = [(n, satisfied) for day, n, satisfied in post.surveys if first <= day <= last]
        rated = [
            (1, int(each.good))
            for each in self.ratings.values()
            if each.post == post.id and each.counted and first <= each.day <= last
        ]
        return sum(n for n, _ in forms + rated), sum(satisfied for _, satisfied in forms + rated)

    def award(self, who: Who, post: Post) -> Reasons:
        why = who.may("committee") | post.unfit | _too_few(post.names)
        if post.titled:
            why |= {"AlreadyAwarded"}
        if any(each.state in {"open", "bad"} for each in post.problems):
            why |= {"ProblemUnsettled"}
        named = award_day_on_or_after(who.today)
        visits = [each for each in post.visits if each.round == named]
        why |= _shortcomings(visits[-1]) if visits else {"NotInspected"}
        if not why:
            post.titled = who.today
        return why

    def assess(self, who: Who, post: Post, name: str, *, fails: bool) -> Reasons:
        why = who.may("committee", "branch_officer", branch=post.branch) | post.unfit
        period, first_day = quarter_of(who.today)
        if not post.titled:
            return why | {"NotTitled"}
        if first_day < post.titled:
            why |= {"PeriodBeforeTitle"}
        if name not in post.names:
            why |= {"NotAMemberThen"}
        if (period, name) in post.assessed:
            why |= {"AlreadyAssessed"}
        if not why:
            post.assessed.add((period, name))
            if fails:
                self._find(post)
        return why

    def order(self, who: Who, post: Post) -> Reasons:
        why = who.may("committee", "branch_officer", branch=post.branch) | post.unfit
        if not why:
            self._find(post)
        return why

    def _find(self, post: Post) -> None:
        post.problems.append(Problem(f"{post.id}-G{len(post.problems) + 1}"))

    def close(self, who: Who, post: Post, problem: Problem, *, done: bool) -> Reasons:
        why = who.may("committee", "branch_officer", branch=post.branch)
        if problem.state != "open":
            why |= {"AlreadyClosed"}
        if not why:
            problem.state = "done" if done else "bad"
        return why

    def rate(self, who: Who, plate: Plate, receipt: str, voter: str, *, good: bool) -> Reasons:
        why = who.may("public")
        if not why:
            stands = self.verdict(plate) in {"creating", "valid"}
            counted = stands and voter not in self.voters
            self.voters |= {voter} if counted else set()
            self.ratings[receipt] = Rating(plate.post, who.today, good, counted)
        return why

    def settle(self, who: Who, receipt: str) -> Reasons:
        why, rating = who.may("committee"), self.ratings[receipt]
        if rating.settled:
            why |= {"AlreadySettled"}
        rating.settled = rating.settled or not why
        return why

    def rate_again(self, who: Who, receipt: str) -> Reasons:
        """Turn a bad grade into a good one."""
        why, rating = who.may("public"), self.ratings[receipt]
        if rating.good and not rating.again:
            why |= {"NothingToReRate"}
        if not rating.settled:
            why |= {"NotSettled"}
        if rating.again:
            why |= {"AlreadyReRated"}
        if not why:
            rating.again = rating.good = True
        return why


def _shortcomings(visit: Visit) -> Reasons:
    if not visit.asked:
        return {"SurveyMissing", "TooFewPoints"}
    why = set() if visit.good else {"TooFewPoints"}
    if visit.asked < RATED:
        why |= {"TooFewRatings"}
    if visit.satisfied < SATISFIED * visit.asked:
        why |= {"NotSatisfiedEnough", "TooFewPoints"}
    return why
