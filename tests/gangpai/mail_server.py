"""A mail server of this machine, with a certificate made for the test: it takes letters and keeps them."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"


@dataclass
class PostRoom:
    """What the server took and heard; it refuses whom `refuses` names, and says `answer` to a letter."""

    port: int = 0
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    letters: list[EmailMessage] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuses: str = "-"
    answer: str = "250 taken"
    offers_tls: bool = True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, room: PostRoom, context: ssl.SSLContext, *, tls_from_start: bool) -> None:
        self.room, self.context, self.tls_from_start = room, context, tls_from_start
        super().__init__((LOOPBACK, 0), _Session)

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients that do not trust the certificate hang up."""


class _Session(socketserver.StreamRequestHandler):
    server: _Server
    encrypted = False

    def handle(self) -> None:
        if self.server.tls_from_start:
            self.encrypt()
        self.say("220 post room")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            self.server.room.heard.append(line)
            if not self.obey(line, line.split(" ")[0].upper()):
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def obey(self, line: str, verb: str) -> bool:
        if verb == "STARTTLS":
            self.say("220 go on")
            self.encrypt()
        elif verb == "DATA":
            self.take()
        elif verb == "EHLO":
            offered = ["250-STARTTLS"] if self.server.room.offers_tls else []
            self.say("250-post room", *offered, "250 AUTH PLAIN")
        else:
            self.say(_answer(self.server.room, line, verb))
        return verb != "QUIT"

    def take(self) -> None:
        self.say("354 go on")
        letter = message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n")), policy=policy.default)
        if self.server.room.answer.startswith("250"):
            self.server.room.letters.append(letter)
            self.server.room.encrypted.append(self.encrypted)
        self.say(self.server.room.answer)

    def encrypt(self) -> None:
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.encrypted = True

    def say(self, *lines: str) -> None:
        self.connection.sendall("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def post_room(folder: Path, *, tls_from_start: bool = False) -> Iterator[PostRoom]:
    """Run a mail server for a block."""
    room, chain = PostRoom(), folder / "chain.pem"
    room.trust = ssl.create_default_context(cadata=_certificate(chain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    with _Server(room, context, tls_from_start=tls_from_start) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        room.port = server.server_address[1]
        yield room
        server.shutdown()
        thread.join()


def _answer(room: PostRoom, line: str, verb: str) -> str:
    if verb == "AUTH":
        return "235 welcome"
    if verb == "QUIT":
        return "221 bye"
    return "550 nobody of this name" if room.refuses in line else "250 good"


def _certificate(chain: Path) -> str:
    """Write a key with its certificate for this machine into a file, and return the certificate."""
    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post room")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    pem = made.public_bytes(Encoding.PEM)
    chain.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem)
    return pem.decode()
