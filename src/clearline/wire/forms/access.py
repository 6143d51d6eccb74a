"""Hold the API's forms of devices and the keys of machine clients."""

import msgspec

from clearline.model.access import Scope
from clearline.model.instants import Instant
from clearline.model.parties import DeskId
from clearline.wire.forms.setup import Id
from clearline.wire.forms.setup import Line as Words


class DeviceGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Name a device and its desk."""

    desk: Id
    name: Words


class KeyGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Name a machine client, its desk and what it may do."""

    desk: Id
    name: Words
    scopes: frozenset[Scope]


class DeviceShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a device; its token is told once, when it is enrolled."""

    id: str
    desk: DeskId
    name: str
    enrolled_at: Instant
    revoked_at: Instant | None
    token: str = ""


class KeyShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a machine client's key; the key itself is told once, when it is made."""

    id: str
    desk: DeskId
    name: str
    scopes: tuple[Scope, ...]
    made_at: Instant
    revoked_at: Instant | None
    token: str = ""


class Devices(msgspec.Struct, frozen=True, kw_only=True):
    """List devices, revoked ones too."""

    items: tuple[DeviceShown, ...]


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """List machine clients' keys, revoked ones too."""

    items: tuple[KeyShown, ...]
