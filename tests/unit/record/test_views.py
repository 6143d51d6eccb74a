"""Views lay claims side by side, and judge none."""

from clearline.record.views import (
    Teller,
    by_consequence,
    by_place,
    by_question,
    by_time,
)
from founding import case


def test_columns_are_parties_and_no_column_is_a_verdict():
    """Rows are questions, columns whose voices they are."""
    shown = by_question(Teller(case()))
    assert shown.columns == ("coalition", "russia", "syria", "others")
    assert [row.question for row in shown.rows] == [q.id for q in case().questions]
    assert all(len(row.cells) == len(shown.columns) for row in shown.rows)


def test_every_claim_that_answers_is_shown():
    """No version is left out, whoever says it."""
    shown = by_question(Teller(case()))
    told = {one.claim for row in shown.rows for cell in row.cells for one in cell}
    assert told == {one.id for one in case().claims if one.answers}


def test_a_chain_is_told_outermost_first():
    """An outlet comes before the government it quotes; the column is the latter's."""
    shown = by_question(Teller(case()))
    row = next(row for row in shown.rows if row.question == "how-many-killed")
    syria = row.cells[shown.columns.index("syria")]
    killed = next(one for one in syria if one.claim == "killed")
    assert killed.by == ("a news outlet", "Syrian government")
    assert "54 to 105 killed" in killed.marks


def test_contested_readings_stand_parallel():
    """Each of four readings of the hour names the others it contradicts."""
    shown = {one.version.claim: one for one in by_time(Teller(case()))}
    assert set(shown["damascus-text"].parallel) == {
        "shifted-hour",
        "moscow-text",
        "syrian-text",
    }
    assert shown["damascus-text"].local == "2016-09-17 15:55 to 16:56"
    assert shown["killed"].utc == "2016-09-2X"


def test_time_goes_on():
    """Rows come in the order of what they may mean at the earliest."""
    at = [one.sorts_at for one in by_time(Teller(case()))]
    assert at == sorted(at)


def test_places_say_how_they_are_known():
    """A sector is no point, and what nobody can put says why."""
    shown = {one.place: one for one in by_place(Teller(case()))}
    assert shown["planned"].shape == "sector"
    assert shown["kroum-hill"].put.startswith("nobody can put it on a map")


def test_control_is_told_over_time():
    """Who held ground stands by time; what nobody dates comes last, not in between."""
    shown = {one.place: one for one in by_place(Teller(case()))}
    held = shown["mountain"].control
    assert [(one.says, one.utc) for one in held] == [
        ("Syrian army retakes from ISIL", "2016-09-17"),
        ("ISIL takes", ""),
    ]
    assert shown["held-parts"].control[0].says == "Syrian government besieged by ISIL"
    assert not shown["airfield"].control


def test_causes_come_before_effects():
    """Edges are laid out from the siege to the Council."""
    edges = [(one.cause, one.effect) for one in by_consequence(Teller(case()))]
    assert edges.index(("siege", "hill-held")) < edges.index(("hill-held", "strikes"))
    assert edges.index(("hill-held", "strikes")) < edges.index(
        ("strikes", "council-called")
    )
