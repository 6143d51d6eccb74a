"""Compare what was said back with what was sent, element by element.

    place     the same place within the combined precision, in whatever form it
              comes back; another square letter is another place. A name that is
              nowhere yet comes back as the same words. Pressed on a telephone, the
              same keys in a form it was said in
    instant   the same within the unit it was said to: a minute, or a second
    window    both ends, likewise
    number    the same number and, where one is said, the same unit
    text      the same words, case, accents and punctuation aside

An element comes back as `matches`, `differs` (by how much), `missing`, or
`cannot_tell` when the words heard mean nothing yet or several things. Only matches
everywhere make a readback. The sentences say what to tell the other side now.
Nothing heard is completed from what was sent, but for the date of a bare time.
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple, assert_never

from clearline.geo.lengths import say_apart
from clearline.geo.reading import read_place
from clearline.geo.voice import hear, keys, spell
from clearline.geo.writing import said_forms
from clearline.model.errors import BadInput
from clearline.model.instants import (
    Duration,
    Instant,
    Window,
    write_instant,
)
from clearline.model.placechecks import PlaceCheck, PlaceVerdict
from clearline.model.places import (
    Interval,
    NamedOrigin,
    Place,
    PlaceFormat,
    Unlocated,
    exactly,
)
from clearline.model.readback import (
    ElementKind,
    ElementOutcome,
    ElementResult,
    NotAnElement,
    ReadbackElement,
    ReadbackResult,
)
from clearline.rules.heard import (
    HeardInstant,
    HeardNumber,
    HeardWindow,
    Unclear,
    read_instant,
    read_number,
    read_window,
    unit_of,
)
from clearline.rules.toldright import check_place

_SPELLED = frozenset(
    {PlaceFormat.MGRS, PlaceFormat.DECIMAL, PlaceFormat.DMS, PlaceFormat.DDM}
)
_EXACT = Duration(0)
_SHORTEST_KEYED = 4
"""Fewer keys are too few to tell places apart."""


class _Comparison(NamedTuple):
    """How one element came back, before it is put into words."""

    outcome: ElementOutcome
    why: str
    off_by: Interval | None = None
    unit: str = ""


def compare_readback(
    sent: Sequence[ReadbackElement],
    said: Sequence[ReadbackElement],
    origins: Sequence[NamedOrigin] = (),
    *,
    tolerance_m: float = 0.0,
) -> ReadbackResult:
    """Compare every element sent with what was said back for it.

    Args:
        sent: What went out; names differ from each other.
        said: What was heard, by the same names, in any order. An element heard
            twice must come out the same both times.
        origins: The named positions known here, for places told from one.
        tolerance_m: What both sides agreed to treat as the same place, metres.

    Raises:
        NotAnElement: Two elements sent have one name.
    """
    names = [_key(element.name) for element in sent]
    if len(set(names)) < len(names):
        raise NotAnElement(
            "Two elements sent have the same name.",
            state="Nothing was compared.",
            next="Give each element its own name.",
        )
    heard: dict[str, list[ReadbackElement]] = {}
    for element in said:
        heard.setdefault(_key(element.name), []).append(element)
    return ReadbackResult(
        elements=tuple(
            _compare(element, heard.get(_key(element.name), []), origins, tolerance_m)
            for element in sent
        ),
        not_sent=tuple(e.name for e in said if _key(e.name) not in names),
    )


def _key(name: str) -> str:
    return name.strip().casefold()


def _compare(
    sent: ReadbackElement,
    heard: list[ReadbackElement],
    origins: Sequence[NamedOrigin],
    tolerance_m: float,
) -> ElementResult:
    spoken = [element for element in heard if not _is_silent(element)]
    if not spoken:
        missing = _Comparison(ElementOutcome.MISSING, "Nothing was said back for it.")
        return _result(sent, None, missing)
    comparisons = [_once(sent, said, origins, tolerance_m) for said in spoken]
    last = comparisons[-1]
    if any(comparison.outcome is not last.outcome for comparison in comparisons):
        last = _Comparison(
            ElementOutcome.CANNOT_TELL,
            f"It was said back {len(spoken)} times, not alike.",
        )
    return _result(sent, spoken[-1], last)


def _is_silent(element: ReadbackElement) -> bool:
    values = (element.place, element.at, element.window, element.number)
    return not element.text.strip() and all(value is None for value in values)


def _once(
    sent: ReadbackElement,
    said: ReadbackElement,
    origins: Sequence[NamedOrigin],
    tolerance_m: float,
) -> _Comparison:
    match sent.kind:
        case ElementKind.PLACE:
            return _places(sent, said, origins, tolerance_m)
        case ElementKind.INSTANT:
            return _valued(_instants, sent, said)
        case ElementKind.WINDOW:
            return _valued(_windows, sent, said)
        case ElementKind.NUMBER:
            return _valued(_numbers, sent, said)
        case ElementKind.TEXT:
            return _texts(sent.text, said.text)
        case _:
            assert_never(sent.kind)


def _valued(
    compare: Callable[[ReadbackElement, ReadbackElement], _Comparison],
    sent: ReadbackElement,
    said: ReadbackElement,
) -> _Comparison:
    """Compare values; where the words mean none, say so."""
    try:
        return compare(sent, said)
    except Unclear as error:
        return _Comparison(ElementOutcome.CANNOT_TELL, f"{error.what} {error.next}")


def _places(
    sent: ReadbackElement,
    said: ReadbackElement,
    origins: Sequence[NamedOrigin],
    tolerance_m: float,
) -> _Comparison:
    if said.place is None and _is_pressed(sent, said.text):
        why = "The same keys were pressed. A key stands for up to five signs."
        return _Comparison(ElementOutcome.MATCHES, why)
    meant = _meant(sent, origins)
    if not meant or isinstance(meant[0].footprint, Unlocated):
        return _texts(sent.text, said.text)
    try:
        told = _readings(said, origins)
    except BadInput as error:
        return _Comparison(ElementOutcome.CANNOT_TELL, f"{error.what} {error.next}")
    if len(meant) > 1:
        why = f"What was sent can be {len(meant)} places; send it again more clearly."
        return _Comparison(ElementOutcome.CANNOT_TELL, why)
    if len(told) == 1 and told[0].footprint == meant[0].footprint:
        return _Comparison(ElementOutcome.MATCHES, "The same place was said back.")
    return _measured(
        [
            check_place(place, meant[0], origins, tolerance_m=tolerance_m)
            for place in told
        ]
    )


def _is_pressed(sent: ReadbackElement, said: str) -> bool:
    """Say whether the very keys of a form that is said to people were pressed.

    Figures alone, without the letters of a square or a hemisphere, are not.
    """
    if len(said) < _SHORTEST_KEYED or not (said.isascii() and said.isdigit()):
        return False
    forms = (sent.text, *(said_forms(sent.place) if sent.place is not None else ()))
    return said in {keys(form) for form in forms if form}


def _meant(sent: ReadbackElement, origins: Sequence[NamedOrigin]) -> tuple[Place, ...]:
    """Return what was sent; nothing for words that are no place to us.

    Those can still be read back, word for word: a STOP names "the mill" and rings
    until that comes back.
    """
    try:
        return _readings(sent, origins)
    except BadInput:
        return ()


def _measured(checks: list[PlaceCheck]) -> _Comparison:
    """Judge every place that what was said back can be."""
    verdicts = {check.verdict for check in checks}
    if verdicts == {PlaceVerdict.DISAGREE}:
        return _different_place(checks)
    if verdicts == {PlaceVerdict.AGREE}:
        return _Comparison(ElementOutcome.MATCHES, checks[0].why)
    if len(checks) > 1:
        why = f"What was said back can be {len(checks)} places; ask which."
        return _Comparison(ElementOutcome.CANNOT_TELL, why)
    return _Comparison(ElementOutcome.CANNOT_TELL, checks[0].why)


def _readings(
    element: ReadbackElement, origins: Sequence[NamedOrigin]
) -> tuple[Place, ...]:
    """Return every place an element can be, spelled or not."""
    if element.place is not None:
        return (element.place,)
    return tuple(r.place for r in read_place(hear(element.text), origins))


def _different_place(checks: list[PlaceCheck]) -> _Comparison:
    apart = [check.separation_m for check in checks if check.separation_m]
    off_by = Interval(
        least=min(a.least for a in apart), most=max(a.most for a in apart)
    )
    why = f"Another place was said back, {say_apart(off_by)} away."
    slips = [slip for check in checks for slip in check.likely_slips]
    return _Comparison(
        ElementOutcome.DIFFERS, " ".join([why, *slips]), off_by=off_by, unit="m"
    )


def _instants(sent: ReadbackElement, said: ReadbackElement) -> _Comparison:
    meant = _instant(sent, None)
    told = _instant(said, meant.at)
    return _times([(meant.at, told.at)], max(meant.unit, told.unit), ["It"])


def _instant(element: ReadbackElement, near: Instant | None) -> HeardInstant:
    if element.at is not None:
        return HeardInstant(element.at, _EXACT)
    return read_instant(element.text, near)


def _windows(sent: ReadbackElement, said: ReadbackElement) -> _Comparison:
    meant = _window(sent, None)
    told = _window(said, meant.window)
    ends = [
        (meant.window.start, told.window.start),
        (meant.window.end, told.window.end),
    ]
    return _times(ends, max(meant.unit, told.unit), ["The start", "The end"])


def _window(element: ReadbackElement, near: Window | None) -> HeardWindow:
    if element.window is not None:
        return HeardWindow(element.window, _EXACT)
    return read_window(element.text, near)


def _times(
    ends: list[tuple[Instant, Instant]], unit: Duration, names: list[str]
) -> _Comparison:
    """Compare instants pairwise, to the unit they were said to."""
    off = [abs(told - meant) for meant, told in ends]
    wrong = [
        f"{name} was said back as {write_instant(told)}, {gap.total_seconds():.0f} s "
        f"{'after' if told > meant else 'before'} what was sent."
        for name, (meant, told), gap in zip(names, ends, off, strict=True)
        if gap > _EXACT and gap >= unit
    ]
    if not wrong:
        return _Comparison(ElementOutcome.MATCHES, "The times are the same.")
    off_by = Interval(least=min(off).total_seconds(), most=max(off).total_seconds())
    return _Comparison(ElementOutcome.DIFFERS, " ".join(wrong), off_by, "s")


def _numbers(sent: ReadbackElement, said: ReadbackElement) -> _Comparison:
    meant, told = _number(sent), _number(said)
    if told.unit and meant.unit and told.unit != meant.unit:
        why = f"It was said back in {told.unit}, and sent in {meant.unit}."
        return _Comparison(ElementOutcome.DIFFERS, why)
    if bool(told.unit) is not bool(meant.unit) and told.number == meant.number:
        why = "The number is the same; the unit was not said on both sides. Ask for it."
        return _Comparison(ElementOutcome.CANNOT_TELL, why)
    off = abs(told.number - meant.number)
    if off == 0.0:
        return _Comparison(ElementOutcome.MATCHES, "The numbers are the same.")
    why = f"{told.number:g} was said back, and {meant.number:g} was sent."
    return _Comparison(ElementOutcome.DIFFERS, why, exactly(off), meant.unit)


def _number(element: ReadbackElement) -> HeardNumber:
    if element.number is not None:
        return HeardNumber(element.number, unit_of(element.unit.split()))
    return read_number(element.text)


def _texts(sent: str, said: str) -> _Comparison:
    if _bare(sent) == _bare(said):
        return _Comparison(ElementOutcome.MATCHES, "The words are the same.")
    return _Comparison(ElementOutcome.DIFFERS, "The words are not the same.")


def _bare(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation."""
    even = unicodedata.normalize("NFKD", text).casefold()
    kept = (c for c in even if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in kept).split()


def _result(
    sent: ReadbackElement, said: ReadbackElement | None, comparison: _Comparison
) -> ElementResult:
    return ElementResult(
        name=sent.name,
        kind=sent.kind,
        outcome=comparison.outcome,
        sent=sent.text,
        said=said.text if said else None,
        off_by=comparison.off_by,
        off_by_unit=comparison.unit,
        why=comparison.why,
        say_again=_say_again(sent, comparison.outcome),
    )


def _say_again(sent: ReadbackElement, outcome: ElementOutcome) -> str:
    """Say what to tell the other side now."""
    words = _to_say(sent)
    match outcome:
        case ElementOutcome.MATCHES:
            return ""
        case ElementOutcome.DIFFERS:
            return f"Negative. {sent.name}, I say again: {words}. Read it back."
        case ElementOutcome.MISSING:
            return f"Read back {sent.name}. I say again: {words}."
        case ElementOutcome.CANNOT_TELL:
            return f"Say again {sent.name}. I sent: {words}."
        case _:
            assert_never(outcome)


def _to_say(sent: ReadbackElement) -> str:
    """Return the words sent, figures and letters spelled for voice."""
    is_spelled = sent.kind is ElementKind.NUMBER or (
        sent.place is not None and sent.place.format in _SPELLED
    )
    return f"{sent.text} ({spell(sent.text)})" if is_spelled else sent.text
