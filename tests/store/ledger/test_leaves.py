"""A leaf tells number, day and act; every other field is a commitment that gives nothing away."""

import hashlib
import hmac
import json
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.documents import canonical_json
from store.ledger.leaves import (
    ABOUT_A_PLATE,
    COMMITTED,
    OpensAsAWhole,
    evidence,
    leaf_of,
    opened,
    public_fields,
    shown,
)
from store.records import LogEntry
from tests.office import NOON
from tests.store.contract.samples import TEXTS

ENTRY = LogEntry(
    id="000000007", number=7, at=NOON, actor="cli:wang", act="veto", object="2026-001", reason="查证属实",
    digests=("ab" * 32,), seal="cd" * 32, salt="00112233445566778899aabbccddeeff",
)  # fmt: skip
FIRST_RELEASE = replace(ENTRY, salt="")


def test_the_form_of_a_leaf_is_for_ever() -> None:
    """Whoever changes this line changes the root of every tree there is."""
    assert leaf_of(ENTRY).decode() == (
        '{"act":"veto","commitments":{'
        '"actor":"4e6f7573907ffec2c32b27f12fb0186c9caec7069b3cfe50d4d1c7aabfd2f054",'
        '"at":"971dc392aeb5461cd47b7103af9aba658c24a0a1e6c759947cd9065745f13918",'
        '"digests":"77973339e6507b5a6241f993a0b9f254d63b780f24ff467b1eb23d1f951bf30f",'
        '"object":"eb6edab649b2d10b2b7c9a896f3a55bb70c2181094f35db43fd2fb50907e39b9",'
        '"reason":"53944d482c0898e85eb1901b7f6ce30ff7f7f481077efa5d20e786e1039ec6c2"'
        '},"number":7,"utc_day":"2026-06-15"}'
    )


def test_every_field_of_an_entry_is_accounted_for() -> None:
    """A field added later has to be put among the committed ones, unless the seal is enough for it."""
    in_the_clear, sealed_only = {"number", "act"}, {"id", "seal", "salt"}
    assert {each.name for each in fields(LogEntry)} == in_the_clear | sealed_only | set(COMMITTED)


def test_a_commitment_is_what_the_page_says_it_is() -> None:
    said = json.loads(leaf_of(ENTRY))
    for name, value in (("actor", "cli:wang"), ("digests", ["ab" * 32])):
        salt = hmac.new(bytes.fromhex(ENTRY.salt), name.encode(), "sha256").hexdigest()
        spelled = json.dumps([salt, name, value], separators=(",", ":"), ensure_ascii=False).encode()
        assert said["commitments"][name] == hashlib.sha256(spelled).hexdigest()
        assert opened(ENTRY, [name])[name].salt == salt


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_of_an_entry_is_in_its_leaf(actor: str, what: str, reason: str) -> None:
    entry = replace(ENTRY, actor=f"x{actor}", object=f"y{what}", reason=f"z{reason}")
    assert set(json.loads(leaf_of(entry))) == {"act", "commitments", "number", "utc_day"}
    without = replace(entry, actor="", object="", reason="", digests=())
    assert len(leaf_of(entry)) == len(leaf_of(without)), "not even how long they are"


def test_equal_values_in_two_fields_or_two_entries_have_unlike_commitments() -> None:
    entries = [replace(ENTRY, actor="a", object="a", reason="a", salt=salt * 32) for salt in "123"]
    found = [json.loads(leaf_of(each))["commitments"] for each in entries]
    assert len({each[name] for each in found for name in ("actor", "object", "reason")}) == 9


def test_one_field_opened_tells_no_other() -> None:
    fields_open = opened(ENTRY, ["actor"])
    assert set(fields_open) == {"actor"}
    assert ENTRY.salt not in str(fields_open)
    guess = hmac.new(bytes.fromhex(fields_open["actor"].salt), b"reason", "sha256").hexdigest()
    assert guess != opened(ENTRY, ["reason"])["reason"].salt


@pytest.mark.parametrize("name", ["number", "act", *COMMITTED, "salt"])
def test_a_leaf_changes_with_every_field(name: str) -> None:
    changed: dict[str, Any] = {
        "number": 8,
        "at": NOON.replace(microsecond=1),
        "digests": (),
        "salt": "1" * 32,
    }
    assert leaf_of(replace(ENTRY, **{name: changed.get(name, "another")})) != leaf_of(ENTRY)


def test_the_time_is_spelled_in_utc() -> None:
    assert opened(ENTRY, ["at"])["at"].value == "2026-06-15T04:00:00Z"
    local = replace(ENTRY, at=datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert leaf_of(local) == leaf_of(ENTRY)


def test_an_entry_of_the_first_release_keeps_its_leaf_and_shows_its_hash_alone() -> None:
    assert leaf_of(FIRST_RELEASE) == canonical_json(FIRST_RELEASE)
    assert b"salt" not in leaf_of(FIRST_RELEASE)
    assert json.loads(shown(FIRST_RELEASE)) == {
        "hash": hashlib.sha256(b"\x00" + canonical_json(FIRST_RELEASE)).hexdigest()
    }
    assert public_fields(FIRST_RELEASE) == ()


def test_an_entry_of_the_first_release_is_opened_whole_or_not_at_all() -> None:
    assert evidence(FIRST_RELEASE, []) == (shown(FIRST_RELEASE), {})
    assert evidence(FIRST_RELEASE, COMMITTED) == (canonical_json(FIRST_RELEASE).decode(), {})
    with pytest.raises(OpensAsAWhole):
        evidence(FIRST_RELEASE, ["actor"])


@pytest.mark.parametrize(
    "what", ["2026-001", "2026-001-07-86", "2026-001-01-02、2026-001-02-96", "2026-001、2026-002"]
)
def test_the_number_of_a_post_or_plate_may_be_read_by_anybody(what: str) -> None:
    assert public_fields(replace(ENTRY, object=what)) == ("at", "object")


@pytest.mark.parametrize(
    "what", ["王五", "2026-001 王五", "wang", "", "2026-001\n", "13800138000", "2026-001、王五"]
)
def test_what_is_no_such_number_is_not(what: str) -> None:
    assert public_fields(replace(ENTRY, object=what)) == ()


@given(st.text(min_size=1).filter(lambda act: act not in ABOUT_A_PLATE))
def test_an_act_that_is_not_on_the_list_is_never_opened(act: str) -> None:
    assert public_fields(replace(ENTRY, act=act)) == ()
