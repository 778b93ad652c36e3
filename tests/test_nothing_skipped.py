"""The gate's promise, held against tests that would slip through."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

WAYS_OUT = {
    "skips itself": "def test_it(): pytest.skip('no browser')",
    "is marked": "@pytest.mark.skip(reason='no browser')\ndef test_it(): pass",
    "is marked if": "@pytest.mark.skipif(True, reason='no browser')\ndef test_it(): pass",
    "skips in a fixture": "@pytest.fixture\ndef page(): pytest.skip('no browser')\ndef test_it(page): pass",
    "skips as a file": "pytest.skip('no browser', allow_module_level=True)",
    "misses a module": "pytest.importorskip('no_such_browser', reason='no browser')",
    "is excused": "@pytest.mark.xfail(reason='no browser')\ndef test_it(): assert False",
    "is excused at run time": "def test_it(): pytest.xfail('no browser')",
    "is excused but passes": "@pytest.mark.xfail(strict=False, reason='no browser')\ndef test_it(): pass",
}


FILES = {f"test_{place}": f"import pytest\n{way_out}" for place, way_out in enumerate(WAYS_OUT.values())}


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(test_that_runs="def test_it(): pass", **FILES)
    return pytester


def test_the_gate_fails_whatever_was_left_out(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANGPAI_NOTHING_SKIPPED", "1")
    outcome = suite.runpytest_inprocess("-p", "no:cacheprovider", "--continue-on-collection-errors")
    summary = [line for line in outcome.outlines if line.startswith(("FAILED", "ERROR"))]
    refused = {
        name for name in FILES if any(f" {name}.py" in line and "NOTHING_SKIPPED" in line for line in summary)
    }
    assert refused == set(FILES)
    assert outcome.parseoutcomes()["passed"] == 1


def test_elsewhere_tests_may_be_left_out(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANGPAI_NOTHING_SKIPPED", raising=False)
    outcome = suite.runpytest_inprocess("-p", "no:cacheprovider")
    outcome.assert_outcomes(passed=1, skipped=6, xfailed=2, xpassed=1)
