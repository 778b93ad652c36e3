"""Designs: what there is, a new one to begin with, whether one can be used, and what it looks like."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from gangpai.commands.keeping import FileExists
from gangpai.office import current_policy, current_settings
from gangpai.own_designs import designs_of, library_with
from gangpai.placing import make_folder, writing_in
from gangpai.printing import PREVIEW_WIDTH_PX
from gangpai.settings import Settings
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from plaques.design.faults import BadDesign, Fault
from plaques.design.file import NAME
from plaques.design.library import DESIGN_SUFFIX, DesignLibrary, UnknownDesign
from plaques.design.model import Design
from plaques.design.template import new_design_text
from plaques.fitness import faults_in_use
from plaques.print_run import PrintSettings, prepare, preview_png
from plaques.probe import PROBE_URL, Letterhead, sample_copies
from store.records import Product, Stage
from store.refusals import Refusal
from store.terms import PRODUCT_ZH

_COLUMNS = (
    Column(key="kind", zh="种类", en="product"),
    Column(key="name", zh="名称", en="name"),
    Column(key="title", zh="说明", en="title"),
    Column(key="shown_sizes", zh="尺寸", en="sizes"),
    Column(key="file", zh="自有文件", en="own file"),
    Column(key="problem", zh="问题", en="problem"),
)


class BadName(Refusal):
    """A design cannot have this name: file names are made of it. Remedy: small letters, digits, hyphens."""

    reason_zh = "设计不能取名“{name}”。"
    reason_en = "A design cannot be called {name!r}."
    remedy_zh = "请只用小写字母、数字和连字符，以字母或数字开头。"
    remedy_en = "Use small letters, digits and hyphens, a letter or digit first."


OfProduct = Annotated[Product, typer.Option("--product", help="标牌、胸牌、桌牌、门牌 / what it is for")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="设计文件 / design files")]


def list_designs(*, as_json: AsJson = False) -> None:
    """List the designs there are, the organisation's own among them, with what is wrong with any."""
    rows = list(_rows(designs_of(current_settings())))
    show(Listing(name="designs", columns=_COLUMNS, rows=rows), as_json=as_json)


def new_design(
    name: Annotated[str, typer.Argument(metavar="NAME", help="新设计的名称 / the new design's name")],
    *,
    product: OfProduct = Product.PLAQUE,
    base: Annotated[
        str, typer.Option("--from", metavar="DESIGN", help="以哪个设计为底 / begin with this one")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="文件，默认 NAME.toml / file; default NAME.toml"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a design file to begin with: it extends another, whose colours it lists to be changed.

    Raises:
        BadName: file names cannot be made of the name.
        UnknownDesign, BadDesign: there is no such design to begin with, or it cannot be used.
        FileExists: the file is there already.

    """
    if not re.fullmatch(NAME, name):
        raise BadName(name=name)
    path = out or Path(f"{name}.toml")
    text = new_design_text(designs_of(current_settings()).file(product, base), name)
    _write_new(path, text)
    show(
        Outcome(
            zh=f"已写好 {path}：改好颜色，再用 gangpai design check {path} 核对。",
            en=f"Wrote {path}: change its colours, then try gangpai design check {path}.",
            facts={"file": str(path)},
        ),
        as_json=as_json,
    )


def check_designs(files: Files, *, as_json: AsJson = False) -> None:
    """Examine design files: every fault of each, then plates that strain it, made and read back.

    Raises:
        DesignsUnreadable: a file cannot be read.
        typer.Exit: a file has faults.

    """
    settings = current_settings()
    found = {str(file): _faults_of(file, settings) for file in files}
    if as_json:
        checked = [
            {"file": file, "faults": [asdict(each) for each in faults]} for file, faults in found.items()
        ]
        show(Outcome(zh="", en="", facts={"files": checked}), as_json=True)
    else:
        for file, faults in found.items():
            _tell(file, faults)
    if any(found.values()):
        raise typer.Exit(1)


def preview_design(
    design: Annotated[
        str, typer.Argument(metavar="FILE|NAME", help="设计文件或设计名称 / a design file, or a name")
    ],
    *,
    size: Annotated[str, typer.Option("--size", metavar="NAME", help="只看一种尺寸 / one size only")] = "",
    stage: Annotated[Stage, typer.Option("--stage", help="创建或命名 / creation or title")] = Stage.TITLE,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="存放目录 / folder for the files")
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """Draw a sample plate, marked 样张, in every size of a design: a picture for screens, a PDF for paper.

    Raises:
        UnknownDesign, BadDesign: there is no such design or size, or it cannot be used.
        Refusal: the sample does not fit.

    """
    settings = current_settings()
    make_folder(out)
    called = _designs_called(design, size, settings)
    paths = [path for each in called for path in _drawn(each, _letterhead(settings), stage, out)]
    show(
        Outcome(
            zh=f"样张已存：{'、'.join(map(str, paths))}。",
            en=f"Samples: {', '.join(map(str, paths))}.",
            facts={"files": [str(path) for path in paths]},
        ),
        as_json=as_json,
    )


# The list ------------------------------------------------------------------------------------------------


def _rows(library: DesignLibrary) -> Iterator[dict[str, Any]]:
    files = {design: file for file, design in library.own.items()}
    for product in library.sources:
        for name in library.names(product):
            yield {**_row(library, product, name), "file": files.get((product, name), "")}
    for refusal in library.unusable:
        yield {"file": refusal.facts["file"], "problem": refusal.zh}


def _row(library: DesignLibrary, product: Product, name: str) -> dict[str, Any]:
    row = {"product": product, "kind": PRODUCT_ZH[product], "name": name}
    try:
        design = library.file(product, name)
    except BadDesign as refusal:
        return row | {"problem": refusal.zh}
    sizes = library.sizes(product, name)
    return row | {
        "title": f"{design.title_zh} {design.title_en}",
        "title_zh": design.title_zh,
        "title_en": design.title_en,
        "sizes": sizes,
        "shown_sizes": "、".join(sizes),
    }


# A new one -----------------------------------------------------------------------------------------------


def _write_new(path: Path, text: str) -> None:
    with writing_in(path.parent):
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except FileExistsError as error:
            raise FileExists(path=str(path)) from error


# Examining -----------------------------------------------------------------------------------------------


def _faults_of(file: Path, settings: Settings) -> tuple[Fault, ...]:
    library, name = library_with(file, settings)
    broken = next((each.faults for each in library.unusable if each.facts["file"] == name), None)
    return broken or tuple(faults_in_use(library, *library.own[name], _letterhead(settings)))


def _tell(file: str, faults: Sequence[Fault]) -> None:
    if not faults:
        typer.echo(f"✓ {file}：可以使用 / fit for use")
    for fault in faults:
        typer.echo(f"✗ {file} {fault.where_zh}：{fault.zh}\n  {fault.where_en}: {fault.en}", err=True)


# Drawing -------------------------------------------------------------------------------------------------


def _letterhead(settings: Settings) -> Letterhead:
    policy = current_policy(settings)
    return Letterhead(headings=policy.headings, issuer=policy.committee_name)


def _designs_called(design: str, size: str, settings: Settings) -> Iterator[Design]:
    """Yield, in one size or in every, the design of a file, or of each product that has one of this name."""
    library, named = _named(design, settings)
    for product, name in named:
        for each in [size] if size else library.sizes(product, name):
            yield library.design(product, name, each)


def _named(design: str, settings: Settings) -> tuple[DesignLibrary, Sequence[tuple[Product, str]]]:
    if design.lower().endswith(DESIGN_SUFFIX):
        library, file = library_with(Path(design), settings)
        for refusal in library.unusable:
            if refusal.facts["file"] == file:
                raise refusal
        return library, [library.own[file]]
    library = designs_of(settings)
    named = [(product, design) for product, designs in library.sources.items() if design in designs]
    if not named:
        known = "、".join(sorted({name for each in library.sources.values() for name in each}))
        raise UnknownDesign(asked=design, kind_zh="设计", kind_en="design", known=known)
    return library, named


def _drawn(design: Design, letterhead: Letterhead, stage: Stage, out: Path) -> Iterator[Path]:
    copies = sample_copies(design, letterhead, stage)
    prepared = prepare(copies, PrintSettings(base_url=PROBE_URL, design=design))
    for declined in prepared.declined:
        raise declined.refusal
    stem = f"{design.product}-{design.name}-{design.size}-{stage}"
    picture = preview_png(copies[0], design, base_url=PROBE_URL, width_px=PREVIEW_WIDTH_PX)
    for suffix, content in ((".png", picture), (".pdf", prepared.content)):
        path = out / f"{stem}{suffix}"
        with writing_in(out):
            path.write_bytes(content)
        yield path
