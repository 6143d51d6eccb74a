"""Run a node that keeps a case until it is killed; started by a test.

Prints how many steps are durable, a line each; then goes on with other cases.
"""

import sys
from pathlib import Path

from clearline.compose.node import open_node
from faults.casework import STEPS, begin, is_taken, take
from faults.nodes import ORIGIN

node = open_node(
    Path(sys.argv[1]), origin=ORIGIN, hear=lambda _: None, is_threaded=False
)
node.begin()
node.load_notices()
begin(node)
for done, step in enumerate(STEPS, start=1):
    assert is_taken(take(node, step))
    print(done, flush=True)  # noqa: T201 (what the test listens to)
sys.stdin.read()  # until it is killed
