"""Who may ask what: scope by route by office, and tokens that are none."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from store.acts.authority import Authority
from store.acts.tokens import SCOPE_ROLES, revoke_token, spelled
from store.records import ApiToken, LogEntry, Return, Role, Scope
from tests.verify.api.scene import (
    BRANCHES,
    COMMITTEE,
    CREATING,
    OF_A,
    OF_B,
    OFFICES,
    REVOKED,
    A,
    B,
    Scene,
    ToolOffice,
    grant,
    token_for,
    token_of,
)
from verify.api import doors, routes
from verify.api.doors import ApiRoute, Public, Scoped
from verify.throttle import Throttle

WRITES = "POST"
ROUTES = routes()
SCOPED = {route.name: route.door for route in ROUTES if isinstance(route.door, Scoped)}
PATHS = {route.name: route.path for route in ROUTES}
LISTS_OF_BRANCHES = ("office_posts", "office_copies", "office_recalls", "office_duties")
each_office = pytest.mark.parametrize("office", OFFICES, ids=str)
each_scoped = pytest.mark.parametrize("name", SCOPED)


def ask(scene: Scene, name: str, token: str, **query: str) -> httpx.Response:
    client, path = scene.client(token), PATHS[name].format(number=scene.copies[REVOKED].id)
    if name == "take_in":
        return client.post(path, json={"fate": "returned"})
    return client.get(path, params=query)


def test_every_route_has_a_door_and_every_scope_a_route() -> None:
    assert all(isinstance(route.door, Public | Scoped) for route in ROUTES)
    assert {door.scope for door in SCOPED.values()} == set(Scope)


def test_a_route_without_a_door_cannot_be_built() -> None:
    router = APIRouter(route_class=ApiRoute)
    with pytest.raises(TypeError, match="does not declare"):
        router.get("/open")(lambda: None)


def test_nothing_but_feedback_can_be_changed_without_a_token() -> None:
    writing = {route.name for route in ROUTES if route.methods != {"GET"}}
    assert writing - SCOPED.keys() == {"feedback"}


@each_scoped
@each_office
def test_a_token_opens_exactly_its_scopes(scene: Scene, office: ToolOffice, name: str) -> None:
    wanted = SCOPED[name].scope
    for scope in office.scopes:
        if scope is not wanted:
            refused = ask(scene, name, token_for(office, scope))
            assert refused.status_code == 403
            assert refused.json()["type"] == "/api/v1/problems/scope-missing"
            assert f'scope="{wanted}"' in refused.headers["www-authenticate"]


@pytest.mark.parametrize("name", [name for name in SCOPED if name != "take_in"])
@each_office
def test_an_office_reads_with_the_scope_it_can_have(scene: Scene, office: ToolOffice, name: str) -> None:
    scope = SCOPED[name].scope
    if scope in office.scopes:
        assert ask(scene, name, token_for(office, scope)).status_code == 200


@pytest.mark.parametrize("token", ["", "gp_", "gp_x", spelled(b"?" * 32), token_of(COMMITTEE)[:-1], "\x7f"])
@each_scoped
def test_what_is_no_token_opens_nothing(scene: Scene, name: str, token: str) -> None:
    refused = ask(scene, name, token)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith('Bearer realm="gangpai"')
    assert refused.json()["zh"].endswith("。")


@pytest.mark.parametrize("header", ["Basic Z3A6Z3A=", "Bearer", "Bearer a b", f"Token {token_of(COMMITTEE)}"])
def test_another_kind_of_credentials_opens_nothing(scene: Scene, header: str) -> None:
    assert scene.get("/office/posts", Authorization=header).status_code == 401


def test_the_scheme_may_be_written_as_one_likes(scene: Scene) -> None:
    assert scene.get("/office/posts", Authorization=f"bearer  {token_of(OF_A)} ").status_code == 200


def branches(answer: httpx.Response) -> set[str]:
    """Return whose things a list holds; a duty about a notice, which concerns all, is no branch's."""
    return {each["branch"] for each in answer.json()["items"] if each["branch"]}


@pytest.mark.parametrize("name", LISTS_OF_BRANCHES)
def test_a_branchs_tool_reads_its_own_branch_alone(scene: Scene, name: str) -> None:
    for office, own, other in ((OF_A, A, B), (OF_B, B, A)):
        token = token_of(office)
        assert branches(ask(scene, name, token)) <= {own}
        assert branches(ask(scene, name, token, branch=own)) <= {own}
        refused = ask(scene, name, token, branch=other)
        assert refused.status_code == 403
        assert BRANCHES[other] not in refused.text
    assert branches(ask(scene, name, token_of(COMMITTEE), branch=B)) <= {B}


def test_a_tool_without_a_branch_reads_all(scene: Scene) -> None:
    assert branches(ask(scene, "office_posts", token_of(COMMITTEE))) == {A, B}


def test_a_door_that_overlooks_the_branch_is_noticed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Authority, "covers", lambda *_: True)
    with pytest.raises(AssertionError):
        test_a_branchs_tool_reads_its_own_branch_alone(scene, "office_posts")


def test_a_door_that_overlooks_the_scope_is_noticed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    class Everything:
        def __contains__(self, _: object) -> bool:
            return True

    monkeypatch.setattr(ApiToken, "scopes", Everything(), raising=False)
    taken = doors._token_of  # noqa: SLF001 - the mutant stands in its place

    def generous(*args: Any) -> Any:
        token = taken(*args)
        object.__setattr__(token, "scopes", Everything())
        return token

    monkeypatch.setattr(doors, "_token_of", generous)
    with pytest.raises(AssertionError):
        test_a_token_opens_exactly_its_scopes(scene, OF_A, "office_posts")


def test_a_plate_is_taken_in_by_its_own_branch_once(own_scene: Scene) -> None:
    before = own_scene.office.written()
    assert ask(own_scene, "take_in", token_of(OF_B)).status_code == 403
    assert own_scene.office.written() == before
    entered = ask(own_scene, "take_in", token_of(OF_A))
    assert (entered.status_code, entered.json()["fate"]) == (201, "returned")
    again = ask(own_scene, "take_in", token_of(OF_A))
    assert (again.status_code, again.json()["clause"]) == (409, "F23")
    [returned] = own_scene.register.find(Return, copy_id=own_scene.copies[REVOKED].id)
    assert returned.returned_at == own_scene.clock.now


def test_the_log_names_the_token_and_not_its_text(own_scene: Scene) -> None:
    ask(own_scene, "take_in", token_of(OF_A))
    entry = next(own_scene.register.newest(LogEntry, 1))
    [token] = [each for each in own_scene.register.find(ApiToken) if each.label == str(OF_A)][:1]
    assert (entry.actor, entry.act) == (f"token:{token.id}", "return")
    assert token_of(OF_A) not in repr(entry)


def test_a_token_taken_back_opens_nothing_from_then_on(own_scene: Scene) -> None:
    assert ask(own_scene, "office_posts", token_of(OF_A)).status_code == 200
    [token] = [each for each in own_scene.register.find(ApiToken) if each.label == str(OF_A)][:1]
    revoke_token(own_scene.register, own_scene.office.by(Role.ADMINISTRATOR), token.id, reason="停用")
    assert ask(own_scene, "office_posts", token_of(OF_A)).status_code == 401


def test_a_token_expires(own_scene: Scene) -> None:
    own_scene.clock.forward(days=400)
    assert ask(own_scene, "office_posts", token_of(OF_A)).status_code == 401


def test_each_token_is_paced_by_itself(own_scene: Scene) -> None:
    own_scene.app.state.site.throttles.api_tokens = Throttle(2)
    asked = [ask(own_scene, "office_posts", token_of(OF_A)) for _ in range(3)]
    assert [each.status_code for each in asked] == [200, 200, 429]
    assert asked[0].headers["ratelimit-policy"] == '"hour";q=2;w=3600'
    assert asked[2].headers["retry-after"] == "1800"
    assert ask(own_scene, "office_posts", token_of(OF_B)).status_code == 200


def test_guessing_tokens_is_paced_by_network(own_scene: Scene) -> None:
    own_scene.app.state.site.throttles.api_networks = Throttle(2)
    guessed = [ask(own_scene, "office_posts", spelled(bytes([n]) * 32)).status_code for n in range(200, 203)]
    assert guessed == [401, 401, 429]
    assert ask(own_scene, "office_posts", token_of(OF_A)).status_code == 200


def test_a_scope_the_office_has_lost_opens_nothing(own_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCOPE_ROLES, Scope.POSTS_READ, (Role.COMMITTEE,))
    assert ask(own_scene, "office_posts", token_of(OF_A)).status_code == 403


def test_a_new_post_is_seen_at_once(own_scene: Scene) -> None:
    grant(own_scene.office, OF_B, (Scope.POSTS_READ,), "gp_new")
    states = {
        each["number"]: each["state"] for each in ask(own_scene, "office_posts", "gp_new").json()["items"]
    }
    assert states[CREATING] == "approved"
    own_scene.office.vetoed(CREATING)
    states = {
        each["number"]: each["state"] for each in ask(own_scene, "office_posts", "gp_new").json()["items"]
    }
    assert states[CREATING] == "revoked"
