"""Ask the gazetteer that is made from installed packages; make it on first use.

The file lies beside the packages where they have an environment of their own, else in
the user's cache, under a name that follows from the versions of the packages, of SQLite
and of Python's tables of characters, and from the code that made it. So it is never
stale, and a change of any makes it anew. It is
derived: it can be deleted at any time and comes back the same.
"""

import contextlib
import fcntl
import hashlib
import json
import math
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import apsw
import msgspec

from clearline.adapters.derived import derived_folder
from clearline.adapters.queries import queries
from clearline.geo.gazetteer import Area, Named
from clearline.model.errors import BadInput, BrokenPromise
from clearline.model.places import Position

FOLDER: Final = "CLEARLINE_GAZETTEER_FOLDER"
"""Setting: the folder in which the file is kept."""

_SLACK_DEG: Final = 1e-6
_BANDS_DEG = (0.25, 1.0, 4.0, 16.0, 48.0, 180.0)
"""Half widths of the bands of latitude that are searched for what is near."""
_KNOWN = 3
_WIDE_DEG = 12.0
"""From which height on a view is searched from the largest place down."""
_MADE_BY = (
    "adapters/gazetteer_making.py",
    "adapters/gazetteer_sources.py",
    "adapters/sql/gazetteer.sql",
    "adapters/sql/gazetteer_schema.sql",
    "geo/names.py",
)

Making = Callable[[], "contextlib.AbstractContextManager[Callable[[int, int], None]]"]
"""Told when the file is made: a context that yields whom to tell how far it is."""


View = tuple[float, float, float, float]


class Settled(msgspec.Struct, frozen=True, gc=False):
    """Hold a place where people live as a map shows it; WGS 84, degrees.

    Attributes:
        arabic: What it is called in Arabic, where that is known; else empty.
        country: ISO 3166 letters.
    """

    name: str
    arabic: str
    lon: float
    lat: float
    people: int
    country: str


class NotAGazetteer(BadInput):
    """Refuse a file that is no gazetteer of ours."""


@contextlib.contextmanager
def in_silence() -> Iterator[Callable[[int, int], None]]:
    """Make the file and tell nobody."""
    yield lambda *_: None


class InstalledGazetteer:
    """Answer from the file; the contract is `geo.gazetteer.Gazetteer`.

    Nothing is opened or made before the first question. Threads may ask at once; they
    are answered one after the other.
    """

    def __init__(self, path: Path | None = None, making: Making = in_silence) -> None:
        """Say which file, or that the one of the installed packages is meant."""
        self._path = path
        self._making = making
        self._opened: apsw.Connection | None = None
        self._sql = queries("gazetteer")
        self._turn = threading.RLock()
        self._is_made = False

    @property
    def path(self) -> Path:
        """Return where the file lies, or is to lie."""
        return self._path or file_of_packages()

    @property
    def is_made(self) -> bool:
        """Say whether a question is answered at once, or has to wait for the making."""
        if not self._is_made:
            with contextlib.suppress(BrokenPromise):  # packages that are missing
                self._is_made = self.path.exists()
        return self._is_made

    def named(self, key: str) -> tuple[Named, ...]:
        """Return every place with this key among its names, most people first."""
        return tuple(map(_named, self._ask("named", {"key": key})))

    def areas(self, key: str) -> tuple[Area, ...]:
        """Return every country and area with this key among its names."""
        rows = self._ask("areas", {"key": key})
        return tuple(Area(country=country, area=area) for country, area in rows)

    def known(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return labels of the largest places under any of the keys, a handful."""
        given = {"keys": json.dumps(list(keys)), "most": _KNOWN}
        rows = self._ask("known", given)
        return tuple(", ".join(filter(None, row)) for row in rows)

    def nearest(self, position: Position, count: int) -> tuple[Named, ...]:
        """Return the nearest places where people live, nearest first.

        Nearest on a sphere: where two are as near as 0.5 % they may change places.
        """
        lat, lon = math.radians(position.lat), math.radians(position.lon)
        point = {
            "x": math.cos(lat) * math.cos(lon),
            "y": math.cos(lat) * math.sin(lon),
            "z": math.sin(lat),
            "count": count,
        }
        found: list[Named] = []
        for band in _BANDS_DEG:
            ends = _ends(position, band)
            found = [_named(row) for row in self._ask("near", point | ends)]
            if len(found) == count and _angle_deg(position, found[-1]) <= band:
                break
        return tuple(found)

    def largest(self, view: View, count: int) -> tuple[Settled, ...]:
        """Return the largest places where people live within a view, largest first.

        Args:
            view: West, south, east, north, degrees; west beyond east goes across 180.
            count: How many at most.
        """
        west, south, east, north = view
        given = {"west": west, "south": south, "east": east, "north": north}
        wide = north - south > _WIDE_DEG
        rows = self._ask(
            "largest_of_many" if wide else "largest", given | {"most": count}
        )
        return tuple(Settled(*row) for row in rows)

    def about(self) -> dict[str, object]:
        """Return what the file says of itself: counts and sources."""
        return {
            name: msgspec.json.decode(value)
            for name in ("counts", "sources")
            for (value,) in self._ask("read_about", {"name": name})
        }

    def make_beside(self) -> None:
        """Make the file in a process of its own, which gives way to this one.

        For a node, whose rings must not wait: the making holds an interpreter for
        seconds at a time. Where it fails, names stay unknown.
        """
        command = [sys.executable, "-P", "-c", _MAKE_GENTLY]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        threading.Thread(
            target=subprocess.run,
            args=(command,),
            kwargs={"check": False, "stderr": subprocess.DEVNULL, **quiet},
            name="gazetteer",
            daemon=True,
        ).start()

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _ask(self, question: str, given: Mapping[str, object]) -> list[Any]:
        with self._turn:
            return list(self._file().execute(self._sql[question], dict(given)))

    def _file(self) -> apsw.Connection:
        if self._opened is None:
            path = self.path
            if self._path is None and not path.exists():
                make_for_packages(self._making)
            self._opened = _open(path)
        return self._opened


def file_of_packages() -> Path:
    """Return where the file of the installed packages lies, or is to lie.

    Raises:
        GazetteerNotMade: A package is missing.
    """
    from clearline.adapters.gazetteer_sources import versions  # noqa: PLC0415

    tables = (apsw.sqlite_lib_version(), unicodedata.unidata_version)
    made_by = hashlib.sha256(" ".join((*versions(), *tables)).encode())
    for name in _MADE_BY:
        made_by.update((Path(__file__).parents[1] / name).read_bytes())
    return derived_folder(FOLDER) / f"gazetteer-{made_by.hexdigest()[:16]}.sqlite"


def make_for_packages(making: Making = in_silence) -> Path:
    """Make the file of the installed packages, if it is not there; one at a time.

    Older files of the same folder go. The file is written aside and renamed, so
    that whoever finds it finds it whole.

    Raises:
        GazetteerNotMade: A package is missing, or the disk refuses.
    """
    from clearline.adapters.gazetteer_sources import not_made  # noqa: PLC0415 (rarely)

    path = file_of_packages()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (path.parent / "gazetteer.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not path.exists():
                _make(path, making)
    except (OSError, apsw.Error) as error:
        raise not_made(
            f"{path.parent} cannot be written to ({error})",
            f"Make room there, or name another folder in {FOLDER}.",
        ) from error
    return path


_MAKE_GENTLY = """
import os
os.nice(19)
from clearline.adapters.gazetteer import make_for_packages
make_for_packages()
"""


def _make(path: Path, making: Making) -> None:
    from clearline.adapters.gazetteer_making import make  # noqa: PLC0415 (rarely)
    from clearline.adapters.gazetteer_sources import read_sources  # noqa: PLC0415

    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    with making() as progress:
        make(read_sources(), aside, progress)
    aside.replace(path)
    for older in path.parent.glob("gazetteer-*.sqlite"):
        if older != path:
            older.unlink(missing_ok=True)


def _open(path: Path) -> apsw.Connection:
    from clearline.adapters.gazetteer_making import APPLICATION_ID  # noqa: PLC0415

    try:
        file = apsw.Connection(f"{path.resolve().as_uri()}?immutable=1", _READ_ONLY)
        if file.pragma("application_id") == APPLICATION_ID:
            return file
        file.close()
    except apsw.Error as error:
        raise _not_one(path) from error
    raise _not_one(path)


_READ_ONLY = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI


def _not_one(path: Path) -> NotAGazetteer:
    return NotAGazetteer(
        f"{path} is no gazetteer.",
        state="No name was looked up.",
        next="Delete the file: it is made again at the next question.",
    )


def _named(row: tuple[object, ...]) -> Named:
    fields = ("name", "kind", "people", "country", "country_name", "area", "area_name")
    *known, lon, lat, source, is_served = row
    return Named(
        **dict(zip(fields, known, strict=True)),  # type: ignore[arg-type]
        position=Position(lon=lon, lat=lat),  # type: ignore[arg-type]
        source=str(source),
        is_served=bool(is_served),
    )


def _ends(position: Position, band_deg: float) -> dict[str, float]:
    """Return a box that holds everything within an angle of a position, degrees.

    Near a pole, and across 180, it goes all the way round.
    """
    west, east = -180.0, 180.0
    share = math.sin(math.radians(min(band_deg, 90.0)))
    width = math.cos(math.radians(position.lat))
    if share < width:
        reach = math.degrees(math.asin(share / width)) + _SLACK_DEG
        if position.lon - reach >= west and position.lon + reach <= east:
            west, east = position.lon - reach, position.lon + reach
    return {
        "south": position.lat - band_deg,
        "north": position.lat + band_deg,
        "west": west,
        "east": east,
    }


def _angle_deg(position: Position, place: Named) -> float:
    """Return the angle between two positions at the middle of a sphere, degrees."""
    a, b = math.radians(position.lat), math.radians(place.position.lat)
    turn = math.radians(place.position.lon - position.lon)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * (
        math.sin(turn / 2) ** 2
    )
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(half))))
