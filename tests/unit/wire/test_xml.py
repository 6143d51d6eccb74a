"""XML from elsewhere is read, and nothing it asks for is done."""

import pytest

from clearline.wire.xml import NotXml, read_parts, sayable, written

_BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>
<kml><Placemark><name>&c;</name></Placemark></kml>"""
_OUTSIDE = b"""<!DOCTYPE k SYSTEM "http://127.0.0.1:9/x.dtd"><kml/>"""
_FILE = b"""<!DOCTYPE k [<!ENTITY f SYSTEM "file:///etc/hostname">]>
<kml><Placemark><name>&f;</name></Placemark></kml>"""
_PARAMETER = b"""<!DOCTYPE k [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]><kml/>"""


@pytest.mark.parametrize("hostile", [_BOMB, _OUTSIDE, _FILE, _PARAMETER])
def test_a_document_type_is_refused_before_anything_unfolds_or_is_fetched(hostile):
    """No entity is declared, so none can unfold or name a file."""
    with pytest.raises(NotXml, match="document type"):
        list(read_parts(hostile, frozenset({"Placemark"})))


@pytest.mark.parametrize(
    "hostile",
    [
        b"<a>" * 100 + b"</a>" * 100,
        b"<a " + b" ".join(b'x%d="1"' % k for k in range(100)) + b"/>",
        b"<p>" + b"<x/>" * 200_001 + b"</p>",
    ],
)
def test_what_no_file_of_its_kind_has_is_refused(hostile):
    """Depth, attributes and parts are bounded, whoever wrote the file."""
    with pytest.raises(NotXml):
        list(read_parts(hostile, frozenset({"p"})))


@pytest.mark.parametrize("broken", [b"", b"<a>", b"no", b"\xff\xfe<", b"<a>&b;</a>"])
def test_what_is_no_xml_is_said_to_be_none(broken):
    """A broken file is an answer, not a fault."""
    with pytest.raises(NotXml):
        list(read_parts(broken, frozenset({"a"})))


def test_a_part_knows_its_line_and_what_it_stands_in():
    """A mistake can be found in the file it came from."""
    data = (
        b"<kml>\n<Folder>\n<k:Placemark>\n<name>x</name></k:Placemark></Folder></kml>"
    )
    data = data.replace(b"<kml>", b'<kml xmlns:k="k">')
    (part,) = read_parts(data, frozenset({"Placemark"}))
    assert (part.element.line, part.element.said("name")) == (3, "x")
    assert [one.name for one in part.above] == ["kml", "Folder"]


def test_any_text_is_read_back_as_it_was_written():
    """Nothing that a text holds can end the element it stands in."""
    text = "a<b>&\"'\r\n\t]]>\u0645\U0001f3e5"
    for form in (f"<p>{written(text)}</p>", f'<p t="{written(text)}"/>'):
        (part,) = read_parts(form.encode(), frozenset({"p"}))
        assert text in (part.element.text, part.element.attributes.get("t"))


def test_what_xml_cannot_say_is_replaced():
    """A control character is no reason to write a file nobody can read."""
    assert sayable("a\0b\x1b\ud800\ufffe") == "a\ufffdb\ufffd\ufffd\ufffd"
