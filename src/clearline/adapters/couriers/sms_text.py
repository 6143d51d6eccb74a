"""Put a text into short messages and take it out of them.

3GPP TS 23.038: 160 characters of the GSM alphabet or 70 of UCS-2 in one message. A
longer text is parted, 153 or 67 in each, behind a header that says which text and
which part of it (TS 23.040 9.2.3.24.1). No character is ever cut in two.
"""

from collections import OrderedDict
from typing import Final, NamedTuple

import msgspec
from smpplib.gsm import GSM_CHARACTER_TABLE

from clearline.model.instants import Duration, Instant
from clearline.wire.gsm import is_gsm, plainer

GSM, ASCII, UCS_2 = 0x00, 0x01, 0x08
"""Values of `data_coding`, SMPP 3.4 5.2.19."""

HAS_HEADER: Final = 0x40
"""The bit of `esm_class` that says the text begins with a header."""

MOST_PARTS: Final = 255
_ALONE: Final = 160
_PARTED: Final = 153
_ALONE_BYTES: Final = 140
_PARTED_BYTES: Final = 134
_ESCAPE: Final = 0x1B
_CONCATENATED: Final = 0x00
_CONCATENATED_16: Final = 0x08


class Parts(NamedTuple):
    """Hold the bytes of each message and how they are coded."""

    parts: tuple[bytes, ...]
    data_coding: int

    @property
    def has_header(self) -> bool:
        """Say whether each part begins with a header."""
        return len(self.parts) > 1


def part(text: str, reference: int, *, is_plain: bool = True) -> Parts:
    """Part a text into messages.

    Args:
        text: As long as it is; what no 255 messages hold is cut off.
        reference: 0 to 255, the same in each part, another for the next text.
        is_plain: Whether the gateway takes the GSM alphabet; without it, UCS-2.
    """
    text = plainer(text)
    has_septets = is_plain and is_gsm(text)
    encode = _septets if has_septets else _units
    coding = GSM if has_septets else UCS_2
    pieces = [encode(character) for character in text]
    whole = b"".join(pieces)
    if len(whole) <= (_ALONE if has_septets else _ALONE_BYTES):
        return Parts((whole,), coding)
    room = _PARTED if has_septets else _PARTED_BYTES
    bodies, body = [], b""
    for piece in pieces:
        if len(body) + len(piece) > room:
            bodies.append(body)
            body = b""
        body += piece
    bodies = [*bodies, body][:MOST_PARTS]
    header = bytes((5, 0, 3, reference % 256, len(bodies)))
    return Parts(
        tuple(header + bytes((n,)) + body for n, body in enumerate(bodies, 1)), coding
    )


def unpart(body: bytes, *, has_header: bool) -> "tuple[Piece | None, bytes]":
    """Take the header off a message; where it belongs, and its own bytes."""
    if not has_header or not body or body[0] >= len(body):
        return None, body
    header, rest = body[1 : body[0] + 1], body[body[0] + 1 :]
    at = 0
    while at + 2 <= len(header):
        kind, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if kind == _CONCATENATED and len(value) == 3:  # noqa: PLR2004 (ref, all, this)
            return Piece(of=value[0], count=value[1], number=value[2]), rest
        if kind == _CONCATENATED_16 and len(value) == 4:  # noqa: PLR2004 (a wider ref)
            of = int.from_bytes(value[:2], "big")
            return Piece(of=of, count=value[2], number=value[3]), rest
        at += 2 + length
    return None, rest


def read_text(body: bytes, data_coding: int) -> str:
    """Read a message's bytes; what is no text becomes U+FFFD."""
    if data_coding == UCS_2:
        return body.decode("utf-16-be", "replace")
    is_gsm_after_all = data_coding == ASCII and _ESCAPE in body
    if data_coding != GSM and not is_gsm_after_all:
        return body.decode("latin-1")
    text, is_escaped = [], False
    for byte in body:
        if byte == _ESCAPE and not is_escaped:
            is_escaped = True
            continue
        at = byte + (0x80 if is_escaped else 0)
        is_escaped = False
        known = at < len(GSM_CHARACTER_TABLE) and (byte != ord("`") or at > 0x80)  # noqa: PLR2004
        text.append(GSM_CHARACTER_TABLE[at] if known else "\ufffd")
    return "".join(text)


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Say which part of which text a message is."""

    of: int
    count: int
    number: int


class _Gathered(msgspec.Struct, kw_only=True):
    since: Instant
    count: int
    pieces: dict[int, str]


class Gathering:
    """Gather the parts of long texts; a part that never comes holds up nothing."""

    PATIENCE: Final = Duration(seconds=5)
    """How long the parts of one text are waited for."""

    MOST: Final = 1000
    """How many unfinished texts are kept; the oldest are given out as they are."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._texts: OrderedDict[tuple[str, int, int], _Gathered] = OrderedDict()

    def put(self, address: str, piece: Piece, text: str, now: Instant) -> str | None:
        """Take a part; return the whole text once all of it is there."""
        key = (address, piece.of, piece.count)
        found = self._texts.setdefault(
            key, _Gathered(since=now, count=piece.count, pieces={})
        )
        found.pieces[piece.number] = text
        if len(found.pieces) < found.count:
            return None
        del self._texts[key]
        return _joined(found)

    def overdue(self, now: Instant) -> list[tuple[str, str]]:
        """Give out what waits no longer: address, and the parts that came."""
        late = []
        for key, found in list(self._texts.items()):
            is_late = now - found.since >= self.PATIENCE
            if is_late or len(self._texts) > self.MOST:
                del self._texts[key]
                late.append((key[0], _joined(found)))
        return late


def _joined(gathered: _Gathered) -> str:
    return "".join(gathered.pieces[n] for n in sorted(gathered.pieces))


def _septets(character: str) -> bytes:
    at = GSM_CHARACTER_TABLE.index(character)
    return bytes((at,)) if at < 0x80 else bytes((_ESCAPE, at - 0x80))  # noqa: PLR2004


def _units(character: str) -> bytes:
    return character.encode("utf-16-be", "surrogatepass")
