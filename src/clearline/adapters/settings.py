"""Read a node's settings: one file, `DATA/clearline.toml`, and the environment.

    [web]            CLEARLINE_WEB_PORT=8443
    port = 8443

A name in the environment wins over the file. Every setting has a default, a type
and a sentence here, and the reference page is written from them. Secrets may be
given as `NAME_FILE`, the path of a file that holds the secret alone.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from clearline.model.errors import BadInput

SETTINGS_FILE: Final = "clearline.toml"
"""Name of the file in the data folder."""

PREFIX: Final = "CLEARLINE_"

Port = Annotated[int, Meta(ge=0, le=65535)]


class BadSettings(BadInput):
    """Refuse settings that cannot be meant."""

    exit_code = 78


class Web(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where screens and other software reach the node."""

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[Port, Meta(description="Port to listen on; 0 for any free.")] = 8443
    names: Annotated[
        tuple[str, ...],
        Meta(description="Names and addresses desks reach the node by."),
    ] = ("localhost", "127.0.0.1")
    tls: Annotated[
        bool,
        Meta(description="Whether to speak TLS; without it, loopback only."),
    ] = True


class MailSecurity(StrEnum):
    """Name how a connection to a mail server is kept from being read."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Email(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people are rung by e-mail, and how their answers come in."""

    smtp_host: Annotated[
        str, Meta(description="Mail server that takes what we send; empty for none.")
    ] = ""
    smtp_port: Annotated[Port, Meta(description="Its port.")] = 587
    security: Annotated[
        MailSecurity,
        Meta(description="`starttls`, `tls`, or `none` towards a server on loopback."),
    ] = MailSecurity.STARTTLS
    user: Annotated[str, Meta(description="Who we are to it; empty for nobody.")] = ""
    password: Annotated[str, Meta(description="The password of `user`; a secret.")] = ""
    sender: Annotated[
        str,
        Meta(description="The mailbox we write from, to which answers and bounces go."),
    ] = ""
    timeout_s: Annotated[
        float, Meta(gt=0, le=60, description="How long the server may take a step.")
    ] = 10.0
    lmtp_host: Annotated[
        str, Meta(description="Address to take answers on by LMTP (RFC 2033).")
    ] = "127.0.0.1"
    lmtp_port: Annotated[Port, Meta(description="Its port; 0 takes none by LMTP.")] = 0
    imap_host: Annotated[
        str,
        Meta(
            description="Mail server whose mailbox is looked into for answers (IMAP); "
            "empty for none."
        ),
    ] = ""
    imap_port: Annotated[Port, Meta(description="Its port.")] = 993
    imap_security: Annotated[
        MailSecurity,
        Meta(description="`tls`, `starttls`, or `none` towards a server on loopback."),
    ] = MailSecurity.TLS
    imap_user: Annotated[str, Meta(description="Whose mailbox it is.")] = ""
    imap_password: Annotated[
        str, Meta(description="The password of `imap_user`; a secret.")
    ] = ""
    imap_folder: Annotated[
        str, Meta(min_length=1, description="The folder that answers lie in.")
    ] = "INBOX"
    imap_every_s: Annotated[
        float, Meta(ge=1, le=600, description="How often it is looked into, seconds.")
    ] = 5.0


class Webhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How other software is told of rings."""

    timeout_s: Annotated[
        float, Meta(gt=0, le=60, description="How long a receiver may take a step.")
    ] = 5.0
    allow_private: Annotated[
        bool,
        Meta(
            description="Whether receivers may lie on private and loopback addresses "
            "and speak plain HTTP."
        ),
    ] = False
    ca_file: Annotated[
        str,
        Meta(description="Certificates trusted besides the usual ones, PEM."),
    ] = ""


class Push(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How browsers are rung by web push."""

    contact: Annotated[
        str,
        Meta(
            description="`mailto:` or `https:` address where a push service reaches "
            "whoever runs the node (RFC 8292); empty for no web push."
        ),
    ] = ""
    timeout_s: Annotated[
        float, Meta(gt=0, le=60, description="How long a service may take a step.")
    ] = 5.0
    allow_private: Annotated[
        bool,
        Meta(description="Whether services may lie on private and loopback addresses."),
    ] = False
    ca_file: Annotated[
        str,
        Meta(description="Certificates trusted besides the usual ones, PEM."),
    ] = ""


class Alphabet(StrEnum):
    """Name how texts go out that the GSM alphabet holds."""

    GSM = "gsm"
    UCS_2 = "ucs2"


class Sms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The gateway that carries short messages, by SMPP 3.4."""

    host: Annotated[
        str, Meta(description="The gateway's name; empty for no short messages.")
    ] = ""
    port: Annotated[Port, Meta(description="Its port.")] = 2775
    tls: Annotated[bool, Meta(description="Whether it speaks TLS.")] = False
    ca_file: Annotated[
        str,
        Meta(description="Certificates trusted besides the usual ones, PEM."),
    ] = ""
    system_id: Annotated[
        str, Meta(description="Who we are there, at most 15 characters.")
    ] = ""
    password: Annotated[
        str, Meta(description="Our password there, at most 8 characters.")
    ] = ""
    system_type: Annotated[
        str, Meta(description="The kind of client the gateway asks for, if it does.")
    ] = ""
    source: Annotated[
        str, Meta(description="The number or name our messages come from.")
    ] = ""
    source_ton: Annotated[
        int,
        Meta(
            ge=0,
            le=6,
            description="Type of that number: 1 international, 3 a short number, "
            "5 a name.",
        ),
    ] = 1
    country: Annotated[
        str,
        Meta(description="Country code put before national numbers that come in."),
    ] = ""
    alphabet: Annotated[
        Alphabet,
        Meta(description="`ucs2` where the gateway garbles the GSM alphabet."),
    ] = Alphabet.GSM
    receipts: Annotated[
        bool, Meta(description="Whether to ask for delivery receipts.")
    ] = True


class Transport(StrEnum):
    """Name how SIP is carried."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Voice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The SIP trunk that rings people by voice, and through which they call."""

    server: Annotated[
        str, Meta(description="The trunk's name, with `:port`; empty for no voice.")
    ] = ""
    domain: Annotated[
        str, Meta(description="The domain of our own address there, if another.")
    ] = ""
    user: Annotated[str, Meta(description="Our own name or number there.")] = (
        "clearline"
    )
    password: Annotated[str, Meta(description="Our password there.")] = ""
    transport: Annotated[
        Transport,
        Meta(
            description="How SIP is carried. `tls` has not been tried against a trunk, "
            "and the trunk's certificate is not checked."
        ),
    ] = Transport.UDP
    register: Annotated[
        bool, Meta(description="Whether the trunk wants us to register.")
    ] = True
    register_s: Annotated[
        int, Meta(ge=30, description="How often to register, seconds.")
    ] = 300
    address: Annotated[
        str, Meta(description="Our own address, on a machine with several.")
    ] = ""
    port: Annotated[Port, Meta(description="Where calls come in; 0 for any.")] = 0
    lines: Annotated[
        int,
        Meta(ge=1, le=50, description="How many people are rung at once."),
    ] = 2
    ring_s: Annotated[
        int,
        Meta(ge=5, le=120, description="How long a telephone rings, seconds."),
    ] = 30


class Phones(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes in by telephone, message and mailbox."""

    duty_desk: Annotated[
        str,
        Meta(
            description="The desk rung for a STOP that nobody proved; the first desk "
            "of the log with none above it, if empty."
        ),
    ] = ""


class PeerPort(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where other parties' nodes reach this one."""

    host: Annotated[
        str, Meta(description="Address to listen on for peers; empty for none.")
    ] = ""
    port: Annotated[
        Port, Meta(description="Port to listen on for peers; 0 for any free.")
    ] = 8444
    url: Annotated[
        str,
        Meta(description="Where peers reach that port: `https://host:port`."),
    ] = ""


class CheckedLines(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How lines are checked that nobody set a time for."""

    every_hours: Annotated[
        float,
        Meta(
            ge=0,
            le=168,
            description="How often every channel of every desk is checked; 0 checks "
            "only the lines an administrator set.",
        ),
    ] = 12.0


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hold every setting of a node, by section."""

    web: Web = Web()
    email: Email = Email()
    webhook: Webhook = Webhook()
    push: Push = Push()
    phones: Phones = Phones()
    sms: Sms = Sms()
    voice: Voice = Voice()
    peer: PeerPort = PeerPort()
    lines: CheckedLines = CheckedLines()


def read_settings(
    folder: Path,
    environment: Mapping[str, str],
    web: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings of a data folder.

    Args:
        folder: The data folder; without a file in it every default holds.
        environment: Names beginning with `CLEARLINE_` and a section win.
        web: What the command line says of the section `web`; it wins over both.

    Raises:
        BadSettings: A name or a value cannot be meant; it is named.
    """
    path = folder / SETTINGS_FILE
    given: dict[str, Any] = {}
    if path.exists():
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise _bad(f"{path} cannot be read: {error}.") from error
    _require_known(environment)
    for section in msgspec.structs.fields(Settings):
        found = _from_environment(section, environment)
        if section.name == "web":
            found |= web or {}
        if found:
            told = given.get(section.name)
            given[section.name] = (told if isinstance(told, dict) else {}) | found
    try:
        return msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise _bad(
            f"In {path}, the environment or the command line: {error}."
        ) from error


def _require_known(environment: Mapping[str, str]) -> None:
    """Refuse a name that begins as a setting does and is none: it was meant as one."""
    sections = msgspec.structs.fields(Settings)
    known = {
        f"{PREFIX}{section.name}_{field.name}".upper()
        for section in sections
        for field in msgspec.structs.fields(section.type)
    }
    begins = tuple(f"{PREFIX}{section.name}_".upper() for section in sections)
    for name in sorted(environment):
        if name.startswith(begins) and name.removesuffix("_FILE") not in known:
            raise _bad(f"The environment names {name}, and there is no such setting.")


def _from_environment(
    section: msgspec.structs.FieldInfo, environment: Mapping[str, str]
) -> dict[str, Any]:
    """Read what the environment says of one section."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(section.type):
        name = f"{PREFIX}{section.name}_{field.name}".upper()
        if name in environment:
            found[field.name] = _value(field.type, environment[name])
        elif f"{name}_FILE" in environment:
            secret = Path(environment[f"{name}_FILE"])
            try:
                found[field.name] = secret.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise _bad(f"{name}_FILE cannot be read: {error}.") from error
    return found


def _value(kind: Any, text: str) -> Any:
    """Take several values as a list parted by commas."""
    inner = msgspec.inspect.type_info(kind)
    if isinstance(inner, msgspec.inspect.Metadata):
        inner = inner.type
    if isinstance(inner, msgspec.inspect.VarTupleType):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _bad(what: str) -> BadSettings:
    return BadSettings(
        what,
        state="The node did not start.",
        next="Correct it; docs/reference/settings.md lists every setting.",
    )
