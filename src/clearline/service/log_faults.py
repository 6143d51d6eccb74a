"""Name what can be wrong with a node's log, and what to do about it."""

from clearline.ledger.checkpoint import Checkpoint
from clearline.ledger.tiles import TileMalformed
from clearline.model.errors import BadInput, BrokenPromise, LostCertainty


class LogShorter(LostCertainty):
    """Stop, because entries that were acknowledged are not there any more."""


class LogDiffers(LostCertainty):
    """Stop, because the log is not the one that was signed."""


class WrongKey(LostCertainty):
    """Stop, because the log's head was not signed with this node's key."""


class HighWaterMissing(LostCertainty):
    """Stop, because nothing says how far the log had come."""


class EntryDamaged(LostCertainty):
    """Stop at an entry that is not the one that was signed.

    Attributes:
        index: Which entry.
    """

    def __init__(self, index: int, why: str) -> None:
        """Say which entry, and why it is not believed."""
        super().__init__(
            f"Entry {index} is not what was signed: {why}.",
            state="Nothing was taken from it; entries before it are sound as read.",
            next="Run `clearline verify` on the folder, then bring the entry back "
            "from a copy or a peer.",
        )
        self.index = index


class NotAnEntry(BadInput):
    """Refuse a payload this log does not hold."""


class SealedLoose(BadInput):
    """Refuse sealed parts and entries that do not name each other."""


class NotErased(BadInput):
    """Refuse to erase what no entry of the log says is erased."""


class OutOfTurn(BrokenPromise):
    """Refuse a prepared batch that does not continue the log."""


def not_an_entry(what: str) -> NotAnEntry:
    """Build the refusal of a payload."""
    return NotAnEntry(
        what,
        state="Nothing of the batch was written.",
        next="Write payloads as JSON objects of this log's own realm.",
    )


def no_tile(level: int | str, number: int, width: int) -> TileMalformed:
    """Build the refusal of a tile the log does not have."""
    return TileMalformed(
        f"The log has no tile {level}/{number} of width {width}.",
        state="Nothing was read.",
        next="Ask for tiles within the size of the newest checkpoint.",
    )


def shorter(size: int, high: Checkpoint) -> LogShorter:
    """Build the error for a log that ends too early."""
    return LogShorter(
        f"The log holds {size} entries, but {high.size} were acknowledged: the "
        f"entries {size} to {high.size - 1} are missing.",
        state="The log was not opened; nothing was changed.",
        next="Keep the folder as it is. Bring the missing entries back from a copy, "
        "or begin a new log that names this one's origin, size and root.",
    )


def differs(what: str) -> LogDiffers:
    """Build the error for a log that is not the one signed."""
    return LogDiffers(
        f"{what}.",
        state="The log was not opened; nothing was changed.",
        next="Run `clearline verify` on the folder to see how far it is sound, "
        "then bring it back from a copy.",
    )


def missing_high_water(head: Checkpoint) -> HighWaterMissing:
    """Build the error for a log whose high-water file is gone."""
    return HighWaterMissing(
        f"The log holds {head.size} entries, but the file that says how far it had "
        "come is missing.",
        state="The log was not opened; an absent end cannot be excluded.",
        next="Put the high-water file back; or check the log against a checkpoint "
        "a peer has seen with `clearline verify FOLDER --seen CHECKPOINT`.",
    )
