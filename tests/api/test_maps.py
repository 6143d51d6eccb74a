"""Tiles, layers and places go out packed, tagged, and to whoever may look."""

import gzip
import json

import httpx
import pytest

from basemaps import small_packages
from clearline.adapters.basemap.installed import InstalledBasemap
from clearline.adapters.basemap.layers import Bringing
from clearline.adapters.basemap.making import make
from clearline.adapters.gazetteer import InstalledGazetteer
from clearline.model.layers import DISCLAIMER
from gazetteers import small_gazetteer


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Make a small base map once."""
    folder = tmp_path_factory.mktemp("world")
    make(small_packages(folder), folder / "world.pmtiles")
    return folder / "world.pmtiles"


@pytest.fixture
def lina(node):
    """Look as somebody signed in."""
    with node.as_person("lina") as client:
        yield client


def raw(client, url, **headers):
    """Read an answer as it came over the wire, still packed."""
    with client.stream("GET", url, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


def test_a_node_without_a_base_map_says_so(node, lina, tmp_path):
    """The grid alone is drawn, and the disclaimer stands all the same."""
    node.service.basemap = InstalledBasemap(tmp_path / "none")
    said = lina.get("/api/v1/maps").json()
    assert said == {"basemap": None, "layers": [], "disclaimer": DISCLAIMER}
    assert lina.get("/tiles/0/0/0.mvt").status_code == 404


def test_a_tile_may_be_kept_for_ever_under_its_version(node, lina, world):
    """What the list names is immutable; without the version a browser asks again."""
    node.service.basemap = InstalledBasemap(world)
    basemap = lina.get("/api/v1/maps").json()["basemap"]
    assert DISCLAIMER in basemap["attribution"]
    url = basemap["tiles"].format(z=0, x=0, y=0)
    answer, packed = raw(lina, url)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert b"land" in gzip.decompress(packed)
    again, nothing = raw(lina, url, **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, nothing) == (304, b"")
    plain, _ = raw(lina, "/tiles/0/0/0.mvt?v=older")
    assert plain.headers["cache-control"] == "private, no-cache"


def test_where_nothing_is_drawn_there_is_no_tile(node, lina, world):
    """Sea is no fault; beyond the world there is nothing either."""
    node.service.basemap = InstalledBasemap(world)
    assert lina.get("/tiles/7/0/0.mvt").status_code == 204
    assert lina.get("/tiles/7/500/0.mvt").status_code == 204
    assert lina.get("/tiles/7/x/0.mvt").status_code == 404


def test_a_layer_shows_its_age_and_its_maker(node, lina, tmp_path):
    """Both stand in the list; the content comes as it was kept."""
    path = tmp_path / "wells.json"
    path.write_text(json.dumps({"type": "Point", "coordinates": [40, 35]}))
    node.service.layers.add(
        Bringing(path=path, name="wells", source="Survey", as_of="2016-09-17"),
        node.service.node.clock.read().wall,
    )
    (layer,) = lina.get("/api/v1/maps").json()["layers"]
    assert (layer["source"], layer["as_of"]) == ("Survey", "2016-09-17")
    assert layer["age_days"] > 3_000
    answer = lina.get(layer["url"])
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["features"][0]["geometry"]["coordinates"] == [40.0, 35.0]
    assert "immutable" in answer.headers["cache-control"]
    tagged = {"if-none-match": answer.headers["etag"]}
    assert lina.get(layer["url"], headers=tagged).status_code == 304
    assert lina.get("/layers/wells/0/0/0").status_code == 404
    assert lina.get("/layers/nothing").status_code == 404
    assert lina.get("/layers/..%2Fledger").status_code == 404


def test_the_largest_places_in_view_come_first(node, lina, tmp_path):
    """By people, within the view, in the language asked for where it is spoken."""
    node.service.gazetteer = small_gazetteer(tmp_path)
    said = lina.get("/places?bbox=-180,-90,180,90").json()
    people = [place["people"] for place in said["places"]]
    assert people == sorted(people, reverse=True)
    assert "GeoNames" in said["attribution"]
    near = "/places?bbox=39,34,41,36"
    (city,) = lina.get(near).json()["places"]
    assert city["name"] == "Deir ez-Zor"
    (city,) = lina.get(f"{near}&language=ar").json()["places"]
    assert city["name"] == "دير الزور"
    (kunduz,) = lina.get("/places?bbox=68,36,69,37&language=ar").json()["places"]
    assert kunduz["name"] == "Kunduz"  # Arabic is no language of the country


def test_a_view_across_the_date_line_is_one_view(node, lina, tmp_path):
    """West beyond east goes on across 180, and leaves out what lies between."""
    node.service.gazetteer = small_gazetteer(tmp_path)
    across = lina.get("/places?bbox=179,-90,-170,90").json()["places"]
    assert across
    assert all(place["lon"] >= 179 or place["lon"] <= -170 for place in across)
    between = lina.get("/places?bbox=-170,-90,179,90").json()["places"]
    assert not [one for one in across if one in between]


def test_nobody_waits_for_a_gazetteer_in_the_making(node, lina, tmp_path):
    """Until it is there nothing is listed, and that is said."""
    node.service.gazetteer = InstalledGazetteer(tmp_path / "missing")
    said = lina.get("/places?bbox=0,0,1,1").json()
    assert (said["places"], said["is_ready"]) == ([], False)


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "0,9,1,8", "nan,0,1,1"])
def test_what_is_no_view_is_refused(lina, bbox):
    """With what is taken, in the one shape of errors."""
    answer = lina.get("/places", params={"bbox": bbox})
    assert answer.status_code == 400
    assert "west,south,east,north" in answer.json()["next"]


def test_what_a_desk_looks_at_is_nobodys_business(node):
    """Without being known there is no tile, no layer and no place."""
    for path in ("/tiles/0/0/0.mvt", "/layers/a", "/places", "/api/v1/maps"):
        with httpx.Client(base_url=node.url) as nobody:
            assert nobody.get(path).status_code == 401
