"""What a reader that is not ours finds on what we print."""

from typing import Any

import zxingcpp

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


def codes_in(picture: Any) -> list[zxingcpp.Barcode]:
    """Read every QR code: asked for every kind of code, a reader sees small ones in ornaments."""
    return zxingcpp.read_barcodes(picture, formats=_QR)
