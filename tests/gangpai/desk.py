"""What a command left behind, and what the tests of the command share."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"
BASE_URL = "https://gp.example.cn"


@dataclass(frozen=True)
class Answer:
    """Exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Answer]


def find_worthy(gangpai: Command, post_id: str, day: str = "2026-06-20") -> None:
    """Survey and inspect a post so that it can be named in the round of that day."""
    gangpai("survey", post_id, "--held-on", day, "--counts", "12,5,2,1,0", "--method", "窗口发放")
    evidence = ["--report", "听取汇报", "--site", "查看台账", "--opinions", "走访"]
    points = ["--report-points", 90, "--site-points", 85]
    judgements = ["--meets-standards", "--recognised", "--outstanding", "--effective"]
    assert gangpai("inspect", post_id, "--on", day, *evidence, *points, *judgements).code == 0
