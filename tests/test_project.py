"""What surrounds the code: locks, reasons for dependencies, the change log, the wheel.

Knows that these agree with pyproject.toml and with the files in the rooms; leaves out what the code does.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
ROOMS = ("fonts", "gangpai", "plaques", "store", "verify")
PIN = re.compile(r"([a-z0-9][a-z0-9.-]*)==(\S+)(?: ; .+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
CHANGES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def pins(lock: str) -> dict[str, str]:
    """Read name and version of each locked distribution.

    Raises:
        ValueError: a line is neither a pin, nor a hash, nor a comment, or a pin has no hash.

    """
    found: dict[str, str] = {}
    for pin, following in _pairs([line for line in lock.splitlines() if line.strip()[:1] not in {"", "#"}]):
        if match := PIN.fullmatch(pin):
            found[match[1]] = match[2]
        if not HASH.fullmatch(following if match else pin):
            raise ValueError(pin)
    return found


def _pairs(lines: list[str]) -> list[tuple[str, str]]:
    return list(zip(lines, [*lines[1:], ""], strict=True))


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _pyproject() -> dict[str, Any]:
    return tomllib.loads(_read("pyproject.toml"))


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def _pinned(names: set[str]) -> set[str]:
    """Return names as indexes spell them (PEP 503)."""
    return {re.sub(r"[-_.]+", "-", name) for name in names}


def _declared() -> set[str]:
    settings = _pyproject()
    return _names(
        settings["build-system"]["requires"]
        + settings["project"]["dependencies"]
        + settings["project"]["optional-dependencies"]["cluster"]
        + settings["dependency-groups"]["dev"]
        + settings["dependency-groups"]["bench"]
    )


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_with_hashes_and_no_address(name: str) -> None:
    assert pins(_read(name))
    assert "://" not in _read(name)


def test_the_locks_agree_and_cover_what_is_declared() -> None:
    run, develop, measure = (pins(_read(name)) for name in LOCKS)
    assert run.items() <= develop.items() <= measure.items()
    dependencies = _names(_pyproject()["project"]["dependencies"])
    assert _pinned(dependencies) | {"hatchling", "editables"} <= run.keys()
    assert _pinned(_names(_pyproject()["dependency-groups"]["dev"])) <= develop.keys()
    assert _pinned(_declared()) <= measure.keys()


@pytest.mark.parametrize(
    "lock",
    [
        "--index-url https://mirror.example/simple\n",
        "--find-links /srv/wheels\n",
        "rich==15.0.0\n",
        "rich==15.0.0 \\\n    # via typer\n",
        "rich>=15 \\\n    --hash=sha256:" + "0" * 64 + "\n",
        "rich==15.0.0 \\\n    --hash=sha256:beef\n",
    ],
)
def test_a_loose_lock_is_found(lock: str) -> None:
    with pytest.raises(ValueError, match=r"rich|--"):
        pins(lock)


def test_every_dependency_has_a_reason() -> None:
    page = _read("docs/decisions/0001-decisions-and-dependencies.md")
    reasons = dict(re.findall(r"^\| ([a-z][\w.-]+) \| (.+) \|$", page, flags=re.MULTILINE))
    assert reasons.keys() - {"library"} == _declared()


def test_the_change_log_keeps_its_form() -> None:
    headings = re.findall(r"^## (.+)$", _read("CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:])
    assert set(re.findall(r"^### (.+)$", _read("CHANGELOG.md"), flags=re.MULTILINE)) <= CHANGES


def test_the_wheel_carries_every_file_of_the_rooms(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    listed = ["git", "ls-files", "-z", "--", *ROOMS]
    tracked = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        assert {name for name in tracked if name and (ROOT / name).exists()} <= set(wheel.namelist())
