"""The command `gangpai`: which commands there are, and how each ends.

Exit 0: done; 1: refused; 2: wrong usage. A command's own module is loaded when the command is called, so that
`gangpai --help` does not wait for typefaces and web servers. Knows no act and no record.
"""

import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

import typer

from gangpai import __version__
from gangpai.terminal import show_refusal
from store.refusals import Refusal

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


@dataclass(frozen=True)
class Entry:
    """A command: its words, the function behind it (module:name below gangpai.commands), what it does."""

    words: str
    function: str
    help: str


COMMANDS = (
    Entry("import", "rosters:import_roster", "导入名册 / Import a roster"),
    Entry("posts", "rosters:posts", "岗位列表 / List the posts"),
    Entry("history", "rosters:history", "岗位经过 / Tell the life of a post"),
    Entry("copies", "plates:copies", "标牌列表 / List the printed plates"),
    Entry("recalls", "plates:recalls", "收回清单 / List the plates that must come back"),
    Entry("remind", "reminders:remind", "催办逾期标牌 / Remind branches of overdue plates"),
    Entry("form", "paperwork:form", "表格与通知 / Make a form, notice or sheet"),
    Entry("roll", "roll:roll", "标牌名册 / Write the roll of valid and revoked plates"),
    Entry("due", "duties:due", "待办事项 / Who must do what by when"),
    Entry("organisation", "", "党组织 / The organisations"),
    Entry("organisation add", "organisations:add_organisation", "登记党总支 / Enter a general branch"),
    Entry("organisation rename", "organisations:rename_organisation", "党总支更名 / Rename a general branch"),
    Entry("organisation list", "organisations:list_organisations", "党组织列表 / List the organisations"),
    Entry("plan", "", "实施方案 / The branches' plans"),
    Entry("plan file", "notices:plan_file", "报备方案 / File a branch's plan"),
    Entry("plan list", "notices:plan_list", "方案列表 / List the plans on file"),
    Entry("notice", "", "公示 / Public notices"),
    Entry("notice post", "notices:notice_post", "登记公示 / Show applications or plans to the public"),
    Entry("notice list", "notices:notice_list", "公示列表 / List the notices"),
    Entry("objection", "", "公示意见 / Objections to what is shown"),
    Entry("objection add", "notices:objection_add", "录入书面意见 / Enter an objection from paper"),
    Entry("objection list", "notices:objection_list", "意见列表 / List the objections"),
    Entry("objection settle", "notices:objection_settle", "查明并答复 / Settle an objection"),
    Entry("approve", "decisions:approve", "批准申报 / Approve applications"),
    Entry("send-back", "decisions:send_back", "退回申报 / Send an application back"),
    Entry("print", "paper:print_copies", "制作标牌、胸牌、桌牌、门牌 / Print plates of every kind"),
    Entry("survey", "inspections:survey", "登记纸质满意度测评 / Enter a survey held on paper"),
    Entry("satisfaction", "inspections:satisfaction", "群众满意度 / How satisfied the public is"),
    Entry("inspect", "inspections:inspect", "登记检查评比 / Enter an inspection"),
    Entry("award", "decisions:award", "命名授牌 / Award the title"),
    Entry("assess", "assessments:assess", "季度考核 / Assess the members of titled posts"),
    Entry("reassess", "assessments:reassess", "更正考核 / Correct an assessment"),
    Entry("rectify", "assessments:rectify", "整改与办结 / Have a problem put right"),
    Entry("rectify list", "assessments:rectifications", "整改清单 / List what is to be put right"),
    Entry("adjust", "adjustments:adjust", "岗位调整 / Adjust a post"),
    Entry("end", "adjustments:end", "届满停用 / End a post whose term is over"),
    Entry("investigate", "decisions:investigate", "登记查证结论 / Enter an investigation's finding"),
    Entry("veto", "decisions:veto", "一票否决 / Veto a post"),
    Entry("correct", "adjustments:correct", "更正一票否决 / Take a mistaken veto back"),
    Entry("place", "adjustments:place", "登记悬挂地点 / Enter where a plate hangs"),
    Entry("return", "plates:return_plate", "登记交回 / Enter that a plate came back"),
    Entry("lost", "plates:lost", "登记挂失 / Report a plate lost"),
    Entry("damaged", "adjustments:damaged", "登记损坏 / Report a plate damaged"),
    Entry("feedback", "voice:feedback", "群众意见 / List what the public said"),
    Entry("feedback list", "voice:feedback", "意见列表 / List what the public said"),
    Entry("feedback call-back", "voice:call_back", "登记回访 / Enter a call-back"),
    Entry("feedback settle", "voice:settle", "办结并公开答复 / Settle a message with an answer"),
    Entry("feedback paper", "voice:paper", "录入纸质意见 / Enter a paper form"),
    Entry("feedback contact", "voice:contact", "查看联系方式 / Open the contact left with a message"),
    Entry("feedback key", "voice:make_key", "生成联系方式密钥 / Make the key that contacts are sealed to"),
    Entry("commitment", "publicity:commitment", "公开承诺 / Enter a public commitment"),
    Entry("deed", "publicity:deed", "先进事迹 / Enter an exemplary deed"),
    Entry("supervise", "oversight:supervise", "督查指导 / Enter a visit of supervision"),
    Entry("summary", "oversight:summary", "年度总结 / Enter what a branch learned"),
    Entry("attach", "attachments:attach", "收存附件 / Keep a file with a record"),
    Entry("attachments", "attachments:attachments", "附件清单 / List the files of a record"),
    Entry("attachment", "attachments:attachment", "取出附件 / Write a file out"),
    Entry("check", "checking:check", "核验编码、图片或 PDF / Check a code, picture or PDF"),
    Entry("design", "", "牌面设计 / What plates look like"),
    Entry("design list", "designs:list_designs", "设计列表 / List the designs"),
    Entry("design new", "designs:new_design", "新建设计文件 / Begin a design of your own"),
    Entry("design check", "designs:check_designs", "核对设计文件 / Examine design files"),
    Entry("design preview", "designs:preview_design", "设计样张 / Draw a sample of a design"),
    Entry("officer", "", "登录人员 / Who may sign in"),
    Entry("officer add", "officers:add_officer", "添加人员 / Add an officer"),
    Entry("officer list", "officers:list_officers", "人员列表 / List the officers"),
    Entry("officer invite", "officers:invite_officer", "发送设定密码的链接 / Link to choose a password"),
    Entry("officer take-device", "officers:take_device", "停用丢失手机的验证码 / A device was lost"),
    Entry("officer change", "officers:change_officer", "更改角色或单位 / Another role or branch"),
    Entry("officer disable", "officers:disable_officer", "停用账号 / Close an account"),
    Entry("token", "", "接口令牌 / Tokens for an office's own tools"),
    Entry("token add", "tokens:add_token", "发放令牌 / Grant a token"),
    Entry("token list", "tokens:list_tokens", "令牌列表 / List the tokens"),
    Entry("token revoke", "tokens:revoke_token", "收回令牌 / Take a token back"),
    Entry("webhook", "", "变动通知 / Other programs that are told of changes"),
    Entry("webhook add", "webhooks:add_webhook", "登记接收方 / Add a receiver"),
    Entry("webhook list", "webhooks:list_webhooks", "接收方列表 / List the receivers"),
    Entry("webhook end", "webhooks:end", "停用接收方 / End a receiver"),
    Entry("webhook deliveries", "webhooks:deliveries", "通知清单 / List the messages"),
    Entry("webhook deliver", "webhooks:deliver", "送出到期的通知 / Deliver what is due"),
    Entry("webhook test", "webhooks:try_webhook", "试发一条 / Send a test message"),
    Entry("serve", "running:serve", "开启网上核验服务 / Serve the scan pages"),
    Entry("ledger", "", "工作台账 / The log of acts"),
    Entry("ledger verify", "ledger:verify_ledger", "核对台账 / Verify the ledger"),
    Entry("ledger checkpoint", "ledger:checkpoint", "台账校验值 / Print the ledger's checkpoint"),
    Entry("ledger key", "ledger:key", "台账公钥 / Print the key that checkpoints are compared with"),
    Entry("ledger prove", "ledger:prove", "开具某条的证明 / Prove one entry to somebody outside"),
    Entry("ledger leaves", "ledger:leaves", "导出公开台账 / Write what anybody may see of the log"),
    Entry("export", "keeping:export", "导出 JSON / Export as JSON"),
    Entry("backup", "keeping:backup", "备份登记簿 / Back the register up"),
    Entry("restore", "keeping:restore", "恢复到空登记簿 / Restore into an empty register"),
    Entry("migrate", "keeping:migrate", "升级登记簿格式 / Bring the register's format up to date"),
    Entry("doctor", "health:doctor", "检查安装与设置 / Examine settings and machine"),
    Entry("policy", "policy:policy", "现行规则与依据 / The policy and its clauses"),
    Entry("demo", "running:demo", "样例演示 / Walk through a sample round"),
    Entry("drill", "running:drill", "一票否决演练 / Measure a veto"),
    Entry("bench", "running:bench", "性能测量 / Measure against named peers"),
)


def main() -> None:
    """Run the command with the arguments of the process, and end the process."""
    _open_what_the_caller_closed()
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_a_character(stream)
    sys.exit(run(sys.argv[1:]))


def _open_what_the_caller_closed() -> None:
    """Lead closed standard streams nowhere, so that no file of ours is opened under their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 -- open as long as the process
            setattr(sys, name, stream)


def _never_fail_on_a_character(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    entry = _entry_of(arguments)
    if entry is None:
        return _without_command(arguments)
    try:
        return _call(entry, list(arguments[len(entry.words.split()) :]))
    except Refusal as refusal:
        show_refusal(refusal, as_json="--json" in arguments)
        return REFUSED
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("已中止。\nStopped.", err=True)
        return REFUSED
    except typer.TyperException as error:
        problem = str(getattr(error, "format_message", error.__str__)())
        return _wrong_usage(entry.words, _problem_zh(error), problem)
    except Exception as error:  # noqa: BLE001 -- the edge of the program: an officer is shown words, never a traceback
        return _unexpected(error)


def _entry_of(arguments: Sequence[str]) -> Entry | None:
    given = list(arguments[:2])
    named = [entry for entry in COMMANDS if entry.function and _begins_with(given, entry.words.split())]
    return max(named, key=lambda entry: len(entry.words.split()), default=None)


def _begins_with(given: Sequence[str], words: Sequence[str]) -> bool:
    return given[: len(words)] == words


def _call(entry: Entry, arguments: list[str]) -> int:
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(help=entry.help)(_load(entry))
    command = typer.main.get_command(app)
    name = f"gangpai {entry.words}"
    if "--help" in arguments:
        typer.echo(_bilingual(command.get_help(command.make_context(name, [], resilient_parsing=True))))
        _tell_below(entry.words)
        return DONE
    return command.main(arguments, prog_name=name, standalone_mode=False) or DONE


def _tell_below(words: str) -> None:
    """Name the commands below one that also stands for itself, such as `feedback`."""
    if _below(words):
        typer.echo(f"\n{overview(words)}")


def _load(entry: Entry) -> Callable[..., Any]:
    module, _, name = entry.function.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"gangpai.commands.{module}"), name)
    return function


_BOTH_LANGUAGES = {
    r"Usage: ": "用法 Usage: ",
    r"Arguments:": "参数 Arguments:",
    r"Options:": "选项 Options:",
    r"required\]": "必填 required]",
    r"\[default:": "[默认 default:",
    r"Show this message and exit\.": "显示本说明 / show this message",
}


def _bilingual(text: str) -> str:
    for english, both in _BOTH_LANGUAGES.items():
        text = re.sub(english, both, text)
    return text


def _without_command(arguments: Sequence[str]) -> int:
    words = [each for each in arguments if not each.startswith("-")]
    if "--version" in arguments and not words:
        typer.echo(f"gangpai {__version__}")
        return DONE
    if words and (len(words) > 1 or not _below(words[0])):
        given = " ".join(words)
        return _wrong_usage("", f"没有命令“{given}”", f"no such command: {given}.")
    typer.echo(overview(words[0] if words else ""))
    return DONE if "--help" in arguments else WRONG_USAGE


def overview(group: str = "") -> str:
    """Return the help of the whole command, or of one group of it."""
    words = f"gangpai {group}".strip()
    entries = _below(group) if group else [entry for entry in COMMANDS if " " not in entry.words]
    lines = [f"  {entry.words.removeprefix(group).strip():14}{entry.help}" for entry in entries]
    usage = f"用法 Usage: {words} COMMAND [ARGS]…\n\n命令 Commands:\n"
    return usage + "\n".join(lines) + f"\n\n每个命令的说明 / more on each: {words} COMMAND --help"


def _below(group: str) -> list[Entry]:
    return [entry for entry in COMMANDS if entry.words.startswith(f"{group} ")]


_PROBLEMS_ZH = {
    "MissingParameter": "缺少{what}",
    "BadParameter": "{what}填写有误",
    "NoSuchOption": "没有选项{what}",
    "BadOptionUsage": "选项{what}没有填写内容",
}


def _problem_zh(error: typer.TyperException) -> str:
    words = _PROBLEMS_ZH.get(type(error).__name__, "参数有误")
    return words.format(what=_what(error) or "参数")


def _what(error: typer.TyperException) -> str:
    """Return the option or argument an error is about, as the help writes it; nothing if it names none."""
    parameter = getattr(error, "param", None)
    named = getattr(error, "option_name", "") if parameter is None else parameter.get_error_hint()
    return f" {named} " if named else ""


def _wrong_usage(words: str, problem_zh: str, problem: str) -> int:
    command = f"gangpai {words}".strip()
    typer.echo(
        f"命令写法有误：{problem_zh}，请看 {command} --help\nWrong usage: {problem} See {command} --help",
        err=True,
    )
    return WRONG_USAGE


def _unexpected(error: Exception) -> int:
    if os.environ.get("GANGPAI_DEBUG") == "1":
        traceback.print_exception(error)
    name = type(error).__name__
    typer.echo(
        f"程序出错（{name}：{error}），本次操作未完成。设 GANGPAI_DEBUG=1 再运行可看到详情。\n"
        f"Something failed unexpectedly ({name}: {error}). Run again with GANGPAI_DEBUG=1 for the details.",
        err=True,
    )
    return REFUSED
