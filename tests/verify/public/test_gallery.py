"""The gallery that pages are judged by has a page of every public route, and in each language its own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.verify.public.gallery import gallery
from tests.verify.public.test_layout import Answers
from verify.languages import TAGS
from verify.public import router

NOT_PAGES = {
    "/changes.atom",
    "/healthz",
    "/ledger/checkpoint",
    "/ledger/consistency",
    "/ledger/entries/{number}",
    "/ledger/inclusion",
    "/ledger/key",
    "/ledger/leaves",
    "/ledger/verify.py",
    "/metrics",
    "/number/{number}/live",
    "/number/{number}/sighting",
    "/readyz",
    "/robots.txt",
    "/roll.pdf",
    "/roll.xlsx",
    "/specimen.png",
    "/{code}/live",
    "/{code}/plate.png",
    "/{code}/sighting",
}
"""Routes that answer with something else than a page."""


@pytest.fixture(scope="module", params=TAGS)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Answers]:
    return request.param, gallery(request.param, tmp_path_factory.mktemp("gallery"))


def paths_of(routes: Any, prefix: str = "") -> Iterator[str]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from paths_of(included.routes, prefix + route.include_context.prefix)
        else:
            yield prefix + route.path


def template_of(path: str, templates: set[str]) -> str:
    """Return the template a path belongs to: of those that fit, the one that leaves least open."""
    fitting = [each for each in templates if re.fullmatch(re.sub(r"{\w+}", "[^/]+", each), path)]
    return min(fitting, key=lambda each: each.count("{"), default="")


def test_no_public_page_is_left_out(shown: tuple[str, Answers]) -> None:
    templates = set(paths_of(router.routes))
    visited = {template_of(answer.url.path, templates) for answer in shown[1].values()}
    assert templates > NOT_PAGES
    assert templates - visited == NOT_PAGES


def test_every_page_is_in_the_language_asked_for(shown: tuple[str, Answers]) -> None:
    tag, pages = shown
    spoken = {name: re.search(r'<html lang="([^"]+)"', answer.text) for name, answer in pages.items()}
    assert {name for name, found in spoken.items() if found is None or found[1] != tag} == set()
