"""Print what the gazetteer is made from; make it where it is not there yet."""

import contextlib
import hashlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from clearline.cli import written

if TYPE_CHECKING:
    from clearline.adapters.gazetteer import InstalledGazetteer


def installed() -> "InstalledGazetteer":
    """Return the gazetteer of the installed packages; nothing is opened yet."""
    from clearline.adapters.gazetteer import (  # noqa: PLC0415 (--help stays quick)
        InstalledGazetteer,
    )

    return InstalledGazetteer(making=_making)


def show(*, json: Annotated[bool, Parameter(negative="")] = False) -> None:
    """Say what places and names are known, from which data, and how good they are.

    Names the data's makers and licences, which whoever hands places on has to name
    too. Makes the gazetteer where it is not there yet.

    Args:
        json: Print one JSON object.
    """
    gazetteer = installed()
    about: dict[str, Any] = gazetteer.about()
    sha256 = hashlib.sha256(gazetteer.path.read_bytes()).hexdigest()
    if json:
        print(written(file=str(gazetteer.path), sha256=sha256, **about))
        return
    for name, count in about["counts"].items():
        print(f"{name.replace('_', ' '):32}{_said(count)}")
    for source in about["sources"]:
        print(f"\n{source['data']}\n   {source['package']}; {source['licence']}")
        for file, digest in source["sha256"].items():
            print(f"   {file} sha256 {digest}")
    print(f"\n{gazetteer.path}\n   sha256 {sha256}")


def make(*, json: Annotated[bool, Parameter(negative="")] = False) -> None:
    """Make the gazetteer from installed packages, if it is not there yet.

    Takes about half a minute once. Without this it is made at the first question that
    needs it. The same packages give the same file.

    Args:
        json: Print one JSON object.
    """
    from clearline.adapters.gazetteer import (  # noqa: PLC0415 (--help stays quick)
        make_for_packages,
    )

    path = make_for_packages(_making)
    print(written(file=str(path)) if json else path)


def _said(count: int | dict[str, int]) -> str:
    if isinstance(count, dict):
        return ", ".join(f"{name} {number:,}" for name, number in count.items())
    return f"{count:,}"


@contextlib.contextmanager
def _making() -> Iterator[Callable[[int, int], None]]:
    """Say that the file is being made, and how far it is."""
    from clearline.cli.progress import Progress  # noqa: PLC0415 (rarely needed)

    print(
        "clearline: making the gazetteer from installed packages (once)",
        file=sys.stderr,
    )
    with Progress("places") as bar:
        yield bar.update
