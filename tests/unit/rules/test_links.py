"""Two nodes, one call: what each is told, what follows, and what never leaves."""

import pytest
from msgspec.structs import replace

from clearline.ledger.keys import SignerKey
from clearline.model.calls import (
    Answer,
    CallId,
    Card,
    ClockName,
    Ending,
    Kind,
    Telling,
    UnableReason,
    Why,
)
from clearline.model.commands import (
    Acknowledge,
    HearPeer,
    RevokePeer,
    SetPeer,
    Show,
)
from clearline.model.entries import DeskTold, PeerHeard, PeerTold, Rang
from clearline.model.instants import Duration
from clearline.model.links import CallSaid, GoesOnAs, Has, HeardAs, PeerId
from clearline.model.parties import DeskId, Medium, Role, Strength
from clearline.rules.clocks import PEER_SPEAKS_WITHIN
from clearline.rules.links import (
    OutOfOrder,
    PartyTaken,
    SignedTwice,
    UnknownPeer,
)
from phone import rung, told
from two_lines import Pair, Side, calls, there, waiting


def tellings(side: Side) -> list[Telling]:
    """List what the desk that called was told."""
    return [telling for desk, telling in told(side.acts) if "@" not in desk]


def medias(side: Side) -> set[Medium]:
    """Say by which media anybody was rung."""
    return {
        made.medium
        for act in side.acts
        if isinstance(act, Rang)
        for made in act.attempts
    }


def test_a_stop_rings_at_the_other_node_and_comes_back_as_a_conversation() -> None:
    """From STOP to closed by both, each side's words are at both nodes."""
    line = Pair()
    calls(line, card=Card(what="the shelling"))
    assert rung(line.north.acts) == ["node:south-ops@south"]
    assert rung(line.south.acts) == ["duty"]
    assert tellings(line.north)[-1] is Telling.RECEIVED_THERE
    line.south.acknowledges("duty", there())
    line.carry()
    held = line.north.call("s1").holders
    assert [one.by.desk for one in held] == ["south-ops@south"]
    assert tellings(line.north)[-1] is Telling.HELD
    line.south.reads_back("duty", there())
    line.south.passes_on("duty", "south-air", there())
    line.south.reports_ceased("duty", there())
    line.carry()
    here = line.north.call("s1")
    assert here.has_read_back_at
    assert here.has_passed_on_at
    assert here.has_ceased_at
    line.south.closes("duty", there())
    line.north.closes("lina", "s1")
    line.carry()
    assert line.north.ending("s1") is Ending.CLOSED
    assert line.south.ending(there()) is Ending.CLOSED
    assert not line.refused
    assert not waiting(line.north)
    assert not waiting(line.south)


def test_the_readback_is_compared_where_the_call_was_raised() -> None:
    """A number read back rightly there is right here, whatever it is here."""
    line = Pair()
    line.south.raises(by="duty", to="south-air", call="own", kind=Kind.WARN)
    calls(line)
    assert line.south.call(there()).number != line.north.call("s1").number
    line.south.acknowledges("duty", there())
    line.south.reads_back("duty", there(), rightly=False)
    line.carry()
    assert tellings(line.north)[-1] is Telling.READBACK_DIFFERS
    line.south.reads_back("duty", there())
    line.carry()
    assert line.north.call("s1").has_read_back_at is not None


def test_a_silent_peer_alarms_the_callers_own_people_after_five_seconds() -> None:
    """Nobody waits for a receipt in the belief that a STOP has arrived."""
    line = Pair()
    line.is_cut = True
    calls(line)
    line.after(seconds=4)
    assert Telling.PEER_SILENT not in tellings(line.north)
    line.after(seconds=1)
    assert tellings(line.north)[-1] is Telling.PEER_SILENT
    alarm = [a for a in line.north.acts if isinstance(a, Rang)][-1]
    assert alarm.why is Why.PEER_SILENT
    assert [made.person for made in alarm.attempts] == ["lina", "lina"]
    line.after(seconds=29)
    assert tellings(line.north).count(Telling.PEER_SILENT) == 1
    line.after(seconds=1)
    assert tellings(line.north).count(Telling.PEER_SILENT) == 2
    line.is_cut = False
    line.carry()
    waits = {clock.name: clock for clock in line.north.call("s1").clocks}
    assert waits[ClockName.PEER].due_at == line.north.now + PEER_SPEAKS_WITHIN
    line.south.do(Show(call=there(), device="wall", desk=DeskId("south-ops")))
    line.carry()
    assert [clock.name for clock in line.north.call("s1").clocks] == [ClockName.RING]
    assert rung(line.south.acts) == ["duty"]


def test_the_alarm_leaves_the_ladder_where_it_stands() -> None:
    """Ringing one's own people delays no rung of the other side."""
    line = Pair()
    line.is_cut = True
    calls(line)
    before = line.north.call("s1")
    line.after(seconds=6)
    after = line.north.call("s1")
    assert (after.rung, after.round, after.rang_at) == (
        before.rung,
        before.round,
        before.rang_at,
    )


def test_persons_of_the_far_desk_known_here_ring_beside_the_link() -> None:
    """Other carriers are tried from the start, not after the link has failed."""
    line = Pair()
    line.north.person("known", "south-ops@south", _role(), has_watch=False)
    calls(line)
    assert set(rung(line.north.acts)) == {"node:south-ops@south", "known"}


def test_what_leaves_holds_no_ladder_no_person_and_no_device() -> None:
    """A peer is told a role and a pseudonym, and nothing of who is rung."""
    line = Pair()
    calls(line)
    line.south.acknowledges("sami", there())
    line.carry()
    for side, secrets in (
        (line.north, ("lina", "ladder", "attempts")),
        (line.south, ("duty", "south-air", "ladder", "attempts", "device")),
    ):
        for act in side.acts:
            if isinstance(act, PeerTold):
                said = repr(act.says).replace("pseudonym='lina'", "")
                said = said.replace("pseudonym='duty'", "")
                assert not [secret for secret in secrets if secret in said]
    has = [a.says for a in line.south.acts if isinstance(a, PeerTold)][-1]
    assert isinstance(has, Has)
    assert has.by.tag not in (None, "sami")


def test_what_concerns_others_is_told_to_no_peer() -> None:
    """A party's own calls, and those to others, cross no link."""
    line = Pair()
    before = len(waiting(line.south))
    line.south.raises(by="duty", to="south-air", call="own")
    line.south.acknowledges("controller", "own")
    assert len(waiting(line.south)) == before


def test_a_release_needs_a_person_of_the_other_node_in_time() -> None:
    """Proposed there, confirmed here, lifted at both."""
    line = Pair()
    calls(line)
    line.south.acknowledges("duty", there())
    line.carry()
    line.north.raises(Kind.RELEASE, by="lina", call="r1", of="s1")
    line.carry()
    line.south.answers("duty", Answer.AFFIRM, there("r1"))
    line.carry()
    assert line.south.ending(there()) is Ending.RELEASED
    assert line.north.ending("s1") is Ending.RELEASED


def test_a_late_release_is_never_actionable_and_a_late_stop_always() -> None:
    """A wire that was cut for an hour lets the STOP ring and the RELEASE lapse."""
    line = Pair()
    line.is_cut = True
    calls(line)
    line.north.raises(Kind.RELEASE, by="lina", call="r1", of="s1")
    line.after(minutes=11)
    line.is_cut = False
    line.carry()
    assert rung(line.south.acts) == ["duty"]
    assert line.south.call(there()).is_in_force
    assert line.south.picture.calls.get(there("r1")) is None
    assert line.north.ending("r1") is Ending.VOID
    assert line.north.call("s1").is_in_force


def test_a_release_confirmed_in_time_lifts_here_however_late_its_word_comes() -> None:
    """The receiver's clock decides; afterwards both nodes say the same."""
    line = Pair()
    calls(line)
    line.north.raises(Kind.RELEASE, by="lina", call="r1", of="s1")
    line.carry()
    line.is_cut = True
    line.after(minutes=9)
    line.south.answers("duty", Answer.AFFIRM, there("r1"))
    line.after(minutes=5)
    assert line.north.ending("r1") is Ending.VOID
    assert line.north.call("s1").is_in_force
    line.is_cut = False
    line.carry()
    assert line.north.ending("s1") is Ending.RELEASED
    assert line.south.ending(there()) is Ending.RELEASED


def test_a_release_that_lies_ahead_of_our_clock_is_refused() -> None:
    """A clock that is wrong must not stretch the ten minutes."""
    line = Pair()
    calls(line)
    line.north.now += Duration(minutes=2)
    line.north.raises(Kind.RELEASE, by="lina", call="r1", of="s1")
    line.carry()
    assert line.south.picture.calls.get(there("r1")) is None
    assert line.north.ending("r1") is Ending.REFUSED
    assert tellings(line.north)[-1] is Telling.NOT_TAKEN


def test_a_hold_is_renewed_on_both_nodes() -> None:
    """A later end given there is one here."""
    line = Pair()
    calls(line, Kind.HOLD)
    line.south.acknowledges("duty", there())
    line.south.renews("duty", 40, there())
    line.carry()
    assert line.north.call("s1").ends_at == line.south.call(there()).ends_at


def test_unable_there_is_told_here() -> None:
    """The caller hears why, and that ringing goes on."""
    line = Pair()
    calls(line)
    line.south.acknowledges("duty", there())
    line.south.answers(
        "duty", Answer.UNABLE, there(), reason=UnableReason.CANNOT_REACH_THEM
    )
    line.carry()
    assert Telling.UNABLE in tellings(line.north)
    assert line.north.call("s1").is_ringing


def test_a_stop_waits_for_nothing_said_before_it() -> None:
    """A gap holds everything back but a STOP or HOLD."""
    line = Pair()
    line.is_cut = True
    calls(line, Kind.QUERY, call="q1")
    calls(line, call="s1")
    calls(line, Kind.QUERY, call="q2")
    query, stop, last = waiting(line.north)
    line.hears(line.north, stop)
    assert rung(line.south.acts) == ["duty"]
    with pytest.raises(OutOfOrder):
        line.hears(line.north, last)
    line.hears(line.north, query)
    line.hears(line.north, last)
    assert line.south.picture.reach.get(line.north.id).heard == last.number


def test_the_same_again_changes_nothing_and_another_under_its_number_is_refused() -> (
    None
):
    """A duplicate is a duplicate; two truths are evidence."""
    line = Pair()
    line.is_cut = True
    calls(line, Kind.QUERY, call="q1")
    (query,) = waiting(line.north)
    line.hears(line.north, query, "d1")
    size = line.south.picture.size
    line.hears(line.north, query, "d1")
    assert line.south.picture.size == size
    with pytest.raises(SignedTwice):
        line.hears(line.north, query, "d2")


def test_a_stop_rings_whatever_its_number_was_used_for() -> None:
    """A peer that lost its count, or lies about it, is no reason to let a STOP wait."""
    line = Pair()
    line.is_cut = True
    calls(line, Kind.QUERY, call="q1")
    calls(line)
    query, stop = waiting(line.north)
    line.hears(line.north, query, "d1")
    line.hears(line.north, replace(stop, number=query.number), "d2")
    assert line.south.call(there()).is_ringing
    size = line.south.picture.size
    line.hears(line.north, replace(stop, number=query.number), "d2")
    assert line.south.picture.size == size


def test_a_call_sent_before_it_was_recorded_comes_again_and_rings_once() -> None:
    """What a node says without its disk has no number; said again, it is known."""
    line = Pair()
    line.is_cut = True
    calls(line)
    (stop,) = waiting(line.north)
    early = HearPeer(
        peer=line.north.id,
        told=PeerTold(peer=stop.peer, number=0, says=stop.says),
        said_at=line.north.now,
        digest="early",
        envelope="",
        salt="",
    )
    assert rung(line.south.do(early)) == ["duty"]
    assert not line.south.do(early)
    line.hears(line.north, stop)
    heard = [a for a in line.south.acts if isinstance(a, PeerHeard)]
    assert [act.heard_as for act in heard[-2:]] == [HeardAs.TAKEN, HeardAs.KNOWN]
    assert len([a for a in line.south.acts if isinstance(a, Rang)]) == 1


def test_a_peer_acts_on_no_call_but_those_between_it_and_us() -> None:
    """It cannot acknowledge, end or renew anything else."""
    line = Pair()
    line.south.raises(by="duty", to="south-air", call="own")
    calls(line)
    line.is_cut = True
    line.south.acknowledges("duty", there())
    (has,) = waiting(line.south)
    for ref in ("own", "s1@north", "nothing"):
        strange = replace(has.says, call=replace(has.says.call, call=ref))
        told_ = replace(has, number=has.number + 1, says=strange)
        line.north._said[told_.number] = line.north.now
        line.south._said[told_.number] = line.south.now
        if ref == "own":
            line.hears(line.south, has)
        kept = line.north.do(_heard(line.south, told_, ref))
        assert [act.heard_as for act in kept] == [HeardAs.REFUSED]
        has = told_


def test_a_stop_for_a_desk_nobody_knows_rings_the_top_of_the_tree() -> None:
    """And goes to no third party, whoever else is linked."""
    line = Pair()
    far = Side("west", ("wim", "wout", "wies"))
    line.south.pins(far)
    line.is_cut = True
    calls(line)
    (stop,) = waiting(line.north)
    elsewhere = replace(stop, says=replace(stop.says, to_desk="nowhere"))
    line.hears(line.north, elsewhere)
    assert rung(line.south.acts) == ["duty"]
    told_west = [
        act.says
        for act in line.south.acts
        if isinstance(act, PeerTold) and act.peer == far.id
    ]
    assert not [says for says in told_west if isinstance(says, CallSaid)]


def test_nobody_to_ring_there_is_told_with_the_receipt() -> None:
    """A node that holds a call nobody will hear of says so at once."""
    line = Pair()
    for name in ("duty", "sami"):
        person = line.south.picture.persons.get(name)
        line.south._enter(_mute(person))
    calls(line)
    text = [a for a in line.north.acts if getattr(a, "telling", None)][-1].text
    assert "Nobody can be rung here" in text


def test_a_link_is_broken_by_revoking_it() -> None:
    """Nothing is said or heard any more; a STOP says that nobody can be rung."""
    line = Pair()
    line.north.do(RevokePeer(peer=line.south.id))
    acts = line.north.raises(by="lina", to="south-ops@south", call="s2")
    assert not [act for act in acts if isinstance(act, PeerTold)]
    assert Telling.NOBODY_TO_RING in tellings(line.north)
    line.south.raises(by="duty", to="north-ops@north", call="s3")
    with pytest.raises(UnknownPeer):
        line.hears(line.south, waiting(line.south)[-1])


def test_a_party_has_one_node_and_no_node_takes_ours() -> None:
    """Two nodes cannot both speak for one party."""
    line = Pair()
    peer = line.north.picture.peers.get(line.south.id)
    for other in (
        replace(peer, id="other.example/clearline/exercise"),
        replace(peer, party="north"),
    ):
        with pytest.raises(PartyTaken):
            line.north.do(SetPeer(peer=other))
    with pytest.raises(UnknownPeer):
        line.north.do(SetPeer(peer=replace(peer, ours="nobody")))


def test_a_renamed_desk_is_told_again() -> None:
    """The peer always knows which desks may be called."""
    line = Pair()
    line.south.desk("south-sea", line.south.party)
    line.carry()
    assert line.north.picture.desks.get("south-sea@south") is not None


def test_a_word_only_heard_acknowledges_nothing_across_nodes_either() -> None:
    """Strength is told with every act, and counts as it does at home."""
    line = Pair()
    calls(line)
    line.south.acknowledges("duty", there(), Strength.PASSKEY)
    line.is_cut = True
    (has,) = waiting(line.south)
    weak = replace(has, says=replace(has.says, by=_weak(has.says.by)))
    line.hears(line.south, weak)
    assert not line.north.call("s1").holders


def _weak(by):
    return replace(by, strength=Strength.HEARD)


def _mute(person):
    from clearline.model.entries import PersonSet  # noqa: PLC0415

    return PersonSet(person=replace(person, media=()))


def _role():
    from clearline.model.parties import Role  # noqa: PLC0415

    return Role.DUTY_OFFICER


def _heard(side: Side, told_: PeerTold, digest: str) -> HearPeer:
    return HearPeer(
        peer=side.id,
        told=told_,
        said_at=side.now,
        digest=digest,
        envelope="",
        salt="",
    )


def goes_on(line: Pair, origin: str, key: str) -> None:
    """Let north say that its log goes on as another."""
    says = GoesOnAs(origin=PeerId(origin), key=key, size=9, root="")
    line.south.do(
        HearPeer(
            peer=line.north.id,
            told=PeerTold(peer=line.south.id, number=0, says=says),
            said_at=line.south.now,
            digest=f"digest of {origin} {key}",
            envelope="envelope",
            salt="salt",
        )
    )


NEXT = SignerKey(name="north.example/clearline-2/exercise", seed=bytes(32)).verifier


def test_a_restored_peers_new_log_is_pinned_in_place_of_its_old_one() -> None:
    """People are warned; what is open is said again to the new log, and only there."""
    line = Pair()
    line.south.raises(Kind.STOP, by="duty", to="north-ops@north", call="t1")
    line.carry()
    goes_on(line, NEXT.name, str(NEXT))
    peers = line.south.picture.peers
    assert peers.get(line.north.id).is_revoked
    assert peers.get(PeerId(NEXT.name)).follows == line.north.id
    told_now = [act for act in line.south.acts if isinstance(act, PeerTold)]
    again = [act.says for act in told_now if act.peer == NEXT.name]
    assert [getattr(one, "call", None) for one in again] == [None, "t1"]
    warns = [one for one in line.south.picture.open_calls() if one.kind is Kind.WARN]
    assert [one.to_desk for one in warns] == ["south-ops"]


@pytest.mark.parametrize(
    ("origin", "key"),
    [
        ("north.example/clearline/exercise", str(NEXT)),
        ("north.example/clearline-3/exercise", str(NEXT)),
        ("north.example/clearline-2/live", str(NEXT)),
        (NEXT.name, "no key"),
    ],
)
def test_a_peer_goes_on_only_as_a_new_log_of_its_own_realm(
    origin: str, key: str
) -> None:
    """Anything else is kept as refused, and the link stands as it stood."""
    line = Pair()
    before = list(line.south.picture.peers.values())
    goes_on(line, origin, key)
    assert list(line.south.picture.peers.values()) == before
    kept = [act for act in line.south.acts if isinstance(act, PeerHeard)]
    assert kept[-1].heard_as is HeardAs.REFUSED


def test_a_peer_that_holds_a_stop_and_says_nothing_more_is_silent_too() -> None:
    """Half a minute after its receipt: the caller is told, their own people rung."""
    line = Pair()
    calls(line)
    line.after(seconds=29)
    assert Telling.PEER_SILENT not in tellings(line.north)
    line.after(seconds=1)
    said = [act for act in line.north.acts if isinstance(act, DeskTold)]
    silent = [act.text for act in said if act.telling is Telling.PEER_SILENT]
    assert "nobody there is known to have seen it" in silent[-1]
    rang = [act for act in line.north.acts if isinstance(act, Rang)]
    (alarm,) = [act for act in rang if act.why is Why.PEER_SILENT]
    assert {made.person for made in alarm.attempts} == {"lina"}


def test_a_peer_whose_people_saw_a_stop_is_not_silent() -> None:
    """That a screen there showed it is a word; that nobody has it is told as ever."""
    line = Pair()
    calls(line)
    line.south.do(Show(call=there(), device="wall", desk=DeskId("south-ops")))
    line.carry()
    line.after(minutes=2)
    assert Telling.PEER_SILENT not in tellings(line.north)
    assert Telling.NOBODY_HAS_THIS in tellings(line.north)


def test_who_acknowledges_by_a_telephone_entered_at_the_callers_is_known_at_home() -> (
    None
):
    """Their own desk is told who, and how surely; its ladder rings on until one has it.

    Said once, and not back again.
    """
    line = Pair()
    line.north.person(
        "their-phone", "south-ops@south", Role.DUTY_OFFICER, has_watch=False
    )
    calls(line)
    by = line.north.actor("their-phone", strength=Strength.CODE)
    line.north.do(Acknowledge(call=CallId("s1"), by=by))
    line.carry()
    said = [act for act in line.south.acts if isinstance(act, DeskTold)]
    (told_of,) = [act for act in said if act.telling is Telling.HELD_BY_PHONE]
    assert told_of.desk == "south-ops"
    assert "code" in told_of.text
    assert line.south.call(there()).is_ringing
    assert not line.refused
    line.south.acknowledges("duty", there())
    line.carry()
    assert len(line.north.call("s1").holders) == 2
    assert not waiting(line.north)
