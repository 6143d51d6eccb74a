"""Find a scenario document: one that ships, or a file somebody wrote."""

import hashlib
from importlib import resources
from pathlib import Path

import msgspec

from clearline.model.errors import BadInput
from clearline.model.scenarios import Scenario
from clearline.replay.records import is_file, load_case, shipped_cases
from clearline.wire.scenarios import read_scenario, record_named

FOUNDING = "deir-ez-zor-2016"
"""The scenario the demo replays."""


class NoSuchScenario(BadInput):
    """Refuse a name no scenario ships under, or a file that cannot be read."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a scenario with the digest of the bytes it was read from.

    Attributes:
        digest: SHA-256 of the document, hex; where it draws from a record, of both
            digests, the document's first.
    """

    scenario: Scenario
    digest: str


def shipped() -> tuple[str, ...]:
    """Name the scenarios that ship."""
    folder = resources.files("clearline.replay") / "scenarios"
    return tuple(
        sorted(
            one.name.removesuffix(".yaml")
            for one in folder.iterdir()
            if one.name.endswith(".yaml")
        )
    )


def load(name: str) -> Document:
    """Load a scenario by its name or from a file.

    A text with a slash or a document's ending is a file; anything else is a name.

    Raises:
        NoSuchScenario: Nothing of that name ships, or the file cannot be read.
        ScenarioMistake: The document cannot be read or does not hold together.
        CaseMistake: The record it draws from cannot be read.
    """
    data, label = _bytes_of(name)
    named = record_named(data, label)
    digest = hashlib.sha256(data)
    if not named:
        return Document(scenario=read_scenario(data, label), digest=digest.hexdigest())
    record = load_case(_record_path(name, named))
    digest = hashlib.sha256(digest.digest() + bytes.fromhex(record.digest))
    return Document(
        scenario=read_scenario(data, label, record.case), digest=digest.hexdigest()
    )


def _record_path(name: str, named: str) -> str:
    """Name the case file a scenario draws from: one that ships, or one beside it."""
    if named in shipped_cases():
        return named
    folder = Path(name).parent if is_file(name) else Path()
    return str(folder / f"{named}.case.yaml")


def _bytes_of(name: str) -> tuple[bytes, str]:
    if is_file(name):
        try:
            return Path(name).read_bytes(), name
        except OSError as error:
            raise NoSuchScenario(
                f"{name} cannot be read: {error.strerror}.",
                state="Nothing was replayed.",
                next="Name a file that is there, or one that ships: "
                f"{', '.join(shipped())}.",
            ) from error
    if name not in shipped():
        raise NoSuchScenario(
            f"No scenario called {name!r} ships.",
            state="Nothing was replayed.",
            next=f"Those that ship: {', '.join(shipped())}. A file needs its ending "
            "or a slash.",
        )
    file = resources.files("clearline.replay") / "scenarios" / f"{name}.yaml"
    return file.read_bytes(), f"{name}.yaml"
