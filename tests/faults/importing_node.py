"""Run a node that takes a file in until it is killed; started by a test.

Prints how many rows are filed, a line each time it looks, and `done` at the end.
"""

import sys
import time
from pathlib import Path

from faults.importing import AT_ALL, begin, opened

node, imports = opened(Path(sys.argv[1]))
one = begin(imports)
print("begun", flush=True)  # noqa: T201 (what the test listens to)
while one.ended_at is None:
    print(one.filed, flush=True)  # noqa: T201 (the same)
    time.sleep(0.002)
assert one.filed == AT_ALL, one
print("done", flush=True)  # noqa: T201 (the same)
