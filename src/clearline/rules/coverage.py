"""Say whether every sentence of a text is told as claims, and what is left.

    file --same SHA-256?--> sentences --same SHA-256 at their offsets?--> claims
      no: which sentences stand, moved, or were edited; nothing is taken

A sentence is mapped by a claim that names it, or by saying why it is context only.
Whatever of the text lies in no sentence, heading or mark is told as stray, so that
nothing can be left out in silence.
"""

import msgspec

from clearline.model.annotation import Apart, Referent, Sentence, SourceText, digest_of
from clearline.model.casefiles import CaseFile
from clearline.model.errors import BadInput

_SEARCHED_CHARACTERS = 200_000
"""Up to this length a sentence that moved is looked for."""


class OtherText(BadInput):
    """Refuse a text that is not the one a case was annotated from."""


class NotAnnotated(BadInput):
    """Refuse to cover a text with a case that annotates none."""


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how far a text is told.

    Attributes:
        sentences: How many there are.
        by_claims: Those a claim names.
        as_context: Those said to be context only.
        unmapped: Those neither.
        stray: What lies in no sentence and is no heading or mark, `[start, end)`.
        orphans: Citation marks nobody can put to a sentence.
        unresolved: Words that lost what they refer to.
    """

    sentences: int
    by_claims: tuple[int, ...]
    as_context: tuple[int, ...]
    unmapped: tuple[int, ...]
    stray: tuple[tuple[int, int], ...]
    orphans: tuple[Apart, ...]
    unresolved: tuple[Referent, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is left out."""
        return not self.unmapped and not self.stray

    @property
    def says(self) -> str:
        """Say it in a line."""
        mapped = self.sentences - len(self.unmapped)
        left = len(self.unmapped)
        return f"{mapped}/{self.sentences} sentences, {left} unmapped"


def cover(case: CaseFile, text: str) -> Coverage:
    """Say how far `text` is told by a case's claims.

    Raises:
        NotAnnotated: The case annotates no text.
        OtherText: It annotates another one.
    """
    annotated = _require_text(case)
    require_same(annotated, text)
    named = {number for claim in case.claims for number in claim.sentences}
    context = {one.number for one in annotated.sentences if one.because}
    numbers = [one.number for one in annotated.sentences]
    return Coverage(
        sentences=len(numbers),
        by_claims=tuple(n for n in numbers if n in named),
        as_context=tuple(n for n in numbers if n in context and n not in named),
        unmapped=tuple(n for n in numbers if n not in named | context),
        stray=_stray(annotated, text),
        orphans=tuple(one for one in annotated.apart if one.is_orphan),
        unresolved=annotated.unresolved,
    )


def _require_text(case: CaseFile) -> SourceText:
    if case.text is None:
        raise NotAnnotated(
            f"The case {case.name} annotates no text.",
            state="Nothing was compared.",
            next="Open a case from the text with `clearline case open`.",
        )
    return case.text


def require_same(annotated: SourceText, text: str) -> None:
    """Refuse any text but the one annotated, and say how far it is the same.

    Raises:
        OtherText: A byte differs.
    """
    if digest_of(text) == annotated.sha256 and not changed(annotated.sentences, text):
        return
    edited = changed(annotated.sentences, text)
    gone = [one for one in edited if not is_elsewhere(one, text)]
    stands = len(annotated.sentences) - len(edited)
    which = ", ".join(str(one.number) for one in gone) or "none"
    raise OtherText(
        f"This is not the text that was annotated: its SHA-256 is {digest_of(text)}, "
        f"not {annotated.sha256}. Of {len(annotated.sentences)} sentences {stands} "
        f"stand where they stood, {len(edited) - len(gone)} stand elsewhere, and "
        f"these are not in it as they were: {which}.",
        state="No claim was put to a sentence it may not come from; nothing changed.",
        next="Give the text as it was, byte for byte; or open a case of its own from "
        "this one.",
    )


def changed(sentences: tuple[Sentence, ...], text: str) -> tuple[Sentence, ...]:
    """Return the sentences that do not stand at their offsets as they were."""
    return tuple(
        one for one in sentences if digest_of(text[one.start : one.end]) != one.sha256
    )


def is_elsewhere(sentence: Sentence, text: str) -> bool:
    """Say whether a sentence stands unchanged at other offsets of `text`."""
    length = sentence.end - sentence.start
    if len(text) > _SEARCHED_CHARACTERS:
        return False
    return any(
        digest_of(text[at : at + length]) == sentence.sha256
        for at in range(len(text) - length + 1)
    )


def _stray(annotated: SourceText, text: str) -> tuple[tuple[int, int], ...]:
    """Return what lies between the spans and is more than white space."""
    spans = [(one.start, one.end) for one in annotated.sentences]
    spans += [(one.start, one.end) for one in annotated.apart]
    stray, edge = [], 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        between = text[edge:start]
        if between.strip():
            first = edge + len(between) - len(between.lstrip())
            stray.append((first, first + len(between.strip())))
        edge = max(edge, end)
    return tuple(stray)
