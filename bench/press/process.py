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
from typing import NamedTuple

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
    """Run a program to its end; its modules are compiled once and kept, as those of an installed one are.

    Raises:
        TookTooLong: it was stopped.
        subprocess.CalledProcessError: it failed.

    """
    began = time.perf_counter()
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, start_new_session=True, env=compiled)
    ended, usage, peak = _watched(process, began + limit_s)
    wall_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(
        wall_s=wall_s,
        cpu_s=usage.ru_utime + usage.ru_stime,
        memory_mb=peak.shared_kb / _KB_PER_MB,
        largest_mb=peak.largest_kb / _KB_PER_MB,
    )


class _Held(NamedTuple):
    """Memory of a tree: shared pages divided among those who share them, and of its largest process."""

    shared_kb: int
    largest_kb: int


def _watched(process: "subprocess.Popen[bytes]", until: float) -> tuple[int, resource.struct_rusage, _Held]:
    """Look at a process and its children until it ends; return how it ended, what it used, and its peak."""
    peak = _Held(0, 0)
    looked = 0.0
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            return status, usage, peak
        now = time.perf_counter()
        if now > until:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise TookTooLong
        if now - looked >= _EVERY_S:
            peak = _Held(*map(max, peak, _held(process.pid)))
            looked = now
        time.sleep(_WAIT_S)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _held(pid: int) -> _Held:
    each = [_memory(process) for process in _tree(pid)]
    return _Held(sum(held.shared_kb for held in each), max(held.largest_kb for held in each))


def _memory(pid: int) -> _Held:
    """Return the proportional and the resident size of a process, in which its parent's have no part."""
    found = {"Pss": 0, "Rss": 0}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, size = line.partition(":")
            if name in found:
                found[name] = int(size.split()[0])
    return _Held(found["Pss"], found["Rss"])
