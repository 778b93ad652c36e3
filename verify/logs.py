"""Log lines: what happened, when and where, and never to whom.

A line holds a time, a level, an event, where it comes from, and of a request its method, the template of its
route, status, duration and id. An event is a text of a program's own, before anything is filled into it:
values (codes, numbers, names, addresses) stay out whoever logs, and so do the words of exceptions, of which
the class and the place are told. On the standard library, through which every package here logs already.
"""

import asyncio
import json
import logging
import re
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request being answered, so that all its lines carry it."""

EVENT_LONGEST, FRAMES_MOST = 200, 12
WRITTEN_AFTER_S = 0.25
LINES_AT_ONCE = 16
"""As many as go into a pipe in one piece (POSIX, PIPE_BUF), whatever other workers write into it."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """Return what a line says, in the order in which it says it."""
    facts: dict[str, object] = {
        "time": _moment(datetime.fromtimestamp(record.created, UTC)),
        "level": record.levelname.lower(),
        "event": _event(record),
        "logger": record.name,
    }
    if request := request_id.get():
        facts["request_id"] = request
    if record.exc_info and record.exc_info[1]:
        facts |= _failure(record.exc_info[1])
    return facts


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(record: logging.LogRecord) -> str:
    lines = str(record.msg).strip().splitlines()
    return _CONTROL.sub(" ", lines[0])[:EVENT_LONGEST] if lines else ""


def _failure(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MOST:]
    places = [f"{each.filename}:{each.lineno} {each.name}" for each in frames]
    causes = [type(error).__name__]
    while (error.__cause__ or error.__context__) and len(causes) < FRAMES_MOST:
        error = error.__cause__ or error.__context__ or error
        causes.append(type(error).__name__)
    return {"error": causes, "at": places}


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(facts_of(record), ensure_ascii=False)


class TextLines(logging.Formatter):
    """The same for people: time, level and event, then what else there is."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = facts_of(record)
        head = " ".join(str(facts.pop(name)) for name in ("time", "level", "event"))
        return " ".join([head, *(f"{name}={_plain(value)}" for name, value in facts.items())])


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


FORMS: dict[str, type[logging.Formatter]] = {"text": TextLines, "json": JsonLines}
"""The forms a log may have."""


class AccessLog:
    """A line for each request, in the same forms; gathered, and written some at a time.

    By way of a log record a line would cost a tenth of what a scan does. `write(text)` takes whole lines; the
    last quarter of a second is lost with a killed process.
    """

    def __init__(self, write: Callable[[str], object], clock: Callable[[], datetime], *, form: str) -> None:
        self._write = write
        self._clock = clock
        self._line = _LINES[form]
        self._lines: list[str] = []

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Gather the line of one request, and have it written soon."""
        moment = _moment(self._clock())
        values = (moment, method, route, status, 1000 * seconds, request_id.get())
        self._lines.append(self._line % values)
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(WRITTEN_AFTER_S, self.flush)

    def flush(self) -> None:
        """Write what was gathered."""
        lines, self._lines = self._lines, []
        for start in range(0, len(lines), LINES_AT_ONCE):
            self._write("".join(lines[start : start + LINES_AT_ONCE]))


_LINES = {
    "json": '{"time": "%s", "level": "info", "event": "request", "method": "%s", "route": "%s", "status": %d,'
    ' "ms": %.2f, "request_id": "%s"}\n',
    "text": "%s info request method=%s route=%s status=%d ms=%.2f request_id=%s\n",
}
