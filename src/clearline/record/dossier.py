"""Gather a case with everything kept about it, and take away what must stay.

    case file + case as kept + ledgers --> Dossier --audience--> Dossier, and counts

What an audience may not see is taken out before anything is drawn or written. How
much was taken is counted by kind. Where it stood, what linked to it and how it was
worded leave no trace: links into what was withheld go with it.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from clearline.model.beats import Nowhere
from clearline.model.casefiles import CaseFile
from clearline.model.casework import Audience, Case, Lesson
from clearline.model.claims import Claim, ClaimId, Consequence
from clearline.model.errors import BadInput
from clearline.record.matrix import Known, knowledge
from clearline.record.settling import Logged, Settled, settle
from clearline.rules.case_sight import is_wider, referral_to

WITHHELD_PLACE: Final = "withheld from this audience"


class NoSuchClaim(BadInput):
    """Refuse to withhold a claim the case does not have."""


class LogShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what one ledger says to a case.

    Attributes:
        is_model: What people do in it is a model's.
        looked_at: Which part of it was looked at, in a sentence; empty for all of it.
    """

    name: str
    settled: tuple[Settled, ...]
    known: tuple[Known, ...]
    is_model: bool = False
    looked_at: str = ""


class LogRead(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a ledger that was read for a case.

    Attributes:
        entries: All of it.
        shows: Which entries of it the case may show.
    """

    name: str
    entries: Sequence[Logged]
    shows: Callable[[Logged], bool] = lambda _: True
    is_model: bool = False
    looked_at: str = ""


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a case as it is handed out.

    Attributes:
        body: The body it was referred to and is written for, if it is.
        withheld: How many of each kind were taken out for this audience.
    """

    case: CaseFile
    audience: Audience
    body: str = ""
    kept: Case | None = None
    lessons: tuple[Lesson, ...] = ()
    logs: tuple[LogShown, ...] = ()
    withheld: dict[str, int] = {}

    @property
    def whom(self) -> str:
        """Say for whom it is: an audience, or a body with what it may see."""
        return f"{self.body} ({self.audience})" if self.body else self.audience


def gather(
    case: CaseFile,
    *,
    kept: Case | None = None,
    lessons: Sequence[Lesson] = (),
    logs: Sequence[LogRead] = (),
) -> Dossier:
    """Put everything about a case together, for whoever may see all of it.

    Args:
        case: Its claims and what they name.
        kept: The case as a node keeps it, if one does.
        lessons: Its lessons.
        logs: Ledgers.
    """
    return Dossier(
        case=case,
        kept=kept,
        lessons=tuple(lessons),
        audience=Audience.WHOLE,
        logs=tuple(_read(case, log) for log in logs),
    )


def _read(case: CaseFile, log: LogRead) -> LogShown:
    shown = [one for one in log.entries if log.shows(one)]
    return LogShown(
        name=log.name,
        settled=settle(case, shown),
        known=knowledge(log.entries, log.shows),
        is_model=log.is_model,
        looked_at=log.looked_at,
    )


class NotReferred(BadInput):
    """Refuse a report for a body the case was not referred to."""


def audience_of(whole: Dossier, body: str) -> Audience:
    """Return what a body may see: as the newest referral of the case to it says.

    Raises:
        NotReferred: The case was not referred to it.
    """
    found = referral_to(whole.kept, body) if whole.kept is not None else None
    if found is None:
        raise NotReferred(
            f"The case {whole.case.name} was not referred to {body!r}.",
            state="Nothing was written.",
            next="Refer it first (`case_referred`); that says what the body may see.",
        )
    return found.sees


def at_most(whole: Dossier, body: str, wanted: Audience | None) -> Audience:
    """Return how much a body gets: what it may see, or less where that is wanted.

    Raises:
        NotReferred: The case was not referred to it, or not with as much.
    """
    sees = audience_of(whole, body)
    if wanted is not None and is_wider(wanted, sees):
        raise NotReferred(
            f"{body} may see the case {whole.case.name} as {sees}, not as {wanted}.",
            state="Nothing was written.",
            next=f"Leave the audience out, or say {sees} or less.",
        )
    return wanted or sees


def redact(
    whole: Dossier,
    audience: Audience,
    withhold: Collection[str] = (),
    *,
    body: str = "",
) -> Dossier:
    """Take out what an audience may not see, and count it.

    Args:
        whole: Everything.
        audience: Who it is for.
        withhold: Claims to be withheld besides, by their ids.
        body: The body it is for, where it was referred to one.

    Raises:
        NoSuchClaim: One of them is not there.
    """
    counts: dict[str, int] = {}
    case = _without_claims(whole.case, withhold, counts)
    kept = whole.kept
    if kept is not None:
        kept = _without_names(kept, counts)
        if audience is not Audience.WHOLE:
            kept = _without_words(kept, counts)
    logs = tuple(_relogged(whole, case, log) for log in whole.logs)
    if audience is Audience.PUBLIC:
        case = _without_positions(case, counts)
        logs = tuple(_without_desks(log, counts) for log in logs)
        kept = kept and replace(kept, calls=(), notices=())
    return replace(
        whole,
        case=case,
        kept=kept,
        audience=audience,
        body=body,
        logs=logs,
        lessons=whole.lessons if audience is not Audience.PUBLIC else (),
        withheld={
            kind: count for kind, count in _counted(whole, audience, counts) if count
        },
    )


def _counted(
    whole: Dossier, audience: Audience, counts: dict[str, int]
) -> list[tuple[str, int]]:
    lessons = len(whole.lessons) if audience is Audience.PUBLIC else 0
    return [*counts.items(), ("lessons", lessons)]


def _without_claims(
    case: CaseFile, withhold: Collection[str], counts: dict[str, int]
) -> CaseFile:
    there = {claim.id for claim in case.claims}
    gone: set[ClaimId] = set()
    for name in withhold:
        if name not in there:
            raise NoSuchClaim(
                f"The case {case.name} has no claim {name!r} to withhold.",
                state="Nothing was written.",
                next="Check its id with `clearline case show`.",
            )
        gone.add(ClaimId(name))
    gone |= {
        claim.id
        for claim in case.claims
        if isinstance(claim.what, Consequence)
        and {claim.what.cause, claim.what.effect} & gone
    }
    counts["claims"] = len(gone)
    if not gone:
        return case
    # a sentence that no claim is left of would say that one was withheld, and of what
    counts["places in the text"] = len(case.text.sentences) if case.text else 0
    left = tuple(_unlinked(one, gone) for one in case.claims if one.id not in gone)
    used = {source for claim in left for source in claim.sources}
    used |= {source for place in case.places for source in place.sources}
    return replace(
        case,
        claims=left,
        text=None,
        sources=tuple(one for one in case.sources if one.id in used),
        voices=tuple(
            one for one in case.voices if any(one.id in claim.by for claim in left)
        ),
        withdrawn=tuple(one for one in case.withdrawn if one.source in used),
    )


def _unlinked(claim: Claim, gone: set[ClaimId]) -> Claim:
    def left(links: tuple[ClaimId, ...]) -> tuple[ClaimId, ...]:
        return tuple(one for one in links if one not in gone)

    return replace(
        claim,
        rests_on=left(claim.rests_on),
        contradicts=left(claim.contradicts),
        refines=left(claim.refines),
        characterises=left(claim.characterises),
        corrects=None if claim.corrects in gone else claim.corrects,
        sentences=(),
    )


def _without_names(kept: Case, counts: dict[str, int]) -> Case:
    counts["names"] = sum(one.name is not None for one in kept.statements)
    return replace(
        kept,
        statements=tuple(replace(one, name=None) for one in kept.statements),
    )


def _without_words(kept: Case, counts: dict[str, int]) -> Case:
    counts["statements"] = len(kept.statements)
    counts["attachments"] = len(kept.attachments)
    return replace(kept, statements=(), attachments=())


def _without_positions(case: CaseFile, counts: dict[str, int]) -> CaseFile:
    counts["positions"] = sum(
        not isinstance(place.where, Nowhere) for place in case.places
    )
    return replace(
        case,
        places=tuple(
            replace(
                place,
                text=place.name,
                where=Nowhere(because=WITHHELD_PLACE),
                reason="",
            )
            for place in case.places
        ),
    )


def _relogged(whole: Dossier, case: CaseFile, log: LogShown) -> LogShown:
    """Leave out of what a ledger settles the claims that are withheld."""
    if case is whole.case:
        return log
    says = {claim.says for claim in case.claims}
    return replace(
        log,
        settled=tuple(
            replace(
                one, contested=tuple(text for text in one.contested if text in says)
            )
            for one in log.settled
        ),
    )


def _without_desks(log: LogShown, counts: dict[str, int]) -> LogShown:
    rows = sum(len(item.rows) for item in log.known)
    found = sum(len(sought.found) for one in log.settled for sought in one.sought)
    counts["rows of who knew what"] = counts.get("rows of who knew what", 0) + rows
    counts["receipts' words"] = counts.get("receipts' words", 0) + found
    return replace(
        log,
        known=(),
        settled=tuple(
            replace(
                one,
                sought=tuple(
                    replace(
                        sought,
                        found=tuple(
                            replace(receipt, says=WITHHELD_PLACE)
                            for receipt in sought.found
                        ),
                    )
                    for sought in one.sought
                ),
            )
            for one in log.settled
        ),
    )
