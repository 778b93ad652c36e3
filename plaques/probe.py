"""Probing a design: plates that strain it in every way a real one may, made and read back like real ones.

Knows what strains a plate: few and many names, long texts, rare characters, the longest address. Leaves out
the rules a design file is held to before (design/rules.py) and what is checked of a plate (print_run.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

from plaques.design.faults import Fault
from plaques.design.model import Design
from plaques.print_run import PROOF_MARK, Declined, Order, PrintSettings, plan_copies, prepare
from store.codes import PROOF_CODE
from store.plates import CollectiveKind, Copy, Member, PostContent, PostKind, Stage
from store.refusals import Refusal
from store.terms import STAGE_ZH

PROBE_URL = "https://gongchandangyuan-shifang.example.cn"
"""An address whose host has 35 characters, as long as an office may need: no code may come out too fine."""

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
    """What a post strains a design with, and how many of its members' own plates show it."""

    zh: str
    en: str
    content: PostContent
    copies: int = 1


def sample_copies(design: Design, letterhead: Letterhead, stage: Stage) -> tuple[Copy, ...]:
    """Return copies marked 样张 of a sample post: the post's plate, or those of its first three members."""
    order = _order(_SAMPLE, "2026-001", stage, design, letterhead)
    return plan_copies(order, design, lambda: PROOF_CODE)[: _SAMPLE.copies]


def probe(design: Design, letterhead: Letterhead) -> tuple[Fault, ...]:
    """Return what the design cannot hold: each reason for which probe plates are refused, under its size."""
    tried = {
        f"2026-{number:03}": (stage, each)
        for number, (stage, each) in enumerate(product(Stage, _PROBES), start=1)
    }
    orders = [
        (_order(each, post_id, stage, design, letterhead), each.copies)
        for post_id, (stage, each) in tried.items()
    ]
    copies = [
        copy for order, most in orders for copy in plan_copies(order, design, lambda: PROOF_CODE)[:most]
    ]
    try:
        declined = prepare(copies, PrintSettings(base_url=PROBE_URL, design=design)).declined
    except Refusal as refusal:
        return (Fault(key=f"sizes.{design.size}", zh=refusal.zh, en=refusal.en),)
    return tuple(_grouped(declined, tried, f"sizes.{design.size}"))


def _grouped(
    declined: Iterable[Declined], tried: Mapping[str, tuple[Stage, _Probe]], key: str
) -> Iterator[Fault]:
    """Yield one fault for each reason, with all the probes that met it."""
    reasons: dict[str, list[Declined]] = {}
    for each in declined:
        reasons.setdefault(each.refusal.en, []).append(each)
    for alike in reasons.values():
        met = [tried[each.post_id] for each in alike]
        zh = "、".join(f"{STAGE_ZH[stage]}·{one.zh}" for stage, one in met)
        en = ", ".join(f"{stage} · {one.en}" for stage, one in met)
        if len(met) == len(tried):
            zh, en = "全部样张", "every probe"
        yield Fault(key=key, zh=f"{zh}：{alike[0].refusal.zh}", en=f"{en}: {alike[0].refusal.en}")


def _order(each: _Probe, post_id: str, stage: Stage, design: Design, letterhead: Letterhead) -> Order:
    return Order(
        post_id=post_id,
        branch_id="O01",
        branch_name="园艺场党总支",
        application_id=f"{post_id}/1",
        content=each.content,
        stage=stage,
        heading=letterhead.headings[stage],
        product=design.product,
        issuer=letterhead.issuer,
        dated_on=_DAY,
        next_serial=1,
        issued_at=datetime(_DAY.year, _DAY.month, _DAY.day, tzinfo=UTC),
        mark=PROOF_MARK,
    )


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
    _Probe(zh="生僻字与长姓名", en="rare and long names", content=_content(_RARE), copies=6),
)
_SAMPLE = _Probe(zh="12 名党员", en="12 members", content=_content(_people(12)), copies=3)
