"""Measuring a program as a whole: wall time, processor time, and the most memory all its processes held.

Memory is the proportional set size summed over the tree of processes, read from the kernel every tenth of a
second (/proc/*/smaps_rollup: a shared page counts once, divided among those who share it), so that a page
that two workers share is not counted twice; Linux only.
"""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_EVERY_S = 0.1
_WAIT_S = 0.005
_KB_PER_MB = 1024


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run of a program took; `memory_mb` is of all its processes, `largest_mb` of the largest."""

    wall_s: float
    cpu_s: float
    memory_mb: float
    largest_mb: float


class TookTooLong(Exception):
    """A program was stopped because it ran longer than it may."""


def measured(command: Sequence[str], limit_s: float) -> Run:
    """Run a program to its end.

    Raises:
        TookTooLong: it was stopped.
        subprocess.CalledProcessError: it failed.

    """
    began = time.perf_counter()
    process = subprocess.Popen(command, start_new_session=True)
    ended, usage, memory_kb = _watched(process, began + limit_s)
    wall_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(
        wall_s=wall_s,
        cpu_s=usage.ru_utime + usage.ru_stime,
        memory_mb=memory_kb / _KB_PER_MB,
        largest_mb=usage.ru_maxrss / _KB_PER_MB,
    )


def _watched(process: "subprocess.Popen[bytes]", until: float) -> tuple[int, resource.struct_rusage, int]:
    """Look at a process and its children until it ends; return how it ended, what it used, and its peak."""
    peak_kb = 0
    looked = 0.0
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            return status, usage, peak_kb
        now = time.perf_counter()
        if now > until:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise TookTooLong
        if now - looked >= _EVERY_S:
            peak_kb = max(peak_kb, sum(map(_proportional_kb, _tree(process.pid))))
            looked = now
        time.sleep(_WAIT_S)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _proportional_kb(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
