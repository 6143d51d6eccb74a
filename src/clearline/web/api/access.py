"""Enrol devices at desks and give keys to machine clients."""

from clearline.model.parties import DeskId
from clearline.web.caller import DEVICE_COOKIE
from clearline.web.endpoints import (
    ADMINISTRATOR,
    WRITING,
    Answered,
    Asking,
    Endpoint,
    Repeat,
)
from clearline.web.refusals import not_there
from clearline.wire.forms.access import (
    DeviceGiven,
    Devices,
    DeviceShown,
    KeyGiven,
    Keys,
    KeyShown,
)


async def _devices(asking: Asking) -> Devices:
    return Devices(
        items=tuple(
            DeviceShown(
                id=one.id,
                desk=one.desk,
                name=one.name,
                enrolled_at=one.enrolled_at,
                revoked_at=one.revoked_at,
            )
            for one in asking.service.tokens.every_device()
        )
    )


async def _enrol(asking: Asking) -> Answered:
    given: DeviceGiven = asking.body
    desk = _desk(asking, given.desk)
    tokens = asking.service.tokens
    token, one = await asking.aside(lambda: tokens.enrol(desk, given.name))
    shown = DeviceShown(
        id=one.id,
        desk=one.desk,
        name=one.name,
        enrolled_at=one.enrolled_at,
        revoked_at=None,
        token=token,
    )
    secure = "; Secure" if asking.request.url.scheme == "https" else ""
    cookie = (
        f"{DEVICE_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; "
        f"Max-Age=31536000{secure}"
    )
    is_by_page = asking.caller.is_by_cookie
    return Answered(body=shown, status=201, cookies=(cookie,) if is_by_page else ())


async def _keys(asking: Asking) -> Keys:
    return Keys(
        items=tuple(
            KeyShown(
                id=one.id,
                desk=one.desk,
                name=one.name,
                scopes=tuple(sorted(one.scopes)),
                made_at=one.made_at,
                revoked_at=one.revoked_at,
            )
            for one in asking.service.tokens.every_key()
        )
    )


async def _make_key(asking: Asking) -> Answered:
    given: KeyGiven = asking.body
    desk = _desk(asking, given.desk)
    tokens = asking.service.tokens
    token, one = await asking.aside(
        lambda: tokens.make_key(desk, given.name, given.scopes)
    )
    shown = KeyShown(
        id=one.id,
        desk=one.desk,
        name=one.name,
        scopes=tuple(sorted(one.scopes)),
        made_at=one.made_at,
        revoked_at=None,
        token=token,
    )
    return Answered(body=shown, status=201)


async def _revoke(asking: Asking) -> Answered:
    id_, tokens = asking.path["id"], asking.service.tokens
    if not await asking.aside(lambda: tokens.revoke(id_)):
        raise not_there("device or key that could still act")
    asking.shared.feed.cut(f"device {id_}")
    asking.shared.feed.cut(f"key {id_}")
    return Answered(body=None, status=204)


def _desk(asking: Asking, desk: str) -> DeskId:
    with asking.looking() as view:
        known = view.desks.get(DeskId(desk))
    if known is None:
        raise not_there(f"desk {desk!r}")
    return known.id


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/devices",
        name="listDevices",
        does="List the devices enrolled at desks.",
        handle=_devices,
        may=ADMINISTRATOR,
        gives=Devices,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/devices",
        name="enrolDevice",
        does="Enrol a device at a desk; it may raise STOP and HOLD with nobody signed "
        "in.",
        handle=_enrol,
        may=ADMINISTRATOR,
        takes=DeviceGiven,
        gives=DeviceShown,
        status=201,
        rate=WRITING,
        repeat=Repeat.UNTOLD,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/devices/{id}",
        name="revokeDevice",
        does="Let a device act no more.",
        handle=_revoke,
        may=ADMINISTRATOR,
        status=204,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/keys",
        name="listKeys",
        does="List the keys of machine clients.",
        handle=_keys,
        may=ADMINISTRATOR,
        gives=Keys,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/keys",
        name="makeKey",
        does="Make a key for a machine client; it never acknowledges anything.",
        handle=_make_key,
        may=ADMINISTRATOR,
        takes=KeyGiven,
        gives=KeyShown,
        status=201,
        rate=WRITING,
        repeat=Repeat.UNTOLD,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/keys/{id}",
        name="revokeKey",
        does="Let a machine client act no more.",
        handle=_revoke,
        may=ADMINISTRATOR,
        status=204,
        rate=WRITING,
    ),
)
