"""Run a node that rings until it is killed at a chosen effect; started by a test.

Prints a line for each ring that reached the courier: its call and attempt. The node
kills itself, as a power cut would, at the chosen effect: before the n-th append, after
it, before or after dispatch heard of it, before or after a ring was handed over.
"""

import os
import signal
import sys
from pathlib import Path

from clearline.compose.node import open_node
from clearline.model.commands import Enter
from clearline.model.entries import PersonSet
from clearline.model.parties import DeskId, Medium, Person, PersonId, Role
from clearline.service.dispatch import Dispatch
from couriers import Book, CountingCodes, KeepingCourier, KeepingSwitchboard
from faults.desks import LINE, acknowledge, stop_at
from faults.nodes import ORIGIN

EFFECTS = ("append", "appended", "hear", "heard", "ring", "rung")


class Cut:
    """Kill the process at the n-th time of an effect."""

    def __init__(self, effect: str, count: int) -> None:
        """Choose which."""
        self._effect = effect
        self._left = count

    def at(self, effect: str) -> None:
        """Pass an effect, or die."""
        if effect == self._effect:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Printing(KeepingCourier):
    """Say each ring on standard output, as reached."""

    def __init__(self, cut: Cut) -> None:
        """Carry short messages."""
        super().__init__(Medium.SMS)
        self._cut = cut

    def ring(self, ring) -> None:
        """Let it reach somebody."""
        self._cut.at("ring")
        os.write(1, f"rang {ring.call}\n".encode())
        self._cut.at("rung")


def main(folder: str, effect: str, count: str) -> None:
    """Raise calls and have half of them until the cut, or to the end."""
    cut = Cut(effect, int(count))
    book = Book()
    book.enter("amal", Medium.SMS, "+1")
    dispatch = Dispatch(
        couriers={Medium.SMS: Printing(cut)},
        book=book,
        codes=CountingCodes(),
        switchboard=KeepingSwitchboard(),
    )

    def hear(written) -> None:
        cut.at("hear")
        dispatch.hear(written)
        cut.at("heard")

    node = open_node(Path(folder), origin=ORIGIN, hear=hear)
    append = node.store.append

    def cutting(*given, **named):
        cut.at("append")
        append(*given, **named)
        cut.at("appended")

    node.store.append = cutting
    dispatch.start(node.picture)
    node.begin()
    node.runner.start()
    if not list(node.picture.persons.values()):
        amal = Person(
            id=PersonId("amal"),
            desk=DeskId("s"),
            pseudonym="amal",
            roles=(Role.DUTY_OFFICER,),
            media=(Medium.SMS,),
        )
        for command in (*LINE, Enter(act=PersonSet(person=amal))):
            node.runner.ask(command).result()
        for number in range(4):
            call = f"call-{number}"
            node.runner.ask(stop_at(call)).result()
            os.write(1, f"answered {call}\n".encode())
            if number % 2:
                node.runner.ask(acknowledge(call)).result()
                os.write(1, f"had {call}\n".encode())
    dispatch.wait_until_idle(20)
    node.runner.stop()
    dispatch.stop()
    node.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
