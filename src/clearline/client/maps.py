"""Fetch what maps are drawn of."""

from clearline.client.asking import Asker
from clearline.wire.forms import mapped, maps


class Maps(Asker):
    """Fetch what maps are drawn of."""

    def on_map(self, entry: int | None = None) -> mapped.MapShown:
        """Fetch all that one's own map shows: now, or right after an entry."""
        query = {} if entry is None else {"entry": str(entry)}
        return self.ask("GET", "/api/v1/map", query=query, gives=mapped.MapShown)

    def every_map(self) -> maps.MapsShown:
        """Say which base map and layers there are."""
        return self.ask("GET", "/api/v1/maps", gives=maps.MapsShown)

    def basemap_tile(self, z: int, x: int, y: int) -> bytes:
        """Fetch a tile of the base map, a Mapbox vector tile."""
        return self._send("GET", f"/tiles/{z}/{x}/{y}.mvt").content

    def layer_tile(self, name: str, z: int, x: int, y: int) -> bytes:
        """Fetch a tile of a layer that was brought."""
        return self._send("GET", f"/layers/{name}/{z}/{x}/{y}").content

    def layer_content(self, name: str) -> bytes:
        """Fetch a layer that is one file."""
        return self._send("GET", f"/layers/{name}").content

    def places_in_view(self, bbox: str, language: str = "en") -> maps.PlacesShown:
        """List the largest places in `west,south,east,north`, degrees."""
        query = {"bbox": bbox, "language": language}
        return self.ask("GET", "/places", query=query, gives=maps.PlacesShown)
