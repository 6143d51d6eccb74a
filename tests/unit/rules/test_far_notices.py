"""Two nodes, one notice: what each is told of it, what comes back, what never leaves.

north has a clinic and a convoy; south has `south-ops`, and `south-air` below it, where
whoever might shoot sits.
"""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from clearline.model.commands import HearPeer, RevokePeer
from clearline.model.entries import PeerHeard, PeerTold, Rang
from clearline.model.extents import Corridor
from clearline.model.instants import Window
from clearline.model.links import Disposes, HeardAs, Moves, NoticeSaid, TakesBack
from clearline.model.notice_acts import NoticeDisposed, NoticeTold
from clearline.model.notice_commands import (
    AmendNotice,
    Dispose,
    FileNotice,
    ReportMovement,
    RouteNotice,
    WithdrawNotice,
)
from clearline.model.notice_details import PositionDetails, Request
from clearline.model.notice_life import (
    Disposition,
    MovementState,
    NoticeTelling,
    Routing,
)
from clearline.model.notices import CellsTold, Consent, NoticeId, NoticeKind, Precision
from clearline.model.parties import Role
from clearline.model.passages import Passage
from clearline.model.places import Place, PlaceFormat, Point, Position, Unlocated
from clearline.rules.disclosure import Viewer, notice_for
from clearline.rules.disclosure_to_peers import notice_for as notice_to_peer
from clearline.rules.far_notices import UNTOLD
from clearline.rules.recipients import unread_at
from clearline.rules.refusals import NotYourNotice, UnknownDesk, WrongOrder
from notice_forms import SITE, a_movement, a_site
from two_lines import Pair

CLINIC = NoticeId("clinic")
THERE = NoticeId("clinic@north")
FAR = "south-ops@south"
HOUR = timedelta(hours=1)


def told_as(precision, desk=FAR):
    """Tell one desk, at a precision."""
    consent = Consent(desk=desk, precision=precision, by="its owner", source="a form")
    return {"tells": (desk,), "consents": (consent,)}


def files(line, revision, notice=CLINIC):
    """Let lina file a notice at north, and let it be carried."""
    line.north.do(
        FileNotice(notice=notice, by=line.north.actor("lina"), revision=revision)
    )
    line.carry()


def amends(line, revision, notice=CLINIC):
    """Let lina amend it."""
    line.north.do(
        AmendNotice(notice=notice, by=line.north.actor("lina"), revision=revision)
    )
    line.carry()


def disposes(line, who, disposition, notice=THERE, detail=""):
    """Let somebody at south do something with it."""
    line.south.do(
        Dispose(
            notice=notice,
            by=line.south.actor(who),
            disposition=disposition,
            detail=detail,
        )
    )
    line.carry()


def here(line, notice=CLINIC):
    """Look at a notice at its owner's node."""
    return line.north.picture.notices.get(NoticeId(notice))


def there(line, notice=THERE):
    """Look at it at the other."""
    return line.south.picture.notices.get(NoticeId(notice))


def seen(line, desk="south-ops"):
    """Say what a desk of the south may know of it."""
    viewer = Viewer(party=line.south.party, desk=desk)
    return notice_for(line.south.picture, viewer, there(line), line.south.now)


def said(side, kind):
    """List what a node said of one kind."""
    return [
        act.says
        for act in side.acts
        if isinstance(act, PeerTold) and isinstance(act.says, kind)
    ]


def refused(line):
    """List what either node did not take."""
    return [
        act.why
        for side in (line.north, line.south)
        for act in side.acts
        if isinstance(act, PeerHeard) and act.heard_as is HeardAs.REFUSED
    ]


@pytest.fixture
def line():
    """Two linked nodes."""
    return Pair()


# --- what is told ------------------------------------------------------------------


def test_told_exactly_it_stands_there_as_it_was_filed(line):
    """Place, shape, words; without the numbers that are sealed."""
    files(line, a_site(**told_as(Precision.EXACT)))
    known = there(line)
    assert known.owner == "north"
    assert known.filed_by.desk == "north-ops@north"
    assert known.revision.where == here(line).revision.where
    assert known.revision.details == SITE
    assert known.revision.tells == ("south-ops",)
    assert known.revision.personal.phones is None
    assert seen(line).level is Precision.EXACT
    assert not refused(line)


def test_told_coarsely_only_cells_and_whole_hours_leave(line):
    """Neither the place, nor its words, nor its minutes are in what is sent."""
    files(line, a_site(**told_as(Precision.COARSE)))
    (sent,) = said(line.north, NoticeSaid)
    bytes_sent = msgspec.json.encode(sent)
    for secret in (b"40.12", b"35.56", b"mill", b"N-17", b"Deir", b":07:"):
        assert secret not in bytes_sent
    known = there(line).revision
    assert isinstance(known.where.footprint, Unlocated)
    assert known.cells.cells
    assert known.window.start.minute == 0
    told, own = seen(line), notice_for_owner(line)
    assert told.level is Precision.COARSE
    assert told.kind is NoticeKind.SITE
    assert told.says == "health"
    assert told.cell is not None
    assert (told.cell.south, told.cell.west) < (35.56789, 40.12345)
    assert own.window.start.minute == 7


def notice_for_owner(line):
    """Say what its owner may know of it."""
    viewer = Viewer(party=line.north.party, desk="north-ops")
    return notice_for(line.north.picture, viewer, here(line), line.north.now)


def test_what_is_seen_there_is_what_would_be_seen_on_one_node(line):
    """A link coarsens once: cell, hours and words are those the door here gives."""
    files(line, a_site(**told_as(Precision.COARSE)))
    viewer = Viewer(party=line.south.party, desk=FAR)
    one = notice_for(line.north.picture, viewer, here(line), line.north.now)
    other = seen(line)
    assert (one.cell, one.window, one.says, one.kind) == (
        other.cell,
        other.window,
        other.says,
        other.kind,
    )


def test_what_was_not_told_moves_nothing_that_is_sent():
    """Two worlds, told coarsely: moved within its cell, and another told to nobody."""
    sent = []
    for lon, is_hidden in ((40.12345, False), (40.12999, False), (40.12345, True)):
        line = Pair()
        if is_hidden:
            files(line, a_movement(tells=()), NoticeId("hidden"))
        place = replace(
            a_site().where,
            footprint=Point(position=Position(lon=lon, lat=35.56789), precision_m=5.0),
        )
        files(line, a_site(where=place, where_again=None, **told_as(Precision.COARSE)))
        told = [act for act in line.north.acts if isinstance(act, PeerTold)]
        sent.append(msgspec.json.encode(told))
    assert sent[0] == sent[1] == sent[2]


def test_of_what_only_exists_not_even_its_kind_is_sent(line):
    """A movement and a site told so are told alike, on the same days."""
    files(line, a_site(**told_as(Precision.EXISTENCE)))
    window = a_site().window
    convoy = a_movement(**told_as(Precision.EXISTENCE))
    shape = convoy.shape
    far = replace(convoy, window=Window(start=window.start, end=convoy.window.end))
    files(line, far, NoticeId("convoy"))
    one, other = said(line.north, NoticeSaid)
    assert shape is not None
    for each in (one.revision, other.revision):
        assert each.kind is NoticeKind.ACTIVITY
        assert each.cells == CellsTold()
        assert each.window.start.hour == 0
    assert replace(one.revision, window=window) == replace(
        other.revision, window=window
    )
    told = seen(line)
    assert told.level is Precision.EXISTENCE
    assert (told.kind, told.window, told.cell) == (None, None, None)


def test_nobody_named_nothing_leaves(line):
    """A notice for one's own eyes, or for a desk here, is not said to the peer."""
    files(line, a_site(tells=()))
    files(line, a_movement(tells=("north-air",)), NoticeId("own"))
    assert not said(line.north, NoticeSaid)
    assert there(line) is None


def test_a_position_never_leaves(line):
    """Whatever desk of the peer's one might name, the door does not open."""
    files(line, a_site(**told_as(Precision.EXACT)))
    known = here(line)
    post = replace(known.revision, details=PositionDetails(unit="A"))
    peer = line.north.picture.peer_of(line.south.party)
    by = line.north.actor("lina")
    view = line.north.picture
    assert notice_to_peer(view, peer, known, by) is not None
    assert notice_to_peer(view, peer, replace(known, revision=post), by) is None


def test_the_node_is_told_as_its_most_exactly_told_desk(line):
    """Whoever runs a node reads all it holds; its own door tells each desk its part."""
    line.south.desk("south-hq", line.south.party)
    line.carry()
    both = (
        Consent(desk=FAR, precision=Precision.EXACT, by="its owner", source="a form"),
        Consent(desk="south-hq@south", precision=Precision.COARSE),
    )
    files(line, a_site(tells=(FAR, "south-hq@south"), consents=both))
    assert len(said(line.north, NoticeSaid)) == 1
    assert seen(line).level is Precision.EXACT
    assert seen(line, "south-hq").level is Precision.COARSE
    assert seen(line, "south-air").level is Precision.EXACT


def test_forwarded_it_leaves_when_it_is_forwarded_and_not_before(line):
    """What goes through a desk here is not told there until that desk forwards it."""
    line.north.desk("north-hum", line.north.party)
    files(line, a_site(through="north-ops", **told_as(Precision.EXACT)))
    assert there(line) is None
    line.north.do(
        RouteNotice(
            notice=CLINIC,
            by=line.north.actor("lina"),
            routing=Routing.FORWARDED,
            to=FAR,
        )
    )
    line.carry()
    assert there(line) is not None


def test_a_desk_the_owners_notices_do_not_get_to_is_refused_at_filing(line):
    """Filing to a node that is linked for nobody, or no more, says so at once."""
    known = line.north.picture.peer_of(line.south.party)
    line.north.do(RevokePeer(peer=known.id))
    with pytest.raises(UnknownDesk, match="at another node"):
        files(line, a_site(**told_as(Precision.EXACT)))
    assert here(line) is None


def test_it_goes_through_no_desk_of_another_node(line):
    """A notice would lie there, told to nobody: it is refused at filing."""
    for through in (FAR, "nowhere"):
        with pytest.raises(UnknownDesk, match="could go through"):
            files(line, a_site(through=through, **told_as(Precision.EXACT)))


def test_a_shape_too_long_for_a_link_is_refused_at_filing(line):
    """What one message cannot carry would hold up all that comes after it."""
    start, step = a_movement().window.start, timedelta(seconds=2)
    path = Corridor(
        path=tuple(Position(lon=40 + a / 1e5, lat=35.0) for a in range(3_500)),
        half_width_m=50.0,
        passages=tuple(Passage(eta=start + a * step) for a in range(3_500)),
    )
    there = Place(footprint=path, text="the road east", format=PlaceFormat.GEOMETRY)
    with pytest.raises(UnknownDesk, match="10500 corners"):
        files(line, a_movement(shape=path, where=there, **told_as(Precision.EXACT)))


def test_an_id_like_a_far_one_is_not_filed_here(line):
    """Nobody files under the name another node's notice would have."""
    with pytest.raises(WrongOrder, match="id of its own"):
        files(line, a_site(), NoticeId("x@north"))


# --- what becomes of it ------------------------------------------------------------


def test_a_receipt_is_delivered_and_no_more(line):
    """Their node holds it, signed; that anybody read it is said by people there."""
    files(line, a_site(**told_as(Precision.EXACT)))
    done = [(one.desk, one.disposition) for one in here(line).dispositions]
    assert done == [(FAR, Disposition.DELIVERED)]
    assert unread_at(line.north.picture, here(line)) == (FAR,)


def test_shown_and_answered_travel_back_with_a_role_and_a_pseudonym(line):
    """The owner sees each; whoever it was is a tag and no id of theirs."""
    files(line, a_site(**told_as(Precision.EXACT)))
    disposes(line, "duty", Disposition.SHOWN)
    disposes(line, "duty", Disposition.OBJECTED, detail="we have a plan there")
    done = here(line).dispositions
    assert [one.disposition for one in done] == [
        Disposition.DELIVERED,
        Disposition.SHOWN,
        Disposition.OBJECTED,
    ]
    assert done[-1].detail == "we have a plan there"
    assert done[-1].by.person.endswith("@south")
    assert "duty" not in done[-1].by.person
    assert here(line).has_answered(FAR)


def test_read_counts_at_the_leaves_and_names_none_of_them(line):
    """Until the desk below has read it, it is unread; the peer learns how many."""
    files(line, a_site(**told_as(Precision.EXACT)))
    disposes(line, "duty", Disposition.ACKNOWLEDGED)
    assert unread_at(line.north.picture, here(line)) == (FAR,)
    assert here(line).dispositions[-1].unread_below == 1
    disposes(line, "controller", Disposition.SHOWN)
    assert unread_at(line.north.picture, here(line)) == ()
    assert "south-air" not in repr(said(line.south, Disposes))
    assert not refused(line)


def test_what_a_desk_below_says_is_no_answer_of_the_desk_told(line):
    """An objection of the cell that would shoot is heard, and the desk still owes."""
    files(line, a_site(**told_as(Precision.EXACT)))
    disposes(line, "controller", Disposition.OBJECTED, detail="ours at 14:00")
    last = here(line).dispositions[-1]
    assert last.is_aside
    assert last.detail == "ours at 14:00"
    assert not here(line).has_answered(FAR)


def test_an_amendment_is_told_and_to_be_answered_again(line):
    """The newer revision stands there; what answered the older one does not count."""
    files(line, a_site(**told_as(Precision.EXACT)))
    disposes(line, "duty", Disposition.ACKNOWLEDGED)
    newer = replace(SITE, request=Request.AMEND, name_en="Clinic, east wing")
    amends(line, a_site(details=newer, **told_as(Precision.EXACT)))
    assert there(line).revision.number == 2
    assert there(line).revision.details.name_en == "Clinic, east wing"
    assert not here(line).has_answered(FAR)
    disposes(line, "duty", Disposition.ACKNOWLEDGED)
    assert here(line).has_answered(FAR)


def test_an_answer_that_crosses_an_amendment_answers_the_older(line):
    """Said before it had heard: kept, and the desk still owes an answer."""
    files(line, a_movement(**told_as(Precision.EXACT)), NoticeId("convoy"))
    line.is_cut = True
    disposes(line, "duty", Disposition.ACKNOWLEDGED, NoticeId("convoy@north"))
    reports(line, MovementState.DEPARTED)
    reports(line, MovementState.DELAYED)
    line.is_cut = False
    line.carry()
    assert here(line, "convoy").dispositions[-1].disposition is (
        Disposition.ACKNOWLEDGED
    )
    assert not here(line, "convoy").has_answered(FAR)
    assert unread_at(line.north.picture, here(line, "convoy")) == (FAR,)


def test_withdrawn_it_stands_there_no_more(line):
    """And says no word of why: that is the owner's own."""
    files(line, a_site(**told_as(Precision.EXACT)))
    line.north.do(
        WithdrawNotice(notice=CLINIC, by=line.north.actor("lina"), why="moved out")
    )
    line.carry()
    assert there(line).withdrawn_at is not None
    assert seen(line).is_withdrawn
    assert "moved out" not in repr(said(line.north, TakesBack))


def test_consent_withdrawn_it_is_known_there_only_as_gone(line):
    """What was told cannot be untold; what stands now holds neither place nor words."""
    files(line, a_site(**told_as(Precision.EXACT)))
    newer = replace(SITE, request=Request.AMEND)
    amends(line, a_site(details=newer, tells=(), consents=()))
    assert said(line.north, TakesBack)[-1].revision == 2
    assert there(line).revision.where == UNTOLD
    assert seen(line).is_withdrawn
    assert seen(line).level is Precision.EXISTENCE
    disposes(line, "duty", Disposition.ACKNOWLEDGED)
    assert here(line).has_answered(FAR)
    amends(line, a_site(details=newer, **told_as(Precision.COARSE)))
    assert seen(line).level is Precision.COARSE
    assert not seen(line).is_withdrawn
    assert not refused(line)


def reports(line, state, **more):
    """Let lina say how far the convoy is."""
    line.north.do(
        ReportMovement(
            notice=NoticeId("convoy"),
            by=line.north.actor("lina"),
            state=state,
            **more,
        )
    )
    line.carry()


def test_a_movement_is_followed_there_where_it_is_told_exactly(line):
    """Departed, at a stop, arrived; a delay is told to be answered again."""
    convoy = NoticeId("convoy@north")
    files(line, a_movement(**told_as(Precision.EXACT)), NoticeId("convoy"))
    reports(line, MovementState.DEPARTED)
    reports(line, MovementState.DELAYED, detail="a bridge is down")
    moves = there(line, convoy).moves
    assert [one.state for one in moves] == [
        MovementState.DEPARTED,
        MovementState.DELAYED,
    ]
    assert moves[-1].detail == "a bridge is down"
    assert [
        (act.desk, act.telling)
        for act in line.south.acts
        if isinstance(act, NoticeTold)
    ] == [("south-ops", NoticeTelling.CHANGED)]


def test_coarsely_only_that_it_is_delayed_leaves(line):
    """Not that it left, nor where it is, nor when it is expected."""
    files(line, a_movement(**told_as(Precision.COARSE)), NoticeId("convoy"))
    reports(line, MovementState.DEPARTED)
    reports(line, MovementState.DELAYED, detail="a bridge is down")
    (sent,) = said(line.north, Moves)
    assert sent == Moves(notice=NoticeId("convoy"), state=MovementState.DELAYED)


def test_of_what_only_exists_a_delay_is_told_as_a_change(line):
    """The same once more; nothing says that it is a movement."""
    files(line, a_movement(**told_as(Precision.EXISTENCE)), NoticeId("convoy"))
    reports(line, MovementState.DELAYED)
    assert not said(line.north, Moves)
    one, other = said(line.north, NoticeSaid)
    assert one.revision == other.revision


# --- clocks there ------------------------------------------------------------------


def test_before_it_leaves_whoever_has_not_read_it_is_rung_there(line):
    """The desk that would shoot is rung by its own node, in its own party's name."""
    files(line, a_movement(**told_as(Precision.EXACT)), NoticeId("convoy"))
    disposes(line, "duty", Disposition.ACKNOWLEDGED, NoticeId("convoy@north"))
    line.after(hours=4, minutes=1)
    told = [act for act in line.south.acts if isinstance(act, NoticeTold)]
    assert [(act.desk, act.telling) for act in told] == [
        ("south-air", NoticeTelling.UNREAD)
    ]
    call = line.south.call(told[0].call)
    assert call.raised_by.party == "south"
    rung = [
        made.person
        for act in line.south.acts
        if isinstance(act, Rang)
        for made in act.attempts
    ]
    assert "controller" in rung
    assert line.north.picture.calls.get(told[0].call) is None
    unread = [act for act in line.north.acts if isinstance(act, NoticeTold)]
    assert "south-ops@south (at 1 of its desks)" in unread[-1].text


def test_the_owner_hears_of_a_node_that_never_got_it(line):
    """A cut link is no silence: it is said to be one, before the convoy leaves."""
    line.is_cut = True
    files(line, a_movement(**told_as(Precision.EXACT)), NoticeId("convoy"))
    line.after(hours=4, minutes=1)
    unread = [act.text for act in line.north.acts if isinstance(act, NoticeTold)]
    assert "their node has not received it" in unread[-1]
    line.is_cut = False
    line.carry()


def test_its_time_over_it_expires_at_both(line):
    """Each node knows when its window ends; nothing needs to be said."""
    files(line, a_movement(**told_as(Precision.EXACT)), NoticeId("convoy"))
    line.after(hours=11)
    assert here(line, "convoy").expired_at is not None
    assert there(line, "convoy@north").expired_at is not None


# --- whose it is -------------------------------------------------------------------


def test_nobody_there_changes_what_the_other_node_keeps(line):
    """Even an account of the owner's party on the wrong node."""
    files(line, a_site(**told_as(Precision.EXACT)))
    line.south.person("guest", "north-ops@north", Role.OPERATOR)
    for command in (
        WithdrawNotice(notice=THERE, by=line.south.actor("guest")),
        AmendNotice(
            notice=THERE, by=line.south.actor("guest"), revision=a_site(tells=())
        ),
    ):
        with pytest.raises(NotYourNotice, match="kept at the node of north"):
            line.south.do(command)


def test_what_the_peer_refuses_its_owner_is_told(line):
    """A desk that is not there any more: not silence, but a sentence."""
    line.is_cut = True
    line.north.do(
        FileNotice(
            notice=CLINIC,
            by=line.north.actor("lina"),
            revision=a_site(**told_as(Precision.EXACT)),
        )
    )
    line.south.desk("south-hq", line.south.party)
    line.south.desk("south-ops", line.south.party, under="south-hq")
    line.is_cut = False
    line.carry()
    told = [act for act in line.north.acts if isinstance(act, NoticeTold)]
    assert told[-1].telling is NoticeTelling.NOT_TAKEN
    assert "no desk 'south-ops' here" in told[-1].text
    assert there(line) is None


def test_a_peer_that_says_more_than_its_desks_may_know_is_refused(line):
    """Coarsely told with a place, exactly told without, a position: none is kept."""
    files(line, a_site(**told_as(Precision.COARSE)))
    (good,) = said(line.north, NoticeSaid)
    exact = a_site().where
    bad = [
        replace(good.revision, number=2, where=exact),
        replace(good.revision, number=2, cells=None),
        replace(good.revision, number=2, tells=()),
        replace(good.revision, number=2, tells=("south-air",)),
        replace(good.revision, number=2, details=PositionDetails()),
        replace(good.revision, number=2, cells=CellsTold(cells=("9999-0000",))),
        replace(good.revision, number=2, cells=CellsTold(cells=("x",))),
        replace(good.revision, number=2, cells=CellsTold(reach_m=7.0)),
    ]
    number = line.north.picture.reach.get(line.south.id).told
    for revision in bad:
        number += 1
        says = replace(good, revision=revision)
        line.north.acts.append(PeerTold(peer=line.south.id, number=number, says=says))
        line.north._said[number] = line.north.now
        heard = line.south.do(_heard(line, number, says))
        assert heard[0].heard_as is HeardAs.REFUSED, revision
        assert len(heard) == 1
    assert there(line).revision == good.revision


def _heard(line, number, says):
    return HearPeer(
        peer=line.north.id,
        told=PeerTold(peer=line.south.id, number=number, says=says),
        said_at=line.north.now,
        digest=f"{number}",
        envelope="envelope",
        salt="salt",
    )


def test_a_peer_answers_only_what_it_was_told(line):
    """Neither another's notice, nor a revision there is not, nor for another desk."""
    files(line, a_site(tells=()))
    files(line, a_movement(**told_as(Precision.EXACT)), NoticeId("told"))
    disposes(line, "duty", Disposition.SHOWN, NoticeId("told@north"))
    (good,) = said(line.south, Disposes)
    before = [a for a in line.north.acts if isinstance(a, NoticeDisposed)]
    number = line.south.picture.reach.get(line.north.id).told
    for says in (
        replace(good, notice=CLINIC),
        replace(good, notice=NoticeId("none")),
        replace(good, revision=9),
        replace(good, desk="south-air"),
    ):
        number += 1
        heard = line.north.do(
            replace(
                _heard(line, number, says),
                peer=line.south.id,
                told=PeerTold(peer=line.north.id, number=number, says=says),
            )
        )
        assert heard[0].heard_as is HeardAs.REFUSED
    after = [a for a in line.north.acts if isinstance(a, NoticeDisposed)]
    assert after == before
