"""Say what a column of a sheet is, and name those that both sheets have."""

from enum import StrEnum
from typing import Final

import msgspec

EXAMPLE: Final = "EXAMPLE"
"""A row whose number begins so is the example of the template, and is not read."""


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


YES_NO: Final = (("yes", "نعم"), ("no", "لا"))
REQUESTS: Final = (("add", "إضافة"), ("amend", "تعديل"), ("remove", "إزالة"))
FUNCTIONS: Final = (
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
MODES: Final = (
    ("road", "طريق"),
    ("foot", "سيرا على الأقدام"),
    ("boat", "قارب"),
    ("rail", "سكة حديد"),
    ("helicopter", "مروحية"),
    ("aeroplane", "طائرة"),
    ("airdrop", "إسقاط جوي"),
)
BEARERS: Final = (
    ("mobile", "هاتف محمول"),
    ("satellite", "هاتف فضائي"),
    ("vhf", "VHF"),
    ("hf", "HF"),
    ("internet", "إنترنت"),
    ("landline", "هاتف أرضي"),
)
POSTS: Final = (("field", "الميدان"), ("headquarters", "المقر"))
STATES: Final = (
    ("not verified", "غير متحقق منه"),
    ("from afar", "عن بعد"),
    ("visited", "تمت زيارته"),
    ("disputed", "متنازع عليه"),
)
ACCESS: Final = (
    ("open", "مفتوح"),
    ("restricted", "مقيد"),
    ("hard to reach", "صعب الوصول"),
    ("besieged", "محاصر"),
    ("closed", "مغلق"),
)
DATUMS: Final = (
    ("AGL", "فوق الأرض"),
    ("AMSL", "فوق سطح البحر"),
    ("WGS84", "WGS84"),
    ("FL", "FL"),
)

REF: Final = Column(
    key="ref",
    en="Reference number",
    ar="الرقم المرجعي",
    says="The owner's own number. Given again, it means the same notice.",
    is_required=True,
    example=f"{EXAMPLE}: this row is not read",
)
REQUEST: Final = Column(
    key="request",
    en="Request",
    ar="الطلب",
    says="Add, amend or remove. One file asks for one of them only.",
    cell=Cell.CHOICE,
    choices=REQUESTS,
    example="add",
)
ORGANISATION: Final = Column(
    key="organisation",
    en="Organisation",
    ar="المنظمة",
    says="Who owns the notice.",
    example="A Relief Agency",
)
ZONE: Final = Column(
    key="zone",
    en="Time zone",
    ar="المنطقة الزمنية",
    says="Of every time in the row that carries none of its own: UTC+3, "
    "or a name such as Asia/Damascus.",
    example="UTC+3",
)
WHAT: Final = Column(
    key="what",
    en="Remarks",
    ar="ملاحظات",
    says="What it is, or what will be done, in the owner's words.",
    example="Clinic of 40 beds; two ambulances stand in the yard.",
)
ADMIN: Final = (
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
    Column(
        key="is_outside",
        en="Lies outside that area (is_outside)",
        ar="خارج تلك المنطقة",
        says="Yes where the place does lie outside the area that is stated, and it is "
        "no mistake. Empty: no.",
        cell=Cell.YES_NO,
        choices=YES_NO,
    ),
)
RECIPIENTS: Final = (
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


def contacts() -> tuple[Column, ...]:
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
                choices=BEARERS,
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
                choices=POSTS,
                example="field",
            ),
            Column(
                key=f"contact_{number}_day_and_night",
                en=f"Contact {number}: 24/7",
                ar=f"جهة الاتصال {number}: على مدار الساعة",
                says="Whether somebody answers at any hour.",
                cell=Cell.YES_NO,
                choices=YES_NO,
                example="yes",
            ),
        )
    return tuple(columns)
