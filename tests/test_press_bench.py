"""What the printing benchmark stands on: same posts, room on the sheet, memory that is told."""

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from bench.press.layout import BADGE, PRODUCTS, Product, copies_of
from bench.press.process import TookTooLong, measured
from bench.press.roster import SEED, made, read_roster, write_roster
from plaques.marks import Box

FIFTY_MB = (
    "held = bytearray(50_000_000); held[::4096] = b'1' * len(held[::4096]); import time; time.sleep(0.5)"
)


def test_posts_are_the_same_for_everybody_and_as_many_as_asked_for(tmp_path: Path) -> None:
    write_roster(tmp_path / "roster", 500, SEED)
    posts = list(read_roster(tmp_path / "roster"))
    assert posts == list(made(500, SEED)) != list(made(500, SEED + 1))
    assert sum(len(post.holders) for post in posts) == 500
    assert all(6 <= len(post.name) <= 14 and 20 <= len(post.duties) <= 60 for post in posts)
    assert all(len(post.holders) in range(3, 13) for post in posts[:-1])


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_copy_says_what_has_a_place(name: str) -> None:
    product: Product = PRODUCTS[name]
    copies = copies_of(name, made(200, SEED))
    assert {part for copy in copies for part in copy.words} == {each.part for each in product.captions}
    assert len({copy.url for copy in copies}) == len(copies)


def test_ten_badges_stand_apart_on_a4() -> None:
    boxes = [Box(*place, *BADGE.size_mm) for place in BADGE.places]
    assert len(boxes) == 10
    assert not any(one.touches(other) for one, other in combinations(boxes, 2))
    assert all(Box(0, 0, *BADGE.sheet_mm).holds(box) for box in boxes)
    assert len(BADGE.crop_marks) == len(set(BADGE.crop_marks)) > 0


def test_memory_and_time_are_of_the_whole_tree() -> None:
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {FIFTY_MB!r}], check=True)"
    run = measured([sys.executable, "-c", child], limit_s=60)
    assert 50 < run.memory_mb < 200
    assert 50 < run.largest_mb < 200
    assert run.wall_s > 0.5
    assert 0 < run.cpu_s < run.wall_s + 1


def test_what_takes_too_long_or_fails_is_no_result() -> None:
    with pytest.raises(TookTooLong):
        measured([sys.executable, "-c", "while True: pass"], limit_s=0.3)
    with pytest.raises(subprocess.CalledProcessError):
        measured([sys.executable, "-c", "raise SystemExit(3)"], limit_s=60)
