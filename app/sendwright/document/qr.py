"""QR codes of addresses, as modules to draw and as a picture (ISO/IEC 18004)."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from segno import QRCode

QUIET_ZONE: Final = 4
"""Modules of light around the symbol (5.3.8)."""


def modules_of(value: str, *, around: int = 0) -> tuple[bytes, ...]:
    """Return the rows of the symbol, a byte for each module, 1 is dark; none where `value` does not fit into one.

    around: modules of its quiet zone that are wanted, too.
    """
    symbol = _symbol(value)
    return () if symbol is None else tuple(bytes(row) for row in symbol.matrix_iter(border=around))


def picture_of(value: str, *, scale: float) -> str:
    """Return the symbol, dark on white, as an SVG in a `data:` address; empty where `value` does not fit into one.

    scale: the side of a module in pixels.
    """
    symbol = _symbol(value)
    return "" if symbol is None else symbol.svg_data_uri(scale=scale, border=QUIET_ZONE, light="#ffffff")


def _symbol(value: str) -> "QRCode | None":
    import segno  # noqa: PLC0415 - no start of the program waits for what few pages show

    try:
        return segno.make_qr(value, error="m")
    except segno.DataOverflowError:
        return None
