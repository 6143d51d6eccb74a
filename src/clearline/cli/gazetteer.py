"""Print what the gazetteer is made from; make it where it is not there yet."""

import contextlib
import csv
import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from cyclopts import Parameter

from clearline.cli import written
from clearline.model.errors import BadInput
from clearline.model.places import NotAPlace, Position

if TYPE_CHECKING:
    from clearline.adapters.gazetteer import InstalledGazetteer
    from clearline.geo.agreement import Listed

_MEMBERS: Final = {
    "name": ("name", "city", "icao"),
    "country": ("country_code", "iso2", "country"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "longitude"),
}
"""Names a list may give its members, the one taken first in front."""


class NotAList(BadInput):
    """Refuse a file that is no list of places."""


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


def compare(
    file: Path,
    *,
    airfields: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Hold the gazetteer against another list, and say how far they agree.

    The list is CSV with a header, or a JSON array of objects. Each row has a name
    (`name`, `city` or `icao`), an ISO country (`country`, `iso2`, `country_code`), and
    degrees (`lat`, `latitude`; `lon`, `lng`, `longitude`). A row is compared with the
    nearest place of its name in its country; within 5 km the two agree.

    Args:
        file: The other list.
        airfields: Its rows are airfields, not places where people live.
        json: Print one JSON object.
    """
    from clearline.geo.agreement import compare as compared  # noqa: PLC0415 (rarely needed)

    agreement = compared(_listed(file, is_airfield=airfields), installed())
    plain = msgspec.to_builtins(agreement)
    if json:
        print(written(**plain))
        return
    for name in ("listed", "not_found", "agree", "differ"):
        print(f"{name.replace('_', ' '):32}{plain[name]:,}")
    for name, part in plain["classes"].items():
        print(
            f"{name}\n   {part['compared']:,} compared, {part['within_extent']:,} "
            f"within its extent; half within {part['median_m']:,} m, "
            f"95 of 100 within {part['most_m']:,} m"
        )
    for one in plain["farthest"]:
        print(
            f"{one['apart_m'] / 1000:10,.0f} km  {one['name']}, {one['country']} "
            f"({one['source']})"
        )


def _listed(file: Path, *, is_airfield: bool) -> "Iterator[Listed]":
    """Yield the rows of a list that can be compared; refuse one that is no list."""
    from clearline.geo.agreement import Listed  # noqa: PLC0415 (rarely needed)

    rows = _rows(file)
    if not rows:
        raise NotAList(
            f"{file} holds no row with a name, a country and degrees.",
            state="Nothing was compared.",
            next="Give CSV with a header, or a JSON array of objects.",
        )
    for row in rows:
        with contextlib.suppress(ValueError, NotAPlace):
            position = Position(lon=float(row["lon"]), lat=float(row["lat"]))
            yield Listed(
                name=row["name"],
                country=row["country"],
                position=position,
                is_airfield=is_airfield,
            )


def _rows(file: Path) -> list[dict[str, str]]:
    """Read the rows of a file, their members under one name each."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotAList(
            f"{file} cannot be read: {error}.",
            state="Nothing was compared.",
            next="Give a file of text in UTF-8.",
        ) from error
    given: list[dict[str, Any]]
    try:
        given = msgspec.json.decode(text, type=list[dict[str, Any]])
    except msgspec.DecodeError:
        given = list(csv.DictReader(io.StringIO(text)))
    rows = []
    for each in given:
        row = {
            name: str(each[known])
            for name, all_known in _MEMBERS.items()
            for known in reversed(all_known)
            if each.get(known)
        }
        if set(row) == set(_MEMBERS):
            rows.append(row)
    return rows


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
