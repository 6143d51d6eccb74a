"""Hold the one tree of errors.

    ClearlineError
      +-- BadInput        somebody gave us something we cannot take; nothing changed
      +-- BrokenPromise   we could not do what we said; what holds now is stated
      '-- LostCertainty   what is on disk or on the wire cannot be trusted; we stop

Every error answers three questions in this order: what happened, what state
things are in, what to do next. Subclasses live beside the code that raises them.
"""


class ClearlineError(Exception):
    """Say what happened, what state things are in and what to do next."""

    exit_code = 70

    def __init__(self, what: str, *, state: str, next: str) -> None:  # noqa: A002 (the third question's own word)
        """Keep the three sentences apart, so that a face can lay them out."""
        super().__init__(what)
        self.what = what
        self.state = state
        self.next = next

    def __str__(self) -> str:
        return f"{self.what} {self.state} {self.next}"

    @property
    def name(self) -> str:
        """Name the error as the documentation lists it."""
        return type(self).__name__


class BadInput(ClearlineError):
    """Refuse what was given; nothing has changed."""

    exit_code = 2


class BrokenPromise(ClearlineError):
    """Admit that something we owe could not be done."""

    exit_code = 70


class LostCertainty(ClearlineError):
    """Stop, because what is stored or received cannot be trusted."""

    exit_code = 65
