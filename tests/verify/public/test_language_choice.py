"""The language a visitor asks for by an address, and is answered in from then on."""

import httpx
import pytest


def test_a_language_asked_for_is_remembered(client: httpx.Client) -> None:
    assert 'lang="zh-CN"' in client.get("/number").text
    asked = client.get("/number?lang=en")
    assert '<html lang="en">' in asked.text
    assert asked.headers["set-cookie"] == "lang=en; Path=/; SameSite=Lax; HttpOnly; Secure"
    assert '<html lang="en">' in client.get("/number").text


@pytest.mark.parametrize("query", ["lang=fr", "slang=en", "lang=en%0d%0aX:1", "lang="])
def test_nothing_else_is_remembered(client: httpx.Client, query: str) -> None:
    assert "set-cookie" not in client.get(f"/number?{query}").headers
