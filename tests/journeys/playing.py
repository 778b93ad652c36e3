"""Starting the processes of the long stories quickly, hearing from them, and killing them without warning."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from tests.journeys import workers

PATIENCE_S = 60
_PROCESSES = multiprocessing.get_context("forkserver")


@contextmanager
def started(play: Callable[..., None], *arguments: Any) -> Iterator[Connection]:
    """Start a process that talks through a pipe; at the end of the block it is killed as it stands.

    It is forked from a process that has the code loaded, so that it works after a few milliseconds.
    """
    _PROCESSES.set_forkserver_preload([workers.__name__])
    here, there = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=play, args=(*arguments, there), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        process.kill()
        process.join(PATIENCE_S)
        here.close()


def heard(connection: Connection) -> Any:
    """Return what the process says next."""
    assert connection.poll(PATIENCE_S), "nothing was heard in time"
    return connection.recv()
