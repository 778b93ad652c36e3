"""An identity provider of this machine: authlib's server over real HTTP, with signed words."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import KeySet, RSAKey

LOOPBACK = "127.0.0.1"
CLIENT_ID, CLIENT_SECRET = "gangpai", "a-secret-of-ours"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}, private=True)
Answer = tuple[int, Any, list[tuple[str, str]]]


class Client(ClientMixin):
    """The one client: a program that keeps a secret."""

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: Any) -> Any:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == "http://testserver/console/sign-in/identity/back"

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method, endpoint) == ("client_secret_basic", "token")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code that was handed out, and the question it answers."""

    asked: dict[str, str]

    def get_redirect_uri(self) -> str:
        return self.asked["redirect_uri"]

    def get_scope(self) -> str:
        return self.asked["scope"]

    def get_nonce(self) -> str:
        return self.asked["nonce"]

    def get_auth_time(self) -> None:
        return None

    get_acr = get_amr = get_auth_time

    @property
    def code_challenge(self) -> str:
        return self.asked["code_challenge"]

    @property
    def code_challenge_method(self) -> str:
        return self.asked["code_challenge_method"]


@dataclass
class Provider:
    """The provider: who is signed in with it, and in what it goes wrong."""

    clock: Callable[[], datetime]
    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1"})
    codes: dict[str, Code] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    described: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    signed_with: Any = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    answers: dict[str, Callable[[Any], None]] = field(default_factory=dict)

    @cached_property
    def server(self) -> "Server":
        return Server(self)

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.described

    def answer(self, request: OAuth2Request) -> Answer:
        path, server = urlsplit(request.uri).path.rpartition("/")[2], cast("Any", self.server)
        if path == "openid-configuration":
            return 200, self.metadata(), []
        if path == "keys":
            return 200, KeySet([KEY]).as_dict(private=False), []
        if path == "authorize":
            grant = server.get_consent_grant(request, end_user=self.person)
            answer = server.create_authorization_response(request, grant_user=self.person, grant=grant)
            return cast("Answer", answer)
        return cast("Answer", server.create_token_response(request))


class Server(AuthorizationServer):
    """authlib's server, its memory the provider's."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider
        self.register_token_generator("default", BearerTokenGenerator(lambda **_: "access"))
        self.register_grant(grant_of(provider), [CodeChallenge(required=True), words_of(provider)()])

    def query_client(self, client_id: str) -> Client:
        assert client_id == CLIENT_ID
        return Client()

    def save_token(self, token: object, request: object) -> None:
        """Forget the token: nothing is asked with it."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:
        return status, body, headers


def grant_of(provider: Provider) -> type[AuthorizationCodeGrant]:
    """Return the grant that remembers the provider's codes."""

    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012 -- as authlib declares it

        def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
            provider.codes[code] = Code(asked=dict(request.payload.data))  # type: ignore[union-attr] # set below

        def query_authorization_code(self, code: str, *_: object) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            provider.codes = {key: each for key, each in provider.codes.items() if each != authorization_code}

        def authenticate_user(self, *_: object) -> dict[str, Any]:
            return provider.person

    return Grant


def words_of(provider: Provider) -> type[OpenIDCode]:
    """Return the part that signs the provider's words."""

    class Words(OpenIDCode):
        def exists_nonce(self, nonce: str, *_: object) -> bool:
            return any(each.get_nonce() == nonce for each in provider.codes.values())

        def resolve_client_private_key(self, *_: object) -> Any:
            return provider.signed_with

        def get_client_algorithm(self, *_: object) -> str:
            return provider.algorithm

        def get_encode_header(self, *_: object) -> dict[str, str]:
            return {"alg": provider.algorithm, "kid": "k1"}

        def get_client_claims(self, *_: object) -> dict[str, Any]:
            now = int(provider.clock().timestamp())
            return {
                "iss": provider.issuer,
                "aud": [CLIENT_ID],
                "iat": now,
                "exp": now + 300,
                "auth_time": now,
            }

        def generate_user_info(self, user: dict[str, Any], *_: object) -> UserInfo:
            return UserInfo(user | provider.claims)

    return Words


@contextmanager
def providing(clock: Callable[[], datetime]) -> Iterator[Provider]:
    """Run a provider for a block."""
    provider = Provider(clock)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.respond(dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.respond(dict(parse_qsl(body.decode())))

        def respond(self, fields: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if path in provider.answers:
                provider.answers[path](self)
                return
            reply(self, provider.answer(request_of(self.command, self.path, fields, self.headers)))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        provider.issuer = f"http://{LOOPBACK}:{server.server_port}/realm"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join(10)


class Asked(OAuth2Request):
    """A request as authlib reads it; its address is told as https, since the library takes no other."""

    @property
    def form(self) -> Any:
        return self.payload.data  # type: ignore[union-attr] # set below

    @property
    def args(self) -> Any:
        return self.payload.data  # type: ignore[union-attr] # set below


def request_of(method: str, path: str, fields: dict[str, str], headers: Any) -> Asked:
    request = Asked(method, f"https://provider{path}", headers=headers)
    request.payload = BasicOAuth2Payload(fields)
    return request


def reply(handler: Any, answer: Answer) -> None:
    """Send an answer of authlib's over the wire."""
    status, body, headers = answer
    text = json.dumps(body).encode()
    handler.send_response(status)
    for name, value in headers:
        if name.lower() != "content-type":
            handler.send_header(name, value)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text)
