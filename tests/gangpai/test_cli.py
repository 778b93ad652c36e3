"""How every command ends: exit codes, both languages, JSON, no traceback, a quick start."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from gangpai import cli
from tests.gangpai.desk import Command

START_CPU_S = 0.5
HEAVY = ("fastapi", "reportlab", "openpyxl", "qrcode", "zxingcpp", "uvicorn", "psycopg", "icalendar")


def test_help_names_every_command(gangpai: Command) -> None:
    answer = gangpai("--help")
    assert answer.code == 0
    for entry in cli.COMMANDS:
        assert f"  {entry.words.split()[0]} " in answer.out


def test_without_a_command_the_help_is_shown_as_wrong_usage(gangpai: Command) -> None:
    assert gangpai().code == 2
    assert gangpai("officer").code == 2


def test_a_group_lists_its_own_commands(gangpai: Command) -> None:
    answer = gangpai("ledger", "--help")
    assert answer.code == 0
    assert "checkpoint" in answer.out
    assert "import" not in answer.out


@pytest.mark.parametrize(
    "entry", [each for each in cli.COMMANDS if each.function], ids=lambda each: each.words
)
def test_every_command_exists_and_explains_itself(gangpai: Command, entry: cli.Entry) -> None:
    answer = gangpai(*entry.words.split(), "--help")
    assert answer.code == 0
    assert entry.help in answer.out
    assert "用法 Usage" in answer.out


@pytest.mark.parametrize("words", [entry.help for entry in cli.COMMANDS])
def test_every_help_text_is_chinese_first_and_english_second(words: str) -> None:
    chinese, english = words.split(" / ")
    assert not chinese.isascii()
    assert english.isascii()


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["posts", "--colour"], ["veto", "2026-001", "--cause", "5", "--facts", "x"], ["approve"]],
)
def test_wrong_usage_ends_with_2_in_both_languages(gangpai: Command, arguments: list[str]) -> None:
    answer = gangpai(*arguments)
    assert answer.code == 2
    assert "命令写法有误" in answer.err
    assert "Wrong usage" in answer.err


def test_a_refusal_ends_with_1_chinese_then_english(gangpai: Command) -> None:
    answer = gangpai("award", "2026-404", "--date", "2026-07-01")
    assert answer.code == 1
    chinese, english = answer.err.splitlines()
    assert "没有编号为“2026-404”的岗位" in chinese
    assert "There is no post '2026-404'" in english


def test_a_refusal_as_json_goes_to_standard_output(gangpai: Command) -> None:
    answer = gangpai("veto", "2026-404", "--cause", "1", "--facts", "x", "--json")
    assert (answer.code, answer.err) == (1, "")
    refused = answer.json["refused"]
    assert {"code", "zh", "en", "clause"} <= set(refused)
    assert refused["code"] == "NoSuchPost"
    assert refused["post_id"] == "2026-404"


def test_a_refusal_quotes_its_clause(gangpai: Command) -> None:
    answer = gangpai("print", "door", "--all", "--out", "out", "--json")
    assert answer.json["refused"]["clause"]["id"] == "F7"


@pytest.mark.parametrize("posts", [(), ("2026-001", "--all")])
def test_what_to_print_is_either_named_or_everything(gangpai: Command, posts: tuple[str, ...]) -> None:
    answer = gangpai("print", "plaque", *posts, "--out", "out")
    assert answer.code == 2
    assert "--all" in answer.err


def test_an_unexpected_failure_is_words_and_no_traceback(
    gangpai: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosters = import_module("gangpai.commands.rosters")
    monkeypatch.setattr(rosters, "open_office", lambda: 1 / 0)
    answer = gangpai("posts")
    assert answer.code == 1
    assert "程序出错（ZeroDivisionError" in answer.err
    assert "Traceback" not in answer.err
    monkeypatch.setenv("GANGPAI_DEBUG", "1")
    assert "Traceback" in gangpai("posts").err


def test_an_unknown_setting_is_a_refusal(gangpai: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANGPAI_STORE", "mysql://office@host/register")
    assert gangpai("posts", "--json").json["refused"]["code"] == "StoreNotInThisVersion"


def test_help_starts_fast_and_loads_nothing_heavy() -> None:
    script = (
        "import sys, time; from gangpai.cli import run; run(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], time.process_time(), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    *_, loaded, cpu_s = done.stdout.splitlines()
    assert loaded == "[]"
    assert float(cpu_s) < START_CPU_S


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "gangpai", "--version"], check=True, capture_output=True)
    assert done.stdout.startswith(b"gangpai ")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_the_caller_closed_lead_nowhere(desk: Path, closed: str) -> None:
    script = f'"$0" -m gangpai officer add wang --role committee --generate {closed}'
    ended = subprocess.run(["sh", "-c", script, sys.executable], cwd=desk, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert b"failed" not in ended.stderr + ended.stdout
    assert (desk / "data" / "register.db").is_file()


def test_no_password_comes_out_of_a_closed_stream(desk: Path) -> None:
    script = '"$0" -m gangpai officer add wang --role committee --password-stdin <&-'
    ended = subprocess.run(["sh", "-c", script, sys.executable], cwd=desk, capture_output=True, check=False)
    assert ended.returncode == 1
    assert b"No password was given" in ended.stderr


def test_all_of_nothing_says_so(gangpai: Command) -> None:
    answer = gangpai("approve", "--all", "--document", "1")
    assert answer.code == 0
    assert "没有需要办理的" in answer.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["veto", "2026-001", "--cause", "5", "--facts", "x"], "'--cause' 填写有误"),
        (["approve", "2026-001"], "缺少 '--document' "),
        (["posts", "--colour"], "没有选项 --colour "),
        (["fly"], "没有命令“fly”"),
    ],
)
def test_wrong_usage_says_in_chinese_what_is_wrong(
    gangpai: Command, arguments: list[str], words: str
) -> None:
    assert words in gangpai(*arguments).err.splitlines()[0]


def test_a_command_with_commands_below_it_names_them(gangpai: Command) -> None:
    told = gangpai("feedback", "--help").out
    assert "--open" in told
    for below in ("call-back", "settle", "paper", "contact", "key"):
        assert f"  {below} " in told


def test_a_missing_branch_is_pointed_to_the_command_that_enters_it(gangpai: Command, desk: Path) -> None:
    (desk / "plan.txt").write_text("方案", "utf-8")
    answer = gangpai("plan", "file", "无此总支", "--title", "方案", "--file", "plan.txt")
    assert answer.code == 1
    assert all("gangpai organisation add" in line for line in answer.err.splitlines())
