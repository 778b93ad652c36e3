"""Who is to be assessed in which period, and who has been (F17): read from the register.

A titled post's members are assessed in every period that begins once the title is held; who leaves before a
period ends is not assessed in it. A period's assessments are due on its last day. Leaves out how one is
entered (acts/assessment.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from store.calendar import office_day
from store.dossier import Dossier, PostState, dossiers
from store.lookup import ids_since
from store.periods import Period
from store.policy import Policy
from store.records import Approval, Assessment, Member
from store.register import Reader


@dataclass(frozen=True, kw_only=True)
class AssessmentDue:
    """One member of a titled post who is still to be assessed in a period."""

    dossier: Dossier
    period: Period
    member_name: str
    today: date

    @property
    def due_on(self) -> date:
        """The last day of the period."""
        return self.period.last_day

    @property
    def is_overdue(self) -> bool:
        """Whether the period is over."""
        return self.today > self.due_on


def assessments_due(
    reader: Reader, policy: Policy, today: date, branch_id: str | None = None
) -> Iterator[AssessmentDue]:
    """Return who is still to be assessed, of all posts or of one branch's: by post, period and member."""
    for dossier in dossiers(reader, branch_id):
        if dossier.state is PostState.AWARDED:
            yield from due_of_post(reader, dossier, policy, today)


def due_of_post(reader: Reader, dossier: Dossier, policy: Policy, today: date) -> Iterator[AssessmentDue]:
    """Return who is still to be assessed in a titled post, by period and member."""
    approvals = reader.find(Approval, post_id=dossier.post.id)
    assessed = {
        (each.period, each.member_name) for each in standing_assessments(reader, post_id=dossier.post.id)
    }
    for period in periods_assessed(dossier, policy, today):
        for member in members_on(dossier, approvals, min(period.last_day, today)):
            if (period.id, member.name) not in assessed:
                yield AssessmentDue(dossier=dossier, period=period, member_name=member.name, today=today)


def periods_assessed(dossier: Dossier, policy: Policy, today: date) -> list[Period]:
    """Return the periods a titled post's members are assessed in: from the first full one to today's."""
    if dossier.award is None:
        return []
    return policy.periods.between(dossier.award.awarded_on, policy.periods.of(today).last_day)


def standing_assessments(reader: Reader, **fields: str) -> list[Assessment]:
    """Return the assessments whose fields equal the values given, those corrected since left out."""
    found = reader.find(Assessment, **fields)
    corrected = {each.corrects for each in found}
    return [each for each in found if each.id not in corrected]


def members_on(dossier: Dossier, approvals: Sequence[Approval], day: date) -> tuple[Member, ...]:
    """Return who was in a post when a day ended; `approvals` are all of the post's.

    Before the first approval on record, as for posts older than the register, the first one counts.
    """
    by_then = [each for each in approvals if office_day(each.approved_at) <= day] or approvals[:1]
    in_force = {each.application_id for each in by_then[-1:]}
    application = next((each for each in dossier.applications if each.id in in_force), None)
    if application is None:
        return ()
    since = ids_since(dossier.applications, application.id)
    left = {
        each.member_name
        for each in dossier.departures
        if each.application_id in since and office_day(each.left_at) <= day
    }
    return tuple(member for member in application.content.members if member.name not in left)
