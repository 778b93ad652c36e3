"""An office at work: drives the acts on a register and brings posts as far as a test needs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.authority import Actor, Authority
from store.acts.award import award
from store.acts.inspection import Visit, inspect_post
from store.acts.issue import issue_copies
from store.acts.survey import Forms, enter_paper_survey
from store.acts.veto import Charge, veto
from store.calendar import office_day
from store.codes import PlateCode, PlateNumber
from store.dossier import dossier_of
from store.lookup import scan_code
from store.policy import Policy, founding_plan
from store.records import (
    KINDS,
    CollectiveKind,
    Copy,
    Face,
    Inspection,
    Member,
    PostContent,
    PostKind,
    Product,
    Role,
    Stage,
    TreeNode,
    VetoCause,
)
from store.register import Register
from store.roster import RosterRow
from store.standing import Verdict

NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)


@dataclass
class Office:
    """Drives the acts; every act is a minute after the one before."""

    register: Register
    now: datetime = NOON
    codes: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))
    policy: Policy = field(default_factory=founding_plan)

    def by(self, role: Role = Role.COMMITTEE, branch_id: str | None = None) -> Authority:
        self.now += timedelta(minutes=1)
        actor = Actor(name=role.value, role=role, branch_id=branch_id)
        return Authority(actor=actor, now=self.now, policy=self.policy)

    def row(
        self, name: str = "财务室", members: str = "曾晓明、高赟、汪雪琳", **changes: object
    ) -> RosterRow:
        wanted: dict[str, object] = {
            "name": name,
            "kind": PostKind.COLLECTIVE,
            "collective_kind": CollectiveKind.OFFICE,
            "place": "6号楼299室",
            "duties": "办理报销与核算",
            "members": tuple(Member(name=each) for each in members.split("、")),
        }
        content = PostContent(**(wanted | changes))  # type: ignore[arg-type]
        return RosterRow(branch_name="畜牧站党总支", content=content, row=3)

    def applied(self, *rows: RosterRow) -> str:
        plan = apply_roster(self.register, self.by(), rows or (self.row(),))
        assert plan.new
        return "2026-001"

    def approved(self) -> str:
        return self.approved_now(self.applied())

    def approved_now(self, post_id: str) -> str:
        approve(self.register, self.by(), post_id, document="场党字〔2026〕1号")
        return post_id

    def vetoed(self, post_id: str) -> str:
        charge = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="发生重大责任事故")
        veto(self.register, self.by(), post_id, charge)
        return post_id

    def surveyed(self, post_id: str, counts: tuple[int, ...] = (12, 5, 2, 1, 0)) -> None:
        forms = Forms(held_on=office_day(self.now), counts=counts, method="窗口发放")
        enter_paper_survey(self.register, self.by(), post_id, forms)

    def inspected(self, post_id: str, **changes: object) -> Inspection:
        found: dict[str, object] = {
            "inspected_on": office_day(self.now),
            "report": "听取岗位汇报",
            "site": "现场查看服务台账",
            "opinions": "走访服务对象",
            "report_points": 90,
            "site_points": 85,
            "meets_standards": True,
            "recognised": True,
            "outstanding": True,
            "effective": True,
        }
        visit = Visit(**(found | changes))  # type: ignore[arg-type]
        return inspect_post(self.register, self.by(), post_id, visit)

    def awarded(self, post_id: str, on: date = date(2026, 7, 1)) -> str:
        """Survey, inspect and name an approved post."""
        self.surveyed(post_id)
        self.inspected(post_id)
        award(self.register, self.by(), post_id, awarded_on=on)
        return post_id

    def copy(self, post_id: str, product: Product = Product.PLAQUE, **changes: object) -> Copy:
        dossier = dossier_of(self.register, post_id)
        serial = len(self.register.find(Copy, post_id=post_id)) + 1
        names = tuple(member.name for member in dossier.members)
        wanted: dict[str, object] = {
            "id": str(PlateNumber(post_id, serial)),
            "code": PlateCode.from_bits(next(self.codes)).text,
            "post_id": post_id,
            "branch_id": dossier.post.branch_id,
            "application_id": dossier.in_force.id,
            "product": product,
            "stage": dossier.stage,
            "design": "red-gold",
            "size": "a4",
            "face": self.face(
                dossier.content.name,
                names,
                holder="" if product is Product.PLAQUE else names[0],
                stage=dossier.stage,
            ),
            "place": dossier.content.place,
            "issued_at": self.now,
        }
        return Copy(**(wanted | changes))  # type: ignore[arg-type]

    def face(
        self, post_name: str, names: tuple[str, ...], holder: str, stage: Stage = Stage.CREATION
    ) -> Face:
        return Face(
            heading=self.policy.headings[stage],
            post_name=post_name,
            duties="办理报销与核算",
            member_count=len(names),
            names=names,
            holder=holder,
            holder_title="",
            branch_name="畜牧站党总支",
            issuer="场站管理中心党委",
            dated_on=date(2026, 6, 15),
        )

    def issued(self, post_id: str, product: Product = Product.PLAQUE, **changes: object) -> Copy:
        copy = self.copy(post_id, product, **changes)
        issue_copies(self.register, self.by(), [copy])
        return copy

    def verdict(self, copy: Copy) -> Verdict:
        """Scan a copy now."""
        return scan_code(self.register, PlateCode(copy.code), self.now).standing.verdict

    def written(self) -> dict[str, int]:
        """Count what the register holds, by class; the log's tree follows from the log."""
        return {kind.__name__: self.register.count(kind) for kind in KINDS if kind is not TreeNode}
