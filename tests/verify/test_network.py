"""Where a request comes from: the same subscriber is the same key, and the key tells nobody who it is."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from fastapi import FastAPI, Request

from store.policy import founding_plan
from store.tinydb_register import TinyDbRegister
from tests.office import NOON
from tests.signing import note_key
from verify.app import create_app
from verify.network import keyed, network_key
from verify.site import Site, WebSettings

SETTINGS = WebSettings(
    base_url="https://gp.example.cn", policy=founding_plan(), secret=b"s" * 32, ledger_key=note_key()
)
SAME = [
    ("198.51.100.7", "198.51.100.7"),
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
    ("2001:db8:1:2::1", "2001:0DB8:0001:0002::abcd"),
]
DIFFERENT = ["198.51.100.7", "198.51.100.8", "2001:db8:1:2::1", "2001:db8:1:3::1", "unix", ""]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    app: FastAPI = create_app(SETTINGS, TinyDbRegister(tmp_path / "register.db"), lambda: NOON)
    found = app.state.site
    assert isinstance(found, Site)
    return found


def key(site: Site, address: str | None) -> str:
    scope = {"type": "http", "client": (address, 1) if address is not None else None}
    return network_key(Request(scope), site)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_subscriber_has_one_key(site: Site, one: str, other: str) -> None:
    assert key(site, one) == key(site, other)


def test_different_networks_have_different_keys(site: Site) -> None:
    keys = [key(site, address) for address in DIFFERENT]
    assert all(one != other for one, other in combinations(keys, 2))
    assert key(site, None) == key(site, "")


def test_a_key_is_of_no_use_without_the_secret(site: Site) -> None:
    elsewhere = replace(site, settings=replace(site.settings, secret=b"t" * 32))
    assert key(site, "198.51.100.7") != key(elsewhere, "198.51.100.7")
    assert "198.51" not in key(site, "198.51.100.7")


def test_words_do_not_run_into_each_other(site: Site) -> None:
    assert keyed(site, "ab", "c") != keyed(site, "a", "bc")
