"""The shipped days, replayed: what they must find, and that it is the same again."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from clearline.adapters.keys import load_verifier
from clearline.adapters.verification import verify_path
from clearline.ledger.keys import parse_verifier_key
from clearline.ledger.receipt import verify_receipt
from clearline.model.instants import parse_instant
from clearline.model.scenarios import Finding, KnobId, Play, Setting
from clearline.replay.result import Replay, StepKind, write_replay
from clearline.wire.entries import read_entry
from days import NAMES, played

RUNS = 24


class Shown(msgspec.Struct):
    """A replay and where its ledgers lie."""

    replay: Replay
    path: Path


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """Replay every shipped day once."""
    shown = {}
    for name in NAMES:
        path = tmp_path_factory.mktemp(name)
        shown[name] = Shown(replay=played(name, path, runs=RUNS), path=path)
    return shown


@pytest.fixture
def founding(days: dict[str, Shown]) -> Replay:
    """Give the founding incident."""
    return days["deir-ez-zor-2016"].replay


def written(replay: Replay) -> Any:
    """Read a replay as a machine does."""
    return msgspec.json.decode(write_replay(replay))


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_day_meets_every_expectation_of_its_document(
    days: dict[str, Shown], name: str
) -> None:
    """What must be found is found, and what never may be is not."""
    shown = days[name].replay
    unmet = [(one.id, one.got) for one in shown.expectations if not one.is_met]
    assert unmet == []
    assert {one.must for one in shown.expectations} == {True, False}


# --- the founding incident ----------------------------------------------------


def test_the_founding_day_as_recorded(founding: Replay) -> None:
    """27 minutes from the first call, 15 of 37 strikes in them, 32 to the last."""
    recorded = written(founding)["as_recorded"]
    assert recorded["waited_s"] == 1620
    assert recorded["events_total"] == 37
    assert recorded["events_while_waiting"] == 15
    assert recorded["stopped_after_call_s"] == 1920
    assert recorded["called_at"] == "2016-09-17T13:24:00Z"


def test_both_readings_of_the_first_clock_are_kept(founding: Replay) -> None:
    """The text's own is the headline; the one an hour later stands beside it."""
    readings = {
        one.reading.start: one.is_headline for one in founding.scenario.readings
    }
    assert readings[parse_instant("2016-09-17T12:55:00Z")]
    assert not readings[parse_instant("2016-09-17T13:55:00Z")]


def test_the_place_told_is_refused_before_the_first_strike(founding: Replay) -> None:
    """How far off, that they disagree, and that from the city it would have fitted."""
    check = founding.place_check
    assert check.at_s is not None
    assert check.at_s < 0
    assert check.verdict == "disagree"
    assert check.separation_m is not None
    least, most = check.separation_m
    assert 4000 < least < 4300
    assert 8500 < most < 8900
    (city,) = check.rival_origins
    assert city.falls_inside
    assert "city" in city.origin
    assert check.assumption
    assert check.status == "unverified"
    assert "Nobody was told" in check.refused


def test_hills_nobody_located_stay_names(founding: Replay) -> None:
    """No footprint for the mountain, the hill or the points."""
    places = {place.id: place for place in founding.places}
    for name in ("mountain", "kroum-hill", "points-1-and-2"):
        assert places[name].footprint is None
        assert places[name].because


def test_the_six_delays_are_told_apart(founding: Replay) -> None:
    """Each in its place, the notice as recorded, the others drawn."""
    delays = {delay.step: delay for delay in founding.with_line.delays}
    assert list(delays) == [
        "notice",
        "reach",
        "understand",
        "authority",
        "belief",
        "propagation",
    ]
    assert delays["notice"].seconds.p50 == delays["notice"].recorded_s == 1740
    assert not delays["notice"].is_drawn
    assert all(delays[step].is_drawn for step in delays if step != "notice")


def test_break_even_follows_from_the_document(founding: Replay) -> None:
    """32 minutes from the call to the last strike, and fewer events each minute."""
    even = founding.with_line.break_even
    assert founding.with_line.break_even_s == even.stop_s == 1920
    assert even.reach_s is not None
    assert even.reach_s < 1920
    left = [point.p50 for point in even.curve]
    assert left == sorted(left, reverse=True)
    assert even.curve[0].p50 == founding.with_line.events_after_call_recorded.p50
    assert even.curve[-1].p50 <= 1


def test_the_worst_casts_are_played_like_any(founding: Replay) -> None:
    """With nobody on watch nothing is stopped, and the caller is told so."""
    worst = {day.id: day for day in founding.adverse}
    nobody = worst["nobody-on-watch"]
    assert nobody.told_nobody_has_it == 1.0
    assert nobody.stopped_s.p50 is None
    assert nobody.stopped_s.never == nobody.runs
    unstopped = founding.with_line.events_after_call_recorded
    assert nobody.events_after_call.p50 == unstopped.p50
    slow = worst["verifies-first"].stopped_s.p50
    assert slow is None or slow > (founding.with_line.stopped_s.p50 or 0)
    hangs = worst["insists-and-hangs-up"].first_run
    assert any(step.kind is StepKind.HUNG_UP for step in hangs.steps)


def test_a_window_of_seconds_is_said_to_be_lost(founding: Replay) -> None:
    """17 seconds, held against every draw."""
    limit = next(one for one in founding.limits if one.within_s == 17)
    assert limit.too_late == 1.0
    assert limit.counted_from == "call"


# --- the others ---------------------------------------------------------------------


def test_in_the_third_day_the_third_car_at_best(days: dict[str, Shown]) -> None:
    """The first car never; the share of draws for the third is counted, not claimed."""
    shown = days["wck-convoy-2024"].replay
    limits = {limit.id: limit for limit in shown.limits}
    assert limits["first-car"].too_late == 1.0
    third = limits["third-car"]
    assert third.counted_from == "first event"
    assert third.too_late is not None
    assert 0 < third.too_late < 1
    assert shown.as_recorded.waited_s is None
    assert shown.place_check.verdict == "not_checked"
    (look,) = shown.with_line.receipts_checked
    assert look.unread == ("brigade", "drone-cell")
    assert look.before_start_s == 70 * 60


def test_in_the_second_day_the_site_is_matched_without_a_position(
    days: dict[str, Shown],
) -> None:
    """One place by the accounts, told by nobody in figures."""
    check = days["kunduz-2015"].replay.place_check
    assert check.is_same_by_account
    assert check.verdict == "cannot_tell"
    assert check.separation_m is None


# --- the contract for machines --------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_key_machines_were_promised_is_there(
    days: dict[str, Shown], name: str
) -> None:
    """The keys of docs/reference/replay-json.md, in every day."""
    told = written(days[name].replay)
    assert told["stamp"] == "MODEL"
    assert told["scenario"]["name"] == name
    assert {
        "called_at",
        "waited_s",
        "events_total",
        "events_while_waiting",
        "stopped_after_call_s",
    } <= set(told["as_recorded"])
    for key in ("called_at", "waited_s", "events_while_waiting"):
        if told["as_recorded"][key] is None:
            assert told["as_recorded"]["unknown"][key]
    assert {
        "told",
        "meant",
        "separation_m",
        "verdict",
        "assumption",
        "rival_origins",
    } <= set(told["place_check"])
    line = told["with_line"]
    assert (line["runs"], line["seed"], line["stamp"]) == (RUNS, 7, "MODEL")
    for key in ("acknowledged_s", "right_role_s", "stopped_s", "events_after_call"):
        assert {"p50", "p95", "p99", "never", "why"} <= set(line[key])
        if line[key]["p99"] is None:
            assert line[key]["why"]
    assert "break_even_s" in line
    assert told["assumptions"]
    for one in told["assumptions"]:
        assert one["text"]
        assert one["reason"]
        assert one["status"]


@pytest.mark.parametrize("name", NAMES)
def test_everything_shown_can_be_read_again(days: dict[str, Shown], name: str) -> None:
    """The bytes decode into the same values they were written from."""
    data = write_replay(days[name].replay)
    assert write_replay(msgspec.json.decode(data, type=Replay)) == data


def test_contested_facts_are_shown_with_their_rivals(founding: Replay) -> None:
    """No version is thrown away between document and result."""
    contested = [fact for fact in founding.facts if fact.status == "contested"]
    assert len(contested) > 5
    assert all(fact.rivals and fact.settled_by for fact in contested)


# --- ledgers and receipts -----------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_both_ledgers_verify(days: dict[str, Shown], name: str) -> None:
    """The recorded day and the first draw stand in logs like any other."""
    shown = days[name]
    assert [ledger.of for ledger in shown.replay.ledgers] == [
        "as_recorded",
        "with_line",
    ]
    for ledger in shown.replay.ledgers:
        folder = shown.path / ledger.folder
        key = load_verifier(folder / "keys" / "log.vkey")
        assert str(key) == ledger.vkey
        verdict = verify_path(
            folder, keys=(key,), seen=ledger.checkpoint.encode(), progress=_still
        )
        assert verdict.ok
        assert verdict.size == ledger.size


@pytest.mark.parametrize("name", NAMES)
def test_every_receipt_verifies_against_its_key(
    days: dict[str, Shown], name: str
) -> None:
    """Offline, with the key from outside, each says what the step says."""
    for ledger in days[name].replay.ledgers:
        key = parse_verifier_key(ledger.vkey)
        assert ledger.receipts
        for receipt in ledger.receipts:
            proven = verify_receipt(receipt.text.encode(), (key,))
            assert proven.index == receipt.entry
            assert read_entry(proven.payload).realm == "model"


def test_every_beat_of_the_record_has_an_entry(days: dict[str, Shown]) -> None:
    """The ledger of the recorded day leaves no beat out, and adds none."""
    for shown in days.values():
        recorded, ledger = shown.replay.as_recorded, shown.replay.ledgers[0]
        entries = [step.entry for step in recorded.steps]
        assert entries == [receipt.entry for receipt in ledger.receipts]
        assert ledger.size == len(entries) + 1  # and the opening of the log


def test_steps_of_the_signed_run_name_their_entries(founding: Replay) -> None:
    """What the line wrote can be looked up; what no log holds names none."""
    steps = founding.with_line.first_run.steps
    outside = {StepKind.CHECK, StepKind.REFUSED, StepKind.NOT_HEARD, StepKind.LOST}
    assert any(step.kind in outside for step in steps)
    for step in steps:
        assert (step.entry is None) is (step.kind in outside)


# --- the same again -----------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes(
    days: dict[str, Shown], tmp_path: Path
) -> None:
    """Result and ledgers, byte for byte, and whoever shares the work."""
    name = "wck-convoy-2024"
    again = played(name, tmp_path, runs=RUNS, workers=2)
    assert write_replay(again) == write_replay(days[name].replay)
    for ledger in again.ledgers:
        assert _bytes_of(tmp_path / ledger.folder) == _bytes_of(
            days[name].path / ledger.folder
        )


def test_another_seed_gives_another_day(days: dict[str, Shown], tmp_path: Path) -> None:
    """Other draws, other keys; the record stays the record."""
    name = "wck-convoy-2024"
    other = played(name, tmp_path, runs=2, seed=8)
    first = days[name].replay
    assert other.with_line.first_run != first.with_line.first_run
    assert other.ledgers[0].vkey != first.ledgers[0].vkey
    assert other.as_recorded == first.as_recorded


def test_one_knob_changes_one_thing(days: dict[str, Shown], tmp_path: Path) -> None:
    """The record and every draw's luck stay; only what hangs on the knob moves."""
    name = "wck-convoy-2024"
    setting = Setting(knob=KnobId("order-to-ceasing-median"), value="40")
    turned = played(name, tmp_path, runs=RUNS, settings=(setting,))
    first = days[name].replay
    (change,) = turned.changed
    assert (change.was, change.value) == ("20", "40")
    assert turned.as_recorded == first.as_recorded
    before, after = first.with_line, turned.with_line
    assert after.acknowledged_s == before.acknowledged_s
    assert after.right_role_s == before.right_role_s
    was = {delay.step: delay.seconds for delay in before.delays}
    now = {delay.step: delay.seconds for delay in after.delays}
    assert {step for step in was if was[step] != now[step]} == {"propagation"}
    slower, faster = now["propagation"].p50, was["propagation"].p50
    assert slower is not None
    assert faster is not None
    assert slower == pytest.approx(2 * faster, abs=0.2)


def test_sensitivity_is_measured_on_the_same_draws(founding: Replay) -> None:
    """A slower order is never a faster stop; a knob of events moves no person."""
    knobs = {knob.knob: knob for knob in founding.sensitivity.knobs}
    fast, slow = knobs["order-to-ceasing-median"].ends
    base = founding.sensitivity.base.stopped_s
    assert base is not None
    assert fast.medians.stopped_s is not None
    assert slow.medians.stopped_s is not None
    assert fast.medians.stopped_s < base < slow.medians.stopped_s
    for name in ("strike-times", "strike-split", "strikes-after-contact"):
        for end in knobs[name].ends:
            assert end.medians.stopped_s == base
    (city,) = knobs["told-origin"].ends
    assert city.place_verdict == "agree"
    moves = [knob.moves_events for knob in founding.sensitivity.knobs]
    assert moves == sorted(moves, reverse=True)


def test_findings_of_draws_say_in_how_many(founding: Replay) -> None:
    """A share beside each, and none without at least one draw."""
    for found in founding.findings:
        if found.finding in {Finding.ROLE_REACHED, Finding.WORDS_KEPT}:
            assert found.share is not None
            assert 0 < found.share <= 1
            assert found.play in {Play.WITH_LINE, Play.ADVERSE}


def _bytes_of(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _still(done: int, total: int) -> None:
    del done, total
