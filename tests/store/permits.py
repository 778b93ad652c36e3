"""Every act: who may do it, and how an office comes so far that it can be done.

The branch of the table is 畜牧站党总支, whose id is BRANCH; what is acted on is its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from store.acts import (
    adjust,
    answering,
    apply,
    approve,
    assessment,
    attachments,
    award,
    backups,
    circulation,
    correction,
    credentials,
    forgery,
    identities,
    inspection,
    issue,
    notices,
    officers,
    organisations,
    oversight,
    plans,
    policies,
    publicity,
    rectification,
    survey,
    texts,
    tokens,
    veto,
    voice,
    webhooks,
)
from store.acts.authority import Authority
from store.policy import built_in
from store.policy_drafts import draft_of
from store.records import (
    EndCause,
    Finding,
    Grade,
    NoticeSubject,
    Officer,
    PublicNotice,
    RectificationResult,
    Role,
    Scope,
    SecondFactor,
    TextSubject,
    Topic,
    VetoCause,
    WebhookEvent,
)
from tests.office import Office
from tests.store.spoken import KEY, bad

BRANCH, BRANCH_NAME = "O01", "畜牧站党总支"
POST = "2026-001"
NO_HASH = "!"
TODAY = date(2026, 6, 15)
SEPTEMBER = datetime(2026, 9, 20, 2, tzinfo=UTC)
ACCIDENT = veto.Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="发生重大责任事故")
JUDGEMENT = assessment.Judgement(member_name="高赟")
SHEET = assessment.Sheet(period="2026-Q3", assessed_on=SEPTEMBER.date(), judgements=(JUDGEMENT,))
VISIT = inspection.Visit(
    inspected_on=TODAY,
    report="听取汇报",
    site="现场查看",
    opinions="走访",
    report_points=90,
    site_points=90,
    meets_standards=True,
    recognised=True,
    outstanding=True,
    effective=True,
)

Act = Callable[[Authority], object]


@dataclass(frozen=True, kw_only=True)
class Permit:
    """The roles that may do an act; `of_a_branch` says that actors confined to its branch are among them."""

    roles: frozenset[Role]
    of_a_branch: bool
    begin: Callable[[Office], Act]


PERMITS: dict[str, Permit] = {}
"""By the act's module and name; an act that is missing here fails a test."""


def permit(*roles: Role, of_a_branch: bool = False) -> Callable[[Callable[[Office], Act]], None]:
    """Enter who may do the act that the function below is named after: `module__act`."""

    def enter(begin: Callable[[Office], Act]) -> None:
        module, _, act = begin.__name__.partition("__")
        PERMITS[f"{module}.{act}"] = Permit(roles=frozenset(roles), of_a_branch=of_a_branch, begin=begin)

    return enter


def committee(begin: Callable[[Office], Act]) -> None:
    permit(Role.COMMITTEE)(begin)


def own_branch(begin: Callable[[Office], Act]) -> None:
    permit(Role.COMMITTEE, Role.BRANCH_OFFICER, of_a_branch=True)(begin)


@own_branch
def plans__file_plan(office: Office) -> Act:
    office.applied()
    plan = plans.NewPlan(year=2026, title="方案", text="内容")
    return lambda by: plans.file_plan(office.register, by, BRANCH, plan)


@own_branch
def apply__apply_roster(office: Office) -> Act:
    office.applied()
    return lambda by: apply.apply_roster(office.register, by, [office.row("兽医防疫岗")])


@committee
def approve__approve(office: Office) -> Act:
    office.applied()
    return lambda by: approve.approve(office.register, by, POST, document="1号")


@committee
def approve__return_application(office: Office) -> Act:
    office.applied()
    return lambda by: approve.return_application(office.register, by, POST, document="1号", opinion="不同意")


@committee
def notices__post_notice(office: Office) -> Act:
    office.applied()
    return lambda by: _posted(office, by)


def _posted(office: Office, by: Authority) -> PublicNotice:
    new = notices.NewNotice(
        subject=NoticeSubject.APPLICATIONS, object_ids=(f"{POST}-A1",), places="公开栏", opens_on=TODAY
    )
    return notices.post_notice(office.register, by, new)


@permit(Role.PUBLIC, Role.COMMITTEE)
def notices__object_to(office: Office) -> Act:
    office.applied()
    notice = _posted(office, office.by())
    new = notices.NewObjection(receipt="R1", notice_id=notice.id, object_id=f"{POST}-A1", text="有异议")
    return lambda by: notices.object_to(office.register, by, new)


@committee
def notices__settle_objection(office: Office) -> Act:
    PERMITS["notices.object_to"].begin(office)(office.by())
    return lambda by: notices.settle_objection(
        office.register, by, "R1", finding=Finding.UNVERIFIABLE, answer="无法查证"
    )


@own_branch
def adjust__adjust(office: Office) -> Act:
    office.approved()
    change = adjust.Change(place="7号楼")
    return lambda by: adjust.adjust(office.register, by, POST, change, reason="搬迁")


@own_branch
def adjust__end_post(office: Office) -> Act:
    office.approved()
    return lambda by: adjust.end_post(office.register, by, POST, cause=EndCause.STOPPED, reason="停")


@own_branch
def circulation__leave_post(office: Office) -> Act:
    office.approved()
    return lambda by: circulation.leave_post(office.register, by, POST, member_name="高赟")


@own_branch
def circulation__return_copy(office: Office) -> Act:
    copy = office.issued(office.approved())
    return lambda by: circulation.return_copy(office.register, by, copy.id)


@own_branch
def circulation__report_lost(office: Office) -> Act:
    copy = office.issued(office.approved())
    return lambda by: circulation.report_lost(office.register, by, copy.id, reason="丢失")


@own_branch
def circulation__report_damage(office: Office) -> Act:
    copy = office.issued(office.approved())
    return lambda by: circulation.report_damage(office.register, by, copy.id, reason="开裂")


@own_branch
def circulation__place_copy(office: Office) -> Act:
    copy = office.issued(office.approved())
    return lambda by: circulation.place_copy(office.register, by, copy.id, place="门前", placed_on=TODAY)


@permit(Role.COMMITTEE, Role.BRANCH_OFFICER, Role.PRINT_CLERK, of_a_branch=True)
def issue__issue_copies(office: Office) -> Act:
    copy = office.copy(office.approved())
    return lambda by: issue.issue_copies(office.register, by, [copy])


@committee
def veto__veto(office: Office) -> Act:
    office.approved()
    return lambda by: veto.veto(office.register, by, POST, ACCIDENT)


@committee
def correction__correct_veto(office: Office) -> Act:
    office.vetoed(office.approved())
    return lambda by: correction.correct_veto(office.register, by, POST, document="9号", reason="误判")


@permit(Role.COMMITTEE, Role.ADMINISTRATOR)
def organisations__add_branch(office: Office) -> Act:
    return lambda by: organisations.add_branch(office.register, by, "园艺场党总支")


@permit(Role.COMMITTEE, Role.ADMINISTRATOR)
def organisations__rename_branch(office: Office) -> Act:
    office.applied()
    return lambda by: organisations.rename_branch(
        office.register, by, BRANCH, "畜牧中心党总支", reason="机构改革"
    )


@committee
def policies__decide_policy(office: Office) -> Act:
    new = policies.NewPolicy(draft=draft_of(built_in("wangchuan-school")), ground="", reason="另行规定")
    return lambda by: policies.decide_policy(office.register, by, new)


@permit(Role.COMMITTEE, Role.ADMINISTRATOR)
def texts__word_text(office: Office) -> Act:
    return lambda by: texts.word_text(office.register, by, TextSubject.ABOUT, "本单位的做法")


@permit(Role.ADMINISTRATOR)
def backups__take_backup(office: Office) -> Act:
    return lambda by: backups.take_backup(office.register, by)


@permit(Role.ADMINISTRATOR)
def officers__add_officer(office: Office) -> Act:
    new = officers.NewOfficer(
        officer_id="wang", display_name="", role=Role.INSPECTOR, branch_name="", password_hash=NO_HASH
    )
    return lambda by: officers.add_officer(office.register, by, new)


@permit(Role.ADMINISTRATOR)
def officers__add_first_officer(office: Office) -> Act:
    new = officers.NewOfficer(
        officer_id="wang", display_name="", role=Role.ADMINISTRATOR, branch_name="", password_hash=NO_HASH
    )
    return lambda by: officers.add_first_officer(office.register, by, new)


@permit(Role.ADMINISTRATOR)
def officers__change_officer(office: Office) -> Act:
    PERMITS["officers.add_officer"].begin(office)(office.by(Role.ADMINISTRATOR))
    duties = officers.NewDuties(role=Role.PRINT_CLERK, branch_name="", reason="改任")
    return lambda by: officers.change_officer(office.register, by, "wang", duties)


@permit(Role.ADMINISTRATOR)
def officers__disable_officer(office: Office) -> Act:
    PERMITS["officers.add_officer"].begin(office)(office.by(Role.ADMINISTRATOR))
    return lambda by: officers.disable_officer(office.register, by, "wang", reason="离职")


@permit(Role.ADMINISTRATOR)
def credentials__invite(office: Office) -> Act:
    return lambda by: credentials.invite(office.register, by, invited("wang"))


def invited(officer_id: str) -> credentials.Invited:
    return credentials.Invited(
        link_hash=NO_HASH, officer_id=officer_id, display_name="", role=Role.INSPECTOR, branch_name=""
    )


@permit(Role.PUBLIC)
def credentials__take_invitation(office: Office) -> Act:
    credentials.invite(office.register, office.by(Role.ADMINISTRATOR), invited("wang"))
    return lambda by: credentials.take_invitation(office.register, by, NO_HASH, NO_HASH)


def employ_everybody(office: Office) -> None:
    """Give each role an account of its own name, so that its actor acts for itself."""
    office.applied()
    people = [
        Officer(
            id=role.value,
            display_name=role.value,
            role=role,
            branch_id=BRANCH,
            password_hash=NO_HASH,
            added_at=office.now,
        )
        for role in Role
    ]
    with office.register.transaction() as transaction:
        transaction.append(*people)


@permit(*credentials.EVERY_OFFICER, of_a_branch=True)
def credentials__change_password(office: Office) -> Act:
    employ_everybody(office)
    return lambda by: credentials.change_password(office.register, by, NO_HASH)


@permit(*credentials.EVERY_OFFICER, of_a_branch=True)
def credentials__add_second_factor(office: Office) -> Act:
    employ_everybody(office)
    return lambda by: credentials.add_second_factor(office.register, by, "00ff", ())


@permit(*credentials.EVERY_OFFICER, of_a_branch=True)
def credentials__give_up_second_factor(office: Office) -> Act:
    employ_everybody(office)
    add_devices(office)
    return lambda by: credentials.give_up_second_factor(office.register, by, reason="换手机")


def add_devices(office: Office) -> None:
    devices = [
        SecondFactor(
            id=f"{role.value}-F1",
            officer_id=role.value,
            nonce="00ff",
            recovery_hashes=(),
            added_at=office.now,
        )
        for role in Role
    ]
    with office.register.transaction() as transaction:
        transaction.append(*devices)


@permit(Role.ADMINISTRATOR)
def credentials__take_second_factor(office: Office) -> Act:
    employ_everybody(office)
    add_devices(office)
    return lambda by: credentials.take_second_factor(office.register, by, "inspector", reason="手机丢失")


VOUCHED = identities.identity_typed("https://id.example.cn", "u-1")


@permit(Role.ADMINISTRATOR)
def identities__bind_identity(office: Office) -> Act:
    employ_everybody(office)
    return lambda by: identities.bind_identity(office.register, by, "inspector", VOUCHED)


@permit(Role.PUBLIC)
def identities__pin_identity(office: Office) -> Act:
    employ_everybody(office)
    binding = identities.bind_identity(office.register, office.by(Role.ADMINISTRATOR), "inspector", VOUCHED)
    return lambda by: identities.pin_identity(office.register, by, binding, "u-2")


@permit(Role.ADMINISTRATOR)
def identities__unbind_identity(office: Office) -> Act:
    employ_everybody(office)
    identities.bind_identity(office.register, office.by(Role.ADMINISTRATOR), "inspector", VOUCHED)
    return lambda by: identities.unbind_identity(office.register, by, "inspector", reason="换单位")


@permit(Role.ADMINISTRATOR)
def tokens__grant_token(office: Office) -> Act:
    new = tokens.NewToken(
        label="看板",
        secret_hash=NO_HASH,
        role=Role.COMMITTEE,
        branch_name="",
        scopes=(Scope.POSTS_READ,),
        days=90,
    )
    return lambda by: tokens.grant_token(office.register, by, new)


@permit(Role.ADMINISTRATOR)
def tokens__revoke_token(office: Office) -> Act:
    PERMITS["tokens.grant_token"].begin(office)(office.by(Role.ADMINISTRATOR))
    return lambda by: tokens.revoke_token(office.register, by, "T1", reason="不再使用")


@own_branch
def survey__enter_paper_survey(office: Office) -> Act:
    office.approved()
    forms = survey.Forms(held_on=TODAY, counts=(9, 1, 0, 0, 0), method="窗口发放")
    return lambda by: survey.enter_paper_survey(office.register, by, POST, forms)


@committee
def inspection__inspect_post(office: Office) -> Act:
    office.surveyed(office.approved())
    return lambda by: inspection.inspect_post(office.register, by, POST, VISIT)


@committee
def award__award(office: Office) -> Act:
    office.surveyed(office.approved())
    office.inspected(POST)
    return lambda by: award.award(office.register, by, POST, awarded_on=date(2026, 7, 1))


@own_branch
def assessment__assess(office: Office) -> Act:
    office.awarded(office.approved())
    office.now = SEPTEMBER
    return lambda by: assessment.assess(office.register, by, POST, SHEET)


@own_branch
def assessment__correct_assessment(office: Office) -> Act:
    entered = PERMITS["assessment.assess"].begin(office)(office.by())
    assert isinstance(entered, assessment.Assessed)
    wrong = entered.assessments[0].id
    return lambda by: assessment.correct_assessment(office.register, by, wrong, JUDGEMENT, reason="误填")


@own_branch
def rectification__order_rectification(office: Office) -> Act:
    office.approved()
    demand = rectification.Demand(problem="台账不全")
    return lambda by: rectification.order_rectification(office.register, by, POST, demand)


@own_branch
def rectification__close_rectification(office: Office) -> Act:
    PERMITS["rectification.order_rectification"].begin(office)(office.by())
    return lambda by: rectification.close_rectification(
        office.register, by, f"{POST}-G1", result=RectificationResult.DONE, evidence="已补全"
    )


@permit(Role.PUBLIC)
def voice__give_feedback(office: Office) -> Act:
    copy = office.issued(office.approved())
    message = voice.Message(
        receipt="R1", copy_id=copy.id, topic=Topic.RATING, grade=Grade.SATISFIED, comment="", voter="a"
    )
    return lambda by: voice.give_feedback(office.register, by, message)


@committee
def voice__enter_paper_message(office: Office) -> Act:
    office.approved()
    message = voice.PaperMessage(
        receipt="R1", post_id=POST, topic=Topic.COMPLAINT, grade=None, comment="态度差"
    )
    return lambda by: voice.enter_paper_message(office.register, by, message)


@permit(Role.PUBLIC)
def voice__add_to_feedback(office: Office) -> Act:
    PERMITS["voice.give_feedback"].begin(office)(office.by(Role.PUBLIC))
    return lambda by: voice.add_to_feedback(office.register, by, "R1", voice.Extra(comment="还有"))


@permit(Role.PUBLIC)
def forgery__report_forgery(office: Office) -> Act:
    seen = forgery.Suspicion(receipt="R1", place="北门")
    return lambda by: forgery.report_forgery(office.register, by, seen)


@committee
def forgery__answer_forgery(office: Office) -> Act:
    PERMITS["forgery.report_forgery"].begin(office)(office.by(Role.PUBLIC))
    return lambda by: forgery.answer_forgery(office.register, by, "R1", answer="已收走")


@permit(Role.PUBLIC)
def voice__re_rate(office: Office) -> Act:
    PERMITS["answering.settle"].begin(office)(office.by())
    return lambda by: voice.re_rate(office.register, by, "R1", Grade.SATISFIED)


@committee
def voice__conclude_investigation(office: Office) -> Act:
    office.approved()
    conclusion = voice.Conclusion(finding=Finding.UNVERIFIABLE, facts="无法查证")
    return lambda by: voice.conclude_investigation(office.register, by, POST, conclusion)


@committee
def answering__call_back(office: Office) -> Act:
    bad(office, office.issued(office.approved()))
    return lambda by: answering.call_back(office.register, by, "R1", note="已通话")


@committee
def answering__settle(office: Office) -> Act:
    bad(office, office.issued(office.approved()))
    return lambda by: answering.settle(office.register, by, "R1", answer="已增开窗口")


@committee
def answering__read_contact(office: Office) -> Act:
    bad(office, office.issued(office.approved()))
    return lambda by: answering.read_contact(office.register, by, "R1", reason="回访", key=KEY)


@own_branch
def oversight__supervise(office: Office) -> Act:
    office.approved()
    visit = oversight.Guidance(supervised_on=TODAY, findings="正常", guidance="继续")
    return lambda by: oversight.supervise(office.register, by, BRANCH_NAME, visit)


@own_branch
def oversight__summarise_year(office: Office) -> Act:
    office.approved()
    return lambda by: oversight.summarise_year(office.register, by, BRANCH_NAME, 2026, "总结")


@own_branch
def publicity__commit(office: Office) -> Act:
    office.approved()
    promise = publicity.Promise(text="首问负责", made_on=TODAY)
    return lambda by: publicity.commit(office.register, by, POST, promise)


@own_branch
def publicity__tell_deed(office: Office) -> Act:
    office.approved()
    return lambda by: publicity.tell_deed(
        office.register, by, POST, publicity.Story(title="抢险", text="连夜抢修")
    )


@own_branch
def attachments__attach(office: Office) -> Act:
    office.approved()
    subject = attachments.Subject(kind="Post", id=POST)
    file = attachments.File(name="现场.pdf", content=b"%PDF-1.7\n")
    return lambda by: attachments.attach(office.register, by, subject, file)


@committee
def webhooks__add_webhook(office: Office) -> Act:
    new = webhooks.NewWebhook(
        address="https://hooks.example.cn/", events=(WebhookEvent.POST_REVOKED,), sealed_secret=""
    )
    return lambda by: webhooks.add_webhook(office.register, by, new)


@committee
def webhooks__end_webhook(office: Office) -> Act:
    PERMITS["webhooks.add_webhook"].begin(office)(office.by())
    return lambda by: webhooks.end_webhook(office.register, by, "W1", reason="停用")
