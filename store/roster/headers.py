"""The columns a roster may have, and the words officers put above them.

Knows the vocabulary. Knows nothing of where a header row stands (columns.py).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from store.refusals import Refusal
from store.roster.characters import settle


class Field(Enum):
    """What a column holds."""

    BRANCH = auto()
    NAME = auto()
    KIND = auto()
    COLLECTIVE_KIND = auto()
    PLACE = auto()
    DUTIES = auto()
    MEMBERS = auto()
    OTHERS = auto()
    COMMITMENT = auto()
    COUNT = auto()
    PERSON = auto()
    PARTY = auto()
    TITLE = auto()
    SERIAL = auto()


@dataclass(frozen=True, kw_only=True)
class Heading:
    """How a column is headed: `usual` words, and `loose` ones that give way to a usual one beside them."""

    usual: str
    loose: str = ""
    clause_id: str = ""


HEADINGS: dict[Field, Heading] = {
    Field.BRANCH: Heading(
        usual="党总支 所属党总支 所在党总支 党总支名称 申报党总支 推荐党总支 branch generalbranch",
        loose="单位 推荐单位 申报单位 所在单位 所属单位 单位名称 填报单位 unit",
        clause_id="F5",
    ),
    Field.NAME: Heading(
        usual="岗位名称 示范岗名称 党员示范岗名称 共产党员示范岗名称 岗名 post postname nameofpost",
        loose="岗位 示范岗 党员示范岗 名称",
        clause_id="F10",
    ),
    Field.KIND: Heading(
        usual="岗位类型 岗位类别 示范岗类型 示范岗类别 kind postkind posttype",
        loose="类型 类别 type",
        clause_id="F1",
    ),
    Field.COLLECTIVE_KIND: Heading(
        usual="集体类型 集体类别 集体示范岗类型 集体示范岗类别 collectivekind collectivetype subtype",
        clause_id="F3",
    ),
    Field.PLACE: Heading(
        usual="岗位地点 岗位位置 岗位所在地 办公地点 办公地址 放置地点 place postplace location",
        loose="地点 位置 所在地点 地址",
        clause_id="F8",
    ),
    Field.DUTIES: Heading(
        usual="工作职责 岗位职责 主要职责 岗位工作职责 duties duty responsibilities",
        loose="职责",
        clause_id="F10",
    ),
    Field.MEMBERS: Heading(
        usual="党员姓名 党员名单 岗位党员 岗位党员姓名 岗位党员名单 members membernames partymembers",
        loose="党员",
        clause_id="F10",
    ),
    Field.OTHERS: Heading(
        usual="其他人员 其它人员 非党员人员 非党员 其他人员姓名 非党员姓名 otherstaff others nonmembers",
        clause_id="F4",
    ),
    Field.COMMITMENT: Heading(
        usual="公开承诺 党员公开承诺 公开承诺内容 commitment pledge",
        loose="承诺 党员承诺 承诺事项 承诺内容",
        clause_id="F34",
    ),
    Field.COUNT: Heading(
        usual="党员人数 党员数 党员数量 岗位党员数量 岗位党员人数 岗位党员数 membercount numberofmembers",
        loose="人数 count",
        clause_id="F10",
    ),
    Field.PERSON: Heading(usual="姓名 人员姓名 成员姓名 name person fullname", clause_id="F10"),
    Field.PARTY: Heading(
        usual="是否党员 是否中共党员 是否为党员 政治面貌 partymember ismember politicalstatus",
        loose="党员否 member",
        clause_id="F4",
    ),
    Field.TITLE: Heading(
        usual="职务 岗位职务 岗内职务 担任职务 岗内分工 title role function", clause_id="F10"
    ),
    Field.SERIAL: Heading(usual="序号 编号 序 号 no № number #"),
}
"""Every known heading, without blanks and in small letters; the clause is what a fault there rests on."""

_USUAL = {word: field for field, heading in HEADINGS.items() for word in heading.usual.split()}
_LOOSE = {word: field for field, heading in HEADINGS.items() for word in heading.loose.split()}
_BRACKETED = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_LONGEST_HEADING = 60
_TRIMMINGS = " *:.、"


def field_of(text: str) -> Field | None:
    """Tell what a column headed so holds; blanks, width and remarks in brackets do not matter."""
    word = heading_word(text)
    return _USUAL.get(word) or _LOOSE.get(word)


def is_loose(text: str) -> bool:
    """Tell whether a heading gives way to a more exact one for the same field."""
    return heading_word(text) not in _USUAL


def usual_heading(field: Field) -> str:
    """Name a field as rosters head it."""
    return HEADINGS[field].usual.split()[0]


@lru_cache(maxsize=4096)
def heading_word(text: str) -> str:
    """Reduce a heading to the form in which the vocabulary is written; empty where it is too long for one."""
    if len(text) > _LONGEST_HEADING:
        return ""
    try:
        text = settle(text).text
    except Refusal:
        return ""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(_BRACKETED.sub("", wide).split()).strip(_TRIMMINGS).casefold()
