"""Reading ahead gives the answers the register gives, and asks it once for each class."""

from collections import Counter
from typing import Any

import pytest

from store.dossier import dossiers
from store.read_ahead import ReadAhead
from store.records import Application, Copy, Feedback, LogEntry, Organisation, Post
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


def test_a_field_that_is_not_indexed_is_refused_alike(filled: Office) -> None:
    with filled.register.snapshot() as reader, pytest.raises(LookupError):
        ReadAhead(reader).find(Copy, place="6号楼299室")


def test_posts_without_number_cost_as_many_questions_as_one(filled: Office) -> None:
    with filled.register.snapshot() as reader:
        counting = Counting(reader)
        found = list(dossiers(ReadAhead(counting)))
    assert len(found) == 3
    assert counting.asked["get"] == 0
    assert counting.asked["find"] < 12
