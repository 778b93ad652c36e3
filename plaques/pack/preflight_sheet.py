"""印前检查报告 on paper: what was checked before printing, how, and what was found, for a print shop.

Knows what a reader has to be told: each check's demand and ground, the copies whose finished page was read
back and those of which only the code was, every finding and what to do about it. Tells no codes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from plaques.pack.facts import (
    ArtworkFile,
    PackFacts,
    all_copies,
    all_findings,
    design_name,
    found_by,
    number_range,
)
from plaques.preflight.findings import Check, Finding, Severity, rule
from store.calendar import chinese_time
from store.paperwork.sheet import Align, Column, Fact, Sheet, Table, Value
from store.terms import plate_kind_zh

_CHECK_COLUMNS = (
    Column(heading="检查\nCheck", width=7, align=Align.CENTER),
    Column(heading="要求\nDemand", width=24),
    Column(heading="依据\nGround", width=7.5, align=Align.CENTER),
    Column(heading="结果\nResult", width=5.5, align=Align.CENTER),
)
_FINDING_COLUMNS = (
    Column(heading="级别\nSeverity", width=4, align=Align.CENTER),
    Column(heading="编号\nNumber", width=8, align=Align.CENTER),
    Column(heading="文字\nText", width=8),
    Column(heading="问题与处理\nFinding and what to do", width=20),
    Column(heading="检查\nCheck", width=6, align=Align.CENTER),
)
_FILE_COLUMNS = (
    Column(heading="文件\nFile", width=20),
    Column(heading="页数\nPages", width=4, align=Align.CENTER),
    Column(heading="编号\nNumbers", width=16),
    Column(heading="件数\nPieces", width=4, align=Align.CENTER),
    Column(heading="回读方式\nRead back", width=9, align=Align.CENTER),
)
_SEVERITY_ZH = {Severity.ERROR: "错误", Severity.WARNING: "提示"}
_WHOLE, _CODE_ALONE = "整页回读\nwhole page", "二维码矩阵\ncode's matrix"


def preflight_sheet(artwork: Sequence[ArtworkFile], facts: PackFacts) -> Sheet:
    """Return the report as a print shop reads it."""
    first = artwork[0].copies[0]
    return Sheet(
        name="印前检查",
        title="印前检查报告",
        subtitle=f"Preflight report　{facts.name}",
        facts=(
            Fact("制作内容\nProduct", f"{plate_kind_zh(first.product, first.stage)}　{design_name(facts)}"),
            Fact("结论\nResult", _result(all_findings(artwork))),
            Fact("件数\nPieces", len(all_copies(artwork))),
            Fact("页数\nPages", sum(file.report.pages for file in artwork)),
            Fact("检查时间\nChecked at", chinese_time(facts.made_at)),
            Fact("回读精度\nRead at", f"{artwork[0].report.raster_dpi:g} dpi"),
        ),
        opening=tuple(_how_it_was_read(artwork)),
        tables=tuple(_tables(artwork)),
        footer=facts.name,
    )


def _result(found: Sequence[Finding]) -> str:
    counted = Counter(each.severity for each in found)
    if not counted:
        return "全部通过 all passed"
    errors, warnings = counted[Severity.ERROR], counted[Severity.WARNING]
    return f"错误{errors}项、提示{warnings}项\nerrors: {errors}, warnings: {warnings}"


def _how_it_was_read(artwork: Sequence[ArtworkFile]) -> Iterator[str]:
    pieces, whole = len(all_copies(artwork)), sum(len(file.rasterised) for file in artwork)
    worn, others = sum(len(file.report.worn) for file in artwork), pieces - whole
    with_zh, with_en = ("静区", "quiet zone")
    if found_by(Check.EXTRACTION, artwork) is not None:
        with_zh, with_en = "静区和文字", "quiet zone and its text"
    zh = (
        f"全部{pieces}件的二维码都由另一种软件读回，与登记一致；"
        f"其中{whole}件读自成品页面，并检查{with_zh}，{worn}件再经污损试读"
    )
    en = (
        f"The codes of all {pieces} pieces were read back by other software than encoded them and agree with "
        f"the register; {whole} of them from the finished page, with its {with_en}, and {worn} also worn"
    )
    yield f"{zh}；其余{others}件读二维码矩阵，见“文件与回读”。" if others else f"{zh}。"
    yield f"{en}; of the other {others} the matrix was read, see the last table." if others else f"{en}."


def _tables(artwork: Sequence[ArtworkFile]) -> Iterator[Table]:
    found = all_findings(artwork)
    if found:
        yield Table(
            caption="错误与提示 Findings", columns=_FINDING_COLUMNS, rows=tuple(map(_finding_row, found))
        )
    yield Table(
        caption="检查项目 Checks",
        columns=_CHECK_COLUMNS,
        rows=tuple(_check_row(check, artwork) for check in Check),
    )
    yield Table(
        caption="文件与回读 Files and how they were read",
        columns=_FILE_COLUMNS,
        rows=tuple(row for file in artwork for row in _file_rows(file)),
    )


def _check_row(check: Check, artwork: Sequence[ArtworkFile]) -> tuple[Value, ...]:
    says = rule(check)
    return (
        f"{says.name_zh}\n{says.name_en}",
        f"{says.demand_zh}\n{says.demand_en}",
        says.ground,
        _outcome(check, artwork),
    )


def _outcome(check: Check, artwork: Sequence[ArtworkFile]) -> str:
    found = found_by(check, artwork)
    if found is None:
        return "未检查\nnot made"
    return f"{found}项\nfound: {found}" if found else "通过\npassed"


def _finding_row(found: Finding) -> tuple[Value, ...]:
    says = rule(found.check)
    return (
        f"{_SEVERITY_ZH[found.severity]}\n{found.severity}",
        found.number,
        found.text,
        f"{found.zh}\n{found.en}\n→ {says.remedy_zh} {says.remedy_en}",
        f"{says.name_zh}\n{says.name_en}",
    )


def _file_rows(file: ArtworkFile) -> Iterator[tuple[Value, ...]]:
    """Yield a row for each run of copies that were read in the same way."""
    rasterised = frozenset(file.rasterised)
    for is_whole, run in groupby(file.report.copies, key=lambda each: each.number in rasterised):
        copies = list(run)
        read = _WHOLE if is_whole else _CODE_ALONE
        yield file.name, file.report.pages, number_range([each.number for each in copies]), len(copies), read
