"""An address as a QR code: another hand's reader reads what we meant it to hold."""

import io
import re

import numpy as np
import pytest
import zxingcpp

from clearline.adapters.settings import Web
from clearline.cli.scanned import show_code
from clearline.web.qr import as_lines, as_svg, for_phones, width

ADDRESS = "https://192.0.2.20:8443/sign-in?person=you&code=abcdefghijklmnop"


def read(dark):
    """Read the code in rows of dark and light modules."""
    picture = np.where(np.array(dark), 0, 255).astype("uint8")
    scaled = np.kron(picture, np.ones((6, 6), dtype="uint8"))
    return [one.text for one in zxingcpp.read_barcodes(scaled)]


def modules(lines):
    """Return the modules a terminal shows, line by line, two rows each."""
    rows = []
    for line in lines:
        blocks = re.sub(r"\x1b\[[0-9;]*m", "", line)
        rows += [[one in "▀█" for one in blocks], [one in "▄█" for one in blocks]]
    return rows


def test_what_a_terminal_shows_is_read_as_the_address():
    """Two rows a line, with the empty margin its standard asks."""
    lines = as_lines(ADDRESS)
    assert read(modules(lines)) == [ADDRESS]
    assert {len(row) for row in modules(lines)} == {width(ADDRESS)}


def test_what_a_page_shows_is_read_as_the_address_and_needs_no_style():
    """A strict policy refuses style attributes; the drawing has none."""
    drawn = as_svg(ADDRESS, "says <so>")
    assert "style" not in drawn
    assert "<title>says &lt;so&gt;</title>" in drawn
    path = re.search(r'stroke="#000" d="([^"]*)"', drawn)[1]
    side = width(ADDRESS)
    dark = [[False] * side for _ in range(side)]
    x, y = 0.0, 0.0
    for op, given in re.findall(r"([MmhHvz])([-0-9. ]*)", path):
        by = [float(one) for one in re.findall(r"-?[0-9.]+", given)]
        if op == "M":
            x, y = by
        elif op == "m":
            x, y = x + by[0], y + by[1]
        else:
            assert op == "h"
            for at in range(int(x), int(x + by[0])):
                dark[int(y)][at] = True
            x += by[0]
    assert read(dark) == [ADDRESS]


@pytest.mark.parametrize(
    ("host", "names", "url"),
    [
        ("127.0.0.1", ("localhost", "192.0.2.20"), None),
        ("0.0.0.0", ("localhost", "127.0.0.1"), None),  # noqa: S104 (not listened on)
        ("0.0.0.0", ("localhost", "192.0.2.20"), "https://192.0.2.20:8443"),  # noqa: S104 (the same)
        ("desk.example", ("desk.example",), "https://desk.example:8443"),
        ("::", ("2001:db8::20",), "https://[2001:db8::20]:8443"),
    ],
)
def test_only_an_address_a_phone_could_reach_is_drawn(host, names, url):
    """A code of loopback would open the phone's own."""
    assert for_phones(Web(host=host, names=names), 8443) == url


class Terminal(io.TextIOWrapper):
    """Stand in for a terminal."""

    def isatty(self):
        """Say that somebody looks at it."""
        return True


@pytest.mark.parametrize(
    ("encoding", "set_to", "is_shown"),
    [
        ("utf-8", {}, True),
        ("ascii", {}, False),
        ("utf-8", {"NO_COLOR": "1"}, False),
        ("utf-8", {"TERM": "dumb"}, False),
        ("utf-8", {"COLUMNS": "40"}, False),
    ],
)
def test_a_terminal_that_cannot_draw_it_shows_nothing(
    monkeypatch, encoding, set_to, is_shown
):
    """Without UTF-8, colour or width there is the address alone, as text."""
    shown = io.BytesIO()
    terminal = Terminal(shown, encoding=encoding)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm", "COLUMNS": "80", **set_to}.items():
        monkeypatch.setenv(name, value)
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", terminal)
        show_code(ADDRESS)
    terminal.flush()
    said = shown.getvalue().decode().splitlines()
    assert bool(said) is is_shown
    assert not said or read(modules(said)) == [ADDRESS]
