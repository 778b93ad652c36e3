"""Records with what belongs to them: one question gives what asking for each would, from one state."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import lookup
from store.codes import PlateCode
from store.read_ahead import related_by_finding
from store.records import Application, Copy, Departure, Record, Return, Veto, VetoCorrection
from store.register import Link, Reader, Register, Related
from tests.store.contract.engines import OpenRegister
from tests.store.contract.referents import simplest, with_referents
from tests.store.contract.samples import POSTS, copy, veto
from tests.store.contract.test_records import write

POST = "2026-001"
VETOES = Link(kind=Veto, by="post_id", to="post_id")
CORRECTIONS = Link(kind=VetoCorrection, by="veto_id", to="id", of=VETOES)
RETURNS = Link(kind=Return, by="copy_id", to="id")
SUCCESSORS = Link(kind=Copy, by="replaces", to="id")
CONTENT = Link(kind=Application, by="id", to="application_id")
DEPARTURES = Link(kind=Departure, by="post_id", to="post_id")
BESIDE = Link(kind=Application, by="post_id", to="post_id", of=DEPARTURES)
ALL = (VETOES, CORRECTIONS, RETURNS, SUCCESSORS, CONTENT, DEPARTURES, BESIDE)


def told(reader: Reader, field: str, values: list[str]) -> dict[str, list[Any]]:
    """Return what one question tells, all of it read."""
    return spread(reader.related(Copy, field, values, ALL))


def spread(answer: dict[str, list[Related[Copy]]]) -> dict[str, list[Any]]:
    return {
        value: [(each.record, *(in_order(each, link) for link in ALL)) for each in found]
        for value, found in answer.items()
    }


def in_order(found: Related[Copy], link: Link[Any]) -> list[Any]:
    """Return what a link found; what belongs to several records comes in no order of its own."""
    linked = found.linked(link)
    return sorted(linked, key=lambda each: each.id) if link.of else linked


def found_one_by_one(reader: Reader, field: str, values: list[str]) -> dict[str, list[Any]]:
    return spread(related_by_finding(reader, Copy, field, values, ALL))


def correction(veto_id: str, number: int = 1) -> VetoCorrection:
    return replace(simplest(VetoCorrection, f"correction-{number}"), veto_id=veto_id, post_id=POST)


def departure(number: int) -> Departure:
    return replace(simplest(Departure, f"d{number}"), post_id=POST, application_id="application")


def test_a_record_comes_with_what_belongs_to_it_oldest_first(register: Register) -> None:
    vetoes = [replace(veto(POST), id=f"v{number}") for number in range(3)]
    returned = replace(simplest(Return, "r"), copy_id=copy(1).id, post_id=POST)
    successor = replace(copy(3), replaces=copy(1).id)
    corrections = [correction("v2", 1), correction("v0", 2)]
    write(register, copy(1), copy(2), *vetoes, returned, successor, *corrections)
    [found] = register.related(Copy, "code", [copy(1).code], ALL)[copy(1).code]
    assert found.record == copy(1)
    assert found.linked(VETOES) == vetoes
    assert found.linked(CORRECTIONS) == corrections
    assert found.linked(RETURNS) == [returned]
    assert found.linked(SUCCESSORS) == [successor]
    assert [each.id for each in found.linked(CONTENT)] == ["application"]
    assert [*found.linked(DEPARTURES), *found.linked(BESIDE)] == []


def test_what_is_reached_in_two_ways_is_there_once(register: Register) -> None:
    write(register, copy(1), departure(1), departure(2))
    [found] = register.related(Copy, "id", [copy(1).id], ALL)[copy(1).id]
    assert len(found.linked(DEPARTURES)) == 2
    assert [each.id for each in found.linked(BESIDE)] == ["application"]


def test_a_correction_belongs_to_its_own_veto_only(register: Register) -> None:
    other = replace(veto("2026-002"), id="other")
    taken_back = replace(correction("other"), post_id="2026-002")
    write(register, copy(1), veto(POST), other, taken_back)
    [found] = register.related(Copy, "id", [copy(1).id], ALL)[copy(1).id]
    assert found.linked(CORRECTIONS) == []


def test_many_values_share_a_question_and_each_has_its_own_answer(register: Register) -> None:
    copies = [copy(number, post_id=f"2026-{number % POSTS:03d}") for number in range(120)]
    write(register, *copies, *(replace(veto(f"2026-{number:03d}"), id=f"v{number}") for number in range(25)))
    codes = [each.code for each in reversed(copies)]
    answer = told(register, "code", codes)
    assert list(answer) == codes
    assert answer == found_one_by_one(register, "code", codes)
    assert {each.code: answer[each.code][0][0] for each in copies} == {each.code: each for each in copies}


def test_records_that_share_a_value_come_oldest_first(register: Register) -> None:
    copies = [copy(number) for number in (3, 1, 2)]
    write(register, *copies)
    assert [each.record for each in register.related(Copy, "post_id", [POST], ALL)[POST]] == copies


@pytest.mark.parametrize(
    "value", ["", "nowhere", "'", '"', "\0", "a\0b", "\ud800", "%", "{}", "[", "\\", "1", "null", "x" * 5000]
)
def test_a_value_nobody_has_finds_nothing_and_disturbs_no_other(register: Register, value: str) -> None:
    write(register, copy(1))
    answer = told(register, "code", [value, copy(1).code, value])
    assert list(answer) == [value, copy(1).code]
    assert answer[value] == []
    assert len(answer[copy(1).code]) == 1


def test_nothing_is_asked_for_and_nothing_answered(register: Register) -> None:
    write(register, copy(1))
    assert register.related(Copy, "code", [], ALL) == {}
    [alone] = register.related(Copy, "code", [copy(1).code], ())[copy(1).code]
    assert alone.record == copy(1)


@pytest.mark.parametrize(
    ("field", "links"),
    [
        ("place", ()),
        ("code", (Link(kind=Veto, by="facts", to="post_id"),)),
        ("code", (CORRECTIONS,)),
        ("code", (CORRECTIONS, VETOES)),
    ],
)
def test_what_no_index_answers_is_refused(
    register: Register, field: str, links: tuple[Link[Any], ...]
) -> None:
    with pytest.raises(LookupError):
        register.related(Copy, field, ["x"], links)
    with pytest.raises(LookupError):
        related_by_finding(register, Copy, field, ["x"], links)


def test_what_was_not_asked_for_is_never_taken_for_nothing(register: Register) -> None:
    write(register, copy(1), veto(POST))
    [found] = register.related(Copy, "id", [copy(1).id], (RETURNS,))[copy(1).id]
    with pytest.raises(LookupError):
        found.linked(VETOES)
    same_fields = Link(kind=Return, by="copy_id", to="id")
    with pytest.raises(LookupError):
        found.linked(same_fields)


def test_each_answer_is_a_value_of_its_own(register: Register) -> None:
    write(register, copy(1), veto(POST))
    [found] = register.related(Copy, "id", [copy(1).id], ALL)[copy(1).id]
    assert found.linked(VETOES)[0] is not found.linked(VETOES)[0]


def test_all_is_of_one_state(open_register: OpenRegister) -> None:
    register, other = open_register(), open_register()
    write(register, copy(1))
    with register.snapshot() as state:
        assert told(state, "id", [copy(1).id])[copy(1).id][0][1] == []
        write(other, veto(POST))
        assert told(state, "id", [copy(1).id])[copy(1).id][0][1] == []
        [found] = register.related(Copy, "id", [copy(1).id], ALL)[copy(1).id]
    write(other, correction(veto(POST).id))
    assert found.linked(VETOES) == [veto(POST)]
    assert found.linked(CORRECTIONS) == []
    with register.transaction() as transaction:
        transaction.append(replace(copy(1), id="new", code=copy(2).code))
        assert len(told(transaction, "id", ["new"])["new"]) == 1


def drawn_life(draw: st.DrawFn) -> Iterator[Record]:
    """Yield what may have happened to a few copies of a few posts, in some order."""
    numbers = count(1)
    for _ in range(draw(st.integers(1, 14))):
        number, post_id = next(numbers), f"2026-{draw(st.integers(1, 3)):03d}"
        thing = draw(st.sampled_from([Copy, Veto, VetoCorrection, Return, Departure, Application]))
        earlier = f"2026-{draw(st.integers(1, 3)):03d}-{draw(st.integers(1, 14))}"
        if thing is Copy:
            replaces = draw(st.one_of(st.none(), st.just(earlier)))
            yield replace(copy(number, post_id=post_id), replaces=replaces)
        elif thing is VetoCorrection:
            of = f"v{draw(st.integers(1, 14))}"
            yield replace(simplest(thing, f"x{number}"), veto_id=of, post_id=post_id)
        elif thing is Return:
            yield replace(simplest(thing, f"x{number}"), copy_id=earlier, post_id=post_id)
        else:
            yield replace(simplest(thing, f"{thing.__name__[0].lower()}{number}"), post_id=post_id)


def test_one_question_tells_what_many_would(register: Register) -> None:
    rounds = count()

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def check(data: st.DataObject) -> None:
        life = list(data.draw(st.composite(lambda draw: list(drawn_life(draw)))()))
        renamed = renumbered(life, next(rounds))
        needed = [each for each in with_referents(*renamed) if register.get(type(each), each.id) is None]
        write(register, *needed)
        ids = [each.id for each in register.find(Copy)]
        assert told(register, "id", ids) == found_one_by_one(register, "id", ids)

    check()


def renumbered(life: list[Record], turn: int) -> list[Record]:
    """Return the records under ids and codes that no other turn has."""
    named = ("id", "veto_id", "copy_id", "replaces")
    renamed = []
    for each in life:
        fields = {name: f"{vars(each)[name]}/{turn}" for name in named if vars(each).get(name)}
        if isinstance(each, Copy):
            fields["code"] = PlateCode.from_bits(turn * 100 + int(each.id.rsplit("-", 1)[1])).text
        renamed.append(replace(each, **fields))
    return renamed


def test_a_scan_of_many_is_the_scans_of_each(register: Register) -> None:
    write(register, copy(1), copy(2), replace(copy(3), replaces=copy(2).id), veto("2026-002"))
    codes = [copy(number).code for number in (3, 2, 1, 4)]
    now = copy(1).issued_at
    many = lookup.scan_codes(register, codes, now)
    assert many == {code: lookup.scan_code(register, PlateCode(code), now) for code in codes}
    numbers = [copy(number).id for number in (1, 2)]
    by_number = lookup.scan_numbers(register, numbers, now)
    assert list(by_number.values()) == [many[copy(number).code] for number in (1, 2)]
