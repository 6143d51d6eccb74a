"""Propose where a text may be cut into sentences, and what may be looked at in them.

This finds characters, not meaning: full stops, quotation marks, digits, months,
bearings. It claims to understand nothing; every proposal waits for a person, and a
case made from proposals is unmapped until somebody has written its claims.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from clearline.model.annotation import (
    Apart,
    ApartKind,
    Sentence,
    SourceText,
    digest_of,
)

_BLOCK: Final = re.compile(r"\S(?:.*?\S)?(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)
_MARK: Final = re.compile(r"\[(?:[0-9]{1,3}|[a-z][a-z ]{2,40})\]")
_LEADING: Final = re.compile(
    r"[\"'”\u2019»]?(?:\[(?:[0-9]{1,3}|[a-z][a-z ]{2,40})\]\s*)+"
)
_STOP: Final = re.compile(
    r"[.!?][\"'”\u2019»)]*(?:\[[0-9]{1,3}\])*\s+(?=[\"'“\u2018«(]?[A-Z0-9])"
)
_NO_STOP: Final = re.compile(
    r"(?:\b(?:[A-Z]|[ap]\.m|Mr|Mrs|Dr|St|Gen|Col|Lt|Sgt|No|approx|vs|etc|e\.g|i\.e)"
    r"|(?:[A-Z]\.)+[A-Z])\.$"
)
_HEADING_WORDS: Final = 12
_MONTHS: Final = (
    "January|February|March|April|May|June|July|August|September|October|November"
    "|December"
)
_LOOKED_FOR: Final[dict[str, re.Pattern[str]]] = {
    "quotation": re.compile(r"[\"“«]([^\"“”«»\n]{2,400})[\"”»]"),
    "time": re.compile(
        r"\b[0-2]?[0-9][:.][0-5][0-9]\s*(?:[ap]\.?m\.?)?|\b[0-9]{1,2}\s*[ap]\.m\.",
        re.IGNORECASE,
    ),
    "date": re.compile(
        rf"\b(?:[0-3]?[0-9] )?(?:{_MONTHS})(?: [0-3]?[0-9],)?(?: [12][0-9]{{3}})?\b"
        rf"|\b(?:early|mid|late)[ -](?:{_MONTHS})\b"
        rf"|\b[12][0-9]{{3}}-[01][0-9]-[0-3][0-9]\b"
    ),
    "number": re.compile(
        r"\b(?:(?:at least|at most|more than|less than|about|approximately|over|nearly"
        r"|up to|more than half of)\s+)?[0-9][0-9,]*(?:\.[0-9]+)?"
        r"(?:\s+to\s+[0-9][0-9,.]*[0-9])?\b",
        re.IGNORECASE,
    ),
    "place": re.compile(
        r"\b[0-9][0-9.]*(?:\s+to\s+[0-9.]+)?\s*(?:km|kilomet(?:re|er)s?|m|miles?|nm)\s+"
        r"(?:north|south|east|west|[ns][ew])[a-z-]*\s+of\s+(?:the\s+)?[^\s,.;]+"
        r"(?:\s+[A-Z][^\s,.;]+)*(?:\s+air(?:field|port|base))?"
        r"|\b(?:Mount|Jabal|Jebel|Tell|Wadi|Lake|Port)\s+[A-Z][\w-]+"
        r"|\b[A-Z][\w-]+\s+(?:hill|mountain|airport|airfield|airbase|bridge|river)\b"
    ),
}


class Proposal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold something a person may want to look at.

    Attributes:
        sentence: The proposed sentence it stands in, from 1.
        looks_like: `quotation`, `number`, `date`, `time` or `place`.
        start: First code point in the whole text.
        end: Just after the last.
    """

    sentence: int
    looks_like: str
    start: int
    end: int


def propose(title: str, text: str) -> SourceText:
    """Propose sentences, headings and citation marks, every sentence unmapped.

    Args:
        title: What the text is called.
        text: The whole text as it lies in its file.
    """
    apart, spans = list[Apart](), list[tuple[int, int]]()
    for block in _BLOCK.finditer(text):
        start, end = block.span()
        is_heading = (
            len(block[0].split()) <= _HEADING_WORDS and block[0][-1] not in '.!?"”]'
        )
        if is_heading:
            apart.append(Apart(kind=ApartKind.HEADING, start=start, end=end))
            continue
        for first, last in _sentences(text, start, end):
            leading = _LEADING.match(text, first, last)
            begins = leading.end() if leading else first
            if begins < last:
                spans.append((begins, last))
            apart += _marks(text, first, last)
    sentences = [
        Sentence(number=number, start=start, end=end, sha256=digest_of(text[start:end]))
        for number, (start, end) in enumerate(spans, start=1)
    ]
    return SourceText(
        title=title,
        sha256=digest_of(text),
        length=len(text),
        sentences=tuple(sentences),
        apart=tuple(apart),
    )


def look(annotated: SourceText, text: str) -> Iterator[Proposal]:
    """Propose what to look at within each sentence, in the order of the text."""
    for sentence in annotated.sentences:
        found = [
            (match.start(), match.end(), name)
            for name, pattern in _LOOKED_FOR.items()
            for match in pattern.finditer(text, sentence.start, sentence.end)
        ]
        for start, end, name in sorted(found):
            yield Proposal(
                sentence=sentence.number, looks_like=name, start=start, end=end
            )


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for stop in _STOP.finditer(text, start, end):
        before = text[first : stop.start() + 1]
        if _NO_STOP.search(before):
            continue
        last = stop.end() - len(stop[0]) + len(stop[0].rstrip())
        yield first, last
        first = stop.end()
    if first < end:
        yield first, end


def _marks(text: str, start: int, end: int) -> Iterator[Apart]:
    for mark in _MARK.finditer(text, start, end):
        is_number = mark[0][1:-1].isdecimal()
        yield Apart(
            kind=ApartKind.CITATION if is_number else ApartKind.NOTE,
            start=mark.start(),
            end=mark.end(),
            mark=mark[0],
        )
