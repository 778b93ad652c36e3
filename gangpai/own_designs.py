"""The organisation's own designs: a folder of TOML files and drawings, read whole.

Knows which files of the folder are read. Leaves out what they must be like (plaques/design_library.py).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from gangpai.settings import BadSetting, Settings
from plaques.design_library import DesignLibrary

_READ = frozenset({".toml", ".svg", ".pdf"})


def designs_of(settings: Settings) -> DesignLibrary:
    """Return the shipped designs and those in the folder that the settings name.

    Raises:
        BadSetting: the folder or a file in it cannot be read.

    """
    shipped = DesignLibrary.shipped()
    return shipped.with_files(read_folder(settings.designs_path)) if settings.designs_path else shipped


def read_folder(folder: Path) -> Mapping[str, bytes]:
    """Return the designs and drawings in a folder and those below it, by their paths from there.

    Raises:
        BadSetting: the folder or a file in it cannot be read.

    """
    try:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _readable(folder)}
    except OSError as error:
        raise BadSetting(
            key="designs",
            problem_zh=f"“{error.filename or folder}”无法读取（{error.strerror}）",
            problem_en=f"{error.filename or folder}: {error.strerror}",
        ) from error


def _readable(folder: Path) -> Iterator[Path]:
    # iterdir, unlike rglob, says so where a folder is missing or locked.
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _readable(entry)
        elif entry.suffix.lower() in _READ:
            yield entry
