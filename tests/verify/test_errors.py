"""Refusals as HTTP statuses."""

import pytest

from store.refusals import Refusal
from store.register import DamagedRegister, RegisterUnavailable
from store.sqlite_storage import NotARegister
from verify.errors import status_of


@pytest.mark.parametrize(
    "refusal", [RegisterUnavailable(), DamagedRegister(kind="Post", number=2), NotARegister(path="x")]
)
def test_every_way_a_register_cannot_be_read_is_503(refusal: Refusal) -> None:
    assert status_of(refusal) == 503


def test_any_other_refusal_is_422() -> None:
    assert status_of(Refusal()) == 422
