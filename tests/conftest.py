"""What every test may lean on.

Knows the programs of the machine that some tests need, and keeps the caller's settings out. Knows the gate's
promise: with GANGPAI_NOTHING_SKIPPED=1 a skipped or excused test is a failed one.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

NOTHING_SKIPPED = "GANGPAI_NOTHING_SKIPPED"
TESTS = Path(__file__).parent
COVERED = {"store", "plaques"}
_Reporting = Generator[None, pytest.TestReport, pytest.TestReport]
_Collecting = Generator[None, pytest.CollectReport, pytest.CollectReport]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> _Reporting:
    """Refuse a test that skipped itself or is excused."""
    report = yield
    refuse_if_left_out(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> _Collecting:
    """Refuse a file that skipped itself as a whole."""
    report = yield
    refuse_if_left_out(report)
    return report


def refuse_if_left_out(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip, an expected or an unexpected pass of an excused test into a failure, saying why."""
    excuse = getattr(report, "wasxfail", None)
    if os.environ.get(NOTHING_SKIPPED) != "1" or (excuse is None and not report.skipped):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else f"xfail: {excuse}"
    report.outcome = "failed"
    report.longrepr = f"{NOTHING_SKIPPED}=1, but this was left out: {reason}"
    report.__dict__.pop("wasxfail", None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave all but the rooms' own tests to the run without coverage: pages are slow under it."""
    for item in items:
        if item.path.relative_to(TESTS).parts[0] not in COVERED:
            item.add_marker("no_cover")


@pytest.fixture(autouse=True, scope="session")
def _settings_of_the_caller_stay_out() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("GANGPAI_") and name != NOTHING_SKIPPED]:
            environment.delenv(name)
        yield


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the browser's executable, for Playwright's `executable_path`."""
    return _program("chromium", package="chromium")


@pytest.fixture(scope="session")
def pdftotext() -> Path:
    """Return poppler's text extractor."""
    return _program("pdftotext", package="poppler-utils")


@pytest.fixture(scope="session")
def zbarimg() -> Path:
    """Return zbar's reader of codes, which shares nothing with the one the program uses."""
    return _program("zbarimg", package="zbar-tools")


def _program(name: str, *, package: str) -> Path:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian, Ubuntu: apt install {package})")
    return Path(found)
