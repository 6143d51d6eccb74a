"""Hold the alphabets that places are spelled in, for a voice.

An alphabet is data: the word for each letter, digit and mark, and who says so. Letters
it has no word of its own for are spelled with the ICAO words, which are agreed
between all who share a radio; so a grid reference can be spelled in each.

Only words that could be checked are here. For Arabic, Hebrew, Spanish and Ukrainian
that is the digits and marks: their spelling alphabets differ from service to service,
and a word that the other side does not know is worse than the ICAO word it does.
"""

from typing import Final

import msgspec


class Alphabet(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the words of one spelling alphabet.

    Attributes:
        name: As `--alphabet` takes it: `icao`, or a language by ISO 639.
        source: Who says these words.
        words: The word for each character, in small letters, without blanks.
        also: Other words that mean a character when they are heard.
    """

    name: str
    source: str
    words: dict[str, str]
    also: dict[str, str] = {}


def _by_first(words: str) -> dict[str, str]:
    """Put each word under its first letter."""
    return {word[0].upper(): word for word in words.split()}


def _by_place(characters: str, words: str) -> dict[str, str]:
    """Put words under characters, one after the other."""
    return dict(zip(characters, words.split(), strict=True))


_DIGITS = "0123456789"
_MARKS = ".-+/°'\""

ICAO: Final = Alphabet(
    name="icao",
    source="ICAO Annex 10, volume II, 5.2.1.3 (letters) and 5.2.1.4.3.1 (digits)",
    words={
        **_by_first(
            "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima "
            "mike november oscar papa quebec romeo sierra tango uniform victor "
            "whiskey x-ray yankee zulu"
        ),
        **_by_place(_DIGITS, "zero wun too tree fower fife six seven ait niner"),
        **_by_place(_MARKS, "decimal minus plus slant degrees minutes seconds"),
    },
    also={
        "one": "1",
        "two": "2",
        "three": "3",
        "four": "4",
        "five": "5",
        "eight": "8",
        "nine": "9",
        "alpha": "A",
        "juliet": "J",
        "whisky": "W",
        "xray": "X",
        "point": ".",
        **{word: word[0].upper() for word in ("north", "south", "east", "west")},
    },
)

FRENCH: Final = Alphabet(
    name="fr",
    source="the spelling alphabet of the French telephone service; everyday digits",
    words={
        **_by_first(
            "anatole berthe célestin désiré eugène françois gaston henri irma joseph "
            "kléber louis marcel nicolas oscar pierre quintal raoul suzanne thérèse "
            "ursule victor william xavier yvonne zoé"
        ),
        **_by_place(_DIGITS, "zéro un deux trois quatre cinq six sept huit neuf"),
        **_by_place(_MARKS, "décimale moins plus barre degrés minutes secondes"),
    },
    also={"unité": "1", "virgule": ".", "nord": "N", "sud": "S", "est": "E"},
)

GERMAN: Final = Alphabet(
    name="de",
    source="DIN 5009:2022, names of towns; everyday digits",
    words={
        **_by_first(
            "aachen berlin chemnitz düsseldorf essen frankfurt goslar hamburg "
            "ingelheim jena köln leipzig münchen nürnberg offenbach potsdam quickborn "
            "rostock salzwedel tübingen unna völklingen wuppertal xanten ypsilon "
            "zwickau"
        ),
        "Ä": "umlaut-aachen",
        "Ö": "umlaut-offenbach",
        "Ü": "umlaut-unna",
        **_by_place(_DIGITS, "null eins zwei drei vier fünf sechs sieben acht neun"),
        **_by_place(_MARKS, "komma minus plus schrägstrich grad minuten sekunden"),
    },
    also={
        "zwo": "2",
        "punkt": ".",
        "nord": "N",
        "süd": "S",
        "ost": "E",
        "west": "W",
    },
)

SPANISH: Final = Alphabet(
    name="es",
    source="everyday digits and marks; letters as ICAO has them",
    words={
        **_by_place(_DIGITS, "cero uno dos tres cuatro cinco seis siete ocho nueve"),
        **_by_place(_MARKS, "coma menos más barra grados minutos segundos"),
    },
    also={"punto": "."},
)

RUSSIAN: Final = Alphabet(
    name="ru",
    source="the Russian spelling alphabet of given names, as radio operators use it; "
    "everyday digits",
    words={
        **_by_first(
            "анна борис василий григорий дмитрий елена ёлка женя зинаида иван йот "
            "константин леонид михаил николай ольга павел роман семён татьяна ульяна "
            "фёдор харитон цапля человек шура щука эхо юрий яков"
        ),
        "Ъ": "твёрдый-знак",
        "Ы": "еры",
        "Ь": "мягкий-знак",
        **_by_place(_DIGITS, "ноль один два три четыре пять шесть семь восемь девять"),
        **_by_place(_MARKS, "точка минус плюс дробь градусов минут секунд"),
    },
    also={"единица": "1", "двойка": "2", "запятая": ".", "нуль": "0"},
)

UKRAINIAN: Final = Alphabet(
    name="uk",
    source="everyday digits and marks; letters as ICAO has them",
    words={
        **_by_place(_DIGITS, "нуль один два три чотири п'ять шість сім вісім дев'ять"),
        **_by_place(_MARKS, "крапка мінус плюс дріб градусів хвилин секунд"),
    },
    also={"кома": ".", "пять": "5", "девять": "9"},
)

ARABIC: Final = Alphabet(
    name="ar",
    source="everyday digits and marks; letters as ICAO has them",
    words={
        **_by_place(_DIGITS, "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة"),
        **_by_place(_MARKS, "فاصلة ناقص زائد شرطة درجة دقيقة ثانية"),
    },
    also={"اثنين": "2", "نقطة": "."},
)

HEBREW: Final = Alphabet(
    name="he",
    source="everyday digits and marks; letters as ICAO has them",
    words={
        **_by_place(_DIGITS, "אפס אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע"),
        **_by_place(_MARKS, "נקודה מינוס פלוס לוכסן מעלות דקות שניות"),
    },
    also={"אחד": "1", "שתים": "2", "שניים": "2"},
)

_IN_ORDER = (ICAO, FRENCH, GERMAN, SPANISH, RUSSIAN, UKRAINIAN, ARABIC, HEBREW)

ALPHABETS: Final = {alphabet.name: alphabet for alphabet in _IN_ORDER}
"""Every alphabet, by its name; heard in this order."""
