"""Sample plates for the tests of paper: the roster's posts, posts that strain a layout, orders and pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from plaques.composition.compose import compose, compose_back
from plaques.design.library import load_design
from plaques.marks import Page
from plaques.print_run import Order
from plaques.qr import encode
from store.codes import PlateCode, PlateNumber
from store.records import CollectiveKind, Copy, Face, Member, PostContent, PostKind, Product, Stage
from store.roster import read_roster

DATA = Path(__file__).parent.parent / "data"
BASE_URL = "https://dj.example.cn"
HEADINGS = {Stage.CREATION: "创建共产党员示范岗", Stage.TITLE: "共产党员示范岗"}
NUMBER = str(PlateNumber("2026-007", 3))
CODE = PlateCode("7K3QZ9V0W1X2Y3N4P5R6S7T8AB")
PLAQUES = [("red-gold", "400x300"), ("red-gold", "a4"), ("white", "400x300"), ("white", "a4")]
RARE_NAMES = (
    "周䶮",
    "李𬱖",
    "王𣲗",
    "赵㼆",
    "𬱖三",
    "𣲗𬱖",
    "买买提·阿不都拉",
    "阿依古丽·艾合买提",
    "欧阳靖宇",
    "张三",
)
LONG_NAME = "第一试验场水土保持与农田水利基础设施维护管理综合服务示范岗"
LONG_DUTIES = (
    "负责全校农业科研试验用地的规划、平整、灌溉与日常养护；承担良种繁育、田间去杂与种子检验工作，保证教学科研用种；"
    "安排学生实习食宿与安全教育，协助指导教师完成实习教学任务；做好农机具的维修保养和安全作业，全年无责任事故；"
    "公开服务事项、办事流程和收费标准，自觉接受师生监督；坚持每日巡查、定时观测、如实记录和按时上报，数据真实完整；"
    "听取意见24小时内答复、15日内办结并回访。"
)


@cache
def roster_contents() -> tuple[PostContent, ...]:
    """Return the fifteen posts of the sample roster."""
    roster = read_roster((DATA / "roster-2026.xlsx").read_bytes(), "roster-2026.xlsx", members_min=3)
    return tuple(row.content for row in roster.rows)


def people(number: int) -> tuple[str, ...]:
    """Return names as a roster has them, rare and · names among them."""
    surnames, given = "赵钱孙李周吴郑王冯陈", "文晓兰国明丽"
    plain = [f"{surnames[at % 10]}{given[at % 6]}{given[at % 4] if at % 3 else ''}" for at in range(number)]
    return (*RARE_NAMES, *plain)[:number] if number > len(RARE_NAMES) else tuple(plain)


def content(
    names: tuple[str, ...] = ("周䶮", "贺杰佳", "贾欣"),
    name: str = "农机作业服务岗",
    duties: str = "承担机械作业",
) -> PostContent:
    return PostContent(
        name=name,
        kind=PostKind.COLLECTIVE,
        collective_kind=CollectiveKind.SERVICE_POST,
        place="1号楼398室",
        duties=duties,
        members=tuple(Member(name=each, title="" if at else "岗长") for at, each in enumerate(names)),
    )


def face(post: PostContent, stage: Stage = Stage.TITLE, holder: str = "", **changes: Any) -> Face:
    names = tuple(member.name for member in post.members)
    words = Face(
        heading=HEADINGS[stage],
        post_name=post.name,
        duties=post.duties,
        member_count=len(names),
        names=names,
        holder=holder,
        holder_title="岗长" if holder else "",
        branch_name="园艺场党总支",
        issuer="中共场站管理中心委员会",
        dated_on=date(2026, 7, 1),
    )
    return replace(words, **changes)


def order(post: PostContent, product: Product = Product.PLAQUE, **changes: Any) -> Order:
    stage = changes.get("stage", Stage.TITLE)
    plain = Order(
        post_id="2026-007",
        branch_id="garden",
        branch_name="园艺场党总支",
        application_id="2026-007/1",
        content=post,
        stage=stage,
        heading=HEADINGS[stage],
        product=product,
        issuer="中共场站管理中心委员会",
        dated_on=date(2026, 7, 1),
        next_serial=1,
        issued_at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    return replace(plain, **changes)


def copy_of(words: Face, product: Product = Product.PLAQUE, **changes: Any) -> Copy:
    plain = Copy(
        id=NUMBER,
        code=CODE.text,
        post_id="2026-007",
        branch_id="garden",
        application_id="2026-007/1",
        product=product,
        stage=Stage.TITLE,
        design="",
        size="",
        face=words,
        place="1号楼398室",
        issued_at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    return replace(plain, **changes)


def page(words: Face, product: Product = Product.PLAQUE, design: str = "", size: str = "") -> Page:
    loaded, url = load_design(product, design, size), CODE.url(BASE_URL)
    matrix = encode(url, loaded.layout.code.level)
    return compose(copy_of(words, product), url=url, matrix=matrix, host="dj.example.cn", design=loaded)


def back(words: Face, product: Product = Product.BADGE, design: str = "", size: str = "") -> Page:
    loaded, url = load_design(product, design, size), CODE.url(BASE_URL)
    matrix = encode(url, loaded.layout.code.level)
    copy = copy_of(words, product)
    drawn = compose_back(copy, url=url, matrix=matrix, host="dj.example.cn", design=loaded)
    if drawn is None:
        raise ValueError(f"{loaded.name} {loaded.size} has no back")
    return drawn


def flat(drawn: Page) -> Page:
    """Return a page of one copy without its forms: the same marks, each for itself."""
    return replace(drawn, marks=tuple(laid.mark for laid in drawn.laid))


def code_source() -> Callable[[], PlateCode]:
    """Return a source of codes, all of them different and the same in every run."""
    numbers: Iterator[int] = count(1)
    return lambda: PlateCode.from_bits(next(numbers) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**130)
