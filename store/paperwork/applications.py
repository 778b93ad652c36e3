"""申报汇总表: what a branch applies for in a year, on one sheet (F5, F7, F10)."""

from store.dossier import POST_STATE_ZH, Dossier, dossiers
from store.paperwork.sheet import Align, Column, Fact, Names, Sheet, Signature, Table, Value
from store.records import Organisation, PostContent
from store.register import Reader
from store.terms import COLLECTIVE_EN, COLLECTIVE_ZH, KIND_EN, KIND_ZH

_COLUMNS = (
    Column(heading="序号", width=2, align=Align.CENTER),
    Column(heading="岗位编号", width=4.6, align=Align.CENTER),
    Column(heading="岗位名称", width=9),
    Column(heading="类型", width=4.2, align=Align.CENTER),
    Column(heading="岗位地点", width=8),
    Column(heading="工作职责", width=24),
    Column(heading="党员人数", width=4.2, align=Align.CENTER),
    Column(heading="党员姓名", width=15),
    Column(heading="状态", width=3.2, align=Align.CENTER),
)
_SIGNATURES = (
    Signature(label="党总支（盖章）："),
    Signature(label="负责人（签字）："),
    Signature(label="填报人（签字）："),
)
_TITLE = "共产党员示范岗申报汇总表"
_BLANK_LINES = 4


def application_summary(reader: Reader, branch: Organisation, year: int) -> Sheet:
    """Return the sheet of every post a branch applied for in a year, in the words it stands by."""
    found = [each for each in dossiers(reader, branch.id) if each.post.year == year]
    names = [member.name for each in found for member in each.members_of(each.current)]
    return Sheet(
        name="申报汇总表",
        title=_TITLE,
        subtitle=f"{branch.name}　{year}年",
        facts=(
            Fact("申报单位", branch.name),
            Fact("申报年度", f"{year}年"),
            Fact("岗位数", len(found)),
            Fact("党员人次", len(names)),
        ),
        tables=(Table(columns=_COLUMNS, rows=tuple(map(_row, range(1, len(found) + 1), found))),),
        signatures=_SIGNATURES,
        landscape=True,
    )


def blank_application_summary(rows: int) -> Sheet:
    """Return the sheet with empty rows, to be filled in by hand."""
    columns = _COLUMNS[:-1]  # how an application stands is the committee's to say
    empty: tuple[Value, ...] = (None,) * (len(columns) - 1)
    return Sheet(
        name="申报汇总表",
        title=_TITLE,
        facts=(Fact("申报单位", None), Fact("申报年度", None), Fact("岗位数", None), Fact("党员人次", None)),
        tables=(
            Table(
                columns=columns,
                rows=tuple((number, *empty) for number in range(1, rows + 1)),
                lines=_BLANK_LINES,
            ),
        ),
        signatures=_SIGNATURES,
        landscape=True,
    )


def post_kind_zh(content: PostContent) -> str:
    """Return whether a post is individual, or which kind of collective post it is."""
    return COLLECTIVE_ZH[content.collective_kind] if content.collective_kind else KIND_ZH[content.kind]


def post_kind_en(content: PostContent) -> str:
    """Return in English whether a post is individual, or which kind of collective post it is."""
    return COLLECTIVE_EN[content.collective_kind] if content.collective_kind else KIND_EN[content.kind]


def _row(number: int, dossier: Dossier) -> tuple[Value, ...]:
    content = dossier.current.content
    names = [member.name for member in dossier.members_of(dossier.current)]
    return (
        number,
        dossier.post.id,
        content.name,
        post_kind_zh(content),
        content.place,
        content.duties,
        len(names),
        Names(tuple(names)),
        POST_STATE_ZH[dossier.state],
    )
