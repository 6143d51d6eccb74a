"""Read what comes to our mailbox: an answer, a report of a mail server, or noise.

    Reply    somebody wrote: the first lines they wrote, nothing they quoted
    Report   a mail server says what became of what we sent (RFC 3464)
    Noise    a machine wrote: out of office, a list, a loop; never an answer

A mail is never trusted for who it says it is from. What is a machine's own word is
told by the marks of RFC 3834 and by those that were usual before it.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Final, cast

import msgspec

MOST_BYTES: Final = 1_000_000
"""How long a mail may be; a longer one is refused."""

_FIRST_LINES: Final = 4
_LONGEST_LINE: Final = 300
_SEEN: Final = 40
_MOST_REFERENCES: Final = 20

_NOISE: Final = {
    "precedence": re.compile(r"bulk|junk|list|auto_?reply", re.IGNORECASE),
    "x-autoreply": re.compile(r"."),
    "x-autorespond": re.compile(r"."),
    "x-auto-response-suppress": re.compile(r"all|oof|autoreply", re.IGNORECASE),
    "list-id": re.compile(r"."),
    "x-loop": re.compile(r"."),
}
_QUOTED: Final = re.compile(
    r">|-{2,} ?(original|forwarded)|_{8,}|-- ?$"
    r"|(from|sent|von|gesendet|de|من)\s*:"
    r"|(on|le|am|el|في)\b.*(wrote|écrit|schrieb|escribió|كتب)",
    re.IGNORECASE,
)
_OWN_ID: Final = re.compile(
    r"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE
)
_ID: Final = re.compile(r"<[^<>\s]{1,250}>")


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what somebody wrote.

    Attributes:
        sender: The mailbox it says it comes from; proves nothing.
        id: Its Message-ID; empty where it has none.
        answers: Message-IDs it refers to, the nearest first.
        words: The first lines they wrote.
        subject: Its subject, on one line.
    """

    sender: str
    id: str
    answers: tuple[str, ...]
    words: str
    subject: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a mail server says became of a mail.

    Attributes:
        about: Message-ID of what we sent, where it says so.
        action: `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
        words: The server's own words.
    """

    about: str
    action: str
    words: str


class Noise(msgspec.Struct, frozen=True, kw_only=True):
    """Hold why a mail is nobody's word."""

    why: str


def read_mail(raw: bytes, envelope_from: str) -> Reply | Report | Noise:
    """Read a mail.

    Args:
        raw: The whole mail, headers and body.
        envelope_from: Who its envelope says sent it; empty for a bounce.
    """
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        return _report(mail) or _noise(mail, envelope_from) or _reply(mail)
    except Exception as error:  # noqa: BLE001 (whatever comes in, the next mail is read)
        return Noise(why=f"it cannot be read: {error!r}")


def _report(mail: EmailMessage) -> Report | None:
    kind = mail.get_content_type(), str(mail.get_param("report-type", "")).lower()
    if kind != ("multipart/report", "delivery-status"):
        return None
    about, action, words = "", "", ""
    for part in mail.walk():
        match part.get_content_type():
            case "message/delivery-status":
                for fields in cast("list[EmailMessage]", part.get_payload()):
                    action = str(fields.get("action", action)).strip().lower()
                    words = str(fields.get("diagnostic-code", words))
            case "text/rfc822-headers":
                about = _first_id(str(part.get_content()))
            case "message/rfc822":
                inner = part.get_content()
                about = _first_id(f"Message-ID: {inner.get('message-id', '')}")
            case _:
                pass
    if not action:
        return None
    return Report(about=about, action=action, words=_line(words))


def _first_id(headers: str) -> str:
    found = _OWN_ID.search(headers)
    return found[1] if found else ""


def _noise(mail: EmailMessage, envelope_from: str) -> Noise | None:
    said = str(mail.get("auto-submitted", "no")).split(";")[0].strip().lower()
    if said != "no":
        return Noise(why=f"Auto-Submitted: {_line(said)}")
    if envelope_from in ("", "<>"):
        return Noise(why="it has no sender to answer to")
    if mail.get_content_type() == "multipart/report":
        return Noise(why="it is a report of a kind we do not ask for")
    for name, mark in _NOISE.items():
        value = str(mail.get(name, ""))
        if value and mark.search(value):
            return Noise(why=f"{name}: {_line(value)}")
    return None


def _reply(mail: EmailMessage) -> Reply | Noise:
    sender = parseaddr(str(mail.get("from", "")))[1]
    if "@" not in sender:
        return Noise(why="it does not say who wrote it")
    references = _ID.findall(str(mail.get("references", "")))[-_MOST_REFERENCES:]
    nearest = _ID.findall(str(mail.get("in-reply-to", "")))[:1]
    own = _ID.findall(str(mail.get("message-id", "")))
    return Reply(
        sender=sender,
        id=own[0] if own else "",
        answers=tuple(dict.fromkeys((*nearest, *reversed(references)))),
        words="\n".join(_first_lines(_text(mail))),
        subject=_line(str(mail.get("subject", ""))),
    )


def _text(mail: EmailMessage) -> str:
    """Return the body as plain text; a page is stripped of its marks."""
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    if part.get_content_type() == "text/html":
        page = _Page()
        page.feed(text)
        return page.text
    return text


def _first_lines(text: str) -> Iterator[str]:
    """Yield the first lines somebody wrote, up to what they quoted."""
    count = 0
    for line in text.splitlines()[:_SEEN]:
        words = _line(line)
        if _QUOTED.match(words):
            return
        if words:
            yield words
            count += 1
        if count == _FIRST_LINES:
            return


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_LINE]


class _Page(HTMLParser):
    """Take the words out of a page, and stop at a quotation."""

    _BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "hr"})
    _SILENT: Final = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break lines where a reader sees them broken."""
        classes = next((value or "" for name, value in attrs if name == "class"), "")
        if tag in self._BREAKS or tag == "blockquote":
            self.text += "\n"
        if tag == "blockquote" or "quote" in classes:
            self.text += ">\n"
        self._silent += tag in self._SILENT

    def handle_endtag(self, tag: str) -> None:
        """Break lines, and hear words again after what holds none."""
        if tag in self._BREAKS:
            self.text += "\n"
        self._silent -= tag in self._SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self._silent:
            self.text += data
