"""Real answers of the API, kept beside the code and compared with it by a test."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def examples() -> dict[str, Any]:
    """Return by operation: `parameters` by name, `body` if there is one, and `answers` by status."""
    text = (files("verify") / "api" / "examples.json").read_text("utf-8")
    kept: dict[str, Any] = json.loads(text)
    return kept
