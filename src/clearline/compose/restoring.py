"""Put a backup back in place, and never let two logs go on under one name.

    seen == backup   the log goes on as it was
    seen beyond it   a new log, under a new name, whose first entry names the old
    nothing seen     origin, size and root; the old one lies in `before/` to be read

A backup cannot tell whether its node wrote on after it was made. If it did, going on
from the backup would sign a second entry at an index others hold the first of: a fork,
and proof against its owner. So the log goes on only where the newest checkpoint anybody
holds is the backup's own. Its key is not put back otherwise.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import apsw
import msgspec

from clearline.adapters.backup import MANIFEST, Manifest, check_backup
from clearline.adapters.clock import SystemClock
from clearline.adapters.data_folder import DataFolder, open_folder
from clearline.adapters.files import PRIVATE_FOLDER, SYSTEM_DISK, refusals
from clearline.adapters.high_water import HighWaterFile
from clearline.adapters.keys import load_verifier
from clearline.adapters.local import LOCAL_FILE
from clearline.adapters.sqlite import LEDGER_FILE
from clearline.adapters.sqlite_faults import named
from clearline.compose.node import Node, open_node
from clearline.ledger.checkpoint import Checkpoint, open_checkpoint
from clearline.ledger.text64 import encode64
from clearline.model.calls import Kind
from clearline.model.commands import (
    Command,
    Enter,
    OverrideWatch,
    PlanWatch,
    RaiseCall,
    SetLine,
)
from clearline.model.entries import (
    DecisionTimeDeclared,
    DeskSet,
    LadderSet,
    LogOpened,
    OriginNamed,
    PartySet,
    PersonSet,
)
from clearline.model.errors import BadInput, ClearlineError
from clearline.model.parties import Actor, Desk, DeskId, PartyId, Strength
from clearline.picture.picture import Picture
from clearline.service.restore import restore_duty
from clearline.service.writer import Asked, Outcome

BEFORE: Final = "before"
"""Folder in which the log lies that a new one takes over from."""

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
        calls: Open STOPs and HOLDs that ring again in it.
    """

    origin: str
    follows: str
    size: int
    entered: int = 0
    calls: int = 0


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
    newest = _newest(backup, manifest, seen)
    goes_on = newest is not None and newest.size == manifest.size
    if not goes_on and origin in (None, manifest.origin):
        raise _name_needed(manifest, newest)
    aside = data.with_name(f"{data.name}.part")
    with refusals(f"making {aside}", _STATE):
        shutil.rmtree(aside, ignore_errors=True)
        data.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(backup, aside)
        aside.chmod(PRIVATE_FOLDER)
        (aside / MANIFEST).unlink()
    try:
        _sign_everybody_out(aside / LOCAL_FILE)
        restored = Restored(origin=manifest.origin, follows="", size=manifest.size)
        if not goes_on and origin is not None:
            restored = _open_after(aside, manifest, newest, origin)
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
    is_at_backup = checkpoint.size == manifest.size
    if is_at_backup and checkpoint.root.hex() != manifest.root:
        raise _forked(manifest)
    return checkpoint if checkpoint.size >= manifest.size else None


def _open_after(
    aside: Path, manifest: Manifest, newest: Checkpoint | None, origin: str
) -> Restored:
    """Open a new log that takes over, and enter what the old one was set up with."""
    folder, picture = DataFolder(path=aside), _picture(aside)
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
    try:
        setup, calls = list(_setup(picture)), list(_ringing(picture))
        _write(node, [Enter(act=opened), *setup, *calls])
    finally:
        node.close()
    return Restored(
        origin=origin,
        follows=manifest.origin,
        size=size,
        entered=len(setup),
        calls=len(calls),
    )


def _picture(folder: Path) -> Picture:
    """Fold what the log says, notices left out."""
    opened = open_folder(folder, now=SystemClock().read().at)
    try:
        return restore_duty(opened.log, opened.store)
    finally:
        opened.close()


def _setup(picture: Picture) -> Iterator[Command]:
    """List what a node was set up with, in an order in which each can be entered."""
    for party in picture.parties.values():
        yield Enter(act=PartySet(party=party))
    for desk in _from_the_top(picture):
        yield Enter(act=DeskSet(desk=desk))
    for person in picture.persons.values():
        yield Enter(act=PersonSet(person=person))
    for (name, precedence), kept in picture.ladders.dump_at(picture.size):
        _, ladder = kept[-1]
        yield Enter(act=LadderSet(desk=name, precedence=precedence, ladder=ladder))
    for named_origin in picture.origins.values():
        yield Enter(act=OriginNamed(origin=named_origin))
    for declared in picture.declared.values():
        yield Enter(act=DecisionTimeDeclared(declared=declared))
    for line in picture.lines.values():
        yield SetLine(line=msgspec.structs.replace(line, checked_by=None))
    zones = tuple(picture.zones.values())
    for plan in picture.plans.values():
        by = _machine(plan.desk, picture)
        yield PlanWatch(desk=plan.desk, rotations=plan.rotations, zones=zones, by=by)
        for override in plan.overrides:
            yield OverrideWatch(desk=plan.desk, override=override)


def _ringing(picture: Picture) -> Iterator[Command]:
    """List the STOPs and HOLDs that bound: a late STOP is always worth ringing."""
    for call in picture.open_calls():
        if call.kind in (Kind.STOP, Kind.HOLD) and call.passed_from is None:
            yield RaiseCall(
                call=call.id,
                kind=call.kind,
                by=call.raised_by,
                to_desk=call.to_desk,
                card=call.card,
                said_at=call.said_at or call.raised_at,
                kept_from=call.kept_from,
            )


def _from_the_top(picture: Picture) -> Iterator[Desk]:
    entered = set[DeskId | None]({None})
    left = list(picture.desks.values())
    while left:
        ready = [desk for desk in left if desk.under in entered] or left
        yield from ready
        entered |= {desk.id for desk in ready}
        left = [desk for desk in left if desk.id not in entered]


def _machine(desk: DeskId, picture: Picture) -> Actor:
    known = picture.desks.get(desk)
    return Actor(
        party=known.party if known else PartyId(""),
        desk=desk,
        strength=Strength.DEVICE_ONLY,
        device="restore",
    )


def _write(node: Node, commands: list[Command]) -> None:
    """Write commands; one that is refused now, as an override that is over, is left."""
    said: list[Outcome] = []
    for command in commands:
        node.writer.write([Asked(command=command, reply=said.append)])
        node.writer.look_at_disk()
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


def _name_needed(manifest: Manifest, newest: Checkpoint | None) -> NameNeeded:
    seen = (
        f"The log went on to {newest.size} entries after the backup"
        if newest
        else "Nobody can say whether the log went on after the backup"
    )
    return NameNeeded(
        f"{seen}, which holds {manifest.size} of {manifest.origin}.",
        state="Nothing was restored.",
        next="Give the newest checkpoint anybody holds as --seen; or open a new log "
        "that takes over, under a name of its own: --origin.",
    )


def _forked(manifest: Manifest) -> BadInput:
    return NameNeeded(
        f"The checkpoint seen is of another log of {manifest.size} entries under the "
        f"name {manifest.origin}.",
        state="Nothing was restored.",
        next="Keep both; one of them was rewritten. Restore under a new --origin, "
        "without --seen.",
    )
