"""Files that belong to records: put with them, listed, written out again."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gangpai.commands.keeping import FileUnusable, write_new
from gangpai.office import open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.attachments import LARGEST_BYTES, File, Subject, attachments_of, read_attachment
from store.acts.attachments import attach as attach_file
from store.calendar import chinese_time
from store.records import Attachment

Kind = Annotated[
    str,
    typer.Argument(
        metavar="SUBJECT", help="记录类别 / class of the record: Post, Inspection, Rectification…"
    ),
]
RecordId = Annotated[str, typer.Argument(metavar="ID", help="记录编号 / its number")]


def attach(
    *,
    kind: Kind,
    record_id: RecordId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JPG、PNG、PDF、XLSX、DOCX，不超过5 MB")],
    caption: Annotated[str, typer.Option("--caption", metavar="TEXT", help="说明 / a caption")] = "",
    as_json: AsJson = False,
) -> None:
    """Keep a photograph, a scan or a report with a record."""
    handed_in = File(name=file.name, content=_content(file), caption=caption)
    with open_office() as office:
        kept = attach_file(office.register, office.authority(), Subject(kind=kind, id=record_id), handed_in)
    show(
        Outcome(
            zh=f"附件已收存，编号 {kept.id}（{kept.file_name}，{kept.size_bytes}字节）。",
            en=f"Kept as {kept.id} ({kept.size_bytes} bytes).",
            facts=_facts(kept),
        ),
        as_json=as_json,
    )


def _content(file: Path) -> bytes:
    """Read a file, but no further than it takes to know that it is too large."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise FileUnusable(path=str(file), problem=error.strerror) from error


_COLUMNS = (
    Column(key="attachment", zh="编号", en="number"),
    Column(key="file_name", zh="文件名", en="file"),
    Column(key="size_bytes", zh="字节", en="bytes"),
    Column(key="caption", zh="说明", en="caption"),
    Column(key="attached_at", zh="时间", en="attached"),
)


def attachments(*, kind: Kind, record_id: RecordId, as_json: AsJson = False) -> None:
    """List the files of a record."""
    with open_office() as office:
        found = attachments_of(office.register, Subject(kind=kind, id=record_id))
    show(
        Listing(
            name="attachments",
            columns=_COLUMNS,
            rows=[_facts(each) for each in found],
            none_zh="没有附件。",
            none_en="No files.",
        ),
        as_json=as_json,
    )


def attachment(
    *,
    attachment_id: Annotated[str, typer.Argument(metavar="ID", help="附件编号 / the file's number")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写到 / where to write it")],
    as_json: AsJson = False,
) -> None:
    """Write a file that is kept with a record to the disk."""
    with open_office() as office:
        found, content = read_attachment(office.register, office.authority(), attachment_id)
    write_new(out, content)
    show(
        Outcome(
            zh=f"附件{attachment_id}已写入 {out}。",
            en=f"{attachment_id} is written to {out}.",
            facts=_facts(found) | {"file": str(out)},
        ),
        as_json=as_json,
    )


def _facts(kept: Attachment) -> dict[str, Any]:
    return {
        "attachment": kept.id,
        "file_name": kept.file_name,
        "media_type": kept.media_type,
        "size_bytes": kept.size_bytes,
        "caption": kept.caption,
        "attached_at": chinese_time(kept.attached_at),
    }
