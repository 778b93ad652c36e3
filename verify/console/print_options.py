"""The options of a print order: what an officer chooses from, and how fields of a page say what was chosen.

Leaves out the pages (printing.py) and whether it can be printed so (verify/printing.py says who knows).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plaques.design.library import DesignLibrary
from plaques.name_order import NameOrder
from plaques.press.impose import SHEETS_MM, SINGLE
from store.records import PrintOrder, Product
from store.terms import PRODUCT_EN, PRODUCT_ZH
from verify.console.fields import NoChoice, choice_of, number_of


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of an option, as a page offers it."""

    value: str
    zh: str
    en: str = ""


PRODUCTS = tuple(Choice(value=each.value, zh=PRODUCT_ZH[each], en=PRODUCT_EN[each]) for each in Product)
AGAIN = (
    Choice(value="ask", zh="已制发的不再印", en="Leave out"),
    Choice(value="changed", zh="换发有变动的", en="Replace what changed"),
    Choice(value="all", zh="全部换发", en="Replace all"),
)
SHEETS = (
    Choice(value=SINGLE, zh="按成品尺寸，一页一件", en="One a page"),
    *(Choice(value=name, zh=f"{name.upper()} 拼版", en=f"{name.upper()}, imposed") for name in SHEETS_MM),
)
INKS = (
    Choice(value="rgb", zh="办公打印机", en="Office printer"),
    Choice(value="cmyk", zh="印刷四色 CMYK", en="Press, CMYK"),
    Choice(value="spot", zh="印刷专色金", en="Press, spot gold"),
)
NAMES_BY = (
    Choice(value=NameOrder.LISTED.value, zh="按名单", en="As listed"),
    Choice(value=NameOrder.STROKES.value, zh="姓氏笔画", en="By strokes"),
    Choice(value=NameOrder.NPC.value, zh="姓氏笔画（人大排法）", en="By strokes, NPC"),
)
BLEEDS = (Choice(value="0", zh="不留", en="None"), Choice(value="3", zh="3 毫米（印刷厂）", en="3 mm, press"))


def order_of(library: DesignLibrary, said: Callable[[str], str]) -> PrintOrder:
    """Return the order that a page's fields give; a design or size of another product falls back to its own.

    Raises:
        NoChoice, NotANumber: a field says something no page offers.

    """
    product = choice_of(Product, said("product"), what_zh="种类", what_en="product")
    design = said("design") if said("design") in library.names(product)[1:] else ""
    size = said("size") if said("size") in library.sizes(product, design)[1:] else ""
    return PrintOrder(
        product=product,
        proof=bool(said("proof")),
        again=_one_of(AGAIN, said("again")),
        design=design,
        size=size,
        sheet=_one_of(SHEETS, said("sheet")),
        skip=number_of(said("skip") or "0", what_zh="起印位置", what_en="first place"),
        bleed_mm=int(_one_of(BLEEDS, said("bleed"))),
        inks=_one_of(INKS, said("inks")),
        duplex=bool(said("duplex")) and library.design(product, design, size).layout.back is not None,
        names_by=_one_of(NAMES_BY, said("names_by")),
    )


def _one_of(choices: Sequence[Choice], said: str) -> str:
    """Return what a field says of several choices; the first is what it says where it says nothing."""
    if said and said not in {each.value for each in choices}:
        raise NoChoice(what_zh="选项", what_en="option")
    return said or choices[0].value


def has_back(library: DesignLibrary, wanted: PrintOrder) -> bool:
    """Whether the design has a back to print."""
    return library.design(wanted.product, wanted.design, wanted.size).layout.back is not None


def query_of(wanted: PrintOrder) -> dict[str, str]:
    """Return the fields in which an address says what is to be printed."""
    fields = {
        "product": wanted.product.value,
        "proof": "1" if wanted.proof else "",
        "again": wanted.again,
        "design": wanted.design,
        "size": wanted.size,
        "sheet": wanted.sheet,
        "skip": str(wanted.skip or ""),
        "bleed": str(wanted.bleed_mm),
        "inks": wanted.inks,
        "duplex": "1" if wanted.duplex else "",
        "names_by": wanted.names_by,
    }
    return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option of an order: its field, its words, what there is to choose from and what is chosen."""

    name: str
    zh: str
    en: str
    choices: tuple[Choice, ...]
    chosen: str


def options_of(library: DesignLibrary, wanted: PrintOrder) -> list[Option]:
    """Return the options that an officer chooses from, with what is chosen now."""
    rows = (
        ("product", "种类", "Product", PRODUCTS, wanted.product),
        ("design", "设计", "Design", _designs(library, wanted.product), wanted.design),
        ("size", "尺寸", "Size", _sizes(library, wanted), wanted.size),
        ("again", "已制发的标牌", "Plates that are out", AGAIN, wanted.again),
        ("sheet", "纸张", "Sheet", SHEETS, wanted.sheet),
        ("names_by", "姓名次序", "Order of names", NAMES_BY, wanted.names_by),
        ("inks", "油墨", "Inks", INKS, wanted.inks),
        ("bleed", "出血", "Bleed", BLEEDS, str(wanted.bleed_mm)),
    )
    return [Option(name=name, zh=zh, en=en, choices=has, chosen=now) for name, zh, en, has, now in rows]


def _designs(library: DesignLibrary, product: Product) -> tuple[Choice, ...]:
    default, *others = library.names(product)
    first = Choice(value="", zh=f"{library.file(product, default).title_zh}（常用）", en=default)
    more = (Choice(value=each, zh=library.file(product, each).title_zh, en=each) for each in others)
    return (first, *more)


def _sizes(library: DesignLibrary, wanted: PrintOrder) -> tuple[Choice, ...]:
    sizes = library.sizes(wanted.product, wanted.design)
    return (
        Choice(value="", zh=f"{sizes[0]}（常用）", en="usual"),
        *(Choice(value=each, zh=each) for each in sizes[1:]),
    )
