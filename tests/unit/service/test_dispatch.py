"""Rings and tellings find their couriers, and no medium holds up another."""

import threading
from contextlib import contextmanager

from msgspec.structs import replace

from clearline.compose.node import memory_node
from clearline.model.calls import (
    AttemptId,
    CallId,
    Kind,
    Outcome,
    Precedence,
)
from clearline.model.commands import (
    Enter,
    RaiseCall,
    ReportAttempt,
    ReportCeased,
    SayBack,
)
from clearline.model.entries import PersonSet, Rang
from clearline.model.instants import Duration
from clearline.model.parties import Actor, DeskId, Medium, Person, PersonId, Role
from clearline.rules.answering import elements_of
from clearline.service import dispatch as dispatching
from clearline.service.dispatch import HAD_BEFORE, NO_ADDRESS, NO_COURIER, Dispatch
from clearline.service.ports import DiskFull
from clearline.wire.entries import read_entry
from couriers import (
    BlockedCourier,
    Book,
    CountingCodes,
    FaultyCourier,
    KeepingCourier,
    KeepingSwitchboard,
)
from faults.desks import LINE, NORTH, Dial, acknowledge, ask, stop, stop_at
from faults.nodes import ORIGIN, CountedChance

SMS, EMAIL = Medium.SMS, Medium.EMAIL


def person(name, *media, desk="s"):
    """Enter a person with these media."""
    return Enter(
        act=PersonSet(
            person=Person(
                id=PersonId(name),
                desk=DeskId(desk),
                pseudonym=name,
                roles=(Role.DUTY_OFFICER,),
                media=media,
            )
        )
    )


class House:
    """A node, its dispatch, and couriers that keep what they get."""

    def __init__(self, *couriers):
        self.couriers = {one.medium: one for one in couriers}
        self.switchboard = KeepingSwitchboard()
        self.book = Book()
        self.clock = Dial()
        self.dispatch = Dispatch(
            couriers=self.couriers,
            book=self.book,
            codes=CountingCodes(),
            switchboard=self.switchboard,
        )
        self.node = memory_node(
            ORIGIN,
            hear=self.dispatch.hear,
            clock=self.clock,
            chance=CountedChance(),
        )
        self.dispatch.start(self.node.picture)
        self.ask(*LINE)

    def ask(self, *commands):
        """Ask for commands, and let dispatch hand over what follows."""
        replies = ask(self.node, *commands)
        assert self.dispatch.wait_until_idle(20)
        return replies

    def sort_out(self):
        """Let all that was heard find its lane, whether or not a lane is blocked."""
        with self.dispatch._wake:
            assert self.dispatch._wake.wait_for(lambda: not self.dispatch._is_busy, 20)

    def later(self, **span):
        """Let time pass and do what is due."""
        self.clock.now += Duration(**span)
        self.node.writer.run_due()
        assert self.dispatch.wait_until_idle(20)

    def enter(self, name, *media, desk="s"):
        """Enter a person with an address for each medium."""
        for medium in media:
            self.book.enter(name, medium, f"{medium} of {name}")
        self.ask(person(name, *media, desk=desk))

    def why(self, attempt):
        """Say why an attempt rang."""
        log = self.node.log
        acts = [read_entry(said).act for _, said in log.read(0, log.size)]
        return next(
            act.why
            for act in acts
            if isinstance(act, Rang) and attempt in [one.id for one in act.attempts]
        )

    def said(self):
        """List what was reported: whom, what and why."""
        return [
            (ring.person, outcome, why)
            for ring, outcome, why in self.switchboard.reports
        ]


@contextmanager
def house(*couriers):
    """Set it up and stop it again."""
    found = House(*couriers)
    try:
        yield found
    finally:
        found.dispatch.stop()
        assert found.dispatch.trouble is None or couriers


def test_a_ring_reaches_every_address_with_one_code_and_the_card():
    """Two telephones of one person ring for one attempt with one code."""
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        it.book.enter("amal", SMS, "second", language="ar")
        it.ask(stop("stop-1"))
        first, second = it.couriers[SMS].rings
    assert (first.address, second.address) == ("sms of amal", "second")
    assert first.code == second.code != ""
    assert first.attempt == second.attempt
    assert (first.kind, first.number, first.desk) == (Kind.STOP, 1, "s")
    assert first.words.short.startswith("STOP 1. from North")
    assert second.words.language == "ar"
    assert first.is_durable


def test_an_attempt_that_cannot_leave_is_reported_with_the_reason():
    """No address, no courier: the ladder is told, and goes on."""
    with house(KeepingCourier(SMS)) as it:
        it.ask(person("amal", SMS, Medium.RADIO))
        it.ask(stop("stop-1"))
        assert sorted(it.said()) == sorted(
            [
                ("amal", Outcome.FAILED, NO_ADDRESS),
                ("amal", Outcome.FAILED, NO_COURIER),
            ]
        )
    assert it.couriers[SMS].rings == []


def test_screens_are_the_feeds_own():
    """A screen is no courier's, so nothing of it is reported as failed."""
    with house() as it:
        it.ask(stop("stop-1"))
        assert it.said() == []


def test_a_blocked_courier_delays_no_other():
    """One medium that never comes back holds up its own lane alone."""
    blocked = BlockedCourier(SMS)
    with house(blocked, KeepingCourier(EMAIL)) as it:
        it.book.enter("amal", SMS, "1")
        it.book.enter("amal", EMAIL, "2")
        it.ask(person("amal", SMS, EMAIL))
        ask(it.node, stop_at("stop-1"), stop_at("stop-2"))
        assert blocked.is_in.wait(20)
        it.sort_out()
        assert it.dispatch._lanes[EMAIL].wait_until_idle(20)
        assert [ring.call for ring in it.couriers[EMAIL].rings] == ["stop-1", "stop-2"]
        assert [ring.call for ring in blocked.rings] == ["stop-1"]
        blocked.may_go.set()


def test_a_faulty_courier_is_a_failed_attempt():
    """What breaks is said of the attempt, and the other media ring."""
    with house(FaultyCourier(SMS), KeepingCourier(EMAIL)) as it:
        it.enter("amal", SMS, EMAIL)
        it.ask(stop("stop-1"))
        ((who, outcome, why),) = it.said()
    assert (who, outcome) == ("amal", Outcome.FAILED)
    assert "no sms today" in why
    assert len(it.couriers[EMAIL].rings) == 1


def test_what_somebody_has_is_let_go():
    """Acknowledged on one medium, it stops on every other."""
    with house(KeepingCourier(SMS), KeepingCourier(EMAIL)) as it:
        it.enter("amal", SMS, EMAIL)
        it.ask(stop("stop-1"))
        it.later(seconds=31)
        it.ask(acknowledge("stop-1"))
        for courier in it.couriers.values():
            rung = [ring.attempt for ring in courier.rings]
            assert len(rung) == 2
            assert courier.gone == rung


def test_what_rang_again_goes_on_ringing():
    """A repeat lets nothing go: somebody may just be picking up."""
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        it.ask(stop("stop-1"))
        it.later(seconds=31)
        assert len(it.couriers[SMS].rings) == 2
        assert it.couriers[SMS].gone == []


def test_a_failed_address_is_no_failed_attempt_while_another_may_ring():
    """The ladder hears of a failure once every telephone of the person failed."""
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        it.book.enter("amal", SMS, "second")
        it.ask(stop("stop-1"))
        first, second = it.couriers[SMS].rings
        told = it.couriers[SMS].switchboard
        told.report(first, Outcome.FAILED, "unknown number")
        assert it.said() == []
        told.report(second, Outcome.SENT)
        told.report(second, Outcome.SENT)
        assert it.said() == [("amal", Outcome.SENT, "")]
        told.report(second, Outcome.FAILED, "expired")
    assert it.said()[1:] == [("amal", Outcome.FAILED, "unknown number; expired")]


def test_a_joined_call_is_counted_and_not_dialled():
    """The same source and place rings once; the next ring says for how many."""
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        it.ask(*(stop_at(f"stop-{number}", "mill") for number in (1, 2, 3)))
        it.ask(stop("elsewhere"))
        assert [ring.call for ring in it.couriers[SMS].rings] == [
            "stop-1",
            "elsewhere",
        ]
        it.later(seconds=31)
        again = [ring for ring in it.couriers[SMS].rings if ring.call == "stop-1"][-1]
        assert again.times == 3
        assert "x3" in again.words.short


def test_tellings_reach_the_callers_watch_in_text():
    """Nobody has this: the caller's people are told by what they can read."""
    with house(
        KeepingCourier(SMS), KeepingCourier(EMAIL), KeepingCourier(Medium.VOICE)
    ) as it:
        it.enter("lina", SMS, EMAIL, Medium.VOICE, Medium.SCREEN, desk="n")
        it.ask(stop("stop-1"))
        for _ in range(3):
            it.later(seconds=31)
        for medium in (SMS, EMAIL):
            told = it.couriers[medium].messages
            assert told, medium
            assert told[0].person == "lina"
            shorts = [message.words.short for message in told]
            assert "STOP 1: nobody has this" in shorts
        assert it.couriers[Medium.VOICE].messages == []


class Unwilling:
    """A store that refuses while told to."""

    def __init__(self, node):
        self._append = node.store.append
        node.store.append = self.append
        self.refuses = False

    def append(self, first, rows, **rest):
        """Refuse, or take the batch."""
        if self.refuses:
            raise DiskFull("The disk is full.", state="Nothing.", next="Free it.")
        self._append(first, rows, **rest)


def started_again(it):
    """Start another dispatch on what stands, as after a restart."""
    courier = KeepingCourier(SMS)
    dispatch = Dispatch(
        couriers={SMS: courier},
        book=it.book,
        codes=CountingCodes(),
        switchboard=it.switchboard,
    )
    dispatch.start(it.node.picture)
    assert dispatch.wait_until_idle(20)
    dispatch.stop()
    return courier


def test_after_a_restart_callers_are_told_how_their_calls_stand():
    """What somebody should have been told when the node went down is told again."""
    with house() as it:
        it.enter("lina", SMS, desk="n")
        it.enter("amal", SMS)
        it.ask(stop_at("stop-1"), stop_at("stop-2"), acknowledge("stop-2"))
        told = started_again(it).messages
        assert {(one.person, one.words.short) for one in told} == {
            ("lina", "STOP 1: nobody has this"),
            ("lina", "STOP 2: somebody has this"),
        }


def test_after_a_restart_a_ring_about_a_holds_end_goes_out_again():
    """It rings beside the ladder, so the node would not ring it anew by itself."""
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        it.ask(stop("hold-1", Kind.HOLD), acknowledge("hold-1"))
        call, by = it.node.picture.calls.get(CallId("hold-1")), acknowledge("").by
        it.ask(
            SayBack(call=call.id, by=by, said=elements_of(call)),
            ReportCeased(call=call.id, by=by),
        )
        it.later(minutes=13, seconds=1)
        (due,) = [
            ring for ring in it.couriers[SMS].rings if "review" in it.why(ring.attempt)
        ]
        again = started_again(it).rings
        assert [ring.attempt for ring in again] == [due.attempt]


def test_a_ring_that_is_not_recorded_says_so_and_rings_once():
    """Recorded later, it is told as recorded, and rings no second time for it."""
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        disk = Unwilling(it.node)
        disk.refuses = True
        it.ask(stop("stop-1"))
        (ring,) = it.couriers[SMS].rings
        assert not ring.is_durable
        assert "NOT YET RECORDED" in ring.words.short
        disk.refuses = False
        it.later(seconds=2)
        assert len(it.couriers[SMS].rings) == 1
        (told,) = it.couriers[SMS].messages
        assert told.words.short == f"STOP {ring.number} is now recorded"
        it.later(seconds=31)
        assert it.couriers[SMS].rings[-1].is_durable


def test_stop_before_the_rest_and_everybody_before_seconds():
    """With a thousand waiting, the first card of each person goes first."""
    blocked = BlockedCourier(SMS)
    with house(blocked) as it:
        for name in ("amal", "basil"):
            it.book.enter(name, SMS, f"sms of {name}")
            it.ask(person(name, SMS))
        ask(it.node, stop("plug"))
        assert blocked.is_in.wait(20)
        query = RaiseCall(
            call=CallId("query"),
            kind=Kind.QUERY,
            by=Actor(
                party=NORTH,
                desk=DeskId("n"),
                strength=acknowledge("x").by.strength,
                person=PersonId("lina"),
            ),
            to_desk=DeskId("s"),
            precedence=Precedence.ROUTINE,
        )
        ask(it.node, person("lina", Medium.SCREEN, desk="n"), query)
        for number in range(500):
            ask(it.node, stop_at(f"stop-{number}"))
        it.sort_out()
        blocked.may_go.set()
        assert it.dispatch.wait_until_idle(20)
    rings = blocked.rings
    assert rings[0].call == "plug"
    assert {ring.person for ring in rings[1:4]} == {"amal", "basil"}
    assert rings[-1].call == "query"


def test_second_cards_wait_while_firsts_are_being_sorted(monkeypatch):
    """In a flood nobody's hundredth is made before the last call's people are rung."""
    monkeypatch.setattr(dispatching, "CATCH_UP_S", 20.0)
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        it.enter("basil", SMS, desk="n")
        may_go, hear = threading.Event(), it.dispatch._rung.hear

        def sort_slowly(written):
            if any(getattr(one.act, "call", "") == "last" for one in written.entries):
                assert may_go.wait(20)
            yield from hear(written)

        it.dispatch._rung.hear = sort_slowly
        last = replace(stop_at("last"), by=acknowledge("last").by, to_desk=DeskId("n"))
        ask(it.node, *(stop_at(f"stop-{number}") for number in range(9)), last)
        may_go.set()
        assert it.dispatch.wait_until_idle(20)
        rung = [ring.call for ring in it.couriers[SMS].rings]
        assert rung[0] == "stop-0"
        assert "last" in rung[:3], "one may be in hand when the last is sorted"
        assert len(rung) == 10


def test_a_call_taken_before_its_turn_is_reported_as_not_rung():
    """The log never says that somebody was rung who was not."""
    blocked = BlockedCourier(SMS)
    with house(blocked) as it:
        it.book.enter("amal", SMS, "1")
        it.ask(person("amal", SMS))
        ask(it.node, stop("stop-1"))
        assert blocked.is_in.wait(20)
        ask(it.node, stop_at("stop-2"), acknowledge("stop-2"))
        it.sort_out()
        blocked.may_go.set()
        assert it.dispatch.wait_until_idle(20)
    assert [ring.call for ring in blocked.rings] == ["stop-1"]
    assert [(w, o, y) for w, o, y in it.said() if y == HAD_BEFORE] == [
        ("amal", Outcome.FAILED, HAD_BEFORE)
    ]


def test_a_failed_attempt_is_rung_again_by_the_ladder():
    """A ring that failed reached nobody, and the next one goes out in its time."""
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        it.ask(stop("stop-1"))
        (ring,) = it.couriers[SMS].rings
        it.ask(
            ReportAttempt(
                call=CallId("stop-1"),
                attempt=AttemptId(ring.attempt),
                outcome=Outcome.FAILED,
            )
        )
        assert it.couriers[SMS].gone == []
        it.later(seconds=31)
        assert len(it.couriers[SMS].rings) == 2


def test_another_calls_acknowledgement_lets_nothing_go():
    """Only the call that somebody has stops ringing."""
    with house(KeepingCourier(SMS)) as it:
        it.enter("amal", SMS)
        it.ask(stop_at("stop-1"), stop_at("stop-2"))
        it.ask(acknowledge("stop-2"))
        first, second = it.couriers[SMS].rings
        assert (first.call, second.call) == ("stop-1", "stop-2")
        assert it.couriers[SMS].gone == [second.attempt]
