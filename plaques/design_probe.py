"""Probing a design: plates that strain it in every way a real one may, made and read back like real ones.

Knows what strains a plate: few and many names, long texts, rare characters, the longest address. Leaves out
the rules a design file is held to before (design_rules.py) and what is checked of a plate (print_run.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from plaques.design import Design
from plaques.design_faults import Fault
from plaques.print_run import PROOF_MARK, Order, PrintSettings, plan_copies, prepare
from store.codes import PROOF_CODE
from store.records import CollectiveKind, Copy, Member, PostContent, PostKind, Stage
from store.refusals import Refusal

PROBE_URL = "https://gongchandangyuan-shifang.example.cn"
"""An address whose host has 35 characters, as long as an office may need: no code may come out too fine."""

_COPIES_MOST = 3
_DAY = date(2026, 11, 30)
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈", "文晓兰国明丽"
_RARE = ("周䶮", "李𬱖", "王𣲗", "买买提·阿不都拉", "欧阳靖宇", "张三")
_NAME, _LONG_NAME = "种子繁育岗", "第一试验场水土保持与农田水利基础设施维护管理综合服务示范岗"
_DUTIES = "承担良种繁育、田间去杂与种子检验，保证教学科研用种。"
_LONG_DUTIES = (
    "负责试验用地的规划、平整、灌溉与日常养护；承担良种繁育、田间去杂与种子检验，保证教学科研用种；"
    "做好农机具的维修保养和安全作业；公开服务事项、办事流程和收费标准，自觉接受师生监督；"
    "坚持每日巡查、定时观测、如实记录和按时上报，数据真实完整；听取意见24小时内答复、15日内办结并回访。"
)


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What an organisation's plates say of it: the heading of each stage, and who issues them."""

    headings: Mapping[Stage, str]
    issuer: str


@dataclass(frozen=True, kw_only=True)
class _Probe:
    zh: str
    en: str
    content: PostContent


def sample_copies(
    design: Design, letterhead: Letterhead, stage: Stage, content: PostContent | None = None
) -> tuple[Copy, ...]:
    """Return copies marked 样张 of a sample post, of a member's own plate no more than three."""
    order = Order(
        post_id="2026-001",
        branch_id="O01",
        branch_name="园艺场党总支",
        application_id="2026-001/1",
        content=content or _content(_people(12)),
        stage=stage,
        heading=letterhead.headings[stage],
        product=design.product,
        issuer=letterhead.issuer,
        dated_on=_DAY,
        next_serial=1,
        issued_at=datetime(_DAY.year, _DAY.month, _DAY.day, tzinfo=UTC),
        mark=PROOF_MARK,
    )
    return plan_copies(order, design, lambda: PROOF_CODE)[:_COPIES_MOST]


def probe(design: Design, letterhead: Letterhead) -> tuple[Fault, ...]:
    """Return what the design cannot hold: each refusal of a probe plate, of either stage, under its size."""
    return tuple(_refused(design, letterhead))


def _refused(design: Design, letterhead: Letterhead) -> Iterator[Fault]:
    settings = PrintSettings(base_url=PROBE_URL, design=design)
    for stage in Stage:
        for each in _PROBES:
            copies = sample_copies(design, letterhead, stage, each.content)
            if refusal := _refusal(copies, settings):
                yield Fault(
                    key=f"sizes.{design.size}",
                    zh=f"{letterhead.headings[stage]}，{each.zh}：{refusal.zh}",
                    en=f"{stage}, {each.en}: {refusal.en}",
                )


def _refusal(copies: tuple[Copy, ...], settings: PrintSettings) -> Refusal | None:
    try:
        declined = prepare(copies, settings).declined
    except Refusal as refusal:
        return refusal
    return declined[0].refusal if declined else None


def _content(names: tuple[str, ...], name: str = _NAME, duties: str = _DUTIES) -> PostContent:
    return PostContent(
        name=name,
        kind=PostKind.COLLECTIVE,
        collective_kind=CollectiveKind.SERVICE_POST,
        place="1号楼101室",
        duties=duties,
        members=tuple(Member(name=each, title="" if at else "岗长") for at, each in enumerate(names)),
    )


def _people(number: int) -> tuple[str, ...]:
    """Return names of two and three characters, all different."""
    return tuple(
        f"{_SURNAMES[at % 10]}{_GIVEN[at // 10]}{_GIVEN[at % 6] if at % 3 else ''}" for at in range(number)
    )


_PROBES = (
    _Probe(zh="1 名党员", en="1 member", content=_content(_people(1))),
    _Probe(zh="3 名党员", en="3 members", content=_content(_people(3))),
    _Probe(zh="12 名党员", en="12 members", content=_content(_people(12))),
    _Probe(zh="30 名党员", en="30 members", content=_content(_people(30))),
    _Probe(zh="长文字", en="long texts", content=_content(_people(6), _LONG_NAME, _LONG_DUTIES)),
    _Probe(zh="生僻字与长姓名", en="rare and long names", content=_content(_RARE)),
)
