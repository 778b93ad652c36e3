"""The page for integrators: each of its requests is made, and answered as the page says."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import httpx

from store.acts.tokens import SCOPE_ROLES
from store.records import Scope
from tests.verify.api.scene import OF_A, Scene, token_of
from tests.verify.in_process import visitor
from verify.api import routes
from verify.api.doors import Scoped
from verify.throttle import API_PER_NETWORK_HOUR, API_PER_TOKEN_HOUR, NUMBERS_PER_HOUR

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXCHANGES = re.findall(r"```sh\ncurl (.*?)\n```\n\n```json\n(.*?)```", TEXT, flags=re.DOTALL)


def made(scene: Scene, command: str) -> httpx.Response:
    """Make the request of a curl command."""
    words = iter(shlex.split(command.replace("$TOKEN", token_of(OF_A))))
    method, headers, body, url = "GET", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        else:
            url = word
    return visitor(scene.app, "").request(method, url, headers=headers, content=body)


def shown(answer: httpx.Response) -> str:
    return json.dumps(answer.json(), ensure_ascii=False, indent=2) + "\n"


def test_every_request_is_answered_as_shown(own_scene: Scene) -> None:
    assert len(EXCHANGES) == TEXT.count("```sh")
    for command, answer in EXCHANGES:
        assert shown(made(own_scene, command)) == answer, command


def test_every_scope_stands_there_with_its_operation() -> None:
    rows: dict[str, Any] = dict(
        re.findall(r"^\| `([a-z]+:[a-z]+)` \| `[A-Z]+ ([^`]+)` \|", TEXT, flags=re.MULTILINE)
    )
    paths = {route.door.scope: route.path for route in routes() if isinstance(route.door, Scoped)}
    assert rows == {scope.value: paths[scope] for scope in Scope}
    assert SCOPE_ROLES.keys() == set(Scope)


def test_the_limits_are_those_of_the_program() -> None:
    for limit in (API_PER_NETWORK_HOUR, API_PER_TOKEN_HOUR, NUMBERS_PER_HOUR):
        assert str(limit) in TEXT
