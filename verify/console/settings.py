"""The settings of the programme: where each is, for whom."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.records import Role
from verify.console.guard import ConsoleRoute, Desk, Officers

router = APIRouter(prefix="/console/settings", route_class=ConsoleRoute)
GOVERNS = (Role.COMMITTEE, Role.ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One page of the settings: its address, what it is for, and who may use it."""

    address: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    roles: tuple[Role, ...] = GOVERNS


SETTINGS = (
    Setting(
        address="/console/settings/organisations",
        zh="组织",
        en="Organisations",
        about_zh="党委和党总支：登记、查看。",
        about_en="The committee and its branches.",
    ),
    Setting(
        address="/console/settings/policy",
        zh="政策",
        en="Policy",
        about_zh="实施方案留给本单位规定的数字，逐项对照条款；更改即时生效，留有历次版本。",
        about_en="The numbers the plan leaves open, clause by clause, with every version.",
    ),
    Setting(
        address="/console/settings/designs",
        zh="设计",
        en="Designs",
        about_zh="标牌、胸牌、桌牌、门牌的样式：每种尺寸的样张。",
        about_en="How plates look, in every size.",
    ),
    Setting(
        address="/console/settings/texts",
        zh="公开文字",
        en="Texts",
        about_zh="群众看到的投诉电话、地址和活动说明。",
        about_en="What the public is told about complaints and the programme.",
    ),
    Setting(
        address="/console/officers",
        zh="人员",
        en="Officers",
        about_zh="谁可以登录：邀请、停用，已登录的浏览器。",
        about_en="Who may sign in, and who is signed in.",
        roles=(Role.ADMINISTRATOR,),
    ),
    Setting(
        address="/console/settings/tokens",
        zh="接口令牌",
        en="Tokens",
        about_zh="本单位其他程序读取登记簿的令牌：发放、撤回。",
        about_en="What other programs of the office read the register with.",
        roles=(Role.ADMINISTRATOR,),
    ),
    Setting(
        address="/console/settings/webhooks",
        zh="变动通知",
        en="Webhooks",
        about_zh="标牌状态变动时通知其他程序，查看是否送达。",
        about_en="Programs that are told of changes, and whether they took them.",
    ),
    Setting(
        address="/console/log",
        zh="办理记录",
        en="Log",
        about_zh="每一件办理的记录，可出具证明。",
        about_en="Every act, with proofs for outsiders.",
    ),
    Setting(
        address="/console/settings/backup",
        zh="备份",
        en="Backup",
        about_zh="把整个登记簿存成一个文件。",
        about_en="The whole register as one file.",
        roles=(Role.ADMINISTRATOR,),
    ),
)


@router.get("")
def overview(desk: Annotated[Desk, Depends(Officers(*GOVERNS))]) -> Response:
    """Lead to every setting the officer may look at."""
    return desk.page("settings.html", settings_there_are=[each for each in SETTINGS if desk.may(*each.roles)])
