"""校对单: what is printed of each post, for the people who have to compare it and sign.

Knows what has to be compared by eye: every text, every name in its place, every rare character. A badge or
desk plate is listed by its holder. One sheet for each 党总支, because that is who signs for its posts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from plaques.name_order import describe
from plaques.pack.facts import ArtworkFile, PackFacts, design_name, number_range
from plaques.pack.rare import Rare, rare_characters
from plaques.preflight.report import CopyReport
from store.calendar import chinese_day, office_day
from store.paperwork.sheet import (
    UNTICKED,
    Align,
    Column,
    Fact,
    Names,
    Sheet,
    Signature,
    Specimen,
    Table,
    Value,
)
from store.plates import Copy
from store.terms import plate_kind_zh

_TICK = Column(heading="核对\nOK", width=2.5, align=Align.CENTER)
_TEXT_COLUMNS = (
    Column(heading="项目\nItem", width=9.4, align=Align.CENTER),
    Column(heading="印在牌面上的内容\nAs printed", width=30),
    _TICK,
)
_HOLDER_COLUMNS = (
    Column(heading="编号\nNumber", width=8, align=Align.CENTER),
    Column(heading="持有人\nHolder", width=10),
    Column(heading="职务\nTitle", width=8),
    Column(heading="换发旧牌\nReplaces", width=8, align=Align.CENTER),
    _TICK,
)
_RARE_COLUMNS = (
    Column(heading="字\nCharacter", width=6.5, align=Align.CENTER),
    Column(heading="码位\nCode point", width=6.5, align=Align.CENTER),
    Column(heading="所在文字\nIn", width=11),
    Column(heading="须看何处\nWhy", width=17),
    _TICK,
)
_SIGNING_COLUMNS = (
    Column(heading='需要更正之处（没有请写“无”）\nCorrections (write "none" if there are none)', width=20),
    Column(heading="岗位负责人核对签字\nChecked by the post's leader", width=12),
    Column(heading="日期\nDate", width=8),
)
_SIGNING_LINES = 3
_SIGNATURES = (
    Signature(label="经办人（签字） Officer"),
    Signature(label="党总支（盖章） General branch"),
)
_HOW_TO = (
    "请对照本人证件逐字核对，在“核对”栏打勾；有误的在原处划去，把正确的写在“需要更正之处”。签字交回之前不得付印。",
    (
        "Compare every character with an official document and tick it. Strike out what is wrong and write "
        "what is right under corrections. Nothing is printed until this sheet is back, signed."
    ),
)


@dataclass(frozen=True, kw_only=True)
class _Proofed:
    """A copy, and what preflight saw on it."""

    copy: Copy
    report: CopyReport


def proof_sheets(artwork: Sequence[ArtworkFile], facts: PackFacts) -> Iterator[Sheet]:
    """Yield the proof sheet of each 党总支 of a print run, one at a time."""
    proofed = [
        _Proofed(copy=copy, report=report)
        for file in artwork
        for copy, report in zip(file.copies, file.report.copies, strict=True)
    ]
    for branch, posts in _by_branch(proofed).items():
        yield _sheet(branch, posts, facts)


def _by_branch(proofed: Sequence[_Proofed]) -> dict[str, list[_Proofed]]:
    branches: dict[str, list[_Proofed]] = {}
    for each in proofed:
        branches.setdefault(each.copy.face.branch_name, []).append(each)
    return branches


def _sheet(branch: str, proofed: Sequence[_Proofed], facts: PackFacts) -> Sheet:
    first = proofed[0].copy
    return Sheet(
        name=branch,
        title=f"{plate_kind_zh(first.product, first.stage)}校对单",
        subtitle=f"Proof sheet　{facts.name}",
        facts=tuple(_facts(branch, proofed, facts)),
        opening=_HOW_TO,
        tables=tuple(_tables(proofed)),
        signatures=_SIGNATURES,
        footer=facts.name,
    )


def _facts(branch: str, proofed: Sequence[_Proofed], facts: PackFacts) -> Iterator[Fact]:
    first = proofed[0].copy
    yield Fact("党总支\nBranch", branch)
    yield Fact("件数\nPieces", len(proofed))
    yield Fact("出图日期\nMade on", office_day(facts.made_at))
    yield Fact("设计\nDesign", design_name(facts))
    if not first.face.holder:
        yield Fact("姓名排列\nName order", "\n".join(describe(facts.name_order)))


def _tables(proofed: Sequence[_Proofed]) -> Iterator[Table]:
    for post_id, found in groupby(proofed, key=lambda each: each.copy.post_id):
        of_post = list(found)
        face = of_post[0].copy.face
        yield Table(
            caption=f"{post_id}　{face.post_name}",
            columns=_TEXT_COLUMNS,
            rows=tuple(_texts(of_post)),
        )
        if face.holder:
            yield Table(columns=_HOLDER_COLUMNS, rows=tuple(map(_holder, of_post)))
        rare = _rare(of_post)
        if rare:
            yield Table(columns=_RARE_COLUMNS, rows=tuple(map(_looked_at, rare)))
        yield Table(columns=_SIGNING_COLUMNS, rows=((None, None, None),), lines=_SIGNING_LINES)


def _texts(proofed: Sequence[_Proofed]) -> Iterator[tuple[Value, ...]]:
    face = proofed[0].copy.face
    yield "抬头 Heading", face.heading, UNTICKED
    yield "岗位名称 Post", face.post_name, UNTICKED
    yield "工作职责 Duties", face.duties, UNTICKED
    yield "党员数量 Members", f"{face.member_count} 名", UNTICKED
    if not face.holder:
        yield "姓名 Names", Names(face.names), UNTICKED
    yield "落款 Issuer", f"{face.issuer}　{chinese_day(face.dated_on)}", UNTICKED
    yield "编号 Numbers", number_range([each.copy.id for each in proofed]), UNTICKED


def _holder(proofed: _Proofed) -> tuple[Value, ...]:
    copy = proofed.copy
    return copy.id, copy.face.holder, copy.face.holder_title, copy.replaces, UNTICKED


def _rare(proofed: Sequence[_Proofed]) -> tuple[Rare, ...]:
    face = proofed[0].copy.face
    names = [each.copy.face.holder for each in proofed] if face.holder else face.names
    texts = (face.post_name, face.duties, *names, face.branch_name, face.issuer)
    return rare_characters(texts, (text for each in proofed for text in each.report.fell_back))


def _looked_at(rare: Rare) -> tuple[Value, ...]:
    return Specimen(rare.character), rare.code_point, Names(rare.texts), "\n".join(_reasons(rare)), UNTICKED


def _reasons(rare: Rare) -> Iterator[str]:
    if rare.fell_back:
        yield "改用了其他字体，看字形 other typeface"
    if not rare.is_listed:
        yield "不在《通用规范汉字表》内 not in the standard list"
    if rare.is_listed and not rare.fell_back:
        yield "生僻字，看笔画 rare, look at its strokes"
