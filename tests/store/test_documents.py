"""Every record survives its document, and its canonical bytes name it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.documents import (
    KEY_BYTES_MOST,
    DamagedDocument,
    UnknownKind,
    UnstorableKey,
    UnstorableNumber,
    UnstorableText,
    canonical_json,
    digest,
    from_document,
    is_storable,
    kind_named,
    to_document,
)
from store.records import (
    KINDS,
    Copy,
    Loss,
    Organisation,
    OrganisationKind,
    Post,
    Record,
    SessionEnd,
    SessionSeen,
)
from tests.store.contract.referents import NOON
from tests.store.contract.samples import any_of, copy, log_entry, post

ANY_RECORD = st.one_of(*(any_of(kind) for kind in KINDS))


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_of_a_class_comes_back_equal(kind: type[Record]) -> None:
    @settings(max_examples=30, deadline=None)
    @given(any_of(kind))
    def check(record: Record) -> None:
        stored = json.loads(json.dumps(to_document(record)))
        again = from_document(kind, stored)
        assert again == record
        assert type(again) is kind
        assert canonical_json(again) == canonical_json(record)
        assert _types_in(again) == _types_in(record)

    check()


def _types_in(record: Any) -> Any:
    if hasattr(record, "__dataclass_fields__"):
        return {name: _types_in(value) for name, value in vars(record).items()}
    return [_types_in(each) for each in record] if isinstance(record, tuple) else type(record)


def test_a_document_is_plain_json() -> None:
    assert to_document(Organisation(id="1", name="第一党总支", kind=OrganisationKind.GENERAL_BRANCH)) == {
        "id": "1",
        "name": "第一党总支",
        "kind": "general_branch",
        "parent_id": None,
    }
    assert to_document(copy(1))["face"]["names"] == ["王小明", "李𬱖", "买买提·艾力"]
    assert to_document(copy(1))["issued_at"] == "2026-07-01T04:00:00Z"


def test_moments_keep_their_microseconds_and_stay_aware() -> None:
    moment = datetime(2026, 7, 1, 4, 5, 6, 789, tzinfo=UTC)
    loss = Loss(id="1", copy_id="c", post_id="p", reason="", reported_at=moment)
    read = from_document(Loss, to_document(loss))
    assert read.reported_at == moment
    assert read.reported_at.utcoffset() == timedelta(0)


def test_a_time_of_another_zone_is_refused_because_its_digest_would_depend_on_the_engine() -> None:
    moment = NOON.astimezone(timezone(timedelta(hours=8)))
    with pytest.raises(ValueError, match="reported_at is not in UTC"):
        to_document(Loss(id="1", copy_id="c", post_id="p", reason="", reported_at=moment))


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_a_number_that_no_column_holds_is_refused(number: int) -> None:
    with pytest.raises(UnstorableNumber, match=str(number)):
        to_document(Post(id="1", year=number, branch_id="b"))


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
def test_the_largest_number_is_kept_exactly(number: int) -> None:
    kept = Post(id="1", year=number, branch_id="b")
    assert from_document(Post, to_document(kept)) == kept


def test_a_text_too_long_for_an_index_is_refused() -> None:
    to_document(Post(id="岗" * (KEY_BYTES_MOST // 3), year=1, branch_id="b"))
    with pytest.raises(UnstorableKey, match="branch_id"):
        to_document(Post(id="1", year=1, branch_id="岗" * (KEY_BYTES_MOST // 3 + 1)))


@pytest.mark.parametrize("value", ["\0", "a\0", "\ud800", 2**63, -(2**70)])
def test_some_values_are_in_no_record(value: str | int) -> None:
    assert not is_storable(value)


@pytest.mark.parametrize("value", ["", "岗", "𬱖", "' OR 1=1 --", 0, 2**63 - 1, -(2**63)])
def test_any_other_value_may_be_in_one(value: str | int) -> None:
    assert is_storable(value)


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"face": to_document(copy(1))["face"] | {"colour": "red"}},
        {"stage": "unheard of"},
        {"issued_at": "yesterday"},
        {"code": "too short"},
        {"id": ""},
        {"place": None},
        {"face": to_document(copy(1))["face"] | {"member_count": 4}},
    ],
)
def test_one_wrong_field_makes_a_document_damaged(change: dict[str, Any]) -> None:
    with pytest.raises(DamagedDocument, match="Copy"):
        from_document(Copy, to_document(copy(1)) | change)


def test_a_missing_field_makes_a_document_damaged() -> None:
    document = to_document(copy(1))
    del document["place"]
    with pytest.raises(DamagedDocument, match="place"):
        from_document(Copy, document)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(UnknownKind, match="Sticker"):
        kind_named("Sticker")
    with pytest.raises(UnknownKind, match="Record"):
        to_document(Record(id="1"))
    assert kind_named("Copy") is Copy


@pytest.mark.parametrize("text", ["\0", "a\0b", "\\\0", "\ud800", "好\udfff"])
def test_a_text_that_not_every_engine_can_keep_is_refused(text: str) -> None:
    with pytest.raises(UnstorableText) as refused:
        to_document(Loss(id="1", copy_id="c", post_id="p", reason=text, reported_at=NOON))
    assert "Loss" in refused.value.zh


@pytest.mark.parametrize("text", ["\\u0000", "\\\\u0000", "u0000", "𬱖䶮", "\x01\x7f\n"])
def test_a_text_that_only_looks_so_is_kept(text: str) -> None:
    loss = Loss(id="1", copy_id="c", post_id="p", reason=text, reported_at=NOON)
    assert from_document(Loss, to_document(loss)) == loss


def test_canonical_bytes_are_fixed_for_good() -> None:
    assert canonical_json(post(1)) == b'{"Post":{"branch_id":"branch","id":"2026-001","year":2026}}'
    assert canonical_json(log_entry(1)).decode() == (
        '{"LogEntry":{"act":"veto","actor":"committee","at":"2026-07-01T04:00:00Z","digests":[],'
        '"id":"entry-1","number":1,"object":"2026-001","reason":"","seal":""}}'
    )
    assert digest(post(1)) == "84f87a67b3c537d02ba1ebe492615b4808014e35e5ae40d0f9d7aa9d20fcc7a2"


def test_canonical_bytes_are_utf_8_without_escapes() -> None:
    assert "李𬱖".encode() in canonical_json(copy(1))


@settings(deadline=None)
@given(ANY_RECORD, ANY_RECORD)
def test_only_equal_records_share_canonical_bytes(one: Record, other: Record) -> None:
    assert (canonical_json(one) == canonical_json(other)) == (one == other)


def test_the_class_is_part_of_the_bytes() -> None:
    ended = SessionEnd(id="1", session_id="s", ended_at=NOON)
    seen = SessionSeen(id="1", session_id="s", seen_at=NOON)
    assert canonical_json(ended).startswith(b'{"SessionEnd":')
    assert digest(ended) != digest(seen)
