"""Walk every rule of a call at random and watch the one promise.

At every instant an open call waits for something, and the end of each wait rings
somebody or tells a desk. What the log says folds to the same picture.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from clearline.model.calls import Answer, CallId, Card, Kind, UnableReason
from clearline.model.commands import LeaveWatch
from clearline.model.entries import DeskTold, Entry, Rang, Realm
from clearline.model.errors import BadInput
from clearline.model.instants import Duration
from clearline.model.parties import Strength
from clearline.picture.picture import SHELVES, Picture, View, fold
from clearline.picture.snapshot import DUTY, read_snapshot, write_snapshot
from clearline.rules.clocks import waiting
from clearline.rules.escalation import advance
from clearline.wire.entries import read_entry, write_entry
from phone import Line

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PEOPLE = ("duty", "director", "spare", "chief", "controller", "lina", "observer")
KINDS = (Kind.STOP, Kind.HOLD, Kind.WARN, Kind.QUERY, Kind.LINE_CHECK)

people = st.sampled_from(PEOPLE)
strengths = st.sampled_from(list(Strength))


def shelves(view: View) -> dict[str, list[object]]:
    """List everything a picture keeps."""
    return {name: list(getattr(view, name).values()) for name in SHELVES}


class Calls(RuleBasedStateMachine):
    """Let anybody do anything to any call, in any order."""

    @initialize()
    def begin(self) -> None:
        """Put everybody on the line."""
        self.line = Line()
        self.raised = 0

    # --- what people do ---------------------------------------------------------

    @rule(kind=st.sampled_from(KINDS), by=people, to=st.booleans(), place=st.booleans())
    def raises(self, kind: Kind, by: str, to: bool, place: bool) -> None:  # noqa: FBT001
        """Anybody raises a call of any kind."""
        self.raised += 1
        what = "the convoy" if place else ""
        self._try(
            lambda: self.line.raises(
                kind,
                by=by,
                to="south-ops" if to or kind not in (Kind.STOP, Kind.HOLD) else None,
                call=f"call-{self.raised}",
                card=Card(what=what),
            )
        )

    @rule(data=st.data(), by=people)
    def proposes_release(self, data: st.DataObject, by: str) -> None:
        """Anybody proposes to lift anything."""
        self.raised += 1
        self._try(
            lambda: self.line.raises(
                Kind.RELEASE,
                by=by,
                call=f"call-{self.raised}",
                of=CallId(self._some(data)),
            )
        )

    @rule(data=st.data(), by=people, strength=strengths)
    def acknowledges(self, data: st.DataObject, by: str, strength: Strength) -> None:
        """Anybody says they have it."""
        self._try(lambda: self.line.acknowledges(by, self._some(data), strength))

    @rule(data=st.data(), by=people)
    def takes_back(self, data: st.DataObject, by: str) -> None:
        """Anybody takes an acknowledgement back."""
        self._try(lambda: self.line.takes_it_back(by, self._some(data)))

    @rule(
        data=st.data(),
        by=people,
        answer=st.sampled_from(list(Answer)),
        reason=st.none() | st.sampled_from(list(UnableReason)),
        whom=st.none() | st.sampled_from(["south-hq", "monitor-ops"]),
    )
    def answers(
        self,
        data: st.DataObject,
        by: str,
        answer: Answer,
        reason: UnableReason | None,
        whom: str | None,
    ) -> None:
        """Anybody answers anything."""
        call = self._some(data)
        self._try(
            lambda: self.line.answers(
                by, answer, call, reason=reason, detail="why", whom=whom
            )
        )

    @rule(data=st.data(), by=people, rightly=st.booleans())
    def reads_back(self, data: st.DataObject, by: str, rightly: bool) -> None:  # noqa: FBT001
        """Anybody reads back, rightly or not."""
        call = self._some(data)
        if call != "none":
            self._try(lambda: self.line.reads_back(by, call, rightly=rightly))

    @rule(
        data=st.data(), by=people, to=st.sampled_from(["south-air", "south-ops", "x"])
    )
    def passes_on(self, data: st.DataObject, by: str, to: str) -> None:
        """Anybody passes on."""
        self._try(lambda: self.line.passes_on(by, to, self._some(data)))

    @rule(data=st.data(), by=people)
    def ceased(self, data: st.DataObject, by: str) -> None:
        """Anybody reports the effect."""
        self._try(lambda: self.line.reports_ceased(by, self._some(data)))

    @rule(data=st.data(), by=people)
    def closes(self, data: st.DataObject, by: str) -> None:
        """Anybody says it is over."""
        self._try(lambda: self.line.closes(by, self._some(data)))

    @rule(data=st.data(), by=people, minutes=st.floats(0.1, 60))
    def renews(self, data: st.DataObject, by: str, minutes: float) -> None:
        """Anybody renews a HOLD."""
        self._try(lambda: self.line.renews(by, minutes, self._some(data)))

    @rule(by=people, to=st.none() | people, data=st.data())
    def leaves(self, by: str, to: str | None, data: st.DataObject) -> None:
        """Anybody leaves the watch, handing some call over."""
        taken = (CallId(self._some(data)),) if to and data.draw(st.booleans()) else ()
        incoming = self.line.actor(to) if to else None
        self._try(
            lambda: self.line.do(
                LeaveWatch(by=self.line.actor(by), to=incoming, taken=taken)
            )
        )

    @rule(seconds=st.one_of(st.integers(0, 120), st.sampled_from([600, 7200, 200_000])))
    def time_passes(self, seconds: int) -> None:
        """Time passes; whatever is due is done when it is due."""
        before = self.line.acts[:]
        acts = self.line.after(seconds=min(seconds, 7200))
        assert self.line.acts[: len(before)] == before
        assert all(act is not None for act in acts)

    @rule(seconds=st.integers(1, 100_000))
    def node_is_down(self, seconds: int) -> None:
        """The node is down for a while and then does everything due at once."""
        self.line.now += Duration(seconds=seconds)
        self.line.run_due()

    # --- what must hold ---------------------------------------------------------

    @invariant()
    def an_open_call_waits_for_something(self) -> None:
        """There is no state in which nothing is going to happen."""
        if not hasattr(self, "line"):
            return
        for call in self.line.picture.calls.values():
            assert bool(call.clocks) == call.is_open, call
            assert call.clocks == waiting(call)

    @invariant()
    def silence_is_never_unattended(self) -> None:
        """Who is not being rung about has a holder, has ceased, or was told."""
        if not hasattr(self, "line"):
            return
        for call in self.line.picture.open_calls():
            assert call.is_ringing or call.holders or call.has_ceased_at, call

    @invariant()
    def every_wait_ends_loudly(self) -> None:
        """Letting the earliest clock run out rings somebody or tells a desk."""
        if not hasattr(self, "line"):
            return
        line = self.line
        for call in list(line.picture.open_calls())[:3]:
            assert call.due_at is not None
            acts = advance(line.picture, call, max(call.due_at, line.now))
            loud = [
                act
                for act in acts
                if isinstance(act, DeskTold) or (isinstance(act, Rang) and act.attempts)
            ]
            assert loud, (call, acts)

    def teardown(self) -> None:
        """The log alone gives every picture there ever was.

        Through bytes and back it folds to what stands; a snapshot reads as what it
        was taken of; looking back is folding less; taking back is never having said.
        """
        if not hasattr(self, "line"):
            return
        log = self._log()
        assert [entry.act for entry in log] == self.line.acts
        living, size = self.line.picture, len(log)
        assert shelves(fold(iter(log))) == shelves(living)
        read = Picture()
        assert read_snapshot(write_snapshot(living, DUTY, size, b"x"), read) == b"x"
        assert shelves(read) == shelves(living)
        assert read.next_due() == living.next_due()
        for part in (2 * size // 3, size // 3, 0):
            before = fold(iter(log[:part]))
            assert shelves(living.at(part)) == shelves(before)
            then = Picture()
            read_snapshot(write_snapshot(living, DUTY, part, b"x"), then)
            assert shelves(then) == shelves(before)
            assert then.times == before.times
            living.take_back(part)
            assert shelves(living) == shelves(before)
            assert living.next_due() == before.next_due()
            assert [c.id for c in living.open_calls()] == [
                c.id for c in before.open_calls()
            ]

    def _log(self) -> list[Entry]:
        return [
            read_entry(
                write_entry(
                    Entry(
                        at=EPOCH + Duration(microseconds=at),
                        realm=Realm.EXERCISE,
                        act=act,
                    )
                )
            )
            for at, act in zip(self.line.picture.times, self.line.acts, strict=True)
        ]

    def _some(self, data: st.DataObject) -> str:
        known = [call.id for call in self.line.picture.calls.values()]
        return data.draw(st.sampled_from(known)) if known else "none"

    def _try(self, act: object) -> None:
        """Let it happen, or be refused with nothing changed."""
        size = self.line.picture.size
        try:
            act()  # type: ignore[operator]
        except BadInput as refused:
            said = refused
        else:
            return
        assert self.line.picture.size == size
        assert all((said.what, said.state, said.next))


TestCalls = Calls.TestCase
TestCalls.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.mark.parametrize("kind", KINDS)
def test_advancing_twice_changes_nothing_the_second_time(kind: Kind) -> None:
    """Doing what is due is done once."""
    line = Line()
    line.raises(kind)
    line.now += Duration(minutes=20)
    line.run_due()
    size = line.picture.size
    line.run_due()
    assert line.picture.size == size
