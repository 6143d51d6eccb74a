"""What comes zipped is opened within bounds."""

import io
import zipfile

import pytest

from clearline.exchange.formats import FileFormat, NotAFile, format_of, split
from clearline.exchange.packed import NotUnpacked, packed_kmz, unpacked_kmz

_KML = (
    b'<kml><Placemark id="a"><TimeSpan><begin>2026-03-01</begin></TimeSpan>'
    b"<Point><coordinates>40,35</coordinates></Point></Placemark></kml>"
)


def _zip(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_a_kmz_is_the_kml_in_it_and_the_same_bytes_each_time():
    """What leaves can be compared by its hash."""
    assert packed_kmz(_KML) == packed_kmz(_KML)
    assert unpacked_kmz(packed_kmz(_KML)) == _KML
    assert len(list(split(packed_kmz(_KML), FileFormat.KMZ))) == 1


def test_a_zip_bomb_is_refused_by_what_it_says_of_itself():
    """Nothing is unpacked to find out how long it is."""
    bomb = _zip(**{f"{k}.kml": bytes(60 * 2**20) for k in range(3)})
    assert len(bomb) < 2**20
    with pytest.raises(NotUnpacked, match="unfold"):
        unpacked_kmz(bomb)


def test_a_zip_that_lies_about_its_length_yields_no_more_than_it_said():
    """A part of one byte that unfolds to a million is damaged, and said to be."""
    honest = _zip(**{"doc.kml": bytes(2**20)})
    lying = honest.replace((2**20).to_bytes(4, "little"), (1).to_bytes(4, "little"))
    with pytest.raises(NotUnpacked):
        unpacked_kmz(lying)


@pytest.mark.parametrize(
    "hostile",
    [
        b"PK\3\4 no zip",
        _zip(**{"a.txt": b"x"}),
        _zip(**{f"{k}.kml": b"" for k in range(2_001)}),
    ],
)
def test_what_is_no_kmz_is_refused(hostile):
    """A broken or crowded zip is an answer, not a fault."""
    with pytest.raises(NotUnpacked):
        unpacked_kmz(hostile)


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.kml", _KML, FileFormat.KML),
        ("a.xlsx", packed_kmz(_KML), FileFormat.KMZ),
        ("a.kmz", _zip(**{"[Content_Types].xml": b""}), FileFormat.XLSX),
        ("a", b"<?xml version='1.0'?><event/>", FileFormat.COT),
        ("a.JSON", b"{}", FileFormat.GEOJSON),
        ("a.csv", b"ref", FileFormat.CSV),
    ],
)
def test_a_file_is_what_it_holds_and_then_what_it_is_called(name, data, form):
    """A wrong ending misleads nobody."""
    assert format_of(name, data) is form


def test_a_name_that_says_nothing_is_asked_about():
    """Nothing is guessed from bytes that could be anything."""
    with pytest.raises(NotAFile):
        format_of("list.doc", b"hello")
