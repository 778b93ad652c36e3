"""A real server on a free loopback port, in a thread of the test, and how to wait for something."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

LOOPBACK = "127.0.0.1"
SOON_S = 10.0


def until(condition: Callable[[], object], within_s: float = SOON_S) -> float:
    """Wait for a condition and return how many seconds it took.

    Raises:
        TimeoutError: it did not come true in time.

    """
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > within_s:
            raise TimeoutError
        threading.Event().wait(0.005)
    return time.monotonic() - begun


def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def served(app: Any, port: int, **more: Any) -> Iterator[str]:
    """Serve for a block and yield the address; open pages are cut off at its end."""
    config = uvicorn.Config(app, host=LOOPBACK, port=port, ws="none", log_config=None, **more)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(SOON_S)
        assert not thread.is_alive()
