"""Say who says which ground is held by whom: `clearline control`."""

from typing import Annotated

from cyclopts import Parameter

from clearline.cli.connection import HERE, At
from clearline.model.claims import Certainty, Grip
from clearline.model.control import ControlId
from clearline.model.errors import BadInput
from clearline.model.facts import SourceKind
from clearline.model.grades import Credibility, Reliability
from clearline.model.instants import parse_instant, write_instant
from clearline.model.parties import DeskId
from clearline.wire.forms.conflicts import ControlGiven, ControlShown, ReasonIfAny


class NotAGrade(BadInput):
    """Refuse a grade that is no letter and figure of the Admiralty code."""


def control_list(*, all_: bool = False, at: At = HERE) -> int:
    """List claims about control side by side, newest first; none of them is the truth.

    Parameters
    ----------
    all_
        Those that were taken back, or are followed by another, as well.
    """
    with at.connect() as client:
        found = [one for one in client.control() if all_ or one.stands]
    return at.list(found, [_row(one) for one in found])


def control_claim(  # noqa: PLR0913 (each is an option of the command)
    where: str,
    holder: str,
    *,
    source: str,
    kind: SourceKind,
    as_of: str,
    grip: Grip = Grip.HOLDS,
    grade: str = "F6",
    certainty: Certainty = Certainty.NOT_ASSESSED,
    tell: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    instead_of: str = "",
    at: At = HERE,
) -> int:
    """Enter who says which ground is held by whom, and how well they can know.

    Claims that differ stand side by side: a plan near such ground is answered with
    *cannot tell: ask*. A newer one of the same source stands in the place of its older
    one.

    Parameters
    ----------
    where
        The ground, in words or figures.
    holder
        Who is said to hold it.
    source
        Who says so.
    kind
        What kind of source that is.
    as_of
        When it was so, as the source has it: RFC 3339 with a zone.
    grip
        What is said to have become of it.
    grade
        Admiralty grade of source and statement: B2; F6 where nobody judged.
    certainty
        How sure you are that it was so.
    tell
        A desk that may see it; your own party always may.
    instead_of
        The older claim of that source that it stands in the place of.
    """
    reliability, credibility = _graded(grade)
    given = ControlGiven(
        where=where,
        holder=holder,
        source=source,
        source_kind=kind,
        as_of=parse_instant(as_of),
        grip=grip,
        reliability=reliability,
        credibility=credibility,
        certainty=certainty,
        tells=tuple(DeskId(one) for one in tell),
        instead_of=ControlId(instead_of) if instead_of else None,
    )
    with at.connect() as client:
        made = client.claim_control(given)
    return at.say(made, "  ".join(_row(made)))


def control_withdraw(claim: str, *, why: str = "", at: At = HERE) -> int:
    """Take back a claim your party entered; it stays in the log.

    Parameters
    ----------
    claim
        Its id.
    why
        Kept in the log.
    """
    with at.connect() as client:
        made = client.withdraw_control(claim, ReasonIfAny(why=why))
    return at.say(made, f"{claim}: taken back.")


def _graded(grade: str) -> tuple[Reliability, Credibility]:
    try:
        return Reliability(grade[:1].upper()), Credibility(grade[1:])
    except ValueError:
        raise NotAGrade(
            f"{grade!r} is no Admiralty grade.",
            state="Nothing was recorded.",
            next="Write a letter from A to F and a figure from 1 to 6, as B2.",
        ) from None


def _row(one: ControlShown) -> tuple[str, ...]:
    says = f"{one.source} ({one.source_kind}, {one.grade}): {one.holder} {one.grip}"
    stands = "" if one.stands else "no longer"
    when = f"as of {write_instant(one.as_of)}"
    return (one.id, f"{says} {one.place.text}", when, one.certainty, stands)
