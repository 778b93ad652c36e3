"""The organisation's own designs: a folder of TOML files and drawings, read whole.

Knows which files of the folder are read. Leaves out what they must be like (plaques/design/library.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gangpai.settings import Settings
from plaques.design.library import DESIGN_SUFFIX, DesignLibrary
from store.refusals import Refusal

_READ = frozenset({DESIGN_SUFFIX, ".svg", ".pdf"})


class DesignsUnreadable(Refusal):
    """A design file, or the folder of them, cannot be read. Remedy: look at its path and rights."""

    reason_zh = "设计文件或目录“{path}”无法读取（{problem}）。"
    reason_en = "The design file or folder {path!r} cannot be read ({problem})."
    remedy_zh = "请检查路径与权限；自有设计的目录由 GANGPAI_DESIGNS 指定。"
    remedy_en = (
        "Check its path and rights; GANGPAI_DESIGNS names the folder of the organisation's own designs."
    )


class NotADesignFile(Refusal):
    """The file is no TOML file by its name. Remedy: name the design file."""

    reason_zh = "“{path}”不是设计文件。"
    reason_en = "{path!r} is not a design file."
    remedy_zh = "设计文件的文件名以 .toml 结尾。"
    remedy_en = "The name of a design file ends in .toml."


def designs_of(settings: Settings) -> DesignLibrary:
    """Return the shipped designs and those in the folder that the settings name.

    Raises:
        DesignsUnreadable: the folder or a file in it cannot be read.

    """
    shipped = DesignLibrary.shipped()
    return shipped.with_files(read_folder(settings.designs_path)) if settings.designs_path else shipped


def read_folder(folder: Path) -> Mapping[str, bytes]:
    """Return the designs and drawings in a folder and those below it, by their paths from there.

    Raises:
        DesignsUnreadable: the folder or a file in it cannot be read.

    """
    return _contents(folder, _readable(folder))


def _contents(folder: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    try:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    except OSError as error:
        raise DesignsUnreadable(path=error.filename or str(folder), problem=error.strerror) from error


def _readable(folder: Path) -> Iterator[Path]:
    # iterdir, unlike rglob, says so where a folder is missing or locked.
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _readable(entry)
        elif entry.suffix.lower() in _READ:
            yield entry


def library_with(file: Path, settings: Settings) -> tuple[DesignLibrary, str]:
    """Return the library with one design file and what lies beside it, and the name the file has in there.

    A file in the organisation's folder is read with the whole folder; of any other folder only what lies
    beside the file is read, not what is below.

    Raises:
        NotADesignFile: its name does not end in .toml.
        DesignsUnreadable: a file cannot be read.

    """
    if file.suffix.lower() != DESIGN_SUFFIX:
        raise NotADesignFile(path=str(file))
    file, own = file.resolve(), settings.designs_path and settings.designs_path.resolve()
    folder = own if own and file.is_relative_to(own) else file.parent
    paths = _readable(folder) if folder == own else _beside(file)
    contents = _contents(folder, {*paths, file})
    return DesignLibrary.shipped().with_files(contents), file.relative_to(folder).as_posix()


def _beside(file: Path) -> Iterator[Path]:
    return (path for path in file.parent.glob("[!.]*.*") if path.suffix.lower() in _READ)
