"""Screen plans against notices, from files."""

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from clearline.cli.progress import Progress
from clearline.model.errors import BadInput

if TYPE_CHECKING:
    from clearline.service.bulk import Notices, Screened
    from clearline.service.intake import Parcel
    from clearline.wire.features import BadFeature

SOME_BAD = 4
"""Exit code where features could not be read; the rest was screened."""

FOUND = 1
"""Exit code where a conflict was found, or something could not be told."""

_SHOWN = 20
_PIECE = 1 << 20
_FORMATS = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".geojsonl": "ndjson",
    ".csv": "csv",
}


class Unreadable(BadInput):
    """Refuse a file that cannot be read as features."""


def screen(  # noqa: PLR0913 (each is an option of the command)
    *,
    notices: Path,
    plans: Path,
    out: Path | None = None,
    map: Path | None = None,  # noqa: A002 (the option's name)
    edges: Literal["geodesic", "planar"] = "geodesic",
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Screen every plan against every notice, in place, altitude and time.

    Both files hold features: GeoJSON, NDJSON (one feature a line) or CSV. What comes
    out is NDJSON, one row for each pair that meets or may: plan, notice, verdict
    (conflict or cannot_tell), separation_m, overlap_start, overlap_end, why. Pairs
    that do not meet are not listed. A summary, and every feature that could not be
    read, with its line, go to standard error; the rest is screened.

    A result rests on these two files alone, permits nothing and forbids nothing.

    Exit code: 0 if every feature was read and nothing meets; 1 if something meets or
    may; 4 if a feature could not be read, whatever was found; 2 if a file cannot be
    read at all.

    Parameters
    ----------
    notices
        What was notified.
    plans
        What is planned.
    out
        Write the rows to this file instead of standard output.
    map
        Write a page that draws the plans, and the notices they meet, to this file.
    edges
        What the line between two corners is: a geodesic, or straight in longitude
        and latitude as RFC 7946 has it.
    json
        Write the summary as one JSON object on standard error.
    """
    from clearline.service.bulk import Notices  # noqa: PLC0415 (--help stays quick)

    told, held = _Told(), Notices()
    with Progress("reading notices, bytes") as progress:
        for filed in held.file(_read(notices, edges, told, progress)):
            told.notices = filed
    drawn = None if map is None else _Drawn(map, held)
    with Progress("screening plans, bytes") as progress:
        screened = held.screen(_read(plans, edges, told, progress))
        if drawn is not None:
            screened = drawn.watch(screened)
        if out is None:
            told.write(screened, sys.stdout.buffer)
        else:
            _write_whole(out, told, screened)
    if drawn is not None:
        drawn.write(notices.name, plans.name, told.bad)
    print(told.as_json() if json else told.as_text(), file=sys.stderr)
    if told.bad:
        return SOME_BAD
    return FOUND if told.conflicts or told.unsure else 0


class _Drawn:
    """Draw the page of `--map` from what passes by."""

    def __init__(self, path: Path, held: "Notices") -> None:
        from clearline.cli.screened import Collected  # noqa: PLC0415

        self._path = path
        self._found = Collected(held.packed)

    def watch(self, screened: "Iterator[Screened]") -> "Iterator[Screened]":
        """Look at what passes."""
        for some in screened:
            self._found.see(some)
            yield some

    def write(self, notices: str, plans: str, bad: int) -> None:
        """Write the page, whole or not at all."""
        from clearline.cli.screened import render  # noqa: PLC0415

        self._found.bad_count = bad
        part = self._path.with_name(f"{self._path.name}.part")
        try:
            part.write_text(render(self._found, notices, plans), encoding="utf-8")
            part.replace(self._path)
        finally:
            part.unlink(missing_ok=True)


def _write_whole(out: Path, told: "_Told", screened: "Iterator[Screened]") -> None:
    """Write rows to a file that is there with all of them, or not at all."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as file:
            told.write(screened, file)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


class _Told:
    """Count what a run found."""

    def __init__(self) -> None:
        self.notices = self.plans = self.conflicts = self.unsure = self.bad = 0

    def refuse(self, path: Path, bad: "BadFeature") -> None:
        """Report a feature that could not be read."""
        self.bad += 1
        if self.bad <= _SHOWN:
            print(f"{path}:{bad.line}: {bad}", file=sys.stderr)

    def write(self, screened: "Iterator[Screened]", file: IO[bytes]) -> None:
        """Write rows as they come, and count them."""
        for some in screened:
            file.write(some.rows)
            sure = int(some.is_sure.sum())
            self.plans += len(some.parcel.ids)
            self.conflicts += sure
            self.unsure += len(some.is_sure) - sure
        file.flush()

    def so_far(self) -> str:
        """Say what was done before a file could not be read any further."""
        if not self.plans:
            return "Nothing was screened."
        return f"{self.plans:,} plans were screened, the others were not."

    def as_json(self) -> str:
        """Return everything counted as one JSON object."""
        import json as json_text  # noqa: PLC0415

        return json_text.dumps(
            {
                "notices": self.notices,
                "plans": self.plans,
                "conflicts": self.conflicts,
                "cannot_tell": self.unsure,
                "bad_features": self.bad,
            }
        )

    def as_text(self) -> str:
        """Return everything counted, and what it rests on."""
        from clearline.rules.screening import NOT_CHECKED  # noqa: PLC0415

        found = f"{self.conflicts:,} conflicts, {self.unsure:,} cannot be told"
        lines = [f"{self.plans:,} plans against {self.notices:,} notices: {found}."]
        if self.bad:
            more = f", the first {_SHOWN} named above" if self.bad > _SHOWN else ""
            lines.append(f"NOT READ, NOT SCREENED: {self.bad:,} features{more}.")
        return "\n".join([*lines, "Not checked:", *(f"  {one}" for one in NOT_CHECKED)])


def _read(
    path: Path, edges: str, told: _Told, progress: Progress
) -> "Iterator[Parcel]":
    """Read the features of a file; report those that cannot be read, with their line.

    Raises:
        Unreadable: There is no such file, or its name does not say how it is written.
    """
    from clearline.service.intake import take_in  # noqa: PLC0415
    from clearline.wire.features import Edges, Format, NotFeatures  # noqa: PLC0415

    is_packed = path.suffix.lower() == ".gz"
    suffix = Path(path.stem).suffix.lower() if is_packed else path.suffix.lower()
    if suffix not in _FORMATS:
        raise Unreadable(
            f"{path} does not say how it is written.",
            state="Nothing was screened.",
            next=f"Name it with one of {', '.join(_FORMATS)}, and `.gz` if packed.",
        )
    try:
        with (
            path.open("rb") as file,
            gzip.GzipFile(fileobj=file) if is_packed else nullcontext(file) as lines,
        ):
            size = path.stat().st_size
            form = Format(_FORMATS[suffix])
            # A document may be one line: it comes in pieces.
            pieces = iter(partial(lines.read, _PIECE), b"")
            some = pieces if form is Format.GEOJSON else lines
            found = take_in(some, form, edges=Edges(edges))
            for parcel in found:
                progress.update(file.tell(), size)
                for bad in parcel.bad:
                    told.refuse(path, bad)
                yield parcel
    except NotFeatures as error:
        raise Unreadable(
            f"{path}: {error.what}", state=told.so_far(), next=error.next
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise Unreadable(
            f"{path} cannot be read: {why}.",
            state=told.so_far(),
            next="Check its name, who may read it, and whether it is whole.",
        ) from error
