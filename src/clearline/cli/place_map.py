"""Draw places that were read, or compared, as one page."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from clearline.cli.screened import Shape, render_places
from clearline.geo.packing import pack
from clearline.model.errors import BadInput
from clearline.model.extents import Extent
from clearline.model.instants import FOREVER, Window
from clearline.model.placechecks import PlaceCheck
from clearline.model.places import Footprint, Reading

_ANY_TIME = Window(start=datetime(1970, 1, 1, tzinfo=UTC), end=FOREVER)


class NotWritten(BadInput):
    """Say that a map could not be written."""


def write_map(
    path: Path,
    told: Sequence[Reading],
    against: Sequence[Reading] = (),
    checks: Sequence[PlaceCheck] = (),
) -> None:
    """Write a page that draws every reading, whole or not at all.

    Args:
        path: Where.
        told: The readings of a text.
        against: Those of another text it was compared with.
        checks: What came of it, each pair of them.

    Raises:
        NotWritten: The file cannot be written.
    """
    named = [*_named("told", told), *_named("against", against)]
    shapes = [
        *(
            _shape(f"against{end}", "notice", "none", one)
            for end, one in _each(against)
        ),
        *_rivals(checks),
        *(_shape(f"told{end}", "plan", "conflict", one) for end, one in _each(told)),
    ]
    title = told[0].place.text.strip()
    if against:
        title = f"{title} against {against[0].place.text.strip()}"
    page = render_places(title, [check.why for check in checks], named, shapes)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise NotWritten(
            f"{path} cannot be written: {error.strerror or error}.",
            state="The places were read; no map was made.",
            next="Name a file in a folder that is there and can be written to.",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _each(readings: Sequence[Reading]) -> Iterator[tuple[str, Footprint]]:
    many = len(readings) > 1
    for number, reading in enumerate(readings, 1):
        yield f" {number}" if many else "", reading.place.footprint


def _named(side: str, readings: Sequence[Reading]) -> Iterator[tuple[str, str]]:
    for (end, _), reading in zip(_each(readings), readings, strict=True):
        yield f"{side}{end}", reading.understood


def _rivals(checks: Sequence[PlaceCheck]) -> Iterator[Shape]:
    for check in checks:
        for rival in check.rival_origins:
            name = f"from {rival.origin.label}"
            yield _shape(name, "plan", "cannot_tell", rival.place.footprint)


def _shape(name: str, role: str, verdict: str, footprint: Footprint) -> Shape:
    extent = Extent(footprint=footprint, window=_ANY_TIME)
    return Shape(name, role, verdict, pack([extent]))
