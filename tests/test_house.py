"""The arrows between the rooms, and the doors through which the outside comes in.

Knows who may import whom, which library belongs to which file, and where the clock, chance, files, network
and other programs may start. Reads source text only; what the code does at run time is for the other tests.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "store": {"store"},
    "plaques": {"plaques", "store"},
    "verify": {"verify", "plaques", "store"},
    "gangpai": {"gangpai", "verify", "plaques", "store"},
}
PLAQUES_FROM_BELOW = (
    "qr", "typography", "marks", "contours", "drawing", "pdfium", "artwork", "design", "name_order",
    "composition", "press", "preflight", "print_run", "paperwork", "pack", "probe", "fitness",
)  # fmt: skip
ENGINE = ("store/tinydb_register.py", "store/sqlite_storage.py")
POSTGRES = ("store/postgres_register.py", "store/postgres_session.py", "store/postgres_statements.py")
ONLY_IN = {
    "tinydb": ENGINE,
    "sqlite3": ENGINE,
    "psycopg": POSTGRES,
    "reportlab": ("plaques/drawing/pdf.py", "plaques/typography/typefaces.py"),
    "qrcode": ("plaques/qr.py",),
    "fontTools": ("plaques/drawing/outlines.py",),
    "svglib": ("plaques/artwork/svg.py",),
    "distributed": ("gangpai/cluster.py",),
    "fastapi": ("verify/*",),
    "starlette": ("verify/*",),
    "jinja2": ("verify/*",),
    "altcha": ("verify/proof.py",),
    "authlib": ("verify/identity.py",),
    "joserfc": ("verify/identity.py",),
    "babel": ("verify/languages.py",),
    "svg": ("verify/charts.py",),
    "pyotp": ("verify/second_factor.py",),
    "pypinyin": ("store/pinyin.py",),
    "prometheus_client": ("verify/metrics.py", "gangpai/serve.py"),
    "uvicorn": ("gangpai/*",),
    "typer": ("gangpai/*",),
    "rich": ("gangpai/*",),
}
HANDED_OUT = "verify/static/verify.py"  # a program of its own, run by whoever checks the log
DARKROOM = "verify/darkroom.py"  # starts the process that photos from outside are decoded in
EDGES = ("gangpai/*", "verify/app.py", DARKROOM, HANDED_OUT, "store/engine.py", *POSTGRES, *ENGINE)
READS_ITS_OWN_DATA = {
    "store/postgres_schema.py": "the steps from format to format in store/migrations/",
    "store/policy.py": "the numbers of the founding plan in store/policies/",
    "verify/languages.py": "the catalogues of the public pages in verify/locale/",
    "verify/api/examples.py": "the examples of the API's description in verify/api/examples.json",
    "verify/public/ledger.py": "the verifier that is handed out, in verify/static/",
    "plaques/typography/typefaces.py": "the vendored typefaces in fonts/",
    "plaques/design/library.py": "what a plaque looks like in plaques/designs/",
    "plaques/name_order.py": "the strokes of characters in plaques/data/",
}
FILES = "files"
STARTS = {
    "datetime.datetime.now": "the clock",
    "datetime.datetime.utcnow": "the clock",
    "datetime.datetime.today": "the clock",
    "datetime.date.today": "the clock",
    "time": "the clock",
    "random": "chance",
    "secrets": "chance",
    "uuid": "chance",
    "glob": FILES,
    "importlib.resources": FILES,
    "io.open": FILES,
    "open": FILES,
    "os": "the machine",
    "shutil": "the machine",
    "tempfile": "the machine",
    "subprocess": "other programs",
    "asyncio.create_subprocess_exec": "other programs",
    "asyncio.create_subprocess_shell": "other programs",
    "asyncio.open_connection": "the network",
    "asyncio.start_server": "the network",
    "http.client": "the network",
    "httpx": "the network",
    "socket": "the network",
    "urllib.request": "the network",
}
FILE_METHODS = {
    "exists", "glob", "is_dir", "is_file", "iterdir", "mkdir", "open", "read_bytes", "read_text", "rglob",
    "rmdir", "touch", "unlink", "write_bytes", "write_text",
}  # fmt: skip
OPENS_BYTES_IN_HAND = {"PIL.Image.open"}
OUT_OF_SIGHT = {"importlib.import_module"}
LOADS_LATE = {"gangpai/cli.py": "a command's module of gangpai.commands, when the command is called"}
COMES_WITH = {
    "starlette": "fastapi",
    "anyio": "fastapi",
    "pydantic_core": "pydantic",
    "markupsafe": "jinja2",
    "joserfc": "authlib",
}


class Import(NamedTuple):
    """One imported thing: where, what, the name it gets in this file, and what that name stands for."""

    line: int
    dotted: str
    bound: str
    means: str


def import_faults(path: str, source: str) -> list[str]:
    """Name each import in the file that goes against an arrow, or takes a library from where it belongs."""
    return [
        f"{path}:{imported.line}: {problem}"
        for imported in _imports(path, ast.parse(source))
        for problem in _import_problems(path, imported.dotted)
    ]


def order_faults(path: str, source: str) -> list[str]:
    """Name each import in a file of the drawing room from what lies above it."""
    room, place = Path(path).parts[:2]
    if room != "plaques" or place == "__init__.py":
        return []
    here = PLAQUES_FROM_BELOW.index(place.removesuffix(".py"))
    above = {f"plaques.{name}" for name in PLAQUES_FROM_BELOW[here + 1 :]}
    return [
        f"{path}:{imported.line}: {imported.dotted} lies above it"
        for imported in _imports(path, ast.parse(source))
        if ".".join(imported.dotted.split(".")[:2]) in above
    ]


def effect_faults(path: str, source: str) -> list[str]:
    """Name each place outside the edges where the clock, chance, files, network or a program starts."""
    if any(fnmatch(path, edge) for edge in EDGES):
        return []
    excused = {FILES} if path in READS_ITS_OWN_DATA else set()
    return [
        f"{path}:{line}: {name} starts {effect} away from the edge"
        for line, name, effect in _effects(path, ast.parse(source))
        if effect not in excused
    ]


def undeclared(path: str, source: str, declared: set[str]) -> list[str]:
    """Name each imported library that is neither standard, nor a room, nor among the declared modules."""
    known = declared | set(MAY_IMPORT) | sys.stdlib_module_names
    roots = {(imported.line, _first(imported.dotted)) for imported in _imports(path, ast.parse(source))}
    return [f"{path}:{line}: {root} is not declared" for line, root in sorted(roots) if root not in known]


def _import_problems(path: str, dotted: str) -> Iterator[str]:
    room, root = Path(path).parts[0], _first(dotted)
    if root in {*MAY_IMPORT, "tests", "bench"} - MAY_IMPORT[room]:
        yield f"{room} must not import {root}"
    if not any(fnmatch(path, place) for place in ONLY_IN.get(root, ("*",))):
        yield f"{root} belongs in {' and '.join(ONLY_IN[root])} only"
    if dotted in OUT_OF_SIGHT and path not in LOADS_LATE:
        yield f"{dotted} hides an import"


def _imports(path: str, tree: ast.AST) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name, other_name in [(alias.name, alias.asname) for alias in node.names]:
                yield Import(
                    node.lineno, name, other_name or _first(name), name if other_name else _first(name)
                )
        elif isinstance(node, ast.ImportFrom):
            package = Path(path).parts[: -node.level] if node.level else ()
            for alias in node.names:
                dotted = ".".join([*package, *filter(None, [node.module]), alias.name])
                yield Import(node.lineno, dotted, alias.asname or alias.name, dotted)


def _first(dotted: str) -> str:
    return dotted.partition(".")[0]


def _effects(path: str, tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    imports = list(_imports(path, tree))
    known = {imported.bound: imported.means for imported in imports}
    for imported in imports:
        yield from _started_by(imported.line, imported.dotted)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            yield from _started_by(node.lineno, _dotted(node, known))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _files_reached_by(node.func, known)


def _started_by(line: int, dotted: str) -> Iterator[tuple[int, str, str]]:
    for start, effect in STARTS.items():
        if dotted == start or dotted.startswith(start + "."):
            yield line, dotted, effect


def _files_reached_by(method: ast.Attribute, known: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    if method.attr in FILE_METHODS and _dotted(method, known) not in OPENS_BYTES_IN_HAND:
        yield method.lineno, f".{method.attr}()", FILES


def _dotted(node: ast.expr, known: dict[str, str]) -> str:
    """Spell a chain of names in full, its first name as imported; empty where it is no such chain."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id if node.id in STARTS else "")
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, known)
        return f"{base}.{node.attr}" if base else ""
    return ""


def _rooms() -> Iterator[tuple[str, str]]:
    for room in MAY_IMPORT:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


def _declared_modules() -> set[str]:
    """Return the top-level modules of what pyproject.toml depends on at run time, always or by choice."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [name for extra in project["optional-dependencies"].values() for name in extra]
    names = {_normal(requirement) for requirement in (*project["dependencies"], *optional)}
    providers = packages_distributions().items()
    return {module for module, sources in providers if names & {_normal(source) for source in sources}}


def _normal(requirement: str) -> str:
    """Return the distribution's name alone, in the one spelling that compares (PEP 503)."""
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_import_follows_the_arrows() -> None:
    assert [fault for path, source in _rooms() for fault in import_faults(path, source)] == []


def test_the_outside_comes_in_at_the_edges_only() -> None:
    assert [fault for path, source in _rooms() for fault in effect_faults(path, source)] == []


def test_every_library_is_declared() -> None:
    declared = _declared_modules() | set(COMES_WITH)
    assert [fault for path, source in _rooms() for fault in undeclared(path, source, declared)] == []


def test_inside_the_drawing_room_nothing_reaches_up() -> None:
    assert [fault for path, source in _rooms() for fault in order_faults(path, source)] == []
    assert order_faults("plaques/typography/breaking.py", "from plaques.marks import Box")
    assert order_faults("plaques/preflight/plate.py", "import plaques.print_run")


def test_fonts_are_data() -> None:
    assert list((ROOT / "fonts").rglob("*.py")) == []


@pytest.mark.parametrize("path", READS_ITS_OWN_DATA)
def test_an_excused_reader_still_reads(path: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert any(effect == FILES for _, _, effect in _effects(path, ast.parse(source)))


AGAINST_AN_ARROW = {
    "store draws": ("store/standing.py", "from plaques import compose", "store must not import plaques"),
    "store serves": ("store/standing.py", "import verify.app", "store must not import verify"),
    "plaques serve": ("plaques/qr.py", "from verify.public import scan", "plaques must not import verify"),
    "plaques command": ("plaques/qr.py", "import gangpai as g", "plaques must not import gangpai"),
    "verify commands": ("verify/app.py", "import gangpai.settings", "verify must not import gangpai"),
    "in a function": ("store/a.py", "def f():\n    import verify", "store must not import verify"),
    "while checking": (
        "store/a.py",
        "if TYPE_CHECKING:\n    import plaques",
        "store must not import plaques",
    ),
    "relative": ("store/acts/a.py", "from ...plaques import qr", "store must not import plaques"),
    "from the tests": ("gangpai/cli.py", "import tests.data", "gangpai must not import tests"),
    "out of sight": ("store/a.py", "from importlib import import_module", "hides an import"),
    "tinydb": ("store/acts/veto.py", "import tinydb", "tinydb belongs in"),
    "sqlite3": ("gangpai/cli.py", "import sqlite3", "sqlite3 belongs in"),
    "psycopg": ("store/tinydb_register.py", "import psycopg", "psycopg belongs in"),
    "reportlab": ("plaques/marks.py", "from reportlab.lib import units", "reportlab belongs in"),
    "qrcode": ("verify/public/scan.py", "import qrcode.image.svg", "qrcode belongs in"),
    "fastapi": ("gangpai/serve.py", "from fastapi import FastAPI", "fastapi belongs in"),
    "starlette": ("store/a.py", "import starlette", "starlette belongs in"),
    "jinja2": ("plaques/drawing/pdf.py", "import jinja2", "jinja2 belongs in"),
    "uvicorn": ("verify/app.py", "import uvicorn", "uvicorn belongs in"),
    "typer": ("verify/app.py", "import typer", "typer belongs in"),
    "rich": ("store/a.py", "from rich.table import Table", "rich belongs in"),
}


@pytest.mark.parametrize(
    ("path", "source", "problem"), AGAINST_AN_ARROW.values(), ids=AGAINST_AN_ARROW.keys()
)
def test_a_wrong_import_is_found(path: str, source: str, problem: str) -> None:
    assert problem in "\n".join(import_faults(path, source))


AWAY_FROM_THE_EDGE = {
    "now": ("from datetime import datetime\ndatetime.now(UTC)", "the clock"),
    "now, renamed": ("import datetime as dt\ndt.datetime.now(dt.UTC)", "the clock"),
    "now as a default": (
        "from datetime import datetime\ndef f(clock=datetime.now): return clock()",
        "the clock",
    ),
    "today": ("from datetime import date\ndate.today()", "the clock"),
    "monotonic": ("from time import monotonic\nmonotonic()", "the clock"),
    "sleep": ("import time\ntime.sleep(1)", "the clock"),
    "random": ("import random", "chance"),
    "a token": ("from secrets import token_hex", "chance"),
    "a uuid": ("import uuid\nuuid.uuid4()", "chance"),
    "open": ("open('x', encoding='utf-8')", "files"),
    "a path opened": ("def f(path):\n    with path.open('rb') as file: pass", "files"),
    "a path read": ("def f(path): return path.read_text()", "files"),
    "a path written": ("def f(path): path.write_bytes(b'')", "files"),
    "a path asked": ("def f(path): return path.exists()", "files"),
    "package data": ("from importlib.resources import files", "files"),
    "the environment": ("import os\nos.environ['X']", "the machine"),
    "a folder of its own": ("import tempfile", "the machine"),
    "a program": ("from subprocess import run", "other programs"),
    "a socket": ("import socket", "the network"),
    "a request": ("from urllib import request", "the network"),
    "a request, dotted": ("import urllib.request", "the network"),
}


@pytest.mark.parametrize(("source", "effect"), AWAY_FROM_THE_EDGE.values(), ids=AWAY_FROM_THE_EDGE.keys())
def test_an_effect_away_from_the_edge_is_found(source: str, effect: str) -> None:
    assert f"starts {effect} " in "\n".join(effect_faults("verify/public/scan.py", source))
    assert effect_faults("verify/app.py", source) == []


def test_a_reader_of_its_own_data_gets_no_clock() -> None:
    source = "from importlib.resources import files\nimport time"
    assert effect_faults("store/policy.py", source) == [
        "store/policy.py:2: time starts the clock away from the edge"
    ]


def test_what_only_looks_like_an_effect_passes() -> None:
    source = """
from datetime import datetime, time
from io import BytesIO
import urllib.parse
from PIL import Image
from pathlib import PurePath

def page(now: datetime, picture: bytes, time: time) -> str:
    Image.open(BytesIO(picture), formats=["PNG"])
    return urllib.parse.quote(f"{time.hour}{now.time()}{PurePath('a') / 'b'}")
"""
    assert effect_faults("verify/public/scan.py", source) == []


def test_an_undeclared_library_is_found() -> None:
    faults = undeclared("gangpai/drill.py", "import json\nimport httpx\nimport store.codes", {"typer"})
    assert faults == ["gangpai/drill.py:2: httpx is not declared"]
