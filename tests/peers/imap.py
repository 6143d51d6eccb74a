"""A real mail server with mailboxes: Dovecot, as a child of the test."""

import contextlib
import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from clearline.adapters.certificates import certificates
from clearline.adapters.clock import SystemClock
from peers import free_port

USER, PASSWORD = "line@north.example", "secret-of-the-mailbox"
_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


class ImapPeer:
    """A mailbox on loopback.

    Attributes:
        port: Where it speaks IMAP, and TLS once asked to.
        tls_port: Where it speaks TLS from the start.
    """

    def __init__(self):
        self.port, self.tls_port = free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="clearline-dovecot-"))
        self._process = None
        owner = pwd.getpwnam("mail")
        for name in ("run", "state", "mail"):
            (self.folder / name).mkdir()
        os.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
        self.folder.chmod(0o755)
        self.made = certificates(
            self.folder / "keys", ("127.0.0.1",), SystemClock().read().wall
        )
        (self.folder / "dovecot.conf").write_text(
            _SETTINGS.format(
                folder=self.folder,
                certificate=self.made.certificate,
                key=self.made.key,
                port=self.port,
                tls_port=self.tls_port,
                password=PASSWORD,
                user="mail",
                group="mail",
                uid=owner.pw_uid,
                gid=owner.pw_gid,
            )
        )

    def start(self):
        """Serve."""
        self._process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],  # noqa: S607
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            with contextlib.suppress(OSError, imaplib.IMAP4.abort):
                self.client().logout()
                return self
            threading.Event().wait(0.05)
        pytest.fail(f"no mail server: {self._log()}")

    def stop(self):
        """Be dead."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def close(self):
        """Be dead, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self):
        """Look into the mailbox as its owner does."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        client.select("INBOX")
        return client

    def put(self, raw, path="amal@hospital.example"):
        """Let a mail arrive."""
        client = self.client()
        kept = raw if path is None else f"Return-Path: <{path}>\r\n".encode() + raw
        client.append("INBOX", "", None, kept)
        client.logout()

    def flags(self):
        """List the flags of every mail, oldest first."""
        client = self.client()
        _, found = client.fetch("1:*", "(FLAGS)")
        client.logout()
        return [imaplib.ParseFlags(one) for one in found if one]

    def trust(self):
        """Trust its certificate."""
        return ssl.create_default_context(cafile=str(self.made.authority))

    def _log(self):
        log = self.folder / "log"
        return log.read_text() if log.exists() else "it said nothing"
