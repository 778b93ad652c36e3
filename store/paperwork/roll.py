"""标牌名册: which plates stand and which were revoked, with the log's checkpoint; works without any network.

Knows how the roll reads on paper, in Chinese and English. Leaves out what may be told of a plate (roll.py of
store/). Whoever keeps the sheet keeps the checkpoint on it, and can show later whether the past was altered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from store.calendar import chinese_time
from store.ledger import Checkpoint, NoteKey
from store.paperwork.sheet import Align, Column, Fact, Sheet, Table, Value
from store.policy import Policy
from store.records import Product, Stage
from store.roll import PlateFacts, RollLine, RollPage
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from store.terms import PRODUCT_EN, PRODUCT_ZH, STAGE_EN, STAGE_ZH, plate_kind_zh

_NUMBER = Column(heading="标牌编号\nPlate number", width=8, align=Align.CENTER)
_VERDICT = Column(heading="状态\nStanding", width=4.6, align=Align.CENTER)
_SINCE = Column(heading="起始日期\nSince", width=7.8, align=Align.CENTER)
_STANDING = (
    _NUMBER,
    Column(heading="岗位编号\nPost", width=5, align=Align.CENTER),
    Column(heading="岗位名称\nName of the post", width=9),
    Column(heading="单位\nBranch", width=9),
    Column(heading="种类\nKind", width=4.6, align=Align.CENTER),
    _VERDICT,
    _SINCE,
)
_REVOKED = (_NUMBER, _VERDICT, _SINCE)
_OPENING = (
    "本名册只反映制表时刻的情况；联网时以扫码或按编号查询的即时结果为准。不在第一表内的标牌不能认定有效。",
    (
        "This roll tells how plates stood when it was made; where there is a network, only a scan or the "
        "number decides. A plate that is not in the first table cannot be taken as valid."
    ),
)
_CLOSING = (
    "校验值、签名和公钥是当时台账的指纹：请留存本页，日后可以核对从前的记录有没有被改动。",
    (
        "Checkpoint, signature and key are a fingerprint of the log at that moment: whoever keeps this sheet "
        "can tell later whether the past was altered."
    ),
)
_PART = (
    "本册为其中一部分，下一部分自编号{following}起。",
    "This is a part of the roll; the next one begins with plate {following}.",
)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When a roll was made, at which checkpoint of the log, and the key that signs it."""

    made_at: datetime
    checkpoint: Checkpoint
    key: NoteKey


def roll_sheet(policy: Policy, moment: Moment, roll: RollPage) -> Sheet:
    """Return a roll as a sheet: what stands, then what was revoked, and where the next part begins."""
    standing = tuple(_standing(each, each.plate) for each in roll.lines if each.plate)
    revoked = tuple(_head(each) for each in roll.lines if not each.plate)
    made_at = chinese_time(moment.made_at)
    return Sheet(
        name="标牌名册",
        title="共产党员示范岗标牌名册",
        subtitle=f"Roll of plates　{policy.committee_name}　{made_at}",
        facts=tuple(_facts(moment, made_at, standing, revoked)),
        tables=(
            Table(columns=_STANDING, rows=standing, caption="一、有效、创建中　Plates that stand"),
            Table(columns=_REVOKED, rows=revoked, caption="二、已撤销　Revoked plates"),
        ),
        opening=(*_OPENING, _legend()),
        closing=(*_continued(roll), *_CLOSING),
        footer=f"{made_at} 制表\n台账校验值 {moment.checkpoint}",
        landscape=True,
    )


def _facts(
    moment: Moment, made_at: str, standing: tuple[object, ...], revoked: tuple[object, ...]
) -> Iterator[Fact]:
    note = moment.key.sign(moment.checkpoint)
    yield Fact("制表时刻\nMade at", made_at)
    yield Fact("块数\nPlates", f"有效、创建中 {len(standing)}　已撤销 {len(revoked)}")
    yield Fact("台账校验值\nCheckpoint", str(moment.checkpoint))
    yield Fact("签名\nSignature", note.splitlines()[-1])
    yield Fact("公钥\nKey", moment.key.verifier_key)


def _standing(line: RollLine, plate: PlateFacts) -> tuple[Value, ...]:
    number, verdict, since = _head(line)
    kind = plate_kind_zh(plate.product, plate.stage)
    return number, plate.post_id, plate.post_name, plate.branch_name, kind, verdict, since


def _head(line: RollLine) -> tuple[Value, Value, Value]:
    return line.number, VERDICT_ZH[line.verdict], line.since


def _continued(roll: RollPage) -> Iterator[str]:
    if roll.following:
        yield from (each.format(following=roll.following) for each in _PART)


def _legend() -> str:
    """Say in English what the words in the tables are."""
    terms = [
        *(
            (VERDICT_ZH[each], VERDICT_EN[each])
            for each in (Verdict.VALID, Verdict.CREATING, Verdict.REVOKED)
        ),
        *((STAGE_ZH[each], STAGE_EN[each]) for each in Stage),
        *((PRODUCT_ZH[each], PRODUCT_EN[each]) for each in Product),
    ]
    return "　".join(f"{zh} {en.lower()}" for zh, en in terms)
