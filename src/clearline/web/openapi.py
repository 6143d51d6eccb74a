"""Write the OpenAPI 3.1 description of the API from its table of operations."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from clearline.web.conditions import CHANGING
from clearline.web.endpoints import Endpoint, Repeat
from clearline.web.examples import EXAMPLES
from clearline.web.once import LONGEST_KEY
from clearline.wire.problems import PROBLEM_TYPE

VERSION: Final = "1"
_WITHOUT_BODY: Final = frozenset({204, 304})
"""Statuses that never have a body (RFC 9110 sections 15.3.5 and 15.4.5)."""
_REFS: Final = "#/components/schemas/{name}"
_DURATION: Final = {
    "type": "string",
    "pattern": r"^[+-]?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d{1,6})?S)?)?$",
    "description": "A duration as ISO 8601 writes it: days, hours, minutes, seconds.",
}
"""How a duration is described: the format `duration` (RFC 3339 appendix A) knows no
parts of a second, and ours have them."""


REFUSALS: Final = {
    400: "It cannot be read.",
    401: "Nobody is known to ask.",
    403: "Whoever asks may not, or another site's page sent it.",
    404: "It is not there, or not for you to see.",
    409: "It does not fit what stands, or what the same key said before.",
    412: "It is not as you take it to be.",
    413: "It is longer than anything that is said here.",
    415: "It is not JSON.",
    422: "It was read, and cannot be taken.",
    429: "Too often; a STOP or HOLD never is.",
    500: "A fault of ours; look before you say it again.",
    503: "We could not, and say what holds.",
}
"""What each status of a problem means; `statuses_of` says which an operation has."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Say what happened, what state things are in, what to do next (RFC 9457).

    Attributes:
        type: Which error it is: the place in the documentation that explains it.
        title: What happened.
        status: The HTTP status.
        detail: What state things are in.
        next: What to do next.
        exit_code: What a command ends with on the same error.
    """

    type: str
    title: str
    status: int
    detail: str
    next: str
    exit_code: int


def describe(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Write the description of all operations."""
    types = [kind for one in endpoints for kind in (one.takes, one.query, one.gives)]
    wanted = [Problem, *(kind for kind in types if kind is not None)]
    schemas, parts = msgspec.json.schema_components(wanted, ref_template=_REFS)
    parts = _with_durations(parts)
    known = dict(zip(map(_key, wanted), _with_durations(schemas), strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = re.sub(r":\w+\}", "}", endpoint.path)
        operations = paths.setdefault(path, {})
        operations[endpoint.method.lower()] = _operation(endpoint, known, parts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "clearline",
            "version": VERSION,
            "summary": "The open deconfliction line.",
            "description": "Notifying creates no protection and takes none away; not "
            "notifying removes none. Times are RFC 3339 in UTC. Every error is a "
            "problem (RFC 9457).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": parts,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A session, a device or a machine client's key.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "clearline_session",
                    "description": "Together with X-CSRF-Token for every change.",
                },
            },
        },
    }


def _with_durations(schema: Any) -> Any:
    """Describe every duration within a schema, however deep."""
    if isinstance(schema, dict):
        within = {name: _with_durations(part) for name, part in schema.items()}
        if within.get("format") == "duration":
            del within["format"]
            within |= _DURATION
        return within
    if isinstance(schema, list | tuple):
        return [_with_durations(part) for part in schema]
    return schema


def _key(kind: Any) -> str:
    return str(kind)


def _operation(
    endpoint: Endpoint, known: dict[str, Any], parts: dict[str, Any]
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.does,
        "tags": [noun_of(endpoint.path)],
        "parameters": [
            *_in_path(endpoint.path),
            *_in_query(endpoint, known, parts),
            *_headers_of(endpoint),
        ],
        "responses": _responses(endpoint, known),
        "security": [] if endpoint.may.is_open else [{"bearer": []}, {"session": []}],
    }
    if endpoint.says:
        said["description"] = endpoint.says
    if endpoint.takes is not None:
        said["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": known[_key(endpoint.takes)]}},
        }
        if (example := EXAMPLES.get(endpoint.name)) is not None:
            content = said["requestBody"]["content"]["application/json"]
            content["examples"] = {"usual": {"value": example}}
    return said


def statuses_of(endpoint: Endpoint) -> tuple[int, ...]:
    """List with which statuses an operation refuses."""
    has_parts = "{" in endpoint.path
    is_change = endpoint.method not in ("GET", "HEAD")
    wanted = {
        400: has_parts or endpoint.takes is not None or endpoint.query is not None,
        401: not endpoint.may.is_open,
        403: not endpoint.may.is_open,
        404: has_parts or endpoint.takes is not None,
        409: is_change,
        412: endpoint.method in CHANGING,
        413: endpoint.takes is not None,
        415: endpoint.takes is not None,
        422: is_change,
        429: endpoint.rate is not None,
        500: True,
        503: True,
    }
    known = {status for status, is_so in wanted.items() if is_so}
    return tuple(sorted(known | set(endpoint.refuses)))


def _headers_of(endpoint: Endpoint) -> list[dict[str, Any]]:
    """List the headers that matter to an operation."""
    said = []
    if endpoint.repeat is not Repeat.BY_ID and endpoint.method == "POST":
        told = "with the same answer" if endpoint.repeat is Repeat.KEPT else "not again"
        said.append(
            _header(
                "Idempotency-Key",
                f"The same key with the same body is done once, and answered {told}; "
                "with another body it is refused.",
                {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            )
        )
    if endpoint.name == "raiseCall":
        said.append(
            _header(
                "Idempotency-Key",
                "Stands for the call's id where it has none, and is answered as the "
                "first time. Another call under the same id is refused; a STOP or HOLD "
                "rings all the same.",
                {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            )
        )
    elif endpoint.recalls and endpoint.repeat is Repeat.BY_ID:
        said.append(
            _header(
                "Idempotency-Key",
                "The same key with the same body is done once, and answered as it was; "
                "with another body it is another request.",
                {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            )
        )
    tags = {"type": "string", "minLength": 1}
    if endpoint.method in CHANGING:
        means = "Change it only if it still has this ETag."
        said.append(_header("If-Match", means, tags))
        means = "`*`: enter it only if nothing stands there yet."
        said.append(_header("If-None-Match", means, {"const": "*"}))
    elif _has_tag(endpoint):
        means = "Answer 304 while it still has this ETag."
        said.append(_header("If-None-Match", means, tags))
    return said


def _header(name: str, means: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": means,
        "schema": schema,
    }


def _has_tag(endpoint: Endpoint) -> bool:
    return endpoint.method == "GET" and endpoint.gives is not None


def noun_of(path: str) -> str:
    """Name what a path is about."""
    named = re.match(r"/api/v\d+/([^/]+)", path)
    return named[1] if named else "node"


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0}
            if kind == "int"
            else {"type": "string", "minLength": 1},
        }
        for name, kind in re.findall(r"\{(\w+)(?::(\w+))?\}", path)
    ]


def _in_query(
    endpoint: Endpoint, known: dict[str, Any], parts: dict[str, Any]
) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    name = known[_key(endpoint.query)]["$ref"].rpartition("/")[2]
    return [
        {
            "name": field,
            "in": "query",
            "required": False,
            "schema": {key: at for key, at in schema.items() if key != "default"},
        }
        for field, schema in parts[name]["properties"].items()
    ]


def _responses(endpoint: Endpoint, known: dict[str, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": endpoint.does}
    if endpoint.gives is not None:
        done["content"] = {endpoint.media: {"schema": known[_key(endpoint.gives)]}}
    elif endpoint.media != "application/json":
        done["content"] = {endpoint.media: {"schema": {"type": "string"}}}
    said = {str(endpoint.status): done}
    if _has_tag(endpoint):
        done["headers"] = {"ETag": {"schema": {"type": "string"}}}
        said["304"] = {"description": "It is as it was.", "headers": done["headers"]}
    for status in statuses_of(endpoint):
        said[str(status)] = _refusal(status, known)
    for status, means in endpoint.also.items():
        said[str(status)] = {**done, "description": means}
        if status in _WITHOUT_BODY:
            said[str(status)].pop("content", None)
    return said


def _refusal(status: int, known: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": REFUSALS[status],
        "content": {PROBLEM_TYPE: {"schema": known[_key(Problem)]}},
    }
    if status == 429:  # noqa: PLR2004 (RFC 6585 section 4)
        whole = {"type": "integer", "minimum": 1}
        means = "How many seconds to wait."
        said["headers"] = {"Retry-After": {"description": means, "schema": whole}}
    if status == 401:  # noqa: PLR2004 (RFC 9110 section 15.5.2)
        said["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return said
