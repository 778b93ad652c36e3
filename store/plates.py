"""What a plate is printed from: the words on a copy, whose copy it is, and what a post says of itself.

Knows the records that the drawing room reads, and no others: one plate is drawn in less time than it takes to
declare all there are. Leaves out every other record (records.py, where these are found too) and what a record
means. Times are aware and in UTC; dates are the office's days in Asia/Shanghai.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from store.codes import PlateCode


class PostKind(StrEnum):
    """个人示范岗 or 集体示范岗 (F1)."""

    INDIVIDUAL = "individual"
    COLLECTIVE = "collective"


class CollectiveKind(StrEnum):
    """What a collective post is: 办公室, 服务岗位 or 支部 (F3)."""

    OFFICE = "office"
    SERVICE_POST = "service_post"
    BRANCH = "branch"


class Product(StrEnum):
    """What is printed: 标牌, 胸牌, 桌牌, 门牌."""

    PLAQUE = "plaque"
    BADGE = "badge"
    DESK = "desk"
    DOOR = "door"


class Stage(StrEnum):
    """创建标牌 after approval, 命名标牌 after the award."""

    CREATION = "creation"
    TITLE = "title"


@dataclass(frozen=True, kw_only=True)
class Record:
    """One thing decided; its id is unique among records of its class."""

    id: str

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a record needs an id")


@dataclass(frozen=True, kw_only=True)
class Member:
    """A party member in a post; `title` is the function within it (岗长, 成员, …)."""

    name: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class PostContent:
    """What an application says of a post: everything a plate can show."""

    name: str
    kind: PostKind
    collective_kind: CollectiveKind | None
    place: str
    duties: str
    members: tuple[Member, ...]
    other_staff: tuple[str, ...] = ()
    commitment: str = ""

    def __post_init__(self) -> None:
        if (self.kind is PostKind.COLLECTIVE) != (self.collective_kind is not None):
            raise ValueError("a collective post, and only it, has a collective kind")


@dataclass(frozen=True, kw_only=True)
class Face:
    """The words on one copy, exactly as printed; `mark` is 样张 on a demonstration copy, else empty."""

    heading: str
    post_name: str
    duties: str
    member_count: int
    names: tuple[str, ...]
    holder: str
    holder_title: str
    branch_name: str
    issuer: str
    dated_on: date
    mark: str = ""

    def __post_init__(self) -> None:
        if self.member_count != len(self.names):
            raise ValueError("the printed count is the number of names printed (F10)")


@dataclass(frozen=True, kw_only=True)
class Copy(Record):
    """One printed thing with its own code and fate; its id is the plate number with check digits."""

    code: str
    post_id: str
    branch_id: str
    application_id: str
    product: Product
    stage: Stage
    design: str
    size: str
    face: Face
    place: str
    issued_at: datetime
    replaces: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        PlateCode(self.code)
