"""Hand notices out as files, and say what each file leaves out.

What a format has no word for rides beside under a name of its own, so that it comes
back (`wire.kml`, `wire.cot`). What cannot ride at all is counted here, field by field:
nothing is lost in silence. Positions never leave in a file. Sealed parts never do.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from clearline.exchange.drawing import draw
from clearline.exchange.formats import FileFormat
from clearline.exchange.handed_rows import cells_of
from clearline.exchange.packed import packed_kmz
from clearline.exchange.shapes import told_feature
from clearline.exchange.sheets import write_rows
from clearline.model.instants import FOREVER, Duration, Instant, write_instant
from clearline.model.notice_life import Status
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import LEGAL_LINE, NoticeKind, Precision, Revision
from clearline.model.parties import PartyId
from clearline.wire.cot import Event, write_cot
from clearline.wire.kml import Placemark, write_kml
from clearline.wire.told import Feature, feature

NEVER: Final = (
    "answers, earlier revisions and what became of a notice: they stand in the log",
    "own positions: they never leave",
)
"""What no file carries, whatever is in it."""

_A_SECOND: Final = Duration(seconds=1)
_OVER: Final = (Status.WITHDRAWN, Status.EXPIRED, Status.COMPLETED)
_FULL_TURN_DEG: Final = 360.0
_HALF_TURN_DEG: Final = 180.0


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Say what a file leaves out, of how many notices, and why."""

    what: str
    count: int
    why: str


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a file that was made.

    Attributes:
        count: Notices in it.
        left_out: What it does not carry.
    """

    data: bytes
    form: FileFormat
    count: int
    left_out: tuple[LeftOut, ...]


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one notice as it may leave.

    Attributes:
        feature: What a file of shapes tells of it.
        title: What a map calls it.
        revision: The whole of it, where it is the reader's own.
        name: Its id.
        level: How exactly it leaves.
        number: Which revision of it, where it is another's.
        is_over: Whether it no longer stands.
    """

    name: str
    kind: NoticeKind
    feature: Feature
    title: str
    revision: Revision | None = None
    level: Precision = Precision.EXACT
    number: int = 0
    is_over: bool = False


def own(name: str, revision: Revision) -> Going | None:
    """Make ready a notice of the reader's own; nothing for a position."""
    if revision.kind is NoticeKind.POSITION:
        return None
    return Going(
        name=name,
        kind=revision.kind,
        feature=told_feature(name, revision),
        title=title_of(revision),
        revision=revision,
    )


def going(seen: NoticeSeen, party: PartyId) -> Going | None:
    """Make ready what a reader may know of a notice; nothing for a position.

    Args:
        seen: What `rules.disclosure` lets them know.
        party: The reader's own.
    """
    revision = seen.revision
    if seen.kind is NoticeKind.POSITION:
        return None
    is_over = seen.is_withdrawn or seen.status in _OVER
    if revision is not None and seen.owner == party:
        mine = own(seen.id, revision)
        return None if mine is None else msgspec.structs.replace(mine, is_over=is_over)
    said = {
        "owner": seen.owner,
        "call": seen.call,
        "precision": seen.level,
        "status": seen.status,
        "revision": seen.number,
        "says": seen.says,
    }
    if revision is not None:
        told = told_feature(seen.id, revision)
        told.properties = {**told.properties, **said}
        title = title_of(revision)
    else:
        told = _coarse(seen, said)
        title = f"{seen.kind or 'notice'} of {seen.owner}: call {seen.call}"
    return Going(
        name=seen.id,
        kind=seen.kind or NoticeKind.SITE,
        feature=told,
        title=title,
        level=seen.level,
        number=seen.number,
        is_over=is_over,
    )


def _coarse(seen: NoticeSeen, said: dict[str, Any]) -> Feature:
    """Tell a notice as the cell it lies in, or as existing without a place."""
    window, cell = seen.window, seen.cell
    is_open = window is None or window.end >= FOREVER
    properties: dict[str, Any] = {
        "start": write_instant(window.start) if window else None,
        "end": None if window is None or is_open else write_instant(window.end),
        "kind": seen.kind,
        **said,
    }
    if cell is None:
        name = f"a place that is not told: call {seen.call}"
        return Feature(
            id=seen.id, geometry=None, properties=properties | {"name": name}
        )
    east = cell.east - _FULL_TURN_DEG if cell.east > _HALF_TURN_DEG else cell.east
    corners = [
        [cell.west, cell.south],
        [east, cell.south],
        [east, cell.north],
        [cell.west, cell.north],
    ]
    geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    return Feature(id=seen.id, geometry=geometry, properties=properties)


def title_of(revision: Revision) -> str:
    """Return what a map calls a notice: its name, or the first of its words."""
    details: Any = revision.details
    name = getattr(details, "name_en", "") or getattr(details, "code", "")
    ref = getattr(details, "ref", "")
    words = name or revision.what.partition("\n")[0][:60]
    return " ".join(part for part in (ref, words) if part) or revision.kind


def hand_out(some: Sequence[Going], form: FileFormat, now: Instant) -> Handed:
    """Write notices as one file of shapes.

    Args:
        some: What may leave.
        form: Any but a sheet.
        now: When, for what has to say it.
    """
    losses = Losses()
    for one in some:
        losses.of_everything(one)
    if form is FileFormat.COT:
        some = losses.of_cot(some)
    match form:
        case FileFormat.KML | FileFormat.KMZ:
            marks = (_placemark(one) for one in some)
            data = write_kml(marks, name="clearline", says=LEGAL_LINE)
            data = packed_kmz(data) if form is FileFormat.KMZ else data
        case FileFormat.COT:
            data = write_cot((_event(one, now) for one in some), now)
            data = f"<!-- {LEGAL_LINE} -->\n".encode() + data
        case FileFormat.NDJSON:
            data = b"".join(_line(one) + b"\n" for one in some)
        case _:
            lines = b",\n".join(_line(one) for one in some)
            note = msgspec.json.encode(LEGAL_LINE)
            data = (
                b'{"type":"FeatureCollection","legal_note":%s,"features":[\n%s\n]}\n'
                % (note, lines)
            )
    return Handed(data=data, form=form, count=len(some), left_out=losses.told())


def hand_out_rows(some: Sequence[Going], kind: NoticeKind, form: FileFormat) -> Handed:
    """Write the reader's own sites, or movements, as a sheet."""
    losses = Losses()
    rows = []
    for one in some:
        if one.revision is None or one.kind is not kind:
            losses.add(f"a notice that is no {kind}", "this sheet has rows of one kind")
            continue
        cells, left = cells_of(one.revision)
        losses.of_everything(one)
        for what, why in left:
            losses.add(what, why)
        rows.append(cells)
    data = write_rows(kind, rows, form)
    return Handed(data=data, form=form, count=len(rows), left_out=losses.told())


class Losses:
    """Count what a file leaves out."""

    def __init__(self) -> None:
        """Start with nothing left out."""
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, what: str, why: str) -> None:
        """Count one notice."""
        self._counts[what, why] += 1

    def told(self) -> tuple[LeftOut, ...]:
        """Return what was left out."""
        return tuple(
            LeftOut(what=what, count=count, why=why)
            for (what, why), count in sorted(self._counts.items())
        )

    def of_everything(self, one: Going) -> None:
        """Count what no format carries."""
        revision = one.revision
        if revision is None:
            return
        personal = revision.personal
        if any((personal.phones, personal.plates, personal.names)):
            self.add("numbers, plates and names", "they are sealed")
        if revision.attached:
            self.add("attachments", "a file names none; hand them over by their hash")
        if revision.through is not None or revision.answer_by is not None:
            self.add("its way and its deadline", "they belong to this line")
        if revision.band is not None and revision.band.ground_m is not None:
            self.add("the elevation of the ground", "no format has it")

    def of_cot(self, some: Sequence[Going]) -> list[Going]:
        """Leave out what TAK cannot draw at all, and count it."""
        kept = []
        for one in some:
            if one.feature.geometry is None:
                self.add("a notice that is nowhere yet", "an event has a position")
                continue
            if one.feature.properties.get("end") is None:
                why = (
                    "an event is stale some day: a year is said, the rest rides beside"
                )
                self.add("that it holds until withdrawn", why)
            kept.append(one)
        return kept


def _placemark(one: Going) -> Placemark:
    shape = one.feature
    outline = draw(shape.geometry, shape.properties) if shape.geometry else ()
    return Placemark(
        id=shape.id,
        geometry=shape.geometry,
        properties=shape.properties,
        title=one.title,
        says=_says(one),
        outline=outline,
    )


def _event(one: Going, now: Instant) -> Event:
    """Make an event; of what no longer stands one that is stale at once."""
    shape = one.feature
    outline = draw(shape.geometry, shape.properties) if shape.geometry else ()
    ends = {"start": write_instant(now - _A_SECOND), "end": write_instant(now)}
    return Event(
        id=shape.id,
        geometry=shape.geometry,
        properties=shape.properties | ends if one.is_over else shape.properties,
        title=one.title,
        says=_says(one),
        outline=outline[0] if outline else (),
    )


def _says(one: Going) -> str:
    what = str(one.feature.properties.get("what", ""))
    return f"{what}\n{LEGAL_LINE}" if what else LEGAL_LINE


def _line(one: Going) -> bytes:
    shape = one.feature
    said = {**shape.properties, "label": one.title, "legal_note": LEGAL_LINE}
    return feature(str(shape.id), shape.geometry, said)
