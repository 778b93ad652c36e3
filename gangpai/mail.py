"""Sending a letter through the mail server of the office, always encrypted (RFC 5321, RFC 8314).

Knows the server, its certificate and what its answers mean. Leaves out what a letter says and whom it is for.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

PATIENCE_S = 15.0
_PORTS = {"smtps": 465, "smtp": 587}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where letters are handed in, who signs in there, and the address they come from.

    `tls_from_start` is TLS from the first byte on (smtps); else the session has to begin it (STARTTLS).
    """

    host: str
    port: int
    tls_from_start: bool
    sender: str
    login: str = ""
    password: str = field(default="", repr=False)


def mail_server(url: str, *, sender: str, password: str) -> MailServer:
    """Read smtps://LOGIN@HOST:PORT or, for STARTTLS, smtp://LOGIN@HOST:PORT.

    Raises:
        ValueError: it is neither, or no address to send from is given.

    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.password or parts.path.strip("/"):
        raise ValueError("smtps://login@host:port or smtp://login@host:port, without the password")
    if not is_mail_address(sender):
        raise ValueError("mail_from is no address")
    login = unquote(parts.username or "")
    if not (login.isascii() and password.isascii()):  # smtplib sends no other
        raise ValueError("login and password have ASCII letters only")
    return MailServer(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        tls_from_start=parts.scheme == "smtps",
        sender=sender,
        login=login,
        password=password,
    )


def is_mail_address(text: str) -> bool:
    """Whether a text is a plain address of ASCII letters, such as can be put into a header as it is."""
    return bool(_ADDRESS.fullmatch(text))


_PROBLEMS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "login_refused"),
    (smtplib.SMTPRecipientsRefused, "recipients_refused"),
    (smtplib.SMTPSenderRefused, "sender_refused"),
    (smtplib.SMTPNotSupportedError, "no_tls_or_login_offered"),
    (smtplib.SMTPException, "not_taken"),
    (TimeoutError, "timed_out"),
    (ssl.SSLError, "certificate_or_tls"),
    (socket.gaierror, "host_unknown"),
    (OSError, "unreachable"),
)
"""What a failure is called; the first class that fits."""


def send_letter(server: MailServer, letter: EmailMessage, trust: ssl.SSLContext) -> str:
    """Hand a letter in; return an empty text if it was taken for anybody, else the problem in one word."""
    try:
        with _session(server, trust) as session:
            session.send_message(letter, from_addr=server.sender)
    except tuple(kind for kind, _ in _PROBLEMS) as error:
        return next(word for kind, word in _PROBLEMS if isinstance(error, kind))
    return ""


@contextmanager
def _session(server: MailServer, trust: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
    """Open a session that is encrypted, and signed in to if there is a login."""
    place = (server.host, server.port)
    if server.tls_from_start:
        opened: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=PATIENCE_S, context=trust)
    else:
        opened = smtplib.SMTP(*place, timeout=PATIENCE_S)
    with opened as session:
        if not server.tls_from_start:
            session.starttls(context=trust)
        if server.login:
            session.login(server.login, server.password)
        yield session
