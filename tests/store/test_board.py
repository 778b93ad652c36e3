"""What the notice board reads: posts by branch, the roll, changes of posts; each on both engines."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from store import board, roll
from store.acts.adjust import end_post
from store.acts.circulation import report_lost, return_copy
from store.acts.correction import correct_veto
from store.board import post_standing, standing_posts
from store.dossier import NoSuchPost
from store.post_changes import ChangeKind, latest_changes
from store.records import EndCause, Post, Product, Stage
from store.register import Register
from store.roll import PlateFacts, roll_page, whole_roll
from store.standing import Verdict
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare

BRANCHES = {"财务室": "畜牧站党总支", "窗口岗": "农机中心党总支", "档案室": "畜牧站党总支"}


@pytest.fixture(params=ENGINES)
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as opened:
        yield opened


@pytest.fixture
def posts(office: Office) -> list[str]:
    """Return two approved posts of one branch and one of another."""
    rows = [
        replace(office.row(name=name), branch_name=branch, row=number)
        for number, (name, branch) in enumerate(sorted(BRANCHES.items(), key=lambda each: each[1]), start=3)
    ]
    office.applied(*rows)
    return [office.approved_now(each.id) for each in office.register.find(Post)]


def named(office: Office) -> list[tuple[str, list[str], int]]:
    found = standing_posts(office.register)
    return [(each.name, [post.name for post in each.posts], each.revoked) for each in found.branches]


def test_posts_stand_by_branch_and_a_revoked_one_is_a_number_alone(office: Office, posts: list[str]) -> None:
    everything = [(name, sorted(shown), revoked) for name, shown, revoked in named(office)]
    assert everything == [("农机中心党总支", ["窗口岗"], 0), ("畜牧站党总支", ["档案室", "财务室"], 0)]
    fallen = next(each for each in posts if post_standing(office.register, each).name == "窗口岗")
    office.vetoed(fallen)
    assert named(office)[0] == ("农机中心党总支", [], 1)
    standing = post_standing(office.register, fallen)
    assert (standing.verdict, standing.name, standing.branch_name) == (Verdict.REVOKED, "", "")


def test_f19_a_post_that_ended_is_left_out_and_still_has_its_name(office: Office, posts: list[str]) -> None:
    name = post_standing(office.register, posts[0]).name
    end_post(office.register, office.by(), posts[0], cause=EndCause.TERM_OVER, reason="届满")
    assert name not in str(named(office))
    ended = post_standing(office.register, posts[0])
    assert (ended.verdict, ended.name) == (Verdict.ENDED, name)


def test_a_post_stands_since_its_approval_and_then_since_its_award(office: Office, posts: list[str]) -> None:
    creating = post_standing(office.register, posts[0])
    assert (creating.verdict, creating.since) == (Verdict.CREATING, date(2026, 6, 15))
    office.awarded(posts[0], on=date(2026, 7, 1))
    titled = post_standing(office.register, posts[0])
    assert (titled.verdict, titled.since) == (Verdict.VALID, date(2026, 7, 1))


def test_what_was_never_approved_is_unknown(office: Office) -> None:
    office.applied()
    for post_id in ("2026-001", "2026-999", ""):
        assert post_standing(office.register, post_id).verdict is Verdict.UNKNOWN
    assert standing_posts(office.register).posts == ()


def test_a_page_leads_to_the_next_until_every_post_was_shown(
    office: Office, posts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "SHOWN_MOST", 1)
    seen, first = [], ""
    for _ in posts:
        page = standing_posts(office.register, first=first)
        seen += [each.post_id for each in page.posts]
        first = page.following or ""
    assert (sorted(seen), first) == (posts, "")


def test_a_page_looks_at_no_more_posts_than_it_may(
    office: Office, posts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "EXAMINED_MOST", 1)
    for each in posts:
        end_post(office.register, office.by(), each, cause=EndCause.STOPPED, reason="停止")
    page = standing_posts(office.register)
    assert page.posts == ()
    assert page.following in posts


@pytest.mark.usefixtures("posts")
def test_branches_are_found_by_a_part_of_their_name(office: Office) -> None:
    found = standing_posts(office.register, branch="农机")
    assert [each.name for each in found.branches] == ["农机中心党总支"]
    assert standing_posts(office.register, branch="没有").branches == ()


@pytest.mark.usefixtures("posts")
def test_a_page_cannot_begin_with_what_is_not_there(office: Office) -> None:
    for ask in (standing_posts, lambda reader, first: roll_page(reader, office.now, first=first)):
        with pytest.raises(NoSuchPost):
            ask(office.register, first="2026-999")


def test_posts_follow_one_another_by_number_beyond_the_thousandth() -> None:
    posts = [Post(id=each, year=2026, branch_id="O01") for each in ("2026-1000", "2026-999", "2026-0001")]
    assert [each.id for each in sorted(posts, key=board.in_order)] == ["2026-999", "2026-0001", "2026-1000"]


def test_f22_the_roll_tells_of_a_revoked_plate_number_and_day_alone(office: Office, posts: list[str]) -> None:
    standing, fallen = office.issued(posts[0]), office.issued(posts[1])
    office.vetoed(posts[1])
    first, second = roll_page(office.register, office.now).lines
    assert (first.number, first.verdict) == (standing.id, Verdict.CREATING)
    assert first.plate == PlateFacts(
        post_id=posts[0],
        post_name=standing.face.post_name,
        branch_name=standing.face.branch_name,
        product=Product.PLAQUE,
        stage=Stage.CREATION,
    )
    assert (second.number, second.verdict, second.plate) == (fallen.id, Verdict.REVOKED, None)
    assert standing.code not in str(first)


def test_plates_that_came_back_or_were_lost_are_on_no_roll(office: Office, posts: list[str]) -> None:
    back, lost, out = (office.issued(each) for each in posts)
    return_copy(office.register, office.by(), back.id)
    report_lost(office.register, office.by(), lost.id, reason="遗失")
    assert [each.number for each in whole_roll(office.register, office.now).lines] == [out.id]


def test_pages_of_the_roll_make_the_whole_roll(
    office: Office, posts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll, "POSTS_AT_A_TIME", 2)
    for post_id in posts:
        for product in (Product.PLAQUE, Product.BADGE):
            office.issued(post_id, product)
    whole = whole_roll(office.register, office.now).lines
    pages = [roll_page(office.register, office.now, most=2)]
    while pages[-1].following:
        pages.append(roll_page(office.register, office.now, first=pages[-1].following, most=2))
    assert [len(each.lines) for each in pages] == [2, 2, 2]
    assert tuple(line for page in pages for line in page.lines) == whole
    assert roll_page(office.register, office.now, first=posts[2]).lines == whole[4:]


def kinds(office: Office) -> list[tuple[ChangeKind, str]]:
    return [(each.kind, each.post.name) for each in latest_changes(office.register)]


def test_changes_are_told_newest_first_and_without_the_name_while_revoked(office: Office) -> None:
    post_id = office.approved()
    office.awarded(post_id)
    told = [(ChangeKind.AWARDED, "财务室"), (ChangeKind.APPROVED, "财务室")]
    assert kinds(office) == told
    office.vetoed(post_id)
    fallen = latest_changes(office.register)
    assert [(each.kind, each.post.name) for each in fallen] == [
        (ChangeKind.REVOKED, ""),
        (ChangeKind.AWARDED, ""),
        (ChangeKind.APPROVED, ""),
    ]
    assert {each.updated_at for each in fallen} == {fallen[0].at}
    correct_veto(office.register, office.by(), post_id, document="更正1号", reason="查实有误")
    assert kinds(office)[0] == (ChangeKind.CORRECTED, "财务室")
    assert [each.id for each in latest_changes(office.register)][1:] == [each.id for each in fallen]


def test_no_more_changes_are_told_than_asked_for(office: Office, posts: list[str]) -> None:
    latest = latest_changes(office.register, most=2)
    assert [each.post.post_id for each in latest] == posts[:0:-1]
