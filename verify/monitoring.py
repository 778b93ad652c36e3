"""Who may read the metrics, where workers count together, and how much room the disk has."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path

from fastapi import Request

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""What a proxy adds: behind one, an address of this machine means nobody in particular."""


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """Nobody but this machine itself reads the metrics, unless from these networks or with this token.

    `shared` is the folder in which workers count together; `free_bytes()` the room left for the register,
    where it grows on a disk of this machine.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    token: str = field(default="", repr=False)
    shared: Path | None = None
    free_bytes: Callable[[], int] | None = None

    def lets(self, request: Request) -> bool:
        """Whether a request may read the metrics."""
        return self._brings_token(request) or self._comes_from_near(request)

    def _brings_token(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return bool(self.token) and compare_digest(given.encode(), self.token.encode())

    def _comes_from_near(self, request: Request) -> bool:
        try:
            address = ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        if address.is_loopback and not any(name in request.headers for name in FORWARDED):
            return True
        return any(address in network for network in self.networks)
