"""How the code and the pages are written.

Knows lengths, names, docstrings, what a template may hold and what no file may mention. Each rule is a
function over text, and each is shown a text that breaks it.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("store", "plaques", "verify", "gangpai")
LONGEST, NINETIETH_PERCENTILE, MEDIAN = 40, 25, 8
NAMES_THAT_SAY_NOTHING = {"common", "helper", "helpers", "misc", "util", "utils"}
PACKAGE_HOSTS = (
    "py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb.deb" + "ian.org",
    "archive.ubu" + "ntu.com", "crates" + ".io", "docker" + ".io", "gh" + "cr.io", "tuna.tsing" + "hua",
)  # fmt: skip
PLACES_ELSEWHERE = (
    "/wo" + "rk/",
    "/tm" + "p/team",
    "shared" + "/design",
    "shared" + "/seed",
    "shared" + "/data",
)
ISSUE_NUMBER = re.compile(r"\bissues? #?\d", re.IGNORECASE)


def lengths(source: str) -> dict[str, int]:
    """Measure each function from its `def` line to its last line, decorators left out; by line and name."""
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, _FUNCTION))
    return {f"{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1 for node in functions}


def template_faults(text: str) -> list[str]:
    """Name what a template must not hold, line by line: unescaped values, code or style outside its files."""
    without_comments = re.sub(r"\{#.*?#\}", _as_blank_lines, text, flags=re.DOTALL)
    html = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", _as_blank_lines, without_comments, flags=re.DOTALL)
    found = [*_matches(_IN_JINJA, without_comments), *_matches(_IN_HTML, html)]
    return [f"{line}: {problem}" for line, problem in sorted(found)]


def mentions(text: str) -> list[str]:
    """Name the package hosts, places and numbers in a text that mean nothing to its readers."""
    lower = text.lower()
    named = [name for name in (*PACKAGE_HOSTS, *PLACES_ELSEWHERE) if name in lower]
    return [*named, *(match.group() for match in ISSUE_NUMBER.finditer(text))]


def reasonless(source: str) -> list[str]:
    """Return the lines that silence the linter without its rule's code or without a reason."""
    return [line.strip() for line in source.splitlines() if _NOQA.search(line) and not _GROUNDS.search(line)]


def reasonless_ignores(pyproject: str) -> list[str]:
    """Return the lines of pyproject's lists of ignored rules that give no reason."""
    lists = re.findall(r'^(?:ignore|"[^"]+") = \[\n(.*?)^\]', pyproject, flags=re.DOTALL | re.MULTILINE)
    lines = [line.strip() for ignored in lists for line in ignored.splitlines()]
    return [line for line in lines if not re.search(r"# \w", line)]


_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_NOQA = re.compile(r"#\s*" + "noqa|ruff: " + "noqa")
_GROUNDS = re.compile(r"# " + r"noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*\W+\w+")
_IN_JINJA = {
    r"\|\s*safe\b": "a value passes unescaped",
    r"\{%-?\s*autoescape\s+false": "values pass unescaped",
    # the one style sheet in a page is the public one, which the content security policy lets in by its hash
    r"<style>(?!\{\{ public_style \}\}</style>)|<style\s[^>]*>": "a style sheet stands in the page",
}
_IN_HTML = {
    r"<script(?![^>]*\ssrc=)[^>]*>": "a script stands in the page",
    r"<[^>]*\sstyle\s*=": "an element is styled in place",
    r"<[^>]*\son[a-z]+\s*=": "an event handler stands in the page",
    r"javascript:": "an address runs code",
}


def _matches(rules: dict[str, str], text: str) -> Iterator[tuple[int, str]]:
    for pattern, problem in rules.items():
        for match in re.finditer(pattern, text, flags=re.IGNORECASE):
            yield text.count("\n", 0, match.start()) + 1, problem


def _as_blank_lines(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _files() -> list[Path]:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def _python_files() -> list[Path]:
    return [file for file in _files() if file.suffix == ".py"]


def _lengths_of_the_rooms() -> dict[str, int]:
    return {
        f"{file.relative_to(ROOT)}:{function}": length
        for file in _python_files()
        if file.relative_to(ROOT).parts[0] in ROOMS
        for function, length in lengths(file.read_text(encoding="utf-8")).items()
    }


def _text(file: Path) -> str:
    content = file.read_bytes()
    return "" if b"\0" in content else content.decode(errors="replace")


def test_no_function_is_long() -> None:
    assert {name: length for name, length in _lengths_of_the_rooms().items() if length > LONGEST} == {}


def test_functions_are_short_as_a_rule() -> None:
    all_lengths = list(_lengths_of_the_rooms().values())
    assert median(all_lengths) <= MEDIAN
    assert quantiles(all_lengths, n=10)[-1] <= NINETIETH_PERCENTILE


def test_every_module_says_what_it_is() -> None:
    files = [(file, ast.parse(file.read_text(encoding="utf-8"))) for file in _python_files()]
    assert [str(file.relative_to(ROOT)) for file, tree in files if not ast.get_docstring(tree)] == []


def test_every_name_says_something() -> None:
    files = [file.relative_to(ROOT) for file in _python_files()]
    assert [str(file) for file in files if {*file.parts, file.stem} & NAMES_THAT_SAY_NOTHING] == []


def test_templates_hold_no_code_and_trust_no_value() -> None:
    templates = [file for file in _files() if file.is_relative_to(ROOT / "verify" / "templates")]
    faults = {file.name: template_faults(file.read_text(encoding="utf-8")) for file in templates}
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_file_names_a_package_host_or_a_place_elsewhere() -> None:
    found = {str(file.relative_to(ROOT)): mentions(_text(file)) for file in _files()}
    assert {file: named for file, named in found.items() if named} == {}


def test_what_the_linter_may_not_say_has_a_reason() -> None:
    assert [line for file in _python_files() for line in reasonless(file.read_text(encoding="utf-8"))] == []
    assert reasonless_ignores((ROOT / "pyproject.toml").read_text(encoding="utf-8")) == []


def test_a_length_runs_from_def_to_the_last_line() -> None:
    source = "@decorated\n@twice\ndef outer():\n    async def inner():\n        pass\n\n    return inner\n"
    assert lengths(source) == {"3 outer": 5, "4 inner": 2}


@pytest.mark.parametrize(
    "text",
    [
        "{{ name|safe }}",
        "{{ name | safe }}",
        "{% autoescape false %}{{ name }}{% endautoescape %}",
        "<script>alert(1)</script>",
        '<script type="module">start()</script>',
        "<style>p {}</style>",
        '<p style="color: red">',
        "<button\n    class='{{ kind }}' onclick=go()>",
        '<a href="javascript:go()">',
    ],
)
def test_a_faulty_template_is_found(text: str) -> None:
    assert len(template_faults(f"<p>1</p>\n{text}\n")) == 1


def test_a_decent_template_passes() -> None:
    text = """{# onclick="x" is refused #}{% set onset = "a" %}
<link rel="stylesheet" href="/static/page.css"><style>{{ public_style }}</style>
<script src="/static/live.js" defer></script><p class="{{ 'on' if a > b }}">safe, on = off</p>"""
    assert template_faults(text) == []


def test_a_template_fault_is_placed() -> None:
    assert template_faults("{#\n#}\n<p>{{\nx }}</p><p style='a'>") == ["4: an element is styled in place"]


@pytest.mark.parametrize("name", [*PACKAGE_HOSTS, *PLACES_ELSEWHERE, "issue " + "#7"])
def test_a_mention_is_found(name: str) -> None:
    assert mentions(f"see https://{name}/x") == [name]


@pytest.mark.parametrize("line", ["x = 1  # " + "noqa", "x = 1  # " + "noqa: S311", "# ruff: " + "noqa"])
def test_a_silenced_rule_without_a_reason_is_found(line: str) -> None:
    assert reasonless(f"a = 0\n{line}\n") == [line]


def test_an_ignored_rule_without_a_reason_is_found() -> None:
    pyproject = 'ignore = [\n    "D203",  # the pair\n    "S101",\n]\n"tests/**" = [\n    "D1",\n]\n'
    assert reasonless_ignores(pyproject) == ['"S101",', '"D1",']
