"""The demonstration: a sample roster walked from import to title plaques once, then only shown again.

It has a register of its own below data/demo and marks every page 样张; the office's is never touched. The
story is that of the last award round before the day it is made, so that it can be told on any day of a year.
What a first run made is written down last, so that a run that was interrupted is made anew.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from gangpai.office import Office, new_password, open_office
from gangpai.practice import StoryDays, find_worthy, office_on, story_days
from gangpai.print_plan import Job
from gangpai.printing import Printed, print_posts
from gangpai.probe import HOST
from gangpai.settings import Settings
from gangpai.stores import TinyDbFile
from plaques.press.impose import Imposition
from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.award import award
from store.acts.officers import NewOfficer, add_officer
from store.calendar import office_day
from store.codes import PROOF_CODE, PlateCode
from store.dossier import dossiers
from store.lookup import standing_in
from store.records import Copy, Product, Role, Stage
from store.roster import read_roster
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from verify.passwords import hash_password

DEMO = Path("data") / "demo"
OUT = Path("out")
OFFICER = "dangwei"
ROSTER = "roster-2026.xlsx"
AWARDED_EACH = 5
"""Every fifth post is awarded, so that title plaques and replaced creation plaques exist as well."""


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """A file the demonstration made."""

    file: str
    copies: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """What a finished demonstration consists of."""

    base_url: str
    officer: str
    password: str
    posts: int
    files: tuple[MadeFile, ...]
    made_now: bool

    @property
    def settings(self) -> Settings:
        """The settings its server works with."""
        return _settings(self.base_url)

    @property
    def environment(self) -> dict[str, str]:
        """The same as environment variables."""
        return {
            "GANGPAI_STORE": self.settings.store.setting,
            "GANGPAI_BASE_URL": self.base_url,
            "GANGPAI_DEMO": "1",
        }


@dataclass(frozen=True, kw_only=True)
class Example:
    """An address worth scanning, and what its page says."""

    url: str
    standing_zh: str
    standing_en: str


def prepare(port: int) -> Demonstration:
    """Return the demonstration for a server at this port, made now unless it is there and whole.

    Raises:
        Refusal: something of it cannot be made.

    """
    base_url = f"http://{HOST}:{port}"
    return _finished(base_url) or _made(base_url)


def _settings(base_url: str) -> Settings:
    return Settings(store=TinyDbFile((DEMO / "register.db").absolute()), base_url=base_url, demo=True)


def _finished(base_url: str) -> Demonstration | None:
    try:
        kept = json.loads((DEMO / "finished.json").read_text(encoding="utf-8"))
        made = tuple(MadeFile(**each) for each in kept.pop("files"))
        password = (DEMO / "officer.txt").read_text(encoding="utf-8").split()[1]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        # Not finished, or by another version: it is made anew.
        return None
    demonstration = Demonstration(**kept, files=made, password=password, made_now=False)
    whole = all(Path(each.file).is_file() for each in made) and (DEMO / "register.db").is_file()
    return demonstration if whole and demonstration.base_url == base_url else None


def _made(base_url: str) -> Demonstration:
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir(parents=True)
    OUT.mkdir(exist_ok=True)
    with open_office(_settings(base_url)) as office:
        days = story_days(office_day(office.now()), office.policy)
        post_ids = _approved_posts(office_on(office, days.applied))
        made = (
            *_printed(office_on(office, days.applied), post_ids),
            _titled(office, days, post_ids[AWARDED_EACH - 1 :: AWARDED_EACH]),
        )
        password = _officer(office)
    demonstration = Demonstration(
        base_url=base_url, officer=OFFICER, password=password, posts=len(post_ids), files=made, made_now=True
    )
    _keep(demonstration)
    return demonstration


def _approved_posts(office: Office) -> list[str]:
    data = (files("gangpai") / "samples" / ROSTER).read_bytes()
    roster = read_roster(data, ROSTER, members_min=office.policy.members_min)
    apply_roster(office.register, office.authority(), roster.rows)
    post_ids = [each.post.id for each in dossiers(office.register)]
    for post_id in post_ids:
        approve(office.register, office.authority(), post_id, document="演示〔2026〕1号")
    return post_ids


def _officer(office: Office) -> str:
    password = new_password()
    add_officer(
        office.register,
        office.authority(Role.ADMINISTRATOR),
        NewOfficer(
            officer_id=OFFICER,
            display_name="党委办公室（演示）",
            role=Role.COMMITTEE,
            branch_name="",
            password_hash=hash_password(password),
        ),
    )
    descriptor = os.open(DEMO / "officer.txt", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{OFFICER} {password}\n")
    return password


def _printed(office: Office, post_ids: Sequence[str]) -> Iterator[MadeFile]:
    """Print creation plaques and badges of all posts."""
    for product in (Product.PLAQUE, Product.BADGE):
        job = Job(product=product, imposition=Imposition(sheet="a4"), out=DEMO / "printing")
        yield _moved(print_posts(office, job, post_ids))


def _titled(office: Office, days: StoryDays, post_ids: Sequence[str]) -> MadeFile:
    """Survey and inspect the posts, name them and print their title plaques."""
    inspecting, naming = office_on(office, days.inspected), office_on(office, days.named)
    for post_id in post_ids:
        find_worthy(inspecting, post_id, days.inspected)
    for post_id in post_ids:
        award(naming.register, naming.authority(), post_id, awarded_on=days.named, document="演示〔2026〕2号")
    job = Job(
        product=Product.PLAQUE,
        stage=Stage.TITLE,
        imposition=Imposition(sheet="a4"),
        out=DEMO / "printing",
        preview=True,
    )
    return _moved(print_posts(naming, job, post_ids))


def _moved(printed: Printed) -> MadeFile:
    """Put the files where they belong; those of an earlier demonstration give way."""
    if printed.declined:
        raise printed.declined[0].refusal
    for path in printed.files:
        path.replace(OUT / path.name)
    return MadeFile(file=str(OUT / printed.files[0].name), copies=len(printed.copies), pages=printed.pages)


def _keep(demonstration: Demonstration) -> None:
    facts = asdict(demonstration)
    del facts["password"], facts["made_now"]
    draft = DEMO / "finished.json.new"
    draft.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    draft.replace(DEMO / "finished.json")


def examples(demonstration: Demonstration) -> list[Example]:
    """Return an address for each of the standings there are, and that of a proof."""
    found: dict[Verdict, Example] = {}
    with open_office(demonstration.settings) as office, office.register.snapshot() as reader:
        now = office.authority().now
        for copy in reader.find(Copy):
            verdict = standing_in(reader, copy, now).verdict
            found.setdefault(verdict, _example(demonstration, PlateCode(copy.code), verdict))
    proof = Example(url=PROOF_CODE.url(demonstration.base_url), standing_zh="样张", standing_en="A proof")
    return [*(each for verdict, each in sorted(found.items(), key=lambda item: _rank(item[0]))), proof]


def _example(demonstration: Demonstration, code: PlateCode, verdict: Verdict) -> Example:
    return Example(
        url=code.url(demonstration.base_url),
        standing_zh=VERDICT_ZH[verdict],
        standing_en=VERDICT_EN[verdict],
    )


def _rank(verdict: Verdict) -> int:
    return list(Verdict).index(verdict)
