"""Names as they stand in one cell, parted as a reader would part them.

Knows separators, blanks spread inside names, and functions in parentheses. Knows nothing of the spelling of a
single name (names.py) nor of how many a post needs.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from store.refusals import Refusal
from store.roster.characters import HAN, Note, code_point
from store.roster.names import DOTS, INTERPUNCT, LATIN

_LONGEST_SPREAD_NAME = 4
_ROLE = "[（(][^（）()]*[)）]"
_SEPARATORS = "、，,。；;/／|｜､﹑﹐﹔\t\r\n"
_SEGMENT = re.compile(rf"(?:{_ROLE}|[^{_SEPARATORS}])+")
_PIECE = re.compile(rf"(?:{_ROLE}|[^\s（(])+|[（(]")
_ROLE_AT_END = re.compile(r"[（(]([^（）()]*)[)）]$")
_HARD_SEPARATOR = re.compile(f"[{_SEPARATORS}]")
_BLANKS = r"[ \u3000\u00a0]*"
_DOT_IN_BLANKS = re.compile(rf"{_BLANKS}([{DOTS}]){_BLANKS}")
_BLANK_BEFORE_ROLE = re.compile(r"\s+(?=[（(])")
_CODE_MARK = re.compile(r"[<>=\"{}\[\]\\$&@#%^*_`~]")
_TALLY = re.compile(r".*等\d*[〇一二三四五六七八九十两]*[人名位]?|共?[\d一二三四五六七八九十两]+[人名位]")
_CONJOINED = re.compile(rf"[{HAN}]{{2,}}[和及与][{HAN}]{{2,}}")
_ONE_HAN = re.compile(rf"[{HAN}]")
_ALL_HAN = re.compile(rf"[{HAN}]+")
_LATIN_WORD = re.compile(rf"[{LATIN}.'’{INTERPUNCT}-]+")
_NOT_MEMBERS = re.compile(r"群众|非党员|预备党员|积极分子|发展对象|团员")
_PERSONAL = re.compile(r"[男女]|.{1,4}族")
COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔"
        "申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空令狐呼延轩辕东郭百里",
    )
)
"""Surnames of two characters: alone before a blank, each is half a name."""


class NotANameList(Refusal):
    """The cell holds marks of program code. Remedy: write the names only."""

    clause_id = "F10"
    reason_zh = "含有“{character}”（{code_point}），这不是姓名，像是网页或程序代码。"
    reason_en = "{character!r} ({code_point}) has no place among names; this looks like program code."
    remedy_zh = "请清空这一格，只填写姓名，用“、”分开。"
    remedy_en = "Empty the cell and write the names only, parted by 、."


class TallyAmongNames(Refusal):
    """等 or a number stands for names left out. Remedy: list everybody."""

    clause_id = "F10"
    reason_zh = "“{name}”里有“等”或人数，姓名没有列全。"
    reason_en = "{name!r} counts people instead of naming them."
    remedy_zh = "请逐一列出全部姓名，删去“等”和人数。"
    remedy_en = "List every name and delete 等 and the number."


class JoinedNames(Refusal):
    """和, 及 or 与 stands between what may be two names. Remedy: part them by 、."""

    clause_id = "F10"
    reason_zh = "“{name}”像是用“和”“及”“与”连起来的两个姓名。"
    reason_en = "{name!r} looks like two names joined by an “and”."
    remedy_zh = "请改用“、”把姓名分开；确为一个人的，请在姓名中间用“·”。"
    remedy_en = "Part the names by 、; if it is one person, write the name with ·."


class SurnameAlone(Refusal):
    """A compound surname before a blank may be a whole name or half of one. Remedy: part the names by 、."""

    clause_id = "F10"
    reason_zh = "“{name} {following}”分不清是一个人还是两个人。"
    reason_en = "{name!r} followed by {following!r} may be one person or two."
    remedy_zh = "请去掉姓名中间的空格，姓名之间用“、”分开。"
    remedy_en = "Take the blank out of the name, and part names by 、."


class NotAMember(Refusal):
    """Somebody who is no full party member stands among the members. Remedy: move the name."""

    clause_id = "F4"
    reason_zh = "“{name}”注明为“{title}”，不能计入党员。"
    reason_en = "{name!r} is marked {title!r} and does not count as a member."
    remedy_zh = "请移到“其他人员”一栏，或更正注明的身份。"
    remedy_en = "Move the name to the other staff, or correct the remark."


@dataclass(frozen=True, kw_only=True)
class ListedName:
    """One name of a list as written, the function in parentheses after it, and what was joined to read it."""

    written: str
    title: str = ""
    notes: tuple[Note, ...] = ()


def split_names(text: str) -> tuple[ListedName, ...]:
    """Part a cell into names, in their order.

    Names are parted by 、，,。；;/／｜, tab, line break and blank. A blank never parts a Latin name, nor
    a name around its ·. Single Chinese characters side by side are one name spread out: 张　伟 is 张伟.

    Raises:
        NotANameList: the cell holds marks of program code.
        SurnameAlone: a compound surname is followed by a blank, and nothing tells what belongs to it.

    """
    _refuse_code(text)
    listed = bool(_HARD_SEPARATOR.search(text.strip()))
    return tuple(name for segment in _segments(text) for name in _names_of(segment, listed=listed))


def split_name(text: str) -> tuple[ListedName, ...]:
    """Part a cell that should hold one name; blanks inside it join where they can.

    Raises:
        NotANameList: the cell holds marks of program code.

    """
    _refuse_code(text)
    return tuple(name for segment in _segments(text) for name in _names_of(segment, listed=True))


def refuse_listing(listed: ListedName) -> None:
    """Refuse what stands in a list of names without being one.

    Raises:
        TallyAmongNames: 等, or a number of people.
        JoinedNames: 和, 及 or 与 between two names.

    """
    if _CONJOINED.fullmatch(listed.written):
        raise JoinedNames(name=listed.written)
    if _TALLY.fullmatch(listed.written):
        raise TallyAmongNames(name=listed.written)


def refuse_non_member(listed: ListedName) -> None:
    """Refuse a name among the members whose remark says otherwise (F4).

    A probationary member (预备党员) does not count: the stricter reading can never hang an unlawful plaque.

    Raises:
        NotAMember: the remark names another status.

    """
    if _NOT_MEMBERS.search(listed.title):
        raise NotAMember(name=listed.written, title=listed.title)


def function_of(listed: ListedName) -> str:
    """Return the function within the post; a remark on sex or people (女, 回族) is none."""
    return "" if _PERSONAL.fullmatch(listed.title) else listed.title


def _refuse_code(text: str) -> None:
    mark = _CODE_MARK.search(text)
    if mark:
        raise NotANameList(character=mark[0], code_point=code_point(mark[0]))


def _segments(text: str) -> Iterable[str]:
    return _SEGMENT.findall(_DOT_IN_BLANKS.sub(r"\1", _BLANK_BEFORE_ROLE.sub("", text)))


def _names_of(segment: str, *, listed: bool) -> Iterator[ListedName]:
    pieces = _latin_joined(_PIECE.findall(segment))
    if listed and _is_one_name(pieces):
        yield _joined(pieces)
    else:
        yield from _pairs_joined(pieces)


def _latin_joined(pieces: Iterable[str]) -> list[str]:
    words: list[str] = []
    for piece in pieces:
        if words and _LATIN_WORD.fullmatch(words[-1].split()[-1]) and _LATIN_WORD.match(piece):
            words[-1] += f" {piece}"
        else:
            words.append(piece)
    return words


def _is_one_name(pieces: list[str]) -> bool:
    names = [_listed(piece).written for piece in pieces]
    if not all(map(_ALL_HAN.fullmatch, names)) or len("".join(names)) > _LONGEST_SPREAD_NAME:
        return False
    match [len(name) for name in names]:
        case [1, 1, 1] | [1, _] | [_, 1]:
            return True
        case [_, _]:
            return names[0] in COMPOUND_SURNAMES
        case _:
            return False


def _pairs_joined(pieces: list[str]) -> Iterator[ListedName]:
    rest = list(pieces)
    while rest:
        if _is_spread(rest):
            yield _joined([rest.pop(0), rest.pop(0)])
        else:
            _refuse_surname_alone(rest)
            yield _listed(rest.pop(0))


def _is_spread(pieces: list[str]) -> bool:
    """Tell whether a list begins with one name spread out: 张 伟, or at its end 司马 迁."""
    if len(pieces) == 1 or not _ONE_HAN.fullmatch(_listed(pieces[1]).written):
        return False
    return bool(_ONE_HAN.fullmatch(pieces[0])) or (pieces[0] in COMPOUND_SURNAMES and not pieces[2:])


def _refuse_surname_alone(pieces: list[str]) -> None:
    if len(pieces) > 1 and pieces[0] in COMPOUND_SURNAMES:
        raise SurnameAlone(name=pieces[0], following=pieces[1])


def _joined(pieces: list[str]) -> ListedName:
    name = _listed("".join(pieces))
    apart = " ".join(pieces)
    note = Note(
        f"“{apart}”按一个姓名“{name.written}”录入", f"{apart!r} was read as one name, {name.written!r}"
    )
    return ListedName(written=name.written, title=name.title, notes=(note,))


def _listed(piece: str) -> ListedName:
    role = _ROLE_AT_END.search(piece)
    if role is None:
        return ListedName(written=piece)
    return ListedName(written=piece[: role.start()], title=role[1].strip())
