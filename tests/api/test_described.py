"""The API is as it describes itself: what the document allows is answered as it says.

A failing example is shrunk and printed as a request; the seed replays the whole run.
"""

import re

import jsonschema_rs
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as of_openapi

from api.nodes import running
from clearline.model.instants import Duration
from clearline.web.app import ENDPOINTS
from clearline.web.examples import EXAMPLES
from clearline.web.openapi import describe
from clearline.wire.problems import PROBLEM_TYPE

SEED = 20260301
TRIES = 8
"""How many requests each operation gets: enough to find a field nobody checks."""

DESCRIBED = schemathesis.openapi.from_dict(describe(ENDPOINTS))
HELD = [
    checks.not_a_server_error,
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_schema_conformance,
    of_openapi.response_headers_conformance,
]
LEFT_OUT = {
    "follow": "an endless stream; the tests of the feed read it",
    "signOut": "the caller would be nobody afterwards",
    "signOutEverywhere": "the caller would be nobody afterwards",
}


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """Run a node whose every corner may be written over."""
    with running(tmp_path_factory.mktemp("described") / "data") as served:
        served.service.node.writer.patience = Duration(seconds=60)
        yield served


@pytest.fixture(scope="module")
def token(node):
    """Sign the administrator in, who may ask for everything."""
    with node.as_person("admin") as admin:
        yield admin.headers["authorization"]


@pytest.fixture(scope="module")
def there(node):
    """Give what is there for the parts of a path, so that not all is 404."""
    with node.as_person("duty") as duty, node.as_person("admin") as admin:
        stop = duty.post("/api/v1/calls", json={"to_desk": "north-ops"}).json()
        sheet = admin.post("/api/v1/sheets", json={}).json()
    return {
        "party": "south",
        "desk": "north-ops",
        "precedence": "stop",
        "person": "lina",
        "call": stop["calls"][0]["id"],
        "sheet": sheet["id"],
        "index": node.service.node.log.size - 1,
    }


def test_the_document_names_every_operation(node):
    """What the node serves is OpenAPI 3.1, valid, and leaves no operation out."""
    with node.anybody() as anybody:
        document = anybody.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()
    named = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    }
    assert named == {one.name for one in ENDPOINTS}


def test_every_reference_leads_somewhere():
    """No schema points to one that is not in the document."""
    document = describe(ENDPOINTS)
    for reference in set(_references(document)):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, reference
            found = found[part]


def test_every_refusal_is_described_as_a_problem_and_none_by_a_range():
    """Whoever reads the document knows each status an operation can refuse with."""
    for path in describe(ENDPOINTS)["paths"].values():
        for operation in path.values():
            responses = operation["responses"]
            assert all(re.fullmatch(r"\d{3}", status) for status in responses)
            assert {"500", "503"} <= responses.keys()
            for status, said in responses.items():
                is_health = (operation["operationId"], status) == ("health", "503")
                if int(status) >= 400 and not is_health:
                    assert PROBLEM_TYPE in said["content"], (operation, status)


@pytest.mark.parametrize(
    "endpoint", [one for one in ENDPOINTS if one.takes], ids=lambda one: one.name
)
def test_every_body_has_an_example_that_is_one(endpoint):
    """An example is read by the node's own forms, and fits the schema it stands by."""
    example = EXAMPLES[endpoint.name]
    read = msgspec.json.decode(msgspec.json.encode(example), type=endpoint.takes)
    assert read is not None
    document = describe(ENDPOINTS)
    path = re.sub(r":\w+\}", "}", endpoint.path)
    operation = document["paths"][path][endpoint.method.lower()]
    content = operation["requestBody"]["content"]["application/json"]
    assert content["examples"]["usual"]["value"] == example
    schema = {**content["schema"], "components": document["components"]}
    jsonschema_rs.Draft202012Validator(schema).validate(example)


def test_no_example_is_of_an_operation_that_is_gone():
    """An example whose operation was renamed is taken out."""
    assert {one.name for one in ENDPOINTS if one.takes} == EXAMPLES.keys()


@pytest.mark.parametrize(
    "endpoint",
    [one for one in ENDPOINTS if one.name not in LEFT_OUT],
    ids=lambda one: one.name,
)
def test_every_operation_answers_as_it_is_described(endpoint, node, token, there):
    """Whatever the document allows gets the status, type and shape it promises."""

    @_asked
    @given(case=_of(endpoint).as_strategy(), is_there=st.booleans())
    def ask(case, is_there):
        if is_there:
            case.path_parameters.update(
                {name: there.get(name, at) for name, at in case.path_parameters.items()}
            )
        _hold(node, token, case)

    ask()


@pytest.mark.parametrize(
    "endpoint", [one for one in ENDPOINTS if one.takes], ids=lambda one: one.name
)
def test_what_the_document_forbids_is_refused_as_it_is_described(endpoint, node, token):
    """Whatever else comes is answered too, with a problem and never a fault of ours."""

    @_asked
    @given(case=_of(endpoint).as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ask(case):
        _hold(node, token, case)

    ask()


def _asked(ask):
    return seed(SEED)(
        settings(
            max_examples=TRIES,
            deadline=None,
            database=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        )(ask)
    )


def _of(endpoint):
    return DESCRIBED[re.sub(r":\w+\}", "}", endpoint.path)][endpoint.method]


def _hold(node, token, case):
    """Send one request, and hold its answer against the document."""
    node.app.shared.limits._left.clear()
    node.app.fault = None
    said = case.call(base_url=node.url, headers={"authorization": token})
    assert node.app.fault is None, f"seed {SEED}: {node.app.fault!r}"
    case.validate_response(said, checks=HELD)


def _references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for below in part.values():
            yield from _references(below)
    elif isinstance(part, list):
        for below in part:
            yield from _references(below)
