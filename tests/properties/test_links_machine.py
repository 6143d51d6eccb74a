"""Let two nodes say anything over a wire that loses, repeats and reorders it.

At both ends every open call waits for something whose end rings somebody or tells a
desk, whatever the wire does; and once it carries again, both know the same.
"""

import contextlib

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from clearline.model.calls import Answer, CallId, Kind, UnableReason
from clearline.model.entries import DeskTold, PeerTold, Rang
from clearline.model.errors import BadInput
from clearline.picture.picture import Picture
from clearline.picture.snapshot import DUTY, read_snapshot, write_snapshot
from clearline.rules.clocks import waiting as waiting_clocks
from clearline.rules.escalation import advance
from clearline.rules.links import OutOfOrder
from properties.test_calls_machine import shelves
from two_lines import Pair, Side, waiting

KINDS = (Kind.STOP, Kind.HOLD, Kind.WARN, Kind.QUERY, Kind.LINE_CHECK)
PEOPLE = {
    "north": ("lina", "nils", "noor"),
    "south": ("duty", "sami", "controller"),
}
sides = st.sampled_from(["north", "south"])
some = st.integers(0, 5)


class Links(RuleBasedStateMachine):
    """Let anybody at either node do anything, over a bad wire."""

    @initialize()
    def begin(self) -> None:
        """Link two nodes."""
        self.pair = Pair()
        self.pair.is_cut = True
        self.raised = 0

    @rule(at=sides, who=some, kind=st.sampled_from(KINDS))
    def calls_the_other(self, at: str, who: int, kind: Kind) -> None:
        """Somebody calls the other party's desk."""
        self.raised += 1
        other = "south" if at == "north" else "north"
        self._try(
            lambda: self._side(at).raises(
                kind,
                by=self._who(at, who),
                to=f"{other}-ops@{other}",
                call=f"c{self.raised}",
            )
        )

    @rule(at=sides, who=some, call=some)
    def proposes_release(self, at: str, who: int, call: int) -> None:
        """Somebody proposes to lift anything."""
        self.raised += 1
        of = self._call(at, call)
        self._try(
            lambda: self._side(at).raises(
                Kind.RELEASE,
                by=self._who(at, who),
                call=f"c{self.raised}",
                of=CallId(of),
            )
        )

    @rule(at=sides, who=some, call=some, answer=st.sampled_from(list(Answer)))
    def answers(self, at: str, who: int, call: int, answer: Answer) -> None:
        """Somebody answers anything."""
        self._try(
            lambda: self._side(at).answers(
                self._who(at, who),
                answer,
                self._call(at, call),
                reason=UnableReason.NOT_OURS,
            )
        )

    @rule(
        at=sides,
        who=some,
        call=some,
        does=st.sampled_from(
            ["acknowledges", "takes_it_back", "reads_back", "reports_ceased", "closes"]
        ),
    )
    def acts(self, at: str, who: int, call: int, does: str) -> None:
        """Somebody does anything to any call."""
        known = self._call(at, call)
        if known != "none":
            act = getattr(self._side(at), does)
            self._try(lambda: act(self._who(at, who), known))

    @rule(at=sides, who=some, call=some, minutes=st.floats(0.1, 60))
    def renews(self, at: str, who: int, call: int, minutes: float) -> None:
        """Somebody renews a HOLD."""
        self._try(
            lambda: self._side(at).renews(
                self._who(at, who), minutes, self._call(at, call)
            )
        )

    @rule(at=sides, who=some, call=some)
    def passes_on(self, at: str, who: int, call: int) -> None:
        """Somebody passes a call on down their own tree."""
        self._try(
            lambda: self._side(at).passes_on(
                self._who(at, who), f"{at}-air", self._call(at, call)
            )
        )

    @rule(at=sides, which=some, again=st.booleans())
    def the_wire_carries_one(self, at: str, which: int, again: bool) -> None:  # noqa: FBT001
        """Something said long ago or just now arrives, or arrives once more."""
        side = self._side(at)
        told = (
            [act for act in side.acts if isinstance(act, PeerTold)]
            if again
            else waiting(side)
        )
        if told:
            with contextlib.suppress(OutOfOrder):
                self.pair.hears(side, told[which % len(told)])

    @rule()
    def the_wire_carries_all(self) -> None:
        """Everything that waits arrives, in order."""
        self._carry()

    @rule(seconds=st.sampled_from([1, 4, 20, 120, 900]))
    def time_passes(self, seconds: int) -> None:
        """Time passes at both."""
        for side in (self.pair.north, self.pair.south):
            side.after(seconds=seconds)

    @invariant()
    def every_open_call_ends_loudly(self) -> None:
        """Nothing open is silent at either node."""
        if not hasattr(self, "pair"):
            return
        for side in (self.pair.north, self.pair.south):
            for call in side.picture.open_calls():
                assert call.clocks == waiting_clocks(call)
                assert call.clocks
                assert call.is_ringing or call.holders or call.has_ceased_at
            for call in list(side.picture.open_calls())[:3]:
                acts = advance(side.picture, call, max(call.due_at, side.now))
                assert any(
                    isinstance(act, DeskTold)
                    or (isinstance(act, Rang) and act.attempts)
                    for act in acts
                )

    def teardown(self) -> None:
        """With the wire whole, each has heard all, and a STOP binds at both or none."""
        if not hasattr(self, "pair"):
            return
        self._carry()
        for side in (self.pair.north, self.pair.south):
            other = self.pair.other(side)
            assert not waiting(side)
            assert (
                other.picture.reach.get(side.id).heard
                == side.picture.reach.get(other.id).told
            )
            for call in side.picture.calls.values():
                if call.kind is Kind.STOP and call.is_far:
                    there = other.picture.calls.get(CallId(f"{call.id}@{side.party}"))
                    assert there is not None
                    assert there.is_in_force == call.is_in_force
            read = Picture()
            size = side.picture.size
            read_snapshot(write_snapshot(side.picture, DUTY, size, b"x"), read)
            assert shelves(read) == shelves(side.picture)
        for side in (self.pair.north, self.pair.south):
            size = side.picture.size
            view = shelves(side.picture.at(size // 2))
            side.picture.take_back(size // 2)
            assert shelves(side.picture) == view

    def _carry(self) -> None:
        self.pair.is_cut = False
        self.pair.carry()
        self.pair.is_cut = True

    def _side(self, at: str) -> Side:
        return self.pair.north if at == "north" else self.pair.south

    def _who(self, at: str, who: int) -> str:
        return PEOPLE[at][who % 3]

    def _call(self, at: str, which: int) -> str:
        known = [call.id for call in self._side(at).picture.calls.values()]
        return known[-1 - which % len(known)] if known else "none"

    def _try(self, act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except BadInput as refused:
            said = refused
        else:
            return
        assert all((said.what, said.state, said.next))


TestLinks = Links.TestCase
TestLinks.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
