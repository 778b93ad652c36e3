"""Past the soft limits a proof of work or a wait lets each message pass, once, and nothing typed is lost."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from altcha.v1 import Challenge, solve_challenge
from fastapi import FastAPI

from store.records import Addition, Feedback, ForgeryReport, PlatePart, Topic
from tests.office import Office
from tests.verify.in_process import visitor
from tests.verify.public.plates import JSON, valid
from tests.verify.public.reading import Page
from tests.verify.public.street import Clock, Somebody
from verify import proof, throttle
from verify.proof import GOOD_FOR, NUMBERS_MOST, WAIT
from verify.site import WebSettings
from verify.throttle import DEVICE_PER_HOUR, FLOOD_FACTOR, TRIES_PER_PROOF

Application = Callable[[WebSettings], FastAPI]
WAITS = 2
WORDS = {"grade": "2", "comment": "窗口排队太久", "topic": "complaint"}


@pytest.fixture(autouse=True)
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tasks be solved at once, and few be waited for."""
    monkeypatch.setattr(proof, "NUMBERS_MOST", 50)
    monkeypatch.setattr(throttle, "WAITS_PER_HOUR", WAITS)


@pytest.fixture
def path(office: Office) -> str:
    return f"/{valid(office).code}/feedback"


@pytest.fixture
def flooded(somebody: Somebody, path: str) -> None:
    """Let a network send as much as it may in an hour."""
    for _ in range(FLOOD_FACTOR):
        assert somebody().post(path, data={"topic": "not_here"}).status_code == 303


def asked(client: httpx.Client, path: str, **fields: str) -> dict[str, Any]:
    """Send as a machine what may not pass, and return the task."""
    answer = client.post(path, json={"grade": 2} | fields, headers=JSON)
    assert answer.status_code == 429
    return dict(answer.json()["proof"])


def solution(task: dict[str, Any], **changes: object) -> str:
    """Return the solution of a task as altcha's clients send it, with something of it changed."""
    told = task["challenge"]
    challenge = Challenge(
        told["algorithm"], told["challenge"], told["maxnumber"], told["salt"], told["signature"]
    )
    solved = solve_challenge(challenge)
    assert solved
    payload = {key: told[key] for key in ("algorithm", "challenge", "salt", "signature")}
    return encoded(payload | {"number": solved.number} | changes)


def encoded(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def kept(office: Office) -> int:
    return len(office.register.find(Feedback))


@pytest.mark.usefixtures("flooded")
class TestPastTheLimit:
    """A network that has sent ten times what an office sends."""

    @pytest.fixture
    def settings(self, settings: WebSettings) -> WebSettings:
        return replace(settings, policy=replace(settings.policy, votes_per_network_hour=1))

    def test_a_form_comes_back_with_the_task_and_every_word(
        self, client: httpx.Client, office: Office, path: str
    ) -> None:
        answer = client.post(path, data=WORDS)
        page = Page(answer.text)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, str(WAIT.seconds))
        assert "短时间内从您所在网络提交的内容较多" in page.text
        assert page.within("textarea") == WORDS["comment"]
        assert [tag["value"] for _, tag in page.tags if "checked" in tag] == ["2", "complaint"]
        assert {"altcha", "wait"} <= set(page.attributes("name"))
        assert "/static/proof.js" in page.attributes("src")
        assert {"data-working", "data-done", "data-failed"} <= {
            name for _, tag in page.tags if tag.get("role") == "status" for name in tag
        }
        assert kept(office) == FLOOD_FACTOR

    def test_a_report_by_one_tap_comes_back_as_that_report(
        self, client: httpx.Client, office: Office, path: str
    ) -> None:
        tap = {"topic": "plate_differs", "differs": "name"}
        page = Page(client.post(path, data=tap).text)
        form = {tag["name"]: tag.get("value", "") for _, tag in page.tags if tag.get("type") == "hidden"}
        assert tap.items() <= form.items()
        task = asked(client, path)
        assert client.post(path, data=tap | {"altcha": solution(task)}).status_code == 303
        kept_last = office.register.find(Feedback)[-1]
        assert (kept_last.topic, kept_last.differs) == (Topic.PLATE_DIFFERS, PlatePart.NAME)

    def test_a_solved_task_lets_a_message_pass_once(
        self, client: httpx.Client, office: Office, path: str
    ) -> None:
        proven = WORDS | {"altcha": solution(asked(client, path))}
        assert client.post(path, data=proven).status_code == 303
        again = client.post(path, data=proven)
        assert again.status_code == 422
        assert "已经收到" in again.text
        assert office.register.find(Feedback)[-1].id in again.text
        assert kept(office) == FLOOD_FACTOR + 1

    def test_a_task_used_at_one_worker_is_used_at_every_other(
        self, client: httpx.Client, application: Application, settings: WebSettings, path: str
    ) -> None:
        proven = {"grade": 5, "altcha": solution(asked(client, path))}
        others = visitor(application(settings), settings.base_url)
        statuses = [
            each.post(path, json=proven, headers=JSON).status_code for each in (client, others, client)
        ]
        assert statuses == [201, 422, 422]

    def test_what_is_refused_for_another_reason_may_be_tried_again_but_not_for_ever(
        self, client: httpx.Client, office: Office, path: str
    ) -> None:
        proven = {"comment": "言" * 501, "altcha": solution(asked(client, path))}
        statuses = [client.post(path, data=proven).status_code for _ in range(TRIES_PER_PROOF + 1)]
        assert statuses == [422] * TRIES_PER_PROOF + [429]
        assert kept(office) == FLOOD_FACTOR

    def test_a_task_is_good_for_half_an_hour(self, client: httpx.Client, clock: Clock, path: str) -> None:
        first, second = asked(client, path), asked(client, path)
        clock.now += GOOD_FOR
        assert client.post(path, data=WORDS | {"altcha": solution(first)}).status_code == 303
        clock.forward(seconds=1)
        for late in ({"altcha": solution(second)}, {"wait": second["wait"]}):
            answer = client.post(path, data=WORDS | late)
            assert answer.status_code == 429
            assert "验证已过期" in answer.text

    @pytest.mark.parametrize(
        "changes",
        [
            {"number": 51},
            {"number": -1},
            {"number": "7"},
            {"number": 1e3},
            {"number": True},
            {"salt": "00?opens=0&expires=9999999999&"},
            {"salt": 7},
            {"challenge": "0" * 64},
            {"signature": "0" * 64},
            {"algorithm": "SHA-1"},
            {"algorithm": None},
        ],
        ids=str,
    )
    def test_a_wrong_or_forged_solution_is_refused(
        self, client: httpx.Client, office: Office, path: str, changes: dict[str, object]
    ) -> None:
        forged = client.post(path, data=WORDS | {"altcha": solution(asked(client, path), **changes)})
        assert forged.status_code == 429
        assert "验证没有通过" in forged.text
        assert kept(office) == FLOOD_FACTOR

    def test_no_other_number_will_do(self, client: httpx.Client, office: Office, path: str) -> None:
        task = asked(client, path)
        right = json.loads(base64.b64decode(solution(task)))["number"]
        for number in {0, 1, right - 1, right + 1} - {right, -1, 51}:
            wrong = WORDS | {"altcha": solution(task, number=number)}
            assert client.post(path, data=wrong).status_code == 429
        assert kept(office) == FLOOD_FACTOR

    def test_a_task_of_ones_own_making_is_refused(
        self, client: httpx.Client, office: Office, path: str
    ) -> None:
        salt = "00?opens=0&expires=9999999999&"
        own = {
            "algorithm": "SHA-256",
            "salt": salt,
            "number": 1,
            "challenge": hashlib.sha256(f"{salt}1".encode()).hexdigest(),
            "signature": "0" * 64,
        }
        assert client.post(path, data=WORDS | {"altcha": encoded(own)}).status_code == 429
        assert kept(office) == FLOOD_FACTOR

    @pytest.mark.parametrize(
        "senseless",
        ["x", "AAAA", "é", "\0", "=" * 2000, encoded([]), encoded(7), encoded(None), encoded({}),
         encoded([["algorithm", "challenge", "number", "salt", "signature"]]),
         base64.b64encode(b"[" * 700).decode(), base64.b64encode(b"\xff\xfe").decode()],
    )  # fmt: skip
    def test_what_is_no_solution_is_refused_in_words(
        self, client: httpx.Client, office: Office, path: str, senseless: str
    ) -> None:
        for field in ("altcha", "wait"):
            answer = client.post(path, data=WORDS | {field: senseless})
            assert answer.status_code == 429
            assert "验证没有通过" in answer.text
        assert kept(office) == FLOOD_FACTOR

    def test_without_a_script_one_waits_and_nothing_is_lost(
        self, client: httpx.Client, office: Office, clock: Clock, path: str
    ) -> None:
        ticket = _hidden(client.post(path, data=WORDS).text, "wait")
        clock.forward(seconds=10)
        early = client.post(path, data=WORDS | {"wait": ticket})
        assert early.status_code == 429
        assert "还需等20秒" in early.text
        assert _hidden(early.text, "wait") == ticket
        clock.forward(seconds=20)
        assert client.post(path, data=WORDS | {"wait": ticket}).status_code == 303
        assert client.post(path, data=WORDS | {"wait": ticket}).status_code == 422
        assert kept(office) == FLOOD_FACTOR + 1

    def test_whoever_waited_and_solved_the_task_has_one_message_of_it(
        self, client: httpx.Client, office: Office, clock: Clock, path: str
    ) -> None:
        task = asked(client, path)
        clock.now += WAIT
        assert client.post(path, data=WORDS | {"wait": task["wait"]}).status_code == 303
        assert client.post(path, data=WORDS | {"altcha": solution(task)}).status_code == 422
        assert kept(office) == FLOOD_FACTOR + 1

    def test_a_ticket_with_other_terms_is_refused(
        self, client: httpx.Client, office: Office, path: str
    ) -> None:
        ticket = str(asked(client, path)["wait"])
        for forged in (ticket.replace("opens=1", "opens=0"), ticket[:-1] + "0", ticket[:64], ticket * 2):
            assert client.post(path, data=WORDS | {"wait": forged}).status_code == 429
        assert kept(office) == FLOOD_FACTOR

    def test_a_network_waits_so_often_an_hour_and_is_then_asked_again(
        self, somebody: Somebody, office: Office, clock: Clock, path: str
    ) -> None:
        tickets = [str(asked(somebody(), path)["wait"]) for _ in range(WAITS + 1)]
        clock.now += WAIT
        statuses = [somebody().post(path, data=WORDS | {"wait": each}).status_code for each in tickets]
        assert statuses == [303] * WAITS + [429]
        assert somebody("198.51.100.1").post(path, data=WORDS).status_code == 303
        assert kept(office) == FLOOD_FACTOR + WAITS + 1

    def test_a_task_is_as_hard_as_it_says(
        self, monkeypatch: pytest.MonkeyPatch, client: httpx.Client, path: str
    ) -> None:
        monkeypatch.undo()
        task = asked(client, path)
        assert task["challenge"]["maxnumber"] == NUMBERS_MOST
        assert json.loads(base64.b64decode(solution(task)))["number"] > 50

    def test_a_report_of_a_forgery_and_an_addition_pass_in_the_same_way(
        self, client: httpx.Client, somebody: Somebody, office: Office, path: str
    ) -> None:
        receipt = somebody("198.51.100.1").post(path, data={"grade": "5"}).headers["location"]
        for where, words in (("/forgery", {"place": "北门"}), (f"{receipt}/addition", {"comment": "还有"})):
            refused = client.post(where, data=words)
            assert refused.status_code == 429
            assert next(iter(words.values())) in refused.text
            task = client.post(where, json=words, headers=JSON).json()["proof"]
            assert client.post(where, data=words | {"altcha": solution(task)}).status_code == 303
        assert (office.register.count(ForgeryReport), office.register.count(Addition)) == (1, 1)


def test_a_device_says_so_much_of_a_plate_an_hour_and_is_then_asked(
    client: httpx.Client, somebody: Somebody, path: str
) -> None:
    statuses = [client.post(path, data={"topic": "not_here"}).status_code for _ in range(DEVICE_PER_HOUR + 1)]
    assert statuses == [303] * DEVICE_PER_HOUR + [429]
    assert somebody().post(path, data={"topic": "not_here"}).status_code == 303
    task = asked(client, path)
    assert client.post(path, json={"grade": 5, "altcha": solution(task)}).status_code == 201


def _hidden(html: str, name: str) -> str:
    [value] = [tag["value"] for _, tag in Page(html).tags if tag.get("name") == name]
    return value
