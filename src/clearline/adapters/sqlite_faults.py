"""Say what SQLite refused in the words of this house.

SQLite's result codes: https://www.sqlite.org/rescode.html.
"""

import contextlib
import errno
from collections.abc import Iterator

import apsw

from clearline.adapters.files import refusal
from clearline.model.errors import ClearlineError, LostCertainty
from clearline.service.ports import DiskFault

_DAMAGE = (apsw.CorruptError, apsw.NotADBError, apsw.FormatError, apsw.ConstraintError)


class LedgerDamaged(LostCertainty):
    """Stop, because the log's file is not what was written into it."""


class StoreBusy(DiskFault):
    """Admit that another program holds the file's write lock."""


@contextlib.contextmanager
def named(doing: str, state: str) -> Iterator[None]:
    """Name what SQLite refused while we were `doing` something.

    Raises:
        StoreRefused: The disk refused.
        LedgerDamaged: The file is damaged.
    """
    try:
        yield
    except apsw.Error as error:
        raise word(error, doing, state) from error
    except OSError as error:
        raise refusal(error.errno, doing, state) from error


def word(error: apsw.Error, doing: str, state: str) -> ClearlineError:
    """Turn SQLite's error into the one of this house that says what to do."""
    extended = getattr(error, "extendedresult", 0)
    if isinstance(error, _DAMAGE) or extended in (
        apsw.SQLITE_IOERR_DATA,
        apsw.SQLITE_IOERR_CORRUPTFS,
        apsw.SQLITE_IOERR_SHORT_READ,
    ):
        return damaged(f"{doing.capitalize()} failed: {error}.")
    if isinstance(error, apsw.FullError):
        return refusal(errno.ENOSPC, doing, state)
    if isinstance(error, apsw.ReadOnlyError):
        return refusal(errno.EROFS, doing, state)
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        return StoreBusy(
            f"Another program holds the log's file: {doing} failed ({error}).",
            state=state,
            next="Close whatever has the file open for writing.",
        )
    return refusal(_system_error(error), doing, state, said=str(error))


def damaged(what: str) -> LedgerDamaged:
    """Build the error for a file that is not what was written into it."""
    return LedgerDamaged(
        what,
        state="The log is open to nobody; what is on disk was not changed.",
        next="Run `clearline verify` on the folder to see how far it is sound, "
        "then bring it back from a copy.",
    )


def _system_error(error: BaseException | None) -> int | None:
    """Find the system's own error number behind SQLite's, if one is known."""
    while error is not None:
        number = getattr(error, "errno", None) or getattr(error, "system_errno", None)
        if isinstance(number, int) and number:
            return number
        error = error.__cause__ or error.__context__
    return None
