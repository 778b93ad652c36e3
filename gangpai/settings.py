"""What the operator decides outside the program: where the register lies, where the codes lead, which policy.

Knows the names of the settings and the order of precedence: the environment, then gangpai.toml, then the
default. Leaves out whether a base URL is fit for print (plaques/preflight/plate.py) and what a
policy says (store/policy.py).
"""

import os
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gangpai.addresses import AddressBook, address_book
from gangpai.mail import MailServer, mail_server
from gangpai.stores import Store, parse_store
from store.contacts import NotAContactKey, SealingKey
from store.policy import FOUNDING_PLAN, Policy, built_in, parse_policy, profiles
from store.refusals import Refusal
from store.webhooks.addresses import NotAReceiver

SETTINGS_FILE = "gangpai.toml"
DEFAULTS = {
    "store": "tinydb:./data/register.db",
    "base_url": "",
    "policy": "",
    "demo": "",
    "secret": "",
    "contact_key": "",
    "designs": "",
    "log_format": "text",
    "metrics_networks": "",
    "metrics_token": "",
    "oidc_issuer": "",
    "oidc_client_id": "",
    "oidc_client_secret": "",
    "oidc_second_factors": "",
    "smtp": "",
    "smtp_password": "",
    "mail_from": "",
    "reminder_mail": "",
    "reminder_robots": "",
}
LOG_FORMATS = ("text", "json")
_ON = frozenset({"1", "true", "yes", "on"})
_OFF = frozenset({"", "0", "false", "no", "off"})
_SECRET_SHORTEST = 16
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadSetting(Refusal):
    """A setting cannot be used. Remedy: correct it where it was given."""

    reason_zh = "设置项“{key}”不可用：{problem_zh}。"
    reason_en = "The setting {key!r} cannot be used: {problem_en}."
    remedy_zh = "请在环境变量或 gangpai.toml 中改正；各设置项见 docs/operator.md。"
    remedy_en = "Correct it in the environment or in gangpai.toml; docs/operator.md lists the settings."


class NoSecret(Refusal):
    """The file that keeps the secret cannot be read or made. Remedy: look at its rights and the disk."""

    reason_zh = "密钥文件“{path}”无法读写（{problem}）。"
    reason_en = "The secret's file {path!r} cannot be read or made ({problem})."
    remedy_zh = "请检查目录权限与磁盘，或用 GANGPAI_SECRET 给出密钥。"
    remedy_en = "Check the folder's rights and the disk, or give the secret as GANGPAI_SECRET."


@dataclass(frozen=True, kw_only=True)
class OidcSettings:
    """The identity provider that may vouch for officers, and the amr and acr values taken for a code."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    second_factors: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings in force; the secret stays out of every text made of them."""

    store: Store
    base_url: str = ""
    policy_profile: str = FOUNDING_PLAN
    policy_path: Path | None = None
    demo: bool = False
    secret: str = field(default="", repr=False)
    contact_key: str = ""
    designs_path: Path | None = None
    log_format: str = LOG_FORMATS[0]
    metrics_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    metrics_token: str = field(default="", repr=False)
    oidc: OidcSettings | None = None
    mail_server: MailServer | None = None
    address_book: AddressBook = field(default_factory=AddressBook)

    @property
    def secret_path(self) -> Path:
        """The file that keeps the secret where none is given: beside the register, or in ./data."""
        return self.store.folder / "secret.key"


def load_settings(environment: Mapping[str, str], directory: Path) -> Settings:
    """Read the settings that hold for a command run in the directory.

    Raises:
        BadSetting: a key is unknown or a value impossible.
        StoreNotInThisVersion, StoreUnreadable: the store is neither a file nor a database.

    """
    given = {**DEFAULTS, **_from_file(directory / SETTINGS_FILE), **_from_environment(environment)}
    return Settings(
        store=parse_store(given["store"], directory),
        base_url=given["base_url"].strip().rstrip("/"),
        **_policy(given["policy"], directory),
        demo=_switch("demo", given["demo"]),
        secret=_long_enough("secret", given["secret"]),
        contact_key=given["contact_key"].strip(),
        designs_path=directory / given["designs"] if given["designs"] else None,
        log_format=_one_of("log_format", given["log_format"], LOG_FORMATS),
        metrics_networks=_networks(given["metrics_networks"]),
        metrics_token=_long_enough("metrics_token", given["metrics_token"]),
        oidc=_oidc(given),
        mail_server=_mail_server(given),
        address_book=_address_book(given),
    )


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    named = {key: environment.get(f"GANGPAI_{key.upper()}") for key in DEFAULTS}
    return {key: value for key, value in named.items() if value is not None}


def _from_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(key=path.name, problem_zh=f"无法读取（{error}）", problem_en=str(error)) from error
    return {key: _text(key, value) for key, value in table.items()}


def _text(key: str, value: object) -> str:
    if key not in DEFAULTS:
        raise BadSetting(key=key, problem_zh="没有这一设置项", problem_en="there is no such setting")
    if isinstance(value, bool):
        return "1" if value else ""
    if not isinstance(value, str):
        raise BadSetting(key=key, problem_zh="应为文字", problem_en="a text is expected")
    return value


def _policy(given: str, directory: Path) -> dict[str, Any]:
    if given in profiles():
        return {"policy_profile": given}
    return {"policy_path": directory / given} if given else {}


def _switch(key: str, value: str) -> bool:
    word = value.strip().lower()
    if word not in _ON | _OFF:
        raise BadSetting(key=key, problem_zh="应为 1 或 0", problem_en="1 or 0 is expected")
    return word in _ON


def _one_of(key: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        words = "、".join(choices), " or ".join(choices)
        raise BadSetting(key=key, problem_zh=f"应为 {words[0]} 之一", problem_en=f"{words[1]} is expected")
    return value


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(each.strip()) for each in value.split(",") if each.strip())
    except ValueError as error:
        raise BadSetting(
            key="metrics_networks", problem_zh="应为网段，如 10.1.0.0/16", problem_en=str(error)
        ) from error


def _long_enough(key: str, secret: str) -> str:
    if secret and len(secret) < _SECRET_SHORTEST:
        raise BadSetting(
            key=key,
            problem_zh=f"少于{_SECRET_SHORTEST}个字符",
            problem_en=f"it has fewer than {_SECRET_SHORTEST} characters",
        )
    return secret


def _mail_server(given: Mapping[str, str]) -> MailServer | None:
    if not given["smtp"].strip():
        return None
    try:
        return mail_server(
            given["smtp"].strip(), sender=given["mail_from"].strip(), password=given["smtp_password"]
        )
    except ValueError as error:
        raise BadSetting(
            key="smtp",
            problem_zh="应为 smtps://登录名@主机:端口 或 smtp://…（STARTTLS），不写密码，另设 mail_from",
            problem_en=str(error),
        ) from error


def _address_book(given: Mapping[str, str]) -> AddressBook:
    try:
        return address_book(
            given["reminder_mail"], given["reminder_robots"], demo=_switch("demo", given["demo"])
        )
    except (ValueError, NotAReceiver) as error:
        problem = "an https address of a robot is expected" if isinstance(error, Refusal) else str(error)
        raise BadSetting(
            key="reminder_mail, reminder_robots",
            problem_zh="应为“党总支=地址; 党总支=地址”，机器人地址须为 https",
            problem_en=problem,
        ) from None


def _oidc(given: Mapping[str, str]) -> OidcSettings | None:
    issuer = given["oidc_issuer"].strip()
    if not issuer:
        return None
    for key in ("oidc_client_id", "oidc_client_secret", "base_url"):
        if not given[key].strip():
            raise BadSetting(key=key, problem_zh="统一身份登录需要它", problem_en="OIDC needs it")
    _check_issuer(issuer)
    return OidcSettings(
        issuer=issuer,
        client_id=given["oidc_client_id"].strip(),
        client_secret=given["oidc_client_secret"].strip(),
        second_factors=frozenset(given["oidc_second_factors"].replace(",", " ").split()),
    )


def _check_issuer(issuer: str) -> None:
    """Let an address pass that the program may ask: by https, or on this very machine."""
    try:
        parts = urlsplit(issuer)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_fits = urlsplit(""), False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc) and issuer.isascii()
    near = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (port_fits and plain and parts.hostname and (parts.scheme == "https" or near)):
        raise BadSetting(
            key="oidc_issuer",
            problem_zh="应为 https 地址，不带参数",
            problem_en="an https address without parameters is expected",
        )


def policy_of(settings: Settings) -> Policy:
    """Return the policy in force: the file or built-in profile named, else the founding plan's own numbers.

    Raises:
        BadSetting: the file cannot be read.
        BadPolicy: it is not a policy.

    """
    if settings.policy_path is None:
        return built_in(settings.policy_profile)
    return read_policy(settings.policy_path)


def read_policy(path: Path) -> Policy:
    """Read a policy file; a byte order mark, as Windows editors leave one, is passed over.

    Raises:
        BadSetting: the file cannot be read.
        BadPolicy: it is not a policy.

    """
    try:
        return parse_policy(path.read_text(encoding="utf-8-sig"), file=path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            key="policy", problem_zh=f"文件无法读取（{error}）", problem_en=str(error)
        ) from error


def contact_key_of(settings: Settings) -> SealingKey | None:
    """Return the public key that contacts are sealed to; without one none is taken.

    Raises:
        BadSetting: it is no key.

    """
    if not settings.contact_key:
        return None
    try:
        return SealingKey.parse(settings.contact_key)
    except NotAContactKey as error:
        raise BadSetting(
            key="contact_key",
            problem_zh="不是 gangpai feedback key 给出的公钥",
            problem_en="not a public key",
        ) from error


def secret_of(settings: Settings) -> bytes:
    """Return the secret that keys hashes and cookies; made at first need, mode 0600, beside the register.

    Raises:
        NoSecret: the file can be neither read nor made.

    """
    if settings.secret:
        return settings.secret.encode()
    try:
        return kept_secret(settings.secret_path)
    except OSError as error:
        raise NoSecret(path=str(settings.secret_path), problem=error.strerror or str(error)) from error


def kept_secret(path: Path) -> bytes:
    """Return the 256 random bits kept in a file, as text; made at first need, mode 0600.

    Raises:
        OSError: the file can be neither read nor made.

    """
    if not path.exists():
        _make_secret(path)
    return path.read_bytes().strip()


def _make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        _link_unless_there(draft, path)
    finally:
        draft.unlink()


def _link_unless_there(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        # Another process was faster; its secret is whole and in use.
        return
