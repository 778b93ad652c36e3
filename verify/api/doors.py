"""The doors of the API: every route says whether it is open to the public or which scope it wants.

Lists its obligations (OWASP ASVS 5.0, 8.2 and 9.1; RFC 6750); each step bears the number it discharges.
    1. A route that names neither cannot be built.
    2. Whoever comes is paced: the public by network, a tool by its token.
    3. A token is looked up anew for each request, so that one taken back opens nothing from then on.
    4. The token names the scope, and its office has it still; the acts ask again (store/acts/authority.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from store.acts.authority import Actor, Authority
from store.acts.tokens import SCOPE_ROLES, token_shown
from store.records import ApiToken, Scope
from verify.api.problems import ScopeMissing, TokenMissing, TokenNotGood
from verify.network import network_key
from verify.site import Site, site_of
from verify.throttle import Spending, Throttle

_BEARER = re.compile(r"bearer +([!-~]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody of the public with one request in hand."""

    request: Request
    site: Site


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A program of an office with one request in hand."""

    site: Site
    token: ApiToken
    scope: Scope

    @property
    def authority(self) -> Authority:
        """The authority of the tool's office at this moment; the log names the token."""
        actor = Actor(name=f"token:{self.token.id}", role=self.token.role, branch_id=self.token.branch_id)
        return Authority(actor=actor, now=self.site.clock(), policy=self.site.policy)

    def branch_of(self, asked: str | None) -> str | None:
        """Return the branch a list is confined to: the one asked for, or the tool's own; None is all of them.

        Raises:
            NotAllowed: the tool's office does not reach there.

        """
        wanted = asked or self.token.branch_id
        self.authority.permit(*SCOPE_ROLES[self.scope], branch_id=wanted)
        return wanted


class Public:
    """Declares that a route is open to everybody."""

    async def __call__(self, request: Request) -> Visitor:
        """Return the visitor.

        Raises:
            HTTPException: 429, the network asks too often.

        """
        site = site_of(request)
        pace(request, site.throttles.api_networks, network_key(request, site))  # 2
        return Visitor(request=request, site=site)


class Scoped:
    """Declares that a route is for tools whose token has a scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(self, request: Request) -> Tool:
        """Return the tool.

        Raises:
            HTTPException: 429, it asks too often, or its network shows too many tokens that are none.
            TokenMissing, TokenNotGood, ScopeMissing, NotAllowed: it may not ask this.

        """
        site = site_of(request)
        token = _token_of(request, site)
        pace(request, site.throttles.api_tokens, token.id)  # 2
        if self.scope not in token.scopes:
            raise ScopeMissing(scope=self.scope.value)  # 4
        tool = Tool(site=site, token=token, scope=self.scope)
        tool.branch_of(None)  # 4
        return tool


def _token_of(request: Request, site: Site) -> ApiToken:
    shown = _BEARER.fullmatch(request.headers.get("authorization", "").strip())
    token = token_shown(site.register, shown[1], site.clock()) if shown else None  # 3
    if token is None:
        pace(request, site.throttles.api_networks, network_key(request, site))  # 2
        raise TokenNotGood if shown else TokenMissing
    return token


def pace(request: Request, throttle: Throttle, key: str) -> None:
    """Let a request pass whose key has not asked too often; the answer will tell how much is left.

    Raises:
        HTTPException: 429, it has.

    """
    spending = throttle.spend(key, site_of(request).clock())
    request.state.spending = spending
    if not spending.taken:
        raise HTTPException(429, headers={"Retry-After": str(max(1, spending.next_in_s))})


def limits(spending: Spending) -> dict[str, str]:
    """Return the fields that tell a client its quota (draft-ietf-httpapi-ratelimit-headers-10)."""
    return {
        "RateLimit-Policy": f'"hour";q={spending.most};w=3600',
        "RateLimit": f'"hour";r={spending.left};t={spending.full_in_s}',
    }


class ApiRoute(APIRoute):
    """A route of the API, which says who may use it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - APIRoute's
        super().__init__(path, endpoint, **options | {"operation_id": endpoint.__name__})
        if self.door is None:
            raise TypeError(f"{path} does not declare who may use it")  # 1

    @property
    def door(self) -> Public | Scoped | None:
        """Who may use the route."""
        calls = (dependency.call for dependency in self.dependant.dependencies)
        return next((call for call in calls if isinstance(call, Public | Scoped)), None)
