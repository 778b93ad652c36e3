"""Reading ahead gives the answers the register gives, and asks it once for each class."""

from collections import Counter
from typing import Any

import pytest

from store.acts.circulation import return_copy
from store.calendar import office_day
from store.dossier import dossiers
from store.read_ahead import PostsAhead, ReadAhead
from store.recalls import RecallState, open_recalls, recalls
from store.records import (
    Application,
    Copy,
    Feedback,
    LogEntry,
    Organisation,
    Post,
    Product,
    RecallLine,
    Return,
    Sighting,
)
from store.sightings import Seen, enter_sightings
from tests.office import Office


class Counting:
    """A reader that counts what it is asked."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self.reader, name)


@pytest.fixture
def filled(office: Office) -> Office:
    for name in ("财务室", "收费窗口", "值班室"):
        office.applied(office.row(name))
    office.issued(office.approved_now("2026-001"))
    return office


@pytest.fixture
def vetoed(filled: Office) -> Office:
    """Call the plates of a post back, one of which came back and one was seen to hang."""
    returned = filled.issued("2026-001", Product.BADGE)
    seen = filled.issued("2026-001", Product.DESK)
    filled.issued(filled.approved_now("2026-003"))
    filled.vetoed("2026-001")
    return_copy(filled.register, filled.by(), returned.id)
    enter_sightings(filled.register, {Seen(line_id=f"{seen.id}-R", on=office_day(filled.now)): 3})
    return filled


def test_it_answers_as_the_register_does(filled: Office) -> None:
    with filled.register.snapshot() as reader:
        ahead = ReadAhead(reader)
        assert ahead.find(Copy) == reader.find(Copy)
        assert ahead.find(Application, post_id="2026-002") == reader.find(Application, post_id="2026-002")
        both: dict[str, str | int] = {"post_id": "2026-002", "year": 2026}
        assert ahead.find(Application, **both) == reader.find(Application, **both)
        assert ahead.find(Application, post_id="2026-002", year=2025) == []
        assert ahead.get(Post, "2026-003") == reader.get(Post, "2026-003")
        assert ahead.get(Post, "2026-404") is None
        assert ahead.find(LogEntry) == reader.find(LogEntry)
        assert ahead.get(Feedback, "none") is None
        assert ahead.count(Post) == 3
        assert list(ahead.newest(Post, 1)) == list(reader.newest(Post, 1))
        assert list(ahead.iterate(Organisation)) == reader.find(Organisation)


@pytest.mark.parametrize("ahead_of", [ReadAhead, lambda reader: PostsAhead(reader, ["2026-001"])])
def test_a_field_that_is_not_indexed_is_refused_alike(filled: Office, ahead_of: Any) -> None:
    with filled.register.snapshot() as reader, pytest.raises(LookupError):
        ahead_of(reader).find(Copy, post_id="2026-001", place="6号楼299室")


def test_of_some_posts_it_answers_as_the_register_does(vetoed: Office) -> None:
    with vetoed.register.snapshot() as reader:
        ahead = PostsAhead(reader, ["2026-001", "2026-002"])
        copies = reader.find(Copy)
        assert {each.post_id for each in copies} == {"2026-001", "2026-003"}
        for copy in copies:
            assert ahead.find(RecallLine, copy_id=copy.id) == reader.find(RecallLine, copy_id=copy.id)
            assert ahead.find(Return, copy_id=copy.id) == reader.find(Return, copy_id=copy.id)
            assert ahead.get(Copy, copy.id) == copy
        for post in reader.find(Post):
            assert ahead.find(Copy, post_id=post.id) == reader.find(Copy, post_id=post.id)
            both: dict[str, str | int] = {"post_id": post.id, "year": 2026}
            assert ahead.find(Application, **both) == reader.find(Application, **both)
            assert ahead.get(Post, post.id) == post
        for line in reader.find(RecallLine):
            assert ahead.find(Sighting, line_id=line.id) == reader.find(Sighting, line_id=line.id)
        assert ahead.get(Post, "2026-404") is None
        assert ahead.find(Application, post_id="2026-001", year=2025) == []
        assert ahead.find(Feedback, post_id="2026-001") == []
        assert ahead.count(Copy) == reader.count(Copy)
        assert list(ahead.newest(Post, 1)) == list(reader.newest(Post, 1))
        assert list(ahead.iterate(Organisation)) == reader.find(Organisation)


def test_recalls_read_ahead_are_the_same(vetoed: Office) -> None:
    with vetoed.register.snapshot() as reader:
        plainly = list(recalls(reader, post_id="2026-001"))
        assert list(recalls(PostsAhead(reader, ["2026-001"]), post_id="2026-001")) == plainly
        assert {each.state for each in plainly} == {
            RecallState.RETURNED,
            RecallState.STILL_DISPLAYED,
            RecallState.OUT,
        }
        still_out = [each for each in plainly if each.is_open]
        assert list(open_recalls(reader, post_id="2026-001")) == still_out != plainly


def test_what_the_public_said_of_all_plates_is_asked_at_once(vetoed: Office) -> None:
    with vetoed.register.snapshot() as reader:
        counting = Counting(reader)
        assert list(recalls(ReadAhead(counting))) == list(recalls(reader))
    assert counting.asked["related"] == 1


def test_many_plates_cost_as_many_questions_as_one(vetoed: Office) -> None:
    with vetoed.register.snapshot() as reader:
        counting = Counting(reader)
        found = list(recalls(PostsAhead(counting, ["2026-001"]), post_id="2026-001"))
    assert len(found) > 2
    assert counting.asked == {"related": 2}  # what belongs to the post, and what was said of its plates


def test_what_is_found_twice_is_asked_once_and_each_has_a_list_of_its_own(vetoed: Office) -> None:
    with vetoed.register.snapshot() as reader:
        counting = Counting(reader)
        ahead = PostsAhead(counting, ["2026-001"])
        ahead.find(Organisation).clear()
        assert ahead.find(Organisation) == reader.find(Organisation) != []
        assert ahead.find(Feedback, post_id="2026-001") == ahead.find(Feedback, post_id="2026-002") == []
    assert counting.asked["find"] == 3


def test_posts_without_number_cost_as_many_questions_as_one(filled: Office) -> None:
    with filled.register.snapshot() as reader:
        counting = Counting(reader)
        found = list(dossiers(ReadAhead(counting)))
    assert len(found) == 3
    assert counting.asked["get"] == 0
    assert counting.asked["find"] < 12
