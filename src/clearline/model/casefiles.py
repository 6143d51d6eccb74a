"""Hold a case file: what was said about one incident, as one document says it.

    CaseFile = title, summary, legal line
             + sources, voices      who says it
             + questions            what it is about, and what would settle it
             + places, claims       what is said
             + text                 where in an annotated text, without the text

A scenario draws its facts, places and clock readings from such a document, so that
nothing is said twice.
"""

import re
from typing import Final

import msgspec

from clearline.model.annotation import SourceText
from clearline.model.beats import ToldPlace
from clearline.model.claims import Claim, Question, Voice
from clearline.model.facts import Source, SourceId, Unfit

FORMAT: Final = "clearline-case/1"
"""The one version of the document read today."""


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that a source no longer stands by what it said; its claims stay.

    Attributes:
        why: What it, or whoever withdrew it, said.
        at: When, as precisely as known.
    """

    source: SourceId
    why: str
    at: str = ""


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one case as a document.

    Attributes:
        format: Always `clearline-case/1`.
        name: What it is called on the command line.
        summary: The incident in a few sentences, in words of our own, taking no side.
        legal: The line that stands on everything made from it.
        zone: UTC offset of the place, for local times: `+03:00`.
    """

    format: str
    name: str
    title: str
    summary: str
    legal: str
    sources: tuple[Source, ...]
    voices: tuple[Voice, ...] = ()
    questions: tuple[Question, ...] = ()
    places: tuple[ToldPlace, ...] = ()
    claims: tuple[Claim, ...] = ()
    text: SourceText | None = None
    withdrawn: tuple[Withdrawal, ...] = ()
    zone: str = "+00:00"

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise Unfit("format", found=f"`{self.format}`", expected=f"`{FORMAT}`")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.name):
            raise Unfit(
                "name",
                found=f"`{self.name}`",
                expected="lower-case letters, digits and single hyphens",
            )
        if not re.fullmatch(r"[+-](0[0-9]|1[0-4]):[0-5][0-9]", self.zone):
            raise Unfit("zone", found=f"`{self.zone}`", expected="such as `+03:00`")
