"""Officers and organisations at the command line; a password is shown once or never."""

import io

import pytest

from gangpai.office import Office
from store.acts.authority import Actor, Authority
from store.acts.credentials import add_second_factor
from store.ledger import verify
from store.records import Invitation, LogEntry, Officer, Organisation, Role
from tests.gangpai.desk import Command
from verify.joining import link_hash
from verify.passwords import verify_password

SENTENCE = "树上有七只白鹭在看水 2026"


def test_a_generated_password_is_shown_once_and_kept_as_a_hash(gangpai: Command, office: Office) -> None:
    answer = gangpai(
        "officer", "add", "wang", "--role", "committee", "--display", "王主任", "--generate", "--json"
    )
    password = answer.json["password"]
    [officer] = office.register.find(Officer)
    assert verify_password(officer.password_hash, password)
    assert password not in gangpai("officer", "list").out + gangpai("officer", "list", "--json").out
    assert officer.password_hash not in gangpai("officer", "list", "--json").out


def test_a_password_comes_in_on_standard_input(
    gangpai: Command, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SENTENCE}\n"))
    answer = gangpai("officer", "add", "wang", "--role", "committee", "--password-stdin")
    assert answer.code == 0
    assert SENTENCE not in answer.out + answer.err
    assert verify_password(office.register.find(Officer)[0].password_hash, SENTENCE)


def test_without_a_password_nothing_is_added(
    gangpai: Command, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    answer = gangpai("officer", "add", "wang", "--role", "committee", "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, "NoPassword")
    assert office.register.count(Officer) == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--role", "king", "--generate"], "NotARole"),
        (["--role", "public", "--generate"], "NotARole"),
        (["--role", "branch_officer", "--branch", "不存在党总支", "--generate"], "NoSuchBranch"),
        (["--role", "branch_officer", "--generate"], "NoSuchBranch"),
        (["--role", "inspector", "--branch", "不存在党总支", "--generate"], "NoSuchBranch"),
        (["--role", "committee", "--branch", "园艺场党总支", "--generate"], "BranchForAll"),
        (["--role", "administrator", "--branch", "园艺场党总支", "--generate"], "BranchForAll"),
    ],
)
def test_an_account_that_cannot_be_is_refused(gangpai: Command, arguments: list[str], code: str) -> None:
    assert gangpai("officer", "add", "wang", *arguments, "--json").json["refused"]["code"] == code


def test_another_role_is_told_and_listed(gangpai: Command) -> None:
    assert gangpai("officer", "add", "wang", "--role", "inspector", "--generate").code == 0
    change = ("officer", "change", "wang", "--role", "print_clerk", "--reason", "改任")
    assert "wang的角色已改为印制人员" in gangpai(*change).out
    [listed] = gangpai("officer", "list", "--json").json["officers"]
    assert listed["role"] == "print_clerk"
    assert gangpai(*change, "--json").json["refused"]["code"] == "SameDuties"


def test_a_branch_officer_belongs_to_a_branch(gangpai: Command) -> None:
    assert gangpai("organisation", "add", "园艺场党总支").code == 0
    added = gangpai(
        "officer", "add", "li", "--role", "branch_officer", "--branch", "园艺场党总支", "--generate"
    )
    assert added.code == 0
    [officer] = gangpai("officer", "list", "--json").json["officers"]
    assert (officer["branch"], officer["open"]) == ("园艺场党总支", True)


@pytest.mark.parametrize("role", ["inspector", "print_clerk"])
@pytest.mark.parametrize("branch", ["园艺场党总支", ""])
def test_an_inspector_or_print_clerk_may_be_confined_to_a_branch(
    gangpai: Command, role: str, branch: str
) -> None:
    gangpai("organisation", "add", "园艺场党总支")
    assert gangpai("officer", "add", "li", "--role", role, "--branch", branch, "--generate").code == 0
    [officer] = gangpai("officer", "list", "--json").json["officers"]
    assert officer["branch"] == branch


def test_an_account_is_closed_with_a_reason_and_stays_on_record(gangpai: Command, office: Office) -> None:
    gangpai("officer", "add", "wang", "--role", "inspector", "--generate")
    assert gangpai("officer", "disable", "wang", "--reason", "调离").code == 0
    again = gangpai("officer", "disable", "wang", "--reason", "调离", "--json")
    assert again.json["refused"]["code"] == "NoSuchOfficer"
    [officer] = gangpai("officer", "list", "--json").json["officers"]
    assert officer["open"] is False
    assert verify(office.register).faults == ()


def test_the_ledger_names_the_login_of_the_machine(gangpai: Command, office: Office) -> None:
    gangpai("organisation", "add", "园艺场党总支")
    [entry] = office.register.find(LogEntry)
    assert entry.actor.startswith("cli:")
    assert entry.actor != "cli:"


def test_organisations_are_listed_and_not_entered_twice(gangpai: Command, office: Office) -> None:
    gangpai("organisation", "add", "园艺场党总支")
    again = gangpai("organisation", "add", "园艺场党总支", "--json")
    assert again.json["refused"]["code"] == "OrganisationExists"
    kinds = [each["kind"] for each in gangpai("organisation", "list", "--json").json["organisations"]]
    assert sorted(kinds) == ["committee", "general_branch"]
    assert office.register.count(Organisation) == 2


def test_a_branch_is_renamed_and_its_old_name_tells_the_new_one(gangpai: Command) -> None:
    gangpai("organisation", "add", "园艺场党总支")
    told = gangpai(
        "organisation", "rename", "园艺场党总支", "果蔬场党总支", "--reason", "改制", "--json"
    ).json
    assert (told["name"], told["former"], told["plates"]) == ("果蔬场党总支", "园艺场党总支", 0)
    listed = gangpai("organisation", "list", "--json").json["organisations"]
    assert [each["name"] for each in listed if each["kind"] == "general_branch"] == ["果蔬场党总支"]
    again = gangpai("organisation", "rename", "园艺场党总支", "林场党总支", "--reason", "改制", "--json")
    assert again.json["refused"]["code"] == "BranchRenamed"
    assert "果蔬场党总支" in again.json["refused"]["zh"]


def test_an_invitation_is_a_link_that_the_register_does_not_hold(gangpai: Command, office: Office) -> None:
    answer = gangpai("officer", "invite", "sun", "--role", "committee", "--json")
    link = answer.json["link"]
    [kept] = office.register.find(Invitation)
    secret = link.rpartition("/")[2]
    assert "/console/invitation/" in link
    assert kept.id == link_hash(secret) != secret
    assert (
        gangpai("officer", "invite", "li", "--role", "king", "--json").json["refused"]["code"] == "NotARole"
    )


def test_a_lost_device_is_taken_away_once(gangpai: Command, office: Office) -> None:
    gangpai("officer", "add", "wang", "--role", "committee", "--generate")
    actor = Actor(name="wang", role=Role.COMMITTEE)
    by = Authority(actor=actor, now=office.now(), policy=office.policy)
    add_second_factor(office.register, by, "00ff", ())
    take = ("officer", "take-device", "wang", "--reason", "手机丢失", "--json")
    assert gangpai(*take).json["device"] is False
    assert gangpai(*take).json["refused"]["code"] == "NoSecondFactor"
    unknown = ("officer", "take-device", "nobody", "--reason", "手机丢失", "--json")
    assert gangpai(*unknown).json["refused"]["code"] == "NoSuchOfficer"
