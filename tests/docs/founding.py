"""Hold the nineteen rows of the founding text: what each asks of a system.

For each sentence: what it asks, the command that shows the answer, words its output
has, and the test that holds it. The claims themselves come from the case file.
"""

from typing import Final, NamedTuple


class Asked(NamedTuple):
    """Hold what one sentence asks.

    Attributes:
        asks: What a system has to be able to hold or show.
        command: What shows it, after `clearline`.
        prints: Words the command prints for it.
        test: File and name of a test that holds it.
    """

    asks: str
    command: str
    prints: tuple[str, ...]
    test: str


_BY = "case show deir-ez-zor-2016 --by"
_RECORD = "tests/scenarios/test_founding_record.py"

ROWS: Final[dict[int, Asked]] = {
    1: Asked(
        "A count, a span with its own words and zone, rival readings beside it.",
        f"{_BY} time",
        ("15:55 to 16:56 Damascus time", "2016-09-17T12:55:00Z", "shifted-hour"),
        f"{_RECORD}::test_the_texts_own_clock_reading_is_the_headline",
    ),
    2: Asked(
        "A relation that is denied, an aim, and a time open at one end.",
        f"{_BY} question",
        ("It never coordinated an attack with Damascus.",),
        f"{_RECORD}::test_relations_are_kept_with_their_sign",
    ),
    3: Asked(
        "A rule that never came into force, with whose consent and who guarantees it.",
        f"{_BY} question",
        ("conditional", "unresolved referent"),
        f"{_RECORD}::test_a_rule_that_was_never_in_force_says_so",
    ),
    4: Asked(
        "Ground that is besieged, how it can still be reached, by what movements.",
        f"{_BY} place",
        ("the parts of the city held by the government", "helicopter"),
        f"{_RECORD}::test_ground_is_held_besieged_and_taken",
    ),
    5: Asked(
        "Places nobody can locate, and a source that is flagged as weak.",
        f"{_BY} place",
        ("Kroum hill (kroum-hill): unlocated", "better source needed"),
        f"{_RECORD}::test_what_nobody_can_locate_has_no_position",
    ),
    6: Asked(
        "Who speaks with whom over the line, and who is whose ally.",
        f"{_BY} question",
        ("Russia was an ally of the Syrian government.",),
        f"{_RECORD}::test_relations_are_kept_with_their_sign",
    ),
    7: Asked(
        "An interval of range and a sector, no point; told for the first time.",
        f"{_BY} place",
        ("202.5 to 247.5 degrees true, 3 to 6 km",),
        f"{_RECORD}::test_a_vague_place_stays_vague",
    ),
    8: Asked(
        "Who waited for whom and how long; what receipt would have settled it.",
        f"{_BY} settled",
        ("Who waited for whom? FOUND", "acknowledged"),
        f"{_RECORD}::test_who_waited_is_settled_by_receipts",
    ),
    9: Asked(
        "A bound that follows from a bound, said by one and passed on by another.",
        f"{_BY} question",
        ("54 to 105 killed", "Syrian government < a news outlet"),
        f"{_RECORD}::test_casualties_are_counts_by_source",
    ),
    10: Asked(
        "Ground that changed hands, why it matters, and what it followed from.",
        f"{_BY} consequence",
        ("strikes -> height-lost", "said by Syrian government"),
        f"{_RECORD}::test_every_edge_is_somebodys_claim",
    ),
    11: Asked(
        "What followed elsewhere, and words quoted as words.",
        f"{_BY} consequence",
        ("strikes -> council-called",),
        f"{_RECORD}::test_quoted_words_are_few",
    ),
    12: Asked(
        "A decision faster than the line, by the word of somebody lost from the text.",
        "replay deir-ez-zor-2016 --runs 2",
        ("by its own word",),
        f"{_RECORD}::test_a_decision_faster_than_the_line_is_attributed",
    ),
    13: Asked(
        "Intent, as one party claims it; never decided.",
        f"{_BY} settled",
        ("Was it deliberate? NEVER DECIDABLE BY A LINE",),
        f"{_RECORD}::test_intent_is_never_decided",
    ),
    14: Asked(
        "Words that came through an outlet, and how the other side called them.",
        f"{_BY} question",
        ("Russian representative < a pro-government news outlet",),
        f"{_RECORD}::test_characterisation_stands_beside_what_it_characterises",
    ),
    15: Asked(
        "Three claims of intent by one voice, apart from each other.",
        f"{_BY} question",
        ("it was no mistake", "disrupt the ceasefire", "joint group"),
        f"{_RECORD}::test_intent_is_never_decided",
    ),
    16: Asked(
        "A fear, as reported, about something whose name is lost.",
        f"{_BY} question",
        ("a corridor was feared", "hearsay; unresolved referent"),
        f"{_RECORD}::test_what_lost_its_referent_stays_so",
    ),
    17: Asked(
        "A number that is only a bound, two mouths away.",
        f"{_BY} question",
        ("more than 9000 fighters", "an unnamed diplomat < Russian state agency"),
        f"{_RECORD}::test_numbers_keep_how_they_are_meant",
    ),
    18: Asked(
        "A finding and a legal basis per nation, where no nation is named.",
        f"{_BY} question",
        ("law of armed conflict", "a report the text does not name"),
        f"{_RECORD}::test_a_legal_basis_names_no_nation_the_text_does_not",
    ),
    19: Asked(
        "How many were heard, what was found, and lessons with owner and date.",
        f"{_BY} question",
        ("70 people", "no sign of misconduct", "It listed lessons"),
        f"{_RECORD}::test_lessons_have_no_invented_owner",
    ),
}
"""By sentence of the founding text."""
