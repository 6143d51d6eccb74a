"""Cases, told as they are kept: by people of two parties and a neutral."""

import pytest
from msgspec.structs import replace

from clearline.model.annotation import Holds, Sentence, SourceText
from clearline.model.case_acts import (
    AllegationAnswered,
    AllegationMade,
    AllegationQueried,
    AttachmentAdded,
    CaseOpened,
    CaseReferred,
    CaseTermSet,
    CaseTextAnnotated,
    CaseWidened,
    ClaimMade,
    CustodyLogged,
    EvidenceHeld,
    EvidenceReleased,
    FindingAnswered,
    FindingMade,
    HarmReported,
    LessonClosed,
    LessonReminded,
    LessonSet,
    SourceWithdrawn,
    StatementTaken,
)
from clearline.model.casework import Audience, Handling, NotADigest
from clearline.model.claims import Claim, Event, Need, Question, Voice
from clearline.model.commands import Acknowledge, Enter, OnCase, ReportHarm
from clearline.model.entries import CallRaised, Entry, Realm, SealedErased
from clearline.model.errors import BadInput
from clearline.model.facts import Source, SourceKind
from clearline.model.instants import Duration
from clearline.model.parties import Role, Strength
from clearline.model.sealed import Sealed
from clearline.picture.picture import Picture
from clearline.picture.snapshot import DUTY, read_snapshot, write_snapshot
from clearline.rules.case_sight import referral_to
from clearline.rules.cases import (
    AnnotatedOtherwise,
    EvidenceIsHeld,
    SeesTooMuch,
    UnknownCase,
)
from clearline.rules.claiming import AlreadyCorrected, Unsettleable
from clearline.rules.refusals import (
    IdTaken,
    NotProven,
    UnknownCall,
    UnknownInCase,
    WrongOrder,
)
from phone import NORTH, SOUTH, STOP, Line

FERRY = "north:ferry"
DAY = Duration(days=1)
BYTES = "a" * 64


class Kept(Line):
    """Hold a line with a case that is open and has something to claim about."""

    def __init__(self) -> None:
        """Open the case."""
        super().__init__()
        self.person("mate", "north-ops", Role.OPERATOR, has_watch=False)
        self.on(CaseOpened, title="The ferry")
        source = Source(
            id="log", title="Log", date="2026", kind=SourceKind.OFFICIAL, leaning="n"
        )
        self.on(CaseTermSet, source=source)
        self.on(CaseTermSet, source=replace(source, id="note"))
        self.on(CaseTermSet, voice=Voice(id="master", name="m", kind=SourceKind.PERSON))
        need = Need(entry="rang", shows="who was rung")
        question = Question(id="waited", asks="?", settled_by="a log", needs=(need,))
        self.on(CaseTermSet, question=question)

    def on(self, kind, by="lina", **fields):
        """Do something on the case."""
        case = "ferry" if self.actor(by).party == NORTH else FERRY
        act = kind(case=case, by=self.actor(by), **fields)
        return self.do(OnCase(act=act))

    def claims(self, name, author="lina", **fields):
        """Make a claim."""
        given = {"says": name, "what": Event(), "sources": ("log",), **fields}
        return self.on(ClaimMade, author, claim=Claim(id=name, **given))

    @property
    def case(self):
        """Look at the case."""
        return self.picture.cases.get(FERRY)


def test_the_same_twice_changes_nothing():
    """Opening, entering, claiming again leads to no entry."""
    line = Kept()
    assert line.claims("one") != ()
    assert line.claims("one") == ()
    assert line.on(CaseOpened, title="The ferry") == ()
    assert line.on(CaseTermSet, voice=Voice(id="master", name="m", kind="person")) == ()


def test_another_under_the_same_id_is_refused():
    """Two people who edit one case at once lose nothing of each other's."""
    line = Kept()
    line.claims("one", "lina")
    with pytest.raises(IdTaken) as refused:
        line.claims("one", "mate", says="Something else.")
    assert "under another id, or as a correction" in refused.value.next
    with pytest.raises(IdTaken):
        line.on(CaseOpened, title="Another")
    with pytest.raises(IdTaken):
        line.on(CaseTermSet, voice=Voice(id="master", name="other", kind="person"))


@pytest.mark.parametrize(
    "fields",
    [
        {"sources": ("gone",)},
        {"by": ("gone",)},
        {"answers": ("gone",)},
        {"places": ("gone",)},
        {"contradicts": ("gone",)},
        {"corrects": "gone"},
    ],
)
def test_a_claim_names_only_what_the_case_has(fields):
    """So no link leads forward, and none can lead in a circle."""
    with pytest.raises(UnknownInCase):
        Kept().claims("one", **fields)


def test_a_claim_is_corrected_once():
    """The second of two who correct it is told by which it is corrected."""
    line = Kept()
    line.claims("one")
    line.claims("two", corrects="one")
    with pytest.raises(AlreadyCorrected) as refused:
        line.claims("three", "mate", corrects="one")
    assert "'two'" in refused.value.what
    line.claims("three", "mate", corrects="two")
    assert line.picture.claims.get((FERRY, "one")) is not None


def test_a_contest_says_what_would_settle_it():
    """A rival that answers no such question is refused, whichever side could."""
    line = Kept()
    line.claims("one")
    with pytest.raises(Unsettleable):
        line.claims("two", contradicts=("one",))
    line.claims("two", contradicts=("one",), answers=("waited",))


def test_a_receipt_no_log_has_settles_nothing():
    """A misspelt type of entry is refused, not missing for ever."""
    need = Need(entry="acknowleged", shows="who had it")
    question = Question(id="x", asks="?", settled_by="a log", needs=(need,))
    with pytest.raises(UnknownInCase):
        Kept().on(CaseTermSet, question=question)


def test_a_withdrawn_source_takes_nothing_away():
    """It is withdrawn once, and its claims stay."""
    line = Kept()
    line.claims("one")
    line.on(SourceWithdrawn, source="log", why="Its author took it back.")
    assert line.on(SourceWithdrawn, source="log", why="again") == ()
    assert line.case.withdrawn == (("log", "Its author took it back."),)
    assert line.picture.claims.get((FERRY, "one")) is not None
    with pytest.raises(UnknownInCase):
        line.on(SourceWithdrawn, source="gone", why="?")


def test_harm_on_a_call_opens_a_case_and_holds_its_evidence():
    """One report: the case, the hold, the report; again: nothing."""
    line = Line()
    line.raises()
    harm = ReportHarm(case="h", by=line.actor("lina"), says="Hit.", call=STOP)
    acts = line.do(harm)
    assert [type(act) for act in acts] == [CaseOpened, EvidenceHeld, HarmReported]
    case = line.picture.cases.get("north:h")
    assert (case.is_held, case.calls, case.harm) == (True, (STOP,), ("Hit.",))
    assert line.do(harm) == ()
    more = line.do(ReportHarm(case="h", by=line.actor("lina"), says="Two.", call=STOP))
    assert [type(act) for act in more] == [HarmReported]


def test_harm_on_what_nobody_knows_is_refused():
    """A call that is not there, or neither a call nor a notice."""
    line = Line()
    with pytest.raises(UnknownCall):
        line.do(ReportHarm(case="h", by=line.actor("lina"), says="x", call="gone"))
    with pytest.raises(BadInput):
        ReportHarm(case="h", by=line.actor("lina"), says="x")


def test_held_evidence_is_not_erased():
    """A sealed name stays until two people of two parties let the hold go."""
    line = Kept()
    line.on(EvidenceHeld, why="harm")
    name = Sealed(sealed="c2VhbGVk")
    line.on(
        StatementTaken,
        statement="s1",
        role="deckhand",
        pseudonym="A",
        said="It fell.",
        name=name,
    )
    erase = Enter(act=SealedErased(entry=1, part=name.sealed, rule="r", person="lina"))
    with pytest.raises(EvidenceIsHeld):
        line.do(erase)
    with pytest.raises(NotProven):
        line.on(EvidenceReleased, second=line.actor("lina"), why="over")
    line.on(EvidenceReleased, second=line.actor("observer"), why="over")
    assert not line.case.is_held
    assert len(line.do(erase)) == 1


def test_an_attachment_that_changes_is_seen():
    """A hash that differs is kept as found; the one it was added with stays."""
    line = Kept()
    line.on(
        AttachmentAdded,
        attachment="a1",
        name="photo",
        media_type="image/png",
        sha256=BYTES,
        bytes_long=3,
    )
    line.on(CustodyLogged, attachment="a1", did=Handling.HANDED_OVER, to="monitor")
    line.on(CustodyLogged, "mate", attachment="a1", did=Handling.CHECKED, sha256=BYTES)
    assert line.case.attachments[0].changed == ()
    line.on(CustodyLogged, attachment="a1", did=Handling.CHECKED, sha256="b" * 64)
    (attachment,) = line.case.attachments
    assert [one.sha256 for one in attachment.changed] == ["b" * 64]
    assert attachment.sha256 == BYTES
    assert len(attachment.custody) == 3
    with pytest.raises(NotADigest):
        line.on(CustodyLogged, attachment="a1", did=Handling.CHECKED, sha256="A")
    with pytest.raises(UnknownInCase):
        line.on(CustodyLogged, attachment="gone", did=Handling.VIEWED)


def test_an_allegation_is_queried_answered_and_found_upon():
    """No reply before the query, none by another party, no finding before a reply."""
    line = Kept()
    line.on(AllegationMade, allegation="x", says="They fired.", against=SOUTH)
    with pytest.raises(UnknownCase):
        line.on(AllegationAnswered, "duty", allegation="x", says="No.")
    line.on(AllegationQueried, "mate", allegation="x", asks="Did you?")
    with pytest.raises(WrongOrder):
        line.on(AllegationAnswered, "lina", allegation="x", says="Yes.")
    with pytest.raises(WrongOrder):
        line.on(FindingMade, says="So.", parties=(NORTH,), allegation="x")
    line.on(AllegationAnswered, "duty", allegation="x", says="No.")
    line.on(
        FindingMade,
        finding="f",
        says="Rounds fell.",
        parties=(NORTH, SOUTH),
        allegation="x",
        legal_basis=("rules of engagement of each nation",),
    )
    (allegation,), (finding,) = line.case.allegations, line.case.findings
    assert (allegation.asks, allegation.replies) == ("Did you?", ("No.",))
    assert finding.parties == (NORTH, SOUTH)


def test_a_finding_is_of_whoever_makes_it():
    """Nobody makes a finding for another party."""
    with pytest.raises(WrongOrder):
        Kept().on(FindingMade, "lina", says="x", parties=(SOUTH,))


def test_a_finding_of_two_is_joint_once_each_has_said_so():
    """North proposes it; until south agrees in its own words it is north's alone."""
    line = Kept()
    with pytest.raises(WrongOrder, match="has no id"):
        line.on(FindingMade, says="Rounds fell.", parties=(NORTH, SOUTH))
    line.on(
        FindingMade, finding="f", says="Rounds fell.", parties=(NORTH, SOUTH, NORTH)
    )
    assert line.case.findings[0].agreed == (NORTH,)
    assert line.case.findings[0].whose == (
        "Finding of north; south has not said whether it agrees"
    )
    with pytest.raises(WrongOrder, match="is not asked"):
        line.on(FindingAnswered, finding="north:f", agrees=True)
    with pytest.raises(WrongOrder, match="not said why"):
        line.on(FindingAnswered, "duty", finding="north:f", agrees=False, says=" ")
    line.on(FindingAnswered, "duty", finding="north:f", agrees=False, says="One round.")
    assert not line.case.findings[0].is_joint
    assert line.case.findings[0].whose.endswith("south does not agree: One round.")
    line.on(FindingAnswered, "duty", finding="north:f", agrees=True)
    assert line.on(FindingAnswered, "duty", finding="north:f", agrees=True) == ()
    assert line.case.findings[0].is_joint
    assert line.case.findings[0].whose == "Joint finding of north and south"
    assert len(line.case.findings[0].replies) == 2


def test_the_other_side_makes_a_finding_of_its_own():
    """On what was put to it, in its own name, and learns nothing else of the case."""
    line = Kept()
    line.claims("one")
    line.on(AllegationMade, allegation="x", says="They fired.", against=SOUTH)
    own = {"says": "We did not.", "parties": (SOUTH,), "finding": "f"}
    with pytest.raises(UnknownCase):
        line.on(FindingMade, "duty", allegation="x", **own)
    line.on(AllegationQueried, allegation="x", asks="Did you?")
    line.on(AllegationAnswered, "duty", allegation="x", says="No.")
    with pytest.raises(UnknownCase):
        line.on(FindingMade, "duty", **own)
    told = []
    for claim in ("one", "none"):
        with pytest.raises(UnknownInCase) as refused:
            line.on(FindingMade, "duty", allegation="x", rests_on=(claim,), **own)
        told.append(refused.value.what.replace(claim, "X"))
    assert told[0] == told[1]
    line.on(FindingMade, finding="f", says="Rounds fell.", parties=(NORTH,))
    line.on(FindingMade, "duty", allegation="x", **own)
    assert [one.id for one in line.case.findings] == ["north:f", "south:f"]
    with pytest.raises(UnknownCase):
        line.on(FindingAnswered, "duty", finding="north:f", agrees=True)


def test_a_lesson_reminds_until_it_is_closed():
    """Due, then once a day; closed, never again."""
    line = Kept()
    due_at = line.now + DAY
    line.on(LessonSet, lesson="l", says="Ring roles.", owner="south-ops", due_at=due_at)
    assert [a for a in line.after(hours=23) if isinstance(a, LessonReminded)] == []
    reminded = [a for a in line.after(hours=26) if isinstance(a, LessonReminded)]
    assert [one.owner for one in reminded] == ["south-ops", "south-ops"]
    line.on(LessonClosed, "mate", lesson="l", how="Ladders ring roles.")
    assert [a for a in line.after(days=3) if isinstance(a, LessonReminded)] == []
    with pytest.raises(WrongOrder):
        line.on(LessonSet, lesson="m", says="x", owner="south-ops", due_at=line.now)


def test_a_reminder_rings_who_owns_the_lesson():
    """A WARN rings the desk; while it is open no second one does, acknowledged it may.

    The reminder is an entry each day all the same.
    """
    line = Kept()
    due_at = line.now + DAY
    line.on(LessonSet, lesson="l", says="Ring roles.", owner="south-ops", due_at=due_at)
    raised = [a for a in line.after(hours=25) if isinstance(a, CallRaised)]
    assert [(a.kind, a.to_desk) for a in raised] == [("WARN", "south-ops")]
    assert "Ring roles." in raised[0].card.what
    later = line.after(days=2)
    assert sum(isinstance(a, LessonReminded) for a in later) == 2
    assert not any(isinstance(a, CallRaised) for a in later)
    line.do(Acknowledge(call=raised[0].call, by=line.actor("duty")))
    again = [a for a in line.after(days=1) if isinstance(a, CallRaised)]
    assert [a.call for a in again] == [f"{raised[0].call}~2"]


@pytest.mark.parametrize(
    ("to", "sees"),
    [
        ("north", Audience.WHOLE),
        ("monitor", Audience.WHOLE),
        ("south", Audience.PARTIES),
        ("joint commission", Audience.PUBLIC),
    ],
)
def test_what_a_body_may_see_follows_from_who_it_is(to, sees):
    """Nobody has to choose; referred again in the same way nothing changes."""
    line = Kept()
    line.on(CaseReferred, to=to)
    assert line.on(CaseReferred, to=to) == ()
    assert [one.sees for one in line.case.referrals] == [sees]


def test_a_party_of_the_line_is_never_shown_more_than_it_may_see():
    """Less may be said; more is refused, with what it may see."""
    line = Kept()
    with pytest.raises(SeesTooMuch, match="as parties, not as whole"):
        line.on(CaseReferred, to="south", sees=Audience.WHOLE)
    line.on(CaseReferred, to="south", sees=Audience.PUBLIC)
    line.on(CaseReferred, to="south", sees=Audience.PARTIES)
    assert referral_to(line.case, "south").sees is Audience.PARTIES


def test_a_body_nobody_here_knows_sees_more_only_by_a_persons_word_and_reason():
    """A program cannot know what it may see: who says so is proven, and says why."""
    line = Kept()
    wide = {"to": "joint commission", "sees": Audience.WHOLE}
    with pytest.raises(SeesTooMuch):
        line.on(CaseReferred, **wide)
    device = line.actor("lina", Strength.DEVICE_ONLY)
    act = CaseReferred(case="ferry", by=device, why="It asked.", **wide)
    with pytest.raises(NotProven):
        line.do(OnCase(act=act))
    line.on(CaseReferred, why="Both parties agreed on it.", **wide)
    assert line.case.referrals[0].sees is Audience.WHOLE


def test_two_parties_never_meet_in_the_name_of_a_case():
    """A taken name opens a case just as a free one does: none learns of the other."""
    line = Kept()
    said = []
    for name in (FERRY, "north:gone"):
        act = EvidenceHeld(case=name, by=line.actor("duty"), why="x")
        with pytest.raises(UnknownCase) as refused:
            line.do(OnCase(act=act))
        said.append(refused.value.what.replace(name, "X"))
    assert len(set(said)) == 1
    taken = [
        act.case
        for name in ("ferry", FERRY, "free")
        for act in line.do(
            OnCase(act=CaseOpened(case=name, by=line.actor("duty"), title="Ours"))
        )
    ]
    assert taken == ["south:ferry", f"south:{FERRY}", "south:free"]
    assert line.case.title == "The ferry"


def test_a_case_opened_before_parties_had_names_of_their_own_is_found():
    """An id without a party before it stays its party's, and nobody else's."""
    line = Kept()
    opened = CaseOpened(case="old", by=line.actor("lina"), title="Old")
    line.picture.fold(Entry(at=line.now, realm=Realm.EXERCISE, act=opened))
    held = EvidenceHeld(case="old", by=line.actor("lina"), why="x")
    assert [act.case for act in line.do(OnCase(act=held))] == ["old"]
    theirs = CaseOpened(case="old", by=line.actor("duty"), title="Old")
    assert [act.case for act in line.do(OnCase(act=theirs))] == ["south:old"]


def test_harm_on_what_one_may_not_know_is_harm_on_nothing():
    """A call of others is refused in the words for one that is not there."""
    line = Kept()
    line.raises(to="south-ops")
    said = []
    for name in (STOP, "no-such-call"):
        by = line.actor("observer")
        with pytest.raises(UnknownCall) as refused:
            line.do(ReportHarm(case="h", by=by, says="Hit.", call=name))
        said.append(refused.value.what.replace(name, "X"))
    assert len(set(said)) == 1


def test_what_a_case_is_about_grows_and_says_nothing_twice():
    """Opened again with another call, or widened, it is about both."""
    line = Kept()
    line.raises()
    wider = line.on(CaseOpened, title="The ferry", calls=(STOP,))
    assert [type(act) for act in wider] == [CaseWidened]
    assert line.on(CaseWidened, calls=(STOP,)) == ()
    assert line.case.calls == (STOP,)


TEXT = SourceText(
    title="A note",
    sha256=BYTES,
    length=20,
    sentences=(
        Sentence(number=1, start=0, end=9, sha256=BYTES),
        Sentence(number=2, start=10, end=20, sha256="b" * 64),
    ),
)


def test_where_sentences_stand_enters_the_log_once():
    """By offset and hash; a claim names only a sentence that is there."""
    line = Kept()
    with pytest.raises(UnknownInCase):
        line.claims("one", sentences=(1,))
    assert line.on(CaseTextAnnotated, text=TEXT) != ()
    assert line.on(CaseTextAnnotated, text=TEXT) == ()
    assert line.case.text == TEXT
    line.claims("one", sentences=(1,))
    with pytest.raises(UnknownInCase):
        line.claims("two", sentences=(3,))


def test_sentences_hold_more_later_and_stand_where_they_stood():
    """What one holds may be said anew; where it stands, and of which text, may not."""
    line = Kept()
    line.on(CaseTextAnnotated, text=TEXT)
    first, second = TEXT.sentences
    context = replace(second, holds=(Holds.CONTEXT,), because="A heading.")
    assert line.on(CaseTextAnnotated, text=replace(TEXT, sentences=(first, context)))
    for text in (
        replace(TEXT, sha256="c" * 64),
        replace(TEXT, sentences=(replace(first, end=8), second)),
        replace(TEXT, sentences=(first,)),
    ):
        with pytest.raises(AnnotatedOtherwise):
            line.on(CaseTextAnnotated, text=text)


def test_nobody_unknown_writes_a_case():
    """What came as heard, or from a device alone, enters nothing."""
    line = Kept()
    act = CaseOpened(case="z", by=line.actor("lina", Strength.HEARD), title="Z")
    with pytest.raises(NotProven):
        line.do(OnCase(act=act))
    with pytest.raises(UnknownCase):
        line.do(OnCase(act=EvidenceHeld(case="z", by=line.actor("lina"), why="x")))
    report = HarmReported(case="ferry", by=line.actor("lina"), says="x")
    with pytest.raises(WrongOrder):
        line.do(OnCase(act=report))


def test_a_case_comes_back_from_a_snapshot():
    """Claims, terms, lessons and what they wait for are as they were."""
    line = Kept()
    line.claims("one")
    line.on(
        LessonSet, lesson="l", says="x", owner="south-ops", due_at=line.now + 30 * DAY
    )
    data = write_snapshot(line.picture, DUTY, line.picture.size, b"last")
    again = Picture()
    read_snapshot(data, again)
    assert again.cases.get(FERRY) == line.case
    assert list(again.claims.values()) == list(line.picture.claims.values())
    assert again.lessons.get(f"lesson {FERRY} l").owner == "south-ops"
    assert f"lesson {FERRY} l" in again.due(line.now + 31 * DAY, 10)


def test_what_was_taken_back_is_gone():
    """A batch the disk refused leaves no claim and no reminder."""
    line = Kept()
    size = line.picture.size
    line.claims("one")
    line.on(LessonSet, lesson="l", says="x", owner="south-ops", due_at=line.now + DAY)
    line.picture.take_back(size)
    assert line.picture.claims.get((FERRY, "one")) is None
    assert line.picture.lessons.get(f"lesson {FERRY} l") is None
    assert line.claims("one") != ()
