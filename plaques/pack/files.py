"""The files of a pack: every list and report of a print run under its name, and the whole as one archive.

Knows what a pack holds and what its files are called. Leaves out where they lie. Same run, same bytes.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from plaques.drawing.pdf import draw_pdf
from plaques.pack.checksums import FILE, checksums
from plaques.pack.declined import declined_findings
from plaques.pack.facts import ArtworkFile, Digest, PackFacts
from plaques.pack.order_sheet import order_sheet
from plaques.pack.preflight_json import preflight_json
from plaques.pack.preflight_sheet import preflight_sheet
from plaques.pack.proof_sheet import proof_sheets
from plaques.pack.serial_list import serial_csv, serial_rows, serial_sheet
from plaques.paperwork.sheets import sheet_pages
from plaques.preflight.findings import Check
from plaques.preflight.report import Report
from plaques.print_run import PrintedFile
from store.paperwork.workbook import workbook
from store.plates import Copy

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The only moment every archive may bear that says nothing (APPNOTE 4.4.6)."""


def pack_name(name: str) -> str:
    """Return what the pack of a print run is called, its folder and its archive alike."""
    return f"{name}-印制包"


def pack_archive(file: PrintedFile, copies: Sequence[Copy], facts: PackFacts) -> bytes:
    """Return the pack of a finished file as a ZIP archive of one folder; `copies` are those in the file."""
    name = f"{facts.name}.pdf"
    artwork = ArtworkFile(
        name=name,
        digest=Digest.of(file.content),
        copies=tuple(copies),
        report=_whole_report(file, copies),
    )
    return archive(pack_name(facts.name), {name: file.content, **pack_files([artwork], facts)})


def _whole_report(file: PrintedFile, copies: Sequence[Copy]) -> Report:
    """Add what preflight left out: the posts that are not in the file, and what else real copies passed.

    Without an approval in force no copy is issued, and without a public address none is drawn, unless it is
    marked 样张.
    """
    passed = () if any(copy.face.mark for copy in copies) else (Check.APPROVAL, Check.BASE_URL)
    return replace(
        file.report,
        checks=(*file.report.checks, *passed),
        findings=(*file.report.findings, *declined_findings(file.declined)),
    )


def pack_files(artwork: Sequence[ArtworkFile], facts: PackFacts) -> dict[str, bytes]:
    """Return what goes with the artwork, by file name: lists, proofs, reports, the order, checksums."""
    files = dict(_reports(artwork, facts))
    digests = {name: Digest.of(content) for name, content in files.items()}
    files[f"{facts.name}-制作单.pdf"] = draw_pdf(
        sheet_pages([order_sheet(artwork, facts, digests)]), title=f"制作单 {facts.name}"
    )
    drawn = {file.name: file.digest for file in artwork}
    files[FILE] = checksums(drawn | {name: Digest.of(content) for name, content in files.items()})
    return files


def archive(folder: str, files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive of a folder with these files; same files, same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            packed.writestr(_entry(f"{folder}/{name}"), files[name], zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _EARLIEST)
    entry.external_attr = 0o644 << 16
    return entry


def _reports(artwork: Sequence[ArtworkFile], facts: PackFacts) -> Iterator[tuple[str, bytes]]:
    name = facts.name
    rows = chain.from_iterable(serial_rows(file.copies, file.report, file.name) for file in artwork)
    yield f"{name}-清单.csv", serial_csv(rows)
    yield f"{name}-清单.xlsx", workbook([serial_sheet(artwork, facts)])
    proofs = sheet_pages(proof_sheets(artwork, facts))
    yield f"{name}-校对单.pdf", draw_pdf(proofs, title=f"校对单 {name}")
    report = sheet_pages([preflight_sheet(artwork, facts)])
    yield f"{name}-印前检查.pdf", draw_pdf(report, title=f"印前检查报告 {name}")
    yield f"{name}-印前检查.json", preflight_json(artwork, facts)
