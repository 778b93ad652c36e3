"""The places of the console that its menu leads to, and whom each is for."""

from dataclasses import dataclass

from store.acts.issue import PRINTERS
from store.records import Role

EVERY_OFFICER = tuple(role for role in Role if role is not Role.PUBLIC)
SEES_RECALLS = (Role.COMMITTEE, Role.ADMINISTRATOR, Role.BRANCH_OFFICER, Role.INSPECTOR)
TAKES_IN = (Role.COMMITTEE, Role.BRANCH_OFFICER)
HEARS = SEES_RECALLS
IMPORTS = (Role.COMMITTEE, Role.BRANCH_OFFICER)
WORKS = (Role.COMMITTEE, Role.ADMINISTRATOR, Role.BRANCH_OFFICER)
INSPECTS = (Role.COMMITTEE, Role.ADMINISTRATOR, Role.INSPECTOR)


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the menu; `of_all` is a page about the whole organisation, not for who has one branch."""

    address: str
    zh: str
    en: str
    roles: tuple[Role, ...]
    of_all: bool = False
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a page belongs to this place."""
        return path in {self.address, *self.also} or (
            self.address != "/console" and path.startswith(f"{self.address}/")
        )


PLACES = (
    Place(address="/console", zh="今日", en="Today", roles=EVERY_OFFICER),
    Place(address="/console/due", zh="待办", en="Due", roles=WORKS),
    Place(address="/console/posts", zh="岗位", en="Posts", roles=EVERY_OFFICER),
    Place(address="/console/import", zh="导入", en="Import", roles=IMPORTS),
    Place(
        address="/console/notices",
        zh="公示",
        en="Notices",
        roles=SEES_RECALLS,
        also=("/console/plans",),
    ),
    Place(address="/console/print", zh="制作", en="Print", roles=PRINTERS),
    Place(address="/console/recalls", zh="收回", en="Recalls", roles=SEES_RECALLS),
    Place(address="/console/return", zh="扫码交回", en="Take in", roles=TAKES_IN),
    Place(address="/console/feedback", zh="群众意见", en="Feedback", roles=HEARS),
    Place(address="/console/reports", zh="报表", en="Reports", roles=HEARS),
    Place(address="/console/officers", zh="人员", en="Officers", roles=(Role.ADMINISTRATOR,)),
    Place(address="/console/settings", zh="设置", en="Settings", roles=(Role.COMMITTEE, Role.ADMINISTRATOR)),
    Place(address="/console/log", zh="办理记录", en="Log", roles=INSPECTS, of_all=True),
)
