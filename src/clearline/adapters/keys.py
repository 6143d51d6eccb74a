"""Keep a node's key in its data folder.

    DATA/keys/            0700
    DATA/keys/log.key     0600   the public line, then the private line
    DATA/keys/log.vkey    0644   the public line alone, for handing out

The key is made on first start, under the log's origin as its name; the origin's
last segment is the realm (live, exercise, model). A flipped bit in either line
shows when the key is read, because the two halves no longer belong together.

Trusted for: signing as this node. Whoever reads `log.key` can sign as it.
"""

import os
import stat
from pathlib import Path

from clearline.adapters.files import (
    PRIVATE,
    PUBLIC,
    SYSTEM_DISK,
    Disk,
    make_private_folder,
    refusals,
    write_whole,
)
from clearline.ledger.header import realm_of
from clearline.ledger.keys import (
    KEY_BYTES,
    KeyDamaged,
    KeyMalformed,
    SignerKey,
    VerifierKey,
    parse_key_file,
    parse_verifier_key,
    write_key_file,
)
from clearline.model.errors import BadInput, LostCertainty
from clearline.service.ports import Chance

KEY_FILE = "log.key"
"""Name of the file with both halves of the node's key."""

VERIFIER_FILE = "log.vkey"
"""Name of the file with the public half, for handing out."""

_TOO_LONG = 65_536


class KeyExposed(BadInput):
    """Refuse a private key that others on this machine could read or replace."""


class NodeKeyMissing(LostCertainty):
    """Stop, because a log is there and its key is not."""


class OtherOrigin(BadInput):
    """Refuse a folder that holds the log of another origin."""


def make_key(
    folder: Path, origin: str, chance: Chance, *, disk: Disk = SYSTEM_DISK
) -> SignerKey:
    """Make a node's key on first start, private half and public half.

    Args:
        folder: The folder for keys; made if need be.
        origin: The log's origin, for example `north.example/clearline/live`.
        chance: What the seed is drawn from.
        disk: What does the effects; the system's own.

    Raises:
        BadInput: The origin ends in no realm or cannot be a key's name.
        StoreRefused: The disk refused; no key was made.
    """
    realm_of(origin)
    key = SignerKey(name=origin, seed=chance.draw(KEY_BYTES))
    make_private_folder(folder)
    text = write_key_file(key).encode()
    write_whole(folder / KEY_FILE, text, mode=PRIVATE, disk=disk)
    _hand_out(folder, key.verifier, disk)
    return key


def load_key(folder: Path, *, disk: Disk = SYSTEM_DISK) -> SignerKey:
    """Read a node's key to sign with; a missing public file is written again.

    Raises:
        NodeKeyMissing: There is no key.
        KeyExposed: Others on this machine may read or replace it.
        KeyDamaged: Its halves, or the public file, do not belong together.
        StoreRefused: The disk refused.
    """
    key = check_key(folder)
    if not (folder / VERIFIER_FILE).exists():
        _hand_out(folder, key.verifier, disk)
    return key


def check_key(folder: Path, *, is_ours: bool = True) -> SignerKey:
    """Check that a node's key files are whole and belong together.

    Args:
        folder: The folder of keys.
        is_ours: Whether we are to sign with it; then it has to be private too.

    Raises:
        NodeKeyMissing: There is no key.
        KeyExposed: Others on this machine may read or replace it.
        KeyDamaged: Its halves, or the public file, do not belong together.
        StoreRefused: The disk refused.
    """
    path = folder / KEY_FILE
    if not path.exists():
        raise _missing(path)
    with refusals(f"reading {path}", "No key was taken."):
        if is_ours:
            _require_private(folder, is_folder=True)
            _require_private(path, is_folder=False)
        text = _text(path)
    try:
        key = parse_key_file(text)
    except KeyMalformed as error:
        raise _damaged(path, error.what) from error
    public = folder / VERIFIER_FILE
    if public.exists() and load_verifier(public) != key.verifier:
        raise _damaged(public, "It is not the key beside it.")
    return key


def load_verifier(path: Path) -> VerifierKey:
    """Read a verifier key from a file of one line.

    Raises:
        KeyDamaged: It is not one verifier key.
        StoreRefused: The disk refused, or there is no such file.
    """
    with refusals(f"reading {path}", "No key was taken."):
        text = _text(path)
    try:
        key = parse_verifier_key(text.removesuffix("\n"))
    except KeyMalformed as error:
        raise _damaged(path, error.what) from error
    if text != f"{key}\n":
        raise _damaged(path, "It holds more than one line.")
    return key


def has_key(folder: Path) -> bool:
    """Say whether a node's key lies here."""
    return (folder / KEY_FILE).exists()


def _hand_out(folder: Path, key: VerifierKey, disk: Disk) -> None:
    write_whole(folder / VERIFIER_FILE, f"{key}\n".encode(), mode=PUBLIC, disk=disk)


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_TOO_LONG).decode("utf-8", "replace")


def _require_private(path: Path, *, is_folder: bool) -> None:
    found = path.stat()
    mode = stat.S_IMODE(found.st_mode)
    want = "0700" if is_folder else "0600"
    if mode & 0o077:
        raise KeyExposed(
            f"{path} has mode {mode:04o}: others on this machine could read or "
            f"replace the node's key.",
            state="The node did not start; nothing was signed.",
            next=f"Run `chmod {want} {path}`. If somebody else may have read the "
            "key, change keys and say so.",
        )
    if found.st_uid != os.geteuid():
        raise KeyExposed(
            f"{path} belongs to user {found.st_uid}, this process is user "
            f"{os.geteuid()}.",
            state="The node did not start; nothing was signed.",
            next="Start the node as the user its data folder belongs to.",
        )


def _missing(path: Path) -> NodeKeyMissing:
    return NodeKeyMissing(
        f"There is no key at {path}.",
        state="The log was not opened; no new key was made for it.",
        next="Put the key back from its backup. If it is lost, begin a new log "
        "that names the old one.",
    )


def _damaged(path: Path, why: str) -> KeyDamaged:
    return KeyDamaged(
        f"The key file {path} is damaged. {why}",
        state="Nothing was signed; the log was not opened.",
        next="Put the file back from its backup; the other half of the key is "
        "not enough to sign.",
    )
