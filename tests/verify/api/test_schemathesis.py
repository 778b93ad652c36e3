"""The description held against the application: whatever is sent, no failure and no answer not described.

Cases are drawn by schemathesis from the description itself, half of them against it; they are asked in this
process, with the token of the committee where a route wants one.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from store.tinydb_register import TinyDbRegister
from tests.verify.api.scene import COMMITTEE, Scene, scene_over, token_of
from tests.verify.public.street import SETTINGS
from verify.api import routes
from verify.api.doors import Public

ROUTES = {route.name: route for route in routes() if route.include_in_schema}
SOAKED = 20_000
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with closing(TinyDbRegister(tmp_path_factory.mktemp("api") / "register.db")) as register:
        yield scene_over(register)


def operation_of(scene: Scene, name: str) -> Any:
    schema = schemathesis.openapi.from_dict(scene.get("/openapi.json").json())
    return schema.find_operation_by_id(name)


def ask(client: httpx.Client, case: Any) -> httpx.Response:
    """Send a case as it is, and as HTTP lets it be sent."""
    sent = case.as_transport_kwargs(base_url=f"{SETTINGS.base_url}/api/v1")
    body: dict[str, Any] = {name: sent[name] for name in ("json", "data") if name in sent}
    if isinstance(body.get("data"), str | bytes):
        body = {"content": body["data"]}
    headers = {name: value for name, value in sent["headers"].items() if name.lower() != "authorization"}
    return client.request(sent["method"], sent["url"], params=sent.get("params"), headers=headers, **body)


def hold(scene: Scene, name: str, mode: GenerationMode, most: int) -> int:
    """Ask an operation up to so many different things, and return how many; there may be none of a mode."""
    operation, client, asked = operation_of(scene, name), scene.client(token_of(COMMITTEE)), 0
    refused = mode is GenerationMode.NEGATIVE and isinstance(ROUTES[name].door, Public)
    checks = [*CHECKS, *([negative_data_rejection] if refused else [])]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask_one(case: Any) -> None:
        nonlocal asked
        asked += 1
        case.validate_response(ask(client, case), checks=checks)

    with suppress(Unsatisfiable):
        ask_one()
    return asked


@pytest.mark.parametrize("name", ROUTES)
def test_every_answer_is_described(described: Scene, name: str) -> None:
    assert sum(hold(described, name, mode, most=6) for mode in GenerationMode)


@pytest.mark.soak
def test_twenty_thousand_answers_are_described(described: Scene) -> None:
    asked = sum(
        hold(described, name, mode, most=SOAKED // len(ROUTES)) for name in ROUTES for mode in GenerationMode
    )
    assert asked >= SOAKED
