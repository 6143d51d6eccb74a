"""Agree on keys over a wire nobody trusts, with a code two people compare aloud.

    accepting                                  inviting
    commit = H(card, nonce)   ------------->
                              <-------------   card, nonce
    card, nonce               ------------->   commit held? else stop
    both: code = 8 digits of H(both cards, both nonces)

Each side has bound itself to its nonce before it sees the other's, so whoever stands
in between has to fix what he shows to each before he can know either code: his codes
agree by luck alone, once in 100,000,000 (2^26.6), and each try needs two people to
read digits to each other. What is exchanged is public; a code that is overheard helps
nobody. (Short authentication strings by commitment: Vaudenay 2005; so do ZRTP, RFC
6189 section 4.4, and the key verification of Matrix.)
"""

import hashlib
from typing import Final, TypeVar

import msgspec

from clearline.ledger.header import realm_of
from clearline.ledger.keys import parse_verifier_key
from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.model.errors import BadInput, LostCertainty
from clearline.model.links import Peer, PeerId
from clearline.model.parties import PartyId

T = TypeVar("T", bound=msgspec.Struct)

NONCE_BYTES: Final = 32
CODE_DIGITS: Final = 8
LONGEST_LINE: Final = 65_536
"""How long one line of the exchange may be, bytes."""

_COMMIT: Final = b"clearline link v1 commit"
_CODE: Final = b"clearline link v1 code"


class PairingBroken(BadInput):
    """Refuse what came over the wire while two nodes were being linked."""


class CommitmentBroken(LostCertainty):
    """Stop, because the other side showed other keys than it had bound itself to."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a node shows of itself; all of it is public.

    Attributes:
        origin: Of its log.
        key: Verifier key of its log.
        certificate: The one it shows to peers, DER, base64.
        url: Where its peer port is.
    """

    v: int
    origin: str
    party: str
    name: str
    key: str
    certificate: str
    url: str


class _Commit(msgspec.Struct, frozen=True, kw_only=True):
    commit: str


class _Shown(msgspec.Struct, frozen=True, kw_only=True):
    card: str
    nonce: str


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what came out: nothing of it counts until two people have compared.

    Attributes:
        code: Eight digits in two groups.
        theirs: What the other side showed.
    """

    code: str
    theirs: Card


class Accepting:
    """Go first: commit, then show."""

    def __init__(self, card: Card, nonce: bytes) -> None:
        """Show `card`; the nonce is 32 bytes nobody can guess."""
        self._mine = _shown(card, nonce)

    def commit(self) -> bytes:
        """Return the first line to send."""
        return _line(_Commit(commit=_commit(self._mine)))

    def take(self, line: bytes) -> tuple[bytes, Agreed]:
        """Take what the other side shows; return the last line to send.

        Raises:
            PairingBroken: It cannot be read, or shows what no node is.
        """
        theirs = _read(line, _Shown)
        return _line(self._mine), _agreed(
            inviting=theirs, accepting=self._mine, theirs=theirs
        )


class Inviting:
    """Go second: hold the other side to what it committed to."""

    def __init__(self, card: Card, nonce: bytes) -> None:
        """Show `card`; the nonce is 32 bytes nobody can guess."""
        self._mine = _shown(card, nonce)
        self._commit = ""

    def show(self, line: bytes) -> bytes:
        """Take a commitment; return what to show.

        Raises:
            PairingBroken: It cannot be read.
        """
        self._commit = _read(line, _Commit).commit
        return _line(self._mine)

    def take(self, line: bytes) -> Agreed:
        """Take what the other side shows.

        Raises:
            PairingBroken: It cannot be read, or shows what no node is.
            CommitmentBroken: It is not what it had committed to.
        """
        theirs = _read(line, _Shown)
        if _commit(theirs) != self._commit:
            raise CommitmentBroken(
                "The other side showed other keys than it had bound itself to.",
                state="Nothing was pinned. Somebody may stand in between.",
                next="Say so over the voice line, and try by another way.",
            )
        return _agreed(inviting=self._mine, accepting=theirs, theirs=theirs)


def peer_of(card: Card, *, ours: str, veil: bytes) -> Peer:
    """Make the peer that is pinned once two people have compared the code."""
    return Peer(
        id=PeerId(card.origin),
        party=PartyId(card.party),
        ours=PartyId(ours),
        name=card.name,
        key=card.key,
        certificate=card.certificate,
        url=card.url,
        veil=encode64(veil),
    )


def _agreed(*, inviting: _Shown, accepting: _Shown, theirs: _Shown) -> Agreed:
    hashed = _hash(
        _CODE, inviting.card, inviting.nonce, accepting.card, accepting.nonce
    )
    digits = str(int.from_bytes(hashed) % 10**CODE_DIGITS).zfill(CODE_DIGITS)
    half = CODE_DIGITS // 2
    return Agreed(code=f"{digits[:half]} {digits[half:]}", theirs=_card(theirs))


def _card(shown: _Shown) -> Card:
    """Read a card, and hold that it could be a node's."""
    try:
        card = msgspec.json.decode(shown.card, type=Card)
        key = parse_verifier_key(card.key)
        realm_of(card.origin)
        nonce, certificate = decode64(shown.nonce), decode64(card.certificate)
    except (msgspec.MsgspecError, BadInput, NotBase64) as error:
        raise _broken(str(error)) from error
    is_node = card.v == 1 and key.name == card.origin and len(nonce) == NONCE_BYTES
    if not is_node or not certificate or "@" in card.party or not card.party:
        raise _broken("It shows no node of this version.")
    if not card.url.startswith("https://"):
        raise _broken(f"Its peer port is at {card.url!r}, not at https.")
    return card


def _shown(card: Card, nonce: bytes) -> _Shown:
    return _Shown(card=msgspec.json.encode(card).decode(), nonce=encode64(nonce))


def _commit(shown: _Shown) -> str:
    return encode64(_hash(_COMMIT, shown.card, shown.nonce))


def _hash(what: bytes, *parts: str) -> bytes:
    """Hash parts so that none can reach into the next."""
    hashed = hashlib.sha256(what)
    for part in parts:
        data = part.encode()
        hashed.update(len(data).to_bytes(8) + data)
    return hashed.digest()


def _line(value: msgspec.Struct) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _read(line: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _broken(str(error)) from error


def _broken(why: str) -> PairingBroken:
    return PairingBroken(
        f"What came over the wire is not how two nodes are linked. {why}",
        state="Nothing was pinned.",
        next="Begin again on both sides; see docs/how-to/link-two-nodes.md.",
    )
