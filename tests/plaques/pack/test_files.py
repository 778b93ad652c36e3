"""The pack as files: all there, the same in every run, and checked by the tool a print shop has."""

import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from plaques.pack.checksums import FILE, checksums
from plaques.pack.facts import Digest
from plaques.pack.files import archive, pack_archive, pack_files, pack_name
from plaques.preflight.findings import Check
from plaques.print_run import Declined, PrintedFile
from plaques.typography.typefaces import MissingGlyph
from tests.plaques.pack.runs import CONTENT, MADE_AT, badges, facts, plaques, report

NAME = facts().name


@pytest.fixture(scope="module")
def pack() -> dict[str, bytes]:
    return pack_files([plaques(2)], facts())


def test_a_pack_holds_lists_proofs_reports_order_and_checksums(pack: dict[str, bytes]) -> None:
    suffixes = ("清单.csv", "清单.xlsx", "校对单.pdf", "印前检查.pdf", "印前检查.json", "制作单.pdf")
    assert list(pack) == [*(f"{NAME}-{suffix}" for suffix in suffixes), FILE]
    assert pack_name(NAME) == f"{NAME}-印制包"


def test_the_same_run_is_the_same_bytes(pack: dict[str, bytes]) -> None:
    again = pack_files([plaques(2)], facts())
    assert [name for name in pack if pack[name] != again[name]] == []
    assert archive("a", pack) == archive("a", dict(reversed(again.items())))


def test_every_paper_of_the_pack_is_a4(pack: dict[str, bytes]) -> None:
    for name in (name for name in pack if name.endswith(".pdf")):
        for page in PdfReader(io.BytesIO(pack[name])).pages:
            assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum of the core utilities is not installed")
def test_the_checksums_are_checked_by_the_core_utilities(pack: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.pdf").write_bytes(CONTENT)
    for name, content in pack.items():
        (tmp_path / name).write_bytes(content)
    check = ["sha256sum", "--strict", "-c", FILE]
    good = subprocess.run(check, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert (good.returncode, good.stdout.count(": OK")) == (0, len(pack))
    (tmp_path / f"{NAME}.pdf").write_bytes(CONTENT + b" ")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum of the core utilities is not installed")
@pytest.mark.parametrize("name", ["标牌 一.pdf", "a\\b.pdf", "a\nb.pdf"])
def test_any_file_name_is_checked(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(CONTENT)
    (tmp_path / FILE).write_bytes(checksums({name: Digest.of(CONTENT)}))
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", FILE], cwd=tmp_path, check=False, capture_output=True
    )
    assert checked.returncode == 0


def test_the_archive_is_one_folder_with_the_files_and_names_any_system_reads(pack: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(pack_name(NAME), pack))) as packed:
        assert packed.testzip() is None
        assert {entry.filename for entry in packed.infolist()} == {f"{NAME}-印制包/{name}" for name in pack}
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(entry.flag_bits & 0x800 for entry in packed.infolist())  # names in UTF-8, APPNOTE 4.4.4


def test_the_archive_of_a_run_holds_its_artwork_under_the_name_the_papers_give(
    pack: dict[str, bytes],
) -> None:
    file = plaques(2)
    printed = PrintedFile(content=CONTENT, report=file.report)
    with zipfile.ZipFile(io.BytesIO(pack_archive(printed, file.copies, facts()))) as packed:
        assert packed.read(f"{NAME}-印制包/{NAME}.pdf") == CONTENT
        assert packed.read(f"{NAME}-印制包/{FILE}") == pack[FILE]


def test_the_report_says_which_posts_are_missing_from_the_file_and_why() -> None:
    file = plaques(2)
    refusal = MissingGlyph(character="\U0002ebf0", text="王\U0002ebf0", where="2026-003")
    printed = PrintedFile(
        content=CONTENT, report=file.report, declined=(Declined(post_id="2026-003", refusal=refusal),)
    )
    with zipfile.ZipFile(io.BytesIO(pack_archive(printed, file.copies, facts()))) as packed:
        report = json.loads(packed.read(f"{NAME}-印制包/{NAME}-印前检查.json"))
    [found] = report["findings"]
    assert (report["result"], found["number"], found["check"]) == ("error", "2026-003", "glyphs")
    assert "U+2EBF0" in found["zh"]


@pytest.mark.parametrize(("mark", "passed"), [("", {"approval", "base URL"}), ("样张", set())])
def test_only_real_copies_are_said_to_be_approved_and_to_lead_to_a_public_address(
    mark: str, passed: set[str]
) -> None:
    file = plaques(1, checks=(Check.TEXTS,))
    copies = [replace(copy, face=replace(copy.face, mark=mark)) for copy in file.copies]
    printed = PrintedFile(content=CONTENT, report=file.report)
    with zipfile.ZipFile(io.BytesIO(pack_archive(printed, copies, facts()))) as packed:
        report = json.loads(packed.read(f"{NAME}-印制包/{NAME}-印前检查.json"))
    found = {check["check"] for check in report["checks"] if check["found"] is not None}
    assert found == {"texts"} | passed


def test_a_report_of_other_copies_is_refused() -> None:
    with pytest.raises(ValueError, match="in their order"):
        replace(plaques(2), report=report(badges(1, 2).copies))


def test_the_clock_is_the_offices(pack: dict[str, bytes]) -> None:
    assert MADE_AT.isoformat() in pack[f"{NAME}-印前检查.json"].decode()
    page = PdfReader(io.BytesIO(pack[f"{NAME}-印前检查.pdf"])).pages[0]
    assert "2026年6月22日16:30:00" in page.extract_text().replace(" ", "")
