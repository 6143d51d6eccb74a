"""Answer a call from a telephone: I have it, unable, standby, read back, ceased.

code or PIN proven  -->  the act, by that person, at that strength
anything else       -->  heard from this number: that one ring stops, no more
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from clearline.model.calls import (
    Answer,
    AttemptId,
    Call,
    CallId,
    Kind,
    UnableReason,
)
from clearline.model.commands import Acknowledge, GiveAnswer, ReportCeased, SayBack
from clearline.model.entries import ReadBack
from clearline.model.parties import Actor, DeskId, Medium, PartyId, Strength
from clearline.model.places import NamedOrigin
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.picture.picture import View
from clearline.rules.answering import names_asked
from clearline.rules.coded import Word, even
from clearline.service.calling import Codes, Said
from clearline.service.phones.asking import Ask, Looking, do
from clearline.service.phones.heard import Heard, actor
from clearline.service.phones.lifting import Lifting
from clearline.service.phones.proven import Known

_NEEDS_WORDS: Final = frozenset({UnableReason.UNCLEAR, UnableReason.OTHER})
_ROGERED: Final = frozenset({Kind.WARN, Kind.LINE_CHECK})


class Answers:
    """Take answers to what rings here."""

    def __init__(
        self,
        ask: Ask,
        looking: Looking,
        codes: Codes,
        lifting: Lifting,
        known: Callable[[Sequence[NamedOrigin]], Sequence[NamedOrigin]] = tuple,
    ) -> None:
        """Ask the writer through `ask`, and look at what stands by `looking`.

        Args:
            ask: Gives a command to the writer.
            looking: Opens a view of what stands, for a moment.
            codes: The one-time codes of rings.
            lifting: Answers a RELEASE.
            known: Adds to the origins of the log those known beside it.
        """
        self._ask = ask
        self._lifting = lifting
        self._looking = looking
        self._codes = codes
        self._known = known

    def take(self, heard: Heard, known: Known) -> Said:
        """Do what an answer says, as surely as its author is known.

        Raises:
            ClearlineError: The writer refused it.
        """
        if known.person is None or heard.meaning.word is Word.NOTHING:
            return self._heard(heard, known)
        with self._looking() as view:
            calls = list(_calls_of(view, known, heard))
            by = actor(view, known.person, known.strength, heard.came)
        if not calls:
            return heard.reply("no_ring")
        if len(calls) > 1:
            numbers = ", ".join(str(call.number) for call in calls)
            return heard.reply("which_call", numbers=numbers)
        heard.calls.append(calls[0].id)
        return self._act(calls[0], by, heard, known)

    # --- proven -------------------------------------------------------------------

    def _act(self, call: Call, by: Actor, heard: Heard, known: Known) -> Said:
        meaning = heard.meaning
        names: dict[str, object] = {
            "kind": call.kind,
            "number": call.number,
            "secret": meaning.secret if known.strength is Strength.CODE else "PIN",
        }
        match meaning.word:
            case Word.UNABLE:
                return self._unable(call, by, heard, names)
            case Word.STANDBY:
                do(self._ask, GiveAnswer(call=call.id, by=by, answer=Answer.STANDBY))
                return heard.reply("standby", **names)
            case Word.READ_BACK:
                return self._read_back(call, by, heard, names)
            case Word.CEASED:
                do(self._ask, ReportCeased(call=call.id, by=by, detail=meaning.rest))
                return heard.reply("ceased", **names)
            case Word.YES | Word.NO:
                answer = Answer.AFFIRM if meaning.word is Word.YES else Answer.NEGATIVE
                return self._yes_or_no(call, by, heard, known, answer)
            case _:
                do(self._ask, Acknowledge(call=call.id, by=by, attempt=known.attempt))
                if known.strength is Strength.CODE:
                    self._codes.use(meaning.secret)
                key = "rogered" if call.kind in _ROGERED else "has"
                return heard.reply(key, **names)

    def _yes_or_no(
        self, call: Call, by: Actor, heard: Heard, known: Known, answer: Answer
    ) -> Said:
        if call.kind is Kind.RELEASE:
            return self._lifting.confirm(heard, by, call, known, answer)
        detail = heard.meaning.rest
        do(self._ask, GiveAnswer(call=call.id, by=by, answer=answer, detail=detail))
        return heard.reply(
            "answered", answer=answer, kind=call.kind, number=call.number
        )

    def _unable(
        self, call: Call, by: Actor, heard: Heard, names: dict[str, object]
    ) -> Said:
        meaning = heard.meaning
        reason = meaning.reason or (UnableReason.OTHER if meaning.rest else None)
        if reason is None:
            return heard.reply("which_reason", **names)
        detail = meaning.rest
        if reason in _NEEDS_WORDS and not detail:
            detail = f"by {by.device}, without a word on what"
        do(
            self._ask,
            GiveAnswer(
                call=call.id,
                by=by,
                answer=Answer.UNABLE,
                reason=reason,
                detail=detail,
            ),
        )
        return heard.reply("unable", reason=reason, **names)

    def _read_back(
        self, call: Call, by: Actor, heard: Heard, names: dict[str, object]
    ) -> Said:
        elements = said_back(call, heard.meaning.rest)
        with self._looking() as view:
            own = tuple(view.origins.values())
        asked = SayBack(
            call=call.id,
            by=by,
            said=elements,
            asked=names_asked(call, elements, self._known(own)),
            is_by_keys=heard.came.medium is Medium.VOICE,
        )
        written = do(self._ask, asked)
        for entry in written.entries:
            if isinstance(entry.act, ReadBack) and not entry.act.result.is_match:
                again = " ".join(
                    part.say_again for part in entry.act.result.elements
                ).strip()
                return heard.reply("differs", say_again=again)
        return heard.reply("matches_keys" if asked.is_by_keys else "matches", **names)

    # --- only heard -----------------------------------------------------------------

    def _heard(self, heard: Heard, known: Known) -> Said:
        """Keep it as heard from this number, where something rings for it."""
        with self._looking() as view:
            rings = _ring_of(view, heard)
        if rings is None:
            reply = heard.reply("wrong" if known.is_wrong else "no_ring")
            return heard.reply("locked") if known.is_locked else reply
        call, attempt, desk, party = rings
        heard.calls.append(call)
        by = Actor(
            party=party, desk=desk, strength=Strength.HEARD, device=heard.came.address
        )
        do(
            self._ask,
            Acknowledge(call=call, by=by, attempt=attempt, words=heard.meaning.masked),
        )
        if known.is_locked:
            return heard.reply("locked")
        return heard.reply("wrong" if known.is_wrong else "heard_ring")


def said_back(call: Call, words: str) -> tuple[ReadbackElement, ...]:
    """Part what was read back in one line into kind, number, place and thing.

    Each is optional and stands in that order. What was sent says only where the place
    ends and the thing begins; what was said is kept as it was said.
    """
    left = words.split()
    elements = []
    if left and even(left[0]) == even(call.kind.value):
        elements.append(_element("kind", ElementKind.TEXT, left.pop(0)))
    if left and even(left[0]).isdigit():
        elements.append(_element("number", ElementKind.NUMBER, left.pop(0)))
    where, what = _where_and_what(call, left)
    if where:
        elements.append(_element("where", ElementKind.PLACE, where))
    if what:
        elements.append(_element("what", ElementKind.TEXT, what))
    return tuple(elements)


def _where_and_what(call: Call, left: list[str]) -> tuple[str, str]:
    if call.card.where is None:
        return "", " ".join(left)
    thing = even(call.card.what).split()
    if thing and [even(word) for word in left[-len(thing) :]] == thing:
        return " ".join(left[: -len(thing)]), " ".join(left[-len(thing) :])
    return " ".join(left), ""


def _element(name: str, kind: ElementKind, text: str) -> ReadbackElement:
    return ReadbackElement(name=name, kind=kind, text=text)


def _calls_of(view: View, known: Known, heard: Heard) -> Iterator[Call]:
    """Find the calls an answer can mean.

    The code's own; or that of the ring it was said to; or what the person has.
    """
    meaning = heard.meaning
    if known.call is not None:
        call = view.calls.get(known.call)
        if call is not None:
            yield call
        return
    rung = [
        call
        for call in view.open_calls()
        if heard.came.call == call.id
        and any(made.person == known.person for made in call.ringing)
    ]
    if rung:
        yield from rung
        return
    mine = [
        call
        for call in view.open_calls()
        if any(made.person == known.person for made in call.ringing)
        or (known.person is not None and call.holds(known.person))
    ]
    if meaning.number:
        mine = [call for call in mine if str(call.number) == meaning.number]
    elif meaning.word in (Word.HAVE, Word.STANDBY):
        mine = [c for c in mine if known.person and not c.holds(known.person)] or mine
    yield from mine


def _ring_of(
    view: View, heard: Heard
) -> tuple[CallId, AttemptId, DeskId, PartyId] | None:
    """Find the newest ring that this number can have answered."""
    came, persons = heard.came, {one.person for one in heard.enrolled}
    newest = None
    for call in view.open_calls():
        for made in call.ringing:
            is_meant = made.id == came.attempt or (
                came.attempt is None
                and made.person in persons
                and made.medium is came.medium
            )
            if is_meant and (newest is None or made.at >= newest[1].at):
                newest = (call, made)
    if newest is None:
        return None
    call, made = newest
    desk = view.desks.get(made.desk)
    return call.id, made.id, made.desk, desk.party if desk else call.to_party
