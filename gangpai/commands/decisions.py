"""What the committee decides at the command line: approvals, returns, awards, findings, vetoes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

import typer

from gangpai.batch import Declined
from gangpai.office import Office, open_office
from gangpai.terminal import AsJson, Batch, Outcome, show, show_batch
from store.acts.approve import approve as approve_post
from store.acts.approve import approved_posts, return_application
from store.acts.award import award as award_post
from store.acts.veto import Charge
from store.acts.veto import veto as veto_post
from store.acts.voice import Conclusion, conclude_investigation
from store.calendar import chinese_day, chinese_time
from store.dossier import dossier_of, dossiers
from store.recalls import recalls
from store.records import Approval, Finding, VetoCause
from store.refusals import Refusal
from store.terms import CONSENT_EN, CONSENT_ZH, VETO_CAUSE_EN, VETO_CAUSE_ZH

Posts = Annotated[
    list[str] | None, typer.Argument(metavar="POST", help="岗位编号 / post numbers, as 2026-007")
]
Post = Annotated[str, typer.Argument(metavar="POST", help="岗位编号 / post number, as 2026-007")]
Facts = Annotated[str, typer.Option("--facts", metavar="TEXT", help="事实经过 / the facts")]


def approve(
    *,
    document: Annotated[
        str, typer.Option("--document", metavar="NO", help="批准文号 / number of the approving document")
    ],
    posts: Posts = None,
    every: Annotated[bool, typer.Option("--all", help="全部待批 / all that are pending")] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="超额设岗的理由 / why above the quota")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Approve the applications named, or all pending ones in the order of their numbers."""

    def approve_one(office: Office, post_id: str) -> Outcome:
        approved = approve_post(
            office.register, office.authority(), post_id, document=document, over_quota_reason=reason
        )
        return _approved(office, approved)

    with open_office() as office:
        chosen = _pending(office) if every else _named(posts)
        show_batch(each_of(office, chosen, "approved", approve_one), as_json=as_json)


def _approved(office: Office, approval: Approval) -> Outcome:
    dossier = dossier_of(office.register, approval.post_id)
    waived = "、".join(f"{CONSENT_ZH[each]}（{each}）" for each in approval.consents)
    waived_en = ", ".join(CONSENT_EN[each] for each in approval.consents)
    in_branch = approved_posts(office.register, dossier.branch.id, dossier.post.year)
    least, most = office.policy.posts_per_branch_min, office.policy.posts_per_branch_max
    counted = f"；{dossier.branch.name}本年度已批准{in_branch}个，应设{least}至{most}个"
    counted_en = f"; {in_branch} approved in its branch this year, {least} to {most} wanted"
    return Outcome(
        zh=f"{approval.post_id} 已批准{f'，党委同意：{waived}' if waived else ''}{counted}",
        en=f"approved{f', consenting to: {waived_en}' if waived else ''}{counted_en}",
        facts={
            "post": approval.post_id,
            "document": approval.document,
            "consents": approval.consents,
            "branch_posts": in_branch,
            "branch_posts_least": least,
            "branch_posts_most": most,
        },
    )


def send_back(
    *,
    post: Post,
    opinion: Annotated[str, typer.Option("--opinion", metavar="TEXT", help="退回意见 / the opinion")],
    document: Annotated[str, typer.Option("--document", metavar="NO", help="退回文号 / document number")],
    as_json: AsJson = False,
) -> None:
    """Send an application back to its branch with the committee's opinion."""
    with open_office() as office:
        returned = return_application(
            office.register, office.authority(), post, document=document, opinion=opinion
        )
    show(
        Outcome(
            zh=f"岗位{post}的申报已退回（文号：{returned.document}），请总支修改后重新申报。",
            en=f"The application of post {post} is sent back; the branch applies again.",
            facts={"post": post, "application": returned.application_id, "opinion": returned.opinion},
        ),
        as_json=as_json,
    )


def _pending(office: Office) -> list[str]:
    with office.register.snapshot() as reader:
        return [each.post.id for each in dossiers(reader) if each.pending]


def _named(posts: Sequence[str] | None) -> list[str]:
    if not posts:
        raise typer.BadParameter("POST… 或 --all / name posts or say --all")
    return list(posts)


def each_of(
    office: Office, post_ids: Sequence[str], name: str, act: Callable[[Office, str], Outcome]
) -> Batch:
    """Do one act for several posts; a refusal stops the others only where there are none."""
    done: list[Outcome] = []
    declined: list[Declined] = []
    for post_id in post_ids:
        try:
            done.append(act(office, post_id))
        except Refusal as refusal:
            if len(post_ids) == 1:
                raise
            declined.append(Declined(subject=post_id, refusal=refusal))
    return Batch(name=name, done=done, declined=declined)


def award(
    *,
    posts: Posts,
    on: Annotated[
        datetime,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="命名日期 / day of the award"
        ),
    ],
    document: Annotated[
        str, typer.Option("--document", metavar="NO", help="命名文号 / number of the document")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Name posts holders of the title."""

    def award_one(office: Office, post_id: str) -> Outcome:
        awarded = award_post(
            office.register, office.authority(), post_id, awarded_on=on.date(), document=document
        )
        return Outcome(
            zh=f"{post_id} 已于{chinese_day(awarded.awarded_on)}命名，请制作命名标牌（--stage title）",
            en="awarded; its title plate is due",
            facts={"post": post_id, "awarded_on": awarded.awarded_on.isoformat()},
        )

    with open_office() as office:
        show_batch(each_of(office, _named(posts), "awarded", award_one), as_json=as_json)


def investigate(
    *,
    post: Post,
    finding: Annotated[Finding, typer.Option("--finding", help="属实/不属实/无法查证 / the finding")],
    facts: Facts,
    messages: Annotated[
        list[str] | None,
        typer.Option("--feedback", metavar="RECEIPT", help="意见回执编号 / receipts looked into"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter what the committee found when it looked into complaints about a post."""
    conclusion = Conclusion(finding=finding, facts=facts, feedback_ids=tuple(messages or ()))
    with open_office() as office:
        found = conclude_investigation(office.register, office.authority(), post, conclusion)
    show(
        Outcome(
            zh=f"查证结论已登记，编号 {found.id}。",
            en=f"The finding is entered as {found.id}.",
            facts={"investigation": found.id, "post": post, "finding": found.finding.value},
        ),
        as_json=as_json,
    )


def veto(
    *,
    post: Post,
    cause: Annotated[
        int,
        typer.Option(
            "--cause", min=1, max=4, metavar="1|2|3|4", help="四种情况之一 / one of the four causes"
        ),
    ],
    facts: Facts,
    investigation: Annotated[
        str | None, typer.Option("--investigation", metavar="ID", help="查证编号 / the investigation")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a post's title at once and call every plate of it back."""
    charge = Charge(cause=VetoCause(cause), facts=facts, investigation_id=investigation)
    with open_office() as office:
        vetoed = veto_post(office.register, office.authority(), post, charge)
        lines = list(recalls(office.register, post_id=post))
    open_lines = [each for each in lines if each.is_open]
    where = "；".join(f"{each.copy.id}（{each.place}）" for each in open_lines)
    show(
        Outcome(
            zh=f"岗位{post}已于{chinese_time(vetoed.veto.cast_at)}被一票否决（{VETO_CAUSE_ZH[vetoed.veto.cause]}），"
            f"称号即时撤销。须收回{len(open_lines)}件：{where}",
            en=f"{post} is revoked ({VETO_CAUSE_EN[vetoed.veto.cause]}); {len(open_lines)} plates are out.",
            facts={
                "post": post,
                "veto": vetoed.veto.id,
                "cast_at": vetoed.veto.cast_at.isoformat(),
                "recalled": [each.copy.id for each in open_lines],
            },
        ),
        as_json=as_json,
    )
