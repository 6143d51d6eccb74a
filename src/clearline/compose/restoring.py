"""Put a backup back in place, and never let two logs go on under one name.

    seen == backup   the log goes on as it was
    seen beyond it   a new log, under a new name, whose first entry names the old
    nothing seen     origin, size and root; the old one lies in `before/` to be read

What was seen is given by whoever restores, or said by the peers the backup is linked
with: they are asked. One of them is enough to show that a backup is behind; for its
log to go on on their word alone, every one of them has to answer.

A backup cannot tell whether its node wrote on after it was made. If it did, going on
from the backup would sign a second entry at an index others hold the first of: a fork,
and proof against its owner. So the log goes on only where the newest checkpoint anybody
holds is the backup's own. Its key is not put back otherwise.
"""

import itertools
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import apsw
import msgspec
from msgspec.structs import replace

from clearline.adapters.backup import MANIFEST, Manifest, check_backup
from clearline.adapters.chance import SystemChance
from clearline.adapters.clock import SystemClock
from clearline.adapters.data_folder import DataFolder, open_folder
from clearline.adapters.files import PRIVATE_FOLDER, SYSTEM_DISK, refusals
from clearline.adapters.high_water import HighWaterFile
from clearline.adapters.keys import load_key, load_verifier
from clearline.adapters.local import LOCAL_FILE
from clearline.adapters.peers.succession import Succession
from clearline.adapters.sqlite import LEDGER_FILE
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.adapters.sqlite_faults import named
from clearline.compose import carrying
from clearline.compose.carrying import Carried
from clearline.compose.last_seen import LastSeen, PeerSaw, ask_peers
from clearline.compose.node import Node, open_node
from clearline.ledger.checkpoint import Checkpoint, open_checkpoint
from clearline.ledger.header import realm_of
from clearline.ledger.keys import SignerKey
from clearline.ledger.sealed import SealedPart
from clearline.ledger.text64 import encode64
from clearline.model.commands import Command, Enter
from clearline.model.entries import Entry, LogOpened, PeerTold
from clearline.model.errors import BadInput, ClearlineError
from clearline.model.instants import Instant
from clearline.model.links import GoesOnAs, Peer, PeerId
from clearline.picture.picture import Picture
from clearline.service.links import body_of
from clearline.service.restore import restore as restore_whole
from clearline.service.restore import restore_duty
from clearline.service.sealing import Sealer
from clearline.service.writer import Asked, Outcome
from clearline.wire.entries import write_entry

BEFORE: Final = "before"
"""Folder in which the log lies that a new one takes over from."""

_BATCH: Final = 256
"""How much is written at once."""

_STATE: Final = "The folder was not made; the backup is untouched."


class FolderTaken(BadInput):
    """Refuse to restore into a folder that holds something."""


class NameNeeded(BadInput):
    """Refuse to open a new log without a name of its own."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """Say what a restore came to.

    Attributes:
        follows: The log it takes over from; empty where that log goes on.
        size: Entries of the log that was restored, or was last seen.
        entered: How many facts were entered into a new log.
        notices: Notices carried into it, as they stood.
        said: Entries carried into it, as they were said: of cases, sheets, control.
        cases: Cases among them.
        peers: Nodes that are told that the log goes on as this one.
        calls: Open STOPs and HOLDs that ring again in it.
        asked: What each peer answered.
    """

    origin: str
    follows: str
    size: int
    entered: int = 0
    notices: int = 0
    said: int = 0
    cases: int = 0
    peers: int = 0
    calls: int = 0
    asked: tuple[PeerSaw, ...] = ()


def restore(
    backup: Path, data: Path, *, seen: Path | None = None, origin: str | None = None
) -> Restored:
    """Make a data folder of a backup; durable and whole on return, or not there.

    Args:
        backup: What `back_up` made.
        data: The folder to make; it is not there, or empty.
        seen: The newest checkpoint anybody holds: a note, or the `high-water` of the
            node that was lost.
        origin: Name of the new log, where one has to be opened.

    Raises:
        FolderTaken: There is something at `data`.
        NotABackup, BackupUnsound: The backup cannot be relied on.
        NameNeeded: The backup may be behind, and no new name was given.
        StoreRefused: The disk refused.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise FolderTaken(
            f"{data} holds something already.",
            state="Nothing was restored.",
            next="Move it away first; its `high-water` is worth giving as --seen.",
        )
    manifest = check_backup(backup)
    given = _newest(backup, manifest, seen)
    aside = data.with_name(f"{data.name}.part")
    with refusals(f"making {aside}", _STATE):
        shutil.rmtree(aside, ignore_errors=True)
        data.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(backup, aside)
        aside.chmod(PRIVATE_FOLDER)
        (aside / MANIFEST).unlink()
    try:
        said = _asked(aside, manifest)
        newest, goes_on = _end(manifest, given, said)
        if not goes_on:
            _require_name(origin, manifest, newest, said)
        _sign_everybody_out(aside / LOCAL_FILE)
        restored = Restored(origin=manifest.origin, follows="", size=manifest.size)
        if not goes_on and origin is not None:
            restored = _open_after(aside, manifest, newest, origin)
        restored = replace(restored, asked=said.peers)
        _put_in_place(aside, data)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return restored


def _newest(backup: Path, manifest: Manifest, seen: Path | None) -> Checkpoint | None:
    """Read the newest checkpoint given; one behind the backup says nothing.

    Raises:
        BadInput, LostCertainty: It is of another log, or signed by nobody.
    """
    if seen is None:
        return None
    note = None
    with refusals(f"reading {seen}", "Nothing was restored."):
        path = seen / "high-water" if seen.is_dir() else seen
        note = path.read_bytes()
        if note.startswith(b"clearline high water"):
            note = HighWaterFile(path).read() or b""
    key = load_verifier(DataFolder(path=backup).verifier)
    checkpoint = open_checkpoint(note, (key,))
    _require_no_fork(checkpoint, manifest)
    return checkpoint if checkpoint.size >= manifest.size else None


def _asked(aside: Path, manifest: Manifest) -> LastSeen:
    """Ask the peers of a backup, put aside, what they saw of its log.

    Raises:
        NameNeeded: One of them saw another log under that name and size.
    """
    said = ask_peers(aside, _duty(aside), manifest.size)
    if said.newest is not None:
        _require_no_fork(said.newest, manifest)
    return said


def _require_no_fork(seen: Checkpoint, manifest: Manifest) -> None:
    if seen.size == manifest.size and seen.root.hex() != manifest.root:
        raise _forked(manifest)


def _open_after(
    aside: Path, manifest: Manifest, newest: Checkpoint | None, origin: str
) -> Restored:
    """Open a new log that takes over, and enter what the old one was set up with."""
    folder, (picture, said) = DataFolder(path=aside), _picture(aside)
    old_key = load_key(folder.keys)
    before = aside / BEFORE
    with refusals(f"making {before}", _STATE):
        before.mkdir(mode=PRIVATE_FOLDER)
        (before / "keys").mkdir(mode=PRIVATE_FOLDER)
        SYSTEM_DISK.rename(folder.ledger, before / LEDGER_FILE)
        SYSTEM_DISK.rename(folder.high_water, before / "high-water")
        SYSTEM_DISK.rename(folder.verifier, before / "keys" / folder.verifier.name)
        folder.key.unlink()  # what could fork the old log is not put back
    size = newest.size if newest else manifest.size
    root = newest.root if newest else bytes.fromhex(manifest.root)
    opened = LogOpened(
        origin=origin, follows=manifest.origin, size=size, root=encode64(root)
    )
    node = open_node(aside, origin=origin, hear=lambda _written: None)
    old = SqliteCopy(before / LEDGER_FILE)
    try:
        now = node.clock.read().at
        entered = [*carrying.set_up(picture), *carrying.watches(picture, now)]
        entered += carrying.channels(picture)
        linked, calls = [*carrying.links(picture)], [*carrying.ringing(picture)]
        goes_on = GoesOnAs(
            origin=PeerId(origin), key=str(node.log.key), size=size, root=opened.root
        )
        for one in linked:  # before anything is said with the new key
            _leave_word(aside, one.peer, old_key, goes_on, now)
        _write(node, [Enter(act=opened), *entered])
        _write_beside(node, said)
        notices = _write_beside(node, carrying.notices(picture, old.sealed))
        _write(node, [*linked, *calls])
    finally:
        old.close()
        node.close()
    return Restored(
        origin=origin,
        follows=manifest.origin,
        size=size,
        entered=len(entered),
        notices=notices,
        said=len(said),
        cases=sum(1 for _ in picture.cases.values()),
        peers=len(linked),
        calls=len(calls),
    )


def _leave_word(
    aside: Path, peer: Peer, old_key: SignerKey, says: GoesOnAs, now: Instant
) -> None:
    """Sign with the old log's key, for one peer, that it goes on as another."""
    told = PeerTold(peer=peer.id, number=0, says=says)
    entry = Entry(at=now, realm=realm_of(says.origin), act=told)
    (row,) = Sealer(old_key, SystemChance()).seal([write_entry(entry)])
    Succession(aside).leave(peer.id, body_of(row))


def _write_beside(node: Node, carried: Iterable[Carried]) -> int:
    """Write what goes with sealed parts, in batches; how many there were."""
    count, said, carried = 0, list[Outcome](), iter(carried)
    while batch := list(itertools.islice(carried, _BATCH)):
        node.writer.write(
            [
                Asked(command=command, reply=said.append, sealed=sealed)
                for command, sealed in batch
            ]
        )
        node.writer.look_at_disk()
        count += len(batch)
    _require_written(said)
    return count


def _duty(folder: Path) -> Picture:
    """Fold what a log says, notices left out."""
    opened = open_folder(folder, now=SystemClock().read().at)
    try:
        return restore_duty(opened.log, opened.store)
    finally:
        opened.close()


def _picture(folder: Path) -> tuple[Picture, list[Carried]]:
    """Fold what the log says, and list what of it is carried as it was said."""
    opened = open_folder(folder, now=SystemClock().read().at)
    log = opened.log

    def find(digest: bytes) -> SealedPart | None:
        found = log.sealed(digest)
        return SealedPart(salt=found[0], data=found[1]) if found else None

    try:
        picture = restore_whole(log, opened.store)
        payloads = log.read(0, log.size)
        return picture, list(carrying.said(picture, log.origin, payloads, find))
    finally:
        opened.close()


def _write(node: Node, commands: list[Command]) -> None:
    """Write commands; one that is refused now, as an override that is over, is left."""
    said: list[Outcome] = []
    for command in commands:
        node.writer.write([Asked(command=command, reply=said.append)])
        node.writer.look_at_disk()
    _require_written(said)


def _require_written(said: list[Outcome]) -> None:
    for outcome in said:
        if isinstance(outcome, ClearlineError) and not isinstance(outcome, BadInput):
            raise outcome


def _sign_everybody_out(local: Path) -> None:
    """End what a copy of the folder would let anybody go on with."""
    if not local.exists():
        return
    with named(f"opening {local}", _STATE):
        db = apsw.Connection(str(local))
        try:
            db.execute("DELETE FROM session")
        finally:
            db.close()


def _put_in_place(aside: Path, data: Path) -> None:
    with refusals(f"making {data}", _STATE):
        for path in sorted(aside.rglob("*")):
            sync = SYSTEM_DISK.sync_folder if path.is_dir() else SYSTEM_DISK.sync
            sync(path)
        SYSTEM_DISK.sync_folder(aside)
        if data.exists():
            data.rmdir()
        SYSTEM_DISK.rename(aside, data)
        SYSTEM_DISK.sync_folder(data.parent)


def _end(
    manifest: Manifest, given: Checkpoint | None, said: LastSeen
) -> tuple[Checkpoint | None, bool]:
    """Say what the newest head known is, and whether the backup ends there."""
    heads = (head for head in (given, said.newest) if head is not None)
    newest = max(heads, key=lambda head: head.size, default=None)
    is_shown = given is not None or said.is_whole
    is_at_end = newest is not None and newest.size == manifest.size
    return newest, is_shown and is_at_end and not said.is_newer


def _require_name(
    origin: str | None, manifest: Manifest, newest: Checkpoint | None, said: LastSeen
) -> None:
    if origin not in (None, manifest.origin):
        return
    if newest is not None and newest.size > manifest.size:
        seen = f"The log went on to {newest.size} entries after the backup"
    elif said.is_newer:
        seen = "The log went on after the backup: a peer heard more of it"
    else:
        seen = "Nobody can say whether the log went on after the backup"
        silent = [one.peer for one in said.peers if one.trouble]
        seen += f" (no answer: {', '.join(silent)})" if silent else ""
    raise NameNeeded(
        f"{seen}, which holds {manifest.size} of {manifest.origin}.",
        state="Nothing was restored.",
        next="Restore a newer backup if there is one. If nobody can say, give the lost "
        "node's `high-water`, or the newest checkpoint anybody holds, as --seen. "
        "Otherwise add --origin with a name never used before: a new log takes over "
        "with desks, notices and open STOPs, and peers are told.",
    )


def _forked(manifest: Manifest) -> BadInput:
    return NameNeeded(
        f"The checkpoint seen is of another log of {manifest.size} entries under the "
        f"name {manifest.origin}.",
        state="Nothing was restored.",
        next="Keep both; one of them was rewritten. Restore under a new --origin, "
        "without --seen.",
    )
