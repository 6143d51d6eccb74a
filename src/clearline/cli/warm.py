"""Compile what screening needs ahead of time: `python -m clearline.cli.warm`.

Set-up calls it once and after every change of the sources. It takes half a minute
where anything has to be compiled, and a second where not.
"""

import os
import shutil
from pathlib import Path

from clearline.cli.compiled import FOLDER, keep_versions_apart


def main() -> None:
    """Throw away what was compiled for other versions, and compile this one."""
    keep_versions_apart()
    chosen = Path(os.environ.get(FOLDER, ""))
    for other in chosen.parent.glob("compiled-*"):
        if other != chosen and chosen.name.startswith("compiled-"):
            shutil.rmtree(other, ignore_errors=True)
    from clearline.geo.warm import warm  # noqa: PLC0415 (after the folder is chosen)

    warm()


if __name__ == "__main__":
    main()
