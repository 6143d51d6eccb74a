"""Give a command to the writer and wait for what follows, but not for ever."""

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import AbstractContextManager
from typing import Final, Protocol

from clearline.model.commands import Command
from clearline.model.entries import CallRaised
from clearline.model.errors import BrokenPromise
from clearline.picture.picture import View
from clearline.service.beside import Beside
from clearline.service.writer import Written

ANSWER_WITHIN_S: Final = 10.0
"""How long somebody on a telephone waits for an answer, seconds."""

Looking = Callable[[], AbstractContextManager[View]]


class Ask(Protocol):
    """Give a command to the writer; `service.runner.Runner.ask` is one."""

    def __call__(self, command: Command, sealed: Beside = ...) -> "Future[Written]":
        """Give it, with the parts its entries name, lying beside them."""


class NotKnownYet(BrokenPromise):
    """Admit that it is not known yet what followed from a command."""


def do(
    ask: Ask, command: Command, within_s: float | None = None, sealed: Beside = ()
) -> Written:
    """Give a command to the writer and wait for what follows.

    Raises:
        ClearlineError: It was refused.
        NotKnownYet: Nobody knows yet.
    """
    try:
        return ask(command, sealed).result(
            ANSWER_WITHIN_S if within_s is None else within_s
        )
    except NotInTime as error:
        raise NotKnownYet(
            "The node has not answered yet.",
            state="What was said was taken and may still ring.",
            next="Use voice as well; saying it again does no harm.",
        ) from error


def raised(written: Written) -> tuple[CallRaised, ...]:
    """List the calls that were raised."""
    acts = (entry.act for entry in written.entries)
    return tuple(act for act in acts if isinstance(act, CallRaised))
