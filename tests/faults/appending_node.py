"""Append for ever and say what is acknowledged; run to be killed.

Each line on standard output is one promise: the size that was acknowledged.
"""

import sys
from pathlib import Path

from faults.nodes import START, payloads, start

BATCH = 7


def main() -> None:
    """Append batches to the folder named, until killed."""
    node = start(Path(sys.argv[1]))
    promise(node.log.size)
    while True:
        size = node.log.size
        batch = payloads(size, BATCH)
        appended = node.log.append(batch, now=START, is_urgent=size % 2 == 0)
        promise(appended.size)


def promise(size: int) -> None:
    """Say that so many entries are acknowledged, before anything else is done."""
    sys.stdout.write(f"{size}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
