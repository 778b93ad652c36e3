"""The pages for readers say what the program does."""

import re
from pathlib import Path

import pytest

from gangpai import cli
from gangpai.settings import DEFAULTS

ROOT = Path(__file__).parent.parent.parent
READMES = ("README.md", "README.zh-CN.md")
PAGES = (
    *READMES,
    "docs/office.md",
    "docs/branch.md",
    "docs/print-shop.md",
    "docs/designs.md",
    "docs/operator.md",
    "docs/api.md",
    "docs/benchmarks.md",
)


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", READMES)
def test_the_help_in_the_readme_is_the_programs(page: str) -> None:
    assert f"```text\n{cli.overview()}\n```" in text(page)


@pytest.mark.parametrize("page", [*READMES, "docs/operator.md"])
def test_every_setting_is_explained(page: str) -> None:
    assert {f"GANGPAI_{key.upper()}" for key in DEFAULTS} <= set(re.findall(r"GANGPAI_[A-Z_]+", text(page)))


def test_every_option_of_print_is_explained_to_the_office(capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["print", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert options - set(re.findall(r"--[a-z-]+", text("docs/office.md"))) == set()
    assert {"--changed", "--scheduler"} <= options


@pytest.mark.parametrize("page", PAGES)
def test_every_command_mentioned_exists(page: str) -> None:
    mentioned = re.findall(r"(?:^ {4}|`)gangpai ([a-z-]+(?: [a-z-]+)?)", text(page), flags=re.MULTILINE)
    first_words = {entry.words.split()[0] for entry in cli.COMMANDS}
    assert mentioned or page == "docs/print-shop.md"
    assert {each.split()[0] for each in mentioned} <= first_words


@pytest.mark.parametrize("page", PAGES)
def test_every_file_linked_exists(page: str) -> None:
    folder = (ROOT / page).parent
    linked = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)\)", text(page))
    assert [each for each in linked if "://" not in each and not (folder / each).exists()] == []
