"""Walk the calls while people, desks, watches, ladders and clocks change under them.

Everything the other walk promises holds here too; and what was handed down, and every
id, stands on its own.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from msgspec.structs import replace

from clearline.model.calls import (
    AttemptId,
    CallId,
    Ending,
    Kind,
    Ladder,
    Outcome,
    Precedence,
    Rung,
)
from clearline.model.calls import Line as CheckedLine
from clearline.model.commands import (
    Acknowledge,
    Enter,
    RaiseCall,
    ReportAttempt,
    SetLine,
    TakeWatch,
)
from clearline.model.entries import (
    CallRaised,
    DeskSet,
    LadderSet,
    NodeStarted,
    PersonSet,
    Rang,
)
from clearline.model.instants import Duration
from clearline.model.parties import Desk, DeskId, Medium, PersonId, Strength
from phone import BLUE, NORTH, SOUTH
from properties.test_calls_machine import Calls, people

DESKS = ("north-ops", "south-hq", "south-ops", "south-air", "monitor-ops")
desks = st.sampled_from(DESKS)
seconds = st.integers(1, 600)


class Upheaval(Calls):
    """Let anybody do anything, and everything else change meanwhile."""

    # --- who is there -------------------------------------------------------------
    @rule(name=people, desk=desks, media=st.sets(st.sampled_from(Medium), max_size=2))
    def moves(self, name: str, desk: str, media: set[Medium]) -> None:
        """Somebody is entered at another desk, with other telephones or none."""
        person = self.line.picture.persons.get(PersonId(name))
        assert person is not None
        changed = replace(person, desk=DeskId(desk), media=tuple(sorted(media)))
        self._try(lambda: self.line.do(Enter(act=PersonSet(person=changed))))

    @rule(
        desk=desks, under=st.none() | desks, party=st.sampled_from([NORTH, SOUTH, BLUE])
    )
    def hangs_elsewhere(self, desk: str, under: str | None, party: str) -> None:
        """A desk is put somewhere else in a tree."""
        made = Desk(
            id=DeskId(desk),
            party=party,  # type: ignore[arg-type]
            name="renamed",
            under=DeskId(under) if under else None,
        )
        self._try(lambda: self.line.do(Enter(act=DeskSet(desk=made))))

    @rule(
        desk=desks,
        precedence=st.sampled_from(Precedence),
        rungs=st.lists(
            st.tuples(desks, st.booleans(), st.sampled_from([(), (Medium.RADIO,)])),
            min_size=1,
            max_size=3,
        ),
        repeat=seconds,
    )
    def ladders_change(
        self, desk: str, precedence: Precedence, rungs: list, repeat: int
    ) -> None:
        """A desk keeps another ladder from now on."""
        ladder = Ladder(
            rungs=tuple(
                Rung(
                    desk=DeskId(where),
                    after=Duration(seconds=min(15, repeat)),
                    has_members=whole,
                    media=media,
                )
                for where, whole, media in rungs
            ),
            repeat_after=Duration(seconds=repeat),
        )
        act = LadderSet(desk=DeskId(desk), precedence=precedence, ladder=ladder)
        self._try(lambda: self.line.do(Enter(act=act)))

    @rule(name=people, minutes=st.integers(1, 600))
    def takes_watch(self, name: str, minutes: int) -> None:
        """Somebody takes the watch where they are now."""
        until = self.line.now + Duration(minutes=minutes)
        person = self.line.picture.persons.get(PersonId(name))
        assert person is not None
        role = person.roles[0]
        self._try(
            lambda: self.line.do(
                TakeWatch(by=self.line.actor(name), role=role, until=until)
            )
        )

    # --- what becomes of rings ----------------------------------------------------
    @rule(data=st.data(), outcome=st.sampled_from(Outcome), heard=st.booleans())
    def a_ring_comes_to_something(
        self,
        data: st.DataObject,
        outcome: Outcome,
        heard: bool,  # noqa: FBT001
    ) -> None:
        """A courier reports of a ring, or somebody unknown answers it."""
        call = self._some(data)
        known = self.line.picture.calls.get(CallId(call))
        attempts = [made.id for made in known.ringing] if known else []
        attempt = AttemptId(data.draw(st.sampled_from([*attempts, "none"])))
        if heard:
            voice = self.line.actor("duty", Strength.HEARD)
            said = Acknowledge(
                call=CallId(call), by=voice, attempt=attempt, words="yes"
            )
            self._try(lambda: self.line.do(said))
            return
        reported = ReportAttempt(call=CallId(call), attempt=attempt, outcome=outcome)
        self._try(lambda: self.line.do(reported))

    @rule(
        data=st.data(),
        by=people,
        kind=st.sampled_from([Kind.STOP, Kind.HOLD, Kind.WARN]),
        child=st.booleans(),
    )
    def raises_under_a_known_id(
        self,
        data: st.DataObject,
        by: str,
        kind: Kind,
        child: bool,  # noqa: FBT001
    ) -> None:
        """Somebody raises a call under an id that is taken, or will be."""
        known = self._some(data)
        call = f"{known}/south-air" if child else known
        asked = RaiseCall(
            call=CallId(call),
            kind=kind,
            by=self.line.actor(by),
            to_desk=DeskId("south-ops"),
            of=CallId(known),
        )
        self._try(lambda: self.line.do(asked))

    @rule(back=seconds)
    def node_starts_again(self, back: int) -> None:
        """The node comes up again, on a clock that is behind."""
        self.line.do(Enter(act=NodeStarted(size=self.line.picture.size)))
        now = self.line.now
        self.line.now = max(now - Duration(seconds=back), self._last())
        self.line.run_due()

    @rule(
        every=st.integers(1, 12), medium=st.sampled_from([Medium.VOICE, Medium.RADIO])
    )
    def a_line_is_checked(self, every: int, medium: Medium) -> None:
        """A line is entered, and from then on checked."""
        line = CheckedLine(
            from_desk=DeskId("north-ops"),
            to_desk=DeskId("south-ops"),
            medium=medium,
            every=Duration(hours=every),
            next_at=self.line.now + Duration(minutes=1),
        )
        self._try(lambda: self.line.do(SetLine(line=line)))

    def _last(self) -> object:
        at = self.line.picture.last_at()
        assert at is not None
        return at

    # --- what must hold -----------------------------------------------------------
    @invariant()
    def what_is_handed_down_stands_with_what_it_hands_down(self) -> None:
        """Nobody below is told that nothing binds while the call above binds."""
        if not hasattr(self, "line"):
            return
        calls = self.line.picture.calls
        for call in calls.values():
            above = calls.get(call.passed_from) if call.passed_from else None
            if above is None or not above.is_in_force:
                continue
            is_due = above.due_at is not None and above.due_at <= self.line.now
            assert is_due or call.ending not in (Ending.LAPSED, Ending.RELEASED), call

    @invariant()
    def every_call_and_every_ring_has_an_id_of_its_own(self) -> None:
        """No call is raised twice under one id, and no ring either."""
        if not hasattr(self, "line"):
            return
        raised = [act.call for act in self.line.acts if isinstance(act, CallRaised)]
        assert len(raised) == len(set(raised))
        made = [
            attempt.id
            for act in self.line.acts
            if isinstance(act, Rang)
            for attempt in act.attempts
        ]
        assert len(made) == len(set(made))


TestUpheaval = Upheaval.TestCase
TestUpheaval.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
