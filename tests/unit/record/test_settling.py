"""A ledger settles what it holds receipts of, and nothing else."""

from msgspec.structs import replace

from clearline.model.calls import Kind
from clearline.model.claims import Need, Question
from clearline.model.entries import Entry, Realm
from clearline.record.matrix import knowledge
from clearline.record.settling import MOST_FOUND, Decided, Logged, Settled, settle
from founding import case
from phone import Line


def a_log() -> tuple[Logged, ...]:
    """Ring somebody, who acknowledges."""
    line = Line()
    line.raises()
    line.acknowledges("duty")
    line.after(minutes=3)
    return tuple(
        Logged(
            index=index,
            entry=Entry(at=line.now, realm=Realm.EXERCISE, act=act),
        )
        for index, act in enumerate(line.acts)
    )


def asked(*needs: Need, settled_by: str = "a log", because: str = "") -> Settled:
    """Ask one question of that log."""
    question = Question(
        id="q", asks="Who?", settled_by=settled_by, because=because, needs=needs
    )
    (settled,) = settle(replace(case(), questions=(question,)), a_log())
    return settled


def test_a_receipt_that_is_there_is_found_with_its_entry():
    """The entry's place in the log and what it shows are told."""
    settled = asked(Need(entry="acknowledged", shows="who had it"))
    (receipt,) = settled.sought[0].found
    assert settled.decided is Decided.FOUND
    assert a_log()[receipt.index].entry.act.by.person == "duty"
    assert "by duty at south-ops; acknowledged" in receipt.says


def test_a_receipt_that_is_not_there_is_missing():
    """Missing is said, and never that nothing happened."""
    assert asked(Need(entry="passed_on", shows="x")).decided is Decided.MISSING


def test_half_of_the_receipts_settle_half():
    """One there, one not: partly found."""
    both = (Need(entry="acknowledged", shows="x"), Need(entry="ceased", shows="y"))
    assert asked(*both).decided is Decided.PARTLY


def test_a_receipt_of_another_kind_of_call_does_not_do():
    """A doubt raised as a WARN is not shown by a STOP's entries."""
    stop = Need(entry="call_raised", call=Kind.STOP, shows="x")
    warn = Need(entry="call_raised", call=Kind.WARN, shows="x")
    assert asked(stop).decided is Decided.FOUND
    assert asked(warn).decided is Decided.MISSING


def test_what_no_line_keeps_is_missing_for_ever():
    """A need without a type of entry is never found."""
    assert asked(Need(shows="each release")).decided is Decided.MISSING


def test_never_stays_never_whatever_the_log_holds():
    """Intent is not decided by any entry."""
    settled = asked(settled_by="never", because="A log does not show why.")
    assert settled.decided is Decided.NEVER
    assert settled.sought == ()


def test_many_receipts_are_counted():
    """The first ones are written out, the others counted."""
    (sought,) = asked(Need(entry="rang", shows="whom")).sought
    there = sum(type(one.entry.act).__name__ == "Rang" for one in a_log())
    assert len(sought.found) == min(there, MOST_FOUND)
    assert sought.more == max(0, there - MOST_FOUND)


def test_the_matrix_has_who_was_rung_and_who_had_it():
    """First rung, first acknowledged, by role; what is not in the log is empty."""
    (item,) = knowledge(a_log())
    rows = {row.who: row for row in item.rows}
    duty, director = (
        rows[f"south-ops: {who}"]
        for who in ("duty officer (duty)", "battle director (director)")
    )
    assert duty.told
    assert duty.acknowledged
    assert director.told
    assert not director.acknowledged
    assert not any(row.read_back for row in item.rows)
