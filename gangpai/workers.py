"""Workers: processes of this machine that draw portions.

Knows how they are made, that they stop when their parent does, and how many this machine has room for.
Leaves out what they draw (portions.py).
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from typing import ParamSpec, TypeVar

from gangpai.portions import Crew, Inline

P = ParamSpec("P")
T = TypeVar("T")
_STOPS = (signal.SIGINT, signal.SIGTERM)


class _Pool(ProcessPoolExecutor):
    """Workers that no signal meets before they know what to make of it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with _held_back():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _held_back() -> Iterator[None]:
    """Let the signals that stop a program wait; a process made meanwhile begins with them waiting."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def own_processes(jobs: int) -> Iterator[Crew]:
    """Call in that many processes of this machine; whatever ends the block early ends them at once."""
    others = set(multiprocessing.active_children())
    pool = _Pool(jobs, mp_context=_context(), initializer=obey_the_parent)
    try:
        yield Crew(executor=pool, workers=jobs, alone=Inline())
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _context() -> BaseContext:
    # Forked workers have every module and typeface the parent has; no other thread runs when they are made.
    return multiprocessing.get_context("fork" if sys.platform == "linux" else None)


def obey_the_parent() -> None:
    """Leave it to the parent when to stop, and stop when it is gone: killed, it can tell nobody."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
