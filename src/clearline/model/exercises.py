"""Hold an exercise to be played on a node: who is there, what stands, what comes.

    T+00:00   somebody has signed in; the notices are filed
    T+00:12   a call comes

Cast and offsets are those of a scenario (`model.cast`, `model.beats`); the details of a
notice are those of the line. Everybody but `you` is played.
"""

from collections.abc import Iterator

import msgspec

from clearline.model.beats import Offset
from clearline.model.calls import CallId, Kind, Precedence
from clearline.model.cast import PlayedDesk, PlayedParty, PlayedPerson
from clearline.model.coherence import Misfit
from clearline.model.facts import Unfit
from clearline.model.notice_details import (
    ActivityDetails,
    MovementDetails,
    SiteDetails,
)
from clearline.model.notices import NoticeId
from clearline.model.parties import DeskId, PersonId, Role

FORMAT = "clearline-exercise/1"
"""The one version of the document read today."""

YOU = PersonId("you")
"""Who tries it out."""


class Trying(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say where whoever tries it stands the watch, and as what."""

    desk: DeskId
    roles: tuple[Role, ...]


class Waypoint(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a position, WGS 84 degrees, and when a movement passes it.

    Attributes:
        at: When, from the start; for a movement only.
    """

    lon: float
    lat: float
    at: Offset | None = None


class Stands(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a notice that is filed at the start.

    Attributes:
        by: Who files it.
        text: Where it is, as it is told.
        path: One position, or those of a road in order, each with its time.
        reach_m: Radius about the one, or half the width of the road, metres.
        start: Start of its window.
        end: End of it, outside.
        late_for_s: How much later it may pass a position of its road.
        tells: Desks it is told to, exactly.
    """

    id: NoticeId
    by: PersonId
    what: str
    text: str
    path: tuple[Waypoint, ...]
    reach_m: float
    start: Offset
    end: Offset
    buffer_m: float
    details: SiteDetails | MovementDetails | ActivityDetails
    tells: tuple[DeskId, ...] = ()
    late_for_s: float = 0.0

    def __post_init__(self) -> None:
        if not self.path:
            raise Unfit("path", found="no position", expected="one, or a road's")
        if not self.start < self.end:
            raise Unfit("end", found="no span", expected="an offset after `start`")
        is_road = len(self.path) > 1
        if is_road and any(one.at is None for one in self.path):
            raise Unfit("path", found="a position with no `at`", expected="one on each")
        if is_road != isinstance(self.details, MovementDetails):
            raise Unfit(
                "details",
                found=f"{len(self.path)} positions",
                expected="a road for a movement, one position for anything else",
            )


class Comes(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a call that is raised.

    Attributes:
        at: When.
        about: The notice whose place its card gives.
        confidence: 1 (told by others) to 3 (seen by the caller).
    """

    id: CallId
    at: Offset
    call: Kind
    precedence: Precedence
    by: PersonId
    to: DeskId
    about: NoticeId
    what: str
    why: str
    confidence: int

    def __post_init__(self) -> None:
        if self.confidence not in {1, 2, 3}:
            raise Unfit("confidence", found=str(self.confidence), expected="1, 2 or 3")


class Exercise(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one exercise.

    Attributes:
        format: Always `clearline-exercise/1`.
        story: What it is about, in a few sentences.
    """

    format: str
    title: str
    story: str
    you: Trying
    parties: tuple[PlayedParty, ...]
    desks: tuple[PlayedDesk, ...]
    people: tuple[PlayedPerson, ...]
    notices: tuple[Stands, ...]
    calls: tuple[Comes, ...]

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise Unfit("format", found=f"`{self.format}`", expected=f"`{FORMAT}`")


def unknown(exercise: Exercise) -> Iterator[Misfit]:
    """Return every word that names what the document does not have."""
    parties = [one.id for one in exercise.parties]
    desks = [one.id for one in exercise.desks]
    people = [one.id for one in exercise.people]
    notices = [one.id for one in exercise.notices]

    def look(known: list[str], given: str, *path: str | int) -> Iterator[Misfit]:
        if given not in known:
            yield Misfit(
                path=path,
                found=f"`{given}`",
                expected="one of " + ", ".join(f"`{one}`" for one in known),
                given=given,
                known=tuple(known),
            )

    yield from look(list(desks), exercise.you.desk, "you", "desk")
    for n, desk in enumerate(exercise.desks):
        yield from look(list(parties), desk.party, "desks", n, "party")
        if desk.under is not None:
            yield from look(list(desks), desk.under, "desks", n, "under")
    for n, person in enumerate(exercise.people):
        yield from look(list(desks), person.desk, "people", n, "desk")
    for n, notice in enumerate(exercise.notices):
        yield from look(list(people), notice.by, "notices", n, "by")
        for m, to in enumerate(notice.tells):
            yield from look(list(desks), to, "notices", n, "tells", m)
    for n, call in enumerate(exercise.calls):
        yield from look(list(people), call.by, "calls", n, "by")
        yield from look(list(desks), call.to, "calls", n, "to")
        yield from look(list(notices), call.about, "calls", n, "about")
