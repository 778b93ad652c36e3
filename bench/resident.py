"""The memory of a process at work in a register, in megabytes: `python -m bench.resident PATH DOCUMENTS`."""

import re
import subprocess
import sys
from pathlib import Path

from bench.filling import Work
from store.records import Copy
from store.tinydb_register import TinyDbRegister

LOOK_UPS, ACTS = 2_500, 100
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def peak_megabytes(path: Path, documents: int) -> float:
    """Return the most memory that a fresh process held while it looked up and acted in the register."""
    command = [sys.executable, "-m", "bench.resident", str(path), str(documents)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(path: Path, documents: int) -> None:
    """Work in the register and print the peak."""
    register = TinyDbRegister(path)
    work = Work(register, documents, first_receipt=LOOK_UPS)
    for _ in range(LOOK_UPS):
        register.find(Copy, code=next(work.codes).text)
    for _ in range(ACTS):
        work.vote()
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    print(int(found[1]) / 1024 if found else 0.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
