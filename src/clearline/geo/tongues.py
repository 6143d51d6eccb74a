"""Know hemispheres and degrees in the languages of the line.

The words of a coordinate in Arabic, Persian, Russian, Ukrainian, Hebrew and French
are turned into the English letters and marks that `angles` reads; everything else
stays as it is. Names of places are no concern of this.
"""

import re

_NORTH = (
    "с.ш. с.ш с. ш. сш северной_широты северная_широта сев._широты "
    "пн.ш. пн.ш пн. ш. північної_широти північна_широта "
    "شمال شمالا شمالي شمالى الشمال شمالية شمالی عرض_شمالی "
    "צפון צפונה צפוני nord"
)
_SOUTH = (
    "ю.ш. ю.ш ю. ш. юш южной_широты южная_широта юж._широты "
    "пд.ш. пд.ш пд. ш. південної_широти південна_широта "
    "جنوب جنوبا جنوبي جنوبى الجنوب جنوبية جنوبی عرض_جنوبی "
    "דרום דרומה דרומי sud"
)
_EAST = (
    "в.д. в.д в. д. вд восточной_долготы восточная_долгота вост._долготы "
    "сх.д. сх.д сх. д. східної_довготи східна_довгота "
    "شرق شرقا شرقي شرقى الشرق شرقية شرقی طول_شرقی "
    "מזרח מזרחה מזרחי est ost"
)
_WEST = (
    "з.д. з.д з. д. зд западной_долготы западная_долгота зап._долготы "
    "зх.д. зх.д зх. д. західної_довготи західна_довгота "
    "غرب غربا غربي غربى الغرب غربية غربی طول_غربی "
    "מערב מערבה מערבי ouest oeste"
)
_LATITUDE = (
    "широта широты широти خط_العرض خط_عرض دائرة_عرض دائرة_العرض عرض_جغرافیایی العرض "
    "קו_רוחב רוחב"
)
_LONGITUDE = (
    "долгота долготы довгота довготи خط_الطول خط_طول طول_جغرافیایی الطول קו_אורך אורך"
)
_DEGREES = (
    "градусов градуса градус град. ступенів градусів درجة درجات درجه מעלות degrés degré"
)
_MINUTES = "минуты минут минута хвилин хвилини دقيقة دقائق دقیقه דקות"
_SECONDS = "секунды секунд секунда секунди ثانية ثوان ثانیه שניות secondes"
_AND = "и та و ו"

_PLAIN = {
    _NORTH: " N ",
    _SOUTH: " S ",
    _EAST: " E ",
    _WEST: " W ",
    _LATITUDE: " lat ",
    _LONGITUDE: " lon ",
    _DEGREES: "° ",
    _MINUTES: "' ",
    _SECONDS: '" ',
    _AND: " , ",
}


def _words(listed: str) -> list[str]:
    """Cut a list; an abbreviation in two words, such as `с. ш.`, stays one."""
    parts = re.sub(r"(\S\.) (ш\.|д\.)", r"\1_\2", listed).split()
    return [part.replace("_", " ") for part in parts]


_MEANS = {word: plain for listed, plain in _PLAIN.items() for word in _words(listed)}
_FOREIGN = re.compile(
    r"(?<![^\W\d_])و?("
    + "|".join(re.escape(word) for word in sorted(_MEANS, key=len, reverse=True))
    + r")(?![^\W\d_])",
    re.IGNORECASE,
)


def in_english(words: str) -> str:
    """Turn the words of a coordinate into English letters and marks.

    Args:
        words: The text in plain characters, without vowel signs.

    Returns:
        The same text where it has no such word.
    """
    turned = _FOREIGN.sub(_plain, words)
    return words if turned == words else " ".join(turned.split())


def _plain(match: re.Match[str]) -> str:
    return _MEANS[match[1].casefold()]
