"""Keeping the register: exports, backups, and putting one back."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from gangpai.office import open_office
from gangpai.terminal import AsJson, Outcome, show
from store import ledger
from store.refusals import Refusal
from store.transfer import export_pieces, import_json

File = Annotated[Path, typer.Argument(metavar="FILE", help="文件 / the file")]


class FileExists(Refusal):
    """The file to be written is there already. Remedy: name another."""

    reason_zh = "文件“{path}”已存在，未作改动。"
    reason_en = "The file {path!r} exists already and was left alone."
    remedy_zh = "请换一个文件名。"
    remedy_en = "Name another file."


class FileUnusable(Refusal):
    """A file cannot be read or written. Remedy: look at its path, its rights and the disk."""

    reason_zh = "文件“{path}”无法读写（{problem}）。"
    reason_en = "The file {path!r} cannot be used ({problem})."
    remedy_zh = "请检查路径、权限与磁盘。"
    remedy_en = "Check the path, its rights and the disk."


def export(*, file: File, as_json: AsJson = False) -> None:
    """Write the register as JSON that other programs read."""
    _write_export(file, as_json=as_json)


def backup(*, file: File, as_json: AsJson = False) -> None:
    """Write a backup: one consistent state, while others go on working."""
    _write_export(file, as_json=as_json)


def _write_export(file: Path, *, as_json: bool) -> None:
    with open_office() as office, office.register.snapshot() as reader:
        length = write_pieces(file, export_pieces(reader))
        point = ledger.checkpoint(reader)
    show(
        Outcome(
            zh=f"已写入 {file}（{length}字节，台账{point.size}条）。内含姓名与账号，请妥善保管。",
            en=f"Written to {file} ({length} bytes, {point.size} ledger entries). Keep it safe.",
            facts={"file": str(file), "bytes": length, "size": point.size, "root": point.root},
        ),
        as_json=as_json,
    )


def write_new(file: Path, data: bytes) -> None:
    """Write a file that is not there yet; whole, private and raising as `write_pieces` does."""
    write_pieces(file, [data])


def write_pieces(file: Path, pieces: Iterable[bytes]) -> int:
    """Write a file that is not there yet, whole or not at all, readable by its owner only; return its length.

    Raises:
        FileExists: it is there already.
        FileUnusable: it cannot be written.

    """
    try:
        descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError as error:
        raise FileUnusable(path=str(file), problem=error.strerror) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            length = sum(map(stream.write, pieces))
            stream.flush()
            os.fsync(stream.fileno())
        file.hardlink_to(draft)
    except FileExistsError as error:
        raise FileExists(path=str(file)) from error
    except OSError as error:
        raise FileUnusable(path=str(file), problem=error.strerror) from error
    finally:
        Path(draft).unlink()
    return length


def restore(*, file: File, as_json: AsJson = False) -> None:
    """Put an export or backup into an empty register."""
    with open_office() as office:
        count = import_json(office.register, read_whole(file))
    show(
        Outcome(
            zh=f"已恢复{count}条内容，台账核对无误。",
            en=f"{count} records restored; the ledger agrees.",
            facts={"records": count},
        ),
        as_json=as_json,
    )


def read_whole(file: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        FileUnusable: it cannot be read.

    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnusable(path=str(file), problem=error.strerror) from error


def migrate(*, as_json: AsJson = False) -> None:
    """Bring the register to the format of this program; opening does it, where the login may."""
    with open_office() as office:
        shown = office.settings.store.shown
    show(
        Outcome(
            zh=f"登记簿 {shown} 的格式与本程序一致。",
            en=f"The register {shown} has the format of this program.",
            facts={"store": shown},
        ),
        as_json=as_json,
    )
