"""The picture on a scan page: of the size its design has, and absent where that design is no more."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from plaques.design.library import DesignLibrary
from store.records import Copy
from tests.office import Office
from tests.verify.in_process import visitor
from tests.verify.public.plates import POST, creating, plate_of
from tests.verify.public.street import SETTINGS
from verify.site import WebSettings

OWN = """
product = "plaque"
name = "ours"
title_zh = "本单位"
title_en = "Our own"
extends = "red-gold"

[sizes.wide]
like = "400x300"
scale = 1
width_mm = 500
"""
OURS = DesignLibrary.shipped().with_files({"ours.toml": OWN.encode()})
UNFITTING = DesignLibrary.shipped().with_files(
    {"ours.toml": f"{OWN}floors = {{ heading = 120 }}\n[sizes.wide.code]\nmodule_min_mm = 40\n".encode()}
)


@pytest.fixture
def copy(office: Office) -> Copy:
    """Return a copy that was printed in the organisation's own design."""
    creating(office)
    return office.issued(POST, design="ours", size="wide")


Opened = Callable[[DesignLibrary], httpx.Client]


@pytest.fixture
def opened(application: Callable[[WebSettings], FastAPI], copy: Copy) -> Opened:
    del copy
    return lambda designs: visitor(application(replace(SETTINGS, designs=designs)), SETTINGS.base_url)


def test_the_picture_has_the_proportion_of_its_design(opened: Opened, copy: Copy) -> None:
    client = opened(OURS)
    assert 'width="960" height="576"' in client.get(plate_of(copy).paths[0]).text
    assert client.get(f"/{copy.code}/plate.png").content.startswith(b"\x89PNG")


def test_a_plate_whose_design_is_no_more_is_answered_without_its_picture(opened: Opened, copy: Copy) -> None:
    client = opened(DesignLibrary.shipped())
    answer = client.get(plate_of(copy).paths[0])
    assert answer.status_code == 200
    assert "plate.png" not in answer.text
    assert client.get(f"/{copy.code}/plate.png").status_code == 404


def test_a_plate_that_its_design_no_longer_holds_has_no_picture(opened: Opened, copy: Copy) -> None:
    assert opened(UNFITTING).get(f"/{copy.code}/plate.png").status_code == 404
