"""Keeping the register: exports, backups, and putting one back."""

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from gangpai.office import open_office
from gangpai.settings import Settings
from gangpai.terminal import AsJson, Outcome, show
from store import ledger
from store.refusals import Refusal
from store.transfer import export_json, import_json

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


class LedgerDisagrees(Refusal):
    """The ledger and the register disagree. Remedy: keep the file as it is and restore a backup elsewhere."""

    clause_id = "F29"
    reason_zh = "台账与登记簿不一致：{faults_zh}。"
    reason_en = "The ledger and the register disagree: {faults_en}."
    remedy_zh = "请保留现状备查，并与留存的校验值和备份对照。"
    remedy_en = "Keep everything as it is and compare with checkpoints and backups kept elsewhere."


def check_agreed(verification: ledger.Verification) -> None:
    """Let a log pass in which everything agrees.

    Raises:
        LedgerDisagrees: something does not.

    """
    if faults := verification.faults:
        raise LedgerDisagrees(
            faults_zh="；".join(each.zh for each in faults), faults_en="; ".join(each.en for each in faults)
        )


def export(*, file: File, as_json: AsJson = False) -> None:
    """Write the register as JSON that other programs read."""
    _write_export(file, as_json=as_json)


def backup(*, file: File, as_json: AsJson = False) -> None:
    """Write a backup: one consistent state, while others go on working."""
    _write_export(file, as_json=as_json)


def _write_export(file: Path, *, as_json: bool) -> None:
    with open_office() as office, office.register.snapshot() as reader:
        data = export_json(reader)
        point = ledger.checkpoint(reader)
    write_new(file, data)
    show(
        Outcome(
            zh=f"已写入 {file}（{len(data)}字节，台账{point.size}条）。内含姓名与账号，请妥善保管。",
            en=f"Written to {file} ({len(data)} bytes, {point.size} ledger entries). Keep it safe.",
            facts={"file": str(file), "bytes": len(data), "size": point.size, "root": point.root},
        ),
        as_json=as_json,
    )


def write_new(file: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole or not at all, readable by its owner only.

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
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        file.hardlink_to(draft)
    except FileExistsError as error:
        raise FileExists(path=str(file)) from error
    except OSError as error:
        raise FileUnusable(path=str(file), problem=error.strerror) from error
    finally:
        Path(draft).unlink()


def restore(*, file: File, as_json: AsJson = False) -> None:
    """Put an export or backup into an empty register."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise FileUnusable(path=str(file), problem=error.strerror) from error
    _rehearse(data)
    with open_office() as office:
        count = import_json(office.register, data)
    show(
        Outcome(
            zh=f"已恢复{count}条内容，台账核对无误。",
            en=f"{count} records restored; the ledger agrees.",
            facts={"records": count},
        ),
        as_json=as_json,
    )


def _rehearse(data: bytes) -> None:
    """Restore into a register that is thrown away: what is at odds with its ledger stays out."""
    with (
        tempfile.TemporaryDirectory(prefix="gangpai-restore-") as folder,
        open_office(Settings(store_path=Path(folder) / "register.db")) as office,
    ):
        import_json(office.register, data)
        check_agreed(ledger.verify(office.register))
