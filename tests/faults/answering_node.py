"""Run a node that answers calls until it is killed; started by a test.

Prints the id of each call once its raising is durable, a line each.
"""

import itertools
import sys
from pathlib import Path

from clearline.compose.node import open_node
from clearline.model.calls import Kind
from clearline.service.writer import Written
from faults.desks import LINE, acknowledge, stop
from faults.nodes import ORIGIN


def print_nothing(_written: Written) -> None:
    """Leave standard output to the calls."""


node = open_node(Path(sys.argv[1]), origin=ORIGIN, hear=print_nothing)
node.begin()
node.runner.start()
for command in LINE:
    node.runner.ask(command).result()
for number in itertools.count():
    kind = Kind.STOP if number % 3 == 0 else Kind.WARN
    if node.runner.ask(stop(f"call-{number}", kind)).result().is_durable:
        print(f"call-{number}", flush=True)  # noqa: T201 (what the test listens to)
    if number % 4 == 1:
        node.runner.ask(acknowledge(f"call-{number}")).result()
        print(f"acknowledged call-{number}", flush=True)  # noqa: T201 (the same)
