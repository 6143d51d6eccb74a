"""Compile what screening needs ahead of time: `python -m clearline.cli.warm`.

`./run` calls it at set-up and after every change of what is compiled. It takes half a
minute where anything has to be compiled, and a second where not.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from clearline.cli.compiled import FOLDER, keep_versions_apart


def main() -> None:
    """Throw away what was compiled for other versions, and compile this one."""
    keep_versions_apart()
    chosen = Path(os.environ.get(FOLDER, ""))
    for other in chosen.parent.glob("compiled-*"):
        if other != chosen and chosen.name.startswith("compiled-"):
            shutil.rmtree(other, ignore_errors=True)
    if sys.stderr.isatty():
        _tell_progress()
    # After the folder is chosen.
    from clearline.geo.warm import warm  # noqa: PLC0415
    from clearline.service.bulk import warm as warm_bulk  # noqa: PLC0415

    warm()
    warm_bulk()


def _tell_progress() -> None:
    """Say on a terminal which function is being compiled."""
    from numba.core import event  # noqa: PLC0415 (after the folder is chosen)

    class Teller(event.Listener):
        count = 0

        def on_start(self, told: Any) -> None:
            self.count += 1
            name = told.data["dispatcher"].py_func.__name__.lstrip("_")
            line = f"  … compiling for this processor: {self.count}, {name}"
            print(f"\r\033[K{line[:78]}", end="", file=sys.stderr, flush=True)

        def on_end(self, told: Any) -> None:
            pass

    event.register("numba:compile", Teller())  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
