"""Signatures as Standard Webhooks has them, secrets sealed at rest, addresses that lead nowhere inside."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from store.webhooks import signing
from store.webhooks.addresses import ADDRESS_LONGEST, NotAReceiver, is_public, receiver_of
from store.webhooks.signing import SecretLost, WebhookSecret, headers_of, seconds

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)
ADDRESS = "https://hooks.example.cn/gangpai"
KEY, NONCE = b"k" * 32, bytes(range(12))
SECRET = WebhookSecret(raw=bytes(range(32)))
PUBLISHED = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "moment": datetime.fromtimestamp(1614265330, UTC),
    "body": b'{"test": 2432232314}',
    "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
"""The example that implementations of Standard Webhooks are compared by."""


def verified(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Check a message as its receiver does, with nothing of ours."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    return headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"


def test_the_published_example_comes_out() -> None:
    secret = WebhookSecret(raw=base64.b64decode(str(PUBLISHED["secret"]).removeprefix("whsec_")))
    assert secret.text == PUBLISHED["secret"]
    made = secret.signature(PUBLISHED["id"], PUBLISHED["moment"], PUBLISHED["body"])  # type: ignore[arg-type]
    assert made == PUBLISHED["signature"]


def test_a_receiver_finds_the_signature_good_and_any_change_bad() -> None:
    headers = headers_of(SECRET, "W1-000000007-0", NOON, b"{}")
    assert verified(headers, b"{}", SECRET.text)
    assert not verified(headers, b"{ }", SECRET.text)
    assert not verified(headers, b"{}", WebhookSecret(raw=b"x" * 32).text)
    for name, other in (("webhook-id", "W1-000000008-0"), ("webhook-timestamp", "1")):
        assert not verified(headers | {name: other}, b"{}", SECRET.text)


@pytest.mark.parametrize("signed_instead", [b"{}", b"W1.", b""])
def test_a_signature_over_other_bytes_is_caught(
    monkeypatch: pytest.MonkeyPatch, signed_instead: bytes
) -> None:
    monkeypatch.setattr(
        WebhookSecret,
        "signature",
        lambda self, *_: (
            "v1," + base64.b64encode(hmac.new(self.raw, signed_instead, hashlib.sha256).digest()).decode()
        ),
    )
    with pytest.raises(AssertionError):
        test_a_receiver_finds_the_signature_good_and_any_change_bad()


def test_an_unsigned_message_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WebhookSecret, "signature", lambda *_: "")
    with pytest.raises(AssertionError):
        test_a_receiver_finds_the_signature_good_and_any_change_bad()


def test_a_secret_is_sealed_to_the_deployment_and_to_the_address() -> None:
    sealed = SECRET.sealed(KEY, ADDRESS, chance=NONCE)
    assert WebhookSecret.opened(sealed, KEY, ADDRESS, webhook_id="W1") == SECRET
    assert SECRET.raw not in base64.b64decode(sealed)
    for key, address, text in (
        (b"x" * 32, ADDRESS, sealed),
        (KEY, f"{ADDRESS}/elsewhere", sealed),
        (KEY, ADDRESS, sealed[:-8] + "AAAAAAA="),
        (KEY, ADDRESS, "nonsense"),
        (KEY, ADDRESS, ""),
    ):
        with pytest.raises(SecretLost, match="W1"):
            WebhookSecret.opened(text, key, address, webhook_id="W1")


def test_a_secret_stands_in_no_text_made_of_it() -> None:
    assert SECRET.text not in repr(SECRET)
    assert repr(SECRET.raw) not in repr(SECRET)
    assert signing.PREFIX == "whsec_"


def test_the_moment_is_told_in_whole_seconds() -> None:
    assert seconds(NOON.replace(microsecond=999_999)) == str(int(NOON.timestamp()))


@pytest.mark.parametrize(
    "address",
    [
        "https://a.cn",
        "https://a.cn:8443/x?y=z",
        "https://203.0.113.7/",
        "https://[2001:db8::1]/",
        "https://xn--fiq.cn/",
    ],
)
def test_a_plain_https_address_is_taken(address: str) -> None:
    assert receiver_of(address).hostname


@pytest.mark.parametrize(
    "address",
    [
        "", "https://", "http://a.cn/", "ftp://a.cn/", "a.cn/x", "//a.cn/x", "https:///x", "file:///etc/passwd",
        "https://user:password@a.cn/", "https://a.cn/#x", "https://a.cn:0/", "https://a.cn:99999/", "https://a.cn:x/",
        "https://a.cn/a b", "https://a.cn/\r\nX-Y: z", "https://a.cn/\x00", "https://党.cn/", "https://[::1/",
        "https://a.cn/" + "x" * ADDRESS_LONGEST,
    ],
)  # fmt: skip
def test_anything_else_is_refused(address: str) -> None:
    with pytest.raises(NotAReceiver):
        receiver_of(address)


INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
    "2002:0a00:0001::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:0:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_no_address_inside_is_public(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize("text", ["1.1.1.1", "202.96.128.86", "2606:4700::1111", "64:ff9b::101:101"])
def test_addresses_on_the_internet_are(text: str) -> None:
    assert is_public(text)
