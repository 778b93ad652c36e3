"""What every route is given: the register, the settings, the clock and the chance of this deployment.

Knows what they are. Leaves out where they come from (app.py) and what is done with them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request
from jinja2 import Environment

from plaques.design.library import DesignLibrary
from store.acts.authority import Actor, Authority
from store.catalogue import Catalogue
from store.contacts import SealingKey
from store.docket import Docket
from store.duties.diary import Diary
from store.figures import Figures
from store.kept import Kept
from store.ledger import NoteKey
from store.policy import Policy
from store.policy_in_force import InForce
from store.post_states import PostLine
from store.recall_book import RecallBook
from store.records import Copy, Role
from store.register import Register
from store.reports import RatingsBook
from verify.darkroom import Darkroom
from verify.documents import Documents
from verify.identity import IdentityProvider
from verify.languages import Language, language_of
from verify.live import Hub
from verify.metrics import Metrics
from verify.monitoring import Monitoring
from verify.outward import Outward
from verify.printing import PrintRoom
from verify.scan_tally import ScanTally
from verify.shelf import Shelf
from verify.sightings import Tally
from verify.skeleton import Skeletons
from verify.throttle import Throttles
from verify.together import Together


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """Where the codes lead, the policy, the secrets, and whether all is a demonstration.

    `policy` is the one the operator named; it holds until the register has one (`Site.policy`).
    `secret` keys hashes, `ledger_key` signs the log's checkpoints, `contact_key` seals contacts; without it
    none is taken. `designs` are those that copies may have been printed in. `code_roles` sign in with a
    device's code as well: those who can take titles away, and those who let others in. Without a `print_room`
    nothing is drawn for officers.
    """

    base_url: str
    policy: Policy
    secret: bytes = field(repr=False)
    ledger_key: NoteKey = field(repr=False)
    demo: bool = False
    contact_key: SealingKey | None = None
    code_roles: frozenset[Role] = frozenset({Role.COMMITTEE, Role.ADMINISTRATOR})
    designs: DesignLibrary = field(default_factory=DesignLibrary.shipped)
    monitoring: Monitoring = field(default_factory=Monitoring)
    outward: Outward = field(default_factory=Outward)
    identity_provider: IdentityProvider | None = None
    print_room: PrintRoom | None = None

    @property
    def secure_cookies(self) -> bool:
        """Whether the public reaches the site by https, so that cookies may insist on it."""
        return self.base_url.startswith("https")

    @property
    def host(self) -> str:
        """The genuine host, as the plates print it in letters; empty while no base URL is set."""
        return urlsplit(self.base_url).netloc

    def cookie_name(self, name: str) -> str:
        """Return the name of a cookie that https binds to this host alone (RFC 6265bis)."""
        return f"__Host-{name}" if self.secure_cookies else name


@dataclass(frozen=True, kw_only=True)
class Site:
    """One running deployment; `entropy(n)` gives n random bytes, `clock()` the aware present.

    `panel` returns, as HTML, what a signed-in officer may do about the plate on a scan page; else nothing.
    """

    register: Register
    settings: WebSettings
    in_force: InForce
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    pages: Mapping[Language, Environment]
    hub: Hub
    panel: "Panel"
    throttles: Throttles
    darkroom: Darkroom
    metrics: Metrics
    tally: Tally
    scan_tally: ScanTally
    docket: Docket
    ratings: RatingsBook
    reports: Shelf[Any]
    together: Together
    skeletons: Skeletons
    figures: Figures
    diary: Diary
    recall_book: RecallBook
    documents: Documents
    catalogue: Catalogue
    post_states: Kept[None, PostLine]

    @property
    def policy(self) -> Policy:
        """The policy in force at this moment: one look into the register."""
        return self.in_force.now()

    def render(self, template: str, language: Language, **values: object) -> str:
        """Fill a template in a language; each may use `language`, `settings`, `in_force` and `now`."""
        page = self.pages[language].get_template(template)
        return page.render(settings=self.settings, in_force=self.in_force, now=self.clock(), **values)

    def public_authority(self) -> Authority:
        """Return the authority on which a message from the public is received."""
        actor = Actor(name="群众", role=Role.PUBLIC)
        return Authority(actor=actor, now=self.clock(), policy=self.policy)


def site_of(request: Request) -> Site:
    """Return the site a request came to."""
    return cast("Site", request.app.state.site)


Panel = Callable[[Request, Site, Copy], str]


async def _current_site(request: Request) -> Site:
    return site_of(request)  # asynchronous only to stay on the event loop, where a scan is answered


READS = ["GET", "HEAD"]
"""The methods of a page: whoever may read it may also ask for its headers alone (RFC 9110, 9.1)."""

SiteNow = Annotated[Site, Depends(_current_site)]
"""The site, as a route declares that it needs it."""


async def _current_language(request: Request) -> Language:
    return language_of(request)


SpokenNow = Annotated[Language, Depends(_current_language)]
"""The language of whoever asks, as a route declares that it answers in it."""
