"""Forms of what is entered beside the decisions: plates placed and damaged, words on paper, files.

Each is about one thing of the post, chosen from what it has. Leaves out the rules, which are the acts'.
"""

from starlette.datastructures import UploadFile

from store.acts.assessment import Judgement, correct_assessment
from store.acts.attachments import LARGEST_BYTES, File, Subject, attach
from store.acts.circulation import place_copy, report_damage
from store.acts.voice import PaperMessage, enter_paper_message
from store.codes import RECEIPT_BYTES, receipt_code
from store.contacts import seal_if_left
from store.records import (
    Application,
    Assessment,
    Copy,
    Grade,
    Inspection,
    Post,
    Record,
    Rectification,
    Role,
    Topic,
)
from store.satisfaction import BEST_FIRST
from store.terms import GRADE_EN, GRADE_ZH, TOPIC_ZH, plate_kind_en, plate_kind_zh
from verify.console.act_parts import (
    BRANCH_TOO,
    NUMBERED_EN,
    NUMBERED_ZH,
    REASON,
    ActForm,
    Ask,
    Choice,
    Effect,
    Kind,
    Situation,
    day_ask,
    standards_of,
)
from verify.console.fields import NoChoice, day_of
from verify.console.guard import Desk

ON_PAPER = {Topic.COMPLAINT: "Complaint", Topic.PRAISE: "Praise", Topic.OTHER: "Suggestion"}
"""What words on a paper form can be, in English."""


def _plate_ask(situation: Situation) -> Ask:
    plates = tuple(
        Choice(
            value=each.id,
            zh=f"{each.id} {plate_kind_zh(each.product, each.stage)}{_of_whom(each)}",
            en=plate_kind_en(each.product, each.stage),
        )
        for each in situation.plates_out
    )
    return Ask(name="plate", zh="标牌", en="Plate", kind=Kind.CHOICE, choices=plates)


def _of_whom(copy: Copy) -> str:
    return f"（{copy.face.holder}）" if copy.face.holder else ""


def _plate_chosen(desk: Desk, situation: Situation) -> str:
    return _chosen(desk, "plate", tuple(each.id for each in situation.plates_out), "标牌", "plate")


def _chosen(desk: Desk, field: str, offered: tuple[str, ...], zh: str, en: str) -> str:
    """Return which of the post's own things a form names.

    Raises:
        NoChoice: it names none of them.

    """
    said = desk.said(field)
    if said not in offered:
        raise NoChoice(what_zh=zh, what_en=en)
    return said


def _place_asks(situation: Situation) -> tuple[Ask, ...]:
    return (
        _plate_ask(situation),
        Ask(name="place", zh="悬挂或放置地点", en="Where", value=situation.dossier.content.place),
        day_ask(situation, "自哪天起", "Since"),
    )


def _place(desk: Desk, situation: Situation) -> object:
    return place_copy(
        desk.site.register,
        desk.authority,
        _plate_chosen(desk, situation),
        place=desk.said("place"),
        placed_on=day_of(desk.said("day")),
    )


def _damage(desk: Desk, situation: Situation) -> object:
    plate = _plate_chosen(desk, situation)
    return report_damage(desk.site.register, desk.authority, plate, reason=desk.said("reason"))


def _message_asks(_: Situation) -> tuple[Ask, ...]:
    topics = tuple(Choice(value=topic.value, zh=TOPIC_ZH[topic], en=en) for topic, en in ON_PAPER.items())
    grades = tuple(Choice(value=str(each.value), zh=GRADE_ZH[each], en=GRADE_EN[each]) for each in BEST_FIRST)
    none = Choice(value="", zh="表上没有评价", en="None given")
    return (
        Ask(name="topic", zh="意见类型", en="What it is", kind=Kind.CHOICE, choices=topics),
        Ask(name="words", zh="表上的原话", en="Words of the form", kind=Kind.TEXT),
        Ask(
            name="grade",
            zh="表上的评价",
            en="Grade",
            kind=Kind.CHOICE,
            required=False,
            choices=(none, *grades),
            hint="只作显示，不计入满意度；成批问卷请用“登记纸质测评”。",
            hint_en="Shown, never counted; enter questionnaires as a survey.",
        ),
        Ask(
            name="contact",
            zh="联系方式",
            en="Contact",
            required=False,
            hint="立即封存，查看须写明理由并留下记录。",
            hint_en="Sealed at once; reading it takes a reason and is logged.",
        ),
    )


def _enter_message(desk: Desk, situation: Situation) -> object:
    receipt = receipt_code(desk.site.entropy(RECEIPT_BYTES))
    message = PaperMessage(
        receipt=receipt,
        post_id=situation.dossier.post.id,
        topic=Topic(_chosen(desk, "topic", tuple(ON_PAPER), "意见类型", "kind of message")),
        grade=_grade(desk),
        comment=desk.said("words"),
        sealed_contact=seal_if_left(
            desk.said("contact"),
            desk.site.settings.contact_key,
            subject_id=receipt,
            entropy=desk.site.entropy,
        ),
    )
    return enter_paper_message(desk.site.register, desk.authority, message)


def _grade(desk: Desk) -> Grade | None:
    offered = ("", *(str(each.value) for each in Grade))
    said = _chosen(desk, "grade", offered, "评价", "grade")
    return Grade(int(said)) if said else None


def _correction_asks(situation: Situation) -> tuple[Ask, ...]:
    entered = tuple(_outcome(each) for each in situation.assessments)
    return (
        Ask(name="assessment", zh="原考核", en="Assessment", kind=Kind.CHOICE, choices=entered),
        Ask(
            name="failed",
            zh="更正后不合格的标准（序号）",
            en="Standards not met",
            required=False,
            hint=f"全部合格留空。{NUMBERED_ZH}",
            hint_en=f"Empty if all are met. {NUMBERED_EN}",
        ),
        Ask(name="remarks", zh="评语", en="Remarks", required=False),
        Ask(name="reason", zh="更正理由", en="Reason", kind=Kind.TEXT),
    )


def _outcome(assessment: Assessment) -> Choice:
    zh, en = ("合格", "all met") if all(assessment.standards) else ("有不合格", "not all met")
    return Choice(value=assessment.id, zh=f"{assessment.period} {assessment.member_name}：{zh}", en=en)


def _correct(desk: Desk, situation: Situation) -> object:
    members = {each.id: each.member_name for each in situation.assessments}
    wrong = _chosen(desk, "assessment", tuple(members), "原考核", "assessment")
    right = Judgement(
        member_name=members[wrong], failed=standards_of(desk.said("failed")), remarks=desk.said("remarks")
    )
    return correct_assessment(desk.site.register, desk.authority, wrong, right, reason=desk.said("reason"))


def _subjects(situation: Situation) -> tuple[Choice, ...]:
    dossier = situation.dossier
    plates = (
        _subject(Copy, each.id, f"标牌 {each.id}{_of_whom(each)}", "Plate") for each in situation.plates_out
    )
    visits = (
        _subject(Inspection, each.id, f"检查评比 {each.inspected_on}", "Inspection")
        for each in situation.inspections
    )
    orders = (
        _subject(Rectification, each.order.id, f"整改 {each.order.problem[:20]}", "Rectification")
        for each in situation.unsettled
    )
    sheets = (
        _subject(Assessment, each.id, f"季度考核 {each.period} {each.member_name}", "Assessment")
        for each in situation.assessments
    )
    return (
        _subject(Post, dossier.post.id, "岗位", "Post"),
        _subject(Application, dossier.latest.id, "最近一次申报", "Latest application"),
        *plates,
        *visits,
        *orders,
        *sheets,
    )


def _subject(kind: type[Record], record_id: str, zh: str, en: str) -> Choice:
    return Choice(value=f"{kind.__name__} {record_id}", zh=zh, en=en)


def _attach_asks(situation: Situation) -> tuple[Ask, ...]:
    largest = LARGEST_BYTES // 2**20
    return (
        Ask(name="subject", zh="附在", en="Belongs to", kind=Kind.CHOICE, choices=_subjects(situation)),
        Ask(
            name="file",
            zh="文件",
            en="File",
            kind=Kind.FILE,
            hint=f"照片、PDF或Office文件，不超过{largest} MB。",
            hint_en=f"A photo, PDF or Office file, at most {largest} MB.",
        ),
        Ask(name="caption", zh="说明", en="Caption", required=False),
    )


def _attach(desk: Desk, situation: Situation) -> object:
    offered = tuple(each.value for each in _subjects(situation))
    kind, _, record_id = _chosen(desk, "subject", offered, "附在何处", "record").partition(" ")
    subject = Subject(kind=kind, id=record_id)
    return attach(desk.site.register, desk.authority, subject, _file(desk))


def _file(desk: Desk) -> File:
    sent = desk.form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise NoChoice(what_zh="文件", what_en="file")
    return File(name=sent.filename, content=sent.file.read(LARGEST_BYTES + 1), caption=desk.said("caption"))


RECORD_FORMS = (
    ActForm(
        name="place",
        zh="登记悬挂地点",
        en="Where a plate hangs",
        roles=BRANCH_TOO,
        clauses=("F8", "F9"),
        is_open=lambda now: now.stands and bool(now.plates_out),
        asks=_place_asks,
        do=_place,
    ),
    ActForm(
        name="damaged",
        zh="登记损坏",
        en="A damaged plate",
        roles=BRANCH_TOO,
        clauses=("F10", "F19"),
        is_open=lambda now: now.stands and bool(now.plates_out),
        asks=lambda now: (_plate_ask(now), REASON),
        do=_damage,
        effect=lambda _: Effect(
            zh="此牌照常有效，直到重新制作；新牌发出后旧牌显示“已换发”。",
            en="It stands until it is printed anew; then it reads “replaced”.",
        ),
    ),
    ActForm(
        name="paper-message",
        zh="录入纸质意见",
        en="Words on paper",
        roles=(Role.COMMITTEE,),
        clauses=("F25",),
        is_open=lambda now: now.dossier.approval is not None,
        asks=_message_asks,
        do=_enter_message,
        effect=lambda _: Effect(
            zh="录入后在岗位页列出并注明来自纸质表；请把回执编号写在原表上。",
            en="It is listed and marked as from paper; write its receipt code on the form.",
        ),
    ),
    ActForm(
        name="correct-assessment",
        zh="更正考核",
        en="Correct an assessment",
        roles=BRANCH_TOO,
        clauses=("F17", "F29"),
        is_open=lambda now: now.stands and bool(now.assessments),
        asks=_correction_asks,
        do=_correct,
        effect=lambda _: Effect(
            zh="原考核和更正都留在记录里；原考核引出的整改要求随之取消。",
            en="Both stay on record; what the wrong one asked to be put right is no longer asked for.",
        ),
    ),
    ActForm(
        name="attach",
        zh="上传附件",
        en="Attach a file",
        roles=BRANCH_TOO,
        clauses=("F29",),
        is_open=lambda _: True,
        asks=_attach_asks,
        do=_attach,
    ),
)
"""The forms of a post's records, in the order of the year."""
