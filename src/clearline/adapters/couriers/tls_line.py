"""Speak TLS on a line that one thread reads and another writes.

    courier's threads <--plain, a pair of sockets--> one thread <--TLS--> gateway

A TLS connection of OpenSSL may be used by one thread at a time; with a reader that
waits and a writer that must not, that is neither of ours. So a third has it alone.
"""

import contextlib
import select
import socket
import ssl
import threading
from typing import Final

_AT_ONCE: Final = 65_536
_MOST_WAITING: Final = 1 << 20
_WANTS: Final = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


def over_tls(plain: socket.socket, trust: ssl.SSLContext, name: str) -> socket.socket:
    """Return a plain end of a line that speaks TLS; closing it ends both.

    Args:
        plain: Connected, with the timeout that the handshake may take.
        trust: Whose certificates are trusted.
        name: Which name the certificate has to bear.

    Raises:
        OSError: The handshake failed; `plain` is closed.
    """
    try:
        line = trust.wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise
    near, far = socket.socketpair()
    line.settimeout(0.0)
    far.settimeout(0.0)
    threading.Thread(target=_pump, args=(line, far), name="tls", daemon=True).start()
    return near


def _pump(line: ssl.SSLSocket, far: socket.socket) -> None:
    """Carry both ways until either end is closed."""
    with line, far, contextlib.suppress(OSError):
        out = back = b""
        while True:
            _wait(line, far, out, back)
            if len(back) < _MOST_WAITING and (more := _taken(line)) is not None:
                if not more:
                    break
                back += more
            if len(out) < _MOST_WAITING and (more := _taken(far)) is not None:
                if not more:
                    break
                out += more
            out = _given(line, out)
            back = _given(far, back)
        far.settimeout(None)
        far.sendall(back)


def _wait(line: ssl.SSLSocket, far: socket.socket, out: bytes, back: bytes) -> None:
    has_room = len(back) < _MOST_WAITING
    if line.pending() and has_room:
        return
    reads = [line] if has_room else []
    reads += [far] if len(out) < _MOST_WAITING else []  # type: ignore[list-item]
    writes = [one for one, waits in ((line, out), (far, back)) if waits]
    select.select(reads, writes, [])


def _taken(end: socket.socket) -> bytes | None:
    """Take what is there; nothing where nothing is, empty where it was closed."""
    try:
        return end.recv(_AT_ONCE)
    except (BlockingIOError, *_WANTS):
        return None


def _given(end: socket.socket, data: bytes) -> bytes:
    """Give what an end takes now; return the rest."""
    if not data:
        return data
    try:
        return data[end.send(data) :]
    except (BlockingIOError, *_WANTS):
        return data
