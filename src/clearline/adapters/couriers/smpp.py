"""Keep one session with an SMPP 3.4 gateway: bound, alive, bound anew when it broke.

    connect --bind_transceiver--> bound --read, enquire--> broken --wait--> connect

Whoever asks waits for the answer to that very request and no longer than is said.
What comes in is given to whoever takes it in other threads; the session answers
when that is done, so that a gateway keeps what we have not taken.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from typing import Any, Final

from smpplib import consts
from smpplib import smpp as pdus
from smpplib.client import SimpleSequenceGenerator

from clearline.adapters.couriers.tls_line import over_tls
from clearline.adapters.settings import Sms

ENQUIRE_EVERY_S: Final = 15.0
"""How long a gateway may be silent before it is asked whether it is there."""

ANSWER_WITHIN_S: Final = 10.0
"""How long a gateway may take to answer anything."""

WAITS_S: Final[tuple[float, ...]] = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""How long is waited before each new try to connect; the last one for ever."""

_HANDS: Final = 4
_MOST_WAITING: Final = 10_000
_HEADER: Final = 16
_LONGEST: Final = 70_000
_RESPONSE: Final = 0x80000000


class Broken(Exception):
    """Say that the gateway is not there, or did not answer."""


class Session:
    """Hold the connection and the thread that reads from it."""

    def __init__(
        self, settings: Sms, take: Callable[[Any], None], note: Callable[[str], None]
    ) -> None:
        """Use these settings; nothing connects before `start`.

        Args:
            settings: Where the gateway is and who we are there.
            take: Takes a `deliver_sm`; called in threads of its own.
            note: Is told what is wrong, and an empty word when all is well.
        """
        self.waits_s = WAITS_S
        self._settings = settings
        self._take = take
        self._note = note
        self._numbers = SimpleSequenceGenerator()
        self._sending = threading.Lock()
        self._socket: socket.socket | None = None
        self._waiting: dict[int, Future[Any]] = {}
        self._waiting_lock = threading.Lock()
        self._inbox: ThreadPoolExecutor | None = None
        self._in_hand = 0
        self._refused = ""
        self._bound = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="smpp", daemon=True)

    @property
    def is_bound(self) -> bool:
        """Say whether the gateway took us in."""
        return self._bound.is_set()

    def start(self) -> None:
        """Begin to connect."""
        self._inbox = ThreadPoolExecutor(_HANDS, thread_name_prefix="sms in")
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye, if anybody is there, and let go."""
        self._stopping.set()
        if self.is_bound:
            with contextlib.suppress(Broken):
                self.ask(self.make("unbind"), within_s=1.0)
        self._close()
        if self._thread.ident is not None:
            self._thread.join(2.0)
        if self._inbox is not None:
            self._inbox.shutdown(wait=False, cancel_futures=True)

    def wait_until_bound(self, seconds: float) -> bool:
        """Wait until the gateway took us in; whether it did in that time."""
        return self._bound.wait(seconds)

    def make(self, name: str, **values: Any) -> Any:
        """Make a request with a number of its own."""
        return pdus.make_pdu(name, client=self._numbers, **values)

    def ask(
        self,
        request: Any,
        *,
        within_s: float = ANSWER_WITHIN_S,
        heard: Callable[[Any], None] | None = None,
    ) -> Any:
        """Send a request and return its answer, whatever its status.

        Args:
            request: Made by `make`.
            within_s: How long to wait.
            heard: Given the answer before anything that comes after it is read.

        Raises:
            Broken: There is no session, it broke, or no answer came.
        """
        if not self.is_bound:
            raise Broken("the gateway is not there")
        return self._exchange(request, within_s, heard)

    # --- the thread ---------------------------------------------------------------

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            try:
                self._connect()
                binding = threading.Thread(target=self._bind, name="smpp bind")
                binding.start()
                try:
                    self._read()
                finally:
                    binding.join(ANSWER_WITHIN_S)
                self._note_broken("it let go")
            except Exception as error:  # noqa: BLE001 (whatever breaks, it is tried anew)
                self._note_broken(_why(error))
            tries = 0 if self._was_bound() else tries + 1
            self._close()
            self._stopping.wait(self.waits_s[min(tries, len(self.waits_s) - 1)])

    def _note_broken(self, why: str) -> None:
        if self._stopping.is_set():
            return
        refused, self._refused = self._refused, ""
        if refused:
            self._note(f"the gateway did not take us in: {refused}")
        else:
            self._note(f"the gateway: {why}")

    def _was_bound(self) -> bool:
        was = self._bound.is_set()
        self._bound.clear()
        return was

    def _connect(self) -> None:
        at = (self._settings.host, self._settings.port)
        found = socket.create_connection(at, ANSWER_WITHIN_S)
        if self._settings.tls:
            trust = ssl.create_default_context()
            if self._settings.ca_file:
                trust.load_verify_locations(self._settings.ca_file)
            found = over_tls(found, trust, self._settings.host)
        found.settimeout(ENQUIRE_EVERY_S)
        self._socket = found

    def _bind(self) -> None:
        request = self.make(
            "bind_transceiver",
            system_id=self._settings.system_id,
            password=self._settings.password,
            system_type=self._settings.system_type,
            interface_version=0x34,
        )
        try:
            answer = self._exchange(request, ANSWER_WITHIN_S, None)
        except Broken as error:
            self._refused = self._refused or str(error)
            self._close()
            return
        if answer.is_error():
            self._refused = status_words(answer.status)
            self._close()
            return
        self._bound.set()
        self._note("")

    def _read(self) -> None:
        """Read until the connection breaks; a silent gateway is asked once."""
        is_asked, data = False, b""
        while not self._stopping.is_set():
            found = self._socket
            if found is None:
                return
            try:
                more = found.recv(65536)
            except TimeoutError:
                if is_asked:
                    raise
                is_asked = True
                self._send(self.make("enquire_link").generate())
                continue
            if not more:
                raise Broken("it closed the connection")
            is_asked, data = False, data + more
            while len(data) >= _HEADER:
                length = int.from_bytes(data[:4], "big")
                if not _HEADER <= length <= _LONGEST:
                    raise Broken(f"it sent a length of {length}")
                if len(data) < length:
                    break
                self._take_in(data[:length])
                data = data[length:]

    def _take_in(self, raw: bytes) -> None:
        command = int.from_bytes(raw[4:8], "big")
        number = int.from_bytes(raw[12:16], "big")
        try:
            found = pdus.parse_pdu(
                raw, client=self._numbers, allow_unknown_opt_params=True
            )
        except Exception:  # noqa: BLE001 (garbage is named, and what follows is read)
            found = None
        if command & _RESPONSE:
            self._answered(number, found)
        elif found is None:
            self._reply("generic_nack", number, consts.SMPP_ESME_RINVCMDID)
        elif found.command == "deliver_sm":
            self._hand_over(found)
        elif found.command == "enquire_link":
            self._reply("enquire_link_resp", number)
        elif found.command == "unbind":
            self._reply("unbind_resp", number)
            raise Broken("it sent us away")
        else:
            self._reply("generic_nack", number, consts.SMPP_ESME_RINVCMDID)

    def _hand_over(self, found: Any) -> None:
        if self._inbox is None or self._in_hand >= _MOST_WAITING:
            self._reply("deliver_sm_resp", found.sequence, consts.SMPP_ESME_RMSGQFUL)
            return
        self._in_hand += 1
        self._inbox.submit(self._take_and_reply, found)

    def _take_and_reply(self, found: Any) -> None:
        status = consts.SMPP_ESME_ROK
        try:
            self._take(found)
        except Exception as error:  # noqa: BLE001 (the gateway keeps what we did not take)
            self._note(f"what came in was not taken: {_why(error)}")
            status = consts.SMPP_ESME_RX_T_APPN
        self._in_hand -= 1
        with contextlib.suppress(Broken):
            self._reply("deliver_sm_resp", found.sequence, status)

    # --- asking and answering -------------------------------------------------------

    def _exchange(
        self, request: Any, within_s: float, heard: Callable[[Any], None] | None
    ) -> Any:
        answer: Future[Any] = Future()
        if heard is not None:
            answer.add_done_callback(lambda done: _heard(done, heard))
        with self._waiting_lock:
            self._waiting[request.sequence] = answer
        try:
            self._send(request.generate())
            return answer.result(within_s)
        except NoAnswer as error:
            raise Broken("the gateway did not answer") from error
        finally:
            with self._waiting_lock:
                self._waiting.pop(request.sequence, None)

    def _answered(self, number: int, found: Any) -> None:
        with self._waiting_lock:
            answer = self._waiting.pop(number, None)
        if answer is None:
            return  # an answer to nothing: late, doubled, or made up
        if found is None:
            answer.set_exception(Broken("the gateway's answer cannot be read"))
        else:
            answer.set_result(found)

    def _reply(self, name: str, number: int, status: int = 0) -> None:
        reply = pdus.make_pdu(name, client=self._numbers, status=status)
        reply.sequence, reply.status = number, status
        self._send(reply.generate())

    def _send(self, data: bytes) -> None:
        with self._sending:
            found = self._socket
            if found is None:
                raise Broken("the gateway is not there")
            try:
                found.sendall(data)
            except OSError as error:
                raise Broken(_why(error)) from error

    def _close(self) -> None:
        found, self._socket = self._socket, None
        if found is not None:
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)
            found.close()
        with self._waiting_lock:
            waiting, self._waiting = dict(self._waiting), {}
        for answer in waiting.values():
            answer.set_exception(Broken("the connection broke"))


def status_words(status: int) -> str:
    """Say a command status in words (SMPP 3.4 5.1.3)."""
    words = consts.DESCRIPTIONS.get(status, "unknown to the standard")
    return f"{words} (status 0x{status:x})"


def _heard(done: "Future[Any]", heard: Callable[[Any], None]) -> None:
    if done.exception() is None:
        heard(done.result())


def _why(error: BaseException) -> str:
    return str(error) or type(error).__name__
