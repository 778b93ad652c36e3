"""What the console calls things, in Chinese; the pages find all of it under `words`."""

from store.acts.authority import ROLE_ZH
from store.clauses import CLAUSES, STANDARDS_ZH
from store.dossier import POST_STATE_ZH
from store.recalls import RECALL_CAUSE_ZH, RECALL_STATE_ZH
from store.records import PostContent, PostKind, Role
from store.rectifications import RECTIFICATION_STATE_ZH
from store.standing import VERDICT_ZH
from store.terms import (
    ACT_ZH,
    BAD_GRADES,
    CHANNEL_ZH,
    COLLECTIVE_ZH,
    FIELD_ZH,
    FINDING_ZH,
    GRADE_ZH,
    PLATE_PART_ZH,
    PRODUCT_ZH,
    TIMING_ZH,
    TOPIC_ZH,
    VETO_CAUSE_EN,
    VETO_CAUSE_ZH,
    plate_kind_zh,
)

WORDS: dict[str, object] = {
    "act": ACT_ZH,
    "bad_grades": BAD_GRADES,
    "cause": VETO_CAUSE_ZH,
    "channel": CHANNEL_ZH,
    "clause": CLAUSES,
    "cause_en": VETO_CAUSE_EN,
    "field": FIELD_ZH,
    "finding": FINDING_ZH,
    "grade": GRADE_ZH,
    "plate_part": PLATE_PART_ZH,
    "post_state": POST_STATE_ZH,
    "plate_kind": plate_kind_zh,
    "product": PRODUCT_ZH,
    "recall_cause": RECALL_CAUSE_ZH,
    "recall_state": RECALL_STATE_ZH,
    "role": ROLE_ZH | {Role.BRANCH_OFFICER: "党总支工作人员"},
    "timing": TIMING_ZH,
    "topic": TOPIC_ZH,
    "rectification": RECTIFICATION_STATE_ZH,
    "verdict": VERDICT_ZH,
}


def unmet_zh(standards: tuple[bool, ...]) -> str:
    """Return which of the six standards are not met (F31); empty where all are."""
    return "；".join(zh for zh, met in zip(STANDARDS_ZH, standards, strict=True) if not met)


def kind_zh(content: PostContent) -> str:
    """Return what kind of post it is: 个人示范岗, or 集体示范岗 with what it consists of (F1, F3)."""
    if content.kind is PostKind.INDIVIDUAL or content.collective_kind is None:
        return "个人示范岗"
    return f"集体示范岗（{COLLECTIVE_ZH[content.collective_kind]}）"
