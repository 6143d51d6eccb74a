"""Check a folder that `record.folder` wrote: its files, its ledgers, its receipts."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from clearline.adapters.files import refusals
from clearline.adapters.verification import Verdict, verify_path
from clearline.ledger.keys import VerifierKey
from clearline.model.errors import ClearlineError
from clearline.record.folder import SUMS


class BundleVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what the check of a handed-out case has found.

    Attributes:
        files: Sentences about files that are not as they were written.
        ledgers: Each ledger in it, walked from end to end.
        receipts: How many receipts hold; they are held against given keys alone.
        refused: What cannot be verified at all, each in a sentence.
        digest: SHA-256 of SHA256SUMS, hex: what whoever wrote it can read out.
        is_keyed: Whether a key was given.
    """

    files: tuple[str, ...]
    ledgers: tuple[Verdict, ...]
    receipts: int
    refused: tuple[str, ...]
    digest: str
    is_keyed: bool

    @property
    def ok(self) -> bool:
        """Say whether nothing is wrong."""
        return not (self.files or self.refused) and all(one.ok for one in self.ledgers)


def is_bundle(path: Path) -> bool:
    """Say whether a folder is a case that was handed out."""
    return (path / SUMS).is_file() and (path / "case.json").is_file()


def check_bundle(path: Path, keys: Sequence[VerifierKey]) -> BundleVerdict:
    """Check every file, ledger and receipt of a case that was handed out.

    Args:
        path: The folder.
        keys: Keys of its ledgers, from outside. Without one a ledger is held against
            the key beside it, which proves nothing by itself; and no receipt is.

    Raises:
        StoreRefused: The disk refused.
    """
    with refusals(f"reading {path}", "Nothing was verified."):
        listed = (path / SUMS).read_bytes()
        files = tuple(_changed(path, listed.decode("utf-8", "replace")))
        ledgers = sorted(one for one in path.glob("ledgers/*") if one.is_dir())
        receipts = sorted(path.glob("receipts/*.json")) if keys else []
    walked, refused, hold = [], [], 0
    for ledger in ledgers:
        name = (ledger / "checkpoint").read_text("utf-8", "replace").partition("\n")[0]
        own = tuple(one for one in keys if one.name == name)
        if keys and not own:
            refused.append(f"{ledger.name}: no key of {name} was given.")
            continue
        try:
            walked.append(verify_path(ledger, keys=own))
        except ClearlineError as error:
            refused.append(f"{ledger.name}: {error.what}")
    for receipt in receipts:
        try:
            hold += verify_path(receipt, keys=keys).ok
        except ClearlineError as error:
            refused.append(f"{receipt.name}: {error.what}")
    return BundleVerdict(
        files=files,
        ledgers=tuple(walked),
        receipts=hold,
        refused=tuple(refused),
        digest=hashlib.sha256(listed).hexdigest(),
        is_keyed=bool(keys),
    )


def _changed(path: Path, listed: str) -> Iterator[str]:
    """Say which files are changed, missing, or not on the list."""
    lines = (line.partition("  ") for line in listed.splitlines())
    sums = {name: digest for digest, _, name in lines if name}
    there = {
        str(one.relative_to(path)): one for one in path.rglob("*") if one.is_file()
    }
    for name, wanted in sums.items():
        file = there.pop(name, None)
        if file is None:
            yield f"{name} is missing."
        elif hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            yield f"{name} is not what was written."
    yield from (f"{name} was put in later." for name in sorted(there) if name != SUMS)
