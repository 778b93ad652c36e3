"""The acts on a post as forms: who may do them, when they are open, what they ask, on which clause they rest.

Knows the form of each act and how what was filled in becomes the act. Leaves out the rules, which are the
acts' (store/acts/), and the pages (acts.py, templates/console/act.html). A form says its clauses, its numbers
and its effect before anybody runs into them.
"""

from store.acts.adjust import Change, adjust, end_post
from store.acts.approve import return_application
from store.acts.assessment import Judgement, Sheet, assess
from store.acts.circulation import leave_post
from store.acts.correction import correct_veto
from store.acts.inspection import Visit, inspect_post
from store.acts.oversight import Guidance, supervise
from store.acts.publicity import Promise, Story, commit, tell_deed
from store.acts.rectification import Demand, close_rectification, order_rectification
from store.acts.survey import Forms, enter_paper_survey
from store.calendar import chinese_day
from store.records import EndCause, Member, RectificationResult, Role
from store.rectifications import Problem
from store.satisfaction import BEST_FIRST
from store.terms import END_CAUSE_EN, END_CAUSE_ZH, GRADE_EN, GRADE_ZH
from verify.console.act_parts import (
    BRANCH_TOO,
    NAMES_APART,
    NUMBERED_EN,
    NUMBERED_ZH,
    REASON,
    WHOLE_POST,
    ActForm,
    Ask,
    Choice,
    Effect,
    Kind,
    Situation,
    day_ask,
    members_ask,
    standards_of,
)
from verify.console.fields import choice_of, day_of, number_of
from verify.console.guard import Desk
from verify.console.record_forms import RECORD_FORMS


def offered(desk: Desk, situation: Situation) -> list[ActForm]:
    """Return the forms that are open to an officer now, in the order of the year."""
    return [each for each in FORMS if desk.may(*each.roles) and each.is_open(situation)]


def _send_back_asks(_: Situation) -> tuple[Ask, ...]:
    return (
        Ask(name="document", zh="文号", en="Document", required=False),
        Ask(name="opinion", zh="退回意见", en="Opinion", kind=Kind.TEXT),
    )


def _send_back(desk: Desk, situation: Situation) -> object:
    return return_application(
        desk.site.register,
        desk.authority,
        situation.dossier.post.id,
        document=desk.said("document"),
        opinion=desk.said("opinion"),
    )


def _adjust_asks(situation: Situation) -> tuple[Ask, ...]:
    dossier = situation.dossier
    content = dossier.content_of(dossier.current)
    names = NAMES_APART.join(each.name for each in content.members)
    return (
        Ask(name="name", zh="岗位名称", en="Name", value=content.name),
        Ask(name="duties", zh="工作职责", en="Duties", kind=Kind.TEXT, value=content.duties),
        Ask(name="place", zh="放置地点", en="Place", value=content.place),
        Ask(
            name="members",
            zh="全部党员",
            en="All members",
            kind=Kind.TEXT,
            value=names,
            hint=f"姓名之间用顿号隔开；集体岗位至少{situation.policy.members_min}名。",
            hint_en=f"Names apart by 、; a collective post has {situation.policy.members_min} at least.",
        ),
        REASON,
    )


def _adjust(desk: Desk, situation: Situation) -> object:
    dossier = situation.dossier
    known = {each.name: each for each in dossier.content_of(dossier.current).members}
    typed = desk.said("members").replace("，", NAMES_APART).replace(",", NAMES_APART).split(NAMES_APART)
    names = [each.strip() for each in typed if each.strip()]
    change = Change(
        name=desk.said("name"),
        duties=desk.said("duties"),
        place=desk.said("place"),
        members=tuple(known.get(each) or Member(name=each) for each in names),
    )
    return adjust(desk.site.register, desk.authority, dossier.post.id, change, reason=desk.said("reason"))


def _leave(desk: Desk, situation: Situation) -> object:
    post_id = situation.dossier.post.id
    return leave_post(desk.site.register, desk.authority, post_id, member_name=desk.said("member"))


def _survey_asks(situation: Situation) -> tuple[Ask, ...]:
    counts = (
        Ask(
            name=f"grade{grade.value}",
            zh=f"{GRADE_ZH[grade]}（份）",
            en=GRADE_EN[grade],
            kind=Kind.NUMBER,
            value="0",
        )
        for grade in BEST_FIRST
    )
    method = Ask(
        name="method",
        zh="测评方法",
        en="Method",
        hint="例如：窗口发放、当场回收。",
        hint_en="Such as: handed out at the counter, collected at once.",
    )
    return (day_ask(situation, "测评日期", "Held on"), *counts, method)


def _survey(desk: Desk, situation: Situation) -> object:
    counts = tuple(
        number_of(desk.said(f"grade{grade.value}"), what_zh=GRADE_ZH[grade], what_en=GRADE_EN[grade])
        for grade in BEST_FIRST
    )
    forms = Forms(held_on=day_of(desk.said("day")), counts=counts, method=desk.said("method"))
    return enter_paper_survey(desk.site.register, desk.authority, situation.dossier.post.id, forms)


def _inspect_asks(situation: Situation) -> tuple[Ask, ...]:
    return (
        day_ask(situation, "检查日期", "Inspected on"),
        Ask(name="report", zh="听取汇报", en="Report heard", kind=Kind.TEXT),
        Ask(name="report_points", zh="汇报得分（0至100）", en="Points", kind=Kind.NUMBER),
        Ask(name="site", zh="实地考评", en="Visit", kind=Kind.TEXT),
        Ask(name="site_points", zh="实地考评得分（0至100）", en="Points", kind=Kind.NUMBER),
        Ask(name="opinions", zh="听取群众意见", en="The public heard", kind=Kind.TEXT),
        Ask(name="meets_standards", zh="符合创建标准", en="Meets the standards", kind=Kind.CHECK),
        Ask(name="recognised", zh="群众公认", en="Recognised", kind=Kind.CHECK),
        Ask(name="outstanding", zh="实绩突出", en="Outstanding", kind=Kind.CHECK),
        Ask(name="effective", zh="作用明显", en="Effective", kind=Kind.CHECK),
    )


def _inspect(desk: Desk, situation: Situation) -> object:
    visit = Visit(
        inspected_on=day_of(desk.said("day")),
        report=desk.said("report"),
        site=desk.said("site"),
        opinions=desk.said("opinions"),
        report_points=number_of(desk.said("report_points"), what_zh="汇报得分", what_en="report"),
        site_points=number_of(desk.said("site_points"), what_zh="实地考评得分", what_en="visit"),
        meets_standards=_checked(desk, "meets_standards"),
        recognised=_checked(desk, "recognised"),
        outstanding=_checked(desk, "outstanding"),
        effective=_checked(desk, "effective"),
    )
    return inspect_post(desk.site.register, desk.authority, situation.dossier.post.id, visit)


def _inspect_effect(situation: Situation) -> Effect:
    share = situation.policy.satisfied_share_min
    return Effect(
        zh=f"命名授牌须三项佐证齐全、符合创建标准，群众满意度不低于{share:.0%}且不少于{situation.policy.ratings_min}份。",
        en=f"An award needs all three, and {share:.0%} of at least {situation.policy.ratings_min} satisfied.",
    )


def _checked(desk: Desk, name: str) -> bool:
    return desk.said(name) == "yes"


NONE_FAILED = ("全部合格留空；多项用顿号隔开。", "Empty if all are met; several apart by 、.")


def _assess_asks(situation: Situation) -> tuple[Ask, ...]:
    day = day_ask(situation, "考核日期", "Assessed on")
    return (
        day,
        *(ask for place, name in enumerate(situation.members_due) for ask in _of_member(place, name)),
    )


def _of_member(place: int, name: str) -> tuple[Ask, ...]:
    hint, hint_en = (NUMBERED_ZH, NUMBERED_EN) if not place else NONE_FAILED
    return (
        Ask(
            name=f"failed{place}",
            zh=f"{name}：不合格的标准（序号）",
            en="Standards not met",
            required=False,
            hint=hint,
            hint_en=hint_en,
        ),
        Ask(name=f"remarks{place}", zh=f"{name}：评语", en="Remarks", required=False),
    )


def _assess(desk: Desk, situation: Situation) -> object:
    judgements = tuple(
        Judgement(
            member_name=name,
            failed=standards_of(desk.said(f"failed{place}")),
            remarks=desk.said(f"remarks{place}"),
        )
        for place, name in enumerate(situation.members_due)
    )
    sheet = Sheet(period=situation.period_due, assessed_on=day_of(desk.said("day")), judgements=judgements)
    return assess(desk.site.register, desk.authority, situation.dossier.post.id, sheet)


def _assess_effect(situation: Situation) -> Effect:
    names = NAMES_APART.join(situation.members_due)
    return Effect(
        zh=f"{situation.period_due}：{names}。有不合格的，同时发出整改要求，{situation.policy.rectification_days}天内整改。",
        en=f"{situation.period_due}: whoever falls short is asked to put it right "
        f"within {situation.policy.rectification_days} days.",
    )


def _rectify_asks(situation: Situation) -> tuple[Ask, ...]:
    days = situation.policy.rectification_days
    return (
        Ask(name="problem", zh="问题", en="Problem", kind=Kind.TEXT),
        members_ask(situation, WHOLE_POST),
        Ask(
            name="due",
            zh="整改期限",
            en="Due on",
            kind=Kind.DAY,
            required=False,
            hint=f"留空为{days}天；另定期限的须写理由。",
            hint_en=f"Left empty: {days} days. Another day takes a reason.",
        ),
        Ask(name="reason", zh="另定期限的理由", en="Reason for another day", required=False),
    )


def _rectify(desk: Desk, situation: Situation) -> object:
    due = desk.said("due")
    demand = Demand(
        problem=desk.said("problem"),
        member_name=desk.said("member"),
        due_on=day_of(due) if due else None,
        reason=desk.said("reason"),
    )
    return order_rectification(desk.site.register, desk.authority, situation.dossier.post.id, demand)


def _close_asks(situation: Situation) -> tuple[Ask, ...]:
    return (
        Ask(
            name="rectification",
            zh="整改要求",
            en="Rectification",
            kind=Kind.CHOICE,
            choices=tuple(_problem(each) for each in situation.unsettled),
        ),
        Ask(
            name="result",
            zh="结果",
            en="Result",
            kind=Kind.CHOICE,
            choices=(
                Choice(value=RectificationResult.DONE, zh="整改到位", en="Done"),
                Choice(value=RectificationResult.NOT_DONE, zh="整改不到位（须调整岗位）", en="Not done"),
            ),
        ),
        Ask(name="evidence", zh="整改情况和佐证", en="Evidence", kind=Kind.TEXT),
    )


def _problem(problem: Problem) -> Choice:
    order = problem.order
    who = f"{order.member_name}：" if order.member_name else ""
    zh = f"{who}{order.problem[:40]}（{chinese_day(order.due_on)}前）"
    return Choice(value=order.id, zh=zh, en="due by then")


def _close(desk: Desk, situation: Situation) -> object:
    own = {each.order.id for each in situation.unsettled}
    chosen = desk.said("rectification")
    return close_rectification(
        desk.site.register,
        desk.authority,
        chosen if chosen in own else "",
        result=choice_of(RectificationResult, desk.said("result"), what_zh="整改结果", what_en="result"),
        evidence=desk.said("evidence"),
    )


def _promise_asks(situation: Situation) -> tuple[Ask, ...]:
    return (
        Ask(
            name="text",
            zh="公开承诺",
            en="Pledge",
            kind=Kind.TEXT,
            hint="扫码页上向群众显示。",
            hint_en="The scan page shows it to the public.",
        ),
        members_ask(situation, WHOLE_POST),
        day_ask(situation, "承诺日期", "Made on"),
    )


def _promise(desk: Desk, situation: Situation) -> object:
    day = day_of(desk.said("day"))
    promise = Promise(text=desk.said("text"), made_on=day, member_name=desk.said("member"))
    return commit(desk.site.register, desk.authority, situation.dossier.post.id, promise)


def _deed_asks(situation: Situation) -> tuple[Ask, ...]:
    return (
        Ask(name="title", zh="标题", en="Title"),
        Ask(
            name="text",
            zh="先进事迹",
            en="Deed",
            kind=Kind.TEXT,
            hint="扫码页上向群众显示，称号撤销后即不再显示。",
            hint_en="The scan page shows it to the public as long as the title holds.",
        ),
        members_ask(situation, WHOLE_POST),
    )


def _tell(desk: Desk, situation: Situation) -> object:
    story = Story(title=desk.said("title"), text=desk.said("text"), member_name=desk.said("member"))
    return tell_deed(desk.site.register, desk.authority, situation.dossier.post.id, story)


def _guidance_asks(situation: Situation) -> tuple[Ask, ...]:
    return (
        day_ask(situation, "督查日期", "Supervised on"),
        Ask(name="findings", zh="发现的情况", en="Findings", kind=Kind.TEXT),
        Ask(name="guidance", zh="指导意见", en="Guidance", kind=Kind.TEXT),
    )


def _guide(desk: Desk, situation: Situation) -> object:
    dossier = situation.dossier
    visit = Guidance(
        supervised_on=day_of(desk.said("day")),
        findings=desk.said("findings"),
        guidance=desk.said("guidance"),
        post_id=dossier.post.id,
    )
    return supervise(desk.site.register, desk.authority, dossier.branch.name, visit)


def _end_asks(_: Situation) -> tuple[Ask, ...]:
    causes = tuple(Choice(value=each, zh=END_CAUSE_ZH[each], en=END_CAUSE_EN[each]) for each in EndCause)
    return (Ask(name="cause", zh="情形", en="Cause", kind=Kind.CHOICE, choices=causes), REASON)


def _end(desk: Desk, situation: Situation) -> object:
    cause = choice_of(EndCause, desk.said("cause"), what_zh="停用情形", what_en="cause")
    post_id = situation.dossier.post.id
    return end_post(desk.site.register, desk.authority, post_id, cause=cause, reason=desk.said("reason"))


def _end_effect(situation: Situation) -> Effect:
    out = situation.page.still_out
    return Effect(
        zh=f"{out}块标牌将立即显示“已停用”，并生成{out}条收回任务；这不是撤销，不影响声誉。",
        en=f"{out} plates will read “no longer in use” and are called back; it is no disgrace.",
    )


def _correct_asks(_: Situation) -> tuple[Ask, ...]:
    return (Ask(name="document", zh="纠正文号", en="Document"), REASON)


def _correct(desk: Desk, situation: Situation) -> object:
    return correct_veto(
        desk.site.register,
        desk.authority,
        situation.dossier.post.id,
        document=desk.said("document"),
        reason=desk.said("reason"),
    )


def _correct_effect(situation: Situation) -> Effect:
    out = situation.page.open_recalls
    return Effect(
        zh=f"称号恢复，尚未收回的{out}块标牌立即重新有效；已收回的须重新制作。否决和纠正都留在记录里。",
        en=f"The title stands again, and so do the {out} plates still out; those returned are made anew.",
    )


FORMS = (
    ActForm(
        name="send-back",
        zh="退回申报",
        en="Send back",
        roles=(Role.COMMITTEE,),
        clauses=("F7",),
        is_open=lambda now: now.dossier.pending,
        asks=_send_back_asks,
        do=_send_back,
    ),
    ActForm(
        name="adjust",
        zh="申请调整",
        en="Adjust",
        roles=BRANCH_TOO,
        clauses=("F19", "F4"),
        is_open=lambda now: now.stands,
        asks=_adjust_asks,
        do=_adjust,
        effect=lambda _: Effect(
            zh="调整经党委批准后生效；内容有变的标牌须换发，旧牌显示“已换发”。",
            en="It takes effect when the committee approves it; plates that change are replaced.",
        ),
    ),
    ActForm(
        name="leave",
        zh="党员调离",
        en="A member leaves",
        roles=BRANCH_TOO,
        clauses=("F19", "F4"),
        is_open=lambda now: now.stands,
        asks=lambda now: (members_ask(now),),
        do=_leave,
        effect=lambda _: Effect(
            zh="本人的胸牌、桌牌立即显示“已调离”，并生成收回任务；岗位不受影响。",
            en="The member's own plates read “has left” at once and are called back.",
        ),
    ),
    ActForm(
        name="survey",
        zh="登记纸质测评",
        en="Paper survey",
        roles=BRANCH_TOO,
        clauses=("F24",),
        is_open=lambda now: now.stands,
        asks=_survey_asks,
        do=_survey,
    ),
    ActForm(
        name="inspect",
        zh="检查评比",
        en="Inspect",
        roles=(Role.COMMITTEE,),
        clauses=("F13", "F14", "F15"),
        is_open=lambda now: now.stands,
        asks=_inspect_asks,
        do=_inspect,
        effect=_inspect_effect,
    ),
    ActForm(
        name="assess",
        zh="季度考核",
        en="Assess",
        roles=BRANCH_TOO,
        clauses=("F17", "F31"),
        is_open=lambda now: bool(now.due),
        asks=_assess_asks,
        do=_assess,
        effect=_assess_effect,
    ),
    ActForm(
        name="rectify",
        zh="督促整改",
        en="Rectify",
        roles=BRANCH_TOO,
        clauses=("F18",),
        is_open=lambda now: now.stands,
        asks=_rectify_asks,
        do=_rectify,
    ),
    ActForm(
        name="close-rectification",
        zh="整改销号",
        en="Close a rectification",
        roles=BRANCH_TOO,
        clauses=("F18", "F19"),
        is_open=lambda now: bool(now.unsettled),
        asks=_close_asks,
        do=_close,
    ),
    ActForm(
        name="promise",
        zh="登记公开承诺",
        en="Pledge",
        roles=BRANCH_TOO,
        clauses=("F34",),
        is_open=lambda now: now.stands,
        asks=_promise_asks,
        do=_promise,
    ),
    ActForm(
        name="deed",
        zh="登记先进事迹",
        en="Exemplary deed",
        roles=BRANCH_TOO,
        clauses=("F36",),
        is_open=lambda now: now.stands and now.dossier.award is not None,
        asks=_deed_asks,
        do=_tell,
    ),
    ActForm(
        name="supervise",
        zh="登记督查指导",
        en="Supervision",
        roles=BRANCH_TOO,
        clauses=("F28",),
        is_open=lambda now: now.stands,
        asks=_guidance_asks,
        do=_guide,
    ),
    ActForm(
        name="end",
        zh="停用岗位",
        en="End the post",
        roles=BRANCH_TOO,
        clauses=("F19",),
        is_open=lambda now: now.stands,
        asks=_end_asks,
        do=_end,
        effect=_end_effect,
    ),
    ActForm(
        name="correct-veto",
        zh="纠正误判的否决",
        en="Correct the veto",
        roles=(Role.COMMITTEE,),
        clauses=("F20", "F22"),
        is_open=lambda now: now.dossier.veto is not None,
        asks=_correct_asks,
        do=_correct,
        effect=_correct_effect,
        grave=True,
    ),
    *RECORD_FORMS,
)
"""Every form of a post's page, in the order of the year."""
