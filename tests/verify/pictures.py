"""Pictures in tests: good ones as phones make them, and every way a file can be a bad one."""

import random
import struct
import zlib
from io import BytesIO

from PIL import Image

PLANTED = "PLANTED-13800138000"
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def picture(width: int = 400, height: int = 300) -> Image.Image:
    """Return a picture that is red on top and blue below."""
    made = Image.new("RGB", (width, height), (200, 20, 20))
    made.paste((20, 20, 200), (0, height // 2, width, height))
    return made


def encoded(made: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


def photo() -> bytes:
    """Return a photo as a phone makes it: turned on its side, with the phone and the place in it."""
    facts = Image.Exif()
    facts[ORIENTATION], facts[MAKER] = 6, PLANTED
    facts.get_ifd(GPS)[1] = "N"
    return encoded(picture(), exif=facts, comment=PLANTED.encode())


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, pixels: bytes = b"", more: bytes = b"") -> bytes:
    """Return a PNG that says it has so many pixels, whatever it has."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), more, chunk(b"IDAT", zlib.compress(pixels, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bomb() -> bytes:
    """Return a few kilobytes that claim, and unpack to, more than is decoded."""
    return png(9000, 9000, pixels=bytes(9000 * 3 * 400))


def animated() -> bytes:
    frames = [picture(64, 64).rotate(angle) for angle in range(0, 360, 30)]
    return encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])


def broken(chance: random.Random) -> bytes:
    """Return a good picture with something done to it."""
    good = bytearray(
        chance.choice((photo(), encoded(picture(), "PNG"), encoded(picture(), "WEBP"), animated()))
    )
    for _ in range(chance.randint(1, 40)):
        good[chance.randrange(len(good))] = chance.randrange(256)
    return bytes(good[: chance.randint(1, len(good))]) if chance.random() < 0.5 else bytes(good)


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"

NO_PHOTOS: dict[str, bytes] = {
    "empty": b"",
    "text": "照片".encode(),
    "html": b"<script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "gif": b"GIF89a\x01\0\x01\0\0\0\0;",
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04",
    "postscript": b"%!PS-Adobe-3.0",
    "tiff": b"II*\0",
    "beginning of a JPEG": b"\xff\xd8\xff",
    "beginning of a PNG": b"\x89PNG\r\n\x1a\n",
    "PNG without pixels": png(10, 10),
    "PNG of no size": png(0, 0),
    "WebP in name": b"RIFF\0\0\0\0WEBP",
    "JPEG cut off": photo()[:700],
    "half a WebP": encoded(picture(), "WEBP")[:60],
}
