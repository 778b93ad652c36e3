"""What is kept for every post is what would be worked out anew, whatever was done in between."""

from collections.abc import Collection, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from store.branches import general_branches
from store.calendar import office_day
from store.duties import duties
from store.duties.diary import Diary
from store.kept import Kept
from store.policy import founding_plan
from store.recall_book import RecallBook
from store.recalls import Recall, recalls
from store.records import Copy, Feedback, Post, Role
from store.register import Reader
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.store.permits import BRANCH, PERMITS
from tests.store.spoken import bad

POLICY = founding_plan()


def due_anew(office: Office, branch_id: str | None = None) -> object:
    with office.register.snapshot() as reader:
        return duties(reader, POLICY, office_day(office.now), branch_id)


def recalled_anew(office: Office) -> list[Recall]:
    return sorted(recalls(office.register), key=lambda each: each.line.id)


def kept_lines(book: RecallBook, office: Office) -> list[Recall]:
    return sorted(book.of(office.register), key=lambda each: each.line.id)


@pytest.mark.parametrize("name", sorted(PERMITS))
def test_after_every_act_what_is_kept_is_what_is_found_anew(office: Office, name: str) -> None:
    permit = PERMITS[name]
    act = permit.begin(office)
    diary, book = Diary(), RecallBook()
    assert diary.duties(office.register, POLICY, office_day(office.now)) == due_anew(office)
    assert kept_lines(book, office) == recalled_anew(office)
    branches = general_branches(office.register)
    for branch in branches:
        diary.duties(office.register, POLICY, office_day(office.now), branch.id)
    role = next(each for each in (Role.COMMITTEE, *sorted(permit.roles)) if each in permit.roles)
    act(office.by(role, BRANCH if role is Role.BRANCH_OFFICER else None))
    assert diary.duties(office.register, POLICY, office_day(office.now)) == due_anew(office)
    assert kept_lines(book, office) == recalled_anew(office)
    for branch in branches:
        today = office_day(office.now)
        assert diary.duties(office.register, POLICY, today, branch.id) == due_anew(office, branch.id)


def test_a_new_day_is_looked_at_anew(office: Office) -> None:
    diary, post_id = Diary(), office.awarded(office.approved())
    office.issued(post_id)
    before = diary.duties(office.register, POLICY, office_day(office.now))
    office.now += timedelta(days=120)
    after = diary.duties(office.register, POLICY, office_day(office.now))
    assert after == due_anew(office) != before


def test_one_branch_is_told_its_own_and_again_when_something_was_added_or_the_day_is_another(
    office: Office,
) -> None:
    office.approved()
    [branch] = {each.branch_id for each in office.register.find(Post)}
    diary, today = Diary(), office_day(office.now)
    told = diary.duties(office.register, POLICY, today, branch)
    assert told == due_anew(office, branch)
    assert told
    assert diary.duties(office.register, POLICY, today, branch) is told
    assert diary.duties(office.register, POLICY, today, "another") == ()
    later = diary.duties(office.register, POLICY, today + timedelta(days=400), branch)
    assert later != told
    office.issued("2026-001")
    assert diary.duties(office.register, POLICY, today, branch) == due_anew(office, branch) != told


class Counted:
    """Works out how many messages a post has, and remembers for which posts it was asked."""

    def __init__(self) -> None:
        self.asked: list[Collection[str] | None] = []

    def __call__(self, reader: Reader, post_ids: Collection[str] | None, _: str) -> Mapping[str, int]:
        self.asked.append(post_ids)
        wanted = [each.id for each in reader.find(Post)] if post_ids is None else post_ids
        return {each: len(reader.find(Feedback, post_id=each)) for each in wanted}


def test_only_posts_something_was_added_about_are_worked_out_again(office: Office) -> None:
    office.applied(office.row("财务室"), office.row("接待室"))
    office.approved_now("2026-001")
    copy, work = office.issued("2026-001"), Counted()
    kept = Kept((Post, Copy, Feedback), work)
    first = kept.by_post(office.register, "")
    assert kept.by_post(office.register, "") is first
    bad(office, copy)
    assert kept.by_post(office.register, "") == {"2026-001": 1, "2026-002": 0}
    assert first == {"2026-001": 0, "2026-002": 0}
    assert work.asked == [None, {"2026-001"}]


def test_another_register_in_its_place_is_read_anew(office: Office, tmp_path: Path) -> None:
    work = Counted()
    kept = Kept((Post, Feedback), work)
    office.approved()
    bad(office, office.issued("2026-001"))
    assert kept.by_post(office.register, "") == {"2026-001": 1}
    with closing(TinyDbRegister(tmp_path / "other.db")) as register:
        other = Office(register)
        register.version()
        other.applied(other.row("接待室"))
        assert kept.by_post(register, "") == {"2026-001": 0}
    assert work.asked == [None, None]
