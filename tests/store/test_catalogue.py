"""The catalogue finds what is on record now and was ever, on both engines, and keeps branches apart."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.acts.apply import apply_roster
from store.acts.circulation import place_copy
from store.catalogue import ASKED_LONGEST, FOUND_MOST, Catalogue, Shelf
from store.dossier import dossier_of, dossiers, dossiers_named
from store.post_states import post_states
from store.postgres_register import PostgresRegister
from store.records import Application, Organisation, Post, Record, Role
from store.register import Register
from store.tinydb_register import TinyDbRegister
from tests import postgres
from tests.office import Office
from tests.store.permits import BRANCH, PERMITS


@pytest.fixture(params=["tinydb", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    on_file = request.param == "tinydb"
    register: Register = (
        TinyDbRegister(tmp_path / "register.db") if on_file else PostgresRegister(postgres.fresh_dsn())
    )
    yield Office(register)
    register.close()


def found(
    catalogue: Catalogue, register: Register, words: str, shelf: Shelf = Shelf.POST, branch: str | None = None
) -> list[str]:
    asked = catalogue.asked(register, words)
    return catalogue.found(register, shelf, asked, branch) if asked else []


def everything(catalogue: Catalogue, register: Register) -> dict[tuple[str, str], list[str]]:
    words = {each.content.name for each in register.find(Application)} | {
        "2026",
        "号",
        "c",
        "zxm",
        "xsj",
        "x",
    }
    return {
        (shelf.value, each): sorted(found(catalogue, register, each, shelf))
        for shelf in Shelf
        for each in sorted(words)
    }


def test_a_post_is_found_by_every_text_it_has(office: Office) -> None:
    post_id = office.approved()
    copy = office.issued(post_id)
    place_copy(office.register, office.by(), copy.id, place="新办公楼大厅", placed_on=office.now.date())
    catalogue, register = Catalogue(), office.register
    for words, shelf in (
        ("财务", Shelf.POST),
        ("cws", Shelf.POST),
        ("caiwu", Shelf.POST),
        ("2026-001", Shelf.POST),
        ("２０２６００１", Shelf.POST),
        ("曾晓明", Shelf.MEMBER),
        ("zxm", Shelf.MEMBER),
        ("cengxm", Shelf.MEMBER),
        ("6号楼", Shelf.PLACE),
        ("大厅", Shelf.PLACE),
        ("场党字2026", Shelf.DOCUMENT),
    ):
        expected = [post_id] if words != "cengxm" else []
        assert found(catalogue, register, words, shelf) == expected, words
    [branch] = found(catalogue, register, "xmzdzz", Shelf.BRANCH)
    assert register.get(Organisation, branch)


def test_what_is_added_is_found_without_reading_the_rest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.applied()
    catalogue, register = Catalogue(), office.register
    assert found(catalogue, register, "温室") == []
    read: list[Record] = []
    enter = catalogue._enter  # noqa: SLF001 -- what is counted is nobody else's to know

    def count(record: Record) -> None:
        read.append(record)
        enter(record)

    monkeypatch.setattr(catalogue, "_enter", count)
    apply_roster(register, office.by(), [office.row("温室组")])
    assert len(found(catalogue, register, "温室")) == 1
    assert len(read) == 2
    found(catalogue, register, "财务")
    assert len(read) == 2


def test_a_name_of_earlier_days_finds_the_post_still(office: Office) -> None:
    post_id = office.approved()
    catalogue, register = Catalogue(), office.register
    found(catalogue, register, "x")
    apply_roster(register, office.by(), [office.row(place="7号楼101室")])
    assert found(catalogue, register, "6号楼", Shelf.PLACE) == [post_id]
    assert found(catalogue, register, "7号楼", Shelf.PLACE) == [post_id]


def test_another_register_in_its_place_is_read_anew(tmp_path: Path) -> None:
    catalogue = Catalogue()
    for name in ("财务室", "温室组"):
        office = Office(TinyDbRegister(tmp_path / f"{name}.db"))
        office.applied(office.row(name))
        catalogue._following._version = None  # noqa: SLF001 -- versions of two files need not differ
        assert found(catalogue, office.register, name) == ["2026-001"]
        office.register.close()
    office = Office(TinyDbRegister(tmp_path / "财务室.db"))
    catalogue._following._version = None  # noqa: SLF001 -- as above
    assert found(catalogue, office.register, "温室") == []
    office.register.close()


def test_a_branch_finds_its_own_alone(office: Office) -> None:
    office.applied(office.row("财务室"))
    [post] = office.register.find(Post)
    catalogue, register = Catalogue(), office.register
    for words, shelf in (
        ("财务", Shelf.POST),
        ("zxm", Shelf.MEMBER),
        ("6号", Shelf.PLACE),
        ("畜牧", Shelf.BRANCH),
    ):
        assert found(catalogue, register, words, shelf, post.branch_id)
        assert found(catalogue, register, words, shelf, "elsewhere") == []


def test_a_branch_left_out_of_the_search_is_noticed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Catalogue.found
    monkeypatch.setattr(
        Catalogue, "found", lambda self, register, shelf, asked, _: keep(self, register, shelf, asked, None)
    )
    with pytest.raises(AssertionError):
        test_a_branch_finds_its_own_alone(office)


def test_the_closest_come_first_and_no_more_than_can_be_looked_through(office: Office) -> None:
    for name in ("大财务室", "财务室一", "财务室", "菜务室"):
        apply_roster(office.register, office.by(), [office.row(name)])
    catalogue, register = Catalogue(), office.register
    names = [dossier_of(register, each).content.name for each in found(catalogue, register, "财务室")]
    assert names == ["财务室", "财务室一", "大财务室"]
    assert len(found(catalogue, register, "2026")) <= FOUND_MOST


@pytest.mark.parametrize("words", ["", "　", "·", "<>'\"%", "\0", "🙂"])
def test_words_without_letter_character_or_digit_ask_for_nothing(office: Office, words: str) -> None:
    assert Catalogue().asked(office.register, words) is None


@pytest.mark.parametrize(
    "words", ["(", "a|b", "[a-z]", "^$", ".*", "\\", "字" * (ASKED_LONGEST + 9), "a" * 500]
)
def test_what_means_something_in_a_pattern_is_only_a_text(office: Office, words: str) -> None:
    office.applied()
    found(Catalogue(), office.register, words)


@pytest.mark.parametrize("name", sorted(PERMITS))
def test_after_every_act_what_is_at_hand_is_what_is_read_anew(
    tmp_path: Path, name: str, in_order: Callable[[Register], object]
) -> None:
    office = Office(TinyDbRegister(tmp_path / "register.db"))
    permit = PERMITS[name]
    act = permit.begin(office)
    catalogue, states, register = Catalogue(), post_states(), office.register
    everything(catalogue, register)
    states.by_post(register, None)
    role = next(each for each in (Role.COMMITTEE, *sorted(permit.roles)) if each in permit.roles)
    act(office.by(role, BRANCH if role is Role.BRANCH_OFFICER else None))
    assert everything(catalogue, register) == everything(Catalogue(), register)
    assert states.by_post(register, None) == in_order(register)
    register.close()


@pytest.fixture
def in_order() -> Callable[[Register], object]:
    def anew(register: Register) -> object:
        states = post_states().by_post(register, None)
        assert {each.post.id: each.state for each in dossiers(register)} == {
            post_id: line.state for post_id, line in states.items()
        }
        return states

    return anew


def test_posts_read_by_one_question_are_those_read_one_by_one(office: Office) -> None:
    office.vetoed(office.awarded(office.approved()))
    apply_roster(office.register, office.by(), [office.row("温室组")])
    named = dossiers_named(office.register, ["2026-002", "2026-001", "2026-999"])
    assert named == {each: dossier_of(office.register, each) for each in ("2026-002", "2026-001")}
