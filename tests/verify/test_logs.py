"""Log lines: one for each thing that happened, and nothing in them that tells of whom."""

import asyncio
import json
import logging
from datetime import UTC, datetime

import pytest

from tests.office import NOON
from verify import logs
from verify.logs import FORMS, LINES_AT_ONCE, AccessLog, JsonLines, TextLines, request_id

CODE, NAME, ADDRESS = "6GSX5N1KZ20XJZZX5MWFVM3KVE", "曾晓明", "203.0.113.7"
HOSTILE = f'"}}\r\n{{"level": "info"}}\u2028\x1b[2J{CODE}{NAME}{ADDRESS}'


def record(message: str, *values: object, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("verify.plate", logging.WARNING, "plate.py", 1, message, values, exc_info)


def quote(cause: Exception | None = None) -> None:
    """Fail in words that quote what they should not."""
    raise RuntimeError(f"{ADDRESS} asked for {CODE} of {NAME}") from cause


def raised() -> Exception:
    """Return an error as it is caught, with its cause."""
    with pytest.raises(RuntimeError) as caught:
        quote(OSError(f"no {CODE} for {NAME}"))
    return caught.value


def test_a_line_is_one_json_object() -> None:
    line = json.loads(JsonLines().format(record("a scan could not be answered")))
    assert datetime.fromisoformat(line.pop("time")).tzinfo == UTC
    assert line == {"level": "warning", "event": "a scan could not be answered", "logger": "verify.plate"}


def test_a_line_for_people_says_the_same() -> None:
    line = TextLines().format(record("a scan could not be answered"))
    assert line[23:] == "Z warning a scan could not be answered logger=verify.plate"


@pytest.mark.parametrize("form", FORMS)
def test_values_stay_out_whoever_logs_them(form: str) -> None:
    line = FORMS[form]().format(record("%s asked for %r", ADDRESS, CODE))
    assert "%s asked for %r" in line
    assert not [each for each in (CODE, ADDRESS) if each in line]


@pytest.mark.parametrize("form", FORMS)
def test_of_a_failure_the_kind_and_the_place_are_told_and_not_its_words(form: str) -> None:
    line = FORMS[form]().format(record("a scan could not be answered", error=raised()))
    assert "RuntimeError" in line
    assert "OSError" in line
    assert "test_logs.py" in line
    assert not [each for each in (CODE, NAME, ADDRESS) if each in line]


@pytest.mark.parametrize("form", FORMS)
def test_no_event_breaks_out_of_its_line(form: str) -> None:
    line = FORMS[form]().format(record(HOSTILE))
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert form == "text" or json.loads(line)["level"] == "warning"


def test_a_long_event_is_cut() -> None:
    assert len(json.loads(JsonLines().format(record("x" * 10_000)))["event"]) == logs.EVENT_LONGEST


def test_the_lines_of_one_request_share_its_id() -> None:
    before = request_id.set("ab" * 16)
    try:
        assert json.loads(JsonLines().format(record("x")))["request_id"] == "ab" * 16
    finally:
        request_id.reset(before)


def test_requests_are_gathered_and_written_as_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "WRITTEN_AFTER_S", 0.01)
    written: list[str] = []
    log = AccessLog(written.append, lambda: NOON, form="json")

    async def answer() -> None:
        for _ in range(LINES_AT_ONCE + 1):
            log.note("GET", "/{code}", 200, 0.0012345)
        assert written == []
        await asyncio.sleep(0.05)

    asyncio.run(answer())
    assert [len(each.splitlines()) for each in written] == [LINES_AT_ONCE, 1]
    assert all(len(each.encode()) <= 4096 for each in written)
    assert json.loads(written[-1]) == {
        "time": NOON.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": "info",
        "event": "request",
        "method": "GET",
        "route": "/{code}",
        "status": 200,
        "ms": 1.23,
        "request_id": "",
    }


def test_a_request_reads_as_text_as_well() -> None:
    written: list[str] = []

    async def answer() -> None:
        log = AccessLog(written.append, lambda: NOON, form="text")
        log.note("GET", "/{code}", 200, 0.0012345)
        log.flush()
        log.flush()

    asyncio.run(answer())
    assert [each[23:] for each in written] == [
        "Z info request method=GET route=/{code} status=200 ms=1.23 request_id=\n"
    ]
