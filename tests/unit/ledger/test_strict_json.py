"""JSON is read only where every reader reads the same."""

import pytest

from clearline.ledger.strict_json import MAX_DEPTH, NotStrictJson, read_object


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"{}", {}),
        (b'{"a":1}', {"a": 1}),
        (b' { "a" : [1, 2.5, null, true] }\n', {"a": [1, 2.5, None, True]}),
        (b'{"a":"\\u00e9","b":{"a":1}}', {"a": "é", "b": {"a": 1}}),
        ('{"a":"é"}'.encode(), {"a": "é"}),
    ],
)
def test_one_object_is_read(data, value):
    """White space, escapes and nesting are nobody's fault."""
    assert read_object(data) == value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"1",
        b"null",
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"b":[{"a":1,"a":2}]}',
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":Infinity}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1}{"a":1}',
        b'{"a":1} \x00',
        b'{"a":01}',
        b"{'a':1}",
        b'{"a":1,}',
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_readers_differ_on_is_refused(data):
    """A name twice, half a surrogate, a number nobody holds: refused."""
    with pytest.raises(NotStrictJson):
        read_object(data)


def nested(depth):
    """Write an object that nests so deep, with lists and objects in turn."""
    opening = "".join("[" if level % 2 else '{"a":' for level in range(depth))
    closing = "".join("]" if level % 2 else "}" for level in reversed(range(depth)))
    return f"{opening}1{closing}".encode()


def test_nesting_has_a_bound():
    """No reader is brought down by depth, and all agree where it ends."""
    assert read_object(nested(1)) == {"a": 1}
    read_object(nested(MAX_DEPTH))
    read_object(b'{"wide":[' + b"{}," * 1000 + b"[]]}")
    for depth in (MAX_DEPTH + 1, 500, 900, 950, 990, 1000, 5000):
        with pytest.raises(NotStrictJson):
            read_object(nested(depth))
