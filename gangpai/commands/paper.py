"""Printing plaques, badges, desk and door plates at the command line."""

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from gangpai.batch import SHEETS_EACH, Declined
from gangpai.commands.print_report import InJson, InWords, Report
from gangpai.office import open_office
from gangpai.portions import Drawn, warnings_of
from gangpai.print_plan import Again, Job, Labour, Look, every_post, plans, plans_of_all
from gangpai.printing import drawing, release
from gangpai.progress import progress
from gangpai.terminal import AsJson
from plaques.drawing.pdf import Inks
from plaques.name_order import NameOrder
from plaques.preflight.findings import Finding
from plaques.press.impose import SINGLE, Flip, Imposition
from store.records import Product, Stage
from store.refusals import Refusal


class ForceOrChanged(Refusal):
    """Both ways of replacing what is out were asked for. Remedy: choose one."""

    clause_id = "F19"
    reason_zh = "--force 与 --changed 不能同时使用。"
    reason_en = "--force and --changed exclude each other."
    remedy_zh = "全部换发用 --force，只换发有变动的用 --changed。"
    remedy_en = "To replace everything say --force; to replace only what changed, --changed."


class FlipWithoutBacks(Refusal):
    """It is said how the sheet is turned, but one side is printed. Remedy: both sides, or leave it out."""

    reason_zh = "只印一面，用不上 --flip。"
    reason_en = "Only one side is printed, so that --flip says nothing."
    remedy_zh = "要双面请加 --duplex，否则去掉 --flip。"
    remedy_en = "Add --duplex for both sides, or leave --flip out."


class GoOnUnanswered(Refusal):
    """There are warnings, and nobody said to go on. Remedy: look at the proof, then say --yes."""

    reason_zh = "有{count}条提醒未经确认（如：{first_zh}），这一部分没有登记、没有出图。"
    reason_en = (
        "{count} warnings were not answered (such as: {first_en}), so that this portion was not recorded "
        "or printed."
    )
    remedy_zh = "请先看样张（--proof），确认可以制作的加 --yes。"
    remedy_en = "Look at a proof (--proof) first; to go on in spite of them, say --yes."


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
Turned = Annotated[
    Flip | None, typer.Option("--flip", help="双面时沿长边或短边翻 / edge the sheet is turned about")
]
Grid = Annotated[str, typer.Option("--grid", metavar="COLxROW", help="拼版列x行 / places on a sheet: 2x5")]
Bleed = Annotated[
    float, typer.Option("--bleed", metavar="MM", help="出血毫米数，0至5 / bleed, 0 to 5; presses ask 3")
]
InInks = Annotated[Inks, typer.Option("--inks", help="油墨：印刷用 cmyk，专色金 spot / inks")]
NamesBy = Annotated[
    NameOrder, typer.Option("--names-by", help="姓名次序：名单、姓氏笔画、人大姓名笔画 / order of names")
]
OfPortion = Annotated[
    int, typer.Option("--portion", min=1, metavar="N", help="每个文件最多几张纸 / sheets in a file at most")
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", min=0, metavar="N", help="同时制作的进程数，0 为全部核心 / processes; 0: all cores"
    ),
]
Scheduler = Annotated[
    str,
    typer.Option("--scheduler", metavar="ADDRESS", help="多机制作 / draw on a Dask cluster: tcp://HOST:PORT"),
]
Yes = Annotated[bool, typer.Option("--yes", help="有提醒也继续 / go on in spite of warnings")]
Changed = Annotated[bool, typer.Option("--changed", help="只换发有变动的 / replace only what would differ")]
Proof = Annotated[bool, typer.Option("--proof", help="只出样张 / a proof, nothing recorded")]
Force = Annotated[bool, typer.Option("--force", help="换发 / replace plates that are out")]
Preview = Annotated[bool, typer.Option("--preview", help="另存预览图 / pictures as well")]
Pack = Annotated[bool, typer.Option("--pack", help="另存印制包：校对单、制作单等 / the print shop's pack")]


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
    grid: Grid = "",
    bleed: Bleed = 0,
    names_by: NamesBy = NameOrder.LISTED,
    inks: InInks = "rgb",
    duplex: Duplex = False,
    flip: Turned = None,
    proof: Proof = False,
    force: Force = False,
    changed: Changed = False,
    preview: Preview = False,
    pack: Pack = False,
    portion: OfPortion = SHEETS_EACH,
    jobs: Jobs = 0,
    scheduler: Scheduler = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Print plates: recorded first, read back from the finished file, then put in place."""
    look = Look(design=design, size=size, names_by=names_by, inks=inks, duplex=duplex)
    turned = _turned(flip, duplex=duplex)
    imposition = Imposition(sheet=sheet, grid=grid, skip=skip, bleed_mm=bleed, flip=turned)
    labour = Labour(portion=portion, jobs=jobs, scheduler=scheduler)
    again = _again(force=force, changed=changed)
    plain = Job(product=product, out=out, stage=stage, proof=proof, again=again, preview=preview, pack=pack)
    job = replace(plain, look=look, imposition=imposition, labour=labour)
    chosen = _chosen(posts, every=every)
    _print(job, chosen, InJson() if as_json else InWords(), _Consent(yes=yes, may_ask=not as_json))


def _turned(flip: Flip | None, *, duplex: bool) -> Flip:
    if flip and not duplex:
        raise FlipWithoutBacks
    return flip or "long"


def _again(*, force: bool, changed: bool) -> Again:
    if force and changed:
        raise ForceOrChanged
    if changed:
        return Again.CHANGED
    return Again.ALL if force else Again.ASK


def _chosen(posts: list[str] | None, *, every: bool) -> list[str] | None:
    """Return the posts that are named; None stands for all of them."""
    if every == bool(posts):
        raise typer.BadParameter("POST… 与 --all 择一 / name posts or say --all, one of the two")
    return None if every else list(dict.fromkeys(posts or ()))


class _Interruptible:
    """Lets Ctrl-C and SIGTERM end a print run, but not while a portion is being recorded, placed and told."""

    def __init__(self) -> None:
        self._is_held = self._is_asked = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Answer the signals for as long as the block lasts."""
        before = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Put off what comes during the block until its end."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
        if self._is_asked:
            raise KeyboardInterrupt

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._is_asked = True
        if not self._is_held:
            raise KeyboardInterrupt


class _Consent:
    """Asks once about each warning whether to go on in spite of it, unless that was answered beforehand."""

    def __init__(self, *, yes: bool, may_ask: bool) -> None:
        self._yes, self._may_ask = yes, may_ask
        self._answered: set[str] = set()

    def to(self, warnings: Iterable[Finding]) -> None:
        """Return if the portion with these warnings may be printed.

        Raises:
            GoOnUnanswered: nobody said so.

        """
        new = {each.zh: each for each in warnings if each.zh not in self._answered}
        for each in new.values():
            typer.echo(f"! {each.number or '全部 all'}：{each.zh}\n  {each.en}", err=True)
        if new and not (self._yes or self._is_told_to_go_on()):
            first = next(iter(new.values()))
            raise GoOnUnanswered(count=len(new), first_zh=first.zh, first_en=first.en)
        self._answered |= new.keys()

    def _is_told_to_go_on(self) -> bool:
        return (
            self._may_ask and sys.stdin.isatty() and typer.confirm("继续？/ Go on?", default=False, err=True)
        )


def _print(job: Job, chosen: list[str] | None, report: Report, consent: _Consent) -> None:
    """Print, and tell what was done, whatever ends it.

    Raises:
        Refusal: nothing was printed, for this one reason.
        typer.Exit: something was refused.
        typer.Abort: it was interrupted.

    """
    try:
        _print_portions(job, chosen, report, consent)
    except Refusal as refusal:
        report.ended_early(refusal)
    except KeyboardInterrupt as interrupt:
        report.stopped()
        raise typer.Abort from interrupt
    report.end()


def _print_portions(job: Job, chosen: list[str] | None, report: Report, consent: _Consent) -> None:
    """Draw, ask, record and put in place, portion after portion; without chosen posts, of all of them."""
    interruptible = _Interruptible()
    with interruptible.listening(), open_office() as office:
        post_ids = every_post(office) if chosen is None else chosen
        steps = (plans_of_all if chosen is None else plans)(office, job, post_ids)
        with progress(len(post_ids)) as shown, drawing(office, job, steps) as parts:
            for part in parts:
                if warnings := warnings_of(part):
                    with shown.hidden():
                        consent.to(warnings)
                with interruptible.held():
                    printed = release(office, job, part)
                    with shown.hidden():
                        report.add(printed)
                shown.tell(_posts(part), len(printed.copies))


def _posts(part: Drawn | Declined) -> int:
    return len(part.portion.plans) if isinstance(part, Drawn) else 1
