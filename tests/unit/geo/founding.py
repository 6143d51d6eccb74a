"""The two origins that share a name near Deir ez-Zor."""

from clearline.model.places import NamedOrigin, Position

AIRFIELD = NamedOrigin(
    name="Deir ez-Zor", kind="airfield", position=Position(lon=40.1760, lat=35.2854)
)
CITY = NamedOrigin(
    name="Deir ez-Zor",
    kind="city",
    position=Position(lon=40.1500, lat=35.3333),
    aliases=("Dayr Az Zawr",),
)
ORIGINS = (AIRFIELD, CITY)
