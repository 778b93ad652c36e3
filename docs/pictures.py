"""Makes the pictures of the pages by `make pictures`: the program prints, serves and is photographed.

Knows which post is shown and how large a picture may be; leaves every drawing to the program.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from gangpai.local_server import free_port, server_environment, wait_until_ready
from gangpai.office import open_office
from gangpai.practice import find_worthy
from gangpai.print_plan import Job
from gangpai.printing import print_posts
from gangpai.settings import Settings
from gangpai.stores import TinyDbFile
from plaques.design.library import DesignLibrary, load_design
from plaques.design.model import Design
from plaques.print_run import preview_png
from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.award import award
from store.records import Copy, Product
from store.roster import read_roster

HERE = Path(__file__).parent
ROSTER = HERE.parent / "gangpai" / "samples" / "roster-2026.xlsx"
IMAGES = HERE / "images"
DESIGNS = IMAGES / "designs"
BASE_URL = "https://dj.example.cn"
POST = "2026-003"
INSPECTED_ON, NAMED_ON = date(2026, 6, 20), date(2026, 7, 1)
COLOURS = 96
SMALL_PX = 400

WORDS_OF = {
    Product.PLAQUE: Product.PLAQUE,
    Product.DOOR: Product.PLAQUE,
    Product.BADGE: Product.BADGE,
    Product.DESK: Product.BADGE,
}
"""The product whose copy says what a picture of each product shows: the post's names, or one member's."""


def make_pictures(folder: Path) -> None:
    """Print a plaque and a badge of one post, scan the plaque, and keep the three pictures."""
    settings = Settings(store=TinyDbFile(folder / "register.db"), base_url=BASE_URL)
    with open_office(settings) as office:
        roster = read_roster(ROSTER.read_bytes(), ROSTER.name, members_min=office.policy.members_min)
        apply_roster(office.register, office.authority(), roster.rows)
        approve(office.register, office.authority(), POST, document="场党字〔2026〕12号")
        find_worthy(office, POST, INSPECTED_ON)
        award(office.register, office.authority(), POST, awarded_on=NAMED_ON)
        for product, width_px in ((Product.PLAQUE, 900), (Product.BADGE, 600)):
            job = Job(product=product, out=folder / product.value, preview=True)
            print_posts(office, job, [POST])
            keep(next(job.out.glob("*.png")), IMAGES / f"{product.value}.png", width_px)
        copies = {copy.product: copy for copy in office.register.find(Copy, post_id=POST)}
    show_designs(copies, folder)
    photograph(settings, copies[Product.PLAQUE], folder / "scan.png")
    keep(folder / "scan.png", IMAGES / "scan.png", 540)


def show_designs(copies: Mapping[Product, Copy], folder: Path) -> None:
    """Draw every design in the size it has by default, and the default design in every other."""
    library = DesignLibrary.shipped()
    for product in Product:
        copy, first = copies[WORDS_OF[product]], load_design(product)
        for name in library.names(product):
            draw(copy, load_design(product, name), folder, f"{product}-{name}")
        for size in set(library.sizes(product)) - {first.size}:
            draw(copy, load_design(product, first.name, size), folder, f"{product}-{size}")


def draw(copy: Copy, design: Design, folder: Path, name: str) -> None:
    """Keep a small picture of what a copy would look like in a design."""
    shown = replace(copy, product=design.product)
    picture = folder / f"{name}.png"
    picture.write_bytes(preview_png(shown, design, base_url=BASE_URL, width_px=2 * SMALL_PX))
    keep(picture, DESIGNS / picture.name, SMALL_PX)


def photograph(settings: Settings, plaque: Copy, target: Path) -> None:
    """Take what a phone of 360 by 740 pixels shows of the plaque's scan."""
    with serving(settings) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(locale="zh-CN", viewport={"width": 360, "height": 740}, device_scale_factor=2)
        page.goto(f"http://127.0.0.1:{port}/{plaque.code}")
        page.screenshot(path=target)
        browser.close()


@contextmanager
def serving(settings: Settings) -> Iterator[int]:
    """Serve the register as its office would, on a free port of this machine."""
    port = free_port()
    environment = server_environment(settings, port) | {"GANGPAI_BASE_URL": BASE_URL, "GANGPAI_DEMO": "0"}
    command = [sys.executable, "-m", "gangpai", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own program
    try:
        wait_until_ready(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def keep(source: Path, target: Path, width_px: int) -> None:
    """Keep a picture at the width, with few colours so that the file stays small."""
    with Image.open(source) as picture:
        small = picture.convert("RGB")
        small.thumbnail((width_px, width_px * 3))
        small.quantize(COLOURS).save(target, optimize=True)


if __name__ == "__main__":
    DESIGNS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        make_pictures(Path(name))
    sys.stdout.writelines(
        f"{path.name} {path.stat().st_size} bytes\n" for path in sorted(IMAGES.rglob("*.png"))
    )
