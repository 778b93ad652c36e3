"""The policy: every number with its clause, the built-in profiles, and whether a file can be used."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from gangpai.office import current_policy, current_settings
from gangpai.settings import read_policy
from gangpai.terminal import AsJson, Column, Listing, Outcome, refusal_facts, show
from store.clauses import CLAUSES
from store.policy import NUMBERS, BadPolicy, Policy, Rule, built_in, founding_plan, profiles

_COLUMNS = (
    Column(key="rule", zh="规则", en="rule"),
    Column(key="name", zh="名称", en="name"),
    Column(key="shown", zh="取值", en="value"),
    Column(key="unit", zh="单位", en="unit"),
    Column(key="clause", zh="条款", en="clause"),
    Column(key="words", zh="原文", en="words"),
)


def policy(
    *,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="只检查一个政策文件 / examine a file only")
    ] = None,
    profile: Annotated[
        str,
        typer.Option("--profile", metavar="NAME", help=f"内置政策 / a built-in one: {'、'.join(profiles())}"),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show each number of a policy with the clause it fills in: the one in force, or the one named.

    Raises:
        typer.Exit: the file to be examined has faults.
        NoSuchProfile: no built-in policy has this name.

    """
    if check is not None:
        _examine(check, as_json=as_json)
        return
    shown = built_in(profile) if profile else current_policy(current_settings())
    rows = [_row(key, rule) for key, rule in shown.rules.items()]
    show(Listing(name="policy", columns=_COLUMNS, rows=rows), as_json=as_json)


def _row(key: str, rule: Rule) -> dict[str, Any]:
    return {
        "rule": key,
        "name": NUMBERS[key].zh,
        "value": rule.value,
        "shown": rule.shown,
        "unit": rule.unit,
        "clause": rule.clause,
        "words": CLAUSES[rule.clause].words,
    }


def _examine(path: Path, *, as_json: bool) -> None:
    try:
        show(_usable(read_policy(path)), as_json=as_json)
    except BadPolicy as refused:
        _show_faults(refused, as_json=as_json)
        raise typer.Exit(1) from refused


def _usable(policy: Policy) -> Outcome:
    usual = founding_plan().rules
    changed = [key for key, rule in policy.rules.items() if rule.value != usual[key].value]
    return Outcome(
        zh=f"可以使用：{policy.name}（{policy.committee_name}）。与实施方案不同的有{len(changed)}项："
        f"{'、'.join(NUMBERS[key].zh for key in changed) or '无'}。",
        en=f"It can be used. Numbers that differ from the founding plan's: {', '.join(changed) or 'none'}.",
        facts={"name": policy.name, "committee": policy.committee_name, "changed": changed},
    )


def _show_faults(refused: BadPolicy, *, as_json: bool) -> None:
    if as_json:
        facts = refusal_facts(refused) | {"faults": [asdict(each) for each in refused.faults]}
        show(Outcome(zh=refused.zh, en=refused.en, facts={"refused": facts}), as_json=True)
        return
    for fault in refused.faults:
        typer.echo(f"✗ {fault.zh}\n  {fault.en}", err=True)
    typer.echo(f"{refused.remedy_zh}\n{refused.remedy_en}", err=True)
