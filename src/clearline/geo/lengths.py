"""Say lengths so that a reader can take them in at once."""

from clearline.model.places import Interval

_KILOMETRE_M = 1000.0


def say_length(length_m: float) -> str:
    """Say a length: whole metres below a kilometre, else tenths of a kilometre."""
    if length_m < _KILOMETRE_M:
        return f"{length_m:.0f} m"
    return f"{length_m / _KILOMETRE_M:,.1f} km"


def say_apart(apart_m: Interval) -> str:
    """Say an interval of lengths in the unit of its upper end."""
    if apart_m.most < _KILOMETRE_M:
        least, most, unit = f"{apart_m.least:.0f}", f"{apart_m.most:.0f}", "m"
    else:
        least = f"{apart_m.least / _KILOMETRE_M:,.1f}"
        most = f"{apart_m.most / _KILOMETRE_M:,.1f}"
        unit = "km"
    return f"{most} {unit}" if least == most else f"{least} to {most} {unit}"
