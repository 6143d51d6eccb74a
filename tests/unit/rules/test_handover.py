"""What is written down for the next watch is in the log, and so is who read it."""

from clearline.model.commands import LeaveWatch, TakeWatch
from clearline.model.entries import WatchLeft, WatchTaken
from clearline.model.instants import Duration
from clearline.model.parties import PersonId
from phone import Line

NOTES = "The convoy calls in at every stop. Air control does not answer by radio."


def test_both_sign_what_the_one_who_leaves_wrote() -> None:
    """One entry names both and holds the notes; the desk keeps the newest."""
    line = Line()
    acts = line.do(
        LeaveWatch(by=line.actor("duty"), to=line.actor("spare"), notes=NOTES)
    )
    (left,) = (act for act in acts if isinstance(act, WatchLeft))
    assert (left.person, left.to, left.notes) == ("duty", "spare", NOTES)
    handed = line.picture.handovers.get(left.desk)
    assert (handed.person, handed.to, handed.notes) == ("duty", "spare", NOTES)
    assert handed.at == line.now


def test_who_comes_later_says_that_they_have_read_it() -> None:
    """The entry that takes the watch names the handover; it is kept who read it."""
    line = Line()
    line.do(LeaveWatch(by=line.actor("duty"), notes=NOTES))
    (desk,) = (one for one in line.picture.handovers.values())
    line.after(minutes=5)
    (taken,) = line.do(
        TakeWatch(
            by=line.actor("spare"),
            role=line.picture.persons.get(PersonId("spare")).roles[0],
            until=line.now + Duration(hours=8),
            has_read=desk.at,
        )
    )
    assert isinstance(taken, WatchTaken)
    assert taken.has_read == desk.at
    kept = line.picture.handovers.get(desk.desk)
    assert kept.read == (("spare", line.now),)
    assert kept.notes == NOTES


def test_nobody_has_read_what_was_never_handed_over() -> None:
    """An instant that names no handover of the desk is left out of the entry."""
    line = Line()
    (taken,) = line.do(
        TakeWatch(
            by=line.actor("spare"),
            role=line.picture.persons.get(PersonId("spare")).roles[0],
            until=line.now + Duration(hours=8),
            has_read=line.now,
        )
    )
    assert taken.has_read is None
