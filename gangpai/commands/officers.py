"""Who may sign in."""

import secrets
import sys
from typing import Annotated

import typer

from gangpai.office import new_password, open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.authority import ROLE_EN, ROLE_ZH
from store.acts.credentials import Invited, invite, take_second_factor
from store.acts.officers import NewDuties, NewOfficer
from store.acts.officers import add_officer as add
from store.acts.officers import change_officer as change
from store.acts.officers import disable_officer as disable
from store.branches import organisations
from store.calendar import chinese_time
from store.records import Invitation, Officer, OfficerChange, OfficerDisabled, Role
from store.refusals import Refusal
from store.staff import officers_now
from verify.joining import LINK_BYTES, link_hash
from verify.passwords import hash_password

Name = Annotated[str, typer.Argument(metavar="NAME", help="登录名 / sign-in name")]
_SIGNING_IN = [role.value for role in Role if role is not Role.PUBLIC]


class NotARole(Refusal):
    """No officer can have this role. Remedy: choose one of those listed."""

    reason_zh = "没有“{role}”这一角色。"
    reason_en = "There is no role {role!r}."
    remedy_zh = "可用的角色：{known}。"
    remedy_en = "Choose one of: {known}."


class NoPassword(Refusal):
    """No password came in. Remedy: give one on standard input, or let one be made."""

    reason_zh = "没有得到密码。"
    reason_en = "No password was given."
    remedy_zh = "请用 --generate 生成，或用 --password-stdin 从标准输入给出。"
    remedy_en = "Say --generate, or give one on standard input with --password-stdin."


def add_officer(  # noqa: PLR0913 -- each option of the command is a parameter
    *,
    name: Name,
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help=f"角色 / role: {'、'.join(_SIGNING_IN)}")
    ],
    branch: Annotated[
        str,
        typer.Option(
            "--branch",
            metavar="NAME",
            help="所属党总支；inspector、print_clerk 填后只限该总支 / general branch: "
            "needed for branch_officer, a limit for inspector and print_clerk",
        ),
    ] = "",
    display: Annotated[str, typer.Option("--display", metavar="NAME", help="显示姓名 / name shown")] = "",
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="从标准输入读密码 / read the password from standard input"),
    ] = False,
    generate: Annotated[
        bool, typer.Option("--generate", help="生成密码并显示一次 / make one and show it once")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Open an account for an officer."""
    known_role = _role(role)
    made = new_password() if generate else ""
    password = made or _password(from_stdin=password_stdin)
    new = NewOfficer(
        officer_id=name,
        display_name=display,
        role=known_role,
        branch_name=branch,
        password_hash=hash_password(password),
    )
    with open_office() as office:
        officer = add(office.register, office.authority(Role.ADMINISTRATOR), new)
    show(_added(officer, made), as_json=as_json)


def invite_officer(
    *,
    name: Name,
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help=f"角色 / role: {'、'.join(_SIGNING_IN)}")
    ],
    branch: Annotated[str, typer.Option("--branch", metavar="NAME", help="所属党总支 / general branch")] = "",
    display: Annotated[str, typer.Option("--display", metavar="NAME", help="显示姓名 / name shown")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a link by which somebody chooses a password, for a new account or one there is."""
    secret = secrets.token_hex(LINK_BYTES)
    invited = Invited(
        link_hash=link_hash(secret),
        officer_id=name,
        display_name=display,
        role=_role(role),
        branch_name=branch,
    )
    with open_office() as office:
        invitation = invite(office.register, office.authority(Role.ADMINISTRATOR), invited)
        link = f"{office.settings.base_url.rstrip('/')}/console/invitation/{secret}"
    show(_invited(invitation, link), as_json=as_json)


def _invited(invitation: Invitation, link: str) -> Outcome:
    until = chinese_time(invitation.expires_at)
    return Outcome(
        zh=f"请把这个链接交给本人（只显示这一次，只能用一次，{until}前有效）：{link}",
        en=f"Hand this link to {invitation.officer_id}; shown only now, good once: {link}",
        facts={"officer": invitation.officer_id, "role": invitation.role.value, "link": link},
    )


def take_device(
    *,
    name: Name,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="停用原因 / why")],
    as_json: AsJson = False,
) -> None:
    """Accept the codes of an officer's device no longer, because it was lost."""
    with open_office() as office:
        take_second_factor(office.register, office.authority(Role.ADMINISTRATOR), name, reason=reason)
    show(
        Outcome(
            zh=f"{name}的验证码已停用，下次登录时重新启用。",
            en=f"The device of {name} is taken away; the next sign-in takes up another.",
            facts={"officer": name, "device": False},
        ),
        as_json=as_json,
    )


def _added(officer: Officer, made_password: str) -> Outcome:
    facts = {"officer": officer.id, "role": officer.role.value}
    added_zh, added_en = f"已添加{officer.display_name}（{officer.id}）。", f"Added {officer.id}."
    if not made_password:
        return Outcome(zh=added_zh, en=added_en, facts=facts)
    return Outcome(
        zh=f"{added_zh}密码（只显示这一次）：{made_password}",
        en=f"{added_en} Password, shown only now: {made_password}",
        facts=facts | {"password": made_password},
    )


def _role(word: str) -> Role:
    if word not in _SIGNING_IN:
        raise NotARole(role=word, known="、".join(_SIGNING_IN))
    return Role(word)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        given = str(typer.prompt("密码 Password", hide_input=True, confirmation_prompt=True))
    else:
        given = ""
    if not given:
        raise NoPassword
    return given


_OFFICER_COLUMNS = (
    Column(key="officer", zh="登录名", en="name"),
    Column(key="display", zh="姓名", en="shown as"),
    Column(key="role", zh="角色", en="role"),
    Column(key="branch", zh="党总支", en="branch"),
    Column(key="state_zh", zh="状态", en="state"),
    Column(key="added_at", zh="添加时间", en="added"),
)


def list_officers(*, as_json: AsJson = False) -> None:
    """List who may sign in."""
    with open_office() as office, office.register.snapshot() as reader:
        closed = {each.officer_id for each in reader.find(OfficerDisabled)}
        branches = {each.id: each.name for each in organisations(reader)}
        rows = [
            {
                "officer": each.id,
                "display": each.display_name,
                "role": each.role.value,
                "branch": branches.get(each.branch_id or "", ""),
                "open": each.id not in closed,
                "state_zh": "已停用" if each.id in closed else "在用",
                "added_at": chinese_time(each.added_at),
            }
            for each in officers_now(reader)
        ]
    show(
        Listing(
            name="officers",
            columns=_OFFICER_COLUMNS,
            rows=rows,
            none_zh="尚无登录人员。",
            none_en="No officers yet.",
        ),
        as_json=as_json,
    )


def change_officer(
    *,
    name: Name,
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help=f"新角色 / new role: {'、'.join(_SIGNING_IN)}")
    ],
    branch: Annotated[
        str,
        typer.Option(
            "--branch",
            metavar="NAME",
            help="新的所属党总支，不填为不限 / new general branch; without it the whole organisation",
        ),
    ] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="更改原因 / why")],
    as_json: AsJson = False,
) -> None:
    """Give an account another role or branch; it is signed out everywhere."""
    duties = NewDuties(role=_role(role), branch_name=branch, reason=reason)
    with open_office() as office:
        changed = change(office.register, office.authority(Role.ADMINISTRATOR), name, duties)
    show(_changed(changed, branch), as_json=as_json)


def _changed(changed: OfficerChange, branch: str) -> Outcome:
    name, role, limit = changed.officer_id, changed.role, f"（{branch}）" if branch else ""
    return Outcome(
        zh=f"{name}的角色已改为{ROLE_ZH[role]}{limit}，已登录的浏览器同时退出。",
        en=f"{name} is {ROLE_EN[role]} now, and signed out everywhere.",
        facts={"officer": name, "role": role.value, "branch": branch},
    )


def disable_officer(
    *,
    name: Name,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="停用原因 / why")],
    as_json: AsJson = False,
) -> None:
    """Close an account; its open sessions end with it."""
    with open_office() as office:
        disable(office.register, office.authority(Role.ADMINISTRATOR), name, reason=reason)
    show(
        Outcome(
            zh=f"账号{name}已停用。",
            en=f"The account {name} is closed.",
            facts={"officer": name, "open": False},
        ),
        as_json=as_json,
    )
