"""Show an address as a QR code where the terminal can, and nothing where it cannot."""

import os
import shutil
import sys


def show_code(address: str) -> None:
    """Print a QR code; nothing in a file, without UTF-8 or colour, or too narrow.

    The address itself is printed by whoever calls, so that nothing is lost.
    """
    if not _can_draw():
        return
    from clearline.web.qr import as_lines, width  # noqa: PLC0415 (so that --help is quick)

    if shutil.get_terminal_size().columns > width(address):
        print("\n".join(as_lines(address)))


def _can_draw() -> bool:
    """Say whether blocks come out as blocks, dark ones dark."""
    has_letters = "utf" in (sys.stdout.encoding or "").lower()
    has_colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in (
        None,
        "",
        "dumb",
    )
    return sys.stdout.isatty() and has_letters and has_colour
