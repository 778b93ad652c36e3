"""Texts and files meant to do harm: as many as are wanted, and the same ones from the same seed."""

import base64
import json
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from urllib.parse import quote

from PIL import Image

from tests.verify.pictures import HEIC, NO_PHOTOS, animated, bomb, broken, chunk, encoded, photo, picture, png

Chance = random.Random
NOBODY = "0123456789ABCDEFGHJKMNPQRS"
PREFIXES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PAYLOADS = (
    "<script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "{{7*7}}{% raw %}${7*7}#{7*7}",
    "'; DROP TABLE feedback; --",
    '{"$ne": null}',
    "../../../../etc/passwd\0.jpg",
    "\r\nSet-Cookie: a=b\r\n\r\n<p>",
    "\u202e效有\u2066\u2069\u202c",
    "\u200b\u200d\ufeff\u00ad",
    "Z\u0351\u036b\u0343A\u0334\u0335L\u0360\u0368G\u0334\u033bO\u0335" * 20,
    "\U0001f469\u200d\U0001f467\ufe0f" * 9,
    "䶮𬱖𣲗㼆\U000e0041",
    "file:///etc/passwd http://169.254.169.254/",
    "%00%0d%0a%2e%2e%2f",
    "\0",
    "\x1b[2J\x07\x08",
    "&lt;&#x26;&amp;",
    '=HYPERLINK("http://evil.example")',
    "=cmd|' /C calc'!A0",
    "İıſK",
    "\u0600\u061c" * 40,
    "مرحبا" * 90,
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request: where to, of what type, and its body."""

    name: str
    path: str
    kind: str
    body: bytes


@dataclass(frozen=True)
class Street:
    """Where attempts go: a plate that stands, and the receipt of a message about it."""

    code: str
    receipt: str
    chance: Chance = field(default_factory=Chance)

    def somewhere(self) -> str:
        """Return an address that takes words and photos, mostly of something that exists."""
        return self.chance.choice(
            (
                f"/{self.code}/feedback",
                f"/{self.code}/feedback",
                "/forgery",
                f"/receipt/{self.receipt}/addition",
                f"/receipt/{self.receipt}/rating",
                f"/{NOBODY}/feedback",
                "/receipt/%00/addition",
            )
        )


def attempts(code: str, receipt: str, count: int, seed: int = 1) -> Iterator[Attempt]:
    """Yield so many attempts, a kind after the other."""
    street = Street(code, receipt, Chance(seed))
    for make in islice(cycle(KINDS), count):
        yield make(street)


def text(chance: Chance) -> str:
    """Return a text meant to do harm, short or far too long."""
    words = "".join(chance.choice(PAYLOADS) for _ in range(chance.randint(1, 4)))
    length = chance.choice((1, 1, 1, 10, 400, 6000))
    return chance.choice(("", *PREFIXES)) + words * length


def typed(street: Street) -> Attempt:
    fields = {
        "comment": text(street.chance),
        "place": text(street.chance)[:90],
        "looks": text(street.chance)[:600],
    }
    fields |= {street.chance.choice(FIELDS): text(street.chance)[:3000] for _ in range(3)}
    body = "&".join(f"{quote(name)}={quote(value)}" for name, value in fields.items())
    return Attempt(name="typed", path=street.somewhere(), kind=URLENCODED, body=body.encode()[:200_000])


def garbled(street: Street) -> Attempt:
    body = street.chance.choice(
        (
            b"comment=%ff%fe%00&grade=%zz",
            b"&" * 60_000,
            b"a=&" * 20_000,
            b"=" * 60_000,
            b"comment=" + b"%" * 60_000,
            b"a" * 65_000,
            b"a" * 65_000 + b"=1",
            b"\xff\xfe\x00" * 20_000,
            b"comment=" + b"a" * 70_000,
        )
    )
    return Attempt(name="garbled", path=street.somewhere(), kind=URLENCODED, body=body)


def spelled(street: Street) -> Attempt:
    chance = street.chance
    fields: dict[str, object] = {"comment": text(chance), "place": text(chance)[:200]}
    fields[chance.choice(FIELDS)] = chance.choice(
        (None, True, 7, -1, 0.5, 10**400, "\ud800", ["a"] * 99, {"a": {"b": []}}, text(chance), [[]], "5\0")
    )
    return Attempt(name="spelled", path=street.somewhere(), kind=JSON, body=json.dumps(fields).encode())


def misspelled(street: Street) -> Attempt:
    body = street.chance.choice(
        (
            b"[" * 60_000,
            b'{"a":' * 9000,
            b'{"grade": 1e999}',
            b'{"comment": "\\ud800"}',
            b'{"comment": "\xff"}',
            b"",
            b"null",
            b'{"grade": ' + b"9" * 60_000 + b"}",
            b'{"comment": "a\\u0000"}',
            b'{"a":1,' * 8000,
            b"{" + b'"k":1,' * 9000,
        )
    )
    return Attempt(name="misspelled", path=street.somewhere(), kind=JSON, body=body)


def proofs(street: Street) -> Attempt:
    chance = street.chance
    proof = chance.choice((text(chance)[:900], base64.b64encode(b"[" * 600).decode(), "A" * 40_000, "=" * 99))
    body = f"grade=5&place=x&{chance.choice(('altcha', 'wait'))}={quote(proof)}"
    return Attempt(name="proofs", path=street.somewhere(), kind=URLENCODED, body=body.encode())


def uploaded(content: Callable[[Chance], bytes], name: str) -> Callable[[Street], Attempt]:
    def attempt(street: Street) -> Attempt:
        kind, body = form(street.chance, content(street.chance))
        return Attempt(name=name, path=street.somewhere(), kind=kind, body=body)

    return attempt


def form(chance: Chance, *contents: bytes) -> tuple[str, bytes]:
    """Return a form with files in it, under names meant to do harm."""
    edge = "x" * chance.choice((1, 20, 70, 250))
    parts = [part(edge, 'name="grade"', b"4"), part(edge, 'name="place"', "北门".encode())]
    for content in contents:
        name = chance.choice(FILE_NAMES)
        parts.append(part(edge, f'name="photos"; filename="{name}"', content, chance.choice(TYPES)))
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"--{edge}--\r\n".encode()


def part(edge: str, named: str, content: bytes, kind: str = "") -> bytes:
    more = f"\r\nContent-Type: {kind}" if kind else ""
    head = f"--{edge}\r\nContent-Disposition: form-data; {named}{more}\r\n\r\n"
    return head.encode(errors="surrogatepass") + content + b"\r\n"


def malformed(street: Street) -> Attempt:
    chance = street.chance
    kind, good = form(chance, photo())
    cut = chance.randrange(len(good))
    body = chance.choice(
        (
            good[:cut],
            good[cut:],
            good.replace(b"\r\n", b"\n"),
            good * 3,
            good.replace(b"name=", b"nome="),
            b"\0" * 5000,
            good[:40] + b"\r\n" * 9000,
            b"--x\r\n" + b"a: b\r\n" * 9000,
            b"--" * 30_000,
            good.replace(b"form-data", b"x" * 9000),
        )
    )
    kinds = (
        kind,
        kind,
        kind,
        "multipart/form-data",
        f"{kind}; charset=idna",
        "multipart/form-data; boundary=" + "y" * 3000,
    )
    return Attempt(name="malformed", path=street.somewhere(), kind=chance.choice(kinds), body=body)


def crowded(street: Street) -> Attempt:
    chance = street.chance
    edge = "crowd"
    number = chance.choice((19, 21, 400, 3000))
    parts = [part(edge, f'name="f{each}"', b"x" * chance.choice((1, 90))) for each in range(number)]
    return Attempt(
        name="crowded",
        path=street.somewhere(),
        kind=f"multipart/form-data; boundary={edge}",
        body=b"".join(parts) + b"--crowd--\r\n",
    )


def many_photos(street: Street) -> Attempt:
    kind, body = form(street.chance, *[photo()] * street.chance.choice((2, 3, 4, 9, 12, 60)))
    return Attempt(name="many photos", path=street.somewhere(), kind=kind, body=body)


def polyglot(chance: Chance) -> bytes:
    tail = chance.choice(
        (
            b"<script>alert(1)</script>",
            b"PK\x05\x06" + bytes(18),
            b"<?php system($_GET[0]); ?>",
            b"%PDF-1.7\n",
        )
    )
    head = chance.choice((photo(), encoded(picture(), "PNG"), encoded(picture(), "WEBP")))
    return chance.choice((head + tail, tail + head, head[:20] + tail + head[20:]))


def huge(chance: Chance) -> bytes:
    """Return a file that claims far more than it has."""
    width, height = chance.choice(
        ((65535, 65535), (2**31 - 1, 1), (1, 2**31 - 1), (30_000, 30_000), (16_001, 1000))
    )
    of_webp = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\x12\0\0\0\xff\x3f\0\xff\x3f\0ANIM\x06\0\0\0" + bytes(6)
    of_jpeg = photo().replace(b"\x01\x2c\x01\x90", struct.pack(">HH", min(height, 65535), min(width, 65535)))
    return chance.choice((png(width, height), png(width, height, pixels=bytes(10**6)), of_webp, of_jpeg))


def unpacking(chance: Chance) -> bytes:
    return chance.choice(_unpacking())


@cache
def _unpacking() -> tuple[bytes, ...]:
    """Return pictures whose pixels, texts or profile unpack to a thousand times their size."""
    air = zlib.compress(bytes(64 * 1024**2), 9)
    hidden = (
        chunk(b"zTXt", b"a\0\0" + air),
        chunk(b"iCCP", b"a\0\0" + air),
        chunk(b"iTXt", b"a\0\1\0\0\0" + air),
    )
    small = (png(100, 100, pixels=bytes(100 * 301), more=each) for each in hidden)
    return (bomb(), png(4000, 4000, pixels=bytes(4000 * 12_001)), *small)


def slow(chance: Chance) -> bytes:
    return chance.choice(_slow())


@cache
def _slow() -> tuple[bytes, ...]:
    """Return pictures that are dear to decode for what they weigh, the dearest ones last."""
    rough = Image.effect_noise((1000, 1000), 60).convert("RGB")
    some = [encoded(rough.resize((side, side)), progressive=True, quality=30) for side in (900, 1800, 6000)]
    scans = encoded(picture(3000, 2000), progressive=True)
    start = scans.index(b"\xff\xda")
    return *some[:2] * 3, some[2], scans[:-2] + scans[start:-2] * 400 + scans[-2:]


def heavy(chance: Chance) -> bytes:
    return b"\xff\xd8\xff" + chance.randbytes(1024) * chance.choice((1, 900, 9_000, 11_000))


URLENCODED, JSON = "application/x-www-form-urlencoded", "application/json"
FIELDS = (
    "grade",
    "topic",
    "differs",
    "contact",
    "altcha",
    "wait",
    "scanned",
    "photos",
    "x" * 3000,
    "grade\0",
    "__proto__",
)
TYPES = ("image/jpeg", "image/png", "text/html", "image/svg+xml", "application/x-php", "x" * 2000)
FILE_NAMES = (
    "a.jpg",
    "../../etc/passwd",
    "a\0.jpg",
    "n" * 3000,
    "\u202egpj.exe",
    "a%22; drop",
    "CON",
    "<b>.jpg",
    "照片.heic",
)
KINDS: tuple[Callable[[Street], Attempt], ...] = (
    typed,
    uploaded(broken, "broken"),
    garbled,
    uploaded(lambda chance: chance.choice([*NO_PHOTOS.values()]), "no photo"),
    spelled,
    uploaded(polyglot, "polyglot"),
    misspelled,
    uploaded(huge, "huge"),
    proofs,
    malformed,
    typed,
    uploaded(unpacking, "unpacking"),
    crowded,
    uploaded(broken, "broken"),
    spelled,
    many_photos,
    uploaded(lambda chance: HEIC + chance.randbytes(9), "HEIC"),
    uploaded(lambda _: animated(), "animated"),
    malformed,
    uploaded(lambda chance: chance.randbytes(chance.choice((10, 5000))), "noise"),
    typed,
    uploaded(heavy, "heavy"),
    uploaded(slow, "slow"),
    uploaded(broken, "broken"),
)
"""Every kind of attempt, in the order in which they come."""
