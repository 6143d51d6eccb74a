"""The base map is made whole, the same each time, and says what it is made from."""

import gzip

import pytest

from basemaps import small_packages
from clearline.adapters.basemap.comparing import compare
from clearline.adapters.basemap.installed import InstalledBasemap
from clearline.adapters.basemap.making import ATTRIBUTION, make
from clearline.adapters.basemap.packages import BasemapNotMade, Package
from clearline.adapters.basemap.sources import LANGUAGES, read_ground
from clearline.adapters.basemap.tiles import NotTiles, PmtilesFile


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Write the small world once."""
    return small_packages(tmp_path_factory.mktemp("packages"))


@pytest.fixture(scope="module")
def world(packages, tmp_path_factory):
    """Make the map of it once."""
    path = tmp_path_factory.mktemp("world") / "world.pmtiles"
    make(packages, path)
    return path


def test_the_same_packages_give_the_same_file(packages, world, tmp_path):
    """Whoever doubts a map makes it again, and compares the bytes."""
    again = tmp_path / "elsewhere" / "again.pmtiles"
    make(packages, again)
    assert again.read_bytes() == world.read_bytes()


def test_the_file_says_what_it_is_made_from(world):
    """Every package read is named, with its licence and the hash of each file."""
    about = PmtilesFile(world).about
    assert about.attribution == ATTRIBUTION
    assert (about.least_zoom, about.most_zoom) == (0, 7)
    for source in about.said["made_from"]:
        assert source["package"]
        assert source["licence"]
        assert all(len(digest) == 64 for digest in source["sha256"].values())
    assert len(about.said["made_from"]) == 3


def test_a_line_any_country_disputes_is_disputed(packages):
    """A border is settled only where its makers and every view they keep agree."""
    borders = list(read_ground(packages).of("borders"))
    assert [one.properties["disputed"] for one in borders] == [0, 1, 1]


def test_countries_are_named_in_ten_languages(packages):
    """A label has each language the source has."""
    (label,) = read_ground(packages).of("countries")
    assert len(LANGUAGES) == 10
    assert {f"name_{one}" for one in LANGUAGES} <= set(label.properties)


def test_two_sources_that_agree_are_said_to_agree(packages):
    """The comparison finds nothing where there is nothing to find."""
    said = compare(read_ground(packages), packages.other)
    assert said["coast"]["most_m"] == 0
    assert said["land"]["only_here"] == 0
    assert said["borders"]["within_5_km"] < 1.0  # one border goes north alone


def test_two_sources_that_differ_are_said_to_differ(tmp_path):
    """A coast half a degree off is seen in lines, points and area alike."""
    packages = small_packages(tmp_path, coast_off_deg=0.5)
    said = compare(read_ground(packages), packages.other)
    assert 50_000 < said["coast"]["most_m"] < 60_000
    assert said["land"]["only_here"] + said["land"]["only_there"] > 0
    farthest = said["land"]["farthest_from_our_coast"][0]
    assert farthest["from_coast_m"] < 60_000


def test_a_package_that_is_not_as_known_makes_nothing(packages, tmp_path):
    """What lay there before is as it was."""
    path = tmp_path / "world.pmtiles"
    path.write_bytes(b"the map of yesterday")
    empty = Package(name="empty 1", path=packages.other.path)
    broken = type(packages)(
        natural_earth=empty,
        regions=packages.regions,
        rivers=packages.rivers,
        other=packages.other,
        tippecanoe=packages.tippecanoe,
    )
    with pytest.raises(BasemapNotMade, match="empty 1 has no"):
        make(broken, path)
    assert path.read_bytes() == b"the map of yesterday"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_map_is_seen_without_a_restart(world, tmp_path):
    """None, then one, then another: whoever asks next gets what lies there."""
    path = tmp_path / "world.pmtiles"
    basemap = InstalledBasemap(path)
    assert basemap.tiles() is None
    path.write_bytes(world.read_bytes())
    first = basemap.tiles()
    assert first is basemap.tiles()
    (tmp_path / "new").write_bytes(world.read_bytes())
    (tmp_path / "new").replace(path)
    assert basemap.tiles() is not first


def test_a_tile_is_there_where_there_is_land(world):
    """Tiles come packed as they lie; where nothing is drawn there is none."""
    tiles = PmtilesFile(world)
    tile = tiles.tile(0, 0, 0)
    assert tile.encoding == "gzip"
    assert b"land" in gzip.decompress(tile.data)
    assert tiles.tile(7, 0, 0) is None
    assert tiles.tile(7, 128, 0) is None
    assert tiles.tile(40, 0, 0) is None


@pytest.mark.parametrize("kept", [0, 3, 126, 127, 400, 5_000])
def test_a_map_that_is_cut_off_is_refused(world, tmp_path, kept):
    """Wherever a copy broke off, it is said, and never served in part."""
    path = tmp_path / "cut.pmtiles"
    path.write_bytes(world.read_bytes()[:kept])
    with pytest.raises(NotTiles, match=r"cut\.pmtiles cannot be read"):
        PmtilesFile(path).check()
