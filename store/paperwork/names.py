"""名单: the posts named in an award round that hold the title still (F16)."""

from store.calendar import chinese_day
from store.dossier import Dossier, PostState, dossiers
from store.paperwork.applications import post_kind_zh
from store.paperwork.sheet import Align, Column, Names, Sheet, Signature, Table, Value
from store.policy import Policy
from store.records import Award
from store.register import Reader
from store.rounds import Round

_COLUMNS = (
    Column(heading="序号", width=2, align=Align.CENTER),
    Column(heading="岗位编号", width=4.6, align=Align.CENTER),
    Column(heading="党总支", width=9),
    Column(heading="岗位名称", width=9),
    Column(heading="类型", width=4.2, align=Align.CENTER),
    Column(heading="岗位党员", width=16),
    Column(heading="命名日期", width=7.8, align=Align.CENTER),
    Column(heading="命名文号", width=8),
)


def names_sheet(reader: Reader, policy: Policy, named_in: Round) -> Sheet:
    """Return the list of the posts named in a round that hold the title still."""
    found = posts_named(reader, named_in)
    return Sheet(
        name="命名名单",
        title="“共产党员示范岗”命名名单",
        subtitle=f"{chinese_day(named_in.award_day)}命名轮次　共{len(found)}个岗位",
        tables=(Table(columns=_COLUMNS, rows=tuple(map(_row, range(1, len(found) + 1), found))),),
        signatures=(Signature(label=f"{policy.committee_name}（盖章）", dated_on=named_in.award_day),),
        landscape=True,
    )


def posts_named(reader: Reader, named_in: Round) -> list[tuple[Dossier, Award]]:
    """Return the posts named in a round and their awards, by number; one fallen or ended is not named."""
    return [
        (each, each.award)
        for each in dossiers(reader)
        if each.state is PostState.AWARDED and each.award and each.award.round == named_in.id
    ]


def _row(number: int, named: tuple[Dossier, Award]) -> tuple[Value, ...]:
    dossier, award = named
    return (
        number,
        dossier.post.id,
        dossier.branch.name,
        dossier.content.name,
        post_kind_zh(dossier.content),
        Names(tuple(member.name for member in dossier.members)),
        award.awarded_on,
        award.document,
    )
