"""Decide how two parties come to an agreement, change it, and part again.

| act | by | needs |
|---|---|---|
| propose | either of the two | nothing; it binds nobody |
| confirm | the other of the two | the number of the version that was read |
| change alone | either | that the version in force says so, and it is more careful |
| end | either | the notice it names; none where nothing was ever confirmed |

No call waits for any of it, and none that rings is changed by it.
"""

from collections.abc import Iterator
from typing import Final

from clearline.model.agreement_acts import (
    AgreementConfirmed,
    AgreementEnded,
    AgreementProposed,
    AgreementTurned,
    ConfirmAgreement,
    EndAgreement,
    ProposeAgreement,
)
from clearline.model.agreements import (
    Agreement,
    AgreementId,
    AgreementState,
    AgreementVersion,
    Change,
    Margin,
    Terms,
)
from clearline.model.calls import ACKNOWLEDGING
from clearline.model.entries import Act
from clearline.model.instants import Duration, Instant, write_instant
from clearline.model.links import is_at
from clearline.model.parties import Actor, PartyId
from clearline.picture.picture import Picture, View
from clearline.rules.notice_clocks import PURGE_AFTER
from clearline.rules.refusals import (
    NotAnAgreement,
    NotProven,
    UnknownAgreement,
    UnknownParty,
    WrongOrder,
    refuse,
)

WIDEST_M: Final = 100_000.0
"""The widest standing buffer, metres."""
LONGEST_S: Final = 7 * 86_400.0
"""The longest standing buffer, seconds."""
KEPT_DAYS: Final = (1, 3_660)
"""How long a notice may be agreed to be kept once it is over, days."""
LONGEST_NOTICE_DAYS: Final = 366
"""How long ahead its end may have to be said, days."""

_DAY: Final = Duration(days=1)


def agreements_of(view: View, party: PartyId) -> Iterator[Agreement]:
    """Return the agreements a party is in; of others nobody is told."""
    return (one for one in view.agreements.values() if party in one.parties)


def standing_with(
    view: View, party: PartyId, other: PartyId, now: Instant
) -> Agreement | None:
    """Return the agreement of two parties that a proposal would change, if any."""
    return next(
        (
            one
            for one in agreements_of(view, party)
            if other in one.parties
            and one.ends_at is None
            and one.state(now) is not AgreementState.OVER
        ),
        None,
    )


def propose(picture: Picture, asked: ProposeAgreement, now: Instant) -> tuple[Act, ...]:
    """Propose an agreement or another version of it; the same twice is one.

    It holds at once, from its own start, where the versions that stand let one side
    change that alone.

    Raises:
        UnknownParty: The other is not on this node, or is one's own.
        NotAnAgreement: It says nothing, or what nobody could keep.
        WrongOrder: It would begin before an older one ends.
        NotProven: Nobody is known to have proposed it.
    """
    _require_proven(asked.by)
    own, terms = asked.by.party, asked.terms
    require_meant(picture, own, asked.other, terms, now)
    agreement = standing_with(picture, own, asked.other, now)
    if agreement is None:
        return (_first(picture, asked, now),)
    waits = agreement.waits
    if waits is not None and (waits.terms, waits.proposed_by.party) == (terms, own):
        return ()
    alone = is_alone(agreement, terms, now)
    return (
        AgreementProposed(
            agreement=agreement.id,
            version=agreement.versions[-1].number + 1,
            other=asked.other,
            terms=terms,
            by=asked.by,
            holds_from=max(terms.starts_at, now) if alone else None,
        ),
    )


def confirm(picture: Picture, asked: ConfirmAgreement, now: Instant) -> tuple[Act, ...]:
    """Confirm the version that waits; it holds from its start, and not before now.

    Raises:
        UnknownAgreement: There is none of that id that is theirs.
        WrongOrder: Another version waits, or none; it is one's own; it would be over.
        NotProven: Nobody is known to have confirmed it.
    """
    _require_proven(asked.by)
    agreement = _own(picture, asked.agreement, asked.by)
    waits = agreement.waits
    if waits is None or waits.number != asked.version:
        if any(
            one.number == asked.version and one.confirmed_by is not None
            for one in agreement.versions
        ):
            return ()
        raise _wrong(
            f"Version {asked.version} of agreement {agreement.id} does not wait to be "
            "confirmed.",
            "Read what stands now; confirm the version you have read.",
        )
    if waits.proposed_by.party == asked.by.party:
        raise _wrong(
            f"Version {waits.number} of agreement {agreement.id} is your own proposal.",
            f"A person of {agreement.other_than(asked.by.party)} confirms it.",
        )
    if waits.terms.until <= now:
        raise _wrong(
            f"It would be over since {write_instant(waits.terms.until)}.",
            "Propose it again with a later end.",
        )
    return (
        AgreementConfirmed(
            agreement=agreement.id,
            version=waits.number,
            by=asked.by,
            holds_from=max(waits.terms.starts_at, now),
        ),
    )


def end(picture: Picture, asked: EndAgreement, now: Instant) -> tuple[Act, ...]:
    """End an agreement after the notice it names; at once if it never held.

    Raises:
        UnknownAgreement: There is none of that id that is theirs.
        WrongOrder: It is over, ends already, or would end before its notice.
        NotProven: Nobody is known to have ended it.
    """
    _require_proven(asked.by)
    agreement = _own(picture, asked.agreement, asked.by)
    if agreement.ends_at is not None:
        raise _wrong(
            f"Agreement {agreement.id} ends at {write_instant(agreement.ends_at)} "
            "already.",
            "Nothing to do.",
        )
    if agreement.state(now) is AgreementState.OVER:
        raise _wrong(f"Agreement {agreement.id} is over.", "Nothing to do.")
    held = [one for one in agreement.versions if one.holds_from is not None]
    in_force = agreement.in_force(now)
    earliest = now
    if held:
        earliest += (in_force or held[-1]).terms.ends_after
    ends_at = asked.ends_at or earliest
    if ends_at < earliest:
        raise _wrong(
            f"Agreement {agreement.id} ends at {write_instant(earliest)} at the "
            "earliest: that is the notice it names.",
            "Give that time or a later one; sooner it ends by a version both confirm.",
        )
    return (
        AgreementEnded(
            agreement=agreement.id, by=asked.by, ends_at=ends_at, why=asked.why
        ),
    )


def turn(picture: Picture, agreement: Agreement, now: Instant) -> tuple[Act, ...]:
    """Say which version is in force, once it has begun or ended."""
    del picture
    if agreement.due_at is None or agreement.due_at > now:
        return ()
    version = agreement.in_force(now)
    return (
        AgreementTurned(
            agreement=agreement.id, version=version.number if version else None
        ),
    )


def is_alone(agreement: Agreement, terms: Terms, now: Instant) -> bool:
    """Say whether terms hold without the other's word: all that stands lets them."""
    standing = _standing(agreement, now)
    return bool(standing) and all(may_alone(one.terms, terms) for one in standing)


def may_alone(before: Terms, after: Terms) -> bool:
    """Say whether one side may change `before` into `after` without the other."""
    if (before.alone, before.until, before.ends_after) != (
        after.alone,
        after.until,
        after.ends_after,
    ):
        return False
    is_wider = before.margins == after.margins or (
        Change.WIDER in before.alone
        and all(
            any(_holds(new, old) for new in after.margins) for old in before.margins
        )
    )
    kept = [one.kept_for or PURGE_AFTER for one in (before, after)]
    is_longer = kept[0] == kept[1] or (
        Change.LONGER in before.alone and kept[0] < kept[1]
    )
    return is_wider and is_longer


def _holds(new: Margin, old: Margin) -> bool:
    """Say whether a margin is as wide as another, wherever that other applies."""
    actions = {one.strip().casefold() for one in old.actions}
    wanted = {one.strip().casefold() for one in new.actions}
    is_every_action = not wanted or (bool(actions) and actions <= wanted)
    is_every_kind = not new.kinds or (
        bool(old.kinds) and set(old.kinds) <= set(new.kinds)
    )
    is_as_wide = new.buffer_m >= old.buffer_m and new.buffer_s >= old.buffer_s
    return is_as_wide and is_every_action and is_every_kind


def _first(picture: Picture, asked: ProposeAgreement, now: Instant) -> Act:
    own, other, terms = asked.by.party, asked.other, asked.terms
    for older in agreements_of(picture, own):
        if other not in older.parties or older.ends_at is None:
            continue
        if terms.starts_at < older.ends_at and older.in_force(now) is not None:
            raise _wrong(
                f"Agreement {older.id} with {other} holds until "
                f"{write_instant(older.ends_at)}.",
                "Let the new one begin then, or later.",
            )
    count = sum(1 for _ in picture.agreements.values())
    return AgreementProposed(
        agreement=AgreementId(f"A-{count + 1}"),
        version=1,
        other=other,
        terms=terms,
        by=asked.by,
    )


def _standing(agreement: Agreement, now: Instant) -> list[AgreementVersion]:
    """Return the versions that hold now, or are confirmed and will."""
    in_force = agreement.in_force(now)
    ahead = [
        one
        for one in agreement.versions
        if one.holds_from is not None and one.holds_from > now
    ]
    return [*([in_force] if in_force else []), *ahead]


def require_meant(
    view: View, own: PartyId, other: PartyId, terms: Terms, now: Instant
) -> None:
    """Refuse what is no agreement of two parties of this node.

    Raises:
        UnknownParty, NotAnAgreement: As for proposing.
    """
    _require_both_here(view, own, other)
    for what, next_step in _wrong_in(terms, now):
        raise refuse(NotAnAgreement, what, next_step)


def _wrong_in(terms: Terms, now: Instant) -> Iterator[tuple[str, str]]:
    """Say what is wrong with terms, and what to do."""
    if not terms.margins and terms.kept_for is None:
        yield (
            "The agreement says nothing.",
            "Give a standing buffer, or how long notices are kept, or both.",
        )
    for margin in terms.margins:
        wide_m, long_s = margin.buffer_m, margin.buffer_s
        fits = 0.0 <= wide_m <= WIDEST_M and 0.0 <= long_s <= LONGEST_S
        if not fits or not (wide_m or long_s):
            yield (
                f"A standing buffer of {wide_m:g} m and {long_s:g} s cannot be kept.",
                "Give metres up to 100 km, or a time up to 7 days, or both.",
            )
    kept = (terms.kept_for or _DAY) / _DAY
    if not KEPT_DAYS[0] <= kept <= KEPT_DAYS[1]:
        yield (
            f"Notices cannot be kept for {kept:g} days.",
            "Give from 1 to 3,660 days.",
        )
    if not 0 <= terms.ends_after / _DAY <= LONGEST_NOTICE_DAYS:
        yield ("Its end cannot be said so long ahead.", "Give from 0 to 366 days.")
    if terms.until <= max(now, terms.starts_at):
        yield (
            f"It would be over at {write_instant(terms.until)}, before it begins.",
            "Give an end that lies ahead and after its start, or none.",
        )


def _require_both_here(view: View, own: PartyId, other: PartyId) -> None:
    here = {
        desk.party for desk in view.desks.values() if not is_at(desk.id, desk.party)
    }
    if other == own or other not in here:
        raise refuse(
            UnknownParty,
            f"{other!r} is no other party with a desk on this node.",
            "An agreement is kept by one node that both have desks on. With a party "
            "behind a link give the margin with each notice.",
        )


def _own(picture: Picture, key: AgreementId, by: Actor) -> Agreement:
    agreement = picture.agreements.get(key)
    if agreement is None or by.party not in agreement.parties:
        raise refuse(
            UnknownAgreement,
            f"There is no agreement {key!r} of yours.",
            "Look at the list of your party's agreements.",
        )
    return agreement


def _require_proven(by: Actor) -> None:
    if by.person is None or by.strength not in ACKNOWLEDGING:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Sign in, or use a PIN.",
        )


def _wrong(what: str, next_step: str) -> Exception:
    return refuse(WrongOrder, what, next_step)
