"""Find a case file: one that ships, or a file somebody wrote."""

import hashlib
from importlib import resources
from pathlib import Path

import msgspec

from clearline.model.casefiles import CaseFile
from clearline.model.errors import BadInput
from clearline.wire.casefiles import read_case

_ENDINGS = (".yaml", ".yml", ".json")


class NoSuchCase(BadInput):
    """Refuse a name no case ships under, or a file that cannot be read."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a case file with the digest of the bytes it was read from.

    Attributes:
        digest: SHA-256 of the document, hex.
    """

    case: CaseFile
    digest: str


def shipped_cases() -> tuple[str, ...]:
    """Name the case files that ship."""
    folder = resources.files("clearline.replay") / "cases"
    return tuple(
        sorted(
            one.name.removesuffix(".yaml")
            for one in folder.iterdir()
            if one.name.endswith(".yaml")
        )
    )


def is_file(name: str) -> bool:
    """Say whether a text names a file: it has a slash or a document's ending."""
    return "/" in name or name.endswith(_ENDINGS)


def load_case(name: str) -> Record:
    """Load a case by its name or from a file.

    Raises:
        NoSuchCase: Nothing of that name ships, or the file cannot be read.
        CaseMistake: The document cannot be read or does not hold together.
    """
    data, label = _bytes_of(name)
    return Record(case=read_case(data, label), digest=hashlib.sha256(data).hexdigest())


def _bytes_of(name: str) -> tuple[bytes, str]:
    if is_file(name):
        try:
            return Path(name).read_bytes(), name
        except OSError as error:
            raise NoSuchCase(
                f"{name} cannot be read: {error.strerror}.",
                state="No case was opened.",
                next="Name a file that is there, or one that ships: "
                f"{', '.join(shipped_cases())}.",
            ) from error
    if name not in shipped_cases():
        raise NoSuchCase(
            f"No case called {name!r} ships.",
            state="No case was opened.",
            next=f"Those that ship: {', '.join(shipped_cases())}. A file needs its "
            "ending or a slash.",
        )
    file = resources.files("clearline.replay") / "cases" / f"{name}.yaml"
    return file.read_bytes(), f"cases/{name}.yaml"
