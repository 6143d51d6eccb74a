"""Hold what stands where in a text, without the text.

    text.txt  --SHA-256-->  SourceText: Sentence 1 [start, end) SHA-256
                                        Sentence 2 ...
                                        Apart: headings, citation marks
                                        Referent: words that lost what they meant

The text stays with whoever has it. Offsets count Unicode code points from 0, the end
outside, as a TextPositionSelector does (W3C Web Annotation Data Model, 4.2.2), in the
text exactly as it lies in the file, decoded as UTF-8.
"""

import hashlib
import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final

import msgspec

from clearline.model.facts import Unfit

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def digest_of(text: str) -> str:
    """Return SHA-256 of a text's UTF-8 bytes, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


class Holds(StrEnum):
    """Name what a sentence holds."""

    EVENT = "event"
    MEASURE = "measure"
    PLACE = "place"
    TIME = "time"
    CLAIM = "claim"
    RULE = "rule"
    RELATION = "relation"
    CONTROL = "control"
    STATEMENT = "statement"
    INTENT = "intent"
    CASUALTIES = "casualties"
    FINDING = "finding"
    LEGAL_BASIS = "legal_basis"
    LESSON = "lesson"
    CONTEXT = "context"


class Sentence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold where a sentence stands, and by what it is known again.

    Attributes:
        number: From 1, in the order of the text.
        start: First code point.
        end: Just after the last one.
        sha256: Of the sentence's UTF-8 bytes, hex.
        holds: What it holds; `context` alone means that no claim comes from it.
        because: Why it is only context.
    """

    number: int
    start: int
    end: int
    sha256: str
    holds: tuple[Holds, ...] = ()
    because: str = ""

    def __post_init__(self) -> None:
        _require_span(self.start, self.end)
        _require_digest(self.sha256)
        if (self.holds == (Holds.CONTEXT,)) != bool(self.because):
            raise Unfit(
                "because",
                found="`context` alone without it, or it without that",
                expected="`because` where a sentence is context and nothing else",
            )


class ApartKind(StrEnum):
    """Name what stands in a text and is no sentence."""

    HEADING = "heading"
    CITATION = "citation"
    NOTE = "note"
    """A mark such as *better source needed*."""


class Apart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold where something stands that is no sentence of its own.

    Attributes:
        mark: A citation mark or note as it stands; empty for a heading.
        belongs_to: The sentence it belongs to; nothing where that is lost.
        because: How that is known.
    """

    kind: ApartKind
    start: int
    end: int
    mark: str = ""
    belongs_to: int | None = None
    because: str = ""

    def __post_init__(self) -> None:
        _require_span(self.start, self.end)

    @property
    def is_orphan(self) -> bool:
        """Say whether it is a mark nobody can put to a sentence."""
        return self.kind is not ApartKind.HEADING and self.belongs_to is None


class Referent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold words of a sentence that have lost what they refer to.

    Attributes:
        sentence: The sentence they stand in.
        words: The words, a few.
    """

    sentence: int
    words: str


class SourceText(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold where everything stands in one text.

    Attributes:
        title: What the text is.
        sha256: Of the file's bytes, hex.
        length: Its code points.
        sentences: In order, none overlapping.
        apart: What else stands in it; a citation mark may stand within a sentence.
    """

    title: str
    sha256: str
    length: int
    sentences: tuple[Sentence, ...]
    apart: tuple[Apart, ...] = ()
    unresolved: tuple[Referent, ...] = ()

    def __post_init__(self) -> None:
        _require_digest(self.sha256)
        _require_order(self.sentences)
        for number, sentence in enumerate(self.sentences, start=1):
            if sentence.number != number:
                raise Unfit(
                    "sentences",
                    found=f"number {sentence.number} in place {number}",
                    expected="sentences counted from 1",
                )
        ends = [one.end for one in self.sentences]
        ends += [one.end for one in self.apart]
        if ends and max(ends) > self.length:
            raise Unfit(
                "length",
                found=f"{self.length}, before the end of what stands in it",
                expected=f"at least {max(ends)}",
            )
        for one in self.unresolved:
            if not 1 <= one.sentence <= len(self.sentences):
                raise Unfit(
                    "unresolved",
                    found=f"sentence {one.sentence}",
                    expected=f"1 to {len(self.sentences)}",
                )


def _require_order(sentences: Sequence[Sentence]) -> None:
    for before, after in pairwise(sentences):
        if after.start < before.end:
            raise Unfit(
                "sentences",
                found=f"sentence {after.number} from {after.start}, before sentence "
                f"{before.number} ends at {before.end}",
                expected="sentences that do not overlap, in the order of the text",
            )


def _require_span(start: int, end: int) -> None:
    if not 0 <= start < end:
        raise Unfit(
            "end", found=f"{start} to {end}", expected="an end after `start`, from 0"
        )


def _require_digest(digest: str) -> None:
    if not _DIGEST.fullmatch(digest):
        raise Unfit(
            "sha256", found=f"`{digest[:20]}`", expected="64 lower-case hex digits"
        )
