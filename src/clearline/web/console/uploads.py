"""Read a form that brings a file: `multipart/form-data` (RFC 7578), from a browser.

    --boundary
    Content-Disposition: form-data; name="file"; filename="sites.xlsx"
    Content-Type: application/...

    the bytes
    --boundary--

Our own few lines, because the kept library for it reads a form into files on disk, and
everything here is at hand already.
"""

import re
from typing import Final

import msgspec

from clearline.web.refusals import BadRequest

MULTIPART: Final = "multipart/form-data"
MOST_PARTS: Final = 600
_LONGEST_NAME: Final = 255
_BOUNDARY: Final = re.compile(r'boundary="?([^";]{1,70})"?')
_SAID: Final = re.compile(rb'([a-z]+)="([^"]*)"')


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a file that came with a form: its name without folders, and its bytes."""

    name: str
    data: bytes


def read_parts(
    kind: str, body: bytes
) -> tuple[dict[str, list[str]], dict[str, Upload]]:
    """Take a form apart: its fields, and the files it brought.

    Args:
        kind: The whole content type, which says where parts end.
        body: All of it.

    Raises:
        BadRequest: It is no such form.
    """
    found = _BOUNDARY.search(kind)
    if found is None:
        raise _unread("it does not say where its parts end")
    mark = b"--" + found.group(1).encode("latin-1", "replace")
    # Each part begins after its mark and ends before the line break of the next.
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) - 2 > MOST_PARTS or not pieces[-1].startswith(b"--"):
        raise _unread("it breaks off, or has too many parts")
    fields: dict[str, list[str]] = {}
    files: dict[str, Upload] = {}
    for piece in pieces[1:-1]:
        head, sign, data = piece.partition(b"\r\n\r\n")
        said = dict(_SAID.findall(head))
        if not sign or b"name" not in said:
            raise _unread("a part of it has no name")
        name = _text(said[b"name"])
        if b"filename" not in said:
            fields.setdefault(name, []).append(_text(data))
        elif said[b"filename"] or data:
            files[name] = Upload(name=_bare(_text(said[b"filename"])), data=data)
    return fields, files


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _bare(name: str) -> str:
    """Return a file's name without the folders of whoever sent it."""
    last = re.split(r"[\\/]", name.replace("%22", '"'))[-1]
    return "".join(one for one in last if one.isprintable())[:_LONGEST_NAME] or "file"


def _unread(why: str) -> BadRequest:
    return BadRequest(
        f"The form with the file cannot be read: {why}.",
        state="Nothing was taken.",
        next="Choose the file again and send the form again.",
    )
