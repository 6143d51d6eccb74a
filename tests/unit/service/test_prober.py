"""The prober: whoever files and asks to find out finds no more than was told.

A world in which the hidden thing lies somewhere else, or nowhere, must give the same
answers, one by one, to a prober that chooses each question by the answers before it.
"""

import random

import pytest

from clearline.geo.cells import cell_of
from clearline.geo.geodesy import destination, distance_m
from clearline.model.conflict_acts import NoticeScreened
from clearline.model.extents import Extent
from clearline.model.instants import Window
from clearline.model.notice_acts import NOTICE_ACTS
from clearline.model.notices import Precision
from clearline.model.parties import PartyId
from clearline.model.places import Circle, Position
from clearline.model.screenings import Verdict
from clearline.rules.disclosure import Viewer
from clearline.service.questions import Questions
from two_logs import (
    HOSPITAL,
    HOUR,
    NOON,
    NORTH_OPS,
    SOUTH_OPS,
    TwoLogs,
    plan,
    position,
    site,
)

PROBES = 1_000
SOUTH = Viewer(party=PartyId("south"), desk=SOUTH_OPS)
WIDEST_M = 60_000.0


def elsewhere_in_its_cell():
    """Another place of the hospital's cell, as far away as that goes."""
    corners = (destination(HOSPITAL, turn, 4_500.0) for turn in range(0, 360, 15))
    same = [at for at in corners if cell_of(at) == cell_of(HOSPITAL)]
    return max(same, key=lambda at: distance_m(HOSPITAL, at))


class Prober:
    """Search for something by asking; every question follows from the answers."""

    def __init__(self, logs, seed=7):
        """Begin knowing the region and nothing else."""
        self.logs, self.draws = logs, random.Random(seed)  # noqa: S311 (a prober, no secret)
        self.centre, self.size_m = Position(lon=40.1, lat=35.1), WIDEST_M
        self.answers = []

    def ask(self, at, radius_m):
        """Ask about a circle, as if nobody counted; keep the whole answer."""
        self.logs.screener.questions = Questions()  # what slows a prober has its test
        plan = Extent(
            footprint=Circle(centre=at, radius_m=radius_m),
            window=Window(start=NOON + HOUR, end=NOON + 2 * HOUR),
        )
        told = self.logs.screener.plan(SOUTH, plan)
        self.answers.append((told.verdict, told.said, told.met))
        return told.verdict

    def search(self, probes):
        """Close in on whatever answers, from many sides; begin anew when lost."""
        while len(self.answers) < probes:
            turn = self.draws.uniform(0.0, 360.0)
            step_m = self.draws.uniform(0.0, self.size_m / 2)
            at = destination(self.centre, turn, step_m)
            if self.ask(at, self.size_m / 2) is not Verdict.NONE_FOUND:
                self.centre, self.size_m = at, max(20.0, self.size_m * 0.7)
            elif self.draws.random() < 0.1:
                self.size_m = min(WIDEST_M, self.size_m * 2)


def world(where, precision):
    """A world in which the hospital lies there, told so to the south."""
    logs = TwoLogs("world")
    tells = {SOUTH_OPS: precision} if precision else {}
    if where is not None:
        logs.file("hospital", site(at=where, tells=tells), NORTH_OPS)
    return logs


def searched(where, precision, probes=PROBES):
    """Let a prober loose in such a world."""
    prober = Prober(world(where, precision))
    prober.search(probes)
    return prober


def test_the_prober_finds_what_it_is_told_exactly():
    """The search has teeth: told exactly, the place is found to within 200 m."""
    found = searched(HOSPITAL, Precision.EXACT, probes=300)
    assert distance_m(found.centre, HOSPITAL) < 200.0


def test_a_thousand_probes_place_no_site_better_than_its_cell():
    """Anywhere in its cell, the site gives a prober the same thousand answers."""
    one = searched(HOSPITAL, Precision.COARSE)
    other = searched(elsewhere_in_its_cell(), Precision.COARSE)
    assert distance_m(HOSPITAL, elsewhere_in_its_cell()) > 4_000.0
    assert len(one.answers) == PROBES
    assert one.answers == other.answers
    assert len({answer[0] for answer in one.answers}) == 2  # it learns the cell


@pytest.mark.parametrize("precision", [Precision.EXISTENCE, None])
def test_what_is_told_less_gives_no_place_at_all(precision):
    """Existence is the same anywhere on Earth; what is not told is as if not there."""
    far = Position(lon=-70.0, lat=-33.0)
    one = searched(HOSPITAL, precision, probes=200)
    other = searched(far if precision else None, precision, probes=200)
    assert one.answers == other.answers
    assert len({answer[0] for answer in one.answers}) == 1


def filings(logs, probes=60):
    """File sham plans over a grid, told to the north, amended and withdrawn again."""
    for at in range(probes):
        turn, away_m = 30.0 * at, 150.0 * at
        where = destination(HOSPITAL, turn, away_m)
        told = plan(at=where, tells={NORTH_OPS: Precision.EXACT})
        logs.file(f"sham-{at}", told)
        if at % 3 == 0:
            logs.amend(f"sham-{at}", told)
        if at % 2:
            logs.withdraw(f"sham-{at}")
    return logs


def first_log(logs, besides=()):
    """All that stands in the first log, but for what is about some notices."""
    of_notices = (*NOTICE_ACTS, NoticeScreened)
    return [
        entry
        for entry in logs.entries()
        if not (isinstance(entry.act, of_notices) and entry.act.notice in besides)
    ]


def test_sham_filings_at_a_position_leave_the_first_log_as_it_is():
    """Not an entry, number, size or time of it says that somebody was rung."""
    without, with_it = TwoLogs("world"), TwoLogs("world")
    with_it.file("post", position(), NORTH_OPS)
    for logs in (without, with_it):
        filings(logs)
    assert with_it.calls(with_it.own)
    assert first_log(with_it) == first_log(without)
    assert with_it.first.log.checkpoint() == without.first.log.checkpoint()
    assert with_it.first.picture.next_number() == without.first.picture.next_number()


def test_sham_filings_at_a_hidden_site_leave_all_but_its_own_entries():
    """A hospital nobody was told of rings, and the filer can count nothing."""
    without, with_it = TwoLogs("world"), TwoLogs("world")
    with_it.file("hospital", site(), NORTH_OPS)
    for logs in (without, with_it):
        filings(logs)
    assert with_it.calls(with_it.own)
    assert first_log(with_it, ("hospital",)) == first_log(without)
    assert with_it.first.picture.next_number() == without.first.picture.next_number()


def test_sham_filings_within_a_cell_ring_nobody_in_the_first_log():
    """A coarse site rings its owner alone, wherever in its cell it is hit."""
    told = {SOUTH_OPS: Precision.COARSE}
    one, other = TwoLogs("world"), TwoLogs("world")
    one.file("hospital", site(tells=told), NORTH_OPS)
    there = elsewhere_in_its_cell()
    other.file("hospital", site(at=there, tells=told), NORTH_OPS)
    for logs in (one, other):
        filings(logs)
    assert first_log(one, ("hospital",)) == first_log(other, ("hospital",))
    assert len(one.calls(one.own)) != len(other.calls(other.own))
