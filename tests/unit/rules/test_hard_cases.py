"""Days on which somebody says something nobody expected, and calls still ring."""

from datetime import datetime, timedelta

import pytest

from clearline.model.calls import (
    Card,
    Kind,
)
from clearline.model.commands import RaiseCall, ReportCeased, TakeWatch
from clearline.model.instants import Duration, NotUtc
from clearline.model.parties import Role
from clearline.rules.raising import HOLD_AT_MOST, HOLD_FOR
from clearline.rules.refusals import WrongOrder
from phone import STOP, Line, rung

LOOSE = datetime(2026, 3, 1, 12)  # noqa: DTZ001 (without its zone on purpose)

# --- absurd spans and loose instants ------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (timedelta(0), HOLD_FOR),
        (-Duration(hours=1), HOLD_FOR),
        (timedelta.min, HOLD_FOR),
        (timedelta.max, HOLD_AT_MOST),
        (Duration(days=400), HOLD_AT_MOST),
    ],
)
def test_a_hold_rings_however_absurd_its_length(
    asked: timedelta, given: timedelta
) -> None:
    """A HOLD is never refused, binds for a while, and does not bind without an end."""
    line = Line()
    acts = line.raises(Kind.HOLD, ends_in=asked)
    assert rung(acts) == ["duty", "director"]
    assert line.call().ends_at == line.now + given


@pytest.mark.parametrize("kind", [Kind.QUERY, Kind.LINE_CHECK])
@pytest.mark.parametrize("asked", [timedelta(0), timedelta.min, timedelta.max])
def test_an_answer_is_due_neither_at_once_nor_never(
    kind: Kind, asked: timedelta
) -> None:
    """What asks for an answer gives time for it, and not for ever."""
    line = Line()
    with pytest.raises(WrongOrder, match="answered within"):
        line.raises(kind, ends_in=asked)
    assert list(line.picture.calls.values()) == []


@pytest.mark.parametrize("minutes", [-1e9, -1, 0, 15, 24 * 60 + 1, 1e9])
def test_a_hold_is_not_renewed_to_the_past_or_for_ever(minutes: float) -> None:
    """A renewal moves the end later, and leaves it in sight."""
    line = Line()
    line.raises(Kind.HOLD)
    with pytest.raises(WrongOrder, match="Renew a HOLD"):
        line.renews("lina", minutes)
    line.renews("lina", HOLD_AT_MOST / timedelta(minutes=1))
    assert line.call().ends_at == line.now + HOLD_AT_MOST


@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_a_stop_said_by_a_clock_without_a_zone_rings(kind: Kind) -> None:
    """A caller's clock that makes no sense is left out; the STOP is not."""
    line = Line()
    assert rung(line.raises(kind, said_at=LOOSE)) == ["duty", "director"]
    assert line.call().said_at is None


def test_elsewhere_an_instant_without_its_zone_is_refused_by_name() -> None:
    """Local time is never guessed."""
    line = Line()
    with pytest.raises(NotUtc):
        RaiseCall(call=STOP, kind=Kind.RELEASE, by=line.actor("lina"), said_at=LOOSE)
    with pytest.raises(NotUtc):
        ReportCeased(call=STOP, by=line.actor("duty"), ceased_at=LOOSE)
    with pytest.raises(NotUtc):
        TakeWatch(by=line.actor("duty"), role=Role.DUTY_OFFICER, until=LOOSE)


@pytest.mark.parametrize("confidence", [0, 4, -1, 10**400])
def test_a_confidence_that_means_nothing_is_no_reason_to_refuse(
    confidence: int,
) -> None:
    """A number outside the scale counts as not given."""
    line = Line()
    line.raises(card=Card(confidence=confidence))
    assert line.call().card.confidence is None
