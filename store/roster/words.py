"""The words officers fill in where a roster asks for a choice or a number.

Knows each accepted word. Knows nothing of what follows from it.
"""

import re
import unicodedata

from store.records import CollectiveKind, PostKind

NOTHING = frozenset(("", "无", "没有", "暂无", "空", "-", "--", "—", "——", "/", "\\", "none", "n/a"))
"""Ways to say that an optional cell is meant to be empty."""

POST_KINDS = {
    **dict.fromkeys(
        ("个人", "个人示范岗", "个人岗", "个人岗位", "个人类", "individual"), PostKind.INDIVIDUAL
    ),
    **dict.fromkeys(
        ("集体", "集体示范岗", "集体岗", "集体岗位", "集体类", "collective"), PostKind.COLLECTIVE
    ),
}
COLLECTIVE_KINDS = {
    **dict.fromkeys(("办公室", "office"), CollectiveKind.OFFICE),
    **dict.fromkeys(("服务岗位", "服务岗", "岗位", "servicepost"), CollectiveKind.SERVICE_POST),
    **dict.fromkeys(("支部", "党支部", "branch"), CollectiveKind.BRANCH),
}
MEMBERSHIP = {
    **dict.fromkeys(
        ("是", "√", "✓", "✔", "党员", "中共党员", "正式党员", "中共正式党员", "y", "yes", "true", "1"), True
    ),
    **dict.fromkeys(
        ("否", "×", "✗", "✘", "x", "非党员", "群众", "共青团员", "团员", "n", "no", "false", "0"), False
    ),
    **dict.fromkeys(("民主党派", "无党派", "无党派人士", "入党积极分子", "积极分子", "发展对象"), False),
    **dict.fromkeys(("预备党员", "中共预备党员"), False),
}
"""Whether a word says that somebody is a member, in full standing.

A probationary member (预备党员) counts as other staff: the stricter reading of F4 can never hang an unlawful
plaque, and the roster can be sent again once the probation is over.
"""
PROBATIONARY = frozenset(("预备党员", "中共预备党员"))

_DIGITS: dict[str, int] = dict(
    zip("一二三四五六七八九壹贰叁肆伍陆柒捌玖两", (*range(1, 10), *range(1, 10), 2), strict=True)
)
_NUMERAL = re.compile(
    f"(?:(?P<hundreds>[{''.join(_DIGITS)}])[百佰][零〇]?)?"
    f"(?:(?P<tens>[{''.join(_DIGITS)}]?)[十拾])?(?P<units>[{''.join(_DIGITS)}])?"
)
_COUNT = re.compile(r"共?(?P<number>.+?)(?:[人名位]|名?党员)?")
_LONGEST_COUNT = 4


def word(text: str) -> str:
    """Reduce a choice to the form in which the accepted words are written."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def read_count(text: str) -> int | None:
    """Read a number of people: digits of any width, or Chinese numerals below 1000, as in 共3名 or 3名党员.

    Returns None where the text is no such number.
    """
    counted = _COUNT.fullmatch(word(text))
    number = counted["number"] if counted else ""
    if number.isascii() and number.isdecimal():
        return int(number) if len(number) <= _LONGEST_COUNT else None
    return _numeral(number)


def _numeral(text: str) -> int | None:
    parts = _NUMERAL.fullmatch(text)
    if not text or parts is None:
        return None
    hundreds = _DIGITS.get(parts["hundreds"] or "", 0)
    tens = 0 if parts["tens"] is None else _DIGITS.get(parts["tens"], 1)
    return hundreds * 100 + tens * 10 + _DIGITS.get(parts["units"] or "", 0)
