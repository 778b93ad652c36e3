"""Running things: the server, the demonstration, the drill, the benchmark."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gangpai.serve import LOOPBACK, Listening, check_free, first_officer_address
from gangpai.serve import serve as serve_pages
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.refusals import Refusal

if TYPE_CHECKING:
    from gangpai.demo import Demonstration

Port = Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N", help="端口 / port")]


class BenchElsewhere(Refusal):
    """The measurements are not part of an installed package. Remedy: run them in a clone of the sources."""

    reason_zh = "性能测量不随安装包提供。"
    reason_en = "The measurements do not come with the installed package."
    remedy_zh = "请在源码目录中运行 make bench。"
    remedy_en = "Run make bench in a clone of the sources."


def serve(
    *,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="监听地址 / address to listen at")
    ] = LOOPBACK,
    port: Port = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, metavar="N", help="工作进程数 / worker processes")
    ] = 1,
    log_format: Annotated[
        str, typer.Option("--log-format", metavar="text|json", help="日志格式 / form of the log")
    ] = "",
    access_log: Annotated[
        bool, typer.Option("--access-log/--no-access-log", help="每次访问记一行 / a line for each request")
    ] = True,
) -> None:
    """Serve the scan pages and the console until stopped."""
    if log_format:
        os.environ["GANGPAI_LOG_FORMAT"] = log_format
    typer.echo(f"服务地址 Serving http://{host}:{port}（Ctrl+C 停止 / to stop）")
    listening = Listening(host=host, port=port, workers=workers, access_log=access_log)
    if address := first_officer_address(listening):
        typer.echo(f"首个账号（只能在本机打开） The first account, on this machine: {address}")
    serve_pages(listening)


def demo(
    *,
    serve_it: Annotated[
        bool, typer.Option("--serve/--no-serve", help="完成后开启服务 / serve afterwards")
    ] = True,
    port: Port = 8000,
    as_json: AsJson = False,
) -> None:
    """Walk a sample roster from import to plaques, show what was made, then serve it."""
    from gangpai.demo import prepare  # noqa: PLC0415 -- typefaces load slowly; the server does without them

    if serve_it:
        check_free(Listening(port=port))
    demonstration = prepare(port)
    _present(demonstration, as_json=as_json)
    if serve_it:
        os.environ.update(demonstration.environment)
        serve(port=port, access_log=False)


_FILES = (
    Column(key="file", zh="文件", en="file"),
    Column(key="copies", zh="件数", en="copies"),
    Column(key="pages", zh="页数", en="pages"),
)
_EXAMPLES = (
    Column(key="standing_zh", zh="扫码结果", en="standing"),
    Column(key="standing_en", zh="英文", en="in English"),
    Column(key="url", zh="网址", en="address"),
)


def _present(demonstration: "Demonstration", *, as_json: bool) -> None:
    from gangpai.demo import examples  # noqa: PLC0415 -- as above

    made = [asdict(each) for each in demonstration.files]
    scan = [asdict(each) for each in examples(demonstration)]
    if as_json:
        facts = {key: getattr(demonstration, key) for key in ("base_url", "officer", "password", "posts")}
        show(Outcome(zh="", en="", facts={**facts, "files": made, "scan": scan}), as_json=True)
        return
    done_zh, done_en = ("已完成", "Made now") if demonstration.made_now else ("此前已完成", "Made before")
    typer.echo(f"演示{done_zh}：{demonstration.posts}个岗位。 {done_en}: {demonstration.posts} posts.\n")
    show(Listing(name="files", columns=_FILES, rows=made), as_json=False)
    show(Listing(name="scan", columns=_EXAMPLES, rows=scan), as_json=False)
    typer.echo(
        f"\n登录 Sign in: {demonstration.base_url}/console"
        f"\n  登录名 name: {demonstration.officer}    密码 password: {demonstration.password}\n"
    )


def drill(*, as_json: AsJson = False) -> None:
    """Veto a demonstration post and measure until every scanner and open page has seen it.

    Raises:
        typer.Exit: a scan begun after the acknowledgement still showed the plate as standing.

    """
    from gangpai.drill import run_drill  # noqa: PLC0415 -- loads an HTTP client the server does without

    drilled = run_drill()
    show(drilled.outcome, as_json=as_json)
    if not drilled.passed:
        raise typer.Exit(1)


def bench(arguments: Annotated[list[str] | None, typer.Argument(metavar="ARG")] = None) -> None:
    """Run the measurements of the source tree.

    Raises:
        BenchElsewhere: there is no source tree.
        typer.Exit: with the measurements' own exit code.

    """
    if importlib.util.find_spec("bench") is None:
        raise BenchElsewhere
    command = [sys.executable, "-m", "bench", *(arguments or [])]
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 -- our own interpreter and module
