"""Read `geo:` URIs (RFC 5870) and the links of web maps.

    geo:35.2854,40.1760;u=50
    https://www.google.com/maps?q=35.2854,40.1760
    https://www.openstreetmap.org/?mlat=35.2854&mlon=40.1760#map=15/35.2854/40.1760

A link may carry a *mark*, which somebody set, and the middle of a *view*, which is
where the map happened to stand. A mark is read to its digits and never finer than
`MARK_M`, because maps of the web are drawn on pictures that lie so far off. Where
there is no mark the middle of the view is read, said to be that, and worth half the
width of the view: whoever sent it may have meant anything in sight.

Links are cut by hand here: nothing is fetched, so a shortened link is asked for in
full, and one that names a place by a name alone is asked for its coordinates.
"""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from clearline.geo.angles import FINEST_M, METRES_A_DEGREE, at_altitude, read_angles
from clearline.geo.lengths import say_length
from clearline.geo.plain import NoReading, plain, refuse
from clearline.model.places import Place, PlaceFormat, Point, Position, Reading

LONGEST_LINK = 4_000
"""Characters a link may take; some maps write much behind the place."""
MARK_M = 10.0

_SCREEN_PX = 1_024
_TILE_PX = 256
_AROUND_M = 40_075_017.0
_MOST_ZOOM = 24.0
_STREET_M = 50.0

_N = r"[+-]?\d{1,3}(?:\.\d{1,20})?"
_GEO = re.compile(
    rf"geo:(?P<lat>{_N}),(?P<lon>{_N})(?:,(?P<alt>[+-]?\d{{1,7}}(?:\.\d{{1,20}})?))?"
    r"(?P<parameters>(?:;[a-z0-9-]+(?:=[^;]*)?)*)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://)?(?P<host>(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,12})(?::\d{1,5})?"
    r"(?P<path>/[^?#\s]*)?(?:\?(?P<query>[^#\s]*))?(?:#(?P<fragment>\S*))?",
    re.IGNORECASE,
)
_PAIR = re.compile(rf"(?:loc:)?\(?({_N})[, ]+({_N})\)?")
_SPLIT_PAIR = re.compile(rf"({_N})~({_N})")
_NAMED = re.compile(r"/maps/(?:place|search)/ *([^/@]+?) *(?:/|$)")
_AT = re.compile(rf"@({_N}),({_N}),(\d{{1,9}}(?:\.\d{{1,20}})?)(z|m|a)")
_DATA_MARK = re.compile(rf"!3d({_N})!4d({_N})")
_OSM_VIEW = re.compile(rf"map=(\d{{1,2}}(?:\.\d{{1,20}})?)/({_N})/({_N})")
_BING_MARK = re.compile(rf"point\.({_N})_({_N})")
_ESCAPED = re.compile(r"(?:%[0-9a-f]{2})+", re.IGNORECASE)

_SHORT = ("goo.gl", "app.goo.gl", "g.co", "bit.ly", "tinyurl.com", "t.co", "maps.apple")


class _Told(NamedTuple):
    """A latitude and a longitude as written, and what they are in their link."""

    lat: str
    lon: str
    view_m: float | None = None
    """Half the width of a view whose middle it is; nothing for a mark."""


class _Link(NamedTuple):
    """The parts of a link, unescaped."""

    path: str
    query: dict[str, str]
    fragment: str

    def pair(self, *names: str) -> Iterator[_Told]:
        """Yield the latitude and longitude that the first of these names holds."""
        for name in names:
            if found := _PAIR.fullmatch(self.query.get(name, "").strip()):
                yield _Told(found[1], found[2])
                return

    def twins(self, lat: str, lon: str) -> _Told | None:
        """Return the latitude and longitude of two names, if both hold a number."""
        told = _Told(self.query.get(lat, ""), self.query.get(lon, ""))
        return told if _PAIR.fullmatch(f"{told.lat},{told.lon}") else None

    def zoom(self, *names: str) -> str:
        """Return the zoom by the first of these names; empty where there is none."""
        return next((z for name in names if (z := self.query.get(name, ""))), "")


def read_link(text: str) -> tuple[Reading, ...]:
    """Read a `geo:` URI or a link of a web map; nothing for any other text.

    Args:
        text: As told.

    Raises:
        NoReading: It is one of these, and has no coordinates that can be read.
    """
    bare = text.strip().strip("<>").strip()
    if bare[:4].casefold() == "geo:":
        return (_read_geo(plain(bare[:LONGEST_LINK]), text),)
    if len(bare) > LONGEST_LINK or (match := _LINK.fullmatch(bare)) is None:
        return ()
    host = match["host"].casefold()
    if not match["path"] and not match["query"] and not match["fragment"]:
        return ()
    return _read_map(host, _parted(match), text)


def _read_geo(words: str, text: str) -> Reading:
    match = _GEO.fullmatch(words)
    if match is None:
        raise refuse(
            f"{words!r} is no geo: URI.",
            "It is written geo:35.2854,40.1760 with the latitude first.",
        )
    given = [part.partition("=") for part in match["parameters"].split(";") if part]
    parameters = {name.casefold(): value for name, _, value in given}
    datum = parameters.get("crs", "wgs84")
    if datum.casefold() != "wgs84":
        raise refuse(
            f"The geo: URI counts in {datum!r}, which is not read.",
            "Ask for it in WGS 84.",
        )
    told = _Told(match["lat"], match["lon"])
    precision_m = _digits_m(told)
    how = "one unit of the last digit as precision"
    if "u" in parameters:
        said_m = _uncertainty(parameters["u"])
        precision_m = max(precision_m, said_m)
        how = f"{said_m:g} m said to be uncertain"
    position = _position(told)
    reading = _reading(position, precision_m, PlaceFormat.GEO, f"geo: URI, {how}", text)
    return at_altitude(reading, float(match["alt"])) if match["alt"] else reading


def _uncertainty(said: str) -> float:
    if not re.fullmatch(r"\d{1,8}(?:\.\d{1,20})?", said):
        raise refuse(
            f"The geo: URI is uncertain by {said!r}, which is no length.",
            "It is written u=50, in metres.",
        )
    return float(said)


def _parted(match: re.Match[str]) -> _Link:
    fields = (part.partition("=") for part in (match["query"] or "").split("&"))
    return _Link(
        path=_unescaped(match["path"] or ""),
        query={
            _unescaped(name).casefold(): _unescaped(value) for name, _, value in fields
        },
        fragment=_unescaped(match["fragment"] or ""),
    )


def _unescaped(part: str) -> str:
    """Undo the escapes of a part of a link (RFC 3986, 2.1), and pluses for blanks."""
    return _ESCAPED.sub(
        lambda run: bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "replace"),
        part.replace("+", " "),
    )


def _read_map(host: str, link: _Link, text: str) -> tuple[Reading, ...]:
    if host in _SHORT or any(host.endswith(f".{short}") for short in _SHORT):
        raise refuse(
            "This is a shortened link; where it leads cannot be seen in it.",
            "Open it, and send the link or the coordinates it shows then.",
        )
    known = next((name for name in _MAPS if _is_of(host, name)), None)
    if known is None:
        raise refuse(
            f"Links of {host} are not read.",
            "Ask for the coordinates. Read are links of Google, OpenStreetMap, Bing, "
            "Apple and Yandex maps.",
        )
    name, read = _MAPS[known]
    found = list(read(link))
    told = [one for one in found if one.view_m is None] or found[:1]
    if not told:
        return _in_words(link, name, text)
    marks = {_position(one): one for one in told}
    return tuple(_of_map(name, position, one, text) for position, one in marks.items())


def _is_of(host: str, name: str) -> bool:
    """Say whether a host is a map's: `google` stands for every country's."""
    labels = host.split(".")
    return name in labels[-3:-1] if "." not in name else host.endswith(name)


def _in_words(link: _Link, name: str, text: str) -> tuple[Reading, ...]:
    """Read coordinates that a link has in another form, such as DMS in its search."""
    place = _NAMED.match(link.path)
    words = place[1] if place else link.query.get("q") or link.query.get("query") or ""
    try:
        readings = read_angles(plain(words[:200]), text)
    except NoReading:
        readings = ()
    if not readings:
        raise refuse(
            f"This link of {name} holds no coordinates that can be read.",
            "Set a mark on the map and send its link, or the coordinates themselves.",
        )
    return readings


def _google(link: _Link) -> Iterator[_Told]:
    yield from (_Told(mark[1], mark[2]) for mark in _DATA_MARK.finditer(link.path))
    yield from link.pair("q", "query", "destination", "daddr")
    if (named := _NAMED.match(link.path)) and (pair := _PAIR.fullmatch(named[1])):
        yield _Told(pair[1], pair[2])
    if at := _AT.search(link.path):
        lat, lon, much, unit = at.groups()
        wide_m = {"z": _view_m(lat, much), "m": float(much), "a": _STREET_M}[unit]
        yield _Told(lat, lon, wide_m)
    yield from _views(link, "ll", link.zoom("z", "zoom"))
    yield from _views(link, "center", link.zoom("z", "zoom"))


def _openstreetmap(link: _Link) -> Iterator[_Told]:
    if mark := link.twins("mlat", "mlon"):
        yield mark
    yield from link.pair("query")
    if view := _OSM_VIEW.search(link.fragment):
        zoom, lat, lon = view.groups()
        yield _Told(lat, lon, _view_m(lat, zoom))
    elif middle := link.twins("lat", "lon"):
        yield _view(middle.lat, middle.lon, link.zoom("zoom"))


def _bing(link: _Link) -> Iterator[_Told]:
    marks = _BING_MARK.finditer(link.query.get("sp", ""))
    yield from (_Told(mark[1], mark[2]) for mark in marks)
    yield from link.pair("where1", "q")
    if found := _SPLIT_PAIR.fullmatch(link.query.get("cp", "")):
        yield _view(found[1], found[2], link.zoom("lvl"))


def _apple(link: _Link) -> Iterator[_Told]:
    yield from link.pair("coordinate", "q", "daddr", "address")
    if link.query.get("q") and not _PAIR.fullmatch(link.query["q"].strip()):
        # With a label, the middle is where the pin stands.
        yield from link.pair("ll")
    else:
        yield from _views(link, "ll", link.zoom("z"))
    yield from _views(link, "center", link.zoom("z"))


def _yandex(link: _Link) -> Iterator[_Told]:
    # Longitude first, but for what was typed into the search.
    for mark in link.query.get("pt", "").split("~")[:50]:
        if found := re.match(rf"({_N}),({_N})(?:,|$)", mark):
            yield _Told(found[2], found[1])
    yield from (
        _Told(one.lon, one.lat) for one in link.pair("whatshere[point]", "poi[point]")
    )
    yield from link.pair("text")
    for one in link.pair("ll"):
        yield _view(one.lon, one.lat, link.zoom("z"))


_MAPS = {
    "google": ("Google maps", _google),
    "openstreetmap": ("OpenStreetMap", _openstreetmap),
    "osm.org": ("OpenStreetMap", _openstreetmap),
    "bing": ("Bing maps", _bing),
    "apple": ("Apple maps", _apple),
    "yandex": ("Yandex maps", _yandex),
}


def _views(link: _Link, name: str, zoom: str) -> Iterator[_Told]:
    for one in link.pair(name):
        yield _view(one.lat, one.lon, zoom)


def _view(lat: str, lon: str, zoom: str) -> _Told:
    if not re.fullmatch(r"\d{1,2}(?:\.\d{1,20})?", zoom):
        raise refuse(
            "The link shows a view of the map, with no mark and no scale.",
            "Ask where in it the place is: set a mark and send its link.",
        )
    return _Told(lat, lon, _view_m(lat, zoom))


def _view_m(lat: str, zoom: str) -> float:
    """Return half the width of a view of a usual screen (Web Mercator), metres."""
    pixel_m = _AROUND_M / _TILE_PX * math.cos(math.radians(float(lat)))
    pixels = _SCREEN_PX / 2
    return pixels * pixel_m / math.pow(2.0, min(_MOST_ZOOM, float(zoom)))


def _of_map(name: str, position: Position, told: _Told, text: str) -> Reading:
    if told.view_m is None:
        precision_m = max(MARK_M, _digits_m(told))
        how = f"a mark of {name}, never finer than {MARK_M:g} m"
    else:
        precision_m = max(MARK_M, _digits_m(told), told.view_m)
        how = (
            f"the middle of a view of {name}, where nothing is marked: whatever was "
            f"in sight, {say_length(precision_m)} to each side, may be meant"
        )
    return _reading(position, round(precision_m, 2), PlaceFormat.MAP_LINK, how, text)


def _position(told: _Told) -> Position:
    return Position(lon=float(told.lon), lat=float(told.lat))


def _digits_m(told: _Told) -> float:
    decimals = min(len(figures.partition(".")[2]) for figures in (told.lat, told.lon))
    return max(FINEST_M, round(METRES_A_DEGREE * 10.0**-decimals, 2))


def _reading(
    position: Position, precision_m: float, told_as: PlaceFormat, how: str, text: str
) -> Reading:
    ns, ew = "S" if position.lat < 0.0 else "N", "W" if position.lon < 0.0 else "E"
    shown = f"{abs(position.lat):.5f}° {ns}, {abs(position.lon):.5f}° {ew}"
    return Reading(
        place=Place(
            footprint=Point(position=position, precision_m=precision_m),
            text=text,
            format=told_as,
            method=how,
        ),
        understood=f"{shown}, {how}; within {precision_m:,.0f} m.",
    )
