"""Say what one row of a file asks of what stands, and what it leaves as it is."""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from clearline.model.instants import Window
from clearline.model.notice_details import Request, SiteDetails
from clearline.model.notices import NoticeId, NoticeKind, Revision
from clearline.model.places import Place, PlaceFormat


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what one row asks for.

    Attributes:
        row: Where it stands in its file.
        ref: The owner's own number, or the id a file of shapes gives.
        request: `None` where the file does not say: add, or amend what is there.
        revision: Nothing where it is to be removed.
        phones: Sealed, in the order of the contacts; the others likewise.
        is_start_said: Whether the row says from when; else what stands is kept.
        is_end_said: The same of its end.
    """

    row: int
    ref: str
    kind: NoticeKind
    request: Request | None = None
    revision: Revision | None = None
    phones: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_start_said: bool = True
    is_end_said: bool = True


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Say why a row was not taken."""

    row: int
    ref: str = ""
    column: str = ""
    what: str
    next: str = ""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one row once it is known which notice it means."""

    row: int
    ref: str
    notice: NoticeId
    request: Request
    revision: Revision | None = None
    sealed: tuple[tuple[bytes, bytes], ...] = ()


def refusal(each: Wanted, column: str, what: str, next_step: str) -> Refusal:
    """Say why a row is not taken, at its column."""
    return Refusal(row=each.row, ref=each.ref, column=column, what=what, next=next_step)


def mixed(wanted: Sequence[Wanted]) -> Iterator[Refusal]:
    """Refuse a second kind of request in one file, and a number that comes twice."""
    first = next((each for each in wanted if each.request is not None), None)
    seen: dict[tuple[NoticeKind, str], int] = {}
    for each in wanted:
        if first is not None and each.request not in (None, first.request):
            yield refusal(
                each,
                "request",
                f"It asks to {each.request}, and row {first.row} to {first.request}: "
                "one file asks for one of them only.",
                "Put it into a file of its own.",
            )
        elif each.ref and (each.kind, each.ref) in seen:
            yield refusal(
                each,
                "ref",
                f"The number {each.ref!r} stands in row {seen[each.kind, each.ref]} "
                "already.",
                "Give each row a number of its own.",
            )
        else:
            seen[each.kind, each.ref] = each.row


def keeping(standing: Revision, said: Revision, each: Wanted) -> Revision:
    """Return a revision with what its file cannot say as it stands.

    A file of shapes says nothing of who is told. Sealed parts lie beside the entry
    that first named them, and are named again.
    """
    personal = said.personal
    for name in ("phones", "plates", "names"):
        if getattr(personal, name) is None:
            personal = replace(personal, **{name: getattr(standing.personal, name)})
    is_shape = each.request is None and not said.tells
    return replace(
        said,
        window=_window(standing.window, said.window, each),
        personal=personal,
        attached=standing.attached,
        through=standing.through,
        answer_by=standing.answer_by,
        tells=standing.tells if is_shape else said.tells,
        consents=standing.consents if is_shape else said.consents,
    )


def _window(standing: Window, said: Window, each: Wanted) -> Window:
    """Return a window whose ends stay as they are where a row does not say them."""
    start = said.start if each.is_start_said else standing.start
    end = said.end if each.is_end_said else standing.end
    return Window(start=start, end=end) if start < end else said


def is_same(one: Revision, other: Revision | None) -> bool:
    """Say whether two revisions say the same, whoever consented when.

    A place is what it takes up and the words for it, by whichever way it came in.
    """
    return other is not None and _bare(one) == _bare(other)


def _bare(revision: Revision) -> Revision:
    return replace(
        asking(revision, Request.ADD) or revision,
        number=1,
        check=None,
        where=_plain(revision.where),
        where_again=_plain(revision.where_again) if revision.where_again else None,
        consents=tuple(replace(said, at=None, source="") for said in revision.consents),
    )


def asking(revision: Revision | None, request: Request) -> Revision | None:
    """Return a revision that asks for what its row asks for: sites say it."""
    if revision is None or not isinstance(revision.details, SiteDetails):
        return revision
    return replace(revision, details=replace(revision.details, request=request))


def _plain(place: Place) -> Place:
    return Place(
        footprint=place.footprint, text=place.text, format=PlaceFormat.GEOMETRY
    )
