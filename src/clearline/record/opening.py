"""Open a text: find the case that annotates it, or begin one from proposals."""

import re
from pathlib import Path

from clearline.model.annotation import digest_of
from clearline.model.casefiles import FORMAT, CaseFile
from clearline.model.errors import BadInput
from clearline.model.facts import Source, SourceId, SourceKind
from clearline.model.notices import LEGAL_LINE
from clearline.replay.records import load_case, shipped_cases
from clearline.wire.proposals import propose

LONGEST_BYTES = 8 * 2**20
"""A text of this many bytes at most is opened."""


class NotText(BadInput):
    """Refuse what cannot be read as a text."""


class NoCaseForText(BadInput):
    """Refuse to cover a text that no case that ships annotates."""


def read_text(path: Path) -> str:
    """Read a text exactly as it lies in its file: no line end is changed.

    Raises:
        NotText: It is not there, too long, or no UTF-8.
    """
    try:
        if path.stat().st_size > LONGEST_BYTES:
            raise NotText(
                f"{path} is longer than {LONGEST_BYTES} bytes.",
                state="Nothing was opened.",
                next="Give the part of it that the case is about.",
            )
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise NotText(
            f"{path} cannot be read: {error.strerror}.",
            state="Nothing was opened.",
            next="Name a text that is there and that you may read.",
        ) from error
    except UnicodeDecodeError as error:
        raise NotText(
            f"{path} is no UTF-8 text: byte {error.start} is 0x"
            f"{error.object[error.start]:02x}.",
            state="Nothing was opened.",
            next="Save it as UTF-8; its hash is then of those bytes.",
        ) from error


def case_that_ships(text: str) -> CaseFile | None:
    """Return the shipped case that annotates exactly this text, if one does."""
    digest = digest_of(text)
    for name in shipped_cases():
        case = load_case(name).case
        if case.text is not None and case.text.sha256 == digest:
            return case
    return None


def require_case(text: str) -> CaseFile:
    """Return the shipped case that annotates this text.

    Raises:
        NoCaseForText: None does.
    """
    found = case_that_ships(text)
    if found is None:
        raise NoCaseForText(
            f"No case that ships annotates this text (SHA-256 {digest_of(text)}).",
            state="Nothing was compared.",
            next="Name the case it was annotated in with --case, or begin one with "
            "`clearline case open`.",
        )
    return found


def begin_case(name: str, text: str) -> CaseFile:
    """Begin a case from a text: its sentences proposed, none of them mapped."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "case"
    source = Source(
        id=SourceId("the-text"),
        title=name,
        date="unknown",
        kind=SourceKind.PRESS,
        leaning="none known",
        note="Say what it is, when it was said and which way it leans.",
    )
    return CaseFile(
        format=FORMAT,
        name=slug,
        title=name,
        summary="To be written: the incident in a few sentences, taking no side.",
        legal=LEGAL_LINE,
        sources=(source,),
        claims=(),
        text=propose(name, text),
    )
