"""The examples of the description, as the application gives them: `python -m tests.verify.api.real_answers`.

Writes verify/api/examples.json; a test compares what is kept there with what is answered today.
"""

import json
import tempfile
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from store.tinydb_register import TinyDbRegister
from tests.verify.api.scene import COMMITTEE, CREATING, OF_B, REVOKED, VALID, Scene, scene_over, token_of

KEPT = Path(__file__).parents[3] / "verify" / "api" / "examples.json"
OF_CHANCE = {"checkpoint", "entry"}
"""Operations whose answers hold salts and signatures: the kept ones are as real, but of another register."""


@dataclass(frozen=True)
class Asked:
    """One request: of which operation, at which address, with which parameters, body and token."""

    operation: str
    path: str
    parameters: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    token: str = ""

    def of(self, scene: Scene) -> httpx.Response:
        method = "GET" if self.body is None else "POST"
        path = self.path.format(**self.parameters)
        return scene.client(self.token).request(method, path, params=self.query, json=self.body)


def requests(scene: Scene) -> list[Asked]:
    """Return what is asked, in this order."""
    committee, of_b = token_of(COMMITTEE), token_of(OF_B)
    plate, revoked = scene.copies[VALID], scene.copies[REVOKED]
    returned: dict[str, Any] = {
        "parameters": {"number": revoked.id},
        "body": {"fate": "returned", "note": ""},
    }
    return [
        Asked("plate", "/plates/{code}", {"code": plate.code}),
        Asked("plate", "/plates/{code}", {"code": "0" * 26}),
        Asked("plate_by_number", "/plates/number/{number}", {"number": revoked.id}),
        Asked(
            "feedback", "/plates/{code}/feedback", {"code": plate.code}, body={"grade": 5, "comment": "热情"}
        ),
        Asked("feedback", "/plates/{code}/feedback", {"code": plate.code}, body={"grade": 6}),
        Asked("posts", "/posts"),
        Asked("posts", "/posts", query={"limit": 0}),
        Asked("post", "/posts/{number}", {"number": CREATING}),
        Asked("post", "/posts/{number}", {"number": "2026-999"}),
        Asked("branches", "/branches"),
        Asked("notices", "/notices"),
        Asked("satisfaction", "/satisfaction", {"period": "2026-Q3"}, {"period": "2026-Q3"}),
        Asked("satisfaction", "/satisfaction", query={"period": "2026-Q4"}),
        Asked("roll", "/roll"),
        Asked("changes_of_standing", "/changes"),
        Asked("index", "/"),
        Asked("policy", "/policy"),
        Asked("checkpoint", "/ledger/checkpoint"),
        Asked("entry", "/ledger/entries/{number}", {"number": 3}),
        Asked("entry", "/ledger/entries/{number}", {"number": 10**9}),
        Asked("problem", "/problems/{name}", {"name": "no-such-post"}),
        Asked("office_posts", "/office/posts", token=of_b),
        Asked("office_posts", "/office/posts"),
        Asked("office_posts", "/office/posts", query={"branch": "O01"}, token=of_b),
        Asked("office_copies", "/office/copies", token=of_b),
        Asked("office_recalls", "/office/recalls", token=committee),
        Asked("office_duties", "/office/duties", token=of_b),
        Asked("office_feedback", "/office/feedback", token=committee),
        Asked("office_feedback", "/office/feedback", token=of_b),
        Asked("office_ledger", "/office/ledger", query={"limit": 2}, token=committee),
        Asked("take_in", "/copies/{number}/return", token=committee, **returned),
        Asked("take_in", "/copies/{number}/return", token=committee, **returned),
    ]


def answers(scene: Scene) -> dict[str, Any]:
    """Ask everything, and return what is kept as examples."""
    kept: defaultdict[str, dict[str, Any]] = defaultdict(lambda: {"parameters": {}, "answers": {}})
    for asked in requests(scene):
        answer, of_operation = asked.of(scene), kept[asked.operation]
        if answer.is_success:
            of_operation["parameters"] |= asked.parameters
            of_operation |= {} if asked.body is None else {"body": asked.body}
        media_type = answer.headers["content-type"].partition(";")[0]
        of_operation["answers"].setdefault(str(answer.status_code), {})[media_type] = answer.json()
    return dict(kept)


def write() -> None:
    """Write the examples anew."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(TinyDbRegister(Path(folder) / "register.db")) as register,
    ):
        text = json.dumps(answers(scene_over(register)), ensure_ascii=False, indent=1)
    KEPT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
