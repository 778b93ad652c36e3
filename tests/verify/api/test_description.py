"""The description: valid, complete, its examples real; and the pages that show it."""

import json
from typing import Any

import jsonschema_rs
import pytest

from tests.verify.api.real_answers import KEPT, OF_CHANCE, answers
from tests.verify.api.scene import Scene
from tests.verify.public.reading import Page
from verify.api import routes
from verify.api.doors import Scoped

KEPT_ANSWERS: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
ROUTES = {route.name: route for route in routes() if route.include_in_schema}


@pytest.fixture(scope="module")
def described(scene: Scene) -> dict[str, Any]:
    document: dict[str, Any] = scene.get("/openapi.json").json()
    return document


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["operationId"]: each for item in described["paths"].values() for each in item.values()}


def test_it_is_openapi_3_1_for_this_server(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "/api/v1"}]
    assert operations(described).keys() == ROUTES.keys()


def test_no_reference_leads_nowhere(described: dict[str, Any]) -> None:
    named = set(_references(described))
    there = {
        f"#/components/{part}/{name}" for part, all_of in described["components"].items() for name in all_of
    }
    assert named <= there
    assert "HTTPValidationError" not in json.dumps(described)


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [each for value in part.values() for each in _references(value)]
    return [each for value in part for each in _references(value)] if isinstance(part, list) else []


@pytest.mark.parametrize("name", ROUTES)
def test_every_operation_is_told_in_both_languages_with_its_scope(
    described: dict[str, Any], name: str
) -> None:
    operation = operations(described)[name]
    chinese, _, english = operation["summary"].partition(" · ")
    assert not chinese.isascii()
    assert english.isascii()
    assert operation["description"]
    door = ROUTES[name].door
    assert operation["security"] == ([{"token": [door.scope.value]}] if isinstance(door, Scoped) else [])


@pytest.mark.parametrize("name", ROUTES)
def test_every_answer_has_a_form_and_says_what_is_left(described: dict[str, Any], name: str) -> None:
    for status, answer in operations(described)[name]["responses"].items():
        assert "RateLimit" in answer["headers"]
        for media_type, content in answer.get("content", {}).items():
            assert content["schema"], (status, media_type)
        assert ("content" in answer) == (status != "304")


@pytest.mark.parametrize(
    ("name", "status", "media_type"),
    [
        (name, status, media_type)
        for name, kept in KEPT_ANSWERS.items()
        for status, each in kept["answers"].items()
        for media_type in each
    ],
)
def test_an_example_has_the_form_it_is_an_example_of(
    described: dict[str, Any], name: str, status: str, media_type: str
) -> None:
    content = operations(described)[name]["responses"][status]["content"][media_type]
    schema = content["schema"] | {"components": described["components"]}
    assert jsonschema_rs.validator_for(schema).is_valid(content["example"])


def test_the_examples_are_what_is_answered_today(own_scene: Scene) -> None:
    today = answers(own_scene)
    plain = KEPT_ANSWERS.keys() - OF_CHANCE
    assert {name: today[name] for name in plain} == {name: KEPT_ANSWERS[name] for name in plain}, (
        "run python -m tests.verify.api.real_answers"
    )


def test_every_operation_but_the_export_has_an_example() -> None:
    assert ROUTES.keys() - KEPT_ANSWERS.keys() == {"office_export"}


def test_a_page_lists_the_operations_without_script_or_foreign_host(scene: Scene) -> None:
    answer = scene.get("/docs")
    page = Page(answer.text)
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    for route in ROUTES.values():
        assert f"/api/v1{route.path}" in page.text
