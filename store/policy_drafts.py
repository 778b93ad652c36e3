"""A policy as somebody types it: every number a text, and the policy file those texts make.

Knows how the values of a rule are written on one line, and back. Leaves out whether they may be so
(policy.py reads the file that is made), and who may decide it (acts/policies.py).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from store.policy import NUMBERS, Policy, Rule, RuleValue, founding_plan
from store.records import Stage

_SEPARATORS = re.compile(r"[、，,；;\n]")


@dataclass(frozen=True, kw_only=True)
class PolicyDraft:
    """What was typed: texts by heading, and the value of each rule as `Rule.shown` writes it."""

    name: str
    committee_name: str
    headings: Mapping[Stage, str]
    numbers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A number, or a text, that one policy has otherwise than another."""

    key: str
    zh: str
    clause: str
    before: str
    after: str


def draft_of(policy: Policy) -> PolicyDraft:
    """Return what has to be typed for a policy."""
    return PolicyDraft(
        name=policy.name,
        committee_name=policy.committee_name,
        headings=policy.headings,
        numbers={key: rule.shown for key, rule in policy.rules.items()},
    )


def policy_file(draft: PolicyDraft) -> str:
    """Return the policy file (TOML) that a draft makes; what is no number stands in it as typed."""
    return "".join(f"{line}\n" for line in _lines(draft))


def _lines(draft: PolicyDraft) -> Iterator[str]:
    yield f"name = {_quoted(draft.name)}"
    yield from ("", "[organisation]", f"committee = {_quoted(draft.committee_name)}", "", "[headings]")
    yield from (f"{stage} = {_quoted(draft.headings[stage])}" for stage in Stage)
    for key, usual in founding_plan().rules.items():
        yield from ("", f"[{key}]", f"value = {_written(usual.value, draft.numbers.get(key, ''))}")
        yield from (f"unit = {_quoted(usual.unit)}", f"clause = {_quoted(usual.clause)}")


def _written(usual: RuleValue, typed: str) -> str:
    """Spell what was typed as a value of the usual value's type, or as a text where it is none."""
    text = typed.strip()
    if isinstance(usual, tuple):
        items = (each.strip() for each in _SEPARATORS.split(text))
        return f"[{', '.join(_quoted(each) for each in items if each)}]"
    if isinstance(usual, int | float):
        return _number(text, whole=isinstance(usual, int))
    return _quoted(text)


def _number(text: str, *, whole: bool) -> str:
    form = r"[0-9]{1,9}" if whole else r"[0-9]{1,9}(\.[0-9]{1,9})?"
    if not re.fullmatch(form, text):
        return _quoted(text)
    return str(int(text)) if whole else str(float(text))


def _quoted(text: str) -> str:
    """Return a text as a TOML basic string, whose escapes are those of JSON and one more."""
    return json.dumps(text.strip(), ensure_ascii=False).replace("\x7f", "\\u007f")


def changes(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield what one policy has otherwise than another, in the order of a policy file."""
    earlier, later = dict(_facts(before)), dict(_facts(after))
    for key, (zh, clause, value) in later.items():
        if earlier[key][2] != value:
            yield Change(key=key, zh=zh, clause=clause, before=earlier[key][2], after=value)


def _facts(policy: Policy) -> Iterator[tuple[str, tuple[str, str, str]]]:
    yield "name", ("方案名称", "", policy.name)
    yield "organisation.committee", ("党委名称", "", policy.committee_name)
    yield "headings.creation", ("创建标牌标题", "F11", policy.headings[Stage.CREATION])
    yield "headings.title", ("命名标牌标题", "F12", policy.headings[Stage.TITLE])
    for key, number in NUMBERS.items():
        rule: Rule = policy.rules[key]
        yield key, (number.zh, rule.clause, rule.shown)
