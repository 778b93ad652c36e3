"""制作单: what a print shop is asked to make, how, from which files, with blanks for what people agree on.

Knows what a press has to be told: size, sheet, bleed, inks, which way sheets are turned. Leaves out prices.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from plaques.drawing.pdf import Inks
from plaques.pack.facts import ArtworkFile, Digest, PackFacts, all_copies, design_name, number_range
from plaques.press.impose import SINGLE, Imposition
from plaques.print_run import PrintSettings
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
    "交货日期与地点\nDelivery: when, where",
    "委托方联系人、电话\nClient's contact",
    "承印方联系人、电话\nPrint shop's contact",
)
_BLANK_LINES = 2


_INKS: Mapping[Inks, str] = MappingProxyType(
    {
        "rgb": "RGB，按办公打印机出图，不作分色\nRGB for office printers, not separated",
        "cmyk": "四色 CMYK，不转换\nfour process inks, not to be converted",
        "spot": "四色 CMYK 加文件所列专色，专色单独出版\nprocess inks, and the file's spot inks apart",
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
_EACH_ONCE = "每页输出一次，不遗漏、不重复 each page once, none left out"
_BOXES = ("有成品框 TrimBox、出血框 BleedBox 和裁切线", "with TrimBox, BleedBox and crop marks")
_CROP_MARKS = ("按每件四角的裁切线裁切", "cut at the crop marks of each piece")
_HALF = 32


def order_sheet(artwork: Sequence[ArtworkFile], facts: PackFacts, others: Mapping[str, Digest]) -> Sheet:
    """Return the order for a print run; `others` are the files that go with the artwork."""
    copies, layout = all_copies(artwork), facts.settings.design.layout
    first = copies[0]
    return Sheet(
        name="制作单",
        title="制作单",
        subtitle=f"Order sheet　{facts.name}",
        facts=(
            Fact("委托单位\nClient", first.face.issuer),
            Fact("制作内容\nProduct", f"{plate_kind_zh(first.product, first.stage)} {first.product.value}"),
            Fact("数量\nQuantity", f"{len(copies)} 件"),
            Fact("成品尺寸\nTrim size", f"{layout.width_mm:g} × {layout.height_mm:g} mm"),
            Fact("设计\nDesign", design_name(facts)),
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
    settings = facts.settings
    if any(copy.face.mark for copy in all_copies(artwork)):
        yield (
            "样张\nProof",
            "印有“样张”字样，只供校对，不得制作交付\nmarked 样张: for proofing, not for delivery",
        )
    yield "页数\nPages", f"{sum(file.report.pages for file in artwork)}\n{_EACH_ONCE}"
    yield "纸张与拼版\nSheet, grid", _sheet(settings.imposition)
    yield "出血与页框\nBleed, boxes", _bleed(settings.imposition)
    yield "油墨\nInks", f"{_INKS[settings.inks]}{_spots(settings)}"
    yield "正反面\nSides", _both_sides(settings.imposition) if settings.duplex else "单面\none side"
    if settings.design.outlines:
        yield "文字\nTexts", "已转为轮廓，供雕刻\noutlines, for engraving"
    if settings.design.layout.fold == "tent":
        yield (
            "折叠\nFold",
            "两面同文，上面一面倒置，沿中线对折\ntwo faces, one upside down; fold in the middle",
        )


def _sheet(imposition: Imposition) -> str:
    if imposition.sheet == SINGLE:
        return "不拼版，一页一件\nnot imposed: one piece a page"
    grid = imposition.grid or "排满 filled"
    laid = f"{imposition.sheet.upper()}　{grid}　已拼好，勿再拼版 imposed already"
    if not imposition.skip:
        return laid
    return (
        f"{laid}\n第一张空着{imposition.skip}个用过的位置 places used on the first sheet: {imposition.skip}"
    )


def _bleed(imposition: Imposition) -> str:
    if not imposition.bleed_mm:
        return "无出血，裁到成品线\nno bleed, cut at the trim"
    zh, en = _BOXES if imposition.sheet == SINGLE else _CROP_MARKS
    return f"四边各{imposition.bleed_mm:g}毫米，{zh}\n{imposition.bleed_mm:g} mm on each side, {en}"


def _spots(settings: PrintSettings) -> str:
    named = sorted({color.spot for color in settings.design.palette.values() if color and color.spot})
    return f"\n专色 spot: {'、'.join(named)}" if named and settings.inks == "spot" else ""


def _both_sides(imposition: Imposition) -> str:
    edge_zh = {"long": "长", "short": "短"}[imposition.flip]
    return (
        f"双面，沿{edge_zh}边翻面；每张正面之后是它的背面，背面各不相同\n"
        f"both sides, turned about the {imposition.flip} edge; each front is followed by its own back"
    )


def _files(artwork: Sequence[ArtworkFile], others: Mapping[str, Digest]) -> Iterator[tuple[Value, ...]]:
    digests = {file.name: file.digest for file in artwork} | dict(others)
    for name, digest in digests.items():
        yield name, digest.length, f"{digest.sha256[:_HALF]}\n{digest.sha256[_HALF:]}"
