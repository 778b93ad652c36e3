"""What machines ask: whether the service lives, whether it can answer, what it has counted."""

import threading
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families as families

from store.register import NewerRegister, RegisterUnavailable
from tests.verify.in_process import visitor
from tests.verify.public.plates import FailingRegister
from tests.verify.public.street import SETTINGS
from verify.monitoring import Monitoring
from verify.public.health import ROOM_LEAST_BYTES, readyz
from verify.site import WebSettings

LOCAL, INSIDE, OUTSIDE = "127.0.0.1", "10.1.2.3", "203.0.113.7"
TOKEN = "a token for the monitoring"  # noqa: S105 - not a real one
Application = Callable[[WebSettings], FastAPI]


def test_a_worker_that_lives_and_can_answer_says_so(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready", "register": "readable"}


@pytest.mark.parametrize(
    ("failure", "word"),
    [
        (RegisterUnavailable(), "away"),
        (OSError("/srv/secret"), "away"),
        (NewerRegister(found=9, known=2), "of a newer format"),
    ],
    ids=repr,
)
def test_a_worker_whose_register_is_away_lives_and_is_not_ready(
    client: httpx.Client, register: FailingRegister, failure: Exception, word: str
) -> None:
    register.failure = failure
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "register": word})
    assert client.get("/healthz").status_code == 200


def test_a_register_that_stays_silent_is_not_waited_for(
    client: httpx.Client, register: FailingRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence = threading.Event()
    monkeypatch.setitem(readyz.__globals__, "READY_WITHIN_S", 0.02)
    monkeypatch.setattr(register, "count", lambda _: silence.wait(0.5), raising=False)
    assert client.get("/readyz").json()["register"] == "away"
    silence.set()


@pytest.mark.parametrize(
    ("free", "word"), [(ROOM_LEAST_BYTES, "roomy"), (ROOM_LEAST_BYTES - 1, "nearly full")]
)
def test_a_full_disk_is_told_and_keeps_no_scan_from_being_answered(
    application: Application, free: int, word: str
) -> None:
    settings = replace(SETTINGS, monitoring=Monitoring(free_bytes=lambda: free))
    answer = visitor(application(settings), SETTINGS.base_url).get("/readyz")
    assert (answer.status_code, answer.json()["disk"]) == (200, word)


def test_a_disk_that_cannot_be_asked_is_told_as_such(application: Application) -> None:
    def gone() -> int:
        raise OSError("/srv/secret is gone")

    settings = replace(SETTINGS, monitoring=Monitoring(free_bytes=gone))
    answer = visitor(application(settings), SETTINGS.base_url).get("/readyz")
    assert answer.json() == {"status": "ready", "register": "readable", "disk": "unknown"}


def readers(application: Application, monitoring: Monitoring) -> Callable[..., int]:
    app = application(replace(SETTINGS, monitoring=monitoring))

    def ask(address: str, **headers: str) -> int:
        given = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in headers.items()}
        return visitor(app, SETTINGS.base_url, (address, 4711)).get("/metrics", headers=given).status_code

    return ask


def test_only_this_machine_reads_the_metrics_unless_the_operator_says_otherwise(
    application: Application,
) -> None:
    ask = readers(application, Monitoring())
    assert [ask(address) for address in (LOCAL, "::1", INSIDE, OUTSIDE, "nobody")] == [
        200,
        200,
        404,
        404,
        404,
    ]
    assert ask(OUTSIDE, authorization="Bearer ") == 404


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via"])
def test_who_comes_by_way_of_a_proxy_of_this_machine_is_not_this_machine(
    application: Application, header: str
) -> None:
    assert readers(application, Monitoring())(LOCAL, **{header: LOCAL}) == 404


def test_the_operator_s_networks_and_token_read_the_metrics(application: Application) -> None:
    ask = readers(application, Monitoring(networks=(ip_network("10.1.0.0/16"),), token=TOKEN))
    assert [ask(INSIDE), ask("10.2.0.1"), ask(OUTSIDE)] == [200, 404, 404]
    assert ask(OUTSIDE, authorization=f"Bearer {TOKEN}") == 200
    assert ask(OUTSIDE, authorization=f"Bearer {TOKEN}x") == 404
    assert ask(OUTSIDE, authorization="Bearer \xff") == 404


def test_no_path_and_no_stranger_s_word_is_in_the_metrics(application: Application) -> None:
    app = application(SETTINGS)
    with visitor(app, SETTINGS.base_url, (LOCAL, 4711)) as client:
        for path in (
            "/0123456789ABCDEFGHJKMNPQRS",
            "/number/2026-009-01-00",
            "/nowhere/at/all",
            "/static/x",
            "/api/v1/x/y",
        ):
            client.get(path, headers={"User-Agent": "Strange/1.0"})
        client.request("BREW", "/")
        told = client.get("/metrics").text
    names = [
        each for family in families(told) for each in family.samples if each.name.endswith("_seconds_count")
    ]
    routes = {each.labels["route"] for each in names if "route" in each.labels}
    assert routes == {"/{code}", "/number/{number}", "/static", "/api/v1", "other", "/"}
    assert "other" in {each.labels["method"] for each in names if "method" in each.labels}
    assert not [word for word in ("0123456789ABC", "2026-009", "nowhere", "Strange", "BREW") if word in told]


def test_a_scan_of_each_kind_is_counted(client: httpx.Client, app: FastAPI) -> None:
    client.get("/0123456789ABCDEFGHJKMNPQRS")
    assert 'gangpai_scans_total{verdict="unknown"} 1.0' in app.state.site.metrics.exposition().decode()
