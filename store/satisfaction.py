"""How satisfied the public is with a post (F24): counts by grade, share, interval, and how they came about.

Only counted ratings enter, which no message typed in from paper is; a re-rating takes the first grade's
place. Of the national five grades the last two are 差评, so the first three are satisfied. Leaves out what a
share decides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from store.calendar import chinese_day, office_day
from store.periods import Calendar, Period
from store.policy import Policy
from store.records import Feedback, Grade, PaperSurvey, ReRating
from store.register import Reader
from store.terms import BAD_GRADES

BEST_FIRST = tuple(sorted(Grade, reverse=True))
"""The grades in the order in which surveys count them."""

_Z_95 = 1.959964


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """What was said from `first` to `last`, both included: how many gave each grade, online and on paper."""

    first: date
    last: date
    online: Counter[Grade]
    paper: Counter[Grade]

    @property
    def counts(self) -> dict[Grade, int]:
        """How many gave each grade, best first."""
        return {grade: self.online[grade] + self.paper[grade] for grade in BEST_FIRST}

    @property
    def n(self) -> int:
        """How many were asked."""
        return self.n_online + self.n_paper

    @property
    def n_online(self) -> int:
        """How many scanned a plate and rated the post."""
        return self.online.total()

    @property
    def n_paper(self) -> int:
        """How many filled in a form."""
        return self.paper.total()

    @property
    def satisfied(self) -> int:
        """How many were satisfied: very, plainly or fairly."""
        return sum(count for grade, count in self.counts.items() if grade not in BAD_GRADES)

    @property
    def share(self) -> float:
        """The satisfied share, 0 to 1; 0 where nobody was asked."""
        return self.satisfied / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The interval in which the share of all served lies with 95 % confidence, after Wilson (1927)."""
        return wilson(self.satisfied, self.n)

    @property
    def method_zh(self) -> str:
        """How the numbers came about, in Chinese."""
        return (
            f"{chinese_day(self.first)}至{chinese_day(self.last)}，扫码评价{self.n_online}份"
            f"（同一设备每周计一次）、纸质问卷{self.n_paper}份；"
            "“非常满意”“满意”“基本满意”计为满意；区间按威尔逊法，置信水平95%。"
        )

    @property
    def method_en(self) -> str:
        """How the numbers came about, in English."""
        return (
            f"{self.first} to {self.last}: {self.n_online} ratings by scan (one per device and week), "
            f"{self.n_paper} paper forms; the first three of the five grades count as satisfied; "
            "95 % Wilson interval."
        )

    def can_be_shown(self, policy: Policy) -> bool:
        """Whether there are enough ratings to say something, and to give nobody away."""
        return self.n >= policy.ratings_min


def satisfaction_of(reader: Reader, post_id: str, first: date, last: date) -> Satisfaction:
    """Count what was said of a post from the first day to the last, both included."""
    [found] = satisfaction_over(reader, post_id, [(first, last)])
    return found


def satisfaction_over(
    reader: Reader, post_id: str, spans: Sequence[tuple[date, date]]
) -> tuple[Satisfaction, ...]:
    """Count what was said of a post in each span of days, both ends included; it is read once for all."""
    online = list(_rated(reader, post_id))
    paper = [(each.held_on, _by_grade(each)) for each in reader.find(PaperSurvey, post_id=post_id)]
    return tuple(
        Satisfaction(
            first=first,
            last=last,
            online=Counter(grade for day, grade in online if first <= day <= last),
            paper=sum((counts for day, counts in paper if first <= day <= last), Counter()),
        )
        for first, last in spans
    )


def satisfaction_by_period(reader: Reader, post_id: str, calendar: Calendar) -> dict[Period, Satisfaction]:
    """Count what was said of a post in each period in which anything was; it is read once for all."""
    online, paper = defaultdict[Period, Counter[Grade]](Counter), defaultdict[Period, Counter[Grade]](Counter)
    for day, grade in _rated(reader, post_id):
        online[calendar.of(day)][grade] += 1
    for each in reader.find(PaperSurvey, post_id=post_id):
        paper[calendar.of(each.held_on)] += _by_grade(each)
    return {
        each: Satisfaction(first=each.first_day, last=each.last_day, online=online[each], paper=paper[each])
        for each in {*online, *paper}
    }


def together(found: Sequence[Satisfaction], first: date, last: date) -> Satisfaction:
    """Return what was said from the first day to the last as one."""
    return Satisfaction(
        first=first,
        last=last,
        online=sum((each.online for each in found), Counter()),
        paper=sum((each.paper for each in found), Counter()),
    )


def _rated(reader: Reader, post_id: str) -> Iterator[tuple[date, Grade]]:
    """Yield the day and grade of each rating that counts, the grade as it was given last."""
    again = {each.feedback_id: each.grade for each in reader.find(ReRating, post_id=post_id)}
    for rating in reader.find(Feedback, post_id=post_id):
        if rating.counted and rating.grade:
            yield office_day(rating.given_at), again.get(rating.id, rating.grade)


def _by_grade(survey: PaperSurvey) -> Counter[Grade]:
    return Counter(dict(zip(BEST_FIRST, survey.counts, strict=True)))


def surveys_of(reader: Reader, post_id: str, first: date, last: date) -> Iterator[PaperSurvey]:
    """Return the paper surveys held from the first day to the last, both included."""
    for survey in reader.find(PaperSurvey, post_id=post_id):
        if first <= survey.held_on <= last:
            yield survey


def wilson(satisfied: int, asked: int) -> tuple[float, float]:
    """Return the score interval of a share at 95 % (Wilson, JASA 22 (1927), p. 209); 0 to 1 for none."""
    if not asked:
        return 0.0, 1.0
    share, squared = satisfied / asked, _Z_95**2
    middle = share + squared / (2 * asked)
    spread = _Z_95 * sqrt(share * (1 - share) / asked + squared / (4 * asked**2))
    scale = 1 + squared / asked
    low, high = (middle - spread) / scale, (middle + spread) / scale
    # where nobody or everybody was satisfied the end is the share itself, which floats miss by a hair
    return max(0.0, min(share, low)), min(1.0, max(share, high))
