"""What of a worker's answers counts as a scan: pages that somebody asked for, whoever it was."""

from store.records import ScanCount
from tests.verify.console.bureau import Bureau


def test_a_scan_page_counts_whoever_looks_and_nothing_else_does(bureau: Bureau) -> None:
    copy = bureau.copies(bureau.plated())[0]
    stranger = bureau.browser()
    stranger.get(f"/{copy.code}")
    stranger.get(f"/number/{copy.id}")
    stranger.get(f"/{'0' * 26}")
    bureau.signed_in().get(f"/{copy.code}")
    stranger.get(f"/{copy.code}", headers={"Accept": "application/json"})
    stranger.ask("HEAD", f"/{copy.code}")
    stranger.ask("POST", f"/{copy.code}/feedback", data={})
    bureau.app.state.site.scan_tally.enter()
    [count] = bureau.register.find(ScanCount)
    assert (count.scans, count.unknown) == (3, 1)


def test_a_scan_writes_nothing(bureau: Bureau) -> None:
    copy = bureau.copies(bureau.plated())[0]
    before = bureau.register.version()
    bureau.browser().get(f"/{copy.code}")
    assert bureau.register.version() == before
