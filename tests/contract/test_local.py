"""What a node keeps that is not log, in memory and on file."""

import threading

import apsw
import pytest

from clearline.adapters.addresses import LocalAddresses
from clearline.adapters.chance import SystemChance
from clearline.adapters.clock import SystemClock
from clearline.adapters.codes import LocalCodes
from clearline.adapters.local import LocalStore, NotLocal
from clearline.model.calls import AttemptId, CallId
from clearline.model.parties import Medium, PersonId
from clearline.service.calling import Address
from clearline.service.ports import DiskFull

AMAL, BASIL = PersonId("amal"), PersonId("basil")


@pytest.fixture(params=["memory", "file"])
def store(request, tmp_path):
    """Open a fresh one of each kind."""
    path = tmp_path / "local.sqlite" if request.param == "file" else None
    store = LocalStore(path)
    yield store
    store.close()


@pytest.fixture
def codes(store):
    """Keep codes in it."""
    return LocalCodes(store, SystemChance(), SystemClock())


def test_a_value_stays_until_the_next(store):
    """The newest value of a name is read, and nothing where there is none."""
    assert store.value("cursor") is None
    store.keep_value("cursor", b"1")
    store.keep_value("cursor", b"2")
    assert store.value("cursor") == b"2"


def test_what_was_kept_is_there_after_reopening(tmp_path):
    """A file keeps what it was given."""
    store = LocalStore(tmp_path / "local.sqlite")
    store.keep_value("cursor", b"7")
    store.close()
    again = LocalStore(tmp_path / "local.sqlite")
    assert again.value("cursor") == b"7"
    assert (tmp_path / "local.sqlite").stat().st_mode & 0o077 == 0
    again.close()


def test_another_file_is_left_alone(tmp_path):
    """A SQLite file of somebody else is refused and not changed."""
    path = tmp_path / "local.sqlite"
    other = apsw.Connection(str(path))
    other.execute("PRAGMA user_version = 3; CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(NotLocal):
        LocalStore(path)


def test_steps_are_kept_all_or_none(store):
    """A step that fails takes the ones before it back."""
    keep = "INSERT INTO value (name, value) VALUES (:name, :value)"
    steps = [(keep, {"name": "a", "value": b"1"}), (keep, {"name": "a", "value": b"2"})]
    with pytest.raises(Exception, match="UNIQUE"):
        store.ask_all(steps)
    assert store.value("a") is None


def test_addresses_come_in_the_order_to_try(store):
    """A person's addresses come first to try first, and change in place."""
    book = LocalAddresses(store)
    for place, number in enumerate(("+1555010", "+1555011")):
        book.keep(Address(person=AMAL, medium=Medium.SMS, address=number, place=place))
    book.keep(Address(person=AMAL, medium=Medium.SMS, address="+1555010", place=5))
    found = [one.address for one in book.of(AMAL, Medium.SMS)]
    assert found == ["+1555011", "+1555010"]
    assert book.of(AMAL, Medium.VOICE) == ()


def test_people_may_share_an_address(store):
    """A hospital's one phone serves everybody enrolled with it."""
    book = LocalAddresses(store)
    for person in (AMAL, BASIL):
        book.keep(Address(person=person, medium=Medium.SMS, address="+1555010"))
    assert {one.person for one in book.whose(Medium.SMS, "+1555010")} == {AMAL, BASIL}
    book.drop(Address(person=AMAL, medium=Medium.SMS, address="+1555010"))
    assert [one.person for one in book.whose(Medium.SMS, "+1555010")] == [BASIL]


def test_a_code_opens_one_attempt_once(codes):
    """A code belongs to its attempt, and is used up by one use."""
    attempt = AttemptId("c.1.1")
    code = codes.make(attempt, CallId("c"), AMAL)
    assert len(code) == 6
    assert code.isdecimal()
    assert codes.make(attempt, CallId("c"), AMAL) == code
    assert codes.whose(code) == (attempt, CallId("c"), AMAL)
    assert codes.use(code)
    assert not codes.use(code)
    assert codes.whose(code) == (attempt, CallId("c"), AMAL)


def test_no_two_attempts_share_a_code(codes):
    """Codes differ, however many there are."""
    made = {
        codes.make(AttemptId(f"c.1.{count}"), CallId("c"), AMAL) for count in range(500)
    }
    assert len(made) == 500


class Hung:
    """A store whose disk says nothing while told to."""

    def __init__(self, store):
        self._store = store
        self.may_go = threading.Event()

    def ask(self, statement, **values):
        """Ask the store."""
        return self._store.ask(statement, **values)

    def ask_all(self, steps):
        """Wait for the disk."""
        self.may_go.wait()
        self._store.ask_all(steps)


def test_a_code_waits_for_no_disk(store):
    """A disk that hangs keeps no ring from its code, and gets it afterwards."""
    hung = Hung(store)
    codes = LocalCodes(hung, SystemChance(), SystemClock())
    code = codes.make(AttemptId("c.1.1"), CallId("c"), AMAL)
    assert codes.whose(code) == (AttemptId("c.1.1"), CallId("c"), AMAL)
    assert codes.use(code)
    hung.may_go.set()
    codes.close()
    again = LocalCodes(store, SystemChance(), SystemClock())
    assert again.whose(code) == (AttemptId("c.1.1"), CallId("c"), AMAL)
    assert not again.use(code)


def test_a_disk_that_refuses_gets_codes_later(store):
    """A full disk is tried again until it takes what was kept."""
    codes = LocalCodes(store, SystemChance(), SystemClock())
    refusals = [DiskFull("Full.", state="Nothing.", next="Free it.")]
    ask_all = store.ask_all

    def refuse_once(steps):
        if refusals:
            raise refusals.pop()
        ask_all(steps)

    store.ask_all = refuse_once
    code = codes.make(AttemptId("c.1.1"), CallId("c"), AMAL)
    codes.close()
    again = LocalCodes(store, SystemChance(), SystemClock())
    assert again.whose(code) is not None


def test_old_codes_make_room(store, monkeypatch):
    """A flood forgets the oldest codes, on disk as in memory."""
    monkeypatch.setattr("clearline.adapters.codes.MOST_KEPT", 10)
    codes = LocalCodes(store, SystemChance(), SystemClock())
    made = [codes.make(AttemptId(f"c.1.{n}"), CallId("c"), AMAL) for n in range(25)]
    assert codes.whose(made[-1]) is not None
    codes.close()
    again = LocalCodes(store, SystemChance(), SystemClock())
    assert [code for code in made if again.whose(code)] == made[-10:]


def test_addresses_are_read_without_the_disk(store):
    """The book lies in memory: a hung disk keeps nobody from being reached."""
    LocalAddresses(store).keep(Address(person=AMAL, medium=Medium.SMS, address="+1"))
    book = LocalAddresses(store)
    store.close()
    assert [one.address for one in book.of(AMAL, Medium.SMS)] == ["+1"]
