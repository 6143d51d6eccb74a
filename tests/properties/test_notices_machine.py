"""Let anybody do anything to notices, in any order, and watch what must always hold.

A notice that goes on waits for something; the end of each wait is told its owner.
What the log says folds to the same picture; what is not a viewer's is nowhere.
"""

from datetime import UTC, datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from msgspec.structs import replace

from clearline.model.entries import Entry, Realm
from clearline.model.errors import BadInput
from clearline.model.instants import FOREVER, Duration, Window
from clearline.model.notice_acts import MovementReported, NoticeExpired, NoticeTold
from clearline.model.notice_commands import (
    AmendNotice,
    ConfirmNotice,
    Dispose,
    FileNotice,
    ReportMovement,
    RouteNotice,
    StateOutcome,
    WithdrawNotice,
)
from clearline.model.notice_details import Request
from clearline.model.notice_life import (
    Disposition,
    Facilitation,
    MovementState,
    NoticeClockName,
    Routing,
)
from clearline.model.notices import Notice, NoticeId, NoticeKind, Revision
from clearline.model.parties import DeskId, Strength
from clearline.picture.picture import SHELVES, Picture, View
from clearline.picture.snapshot import (
    DUTY,
    NOTICES,
    read_snapshot,
    write_snapshot,
)
from clearline.rules.decide import decide
from clearline.rules.disclosure import Viewer, notice_for
from clearline.rules.notice_clocks import waiting
from clearline.rules.notice_due import advance_notice
from clearline.wire.entries import read_entry, write_entry
from notice_forms import CONVOY, SITE, a_movement, a_site
from phone import NOON, Line

PEOPLE = ("lina", "duty", "controller", "chief", "observer")
TOLD = ("south-hq", "south-ops", "south-air")
IDS = ("n1", "n2")

people = st.sampled_from(PEOPLE)
ids = st.sampled_from(IDS).map(NoticeId)
recipients = st.lists(st.sampled_from(TOLD), unique=True, max_size=3).map(
    lambda some: tuple(DeskId(one) for one in some)
)
PURGE = NoticeClockName.PURGE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BY_THE_CLOCK = (MovementState.OVERDUE, MovementState.DWELL_EXCEEDED)


def shelves(view: View) -> dict[str, list[object]]:
    """List everything a picture keeps."""
    return {name: list(getattr(view, name).values()) for name in SHELVES}


class Notices(RuleBasedStateMachine):
    """File, answer, move and forget notices at random."""

    @initialize()
    def begin(self) -> None:
        """Put everybody on the line."""
        self.line = Line()
        self.entries: list[Entry] = []

    # --- what people do ---------------------------------------------------------

    @rule(
        notice=ids,
        by=people,
        tells=recipients,
        is_site=st.booleans(),
        goes_through=st.booleans(),
    )
    def files(
        self,
        notice: NoticeId,
        by: str,
        tells: tuple[DeskId, ...],
        is_site: bool,  # noqa: FBT001
        goes_through: bool,  # noqa: FBT001
    ) -> None:
        """Anybody files a site or a movement."""
        through = DeskId("monitor-ops") if goes_through else None
        made = self._made(notice, is_site=is_site)
        made = replace(made, tells=tells, through=through)
        self._try(FileNotice(notice=notice, by=self.line.actor(by), revision=made))

    @rule(notice=ids, by=people, tells=recipients, is_guarded=st.booleans())
    def amends(
        self,
        notice: NoticeId,
        by: str,
        tells: tuple[DeskId, ...],
        is_guarded: bool,  # noqa: FBT001
    ) -> None:
        """Anybody amends one: others are told, guards go with it."""
        known = self.line.picture.notices.get(notice)
        is_site = known is not None and known.revision.kind is NoticeKind.SITE
        made = self._made(notice, is_site=is_site, is_guarded=is_guarded)
        made = replace(made, tells=tells)
        self._try(AmendNotice(notice=notice, by=self.line.actor(by), revision=made))

    @rule(notice=ids, by=people)
    def withdraws(self, notice: NoticeId, by: str) -> None:
        """Anybody withdraws one."""
        self._try(WithdrawNotice(notice=notice, by=self.line.actor(by)))

    @rule(notice=ids, by=people)
    def confirms(self, notice: NoticeId, by: str) -> None:
        """Anybody says it is still so."""
        self._try(ConfirmNotice(notice=notice, by=self.line.actor(by)))

    @rule(
        notice=ids,
        by=people,
        did=st.sampled_from(list(Disposition)),
        strength=st.sampled_from([Strength.PASSWORD, Strength.DEVICE_ONLY]),
    )
    def answers(
        self, notice: NoticeId, by: str, did: Disposition, strength: Strength
    ) -> None:
        """Anybody answers anything."""
        self._try(
            Dispose(notice=notice, by=self.line.actor(by, strength), disposition=did)
        )

    @rule(
        notice=ids,
        by=people,
        routing=st.sampled_from(list(Routing)),
        to=st.sampled_from(TOLD),
    )
    def routes(self, notice: NoticeId, by: str, routing: Routing, to: str) -> None:
        """Anybody forwards it to anybody."""
        self._try(
            RouteNotice(
                notice=notice,
                by=self.line.actor(by),
                routing=routing,
                to=DeskId(to),
                why="because",
            )
        )

    @rule(notice=ids, by=people, state=st.sampled_from(list(MovementState)))
    def moves(self, notice: NoticeId, by: str, state: MovementState) -> None:
        """Anybody says anything of where it is."""
        self._try(ReportMovement(notice=notice, by=self.line.actor(by), state=state))

    @rule(notice=ids, by=people, outcome=st.sampled_from(list(Facilitation)))
    def ends(self, notice: NoticeId, by: str, outcome: Facilitation) -> None:
        """Anybody says how it went."""
        self._try(StateOutcome(notice=notice, by=self.line.actor(by), outcome=outcome))

    @precondition(lambda self: self._all())
    @rule(minutes=st.integers(1, 60 * 24 * 3))
    def waits(self, minutes: int) -> None:
        """Time passes; every clock that ends is said to the owner at once."""
        before = len(self.line.acts)
        acts = self.line.after(minutes=minutes)
        assert acts == self.line.acts[before:]
        for at, act in enumerate(acts):
            is_by_clock = isinstance(act, NoticeExpired) or (
                isinstance(act, MovementReported) and act.state in BY_THE_CLOCK
            )
            if is_by_clock:
                said = acts[at + 1]
                assert isinstance(said, NoticeTold), act
                owner = self.line.picture.notices.get(said.notice)
                assert owner is not None
                assert said.desk == owner.filed_by.desk

    # --- what always holds --------------------------------------------------------

    @invariant()
    def what_goes_on_waits_for_something(self) -> None:
        """Nothing is left alone but what is over; that waits to be purged at most."""
        for notice in self._all():
            waits = [one for one in notice.clocks if one.name is not PURGE]
            assert bool(waits) is not notice.is_over, notice
            assert notice.clocks == waiting(notice)
            due_at = self.line.picture.waits.get(notice.id)
            assert due_at == (notice.due_at or FOREVER)

    @invariant()
    def doing_it_twice_changes_nothing(self) -> None:
        """What is due was done; at the same instant nothing more follows."""
        for notice in self._all():
            due = [one for one in notice.clocks if one.due_at <= self.line.now]
            acts = advance_notice(self.line.picture, notice, self.line.now)
            assert bool(acts) is bool(due)

    @invariant()
    def a_movement_leaves_before_it_arrives(self) -> None:
        """However reports come in."""
        for notice in self._all():
            states = [move.state for move in notice.moves]
            for state in (MovementState.AT_STOP, MovementState.ARRIVED):
                if state in states:
                    before = states[: states.index(state)]
                    assert MovementState.DEPARTED in before
            assert states.count(MovementState.ARRIVED) <= 1

    @invariant()
    def who_is_not_told_sees_nothing(self) -> None:
        """Not by any way a notice may have taken."""
        for notice in self._all():
            for desk, party in (
                ("north-ops", "north"),
                *((one, "south") for one in TOLD),
            ):
                viewer = Viewer(desk=DeskId(desk), party=party)  # type: ignore[arg-type]
                seen = notice_for(self.line.picture, viewer, notice, self.line.now)
                if party == notice.owner:
                    assert seen is not None
                    continue
                tops = (*notice.revision.tells, *notice.dropped)
                above = [
                    top
                    for top in tops
                    if desk == top or self.line.picture.is_under(DeskId(desk), top)
                ]
                if not above:
                    assert seen is None

    @invariant()
    def the_log_says_the_same(self) -> None:
        """Written, read and folded it is the same picture."""
        entries = [
            Entry(at=NOON, realm=Realm.EXERCISE, act=act) for act in self.line.acts[-5:]
        ]
        for entry in entries:
            assert read_entry(write_entry(entry)) == entry

    def teardown(self) -> None:
        """The log alone gives the same picture, and a snapshot of it the same again."""
        living = self.line.picture
        folded = Picture()
        for at, act in zip(living.times, self.line.acts, strict=True):
            decided_at = EPOCH + Duration(microseconds=at)
            folded.fold(Entry(at=decided_at, realm=Realm.EXERCISE, act=act))
        assert shelves(folded) == shelves(living)
        assert folded.next_due() == living.next_due()
        read = Picture()
        for part in (DUTY, NOTICES):
            read_snapshot(write_snapshot(living, part, living.size, b"x"), read)
        assert shelves(read) == shelves(living)
        assert read.next_due() == living.next_due()
        half = living.size // 2
        before = shelves(living.at(half))
        living.take_back(half)
        assert shelves(living) == before

    # --- parts ------------------------------------------------------------------------

    def _all(self) -> list[Notice]:
        return list(self.line.picture.notices.values())

    def _made(
        self, notice: NoticeId, *, is_site: bool, is_guarded: bool = False
    ) -> Revision:
        is_known = self.line.picture.notices.get(notice) is not None
        if is_site:
            request = Request.AMEND if is_known else Request.ADD
            window = Window(start=self.line.now, end=self.line.now + Duration(days=100))
            return a_site(
                window=window, details=replace(SITE, ref=notice, request=request)
            )
        guards = {"armed_escort": True, "escort_by": "two"} if is_guarded else {}
        later = self.line.now - NOON
        shape = a_movement().shape
        passages = tuple(
            replace(one, eta=one.eta + later)
            for one in shape.passages  # type: ignore[union-attr]
        )
        start = self.line.now + Duration(hours=6)
        return a_movement(
            details=replace(CONVOY, ref=notice, **guards),
            shape=replace(shape, passages=passages),
            window=Window(start=start, end=start + Duration(hours=4)),
        )

    def _try(self, command: Any) -> None:
        try:
            acts = decide(self.line.picture, command, self.line.now)
        except BadInput:
            return
        assert decide(self.line.picture, command, self.line.now) == acts
        self.line.do(command)


TestNotices = Notices.TestCase
TestNotices.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_the_machine_reaches_the_ends() -> None:
    """A movement that is never heard of is told, rung, and told again every hour."""
    line = Line()
    line.do(
        FileNotice(notice=NoticeId("n"), by=line.actor("lina"), revision=a_movement())
    )
    line.after(hours=6)
    line.do(
        ReportMovement(
            notice=NoticeId("n"),
            by=line.actor("lina"),
            state=MovementState.DEPARTED,
        )
    )
    line.after(hours=5)
    notice = line.picture.notices.get(NoticeId("n"))
    assert notice is not None
    states = [move.state for move in notice.moves]
    assert states.count(MovementState.OVERDUE) == 4
