"""Say how each act changes an agreement; nothing here decides anything."""

from typing import assert_never

from msgspec.structs import replace

from clearline.model.agreement_acts import (
    AgreementAct,
    AgreementConfirmed,
    AgreementEnded,
    AgreementProposed,
    AgreementTurned,
)
from clearline.model.agreements import Agreement, AgreementVersion
from clearline.model.instants import Instant


def agreement_after(
    agreement: Agreement | None, act: AgreementAct, at: Instant
) -> Agreement | None:
    """Return what an agreement is after an act about it; nothing if it never was."""
    if isinstance(act, AgreementProposed):
        return _with_due(_proposed(agreement, act, at), at)
    if agreement is None:
        return None
    match act:
        case AgreementConfirmed():
            *before, last = agreement.versions
            last = replace(
                last, confirmed_by=act.by, confirmed_at=at, holds_from=act.holds_from
            )
            agreement = replace(agreement, versions=(*before, last))
        case AgreementEnded():
            agreement = replace(
                agreement,
                ended_by=act.by,
                ended_at=at,
                ends_at=act.ends_at,
                why=act.why,
            )
        case AgreementTurned():
            ahead = (turn for turn in agreement.turns() if turn > at)
            return replace(agreement, due_at=next(ahead, None))
        case _:
            assert_never(act)
    return _with_due(agreement, at)


def _with_due(agreement: Agreement, at: Instant) -> Agreement:
    """Let it be due at its next turn; one that is due and was not taken stays so."""
    due = [agreement.due_at] if agreement.due_at is not None else []
    due += [turn for turn in agreement.turns() if turn >= at][:1]
    return replace(agreement, due_at=min(due, default=None))


def _proposed(
    agreement: Agreement | None, act: AgreementProposed, at: Instant
) -> Agreement:
    version = AgreementVersion(
        number=act.version,
        terms=act.terms,
        proposed_by=act.by,
        proposed_at=at,
        holds_from=act.holds_from,
    )
    if agreement is None:
        parties = (act.by.party, act.other)
        return Agreement(id=act.agreement, parties=parties, versions=(version,))
    return replace(agreement, versions=(*agreement.versions, version))
