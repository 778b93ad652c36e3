"""Where a webhook may lead: how its address is written, and which network addresses may be connected to.

A receiver is named by an officer and asked by the server, so it must not lead the server to its own machine
or network (OWASP ASVS 5.0, 1.3.6: server-side request forgery). Leaves out resolving and connecting
(gangpai/outbound.py).
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from store.refusals import Refusal

ADDRESS_LONGEST = 500
_NAT64 = IPv6Network("64:ff9b::/96")


class NotAReceiver(Refusal):
    """The address of a webhook is no plain https address. Remedy: give it without login and fragment."""

    reason_zh = "“{shown}”不能作为通知地址。"
    reason_en = "{shown!r} cannot be the address of a webhook."
    remedy_zh = "请写完整的 https 网址，不含登录名、密码和 # 之后的部分，至多{longest}个字符。"
    remedy_en = "Give a full https address without login and fragment, at most {longest} characters."


class ReceiverNotPublic(Refusal):
    """The host of a webhook lies on this machine or in a private network. Remedy: name a public one."""

    reason_zh = "通知地址的主机“{host}”不在公网上。"
    reason_en = "The host {host!r} of the webhook is not a public one."
    remedy_zh = "服务器不向本机和内部网络发通知，请改用公网可达的地址。"
    remedy_en = "Nothing is sent to this machine or to private networks; name a host that is public."


def receiver_of(address: str, *, schemes: tuple[str, ...] = ("https",)) -> SplitResult:
    """Read the address of a webhook.

    Raises:
        NotAReceiver: it is none.

    """
    try:
        parts = urlsplit(address)
        is_plain = parts.port != 0 and parts.hostname and "@" not in parts.netloc and "#" not in address
    except ValueError:
        raise _not_a_receiver(address) from None
    written_plainly = address.isascii() and address.isprintable() and " " not in address
    if not (is_plain and written_plainly and parts.scheme in schemes and len(address) <= ADDRESS_LONGEST):
        raise _not_a_receiver(address)
    return parts


def _not_a_receiver(address: str) -> NotAReceiver:
    return NotAReceiver(shown=address[:60], longest=ADDRESS_LONGEST)


def is_public(text: str) -> bool:
    """Whether a network address belongs to somebody on the Internet, also if IPv6 only wraps an IPv4 one."""
    address = ip_address(text.partition("%")[0])
    inner = _wrapped(address) if isinstance(address, IPv6Address) else None
    return address.is_global and not address.is_multicast and (inner is None or is_public(str(inner)))


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
