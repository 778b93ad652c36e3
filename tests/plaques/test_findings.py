"""Every check is named, says what it demands, and what to do, in both languages."""

from dataclasses import asdict

import pytest

from plaques.preflight.findings import Check, rule


@pytest.mark.parametrize("check", Check)
def test_every_check_has_a_rule_in_both_languages(check: Check) -> None:
    says = asdict(rule(check))
    assert [key for key, text in says.items() if not text.strip()] == []
    assert all(text.isascii() or "°" in text for key, text in says.items() if key.endswith("_en"))
    assert not any(text.isascii() for key, text in says.items() if key.endswith("_zh"))


def test_no_two_checks_have_the_same_name() -> None:
    assert (
        len({rule(check).name_zh for check in Check})
        == len({rule(check).name_en for check in Check})
        == len(Check)
    )
