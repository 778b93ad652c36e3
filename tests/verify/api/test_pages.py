"""Lists in pages: everything once, in order, whatever is added meanwhile; cursors that only we can write."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from store.acts.circulation import report_lost, return_copy
from store.records import Copy
from tests.verify.api.scene import COMMITTEE, CREATING, OF_A, VALID, Scene, token_of
from verify.api import cursors

LISTS = ("/posts", "/satisfaction", "/roll", "/changes")
OFFICE_LISTS = ("/office/posts", "/office/copies", "/office/feedback", "/office/ledger")
each_list = pytest.mark.parametrize("path", [*LISTS, *OFFICE_LISTS])


def page(scene: Scene, path: str, cursor: str | None = None, limit: int = 200) -> dict[str, Any]:
    query = f"?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
    told: dict[str, Any] = scene.get(path + query, token_of(COMMITTEE)).json()
    return told


def walked(scene: Scene, path: str, limit: int) -> list[Any]:
    """Return what a list holds, read page by page."""
    found, cursor = [], None
    for _ in range(500):
        told = page(scene, path, cursor, limit)
        assert len(told["items"]) <= limit
        found += told["items"]
        if (cursor := told["next"]) is None:
            return found
    raise AssertionError("the list has no end")


@each_list
@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_hold_everything_once_and_in_order(each_scene: Scene, path: str, limit: int) -> None:
    whole = page(each_scene, path)
    assert whole["next"] is None or len(whole["items"]) == 200
    assert walked(each_scene, path, limit) == walked(each_scene, path, 200)


def test_changes_are_told_newest_first_with_their_plates(each_scene: Scene) -> None:
    told = page(each_scene, "/changes")["items"]
    moments = [each["at"] for each in told]
    assert moments == sorted(moments, reverse=True)
    assert {each["change"] for each in told} == {"issued", "revoked", "lost", "ended"}
    [ended] = [each for each in told if each["change"] == "ended"]
    assert ended["plates"] == [each.id for each in each_scene.register.find(Copy, post_id="2026-003")]


def test_what_is_added_meanwhile_shifts_nothing(own_scene: Scene) -> None:
    whole = page(own_scene, "/changes")["items"]
    first = page(own_scene, "/changes", limit=3)
    return_copy(own_scene.register, own_scene.office.by(), own_scene.copies[CREATING].id)
    second = page(own_scene, "/changes", first["next"], limit=3)
    assert first["items"] + second["items"] == whole[:6]
    assert page(own_scene, "/changes", limit=1)["items"][0]["change"] == "returned"


def test_changes_of_one_moment_are_told_once_each(own_scene: Scene) -> None:
    office = own_scene.office
    for copy in own_scene.register.find(Copy, post_id=VALID):
        office.now -= timedelta(minutes=1)  # every act is a minute after the one before
        report_lost(own_scene.register, office.by(), copy.id, reason="遗失")
    told = walked(own_scene, "/changes", 1)
    assert len({each["id"] for each in told}) == len(told)
    assert [each["change"] for each in told][:2] == ["lost", "lost"]


def test_a_list_counted_from_its_start_would_be_noticed(
    own_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursors.Asked, "following", lambda self, _: cursors.cursor(self.site, "x", (3,)))
    with pytest.raises((AssertionError, KeyError)):
        test_what_is_added_meanwhile_shifts_nothing(own_scene)


def test_a_page_looks_at_no_more_than_it_may(own_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cursors, "EXAMINED_MOST", 1)
    first = page(own_scene, "/posts")
    assert (len(first["items"]), first["next"] is None) == (1, False)
    assert [each["number"] for each in walked(own_scene, "/posts", 50)] == [VALID, CREATING]


@pytest.mark.parametrize(
    "cursor", ["x", "====", "W10", "A" * 400, "\U0001f600", base64.urlsafe_b64encode(b'"' * 40).decode()]
)
@each_list
def test_a_cursor_that_is_not_ours_is_refused(each_scene: Scene, path: str, cursor: str) -> None:
    refused = each_scene.client(token_of(COMMITTEE)).get(path, params={"cursor": cursor})
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("/not-a-cursor")


def test_a_cursor_leads_on_in_its_own_list_alone(each_scene: Scene) -> None:
    cursor = page(each_scene, "/posts", limit=1)["next"]
    assert each_scene.get(f"/office/posts?cursor={cursor}", token_of(OF_A)).status_code == 422
    altered = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).replace(b"001", b"002")
    forged = base64.urlsafe_b64encode(altered).decode().rstrip("=")
    assert each_scene.get(f"/posts?cursor={forged}").status_code == 422


@pytest.mark.parametrize("limit", ["0", "-1", "201", "ten", "1e400", "9" * 5000, ""])
def test_a_limit_beyond_sense_is_refused_with_its_place(each_scene: Scene, limit: str) -> None:
    refused = each_scene.client().get("/posts", params={"limit": limit})
    assert refused.status_code == 422
    [fault] = refused.json()["errors"]
    assert (fault["in"], fault["pointer"]) == ("query", "#/limit")
