"""What a courier has still to carry, under a virtual clock."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from clearline.adapters.couriers.backlog import Backlog
from clearline.model.calls import AttemptId, CallId, Kind, Precedence
from clearline.model.instants import Duration
from clearline.model.parties import DeskId, Medium, PersonId
from clearline.service.calling import Message, Ring, Words
from faults.nodes import START

SAYING = Words(language="en", subject="", short="", text="", spoken="")


def ring(attempt, call="c", address="a", kind=Kind.STOP):
    """Make a ring."""
    return Ring(
        attempt=AttemptId(attempt),
        call=CallId(call),
        number=1,
        kind=kind,
        precedence=Precedence.FLASH if kind is Kind.STOP else Precedence.ROUTINE,
        person=PersonId(address),
        desk=DeskId("s"),
        medium=Medium.SMS,
        address=address,
        code="",
        words=SAYING,
    )


def message(address="a", text="told"):
    """Make a message."""
    return Message(
        call=CallId("c"),
        person=PersonId(address),
        desk=DeskId("s"),
        medium=Medium.SMS,
        address=address,
        words=Words(language="en", subject="", short="", text=text, spoken=""),
    )


def after(**span):
    """Return an instant."""
    return START + Duration(**span)


def test_what_rests_is_ready_at_its_instant_and_not_before():
    """A retry keeps its own clock."""
    backlog = Backlog()
    backlog.put(ring("1"), START)
    job = backlog.take(START)
    assert backlog.later(job, after(seconds=5))
    assert backlog.next_at() == after(seconds=5)
    assert backlog.take(after(seconds=4)) is None
    assert backlog.take(after(seconds=5)) is job
    assert job.tries == 2


def test_one_thing_at_a_time_for_an_address():
    """What waits for a slow address lets everybody else go first."""
    backlog = Backlog()
    for number in range(3):
        backlog.put(ring(f"a{number}", call=f"a{number}"), START)
    backlog.put(ring("b", call="b", address="b"), START)
    first = backlog.take(START)
    assert first.attempt == "a0"
    assert backlog.take(START).attempt == "b"
    assert backlog.take(START) is None
    backlog.done(first)
    assert backlog.take(START).attempt == "a1"


def test_a_stop_is_taken_however_much_waits():
    """Only what is less urgent is refused when too much of it waits."""
    backlog = Backlog(most=2)
    left = [
        backlog.put(ring(f"q{number}", call=f"q{number}", kind=Kind.QUERY), START)
        for number in range(3)
    ]
    assert [job.attempt if job else None for job in left] == [None, None, "q2"]
    for number in range(5):
        assert backlog.put(ring(f"s{number}", call=f"s{number}"), START) is None
    assert backlog.take(START).attempt == "s0"


def test_a_first_card_is_out_in_two_seconds_though_ten_thousand_wait():
    """Two hundred people have fifty STOPs each waiting; a hundred others get theirs.

    Four hands that need 40 ms a card, as a mail server does: each of the hundred has
    the first card before 2 s are over, whoever else has how many.
    """
    hands, card = 4, Duration(milliseconds=40)
    backlog = Backlog()
    for number in range(10_000):
        backlog.put(ring(f"w{number}", f"c{number}", f"a{number % 200}"), START)
    for _ in range(200):
        backlog.done(backlog.take(START))
    late = [f"late-{number}" for number in range(100)]
    for person in late:
        backlog.put(ring(person, "new", person), START)
    out = {}
    for turn in range(200):
        job = backlog.take(START)
        backlog.done(job)
        out.setdefault(job.item.address, (turn // hands + 1) * card)
    assert all(out[person] <= Duration(seconds=2) for person in late)
    assert len(backlog) == 10_000 - 200 - 100


def test_the_same_words_wait_once():
    """A telling said twice while it waits is told once."""
    backlog = Backlog()
    assert backlog.put(message(), START) is None
    assert backlog.put(message(), START) is not None
    assert backlog.put(message(text="another"), START) is None
    assert len(backlog) == 2


def test_what_is_let_go_in_hand_does_not_rest():
    """Somebody has the call while it is being sent: it is not sent again."""
    backlog = Backlog()
    backlog.put(ring("1"), START)
    job = backlog.take(START)
    assert backlog.let_go(AttemptId("1")) == ()
    assert not backlog.later(job, after(seconds=1))
    assert len(backlog) == 0


def test_letting_go_calls_in_what_stood_aside():
    """Nothing is left standing aside when the one before it goes."""
    backlog = Backlog()
    for number in range(3):
        backlog.put(ring(str(number), call=str(number)), START)
    first = backlog.take(START)
    assert backlog.take(START) is None
    backlog.done(first)
    (gone,) = backlog.let_go(AttemptId("1"))
    assert gone.attempt == "1"
    assert backlog.take(START).attempt == "2"


class Carrying(RuleBasedStateMachine):
    """Put in, take, finish, rest and let go, in any order."""

    def __init__(self):
        super().__init__()
        self.backlog = Backlog()
        self.now = START
        self.owed = set()
        self.in_hand = []
        self.count = 0

    @rule(call=st.integers(0, 5))
    def put(self, call):
        """Put a ring in."""
        self.count += 1
        made = ring(f"{self.count}", call=str(call), address=str(call % 3))
        self.owed.add(made.attempt)
        left = self.backlog.put(made, self.now)
        self.owed -= {left.attempt} if left else set()

    @rule()
    def take(self):
        """Take one in hand, if one is ready."""
        job = self.backlog.take(self.now)
        if job is not None:
            assert job.item.address not in {one.item.address for one in self.in_hand}
            self.in_hand.append(job)

    @precondition(lambda self: self.in_hand)
    @rule(data=st.data())
    def finish(self, data):
        """Carry one."""
        job = data.draw(st.sampled_from(self.in_hand))
        self.in_hand.remove(job)
        self.backlog.done(job)
        self.owed.discard(job.attempt)

    @precondition(lambda self: self.in_hand)
    @rule(data=st.data(), seconds=st.integers(0, 5))
    def rest(self, data, seconds):
        """Let one rest."""
        job = data.draw(st.sampled_from(self.in_hand))
        self.in_hand.remove(job)
        if not self.backlog.later(job, self.now + Duration(seconds=seconds)):
            self.owed.discard(job.attempt)

    @precondition(lambda self: self.owed)
    @rule(data=st.data())
    def let_go(self, data):
        """Let an attempt go."""
        attempt = data.draw(st.sampled_from(sorted(self.owed)))
        for job in self.backlog.let_go(attempt):
            self.owed.discard(job.attempt)

    @rule(seconds=st.integers(0, 5))
    def wait(self, seconds):
        """Let time pass."""
        self.now += Duration(seconds=seconds)

    def teardown(self):
        """Everything owed is carried in the end, and nothing else is."""
        while self.in_hand:
            job = self.in_hand.pop()
            self.backlog.done(job)
            self.owed.discard(job.attempt)
        self.now += Duration(hours=1)
        while (job := self.backlog.take(self.now)) is not None:
            self.owed.remove(job.attempt)
            self.backlog.done(job)
        assert self.owed == set()
        assert len(self.backlog) == 0


class TestNothingIsLost(Carrying.TestCase):
    """Each thing put in is carried, handed back, or let go: never forgotten."""
