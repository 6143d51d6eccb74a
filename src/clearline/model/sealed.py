"""Name what is kept beside the log so that it can be erased."""

import msgspec


class Sealed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name a sealed part: SHA-256(salt || bytes), base64; the bytes lie beside."""

    sealed: str
