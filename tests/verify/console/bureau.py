"""What the tests of the console drive: browsers, and the bureau behind them."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.authority import Actor, Authority
from store.acts.officers import NewOfficer, add_officer
from store.dossier import Dossier, dossier_of
from store.policy import founding_plan
from store.records import Copy, Post, Product, Role
from store.register import Register
from tests.office import Office
from tests.verify.in_process import visitor
from verify.passwords import hash_password

CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
BASE_URL = "http://testserver"
PASSWORD = "海棠依旧，绿肥红瘦，问卷帘人"  # noqa: S105 -- of officers who exist in tests only
PASSWORD_HASH = hash_password(PASSWORD, CHEAP)
OWN, OTHER = "畜牧站党总支", "园艺场党总支"
THREE = "曾晓明、高赟、汪雪琳"
OFFICERS = {
    "committee": (Role.COMMITTEE, ""),
    "administrator": (Role.ADMINISTRATOR, ""),
    "inspector": (Role.INSPECTOR, ""),
    "print_clerk": (Role.PRINT_CLERK, ""),
    "own_branch": (Role.BRANCH_OFFICER, OWN),
    "other_branch": (Role.BRANCH_OFFICER, OTHER),
}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Browser:
    """A browser as the console sees it: it keeps cookies and sends the token of the page it shows."""

    client: httpx.Client
    token: str = ""

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        return self.client.request(method, address, **more)

    def get(self, address: str, **more: Any) -> httpx.Response:
        answer = self.ask("GET", address, **more)
        if found := re.search(r'name="token" value="([^"]+)"', answer.text):
            self.token = found[1]
        return answer

    def post(self, address: str, **fields: object) -> httpx.Response:
        return self.ask("POST", address, data={"token": self.token} | fields, headers=SAME_ORIGIN)

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        answer = self.post("/console/sign-in", name=name, password=password)
        if answer.status_code == 303:
            self.get("/console")
        return answer


@dataclass
class Bureau:
    """The office with its web: drives the acts directly, and through the console."""

    register: Register
    app: FastAPI
    office: Office

    @property
    def now(self) -> datetime:
        return self.office.now

    def wait(self, **how_long: float) -> None:
        self.office.now += timedelta(**how_long)

    def browser(self) -> Browser:
        return Browser(visitor(self.app, BASE_URL))

    def signed_in(self, name: str = "committee") -> Browser:
        browser = self.browser()
        assert browser.sign_in(name).status_code == 303
        return browser

    def posted(self, name: str = "财务室", branch: str = OWN, members: str = THREE) -> str:
        row = replace(self.office.row(name, members), branch_name=branch)
        apply_roster(self.register, self.office.by(), [row])
        known = (dossier_of(self.register, each.id) for each in self.register.find(Post))
        return next(each.post.id for each in known if each.content.name == row.content.name)

    def approved(self, name: str = "财务室", branch: str = OWN, members: str = THREE) -> str:
        post_id = self.posted(name, branch, members)
        approve(
            self.register, self.office.by(), post_id, document="场党字〔2026〕1号", over_quota_reason="试点"
        )
        return post_id

    def plated(self, name: str = "财务室", branch: str = OWN, plates: int = 3) -> str:
        post_id = self.approved(name, branch)
        for serial in range(plates):
            self.office.issued(post_id, Product.BADGE if serial else Product.PLAQUE)
        return post_id

    def copies(self, post_id: str) -> list[Copy]:
        return self.register.find(Copy, post_id=post_id)

    def dossier(self, post_id: str) -> Dossier:
        return dossier_of(self.register, post_id)

    def administrator(self) -> Authority:
        actor = Actor(name="console", role=Role.ADMINISTRATOR)
        return Authority(actor=actor, now=self.now, policy=founding_plan())

    def employ(self, name: str, role: Role, branch: str = "") -> None:
        officer = NewOfficer(
            officer_id=name, display_name=name, role=role, branch_name=branch, password_hash=PASSWORD_HASH
        )
        add_officer(self.register, self.administrator(), officer)
