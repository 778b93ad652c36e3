"""A satisfaction survey held on paper is typed in, marked as such (F24, F25)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.conditions import own_post
from store.acts.days import passed
from store.records import PaperSurvey
from store.refusals import Refusal
from store.register import Register
from store.satisfaction import BEST_FIRST


class NotASurvey(Refusal):
    """The numbers of forms are not those of five grades. Remedy: give five, best grade first."""

    clause_id = "F24"
    reason_zh = "问卷份数“{counts}”有误：应为五个不小于零的整数，且不全为零。"
    reason_en = "{counts!r} does not count forms: five whole numbers are expected, not all of them 0."
    remedy_zh = "请依次填写非常满意、满意、基本满意、不满意、非常不满意的份数，如 12,5,2,0,0。"
    remedy_en = "Give them from very satisfied to very dissatisfied, such as 12,5,2,0,0."


class SurveyEntered(Refusal):
    """The same forms were entered before; they count once. Remedy: none, or say how these were handed out."""

    clause_id = "F24"
    reason_zh = "岗位{post_id}在{held_on}的这次测评（{method}）已登记为{survey_id}，份数相同，不重复计数。"
    reason_en = "This survey of post {post_id} on {held_on} ({method!r}) is entered as {survey_id} already."
    remedy_zh = "无需重复登记；确为另一次测评的，请在测评方式中写明区别。"
    remedy_en = "Nothing has to be done; if it is another survey, say in its method how it differs."


@dataclass(frozen=True, kw_only=True)
class Forms:
    """The forms of one survey: how many gave each grade, best first, and how they were handed out."""

    held_on: date
    counts: tuple[int, ...]
    method: str


def enter_paper_survey(register: Register, authority: Authority, post_id: str, forms: Forms) -> PaperSurvey:
    """Enter how many forms gave each grade; the same forms twice are refused, since they would count twice.

    Raises:
        ReasonMissing, NotASurvey, DayAhead: the survey is incomplete or impossible.
        NotAllowed: the actor is neither the committee nor of the branch.
        NoSuchPost, NotApproved, PostIsRevoked, PostHasEnded: there is no such post to survey.
        SurveyEntered: the survey is on record; nothing changes.

    """
    method = stated(forms.method, what_zh="测评方式", what_en="method of the survey")
    held_on = passed(forms.held_on, authority, what_zh="测评日期", what_en="day of the survey")
    _check_counts(forms.counts)
    with register.transaction() as transaction:
        dossier = own_post(transaction, authority, post_id)
        earlier = transaction.find(PaperSurvey, post_id=post_id)
        survey = PaperSurvey(
            id=f"{post_id}-M{len(earlier) + 1}",
            post_id=post_id,
            branch_id=dossier.post.branch_id,
            held_on=held_on,
            counts=forms.counts,
            method=method,
            entered_at=authority.now,
        )
        _check_new(survey, earlier)
        enact(transaction, authority, Deed(act="survey", object=post_id, reason=method), [survey])
    return survey


def _check_counts(counts: tuple[int, ...]) -> None:
    if len(counts) != len(BEST_FIRST) or min(counts) < 0 or not any(counts):
        raise NotASurvey(counts=",".join(map(str, counts)))


def _check_new(survey: PaperSurvey, earlier: Iterable[PaperSurvey]) -> None:
    for each in earlier:
        if replace(survey, id=each.id, entered_at=each.entered_at) == each:
            raise SurveyEntered(
                post_id=each.post_id, held_on=each.held_on, method=each.method, survey_id=each.id
            )
