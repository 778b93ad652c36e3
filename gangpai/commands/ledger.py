"""The log of acts: going through it, its checkpoint, what proves one entry to somebody outside."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gangpai.commands.keeping import File, FileUnusable, write_new
from gangpai.office import open_office
from gangpai.signing_key import named_key_of
from gangpai.terminal import AsJson, Outcome, show
from store import ledger
from store.ledger.leaves import shown
from store.ledger.proofs import proof_of
from store.records import LogEntry
from store.transfer import check_agreed


class Field(StrEnum):
    """What of an entry an officer may open."""

    AT = "at"
    ACTOR = "actor"
    OBJECT = "object"
    REASON = "reason"
    DIGESTS = "digests"


def verify_ledger(
    *,
    kept: Annotated[
        str,
        typer.Option(
            "--checkpoint", metavar="N:ROOT|FILE", help="从前留存的校验值 / a checkpoint kept earlier"
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Compare the log of acts with what the register holds, and with a checkpoint kept elsewhere."""
    earlier = _kept(kept) if kept else None
    with open_office() as office, office.register.snapshot() as reader:
        verification = ledger.verify(reader, earlier)
    check_agreed(verification)
    point = verification.checkpoint
    show(
        Outcome(
            zh=f"台账与登记簿一致：{point.size}条记录。校验值 {point}",
            en=f"The ledger agrees with the register: {point.size} entries. Checkpoint {point}",
            facts={"size": point.size, "root": point.root, "faults": []},
        ),
        as_json=as_json,
    )


def _kept(given: str) -> ledger.Checkpoint:
    """Read a checkpoint given as text, or as the file it was saved in."""
    file = Path(given)
    if not file.is_file():
        return ledger.Checkpoint.parse(given)
    try:
        return ledger.Checkpoint.parse(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnusable(path=given, problem=str(error)) from error


def checkpoint(
    *,
    signed: Annotated[
        bool, typer.Option("--signed", help="签名的校验值，可存成文件 / as a signed note, to be saved")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print the ledger's size and root; whoever keeps it can later tell whether the past was altered."""
    with open_office() as office, office.register.snapshot() as reader:
        point = ledger.checkpoint(reader)
        note = named_key_of(office.settings).sign(point) if signed else ""
    if signed and not as_json:
        typer.echo(note, nl=False)
        return
    show(
        Outcome(
            zh=f"{point}\n以上是{point.size}条台账的校验值，请将此行交由本单位以外的人留存，日后可以核对。",
            en=f"The checkpoint of {point.size} entries: have someone outside keep it. "
            "gangpai ledger verify --checkpoint compares with it.",
            facts={"size": point.size, "root": point.root} | ({"note": note} if signed else {}),
        ),
        as_json=as_json,
    )


def key(*, as_json: AsJson = False) -> None:
    """Print the public key that signed checkpoints are compared with."""
    with open_office() as office:
        public = named_key_of(office.settings).verifier_key
    show(
        Outcome(
            zh=f"{public}\n以上是公钥，请与校验值一同交外单位留存；更换密钥后须重新公布。",
            en="The public key: have it kept together with the checkpoints, and made known when it changes.",
            facts={"key": public},
        ),
        as_json=as_json,
    )


def prove(
    *,
    number: Annotated[int, typer.Argument(metavar="N", help="台账第几条 / the number of the entry")],
    fields: Annotated[
        list[Field] | None, typer.Option("--open", help="公开的项目，可多次 / a field to open, repeatable")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="存成文件 / the file to write")] = None,
    as_json: AsJson = False,
) -> None:
    """Prove to somebody outside that an entry is in the log, with as much of it as is opened."""
    with open_office() as office, office.register.snapshot() as reader:
        names = [each.value for each in fields or []]
        proof = proof_of(reader, named_key_of(office.settings), number, names)
    text = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    write_new(out, text.encode())
    show(
        Outcome(
            zh=f"第{number}条的证明已写入 {out}，可用 verify.py --proof 核对。",
            en=f"The proof of entry {number} is in {out}; verify.py --proof checks it.",
            facts={"file": str(out), "number": number, "opened": names},
        ),
        as_json=as_json,
    )


def leaves(*, file: File, as_json: AsJson = False) -> None:
    """Write what anybody may see of every entry, one a line, to be checked without the server."""
    with open_office() as office, office.register.snapshot() as reader:
        lines = [shown(entry) for entry in reader.iterate(LogEntry)]
    write_new(file, "".join(f"{line}\n" for line in lines).encode())
    show(
        Outcome(
            zh=f"{len(lines)}条已写入 {file}，其中没有姓名，可用 verify.py --leaves 核对。",
            en=f"{len(lines)} leaves are in {file}; no name is among them. verify.py --leaves checks them.",
            facts={"file": str(file), "size": len(lines)},
        ),
        as_json=as_json,
    )
