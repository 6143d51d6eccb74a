"""Start a TAK server, PyPI's taky, on loopback."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from clearline.adapters.certificates import Certificates

_TRIES = 200


@contextmanager
def tak_server(folder: Path, tls: Certificates | None = None) -> Iterator[int]:
    """Run a TAK server until the block ends; gives its port.

    With certificates it speaks TLS alone, and asks whoever comes for one of the same
    authority.
    """
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secured = "enabled=false"
    if tls is not None:
        secured = (
            f"enabled=true\nclient_cert_required=true\nca={tls.authority}\n"
            f"cert={tls.certificate}\nkey={tls.key}\ncert_db={folder / 'none.txt'}"
        )
    conf = folder / "taky.conf"
    conf.write_text(
        f"[taky]\nhostname=tak.example\nnode_id=TAKY\nbind_ip=127.0.0.1\n"
        f"redis=false\nroot_dir={folder}\n"
        f"[cot_server]\nport={port}\n[ssl]\n{secured}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-W", "ignore", "-m", "taky.cot", "-c", str(conf)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: subprocess.Popen) -> None:
    for _ in range(_TRIES):
        assert server.poll() is None, "the TAK server did not start"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.1)  # a moment, or until it has ended
    raise AssertionError("the TAK server does not listen")
