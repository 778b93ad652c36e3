"""What an identity provider is asked, and when its word is believed (OpenID Connect Core 1.0, code flow).

Knows the questions, and what an answer has to hold. Leaves out the wire (gangpai/back_channel.py), whose
account is opened (store/acts/identities.py) and the pages (console/vouching.py).
Lists its obligations (OWASP ASVS 5.0, 10.5; OpenID Connect Core, 3.1.3.7); each step bears its number.
    1. The program asks at the issuer's own origin and nowhere else, whatever the issuer's description says.
    2. State, nonce and proof of possession (RFC 7636) are made for one sign-in and bound to the browser.
    3. A word is signed by a key of the issuer, in an algorithm with two keys; a shared secret signs nothing.
    4. It is for us, from the issuer, of now, and an answer to this very question.
    5. An e-mail counts only where the issuer has verified it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import decode

from store.acts.identities import Vouched
from store.refusals import Refusal

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_S = 60
SCOPE = "openid email"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderAway(Refusal):
    """The identity provider does not answer. Remedy: sign in with name and password."""

    problem: str

    reason_zh = "统一身份服务暂时无法使用（{problem}）。"
    reason_en = "The identity provider does not answer ({problem})."
    remedy_zh = "请稍后再试，或用登录名和密码登录。"
    remedy_en = "Try later, or sign in with name and password."


class WordNotTrusted(Refusal):
    """What the identity provider answers cannot be believed. Remedy: tell the administrator."""

    problem: str

    reason_zh = "统一身份服务的答复不可信，未予登录（{problem}）。"
    reason_en = "The identity provider's answer cannot be trusted ({problem})."
    remedy_zh = "请用登录名和密码登录，并把括号中的内容告诉系统管理员。"
    remedy_en = "Sign in with name and password, and tell the administrator what the brackets say."


class BackChannel(Protocol):
    """The way to the provider, past the browser; it is bounded in time and size, and follows no redirect."""

    def get(self, address: str) -> object:
        """Return the JSON document at an address.

        Raises:
            ProviderAway, WordNotTrusted: none came.

        """

    def post(self, address: str, form: Mapping[str, str], credentials: tuple[str, str]) -> object:
        """Return the JSON document that answers a form.

        Raises:
            ProviderAway, WordNotTrusted: none came.

        """


@dataclass(frozen=True, kw_only=True)
class IdentityProvider:
    """The one provider of a deployment; `second_factors` are the amr and acr values taken for a code."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    back_channel: BackChannel
    second_factors: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is made for one sign-in: unguessable, and known to the browser that began it."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, kw_only=True)
class Word:
    """Whom the provider vouches for, and by which second factor; empty without one we take."""

    vouched: Vouched
    assured_by: str


def address_of_question(provider: IdentityProvider, question: Question) -> str:
    """Return where the browser puts the question to the provider.

    Raises:
        ProviderAway, WordNotTrusted: the provider cannot be asked.

    """
    address: str = prepare_grant_uri(
        _metadata(provider)["authorization_endpoint"],
        provider.client_id,
        "code",
        redirect_uri=question.redirect_uri,
        scope=SCOPE,
        state=question.state,
        nonce=question.nonce,  # 2
        code_challenge=_challenge(question.verifier),
        code_challenge_method="S256",
    )
    return address


def _challenge(verifier: str) -> str:
    return str(create_s256_code_challenge(verifier))  # type: ignore[no-untyped-call] # its stubs say nothing


def answer_of(provider: IdentityProvider, question: Question, code: str, now: datetime) -> Word:
    """Return the provider's word for the code that the browser came back with.

    Raises:
        ProviderAway, WordNotTrusted: there is none, or none to be believed.

    """
    metadata = _metadata(provider)
    tokens = _redeemed(provider, metadata, question, code)
    keys = provider.back_channel.get(metadata["jwks_uri"])
    try:
        claims = _checked(provider, question, tokens, keys, now)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        problem = getattr(error, "error", "") or type(error).__name__
        raise WordNotTrusted(problem=str(problem)) from error
    return _word(provider, claims)


def _metadata(provider: IdentityProvider) -> dict[str, Any]:
    """Return the provider's description of itself (OpenID Connect Discovery 1.0, 4.3)."""
    address = get_well_known_url(provider.issuer, external=True)
    metadata = _object(provider.back_channel.get(address))
    if metadata.get("issuer") != provider.issuer:
        raise WordNotTrusted(problem="issuer")
    for name in _ENDPOINTS:
        _check_origin(provider, name, metadata.get(name))  # 1
    return metadata


def _check_origin(provider: IdentityProvider, name: str, address: object) -> None:
    ours = urlsplit(provider.issuer)
    try:
        theirs = urlsplit(address if isinstance(address, str) else "")
    except ValueError as error:
        raise WordNotTrusted(problem=name) from error
    if (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc):
        raise WordNotTrusted(problem=name)


def _redeemed(
    provider: IdentityProvider, metadata: dict[str, Any], question: Question, code: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": question.redirect_uri,
        "code_verifier": question.verifier,
    }
    credentials = (provider.client_id, provider.client_secret)
    return _object(provider.back_channel.post(metadata["token_endpoint"], form, credentials))


def _checked(
    provider: IdentityProvider, question: Question, tokens: dict[str, Any], keys: object, now: datetime
) -> CodeIDToken:
    key_set = KeySet.import_key_set(_object(keys))  # type: ignore[arg-type] # it looks for itself
    token = decode(tokens["id_token"], key_set, algorithms=list(ALGORITHMS))  # 3
    expected: Any = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    asked = {
        "nonce": question.nonce,
        "client_id": provider.client_id,
        "access_token": tokens.get("access_token"),
    }
    claims = CodeIDToken(token.claims, token.header, options=expected, params=asked)
    claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)  # 4
    return claims


def _word(provider: IdentityProvider, claims: CodeIDToken) -> Word:
    verified = claims.get("email_verified") is True  # 5
    email = str(claims.get("email", "")) if verified else ""
    vouched = Vouched(issuer=provider.issuer, subject=str(claims["sub"]), email=email)
    used = [*claims.get("amr", ()), claims.get("acr")]
    taken = (each for each in used if isinstance(each, str) and each in provider.second_factors)
    return Word(vouched=vouched, assured_by=next(taken, ""))


def _object(answer: object) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise WordNotTrusted(problem="json")
    return answer
