"""Print runs for the tests of packs: posts of every size, and the reports that preflight made of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from plaques.design.library import load_design
from plaques.name_order import NameOrder
from plaques.pack.facts import ArtworkFile, Digest, PackFacts
from plaques.preflight.findings import Check, Finding, Severity
from plaques.preflight.report import CopyReport, Report
from plaques.print_run import PrintSettings
from store.codes import PlateCode, PlateNumber
from store.records import Copy, Face, Product, Stage

BASE_URL = "https://dj.example.cn"
MADE_AT = datetime(2026, 6, 22, 8, 30, tzinfo=UTC)
CONTENT = b"%PDF-1.7 artwork"
"""What a test takes for a finished file."""

NAMES = ("周䶮", "李𬱖", "王𪚥", "阿依古丽·艾合买提", "欧阳靖宇", "张三")
RARE = {"䶮": "U+4DAE", "𬱖": "U+2CC56", "𪚥": "U+2A6A5"}
DUTIES = (
    "负责全校农业科研试验用地的规划、平整、灌溉与日常养护；承担良种繁育、田间去杂与种子检验工作，保证教学科研用种；"
    "公开服务事项、办事流程和收费标准，自觉接受师生监督。"
)
WARNING = Finding(
    severity=Severity.WARNING,
    number=str(PlateNumber("2026-001", 1)),
    part="name",
    text="王𪚥",
    check=Check.FALLBACK,
    zh="“王𪚥”改用了后备字体。",
    en="'王𪚥' is set in another typeface.",
)
ERROR = Finding(
    severity=Severity.ERROR,
    number=str(PlateNumber("2026-009", 1)),
    part="duties",
    text="承担机械作业",
    check=Check.FLOOR,
    zh="文字太长。",
    en="The text is too long.",
)


def facts(
    name: str = "2026-001至2026-015-创建标牌-a4",
    product: Product = Product.PLAQUE,
    name_order: NameOrder = NameOrder.LISTED,
    **changes: Any,
) -> PackFacts:
    """Return the facts of a pack; changes are those of its print settings."""
    settings = PrintSettings(**{"base_url": BASE_URL, "design": load_design(product), **changes})
    return PackFacts(name=name, made_at=MADE_AT, settings=settings, name_order=name_order)


def plaques(posts: int, **changes: Any) -> ArtworkFile:
    """Return a file of one plaque for each post."""
    return artwork([_copy(post, 1, NAMES) for post in range(1, posts + 1)], **changes)


def badges(posts: int, members: int, **changes: Any) -> ArtworkFile:
    """Return a file of a badge for each member of each post."""
    return artwork(list(_badges(posts, members)), **changes)


def artwork(copies: Sequence[Copy], name: str = "", **changes: Any) -> ArtworkFile:
    return ArtworkFile(
        name=name or f"{facts().name}.pdf",
        digest=Digest.of(CONTENT),
        copies=tuple(copies),
        report=report(copies, **changes),
    )


def report(copies: Sequence[Copy], **changes: Any) -> Report:
    given: dict[str, Any] = {
        "copies": tuple(_copy_report(copy, page) for page, copy in enumerate(copies, start=1)),
        "pages": len(copies),
        "raster_dpi": 300,
        "rasterised": frozenset(copy.id for copy in copies),
        "worn": frozenset(copy.id for copy in copies),
        "checks": tuple(Check),
        **changes,
    }
    return Report(**given)


def _badges(posts: int, members: int) -> Iterator[Copy]:
    for post in range(1, posts + 1):
        names = tuple(NAMES[at % len(NAMES)] + "一二三四五"[at // len(NAMES) % 5] for at in range(members))
        for serial, holder in enumerate(names, start=1):
            yield _copy(post, serial, names, holder)


def _copy(post: int, serial: int, names: tuple[str, ...], holder: str = "") -> Copy:
    post_id = f"2026-{post:03d}"
    return Copy(
        id=str(PlateNumber(post_id, serial)),
        code=PlateCode.from_bits(post * 100_000 + serial).text,
        post_id=post_id,
        branch_id=f"branch-{post % 3}",
        application_id=f"{post_id}-A1",
        product=Product.BADGE if holder else Product.PLAQUE,
        stage=Stage.CREATION,
        design="red-gold",
        size="id-1" if holder else "400x300",
        face=_face(post, names, holder),
        place="1号楼398室",
        issued_at=MADE_AT,
    )


def _face(post: int, names: tuple[str, ...], holder: str) -> Face:
    return Face(
        heading="创建共产党员示范岗",
        post_name=f"农机作业服务岗第{post}组",
        duties=DUTIES,
        member_count=len(names),
        names=names,
        holder=holder,
        holder_title="岗长" if holder == names[0] else "",
        branch_name=("园艺场党总支", "畜牧场党总支", "机关党总支")[post % 3],
        issuer="中共场站管理中心委员会",
        dated_on=date(2026, 6, 20),
    )


def _copy_report(copy: Copy, page: int) -> CopyReport:
    said = (copy.face.holder,) if copy.face.holder else copy.face.names
    return CopyReport(
        number=copy.id,
        sheet_number=page,
        post_name=copy.face.post_name,
        holder=copy.face.holder,
        code_read=PlateCode(copy.code).url(BASE_URL),
        fell_back=tuple(name for name in said if "𪚥" in name),
    )
