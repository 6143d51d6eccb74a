"""Hold the acts about agreements, as they stand in the log, and what asks for them."""

from typing import Final, TypeAlias, get_args

import msgspec

from clearline.model.agreements import AgreementId, Terms
from clearline.model.instants import Instant
from clearline.model.parties import Actor, PartyId


class AgreementProposed(msgspec.Struct, frozen=True, kw_only=True):
    """Propose an agreement, or another version of one.

    Attributes:
        other: With whom; the one side is whoever proposes it.
        holds_from: From when it holds without the other's word, where it may.
    """

    agreement: AgreementId
    version: int
    other: PartyId
    terms: Terms
    by: Actor
    holds_from: Instant | None = None


class AgreementConfirmed(msgspec.Struct, frozen=True, kw_only=True):
    """Confirm, for the other side, the version that was read."""

    agreement: AgreementId
    version: int
    by: Actor
    holds_from: Instant


class AgreementEnded(msgspec.Struct, frozen=True, kw_only=True):
    """Say that an agreement ends, and when."""

    agreement: AgreementId
    by: Actor
    ends_at: Instant
    why: str = ""


class AgreementTurned(msgspec.Struct, frozen=True, kw_only=True):
    """Say that a version began or ended: plans are screened anew.

    Attributes:
        version: Which is in force from now on; `None`: none is.
    """

    agreement: AgreementId
    version: int | None = None


AgreementAct: TypeAlias = (
    AgreementProposed | AgreementConfirmed | AgreementEnded | AgreementTurned
)

AGREEMENT_ACTS: Final = get_args(AgreementAct)
"""The types of every act about an agreement, for `isinstance`."""


class ProposeAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Propose an agreement with a party, or another version of the one there is."""

    other: PartyId
    terms: Terms
    by: Actor


class ConfirmAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Confirm the version that waits, by its number."""

    agreement: AgreementId
    version: int
    by: Actor


class EndAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """End an agreement; or take back, or turn down, what was never confirmed.

    Attributes:
        ends_at: When; as soon as it may where nothing is said.
    """

    agreement: AgreementId
    by: Actor
    ends_at: Instant | None = None
    why: str = ""


AgreementCommand: TypeAlias = ProposeAgreement | ConfirmAgreement | EndAgreement
