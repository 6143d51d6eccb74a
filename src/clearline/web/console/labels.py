"""Name the coded words of the line for a reader; every language has all of them.

What is spoken on the line itself (STOP, WILCO) is said by `service.phrases` where a
phrase is kept there. These are the words around it.
"""

from enum import StrEnum
from typing import Final

from clearline.model.agreements import AgreementState, Change
from clearline.model.calls import (
    Answer,
    ClockName,
    Ending,
    Precedence,
    UnableReason,
)
from clearline.model.conflicts import ConflictState
from clearline.model.linetests import Stands
from clearline.model.notice_details import (
    AccessState,
    Bearer,
    Mode,
    Post,
    SiteFunction,
)
from clearline.model.notices import (
    Disposition,
    Facilitation,
    MovementState,
    NoticeKind,
    Precision,
    Routing,
    Status,
)
from clearline.model.parties import Medium, Role, Standing, Strength
from clearline.model.readback import ElementOutcome
from clearline.model.screenings import Verdict
from clearline.wire.forms.calls import Phase


def _(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


LABELS: Final[dict[type[StrEnum], dict[str, str]]] = {
    Precedence: {
        Precedence.FLASH: _("FLASH"),
        Precedence.IMMEDIATE: _("IMMEDIATE"),
        Precedence.PRIORITY: _("PRIORITY"),
        Precedence.ROUTINE: _("ROUTINE"),
    },
    Answer: {
        Answer.WILCO: _("WILCO"),
        Answer.UNABLE: _("UNABLE"),
        Answer.STANDBY: _("STANDBY"),
        Answer.AFFIRM: _("AFFIRM"),
        Answer.NEGATIVE: _("NEGATIVE"),
        Answer.ROGER: _("ROGER"),
    },
    UnableReason: {
        UnableReason.NOT_OURS: _("not ours"),
        UnableReason.CANNOT_REACH_THEM: _("cannot reach them"),
        UnableReason.IN_CONTACT: _("in contact"),
        UnableReason.NEED_AUTHORITY: _("need authority"),
        UnableReason.UNCLEAR: _("unclear"),
        UnableReason.OTHER: _("other"),
    },
    ClockName: {
        ClockName.RING: _("next ring"),
        ClockName.READ_BACK: _("read back"),
        ClockName.PASS_ON: _("pass on"),
        ClockName.CEASE: _("report ceased"),
        ClockName.ANSWER: _("answer"),
        ClockName.CLOSE: _("close"),
        ClockName.REVIEW: _("review"),
        ClockName.END: _("ends"),
        ClockName.VOID: _("void"),
        ClockName.DEADLINE: _("deadline"),
        ClockName.PEER: _("their node"),
    },
    Ending: {
        Ending.CLOSED: _("closed by both sides"),
        Ending.RELEASED: _("lifted"),
        Ending.LAPSED: _("lapsed"),
        Ending.VOID: _("void"),
        Ending.MISSED: _("missed"),
        Ending.REFUSED: _("refused"),
        Ending.RAISED_TO_STOP: _("raised to STOP"),
    },
    Phase: {
        Phase.RINGING: _("RINGING"),
        Phase.NOBODY_HAS_THIS: _("NOBODY HAS THIS"),
        Phase.HELD: _("ACKNOWLEDGED"),
        Phase.READ_BACK: _("READ BACK"),
        Phase.PASSED_ON: _("PASSED ON"),
        Phase.CEASED: _("CEASED"),
        Phase.OVER: _("OVER"),
    },
    Medium: {
        Medium.SCREEN: _("screen"),
        Medium.PUSH: _("browser push"),
        Medium.VOICE: _("voice"),
        Medium.SMS: _("SMS"),
        Medium.EMAIL: _("e-mail"),
        Medium.WEBHOOK: _("webhook"),
        Medium.RADIO: _("radio"),
        Medium.LINK: _("their node"),
    },
    Role: {
        Role.OPERATOR: _("operator"),
        Role.DUTY_OFFICER: _("duty officer"),
        Role.BATTLE_DIRECTOR: _("battle director"),
        Role.COMMANDER: _("commander"),
        Role.INTERPRETER: _("interpreter"),
        Role.LIAISON: _("liaison"),
        Role.SITE_MANAGER: _("site manager"),
        Role.CONVOY_LEADER: _("convoy leader"),
        Role.MONITOR: _("monitor"),
        Role.ADMINISTRATOR: _("administrator"),
        Role.AUDITOR: _("auditor"),
    },
    Standing: {
        Standing.PARTY: _("party"),
        Standing.PARTICIPANT: _("participant"),
        Standing.NEUTRAL: _("neutral"),
    },
    Strength: {
        Strength.PASSKEY: _("passkey"),
        Strength.PASSWORD: _("password"),
        Strength.CALL_BACK: _("call-back"),
        Strength.PIN: _("PIN"),
        Strength.CODE: _("one-time code"),
        Strength.DEVICE_ONLY: _("device only"),
        Strength.HEARD: _("heard only"),
    },
    NoticeKind: {
        NoticeKind.SITE: _("site"),
        NoticeKind.MOVEMENT: _("movement"),
        NoticeKind.ACTIVITY: _("activity"),
        NoticeKind.POSITION: _("position"),
        NoticeKind.AREA: _("area"),
    },
    SiteFunction: {
        SiteFunction.HEALTH: _("health"),
        SiteFunction.SCHOOL: _("school"),
        SiteFunction.WAREHOUSE: _("warehouse"),
        SiteFunction.OFFICE: _("office"),
        SiteFunction.GUESTHOUSE: _("guesthouse"),
        SiteFunction.WATER: _("water"),
        SiteFunction.SHELTER: _("shelter"),
        SiteFunction.DISTRIBUTION: _("distribution"),
        SiteFunction.CRITICAL_INFRASTRUCTURE: _("critical infrastructure"),
        SiteFunction.OTHER: _("something else"),
    },
    Mode: {
        Mode.ROAD: _("road"),
        Mode.FOOT: _("foot"),
        Mode.BOAT: _("boat"),
        Mode.RAIL: _("rail"),
        Mode.HELICOPTER: _("helicopter"),
        Mode.AEROPLANE: _("aeroplane"),
        Mode.AIRDROP: _("airdrop"),
    },
    AccessState: {
        AccessState.OPEN: _("open to people and goods"),
        AccessState.RESTRICTED: _("restricted"),
        AccessState.HARD_TO_REACH: _("hard to reach"),
        AccessState.BESIEGED: _("besieged"),
        AccessState.CLOSED: _("shut"),
    },
    Bearer: {
        Bearer.MOBILE: _("mobile"),
        Bearer.SATELLITE: _("satellite"),
        Bearer.VHF: _("VHF"),
        Bearer.HF: _("HF"),
        Bearer.INTERNET: _("internet"),
        Bearer.LANDLINE: _("landline"),
    },
    Post: {
        Post.FIELD: _("in the field"),
        Post.HEADQUARTERS: _("at headquarters"),
    },
    Status: {
        Status.DRAFT: _("draft"),
        Status.SUBMITTED: _("submitted"),
        Status.RECEIVED: _("received"),
        Status.RETURNED: _("returned for correction"),
        Status.FORWARDED: _("forwarded"),
        Status.ACTIVE: _("active"),
        Status.AMENDED: _("amended"),
        Status.WITHDRAWN: _("withdrawn"),
        Status.EXPIRED: _("expired"),
        Status.COMPLETED: _("completed"),
    },
    Disposition: {
        Disposition.DELIVERED: _("delivered"),
        Disposition.SHOWN: _("shown"),
        Disposition.ACKNOWLEDGED: _("acknowledged"),
        Disposition.QUERIED: _("asked about"),
        Disposition.OBJECTED: _("objected"),
        Disposition.NOT_OBJECTED: _("not objected"),
        Disposition.DENIED: _("denied"),
    },
    MovementState: {
        MovementState.PLANNED: _("planned"),
        MovementState.DEPARTED: _("departed"),
        MovementState.AT_STOP: _("at a stop"),
        MovementState.DELAYED: _("delayed"),
        MovementState.DIVERTED: _("another way"),
        MovementState.DWELL_EXCEEDED: _("stands longer than was said"),
        MovementState.ARRIVED: _("arrived"),
        MovementState.OVERDUE: _("overdue"),
    },
    Facilitation: {
        Facilitation.FACILITATED: _("facilitated"),
        Facilitation.PARTIALLY_FACILITATED: _("partially facilitated"),
        Facilitation.IMPEDED: _("impeded"),
        Facilitation.DENIED: _("denied"),
        Facilitation.POSTPONED: _("postponed"),
    },
    Routing: {
        Routing.RECEIVED: _("received"),
        Routing.RETURNED: _("returned for correction"),
        Routing.FORWARDED: _("forwarded"),
    },
    Precision: {
        Precision.EXACT: _("exactly"),
        Precision.COARSE: _("coarsely"),
        Precision.EXISTENCE: _("only that it is there"),
    },
    AgreementState: {
        AgreementState.PROPOSED: _("proposed"),
        AgreementState.CONFIRMED: _("confirmed, not begun"),
        AgreementState.IN_FORCE: _("in force"),
        AgreementState.OVER: _("over"),
    },
    Change: {
        Change.WIDER: _("wider"),
        Change.LONGER: _("kept longer"),
    },
    ConflictState: {
        ConflictState.OPEN: _("open"),
        ConflictState.TALKED_ABOUT: _("being talked about"),
        ConflictState.ACCEPTED: _("accepted"),
        ConflictState.RESOLVED: _("resolved"),
    },
    Stands: {
        Stands.GOOD: _("good"),
        Stands.LATE: _("late"),
        Stands.NEVER: _("never checked"),
        Stands.DEAD: _("DEAD"),
    },
    Verdict: {
        Verdict.CONFLICT: _("CONFLICT"),
        Verdict.NONE_FOUND: _("none found"),
        Verdict.CANNOT_TELL: _("CANNOT TELL"),
    },
    ElementOutcome: {
        ElementOutcome.MATCHES: _("matches"),
        ElementOutcome.DIFFERS: _("DIFFERS"),
        ElementOutcome.MISSING: _("MISSING"),
        ElementOutcome.CANNOT_TELL: _("cannot tell"),
    },
}
"""The word for each, English; a catalogue has it in other languages."""

ELEMENTS: Final = {
    "kind": _("word"),
    "number": _("number"),
    "where": _("place"),
    "what": _("what"),
}
"""What is read back of a call, by the name of its element."""

HAPPENED: Final = {
    "call_raised": _("raised"),
    "rang": _("rang"),
    "attempt_reported": _("ring reported"),
    "received": _("received by their node"),
    "shown": _("shown"),
    "acknowledged": _("acknowledged"),
    "acknowledgement_withdrawn": _("acknowledgement withdrawn"),
    "answer_given": _("answered"),
    "read_back": _("read back"),
    "passed_on": _("passed on"),
    "ceased": _("ceased"),
    "closed_by": _("closed by one side"),
    "hold_renewed": _("HOLD renewed"),
    "desk_told": _("caller told"),
    "heard_from": _("heard from a number"),
    "call_ended": _("ended"),
    "party_set": _("party entered"),
    "desk_set": _("desk entered"),
    "person_set": _("person entered"),
    "agreement_proposed": _("agreement proposed"),
    "agreement_confirmed": _("agreement confirmed"),
    "agreement_ended": _("agreement ended"),
    "agreement_turned": _("agreement began or ended"),
    "watch_taken": _("watch taken"),
    "watch_left": _("watch left"),
    "line_set": _("line entered"),
    "line_check_called": _("line check called"),
    "node_started": _("node started"),
    "wall_stepped": _("wall clock stepped"),
    "ladder_set": _("ladder set"),
    "origin_named": _("origin named"),
    "log_opened": _("log opened"),
    "recorded_late": _("recorded late"),
    "sheet_opened": _("sheet opened"),
    "sheet_noted": _("sheet written on"),
    "sheet_ended": _("sheet ended"),
}
"""What an entry about a call says happened, by the name of its act."""

HAPPENS: Final = {
    "contact": _("first contact"),
    "apart": _("apart again"),
    "begins": _("begins"),
    "ends": _("ends"),
    "leaves": _("leaves"),
    "passes": _("passes"),
    "arrives": _("arrives"),
}
"""What is about to happen to something the map shows."""

KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("Shift S", _("STOP")),
    ("F9", _("STOP, even while typing")),
    ("A", _("acknowledge: the focused call, else the first new one")),
    ("R", _("read back or reply")),
    ("W", _("take the watch")),
    ("J K", _("next, previous call")),
    ("Enter", _("open it")),
    ("Esc", _("back")),
    ("N", _("new notice")),
    ("C", _("plans and conflicts")),
    ("G W N C S R L G I A", _("G, then a letter: go to a screen")),
    ("M", _("map")),
    ("/", _("find")),
    ("T", _("light or dark")),
    ("V", _("verify the ledger")),
    ("?", _("this list")),
)
"""Each key of the console and what it does, in the order they are listed."""
