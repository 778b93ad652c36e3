"""What a person's name may look like, and how one is put right.

Knows the written form: Chinese characters, Latin letters, one interpunct. Knows nothing of the list a name
stood in (name_lists.py), nor whether a typeface can draw it.
"""

import re
import unicodedata
from dataclasses import dataclass

from store.refusals import Refusal
from store.roster.characters import HAN, Note, code_point, settle

INTERPUNCT = "·"
LONGEST_NAME = 50
SHORTEST_NAME = 2
_LONGEST_WITHOUT_INTERPUNCT = 4

LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
"""Latin letters, for use inside the brackets of a regular expression."""
DOTS = "·‧•・．∙⋅･"
"""The marks hands type for the interpunct, for use inside the brackets of a regular expression."""

_LETTER = rf"(?:[{HAN}{LATIN}]|(?<=[{LATIN}])['’-](?=[{LATIN}])|(?<=[{LATIN}])\.)"
_NAME = re.compile(rf"{_LETTER}+(?:[{INTERPUNCT} ]{_LETTER}+)*")
_ONLY_HAN = re.compile(rf"[{HAN}]+")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s*\.\s*(?=[{HAN}])")
_DOT = re.compile(rf"\s*[{DOTS}]\s*")
_BLANK_BESIDE_HAN = re.compile(rf"(?<=[{HAN}])\s+|\s+(?=[{HAN}])")


class UnusableName(Refusal):
    """A name holds something no name is written with. Remedy: write only the name in its place."""

    clause_id = "F10"
    reason_zh = "“{name}”不能作为姓名：含有“{character}”（{code_point}，{why_zh}）。"
    reason_en = "{name!r} is not a name: it holds {character!r} ({code_point}, {why_en})."
    remedy_zh = "请只填写姓名，用汉字或拉丁字母，少数民族姓名中间用“·”。"
    remedy_en = "Write the name only, in Chinese characters or Latin letters, with · inside where it belongs."


class NameTooShort(UnusableName):
    """A name of one character, most often torn apart by a blank. Remedy: write it in full."""

    reason_zh = "“{name}”作为姓名只有一个字。"
    reason_en = "{name!r} is a name of one character only."
    remedy_zh = "请补全姓名；两字姓名中间不要加空格，姓名之间用“、”分开。"
    remedy_en = "Write the name in full, without a blank inside, and part names by 、."


class NameTooLong(UnusableName):
    """A name longer than any register takes. Remedy: part the names."""

    reason_zh = "“{name}…”作为姓名有{length}个字符，超过{most}个。"
    reason_en = "{name!r}… is a name of {length} characters, more than {most}."
    remedy_zh = "请核对是否把几个人的姓名连在了一起，姓名之间用“、”分开。"
    remedy_en = "See whether several names ran together, and part them by 、."


@dataclass(frozen=True)
class CleanName:
    """A name as it is kept and printed, and what was changed to get there."""

    name: str
    notices: tuple[Note, ...] = ()


def clean_name(text: str) -> CleanName:
    """Give a name its one written form: no blanks around Chinese characters, U+00B7 as the interpunct.

    The interpunct follows 民委发〔2016〕33号; NFKC alone would leave its look-alikes.

    Raises:
        UnusableName: a character no name is written with, or one out of its place; named with its code point.
        NameTooShort, NameTooLong: fewer than 2 or more than 50 characters.
        DamagedText, UnusableCharacter: a character that was lost, or that no plate can show.

    """
    settled = settle(text)
    name = _interpuncted(_plain_width(settled.text.strip()))
    name = " ".join(_BLANK_BESIDE_HAN.sub("", name).split())
    _refuse_ill_written(name)
    _refuse_length(name)
    return CleanName(name, settled.notes + _notices(settled.text.strip(), name))


def _plain_width(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(_narrow(character) for character in text))


def _narrow(character: str) -> str:
    wide_letter = "！" <= character <= "～"
    return unicodedata.normalize("NFKC", character) if wide_letter and character not in DOTS else character


def _interpuncted(text: str) -> str:
    return _DOT.sub(INTERPUNCT, _DOT_BETWEEN_HAN.sub(INTERPUNCT, text))


def _refuse_ill_written(name: str) -> None:
    written = _NAME.match(name)
    end = written.end() if written else 0
    if not name or end == len(name):
        return
    why_zh, why_en = _why(name[end])
    raise UnusableName(
        name=name[:LONGEST_NAME],
        character=name[end],
        code_point=code_point(name[end]),
        why_zh=why_zh,
        why_en=why_en,
    )


def _why(character: str) -> tuple[str, str]:
    if character.isdigit():
        return "数字", "a digit"
    if character in f"{INTERPUNCT}-.'’ ":
        return "位置不对", "out of its place"
    if unicodedata.category(character).startswith("L"):
        return "不是汉字或拉丁字母", "neither a Chinese nor a Latin letter"
    return "符号", "a mark"


def _refuse_length(name: str) -> None:
    if len(name) < SHORTEST_NAME:
        raise NameTooShort(name=name)
    if len(name) > LONGEST_NAME:
        raise NameTooLong(name=name[:LONGEST_NAME], length=len(name), most=LONGEST_NAME)


def _notices(written: str, name: str) -> tuple[Note, ...]:
    notices = []
    if written != name:
        notices.append(Note(f"“{written}”按“{name}”录入", f"{written!r} was read as {name!r}"))
    if len(name) > _LONGEST_WITHOUT_INTERPUNCT and _ONLY_HAN.fullmatch(name):
        count = len(name)
        notices.append(
            Note(f"“{name}”有{count}个字，请核对是否漏了分隔符", f"{name!r} has {count} characters: check it")
        )
    return tuple(notices)
