"""What the code says is said in the reader's language, whole, and nothing of theirs."""

import re

import pytest

from clearline.geo.reading import read_place
from clearline.geo.writing import from_two_origins
from clearline.model.errors import ClearlineError
from clearline.model.faults import Fault, FilingRefused
from clearline.model.places import NamedOrigin, Position
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.rules.readback import compare_readback
from clearline.rules.toldright import check_place
from clearline.web.console.languages import PSEUDO, languages, sentences
from clearline.web.console.sentences import say, tongue

TAGS = [tag for tag in languages() if tag != "en"]
AIRFIELD = NamedOrigin(
    name="Deir ez-Zor",
    kind="airfield",
    position=Position(lon=40.176, lat=35.285),
    precision_m=1_500.0,
)
CITY = NamedOrigin(
    name="Deir ez-Zor",
    kind="city",
    position=Position(lon=40.14, lat=35.335),
    precision_m=3_000.0,
)
BRIDGE = NamedOrigin(
    name="Deir ez-Zor", kind="bridge", position=Position(lon=40.5, lat=35.5)
)
ORIGINS = (AIRFIELD, CITY)
TOLD = (
    *("35.2854 N 40.1760 E", "35.2854, 40.1760", "35,28 40,17", "351707N0401034E"),
    *("37S FV 069 053", "069053", "37S 069 053", "FV 069 053", "99S FV 069 053"),
    *("37 N 606970 3905300", "606970 3905300", "geo:35.2,40.1;u=50", "geo:35"),
    *("9 km south of the airfield", "3 to 6 km southwest of Deir ez-Zor"),
    *("within 2 km of Deir ez-Zor city", "215/6 km from Deir ez-Zor airfield"),
    *("3822 mils grid, 6 km from the airfield", "215 magnetic, 6 km from the city"),
    *("between Deir ez-Zor airfield and Deir ez-Zor city", "5 km", "south of the city"),
    *("near the mill", "the mill", "", "35 17 07 40 10 34", "95.0 N 40.1 E"),
    *("35.2 N 40.1 N", "N 35.2 S", "ED50 35.2 N 40.1 E", "35.28 N 40.17 E ± 50 m"),
    *("35.2,40.1\n35.3,40.2\n35.4,40.1", "35.2,40.1\nthe mill", "87G2GFQM+22"),
    *("https://maps.google.com/?q=35.1,40.2", "https://maps.app.goo.gl/abc"),
    *("https://example.org/map", "1,234 m south of the city", "0 km south of the city"),
)
"""Places as people tell them, in every form, and told wrongly in many."""

GAP = re.compile(r"\{(\w+)(?::([nq]))?\}")
CODED = re.compile(
    r"STOP|HOLD|RELEASE|UNABLE|WILCO|UTM|MGRS|WGS|UTC|PIN|JSON|UTF|IANA|RFC|SHA|URI|CSRF"
)


def filled(form: str) -> str:
    """Put something that is nobody's word into each gap of a form."""
    put = {None: "Zyxal", "n": "17", "q": "'Qwop'"}
    return GAP.sub(lambda gap: put[gap[2]], form)


def left(said: str) -> str:
    """Return what is left of Latin letters outside what is isolated."""
    bare = re.sub(r"<bdi.*?</bdi>", "", said, flags=re.DOTALL)
    return " ".join(re.findall("[A-Za-z]{2,}", CODED.sub("", bare)))


@pytest.mark.parametrize("tag", TAGS)
def test_every_sentence_is_known_by_its_form(tag):
    """With names and figures in it, each is said whole, and not as another one."""
    others = {}
    for form, as_said in sentences(tag).items():
        said = str(say(filled(form), tag))
        expected = as_said
        for name, kind in GAP.findall(form):
            value = {"": "Zyxal", "n": "17", "q": "&#39;Qwop&#39;"}[kind]
            expected = expected.replace(f"{{{name}}}", value)
        bare = re.sub(r"<[^>]+>", "", said)
        if (
            "lang=" in said
            or bare
            != expected.replace("'", "&#39;")
            .replace('"', "&#34;")
            .replace(">", "&gt;")
            .strip()
        ):
            others[form] = bare
    assert others == {}


@pytest.mark.parametrize("text", TOLD)
def test_a_place_told_in_any_form_is_answered_in_arabic(text):
    """How it was read, or what to ask, has no English in it but what was told."""
    try:
        said = [one.understood for one in read_place(text, ORIGINS)]
    except ClearlineError as error:
        said = [error.what, error.state, error.next]
    for one in said:
        shown = str(say(one, "ar"))
        assert 'lang="en"' not in shown, one
        assert left(shown) == "", (one, shown)


def test_bearings_and_checks_and_readbacks_are_in_arabic():
    """So is where a place lies, whether two agree, and what came back of it."""
    here = Position(lon=40.1, lat=35.2)
    said = list(from_two_origins(here, ORIGINS, 100.0))
    said += from_two_origins(here, (*ORIGINS, BRIDGE), 5_000.0)
    said += from_two_origins(AIRFIELD.position, ORIGINS, 1.0)
    said += from_two_origins(AIRFIELD.position, ORIGINS, 700.0)
    told = read_place("9 km south of the airfield", ORIGINS)[0].place
    meant = read_place("35.2854 N 40.1760 E", ORIGINS)[0].place
    check = check_place(told, meant, ORIGINS)
    said += [check.why, *(one.says for one in check.findings)]
    sent = ReadbackElement(
        name="where", kind=ElementKind.PLACE, text=meant.text, place=meant
    )
    for heard in ("36.2854 N 40.1760 E", "the mill", "", "069053"):
        back = ReadbackElement(name="where", kind=ElementKind.PLACE, text=heard)
        for one in compare_readback((sent,), (back,), ORIGINS).elements:
            said += [one.why, one.say_again]
    for one in said:
        shown = str(say(one, "ar"))
        assert 'lang="en"' not in shown, one
        assert left(shown) == "", (one, shown)
        assert "not from" not in shown, shown
        assert " true" not in shown, shown
        assert " or " not in shown, shown


def test_what_is_wrong_with_a_form_is_said_field_by_field():
    """The name of the field stays, the sentence about it does not."""
    wrong = Fault(
        field="where_again",
        wrong="The place is told in one way only.",
        right="Give it in a second one, as MGRS: two figures exchanged, or a sign, "
        "then show at once.",
    )
    shown = str(say(FilingRefused([wrong, wrong]).what, "ar"))
    assert "where_again" in shown
    assert "قيل المكان بطريقة واحدة فقط" in shown
    assert 'lang="en"' not in shown


def test_somebodys_words_are_theirs_and_harm_nothing():
    """In quotes nothing is translated, and what is put in is escaped and isolated."""
    shown = str(say("'<b>open</b>' is no number.", "ar"))
    assert "<b>" not in shown
    assert "&lt;b&gt;open" in shown
    assert "<bdi>" in shown


def test_a_name_that_is_also_a_word_of_ours_stays_a_name():
    """A party called "north" is not the direction; the direction is still said."""
    shown = str(say("Notice 'S-014' belongs to north.", "ar"))
    assert "<bdi>north</bdi>" in shown
    assert "الشمال" not in shown
    assert "الشمال" in say("north", "ar")


def test_what_has_no_form_stays_english_and_is_marked():
    """A sentence of another release is read in English rather than not at all."""
    shown = str(say("Nobody translated this yet. Nothing was recorded.", "ar"))
    assert '<bdi lang="en">Nobody translated this yet.</bdi>' in shown
    assert "لم يُسجَّل شيء." in shown


def test_english_is_as_it_is_and_the_pseudo_locale_changes_every_letter():
    """Nothing is done to English; a sentence that was not marked stands out."""
    sentence = "There is no desk 'south' on this line."
    assert "no desk &#39;south&#39; on" in say(sentence, "en")
    shown = str(say(sentence, PSEUDO))
    assert "There" not in shown
    assert "<bdi>&#39;south&#39;</bdi>" in shown


def test_a_long_text_full_of_false_starts_is_given_up_on():
    """What somebody wrote cannot make a page wait."""
    text = " lies 5 km from the place, and. " * 400
    assert "lies" in say(text, "ar")
    assert not tongue("ar").knows("and " * 300)
