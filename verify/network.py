"""Where a request comes from, as far as anybody here may know it: keyed hashes, kept in memory only.

Also the check that a form was sent from our own pages (OWASP ASVS 5.0, 3.5: cross-origin requests).
"""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import HTTPException, Request

from verify.site import Site


def keyed(site: Site, *parts: str) -> str:
    """Return the keyed hash of some words: the same for the same words, untraceable without the secret."""
    return keyed_by(site.settings.secret, *parts)


def keyed_by(secret: bytes, *parts: str) -> str:
    """Return the keyed hash of some words under a secret."""
    return hmac.new(secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def network_key(request: Request, site: Site) -> str:
    """Return a name for the network a request comes from."""
    return keyed(site, "network", _network(request.client.host if request.client else ""))


def _network(host: str) -> str:
    """Return the address itself, or of IPv6 the 64 bits that one subscriber is given (RFC 6177)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else host


def check_same_site(request: Request) -> None:
    """Let a request pass that no foreign page has sent.

    Our pages send no referrer, and browsers then write `Origin: null` on their own forms; where the browser
    states the site (Sec-Fetch-Site) that decides, else a stated origin has to be ours.

    Raises:
        HTTPException: 403, a foreign page sent it.

    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "null")
    host = request.headers.get("host", "")
    own_origin = origin in {"null", f"https://{host}", f"http://{host}"}
    if not (site in {"same-origin", "none"} if site else own_origin):
        raise HTTPException(403)
