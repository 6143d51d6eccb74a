"""Say the sentences of the code in the reader's language.

    "Call 7 has ended: lapsed."      what the code, the log or another node says
    "Call {number} has ended: {ending}."              the form it has
    "انتهى النداء {number}: {ending}."                 the same form in the catalogue
    "انتهى النداء 7: انقضى."                           what is shown

The forms stand in the catalogues with the context `sentence`, gathered by
`console/sentences.py`. What is put into a form is said in the reader's language where
it is ours again, and else stays as it came, isolated: names, figures, what somebody
wrote. In quotes it is always somebody's words.

A sentence that has no form here stays English and is marked as that: better a sentence
in another language than none.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from clearline.web.console.languages import (
    ENGLISH,
    PSEUDO,
    accented,
    sentences,
    texts,
)

_PUT_IN: Final = re.compile(r"\{(\w+)(?::([nq]))?\}")
_KINDS: Final = {
    "n": r"[-+]?\d[\d.,]*(?:e[-+]?\d+)?",
    "q": r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"",
    None: r".*?",
}
_END: Final = re.compile(r"(?<=[.?!:]) (?=\S)")
_SEVERAL: Final = re.compile(r"(?:[a-z]{3}|\d|°|\)|\bk?m)[.?!] [A-Z]")
_OF_KIND: Final = re.compile(r"(?P<name>.+) \((?P<kind>[^()]+)\)")
_JOINERS: Final = ("; ", ", ", " and ", " or ")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_FIGURES: Final = re.compile(
    r"[\d\W_]*|\d{4}-\d\d-\d\dT[\d:.]+Z|\d{4}Z|[0-9A-Z]{2,3} [A-Z]{2}[ \d]*"
)
_LATIN: Final = re.compile(
    r"[-+/`'\"]*[A-Za-z0-9°][A-Za-z0-9 .,:;/°'\"=+\-_`()]*[A-Za-z0-9°\"'`)]|[A-Z]\b"
)
_NAMED: Final = frozenset({"party", "party2", "to_party", "desk", "to_desk", "owner"})
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OR: Final = " or "
_LONGEST: Final = 1_500
_DEEPEST: Final = 6
_MOST_SENTENCES: Final = 12


class Form(NamedTuple):
    """A sentence with gaps, how it is recognised, and how it is said.

    Attributes:
        anchor: Its longest text between gaps; where that is not, the form is not.
        said: Texts and names of gaps, in turn, as the reader's language has them.
    """

    pattern: re.Pattern[str]
    anchor: str
    kinds: Mapping[str, str]
    said: tuple[str, ...]


class Tongue:
    """Hold what one language can say."""

    def __init__(self, tag: str) -> None:
        """Read the sentences of a language from its catalogue."""
        self._tag = tag
        self._plain: dict[str, tuple[str, ...]] = {}
        forms: list[tuple[int, Form]] = []
        for form, said in sentences(tag).items():
            parts = _parted(said)
            if not _PUT_IN.search(form):
                self._plain[form] = parts
                continue
            made = _form(form, parts)
            forms.append((len(_PUT_IN.sub("", form)), made))
        self._forms = [one for _, one in sorted(forms, key=lambda one: -one[0])]

    def say(self, text: str) -> Markup:
        """Say a text of ours; what is not known stays English and is marked."""
        known = self._read(text) if len(text) <= _LONGEST else None
        if known is not None:
            return known
        said = [
            self._read(one) or Markup('<bdi lang="en">{}</bdi>').format(one)
            for one in _together(self, text)
        ]
        return Markup(" ").join(said)

    def knows(self, text: str) -> bool:
        """Say whether all of a text can be said."""
        return self._read(text) is not None

    def _read(self, text: str, depth: int = 0) -> Markup | None:
        """Say a text, or return nothing where some of it has no form here."""
        if not text.strip() or depth > _DEEPEST:
            return None
        bare = text.strip()
        return (
            self._word(bare)
            or self._word(bare[:1].upper() + bare[1:])
            or self._several(bare, depth)
            or self._joined(bare, depth)
            or self._filled(bare, depth)
        )

    def _word(self, text: str) -> Markup | None:
        """Say what has no gap: a sentence, or a word the console says elsewhere."""
        if (parts := self._plain.get(text)) is not None:
            return self._said(parts, {})
        elsewhere = texts(self._tag).gettext(text)
        return None if elsewhere == text or self._tag == PSEUDO else escape(elsewhere)

    def _filled(self, text: str, depth: int) -> Markup | None:
        for form in self._forms:
            if form.anchor not in text:
                continue
            match = form.pattern.fullmatch(text)
            if match is None:
                continue
            values = self._values(form, match.groupdict(), depth)
            if values is not None:
                return self._said(form.said, values)
        return None

    def _values(
        self, form: Form, found: Mapping[str, str], depth: int
    ) -> dict[str, Markup] | None:
        """Say what stands in the gaps; nothing where a gap swallowed sentences."""
        values = {}
        for name, value in found.items():
            kind = form.kinds[name]
            # A party may be called "north"; that is a name, not the direction.
            is_name = name in _NAMED and _ID.fullmatch(value) is not None
            known = None if kind or is_name else self._read(value, depth + 1)
            if known is None and not kind and _is_more(value):
                return None
            opens = " " if value[:1] == " " else ""
            values[name] = opens + known if known is not None else self._theirs(value)
        return values

    def _theirs(self, value: str) -> Markup:
        """Isolate what is not ours: names and words as they run, figures from left."""
        if not value:
            return Markup()
        if _FIGURES.fullmatch(value):
            whole = " whole" if _INSTANT.fullmatch(value) else ""
            return Markup('<bdi dir="ltr" class="n{}">{}</bdi>').format(whole, value)
        if _OR in value:
            parts = [self._theirs(one) for one in value.split(_OR)]
            return escape(self._joiner(_OR)).join(parts)
        named = _OF_KIND.fullmatch(value)
        kind = self._word(named["kind"]) if named else None
        if named and kind:
            return Markup("<bdi>{}</bdi> ({})").format(named["name"], kind)
        return Markup("<bdi>{}</bdi>").format(value)

    def _several(self, text: str, depth: int) -> Markup | None:
        """Say several sentences, where each is known."""
        ends = [one.end() for one in _END.finditer(text)][:_MOST_SENTENCES]
        for end in ends:
            head = text[:end].rstrip()
            known = self._word(head) or self._filled(head, depth + 1)
            if known is None:
                continue
            rest = self._read(text[end:], depth + 1)
            if rest is not None:
                return known + " " + rest
        return None

    def _joined(self, text: str, depth: int) -> Markup | None:
        """Say a list, where each of its parts is known."""
        for joiner in _JOINERS:
            parts = text.split(joiner)
            if not 1 < len(parts) <= _MOST_SENTENCES:
                continue
            said = [self._read(part, depth + 1) for part in parts]
            if all(one is not None for one in said):
                joined = escape(self._joiner(joiner))
                return joined.join(one for one in said if one is not None)
        return None

    def _joiner(self, joiner: str) -> str:
        word = self._plain.get(joiner.strip())
        if word is None:
            return joiner
        closes = "" if joiner[0] == " " else " "
        opens = " " if joiner[0] == " " else ""
        return f"{opens}{''.join(word)}{closes}" if closes or opens else joiner

    def _said(self, parts: tuple[str, ...], values: Mapping[str, Markup]) -> Markup:
        said = Markup()
        for at, part in enumerate(parts):
            if at % 2:
                said += values.get(part, Markup())
            elif self._tag == PSEUDO:
                said += escape(accented(part)) if part.strip() else escape(part)
            else:
                said += _isolated(part)
        return said


@lru_cache(maxsize=8)
def tongue(tag: str) -> Tongue:
    """Return what a language can say; read from its catalogue once."""
    return Tongue(tag)


def say(text: str, tag: str) -> Markup:
    """Say a text the code made, in a language; English as it is, no instant broken."""
    if tag != ENGLISH:
        return tongue(tag).say(text)
    parts = _INSTANT.split(text)
    instants = [*_INSTANT.findall(text), ""]
    whole = Markup('<span class="whole">{}</span>')
    return Markup().join(
        escape(part) + (whole.format(at) if at else Markup())
        for part, at in zip(parts, instants, strict=True)
    )


def _form(form: str, said: tuple[str, ...]) -> Form:
    pattern, last, kinds = "", 0, {}
    literals = []
    for gap in _PUT_IN.finditer(form):
        name, kind = gap.groups()
        pattern += re.escape(form[last : gap.start()]) + f"(?P<{name}>{_KINDS[kind]})"
        literals.append(form[last : gap.start()])
        kinds[name], last = kind or "", gap.end()
    literals.append(form[last:])
    pattern += re.escape(form[last:])
    return Form(
        pattern=re.compile(pattern, re.DOTALL),
        anchor=max(literals, key=len),
        kinds=kinds,
        said=said,
    )


def _parted(said: str) -> tuple[str, ...]:
    """Part a form into texts and names of gaps, in turn."""
    parts, last = [], 0
    for gap in _PUT_IN.finditer(said):
        parts += [said[last : gap.start()], gap[1]]
        last = gap.end()
    return (*parts, said[last:])


def _is_more(value: str) -> bool:
    """Say whether a gap swallowed the end of a sentence, or several."""
    return value[-1:] in (".", ";", ":") or bool(_SEVERAL.search(value))


def _isolated(text: str) -> Markup:
    """Keep Latin letters and figures within a text in their own order."""
    said, last = Markup(), 0
    for run in _LATIN.finditer(text):
        said += escape(text[last : run.start()])
        said += Markup('<bdi dir="ltr">{}</bdi>').format(run[0])
        last = run.end()
    return said + escape(text[last:])


def _together(known: Tongue, text: str) -> Iterator[str]:
    """Part a text into sentences; those that are not known stay together."""
    unknown = ""
    for one in _END.split(text):
        if known.knows(one):
            if unknown:
                yield unknown
            unknown = ""
            yield one
        else:
            unknown = f"{unknown} {one}".strip()
    if unknown:
        yield unknown
