"""Write the OpenAPI 3.1 description of the API from its table of operations."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from clearline.web.endpoints import Endpoint
from clearline.wire.problems import PROBLEM_TYPE

VERSION: Final = "1"
_REFS: Final = "#/components/schemas/{name}"
_DURATION: Final = {
    "type": "string",
    "pattern": r"^[+-]?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d{1,6})?S)?)?$",
    "description": "A duration as ISO 8601 writes it: days, hours, minutes, seconds.",
}
"""How a duration is described: the format `duration` (RFC 3339 appendix A) knows no
parts of a second, and ours have them."""


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
        "parameters": [*_in_path(endpoint.path), *_in_query(endpoint, known, parts)],
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
    if endpoint.method == "POST":
        said["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key with the same body is answered the same "
                "and done once.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            }
        )
    return said


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
    problem = {PROBLEM_TYPE: {"schema": known[_key(Problem)]}}
    said = {str(endpoint.status): done}
    for status, means in endpoint.also.items():
        said[str(status)] = {**done, "description": means}
    said["4XX"] = {"description": "Refused; nothing changed.", "content": problem}
    said["5XX"] = {
        "description": "We could not; what holds is said.",
        "content": problem,
    }
    return said
