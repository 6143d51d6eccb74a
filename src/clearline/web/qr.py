"""Draw an address as a QR code (ISO/IEC 18004), for a phone to open by its camera.

Only where a phone could reach it: a code of this machine's loopback would open the
phone's own. What is in a code is read by every camera in the room and kept in the
phone's history, and until a phone trusts the node it is sent to whoever answers. So a
node's code holds its address and no secret; an exercise's, where nothing is real, holds
the one-time code too.
"""

import ipaddress
from typing import Final

import segno

from clearline.adapters.settings import Web

QUIET: Final = 4
"""Empty modules around a code, as its standard asks."""

_BLACK_ON_WHITE: Final = "\x1b[38;5;16m\x1b[48;5;231m"
_AS_BEFORE: Final = "\x1b[0m"
_HALVES: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def for_phones(web: Web, port: int) -> str | None:
    """Return the address a phone can open; none where the node is reached from here.

    Args:
        web: Where it listens, and by which names its certificate is good.
        port: The port it has.
    """
    name = next((one for one in web.names if not _is_here(one)), None)
    if name is None or (_is_here(web.host) and web.host not in ("0.0.0.0", "::")):  # noqa: S104 (compared)
        return None
    named = f"[{name}]" if ":" in name else name
    return f"{'https' if web.tls else 'http'}://{named}:{port}"


def _is_here(host: str) -> bool:
    """Say whether only this machine reaches it by that name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified


def as_lines(address: str) -> list[str]:
    """Draw a code for a terminal, two rows of modules a line, black on white."""
    rows = [list(row) for row in _code(address).matrix_iter(border=QUIET)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    return [
        _BLACK_ON_WHITE
        + "".join(_HALVES[bool(a), bool(b)] for a, b in zip(upper, lower, strict=True))
        + _AS_BEFORE
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


def width(address: str) -> int:
    """Return how many columns of a terminal a code takes."""
    return int(_code(address).symbol_size(border=QUIET)[0])


def as_svg(address: str, says: str) -> str:
    """Draw a code for a page, black on white, with no style a policy would refuse.

    Args:
        address: What it holds.
        says: What it is, for whoever cannot see it.
    """
    drawn = _code(address).svg_inline(
        scale=4, border=QUIET, dark="#000", light="#fff", title=says, svgclass="qr"
    )
    return drawn.replace("<svg ", '<svg role="img" ', 1)


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m")
