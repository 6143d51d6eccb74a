"""Name the columns of the sheet for movements, in order."""

from typing import Final

from clearline.exchange.columns import (
    ACCESS,
    ADMIN,
    DATUMS,
    MODES,
    ORGANISATION,
    RECIPIENTS,
    REF,
    REQUEST,
    WHAT,
    YES_NO,
    ZONE,
    Cell,
    Column,
    contacts,
)

MOST_PLACES: Final = 8
"""Places on the way of one movement that have columns of their own."""


def _places() -> tuple[Column, ...]:
    columns: list[Column] = []
    for number in range(1, MOST_PLACES + 1):
        is_needed = number <= 2  # noqa: PLR2004 (from somewhere to somewhere)
        columns += (
            Column(
                key=f"place_{number}",
                en=f"Place {number}",
                ar=f"المكان {number}",
                says="Where it starts." if number == 1 else "Where it passes or ends.",
                cell=Cell.PLACE,
                is_required=is_needed,
                example=("35.33330 N 40.15000 E", "35.10000 N 40.42000 E")[number - 1]
                if is_needed
                else "",
            ),
            Column(
                key=f"place_{number}_name",
                en=f"Place {number}: name",
                ar=f"المكان {number}: الاسم",
                says="What the place is called.",
            ),
            Column(
                key=f"place_{number}_at",
                en=f"Place {number}: time",
                ar=f"المكان {number}: الوقت",
                says="When it is expected there.",
                cell=Cell.WHEN,
                is_required=is_needed,
                example=("2026-03-01 06:00", "2026-03-01 09:30")[number - 1]
                if is_needed
                else "",
            ),
            Column(
                key=f"place_{number}_stays_min",
                en=f"Place {number}: stays (min)",
                ar=f"المكان {number}: مدة التوقف (دقيقة)",
                says="How long it stays, minutes.",
                cell=Cell.NUMBER,
            ),
        )
    return tuple(columns)


MOVEMENT: Final = (
    REF,
    REQUEST,
    ORGANISATION,
    Column(
        key="mode",
        en="By",
        ar="وسيلة التنقل",
        says="How it moves.",
        cell=Cell.CHOICE,
        choices=MODES,
        is_required=True,
        example="road",
    ),
    Column(
        key="purpose",
        en="Purpose",
        ar="الغرض",
        says="What it is for.",
        is_required=True,
        example="delivery to a clinic",
    ),
    Column(
        key="cargo",
        en="Cargo",
        ar="الحمولة",
        says="What it carries.",
        example="medicines",
    ),
    Column(
        key="people",
        en="People",
        ar="عدد الأشخاص",
        says="How many.",
        cell=Cell.WHOLE,
        example="6",
    ),
    Column(
        key="vehicles",
        en="Vehicles",
        ar="المركبات",
        says="One a line: type; colour; plate; marking; armoured. The plate is sealed.",
        cell=Cell.LINES,
        example="truck; white; 00-0000; roof painted\ncar; white; 00-0001; flag; "
        "armoured",
    ),
    Column(
        key="armed_escort",
        en="Armed escort",
        ar="مرافقة مسلحة",
        says="Whether armed people go with it. A change is told again.",
        cell=Cell.YES_NO,
        choices=YES_NO,
        is_required=True,
        example="no",
    ),
    Column(
        key="escort_by",
        en="Escort by",
        ar="جهة المرافقة",
        says="Who they are.",
    ),
    *_places(),
    Column(
        key="half_width_m",
        en="Keeps to within (m)",
        ar="ضمن مسافة (م)",
        says="How far to either side of the line it may be, metres.",
        cell=Cell.NUMBER,
        example="500",
    ),
    Column(
        key="early_min",
        en="May be early by (min)",
        ar="قد يبكر (دقيقة)",
        says="How much earlier it may be anywhere, minutes.",
        cell=Cell.NUMBER,
        example="15",
    ),
    Column(
        key="late_min",
        en="May be late by (min)",
        ar="قد يتأخر (دقيقة)",
        says="How much later it may be anywhere, minutes.",
        cell=Cell.NUMBER,
        example="60",
    ),
    *contacts(),
    Column(
        key="tracker",
        en="Tracker",
        ar="جهاز التتبع",
        says="Id of its tracker.",
    ),
    Column(
        key="returns_as",
        en="Return is",
        ar="رحلة العودة",
        says="Reference number of the way back: that is a notice of its own.",
    ),
    Column(
        key="aircraft",
        en="Aircraft type",
        ar="نوع الطائرة",
        says="For what flies.",
    ),
    Column(
        key="flight_callsign",
        en="Flight callsign",
        ar="نداء الرحلة",
        says="For what flies.",
    ),
    Column(
        key="landing_zone",
        en="Landing or drop zone",
        ar="منطقة الهبوط أو الإسقاط",
        says="Where it lands or drops.",
        cell=Cell.PLACE,
    ),
    Column(
        key="floor_m",
        en="Lowest altitude (m)",
        ar="أدنى ارتفاع (م)",
        says="Metres above what the altitude is counted from.",
        cell=Cell.NUMBER,
    ),
    Column(
        key="ceiling_m",
        en="Highest altitude (m)",
        ar="أعلى ارتفاع (م)",
        says="The same.",
        cell=Cell.NUMBER,
    ),
    Column(
        key="datum",
        en="Altitude counted from",
        ar="مرجع الارتفاع",
        says="The ground (AGL), the sea (AMSL), the ellipsoid (WGS84), or 1013 hPa "
        "(FL).",
        cell=Cell.CHOICE,
        choices=DATUMS,
    ),
    Column(
        key="access",
        en="Access where it goes",
        ar="إمكانية الوصول",
        says="How open the place is that it goes to.",
        cell=Cell.CHOICE,
        choices=ACCESS,
    ),
    *ADMIN,
    ZONE,
    *RECIPIENTS,
    WHAT,
)
"""Columns of a sheet of movements."""
