"""Printing plaques and badges at the command line."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gangpai.commands.copy_facts import copy_facts
from gangpai.office import Office, open_office
from gangpai.printing import Job, Printed, print_job
from gangpai.terminal import AsJson, Column, Listing, Outcome, refusal_facts, show
from plaques.impose import SINGLE
from store.dossier import dossiers
from store.records import Product, Stage
from store.refusals import Refusal
from store.terms import PRODUCT_ZH


class NoDuplexYet(Refusal):
    """There are no designs with a back in this version. Remedy: print one side."""

    reason_zh = "本版本的设计没有背面，不能双面印制。"
    reason_en = "No design of this version has a back, so nothing can be printed on both sides."
    remedy_zh = "请去掉 --duplex。"
    remedy_en = "Leave --duplex out."


class ProductNotYet(Refusal):
    """This version has no design of the product. Remedy: print plaques or badges."""

    clause_id = "F8"
    reason_zh = "本版本尚无{product_zh}的设计。"
    reason_en = "This version has no design of a {product} plate."
    remedy_zh = "请制作标牌（plaque）或胸牌（badge）。"
    remedy_en = "Print plaque or badge."


_DESIGNED = frozenset({Product.PLAQUE, Product.BADGE})

_COLUMNS = (
    Column(key="number", zh="编号", en="number"),
    Column(key="post", zh="岗位", en="post"),
    Column(key="post_name", zh="岗位名称", en="name"),
    Column(key="kind", zh="种类", en="kind"),
    Column(key="holder", zh="持有人", en="holder"),
    Column(key="place", zh="地点", en="place"),
    Column(key="replaces", zh="换发旧牌", en="replaces"),
)


Wanted = Annotated[Product, typer.Argument(metavar="PRODUCT", help="标牌、胸牌、桌牌、门牌 / what to print")]
Posts = Annotated[list[str] | None, typer.Argument(metavar="POST", help="岗位编号 / post numbers")]
Folder = Annotated[Path, typer.Option("--out", metavar="DIR", help="存放目录 / folder for the files")]
Every = Annotated[bool, typer.Option("--all", help="全部已批准岗位 / all approved posts")]
OfStage = Annotated[Stage | None, typer.Option("--stage", help="创建或命名 / creation or title")]
OfDesign = Annotated[str, typer.Option("--design", metavar="NAME", help="设计 / design")]
OfSize = Annotated[str, typer.Option("--size", metavar="NAME", help="尺寸 / size: a4, 400x300, id-1")]
OnSheet = Annotated[str, typer.Option("--sheet", metavar="NAME", help="纸张 / sheet: a4, a3, sra3, single")]
Skipped = Annotated[
    int, typer.Option("--skip", min=0, metavar="N", help="首张已用位置 / places used already")
]
Duplex = Annotated[bool, typer.Option("--duplex", help="双面 / both sides")]
Proof = Annotated[bool, typer.Option("--proof", help="只出样张 / a proof, nothing recorded")]
Force = Annotated[bool, typer.Option("--force", help="换发 / replace plates that are out")]
Preview = Annotated[bool, typer.Option("--preview", help="另存预览图 / pictures as well")]


def print_copies(  # noqa: PLR0913 -- each option of the command is a parameter
    *,
    product: Wanted,
    out: Folder,
    posts: Posts = None,
    every: Every = False,
    stage: OfStage = None,
    design: OfDesign = "",
    size: OfSize = "",
    sheet: OnSheet = SINGLE,
    skip: Skipped = 0,
    duplex: Duplex = False,
    proof: Proof = False,
    force: Force = False,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Print plaques or badges: recorded first, read back from the finished file, then put in place."""
    _check_available(product, duplex=duplex)
    job = Job(
        product=product,
        out=out,
        stage=stage,
        design=design,
        size=size,
        sheet=sheet,
        skip=skip,
        proof=proof,
        force=force,
        preview=preview,
    )
    with open_office() as office:
        printed = print_job(office, job, _chosen(office, job) if every else _named(posts))
    report(printed, as_json=as_json)


def _check_available(product: Product, *, duplex: bool) -> None:
    if product not in _DESIGNED:
        raise ProductNotYet(product=product.value, product_zh=PRODUCT_ZH[product])
    if duplex:
        raise NoDuplexYet


def _chosen(office: Office, job: Job) -> list[str]:
    with office.register.snapshot() as reader:
        return [each.post.id for each in dossiers(reader) if each.is_open and (each.approval or job.proof)]


def _named(posts: list[str] | None) -> list[str]:
    if not posts:
        raise typer.BadParameter("POST… 或 --all / name posts or say --all")
    return list(dict.fromkeys(posts))


def report(printed: Printed, *, as_json: bool) -> None:
    """Say what was printed, where it lies, what to look at, and what was refused.

    Raises:
        typer.Exit: something was refused.

    """
    if as_json:
        show(Outcome(zh="", en="", facts=_facts(printed)), as_json=True)
    else:
        _say(printed)
    if printed.declined:
        raise typer.Exit(1)


def _facts(printed: Printed) -> dict[str, Any]:
    return {
        "files": [str(file) for file in printed.files],
        "pages": sum(each.pages for each in printed.reports),
        "copies": [copy_facts(copy) for copy in printed.copies],
        "look_at": _stand_ins(printed),
        "refusals": [{"subject": each.subject, **refusal_facts(each.refusal)} for each in printed.declined],
    }


def _stand_ins(printed: Printed) -> list[str]:
    return [
        f"{one.number}：{text}" for each in printed.reports for one in each.copies for text in one.fell_back
    ]


def _say(printed: Printed) -> None:
    if printed.copies:
        show(
            Listing(name="copies", columns=_COLUMNS, rows=[copy_facts(copy) for copy in printed.copies]),
            as_json=False,
        )
    for file in printed.files:
        typer.echo(f"✓ {file}")
    for text in _stand_ins(printed):
        typer.echo(f"! 含生僻字，请目视核对 / rare character, look at it: {text}")
    for each in printed.declined:
        typer.echo(f"✗ {each.subject}：{each.refusal.zh}\n  {each.refusal.en}", err=True)
