"""Checking plates at the command line: what each code says and how its plate stands."""

from typing import Annotated, Any

import typer

from gangpai.check import Sighting, host_of, sightings
from gangpai.office import Office, open_office, read_plate
from gangpai.terminal import AsJson, Column, Listing, show
from store.codes import PROOF_CODE, NotAPlateCode, NotAPlateNumber, PlateCode, PlateNumber
from store.lookup import Scan, scan_code, scan_number
from store.standing import VERDICT_EN, VERDICT_ZH

_COLUMNS = (
    Column(key="where", zh="位置", en="where"),
    Column(key="verdict", zh="核验结果", en="standing"),
    Column(key="number", zh="编号", en="number"),
    Column(key="post", zh="岗位", en="post"),
    Column(key="post_name", zh="岗位名称", en="name"),
    Column(key="holder", zh="持有人", en="holder"),
    Column(key="place", zh="地点", en="place"),
)
_FOREIGN, _FOREIGN_ZH = "foreign", "非本单位的码"
_PROOF, _PROOF_ZH = "proof", "样张"


def check(
    *,
    what: Annotated[
        str, typer.Argument(metavar="CODE|URL|IMAGE|PDF", help="编码、网址、编号或文件 / what to check")
    ],
    as_json: AsJson = False,
) -> None:
    """Read every code out of what is given and say how each plate stands."""
    seen = sightings(what)
    with open_office() as office:
        rows = [_row(office, sighting) for sighting in seen]
    show(Listing(name="codes", columns=_COLUMNS, rows=rows), as_json=as_json)


def _row(office: Office, sighting: Sighting) -> dict[str, Any]:
    plate = _plate(sighting.text)
    if plate is None or _is_foreign(office, sighting):
        whose = host_of(sighting.text) or sighting.text[:60]
        return _plain(sighting, _FOREIGN, f"{_FOREIGN_ZH}：{whose}", "not one of ours")
    if plate == PROOF_CODE:
        return _plain(sighting, _PROOF, _PROOF_ZH, "a proof")
    return _scanned(sighting, _scan(office, plate))


def _is_foreign(office: Office, sighting: Sighting) -> bool:
    """Whether the address leads elsewhere; while no base URL is set, no address can be told from ours."""
    theirs, ours = host_of(sighting.text), host_of(office.settings.base_url)
    return bool(theirs and ours and theirs != ours)


def _plate(text: str) -> PlateCode | PlateNumber | None:
    try:
        return read_plate(text)
    except (NotAPlateCode, NotAPlateNumber):
        return None


def _scan(office: Office, plate: PlateCode | PlateNumber) -> Scan:
    if isinstance(plate, PlateCode):
        return scan_code(office.register, plate, office.now())
    return scan_number(office.register, str(plate), office.now())


def _plain(sighting: Sighting, standing: str, zh: str, en: str) -> dict[str, Any]:
    return {"where": sighting.where, "text": sighting.text, "standing": standing, "verdict": f"{zh} {en}"}


def _scanned(sighting: Sighting, scan: Scan) -> dict[str, Any]:
    verdict = scan.standing.verdict
    row = _plain(sighting, verdict.value, VERDICT_ZH[verdict], VERDICT_EN[verdict])
    if scan.copy is None:
        return row
    return row | {
        "number": scan.copy.id,
        "post": scan.copy.post_id,
        "post_name": scan.copy.face.post_name,
        "holder": scan.copy.face.holder,
        "place": scan.place,
        "successor": scan.standing.successor,
    }
