"""Name what only the web refuses, and say which status each error has."""

from typing import Final

from clearline.adapters.basemap.layers import UnknownLayer
from clearline.adapters.secrets import LockedOut
from clearline.model.errors import BadInput, BrokenPromise, ClearlineError
from clearline.rules.refusals import (
    CallIsOver,
    IdTaken,
    NotProven,
    NotYourCall,
    NotYourNotice,
    ReleaseRefused,
    UnknownCall,
    UnknownDesk,
    UnknownNotice,
    UnknownPerson,
    WrongOrder,
)
from clearline.service.writer import OurFault


class BadRequest(BadInput):
    """Refuse a request that cannot be read."""


class TooLong(BadInput):
    """Refuse a body longer than anything that is said here."""


class HeadTooLong(BadInput):
    """Refuse a request whose headers have no end."""


class TooSlow(BadInput):
    """Refuse somebody who connects and says nothing whole."""


class NotThisKind(BadInput):
    """Refuse a body that is not JSON."""


class NotSignedIn(BadInput):
    """Refuse because nobody is known to ask."""


class WrongProof(BadInput):
    """Refuse a person and secret that do not belong together."""


class NotAllowed(BadInput):
    """Refuse what this caller may not do."""


class NotFromThisPage(BadInput):
    """Refuse a request that another site's page may have sent."""


class NotThere(BadInput):
    """Refuse a path that leads to nothing this caller may see."""


class NotThisWay(BadInput):
    """Refuse a method that the path does not take."""


class ChangedMeanwhile(BadInput):
    """Refuse a change to something that is no longer as it was read."""


class SaidOtherwise(BadInput):
    """Refuse an idempotency key that came before with another request."""


class ToldOnce(BadInput):
    """Refuse to do again, or to tell again, what had a secret in its answer."""


class DoneUntold(BadInput):
    """Refuse to do again what was done before the node went down, its answer lost."""


class TooMany(BadInput):
    """Refuse because one caller asks too often; never a STOP or HOLD."""

    def __init__(self, wait_s: float) -> None:
        """Say how long to wait."""
        self.wait_s = max(1, round(wait_s))
        super().__init__(
            f"Too many requests; the next one is taken in {self.wait_s} s.",
            state="This one was not looked at. STOP and HOLD are never held up.",
            next="Wait, and ask less often: the feed tells of every change.",
        )


_STATUS: Final[dict[type[ClearlineError], int]] = {
    BadRequest: 400,
    NotSignedIn: 401,
    WrongProof: 401,
    NotAllowed: 403,
    NotFromThisPage: 403,
    NotProven: 403,
    NotYourCall: 403,
    NotYourNotice: 403,
    NotThere: 404,
    UnknownCall: 404,
    UnknownDesk: 404,
    UnknownLayer: 404,
    UnknownNotice: 404,
    UnknownPerson: 404,
    NotThisWay: 405,
    TooSlow: 408,
    CallIsOver: 409,
    IdTaken: 409,
    ReleaseRefused: 409,
    SaidOtherwise: 409,
    ToldOnce: 409,
    DoneUntold: 409,
    WrongOrder: 409,
    ChangedMeanwhile: 412,
    TooLong: 413,
    NotThisKind: 415,
    LockedOut: 429,
    TooMany: 429,
    HeadTooLong: 431,
    OurFault: 500,
    BadInput: 422,
    BrokenPromise: 503,
}
"""The status of each error; where it is not named, that of its branch."""

LOST: Final = 503
"""The status where certainty is lost: the node has stopped."""


def status_of(error: ClearlineError) -> int:
    """Return the HTTP status of an error."""
    for kind in type(error).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    return LOST


def wait_of(error: ClearlineError) -> int | None:
    """Return how many seconds to wait before asking again, where that is known."""
    return error.wait_s if isinstance(error, LockedOut | TooMany) else None


def not_there(what: str) -> NotThere:
    """Refuse a path; the same whether it is not there or may not be seen."""
    return NotThere(
        f"There is no {what} that you may see.",
        state="Nothing was done.",
        next="Check the id, or ask as a member of the desk it belongs to.",
    )
