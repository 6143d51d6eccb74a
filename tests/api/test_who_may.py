"""Who may ask for what: every operation, every kind of caller, in one table."""

import pytest

from api.nodes import PERSONS
from clearline.model.access import Scope
from clearline.model.parties import Role
from clearline.web.app import ENDPOINTS

ADMIN_ONLY = {
    "setParty", "declareDecisionTime", "setDesk", "setLadder", "setLine", "nameOrigin",
    "setPerson", "dropPasskeys", "makeOnce", "setPin", "listDevices", "enrolDevice",
    "revokeDevice", "listKeys", "makeKey", "revokeKey", "planWatch", "setNumbers",
}  # fmt: skip
OPEN = {
    "health", "node", "openapi", "setUp", "signIn", "wantPasskey", "signInByPasskey",
    "checkpoint", "trustPage", "authority",
}  # fmt: skip
PERSON_ONLY = {
    "whoAmI", "signOut", "signOutEverywhere", "setSecret", "newPasskey", "enterPasskey",
    "takeWatch", "handOver", "acknowledge", "withdrawAcknowledgement", "answer",
    "readBack", "passOn", "ceased", "close", "renewHold", "overrideWatch",
    "dropOverride", "talkAboutConflict", "acceptConflict", "releaseConflict",
    "claimControl", "withdrawControl",
    "fileNotice", "checkNotice", "amendNotice", "withdrawNotice",
    "confirmNotice", "answerNotice", "routeNotice", "reportMovement", "stateOutcome",
    "addFile", "readPersonal", "readNoticeSheet", "listDrafts", "readDraft",
    "keepDraft", "dropDraft",
    "approveDraft",
    "beginImport", "readImport", "importSheet", "exportNotices", "sheetTemplate",
    "listImports", "approveImport", "dropImport",
}  # fmt: skip
BINDING = {"proposeAgreement", "endAgreement"}
CONFIRMING = {"previewAgreement", "previewProposal", "confirmAgreement"}
SHEETS = {"openSheet", "readSheet", "noteOnSheet", "raiseSheet", "endSheet"}
CASES = {
    "listCases", "reportHarm", "listAllegations", "listFindings", "readCase",
    "enterCaseAct",
    "releaseEvidence", "takeStatement", "layOutCase", "reportCase",
    "readCaseRecord", "listReferrals",
}  # fmt: skip
SHOWING = {"noticeShown"}
OWN = {"listAddresses", "setAddress", "dropAddress"}
CALLING = {"raiseCall", "callShown", "checkLine"}
LOOKING = {
    "metrics", "listParties", "readParty", "listDesks", "readDesk", "readLadder",
    "listLines", "listOrigins", "listPersons", "readPerson", "readWatch", "listCalls",
    "readCall", "listCallEntries", "toReadBack", "readPlace", "receipt", "follow",
    "listNotices", "countNotices", "readNotice", "readNoticeFile",
    "phoneCards",
    "readWatchPlan", "readWatchAhead", "listWatchesAhead", "lineMatrix", "listSources",
    "showMap", "listMaps", "basemapTile", "layerTile", "layerContent", "placesInView",
    "screen", "readScreening", "listDisclosuresOf", "listDisclosures", "listProbing",
    "listConflicts", "readConflict", "listControl",
    "listAgreements", "readAgreement",
}  # fmt: skip

CALLERS = (
    "nobody", "admin", "duty", "director", "interpreter", "auditor", "observer",
    "device", "key read", "key calls", "key notices", "key admin",
)  # fmt: skip


def is_admitted(name, caller):  # noqa: PLR0911 (a table, read from the top)
    """Say by the table above whether a caller may ask."""
    if name in OPEN:
        return True
    is_person = caller in PERSONS
    if name in ADMIN_ONLY:
        return caller in ("admin", "key admin")
    if name in BINDING:
        return caller in ("admin", "director")
    if name in CONFIRMING:
        return caller in ("admin", "director", "duty")
    if name in PERSON_ONLY | CASES:
        return is_person
    if name in OWN:
        return is_person or caller == "key admin"
    if name in SHEETS:
        return is_person or caller == "device"
    if name in SHOWING:
        return is_person or caller in ("device", "key notices")
    if name in CALLING:
        return is_person or caller in ("device", "key calls")
    return is_person or caller in ("device", "key read")


def test_the_table_has_every_operation():
    """A new operation says here who may ask for it, or this fails."""
    named = (
        SHOWING
        | CASES
        | SHEETS
        | ADMIN_ONLY
        | OPEN
        | PERSON_ONLY
        | OWN
        | CALLING
        | BINDING
        | CONFIRMING
        | LOOKING
    )
    assert {one.name for one in ENDPOINTS} == named


@pytest.fixture(scope="module")
def callers(shared):
    """Give a client for each kind of caller."""
    found = {"nobody": shared.anybody()}
    for person in CALLERS:
        if person in PERSONS:
            found[person] = shared.as_person(person)
    admin = found["admin"]
    device = {"desk": "south-ops", "name": "wall"}
    found["device"] = shared.anybody(
        admin.post("/api/v1/devices", json=device).json()["token"]
    )
    for scope in Scope:
        given = {"desk": "south-ops", "name": scope, "scopes": [scope]}
        token = admin.post("/api/v1/keys", json=given).json()["token"]
        found[f"key {scope}"] = shared.anybody(token)
    yield found
    for client in found.values():
        client.close()


SIGNS_OUT = {"signOut", "signOutEverywhere"}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_every_operation_is_refused_to_whoever_must_not_have_it(
    endpoint, callers, shared
):
    """Nobody known gets 401, who may not gets 403, whatever else is wrong."""
    path = endpoint.path.replace("{index:int}", "0")
    for part in "zxy":
        path = path.replace(f"{{{part}:int}}", "0")
    named = ("party", "desk", "precedence", "person", "call", "id", "override", "name")
    for part in (*named, "notice", "conflict", "claim", "agreement", "sha256"):
        path = path.replace(f"{{{part}}}", "no-such-thing")
    for caller in CALLERS:
        if endpoint.name in SIGNS_OUT and caller in PERSONS:
            continue  # it would sign out the others' caller; other tests do
        if endpoint.name == "follow" and is_admitted(endpoint.name, caller):
            continue  # an endless stream; the tests of the feed read it
        shared.app.shared.limits._left.clear()
        said = callers[caller].request(
            endpoint.method,
            path,
            content=b"{" if endpoint.takes else None,
            headers={"content-type": "application/json"} if endpoint.takes else {},
        )
        kind = said.headers.get("content-type", "")
        if is_admitted(endpoint.name, caller):
            refused = said.status_code == 403 and "notallowed" in said.text
            assert not refused, (caller, said.text)
            assert said.status_code != 401 or endpoint.name in OPEN, (caller, said.text)
        else:
            wanted = 401 if caller == "nobody" else 403
            assert said.status_code == wanted, (caller, said.text)
            assert kind == "application/problem+json"
        if said.status_code >= 400 and endpoint.name != "health":
            problem = said.json()
            assert {"type", "title", "status", "detail", "next"} <= problem.keys()
            assert problem["status"] == said.status_code


def test_every_role_may_raise_a_stop(shared):
    """Whatever somebody does on a desk, they may stop."""
    assert {role for _, roles in PERSONS.values() for role in roles} >= {
        Role.INTERPRETER, Role.AUDITOR, Role.ADMINISTRATOR, Role.MONITOR,
    }  # fmt: skip
    for person in PERSONS:
        with shared.as_person(person) as somebody:
            assert somebody.post("/api/v1/calls", json={}).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/nothing", 404),
        ("PATCH", "/api/v1/calls", 405),
        ("DELETE", "/api/v1/calls", 405),
        ("POST", "/api/v1/desks", 405),
    ],
)
def test_what_is_not_there_is_a_problem_too(shared, method, path, status):
    """A wrong path or method is answered in the one shape errors have."""
    with shared.anybody() as somebody:
        said = somebody.request(method, path)
    assert said.status_code == status
    assert said.headers["content-type"] == "application/problem+json"
    assert said.json()["status"] == status
    if status == 405:
        assert said.headers["allow"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"kind": "SHOUT"}', b"[" * 5000,
     b'{"kind": "WARN", "card": 7}',
     b'{"kind": "WARN", "said_at": "2026-03-01T12:00:00"}'],
)  # fmt: skip
def test_a_body_nobody_can_read_is_refused(shared, body):
    """Whatever comes, the answer is a problem that says what was wrong, never a 500."""
    with shared.as_person("lina") as lina:
        said = lina.post(
            "/api/v1/calls", content=body, headers={"content-type": "application/json"}
        )
    if body == b"":
        assert said.status_code == 201  # nothing given is a STOP
    else:
        assert said.status_code == 400, said.text
        assert said.json()["type"].endswith("#badrequest")


def test_a_body_that_is_too_long_is_refused(shared):
    """More than a megabyte is nothing anybody says."""
    with shared.as_person("lina") as lina:
        said = lina.post(
            "/api/v1/calls",
            content=b'{"id": "' + b"x" * (1 << 20) + b'"}',
            headers={"content-type": "application/json"},
        )
    assert said.status_code == 413
