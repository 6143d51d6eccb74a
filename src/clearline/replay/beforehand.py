"""Play what the line does before a call: places checked, notices told and read.

Every check is made by the rules (`rules.toldright`, `rules.notices`) and every notice
is filed with the line, which refuses one whose place is told in two ways that are
two places. Nobody's time is modelled here; who reads a notice reads it at once.
"""

from collections.abc import Sequence
from typing import Final

from clearline.model.beats import Beat, BeatKind, PlaceId
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration, Window
from clearline.model.notice_commands import AmendNotice, Dispose, FileNotice
from clearline.model.notices import Disposition, NoticeId, Revision
from clearline.model.parties import Actor, DeskId, PersonId
from clearline.model.placechecks import PlaceCheck
from clearline.model.places import FactStatus, Interval, Place, PlaceFormat, Unlocated
from clearline.model.scenarios import (
    Act,
    CheckPlace,
    CheckReceipts,
    CheckSite,
    Raise,
    TellNotice,
)
from clearline.replay.result import (
    PlaceChecked,
    ReceiptsChecked,
    RivalShown,
    StepKind,
)
from clearline.replay.scene import Scene
from clearline.rules.toldright import check_place

NOT_CHECKED: Final = (
    "Only these two places were held against each other. Not checked: times, heights, "
    "and whatever nobody told the line of."
)

_WEAKEST_LAST: Final = (
    FactStatus.STATED,
    FactStatus.INFERRED,
    FactStatus.UNVERIFIED,
    FactStatus.CONTESTED,
)


class Beforehand:
    """Play the acts that are no calls, and keep what the checks said.

    Attributes:
        place_checks: Every place check, in order.
        receipts_checked: Every look at receipts, in order.
    """

    def __init__(self, scene: Scene) -> None:
        """Act in `scene`."""
        self._scene = scene
        self.place_checks: list[PlaceChecked] = []
        self.receipts_checked: list[ReceiptsChecked] = []

    def tell_early(self, acts: Sequence[Act]) -> None:
        """File the notices whose receipts are looked at later."""
        for act in acts:
            if isinstance(act, CheckReceipts):
                self._file_for_receipts(act)

    def do(self, act: Act) -> None:
        """Do one act now."""
        match act:
            case CheckPlace():
                self._check_place(act)
            case CheckSite():
                self._check_site(act)
            case TellNotice():
                self._tell(act)
            case CheckReceipts():
                self._check_receipts(act)
            case Raise():
                raise AssertionError(act.id)  # `Day` plays calls

    # --- places -------------------------------------------------------------------

    def _check_place(self, act: CheckPlace) -> None:
        check = self._compare(act.told, act.meant)
        refused = self._file_as_told(act)
        self._keep(act, check, act.told, act.meant, refused)

    def _check_site(self, act: CheckSite) -> None:
        check = self._compare(act.planned, act.site)
        self._keep(act, check, act.planned, act.site)

    def _compare(self, told: PlaceId, meant: PlaceId) -> PlaceCheck:
        where = self._scene.whereabouts
        return check_place(where.place(told), where.place(meant), where.origins)

    def _file_as_told(self, act: CheckPlace) -> str:
        """File the notice with the place as told; say what the line answered."""
        notice = self._notice_that_follows()
        if notice is None:
            return ""
        where = self._scene.whereabouts
        outcome = self._scene.ask(
            FileNotice(
                notice=NoticeId("notice"),
                by=self._actor(notice.by),
                revision=self._revision(notice, where.place(act.told)),
                meant=where.place(act.meant),
            )
        )
        if not isinstance(outcome, ClearlineError):
            return ""
        self._scene.note(StepKind.REFUSED, notice.by, f"is refused: {outcome.what}")
        return f"{outcome.what} {outcome.next}"

    def _notice_that_follows(self) -> TellNotice | None:
        acts = self._scene.players.scenario.with_line.acts
        return next((act for act in acts if isinstance(act, TellNotice)), None)

    def _keep(
        self,
        act: CheckPlace | CheckSite,
        check: PlaceCheck,
        told: PlaceId,
        meant: PlaceId,
        refused: str = "",
    ) -> None:
        where = self._scene.whereabouts
        is_same = where.is_same(told, meant)
        shown = PlaceChecked(
            act=act.id,
            at_s=self._scene.offset.total_seconds(),
            told=check.told.text,
            meant=check.meant.text,
            separation_m=_pair(check.separation_m),
            precision_m=check.combined_precision_m,
            verdict=check.verdict,
            why=check.why + (_SAME if is_same else ""),
            assumption=check.assumption,
            rival_origins=tuple(
                RivalShown(
                    of=rival.of,
                    origin=rival.origin.label,
                    separation_m=_pair(rival.separation_m) or (0.0, 0.0),
                    falls_inside=rival.falls_inside,
                    footprint=rival.place.footprint,
                )
                for rival in check.rival_origins
            ),
            is_same_by_account=is_same,
            told_place=told,
            meant_place=meant,
            likely_slips=check.likely_slips,
            refused=refused,
            not_checked=NOT_CHECKED,
            status=max(
                where.told(told).status,
                where.told(meant).status,
                key=_WEAKEST_LAST.index,
            ),
        )
        self.place_checks.append(shown)
        self._scene.note(StepKind.CHECK, None, check.why)

    # --- notices ------------------------------------------------------------------

    def _tell(self, act: TellNotice) -> None:
        place = self._scene.whereabouts.place(act.where)
        notice, by = NoticeId("notice"), self._actor(act.by)
        revision = self._revision(act, place)
        known = self._scene.writer.picture.notices.get(notice)
        command = FileNotice if known is None else AmendNotice
        self._scene.ask(command(notice=notice, by=by, revision=revision, meant=place))
        for desk in act.tells:
            self._dispose(notice, desk, f"read back: {place.text}")

    def _revision(self, act: TellNotice, where: Place) -> Revision:
        t0 = self._scene.t0
        return Revision(
            number=1,
            what=act.what,
            where=where,
            window=Window(start=t0 + act.start, end=t0 + act.end),
            tells=act.tells,
        )

    def _dispose(self, notice: NoticeId, desk: DeskId, detail: str) -> None:
        """Let the first person who is there at a desk acknowledge a notice."""
        players, offset = self._scene.players, self._scene.offset
        for who in players.at_desk(desk):
            if players.is_there(who.id, offset):
                self._scene.does(
                    Dispose(
                        notice=notice,
                        by=self._actor(who.id),
                        disposition=Disposition.ACKNOWLEDGED,
                        detail=detail,
                    )
                )
                return

    # --- receipts -----------------------------------------------------------------

    def _file_for_receipts(self, act: CheckReceipts) -> None:
        """File the notice of the day, and let every desk read it that had."""
        beat = self._notice_beat(act)
        if beat is None or beat.by is None:
            return
        scene = self._scene
        end = scene.players.scenario.events.end + Duration(minutes=1)
        words = "the place as given in the notice"
        revision = Revision(
            number=1,
            what=beat.says,
            where=Place(
                footprint=Unlocated(name=words), text=words, format=PlaceFormat.NAME
            ),
            window=Window(start=scene.t0 + _start(act, end), end=scene.t0 + end),
            tells=act.desks,
        )
        notice = NoticeId(act.id)
        scene.ask(FileNotice(notice=notice, by=self._actor(beat.by), revision=revision))
        for desk in act.desks:
            if desk not in act.unread:
                self._dispose(notice, desk, "")

    def _check_receipts(self, act: CheckReceipts) -> None:
        """Ask the line which desks have not answered the notice's newest revision."""
        known = self._scene.writer.picture.notices.get(NoticeId(act.id))
        unread = known.silent() if known else act.unread
        at_s = self._scene.offset.total_seconds()
        self.receipts_checked.append(
            ReceiptsChecked(
                act=act.id,
                at_s=at_s,
                desks=act.desks,
                unread=tuple(unread),
                before_start_s=-at_s,
            )
        )
        names = {desk.id: desk.name for desk in self._scene.players.scenario.cast.desks}
        says = ", ".join(names[desk] for desk in unread) or "nobody"
        self._scene.note(StepKind.CHECK, None, f"has not been read by: {says}")

    def _notice_beat(self, act: CheckReceipts) -> Beat | None:
        for beat in self._scene.players.scenario.beats:
            if beat.id in act.stands_for and beat.kind is BeatKind.NOTICE:
                return beat
        return None

    def _actor(self, person: PersonId) -> Actor:
        players = self._scene.players
        return players.actor(person, players.own_medium(person))


_SAME: Final = " By the accounts the two are one place."


def _start(act: CheckReceipts, end: Duration) -> Duration:
    """Say when the journey begins: at the look at its receipts, or just before."""
    return end - Duration(minutes=1) if act.at is None else act.at


def _pair(interval: Interval | None) -> tuple[float, float] | None:
    if interval is None:
        return None
    return (round(interval.least, 1), round(interval.most, 1))
