"""Put a call into words: a short message, a letter, a line, and speech.

    STOP 12 from North Ops. 37S FV 069 053. 35.285N 40.176E. Shelling the
    hospital. Reply 481516 1=have it 2=unable

The short text is one message of a mobile network: 160 characters, or 70 where a
character lies outside the GSM alphabet. Number, sender and how to answer always
stand in it; place, thing and reason stand in it as far as they fit, in that order,
and the letter has them whole. A person is never named.

Whoever belongs to neither the raising nor the called party reads the number and
whom to call, and nothing else.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from clearline.geo.lengths import say_apart, say_length
from clearline.geo.voice import SPOKEN
from clearline.geo.writing import said_forms, write_decimal
from clearline.model.calls import Call, Kind, Telling
from clearline.model.instants import write_instant
from clearline.model.places import Circle, Place, Point, Sector, Unlocated
from clearline.model.sheets import Sheet
from clearline.service.calling import Words
from clearline.service.phrases import known, say
from clearline.wire.gsm import ALONE, is_gsm, plainer, segments

"""Nobody says a place finer than this over a telephone, metres."""

_SHORTEST_CUT: Final = 8
_LONGEST_NAME: Final = 24


class About(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a call and what has to be said around it.

    Attributes:
        desk: Name of the desk that raised it.
        party: Name of that desk's party.
        times: How many open calls of the same sender and place it stands for.
        is_durable: Whether it is recorded.
        is_outside: Whether whoever reads it belongs to neither of the two parties.
    """

    call: Call
    desk: str
    party: str
    times: int = 1
    is_durable: bool = True
    is_outside: bool = False


def ring_words(about: About, language: str, code: str) -> Words:
    """Put a ring into words.

    Args:
        about: The call and what is said around it.
        language: BCP 47 tag; English where nobody has written its phrases.
        code: The attempt's one-time code; empty where it has none.
    """
    tag = known(language)
    return Words(
        language=tag,
        subject=_subject(about, tag),
        short=_short(about, tag, code),
        text="\n".join(_letter(about, tag, code)) + "\n",
        spoken=" ".join(_speech(about, tag)),
    )


def told_words(about: About, language: str, telling: Telling, text: str) -> Words:
    """Put into words what a desk is told of a call, unasked.

    Args:
        about: The call.
        language: BCP 47 tag.
        telling: What they are told.
        text: The same in a sentence, English, as it stands in the log.
    """
    tag = known(language)
    told = say(tag, f"telling.{telling}")
    head = _named(about, tag, "short.told", telling=told)
    letter = (_named(about, tag, "text.told", telling=told), text)
    return _plainly(tag, head, letter)


def recorded_words(about: About, language: str) -> Words:
    """Say to whoever was rung by a call not yet recorded that it is now."""
    tag = known(language)
    head = _named(about, tag, "short.recorded")
    return _plainly(tag, head, (_named(about, tag, "text.recorded"),))


def sheet_words(sheet: Sheet, language: str) -> str:
    """Say what to read back to somebody on an ordinary telephone, word for word.

    Args:
        sheet: What was understood of it so far.
        language: BCP 47 tag of whoever is on the telephone.
    """
    tag = known(language)
    lines = [say(tag, "sheet.begin")]
    if sheet.what:
        lines.append(say(tag, "sheet.what", what=_line(sheet.what).rstrip(".")))
    if sheet.where is None:
        lines.append(say(tag, "sheet.no_place"))
    else:
        place = _line(sheet.where.text)
        lines.append(say(tag, "sheet.where", place=place))
        lines.append(say(tag, "sheet.spelled", place=digits(place, tag)))
    lines.append(say(tag, "sheet.end"))
    return " ".join(lines)


def digits(text: str, language: str) -> str:
    """Say digits and letters one by one; letters by the words of ICAO Annex 10."""
    tag = known(language)
    groups = text.replace(",", " ").upper().split()
    return ", ".join(" ".join(_spoken(one, tag) for one in group) for group in groups)


# --- the short message ----------------------------------------------------------


class _Part(NamedTuple):
    """Hold one part of a short message and where it stands in it."""

    stands: int
    text: str
    may_be_cut: bool = False


_REPLY: Final = 99


def _short(about: About, tag: str, code: str) -> str:
    """Fit what must stand, then as much of the rest as one message holds."""
    kept = [
        _Part(0, _named(about, tag, "short.head")),
        _Part(_REPLY, _reply(about, tag, "short", code)),
    ]
    if not about.is_durable:
        kept.append(_Part(1, say(tag, "short.unrecorded")))
    for part in _wanted(about, tag):
        if fitting := _fitted(kept, part):
            kept.append(fitting)
    return _joined(kept)


def _reply(about: About, tag: str, section: str, code: str) -> str:
    """Say how it is answered; a RELEASE is lifted by nobody's code alone."""
    if about.call.kind is Kind.RELEASE:
        return say(tag, f"{section}.confirm", number=about.call.number)
    key = "reply" if code else "answer"
    return say(tag, f"{section}.{key}", code=code)


def _wanted(about: About, tag: str) -> Iterator[_Part]:
    """List what a short message should say besides, most wanted first.

    Where it is, and who says so, are whole or left out; half a place is another one.
    """
    card, desk = about.call.card, _cut(plainer(_line(about.desk)), _LONGEST_NAME)
    if about.is_outside:
        yield _Part(3, say(tag, "short.call_desk", desk=desk))
        return
    mgrs, decimal = said_forms(card.where) if card.where else ("", "")
    if mgrs or decimal:
        yield _Part(4, mgrs or _tight(decimal))
    elif card.where is not None:
        yield _Part(4, plainer(_line(card.where.text)), may_be_cut=True)
    yield _Part(3, say(tag, "short.sender", desk=desk))
    if about.times > 1:
        yield _Part(2, say(tag, "short.times", times=about.times))
    if mgrs and decimal:
        yield _Part(5, _tight(decimal))
    for stands, said in ((6, card.what), (7, card.why)):
        if said:
            yield _Part(stands, plainer(_line(said)), may_be_cut=True)


def _fitted(kept: list[_Part], part: _Part) -> _Part | None:
    """Return a part that still fits, cut if it may be; nothing if it cannot."""
    if segments(_joined([*kept, part])) == 1:
        return part
    if not part.may_be_cut:
        return None
    # A sign outside the GSM alphabet makes the whole message a dear one.
    joined = _joined(kept)
    room = ALONE[is_gsm(joined + part.text)] - len(_joined([*kept, _Part(0, "-")])) + 1
    cut = part._replace(text=_cut(part.text, room))
    return cut if cut.text and segments(_joined([*kept, cut])) == 1 else None


def _tight(decimal: str) -> str:
    """Write `35.285N 40.176E`, as short as it can be read."""
    return re.sub(r" (?=[NSEW])", "", decimal)


def _cut(text: str, room: int) -> str:
    """Shorten a text to so many characters; nothing where too little is left."""
    if len(text) <= room:
        return text
    return text[: room - 2].rstrip(" .") + ".." if room >= _SHORTEST_CUT else ""


def _joined(parts: Sequence[_Part]) -> str:
    """Part by full stops, in the order they stand."""
    said = ""
    for part in sorted(parts):
        said += part.text
        if part.stands != _REPLY:
            said += " " if said[-1] in ".!?" else ". "
    return said


# --- the letter -----------------------------------------------------------------


def _subject(about: About, tag: str) -> str:
    parts = [_named(about, tag, "short.head")]
    if not about.is_durable:
        parts.append(say(tag, "short.unrecorded"))
    parts.append(say(tag, "short.sender", desk=_line(about.desk)))
    if about.times > 1:
        parts.append(say(tag, "short.times", times=about.times))
    return " ".join(parts)


def _letter(about: About, tag: str, code: str) -> Iterator[str]:
    call = about.call
    yield _named(about, tag, "text.head", precedence=call.precedence)
    if not about.is_durable:
        yield say(tag, "text.unrecorded")
    if about.is_outside:
        yield _named(about, tag, "text.call_desk")
    else:
        yield say(tag, f"ask.{call.kind}")
        yield ""
        yield from _card(about, tag)
        yield ""
        yield say(
            tag, "text.raised", at=write_instant(call.raised_at.replace(microsecond=0))
        )
    if about.times > 1:
        yield say(tag, "text.times", times=about.times)
    yield ""
    yield _reply(about, tag, "text", code)


def _card(about: About, tag: str) -> Iterator[str]:
    """Write the five lines of a STOP."""
    card, unsaid = about.call.card, say(tag, "text.unsaid")
    yield _named(about, tag, "text.sender")
    where = _line(card.where.text) if card.where else unsaid
    yield say(tag, "text.where", place=where)
    if card.where is not None:
        yield from _place(card.where, tag)
    if card.where_again is not None:
        again = _line(card.where_again.text)
        yield say(tag, "text.where_again", place=again)
    yield say(tag, "text.what", what=_line(card.what) or unsaid)
    yield say(tag, "text.why", why=_line(card.why) or unsaid)
    sure = say(tag, f"confidence.{card.confidence}") if card.confidence else unsaid
    yield say(tag, "text.confidence", confidence=sure)


def _place(place: Place, tag: str) -> Iterator[str]:
    """Write a place in both encodings, and how far it may lie from there."""
    mgrs, decimal = said_forms(place)
    if mgrs:
        yield say(tag, "text.mgrs", place=mgrs)
    if decimal:
        yield say(tag, "text.decimal", place=decimal)
    match place.footprint:
        case Point(precision_m=off_m):
            yield say(tag, "text.precision", length=say_length(off_m))
        case Circle(radius_m=radius_m):
            yield say(tag, "text.radius", length=say_length(radius_m))
        case Sector(bearing_deg=bearing, range_m=ranges):
            yield say(
                tag,
                "text.sector",
                bearings=f"{bearing.least:05.1f} - {bearing.most % 360:05.1f}",
                ranges=say_apart(ranges),
                origin=_line(place.origin or write_decimal(place.footprint.origin, 1)),
            )
        case Unlocated():
            yield say(tag, "text.unlocated")


# --- speech ---------------------------------------------------------------------


def _speech(about: About, tag: str) -> Iterator[str]:
    """Speak the card; how to answer is said by whoever holds the conversation."""
    call = about.call
    kind, number = say(tag, f"kind.{call.kind}"), digits(str(call.number), tag)
    yield say(tag, "spoken.head", kind=kind, number=number)
    if not about.is_durable:
        yield say(tag, "spoken.unrecorded")
    if about.is_outside:
        yield say(tag, "spoken.call_desk", desk=_line(about.desk))
        return
    yield say(tag, "spoken.sender", desk=_line(about.desk))
    if call.card.where is not None:
        mgrs, decimal = said_forms(call.card.where)
        place = digits(mgrs or decimal, tag) or _line(call.card.where.text)
        yield say(tag, "spoken.place", place=place)
        yield say(tag, "spoken.again", place=place)
    for key, said in (("what", call.card.what), ("why", call.card.why)):
        if said:
            yield say(tag, f"spoken.{key}", **{key: _line(said).rstrip(".")})
    if about.times > 1:
        yield say(tag, "spoken.times", times=about.times)


def _spoken(character: str, tag: str) -> str:
    if character.isascii() and character.isdigit():
        return say(tag, f"digit.{character}")
    return SPOKEN.get(character, character)


# --- all of them ----------------------------------------------------------------


def _named(about: About, tag: str, key: str, **more: object) -> str:
    call = about.call
    return say(
        tag,
        key,
        kind=say(tag, f"kind.{call.kind}"),
        number=call.number,
        desk=_line(about.desk),
        party=_line(about.party),
        **more,
    )


def _plainly(tag: str, head: str, letter: tuple[str, ...]) -> Words:
    return Words(
        language=tag,
        subject=head,
        short=head,
        text="\n".join(letter) + "\n",
        spoken=f"{head}.",
    )


def _line(text: str) -> str:
    """Put what somebody wrote on one line, so that it can pass for no other."""
    return " ".join(text.split())
