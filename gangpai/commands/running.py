"""Running things: the server, the demonstration, the drill, the benchmark."""

import importlib.util
import subprocess
import sys
from typing import Annotated

import typer

from gangpai.serve import LOOPBACK, Listening
from gangpai.serve import serve as serve_pages
from gangpai.terminal import AsJson, show
from store.refusals import Refusal

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 / port")]


class BenchElsewhere(Refusal):
    """The measurements are not part of an installed package. Remedy: run them in a clone of the sources."""

    reason_zh = "性能测量不随安装包提供。"
    reason_en = "The measurements do not come with the installed package."
    remedy_zh = "请在源码目录中运行 make bench。"
    remedy_en = "Run make bench in a clone of the sources."


def serve(
    *,
    host: Annotated[str, typer.Option("--host", help="监听地址 / address to listen at")] = LOOPBACK,
    port: Port = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="工作进程数 / worker processes")
    ] = 1,
) -> None:
    """Serve the scan pages and the console until stopped."""
    typer.echo(f"服务地址 Serving http://{host}:{port}（Ctrl+C 停止 / to stop）")
    serve_pages(Listening(host=host, port=port, workers=workers))


def demo(
    *,
    serve_it: Annotated[
        bool, typer.Option("--serve/--no-serve", help="完成后开启服务 / serve afterwards")
    ] = True,
    port: Port = 8000,
    as_json: AsJson = False,
) -> None:
    """Walk a sample roster from import to plaques, then serve it."""
    from gangpai.demo import prepare, present  # noqa: PLC0415 -- typefaces load slowly; the server does without them

    demonstration = prepare(port=port)
    present(demonstration, as_json=as_json)
    if serve_it:
        serve(port=port)


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


def bench(arguments: Annotated[list[str] | None, typer.Argument(metavar="[ARGS]…")] = None) -> None:
    """Run the measurements of the source tree.

    Raises:
        BenchElsewhere: there is no source tree.
        typer.Exit: with the measurements' own exit code.

    """
    if importlib.util.find_spec("bench") is None:
        raise BenchElsewhere
    command = [sys.executable, "-m", "bench", *(arguments or [])]
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 -- our own interpreter and module
