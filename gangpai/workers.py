"""Workers: processes of this machine that draw portions.

Knows how they are made, that they stop when their parent does, and how many this machine has room for.
Leaves out what they draw (portions.py).
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext

from gangpai.portions import Crew, Inline


@contextmanager
def own_processes(jobs: int) -> Iterator[Crew]:
    """Call in that many processes of this machine; whatever ends the block early ends them at once."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, mp_context=_context(), initializer=obey_the_parent)
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
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
