"""Print a role's card: words, answers, keys, alphabet, and what if all is lost.

Every sentence is a coded phrase, so a card is there in each language the line speaks;
`?in=ar` shows one in another language than the reader's. It fits one page of A5.
"""

from typing import Final, NamedTuple

from clearline.geo.alphabets import ICAO
from clearline.model.calls import Kind
from clearline.service.phrases import languages as spoken
from clearline.service.phrases import say
from clearline.web.console.labels import KEYS
from clearline.web.console.languages import Language, language, texts
from clearline.web.console.pages import Page, Shown, Visit
from clearline.web.endpoints import OPEN
from clearline.web.refusals import not_there


class Section(NamedTuple):
    """Hold a heading of a card and the lines under it, as names of phrases."""

    heading: str
    lines: tuple[str, ...]


_STOP: Final = Section("stop", ("stop_screen", "stop_say", "stop_five", "stop_first"))
_LOST: Final = Section("lost", ("lost_voice", "lost_real"))
_LIFT: Final = Section("lift", ("lift_two", "lift_force"))
_RUNG: Final = Section(
    "rung", ("rung_have", "rung_back", "rung_answer", "rung_pass", "rung_sms")
)
_KEYS: Final = frozenset(
    ("Shift S", "F9", "A", "R", "W", "J K", "Enter", "Esc", "N", "M", "?")
)
_DESKS: Final = ("number_theirs", "number_above", "number_node")

CARDS: Final[dict[str, tuple[tuple[str, ...], tuple[Section, ...]]]] = {
    "operator": (_DESKS, (_STOP._replace(lines=(*_STOP.lines, "stop_hold")), _RUNG)),
    "director": (
        _DESKS,
        (
            Section(
                "order", ("order_now", "order_pass", "order_unable", "order_ceased")
            ),
            _STOP,
            _LIFT,
        ),
    ),
    "interpreter": (
        _DESKS,
        (
            Section("carry", ("carry_all", "carry_word", "carry_place", "carry_ask")),
            _STOP,
        ),
    ),
    "administrator": (
        _DESKS,
        (
            Section(
                "keep",
                (
                    *("keep_health", "keep_code", "keep_lost"),
                    *("keep_full", "keep_65", "keep_link"),
                ),
            ),
            _STOP,
        ),
    ),
    "site": (
        ("number_mine", "number_write", "number_call", "number_theirs"),
        (
            Section(
                "stop",
                (
                    *("site_stop", "site_hold", "site_bare"),
                    *("site_who", "site_known", "site_tells"),
                ),
            ),
            Section("rung", ("site_code", "site_read")),
        ),
    ),
}
"""What is filled in by hand, and what is said, by role."""


async def _list(visit: Visit) -> Shown:
    del visit
    return Shown(template="cards.html", has={"roles": tuple(CARDS)})


async def _see(visit: Visit) -> Shown:
    role = visit.part("role")
    if role not in CARDS:
        raise not_there(f"card {role!r}")
    chosen = _language(visit)
    blanks, sections = CARDS[role]
    lost = _LOST if role != "site" else Section("lost", ("lost_site",))
    known = texts(chosen.tag)
    others = tuple(language(tag) for tag in spoken() if tag != chosen.tag)
    return Shown(
        template="card.html",
        has={
            "role": role,
            "card_in": chosen,
            "blanks": blanks,
            "sections": (*sections, lost),
            "letters": [one for one in ICAO.words.items() if one[0].isalpha()],
            "listed": tuple(
                (key, known.gettext(does))
                for key, does in (KEYS if role == "operator" else ())
                if key in _KEYS
            ),
            "kinds": tuple(Kind) if role == "interpreter" else (),
            "digits": tuple("0123456789"),
            "tongues": (chosen, *others),
            "tell": say,
        },
    )


def _language(visit: Visit) -> Language:
    wanted = visit.query("in")
    if wanted in spoken():
        return language(wanted)
    return visit.language if visit.language.tag in spoken() else language("en")


PAGES: Final = (
    Page(path="/cards", see=_list, may=OPEN),
    Page(path="/cards/{role}", see=_see, may=OPEN),
)
FORMS: Final = ()
