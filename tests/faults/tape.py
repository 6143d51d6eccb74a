"""Record every effect on a disk, and say what power loss may leave of it.

A tape holds effects in the order in which a program made them. Power may fail
between any two. What was synced before that is there; of the rest, each write may
be there, not be there, or be there in part, whole sectors of 512 bytes each.
A file's name is there once the file itself was synced (SQLite syncs the folder of
its journals with them, and ext4 and its kin do so for any new file) or its folder.
"""

import random
from pathlib import Path
from typing import Literal

import msgspec

SECTOR_BYTES = 512

Kind = Literal["make", "write", "truncate", "sync", "remove", "rename", "folder"]
Loss = Literal["drop", "keep", "some", "torn"]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one effect on one file of a folder."""

    kind: Kind
    name: str
    offset: int = 0
    data: bytes = b""
    new_name: str = ""


class Tape:
    """Hold effects in order, and what was promised between them."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self.promises: list[tuple[int, object]] = []

    def add(self, kind: Kind, name: str, **rest) -> None:
        """Record an effect that has been made."""
        self.effects.append(Effect(kind=kind, name=name, **rest))

    def promise(self, what: object) -> None:
        """Record what was promised to somebody after all effects so far."""
        self.promises.append((len(self.effects), what))

    def promised_by(self, boundary: int) -> object | None:
        """Return the last promise made before effect number `boundary`."""
        made = [what for at, what in self.promises if at <= boundary]
        return made[-1] if made else None


class _File:
    """Hold a file as it is for sure, and the effects that may be lost."""

    def __init__(self) -> None:
        self.sure = bytearray()
        self.pending: list[Effect] = []

    def sync(self) -> None:
        for effect in self.pending:
            _apply(self.sure, effect)
        self.pending = []

    def after(self, loss: Loss, dice: random.Random) -> bytes:
        content = bytearray(self.sure)
        for effect in self.pending:
            if loss == "keep" or (loss == "some" and dice.random() < 0.5):
                _apply(content, effect)
            elif loss == "torn":
                _apply_in_part(content, effect, dice)
        return bytes(content)


class Loser:
    """Walk a tape and lay out what is left when the power fails."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._files: dict[str, _File] = {}
        self._sure: dict[str, _File] = {}
        self._at = 0

    def lay_out(self, boundary: int, loss: Loss, seed: int, folder: Path) -> None:
        """Write into `folder` what is left if the power fails at a boundary.

        Boundaries are asked for in rising order.
        """
        while self._at < boundary:
            self._play(self._tape.effects[self._at])
            self._at += 1
        dice = random.Random(f"{boundary} {loss} {seed}")  # noqa: S311 (a seed)
        for name, file in self._names(loss, dice).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(file.after(loss, dice))
            path.chmod(0o600)

    def _names(self, loss: Loss, dice: random.Random) -> dict[str, _File]:
        """Choose which changes of names survived; they survive in order or not."""
        if loss == "keep":
            return self._files
        if loss == "drop" or dice.random() < 0.5:
            return self._sure
        return self._files

    def _play(self, effect: Effect) -> None:
        if effect.kind == "folder":
            self._sure = dict(self._files)
        elif effect.kind == "make":
            self._files.setdefault(effect.name, _File())
        elif effect.kind == "remove":
            self._files.pop(effect.name, None)
        elif effect.kind == "rename":
            self._files[effect.new_name] = self._files.pop(effect.name)
        elif effect.kind == "sync":
            file = self._files[effect.name]
            file.sync()
            self._sure[effect.name] = file
        else:
            self._files.setdefault(effect.name, _File()).pending.append(effect)


def _apply(content: bytearray, effect: Effect) -> None:
    if effect.kind == "truncate":
        del content[effect.offset :]
        return
    _write(content, effect.offset, effect.data)


def _apply_in_part(content: bytearray, effect: Effect, dice: random.Random) -> None:
    """Write each sector of a write, or leave it as it was."""
    if effect.kind == "truncate":
        if dice.random() < 0.5:
            _apply(content, effect)
        return
    at, end = effect.offset, effect.offset + len(effect.data)
    while at < end:
        stop = min(end, (at // SECTOR_BYTES + 1) * SECTOR_BYTES)
        if dice.random() < 0.5:
            piece = effect.data[at - effect.offset : stop - effect.offset]
            _write(content, at, piece)
        at = stop


def _write(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data
