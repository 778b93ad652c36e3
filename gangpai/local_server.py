"""A server of our own on this machine: started in processes of its own, awaited, and stopped again.

Serves the drill, the README's pictures and the long tests; an office's own service is `gangpai serve`.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from gangpai.probe import HOST, connected
from gangpai.settings import Settings
from store.refusals import Refusal

READY_WITHIN_S, STOPPED_WITHIN_S = 60, 5


class ServerStuck(Refusal):
    """The server did not start in time. Remedy: look at the machine."""

    reason_zh = "服务未能在{within_s}秒内启动。"
    reason_en = "The server did not start within {within_s} s."
    remedy_zh = "请在空闲的机器上重试；仍不行时运行 gangpai doctor。"
    remedy_en = "Try again on a machine that is idle, or run gangpai doctor."


@contextmanager
def running_server(settings: Settings, *, workers: int) -> Iterator[int]:
    """Run `gangpai serve` in processes of its own on a free port of this machine, and stop it afterwards.

    Raises:
        ServerStuck: it is not ready in time.

    """
    port = free_port()
    process = start_server(settings, port, workers=workers)
    try:
        wait_until_ready(process, port)
        yield port
    finally:
        process.terminate()
        _wait_or_kill(process)


def start_server(settings: Settings, port: int, *, workers: int) -> "subprocess.Popen[bytes]":
    """Start `gangpai serve` with the settings, in a process group of its own; it is not ready yet."""
    options = ["--port", str(port), "--workers", str(workers), "--no-access-log"]
    command = [sys.executable, "-m", "gangpai", "serve", *options]
    environment = server_environment(settings, port)
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 -- our own program


def free_port() -> int:
    """Return a port of this machine that is free at the moment."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def server_environment(settings: Settings, port: int) -> dict[str, str]:
    """Return this process's environment with the settings a server at the port works with."""
    return {
        **os.environ,
        "GANGPAI_STORE": settings.store.setting,
        "GANGPAI_BASE_URL": f"http://{HOST}:{port}",
        "GANGPAI_DEMO": "1",
    }


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when the server answers that it is ready.

    Raises:
        ServerStuck: it ended, or is not ready in time.

    """
    deadline = time.monotonic() + READY_WITHIN_S
    while not asyncio.run(_is_ready(port)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerStuck(within_s=READY_WITHIN_S)
        time.sleep(0.05)


async def _is_ready(port: int) -> bool:
    try:
        async with connected(port) as line:
            return await line.ask("/readyz") == 200  # noqa: PLR2004 -- the status OK
    except (OSError, IndexError):
        return False


def _wait_or_kill(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
