"""Artwork that an organisation supplies: its emblem, its seal, its background, as vectors.

Knows which reader a file needs. Leaves out what the rules allow to be done with it (emblem.py).
"""

from plaques.artwork.pdf import read_pdf
from plaques.artwork.svg import read_svg
from plaques.artwork.vectors import LARGEST_BYTES, Artwork, ArtworkTooLarge, NotVectorArtwork

__all__ = ["Artwork", "read_artwork"]

_RASTERS = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"RIFF": "WebP",
    b"8BPS": "PSD",
}
_PACKED = {b"\x1f\x8b": "SVGZ", b"PK": "ZIP", b"%!PS": "EPS", b"\xd0\xcf\x11\xe0": "OLE"}
_PDF_HEADER_WITHIN = 1024


def read_artwork(content: bytes, file: str) -> Artwork:
    """Read an SVG, or a PDF of one page, as filled shapes in millimetres; `file` names it in a refusal.

    Raises:
        UnfitArtwork: the file is no such drawing, or holds something that would not be drawn as it is there.

    """
    if len(content) > LARGEST_BYTES:
        raise ArtworkTooLarge(file=file, found=f"{len(content):,} bytes", limit=f"{LARGEST_BYTES:,} bytes")
    for start, kind in (_RASTERS | _PACKED).items():
        if content.startswith(start):
            raise NotVectorArtwork(file=file, found=kind)
    if b"%PDF-" in content[:_PDF_HEADER_WITHIN]:
        return read_pdf(content, file)
    return read_svg(content, file)
