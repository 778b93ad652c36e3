"""One POST to an address somebody named: bounded in time, followed nowhere, never into the own network."""

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gangpai import outbound
from gangpai.outbound import Reach, post, reach_of
from store.webhooks.courses import Answer
from tests.gangpai.receivers import LOOPBACK, Receiver, receiving, reply

DEMO = reach_of(demo=True)
HEADERS = {"Content-Type": "application/json", "webhook-id": "W1-000000007-0"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def sent(address: str, reach: Reach = DEMO) -> Answer:
    return asyncio.run(post(address, HEADERS, b'{"a":1}', reach))


def resolving_to(*addresses: str) -> Any:
    async def resolve(_: str, __: int) -> list[str]:
        return list(addresses)

    return resolve


def test_a_message_arrives_with_its_headers_and_body(receiver: Receiver) -> None:
    assert sent(receiver.url) == Answer(status=204)
    [got] = receiver.got
    assert (got.path, got.body, got.headers["webhook-id"]) == (
        "/hook?from=gangpai",
        b'{"a":1}',
        "W1-000000007-0",
    )
    assert got.headers["host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize("status", [200, 301, 302, 307, 308, 404, 410, 500])
def test_the_status_is_what_counts_and_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda handler: reply(handler, status, Location=receiver.url)
    assert sent(receiver.url) == Answer(status=status)
    assert len(receiver.got) == 1


def test_a_redirect_that_is_followed_is_caught(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    posted = outbound._posted  # noqa: SLF001 - the mutant calls it twice

    async def following(*arguments: Any) -> Answer:
        await posted(*arguments)
        return await posted(*arguments)

    monkeypatch.setattr(outbound, "_posted", following)
    with pytest.raises(AssertionError):
        test_the_status_is_what_counts_and_a_redirect_is_not_followed(receiver, 302)


def test_an_interim_answer_is_passed_over(receiver: Receiver) -> None:
    def hints(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        reply(handler, 202)

    receiver.answer = hints
    assert sent(receiver.url) == Answer(status=202)


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 abc\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"x" * 100_000,
        b"HTTP/1.1 100 C\r\n\r\n" * 9,
    ],
)
def test_what_is_no_http_is_said_so(receiver: Receiver, words: bytes) -> None:
    receiver.answer = lambda handler: handler.wfile.write(words)
    assert sent(receiver.url) == Answer(problem="not_http")


def test_a_receiver_that_drips_is_cut_off_in_time(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "PATIENCE_S", 0.3)
    enough = threading.Event()

    def drip(handler: Any) -> None:
        while not enough.wait(0.01):
            try:
                handler.wfile.write(b"H")
            except OSError:
                return

    receiver.answer = drip
    begun = time.monotonic()
    assert sent(receiver.url) == Answer(problem="timed_out")
    assert time.monotonic() - begun < 3
    enough.set()


def test_nobody_there_is_said_so() -> None:
    assert sent(f"http://{LOOPBACK}:9/") == Answer(problem="unreachable")


def test_without_a_demonstration_nothing_goes_out_in_plain_http_or_to_this_machine(
    receiver: Receiver,
) -> None:
    assert sent(receiver.url, Reach()) == Answer(problem="NotAReceiver")
    assert sent(receiver.url.replace("http:", "https:"), Reach()) == Answer(problem="ReceiverNotPublic")
    for inside in ("10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"):
        reach = Reach(resolve=resolving_to("1.1.1.1", inside))
        assert sent("https://hooks.example.cn/", reach) == Answer(problem="ReceiverNotPublic")
    assert sent("https://hooks.example.cn/", Reach(resolve=resolving_to())) == Answer(
        problem="ReceiverNotPublic"
    )
    assert receiver.got == []


def test_a_private_address_that_is_let_through_is_caught(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "_allowed", lambda addresses, *_: addresses[0])
    with pytest.raises(AssertionError):
        test_without_a_demonstration_nothing_goes_out_in_plain_http_or_to_this_machine(receiver)


def test_the_address_that_was_looked_at_is_the_one_connected_to(receiver: Receiver) -> None:
    looked_at: list[str] = []

    def allows(address: str) -> bool:
        looked_at.append(address)
        return True

    port = receiver.url.split(":")[2].split("/")[0]
    reach = replace(DEMO, resolve=resolving_to(LOOPBACK), allows=allows)
    assert sent(f"http://name.that.no.resolver.knows.invalid:{port}/", reach) == Answer(status=204)
    assert looked_at == [LOOPBACK]


class TestCertificates:
    @pytest.fixture
    def authority(self, tmp_path: Path) -> ssl.SSLContext:
        """Return what trusts the certificate of hooks.example.cn that lies in the folder."""
        key = generate_private_key(SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.cn")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.cn")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, SHA256())
        )
        pem = made.public_bytes(Encoding.PEM)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / "chain.pem").write_bytes(secret + pem)
        return ssl.create_default_context(cadata=pem.decode())

    @staticmethod
    async def asked(tmp_path: Path, address: str, reach: Reach) -> Answer:
        """Serve the certificate on this machine and send a message to it under a name."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(tmp_path / "chain.pem")

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(answer, LOOPBACK, 0, ssl=context) as server:
            port = server.sockets[0].getsockname()[1]
            return await post(f"https://{address}:{port}/", HEADERS, b"{}", reach)

    @pytest.mark.parametrize(
        ("host", "answer"),
        [
            ("hooks.example.cn", Answer(status=200)),
            ("other.example.cn", Answer(problem="certificate_or_tls")),
        ],
    )
    def test_the_certificate_has_to_be_of_the_name(
        self, tmp_path: Path, authority: ssl.SSLContext, host: str, answer: Answer
    ) -> None:
        reach = Reach(allows=lambda _: True, resolve=resolving_to(LOOPBACK), trust=authority)
        assert asyncio.run(self.asked(tmp_path, host, reach)) == answer

    def test_and_of_an_authority_that_is_trusted(self, tmp_path: Path, authority: ssl.SSLContext) -> None:
        assert authority
        reach = Reach(allows=lambda _: True, resolve=resolving_to(LOOPBACK))
        answer = asyncio.run(self.asked(tmp_path, "hooks.example.cn", reach))
        assert answer == Answer(problem="certificate_or_tls")
