"""Places are spelled in the alphabets people share, and heard in each."""

import pytest

from clearline.geo.alphabets import ALPHABETS, ICAO
from clearline.geo.voice import hear, spell

GRID = "37S FV 069 053"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("icao", "tree seven sierra, foxtrot victor, zero six niner, zero fife tree"),
        ("fr", "trois sept suzanne, françois victor, zéro six neuf, zéro cinq trois"),
        (
            "de",
            (
                "drei sieben salzwedel, frankfurt völklingen, null sechs neun, "
                "null fünf drei"
            ),
        ),
        ("es", "tres siete sierra, foxtrot victor, cero seis nueve, cero cinco tres"),
        ("ru", "три семь sierra, foxtrot victor, ноль шесть девять, ноль пять три"),
        ("uk", "три сім sierra, foxtrot victor, нуль шість дев'ять, нуль п'ять три"),
        ("ar", "ثلاثة سبعة sierra, foxtrot victor, صفر ستة تسعة, صفر خمسة ثلاثة"),
        ("he", "שלוש שבע sierra, foxtrot victor, אפס שש תשע, אפס חמש שלוש"),
    ],
)
def test_a_grid_reference_is_spelled_in_each(name, said):
    """National words where there are any, ICAO's for the letters of others."""
    assert spell(GRID, ALPHABETS[name]) == said
    assert hear(said) == GRID


def test_cyrillic_is_spelled_in_given_names():
    """A name in Cyrillic is spelled letter by letter."""
    assert spell("Ёж", ALPHABETS["ru"]) == "ёлка женя"
    assert spell("объезд", ALPHABETS["ru"]) == (
        "ольга борис твёрдый-знак елена зинаида дмитрий"
    )


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
def test_no_two_characters_share_a_word(alphabet):
    """A word that means two characters would be heard wrong."""
    words = ICAO.words | alphabet.words
    assert len(set(words.values())) == len(words)
    assert all(len(word.split()) == 1 for word in words.values())
    for word, character in alphabet.also.items():
        assert word not in alphabet.words.values()
        assert character in words


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("три семь сьерра", "три семь сьерра"),
        ("Trois sept", "37"),
        ("zero cinq", "05"),
        ("zéro CINQ virgule un", "05.1"),
        ("семь семен", "7С"),
        ("واحد اثنين نقطة ثلاثة", "12.3"),
        ("Lima", "Lima"),
        ("est", "est"),
        ("tree trois", "33"),
        ("три trois", "три trois"),
    ],
)
def test_words_of_one_alphabet_are_heard(said, text):
    """Accents and case are not listened for; words of two nations are not mixed."""
    assert hear(said) == text
