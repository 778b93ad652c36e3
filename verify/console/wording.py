"""What the console calls things; the pages find the Chinese under `words` and the English under `english`."""

from store.acts.authority import ROLE_ZH
from store.acts.tokens import SCOPE_EN, SCOPE_ZH
from store.clauses import CLAUSES, STANDARDS_EN, STANDARDS_ZH
from store.dossier import POST_STATE_EN, POST_STATE_ZH
from store.feedback import TERM_STATE_EN, TERM_STATE_ZH
from store.notices import NOTICE_STATE_EN, NOTICE_STATE_ZH
from store.print_queue import JOB_STATE_EN, JOB_STATE_ZH
from store.recalls import RECALL_CAUSE_EN, RECALL_CAUSE_ZH, RECALL_STATE_EN, RECALL_STATE_ZH
from store.records import PostContent, PostKind, Role, WebhookEvent
from store.rectifications import RECTIFICATION_STATE_EN, RECTIFICATION_STATE_ZH
from store.reminders import WAY_EN, WAY_ZH
from store.standing import VERDICT_EN, VERDICT_ZH
from store.terms import (
    ACT_EN,
    ACT_ZH,
    BAD_GRADES,
    CHANNEL_EN,
    CHANNEL_ZH,
    COLLECTIVE_EN,
    COLLECTIVE_ZH,
    FIELD_EN,
    FIELD_ZH,
    FINDING_EN,
    FINDING_ZH,
    GRADE_EN,
    GRADE_ZH,
    NOTICE_SUBJECT_EN,
    NOTICE_SUBJECT_ZH,
    PLATE_PART_EN,
    PLATE_PART_ZH,
    PRODUCT_EN,
    PRODUCT_ZH,
    TIMING_EN,
    TIMING_ZH,
    TOPIC_EN,
    TOPIC_ZH,
    VETO_CAUSE_EN,
    VETO_CAUSE_ZH,
    plate_kind_en,
    plate_kind_zh,
)
from store.webhooks.courses import COURSE_STATE_EN, COURSE_STATE_ZH

EVENT_ZH: dict[WebhookEvent, str] = {
    WebhookEvent.POST_AWARDED: "命名授牌",
    WebhookEvent.POST_REVOKED: "一票否决",
    WebhookEvent.POST_VETO_CORRECTED: "更正一票否决",
    WebhookEvent.POST_ENDED: "岗位停用",
    WebhookEvent.COPY_REPLACED: "标牌换发",
    WebhookEvent.COPY_LOST: "标牌挂失",
    WebhookEvent.COPY_RETURNED: "标牌交回",
    WebhookEvent.COPY_LEFT: "成员调离",
    WebhookEvent.COPY_STILL_DISPLAYED: "应收标牌仍在悬挂",
}

EVENT_EN: dict[WebhookEvent, str] = {
    WebhookEvent.POST_AWARDED: "Post awarded",
    WebhookEvent.POST_REVOKED: "Post vetoed",
    WebhookEvent.POST_VETO_CORRECTED: "Veto corrected",
    WebhookEvent.POST_ENDED: "Post ended",
    WebhookEvent.COPY_REPLACED: "Plate replaced",
    WebhookEvent.COPY_LOST: "Plate lost",
    WebhookEvent.COPY_RETURNED: "Plate returned",
    WebhookEvent.COPY_LEFT: "Member left",
    WebhookEvent.COPY_STILL_DISPLAYED: "Recalled plate still displayed",
}

OFFICE_EN: dict[Role, str] = {
    Role.COMMITTEE: "Committee",
    Role.BRANCH_OFFICER: "Branch officer",
    Role.PRINT_CLERK: "Print clerk",
    Role.INSPECTOR: "Inspector",
    Role.ADMINISTRATOR: "Administrator",
    Role.PUBLIC: "Public",
}
"""The roles as a page labels people with them; within sentences they are ROLE_EN."""

WORDS: dict[str, object] = {
    "act": ACT_ZH,
    "bad_grades": BAD_GRADES,
    "cause": VETO_CAUSE_ZH,
    "channel": CHANNEL_ZH,
    "clause": CLAUSES,
    "course_state": COURSE_STATE_ZH,
    "event": EVENT_ZH,
    "field": FIELD_ZH,
    "finding": FINDING_ZH,
    "grade": GRADE_ZH,
    "job_state": JOB_STATE_ZH,
    "notice_state": NOTICE_STATE_ZH,
    "notice_subject": NOTICE_SUBJECT_ZH,
    "plate_part": PLATE_PART_ZH,
    "post_state": POST_STATE_ZH,
    "plate_kind": plate_kind_zh,
    "product": PRODUCT_ZH,
    "recall_cause": RECALL_CAUSE_ZH,
    "recall_state": RECALL_STATE_ZH,
    "rectification": RECTIFICATION_STATE_ZH,
    "role": ROLE_ZH | {Role.BRANCH_OFFICER: "党总支工作人员"},
    "scope": SCOPE_ZH,
    "term_state": TERM_STATE_ZH,
    "timing": TIMING_ZH,
    "topic": TOPIC_ZH,
    "verdict": VERDICT_ZH,
    "way": WAY_ZH,
}

ENGLISH: dict[str, object] = {
    "act": ACT_EN,
    "cause": VETO_CAUSE_EN,
    "channel": CHANNEL_EN,
    "course_state": COURSE_STATE_EN,
    "event": EVENT_EN,
    "field": FIELD_EN,
    "finding": FINDING_EN,
    "grade": GRADE_EN,
    "job_state": JOB_STATE_EN,
    "notice_state": NOTICE_STATE_EN,
    "notice_subject": NOTICE_SUBJECT_EN,
    "plate_part": PLATE_PART_EN,
    "post_state": POST_STATE_EN,
    "plate_kind": plate_kind_en,
    "product": PRODUCT_EN,
    "recall_cause": RECALL_CAUSE_EN,
    "recall_state": RECALL_STATE_EN,
    "rectification": RECTIFICATION_STATE_EN,
    "role": OFFICE_EN,
    "scope": SCOPE_EN,
    "term_state": TERM_STATE_EN,
    "timing": TIMING_EN,
    "topic": TOPIC_EN,
    "verdict": VERDICT_EN,
    "way": WAY_EN,
}


def unmet_zh(standards: tuple[bool, ...]) -> str:
    """Return which of the six standards are not met (F31); empty where all are."""
    return "；".join(zh for zh, met in zip(STANDARDS_ZH, standards, strict=True) if not met)


def unmet_en(standards: tuple[bool, ...]) -> str:
    """Return in English which of the six standards are not met (F31); empty where all are."""
    return "; ".join(en for en, met in zip(STANDARDS_EN, standards, strict=True) if not met)


def kind_zh(content: PostContent) -> str:
    """Return what kind of post it is: 个人示范岗, or 集体示范岗 with what it consists of (F1, F3)."""
    if content.kind is PostKind.INDIVIDUAL or content.collective_kind is None:
        return "个人示范岗"
    return f"集体示范岗（{COLLECTIVE_ZH[content.collective_kind]}）"


def kind_en(content: PostContent) -> str:
    """Return in English what kind of post it is, and what a collective one consists of (F1, F3)."""
    if content.kind is PostKind.INDIVIDUAL or content.collective_kind is None:
        return "Individual post"
    return f"Collective post ({COLLECTIVE_EN[content.collective_kind].lower()})"
