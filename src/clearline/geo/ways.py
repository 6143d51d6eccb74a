"""Know directions and *between* in the other languages of the line.

French, Spanish, Russian, Ukrainian, Arabic, Hebrew:

    9 km au sud-ouest de Kunduz      9 км к юго-западу от X      9 كم جنوب غرب دير الزور
    9 km al suroeste de Kunduz       між A та B                  9 ק"מ דרומית ל-X

A text of one of these forms is said again in English words, which `directions` and
`between` read; a text of none of them stays as it is. Where a language leaves open
where the direction ends and the name begins (*شمال شرق النيل* is north-east of the
Nile, or north of Sharq an-Nil), every way comes back: whoever reads them keeps those
whose names are known, and no word is ever bent to make a name fit.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_EIGHT: Final = (
    "north", "northeast", "east", "southeast",
    "south", "southwest", "west", "northwest",
)  # fmt: skip
MOST_WAYS: Final = 12
_NUMBER: Final = r"\d+(?:[.,]\d+)?"


class _Tongue(NamedTuple):
    """Hold the words of one language; every one of them a regular expression.

    Attributes:
        points: North, northeast, and so on round, as they stand before a name.
        link: What stands between the point and the name.
        articles: What of it may belong to the name after all, by its own words.
        lead: What may stand before a range.
        about: Words for *about*.
        to: Words between two numbers of a range.
        due: A word for *due*.
        kilometres: Words for them.
        metres: The same.
        between: Words before a pair.
        halfway: Words for *halfway*, before those.
        pair: What parts the pair.
    """

    points: tuple[str, ...]
    link: str
    lead: str
    about: str
    to: str
    kilometres: str
    metres: str
    between: str
    halfway: str
    pair: str
    due: str = r"(?!)"
    articles: tuple[tuple[str, str], ...] = ()


_FRENCH = _Tongue(
    points=(
        "nord", "nord[- ]?est", "est", "sud[- ]?est",
        "sud", "sud[- ]?ouest", "ouest", "nord[- ]?ouest",
    ),
    link=r" (?:de la |de l'|du |des |de |d')",
    articles=((" du ", "Le "), (" de la ", "La "), (" des ", "Les "), (" de l'", "L'")),
    lead=r"(?:à (?:une distance de )?|de |entre )?",
    about=r"environ |à peu près ",
    to="à|et|ou",
    due="plein ",
    kilometres="km|kilomètres?",
    metres="m|mètres?",
    between="entre ",
    halfway="à mi-chemin |à mi-distance ",
    pair=" et ",
)  # fmt: skip
_SPANISH = _Tongue(
    points=(
        "norte", "noreste|nordeste", "este", "sureste|sudeste",
        "sur", "suroeste|sudoeste", "oeste", "noroeste",
    ),
    link=r" (?:de los |de las |de la |del |de )",
    articles=((" del ", "El "), (" de la ", "La "), (" de los ", "Los "),
              (" de las ", "Las ")),
    lead=r"(?:a (?:una distancia de )?|de |entre )?",
    about=r"unos |aproximadamente |alrededor de ",
    to="a|y|o",
    kilometres="km|kilómetros?",
    metres="m|metros?",
    between="entre ",
    halfway="a medio camino |a mitad de camino ",
    pair=" [ye] ",
)  # fmt: skip
_RUSSIAN = _Tongue(
    points=(
        "(?:к |на )?север(?:у|нее)?", "(?:к |на )?северо-восто(?:ку?|чнее)",
        "(?:к |на )?восто(?:ку?|чнее)", "(?:к |на )?юго-восто(?:ку?|чнее)",
        "(?:к |на )?ю(?:гу?|жнее)", "(?:к |на )?юго-запад(?:у|нее)?",
        "(?:к |на )?запад(?:у|нее)?", "(?:к |на )?северо-запад(?:у|нее)?",
    ),
    link=r" (?:от )?(?:города |г\. ?)?",
    lead=r"(?:в |на расстоянии |от )?",
    about=r"примерно |около |приблизительно ",
    to="до|и|или",
    due="строго ",
    kilometres=r"км\.?|километр(?:а|ов|е|ах)?",
    metres=r"м\.?|метр(?:а|ов|е|ах)?",
    between="между ",
    halfway="на полпути |посередине ",
    pair=" и ",
)  # fmt: skip
_UKRAINIAN = _Tongue(
    points=(
        "на північ|північніше", "на північний схід|північно-східніше",
        "на схід|східніше", "на південний схід|південно-східніше",
        "на південь|південніше", "на південний захід|південно-західніше",
        "на захід|західніше", "на північний захід|північно-західніше",
    ),
    link=r" (?:від )?(?:міста |м\. ?)?",
    lead=r"(?:за |у |в |на відстані |від )?",
    about=r"приблизно |близько |орієнтовно ",
    to="до|та|або",
    kilometres=r"км\.?|кілометр(?:и|а|ів|ах)?",
    metres=r"м\.?|метр(?:и|а|ів|ах)?",
    between="між |поміж ",
    halfway="на півдорозі |посередині ",
    pair=" (?:та|і|й) ",
)  # fmt: skip
_ARABIC = _Tongue(
    points=(
        "(?:ال)?شمالي?", "(?:ال)?شمالي? (?:ال)?شرقي?", "(?:ال)?شرقي?",
        "(?:ال)?جنوبي? (?:ال)?شرقي?", "(?:ال)?جنوبي?", "(?:ال)?جنوبي? (?:ال)?غربي?",
        "(?:ال)?غربي?", "(?:ال)?شمالي? (?:ال)?غربي?",
    ),
    link=r" (?:من )?",
    lead=r"(?:على (?:بعد|مسافة) |تبعد |يبعد |من |بين )?",
    about=r"حوالي |نحو |تقريبا ",
    to="إلى|الى|و",
    kilometres=r"كم|كلم|كيلو ?متر(?:ا|ات)?",
    metres=r"متر(?:ا)?|أمتار|م",
    between="بين ",
    halfway=r"في منتصف (?:الطريق|المسافة) |منتصف (?:الطريق|المسافة) ",
    pair=" و ?",
)  # fmt: skip
_HEBREW = _Tongue(
    points=(
        "מ?צפון|צפונית|צפונה", "מ?צפון[- ]מזרחי?ת?ה?|צפונית[- ]מזרחית",
        "מ?מזרח|מזרחית|מזרחה", "מ?דרום[- ]מזרחי?ת?ה?|דרומית[- ]מזרחית",
        "מ?דרום|דרומית|דרומה", "מ?דרום[- ]מערבי?ת?ה?|דרומית[- ]מערבית",
        "מ?מערב|מערבית|מערבה", "מ?צפון[- ]מערבי?ת?ה?|צפונית[- ]מערבית",
    ),
    link=r" [למ]-?",
    lead=r"(?:במרחק (?:של )?|בין )?",
    about=r"כ-?|בערך ",
    to="עד|ל",
    kilometres=r"ק\"מ|קמ|קילומטר(?:ים)?",
    metres=r"מ'|מטר(?:ים)?",
    between="בין ",
    halfway="באמצע הדרך |בחצי הדרך ",
    pair=r" (?:לבין |ל-?|ו-?)",
)  # fmt: skip


class _Forms(NamedTuple):
    tongue: _Tongue
    directions: tuple[tuple[str, re.Pattern[str]], ...]
    between: re.Pattern[str]
    pair: re.Pattern[str]


def _forms(tongue: _Tongue) -> _Forms:
    reach = (
        rf"{tongue.lead}(?P<about>{tongue.about})?{tongue.lead}"
        rf"(?P<near>{_NUMBER})(?: ?(?:-|(?:{tongue.to}) ?-?) ?(?P<far>{_NUMBER}))? ?"
        rf"(?:(?P<km>{tongue.kilometres})|(?P<m>{tongue.metres}))"
    )
    into = r" (?:au |à l'|vers le |vers l'|al |hacia el |إلى |الى )?"
    return _Forms(
        tongue,
        tuple(
            (
                english,
                re.compile(
                    rf"{reach}{into}(?P<due>{tongue.due})?(?:{point})"
                    rf"(?P<link>{tongue.link})(?P<name>\S.*)",
                    re.IGNORECASE,
                ),
            )
            for english, point in zip(_EIGHT, tongue.points, strict=True)
        ),
        re.compile(
            rf"(?P<halfway>{tongue.halfway})?(?:{tongue.between})(?P<names>\S.*)",
            re.IGNORECASE,
        ),
        re.compile(tongue.pair, re.IGNORECASE),
    )


_ALL: Final = tuple(
    map(_forms, (_FRENCH, _SPANISH, _RUSSIAN, _UKRAINIAN, _ARABIC, _HEBREW))
)


def in_english(words: str) -> tuple[str, ...]:
    """Say directions and pairs in English, in every way that a text can mean.

    Args:
        words: The text in plain characters.

    Returns:
        Texts whose names are as told, each once; none where it is of no such form, or
        can be parted in more than `MOST_WAYS`, which no pair of names can.
    """
    found = dict.fromkeys(one for forms in _ALL for one in _said(forms, words))
    return tuple(found) if len(found) <= MOST_WAYS else ()


def _said(forms: _Forms, words: str) -> Iterator[str]:
    for english, form in forms.directions:
        match = form.fullmatch(words)
        if match is None:
            continue
        far = f" to {match['far']}" if match["far"] else ""
        due = "due " if match["due"] else ""
        said = (
            f"{'about ' if match['about'] else ''}{match['near']}{far} "
            f"{'km' if match['km'] else 'm'} {due}{english} of "
        )
        for link, article in forms.tongue.articles:
            if match["link"].casefold() == link:
                yield f"{said}{article}{match['name']}"
        yield f"{said}{match['name']}"
    match = forms.between.fullmatch(words)
    if match is not None:
        lead = "halfway between" if match["halfway"] else "between"
        names = match["names"]
        for part in forms.pair.finditer(names):
            if names[: part.start()].strip() and names[part.end() :].strip():
                yield f"{lead} {names[: part.start()]} and {names[part.end() :]}"
