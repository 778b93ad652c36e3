"""A field that came with a later release changes no digest of a record that does not use it."""

from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints

import pytest

from store.documents import canonical_json
from store.records import (
    KINDS,
    Application,
    Award,
    Channel,
    CollectiveKind,
    Fate,
    Feedback,
    LogEntry,
    Member,
    OfficerSession,
    PlatePart,
    PostContent,
    PostKind,
    RecallCause,
    RecallLine,
    Record,
    Return,
    Timing,
    Topic,
)

NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)
AS_THE_FIRST_RELEASE_WROTE_THEM: list[tuple[Record, str]] = [
    (
        Application(
            id="2026-001-A1",
            post_id="2026-001",
            branch_id="O2",
            year=2026,
            content=PostContent(
                name="财务室",
                kind=PostKind.COLLECTIVE,
                collective_kind=CollectiveKind.OFFICE,
                place="6号楼",
                duties="报销",
                members=(Member(name="高赟"),),
            ),
            filed_at=NOON,
            timing=Timing.IN_WINDOW,
        ),
        (
            '{"Application":{"branch_id":"O2","content":{"collective_kind":"office","commitment":"",'
            '"duties":"报销","kind":"collective","members":[{"name":"高赟","title":""}],"name":"财务室",'
            '"other_staff":[],"place":"6号楼"},"filed_at":"2026-06-15T04:00:00Z","id":"2026-001-A1",'
            '"post_id":"2026-001","timing":"in_window","year":2026}}'
        ),
    ),
    (
        Award(
            id="2026-001-T", post_id="2026-001", awarded_on=date(2026, 7, 1), document="2号", entered_at=NOON
        ),
        (
            '{"Award":{"awarded_on":"2026-07-01","document":"2号","entered_at":"2026-06-15T04:00:00Z",'
            '"id":"2026-001-T","post_id":"2026-001"}}'
        ),
    ),
    (
        RecallLine(
            id="2026-001-01-R",
            copy_id="2026-001-01",
            post_id="2026-001",
            branch_id="O2",
            cause=RecallCause.VETO,
            opened_at=NOON,
            due_on=date(2026, 6, 22),
        ),
        (
            '{"RecallLine":{"branch_id":"O2","cause":"veto","copy_id":"2026-001-01","due_on":"2026-06-22",'
            '"id":"2026-001-01-R","opened_at":"2026-06-15T04:00:00Z","post_id":"2026-001"}}'
        ),
    ),
    (
        Feedback(
            id="R1",
            copy_id="2026-001-01",
            post_id="2026-001",
            branch_id="O2",
            topic=Topic.RATING,
            grade=None,
            comment="好",
            voter="v",
            counted=False,
            given_at=NOON,
        ),
        (
            '{"Feedback":{"branch_id":"O2","comment":"好","copy_id":"2026-001-01","counted":false,'
            '"given_at":"2026-06-15T04:00:00Z","grade":null,"id":"R1","post_id":"2026-001","topic":"rating",'
            '"voter":"v"}}'
        ),
    ),
    (
        Return(
            id="2026-001-01-B",
            copy_id="2026-001-01",
            post_id="2026-001",
            fate=Fate.RETURNED,
            note="",
            returned_at=NOON,
        ),
        (
            '{"Return":{"copy_id":"2026-001-01","fate":"returned","id":"2026-001-01-B","note":"",'
            '"post_id":"2026-001","returned_at":"2026-06-15T04:00:00Z"}}'
        ),
    ),
    (
        OfficerSession(id="s", officer_id="wang", started_at=NOON),
        ('{"OfficerSession":{"id":"s","officer_id":"wang","started_at":"2026-06-15T04:00:00Z"}}'),
    ),
    (
        LogEntry(
            id="000000001",
            number=1,
            at=NOON,
            actor="cli:root",
            act="veto",
            object="2026-001",
            reason="经过如下",
            digests=("ab",),
            seal="cd",
        ),
        (
            '{"LogEntry":{"act":"veto","actor":"cli:root","at":"2026-06-15T04:00:00Z","digests":["ab"],'
            '"id":"000000001","number":1,"object":"2026-001","reason":"经过如下","seal":"cd"}}'
        ),
    ),
]
USED = {
    "reason": "扩建",
    "round": "2026-07-01",
    "inspection_id": "2026-001-J1",
    "veto_id": "2026-001-V",
    "channel": Channel.PAPER,
    "sealed_contact": "c2VhbGVk",
    "salt": "00ff",
    "differs": PlatePart.NAME,
    "factor_id": "wang-F1",
    "assured_by": "otp",
    "taken_by": "wang",
}


def later_fields(kind: type) -> list[str]:
    return [each.name for each in fields(kind) if each.metadata.get("later")]


@pytest.mark.parametrize(("record", "written"), AS_THE_FIRST_RELEASE_WROTE_THEM)
def test_a_record_that_uses_no_later_field_has_its_old_bytes(record: Record, written: str) -> None:
    assert canonical_json(record).decode() == written


@pytest.mark.parametrize(("record", "written"), AS_THE_FIRST_RELEASE_WROTE_THEM)
def test_a_later_field_in_use_is_among_the_bytes(record: Record, written: str) -> None:
    for name in later_fields(type(record)):
        changed = canonical_json(replace(record, **{name: USED[name]})).decode()
        assert f'"{name}":"{USED[name]}"' in changed
        assert changed != written


def test_every_class_with_later_fields_is_shown_here() -> None:
    assert {kind for kind in KINDS if later_fields(kind)} == {
        type(record) for record, _ in AS_THE_FIRST_RELEASE_WROTE_THEM
    }


def test_a_later_field_has_a_default() -> None:
    declared = [each for kind in KINDS for each in fields(kind) if each.metadata.get("later")]
    assert all(each.default is not MISSING for each in declared)


def test_only_records_have_later_fields_and_not_the_values_inside_them() -> None:
    inside = {each for kind in KINDS for each in _values_in(kind)} - set(KINDS)
    assert PostContent in inside
    assert [kind.__name__ for kind in inside if later_fields(kind)] == []


def _values_in(kind: type) -> set[Any]:
    hints = [part for hint in get_type_hints(kind).values() for part in (hint, *get_args(hint))]
    found = {each for each in hints if isinstance(each, type) and is_dataclass(each)}
    return found | {deeper for each in found for deeper in _values_in(each)}
