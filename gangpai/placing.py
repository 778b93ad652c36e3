"""Putting finished files in place, so that paper and register agree whatever stops the program, and when.

The files are written under hidden names, the copies recorded in one transaction, and the files given their
names. A journal beside them, there before the first of them, says what each is to be called and how to ask
the register whether the copies were recorded: so that any later run can end what an earlier one began.
Leaves out what the files hold (printing.py).
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from gangpai.office import Office
from store.acts.issue import issue_copies
from store.records import Copy
from store.refusals import Refusal
from store.register import Reader

_PREFIX = ".gangpai-print-"
_TOKEN_BYTES = 8


class OutUnusable(Refusal):
    """The folder for the files cannot be written. Remedy: look at its path, its rights and the disk."""

    reason_zh = "目录“{path}”无法写入（{problem}）。"
    reason_en = "The folder {path!r} cannot be written ({problem})."
    remedy_zh = "请检查路径、权限与磁盘。没有登记、没有出图。"
    remedy_en = "Check its path, its rights and the disk. Nothing was recorded or printed."


@dataclass(frozen=True, kw_only=True)
class Journal:
    """What a print run is about to do in a folder.

    `register` names where the copies are recorded, all together; `code` is that of one of them, or '' for a
    proof, of which there is no record. `drafts` gives each hidden name the final one.
    """

    register: str
    code: str
    drafts: Mapping[str, str]


def make_folder(path: Path) -> None:
    """Make the folder for the files, if it is not there.

    Raises:
        OutUnusable: it cannot be made.

    """
    with writing_in(path):
        path.mkdir(parents=True, exist_ok=True)


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path that names no file yet: artwork that may be at the press is never overwritten."""
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def put_in_place(office: Office, contents: Mapping[Path, bytes], copies: Sequence[Copy]) -> None:
    """Write the files of one folder under hidden names, record the copies, and give the files their names.

    Raises:
        OutUnusable: the folder takes no more; nothing was recorded.
        Refusal: the copies were not recorded, and no file is left.

    """
    folder, token = next(iter(contents)).parent, secrets.token_hex(_TOKEN_BYTES)
    drafts = {
        path: folder / f"{_PREFIX}{token}-{number}{path.suffix}"
        for number, path in enumerate(contents, start=1)
    }
    journal = Journal(
        register=office.settings.store.shown,
        code=copies[0].code if copies else "",
        drafts={draft.name: path.name for path, draft in drafts.items()},
    )
    path = folder / f"{_PREFIX}{token}.json"
    with _locked(path) as stream:
        try:
            _write_down(journal, stream)
            for final, content in contents.items():
                _write(drafts[final], content)
            if copies:
                issue_copies(office.register, office.authority(), copies)
        except BaseException:
            _end(journal, path, office.register)
            raise
        _give_names(journal, path)


def settle(office: Office, folder: Path) -> None:
    """End what earlier runs began in a folder and could not end; what is under way there is left alone.

    Files whose copies are on record get their names, others are removed. Where the journal speaks of another
    register than the office's, nothing can be known, and nothing is done.

    Raises:
        RegisterUnavailable: the register cannot say what is on record.

    """
    for path in sorted(folder.glob(f"{_PREFIX}*.json")):
        with (
            suppress(FileNotFoundError),
            path.open(encoding="utf-8") as stream,
        ):  # others may settle it as well
            if _is_abandoned(stream):
                _settle(office, stream, path)


def _settle(office: Office, stream: IO[str], path: Path) -> None:
    text = stream.read()
    if not text.endswith("}"):
        path.unlink()  # cut off before it was whole, hence before there was any file
        return
    journal = Journal(**json.loads(text))
    if journal.register == office.settings.store.shown:
        _end(journal, path, office.register)


def _end(journal: Journal, path: Path, register: Reader) -> None:
    """Let the register say whether the copies are on record; only then do their files stay."""
    if journal.code and register.find(Copy, code=journal.code):
        _give_names(journal, path)
        return
    for draft in journal.drafts:
        (path.parent / draft).unlink(missing_ok=True)
    path.unlink()


def _give_names(journal: Journal, path: Path) -> None:
    folder = path.parent
    for draft, name in journal.drafts.items():
        final = Path(name)
        with suppress(FileNotFoundError):  # it got its name before an earlier run was cut off
            (folder / draft).replace(free_path(folder, final.stem, final.suffix))
    _make_durable(folder)
    path.unlink()


def _locked(path: Path) -> IO[str]:
    """Open a new journal; whoever holds its lock is at work."""
    with writing_in(path.parent):
        stream = path.open("x", encoding="utf-8")
    with suppress(OSError):  # a file system without locks; journals are never settled there
        fcntl.flock(stream, fcntl.LOCK_EX)
    if path.exists():
        return stream
    stream.close()  # another run found it, still empty and unlocked, and removed it
    return _locked(path)


def _is_abandoned(stream: IO[str]) -> bool:
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _write_down(journal: Journal, stream: IO[str]) -> None:
    folder = Path(stream.name).parent
    with writing_in(folder):
        json.dump(asdict(journal), stream, ensure_ascii=False)
        _flush(stream)
    _make_durable(folder)


def _write(draft: Path, content: bytes) -> None:
    with writing_in(draft.parent), draft.open("xb") as stream:
        stream.write(content)
        _flush(stream)


def _flush(stream: IO[Any]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _make_durable(folder: Path) -> None:
    """See to it that the names in a folder outlast a power failure, where the file system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)


@contextmanager
def writing_in(folder: Path) -> Iterator[None]:
    """Say of the folder whatever keeps the block from writing.

    Raises:
        OutUnusable: it cannot be written.

    """
    try:
        yield
    except OSError as error:
        raise OutUnusable(path=str(folder), problem=error.strerror) from error
