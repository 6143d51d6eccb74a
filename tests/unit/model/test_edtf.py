"""Dates are read as imprecise as they are, or refused."""

from datetime import date

import pytest

from clearline.model.edtf import NotEdtf, read_edtf


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("201X", date(2010, 1, 1), date(2019, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2016-XX", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-09-17", date(2016, 9, 17), date(2016, 9, 17)),
        ("2016-09-2X", date(2016, 9, 20), date(2016, 9, 29)),
        ("2016-09-3X", date(2016, 9, 30), date(2016, 9, 30)),
        ("2016-09-0X", date(2016, 9, 1), date(2016, 9, 9)),
        ("2014-09/2016-09-17", date(2014, 9, 1), date(2016, 9, 17)),
        ("2014-09/..", date(2014, 9, 1), None),
        ("../2016", None, date(2016, 12, 31)),
        ("/2016", None, date(2016, 12, 31)),
    ],
)
def test_a_date_means_these_days(text, first, last):
    """The earliest and the latest day a date may mean, both inside."""
    span = read_edtf(text)
    assert (span.first, span.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "is_uncertain", "is_about"),
    [
        ("2016-09?", True, False),
        ("2016-09~", False, True),
        ("2016-09%", True, True),
        ("2014~/2016?", True, True),
        ("2016", False, False),
    ],
)
def test_doubt_is_kept(text, is_uncertain, is_about):
    """A source that is not sure, or only near, stays so."""
    span = read_edtf(text)
    assert (span.is_uncertain, span.is_about) == (is_uncertain, is_about)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "late September",
        "2016-13",
        "2016-00",
        "2016-09-31",
        "2015-02-29",
        "2016-02-4X",
        "0000",
        "2016-9",
        "2016-21",
        "Y20160",
        "2016-09-17T12:55:00Z",
        "../..",
        "/",
        "2016/2015",
        "2016/2017/2018",
        "2016??",
    ],
)
def test_anything_else_is_refused(text):
    """No date that does not exist, and nothing read as something near."""
    with pytest.raises(NotEdtf):
        read_edtf(text)
