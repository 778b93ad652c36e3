"""Programs that are told of changes: a real HTTP server of this machine that keeps what it got."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Got:
    """One request: its path, its headers by their names in lower case, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    def is_signed_with(self, secret: str) -> bool:
        """Check the signature as any receiver does."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == f"v1,{mac}"


@dataclass
class Receiver:
    """A receiver: what it got, and how it answers; by default it takes everything."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answer: Callable[[Any], None] = lambda handler: reply(handler, 204)


def reply(handler: Any, status: int, **headers: str) -> None:
    """Answer a request with a status and no body."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def say(handler: Any, body: bytes) -> None:
    """Answer a request with status 200 and a body, as robots do whatever they make of it."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json; charset=UTF-8")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver for a block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            named = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Got(self.path, named, body))
            receiver.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        receiver.url = f"http://{LOOPBACK}:{server.server_address[1]}/hook?from=gangpai"
        yield receiver
        server.shutdown()
        thread.join()
