"""The policy in the console: every number beside its clause, decided anew, and every version kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from store.acts.policies import NewPolicy, decide_policy
from store.policy import NUMBERS, REQUIRE, WARN, BadPolicy, Policy, PolicyFault, founding_plan
from store.policy_drafts import Change, PolicyDraft, changes, draft_of, policy_file
from store.policy_in_force import newest_decision, policy_decided, policy_in_force
from store.records import PolicyDecision, Role, Stage
from store.refusals import Refusal
from store.register import Reader
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.settings import GOVERNS

router = APIRouter(prefix="/console/settings/policy", route_class=ConsoleRoute)
Governor = Annotated[Desk, Depends(Officers(*GOVERNS))]
STRICTNESS_ZH = {WARN: "提示并记录", REQUIRE: "不予办理"}
STRICTNESS_EN = {WARN: "warn and log", REQUIRE: "refuse"}

UNIT_EN = {
    "": "",
    "个工作日": "working days",
    "满意占比": "satisfied share",
    "权重": "weights",
    "名称 月-日": "name month-day",
    "分": "points",
    "个岗位": "posts",
    "份": "forms",
    "票": "votes",
    "天": "days",
    "月-日": "month-day",
    "名党员": "members",
}
"""What the numbers of a policy count, by its Chinese word."""
TEXTS = (
    ("name", "name", "方案名称", "Name of the plan", ""),
    ("committee", "organisation.committee", "党委名称", "Name of the committee", ""),
    ("heading-creation", "headings.creation", "创建标牌标题", "Heading of creation plates", "F11"),
    ("heading-title", "headings.title", "命名标牌标题", "Heading of title plates", "F12"),
)
"""The texts of a policy: field of the form, key of the file, words, clause."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the form: what is asked, what stands there now and was typed, and what is wrong with it."""

    field: str
    zh: str
    en: str
    clause: str
    unit: str
    unit_en: str
    value: str
    usual: str
    allowed: str
    allowed_en: str
    choices: Mapping[str, str]
    faults: Sequence[PolicyFault]


@dataclass(frozen=True, kw_only=True)
class Version:
    """A decision, and what it changed."""

    decision: PolicyDecision
    changes: Sequence[Change]


@router.get("")
def show(desk: Governor) -> Response:
    """Show the policy in force, and its versions; the committee may write into it."""
    return _page(desk, draft_of(desk.policy))


@router.post("")
def decide(desk: Annotated[Desk, Depends(Officers(Role.COMMITTEE))]) -> Response:
    """Put what was typed in force; nothing is changed where any of it cannot be."""
    draft = _typed(desk)
    new = NewPolicy(draft=draft, ground=desk.said("ground"), reason=desk.said("reason"))
    try:
        decide_policy(desk.site.register, desk.authority, new)
    except Refusal as refusal:
        return _page(desk, draft, refusal)
    return see_other("/console/settings/policy?done=decided")


@router.get("/{decision_id}.toml")
def file(desk: Governor, decision_id: str) -> Response:
    """Return a version as a policy file; what is in force goes by the name of the one decided last."""
    decision = desk.site.register.get(PolicyDecision, decision_id)
    if decision is None and decision_id != "current":
        raise HTTPException(404)
    content = decision.text if decision else policy_file(draft_of(desk.policy))
    named = {"Content-Disposition": f'attachment; filename="gangpai-policy-{decision_id}.toml"'}
    return Response(content, media_type="application/toml", headers=named)


def _typed(desk: Desk) -> PolicyDraft:
    return PolicyDraft(
        name=desk.said("name"),
        committee_name=desk.said("committee"),
        headings={stage: desk.said(f"heading-{stage}") for stage in Stage},
        numbers={key: desk.said(key) for key in NUMBERS},
    )


def _page(desk: Desk, draft: PolicyDraft, refusal: Refusal | None = None) -> Response:
    with desk.site.register.snapshot() as reader:
        newest = newest_decision(reader)
        policy = policy_in_force(reader, desk.site.settings.policy)
        versions = list(_versions(reader, desk.site.settings.policy))
    faults = refusal.faults if isinstance(refusal, BadPolicy) else ()
    return desk.page(
        "policy.html",
        status=status_of(refusal) if refusal else 200,
        policy=policy,
        ground=newest.id if newest else "",
        texts=list(_texts(draft, policy, faults)),
        entries=list(_entries(draft, policy, faults)),
        versions=versions,
        refusal=refusal,
        faults=faults,
        strictness_en=STRICTNESS_EN,
        done=desk.asked("done"),
    )


def _versions(reader: Reader, named: Policy) -> Iterator[Version]:
    """Yield every decision, the newest first, with what it changed of the one before."""
    decided = reader.find(PolicyDecision)
    before = [named, *map(policy_decided, decided)]
    for decision, earlier, later in reversed(list(zip(decided, before, before[1:], strict=False))):
        yield Version(decision=decision, changes=list(changes(earlier, later)))


def _texts(draft: PolicyDraft, policy: Policy, faults: Sequence[PolicyFault]) -> Iterator[Entry]:
    typed = (draft.name, draft.committee_name, *draft.headings.values())
    in_force = draft_of(policy)
    now = (in_force.name, in_force.committee_name, *in_force.headings.values())
    for (field, key, zh, en, clause), value, usual in zip(TEXTS, typed, now, strict=True):
        yield Entry(
            field=field,
            zh=zh,
            en=en,
            clause=clause,
            unit="",
            unit_en="",
            value=value,
            usual=usual if usual != value else "",
            allowed="",
            allowed_en="",
            choices={},
            faults=[each for each in faults if each.key == key],
        )


def _entries(draft: PolicyDraft, policy: Policy, faults: Sequence[PolicyFault]) -> Iterator[Entry]:
    plan = founding_plan()
    for key, number in NUMBERS.items():
        is_strictness = plan.rules[key].unit == f"{WARN}|{REQUIRE}"
        yield Entry(
            field=key,
            zh=number.zh,
            en=key.replace("_", " "),
            clause=plan.rules[key].clause,
            unit="" if is_strictness else number.unit,
            unit_en="" if is_strictness else UNIT_EN[number.unit],
            value=draft.numbers[key],
            usual=_differing(policy, plan, key, STRICTNESS_ZH if is_strictness else {}),
            allowed="" if is_strictness else number.allowed_zh,
            allowed_en="" if is_strictness else number.allowed_en,
            choices=STRICTNESS_ZH if is_strictness else {},
            faults=[_in_words(each) for each in faults if each.key.removesuffix(".value") == key],
        )


def _in_words(fault: PolicyFault) -> PolicyFault:
    """Return the fault with the names of other numbers in Chinese, as the form has them."""
    told = fault.allowed_zh
    for key, number in NUMBERS.items():
        told = told.replace(key, number.zh)
    return replace(fault, allowed_zh=told)


def _differing(policy: Policy, plan: Policy, key: str, words: Mapping[str, str]) -> str:
    """Return the founding plan's value where the one in force is another."""
    usual = plan.rules[key].shown
    return "" if policy.rules[key].shown == usual else words.get(usual, usual)
