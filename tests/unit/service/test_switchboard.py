"""What people say by telephone and message, and what follows."""

import hashlib
import re
import threading
import tomllib
from importlib import resources

import msgspec
import pytest

from clearline.adapters.phones import LocalPins
from clearline.ledger.text64 import decode64
from clearline.model.calls import Answer, Ending, Kind, UnableReason
from clearline.model.commands import Enter
from clearline.model.entries import (
    Acknowledged,
    AnswerGiven,
    CallRaised,
    Ceased,
    HeardFrom,
    PersonSet,
    ReadBack,
    WordsHeard,
)
from clearline.model.parties import Medium, PersonId, Strength
from clearline.service.calling import Address, CameIn
from clearline.service.phones.replies import languages, say
from clearline.service.ports import DiskFault
from clearline.service.switchboard import MOST_REPLIES
from clearline.service.told import readers
from telephones import (
    AMAL,
    AMALS,
    BASIL,
    BASILS,
    PIN,
    SITE,
    STRANGERS,
    Exchange,
)


@pytest.fixture
def line():
    """Set up a node with two numbers enrolled."""
    return Exchange()


# --- raising ----------------------------------------------------------------------
def test_a_hospital_raises_a_stop_with_its_pin(line):
    """PIN and site's number make a STOP with its place, by that person."""
    reply = line.says(f"STOP {PIN} {SITE} shelling at the gate")
    (call,) = line.calls()
    assert call.kind is Kind.STOP
    assert (call.raised_by.person, call.raised_by.strength) == (AMAL, Strength.PIN)
    assert call.card.where == line.place()
    assert call.card.what == "shelling at the gate"
    assert reply.startswith(f"STOP {call.number} RINGING")


def test_the_pin_stands_nowhere_in_the_log(line):
    """What is recorded holds the words without the PIN."""
    line.says(f"STOP {PIN} {SITE} shelling")
    line.says(f"STOP 1111 {SITE} shelling")
    assert PIN not in repr(line.acts)
    assert "1111" not in repr(line.acts)


def test_a_stop_needs_nothing_but_a_pin(line):
    """A STOP with nothing filled in rings."""
    line.says(f"STOP {PIN}")
    (call,) = line.calls()
    assert call.kind is Kind.STOP
    assert call.card.where is None


def test_a_place_may_stand_in_the_words(line):
    """Words that are a place, and can be no other, are the place."""
    line.says(f"STOP {PIN} 35.3000N 40.2000E")
    (call,) = line.calls()
    assert call.card.where.text == "35.3000N 40.2000E"


def test_the_site_of_another_party_tells_no_place(line):
    """A number opens only the sites of one's own party."""
    line.says(f"STOP 7391 {SITE}", BASILS)
    (call,) = line.calls()
    assert call.kind is Kind.STOP
    assert call.card.where is None
    assert SITE in call.card.what


@pytest.mark.parametrize("words", ["STOP", "STOP 9999", "قف", "СТОП огонь"])
def test_without_its_pin_an_enrolled_number_gets_a_hold(line, words):
    """HOLD first, verify second: it rings, and one's own desk calls back."""
    line.says(words)
    hold, back = line.calls()
    assert (hold.kind, hold.raised_by.strength) == (Kind.HOLD, Strength.HEARD)
    assert hold.raised_by.person is None
    assert (back.kind, back.to_desk) == (Kind.QUERY, "north-ops")
    assert AMALS in back.card.what


def test_no_other_party_is_asked_to_call_back_where_all_above_are_alone(line):
    """The number of one party's person is not shown to another's desk for that."""
    ward = PersonId("zaid")
    line._desk("ward", "south", under="south-ops")  # where Basil is alone
    line._person(ward, "ward", (Medium.SMS,))
    line.addresses.keep(Address(person=ward, medium=Medium.SMS, address=STRANGERS))
    line.says("STOP", STRANGERS)
    _, back = line.calls()
    assert (back.kind, back.to_desk) == (Kind.QUERY, "south-ops")


def test_a_stranger_rings_the_duty_desk_and_nobody_else(line):
    """A STOP from an unknown number is heard, and no other party is rung for it."""
    reply = line.says(f"STOP {PIN} {SITE}", STRANGERS)
    (back,) = line.calls()
    assert (back.kind, back.to_party) == (Kind.QUERY, "north")
    assert STRANGERS in back.card.what
    assert reply.startswith("HEARD, NOT PROVEN")


def test_a_stop_among_other_words_is_heard(line):
    """Somebody who does not know the form is called back."""
    line.says("please tell them to stop", STRANGERS)
    (back,) = line.calls()
    assert back.kind is Kind.QUERY


def test_the_same_message_twice_is_one_stop_and_one_reply(line):
    """A gateway that delivers twice raises once."""
    assert line.says(f"STOP {PIN}", id_="m-1")
    assert line.says(f"STOP {PIN}", id_="m-1") == ""
    assert len(line.calls()) == 1


def test_the_same_message_after_a_restart_is_one_stop(line):
    """Its id makes the call's id, so that even a node that forgot raises once."""
    line.says(f"STOP {PIN}", id_="m-1")
    line.switchboard._taken.clear()
    line.says(f"STOP {PIN}", id_="m-1")
    assert len(line.calls()) == 1


def test_nobody_waits_for_a_node_that_says_nothing(line, monkeypatch):
    """The caller is told to use voice when no answer comes."""
    monkeypatch.setattr("clearline.service.phones.stops.STOP_WITHIN_S", 0.0)
    line.is_answering = False
    assert "Use voice" in line.says(f"STOP {PIN}")


def test_a_fault_of_ours_is_answered(line, monkeypatch):
    """Whatever breaks, the caller hears that nothing was raised."""
    monkeypatch.setattr(line.switchboard._stops, "stop", lambda _: 1 / 0)
    assert line.says(f"STOP {PIN}").startswith("NOT RAISED")
    assert isinstance(line.switchboard.trouble, ZeroDivisionError)


def test_a_fault_after_a_stop_does_not_say_that_nothing_rings(line, monkeypatch):
    """It rings: the caller is not told otherwise."""
    monkeypatch.setattr(line.switchboard._stops, "_told_at", lambda *_: 1 / 0)
    reply = line.says(f"STOP {PIN}")
    assert len(line.calls()) == 1
    assert reply.startswith("It was taken")


def test_the_first_words_are_kept_by_their_hash(line):
    """The log holds a digest; the words lie beside it, without the PIN."""
    line.says(f"STOP {PIN} {SITE} shelling")
    (heard,) = line.done(WordsHeard)
    (call,) = line.calls()
    assert (heard.enrolled, heard.calls) == ((AMAL,), (call.id,))
    salt, words = line.node.log.sealed(decode64(heard.words.sealed))
    assert words.decode() == f"STOP **** {SITE} shelling"
    assert hashlib.sha256(salt + words).digest() == decode64(heard.words.sealed)


def test_words_of_strangers_are_kept_too(line):
    """What an unknown number said is kept, for nobody and about no call."""
    line.says("hello", STRANGERS)
    (heard,) = line.done(WordsHeard)
    assert (heard.enrolled, heard.calls) == ((), ())


# --- being told -------------------------------------------------------------------
def test_the_caller_is_told_as_it_changes(line):
    """NOBODY HAS THIS comes once, not with every round; then who has it."""
    person = line.node.picture.persons.get(AMAL)  # who is no member by short message
    told = msgspec.structs.replace(person, media=(Medium.VOICE,))
    line.ask(Enter(act=PersonSet(person=told))).result(0)
    line.says(f"STOP {PIN}")
    for _ in range(12):
        line.wait(10)
    (nobody,) = line.told
    assert (nobody.address, nobody.medium) == (AMALS, Medium.SMS)
    assert "NOBODY HAS THIS" in nobody.words.short
    (call,) = line.calls()
    line.says(f"7391 1 {call.number}", BASILS)
    assert "SOMEBODY HAS THIS" in line.told[-1].words.short
    assert line.says("STATUS") == f"STOP {call.number}: south-ops has it."


def test_status_is_told_to_enrolled_numbers_alone(line):
    """A stranger learns nothing of any call."""
    line.says(f"STOP {PIN}")
    assert "1:" not in line.says("STATUS", STRANGERS)
    assert line.says("STATUS", BASILS) == "No open call was raised from here."


def test_a_missed_call_is_called_back(line):
    """An enrolled number that only rang has its desk rung."""
    line.says("", medium=Medium.VOICE)
    (back,) = line.calls()
    assert (back.kind, back.to_desk) == (Kind.QUERY, "north-ops")
    line.says("", medium=Medium.VOICE)
    assert len(line.calls()) == 1


def test_a_missed_call_of_a_stranger_rings_nobody(line):
    """Wrong numbers ring nobody's desk."""
    line.says("", STRANGERS, Medium.VOICE)
    assert line.calls() == []


def test_who_is_told_as_a_member_of_the_desk_is_told_once(line):
    """The desk's own telling and the caller's would be the same message twice."""
    person = line.node.picture.persons.get(AMAL)
    told = msgspec.structs.replace(person, media=(Medium.VOICE,))
    line.ask(Enter(act=PersonSet(person=told))).result(0)
    line.says(f"STOP {PIN}")
    for _ in range(12):
        line.wait(10)
    assert line.told
    line.told.clear()
    line.ask(Enter(act=PersonSet(person=person))).result(0)
    line.says(f"STOP {PIN} 35.3N 40.2E")
    for _ in range(12):
        line.wait(10)
    assert line.told == []


@pytest.mark.parametrize("medium", [Medium.SMS, Medium.VOICE, Medium.EMAIL])
def test_a_caller_who_is_reached_as_a_reader_is_told_once(line, medium):
    """Whatever they called by: couriers tell whoever is on watch, and nobody again."""
    if medium is Medium.EMAIL:
        line.addresses.keep(
            Address(person=AMAL, medium=medium, address="amal@north.example")
        )
    at = "amal@north.example" if medium is Medium.EMAIL else AMALS
    line.says(f"STOP {PIN}", at, medium)
    for _ in range(12):
        line.wait(10)
    assert line.told == []
    assert list(readers_of(line)) == [(AMAL, Medium.SMS)]


def test_a_caller_no_courier_reaches_is_told_here(line):
    """A reader without an address of their own there is told where they called from."""
    line.addresses.drop(Address(person=AMAL, medium=Medium.SMS, address=AMALS))
    line.says(f"STOP {PIN}", medium=Medium.VOICE)
    for _ in range(12):
        line.wait(10)
    assert [message.medium for message in line.told] == [Medium.VOICE]


def readers_of(line):
    """List who is told at the caller's desk by couriers, and by what."""
    view = line.node.picture
    (call,) = line.calls()
    desk = call.raised_by.desk
    for person, medium in readers(view, call, desk, line.clock.at):
        yield person.id, medium


def test_a_caller_by_voice_asks_how_it_stands_in_writing(line):
    """What was raised from a number is told to that number, spoken or written."""
    line.says(f"STOP {PIN}", medium=Medium.VOICE)
    assert line.says("STATUS").startswith("STOP 1: NOBODY HAS THIS")
    assert line.says("STATUS", medium=Medium.VOICE).startswith("STOP 1")


@pytest.mark.parametrize("what", ["hangs", "refuses"])
def test_a_disk_that_fails_keeps_no_stop(line, monkeypatch, what):
    """It rings as one nobody proved, and as a STOP once its PIN is looked up."""
    may_go = threading.Event()

    def is_pin(*_):
        if what == "refuses":
            raise DiskFault("no", state="no", next="no")
        may_go.wait(20)
        return True

    monkeypatch.setattr("clearline.service.phones.proven.PROVE_WITHIN_S", 0.05)
    monkeypatch.setattr(LocalPins, "is_pin", is_pin)
    line.says(f"STOP {PIN}")
    assert line.calls(Kind.HOLD)
    assert line.calls(Kind.QUERY)
    may_go.set()
    line.switchboard._prover._aside.shutdown()
    proven = [call.raised_by.person for call in line.calls(Kind.STOP)]
    assert proven == ([AMAL] if what == "hangs" else [])


# --- answering --------------------------------------------------------------------
def test_only_the_code_acknowledges(line):
    """The ring's code from its person's number is "I have it"."""
    call, code = line.ring_basil()
    reply = line.says(f"{code} 1", BASILS)
    (has,) = line.done(Acknowledged)
    assert (has.by.person, has.by.strength) == (BASIL, Strength.CODE)
    assert reply.startswith(f"You have STOP {call.number}")


@pytest.mark.parametrize("words", ["1", "yes", "000000 1", "ok 1", "482", "\x00"])
def test_anything_else_is_only_heard(line, words):
    """It stops that one ring and never the ladder."""
    call, _ = line.ring_basil()
    line.says(words, BASILS)
    assert line.done(Acknowledged) == []
    (heard,) = line.done(HeardFrom)
    assert heard.number == BASILS
    assert line.node.picture.calls.get(call.id).is_ringing


@pytest.mark.parametrize("number", [AMALS, STRANGERS])
def test_a_code_from_another_number_does_not_acknowledge(line, number):
    """A code that was seen over a shoulder is not enough."""
    _, code = line.ring_basil()
    line.says(f"{code} 1", number)
    assert line.done(Acknowledged) == []


def test_a_pin_acknowledges_the_one_call_that_rings(line):
    """With one call there is no doubt which."""
    line.ring_basil()
    line.says("7391 1", BASILS)
    (has,) = line.done(Acknowledged)
    assert has.by.strength is Strength.PIN


def test_a_pin_with_several_calls_asks_which(line):
    """Nobody acknowledges a call they did not mean."""
    first, _ = line.ring_basil()
    second, _ = line.ring_basil(Kind.HOLD)
    reply = line.says("7391 1", BASILS)
    assert f"{first.number}, {second.number}" in reply
    assert line.done(Acknowledged) == []
    line.says(f"7391 1 {second.number}", BASILS)
    assert line.done(Acknowledged)[0].call == second.id


@pytest.mark.parametrize(
    ("words", "reason", "detail"),
    [
        ("2 1", UnableReason.NOT_OURS, ""),
        ("2 4 brigade", UnableReason.NEED_AUTHORITY, "brigade"),
        ("2 5", UnableReason.UNCLEAR, "by sms, without a word on what"),
        ("2 no radio", UnableReason.OTHER, "no radio"),
    ],
)
def test_unable_says_why(line, words, reason, detail):
    """The six reasons have figures, and other words are a reason too."""
    _, code = line.ring_basil()
    line.says(f"{code} {words}", BASILS)
    (given,) = line.done(AnswerGiven)
    assert (given.answer, given.reason, given.detail) == (
        Answer.UNABLE,
        reason,
        detail,
    )


def test_unable_without_a_reason_is_asked_for_one(line):
    """Nothing is decided before it is known why."""
    _, code = line.ring_basil()
    assert "4 need authority" in line.says(f"{code} 2", BASILS)
    assert line.done(AnswerGiven) == []


def test_standby_rings_on(line):
    """STANDBY by telephone ends no ringing either."""
    call, code = line.ring_basil()
    line.says(f"{code} 3", BASILS)
    assert line.done(AnswerGiven)[0].answer is Answer.STANDBY
    assert line.node.picture.calls.get(call.id).is_ringing


def test_it_is_read_back_and_ceases(line):
    """From the same telephone the call goes on to its end."""
    call, code = line.ring_basil()
    line.says(f"{code} 1", BASILS)
    assert line.says(f"{code} 4 STOP {call.number}", BASILS).startswith("Read back")
    assert line.done(ReadBack)[0].result.is_match
    line.says(f"{code} 5 no more fire", BASILS)
    assert line.done(Ceased)[0].detail == "no more fire"


def test_a_readback_that_differs_says_what(line):
    """The number that came back wrong is said again."""
    call, code = line.ring_basil()
    reply = line.says(f"{code} 4 STOP {call.number + 8}", BASILS)
    assert reply.startswith("READ BACK DIFFERS")
    assert f"I say again: {call.number}" in reply


def test_a_place_and_a_thing_are_read_back_in_one_line(line):
    """Kind, number, place and thing are parted as they were sent."""
    line.says(f"STOP {PIN} {SITE} shelling the gate")
    (call,) = line.calls()
    line.says(f"7391 4 STOP {call.number} 35.2900N 40.1300E shelling the gate", BASILS)
    (back,) = line.done(ReadBack)
    assert [part.name for part in back.said] == ["kind", "number", "where", "what"]
    assert back.result.is_match


def test_a_query_is_answered_yes(line):
    """6 is yes, 7 is no."""
    call, code = line.ring_basil(Kind.QUERY)
    line.says(f"{code} 6", BASILS)
    assert line.node.picture.calls.get(call.id).ending is Ending.CLOSED


def test_what_is_over_says_so(line):
    """A late answer changes nothing and hears why."""
    _, code = line.ring_basil(Kind.WARN)
    line.says(f"{code} 1", BASILS)
    assert "has ended" in line.says(f"{code} 1", BASILS)


# --- guessing and flooding ----------------------------------------------------------
def test_guessing_is_locked_out_and_a_stop_never(line):
    """After five wrong ones no code is taken from there; a STOP's PIN always is."""
    _, code = line.ring_basil()
    for guess in range(5):
        line.says(f"99000{guess} 1", BASILS)
    assert line.says(f"{code} 1", BASILS).startswith("Too many wrong")
    assert line.done(Acknowledged) == []
    line.says("STOP 7391", BASILS)
    assert line.calls(Kind.STOP)[-1].raised_by.person == BASIL
    line.clock.go_to(line.clock.at.replace(hour=13))
    line.says(f"{code} 1", BASILS)
    assert line.done(Acknowledged)


def test_guessing_by_stop_rings_loudly(line):
    """Each wrong PIN with a STOP rings a HOLD and the caller's own desk."""
    line.says("STOP 0000", id_="1")
    line.says("STOP 0001", id_="2")
    assert len(line.calls(Kind.HOLD)) == 2
    assert line.calls(Kind.QUERY)


def test_one_number_gets_so_many_replies(line):
    """Two machines that answer each other stop; STOP is answered all the same."""
    replies = [line.says("out of office", STRANGERS) for _ in range(MOST_REPLIES + 5)]
    assert sum(map(bool, replies)) == MOST_REPLIES
    assert line.says("STOP", STRANGERS)


@pytest.mark.parametrize("number", ["12345", "BANK", ""])
def test_machines_are_not_answered(line, number):
    """Short numbers and names get no reply, and a STOP from them still rings."""
    assert line.says("hello", number) == ""
    assert line.says("STOP", number) == ""
    assert line.calls(Kind.QUERY)


# --- lifting ------------------------------------------------------------------------
def test_a_release_goes_out_and_back(line):
    """The code goes to the enrolled number, and proposes the RELEASE by call-back."""
    line.says(f"STOP {PIN}")
    (stop,) = line.calls()
    line.says(f"RELEASE {PIN} {stop.number}")
    sent = line.told[-1]
    assert (sent.address, sent.person) == (AMALS, AMAL)
    code = re.search(r"\d{6}", sent.words.text).group()
    line.says(f"{code} RELEASE")
    release = line.calls(Kind.RELEASE)[0]
    assert release.of == stop.id
    assert release.raised_by.strength is Strength.CALL_BACK
    assert line.node.picture.calls.get(stop.id).is_in_force


def test_a_release_code_is_good_once_and_for_ten_minutes(line):
    """A code that was used, or is old, proposes nothing."""
    line.says(f"STOP {PIN}")
    (stop,) = line.calls()
    line.says(f"RELEASE {PIN} {stop.number}")
    code = re.search(r"\d{6}", line.told[-1].words.text).group()
    line.wait(601)
    assert "too old" in line.says(f"{code} RELEASE")
    assert line.calls(Kind.RELEASE) == []


def test_nobody_lifts_the_call_of_another_party(line):
    """A RELEASE names a call of one's own party."""
    line.says(f"STOP {PIN}")
    (stop,) = line.calls()
    assert line.says(f"RELEASE 7391 {stop.number}", BASILS).startswith("NOT TAKEN")


# --- words --------------------------------------------------------------------------
def test_languages_have_the_same_keys_and_names():
    """What can be said in one language can be said in every other."""
    folder = resources.files("clearline.service.phones.replies")
    tables = {
        name: tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8"))
        for name in languages()
    }
    english = tables["en"]
    for table in tables.values():
        assert table.keys() == english.keys()
        for key, text in table.items():
            names = sorted(re.findall(r"\{(\w+)\}", text))
            assert names == sorted(re.findall(r"\{(\w+)\}", english[key]))


def test_somebody_is_answered_in_their_language(line):
    """The script of a stranger, or the language enrolled, is answered in."""
    assert "سُمع" in line.says("قف", STRANGERS)
    assert say("xx", "goodbye") == "Goodbye."


def test_every_call_that_was_raised_is_in_the_log(line):
    """Nothing rings for a telephone that is not an entry."""
    line.says("STOP")
    assert len(line.done(CallRaised)) == len(line.calls())


# --- who holds my coordinates ------------------------------------------------------
def test_an_owner_asks_by_sms_who_holds_the_coordinates(line):
    """The desk, how exactly, and since when; for whoever has the PIN."""
    reply = line.says(f"WHO {PIN} {SITE}")
    assert reply == f"{SITE}: south-ops is told (coarse) since 2026-03-01T12:00:00Z."
    assert "site's number" in line.says(f"WHO {PIN}")


def test_an_owner_withdraws_them_by_sms(line):
    """From then on nobody is told; who was told hears that it stands no more."""
    reply = line.says(f"WITHDRAW {PIN} {SITE}")
    assert reply.startswith(f"{SITE}: south-ops told no more")
    notice = line.node.picture.notices.get(SITE)
    assert (notice.revision.tells, notice.dropped) == ((), ("south-ops",))
    assert line.says(f"WHO {PIN} {SITE}") == f"{SITE}: nobody is told."


def test_only_the_owners_pin_from_an_enrolled_number_withdraws(line):
    """A forged number, a wrong PIN or another party's person changes nothing."""
    line.says(f"WITHDRAW 1111 {SITE}")
    line.says(f"WITHDRAW {PIN} {SITE}", number=STRANGERS)
    reply = line.says(f"WITHDRAW {PIN} {SITE}", number=BASILS)
    assert "told no more" not in reply
    assert line.node.picture.notices.get(SITE).revision.tells == ("south-ops",)


def test_withdrawing_from_one_desk_leaves_the_others(line):
    """A desk that is not told is named with those that are."""
    reply = line.says(f"WITHDRAW {PIN} {SITE} north-ops")
    assert reply == f"{SITE} is told to: south-ops. Nothing was changed."
    assert "told no more" in line.says(f"WITHDRAW {PIN} {SITE} south-ops")


def test_a_talk_answers_its_call_though_the_ladder_rang_anew(line):
    """Two calls ring, and ring again in mid-talk: the PIN is for the one heard."""
    line.ring_basil(Kind.HOLD)
    call, _ = line.ring_basil()
    ring = next(made for made in call.ringing if made.medium is Medium.VOICE)
    line.wait(120)
    again = line.node.picture.calls.get(call.id).ringing
    assert ring.id not in {made.id for made in again}
    came = CameIn(
        medium=Medium.VOICE,
        address=BASILS,
        words="7391 1",
        at=line.clock.at,
        attempt=ring.id,
        call=call.id,
    )
    line.switchboard.came_in(came)
    (has,) = line.done(Acknowledged)
    assert (has.call, has.by.person) == (call.id, BASIL)
