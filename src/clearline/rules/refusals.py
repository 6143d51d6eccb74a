"""Name every refusal of a command; each says what state things are in."""

from clearline.model.calls import Call
from clearline.model.casework import Case
from clearline.model.errors import BadInput, BrokenPromise

_NOTHING = "Nothing was recorded."


class UnknownCall(BadInput):
    """Refuse an act about a call this node does not know."""


class CallIsOver(BadInput):
    """Refuse an act about a call that has ended."""


class UnknownDesk(BadInput):
    """Refuse a desk that is not on the line."""


class UnknownPerson(BadInput):
    """Refuse a person, or an act without one, where a person must be known."""


class NotYourCall(BadInput):
    """Refuse an act from a side of the call that may not do it."""


class NotProven(BadInput):
    """Refuse an act whose author is not known surely enough."""


class WrongAnswer(BadInput):
    """Refuse an answer the call does not admit, or one that lacks its reason."""


class CardTooLong(BadInput):
    """Refuse a card longer than anybody reads; a STOP or HOLD is cut instead."""


class UnknownParty(BadInput):
    """Refuse, because this line knows no such party."""


class WrongOrder(BadInput):
    """Refuse an act whose turn has not come."""


class IdTaken(BadInput):
    """Refuse an id under which this node already knows something else."""


class ReleaseRefused(BadInput):
    """Refuse a RELEASE; the call it would lift stands."""


class NotLoaded(BrokenPromise):
    """Admit that notices are not there yet after a start."""


class UnknownNotice(BadInput):
    """Refuse an act about a notice this node does not know."""


class NotYourNotice(BadInput):
    """Refuse an act about a notice from somebody it is not open to."""


class UnknownConflict(BadInput):
    """Refuse an act about a conflict there is not, as far as this party may know."""


class NotAnAgreement(BadInput):
    """Refuse terms that say nothing, or that nobody could keep."""


class UnknownAgreement(BadInput):
    """Refuse an act about an agreement that this party is not in."""


class UnknownControlClaim(BadInput):
    """Refuse an act about a claim of control that this party did not enter."""


class PlaceDisagrees(BadInput):
    """Refuse a notice whose place, told in two ways, is two places."""


def refuse(error: type[BadInput], what: str, next_step: str) -> BadInput:
    """Make a refusal after which nothing has changed."""
    return error(what, state=_NOTHING, next=next_step)


def over(call: Call) -> BadInput:
    """Refuse because `call` has ended."""
    return CallIsOver(
        f"Call {call.number} has ended: {call.ending}.",
        state="Nothing was recorded; the call stays as it ended.",
        next="Raise a new call if there is something to stop.",
    )


class UnknownInCase(BadInput):
    """Refuse an act that names what the case does not have."""


def unknown_in_case(case: Case, noun: str, name: str) -> BadInput:
    """Refuse what names something the case does not have."""
    return refuse(
        UnknownInCase,
        f"The case {case.id!r} has no {noun} {name!r}.",
        "Check its id, or enter it first.",
    )


def taken_in_case(noun: str, name: str) -> BadInput:
    """Refuse a second thing under an id that says something else."""
    return refuse(
        IdTaken,
        f"The {noun} {name!r} is there already and says something else.",
        "Read what it says now; enter yours under another id, or as a correction.",
    )
