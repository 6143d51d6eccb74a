"""What is kept of a notice that the node itself sends to a desk without one."""

from clearline.model.calls import Outcome
from clearline.model.commands import Enter
from clearline.model.disclosures import NoticeDisclosed
from clearline.model.entries import PersonSet
from clearline.model.notice_acts import NoticeDisposed, NoticeRouted, NoticeTold
from clearline.model.notice_commands import FileNotice, NoteMailed, RouteNotice
from clearline.model.notice_life import Attached, Routing
from clearline.model.notices import NoticeId
from clearline.model.parties import DeskId, Medium, Person, PersonId, Role
from clearline.rules.mailed import MAILED, by_mail, goes_by_mail, unsent
from notice_forms import a_movement
from phone import NORTH, Line

CONVOY = NoticeId("convoy-1")
FAR, WAY = DeskId("far-hq"), DeskId("monitor-ops")
SHEET = Attached(
    name="convoy-1.txt",
    media_type="text/plain",
    sha256="ab" * 32,
    bytes_long=9,
    shows=MAILED,
)


def forwarded(**more) -> Line:
    """A line on which the monitor forwarded a convoy to a desk without a node."""
    line = Line()
    line.desk(FAR, NORTH)
    enter(line, "far", Medium.EMAIL)
    line.do(
        FileNotice(
            notice=CONVOY,
            by=line.actor("lina"),
            revision=a_movement(tells=(FAR,), through=WAY),
        )
    )
    forward(line, **more)
    return line


def enter(line: Line, name: str, *media: Medium) -> None:
    """Enter somebody at the far desk."""
    person = Person(
        id=PersonId(name),
        desk=FAR,
        pseudonym=name,
        roles=(Role.DUTY_OFFICER,),
        media=media,
    )
    line.do(Enter(act=PersonSet(person=person)))


def forward(line: Line, sheet: Attached | None = SHEET) -> None:
    """Let the monitor forward it."""
    line.do(
        RouteNotice(
            notice=CONVOY,
            by=line.actor("observer"),
            routing=Routing.FORWARDED,
            to=FAR,
            sheet=sheet,
        )
    )


def became(line: Line, outcome: Outcome, detail: str = "") -> None:
    """Let the node note what became of its mail."""
    by = by_mail(WAY, line.picture)
    assert by is not None
    line.do(
        NoteMailed(
            notice=CONVOY, by=by, revision=1, to=FAR, outcome=outcome, detail=detail
        )
    )


def waits(line: Line) -> bool:
    """Say whether something is still to be sent."""
    found = line.picture.notices.get(CONVOY)
    assert found is not None
    return bool(unsent(found))


def count(line: Line, kind: type) -> int:
    """Count acts of a kind."""
    return sum(isinstance(act, kind) for act in line.acts)


def test_that_it_was_sent_is_kept_once_and_tells_nobody_anything_anew() -> None:
    """The log says that it left; what that desk was told is counted once."""
    line = forwarded()
    assert waits(line)
    became(line, Outcome.SENT)
    became(line, Outcome.SENT)
    assert not waits(line)
    assert count(line, NoticeRouted) == 2
    assert count(line, NoticeDisclosed) == 1


def test_that_it_lies_in_the_mailbox_is_delivered_once() -> None:
    """Delivered, and not that anybody read it."""
    line = forwarded()
    became(line, Outcome.SENT)
    became(line, Outcome.DELIVERED)
    became(line, Outcome.DELIVERED)
    assert count(line, NoticeDisposed) == 1


def test_that_it_failed_is_told_to_its_way_and_to_its_owner() -> None:
    """Both can send it by hand, and both know why they have to."""
    line = forwarded()
    became(line, Outcome.FAILED, "550 no such mailbox")
    told = [act for act in line.acts if isinstance(act, NoticeTold)]
    assert [act.desk for act in told] == [WAY, "north-ops"]
    assert all("550 no such mailbox" in act.text for act in told)


def test_what_was_sent_by_hand_is_not_to_be_sent() -> None:
    """A sheet somebody gave has left already, and so has what it takes the place of."""
    line = forwarded()
    forward(line, None)
    assert not waits(line)


def test_only_a_desk_where_everybody_has_nothing_but_e_mail_is_without_a_node() -> None:
    """Nobody there is no mailbox, and somebody with a screen looks for themselves."""
    line = forwarded()
    assert goes_by_mail(line.picture, FAR)
    assert not goes_by_mail(line.picture, DeskId("south-ops"))
    enter(line, "with-a-screen", Medium.EMAIL, Medium.SCREEN)
    assert not goes_by_mail(line.picture, FAR)
