"""The preflight report for a machine: JSON, the same facts as on paper, its keys in a fixed order.

docs/print-shop.md describes each key. Tells no codes: whoever has a code can make a plate that scans.
"""

import json
from collections.abc import Sequence
from typing import Any

from plaques.pack.facts import ArtworkFile, PackFacts, all_copies, all_findings, found_by
from plaques.preflight.findings import Check, Finding, rule
from plaques.preflight.report import CopyReport

SCHEMA = "gangpai-preflight-1"
"""The name of the report's form; it changes when a key changes its meaning."""


def preflight_json(artwork: Sequence[ArtworkFile], facts: PackFacts) -> bytes:
    """Return the report as a machine reads it: UTF-8 JSON, its keys in a fixed order."""
    found = all_findings(artwork)
    report = {
        "schema": SCHEMA,
        "name": facts.name,
        "made_at": facts.made_at.isoformat(),
        "result": _worst(found),
        "pieces": len(all_copies(artwork)),
        "pages": sum(file.report.pages for file in artwork),
        "checks": [_check_facts(check, artwork) for check in Check],
        "findings": [_finding_facts(each) for each in found],
        "files": [_file_facts(file) for file in artwork],
    }
    return json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n"


def _worst(found: Sequence[Finding]) -> str:
    return found[0].severity.value if found else "passed"


def _check_facts(check: Check, artwork: Sequence[ArtworkFile]) -> dict[str, Any]:
    says = rule(check)
    return {
        "check": check.value,
        "zh": says.name_zh,
        "en": says.name_en,
        "demand_zh": says.demand_zh,
        "demand_en": says.demand_en,
        "ground": says.ground,
        "found": found_by(check, artwork),
    }


def _finding_facts(found: Finding) -> dict[str, Any]:
    says = rule(found.check)
    return {
        "severity": found.severity.value,
        "number": found.number,
        "part": found.part,
        "text": found.text,
        "check": found.check.value,
        "zh": found.zh,
        "en": found.en,
        "remedy_zh": says.remedy_zh,
        "remedy_en": says.remedy_en,
    }


def _file_facts(file: ArtworkFile) -> dict[str, Any]:
    rasterised = frozenset(file.rasterised)
    return {
        "file": file.name,
        "bytes": file.digest.length,
        "sha256": file.digest.sha256,
        "pages": file.report.pages,
        "raster_dpi": file.report.raster_dpi,
        "copies": [_copy_facts(each, is_whole=each.number in rasterised) for each in file.report.copies],
    }


def _copy_facts(copy: CopyReport, *, is_whole: bool) -> dict[str, Any]:
    return {
        "number": copy.number,
        "page": copy.sheet_number,
        "post_name": copy.post_name,
        "holder": copy.holder,
        "read": "page" if is_whole else "matrix",
        "other_typeface": list(copy.fell_back),
    }
