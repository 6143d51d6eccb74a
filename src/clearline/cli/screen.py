"""Screen plans against notices, from files."""

import gzip
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from clearline.cli.connection import HERE, At
from clearline.cli.progress import Progress
from clearline.model.errors import BadInput
from clearline.model.instants import Window, parse_instant

if TYPE_CHECKING:
    from clearline.service.bulk import Notices, Screened
    from clearline.service.intake import Parcel
    from clearline.wire.features import BadFeature, Feature, Format
    from clearline.wire.forms.conflicts import PlanGiven

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
    notices: Path | None = None,
    plans: Path | None = None,
    out: Path | None = None,
    map: Path | None = None,  # noqa: A002 (the option's name)
    edges: Literal["geodesic", "planar"] = "geodesic",
    where: str = "",
    start: str = "",
    end: str = "",
    buffer_m: float = 0.0,
    at: At = HERE,
) -> int:
    """Screen every plan against every notice, in place, altitude and time.

    Without --notices it is screened at a node, against what your party may see there:
    a plan said in words (--where, --start, --end), or each of a file (--plans). Nothing
    is filed by it. A node slows whoever asks much, says *cannot tell* to whoever asks
    too much, and writes that down.

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
    where
        The place of one plan, in words or figures, for a node.
    start
        When it begins: RFC 3339 with a zone.
    end
        When it is over.
    buffer_m
        Margin around it, metres.
    """
    if where or (plans is not None and notices is None):
        return _at_a_node(_plan(where, start, end, buffer_m), plans, out, edges, at)
    if notices is None or plans is None:
        raise Unreadable(
            "Nothing is named to be screened.",
            state="Nothing was screened.",
            next="Give --notices and --plans for files, --where or --plans for a node.",
        )
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
    print(told.as_json() if at.json else told.as_text(), file=sys.stderr)
    if told.bad:
        return SOME_BAD
    return FOUND if told.conflicts or told.unsure else 0


def _plan(where: str, start: str, end: str, buffer_m: float) -> "PlanGiven | None":
    """Return a plan said in words, if one was."""
    from clearline.wire.forms.conflicts import PlanGiven  # noqa: PLC0415 (the same)

    if not where:
        return None
    if not start or not end:
        raise Unreadable(
            "It is not said when the plan begins and ends.",
            state="Nothing was screened.",
            next="Give --start and --end, as 2026-04-03T06:00:00Z.",
        )
    window = Window(start=parse_instant(start), end=parse_instant(end))
    return PlanGiven(where=where, window=window, buffer_m=buffer_m)


def _at_a_node(
    plan: "PlanGiven | None", plans: Path | None, out: Path | None, edges: str, at: At
) -> int:
    """Screen a plan, or each of a file, at a node."""
    from clearline.cli.screen_node import (  # noqa: PLC0415 (the same)
        screen_features,
        screen_one,
    )

    met, bad = False, 0
    if plan is not None:
        met = screen_one(plan, at)
    if plans is not None:
        file = sys.stdout.buffer if out is None else out.open("wb")
        with nullcontext(file) if out is None else file:
            met_too, bad = screen_features(_features(plans, edges), file, at, plans)
        met = met or met_too
    if bad:
        return SOME_BAD
    return FOUND if met else 0


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
    from clearline.wire.features import Edges  # noqa: PLC0415

    with _opened(path, told.so_far) as (some, form, at):
        for parcel in take_in(some, form, edges=Edges(edges)):
            progress.update(at(), path.stat().st_size)
            for bad in parcel.bad:
                told.refuse(path, bad)
            yield parcel


def _features(path: Path, edges: str) -> "Iterator[Feature | BadFeature]":
    """Read the features of a file one by one.

    Raises:
        Unreadable: The same.
    """
    from clearline.wire.features import Edges, read_features  # noqa: PLC0415

    with _opened(path, lambda: "The others were not screened.") as (some, form, _):
        yield from read_features(some, form, edges=Edges(edges))


@contextmanager
def _opened(
    path: Path, so_far: Callable[[], str]
) -> "Iterator[tuple[Iterable[bytes], Format, Callable[[], int]]]":
    """Open a file of features; what is read of it, how, and how far.

    Raises:
        Unreadable: There is no such file, or its name does not say how it is written.
    """
    from clearline.wire.features import Format, NotFeatures  # noqa: PLC0415

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
            form = Format(_FORMATS[suffix])
            # A document may be one line: it comes in pieces.
            pieces = iter(partial(lines.read, _PIECE), b"")
            yield (pieces if form is Format.GEOJSON else lines), form, file.tell
    except NotFeatures as error:
        raise Unreadable(
            f"{path}: {error.what}", state=so_far(), next=error.next
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise Unreadable(
            f"{path} cannot be read: {why}.",
            state=so_far(),
            next="Check its name, who may read it, and whether it is whole.",
        ) from error
