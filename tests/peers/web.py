"""A receiver of posts on loopback: webhooks, and pushes as a service takes them."""

import base64
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from peers import free_port


class WebPeer:
    """Take posts and answer as a test says.

    Attributes:
        answers: Status, and headers where given, of the next posts; then `status`.
        posts: Path, headers and body of everything posted.
        slow: Paths that are never answered.
    """

    def __init__(self, port=None, status=200, context=None):
        self.port = port or free_port()
        self.status = status
        self.answers = []
        self.posts = []
        self.slow = set()
        self._changed = threading.Condition()
        self._context = context
        self._server = None
        self._over = threading.Event()

    @property
    def url(self):
        """Where it is."""
        scheme = "https" if self._context else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def start(self):
        """Listen."""
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                """Take a post."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                peer.take(self, body)

            def log_message(self, *_args):
                """Say nothing."""

        self._over.clear()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        if self._context is not None:
            self._server.socket = self._context.wrap_socket(
                self._server.socket, server_side=True
            )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        """Be dead."""
        self._over.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, handler, body):
        """Keep a post and answer it."""
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._changed:
            self.posts.append((handler.path, headers, body))
            said = self.answers.pop(0) if self.answers else self.status
            self._changed.notify_all()
        if handler.path in self.slow:
            self._over.wait()
            handler.close_connection = True
            return
        if said == "garbage":
            handler.wfile.write(b"\x00\xffnothing of the kind\r\n\r\n")
            handler.close_connection = True
            return
        status, more = said if isinstance(said, tuple) else (said, {})
        handler.send_response(status)
        for name, value in more.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def wait_for(self, count, seconds=20.0):
        """Wait until so much was posted; fail if it is not."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.posts) >= count, seconds), (
                f"{len(self.posts)} posts of {count}"
            )
        return self.posts


class Browser:
    """Stand in for a browser: holds keys, and reads what was pushed to it.

    A simulator, called so: the decryption is another hand's (http_ece), the check of
    the token follows RFC 8292.
    """

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    def subscription(self, endpoint):
        """Return what `PushSubscription.toJSON` gives."""
        point = self._key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return json.dumps(
            {
                "endpoint": endpoint,
                "expirationTime": None,
                "keys": {"p256dh": _b64(point), "auth": _b64(self._auth)},
            }
        )

    def read(self, body):
        """Decrypt a push."""
        clear = http_ece.decrypt(
            body,
            private_key=self._key,
            auth_secret=self._auth,
            version="aes128gcm",
        )
        return json.loads(clear)


def read_token(authorization, endpoint):
    """Check a VAPID token against its key and the endpoint; return its claims."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    fields = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, _, signature = fields["t"].rpartition(".")
    raw = _unb64(signature)
    assert len(raw) == 64
    pair = encode_dss_signature(
        int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    )
    key = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), _unb64(fields["k"])
    )
    key.verify(pair, signed.encode(), ec.ECDSA(SHA256()))
    head, claims = (json.loads(_unb64(part)) for part in signed.split("."))
    assert head["alg"] == "ES256"
    parts = urlsplit(endpoint)
    assert claims["aud"] == f"{parts.scheme}://{parts.netloc}"
    return claims, fields["k"]


def _b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
