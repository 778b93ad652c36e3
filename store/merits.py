"""What an inspection must show before a post is named (F14, F15, F24, F32).

Pure: an inspection and the policy in, nothing or a refusal out. Leaves out which inspection counts
(acts/award.py).
"""

from fractions import Fraction

from store.policy import Policy
from store.records import Inspection
from store.refusals import Refusal


class EvidenceMissing(Refusal):
    """The inspection lacks one of the three kinds of evidence. Remedy: gather it and inspect again."""

    clause_id = "F14"
    reason_zh = "岗位{post_id}的检查{inspection_id}缺少：{missing_zh}。"
    reason_en = "Inspection {inspection_id} of post {post_id} lacks: {missing_en}."
    remedy_zh = "请补做后重新登记检查（gangpai inspect），三项齐备方可命名。"
    remedy_en = "Make up for it and enter the inspection anew (gangpai inspect); all three are needed."


class StandardsNotMet(Refusal):
    """The inspection found that the post does not meet the standards. Remedy: bring it up to them first."""

    clause_id = "F15"
    reason_zh = "岗位{post_id}的检查{inspection_id}认定不符合创建标准。"
    reason_en = "Inspection {inspection_id} found that post {post_id} does not meet the standards."
    remedy_zh = "请督促整改，达到标准后重新检查。"
    remedy_en = "See that it is put right, then inspect it again."


class JudgementMissing(Refusal):
    """One of the three headline judgements was not given. Remedy: name the post in a later round."""

    clause_id = "F32"
    reason_zh = "岗位{post_id}的检查{inspection_id}未认定：{missing_zh}。"
    reason_en = "Inspection {inspection_id} did not find post {post_id}: {missing_en}."
    remedy_zh = "三项均予认定方可命名；情况有变化的，重新检查后登记。"
    remedy_en = "All three are needed; inspect again if things have changed."


class SurveyMissing(Refusal):
    """Nobody was asked how satisfied they are. Remedy: survey them, then inspect again."""

    clause_id = "F24"
    reason_zh = "岗位{post_id}没有群众满意度测评结果（检查{inspection_id}）。"
    reason_en = "There is no survey of satisfaction with post {post_id} (inspection {inspection_id})."
    remedy_zh = "请先测评，至少{least}份，再重新登记检查。"
    remedy_en = "Survey at least {least} people, then enter the inspection anew."


class TooFewRatings(Refusal):
    """Too few were asked for a share to say something. Remedy: survey more, then inspect again."""

    clause_id = "F24"
    reason_zh = "岗位{post_id}的满意度测评只有{count}份，少于{least}份（检查{inspection_id}）。"
    reason_en = "Only {count} people rated post {post_id}; {least} are needed (inspection {inspection_id})."
    remedy_zh = "请补充测评后重新登记检查。"
    remedy_en = "Survey more, then enter the inspection anew."


class NotSatisfiedEnough(Refusal):
    """The satisfied share is below the policy's. Remedy: improve the service; another round comes."""

    clause_id = "F15"
    reason_zh = "岗位{post_id}的群众满意度为{share:.1%}（{satisfied}/{count}），低于{least:.0%}。"
    reason_en = "{share:.1%} were satisfied with post {post_id} ({satisfied}/{count}), below {least:.0%}."
    remedy_zh = "请改进服务，下一轮再检查评比。"
    remedy_en = "Improve the service and be inspected in the next round."


class TooFewPoints(Refusal):
    """The inspection's points are below the policy's. Remedy: improve; another round comes."""

    clause_id = "F15"
    reason_zh = "岗位{post_id}的检查{inspection_id}得{points}分，低于{least}分。"
    reason_en = "Inspection {inspection_id} gave post {post_id} {points} points; {least} are needed."
    remedy_zh = "请改进后在下一轮检查评比。"
    remedy_en = "Improve and be inspected in the next round."


SLOTS = (
    ("report", "听取汇报", "the report heard"),
    ("site", "实地考评", "the visit on site"),
    ("opinions", "听取群众意见", "the opinions of the public"),
)
"""The three kinds of evidence: field, Chinese, English (F14)."""

JUDGEMENTS = (
    ("recognised", "群众公认", "recognised by the public"),
    ("outstanding", "实绩突出", "outstanding in results"),
    ("effective", "作用明显", "effective as an example"),
)
"""The three headline judgements: field, Chinese, English (F32)."""


def check_merits(inspection: Inspection, policy: Policy) -> None:
    """Let an inspection pass on whose ground a post may be named.

    Raises:
        EvidenceMissing: one of the three kinds of evidence is not there (F14).
        StandardsNotMet, JudgementMissing: the committee did not find for the post (F15, F32).
        SurveyMissing, TooFewRatings: too few people were asked (F24).
        NotSatisfiedEnough: the satisfied share is below the policy's (F15).
        TooFewPoints: the points are below the policy's (F15).

    """
    _check_evidence(inspection)
    _check_judgements(inspection)
    _check_survey(inspection, policy)
    if inspection.points < policy.award_points_min:
        raise TooFewPoints(**_named(inspection), points=inspection.points, least=policy.award_points_min)


def _named(inspection: Inspection) -> dict[str, str]:
    return {"post_id": inspection.post_id, "inspection_id": inspection.id}


def _check_evidence(inspection: Inspection) -> None:
    missing = [slot for slot in SLOTS if not getattr(inspection, slot[0])]
    if missing:
        raise EvidenceMissing(**_named(inspection), **_both_languages(missing))


def _check_judgements(inspection: Inspection) -> None:
    if not inspection.meets_standards:
        raise StandardsNotMet(**_named(inspection))
    missing = [judgement for judgement in JUDGEMENTS if not getattr(inspection, judgement[0])]
    if missing:
        raise JudgementMissing(**_named(inspection), **_both_languages(missing))


def _both_languages(missing: list[tuple[str, str, str]]) -> dict[str, str]:
    return {
        "missing_zh": "、".join(zh for _, zh, _ in missing),
        "missing_en": ", ".join(en for _, _, en in missing),
    }


def _check_survey(inspection: Inspection, policy: Policy) -> None:
    count, satisfied = inspection.survey_count, inspection.survey_satisfied
    if not count:
        raise SurveyMissing(**_named(inspection), least=policy.ratings_min)
    if count < policy.ratings_min:
        raise TooFewRatings(**_named(inspection), count=count, least=policy.ratings_min)
    if satisfied < Fraction(str(policy.satisfied_share_min)) * count:
        raise NotSatisfiedEnough(
            **_named(inspection),
            share=satisfied / count,
            satisfied=satisfied,
            count=count,
            least=policy.satisfied_share_min,
        )
