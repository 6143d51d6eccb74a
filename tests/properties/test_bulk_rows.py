"""Rows that are written all at once are the rows written one by one."""

from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from clearline.geo.codes import APART
from clearline.geo.packing import pack
from clearline.geo.standing import certain
from clearline.model.extents import ends_at, starts_at
from clearline.model.instants import FOREVER, write_instant
from clearline.model.screenings import Verdict
from clearline.rules.screening import explain, say_band
from clearline.service.bulk import Notices, Row
from clearline.service.bulk_rows import NOBODY, Table, in_order, texts, write
from clearline.service.intake import parcel_of
from properties.of_extents import pairs

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEAR_1 = datetime.min.replace(tzinfo=UTC)
TICK = timedelta(microseconds=1)
FIRST, LAST = ((at - EPOCH) // TICK for at in (YEAR_1, FOREVER))

lengths = st.one_of(
    st.just(0.0),
    st.just(float("nan")),
    st.floats(0.0, 2e7),
    # Halfway between two thousandths, or as near to it as a double comes.
    st.integers(0, 10**8).map(lambda half: half / 2_000),
    st.integers(0, 10**6).map(lambda half: half / 16_000),
)
ticks = st.one_of(
    st.integers(FIRST - 10**9, LAST + 10**9),
    st.sampled_from([FIRST, LAST, LAST - 1, FIRST - 1, 0, -1]),
    st.dates(YEAR_1.date(), FOREVER.date()).map(
        lambda day: (datetime(*day.timetuple()[:3], tzinfo=UTC) - EPOCH) // TICK
    ),
)


@st.composite
def tables(draw):
    """Rows of a few plans, a few notices and a few sentences, in any order."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.integers(-1, 3),
                ticks,
                ticks,
                st.booleans(),
                lengths,
                st.integers(0, 2),
            ),
            max_size=40,
        )
    )
    columns = list(zip(*rows, strict=True)) or [()] * 7
    kinds = ("i8", "i8", "i8", "i8", "?", "f8", "i8")
    return Table(*map(np.array, columns, kinds))


def _instant(at_us):
    if at_us >= LAST:
        return None
    return write_instant(EPOCH + max(at_us, FIRST) * TICK)


def _plainly(table, names):
    """Write rows one by one, with nothing compiled."""
    rows = sorted(
        zip(*(column.tolist() for column in table), strict=True),
        key=lambda row: (row[0], row[2], row[4], np.nan_to_num(row[5]), row[1]),
    )
    return b"".join(
        msgspec.json.encode(
            Row(
                plan=names[0][asked],
                notice=None if notice == NOBODY else names[1][notice],
                verdict=Verdict.CANNOT_TELL if is_unsure else Verdict.CONFLICT,
                separation_m=None if np.isnan(apart_m) else round(apart_m, 3),
                overlap_start=_instant(start_us),
                overlap_end=_instant(until_us),
                why=names[2][why],
            )
        )
        + b"\n"
        for asked, notice, start_us, until_us, is_unsure, apart_m, why in rows
    )


@given(
    tables(),
    st.tuples(
        *[st.lists(st.text(max_size=9), min_size=n, max_size=n) for n in (4, 4, 3)]
    ),
)
@settings(max_examples=300)
def test_rows_at_once_are_rows_one_by_one(table, names):
    """Byte for byte: names, lengths, instants, and their order."""
    plans, notices, whys = (
        texts([msgspec.json.encode(one) for one in some]) for some in names
    )
    # Rows that differ in nothing that orders them may stand either way round.
    written = bytes(write(in_order(table, len(names[0])), plans, notices, whys))
    assert sorted(written.splitlines()) == sorted(_plainly(table, names).splitlines())
    order = in_order(table, len(names[0]))
    keys = [
        (row[0], row[2], row[4], np.nan_to_num(row[5]), row[1])
        for row in zip(*(column.tolist() for column in order), strict=True)
    ]
    assert keys == sorted(keys)


@st.composite
def crowds(draw):
    """Plans and notices, most of which meet or may; some places are imprecise."""
    drawn = [draw(pairs()) for _ in range(draw(st.integers(1, 4)))]
    return [draw(_some_imprecise(side)) for side in zip(*drawn, strict=True)]


@st.composite
def _some_imprecise(draw, some):
    return [
        replace(
            one,
            footprint=replace(
                one.footprint, precision_m=draw(st.sampled_from([0.0, 700.0, 3e4]))
            ),
        )
        for one in some
    ]


def _slow_rows(plans, notices):
    """Judge every pair by itself, without the index, and write each row by itself."""
    for asked, plan in enumerate(plans):
        for number, notice in enumerate(notices):
            code, apart_m = certain(pack([plan]), pack([notice]))
            if code == APART:
                continue
            verdict, why = explain(
                code,
                apart_m,
                plan.buffer_m + notice.buffer_m,
                plan.footprint.precision_m + notice.footprint.precision_m,
                (say_band(plan.band), say_band(notice.band)),
            )
            start, end = max(map(starts_at, (plan, notice))), None
            if (until := min(map(ends_at, (plan, notice)))) < FOREVER:
                end = write_instant(until)
            yield Row(
                plan=f"p{asked}",
                notice=f"n{number}",
                verdict=verdict,
                separation_m=round(apart_m, 3),
                overlap_start=write_instant(start),
                overlap_end=end,
                why=why,
            )


@given(crowds())
@settings(max_examples=150)
def test_every_row_says_what_its_pair_says(crowd):
    """All that is looked up, shared or compiled leaves each row as it would be."""
    plans, notices = crowd
    held = Notices()
    list(held.file([parcel_of([(f"n{at}", one) for at, one in enumerate(notices)])]))
    asked = parcel_of([(f"p{at}", one) for at, one in enumerate(plans)])
    rows = [
        msgspec.json.decode(line, type=Row)
        for some in held.screen([asked])
        for line in bytes(some.rows).splitlines()
    ]
    needed = {(row.plan, row.notice): row for row in _slow_rows(plans, notices)}
    assert len(rows) == len(needed)
    for row in rows:
        other = needed[row.plan, row.notice]
        moves = any(
            getattr(one.footprint, "passages", ())
            for one in (plans[int(row.plan[1:])], notices[int(row.notice[1:])])
        )
        if moves:  # when they may be near is told in `test_passing`
            other = replace(
                other, overlap_start=row.overlap_start, overlap_end=row.overlap_end
            )
        assert row == other
