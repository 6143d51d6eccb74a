"""1 April 2024 with notices: the plan unread at the drone's cell, guards undeclared.

The cast and its tree of desks are the shipped scenario's. What was declared, and who
read it, is as its sources have it; the hours of the notice are a test's own.
"""

import pytest
from msgspec.structs import replace

from clearline.model.calls import Kind
from clearline.model.commands import Advance
from clearline.model.entries import DeskSet, Entry, PartySet, Realm
from clearline.model.faults import FilingRefused
from clearline.model.instants import Duration, Instant
from clearline.model.notice_acts import NoticeTold
from clearline.model.notice_commands import AmendNotice, Dispose, FileNotice
from clearline.model.notice_life import Disposition, NoticeTelling
from clearline.model.notices import Notice, NoticeId
from clearline.model.parties import Actor, Desk, DeskId, Party, PersonId, Strength
from clearline.picture.picture import Picture
from clearline.replay.library import load
from clearline.rules.decide import decide
from clearline.rules.recipients import unread_at
from notice_forms import CONVOY, a_movement
from phone import NOON

PLAN = NoticeId("plan")
TOLD = (DeskId("southern-command"),)


class Day:
    """Hold the desks of the day and the time."""

    def __init__(self) -> None:
        """Enter the cast's parties and desks."""
        self.now: Instant = NOON
        self.picture = Picture()
        self.told: list[NoticeTold] = []
        cast = load("wck-convoy-2024").scenario.cast
        for party in cast.parties:
            self._fold(
                PartySet(
                    party=Party(id=party.id, name=party.name, standing=party.standing)
                )
            )
        for desk in cast.desks:
            self._fold(
                DeskSet(
                    desk=Desk(
                        id=desk.id, party=desk.party, name=desk.name, under=desk.under
                    )
                )
            )

    def does(self, command: object) -> None:
        """Decide a command and fold what follows."""
        for act in decide(self.picture, command, self.now):  # type: ignore[arg-type]
            self._fold(act)

    def until(self, hours: float) -> None:
        """Let time pass to so many hours after noon."""
        end = NOON + Duration(hours=hours)
        while (due := self.picture.next_due()) is not None and due <= end:
            self.now = max(self.now, due)
            for key in self.picture.due(self.now, 100):
                self.does(Advance(waiting=key))
        self.now = end

    def reads(self, desk: str) -> None:
        """Let a desk acknowledge the plan."""
        by = by_desk(desk, "military")
        did = Disposition.ACKNOWLEDGED
        self.does(Dispose(notice=PLAN, by=by, disposition=did))

    @property
    def plan(self) -> Notice:
        """Look at the plan as it stands."""
        found = self.picture.notices.get(PLAN)
        assert found is not None
        return found

    def _fold(self, act: object) -> None:
        self.picture.fold(Entry(at=self.now, realm=Realm.MODEL, act=act))  # type: ignore[arg-type]
        if isinstance(act, NoticeTold):
            self.told.append(act)


def by_desk(desk: str, party: str) -> Actor:
    """Somebody known at a desk."""
    return Actor(
        party=party,  # type: ignore[arg-type]
        desk=DeskId(desk),
        strength=Strength.PASSWORD,
        person=PersonId(f"{desk}-duty"),
    )


KITCHEN = by_desk("kitchen-desk", "kitchen")


@pytest.fixture
def day() -> Day:
    """The plan is filed six hours before the convoy leaves, with no guards in it."""
    made = Day()
    made.does(FileNotice(notice=PLAN, by=KITCHEN, revision=a_movement(tells=TOLD)))
    return made


def test_the_cell_that_struck_is_named_before_departure(day: Day) -> None:
    """Command and coordination cell have read it; the drone's cell has not."""
    day.reads("southern-command")
    day.reads("coordination-cell")
    assert unread_at(day.picture, day.plan) == ("drone-cell",)
    day.until(4)
    told = {act.desk: act for act in day.told if act.telling is NoticeTelling.UNREAD}
    assert set(told) == {"kitchen-desk", "drone-cell"}
    assert "drone-cell" in told[KITCHEN.desk].text
    rung = [call.to_desk for call in day.picture.calls.values()]
    assert sorted(rung) == ["drone-cell", "kitchen-desk"]
    assert {call.kind for call in day.picture.calls.values()} == {Kind.WARN}


def test_a_plan_that_says_nothing_of_guards_is_not_filed() -> None:
    """The question has to be answered; *no* is an answer somebody gave."""
    silent = replace(CONVOY, armed_escort=None)
    with pytest.raises(FilingRefused) as refused:
        Day().does(
            FileNotice(
                notice=PLAN, by=KITCHEN, revision=a_movement(tells=TOLD, details=silent)
            )
        )
    assert "details.armed_escort" in [one.field for one in refused.value.faults]


def test_guards_that_join_are_told_again_and_must_be_read_again(day: Day) -> None:
    """Whoever had read the plan has not read that there are guards."""
    for desk in ("southern-command", "coordination-cell", "drone-cell"):
        day.reads(desk)
    assert unread_at(day.picture, day.plan) == ()
    day.until(3)
    guarded = replace(CONVOY, armed_escort=True, escort_by="local guards, one car")
    day.does(
        AmendNotice(
            notice=PLAN, by=KITCHEN, revision=a_movement(tells=TOLD, details=guarded)
        )
    )
    assert day.plan.silent() == TOLD
    assert set(unread_at(day.picture, day.plan)) == {"drone-cell", "coordination-cell"}
