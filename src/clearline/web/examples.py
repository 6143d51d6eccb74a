"""Show for every operation that takes a body what one looks like.

The description of the API carries them, and a test holds each against its form. Who
and what is named in them is nobody and nowhere.
"""

from typing import Any, Final

_CREDENTIAL: Final = {
    "id": "q83vEjRWeJA",
    "rawId": "q83vEjRWeJA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
}

NOTICE: Final[dict[str, Any]] = {
    "id": "clearance-7",
    "what": "mines are cleared around the mast",
    "where": "37S FV 069 053",
    "start": "2026-03-01T06:00:00Z",
    "end": "2026-03-01T12:00:00Z",
    "buffer_m": 300,
    "tells": ["south-ops"],
    "consents": [
        {
            "desk": "south-ops",
            "precision": "exact",
            "by": "the clearing party",
            "source": "its letter of 1 March",
        }
    ],
    "details": {"kind": "activity", "type": "clearance"},
}
"""A notice of an activity."""

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "setUp": {
        "code": "XXXX-XXXX-XXXX-XXXX",
        "party": "north",
        "party_name": "North",
        "desk": "north-ops",
        "desk_name": "Operations of North",
        "person": "duty",
        "pseudonym": "north duty 1",
        "password": "a sentence of words",
    },
    "signIn": {
        "person": "duty",
        "secret": "a sentence of words",
        "device": "wall screen",
    },
    "wantPasskey": {"person": "duty"},
    "signInByPasskey": {"person": "duty", "credential": _CREDENTIAL},
    "enterPasskey": {"credential": _CREDENTIAL},
    "setSecret": {
        "kind": "password",
        "now": "XXXX-XXXX-XXXX-XXXX",
        "secret": "another sentence of words",
    },
    "setParty": {"name": "South", "standing": "party"},
    "declareDecisionTime": {"action": "artillery", "decides_within_s": 45.0},
    "setDesk": {"party": "south", "name": "Operations of South", "under": "south-hq"},
    "setNumbers": {
        "numbers": [
            {"number": "+15550100", "says": "the duty telephone"},
            {"number": "+881600000001", "says": "by satellite"},
        ]
    },
    "setLadder": {
        "rungs": [
            {"desk": "south-ops", "after": "PT0S"},
            {"desk": "south-hq", "after": "PT15S"},
        ],
        "repeat_after": "PT30S",
    },
    "setLine": {
        "from_desk": "north-ops",
        "to_desk": "south-ops",
        "medium": "screen",
        "every_s": 43_200,
    },
    "nameOrigin": {
        "name": "Deir ez-Zor",
        "kind": "airfield",
        "position": {"lon": 40.176, "lat": 35.285},
    },
    "setPerson": {
        "desk": "south-ops",
        "pseudonym": "south duty 1",
        "roles": ["duty_officer"],
        "media": ["screen", "sms"],
        "languages": ["ar", "en"],
    },
    "setAddress": {"medium": "sms", "address": "+15550100", "language": "en"},
    "dropAddress": {"medium": "sms", "address": "+15550100"},
    "setPin": {"pin": "493817"},
    "enrolDevice": {"desk": "north-ops", "name": "wall screen"},
    "makeKey": {"desk": "north-ops", "name": "planner", "scopes": ["read", "calls"]},
    "takeWatch": {"role": "duty_officer", "until": "2026-03-01T18:00:00Z"},
    "handOver": {
        "to": "relief",
        "secret": "a sentence of words",
        "taken": ["stop-1"],
        "notes": "Convoy M-107 calls in at every stop. Line to Air Control is down.",
    },
    "planWatch": {
        "rotations": [
            {
                "name": "turns",
                "role": "duty_officer",
                "persons": ["lina", "omar"],
                "zone": "Asia/Damascus",
                "first": "2026-03-01T08:00:00",
                "shift_s": 43200,
            }
        ]
    },
    "overrideWatch": {
        "since": "2026-03-04T05:00:00Z",
        "until": "2026-03-05T05:00:00Z",
        "person": "sami",
        "instead_of": "omar",
        "why": "ill",
    },
    "checkLine": {"to_desk": "south-ops", "medium": "voice"},
    "raiseCall": {
        "kind": "STOP",
        "id": "stop-1",
        "to_desk": "south-ops",
        "card": {"where": "37S FV 069 053", "what": "shelling", "confidence": 3},
    },
    "callShown": {"device": "wall screen"},
    "acknowledge": {},
    "withdrawAcknowledgement": {"why": "pressed by mistake"},
    "answer": {
        "answer": "UNABLE",
        "reason": "need authority",
        "whom": "south-hq",
    },
    "readBack": {"said": [{"name": "where", "text": "37S FV 069 053"}]},
    "passOn": {"to_desk": "south-air"},
    "ceased": {"ceased_at": "2026-03-01T12:04:30Z", "detail": "the last gun is silent"},
    "close": {"why": "settled between both desks"},
    "renewHold": {"ends_in_s": 900},
    "openSheet": {"id": "sheet-1"},
    "noteOnSheet": {
        "words": "they are shelling the clinic",
        "place": "37S FV 069 053",
        "what": "shelling",
    },
    "raiseSheet": {"kind": "HOLD"},
    "fileNotice": NOTICE,
    "checkNotice": NOTICE,
    "amendNotice": {**NOTICE, "what": "the mast is cleared until noon"},
    "withdrawNotice": {"why": "the work is done"},
    "confirmNotice": {},
    "noticeShown": {"is_only_delivered": False},
    "answerNotice": {"disposition": "acknowledged", "detail": "passed to the battery"},
    "routeNotice": {"routing": "forwarded", "to": "south-ops"},
    "reportMovement": {"state": "at stop", "stop": 1, "detail": "a checkpoint"},
    "stateOutcome": {"outcome": "impeded", "detail": "held for five hours"},
    "addFile": {"name": "roof.png", "content": "iVBORw0KGgo=", "shows": "the roof"},
    "keepDraft": NOTICE,
    "approveDraft": {},
    "beginImport": {
        "name": "sites.csv",
        "data": "bmFtZSxwbGFjZQpjbGluaWMsMzdTIEZWIDA2OSAwNTMK",
        "is_trial": True,
    },
    "approveImport": {},
    "readPlace": {"text": "9 km south of the airfield"},
    "reportHarm": {"case": "ferry", "says": "The ferry was hit.", "call": "stop-1"},
    "enterCaseAct": {
        "type": "finding_made",
        "act": {"says": "The place was told wrong.", "parties": ["north"]},
    },
    "releaseEvidence": {
        "second": "observer",
        "secret": "a sentence of words",
        "why": "both sides agree",
    },
    "takeStatement": {
        "id": "s-1",
        "role": "nurse",
        "pseudonym": "witness 1",
        "said": "Two came in before the call.",
    },
    "screen": {
        "where": "35.0456N 40.0123E",
        "window": {"start": "2026-03-01T15:00:00Z", "end": "2026-03-01T16:00:00Z"},
        "buffer_m": 500.0,
    },
    "acceptConflict": {
        "why": "Agreed by telephone: nothing flies below 3,000 m there."
    },
    "releaseConflict": {"why": "They have to know before they leave."},
    "claimControl": {
        "where": "35.0456N 40.0123E",
        "holder": "the northern party",
        "source": "an observer on the hill",
        "source_kind": "person",
        "as_of": "2026-03-01T09:00:00Z",
        "reliability": "B",
        "credibility": "2",
        "certainty": "probable",
        "tells": ["south-ops"],
    },
    "proposeAgreement": {
        "other": "north",
        "margins": [
            {"buffer_m": 500.0, "buffer_s": 600.0, "kinds": ["site", "movement"]},
            {"buffer_m": 2_000.0, "actions": ["strike"], "kinds": ["site"]},
        ],
        "kept_for_days": 90,
        "alone": ["wider"],
        "ends_after_h": 48,
        "starts_at": "2026-03-02T06:00:00Z",
    },
    "previewAgreement": {"other": "north", "margins": [{"buffer_m": 500.0}]},
    "confirmAgreement": {"version": 1},
    "endAgreement": {"why": "We agree another one with the monitor in it."},
    "withdrawControl": {"why": "They read the wrong hill."},
}
