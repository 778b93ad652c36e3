"""Makes docs/clauses.md: each obligation of the founding plan, its code, and the tests named after it.

Run it by `python docs/clauses.py`. Knows which code stands behind a clause; the clauses, the policy's
numbers, the refusals and the tests are read from where they are.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from store.clauses import CLAUSES
from store.policy import founding_plan

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "clauses.md"
ROOMS = ("store", "plaques", "verify", "gangpai")

BEHIND: dict[str, tuple[str, ...]] = {
    "F1": ("store.records:PostKind", "store.roster:read_roster"),
    "F2": ("store.rules:check_post",),
    "F3": ("store.records:CollectiveKind", "store.roster:read_roster"),
    "F4": (
        "store.acts.apply:apply_roster",
        "store.acts.approve:approve",
        "store.acts.adjust:adjust",
        "store.acts.award:award",
        "store.acts.issue:issue_copies",
        "store.rules:check_post",
    ),
    "F5": ("store.acts.approve:approve", "store.acts.approve:approved_posts"),
    "F6": ("store.acts.apply:apply_roster", "store.acts.approve:approve", "store.policy:Policy.timing_of"),
    "F7": (
        "store.acts.approve:approve",
        "store.acts.approve:return_application",
        "store.acts.issue:issue_copies",
    ),
    "F8": ("store.acts.circulation:place_copy", "store.records:Product"),
    "F9": ("store.acts.circulation:place_copy", "store.records:Product"),
    "F10": ("store.acts.issue:issue_copies", "store.rules:check_post", "plaques.composition.compose:compose"),
    "F11": ("store.records:Stage", "plaques.composition.compose:compose"),
    "F12": ("store.acts.award:award", "store.acts.issue:issue_copies", "plaques.composition.compose:compose"),
    "F13": ("store.acts.inspection:inspect_post",),
    "F14": ("store.acts.inspection:inspect_post", "store.merits:check_merits", "store.scoring:total"),
    "F15": ("store.acts.award:award", "store.merits:check_merits"),
    "F16": ("store.acts.award:award", "store.rounds:round_of", "store.paperwork.names:posts_named"),
    "F17": (
        "store.acts.assessment:assess",
        "store.acts.assessment:correct_assessment",
        "store.assessments:assessments_due",
    ),
    "F18": (
        "store.acts.rectification:order_rectification",
        "store.acts.rectification:close_rectification",
        "store.rectifications:problems",
    ),
    "F19": (
        "store.acts.adjust:adjust",
        "store.acts.adjust:end_post",
        "store.acts.circulation:leave_post",
        "store.acts.circulation:report_damage",
        "store.acts.issue:issue_copies",
    ),
    "F20": ("store.acts.veto:veto", "store.acts.correction:correct_veto"),
    "F21": ("store.acts.veto:veto", "store.acts.voice:conclude_investigation"),
    "F22": ("store.acts.veto:veto", "store.standing:standing_of"),
    "F23": (
        "store.acts.veto:veto",
        "store.acts.circulation:return_copy",
        "store.acts.circulation:report_lost",
        "store.recalls:recalls",
        "store.sightings:enter_sightings",
    ),
    "F24": (
        "store.acts.survey:enter_paper_survey",
        "store.satisfaction:satisfaction_of",
        "store.scoring:total",
        "store.merits:check_merits",
    ),
    "F25": (
        "store.acts.voice:give_feedback",
        "store.acts.voice:enter_paper_message",
        "store.acts.voice:re_rate",
        "store.acts.voice:add_to_feedback",
        "store.acts.forgery:report_forgery",
        "store.acts.forgery:answer_forgery",
        "store.acts.answering:call_back",
        "store.acts.answering:settle",
        "store.acts.answering:read_contact",
        "store.feedback:messages_for",
        "store.docket:Docket",
    ),
    "F26": (
        "store.acts.notices:post_notice",
        "store.acts.notices:object_to",
        "store.acts.notices:settle_objection",
        "store.paperwork.notices:notice_sheet",
    ),
    "F27": (
        "store.branch_year:branch_year",
        "store.paperwork.annual:annual_sheet",
        "store.paperwork.reports:satisfaction_sheet",
    ),
    "F28": ("store.acts.oversight:supervise",),
    "F29": (
        "store.acts.oversight:summarise_year",
        "store.acts.attachments:attach",
        "store.acts.attachments:read_attachment",
        "store.acts.authority:enact",
        "store.ledger:verify",
        "store.timeline:timeline",
    ),
    "F31": ("store.acts.assessment:assess", "store.clauses:STANDARDS_ZH"),
    "F32": ("store.acts.inspection:inspect_post", "store.merits:check_merits"),
    "F34": ("store.acts.publicity:commit", "store.publicity:commitment_of"),
    "F35": ("store.acts.plans:file_plan", "store.acts.plans:waived_plan"),
    "F36": ("store.acts.publicity:tell_deed", "store.publicity:deeds_of"),
    "F37": ("verify.public.pages:welcome", "store.acts.texts:word_text"),
}
"""The functions, acts first, or else the values that meet each obligation: module:name."""

OF_THE_HOUSE = {
    "store.acts.backups:take_backup",
    "store.acts.organisations:add_branch",
    "store.acts.organisations:rename_branch",
    "store.acts.policies:decide_policy",
    "store.acts.officers:add_officer",
    "store.acts.officers:change_officer",
    "store.acts.officers:disable_officer",
    "store.acts.officers:add_first_officer",
    "store.acts.credentials:add_second_factor",
    "store.acts.credentials:change_password",
    "store.acts.credentials:give_up_second_factor",
    "store.acts.credentials:invite",
    "store.acts.credentials:take_invitation",
    "store.acts.credentials:take_second_factor",
    "store.acts.identities:bind_identity",
    "store.acts.identities:pin_identity",
    "store.acts.identities:unbind_identity",
    "store.acts.tokens:grant_token",
    "store.acts.tokens:revoke_token",
    "store.acts.webhooks:add_webhook",
    "store.acts.webhooks:end_webhook",
}
"""The acts that keep the house in order and meet no clause."""

_NAMED = re.compile(r"(?<=_)f0?(\d{1,2})(?=_)")
_HEAD = """# 实施方案逐条对照 · Clause by clause

<!-- 由 docs/clauses.py 生成，请勿手改 · made by docs/clauses.py; do not edit -->

实施方案的每一条要求：由哪段代码办到，政策文件中的哪项数字，不予办理的各种理由，以及以该条命名的测试。
Each obligation of the founding plan: the code that meets it, the numbers of the policy it leaves open, the
refusals that quote it, and the tests named after it. F30 and F33 do not exist.

| 条款 clause | 原文 words | 代码 code | 政策 policy | 不予办理 refusals | 测试 tests |
|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the page as it has to be."""
    refusals, tests = refusals_by_clause(), tests_by_clause()
    return _HEAD + "".join(f"{_row(each, refusals, tests)}\n" for each in CLAUSES)


def _row(clause_id: str, refusals: dict[str, list[str]], tests: dict[str, list[str]]) -> str:
    clause = CLAUSES[clause_id]
    numbers = [key for key, rule in founding_plan().rules.items() if rule.clause == clause_id]
    code = [reference.partition(":")[2] for reference in BEHIND[clause_id]]
    cells = (
        f"**{clause_id}** L{clause.line}",
        clause.words,
        _listed(f"`{each}`" for each in code),
        _listed(f"`{each}`" for each in numbers),
        _listed(f"`{each}`" for each in refusals.get(clause_id, ())),
        _listed(tests.get(clause_id, ())),
    )
    return f"| {' | '.join(cells)} |"


def _listed(words: Iterable[str]) -> str:
    return "<br>".join(words)


def unmet() -> list[str]:
    """Return the clauses that no code is named for, the names that no code has, and the acts left out."""
    missing = [clause for clause in CLAUSES if not BEHIND.get(clause)]
    references = [reference for behind in BEHIND.values() for reference in behind]
    left_out = sorted(set(acts()) - set(references) - OF_THE_HOUSE)
    return [*missing, *(each for each in references if not _exists(each)), *left_out]


def acts() -> Iterator[str]:
    """Yield every act there is: the public functions of store.acts on a register, by an authority."""
    for module in iter_modules(import_module("store.acts").__path__, "store.acts."):
        for name, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            own = function.__module__ == module.name and not name.startswith("_")
            if own and list(inspect.signature(function).parameters)[:2] == ["register", "authority"]:
                yield f"{module.name}:{name}"


def _exists(reference: str) -> bool:
    module, _, names = reference.partition(":")
    found: object = import_module(module)
    for name in names.split("."):
        found = getattr(found, name, None)
    return found is not None


def tests_by_clause() -> dict[str, list[str]]:
    """Return the tests named after each clause, with their files."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in _test_names(file.read_text(encoding="utf-8")):
            for clause_id in clauses_in(name):
                found.setdefault(clause_id, []).append(_linked(file, name))
    return found


def clauses_in(test_name: str) -> list[str]:
    """Return the clauses a test is named after: test_f20_f22_… after F20 and F22."""
    return [f"F{number}" for number in _NAMED.findall(test_name)]


def _test_names(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node.name


def _linked(file: Path, name: str) -> str:
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file.relative_to(ROOT).as_posix()})"


def refusals_by_clause() -> dict[str, list[str]]:
    """Return the refusals that quote each clause."""
    found: dict[str, list[str]] = {}
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for name, clause_id in _quoting(file.read_text(encoding="utf-8")):
                found.setdefault(clause_id, []).append(name)
    return {clause_id: sorted(names) for clause_id, names in found.items()}


def _quoting(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            yield from ((node.name, clause_id) for clause_id in _clause_ids(node))


def _clause_ids(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "clause_id":
            yield from filter(None, [ast.literal_eval(line.value)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: {len(CLAUSES)} clauses\n")
