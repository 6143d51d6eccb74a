"""Hold the scripts, styles and fonts that `./run` builds, compressed, in memory.

Their names carry a digest of what is in them, so a browser may keep them for ever.
A checkout in which nothing was built yet serves plain pages without them.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from clearline.web.refusals import not_there

FOLDER: Final = Path(__file__).parent / "static"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_MEDIA: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one built file in each encoding it was made in."""

    media: str
    plain: bytes
    encoded: dict[str, bytes]


class Assets:
    """Find built files by the name in their address."""

    def __init__(self, folder: Path) -> None:
        """Read every file of a build; nothing where there was none."""
        listed = folder / "manifest.json"
        self.names: dict[str, str] = (
            json.loads(listed.read_bytes()) if listed.exists() else {}
        )
        self._files = {
            path.name: _read(path)
            for path in (folder.iterdir() if self.names else ())
            if path.suffix in _MEDIA
        }

    def url(self, name: str) -> str:
        """Return the address of what was built under a name; empty if it was not."""
        made = self.names.get(name)
        return f"/static/{made}" if made else ""

    def respond(self, name: str, request: Request, *, is_kept: bool = True) -> Response:
        """Answer with a file, in the best encoding the browser takes.

        Raises:
            NotThere: Nothing was built under this name.
        """
        found = self._files.get(name)
        if found is None:
            raise not_there(f"file {name!r}")
        headers = {
            "cache-control": _FOR_EVER if is_kept else "no-cache",
            "x-content-type-options": "nosniff",
            "vary": "accept-encoding",
        }
        body = found.plain
        taken = request.headers.get("accept-encoding", "")
        for coding, _ in _ENCODINGS:
            if coding in taken and coding in found.encoded:
                body = found.encoded[coding]
                headers["content-encoding"] = coding
                break
        return Response(body, media_type=found.media, headers=headers)


def _read(path: Path) -> Asset:
    beside = {
        coding: path.with_name(path.name + suffix) for coding, suffix in _ENCODINGS
    }
    return Asset(
        media=_MEDIA[path.suffix],
        plain=path.read_bytes(),
        encoded={
            coding: file.read_bytes()
            for coding, file in beside.items()
            if file.exists()
        },
    )


@lru_cache(maxsize=1)
def assets() -> Assets:
    """Return what was built beside this file."""
    return Assets(FOLDER)
