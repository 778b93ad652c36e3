"""The print shop's pack: one archive beside the artwork, whole, and recorded with it or not at all."""

import json
import shutil
import subprocess
import zipfile
from errno import ENOSPC
from pathlib import Path

import pytest
from pypdf import PdfReader

from gangpai.office import Office
from store.records import Copy
from tests.gangpai.desk import DATA, Command

POST = "2026-001"
NAME = f"{POST}-创建标牌-400x300"


@pytest.fixture(autouse=True)
def _approved(gangpai: Command) -> None:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    assert gangpai("approve", "--all", "--document", "场党字〔2026〕1号").code == 0


def unpacked(pack: Path) -> Path:
    """Unpack an archive beside itself and return its one folder."""
    with zipfile.ZipFile(pack) as packed:
        packed.extractall(pack.parent / "unpacked")
    return pack.parent / "unpacked" / pack.stem


def test_the_pack_holds_the_artwork_and_all_that_goes_with_it(gangpai: Command, desk: Path) -> None:
    answer = gangpai(
        "print", "plaque", POST, "--bleed", 3, "--inks", "cmyk", "--pack", "--out", "out", "--json"
    )
    assert answer.code == 0
    pack = Path(answer.json["files"][-1])
    assert pack.name == f"{NAME}-印制包.zip"
    folder = unpacked(desk / pack)
    assert {file.name for file in folder.iterdir()} == {
        "SHA256SUMS",
        f"{NAME}.pdf",
        *(f"{NAME}-{each}" for each in ("清单.csv", "清单.xlsx", "校对单.pdf", "制作单.pdf")),
        *(f"{NAME}-印前检查.{suffix}" for suffix in ("pdf", "json")),
    }
    for name in (f"{NAME}.pdf", f"{NAME}-清单.csv"):
        assert (folder / name).read_bytes() == (desk / "out" / name).read_bytes()
    order = PdfReader(folder / f"{NAME}-制作单.pdf").pages[0].extract_text()
    assert "四色 CMYK" in order
    assert "四边各3毫米" in order.replace(" ", "")


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum of the core utilities is not installed")
def test_the_checksums_of_the_pack_hold(gangpai: Command, desk: Path) -> None:
    gangpai("print", "badge", POST, "--sheet", "a4", "--pack", "--out", "out")
    [pack] = (desk / "out").glob("*.zip")
    check = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=unpacked(pack), check=False).returncode == 0


def test_the_report_says_that_real_plates_are_approved_and_proofs_are_not(
    gangpai: Command, desk: Path
) -> None:
    for options, is_approved in (((), True), (("--proof",), False)):
        answer = gangpai("print", "plaque", POST, *options, "--pack", "--out", "out", "--json")
        folder = unpacked(desk / answer.json["files"][-1])
        [file] = folder.glob("*-印前检查.json")
        report = json.loads(file.read_bytes())
        approval = next(check for check in report["checks"] if check["check"] == "approval")
        assert approval["found"] == (0 if is_approved else None)


def test_without_asking_there_is_no_pack(gangpai: Command, desk: Path) -> None:
    assert gangpai("print", "plaque", POST, "--out", "out").code == 0
    assert {file.suffix for file in (desk / "out").iterdir()} == {".pdf", ".csv"}


def test_a_disk_too_full_for_the_pack_leaves_no_record_and_no_file(
    gangpai: Command, desk: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().suffix == ".zip":
            raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("gangpai.placing.os.fsync", fsync)
    assert gangpai("print", "plaque", POST, "--pack", "--out", "out").code == 1
    assert list((desk / "out").iterdir()) == []
    assert office.register.count(Copy) == 0
