"""Play how people answer one call; everything they do is a command to the line.

    ring --reach--> acknowledged --understand--> read back --authority--+
      '- not heard: the ladder goes on                                  |
                                 may order it: --belief--> order -------+
                                 may not: fetches whoever may, or UNABLE
    order --propagation--> ceased --> reported up, closed by both

Each step takes what the document's model says, and fails as often. Everybody rung
goes this way on their own; the first order given is the one passed on. A ring that
is out is not called back: whoever hears it acknowledges, though somebody else may
have done so before.
"""

from collections import Counter
from typing import Final

import msgspec

from clearline.model.calls import (
    RESPONSES,
    Answer,
    Attempt,
    Call,
    CallId,
    Response,
    UnableReason,
)
from clearline.model.cast import ResponseModel, Step, Tongue
from clearline.model.commands import (
    Acknowledge,
    Close,
    GiveAnswer,
    PassOn,
    ReportCeased,
    SayBack,
)
from clearline.model.instants import Instant
from clearline.model.parties import Actor, Medium, PersonId
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.model.scenarios import Raise
from clearline.replay.result import StepKind
from clearline.replay.scene import Scene
from clearline.rules.answering import elements_of

SECOND_TRY_S: Final = 1.0
"""Nobody says anything a second time in less than this."""

_YES: Final = {
    Response.WILCO_UNABLE: Answer.WILCO,
    Response.AFFIRM_NEGATIVE: Answer.AFFIRM,
    Response.ROGER: Answer.ROGER,
}


class Has(msgspec.Struct, kw_only=True):
    """Hold what one person has done about the call so far.

    Attributes:
        medium: What they answered on.
        since: When they acknowledged.
        read_back: When what they read back was right.
        may_since: When it was with somebody who may order it, through this one.
    """

    medium: Medium
    since: Instant
    read_back: Instant | None = None
    may_since: Instant | None = None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the order that was given, and the chain that brought it."""

    by: PersonId
    at: Instant
    chain: Has


class Answering:
    """Play everybody who is rung for one call.

    Attributes:
        order: The order once it is given.
        is_over: Whether nobody has anything left to do about it.
    """

    def __init__(
        self, scene: Scene, act: Raise, call: CallId, *, is_insisting: bool
    ) -> None:
        """Wait for rings of `call`, which `act` raised."""
        self._scene = scene
        self._act = act
        self._call = call
        self._is_insisting = is_insisting
        self._has: dict[PersonId, Has] = {}
        self._tries: Counter[tuple[PersonId, Step]] = Counter()
        self._deciding: set[PersonId] = set()
        self._is_acting = False
        self.order: Order | None = None

    # --- reach ------------------------------------------------------------------

    def rings(self, call: CallId, attempt: Attempt, number: int) -> None:
        """Let a person's device ring, for the `number`th time on that medium."""
        person, medium = attempt.person, attempt.medium
        if person in self._has or self._is_done(call) or not self._is_called(person):
            return
        if not self._scene.players.is_there(person, self._scene.offset):
            self._scene.note(StepKind.NOT_HEARD, person, "is not there", call)
            return
        if self._acts(person):
            self._told_to_act(call, person, medium)
            return
        model = self._response(Step.REACH, person, medium)
        name = (self._act.id, person, medium, Step.REACH)
        if self._scene.draws.happens(model.fails, *name, number=number):
            self._scene.note(StepKind.NOT_HEARD, person, "does not hear it", call)
            return
        takes = self._scene.draws.seconds(model.takes, *name, number=number)
        if number > 1:
            takes = max(takes, SECOND_TRY_S)
        self._scene.after(takes, lambda: self._acknowledges(attempt))

    def _acknowledges(self, attempt: Attempt) -> None:
        person, medium = attempt.person, attempt.medium
        if person in self._has or self._is_done(self._call):
            return
        by = self._actor(person, medium)
        if self._scene.does(Acknowledge(call=self._call, by=by, attempt=attempt.id)):
            self._has[person] = Has(medium=medium, since=self._scene.now)
            self._reads(person)

    # --- understand ----------------------------------------------------------------

    def _reads(self, person: PersonId, least_s: float = 0.0) -> None:
        medium = self._has[person].medium
        model = self._response(Step.UNDERSTAND, person, medium)
        number = self._try(person, Step.UNDERSTAND)
        delay = model.then_takes if number > 1 and model.then_takes else model.takes
        name = (self._act.id, person, Step.UNDERSTAND)
        draws = self._scene.draws
        takes = max(draws.seconds(delay, *name, number=number), least_s)
        is_right = not draws.happens(model.fails, *name, number=number)
        self._scene.after(takes, lambda: self._says_back(person, is_right=is_right))

    def _says_back(self, person: PersonId, *, is_right: bool) -> None:
        if self._is_done(self._call):
            return
        has, call = self._has[person], self._known(self._call)
        said = elements_of(call) if is_right else _garbled(call)
        by = self._actor(person, has.medium)
        if not self._scene.does(SayBack(call=self._call, by=by, said=said)):
            return
        if is_right:
            has.read_back = self._scene.now
            self._seeks(person)
        else:
            self._reads(person, SECOND_TRY_S)

    # --- authority -----------------------------------------------------------------

    def _seeks(self, person: PersonId) -> None:
        model = self._response(Step.AUTHORITY, person, self._has[person].medium)
        number = self._try(person, Step.AUTHORITY)
        name, draws = (self._act.id, person, Step.AUTHORITY), self._scene.draws
        takes = draws.seconds(model.takes, *name, number=number)
        if draws.happens(model.fails, *name, number=number):
            if model.then_takes:
                takes += draws.seconds(model.then_takes, *name, "then", number=number)
            self._scene.after(takes, lambda: self._is_unable(person))
            return
        self._scene.after(takes, lambda: self._finds_authority(person))

    def _finds_authority(self, person: PersonId) -> None:
        if self._is_done(self._call):
            return
        players = self._scene.players
        if players.is_right(self._act, person):
            right: PersonId | None = person
        else:
            right = players.right_one(self._act, self._scene.offset)
        if right is None:
            self._is_unable(person)
            return
        chain = self._has[person]
        if right not in self._has:
            medium = players.own_medium(right)
            by = self._actor(right, medium)
            if not self._scene.does(Acknowledge(call=self._call, by=by)):
                return
            self._has[right] = Has(medium=medium, since=self._scene.now)
        chain.may_since = self._scene.now
        self._decides(right, chain)

    def _is_unable(self, person: PersonId) -> None:
        """Let somebody say that they may not, and let the ladder go on."""
        if self._is_done(self._call):
            return
        has = self._has.pop(person)
        desk = self._act.right_desks[0] if self._act.right_desks else None
        own = self._scene.players.person(person).desk
        self._scene.does(
            GiveAnswer(
                call=self._call,
                by=self._actor(person, has.medium),
                answer=Answer.UNABLE,
                reason=UnableReason.NEED_AUTHORITY,
                whom=desk if desk != own else None,
            )
        )

    # --- belief ---------------------------------------------------------------------

    def _decides(self, right: PersonId, chain: Has) -> None:
        if right in self._deciding:
            return
        self._deciding.add(right)
        model = self._response(Step.BELIEF, right, self._has[right].medium)
        name = (self._act.id, right, Step.BELIEF)
        takes = self._once_more(model, name)
        self._scene.after(takes, lambda: self._orders(right, chain))

    def _orders(self, right: PersonId, chain: Has) -> None:
        if self._is_done(self._call) or self.order is not None:
            return
        self.order = Order(by=right, at=self._scene.now, chain=chain)
        by = self._actor(right, self._medium_of(right))
        answer = _YES[RESPONSES[self._act.call]]
        self._scene.does(GiveAnswer(call=self._call, by=by, answer=answer))
        if answer is not Answer.WILCO:
            return  # it asked nobody to cease
        desk = self._scene.players.scenario.events.carried_out_by
        if by.desk == desk:
            self._told_to_act(self._call, right, self._medium_of(right))
        elif not self._scene.does(PassOn(call=self._call, by=by, to_desk=desk)):
            self._passes_on_outside(right)

    def _passes_on_outside(self, right: PersonId) -> None:
        """Let an order go to a desk outside the orderer's own tree by other means."""
        desk = self._scene.players.scenario.events.carried_out_by
        for who in self._scene.players.at_desk(desk):
            if self._scene.players.is_there(who.id, self._scene.offset):
                self._told_to_act(None, who.id, who.media[0])
                return
        self._scene.note(
            StepKind.NOT_HEARD, right, "gives the order; nobody is there", self._call
        )

    # --- propagation -----------------------------------------------------------------

    def _told_to_act(
        self, call: CallId | None, person: PersonId, medium: Medium
    ) -> None:
        """Let the order reach the desk that acts, at once or when told once more."""
        if self._is_acting:
            return
        self._is_acting = True
        model = self._response(Step.PROPAGATION, person, medium)
        name = (self._act.id, Step.PROPAGATION)
        takes = self._scene.draws.seconds(model.takes, *name)
        if not self._scene.draws.happens(model.fails, *name):
            self._hears_order(call, person, medium, takes)
            return
        again = self._scene.draws.seconds(
            model.then_takes or model.takes, *name, "then"
        )
        self._scene.note(StepKind.NOT_HEARD, person, "misses the order", call)
        self._scene.after(takes, lambda: self._hears_order(call, person, medium, again))

    def _hears_order(
        self, call: CallId | None, person: PersonId, medium: Medium, takes: float
    ) -> None:
        if call is not None and not self._is_done(call):
            by = self._actor(person, medium)
            self._scene.does(Acknowledge(call=call, by=by))
            said = elements_of(self._known(call))
            self._scene.does(SayBack(call=call, by=by, said=said))
            self._has.setdefault(person, Has(medium=medium, since=self._scene.now))
        self._scene.after(takes, lambda: self._ceases(call, person, medium))

    def _ceases(self, call: CallId | None, person: PersonId, medium: Medium) -> None:
        now = self._scene.now
        if call is not None and not self._is_done(call):
            by = self._actor(person, medium)
            self._scene.does(ReportCeased(call=call, by=by, ceased_at=now))
        top = self._known(self._call)
        if self.order is not None and top.is_open and top.has_ceased_at is None:
            by = self._actor(self.order.by, self._medium_of(self.order.by))
            self._scene.does(ReportCeased(call=self._call, by=by, ceased_at=now))
        self._both_close()

    def _both_close(self) -> None:
        """Let both sides say it is over, where the call ends that way."""
        caller = self._actor(self._act.by, self._act.medium)
        sides: list[Actor] = [caller]
        if self.order is not None:
            right = self.order.by
            sides.insert(0, self._actor(right, self._medium_of(right)))
        for by in sides:
            if self._known(self._call).is_open:
                self._scene.does(Close(call=self._call, by=by))

    # --- what everybody needs ---------------------------------------------------------

    def _acts(self, person: PersonId) -> bool:
        desk = self._scene.players.scenario.events.carried_out_by
        return self._scene.players.person(person).desk == desk

    def _is_called(self, person: PersonId) -> bool:
        """Say whether a person is on the called side; a caller only looks on."""
        players = self._scene.players
        return players.party_of(person) != players.party_of(self._act.by)

    def _is_done(self, call: CallId) -> bool:
        known = self._scene.writer.picture.calls.get(call)
        return known is None or not known.is_open or known.has_ceased_at is not None

    def _known(self, call: CallId) -> Call:
        known = self._scene.writer.picture.calls.get(call)
        if known is None:
            raise AssertionError(call)  # it was raised, or nobody would be rung
        return known

    def _medium_of(self, person: PersonId) -> Medium:
        has = self._has.get(person)
        return has.medium if has else self._scene.players.own_medium(person)

    def _actor(self, person: PersonId, medium: Medium) -> Actor:
        return self._scene.players.actor(person, medium)

    def _try(self, person: PersonId, step: Step) -> int:
        self._tries[person, step] += 1
        return self._tries[person, step]

    def _once_more(self, model: ResponseModel, name: tuple[object, ...]) -> float:
        """Draw a step that fails at most once, and what that costs on top."""
        takes = self._scene.draws.seconds(model.takes, *name)
        if self._scene.draws.happens(model.fails, *name):
            again = model.then_takes or model.takes
            takes += self._scene.draws.seconds(again, *name, "then")
        return takes

    def _response(self, step: Step, person: PersonId, medium: Medium) -> ResponseModel:
        return self._scene.players.response(step, person, medium, self._tongue(person))

    def _tongue(self, person: PersonId) -> Tongue:
        """Say whether caller and listener have words in common.

        A caller who insists on one person tells nobody else more than who calls and
        that it is a STOP: the others have as little as without a shared language.
        """
        if self._is_insisting and person != self._insisted_on:
            return Tongue.OTHER
        languages = self._scene.players.person(person).languages
        return Tongue.SHARED if self._act.language in languages else Tongue.OTHER

    @property
    def _insisted_on(self) -> PersonId | None:
        return self._scene.players.person(self._act.by).insists_on


def _garbled(call: Call) -> tuple[ReadbackElement, ...]:
    """Read back everything but one thing: what is to stop, or else the number."""
    elements = list(elements_of(call))
    for index, element in enumerate(elements):
        if element.name == "what":
            elements[index] = ReadbackElement(
                name="what", kind=ElementKind.TEXT, text="say again"
            )
            return tuple(elements)
    elements[1] = ReadbackElement(
        name="number",
        kind=ElementKind.NUMBER,
        text=str(call.number + 1),
        number=float(call.number + 1),
    )
    return tuple(elements)
