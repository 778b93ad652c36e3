"""Checksums in the format that `sha256sum -c` of the GNU core utilities checks."""

from collections.abc import Mapping

from plaques.pack.facts import Digest

FILE = "SHA256SUMS"


def checksums(files: Mapping[str, Digest]) -> bytes:
    """Return a line for each file, by name; a name with a line feed or backslash is marked and escaped."""
    return "".join(_line(name, files[name]) for name in sorted(files)).encode()


def _line(name: str, digest: Digest) -> str:
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    mark = "\\" if escaped != name else ""
    return f"{mark}{digest.sha256}  {escaped}\n"
