"""Decide what follows when a notice is filed, amended or withdrawn.

A notice informs; it asks for nothing. Its place is checked before it goes out:
where two ways of telling it name two places, it is refused and nobody is told.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from clearline.geo.lengths import say_length
from clearline.geo.meeting import meet
from clearline.geo.origins import asked_before, with_asked
from clearline.model.calls import ACKNOWLEDGING
from clearline.model.entries import Act
from clearline.model.errors import BadInput
from clearline.model.extents import Corridor, Extent, MultiPolygon, Polygon
from clearline.model.faults import Fault, FilingRefused, refused
from clearline.model.instants import Instant
from clearline.model.links import is_at
from clearline.model.notice_acts import (
    NoticeAmended,
    NoticeFiled,
    NoticeWithdrawn,
)
from clearline.model.notice_commands import (
    AmendNotice,
    FileNotice,
    WithdrawNotice,
)
from clearline.model.notice_details import Personal
from clearline.model.notices import Notice, NoticeKind, Revision
from clearline.model.parties import DeskId, PartyId
from clearline.model.placechecks import PlaceCheck, PlaceVerdict
from clearline.model.places import NameAsked, NamedOrigin, Place, Unlocated
from clearline.model.rings import NotAnExtent
from clearline.picture.picture import Picture, View
from clearline.rules.filing import faults_of
from clearline.rules.margins import kept_for
from clearline.rules.notice_clocks import NoticeTurn
from clearline.rules.notice_life import (
    own_notice,
    require_loaded,
    require_proven,
)
from clearline.rules.refusals import (
    IdTaken,
    PlaceDisagrees,
    UnknownDesk,
    WrongOrder,
    refuse,
)
from clearline.rules.toldright import check_place
from clearline.rules.twins import twin_faults

MOST_CORNERS: Final = 10_000
"""How many corners a shape may have that is told to another node."""


def file_notice(picture: Picture, asked: FileNotice, now: Instant) -> tuple[Act, ...]:
    """File a notice's first revision; filing the same one twice changes nothing.

    Raises:
        IdTaken: The id is another notice's.
        PlaceDisagrees: The place told and its second encoding are two places, or
            it does not lie in the shape drawn for it.
        NotAnExtent: What it takes up cannot be compared with anything.
        UnknownDesk: It tells a desk that is not on the line.
        NotProven: Nobody is known to have said this.
        FilingRefused: What is wrong with it, field by field.
    """
    require_loaded(picture)
    require_proven(asked.by)
    known = picture.notices.get(asked.notice)
    if known is not None:
        _require_same(known, asked)
        return ()
    if asked.revision.kind is NoticeKind.POSITION and not picture.keeps_positions:
        raise refuse(
            WrongOrder,
            "A position of your own people is kept in the node's own log, and this is "
            "the one that others mirror.",
            "File it through the node's API, which keeps it there.",
        )
    is_reserved = "@" in asked.notice and not picture.keeps_positions
    if is_reserved or is_at(asked.notice, asked.by.party):
        raise refuse(
            WrongOrder,
            f"The id {asked.notice!r} has an `@`: names of positions, and of notices "
            "at other nodes, end with one and a party.",
            "File it under an id of its own, without the `@` and what follows.",
        )
    revision = _taken(picture, asked, None, now)
    turn = NoticeTurn.start(
        NoticeFiled(
            notice=asked.notice,
            owner=asked.by.party,
            by=asked.by,
            revision=revision,
            approved_by=asked.approved_by,
        ),
        now,
    )
    return tuple(turn.acts)


def amend_notice(picture: Picture, asked: AmendNotice, now: Instant) -> tuple[Act, ...]:
    """Amend a notice: everybody is told again and must answer again.

    A desk that is not told any more is named: it is told that the revision it holds
    no longer stands, and has to say that it knows.

    Raises:
        UnknownNotice, NotYourNotice, NotProven: As their names say.
        WrongOrder: It was withdrawn.
        PlaceDisagrees, UnknownDesk, FilingRefused: As for filing.
    """
    notice = own_notice(picture, asked.notice, asked.by)
    revision = _taken(picture, asked, notice.revision, now)
    before = dict.fromkeys((*notice.revision.tells, *notice.dropped))
    dropped = tuple(desk for desk in before if desk not in revision.tells)
    turn = NoticeTurn(notice, now)
    turn.do(
        NoticeAmended(notice=notice.id, by=asked.by, revision=revision, dropped=dropped)
    )
    return tuple(turn.acts)


def withdraw_notice(
    picture: Picture, asked: WithdrawNotice, now: Instant
) -> tuple[Act, ...]:
    """Withdraw a notice; what was told cannot be untold.

    Raises:
        UnknownNotice, NotYourNotice, NotProven, WrongOrder: As for amending.
    """
    turn = NoticeTurn(own_notice(picture, asked.notice, asked.by), now)
    kept = kept_for(picture, turn.notice, now)
    turn.do(
        NoticeWithdrawn(notice=asked.notice, by=asked.by, why=asked.why, kept_for=kept)
    )
    return tuple(turn.acts)


def names_asked(
    asked: FileNotice | AmendNotice, known: Sequence[NamedOrigin]
) -> tuple[NameAsked, ...]:
    """Ask a gazetteer beforehand what filing or amending needs to know of names.

    Args:
        asked: What will be decided.
        known: The origins of the log, and the gazetteer beside them.
    """
    return asked_before(
        lambda origins: _checks(asked.revision, asked.meant, origins), known
    )


def _checks(
    revision: Revision, meant: Place | None, origins: Sequence[NamedOrigin]
) -> list[PlaceCheck]:
    seconds = [place for place in (meant, revision.where_again) if place is not None]
    return [check_place(revision.where, second, origins) for second in seconds]


def look_over(
    picture: View,
    asked: FileNotice | AmendNotice,
    before: Revision | None,
    now: Instant,
) -> tuple[Fault, ...]:
    """List all that would be said of a filing, at its fields; nothing is recorded."""
    faults = _faults(picture, asked, before, now)
    try:
        _checked(picture, asked.revision, asked)
    except (PlaceDisagrees, UnknownDesk, NotAnExtent) as error:
        return (*faults, _at_field(error))
    return faults


def _taken(
    picture: Picture,
    asked: FileNotice | AmendNotice,
    before: Revision | None,
    now: Instant,
) -> Revision:
    """Return the revision as it is filed, or refuse it for all that is wrong."""
    number = 1 if before is None else before.number + 1
    faults = _faults(picture, asked, before, now)
    try:
        revision = _checked(picture, replace(asked.revision, number=number), asked)
    except (PlaceDisagrees, UnknownDesk, NotAnExtent) as error:
        if refused(faults):
            raise FilingRefused((*faults, _at_field(error))) from error
        raise
    if refused(faults):
        raise FilingRefused(faults)
    return revision


def _faults(
    picture: View,
    asked: FileNotice | AmendNotice,
    before: Revision | None,
    now: Instant,
) -> tuple[Fault, ...]:
    twins = twin_faults(picture, asked.by.party, asked.notice, asked.revision)
    found = (*faults_of(asked.revision, before, now), *twins)
    if isinstance(asked, FileNotice):
        return (*found, *_second_person(picture, asked))
    return found


def _at_field(error: BadInput) -> Fault:
    fields = {UnknownDesk: "tells", NotAnExtent: "shape"}
    return Fault(
        field=fields.get(type(error), "where"), wrong=error.what, right=error.next
    )


def _checked(
    picture: View, revision: Revision, asked: FileNotice | AmendNotice
) -> Revision:
    """Check the place against what is meant, its second encoding and its rivals.

    What a filer says of a check of their own is not taken.
    """
    for desk in revision.tells:
        if picture.desks.get(desk) is None:
            raise refuse(
                UnknownDesk,
                f"There is no desk {desk!r} on this line.",
                "Name the desks to be told.",
            )
        _require_reached(picture, revision, desk, asked.by.party)
    _require_way(picture, revision)
    _require_in_shape(revision)
    origins = with_asked(tuple(picture.origins.values()), asked.asked)
    checks = _checks(revision, asked.meant, origins)
    for check in checks:
        if check.verdict is PlaceVerdict.DISAGREE:
            raise refuse(
                PlaceDisagrees,
                f"The place is told in two ways that are two places. {check.why}",
                "Nobody was told. Look at both on a map, correct one, file again.",
            )
    unsure = [check for check in checks if check.verdict is PlaceVerdict.CANNOT_TELL]
    return replace(revision, check=next(iter([*unsure, *checks]), None))


def _require_reached(
    picture: View, revision: Revision, desk: DeskId, owner: PartyId
) -> None:
    """Refuse a desk of another node that the owner's notices do not get to."""
    known = picture.desks.get(desk)
    if known is None or not is_at(desk, known.party):
        return
    peer = picture.peer_of(known.party)
    if peer is None or peer.ours != owner:
        raise refuse(
            UnknownDesk,
            f"The desk {desk!r} is at another node, and notices of {owner} do not go "
            "there.",
            "Link the two nodes for your party, or tell them by other means.",
        )
    if corners_of(revision) > MOST_CORNERS:
        raise refuse(
            UnknownDesk,
            f"Its shape has {corners_of(revision)} corners, and {desk!r} is at another "
            f"node, which is told at most {MOST_CORNERS}.",
            "Draw it with fewer corners; a margin makes up for them.",
        )


def _require_way(picture: View, revision: Revision) -> None:
    """Refuse a desk to go through that nobody here keeps: it would stop there."""
    through = revision.through
    known = picture.desks.get(through) if through is not None else None
    if through is not None and (known is None or is_at(through, known.party)):
        raise refuse(
            UnknownDesk,
            f"There is no desk {through!r} on this node that a notice could go "
            "through.",
            "Name a desk of this node, or let it go straight to whom it tells.",
        )


def corners_of(revision: Revision) -> int:
    """Count the positions a shape is drawn with."""
    match revision.shape:
        case Corridor(path=path, passages=passages):
            return len(path) + 2 * len(passages)  # each has two spans beside a time
        case Polygon(outer=outer, holes=holes):
            return len(outer) + sum(map(len, holes))
        case MultiPolygon(parts=parts):
            return sum(len(part.outer) + sum(map(len, part.holes)) for part in parts)
        case _:
            return 0


def _second_person(picture: View, asked: FileNotice) -> tuple[Fault, ...]:
    """Ask for a second person where the owner does, for a site filed first."""
    party = picture.parties.get(asked.by.party)
    is_asked = party is not None and party.needs_two_to_file
    if not is_asked or asked.revision.kind is not NoticeKind.SITE:
        return ()
    second = asked.approved_by
    right = "Keep it as a draft; another person of your party approves it."
    if second is None:
        wrong = "Your party has a site filed by one person and approved by another."
    elif second.party != asked.by.party or second.person in (None, asked.by.person):
        wrong = "Whoever approves it is somebody else, of the same party."
    elif second.strength not in ACKNOWLEDGING:
        wrong = f"Nobody is known to have approved it: it came as {second.strength}."
    else:
        return ()
    return (Fault(field="approved_by", wrong=wrong, right=right),)


def _require_in_shape(revision: Revision) -> None:
    """Refuse a shape in which the place told does not lie: one of them is wrong.

    Raises:
        NotAnExtent: It takes up nothing that can be compared with anything.
        PlaceDisagrees: As its name says.
    """
    extent, shape = revision.extent, revision.shape
    if shape is None or isinstance(revision.where.footprint, Unlocated):
        return
    # Where each may be, whenever that is: a corridor without its times.
    still = replace(shape, passages=()) if isinstance(shape, Corridor) else shape
    drawn = Extent(footprint=still, window=extent.window)
    told = Extent(footprint=revision.where.footprint, window=extent.window)
    apart = meet(told, drawn)
    apart_m = apart.separation_m or 0.0
    if apart_m > apart.unsure_m:
        raise refuse(
            PlaceDisagrees,
            f"The place told, {revision.where.text!r}, lies {say_length(apart_m)} "
            "from the shape that was drawn for it.",
            "Nobody was told. Look at both on a map, correct one, file again.",
        )


def _require_same(known: Notice, asked: FileNotice) -> None:
    """Refuse another notice under an id that has one; amended since is the same."""
    told, filed = (
        replace(revision, number=1, check=None, personal=Personal())  # salted anew
        for revision in (known.revision, asked.revision)
    )
    is_same = told == filed or known.revision.number > 1
    if known.owner != asked.by.party or not is_same:
        raise refuse(
            IdTaken,
            f"This node already knows another notice by the id {asked.notice!r}.",
            "Amend that one, or file this one under an id of its own.",
        )
