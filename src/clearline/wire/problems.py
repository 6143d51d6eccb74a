"""Lay an error out for machines: the members of RFC 9457 and two of our own.

    {"type": "docs/reference/errors.md#callisover", "title": "Call 7 has ended: ...",
     "detail": "Nothing was recorded; ...", "next": "Raise a new call ...",
     "exit_code": 2}

`title` says what happened, `detail` what state things are in, `next` what to do. A
command prints it with `--json`; over HTTP it carries `status` as well. RFC 9457 has
`title` the same for every occurrence; ours names the occurrence, because it is what
a person reads first, and `type` is what stays the same.
"""

from typing import Final

import msgspec

from clearline.model.errors import ClearlineError
from clearline.model.faults import FilingRefused

ERRORS_PAGE: Final = "docs/reference/errors.md"
"""Where each error is explained, by its name."""

PROBLEM_TYPE: Final = "application/problem+json"
"""The media type of a problem (RFC 9457 section 6.1)."""


def problem(error: ClearlineError) -> dict[str, object]:
    """Lay an error out as one object; a form that is refused, field by field."""
    faults = (
        {"faults": msgspec.to_builtins(error.faults)}
        if isinstance(error, FilingRefused)
        else {}
    )
    return {
        **faults,
        "type": f"{ERRORS_PAGE}#{error.name.lower()}",
        "title": error.what,
        "detail": error.state,
        "next": error.next,
        "exit_code": error.exit_code,
    }
