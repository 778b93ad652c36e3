"""What must be in order on a machine before the office relies on it, each with its remedy.

Knows settings, register, typefaces, designs, disk, clock and base URL. Changes nothing but to make a register
where there is none.
"""

import hashlib
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gangpai.office import clock, current_policy, open_office
from gangpai.own_designs import designs_of
from gangpai.settings import Settings
from plaques.preflight.plate import check_base_url
from plaques.typography.typefaces import FONTS, catalogue
from store import ledger
from store.calendar import chinese_time, office_time
from store.refusals import Refusal

FREE_BYTES_LEAST = 200 * 1024 * 1024
OFFICE_OFFSET_HOURS = 8
YEARS_PLAUSIBLE = range(2026, 2100)


@dataclass(frozen=True, kw_only=True)
class Examined:
    """One thing looked at: what, whether it is in order, what was found, and what to do if it is not."""

    zh: str
    en: str
    ok: bool
    found: str
    remedy: str = ""


class _Unsound(Refusal):
    """Something is not in order. Remedy: as said."""

    reason_zh = "{found}"
    reason_en = "{found}"
    remedy_zh = "{remedy}"
    remedy_en = ""


def examine(settings: Settings) -> list[Examined]:
    """Look at everything, one after the other; a fault in one does not keep the others from it."""
    return [_examined(zh, en, look, settings) for zh, en, look in _LOOKS]


def _examined(zh: str, en: str, look: Callable[[Settings], str], settings: Settings) -> Examined:
    try:
        return Examined(zh=zh, en=en, ok=True, found=look(settings))
    except _Unsound as unsound:
        found, remedy = (str(unsound.facts[key]) for key in ("found", "remedy"))
        return Examined(zh=zh, en=en, ok=False, found=found, remedy=remedy)
    except Refusal as refusal:
        return Examined(zh=zh, en=en, ok=False, found=refusal.zh, remedy=refusal.en)


def _policy(settings: Settings) -> str:
    policy = current_policy(settings)
    return f"{policy.name}（{policy.committee_name}）"


def _register(settings: Settings) -> str:
    with open_office(settings) as office, office.register.snapshot() as reader:
        verification = ledger.verify(reader)
    if verification.faults:
        raise _Unsound(
            found="；".join(each.zh for each in verification.faults),
            remedy="保留现状，与备份对照 / keep it and compare",
        )
    return f"{settings.store.shown}，台账{verification.checkpoint.size}条"


def _secret(settings: Settings) -> str:
    if settings.secret or not settings.secret_path.exists():
        return "由 GANGPAI_SECRET 给出" if settings.secret else "首次使用时自动生成"
    mode = stat.S_IMODE(settings.secret_path.stat().st_mode)
    if mode & 0o077:
        raise _Unsound(
            found=f"{settings.secret_path} 权限为 {mode:o}", remedy=f"chmod 600 {settings.secret_path}"
        )
    return str(settings.secret_path)


def _typefaces(_: Settings) -> str:
    wrong = [face["file"] for face in catalogue().values() if not _is_as_published(face)]
    if wrong:
        raise _Unsound(found="、".join(wrong), remedy="重新安装 gangpai / install gangpai anew")
    return f"{len(catalogue())}款，校验一致"


def _is_as_published(face: Mapping[str, str]) -> bool:
    path = FONTS / face["file"]
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == face["sha256"]


def _designs(settings: Settings) -> str:
    library = designs_of(settings)
    faults = [each.zh for each in library.unusable]
    for product, name in library.own.values():
        try:
            for size in library.sizes(product, name):
                library.design(product, name, size)
        except Refusal as refusal:
            faults.append(refusal.zh)
    if faults:
        raise _Unsound(found="；".join(faults), remedy="逐个核对 / gangpai design check FILE")
    return f"{len(library.own)}个，均可使用" if settings.designs_path else "未设"


def _disk(settings: Settings) -> str:
    folder = next(each for each in (settings.store.folder, *settings.store.folder.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_LEAST:
        raise _Unsound(found=f"余 {free >> 20} MB", remedy="请清理磁盘（至少 200 MB） / free 200 MB")
    return f"余 {free >> 20} MB"


def _base_url(settings: Settings) -> str:
    if settings.demo:
        return f"{settings.base_url}（演示，各页均有样张字样）"
    check_base_url(settings.base_url)
    return settings.base_url


def _clock(_: Settings) -> str:
    local = office_time(clock())
    offset = local.utcoffset()
    hours = offset.total_seconds() / 3600 if offset else 0
    if hours != OFFICE_OFFSET_HOURS or local.year not in YEARS_PLAUSIBLE:
        raise _Unsound(found=local.isoformat(), remedy="请校准时钟与时区数据 / set the clock, install tzdata")
    return f"{chinese_time(clock())}（北京时间）"


_LOOKS: tuple[tuple[str, str, Callable[[Settings], str]], ...] = (
    ("政策文件", "policy", _policy),
    ("登记簿与台账", "register and ledger", _register),
    ("密钥", "secret", _secret),
    ("字体", "typefaces", _typefaces),
    ("自有设计", "own designs", _designs),
    ("磁盘", "disk", _disk),
    ("核验网址", "base URL", _base_url),
    ("时钟", "clock", _clock),
)
