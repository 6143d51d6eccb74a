"""Keep the maps people bring: each whole, or not at all.

    DATA/layers/NAME.json            what it is, of what day, from whom
    DATA/layers/NAME-SHA256.*        what is drawn, by the hash of what was brought

    content, durable --> NAME.json renamed over the older --> the older content goes

Where the machine stops between two steps, NAME.json names content that is there. A node
looks into the folder when somebody asks: nothing has to be started anew.
"""

import contextlib
import hashlib
import re
import shutil
import threading
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from clearline.adapters.basemap.bringing import Brought, take_in
from clearline.adapters.basemap.tiles import MbtilesFile, PmtilesFile
from clearline.adapters.files import (
    PRIVATE,
    SYSTEM_DISK,
    make_private_folder,
    refusals,
    write_whole,
)
from clearline.model.errors import BadInput
from clearline.model.instants import Instant
from clearline.model.layers import Layer, LayerName

LAYERS: Final = "layers"
"""Name of the folder within the data folder."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_OPEN_AT_ONCE: Final = 16


class NotALayer(BadInput):
    """Refuse a name, a day or a source that cannot be meant."""


class LayerThere(BadInput):
    """Refuse to take the place of a layer that nobody said is to go."""


class UnknownLayer(BadInput):
    """Refuse a layer that is not there."""


class Bringing(msgspec.Struct, frozen=True, kw_only=True):
    """Say what is brought, by whom it was made, and of what day it is."""

    path: Path
    name: str
    source: str
    as_of: str
    title: str = ""
    crs: str | None = None
    is_replacing: bool = False


class Layers:
    """Hold the layers of one data folder; threads may ask."""

    def __init__(self, data: Path) -> None:
        """Say where the data folder is; nothing is read yet."""
        self._folder = data / LAYERS
        self._turn = threading.Lock()
        self._opened: dict[str, PmtilesFile | MbtilesFile] = {}

    def all(self) -> tuple[Layer, ...]:
        """Return every layer that is there, in order of their names."""
        found = []
        for about in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(OSError, msgspec.DecodeError):
                found.append(msgspec.json.decode(about.read_bytes(), type=Layer))
        return tuple(found)

    def find(self, name: str) -> Layer:
        """Return one layer.

        Raises:
            UnknownLayer: There is none of that name.
        """
        if _NAME.fullmatch(name):
            with contextlib.suppress(OSError, msgspec.DecodeError):
                return msgspec.json.decode(self._about(name).read_bytes(), type=Layer)
        raise UnknownLayer(
            f"There is no layer {name!r}.",
            state="Nothing was done.",
            next="`clearline basemap list` names those there are.",
        )

    def content(self, layer: Layer) -> bytes:
        """Return the one file of a layer of shapes, or of a picture.

        Raises:
            StoreRefused: It cannot be read.
        """
        with refusals(f"reading layer {layer.name}", "Nothing was changed."):
            return (self._folder / layer.file).read_bytes()

    def tiles(self, layer: Layer) -> PmtilesFile | MbtilesFile:
        """Return the tiles of a layer.

        Raises:
            NotTiles: The file was damaged since it was brought.
        """
        path = self._folder / layer.file
        with self._turn:
            if layer.sha256 not in self._opened:
                if len(self._opened) >= _OPEN_AT_ONCE:
                    self._opened.clear()
                is_pmtiles = path.suffix == ".pmtiles"
                opened = PmtilesFile(path) if is_pmtiles else MbtilesFile(path)
                self._opened[layer.sha256] = opened
            return self._opened[layer.sha256]

    def add(self, bringing: Bringing, now: Instant) -> Layer:
        """Take a file in, or refuse it with nothing changed.

        Raises:
            NotALayer: Its name, source or day cannot be meant.
            LayerThere: There is one of that name, and it is not to go.
            NotAMap, NotAPicture, NotTiles: The file cannot be laid over a map.
            StoreRefused: The disk refused.
        """
        _require_said(bringing, now)
        if self._about(bringing.name).exists() and not bringing.is_replacing:
            raise LayerThere(
                f"There is a layer {bringing.name!r} already.",
                state="It stays as it is; nothing was added.",
                next="Choose another --name, or say --replace.",
            )
        brought = take_in(bringing.path, bringing.crs)
        layer = _layer(bringing, brought, now)
        make_private_folder(self._folder)
        with refusals(f"keeping layer {layer.name}", "The layers are as they were."):
            self._keep(layer, bringing, brought)
        write_whole(self._about(layer.name), msgspec.json.encode(layer), mode=PRIVATE)
        self._clear(layer.name, layer.file)
        return layer

    def drop(self, name: str) -> Layer:
        """Take a layer away.

        Raises:
            UnknownLayer: There is none of that name.
            StoreRefused: The disk refused.
        """
        layer = self.find(name)
        with refusals(f"dropping layer {name}", "It may still be there."):
            self._about(name).unlink(missing_ok=True)
            SYSTEM_DISK.sync_folder(self._folder)
        self._clear(name, "")
        return layer

    def _about(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _keep(self, layer: Layer, bringing: Bringing, brought: Brought) -> None:
        """Put the content in place under a name no other content has."""
        place = self._folder / layer.file
        aside = place.with_name(f"{place.name}.new")
        try:
            if brought.content is None:
                shutil.copyfile(bringing.path, aside)
                if _sha256(aside) != layer.sha256:
                    raise OSError(None, f"{bringing.path.name} changed meanwhile")
            else:
                aside.write_bytes(brought.content)
            aside.chmod(PRIVATE)
            SYSTEM_DISK.sync(aside)
            SYSTEM_DISK.rename(aside, place)
            SYSTEM_DISK.sync_folder(self._folder)
        finally:
            aside.unlink(missing_ok=True)

    def _clear(self, name: str, kept: str) -> None:
        """Remove content of a name that nothing names any more."""
        of_name = re.compile(rf"{re.escape(name)}-[0-9a-f]{{64}}\.\w+(\.new)?")
        for path in self._folder.iterdir():
            if of_name.fullmatch(path.name) and path.name != kept:
                with contextlib.suppress(OSError):
                    path.unlink()


def _layer(bringing: Bringing, brought: Brought, now: Instant) -> Layer:
    digest = _sha256(bringing.path)
    return Layer(
        name=LayerName(bringing.name),
        title=bringing.title or bringing.name,
        form=brought.form,
        media=brought.media,
        source=bringing.source,
        attribution=brought.attribution,
        as_of=bringing.as_of,
        added_at=now,
        bounds=brought.bounds,
        least_zoom=brought.least_zoom,
        most_zoom=brought.most_zoom,
        sha256=digest,
        size_bytes=bringing.path.stat().st_size,
        file=f"{bringing.name}-{digest}{brought.suffix}",
    )


def _require_said(bringing: Bringing, now: Instant) -> None:
    if not _NAME.fullmatch(bringing.name):
        raise _not_a_layer(
            f"A layer cannot be named {bringing.name!r}.",
            "Take small letters, digits and hyphens, at most 40.",
        )
    if not bringing.source.strip():
        raise _not_a_layer(
            "Nobody says who made the map.", "Name its maker with --source."
        )
    try:
        day = date.fromisoformat(bringing.as_of)
    except ValueError as error:
        raise _not_a_layer(
            f"{bringing.as_of!r} is no day.",
            "Say of what day its content is: --as-of 2026-10-31.",
        ) from error
    if day > now.date():
        raise _not_a_layer(
            f"{bringing.as_of} has not come yet.",
            "Say of what day its content is, not until when it is good.",
        )


def _not_a_layer(what: str, next_step: str) -> NotALayer:
    return NotALayer(what, state="Nothing was added.", next=next_step)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
