"""Names of places are read over HTTP as on the command line; nobody waits for them."""

from clearline.adapters.gazetteer import InstalledGazetteer
from gazetteers import small_gazetteer


def reading(client, text):
    """Ask how a text is read."""
    return client.post("/api/v1/places/reading", json={"text": text})


def test_a_town_and_its_airfield_are_offered_to_choose(node, tmp_path):
    """The founding words are two readings, each naming the other."""
    node.service.gazetteer = small_gazetteer(tmp_path)
    with node.as_person("lina") as lina:
        said = reading(lina, "9 km south of دير الزور").json()
    assert said["is_ambiguous"]
    city, airfield = said["readings"]
    assert "Deir ez-Zor Airport, Syria (airfield) shares the name" in city["understood"]
    assert "Deir ez-Zor, Syria (city) shares the name" in airfield["understood"]


def test_nobody_waits_for_a_gazetteer_that_is_being_made(node, tmp_path):
    """Until it is there names are refused at once, and figures are read."""
    node.service.gazetteer = InstalledGazetteer(tmp_path / "missing")
    with node.as_person("lina") as lina:
        assert reading(lina, "Kunduz").status_code == 422
        assert reading(lina, "37S FV 069 053").status_code == 200
