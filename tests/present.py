"""The present of the tests: a clock that starts on one day of the programme's year, whatever day it is."""

from datetime import UTC, datetime, tzinfo

import pytest

STARTS_AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def hold_the_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the office's clock start at noon of 2026-11-22 in Shanghai and run on at its own pace."""
    ahead = STARTS_AT - datetime.now(UTC)

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # plain, fit to be pickled
            return datetime.now(tz) + ahead

    monkeypatch.setattr("gangpai.office.datetime", Shifted)
