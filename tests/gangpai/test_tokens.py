"""Tokens at the command line: shown once, listed with their state, taken back."""

import pytest

from gangpai.office import Office
from store.acts.tokens import hash_of
from store.records import ApiToken
from tests.gangpai.desk import Command

COMMITTEE = ("token", "add", "大屏看板", "--role", "committee")


def test_a_token_is_shown_once_and_kept_as_a_hash(gangpai: Command, office: Office) -> None:
    added = gangpai(*COMMITTEE, "--scope", "posts:read", "--scope", "copies:read", "--json").json
    [token] = office.register.find(ApiToken)
    assert token.secret_hash == hash_of(added["token"])
    listed = gangpai("token", "list").out + gangpai("token", "list", "--json").out
    assert added["token"] not in listed
    assert token.secret_hash not in listed


def test_tokens_are_listed_with_what_they_open(gangpai: Command) -> None:
    gangpai("organisation", "add", "园艺场党总支")
    branch = ("--role", "branch_officer", "--branch", "园艺场党总支", "--scope", "recalls:write")
    assert gangpai("token", "add", "扫码枪", *branch, "--days", "30").code == 0
    [token] = gangpai("token", "list", "--json").json["tokens"]
    assert (token["id"], token["branch"], token["good"]) == ("T1", "园艺场党总支", True)
    assert token["scopes"] == ["recalls:write"]


def test_a_token_is_taken_back_with_a_reason(gangpai: Command) -> None:
    gangpai(*COMMITTEE, "--scope", "posts:read")
    assert gangpai("token", "revoke", "T1", "--reason", "工具停用").code == 0
    [token] = gangpai("token", "list", "--json").json["tokens"]
    assert (token["good"], token["state_zh"]) == (False, "已收回")
    again = gangpai("token", "revoke", "T1", "--reason", "工具停用", "--json")
    assert again.json["refused"]["code"] == "NoSuchToken"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--scope", "posts:write"], "NotAScope"),
        (["--scope", "posts:read", "--days", "0"], "TokenLifetime"),
        (["--scope", "posts:read", "--branch", "园艺场党总支"], "BranchForAll"),
    ],
)
def test_a_token_that_cannot_be_is_refused(gangpai: Command, arguments: list[str], code: str) -> None:
    assert gangpai(*COMMITTEE, *arguments, "--json").json["refused"]["code"] == code


def test_a_role_no_officer_has_gets_no_token(gangpai: Command) -> None:
    refused = gangpai("token", "add", "看板", "--role", "public", "--scope", "posts:read", "--json").json
    assert refused["refused"]["code"] == "NotAScope"
