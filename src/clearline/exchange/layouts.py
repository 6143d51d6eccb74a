"""Name the columns of the sheets for sites and movements, in English and Arabic.

They follow the fields that notification forms of humanitarian cells ask for. A heading
is known by its English words, its Arabic words, both in one cell, or its key; case,
blanks and punctuation do not count. `docs/reference/sheets.md` is made from this.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

import msgspec

from clearline.model.notices import NoticeKind

EXAMPLE: Final = "EXAMPLE"
"""A row whose number begins so is the example of the template, and is not read."""

MOST_PLACES: Final = 8
"""Places on the way of one movement that have columns of their own."""

WRONG_EN: Final = "What is wrong"
WRONG_AR: Final = "ما الخطأ"


class Cell(StrEnum):
    """Name what a cell holds."""

    TEXT = "text"
    CHOICE = "one of the list"
    YES_NO = "yes or no"
    WHEN = "date and time"
    NUMBER = "number"
    WHOLE = "whole number"
    PLACE = "a place, in any form"
    LINES = "one a line"


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """Describe one column.

    Attributes:
        en: Its heading in English.
        ar: The same in Arabic.
        says: What stands in it, and how it is written.
        choices: The words of a list, each with its Arabic.
        example: What stands in the example row.
    """

    key: str
    en: str
    ar: str
    says: str
    cell: Cell = Cell.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    example: str = ""

    @property
    def heading(self) -> str:
        """Return what stands at its top: both languages."""
        return f"{self.en}\n{self.ar}"


_YES_NO: Final = (("yes", "نعم"), ("no", "لا"))
_REQUESTS: Final = (("add", "إضافة"), ("amend", "تعديل"), ("remove", "إزالة"))
_FUNCTIONS: Final = (
    ("health", "صحة"),
    ("school", "مدرسة"),
    ("warehouse", "مستودع"),
    ("office", "مكتب"),
    ("guesthouse", "دار ضيافة"),
    ("water", "مياه"),
    ("shelter", "مأوى"),
    ("distribution", "توزيع"),
    ("critical infrastructure", "بنية تحتية حيوية"),
    ("other", "أخرى"),
)
_MODES: Final = (
    ("road", "طريق"),
    ("foot", "سيرا على الأقدام"),
    ("boat", "قارب"),
    ("rail", "سكة حديد"),
    ("helicopter", "مروحية"),
    ("aeroplane", "طائرة"),
    ("airdrop", "إسقاط جوي"),
)
_BEARERS: Final = (
    ("mobile", "هاتف محمول"),
    ("satellite", "هاتف فضائي"),
    ("vhf", "VHF"),
    ("hf", "HF"),
    ("internet", "إنترنت"),
    ("landline", "هاتف أرضي"),
)
_POSTS: Final = (("field", "الميدان"), ("headquarters", "المقر"))
_STATES: Final = (
    ("not verified", "غير متحقق منه"),
    ("from afar", "عن بعد"),
    ("visited", "تمت زيارته"),
    ("disputed", "متنازع عليه"),
)
_ACCESS: Final = (
    ("open", "مفتوح"),
    ("restricted", "مقيد"),
    ("hard to reach", "صعب الوصول"),
    ("besieged", "محاصر"),
    ("closed", "مغلق"),
)
_DATUMS: Final = (
    ("AGL", "فوق الأرض"),
    ("AMSL", "فوق سطح البحر"),
    ("WGS84", "WGS84"),
    ("FL", "FL"),
)

_REF: Final = Column(
    key="ref",
    en="Reference number",
    ar="الرقم المرجعي",
    says="The owner's own number. Given again, it means the same notice.",
    is_required=True,
    example=f"{EXAMPLE}: this row is not read",
)
_REQUEST: Final = Column(
    key="request",
    en="Request",
    ar="الطلب",
    says="Add, amend or remove. One file asks for one of them only.",
    cell=Cell.CHOICE,
    choices=_REQUESTS,
    example="add",
)
_ORGANISATION: Final = Column(
    key="organisation",
    en="Organisation",
    ar="المنظمة",
    says="Who owns the notice.",
    example="A Relief Agency",
)
_ZONE: Final = Column(
    key="zone",
    en="Time zone",
    ar="المنطقة الزمنية",
    says="Of every time in the row that carries none of its own: UTC+3, "
    "or a name such as Asia/Damascus.",
    example="UTC+3",
)
_WHAT: Final = Column(
    key="what",
    en="Remarks",
    ar="ملاحظات",
    says="What it is, or what will be done, in the owner's words.",
    example="Clinic of 40 beds; two ambulances stand in the yard.",
)
_ADMIN: Final = (
    *(
        Column(
            key=f"admin{level}",
            en=f"Admin {level}",
            ar=f"التقسيم الإداري {level}",
            says=f"Administrative area of level {level}, by name."
            + (" This or the P-code." if level == 1 else ""),
            example="Deir ez-Zor" if level == 1 else "",
        )
        for level in range(1, 5)
    ),
    Column(
        key="pcode",
        en="P-code",
        ar="رمز المكان",
        says="Code of the administrative area, as the humanitarian lists give it.",
    ),
)
_RECIPIENTS: Final = (
    Column(
        key="recipients",
        en="Recipients",
        ar="الجهات المستلمة",
        says="Desks that are told, one a line, each with how exactly: `south-ops: "
        "coarse`, `monitor: exact`, `north: existence`. Coarse where nothing is said; "
        "nobody is told where it is empty. Telling cannot be undone.",
        cell=Cell.LINES,
    ),
    Column(
        key="consent_by",
        en="Consent given by",
        ar="صاحب الموافقة",
        says="Who agreed that the recipients know, and how exactly.",
    ),
)


def _contacts() -> tuple[Column, ...]:
    """Return the columns of two contacts."""
    columns: list[Column] = []
    for number in (1, 2):
        columns += (
            Column(
                key=f"contact_{number}_bearer",
                en=f"Contact {number}: by",
                ar=f"جهة الاتصال {number}: الوسيلة",
                says="How somebody in the field is reached: two different ways.",
                cell=Cell.CHOICE,
                choices=_BEARERS,
                is_required=True,
                example=("mobile", "satellite")[number - 1],
            ),
            Column(
                key=f"contact_{number}_number",
                en=f"Contact {number}: number",
                ar=f"جهة الاتصال {number}: الرقم",
                says="The number. It is sealed: no recipient and no export has it.",
                example="+000 000 000",
            ),
            Column(
                key=f"contact_{number}_callsign",
                en=f"Contact {number}: callsign",
                ar=f"جهة الاتصال {number}: النداء",
                says="What they answer to.",
            ),
            Column(
                key=f"contact_{number}_post",
                en=f"Contact {number}: where",
                ar=f"جهة الاتصال {number}: المكان",
                says="In the field or at headquarters.",
                cell=Cell.CHOICE,
                choices=_POSTS,
                example="field",
            ),
            Column(
                key=f"contact_{number}_day_and_night",
                en=f"Contact {number}: 24/7",
                ar=f"جهة الاتصال {number}: على مدار الساعة",
                says="Whether somebody answers at any hour.",
                cell=Cell.YES_NO,
                choices=_YES_NO,
                example="yes",
            ),
        )
    return tuple(columns)


SITE: Final = (
    _REF,
    _REQUEST,
    _ORGANISATION,
    Column(
        key="operator",
        en="Operating partner",
        ar="الشريك المنفذ",
        says="Who runs it, where that is not the owner.",
    ),
    Column(
        key="function",
        en="Type of site",
        ar="نوع الموقع",
        says="What it is for.",
        cell=Cell.CHOICE,
        choices=_FUNCTIONS,
        is_required=True,
        example="health",
    ),
    Column(
        key="is_function_now",
        en="In use for that now",
        ar="قيد الاستخدام الآن",
        says="A site has its function when it is notified.",
        cell=Cell.YES_NO,
        choices=_YES_NO,
        is_required=True,
        example="yes",
    ),
    Column(
        key="since",
        en="In use since",
        ar="قيد الاستخدام منذ",
        says="Since when.",
        cell=Cell.WHEN,
    ),
    Column(
        key="name_en",
        en="Name (English)",
        ar="الاسم بالإنجليزية",
        says="As people call it, in Latin letters.",
        is_required=True,
        example="Example clinic",
    ),
    Column(
        key="name_local",
        en="Name (local)",
        ar="الاسم المحلي",
        says="The same in the script used there.",
        example="عيادة للتوضيح",
    ),
    *_ADMIN,
    Column(
        key="latitude",
        en="Latitude",
        ar="خط العرض",
        says="Decimal degrees north, WGS 84, five decimals or more.",
        cell=Cell.NUMBER,
        example="35.33330",
    ),
    Column(
        key="longitude",
        en="Longitude",
        ar="خط الطول",
        says="Decimal degrees east, WGS 84, five decimals or more.",
        cell=Cell.NUMBER,
        example="40.15000",
    ),
    Column(
        key="place",
        en="Place in another form",
        ar="المكان بصيغة أخرى",
        says="MGRS with its square letters, degrees and minutes, a map link, or a "
        "bearing and range from a named place. Alone, or to check the degrees: two "
        "ways that are two places are refused.",
        cell=Cell.PLACE,
        example="37S FV 0451 1061",
    ),
    Column(
        key="radius_m",
        en="Radius (m)",
        ar="نصف القطر (م)",
        says="How far the site reaches from its middle, metres.",
        cell=Cell.NUMBER,
        example="80",
    ),
    Column(
        key="footprint",
        en="Outline (WKT)",
        ar="المحيط (WKT)",
        says="POLYGON ((lon lat, ...)), where its outline is known.",
    ),
    Column(
        key="accuracy_m",
        en="Position accurate to (m)",
        ar="دقة الموقع (م)",
        says="How far off the position may be, metres.",
        cell=Cell.NUMBER,
        example="10",
    ),
    Column(
        key="measured_how",
        en="Position found by",
        ar="طريقة تحديد الموقع",
        says="How: a receiver on the roof, an image, a map.",
        example="receiver on the roof",
    ),
    Column(
        key="measured_by",
        en="Position measured by",
        ar="من حدد الموقع",
        says="By which office or role.",
    ),
    Column(
        key="measured_at",
        en="Position measured on",
        ar="تاريخ تحديد الموقع",
        says="When.",
        cell=Cell.WHEN,
    ),
    Column(
        key="marked_by_day",
        en="Marking seen by day",
        ar="العلامة مرئية نهارا",
        says="Whether its marking is seen from the air by day.",
        cell=Cell.YES_NO,
        choices=_YES_NO,
        example="yes",
    ),
    Column(
        key="marked_by_night",
        en="Marking seen by night",
        ar="العلامة مرئية ليلا",
        says="Whether at night, or by a thermal sight.",
        cell=Cell.YES_NO,
        choices=_YES_NO,
        example="no",
    ),
    Column(
        key="marking",
        en="Marking",
        ar="العلامة",
        says="What it is: a flag, a painted roof, lights.",
        example="painted roof",
    ),
    Column(
        key="occupants",
        en="Occupants (about)",
        ar="عدد الأشخاص (تقريبا)",
        says="About how many, as a band.",
        example="50-100",
    ),
    *_contacts(),
    Column(
        key="valid_from",
        en="Valid from",
        ar="صالح من",
        says="From when; now where empty. A day alone begins at midnight.",
        cell=Cell.WHEN,
        example="2026-03-01",
    ),
    Column(
        key="valid_until",
        en="Valid until",
        ar="صالح حتى",
        says="Until when. A day alone ends at its last midnight. Every notice expires.",
        cell=Cell.WHEN,
        example="2026-06-01",
    ),
    _ZONE,
    Column(
        key="verified",
        en="Verified",
        ar="التحقق",
        says="How far somebody other than the owner looked.",
        cell=Cell.CHOICE,
        choices=_STATES,
    ),
    Column(
        key="verified_by",
        en="Verified by",
        ar="جهة التحقق",
        says="Who looked.",
    ),
    Column(
        key="verified_at",
        en="Verified on",
        ar="تاريخ التحقق",
        says="When.",
        cell=Cell.WHEN,
    ),
    *_RECIPIENTS,
    _WHAT,
)
"""Columns of a sheet of sites."""


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
    _REF,
    _REQUEST,
    _ORGANISATION,
    Column(
        key="mode",
        en="By",
        ar="وسيلة التنقل",
        says="How it moves.",
        cell=Cell.CHOICE,
        choices=_MODES,
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
        choices=_YES_NO,
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
    *_contacts(),
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
        choices=_DATUMS,
    ),
    Column(
        key="access",
        en="Access where it goes",
        ar="إمكانية الوصول",
        says="How open the place is that it goes to.",
        cell=Cell.CHOICE,
        choices=_ACCESS,
    ),
    *_ADMIN,
    _ZONE,
    *_RECIPIENTS,
    _WHAT,
)
"""Columns of a sheet of movements."""

LAYOUTS: Final = {NoticeKind.SITE: SITE, NoticeKind.MOVEMENT: MOVEMENT}
"""The layouts there are."""

TITLES: Final = {
    NoticeKind.SITE: ("Sites", "المواقع"),
    NoticeKind.MOVEMENT: ("Movements", "التنقلات"),
}
"""What a sheet of each is called."""


def column(kind: NoticeKind, key: str) -> Column:
    """Return a column by its key."""
    return next(one for one in LAYOUTS[kind] if one.key == key)


def known_heading(kind: NoticeKind, text: str) -> str | None:
    """Return the key of the column a heading names; `None` for any other column."""
    return _HEADINGS[kind].get(folded(text))


def folded(text: str) -> str:
    """Return a text without case, blanks, punctuation, and marks of vowels."""
    even = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_ـً-ْ]+", "", even)


def _known(columns: tuple[Column, ...]) -> dict[str, str]:
    known: dict[str, str] = {}
    for one in columns:
        for text in (one.key, one.en, one.ar, one.heading, f"{one.en} / {one.ar}"):
            known.setdefault(folded(text), one.key)
    return known


_HEADINGS: Final = {kind: _known(columns) for kind, columns in LAYOUTS.items()}


def is_wrong_column(text: str) -> bool:
    """Say whether a heading is that of the column we put mistakes into."""
    return folded(text) in {
        folded(one) for one in (WRONG_EN, WRONG_AR, f"{WRONG_EN}{WRONG_AR}")
    }


def kind_of(headings: list[str]) -> NoticeKind | None:
    """Say what a sheet is of, by its headings; `None` where they are of neither."""
    counts = {
        kind: sum(
            key not in _SHARED
            for text in headings
            if (key := known_heading(kind, text)) is not None
        )
        for kind in LAYOUTS
    }
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else None


_SHARED: Final = {one.key for one in SITE} & {one.key for one in MOVEMENT}
