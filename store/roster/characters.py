"""Which characters a record may hold, and what becomes of those that only look like them.

Knows the damage that spreadsheets, old encodings and PDF files do to Chinese text, character by character.
Leaves out what makes a name (names.py) and how long a text may be (rules.py).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from store.refusals import Refusal

HAN_RANGES: tuple[tuple[int, int], ...] = (
    (0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xFA0E, 0xFA0F), (0xFA11, 0xFA11),
    (0xFA13, 0xFA14), (0xFA1F, 0xFA1F), (0xFA21, 0xFA21), (0xFA23, 0xFA24), (0xFA27, 0xFA29),
    (0x20000, 0x2A6DF), (0x2A700, 0x2EE5D), (0x30000, 0x33479),
)  # fmt: skip
"""〇, the unified ideographs with Extensions A to J, and twelve of the compatibility block."""

HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_RANGES)
"""Chinese characters, for use inside the brackets of a regular expression."""

_PLAIN = re.compile(rf"[ -~\n\r\t{HAN}·“”（）《》、，。；：！？]*")
_LINE_MARKS = "\n\r\t"
_LOST_TEXT = "锟斤拷"
_GB18030_NEWER = {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6,
    0xE82C: 0x9FB7, 0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA,
    0xE855: 0x241FE, 0xE864: 0x9FBB,
}  # fmt: skip
"""The 14 characters of GBK FE51 to FEA0 that GB 18030-2005 and -2022 assign and Python's codec does not."""
_RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻏⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "民虎西见角贝车邑長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
        strict=True,
    )
)
"""Radicals that are whole characters and that NFKC leaves alone (Unicode, EquivalentUnifiedIdeograph)."""
_LOOKALIKE_RANGES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
_VARIATION_RANGES = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x180B, 0x180F))
_FILLERS = frozenset("\u034f\u115f\u1160\u3164\uffa0\u2800")


@dataclass(frozen=True)
class Note:
    """Something put right on the way, for the officer to see."""

    zh: str
    en: str


@dataclass(frozen=True)
class Settled:
    """A text as the register keeps it, and what was changed to get there."""

    text: str
    notes: tuple[Note, ...] = ()


class DamagedText(Refusal):
    """A character was lost on the way, and only its writer knows which. Remedy: type the text again."""

    clause_id = ""
    reason_zh = "有字符已经损坏（{code_point}，显示为“�”或“锟斤拷”）。"
    reason_en = "A character was lost ({code_point})."
    remedy_zh = "请重新录入这一格，不要从乱码的文件里复制。"
    remedy_en = "Type the cell again instead of copying it from the damaged file."


class UnusableCharacter(Refusal):
    """A control, private or unassigned character that no plate can show. Remedy: delete or retype it."""

    reason_zh = "含有不能使用的字符 {code_point}（{why_zh}）。"
    reason_en = "The character {code_point} cannot be used ({why_en})."
    remedy_zh = "请删去这个字符，或换用国家标准字库中的字重新录入。"
    remedy_en = "Delete it, or type it again as a character of the national standard."


def code_point(character: str) -> str:
    """Name a character the way Unicode does, such as U+4DAE."""
    return f"U+{ord(character):04X}"


def is_han(character: str) -> bool:
    """Tell whether a character is a Chinese ideograph, 〇 included."""
    return _within(character, HAN_RANGES)


def settle(text: str) -> Settled:
    """Replace what only looks like a character, drop what cannot be seen, keep everything else.

    Old private-use codes of GBK become the characters they stood for, radicals and compatibility ideographs
    the ordinary ones; variation selectors, zero-width and direction marks go. Each change is noted.

    Raises:
        DamagedText: U+FFFD, or 锟斤拷, which is what U+FFFD becomes when read as GBK.
        UnusableCharacter: a control, private-use or unassigned character.

    """
    if "\ufffd" in text or _LOST_TEXT in text:
        raise DamagedText(code_point="U+FFFD")
    if _PLAIN.fullmatch(text):
        return Settled(text)
    settled = "".join(_settled(character) for character in text)
    for character in settled:
        _refuse_unusable(character)
    return Settled(settled, tuple(_changes(text)))


def _settled(character: str) -> str:
    if _is_invisible(character):
        return ""
    if _within(character, _LOOKALIKE_RANGES):
        return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return _OLD_GBK.get(character, character)


def _changes(text: str) -> Iterator[Note]:
    for character in dict.fromkeys(text):
        settled = _settled(character)
        point = code_point(character)
        if not settled:
            yield Note(f"已删去看不见的字符 {point}", f"removed the invisible {point}")
        elif settled != character:
            yield Note(
                f"已将 {point} 换成通用字“{settled}”", f"replaced {point} by the ordinary character {settled}"
            )


def _refuse_unusable(character: str) -> None:
    reason = _UNUSABLE.get(unicodedata.category(character))
    if reason and character not in _LINE_MARKS and not is_han(character):
        why_zh, why_en = reason
        raise UnusableCharacter(code_point=code_point(character), why_zh=why_zh, why_en=why_en)


_UNUSABLE = {
    "Cc": ("控制字符", "a control character"),
    "Cs": ("残缺的编码", "half a character"),
    "Co": ("自造字，别的电脑上没有", "a private character, unknown on other machines"),
    "Cn": ("没有这个字", "not a character"),
}


def _is_invisible(character: str) -> bool:
    return (
        unicodedata.category(character) == "Cf"
        or character in _FILLERS
        or _within(character, _VARIATION_RANGES)
    )


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


def _old_gbk() -> Iterator[tuple[str, str]]:
    """Pair the 80 private codes U+E815 to U+E864 with the characters of GBK FE50 to FEA0, in that order."""
    trails = (*range(0x50, 0x7F), *range(0x80, 0xA1))  # GBK has no second byte 7F
    for private, trail in zip(range(0xE815, 0xE865), trails, strict=True):
        newer = _GB18030_NEWER.get(private)
        yield chr(private), chr(newer) if newer else bytes((0xFE, trail)).decode("gb18030")


_OLD_GBK = dict(_old_gbk())
