"""Turn a scenario's places into places of the line, without adding a point.

A place nobody located stays a name; a place told from an origin hangs on it, so
that the rules can try the origin's rivals.
"""

from clearline.geo.directions import place_from
from clearline.model.beats import (
    AtPoint,
    FromOrigin,
    Nowhere,
    PlaceId,
    SameAs,
    ToldPlace,
)
from clearline.model.places import (
    BearingAndRange,
    NamedOrigin,
    Place,
    PlaceFormat,
    Point,
    Position,
    Unlocated,
)
from clearline.model.scenarios import Scenario


class Whereabouts:
    """Hold every place of a scenario as the line knows it.

    Attributes:
        origins: The places bearings may start from, in document order.
    """

    def __init__(self, scenario: Scenario) -> None:
        """Read each place once."""
        self._told = {place.id: place for place in scenario.places}
        self._origins = {
            place.id: _origin(place, place.where)
            for place in scenario.places
            if isinstance(place.where, AtPoint)
        }
        self.origins: tuple[NamedOrigin, ...] = tuple(self._origins.values())

    def told(self, place: PlaceId) -> ToldPlace:
        """Return a place as the document has it."""
        return self._told[place]

    def place(self, place: PlaceId) -> Place:
        """Return a place in its own words, where those words put it."""
        told = self._told[place]
        match told.where:
            case AtPoint() as point:
                return Place(
                    footprint=Point(
                        position=Position(lon=point.lon, lat=point.lat),
                        precision_m=point.precision_m,
                    ),
                    text=told.text,
                    format=PlaceFormat.DECIMAL,
                    method=told.reason.rstrip("."),
                )
            case FromOrigin() as polar:
                from_origin = BearingAndRange(
                    origin=self._origins[polar.origin],
                    bearing_deg=polar.bearing_deg,
                    range_m=polar.range_m,
                )
                return place_from(from_origin, told.text, told.reason.rstrip("."))
            case SameAs(place=other):
                return Place(
                    footprint=self.place(other).footprint,
                    text=told.text,
                    format=PlaceFormat.NAME,
                    method=f"said to be {self._told[other].name}",
                )
            case Nowhere():
                return Place(
                    footprint=Unlocated(name=told.name),
                    text=told.text,
                    format=PlaceFormat.NAME,
                )

    def is_located(self, place: PlaceId) -> bool:
        """Say whether anybody put it on a map."""
        return not isinstance(self.place(place).footprint, Unlocated)

    def is_same(self, one: PlaceId, other: PlaceId) -> bool:
        """Say whether the document says that the two are one place."""
        return self._end(one) == self._end(other)

    def _end(self, place: PlaceId) -> PlaceId:
        where = self._told[place].where
        return where.place if isinstance(where, SameAs) else place


def _origin(place: ToldPlace, point: AtPoint) -> NamedOrigin:
    return NamedOrigin(
        name=place.name,
        kind=place.kind,
        position=Position(lon=point.lon, lat=point.lat),
        source=", ".join(place.sources),
        status=place.status,
        aliases=place.aliases,
        precision_m=point.precision_m,
    )
