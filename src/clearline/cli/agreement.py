"""Agree with another party on standing buffers and keeping: `clearline agreement`."""

from typing import Annotated

from cyclopts import Parameter

from clearline.cli import Switch
from clearline.cli.connection import HERE, At
from clearline.model.agreements import Change
from clearline.model.errors import BadInput
from clearline.model.instants import parse_instant, write_instant
from clearline.model.notices import NoticeKind
from clearline.wire.forms.agreements import (
    AgreementEnd,
    AgreementGiven,
    AgreementPreview,
    AgreementRead,
    AgreementShown,
    MarginGiven,
    VersionShown,
)

_MINUTE_S = 60.0


class NotAMargin(BadInput):
    """Refuse a buffer that is no length, no time, or for what there is not."""


def agreement_propose(  # noqa: PLR0913 (each is an option of the command)
    party: str,
    *,
    buffer: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    keep_days: int | None = None,
    alone: Annotated[tuple[Change, ...], Parameter(negative="")] = (),
    notice_h: int = 24,
    start: str = "",
    until: str = "",
    preview: Switch = False,
    at: At = HERE,
) -> int:
    """Propose an agreement with a party, or another version of the one there is.

    It binds nobody until a person of the other party confirms it, and never before
    its start. Look first with `--preview`: what would meet by it, what would be kept.

    Parameters
    ----------
    party
        The party it is with; it has a desk on this node.
    buffer
        A standing buffer between a plan of one side and a notice of the other:
        `500m`, `500m,10min`, `2km:strike`, `2km:strike:site`. After the first colon
        types of activity, after the second kinds of notice, each by commas; every
        one if left out. May be given several times: of those that fit the widest
        counts.
    keep_days
        How long a notice is kept once it is over, days; 30 if nothing is said.
    alone
        What either side may change without the other.
    notice_h
        How long before it ends its end has to be said, hours.
    start
        From when: RFC 3339 with a zone; now if left out.
    until
        Until when; until it is ended if left out.
    preview
        Say what would follow, and enter nothing.
    """
    given = AgreementGiven(
        other=party,
        margins=tuple(_margin(text) for text in buffer),
        kept_for_days=keep_days,
        alone=alone,
        ends_after_h=notice_h,
        starts_at=parse_instant(start) if start else None,
        until=parse_instant(until) if until else None,
    )
    with at.connect() as client:
        if preview:
            seen = client.preview(given)
            return at.say(seen, _seen(seen))
        made = client.propose(given)
    return at.say(made, _whole(made))


def agreement_confirm(
    agreement: str,
    *,
    version: int | None = None,
    preview: Switch = False,
    at: At = HERE,
) -> int:
    """Confirm, for your party, the version the other side proposed.

    Parameters
    ----------
    agreement
        Its number, as A-1.
    version
        Which version you have read.
    preview
        Say what would follow, and confirm nothing.
    """
    with at.connect() as client:
        if preview or version is None:
            seen = client.preview_of(agreement)
            return at.say(
                seen, f"{_seen(seen)}\nNothing was confirmed: give --version."
            )
        made = client.confirm_agreement(agreement, AgreementRead(version=version))
    return at.say(made, _whole(made))


def agreement_end(
    agreement: str, *, when: str = "", why: str = "", at: At = HERE
) -> int:
    """End an agreement after the notice it names, or turn a proposal down at once.

    Parameters
    ----------
    agreement
        Its number, as A-1.
    when
        When: RFC 3339 with a zone; as soon as its notice lets it if left out.
    why
        Read by the other side.
    """
    ends_at = parse_instant(when) if when else None
    with at.connect() as client:
        made = client.end_agreement(agreement, AgreementEnd(ends_at=ends_at, why=why))
    return at.say(made, _whole(made))


def agreement_list(*, at: At = HERE) -> int:
    """List the agreements of your party."""
    with at.connect() as client:
        found = client.agreements()
    return at.list(found, [_row(one) for one in found])


def agreement_show(agreement: str, *, at: At = HERE) -> int:
    """Show an agreement of your party, with all its versions.

    Parameters
    ----------
    agreement
        Its number, as A-1.
    """
    with at.connect() as client:
        found = client.agreement(agreement)
    return at.say(found, _whole(found))


def _margin(text: str) -> MarginGiven:
    """Read a buffer: `2km,10min:strike:site,movement`."""
    lengths, _, scope = text.partition(":")
    actions, _, kinds = scope.partition(":")
    given = {"m": 0.0, "s": 0.0}
    for part in filter(None, (one.strip() for one in lengths.split(","))):
        unit, value = _measured(part, text)
        given[unit] = max(given[unit], value)
    try:
        return MarginGiven(
            buffer_m=given["m"],
            buffer_s=given["s"],
            actions=_parts(actions),
            kinds=tuple(NoticeKind(one) for one in _parts(kinds)),
        )
    except ValueError:
        raise _not_a_margin(text) from None


def _measured(part: str, text: str) -> tuple[str, float]:
    units = (("km", "m", 1_000.0), ("min", "s", 60.0), ("h", "s", 3_600.0))
    for ending, unit, factor in (*units, ("m", "m", 1.0), ("s", "s", 1.0)):
        if part.endswith(ending):
            try:
                return unit, factor * float(part.removesuffix(ending))
            except ValueError:
                break
    raise _not_a_margin(text)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _not_a_margin(text: str) -> NotAMargin:
    kinds = ", ".join(NoticeKind)
    return NotAMargin(
        f"{text!r} is no standing buffer.",
        state="Nothing was recorded.",
        next="Write it as 500m,10min or 2km:strike:site; lengths in m or km, times in "
        f"s, min or h; kinds are {kinds}.",
    )


def _row(one: AgreementShown) -> tuple[str, ...]:
    waits = f"version {one.waits} waits to be confirmed" if one.waits else ""
    ends = f"ends {write_instant(one.ends_at)}" if one.ends_at else ""
    shown = one.in_force or one.versions[-1].number
    (version,) = (v for v in one.versions if v.number == shown)
    return (one.id, " and ".join(one.parties), one.state, _says(version), waits, ends)


def _whole(one: AgreementShown) -> str:
    said = [f"{one.id}  {' and '.join(one.parties)}: {one.state}."]
    for version in one.versions:
        marks = {one.in_force: "in force", one.waits: "waits to be confirmed"}
        begins = write_instant(version.holds_from or version.starts_at)
        begins += f" to {write_instant(version.until)}" if version.until else ""
        said.append(
            f"  version {version.number}, by {version.proposed_by}, from {begins}: "
            f"{_says(version)}  {marks.get(version.number, '')}".rstrip()
        )
    if one.ends_at is not None:
        said.append(f"  ends at {write_instant(one.ends_at)}, by {one.ended_by}.")
    return "\n".join(said)


def _says(version: VersionShown) -> str:
    parts = [_say_margin(one) for one in version.margins]
    if version.kept_for_days is not None:
        parts.append(f"kept {version.kept_for_days:g} days")
    if version.alone:
        parts.append(f"alone: {', '.join(version.alone)}")
    parts.append(f"{version.ends_after_h:g} h notice")
    return "; ".join(parts)


def _say_margin(one: MarginGiven) -> str:
    size = [f"{one.buffer_m:g} m"] if one.buffer_m else []
    size += [f"{one.buffer_s / _MINUTE_S:g} min"] if one.buffer_s else []
    said = " and ".join(size)
    if one.actions:
        said += f" for {', '.join(one.actions)}"
    return f"{said} to {', '.join(one.kinds)}" if one.kinds else said


def _seen(seen: AgreementPreview) -> str:
    needs = (
        "Needs the other side." if seen.needs_confirmation else "Holds without them."
    )
    said = [f"{needs} {seen.plans} plans looked at."]
    if not seen.is_all:
        said[0] += " There are more."
    said += [
        f"would meet: {one.plan} and {one.notice}: {one.why}" for one in seen.meets
    ]
    said += [f"would meet no longer: {one.plan} and {one.notice}" for one in seen.parts]
    said += [
        f"kept to {write_instant(one.then)}, not {write_instant(one.now)}: {one.notice}"
        for one in seen.keeps
    ]
    if seen.more:
        said.append(f"and {seen.more} more")
    return "\n".join(said)
