"""制作单: what a print shop is asked to make, how, from which files, with blanks for what people agree on.

Knows what a press has to be told: size, sheet, bleed, inks, which way sheets are turned. Leaves out prices.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from plaques.impose import SINGLE, Flip
from plaques.pack.facts import ArtworkFile, Digest, PackFacts, all_copies, number_range
from plaques.pdf import Inks
from store.calendar import office_day
from store.paperwork.sheet import Align, Column, Fact, Sheet, Signature, Table, Value
from store.terms import plate_kind_zh

_PRESS_COLUMNS = (
    Column(heading="项目\nItem", width=7, align=Align.CENTER),
    Column(heading="要求\nRequirement", width=34),
)
_FILE_COLUMNS = (
    Column(heading="文件\nFile", width=18),
    Column(heading="字节\nBytes", width=6, align=Align.CENTER),
    Column(heading="SHA-256", width=20, align=Align.CENTER),
)
_BLANK_COLUMNS = (
    Column(heading="项目\nItem", width=10, align=Align.CENTER),
    Column(heading="填写\nTo be filled in", width=31),
)
_BLANKS = (
    "材质与厚度\nMaterial, thickness",
    "工艺与表面\nProcess, finish",
    "安装方式\nMounting",
    "交货日期与地点\nDelivery, when and where",
    "委托方联系人、电话\nClient's contact",
    "承印方联系人、电话\nPrint shop's contact",
)
_BLANK_LINES = 2


def _both_sides(edge_zh: str, edge: str) -> str:
    return (
        f"双面，沿{edge_zh}边翻面；每张正面之后是它的背面，背面各不相同\n"
        f"both sides, turned about the {edge} edge; each front is followed by its own back"
    )


_INKS: Mapping[Inks, str] = MappingProxyType(
    {
        "rgb": "RGB，按办公打印机出图，不作分色\nRGB for office printers, not separated",
        "cmyk": "四色 CMYK，不转换\nfour process inks, not to be converted",
        "spot": "四色 CMYK 加文件所列专色，专色单独出版\nprocess inks, and the file's spot inks apart",
    }
)
_FLIPS: Mapping[Flip | Literal[""], str] = MappingProxyType(
    {
        "": "单面\none side",
        "long": _both_sides("长", "long"),
        "short": _both_sides("短", "short"),
    }
)
_RULES = (
    (
        "一、按100%输出，不缩放，不“适合页面”。二、每一件各不相同：页不得遗漏、不得重复，件数以清单为准。"
        "三、二维码四周的浅色边不裁、不压图，深色不改色、不反白。四、字体和字形不得替换。"
        "五、校对单签字交回之前不得付印。六、印坏和多印的一律剪角销毁，并告知编号。"
    ),
    (
        "Print at 100 %. Every piece is different: leave no page out, print none twice. Keep the light "
        "border of each code, its dark colour and every letter as they are. Do not print before the signed "
        "proof sheet is back. Destroy spoiled and surplus pieces and report their numbers."
    ),
)
_SIGNATURES = (
    Signature(label="委托单位（盖章） Client"),
    Signature(label="承印单位（盖章） Print shop"),
)
_HALF = 32


def order_sheet(artwork: Sequence[ArtworkFile], facts: PackFacts, others: Mapping[str, Digest]) -> Sheet:
    """Return the order for a print run; `others` are the files that go with the artwork."""
    copies = all_copies(artwork)
    first = copies[0]
    return Sheet(
        name="制作单",
        title="制作单",
        subtitle=f"Order sheet　{facts.name}",
        facts=(
            Fact("委托单位\nClient", first.face.issuer),
            Fact("制作内容\nProduct", f"{plate_kind_zh(first.product, first.stage)} {first.product.value}"),
            Fact("数量\nQuantity", f"{len(copies)} 件"),
            Fact("成品尺寸\nTrim size", f"{facts.width_mm:g} × {facts.height_mm:g} mm"),
            Fact("设计\nDesign", f"{first.design}　{first.size}"),
            Fact("出图日期\nMade on", office_day(facts.made_at)),
            Fact("编号\nNumbers", number_range([copy.id for copy in copies])),
        ),
        tables=(
            Table(
                caption="印制要求 How to print", columns=_PRESS_COLUMNS, rows=tuple(_press(artwork, facts))
            ),
            Table(caption="文件 Files", columns=_FILE_COLUMNS, rows=tuple(_files(artwork, others))),
            Table(
                caption="双方商定 To be agreed",
                columns=_BLANK_COLUMNS,
                rows=tuple((label, None) for label in _BLANKS),
                lines=_BLANK_LINES,
            ),
        ),
        closing=_RULES,
        signatures=_SIGNATURES,
        footer=facts.name,
    )


def _press(artwork: Sequence[ArtworkFile], facts: PackFacts) -> Iterator[tuple[Value, ...]]:
    if any(copy.face.mark for copy in all_copies(artwork)):
        yield (
            "样张\nProof",
            "印有“样张”字样，只供校对，不得制作交付\nmarked 样张: for proofing, not for delivery",
        )
    pages = sum(file.report.pages for file in artwork)
    yield "页数\nPages", f"{pages}\n每页输出一次，不遗漏、不重复 each page once, none left out"
    yield "纸张与拼版\nSheet, grid", _sheet(facts)
    yield "出血与页框\nBleed, boxes", _bleed(facts)
    yield "油墨\nInks", _INKS[facts.inks]
    yield "正反面\nSides", _FLIPS[facts.flip]


def _sheet(facts: PackFacts) -> str:
    if facts.sheet == SINGLE:
        return "不拼版，一页一件，页面为成品尺寸\nnot imposed: one piece a page, at its trim size"
    grid = facts.grid or "排满 filled"
    used = (
        f"\n第一张的前{facts.skip}个位置已用过，空着 the first {facts.skip} places are used already"
        if facts.skip
        else ""
    )
    return f"{facts.sheet.upper()}　{grid}　已拼好，四角有裁切线 imposed, with crop marks{used}"


def _bleed(facts: PackFacts) -> str:
    if not facts.bleed_mm:
        return "无出血，裁到成品线 no bleed, cut at the trim\nTrimBox"
    return (
        f"四边各{facts.bleed_mm:g}毫米 {facts.bleed_mm:g} mm on each side\n"
        "TrimBox 成品线 trim，BleedBox 出血线 bleed"
    )


def _files(artwork: Sequence[ArtworkFile], others: Mapping[str, Digest]) -> Iterator[tuple[Value, ...]]:
    digests = {file.name: file.digest for file in artwork} | dict(others)
    for name, digest in digests.items():
        yield name, digest.length, f"{digest.sha256[:_HALF]}\n{digest.sha256[_HALF:]}"
