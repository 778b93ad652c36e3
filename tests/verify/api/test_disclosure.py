"""What the API gives away: names only while a plate stands, codes never, of the public never who spoke."""

from collections.abc import Iterator

import pytest

from store.records import Copy, Feedback
from store.standing import Standing
from tests.verify.api.scene import (
    APPLIED,
    COMMITTEE,
    COMPLAINT,
    CREATING,
    ENDED,
    FACTS,
    NAMES,
    NAMES_OF_POSTS,
    OF_A,
    PRAISE,
    RECEIPTS,
    REVOKED,
    VALID,
    Scene,
    token_of,
)
from verify.api import posts, routes
from verify.api.doors import Public

FALLEN = (REVOKED, ENDED, APPLIED)
READS = [
    route
    for route in routes()
    if isinstance(route.door, Public) and route.methods == {"GET"} and route.name != "openapi"
]
"""What tells of the register; the description holds examples, which are of another one."""


def told_to_anybody(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield every public answer there is about anything in the register, with its address."""
    copies = scene.register.find(Copy)
    fillings = {
        "/plates/{code}": [f"/plates/{each.code}" for each in copies],
        "/plates/number/{number}": [f"/plates/number/{each.id}" for each in copies],
        "/posts/{number}": [f"/posts/{each}" for each in NAMES],
        "/ledger/entries/{number}": [f"/ledger/entries/{number}" for number in range(1, 30)],
        "/problems/{name}": ["/problems/no-such-post"],
    }
    for route in READS:
        for path in fillings.get(route.path, [route.path]):
            yield path, scene.get(path).text


def betrayed(scene: Scene, *secrets: str) -> set[tuple[str, str]]:
    return {(path, each) for path, text in told_to_anybody(scene) for each in secrets if each in text}


@pytest.mark.parametrize("post", FALLEN)
def test_nobody_of_a_post_that_does_not_stand_is_named(each_scene: Scene, post: str) -> None:
    assert betrayed(each_scene, *NAMES[post]) == set()


def test_a_revoked_post_is_not_named_nor_is_the_reason(each_scene: Scene) -> None:
    assert betrayed(each_scene, NAMES_OF_POSTS[REVOKED], FACTS) == set()


def test_members_are_named_where_their_plates_name_them(each_scene: Scene) -> None:
    paths = {path for path, _ in betrayed(each_scene, *NAMES[VALID])}
    plates = {each for each in each_scene.register.find(Copy) if each.post_id == VALID}
    shown = {f"/plates/{each.code}" for each in plates} | {f"/plates/number/{each.id}" for each in plates}
    assert paths == {f"/posts/{VALID}", *shown}
    assert each_scene.get(f"/posts/{CREATING}").json()["names"] == list(NAMES[CREATING])


def test_a_post_whose_plates_are_gone_names_nobody(own_scene: Scene) -> None:
    copy = own_scene.copies[CREATING]
    own_scene.client(token_of(COMMITTEE)).post(f"/copies/{copy.id}/return", json={})
    told = own_scene.get(f"/posts/{CREATING}").json()
    assert (told["standing"], told["name"], told["names"]) == ("creating", NAMES_OF_POSTS[CREATING], None)


def test_after_a_veto_no_answer_names_them(own_scene: Scene) -> None:
    assert betrayed(own_scene, *NAMES[CREATING])
    own_scene.office.vetoed(CREATING)
    assert betrayed(own_scene, *NAMES[CREATING], NAMES_OF_POSTS[CREATING]) == set()


def test_a_post_that_takes_every_plate_as_standing_is_noticed(
    own_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Standing, "stands", True)
    with pytest.raises(AssertionError):
        test_nobody_of_a_post_that_does_not_stand_is_named(own_scene, ENDED)


def test_no_answer_holds_a_code(each_scene: Scene) -> None:
    codes = {each.code for each in each_scene.register.find(Copy)}
    for token in ("", token_of(COMMITTEE)):
        for route in routes():
            if (
                route.methods == {"GET"}
                and "{" not in route.path
                and route.name not in {"office_export", "openapi"}
            ):
                told = each_scene.get(route.path, token).text
                assert not [code for code in codes if code in told], route.path


def test_what_the_public_said_reaches_the_committee_without_who(each_scene: Scene) -> None:
    told = each_scene.get("/office/feedback", token_of(COMMITTEE)).text
    assert COMPLAINT in told
    assert PRAISE in told
    voters = {each.voter for each in each_scene.register.find(Feedback)}
    assert not [secret for secret in (*RECEIPTS, *voters) if secret in told]


def test_a_branch_never_sees_a_complaint(each_scene: Scene) -> None:
    for route in routes():
        if route.path.startswith("/office/"):
            assert COMPLAINT not in each_scene.get(route.path, token_of(OF_A)).text


def test_an_export_holds_decisions_and_neither_accounts_nor_voices(each_scene: Scene) -> None:
    told = each_scene.get("/office/export", token_of(COMMITTEE))
    assert {"Post", "Copy", "Veto", "RecallLine"} <= told.json().keys()
    hidden = ("Officer", "ApiToken", "Feedback", "Objection", "LogEntry", "AttachmentContent", "Invitation")
    assert not told.json().keys() & set(hidden)
    assert not [secret for secret in (*RECEIPTS, COMPLAINT) if secret in told.text]


def test_a_listing_that_forgot_the_verdict_is_noticed(
    own_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts, "_words", lambda _: {**_nothing(), "names": list(NAMES[REVOKED])})
    with pytest.raises(AssertionError):
        test_nobody_of_a_post_that_does_not_stand_is_named(own_scene, REVOKED)


def _nothing() -> dict[str, None]:
    return dict.fromkeys(("shown_on", "place", "duties", "member_count", "names", "commitment", "deeds"))
