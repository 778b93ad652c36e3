"""The roll of all plates, on A4 and as a workbook, for whoever has no network."""

from gangpai.commands.paperwork import AsFormat, Destination, Format, written
from gangpai.office import open_office
from gangpai.signing_key import named_key_of
from gangpai.terminal import AsJson, Outcome, show
from store import ledger
from store.paperwork.forms import Made
from store.paperwork.roll import Moment, roll_sheet
from store.roll import whole_roll

TITLE = "标牌名册"


def roll(*, out: Destination, file_format: AsFormat = Format.BOTH, as_json: AsJson = False) -> None:
    """Write the roll of valid and revoked plates, with the log's checkpoint and its signature."""
    with open_office() as office:
        now, key = office.now(), named_key_of(office.settings)
        with office.register.snapshot() as reader:
            listed = whole_roll(reader, now)
            moment = Moment(made_at=now, checkpoint=ledger.checkpoint(reader), key=key)
        sheet = roll_sheet(office.policy, moment, listed)
    files = written(Made(sheets=(sheet,)), TITLE, now, out, file_format)
    show(
        Outcome(
            zh=f"已生成{TITLE}（{len(listed.lines)}块）：{'、'.join(map(str, files))}",
            en=f"The roll of {len(listed.lines)} plates is written.",
            facts={"plates": len(listed.lines), "files": [str(each) for each in files]},
        ),
        as_json=as_json,
    )
