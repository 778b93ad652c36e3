"""Forms, notices and sheets at the command line, as PDF and as Excel."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gangpai.commands.keeping import FileExists, FileUnusable, write_new
from gangpai.office import open_office
from gangpai.terminal import AsJson, Outcome, show
from store.calendar import office_time
from store.paperwork.forms import FORM_ZH, Form, Made, Order, make_form


class Format(StrEnum):
    """How a form is written."""

    PDF = "pdf"
    XLSX = "xlsx"
    BOTH = "both"


_SUFFIXES: dict[Format, tuple[str, ...]] = {
    Format.PDF: (".pdf",),
    Format.XLSX: (".xlsx",),
    Format.BOTH: (".pdf", ".xlsx"),
}


Kind = Annotated[
    Form,
    typer.Argument(
        metavar="KIND",
        help="申报汇总表、公示、命名名单、季度考核表、检查评比表、收回通知、收回凭证、年度情况表、台账 / "
        "applications, notice, names, assessment, inspection, recall, receipt, annual, ledger",
    ),
]
Subjects = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="POST|BRANCH|NOTICE",
        help="岗位编号、党总支名称、公示编号；不填为全部 / numbers or names; none stands for all",
    ),
]
Destination = Annotated[Path, typer.Option("--out", metavar="DIR|FILE", help="目录或文件 / folder or file")]
OfYear = Annotated[int | None, typer.Option("--year", min=1, max=9998, metavar="YYYY", help="年度 / year")]
OfPeriod = Annotated[
    str | None,
    typer.Option(
        "--period", metavar="NAME", help="考核期如 2026-Q3，命名轮次如 2026-07-01 / period or award day"
    ),
]
Blank = Annotated[bool, typer.Option("--blank", help="空表，手工填写 / to be filled in by hand")]
AsFormat = Annotated[Format, typer.Option("--format", help="pdf、xlsx 或 both / the file format")]


def form(  # noqa: PLR0913 -- each option of the command is a parameter
    *,
    kind: Kind,
    out: Destination,
    subjects: Subjects = None,
    year: OfYear = None,
    period: OfPeriod = None,
    blank: Blank = False,
    file_format: AsFormat = Format.PDF,
    as_json: AsJson = False,
) -> None:
    """Make a form from the register, on A4 and as a workbook."""
    with open_office() as office, office.register.snapshot() as reader:
        named = tuple(subjects or ())
        order = Order(form=kind, now=office.now(), subjects=named, year=year, period=period, blank=blank)
        made = make_form(reader, office.policy, order)
    files = written(made, FORM_ZH[kind], order.now, out, file_format)
    show(
        Outcome(
            zh=f"已生成{FORM_ZH[kind]}{len(made.sheets)}份：{'、'.join(map(str, files))}",
            en=f"{len(made.sheets)} sheets of {kind.value} written.",
            facts={"form": kind.value, "sheets": len(made.sheets), "files": [str(each) for each in files]},
        ),
        as_json=as_json,
    )


def written(made: Made, title: str, now: datetime, out: Path, file_format: Format) -> list[Path]:
    """Draw every file first and write them then, so that a failure leaves nothing behind.

    Raises:
        FileExists, FileUnusable: a file is there already, or cannot be written.

    """
    contents = {path: _content(made, title, path) for path in _paths(title, now, out, file_format)}
    for path in contents:
        if path.exists():
            raise FileExists(path=str(path))
    for path, content in contents.items():
        write_new(path, content)
    return list(contents)


def _paths(title: str, now: datetime, out: Path, file_format: Format) -> list[Path]:
    if out.suffix.lower() in {".pdf", ".xlsx"}:
        suffixes = (out.suffix,) if file_format is not Format.BOTH else _SUFFIXES[file_format]
        return [out.with_suffix(suffix) for suffix in suffixes]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnusable(path=str(out), problem=error.strerror) from error
    stem = f"{title}-{office_time(now):%Y%m%d-%H%M%S}"
    return [out / f"{stem}{suffix}" for suffix in _SUFFIXES[file_format]]


def _content(made: Made, title: str, path: Path) -> bytes:
    if path.suffix.lower() == ".xlsx":
        from store.paperwork.workbook import workbook  # noqa: PLC0415 -- openpyxl is needed for workbooks only

        return workbook((*made.sheets, *made.only_in_workbook))
    from plaques.drawing.pdf import draw_pdf  # noqa: PLC0415 -- typefaces are needed for paper only
    from plaques.paperwork.sheets import sheet_pages  # noqa: PLC0415 -- the same

    return draw_pdf(sheet_pages(made.sheets), title=title)
