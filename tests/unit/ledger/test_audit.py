"""A log is walked over whole: what is wrong is found, and how far it reaches."""

import json

import msgspec
import pytest

from clearline.ledger.audit import AuditRow, SeenElsewhere, audit
from clearline.ledger.checkpoint import Checkpoint, sign_checkpoint
from clearline.ledger.leaves import MAX_DISPUTES
from clearline.ledger.note import NoteRefused
from clearline.ledger.report import ABSENT_END, MAX_PROBLEMS, Fault
from clearline.ledger.sealed import seal, sealed_json
from clearline.ledger.tiles import Edge, grow
from clearline.ledger.tree import hash_leaf
from unit.ledger.made_log import (
    b64,
    drawn,
    flip,
    head,
    make_log,
    payload,
    sealed_part,
    signer,
)


@pytest.fixture(scope="module")
def log():
    """Make a log of 300 entries: a full tile and an open one."""
    return make_log(300)


def spans(report, fault):
    """Return where a kind of fault was found."""
    return [(p.start, p.end) for p in report.problems if p.fault is fault]


def faults(report):
    """Return which kinds of fault were found."""
    return {problem.fault for problem in report.problems}


def test_a_whole_log_is_well(log):
    """A log nobody touched is well, with its size, root and realm."""
    report = log.report()
    assert report.ok
    assert (report.size, report.root) == (300, log.edge.root())
    assert report.origin == "north.example/clearline/exercise"
    assert report.realms == {"exercise": 300}
    assert report.first_bad is None
    assert report.problems == ()


def test_the_absent_end_is_spoken_of(log):
    """Without an earlier checkpoint, a report says what it cannot exclude."""
    report = log.report()
    assert report.caveats == (ABSENT_END,)
    assert "an absent end cannot be excluded" in report.caveats[0]


def test_progress_is_told(log):
    """Whoever waits hears how far the walk has come."""
    heard = []
    log.report(progress=lambda done, of: heard.append((done, of)))
    assert heard == [(256, 300), (300, 300)]


def test_an_empty_log_is_well():
    """A log without entries is well if its head is signed."""
    log = make_log(0)
    assert log.report().ok
    assert log.report().size == 0


def test_a_log_without_its_head_is_not_well(log):
    """Entries without a signed checkpoint are nobody's log."""
    report = log.report(checkpoint=None)
    assert faults(report) == {Fault.CHECKPOINT}
    assert report.checkpoint is None


@pytest.mark.parametrize("index", [0, 255, 256, 299])
def test_changed_content_is_named_by_its_index(log, index):
    """A changed envelope is found, and nothing else is blamed."""
    row = log.rows[index]
    report = log.with_row(index, envelope=flip(row.envelope, 400)).report()
    assert not report.ok
    assert report.first_bad.start == index
    assert spans(report, Fault.CONTENT) == [(index, index + 1)]
    assert faults(report) <= {Fault.CONTENT, Fault.ENVELOPE}


@pytest.mark.parametrize("index", [0, 255, 299])
def test_a_changed_salt_is_changed_content(log, index):
    """A salt is as much needed as the envelope; its damage is bounded too."""
    salt = flip(log.rows[index].salt, 9)
    report = log.with_row(index, salt=salt).report()
    assert faults(report) == {Fault.CONTENT}
    assert spans(report, Fault.CONTENT) == [(index, index + 1)]


@pytest.mark.parametrize("index", [0, 255, 299])
def test_a_changed_commitment_is_named_by_its_index(log, index):
    """The content still leads to the signed root, so the commitment is blamed."""
    changed = flip(log.rows[index].commitment, 77)
    report = log.with_row(index, commitment=changed).report()
    assert faults(report) == {Fault.COMMITMENT}
    assert spans(report, Fault.COMMITMENT) == [(index, index + 1)]


def test_a_changed_tile_is_named_and_the_rows_are_not(log):
    """A flipped bit in a stored tile is not laid at an entry's door."""
    report = log.with_tile(0, 0, flip(log.tiles[0, 0], 32 * 8 * 5)).report()
    assert faults(report) == {Fault.TILE}
    assert spans(report, Fault.TILE) == [(5, 6)]


def test_a_tile_of_the_wrong_length_is_named(log):
    """A tile that was cut off is damage of everything it spans."""
    report = log.with_tile(0, 0, log.tiles[0, 0][:-1]).report()
    assert spans(report, Fault.TILE) == [(0, 256)]


def test_a_lost_tile_is_named(log):
    """A full tile that is gone is said to be gone."""
    report = log.with_tile(0, 0, None).report()
    assert spans(report, Fault.TILE_MISSING) == [(0, 256)]
    assert faults(report) == {Fault.TILE_MISSING}


def test_damage_in_several_places_is_told_apart(log):
    """A tile, a commitment and a content damaged at once are each named."""
    hurt = log.with_tile(0, 0, flip(log.tiles[0, 0], 8 * 32 * 7))
    hurt = hurt.with_row(100, commitment=drawn("other"))
    hurt = hurt.with_row(270, salt=drawn("other"))
    report = hurt.report()
    assert spans(report, Fault.TILE) == [(7, 8)]
    assert spans(report, Fault.COMMITMENT) == [(100, 101)]
    assert spans(report, Fault.CONTENT) == [(270, 271)]
    assert report.first_bad.start == 7
    assert len(report.problems) == 3


def test_a_missing_row_within_a_full_tile_is_bounded(log):
    """Where a tile still knows the leaf, a lost row spoils nothing else."""
    report = log.without_rows(100, 103).report()
    assert spans(report, Fault.ROW_MISSING) == [(100, 103)]
    assert faults(report) == {Fault.ROW_MISSING}
    assert report.root is None
    assert report.size == 300


def test_a_lost_end_is_named(log):
    """A log that is shorter than its checkpoint says what is missing."""
    report = log.without_rows(290, 300).report()
    assert spans(report, Fault.ROW_MISSING) == [(290, 300)]
    assert report.first_bad.fault is Fault.ROW_MISSING
    assert report.first_bad.start == 290


def test_a_lie_about_the_size_costs_no_time(log):
    """A checkpoint that claims 2**62 entries is answered as fast as any other."""
    lie = Checkpoint(origin=log.key.name, size=2**62, root=drawn("lie"))
    report = log.report(checkpoint=sign_checkpoint(lie, log.key), find_tile=None)
    assert spans(report, Fault.ROW_MISSING) == [(300, 2**62)]


def test_a_row_out_of_its_place_is_said_and_left_aside(log):
    """A row that comes twice does not move the others."""
    twice = (*log.rows[:10], log.rows[9], *log.rows[10:])
    report = type(log)(**{**log.__dict__, "rows": twice}).report()
    assert spans(report, Fault.ROW_ORDER) == [(10, 11)]
    assert faults(report) == {Fault.ROW_ORDER}


def test_rows_beyond_the_checkpoint_are_not_covered(log):
    """Entries nobody signed a head over are named."""
    shorter = make_log(290)
    report = log.report(checkpoint=shorter.checkpoint)
    assert spans(report, Fault.NOT_COVERED) == [(290, 300)]
    assert faults(report) == {Fault.NOT_COVERED}


def test_swapped_rows_are_found(log):
    """Two entries in each other's place are both named, by the tile."""
    a, b = log.rows[3], log.rows[4]
    hurt = log.with_row(3, commitment=b.commitment, salt=b.salt, envelope=b.envelope)
    hurt = hurt.with_row(4, commitment=a.commitment, salt=a.salt, envelope=a.envelope)
    report = hurt.report()
    assert spans(report, Fault.COMMITMENT) == [(3, 5)]
    assert faults(report) == {Fault.COMMITMENT}


def test_a_row_signed_anew_is_found(log):
    """Whoever holds the key can sign another entry, and cannot put it in."""
    other = make_log([payload(9)]).rows[0]
    hurt = log.with_row(
        5, commitment=other.commitment, salt=other.salt, envelope=other.envelope
    )
    report = hurt.report()
    assert spans(report, Fault.COMMITMENT) == [(5, 6)]
    assert report.first_bad.what == "The row of entry 5 was changed."


def test_a_row_signed_anew_in_the_open_tile_is_bounded(log):
    """Where no second copy of a leaf is kept, the root still does not fit."""
    other = make_log([payload(9)]).rows[0]
    hurt = log.with_row(
        280, commitment=other.commitment, salt=other.salt, envelope=other.envelope
    )
    assert spans(hurt.report(), Fault.ROOT) == [(0, 300)]
    seen = make_log(270).checkpoint
    assert spans(hurt.report(seen=seen), Fault.ROOT) == [(270, 300)]


def test_a_stranger_signature_is_not_the_logs():
    """A log entry signed by another key is refused, even under the same name."""
    log, other = make_log(5), make_log(5, signer(seed="two"))
    report = log.report(keys=[other.key.verifier])
    assert faults(report) == {Fault.ENVELOPE, Fault.CHECKPOINT}
    assert spans(report, Fault.ENVELOPE) == [(0, 5)]


def test_a_changed_checkpoint_signature_is_found(log):
    """One flipped bit in the head's signature, and the head does not count."""
    note = log.checkpoint[:-10] + b"A" + log.checkpoint[-9:]
    report = log.report(checkpoint=note)
    assert faults(report) == {Fault.CHECKPOINT}
    assert report.first_bad.fault is Fault.CHECKPOINT


def test_a_root_that_nothing_settles_is_bounded_by_what_was_seen():
    """What was proven before is not drawn into doubt by what came later."""
    log = make_log(60)
    other = make_log([payload(i) for i in range(59)] + [payload(99)])
    seen = make_log(40).checkpoint
    report = log.report(checkpoint=other.checkpoint, seen=seen)
    assert spans(report, Fault.ROOT) == [(40, 60)]


def test_undisclosed_rows_are_counted_and_no_error(log):
    """A mirror holds commitments alone and can still say that the log is whole."""
    bare = log
    for index in range(10, 20):
        bare = bare.with_row(index, salt=None, envelope=None)
    report = bare.report()
    assert report.ok
    assert report.undisclosed == 10
    assert any("10 entries are not disclosed" in said for said in report.caveats)


def test_an_undisclosed_commitment_that_changed_is_still_named(log):
    """Without content the tile is the second copy, and it settles the matter."""
    bare = log.with_row(17, salt=None, envelope=None, commitment=drawn("x"))
    report = bare.report()
    assert faults(report) == {Fault.COMMITMENT}
    assert spans(report, Fault.COMMITMENT) == [(17, 18)]


def test_half_a_row_is_named(log):
    """An envelope without its salt, or a salt alone, is damage."""
    assert spans(log.with_row(3, salt=None).report(), Fault.ROW_HALF) == [(3, 4)]
    assert spans(log.with_row(3, envelope=None).report(), Fault.ROW_HALF) == [(3, 4)]
    assert spans(log.with_row(3, salt=b"x").report(), Fault.ROW_HALF) == [(3, 4)]


def test_a_mixed_realm_is_named():
    """A live entry in an exercise log is found though everything is signed."""
    log = make_log([payload(0), payload(1, realm="live"), payload(2)])
    report = log.report()
    assert spans(report, Fault.REALM) == [(1, 2)]
    assert report.realms == {"exercise": 2, "live": 1}


@pytest.mark.parametrize(
    "bad",
    [
        payload(1, at="yesterday"),
        payload(1, at="2016-09-17T13:55:00"),
        payload(1, recorded_at="soon"),
        payload(1, recorded_at="2016-09-17T13:54:00Z"),
        payload(1, realm="real"),
        payload(1, v=0),
        payload(1, type=""),
        payload(1, act=[]),
        b"[]",
        b"not json",
        payload(1)[:-1] + b',"v":1}',
        b"\xff" + payload(1),
    ],
)
def test_an_unreadable_payload_is_named_though_it_is_signed(bad):
    """A node that signs nonsense is found out, at the index of the nonsense."""
    report = make_log([payload(0), bad, payload(2)]).report()
    assert spans(report, Fault.PAYLOAD) == [(1, 2)]
    assert faults(report) == {Fault.PAYLOAD}


def test_many_problems_are_counted_beyond_the_bound():
    """A report stays readable, and says how much it leaves out."""
    payloads = [
        payload(i, realm="live") if i % 2 else payload(i)
        for i in range(2 * MAX_PROBLEMS + 10)
    ]
    report = make_log(payloads).report()
    assert len(report.problems) == MAX_PROBLEMS
    assert report.left_out == 5
    assert not report.ok


# --- seen before ----------------------------------------------------------------


def test_a_checkpoint_seen_before_is_the_beginning(log):
    """A log that only grew agrees with every head it ever had."""
    for size in (0, 1, 255, 256, 257, 300):
        report = log.report(seen=make_log(size).checkpoint)
        assert report.ok, size
        assert "beyond entry" in report.caveats[0]


def test_a_rewritten_history_is_named(log):
    """Two signed heads that cannot be of one log are said to be just that."""
    other = make_log([payload(i + 1) for i in range(200)])
    report = log.report(seen=other.checkpoint)
    assert spans(report, Fault.SEEN) == [(0, 200)]
    assert faults(report) == {Fault.SEEN}


def test_two_heads_of_one_size_are_a_rewriting():
    """Two signed roots for one size are proof enough, whatever the rows say."""
    log, other = make_log(5), make_log([payload(i + 1) for i in range(5)])
    for rows in (log, other):
        report = rows.report(checkpoint=log.checkpoint, seen=other.checkpoint)
        assert spans(report, Fault.SEEN) == [(0, 5)]


def test_an_end_that_was_seen_and_is_gone_is_named(log):
    """A log rolled back with its checkpoint is found by whoever saw more."""
    report = make_log(280).report(seen=log.checkpoint)
    assert spans(report, Fault.ROW_MISSING) == [(280, 300)]


def test_damage_is_not_called_a_rewriting(log):
    """A flipped bit below the size seen before is damage, not a lie."""
    hurt = log.with_row(5, commitment=drawn("x"))
    report = hurt.report(seen=make_log(200).checkpoint)
    assert faults(report) == {Fault.COMMITMENT}


def test_a_checkpoint_of_another_log_is_refused(log):
    """What was seen of one log says nothing about another."""
    other = make_log(3, signer("south.example/clearline/exercise"))
    with pytest.raises(SeenElsewhere):
        log.report(seen=other.checkpoint, keys=[log.key.verifier, other.key.verifier])


def test_an_unsigned_checkpoint_seen_before_is_refused(log):
    """A head that nobody known signed is no ground to accuse a log."""
    other = make_log(3, signer(seed="two"))
    with pytest.raises(NoteRefused):
        log.report(seen=other.checkpoint)


# --- sealed parts -----------------------------------------------------------------


def sealed_log(*, erased: bool = False, there: bool = True, changed: bool = False):
    """Make a log with one sealed part in entry 1."""
    part = sealed_part("a name")
    digest = seal(part)
    payloads = [
        payload(0),
        payload(1, act={"notes": [{"who": sealed_json(digest)}]}),
        payload(2),
    ]
    if erased:
        act = {"entry": 1, "part": b64(digest), "rule": "personal data", "person": "p"}
        payloads.append(payload(3, type="sealed_erased", act=act))
    log = make_log(payloads, parts=[part] if there else [])
    if changed:
        log.parts[digest] = sealed_part("another name")
    return log, digest


def test_a_sealed_part_that_is_there_is_well():
    """A part that lies beside its entry and fits is no news."""
    log, _ = sealed_log()
    assert log.report().ok


def test_a_sealed_part_that_is_gone_is_found():
    """Content cannot be made to vanish without an entry that says so."""
    log, _ = sealed_log(there=False)
    assert spans(log.report(), Fault.SEALED_MISSING) == [(1, 2)]


def test_an_erased_part_is_listed_and_the_log_is_well():
    """Erasing leaves a log that verifies, and a list of what was erased."""
    log, digest = sealed_log(there=False, erased=True)
    report = log.report()
    assert report.ok
    (erased,) = report.erased
    assert (erased.entry, erased.part, erased.by_entry) == (1, b64(digest), 3)
    assert (erased.rule, erased.person) == ("personal data", "p")


def test_a_part_said_to_be_erased_and_still_there_is_found():
    """A promise to erase is checked too."""
    log, _ = sealed_log(erased=True)
    assert faults(log.report()) == {Fault.SEALED_KEPT}


def test_a_changed_sealed_part_is_found():
    """A part exchanged for another does not fit its digest."""
    log, _ = sealed_log(changed=True)
    assert faults(log.report()) == {Fault.SEALED_CHANGED}


@pytest.mark.parametrize(
    "act",
    [
        {"entry": 0, "part": b64(drawn("no")), "rule": "r", "person": "p"},
        {"entry": 9, "part": b64(drawn("no")), "rule": "r", "person": "p"},
        {"entry": -1, "part": b64(drawn("no")), "rule": "r", "person": "p"},
        {"entry": 0, "part": "short", "rule": "r", "person": "p"},
        {"part": b64(drawn("no")), "rule": "r", "person": "p"},
        {"entry": 0},
    ],
)
def test_an_erasure_of_nothing_is_found(act):
    """An erasing entry has to name a part an earlier entry holds."""
    log = make_log([payload(0), payload(1, type="sealed_erased", act=act)])
    assert spans(log.report(), Fault.ERASURE) == [(1, 2)]


def test_an_erasure_before_the_entry_is_found():
    """Nobody can erase in advance what is not yet said."""
    part = sealed_part("later")
    act = {"entry": 1, "part": b64(seal(part)), "rule": "r", "person": "p"}
    payloads = [
        payload(0, type="sealed_erased", act=act),
        payload(1, act={"who": sealed_json(seal(part))}),
    ]
    report = make_log(payloads).report()
    assert faults(report) == {Fault.ERASURE, Fault.SEALED_MISSING}


def test_sealed_parts_that_nobody_may_look_at_are_spoken_of():
    """A verifier without the parts says that it did not look."""
    log, _ = sealed_log(there=False)
    report = log.report(find_sealed=None)
    assert report.ok
    assert any("1 sealed parts were not looked at" in said for said in report.caveats)


def test_a_report_can_be_written_as_json(log):
    """What a face prints for machines is the report itself."""
    report = log.with_row(3, commitment=drawn("x")).report()
    written = json.loads(msgspec.json.encode(report))
    assert written["ok"] is False
    assert written["first_bad"]["start"] == 3


def test_the_last_open_tile_is_covered_by_the_root(log):
    """An undisclosed entry outside full tiles is damage within the open end."""
    hurt = log.with_row(280, salt=None, envelope=None, commitment=drawn("x"))
    report = hurt.report(seen=make_log(256).checkpoint)
    assert spans(report, Fault.ROOT) == [(256, 300)]


def test_an_upper_tile_is_checked():
    """A flipped bit above level 0 is named with the entries it stands for."""
    log = make_log(0)
    rows, edge, tiles = bare_rows(256 * 256)
    tiles[1, 0] = flip(tiles[1, 0], 8 * 32 * 9)
    report = audit(
        rows,
        checkpoint=head(edge, log.key),
        keys=[log.key.verifier],
        find_tile=lambda level, number: tiles.get((level, number)),
    )
    assert [(p.fault, p.start, p.end) for p in report.problems] == [
        (Fault.TILE, 9 * 256, 10 * 256)
    ]


def test_an_upper_tile_of_the_wrong_length_is_named():
    """An upper tile that was cut off is damage of everything it spans."""
    log = make_log(0)
    rows, edge, tiles = bare_rows(256 * 256)
    tiles[1, 0] = tiles[1, 0][:-1]
    report = audit(
        rows,
        checkpoint=head(edge, log.key),
        keys=[log.key.verifier],
        find_tile=lambda level, number: tiles.get((level, number)),
    )
    assert [(p.fault, p.start, p.end) for p in report.problems] == [
        (Fault.TILE, 0, 256 * 256)
    ]


def test_copies_that_differ_in_too_many_places_are_counted():
    """Memory stays bounded however much is damaged, and nothing is called well."""
    rows, edge, _ = bare_rows(2 * MAX_DISPUTES + 20)
    key = signer()
    report = audit(rows[::2], checkpoint=head(edge, key), keys=[key.verifier])
    assert not report.ok
    assert len(report.problems) == MAX_PROBLEMS
    assert len(report.problems) + report.left_out == MAX_DISPUTES + 10 + 1


def bare_rows(size):
    """Make rows without content, which are quick to walk over."""
    rows = [
        AuditRow(index=i, commitment=drawn(i), salt=None, envelope=None)
        for i in range(size)
    ]
    edge, full = grow(Edge(), [hash_leaf(row.commitment) for row in rows])
    return rows, edge, {(tile.level, tile.number): tile.hashes for tile in full}
