"""The gazetteer's file is the same each time, never stale, and refused if foreign."""

import sqlite3
import threading
from importlib import metadata

import msgspec
import pytest
from msgspec.structs import astuple

from clearline.adapters import gazetteer as gazetteers_
from clearline.adapters import gazetteer_sources as packages
from clearline.adapters.gazetteer import (
    FOLDER,
    InstalledGazetteer,
    NotAGazetteer,
    file_of_packages,
    make_for_packages,
)
from clearline.adapters.gazetteer_making import Counts, make
from clearline.adapters.gazetteer_sources import (
    Airfield,
    GazetteerNotMade,
    Town,
    read_sources,
    versions,
)
from clearline.geo.gazetteer import Area
from clearline.geo.names import key_of
from clearline.model.places import Position
from gazetteers import AIRFIELDS, COUNTRIES, TOWNS, small_gazetteer, sources, town


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The setting names an empty folder, and packages are a few rows."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "kept"))
    monkeypatch.setattr(packages, "read_sources", sources)
    return tmp_path / "kept"


def test_two_makings_give_the_same_bytes(tmp_path):
    """Nothing of the day, the machine or the folder enters the file."""
    files = [tmp_path / "one", tmp_path / "elsewhere" / "other"]
    for path in files:
        path.parent.mkdir(exist_ok=True)
        make(sources(), path)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_what_is_read_is_put_in_order(monkeypatch):
    """Packages that list their rows in another order give the same sources."""
    towns = {str(town.geonameid): town for town in reversed(TOWNS)}
    fields = ",".join(Airfield.__struct_fields__)
    rows = [",".join(map(str, astuple(airfield))) for airfield in AIRFIELDS]
    data = {
        "data/cities500.json": msgspec.json.encode(towns),
        "data/countries.json": msgspec.json.encode(COUNTRIES),
        "data/us_states.json": b'{"IA": {"code": "IA", "name": "Iowa"}}',
        "airports.csv": "\n".join([fields, *rows]).encode(),
    }
    monkeypatch.setattr(packages, "_bytes", lambda _, name, __: data[name])
    read = read_sources()
    assert read.towns == TOWNS
    assert [airfield.icao for airfield in read.airfields] == ["9XYZ", "OLKA", "OSDZ"]
    assert read.states == {"IA": "Iowa"}
    assert {("LY", "ليبيا"), ("LY", "Ливия"), ("LY", "LBY")} <= {*read.country_names}


def test_it_counts_what_it_holds(tmp_path):
    """Counts and sources can be read from the file itself."""
    gazetteer = small_gazetteer(tmp_path)
    about = gazetteer.about()
    counts = about["counts"]
    assert counts["towns"] == len(TOWNS)
    assert counts["airfields"] == len(AIRFIELDS)
    assert counts["without_people"] == 2
    assert counts["airfields_called_like_a_town"] == 1
    assert counts["airfields_serving_a_town"] == 1
    assert counts["towns_named_in"]["Arabic"] == 5
    assert about["sources"][0]["licence"] == "none"
    gazetteer.close()


def test_rows_that_are_likely_one_place_are_counted(tmp_path):
    """Two rows of one name and country a kilometre apart are a figure, not hidden."""
    twin = Town(999, "Deir ez-Zor", 35.34, 40.15, "SY", 5, "07", [])
    counts = make(sources([*TOWNS, twin]), tmp_path / "file")
    assert isinstance(counts, Counts)
    assert counts.likely_twice == 1


def test_progress_is_told_to_the_end(tmp_path):
    """Whoever waits hears how far it is, and that it is done."""
    told = []
    make(sources(), tmp_path / "file", lambda done, total: told.append((done, total)))
    assert told[0] == (0, len(TOWNS) + len(AIRFIELDS))
    assert told[-1] == (len(TOWNS) + len(AIRFIELDS),) * 2


def test_it_is_made_at_the_first_question_and_kept(folder):
    """Nothing is made before anybody asks; then once, and older files go."""
    folder.mkdir()
    (folder / "gazetteer-0123456789abcdef.sqlite").write_bytes(b"of an older release")
    gazetteer = InstalledGazetteer()
    assert not gazetteer.path.exists()
    assert gazetteer.areas("lby") == (Area(country="LY"),)
    assert [p.name for p in folder.glob("*.sqlite")] == [gazetteer.path.name]
    made = gazetteer.path.stat().st_mtime_ns
    gazetteer.close()
    assert make_for_packages().stat().st_mtime_ns == made
    gazetteer.close()


def test_another_version_of_a_package_is_another_file(folder, monkeypatch):
    """A file made from other packages is never taken for the right one."""
    before = file_of_packages()
    assert before.parent == folder
    monkeypatch.setattr(metadata, "version", lambda _: "0")
    assert file_of_packages() != before


def test_a_making_that_broke_off_is_begun_again(folder):
    """Half a file from before is not in the way and not taken for a whole one."""
    folder.mkdir()
    file_of_packages().with_suffix(".new").write_bytes(b"half")
    assert InstalledGazetteer().areas("syria") == (Area(country="SY"),)


def test_a_missing_package_is_said(monkeypatch):
    """Without its packages nothing is looked up, and the error says what to do."""

    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(GazetteerNotMade) as refused:
        versions()
    assert "is not installed" in refused.value.what
    monkeypatch.undo()
    monkeypatch.setattr(packages, "find_spec", lambda _: None)
    with pytest.raises(GazetteerNotMade):
        read_sources()


def test_a_folder_that_cannot_be_written_to_is_said(monkeypatch, tmp_path):
    """The disk's refusal is told with the setting that names another folder."""
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv(FOLDER, str(tmp_path / "a file"))
    with pytest.raises(GazetteerNotMade) as refused:
        InstalledGazetteer().named("kunduz")
    assert FOLDER in refused.value.next
    assert "figures are read as before" in refused.value.state


def test_data_of_another_shape_are_refused(monkeypatch):
    """A package that changed its form is not guessed at."""
    monkeypatch.setattr(packages, "_bytes", lambda *_: b'{"1": {"name": 5}}')
    with pytest.raises(GazetteerNotMade) as refused:
        read_sources()
    assert "not as known" in refused.value.what


def test_a_foreign_file_is_refused(tmp_path):
    """Neither garbage nor somebody else's database answers as a gazetteer."""
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"not a database" * 100)
    other = tmp_path / "other"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE name (key TEXT)")
    database.close()
    for path in (garbage, other, tmp_path / "missing"):
        with pytest.raises(NotAGazetteer):
            InstalledGazetteer(path).named("kunduz")


def test_nearest_is_nearest_by_every_row(tmp_path):
    """The bands of latitude never hide a nearer place."""
    gazetteer = small_gazetteer(tmp_path)
    for lon, lat in ((40.0, 35.0), (180.0, -16.6), (-90.0, 89.0), (100.0, -60.0)):
        position = Position(lon=lon, lat=lat)
        by_one = gazetteer.nearest(position, 1)
        everything = gazetteer.nearest(position, len(TOWNS))
        assert len(everything) == len(TOWNS)
        assert by_one[0] == everything[0]
    gazetteer.close()


def test_where_it_lies_follows_the_environment(monkeypatch, tmp_path):
    """Beside the packages where they have their own environment, else in the cache."""
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.setattr(gazetteers_.sys, "prefix", str(tmp_path))
    assert file_of_packages().parent == tmp_path / "share" / "clearline"
    monkeypatch.setattr(gazetteers_.sys, "prefix", gazetteers_.sys.base_prefix)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert file_of_packages().parent == tmp_path / "cache" / "clearline"


def test_a_node_has_it_made_by_a_process_of_its_own(folder):
    """The making never holds the interpreter that rings; it is seen when done."""
    gazetteer = InstalledGazetteer()
    assert not gazetteer.is_made
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            gazetteers_.subprocess, "run", lambda *given, **__: asked.append(given)
        )
        gazetteer.make_beside()
        for thread in threading.enumerate():
            if thread.name == "gazetteer":
                thread.join()
    ((command,),) = asked
    assert "os.nice(19)" in command[-1]
    assert not folder.exists()
    make_for_packages()
    assert gazetteer.is_made


def test_threads_may_ask_at_once(tmp_path):
    """Questions of several threads are all answered, and rightly."""
    gazetteer = small_gazetteer(tmp_path)
    wrong = []

    def ask():
        wrong.extend(
            town.name
            for town in TOWNS
            if key_of(town.name)
            and town.name not in {p.name for p in gazetteer.named(key_of(town.name))}
        )

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    gazetteer.close()


@pytest.mark.parametrize(
    ("country", "names", "shown"),
    [
        ("SY", ["Haleb", "حلب"], "حلب"),
        ("EG", ["قاهره", "القاهرة", "Каир"], "القاهرة"),
        ("JO", ["امان", "عمان"], "عمان"),
        ("SY", ["مدينة حمص", "حمص", "حومس"], "حمص"),
        ("DZ", ["ئالجىر", "الجزائر"], "الجزائر"),
        ("IQ", ["كةربالا", "كربلاء"], "كربلاء"),
        ("TR", ["عنتاب"], ""),
        ("SY", ["Palmyra", " "], ""),
    ],
)
def test_a_map_in_arabic_shows_what_arabic_writes(tmp_path, country, names, shown):
    """Names of its neighbours share the letters, and are no Arabic."""
    row = town("Somewhere", 35.0, 40.0, country, 9, *names)
    make(sources([row], []), tmp_path / "one.sqlite")
    gazetteer = InstalledGazetteer(tmp_path / "one.sqlite")
    (found,) = gazetteer.largest((39, 34, 41, 36), 9)
    assert found.arabic == shown
    gazetteer.close()
