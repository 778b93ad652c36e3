"""Settings: which source wins, what is refused, and that the secret stays one."""

import stat
import threading
from pathlib import Path

import pytest

from gangpai.office import open_office
from gangpai.settings import (
    BadSetting,
    NoSecret,
    Settings,
    load_settings,
    policy_of,
    secret_of,
)
from gangpai.stores import PostgresDatabase, StoreNotInThisVersion, StoreUnreadable, TinyDbFile

SECRET = "a secret that is long enough"  # noqa: S105 -- not one in use anywhere


def test_the_defaults(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)
    assert settings.store == TinyDbFile(tmp_path / "data" / "register.db")
    assert (settings.base_url, settings.policy_path, settings.demo) == ("", None, False)


def test_the_environment_outranks_the_file(tmp_path: Path) -> None:
    (tmp_path / "gangpai.toml").write_text(
        'base_url = "https://file.cn"\nstore = "tinydb:file.db"\ndemo = true\n'
    )
    settings = load_settings({"GANGPAI_BASE_URL": "https://env.cn/"}, tmp_path)
    assert (settings.base_url, settings.store, settings.demo) == (
        "https://env.cn",
        TinyDbFile(tmp_path / "file.db"),
        True,
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('base_ulr = "https://a.cn"', "base_ulr"),
        ("base_url = 7", "base_url"),
        ("base_url = ", "gangpai.toml"),
        ('demo = "perhaps"', "demo"),
        ('secret = "short"', "secret"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "gangpai.toml").write_text(text)
    with pytest.raises(BadSetting) as refused:
        load_settings({}, tmp_path)
    assert refused.value.facts["key"] == key


def test_another_store_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(StoreNotInThisVersion, match="mysql") as refused:
        load_settings({"GANGPAI_STORE": "mysql://office:hunter2@host/register"}, tmp_path)
    assert "hunter2" not in refused.value.zh + refused.value.en


@pytest.mark.parametrize(
    "store",
    [
        "tinydb:",
        "postgresql://office:hunter2@host",
        "postgresql://office:hunter2@host/",
        "postgresql://office:hunt/er2@host/register",
        "postgresql://office:hunt@er2@host/register",
        "postgresql://office:hunter2@host/reg ister",
    ],
)
def test_a_store_that_cannot_be_one_is_refused_without_a_password(tmp_path: Path, store: str) -> None:
    with pytest.raises(StoreUnreadable) as refused:
        load_settings({"GANGPAI_STORE": store}, tmp_path)
    assert "er2" not in refused.value.zh + refused.value.en


@pytest.mark.parametrize(
    ("store", "shown"),
    [
        ("postgresql://office:hunter2@host:5433/register", "postgresql://office@host:5433/register"),
        ("postgresql://office@one,two/register?password=hunter2", "postgresql://office@one,two/register"),
        ("postgresql:///register?host=/run/postgresql", "postgresql:///register"),
    ],
)
def test_a_database_is_shown_without_its_password(tmp_path: Path, store: str, shown: str) -> None:
    settings = load_settings({"GANGPAI_STORE": store}, tmp_path)
    assert isinstance(settings.store, PostgresDatabase)
    assert (settings.store.setting, settings.store.shown) == (store, shown)
    assert "hunter2" not in repr(settings) + str(settings)
    assert settings.secret_path == tmp_path / "data" / "secret.key"


def test_the_secret_is_not_in_the_settings_text(tmp_path: Path) -> None:
    settings = load_settings({"GANGPAI_SECRET": SECRET}, tmp_path)
    assert secret_of(settings) == SECRET.encode()
    assert SECRET not in repr(settings)


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    settings = Settings(store=TinyDbFile(tmp_path / "data" / "register.db"))
    first = secret_of(settings)
    assert secret_of(settings) == first
    assert len(first) >= 32
    assert stat.S_IMODE(settings.secret_path.stat().st_mode) == 0o600
    assert [each.name for each in settings.secret_path.parent.iterdir()] == ["secret.key"]


def test_workers_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    settings = Settings(store=TinyDbFile(tmp_path / "register.db"))
    found: list[bytes] = []
    workers = [threading.Thread(target=lambda: found.append(secret_of(settings))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_secret_that_cannot_be_made_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(NoSecret):
        secret_of(Settings(store=TinyDbFile(tmp_path / "data" / "register.db")))


def test_a_policy_file_replaces_the_founding_plan(tmp_path: Path) -> None:
    plan = Path("store/policies/founding-plan.toml")
    text = (Path(__file__).parent.parent.parent / plan).read_text(encoding="utf-8")
    ours = tmp_path / "ours.toml"
    ours.write_text(
        text.replace('value = 3\nunit = "名党员"', 'value = 5\nunit = "名党员"'), encoding="utf-8"
    )
    assert policy_of(load_settings({"GANGPAI_POLICY": "ours.toml"}, tmp_path)).members_min == 5
    assert policy_of(load_settings({}, tmp_path)).members_min == 3


def test_a_policy_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="nowhere"):
        policy_of(load_settings({"GANGPAI_POLICY": "nowhere.toml"}, tmp_path))


def test_a_folder_that_cannot_be_made_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(BadSetting, match="store"), open_office(load_settings({}, tmp_path)):
        pass
