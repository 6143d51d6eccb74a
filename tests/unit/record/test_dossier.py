"""What an audience may not see leaves a count behind, and nothing else."""

import cProfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from clearline.bench.case import draw
from clearline.model.casework import (
    Attachment,
    Audience,
    Case,
    Lesson,
    StatementHeld,
)
from clearline.model.parties import Actor, Strength
from clearline.model.sealed import Sealed
from clearline.record import faces
from clearline.record import pdf as pdf_module
from clearline.record.dossier import (
    Dossier,
    LogRead,
    NoSuchClaim,
    gather,
    redact,
)
from clearline.record.faces import is_printed
from clearline.record.page import render
from clearline.record.pdf import FacesNotMade, write_pdf
from clearline.record.views import lay_out
from clearline.wire.casefiles import read_case, write_case
from founding import case

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
BY = Actor(party="north", desk="north-ops", strength=Strength.PIN, person="lina")
SAID = "Zebra crossing at dawn"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}#eval"


def whole() -> Dossier:
    """Gather the founding case with something kept about it."""
    kept = Case(
        id="c",
        title="C",
        opened_at=AT,
        opened_by=BY,
        statements=(
            StatementHeld(
                id="s1",
                at=AT,
                by=BY,
                role="driver",
                pseudonym="A",
                said=SAID,
                name=Sealed(sealed="c2VhbGVk"),
            ),
        ),
        attachments=(
            Attachment(
                id="a",
                name="p.png",
                media_type="image/png",
                sha256="a" * 64,
                bytes_long=1,
            ),
        ),
    )
    lesson = Lesson(
        case="c", id="l", says="x", owner="north-ops", due_at=AT, next_at=AT
    )
    return gather(case(), kept=kept, lessons=[lesson])


def pages(shown: Dossier) -> str:
    """Write everything of a dossier that is text."""
    return render(shown, "0" * 64) + write_case(shown.case).decode()


def test_sealed_names_are_in_no_version():
    """Not even whoever may see the whole sees a name's seal."""
    shown = redact(whole(), Audience.WHOLE)
    assert shown.withheld == {"names": 1}
    assert "c2VhbGVk" not in pages(shown)
    assert SAID in pages(shown)


def test_parties_see_no_words_of_statements():
    """Statements and attachments go, and are counted."""
    shown = redact(whole(), Audience.PARTIES)
    assert shown.withheld == {"names": 1, "statements": 1, "attachments": 1}
    assert SAID not in pages(shown)
    assert "a" * 64 not in pages(shown)
    assert "1 statements" in render(shown, "0" * 64)


def test_the_public_sees_no_position():
    """No coordinate stands anywhere; the names of places stay."""
    shown = redact(whole(), Audience.PUBLIC)
    said = pages(shown)
    assert "35.28" not in said
    assert "40.17" not in said
    assert "Kroum hill" in said
    assert shown.withheld["positions"] == 4
    assert shown.lessons == ()


def test_two_cases_that_differ_in_what_is_withheld_look_alike():
    """Whatever a withheld claim said, and whatever linked to it, leaves no trace."""
    claims = tuple(
        replace(one, says="Something else entirely.", by=())
        if one.id == "stunt"
        else one
        for one in case().claims
    )
    other = replace(whole(), case=replace(case(), claims=claims))
    first = redact(whole(), Audience.WHOLE, ["stunt"])
    second = redact(other, Audience.WHOLE, ["stunt"])
    assert pages(first) == pages(second)
    assert "stunt" not in pages(first)


def test_links_into_what_is_withheld_go_with_it():
    """A consequence of what is withheld goes too; what is left is still a case."""
    shown = redact(whole(), Audience.WHOLE, ["strikes", "intent"])
    left = {one.id for one in shown.case.claims}
    assert "strikes-opened-height" not in left
    assert shown.withheld["claims"] == len(case().claims) - len(left) > 2
    again = read_case(write_case(shown.case), "redacted.json")
    assert again == shown.case
    with pytest.raises(NoSuchClaim):
        redact(whole(), Audience.WHOLE, ["gone"])


def hostile() -> Dossier:
    """Put hostile words wherever a case has words of its own."""
    of = case()
    claims = tuple(replace(one, says=HOSTILE, reason=HOSTILE) for one in of.claims)
    return replace(
        whole(),
        case=replace(
            of,
            title=HOSTILE,
            summary=HOSTILE,
            legal=HOSTILE,
            claims=claims,
            voices=tuple(replace(one, name=HOSTILE, of=HOSTILE) for one in of.voices),
            sources=tuple(replace(one, title=HOSTILE) for one in of.sources),
            places=tuple(replace(one, name=HOSTILE, text=HOSTILE) for one in of.places),
            questions=tuple(replace(one, asks=HOSTILE) for one in of.questions),
        ),
    )


def test_hostile_words_stay_words():
    """Nothing runs, nothing is loaded, and nothing is computed."""
    said = render(hostile(), "0" * 64)
    assert "<script" not in said
    assert "<img" not in said
    assert "&lt;script&gt;" in said
    assert "{{ 7*7 }}" in said
    assert "default-src &#39;none&#39;" in said or "default-src 'none'" in said


def test_the_page_loads_nothing():
    """No address of anything stands in the page."""
    said = render(whole(), "0" * 64)
    assert "http" not in said.replace("http-equiv", "")
    assert " src=" not in said
    assert "<link" not in said


def test_the_page_says_the_legal_line_and_no_verdict():
    """Neutral words: contested stays contested."""
    said = render(whole(), "0" * 64)
    assert "not notifying removes none" in said
    assert "No version wins here." in said
    assert "verdict" not in said.lower()


def render_all(drawn):
    """Write the page of a case, every view in it."""
    return render(gather(drawn, logs=[LogRead(name="x", entries=())]), "0" * 64)


ARABIC = "أُصيبت العبّارة عند الساعة 14:05."
PASHTO = "کشتۍ ټکر شوه، ښځې"


def in_arabic(*said):
    """Let somebody say things, and a claim be one of them."""
    dossier = whole()
    first, *others = dossier.case.claims
    claims = (replace(first, says=said[0]), *others)
    kept = replace(dossier.kept, harm=said)
    return replace(dossier, case=replace(dossier.case, claims=claims), kept=kept)


def test_words_in_arabic_script_are_printed_from_a_face_that_has_them():
    """Nothing of them is missing, with vowel signs and the letters of Pashto."""
    pdf = write_pdf(in_arabic(ARABIC, PASHTO), "0" * 64)
    assert b"Vazirmatn" in pdf
    assert b"Vazirmatn" not in write_pdf(whole(), "0" * 64)
    assert all(is_printed(c) for c in ARABIC + PASHTO + "नाव Ελλάδα Привет é")
    assert not is_printed("中")


def test_a_case_that_needs_a_face_which_was_not_made_is_refused(monkeypatch, tmp_path):
    """It would be another file than elsewhere; one that needs none is the same."""
    needs_none = write_pdf(whole(), "0" * 64)
    monkeypatch.setattr(faces, "folder_of_faces", lambda: tmp_path)
    monkeypatch.setattr(pdf_module, "folder_of_faces", lambda: tmp_path)
    faces.printed.cache_clear()
    try:
        with pytest.raises(FacesNotMade):
            write_pdf(in_arabic(ARABIC), "0" * 64)
        assert write_pdf(whole(), "0" * 64) == needs_none
    finally:
        faces.printed.cache_clear()


@pytest.mark.parametrize("make", [render_all, lay_out])
def test_the_work_for_a_large_case_grows_as_the_case_does(make):
    """Four times the claims take four times the calls, so 10,000 stay in reach."""

    def work(claims):
        drawn = draw(claims, 7)
        make(drawn)  # what is read once is read
        profile = cProfile.Profile()
        profile.runcall(make, drawn)
        return sum(one.callcount for one in profile.getstats())

    assert work(2_000) < 4.8 * work(500)


def test_the_same_case_is_the_same_pdf():
    """No time, path or font of this machine enters it; hostile words print."""
    shown = redact(whole(), Audience.PARTIES)
    first = write_pdf(shown, "0" * 64)
    assert str(Path.home()).encode() not in first
    assert first[:5] == b"%PDF-"
    assert first == write_pdf(shown, "0" * 64)
    assert first != write_pdf(redact(whole(), Audience.PUBLIC), "0" * 64)
    assert write_pdf(hostile(), "0" * 64)[:5] == b"%PDF-"
