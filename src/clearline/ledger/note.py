"""Sign a text, and open what others have signed.

    north.example/clearline/live
    12
    4JX6fcGMIQHgeCyHWSaodJFMFA7nJuotBzTLZkNyrcI=
                                                        <- the last empty line
    — north.example/clearline/live Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppz...

Notes are those of C2SP signed-note. The text ends in a newline; after one empty
line stand the signatures, one a line: em dash, space, key name, space, base64 of
the key's id (4 bytes) and the signature. Unknown keys are passed over; a known
key whose signature does not verify spoils the whole note.
"""

from collections.abc import Iterable

import msgspec

from clearline.ledger.keys import (
    KeyDamaged,
    KeyMalformed,
    SignerKey,
    VerifierKey,
    parse_key_file,
    parse_signer_key,
    parse_verifier_key,
    require_name,
    write_key_file,
)
from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.model.errors import BadInput, LostCertainty

__all__ = [
    "KeyDamaged",
    "KeyMalformed",
    "NoteMalformed",
    "NoteRefused",
    "OpenedNote",
    "SignerKey",
    "VerifierKey",
    "add_signature",
    "open_note",
    "parse_key_file",
    "parse_signer_key",
    "parse_verifier_key",
    "sign_note",
    "unchecked_text",
    "write_key_file",
]

MAX_NOTE_BYTES = 1_000_000
"""Longest note we read, bytes. Room for 16 signatures of 5 kB is owed."""

MAX_SIGNATURES = 100
"""Most signatures we read in one note. At least 16 are owed (C2SP signed-note)."""

_DASH = "\u2014 "
_ID_BYTES = 4


class NoteMalformed(BadInput):
    """Refuse bytes that are not a signed note."""


class NoteRefused(LostCertainty):
    """Refuse a note that none of the given keys has signed, or one wrongly."""


class OpenedNote(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a note whose signatures were checked.

    Attributes:
        text: The text that was signed, its last newline included.
        signers: Keys, of those given, whose signature verified; never empty;
            in the order of the note.
    """

    text: str
    signers: tuple[VerifierKey, ...]


def sign_note(text: str, signer: SignerKey) -> bytes:
    """Sign a text and return the note with this one signature.

    Args:
        text: What to sign; it ends in a newline and holds no other ASCII
            control character.
        signer: The key to sign with.

    Raises:
        NoteMalformed: The text cannot stand in a note.
    """
    _require_text(text)
    if not text.endswith("\n"):
        raise _malformed("Its text does not end in a newline.")
    return f"{text}\n{_signature_line(text, signer)}".encode()


def add_signature(note: bytes, signer: SignerKey) -> bytes:
    """Return the note with one more signature below those it has.

    Raises:
        NoteMalformed: The bytes are not a note.
    """
    text, _ = _cut(note)
    return note + _signature_line(text, signer).encode()


def open_note(note: bytes, keys: Iterable[VerifierKey]) -> OpenedNote:
    """Check a note against keys the caller trusts and return its text.

    Args:
        note: The note's bytes.
        keys: Keys the caller trusts, from outside the note.

    Raises:
        NoteMalformed: The bytes are not a note.
        NoteRefused: No given key has signed it, or one of them is named with a
            signature that does not verify. Two given keys of the same name and
            id are refused too: it could not be said which of them signed.
    """
    text, lines = _cut(note)
    known = _by_name(keys)
    signers: list[VerifierKey] = []
    for name, data in map(_read_signature, lines):
        key = known.get((name, data[:_ID_BYTES]))
        if key is None:
            continue
        if not key.verify(text.encode(), data[_ID_BYTES:]):
            raise _refused(f"The signature of {name} does not fit the note.")
        if key not in signers:
            signers.append(key)
    if not signers:
        raise _refused("The note is not signed by a key we were given.")
    return OpenedNote(text=text, signers=tuple(signers))


def unchecked_text(note: bytes) -> str:
    """Return a note's text without checking a signature; nobody vouches for it.

    Raises:
        NoteMalformed: The bytes are not a note.
    """
    text, _ = _cut(note)
    return text


def _signature_line(text: str, signer: SignerKey) -> str:
    data = signer.verifier.id + signer.sign(text.encode())
    return f"{_DASH}{signer.name} {encode64(data)}\n"


def _cut(note: bytes) -> tuple[str, list[str]]:
    """Cut a note at its last empty line into text and signature lines."""
    if len(note) > MAX_NOTE_BYTES:
        raise _malformed(f"It is longer than {MAX_NOTE_BYTES} bytes.")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise _malformed("It is not UTF-8.") from error
    _require_text(whole)
    text, gap, signatures = whole.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise _malformed("No signature stands below an empty line.")
    lines = signatures.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _malformed(f"It has more than {MAX_SIGNATURES} signatures.")
    return text + "\n", lines


def _read_signature(line: str) -> tuple[str, bytes]:
    """Read one signature line: the key's name, then its id and the signature."""
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not gap:
        raise _malformed("A signature line is not a dash, a name and base64.")
    try:
        require_name(name)
        data = decode64(encoded)
    except (KeyMalformed, NotBase64) as error:
        raise _malformed(f"A signature line cannot be read. {error.what}") from error
    if len(data) <= _ID_BYTES:
        raise _malformed(f"The signature line of {name} holds no signature.")
    return name, data


def _by_name(keys: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise _refused(f"Two given keys of {key.name} have the same id.")
    return known


def _require_text(text: str) -> None:
    if any(char < " " and char != "\n" for char in text):
        raise _malformed("It holds an ASCII control character.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _malformed("It cannot be written as UTF-8.") from error


def _malformed(what: str) -> NoteMalformed:
    return NoteMalformed(
        f"The bytes are not a signed note. {what}",
        state="Nothing was taken from them.",
        next="Copy the note again, from its first line to its last newline.",
    )


def _refused(what: str) -> NoteRefused:
    return NoteRefused(
        what,
        state="Its text was not believed.",
        next="Compare the key aloud with its owner; if it is right, keep the note.",
    )
